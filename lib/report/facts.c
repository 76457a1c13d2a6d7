/* facts.c - say how the numbers of a table were made. */
#include "config.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "report/facts.h"
#include "stats/difference_test.h"
#include "stats/interval_method.h"

struct fact {
	const char *heading;
	size_t n, cap;
	char **values;
};

struct mc_facts {
	size_t n, cap;
	struct fact *facts;
};

struct mc_facts *
mc_facts_alloc(void)
{
	return mc_xcalloc(1, sizeof(struct mc_facts));
}

void
mc_facts_free(struct mc_facts *f)
{
	size_t i, v;

	if (f == NULL)
		return;
	for (i = 0; i < f->n; i++) {
		for (v = 0; v < f->facts[i].n; v++)
			free(f->facts[i].values[v]);
		free(f->facts[i].values);
	}
	free(f->facts);
	free(f);
}

static struct fact *
find_fact(struct mc_facts *f, const char *heading)
{
	size_t i;

	for (i = 0; i < f->n; i++) {
		if (strcmp(f->facts[i].heading, heading) == 0)
			return &f->facts[i];
	}
	f->facts = mc_xgrow(f->facts, f->n, &f->cap, sizeof(*f->facts));
	f->facts[f->n] = (struct fact){ .heading = heading };
	return &f->facts[f->n++];
}

void
mc_facts_add(struct mc_facts *f, const char *heading, const char *value)
{
	struct fact *fact = find_fact(f, heading);
	size_t i;

	if (*value == '\0')
		return;
	for (i = 0; i < fact->n; i++) {
		if (strcmp(fact->values[i], value) == 0)
			return;
	}
	fact->values = mc_xgrow(fact->values, fact->n, &fact->cap,
	    sizeof(*fact->values));
	fact->values[fact->n++] = mc_xstrdup(value);
}

const char *
mc_facts_spelling(const char *name)
{
	/* Those that are no rows of a table. */
	static const struct {
		const char *name, *printed;
	} known[] = {
		{ "bh", "Benjamini-Hochberg" },
		{ "holm", "Holm" },
		{ "max-t", "max-T" },
		{ "nemenyi", "Nemenyi" },
		{ "noninferiority", "non-inferiority" },
		{ "obuchowski", "Obuchowski" },
		{ "seeds", "Student's t including training seeds" },
		{ "tango", "Tango" },
		{ "welch", "Welch's t" },
	};
	const struct mc_interval_method *m = mc_interval_method_find(name);
	const struct mc_test *t = mc_test_find(name);
	size_t i;

	if (m != NULL || t != NULL)
		return m != NULL ? m->printed : t->printed;
	for (i = 0; i < sizeof(known) / sizeof(*known); i++) {
		if (strcmp(known[i].name, name) == 0)
			return known[i].printed;
	}
	return name;
}

static void
add_count(struct mc_facts *f, const char *heading, int64_t count)
{
	char text[MC_NUM_SIZE] = "";

	if (count >= 0)
		snprintf(text, sizeof(text), "%lld", (long long)count);
	mc_facts_add(f, heading, text);
}

static void
add_interval(struct mc_facts *f, const struct mc_evidence *s)
{
	char number[MC_NUM_SIZE], text[MC_NUM_SIZE + 2] = "";

	if (!isnan(s->level))
		snprintf(text, sizeof(text), "%s %%",
		    mc_format_f64(number, 100 * s->level));
	mc_facts_add(f, "Confidence level", text);
	mc_facts_add(f, "Interval method", strcmp(s->method, "none") != 0 ?
	    mc_facts_spelling(s->method) : "");
	add_count(f, "Replicates", s->replicates);
	add_count(f, "Resampling seed", s->resample_seed);
}

/* A unit as a reader calls it: "group" may be "patient". */
static const char *
unit_word(const struct mc_table_style *style, const char *unit)
{
	return strcmp(unit, "group") == 0 && style->unit != NULL ?
	    style->unit : unit;
}

/* Whether all numbers have the same unit. */
static bool
have_one_unit(const struct mc_evidence *from, size_t n)
{
	size_t i;

	for (i = 1; i < n; i++) {
		if (strcmp(from[0].unit, from[i].unit) != 0)
			return false;
	}
	return true;
}

void
mc_facts_add_intervals(struct mc_facts *f, const struct mc_table_style *style,
    const struct mc_evidence *from, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		add_interval(f, &from[i]);
	if (n > 0 && have_one_unit(from, n))
		mc_facts_add(f, "Resampling unit",
		    unit_word(style, from[0].unit));
}

/* Append "task (split, subgroup) ", as far as these are given. */
static void
put_scope(const struct mc_evidence *s, struct mc_buf *text)
{
	size_t n = 0, i;

	for (i = 0; i < sizeof(s->of) / sizeof(*s->of); i++) {
		if (*s->of[i] == '\0')
			continue;
		mc_buf_printf(text, "%s%s", n == 0 ? "" : n == 1 ? " (" : ", ",
		    s->of[i]);
		n++;
	}
	mc_buf_puts(text, n == 0 ? "" : n == 1 ? " " : ") ");
}

/* Add the size of S, and, where NAMES_UNIT, what its unit is. */
static void
add_size(struct mc_facts *f, const struct mc_table_style *style,
    const struct mc_evidence *s, bool names_unit)
{
	const char *many = style->units != NULL ? style->units : "groups";
	struct mc_buf size = { 0 };

	if (s->n_images < 0)
		return;
	put_scope(s, &size);
	mc_buf_printf(&size, "%lld image%s", (long long)s->n_images,
	    MC_PLURAL(s->n_images));
	if (strcmp(s->unit, "image") != 0 && s->n_units >= 0)
		mc_buf_printf(&size, " of %lld %s", (long long)s->n_units,
		    s->n_units == 1 ? unit_word(style, "group") : many);
	else if (s->n_units >= 0 && s->n_units < s->n_images)
		mc_buf_printf(&size, ", %lld distinct", (long long)s->n_units);
	if (names_unit && *s->unit != '\0')
		mc_buf_printf(&size, " (unit: %s)", unit_word(style, s->unit));
	mc_facts_add(f, "Size", size.data);
	mc_buf_free(&size);
}

/* Whether V, which may be NULL, has a value. */
static bool
is_given(const char *v)
{
	return v != NULL && *v != '\0';
}

static void
add_weights(struct mc_facts *f, const struct mc_evidence *from, size_t n)
{
	size_t known = 0, random = 0, i;

	for (i = 0; i < n; i++) {
		if (!is_given(from[i].weights))
			continue;
		known++;
		random += strcmp(from[i].weights, "random") == 0;
	}
	if (random > 0)
		mc_facts_add(f, "Weights", random == known ?
		    "random, not pretrained" : "some random, not pretrained");
}

void
mc_facts_add_sizes(struct mc_facts *f, const struct mc_table_style *style,
    const struct mc_evidence *from, size_t n, const char *seeds)
{
	bool names_unit = !have_one_unit(from, n);
	size_t i;

	for (i = 0; i < n; i++) {
		add_count(f, seeds, from[i].seeds);
		add_size(f, style, &from[i], names_unit);
	}
	add_weights(f, from, n);
}

void
mc_facts_add_seed_sds(struct mc_facts *f, const struct mc_column *columns,
    size_t n_columns, size_t i, const double *sd, size_t n, int percent)
{
	double least = NAN, most = NAN;
	char *heading, *low, *high, *text;
	size_t k;

	for (k = 0; k < n; k++) {
		least = fmin(least, sd[k]);	/* of a NAN and a number: */
		most = fmax(most, sd[k]);	/* the number */
	}
	if (isnan(least))
		return;
	heading = mc_columns_heading(columns, n_columns, i);
	low = mc_metric_text(columns[i].metric, least, percent);
	high = mc_metric_text(columns[i].metric, most, percent);
	text = strcmp(low, high) == 0 ? mc_xasprintf("%s %s", heading, low) :
	    mc_xasprintf("%s %s to %s", heading, low, high);
	mc_facts_add(f, "Standard deviation over training seeds", text);
	free(text);
	free(high);
	free(low);
	free(heading);
}

void
mc_facts_say(const struct mc_facts *f, struct mc_grid *g)
{
	size_t i, v;

	for (i = 0; i < f->n; i++) {
		const struct fact *fact = &f->facts[i];
		struct mc_buf values = { 0 };

		for (v = 0; v < fact->n; v++)
			mc_buf_printf(&values, "%s%s", v > 0 ? ", " : "",
			    fact->values[v]);
		if (fact->n > 0)
			mc_grid_say(g, "%s: %s.", fact->heading, values.data);
		mc_buf_free(&values);
	}
}
