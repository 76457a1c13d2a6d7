/* cards_results.c - print how well the models of a card did. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "report/cards_internal.h"
#include "report/columns.h"
#include "report/notes.h"
#include "stats/metric.h"

/* Whether ROW is of the arm of M; a column that the table lacks is of any. */
static bool
is_of(const struct mc_metrics_row *row, const struct model *m)
{
	int k;

	for (k = 0; k < MC_KEYS; k++) {
		if (!card_is_of_arm((enum mc_key)k) ||
		    (*row->key[k] == '\0' &&
		    (mc_keys[k].flags & MC_KEY_OPTIONAL) != 0))
			continue;
		if (strcmp(row->key[k], card_text(m, mc_keys[k].entry)) != 0)
			return false;
	}
	return true;
}

static const struct mc_metrics_row *
row_at(const struct mc_rows *r, size_t i)
{
	return mc_rows_get(r, i);
}

/* The rows of the card's arm: their numbers, which the caller frees. */
static size_t *
find_rows(const struct card *c, size_t *n)
{
	size_t count = c->metrics != NULL ? mc_rows_count(c->metrics) : 0, i;
	size_t *rows = mc_xcalloc(count + 1, sizeof(*rows));

	*n = 0;
	for (i = 0; i < count; i++) {
		if (is_of(row_at(c->metrics, i), c->m[0]))
			rows[(*n)++] = i;
	}
	return rows;
}

/* --- The table of metrics ----------------------------------------------------- */

/* What tells the numbers of one metric apart: keys of a row. */
static const struct {
	enum mc_key key;	/* MC_KEYS: the subgroup */
	const char *heading;
} apart[] = {
	{ MC_KEY_TRAIN_SEED, "Training seed" },
	{ MC_KEY_FOLD, "Fold" },
	{ MC_KEY_SPLIT, "Split" },
	{ MC_KEYS, "Subgroup" },
};
#define N_APART (sizeof(apart) / sizeof(apart[0]))

static const char *
apart_text(const struct mc_metrics_row *row, size_t k)
{
	return apart[k].key == MC_KEYS ? row->subgroup :
	    row->key[apart[k].key];
}

/* The metrics of an arm. */
struct estimates {
	const struct card *card;
	size_t n, *rows;
	bool shown[N_APART];	/* has a column: its rows differ there */
	struct mc_column *all, *columns;
	size_t n_columns;
	int *percent;		/* [n_columns]: decimals of percentages */
	struct mc_grid *g;
};

static struct mc_column
column_of(const struct mc_metrics_row *row)
{
	return (struct mc_column){ row->metric, row->average,
	    row->class_name };
}

static const struct mc_metrics_row *
estimate_at(const struct estimates *e, size_t i)
{
	return row_at(e->card->printed, e->rows[i]);
}

/* Find the decimals of each metric: by the intervals of all arms, so that they
   are those of the table of results. */
static void
choose_decimals(struct estimates *e)
{
	const struct mc_rows *rows = e->card->printed;
	size_t n_rows = mc_rows_count(rows), i, k, n;
	double *half = mc_xcalloc(n_rows + 1, sizeof(*half));

	e->percent = mc_xcalloc(e->n_columns, sizeof(*e->percent));
	for (k = 0; k < e->n_columns; k++) {
		for (i = n = 0; i < n_rows; i++) {
			const struct mc_metrics_row *row = row_at(rows, i);
			struct mc_column own = column_of(row);

			if (mc_columns_find(&e->columns[k], 1, &own) == 0)
				half[n++] = (row->hi - row->lo) / 2;
		}
		e->percent[k] = mc_metric_percent(e->columns[k].metric,
		    e->card->style->percent, half, n);
	}
	free(half);
}

/* Choose the columns, and say in the CAPTION what all rows have in common. */
static void
find_apart(struct estimates *e, struct mc_buf *caption)
{
	size_t i, k;

	mc_buf_puts(caption, "Performance");
	for (k = 0; k < N_APART; k++) {
		const char *first = apart_text(estimate_at(e, 0), k);

		for (i = 1; i < e->n; i++)
			e->shown[k] = e->shown[k] || strcmp(first,
			    apart_text(estimate_at(e, i), k)) != 0;
		if (!e->shown[k] && *first != '\0')
			mc_buf_printf(caption, ", %s %s", k == 0 ? "seed" :
			    k == 1 ? "fold" : k == 2 ? "split" : "subgroup",
			    first);
	}
}

/* Add the notes of ROW to its number, which is in COLUMN of the last line. */
static void
note_estimate(struct estimates *e, const struct mc_metrics_row *row,
    size_t column)
{
	size_t line = e->g->n_lines - 1;
	char *threshold;

	mc_grid_note(e->g, line, column, row->note);
	if (*row->threshold != '\0') {
		threshold = mc_xasprintf("at the threshold %s",
		    row->threshold);
		mc_grid_note(e->g, line, column, threshold);
		free(threshold);
	}
}

static void
add_estimate(struct estimates *e, size_t i, size_t column)
{
	const struct mc_metrics_row *row = estimate_at(e, i);
	struct mc_grid_cell *first = mc_grid_add_line(e->g, MC_NO_RULE);
	struct mc_grid_cell *cell = first;
	int percent = e->percent[column];
	size_t k;

	cell++->text = mc_columns_heading(e->columns, e->n_columns, column);
	for (k = 0; k < N_APART; k++) {
		if (e->shown[k])
			cell++->text = mc_xstrdup(apart_text(row, k));
	}
	cell->text = mc_metric_text(row->metric, row->estimate, percent);
	mc_metric_limits(row->metric, row->lo, row->hi, percent, cell);
	note_estimate(e, row, (size_t)(cell - first));
	cell++;
	cell++->text = mc_xasprintf("%lld", (long long)row->n_images);
	cell->text = mc_xasprintf("%lld", (long long)row->n_units);
}

/* Say below how the intervals were made, and how far seeds differ. */
static void
say_facts(struct estimates *e)
{
	struct mc_evidence *from = mc_xcalloc(e->n, sizeof(*from));
	double *sd = mc_xcalloc(e->n, sizeof(*sd));
	struct mc_facts *facts = mc_facts_alloc();
	size_t shown = 0, i, k, n;

	for (i = 0; i < e->n; i++) {
		const struct mc_metrics_row *row = estimate_at(e, i);

		if (mc_columns_find(e->columns, e->n_columns, &e->all[i]) ==
		    e->n_columns)
			continue;
		from[shown++] = (struct mc_evidence){ .level = row->level,
		    .method = row->method, .replicates = row->replicates,
		    .resample_seed = row->resample_seed, .unit = row->unit,
		    .of = { "", "", "" }, .n_images = -1, .n_units = -1,
		    .seeds = -1, .weights = row->key[MC_KEY_WEIGHTS] };
	}
	mc_facts_add_intervals(facts, e->card->style, from, shown);
	for (k = 0; k < e->n_columns; k++) {
		for (i = n = 0; i < e->n; i++) {
			if (mc_columns_find(&e->columns[k], 1, &e->all[i]) == 0)
				sd[n++] = estimate_at(e, i)->seed_sd;
		}
		mc_facts_add_seed_sds(facts, e->columns, e->n_columns, k, sd,
		    n, e->percent[k]);
	}
	mc_facts_add_sizes(facts, e->card->style, from, shown, "");
	mc_facts_say(facts, e->g);
	mc_facts_free(facts);
	free(from);
	free(sd);
}

static void
fill_estimates(struct estimates *e)
{
	struct mc_buf caption = { 0 }, unit = { 0 };
	size_t i, k;

	find_apart(e, &caption);
	choose_decimals(e);
	mc_columns_unit(e->columns, e->n_columns, "Values are percentages",
	    &unit);
	e->g = mc_grid_alloc(caption.data, NULL);
	mc_grid_add_column(e->g, "Metric", false);
	for (k = 0; k < N_APART; k++) {
		if (e->shown[k])
			mc_grid_add_column(e->g, apart[k].heading, false);
	}
	mc_grid_add_column(e->g, "Estimate [interval]", true);
	mc_grid_add_column(e->g, "Images", true);
	mc_grid_add_column(e->g, "Independent units", true);
	for (i = 0; i < e->n; i++) {
		k = mc_columns_find(e->columns, e->n_columns, &e->all[i]);
		if (k < e->n_columns)
			add_estimate(e, i, k);
	}
	if (unit.len > 0)
		mc_grid_say(e->g, "%s.", unit.data);
	say_facts(e);
	mc_columns_averages(e->columns, e->n_columns, e->g);
	mc_grid_finish(e->g);
	mc_buf_free(&caption);
	mc_buf_free(&unit);
}

void
card_put_results(const struct card *c)
{
	struct estimates e = { .card = c };
	struct mc_err err;
	char *id;
	size_t i;

	e.rows = find_rows(c, &e.n);
	e.all = mc_xcalloc(e.n + 1, sizeof(*e.all));
	for (i = 0; i < e.n; i++)
		e.all[i] = column_of(estimate_at(&e, i));
	if (e.n == 0 || mc_columns_choose(e.all, e.n, NULL, true, &e.columns,
	    &e.n_columns, &err) != MC_OK) {
		mc_page_say(c->p, "No metrics of this arm were given.");
	} else {
		fill_estimates(&e);
		id = mc_xasprintf("card-%zu-results", c->number);
		mc_page_grid(c->p, e.g, id);
		mc_grid_free(e.g);
		free(id);
	}
	free(e.columns);
	free(e.percent);
	free(e.all);
	free(e.rows);
}

void
card_put_limits(const struct card *c)
{
	struct mc_notes *notes = mc_notes_alloc();
	struct mc_buf text = { 0 };

	if (strcmp(card_text(c->m[0], "weights"), "random") == 0)
		mc_notes_say(notes, "Training began from random weights, not "
		    "from pretrained ones.");
	if (card_has(c, "seed") && !card_varies(c, "seed"))
		mc_notes_say(notes, "It was trained with one seed.");
	mc_notes_text(notes, &text);
	if (text.len > 0)
		mc_page_say(c->p, "Limits: %s", text.data);
	mc_buf_free(&text);
	mc_notes_free(notes);
}
