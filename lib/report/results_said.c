/* results_said.c - say below a table of results how its numbers were made. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/results_parts.h"

/* Say of keys that are not shown, but the arm, what they are in all numbers. */
static void
add_key_facts(const struct mc_results *r, struct mc_facts *facts)
{
	size_t i, key;

	for (i = 0; i <= MC_LAYOUT_METRIC; i++) {
		const char *only;

		/* The order of print; then subgroup and metric. */
		key = i < MC_KEYS ? mc_keys_printed[i] : i;
		only = mc_result_set_only(&r->set, key);
		if (only == NULL || key == MC_KEY_ARM ||
		    mc_results_show(r, key))
			continue;
		mc_facts_add(facts, mc_layout_heading(key),
		    key == MC_KEY_WEIGHTS && strcmp(only, "random") == 0 ?
		    "random, not pretrained" : only);
	}
}

/* Say of each metric what the standard deviations over seeds are. */
static void
add_seed_sds(const struct mc_results *r, struct mc_facts *facts)
{
	double *sd = mc_xcalloc(r->set.n, sizeof(*sd));
	size_t c, i;

	for (c = 0; c < r->set.n_forms; c++) {
		size_t n = 0;

		for (i = 0; i < r->set.n; i++) {
			if (r->set.results[i].form == c)
				sd[n++] = r->set.results[i].row->seed_sd;
		}
		mc_facts_add_seed_sds(facts, r->set.forms, r->set.n_forms, c,
		    sd, n, r->set.percent[c]);
	}
	free(sd);
}

/* The text of KEY that sizes are said by: it tells them apart. */
static const char *
size_text(const struct mc_results *r, const struct mc_result *own, size_t key)
{
	return mc_results_show(r, key) || mc_results_leave_out(r, key) ?
	    own->text[key] : "";
}

static void
say_facts(const struct mc_results *r, struct mc_grid *g)
{
	size_t all = r->rows.n * r->columns.n, n = 0, i;
	struct mc_evidence *from = mc_xcalloc(all, sizeof(*from));
	struct mc_facts *facts = mc_facts_alloc();

	for (i = 0; i < all; i++) {
		const struct mc_result *own = r->at[i];
		const struct mc_metrics_row *row;

		if (own == NULL)
			continue;
		row = own->row;
		from[n++] = (struct mc_evidence){ row->level, row->method,
		    row->replicates, row->resample_seed,
		    { own->text[MC_KEY_TASK], size_text(r, own, MC_KEY_SPLIT),
		    size_text(r, own, MC_LAYOUT_SUBGROUP) },
		    row->unit, row->n_images, row->n_units, -1, NULL };
	}
	mc_facts_add_intervals(facts, r->style, from, n);
	add_key_facts(r, facts);
	add_seed_sds(r, facts);
	mc_facts_add_sizes(facts, r->style, from, n, "");
	mc_facts_say(facts, g);
	mc_facts_free(facts);
	free(from);
}

/* Append " within each task, fold and split": what divides the numbers. */
static void
put_divisions(const struct mc_results *r, struct mc_buf *text)
{
	const char *names[MC_LAYOUT_METRIC];
	size_t n = 0, i;

	for (i = 0; i < MC_LAYOUT_METRIC; i++) {
		size_t key = i < MC_KEYS ? mc_keys_printed[i] : i;

		if (mc_result_divides(key) &&
		    !mc_result_set_is_constant(&r->set, key))
			names[n++] = mc_layout_name(key);
	}
	for (i = 0; i < n; i++)
		mc_buf_printf(text, "%s%s", i == 0 ? " within each " :
		    i + 1 < n ? ", " : " and ", names[i]);
}

/* Say which numbers are bold, and of which metrics the lowest is. */
static void
say_bold(const struct mc_results *r, struct mc_grid *g)
{
	struct mc_buf where = { 0 };

	put_divisions(r, &where);
	mc_columns_lowest(r->set.forms, r->set.n_forms, " (", ": the lowest)",
	    &where);
	mc_grid_say(g, "Bold marks the highest estimate of each metric%s; it "
	    "does not imply a significant difference.",
	    where.len > 0 ? where.data : "");
	mc_buf_free(&where);
}

void
mc_results_say(const struct mc_results *r, bool any_bold, struct mc_grid *g)
{
	struct mc_buf unit = { 0 };

	mc_columns_unit(r->set.forms, r->set.n_forms,
	    "Values are percentages", &unit);
	if (unit.len > 0)
		mc_grid_say(g, "%s; intervals are in brackets.", unit.data);
	else
		mc_grid_say(g, "Intervals are in brackets.");
	mc_buf_free(&unit);
	say_facts(r, g);
	mc_columns_averages(r->set.forms, r->set.n_forms, g);
	if (any_bold)
		say_bold(r, g);
}
