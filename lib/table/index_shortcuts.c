/*
 * index_shortcuts.c - warn of what a network could learn instead of the disease:
 * an image size or a scanner that goes with a label.
 *
 * A value goes with a label if its share among the images of the label and among
 * the others differ by a fifth of all or more, and by four standard errors of
 * that difference.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/names.h"
#include "table/index_internal.h"

#define LEAST_DIFFERENCE 0.2
#define STANDARD_ERRORS 4.0

/* The labels of all images, as numbers. */
struct labels {
	struct mc_names *names;
	size_t *of;		/* of each image */
	size_t *count;
};

/* What goes best with a label. */
struct shortcut {
	double difference;	/* 0: nothing does */
	size_t label, value;
	double inside, outside;	/* shares among the label's images, the others */
};

/* Keep in BEST a value that A of N images of LABEL have, and B of M others. */
static void
try(struct shortcut *best, size_t label, size_t value, size_t a, size_t n,
    size_t b, size_t m)
{
	double x, y, p, d, variance;

	if (n == 0 || m == 0)
		return;
	x = (double)a / (double)n;
	y = (double)b / (double)m;
	p = (double)(a + b) / (double)(n + m);
	d = x > y ? x - y : y - x;
	variance = p * (1 - p) * (1 / (double)n + 1 / (double)m);
	if (d < LEAST_DIFFERENCE || d <= best->difference ||
	    d * d < STANDARD_ERRORS * STANDARD_ERRORS * variance)
		return;
	*best = (struct shortcut){ d, label, value, x, y };
}

/* Find what goes best with a label among the values, VALUE[i] of image i. */
static struct shortcut
find_value(const struct mc_index *x, const struct labels *l,
    const size_t *value, size_t n_values)
{
	struct shortcut best = { .difference = 0 };
	size_t *all = mc_xcalloc(n_values, sizeof(*all));
	size_t *here = mc_xcalloc(n_values, sizeof(*here));
	size_t label, i, v;

	for (i = 0; i < x->n; i++)
		all[value[i]]++;
	for (label = 0; label < mc_names_count(l->names); label++) {
		memset(here, 0, n_values * sizeof(*here));
		for (i = 0; i < x->n; i++)
			here[value[i]] += l->of[i] == label;
		for (v = 0; v < n_values; v++)
			try(&best, label, v, here[v], l->count[label],
			    all[v] - here[v], x->n - l->count[label]);
	}
	free(all);
	free(here);
	return best;
}

/* Warn if a value of TEXT, one per image, goes with a label: WHAT it is. */
static bool
warn_value(const struct mc_index *x, const struct labels *l,
    char *const *text, const char *what)
{
	struct mc_names *values = mc_names_alloc();
	size_t *value = mc_xcalloc(x->n, sizeof(*value)), i;
	struct shortcut s;

	for (i = 0; i < x->n; i++)
		value[i] = mc_names_add(values, text[i]);
	s = find_value(x, l, value, mc_names_count(values));
	if (s.difference > 0)
		mc_say(x->o->warn, "label \"%s\" goes with the %s: %.0f %% of "
		    "its images have \"%s\", but %.0f %% of the others: a "
		    "network may learn that instead",
		    mc_names_at(l->names, s.label), what, 100 * s.inside,
		    mc_names_at(values, s.value), 100 * s.outside);
	free(value);
	mc_names_free(values);
	return s.difference > 0;
}

/* --- Sizes ---------------------------------------------------------------- */

static int
compare_areas(const void *a, const void *b)
{
	const struct index_image *x = *(struct index_image *const *)a;
	const struct index_image *y = *(struct index_image *const *)b;
	uint64_t p = (uint64_t)x->width * x->height;
	uint64_t q = (uint64_t)y->width * y->height;

	return p < q ? -1 : p > q;
}

/* Where no two images have the same size, they may still be larger. */
static void
warn_areas(const struct mc_index *x, const struct labels *l)
{
	struct index_image **by_area = mc_xcalloc(x->n, sizeof(*by_area));
	struct shortcut best = { .difference = 0 };
	size_t label, i, here;

	for (i = 0; i < x->n; i++)
		by_area[i] = &x->image[i];
	qsort(by_area, x->n, sizeof(*by_area), compare_areas);
	for (label = 0; label < mc_names_count(l->names); label++) {
		for (i = here = 0; i + 1 < x->n; i++) {
			here += l->of[by_area[i] - x->image] == label;
			if (compare_areas(&by_area[i], &by_area[i + 1]) != 0)
				try(&best, label, i, here, l->count[label],
				    i + 1 - here, x->n - l->count[label]);
		}
	}
	if (best.difference > 0)
		mc_say(x->o->warn, "label \"%s\" goes with the image size: "
		    "%.0f %% of its images have at most %.2g megapixels, but "
		    "%.0f %% of the others: a network may learn that instead",
		    mc_names_at(l->names, best.label), 100 * best.inside,
		    (double)by_area[best.value]->width *
		    by_area[best.value]->height / 1e6, 100 * best.outside);
	free(by_area);
}

static void
warn_sizes(const struct mc_index *x, const struct labels *l)
{
	char **text = mc_xcalloc(x->n, sizeof(*text));
	size_t i;

	for (i = 0; i < x->n; i++)
		text[i] = mc_xasprintf("%lu x %lu",
		    (unsigned long)x->image[i].width,
		    (unsigned long)x->image[i].height);
	if (!warn_value(x, l, text, "image size"))
		warn_areas(x, l);
	for (i = 0; i < x->n; i++)
		free(text[i]);
	free(text);
}

/* --- Scanners ------------------------------------------------------------- */

/* Whether a column called NAME says where or by what an image was taken. */
static bool
is_source(const char *name)
{
	static const char *const sources[] = {
		"camera", "center", "centre", "dataset", "device", "hospital",
		"institution", "machine", "manufacturer", "model", "scanner",
		"site", "source", "vendor"
	};
	size_t i;

	for (i = 0; i < sizeof(sources) / sizeof(*sources); i++) {
		if (strcasecmp(name, sources[i]) == 0)
			return true;
	}
	return false;
}

/* Warn if a value of TEXT, which it frees, goes with a label: of column NAME. */
static void
warn_column(const struct mc_index *x, const struct labels *l, char **text,
    const char *name)
{
	char *what = mc_xasprintf("column %s", name);
	size_t i;

	(void)warn_value(x, l, text, what);
	free(what);
	for (i = 0; i < x->n; i++)
		free(text[i]);
}

static void
warn_sources(const struct mc_index *x, const struct labels *l)
{
	char **text = mc_xcalloc(x->n, sizeof(*text));
	size_t k, c, i;

	for (c = 0; c < x->n_columns; c++) {
		for (i = 0; i < x->n; i++)
			text[i] = mc_index_from_name(&x->column[c],
			    &x->image[i]);
		warn_column(x, l, text, x->column[c].name);
	}

	for (k = 0; k < x->n_meta; k++) {
		const struct metadata *m = &x->meta[k];

		for (c = 0; c < m->n_passed; c++) {
			const char *name = mc_table_column(m->t[0],
			    m->passed[c]);

			if (!is_source(name))
				continue;
			for (i = 0; i < x->n; i++)
				text[i] = mc_xstrdup(mc_table_get(
				    x->image[i].row[k].t,
				    x->image[i].row[k].row, m->passed[c]));
			warn_column(x, l, text, name);
		}
	}
	free(text);
}

void
mc_index_warn_shortcuts(const struct mc_index *x)
{
	struct labels l = { .names = mc_names_alloc() };
	size_t i;

	l.of = mc_xcalloc(x->n, sizeof(*l.of));
	l.count = mc_xcalloc(x->n, sizeof(*l.count));
	for (i = 0; i < x->n; i++) {
		l.of[i] = mc_names_add(l.names, x->image[i].text[LABEL]);
		l.count[l.of[i]]++;
	}
	if (!x->o->multilabel && x->o->findings == NULL) {
		warn_sizes(x, &l);
		warn_sources(x, &l);
	}
	mc_names_free(l.names);
	free(l.of);
	free(l.count);
}
