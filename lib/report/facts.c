/* facts.c - what is said below a table of all its numbers. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "report/facts.h"
#include "report/latex.h"

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
	static const struct {
		const char *name, *spelling;
	} known[] = {
		{ "bca", "BCa" },
		{ "bh", "Benjamini-Hochberg" },
		{ "clopper-pearson", "Clopper-Pearson" },
		{ "delong", "DeLong" },
		{ "holm", "Holm" },
		{ "max-t", "max-T" },
		{ "mcnemar", "McNemar" },
		{ "noninferiority", "non-inferiority" },
		{ "tango", "Tango" },
		{ "wilson", "Wilson" },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(*known); i++) {
		if (strcmp(known[i].name, name) == 0)
			return known[i].spelling;
	}
	return name;
}

void
mc_facts_add_count(struct mc_facts *f, const char *heading, int64_t count)
{
	char text[MC_NUM_SIZE] = "";

	if (count >= 0)
		snprintf(text, sizeof(text), "%lld", (long long)count);
	mc_facts_add(f, heading, text);
}

void
mc_facts_add_interval(struct mc_facts *f, double level, const char *method,
    int64_t replicates, int64_t resample_seed)
{
	char number[MC_NUM_SIZE], text[MC_NUM_SIZE + 2] = "";

	if (!isnan(level))
		snprintf(text, sizeof(text), "%s %%",
		    mc_format_f64(number, 100 * level));
	mc_facts_add(f, "Level", text);
	mc_facts_add(f, "Method", strcmp(method, "none") != 0 ?
	    mc_facts_spelling(method) : "");
	mc_facts_add_count(f, "Replicates", replicates);
	mc_facts_add_count(f, "Resampling seed", resample_seed);
}

/* A unit as a reader calls it: "group" may be "patient". */
static const char *
unit_word(const struct mc_table_style *style, const char *unit)
{
	return strcmp(unit, "group") == 0 && style->unit != NULL ?
	    style->unit : unit;
}

void
mc_facts_add_size(struct mc_facts *f, const struct mc_table_style *style,
    const char *task, int64_t n_images, const char *unit, int64_t n_units,
    bool tell)
{
	const char *many = style->units != NULL ? style->units : "groups";
	struct mc_buf size = { 0 };

	if (n_images < 0)
		return;
	mc_buf_printf(&size, "%s%s%lld image%s", task,
	    *task != '\0' ? " " : "", (long long)n_images,
	    n_images == 1 ? "" : "s");
	if (strcmp(unit, "image") != 0 && n_units >= 0)
		mc_buf_printf(&size, " of %lld %s", (long long)n_units,
		    n_units == 1 ? unit_word(style, "group") : many);
	else if (n_units >= 0 && n_units < n_images)
		mc_buf_printf(&size, ", %lld distinct", (long long)n_units);
	if (tell && *unit != '\0')
		mc_buf_printf(&size, " (unit: %s)", unit_word(style, unit));
	mc_facts_add(f, "Size", size.data);
	mc_buf_free(&size);
}

void
mc_facts_add_unit(struct mc_facts *f, const struct mc_table_style *style,
    const char *unit)
{
	mc_facts_add(f, "Unit of resampling", unit_word(style, unit));
}

void
mc_facts_write(const struct mc_facts *f, struct mc_buf *text)
{
	size_t i, v;

	for (i = 0; i < f->n; i++) {
		const struct fact *fact = &f->facts[i];

		if (fact->n == 0)
			continue;
		mc_buf_printf(text, "%s: ", fact->heading);
		for (v = 0; v < fact->n; v++) {
			mc_buf_puts(text, v > 0 ? ", " : "");
			mc_latex_escape(text, fact->values[v]);
		}
		mc_buf_puts(text, ".\n");
	}
}
