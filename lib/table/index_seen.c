/* index_seen.c - say in one line what an index holds. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/names.h"
#include "table/index_internal.h"

/* More labels are counted, not listed. */
#define LISTED 16

/* Distinct texts, how often each occurs, and how many are empty. */
struct tally {
	struct mc_names *names;
	size_t *count, cap;
	size_t *uncertain, uncertain_cap;	/* of these, findings alone */
	size_t empty;
};

static void
tally_add(struct tally *t, const char *text)
{
	size_t known = mc_names_count(t->names), k;

	if (*text == '\0') {
		t->empty++;
		return;
	}
	k = mc_names_copy(t->names, text);
	if (k == known) {
		t->count = mc_xgrow(t->count, known, &t->cap,
		    sizeof(*t->count));
		t->uncertain = mc_xgrow(t->uncertain, known,
		    &t->uncertain_cap, sizeof(*t->uncertain));
		t->count[k] = t->uncertain[k] = 0;
	}
	t->count[k]++;
}

static void
tally_start(struct tally *t)
{
	*t = (struct tally){ .names = mc_names_alloc() };
}

static void
tally_end(struct tally *t)
{
	mc_names_free(t->names);
	free(t->count);
	free(t->uncertain);
}

/* Add ": A 12, B 3 (uncertain 1)" in byte order. */
static void
list(const struct tally *t, struct mc_buf *line)
{
	size_t *order = mc_names_sorted(t->names), i;

	for (i = 0; i < mc_names_count(t->names); i++) {
		mc_buf_printf(line, "%s%s %zu", i == 0 ? ": " : ", ",
		    mc_names_at(t->names, order[i]), t->count[order[i]]);
		if (t->uncertain[order[i]] > 0)
			mc_buf_printf(line, " (uncertain %zu)",
			    t->uncertain[order[i]]);
	}
	free(order);
}

/* Add " of 1 to 9 images, 2.4 on average". */
static void
add_sizes(const struct tally *t, struct mc_buf *line)
{
	size_t n = mc_names_count(t->names), least = t->count[0];
	size_t most = least, total = 0, i;

	for (i = 0; i < n; i++) {
		least = t->count[i] < least ? t->count[i] : least;
		most = t->count[i] > most ? t->count[i] : most;
		total += t->count[i];
	}
	if (least == most)
		mc_buf_printf(line, " of %zu image%s", least, MC_PLURAL(least));
	else
		mc_buf_printf(line, " of %zu to %zu images, %.1f on average",
		    least, most, (double)total / (double)n);
}

/* Count the findings of LABEL, which are joined by "|"; the uncertain end in "?". */
static void
add_findings(struct tally *t, const char *label)
{
	size_t n = strcspn(label, "|");
	bool uncertain;
	char *name;

	for (;; label += n + 1, n = strcspn(label, "|")) {
		uncertain = n > 1 && label[n - 1] == '?';
		name = mc_xstrndup(label, n - uncertain);
		tally_add(t, name);
		if (uncertain)
			t->uncertain[mc_names_find(t->names, name)]++;
		free(name);
		if (label[n] == '\0')
			return;
	}
}

static void
add_labels(const struct mc_index *x, struct mc_buf *line)
{
	bool several = x->o->multilabel || x->o->findings != NULL;
	struct tally t;
	size_t i, n;

	tally_start(&t);
	for (i = 0; i < x->n; i++) {
		if (several)
			add_findings(&t, x->image[i].text[LABEL]);
		else
			tally_add(&t, x->image[i].text[LABEL]);
	}
	n = mc_names_count(t.names);
	if (n == 0)
		mc_buf_puts(line, "; no labels");
	else if (several)
		mc_buf_puts(line, "; findings");
	else
		mc_buf_printf(line, "; %zu class%s", n, n == 1 ? "" : "es");
	if (n > 0 && n <= LISTED)
		list(&t, line);
	else if (n > 0 && several)
		mc_buf_printf(line, ": %zu", n);
	else if (n > 0)
		add_sizes(&t, line);
	if (n > 0 && t.empty > 0)
		mc_buf_printf(line, ", without a label %zu", t.empty);
	tally_end(&t);
}

/* How many groups have images in more than one folder. */
static size_t
count_spread(const struct mc_index *x)
{
	struct mc_names *groups = mc_names_alloc(), *places = mc_names_alloc();
	struct mc_names *spread = mc_names_alloc();
	size_t i, known, n;
	char *place;

	for (i = 0; i < x->n; i++) {
		const struct mc_image_file *f = x->image[i].file;
		const char *group = x->image[i].text[GROUP];

		if (*group == '\0')
			continue;
		place = mc_xasprintf("%s\t%.*s", group, (int)f->base, f->path);
		known = mc_names_count(places);
		n = mc_names_count(groups);
		if (mc_names_copy(places, place) == known &&
		    mc_names_add(groups, group) < n)
			mc_names_add(spread, group);
		free(place);
	}
	n = mc_names_count(spread);
	mc_names_free(groups);
	mc_names_free(places);
	mc_names_free(spread);
	return n;
}

static void
add_groups(const struct mc_index *x, struct mc_buf *line)
{
	struct tally t;
	size_t i, n;

	tally_start(&t);
	for (i = 0; i < x->n; i++)
		tally_add(&t, x->image[i].text[GROUP]);
	n = mc_names_count(t.names);
	if (n == 0) {
		mc_buf_puts(line, "; no groups");
	} else {
		mc_buf_printf(line, "; %zu group%s", n, MC_PLURAL(n));
		add_sizes(&t, line);
		n = count_spread(x);
		if (n > 0)
			mc_buf_printf(line, ", %zu in several folders", n);
		if (t.empty > 0)
			mc_buf_printf(line, ", without a group %zu", t.empty);
	}
	tally_end(&t);
}

static void
add_splits(const struct mc_index *x, struct mc_buf *line)
{
	struct tally t;
	size_t i, n;

	tally_start(&t);
	for (i = 0; i < x->n; i++)
		tally_add(&t, x->image[i].text[SPLIT]);
	n = mc_names_count(t.names);
	if (n > 0) {
		mc_buf_printf(line, "; %zu split%s", n, MC_PLURAL(n));
		list(&t, line);
		if (t.empty > 0)
			mc_buf_printf(line, ", without a split %zu", t.empty);
	}
	tally_end(&t);
}

/* What to call S, which gives no row, in a list of what was skipped. */
static const char *
lost_kind(const struct index_scan *s)
{
	if (s->file->volume)
		return s->status != MC_OK ? "damaged NIfTI" :
		    mc_index_is_unasked(s) ? "NIfTI not in --channels" :
		    "NIfTI without a slice";
	return s->status != MC_OK ? "damaged DICOM" : "DICOM without an image";
}

static void
add_skipped(const struct mc_index *x, struct mc_buf *line)
{
	size_t n = x->folder.n_skipped, i;
	struct tally t;

	tally_start(&t);
	for (i = 0; i < x->folder.n_skipped; i++)
		tally_add(&t, mc_index_skipped_kind(&x->folder.skipped[i]));
	for (i = 0; i < x->folder.n; i++) {
		if (mc_index_scan_lost(&x->scan[i]) == NULL)
			continue;
		n++;
		tally_add(&t, lost_kind(&x->scan[i]));
	}
	if (n > 0) {
		mc_buf_printf(line, "; skipped %zu", n);
		list(&t, line);
	}
	tally_end(&t);
}

void
mc_index_say_seen(const struct mc_index *x)
{
	struct mc_buf line = { 0 };

	mc_buf_printf(&line, "%zu image%s", x->n, MC_PLURAL(x->n));
	add_labels(x, &line);
	add_groups(x, &line);
	add_splits(x, &line);
	add_skipped(x, &line);
	mc_say(x->o->seen, "%s", line.data);
	mc_buf_free(&line);
}
