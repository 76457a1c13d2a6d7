/* montage_words.c - say what mc-montage shows. */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/bidi.h"
#include "base/mem.h"
#include "montage.h"

#define RESEARCH "For research use only."

const char *const montage_shows[] = { "mistakes", "borderline", "random",
	"augmented", "near", NULL };

char *
montage_probability(double p)
{
	if (p > 0 && p < 0.0005)
		return mc_xstrdup("<0.001");
	if (p >= 0.9995 && p < 1)
		return mc_xstrdup(">0.999");
	return mc_xasprintf("%.3f", p);
}

/* --- Names ---------------------------------------------------------------- */

void
montage_put_name(const struct montage_style *style, const char *column,
    const char *name, struct mc_buf *text)
{
	const char *printed;
	struct mc_err err;

	/* montage_check_names has seen it. */
	if (mc_printed_text(style->names, column, name, &printed, &err) !=
	    MC_OK)
		printed = name;
	mc_bidi_put(text, printed);
}

/*
 * Call PUT with each finding of LABEL and what follows it: "?", "|" or both.  The
 * whole label is one where --names has it or it holds no "|".
 */
static enum mc_status
each_finding(const struct montage_style *style, const char *label,
    enum mc_status (*put)(const struct montage_style *style, const char *name,
    const char *rest, void *arg, struct mc_err *err), void *arg,
    struct mc_err *err)
{
	enum mc_status status;
	const char *printed;
	char *name, *rest;
	size_t n, more;

	status = mc_printed_text(style->names, "label", label, &printed, err);
	if (status != MC_OK || printed != label || strchr(label, '|') == NULL)
		return status != MC_OK ? status : put(style, label, "", arg,
		    err);
	while (*label != '\0' && status == MC_OK) {
		n = strcspn(label, "|");
		more = label[n] == '|';
		if (n > 1 && label[n - 1] == '?')
			n--, more++;
		name = mc_xstrndup(label, n);
		rest = mc_xstrndup(label + n, more);
		status = put(style, name, rest, arg, err);
		free(name);
		free(rest);
		label += n + more;
	}
	return status;
}

/* For each_finding; ARG is the text. */
static enum mc_status
put_finding(const struct montage_style *style, const char *name,
    const char *rest, void *arg, struct mc_err *err)
{
	(void)err;
	montage_put_name(style, "label", name, arg);
	mc_buf_puts(arg, rest);
	return MC_OK;
}

void
montage_put_label(const struct montage_style *style, const char *label,
    struct mc_buf *text)
{
	struct mc_err err;

	mc_buf_puts(text, "");
	if (each_finding(style, label, put_finding, text, &err) != MC_OK)
		mc_bidi_put(text, label);
}

/* For each_finding: check a name alone. */
static enum mc_status
check_finding(const struct montage_style *style, const char *name,
    const char *rest, void *arg, struct mc_err *err)
{
	const char *printed;

	(void)rest;
	(void)arg;
	return mc_printed_text(style->names, "label", name, &printed, err);
}

/* Check the names of RUN. */
static enum mc_status
check_run(const struct montage_style *style, const struct mc_run *run,
    struct mc_err *err)
{
	enum mc_status status = MC_OK;
	const char *printed;
	size_t k;

	for (k = 0; k < MC_KEYS && status == MC_OK; k++)
		status = mc_printed_text(style->names, mc_key_names[k],
		    run->key[k], &printed, err);
	for (k = 0; k < run->n_classes && status == MC_OK; k++)
		status = mc_printed_text(style->names, "label",
		    run->classes[k], &printed, err);
	return status;
}

enum mc_status
montage_check_names(const struct montage *m, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	size_t i;

	for (i = 0; i < m->n_runs && status == MC_OK; i++)
		status = check_run(&m->style, m->samples[i].run, err);
	for (i = 0; m->n_runs == 0 && i < m->gallery.n && status == MC_OK; i++)
		status = each_finding(&m->style, m->gallery.image[i].label,
		    check_finding, NULL, err);
	return status;
}

char *
montage_label(const struct montage_style *style, const char *label)
{
	struct mc_buf text = { 0 };

	montage_put_label(style, label, &text);
	return text.data;
}

char *
montage_class(const struct montage_style *style, const struct mc_run_sample *x,
    size_t k)
{
	struct mc_buf text = { 0 };

	/* With a threshold, the second of two is all classes but the first. */
	if (x->s.threshold != NULL && x->run->n_classes > 2 && k == 1) {
		mc_buf_puts(&text, "not ");
		k = 0;
	}
	montage_put_name(style, "label", x->s.classes[k], &text);
	return text.data;
}

/* --- Sentences ------------------------------------------------------------ */

/* Append "; COLUMN VALUE". */
static void
put_value(const struct montage_style *style, const char *column,
    const char *value, struct mc_buf *text)
{
	enum mc_key key = mc_key_find(column);
	const char *heading = key < MC_KEYS ? mc_keys[key].heading : column;
	const char *unit = strstr(heading, " (%)");
	char *first = mc_xstrndup(heading, unit == NULL ? strlen(heading) :
	    (size_t)(unit - heading));

	mc_buf_puts(text, text->len > 0 ? "; " : "");
	if (key < MC_KEYS && text->len > 0)
		first[0] = (char)tolower((unsigned char)first[0]);
	mc_bidi_put(text, first);
	mc_buf_puts(text, " ");
	montage_put_name(style, column, value, text);
	mc_buf_puts(text, unit != NULL ? " %" : "");
	free(first);
}

/* The keys of RUN that have a value: "Task chest; arm a; training seed 1". */
static void
put_keys(const struct montage_style *style, const struct mc_run *run,
    struct mc_buf *text)
{
	char *own = mc_xasprintf("%s/%s", run->key[MC_KEY_MODEL],
	    run->key[MC_KEY_REGIME]);
	bool told = strcmp(own, run->key[MC_KEY_ARM]) == 0;
	size_t k;

	for (k = 0; k < MC_KEYS; k++) {
		if (*run->key[k] == '\0' || (told && (k == MC_KEY_MODEL ||
		    k == MC_KEY_REGIME)))
			continue;
		put_value(style, mc_key_names[k], run->key[k], text);
	}
	free(own);
}

char *
montage_about(const struct montage_style *style, const struct mc_run_sample *x)
{
	struct mc_buf text = { 0 };
	size_t i;

	if (x != NULL)
		put_keys(style, x->run, &text);
	if (x != NULL && x->s.n_folds > 1)
		mc_buf_printf(&text, "%sfolds pooled", text.len > 0 ? "; " :
		    "");
	for (i = 0; x == NULL && i < style->n_only; i++)
		put_value(style, style->only[i].column, style->only[i].value,
		    &text);
	if (text.len > 0) {
		mc_buf_puts(&text, ". ");
		text.data[0] = (char)toupper((unsigned char)text.data[0]);
	}
	if (x != NULL && x->s.threshold != NULL) {
		mc_buf_puts(&text, "Predicted as ");
		montage_put_name(style, "label",
		    x->s.classes[x->s.threshold->of], &text);
		mc_buf_printf(&text, " where its probability is at least %.4g. ",
		    x->s.threshold->at);
	}
	if (style->show == MONTAGE_RANDOM)
		mc_buf_printf(&text, "Drawn with seed %llu. ",
		    (unsigned long long)style->seed);
	if (x != NULL && x->s.p != NULL)
		mc_buf_puts(&text, "The number after a class is its "
		    "probability. ");
	if (style->maps)
		mc_buf_puts(&text, "Beside each image is its map, from dark blue "
		    "(its smallest value) to yellow (its largest). ");
	if (style->show == MONTAGE_NEAR)
		mc_buf_puts(&text, "A cross marks pairs whose labels differ. ");
	mc_buf_puts(&text, RESEARCH);
	return text.data;
}

char *
montage_title(enum montage_show show, size_t n, size_t of, size_t images)
{
	switch (show) {
	case MONTAGE_MISTAKES:
		return mc_xasprintf("Most confident mistakes: %zu of %zu, among "
		    "%zu images", n, of, images);
	case MONTAGE_BORDERLINE:
		return mc_xasprintf("Predictions nearest to the decision: %zu "
		    "of %zu images", n, of);
	case MONTAGE_RANDOM:
		return mc_xasprintf("Random images: %zu of %zu", n, of);
	case MONTAGE_AUGMENTED:
		return mc_xasprintf("Training images, augmented: %zu of %zu", n,
		    of);
	case MONTAGE_NEAR:
		break;
	}
	return mc_xasprintf("Images that look alike and are in two splits or "
	    "folds: %zu of %zu pairs", n, of);
}

char *
montage_heading(const struct montage_style *style, const char *label)
{
	struct mc_buf text = { 0 };

	if (*label == '\0')
		return mc_xstrdup("No label");
	mc_buf_puts(&text, "Label ");
	montage_put_label(style, label, &text);
	return text.data;
}

char *
montage_counts(enum montage_show show, size_t n, size_t of, size_t images)
{
	if (show == MONTAGE_MISTAKES)
		return mc_xasprintf("%zu of %zu mistake%s, among %zu image%s",
		    n, of, MC_PLURAL(of), images, MC_PLURAL(images));
	return mc_xasprintf("%zu of %zu image%s", n, of, MC_PLURAL(of));
}
