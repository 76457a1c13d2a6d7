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

/* Append ", COLUMN VALUE". */
static void
put_value(const char *column, const char *value, struct mc_buf *text)
{
	mc_buf_puts(text, text->len > 0 ? ", " : "");
	mc_bidi_put(text, column);
	mc_buf_puts(text, " ");
	mc_bidi_put(text, value);
}

/* The keys of RUN that have a value: "Task chest, arm a, train_seed 1". */
static void
put_keys(const struct mc_run *run, struct mc_buf *text)
{
	char *own = mc_xasprintf("%s/%s", run->key[MC_KEY_MODEL],
	    run->key[MC_KEY_REGIME]);
	bool told = strcmp(own, run->key[MC_KEY_ARM]) == 0;
	size_t k;

	for (k = 0; k < MC_KEYS; k++) {
		if (*run->key[k] == '\0' || (told && (k == MC_KEY_MODEL ||
		    k == MC_KEY_REGIME)))
			continue;
		put_value(mc_key_names[k], run->key[k], text);
	}
	free(own);
}

char *
montage_about(const struct montage_style *style, const struct mc_run_sample *x)
{
	struct mc_buf text = { 0 };
	size_t i;

	if (x != NULL)
		put_keys(x->run, &text);
	if (x != NULL && x->s.n_folds > 1)
		mc_buf_printf(&text, "%sfolds pooled", text.len > 0 ? ", " :
		    "");
	for (i = 0; x == NULL && i < style->n_only; i++)
		put_value(style->only[i].column, style->only[i].value, &text);
	if (text.len > 0) {
		mc_buf_puts(&text, ". ");
		text.data[0] = (char)toupper((unsigned char)text.data[0]);
	}
	if (x != NULL && x->s.threshold != NULL) {
		mc_buf_puts(&text, "Predicted as ");
		mc_bidi_put(&text, x->s.classes[x->s.threshold->of]);
		mc_buf_printf(&text, " where its probability is at least %.4g. ",
		    x->s.threshold->at);
	}
	if (style->show == MONTAGE_RANDOM)
		mc_buf_printf(&text, "Drawn with seed %llu. ",
		    (unsigned long long)style->seed);
	if (x != NULL && x->s.p != NULL)
		mc_buf_puts(&text, "Behind a class: its probability. ");
	if (style->show == MONTAGE_NEAR)
		mc_buf_puts(&text, "A cross: the labels of a pair differ. ");
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
montage_heading(const char *label)
{
	struct mc_buf text = { 0 };

	if (*label == '\0')
		return mc_xstrdup("No label");
	mc_buf_puts(&text, "Label ");
	mc_bidi_put(&text, label);
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
