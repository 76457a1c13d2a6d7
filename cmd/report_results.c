/* report_results.c - the sections of mc-report on metrics and differences. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/names.h"
#include "report.h"
#include "report/comparisons.h"
#include "report/notes.h"
#include "report/results.h"

static size_t
count(const char *const *texts)
{
	size_t n = 0;

	while (texts != NULL && texts[n] != NULL)
		n++;
	return n;
}

static void
note_metrics(struct report *r)
{
	size_t i;

	r->shown |= MC_SHOWS_METRICS;
	for (i = 0; i < mc_rows_count(r->metrics); i++) {
		const struct mc_metrics_row *row = mc_rows_get(r->metrics, i);

		if (!isnan(row->lo))
			r->shown |= MC_SHOWS_INTERVALS;
		if (*row->subgroup != '\0')
			r->shown |= MC_SHOWS_SUBGROUPS;
	}
}

enum mc_status
report_read_results(struct report *r, struct mc_err *err)
{
	const struct report_options *o = r->opts;
	char *const *paths = (char *const *)o->metrics;
	enum mc_status status = MC_OK;
	char *path;

	if (o->metrics != NULL) {
		status = mc_rows_read(&r->metrics, &mc_metrics_schema, paths,
		    count(o->metrics), err);
		if (status == MC_OK)
			status = mc_rows_read(&r->metrics_printed,
			    &mc_metrics_schema, paths, count(o->metrics), err);
		if (status == MC_OK) {
			note_metrics(r);
			status = mc_printed_apply(r->printed,
			    r->metrics_printed, err);
		}
	}
	if (status == MC_OK && o->differences != NULL) {
		path = mc_xstrdup(o->differences);
		status = mc_rows_read(&r->differences, &mc_differences_schema,
		    &path, 1, err);
		free(path);
		if (status == MC_OK) {
			r->shown |= MC_SHOWS_DIFFERENCES;
			status = mc_printed_apply(r->printed, r->differences,
			    err);
		}
	}
	return status;
}

/* --- Tables ------------------------------------------------------------------ */

static enum mc_status
put_metrics(struct report *r, struct mc_err *err)
{
	const char **path = r->opts->metrics;
	struct mc_table_style style = r->style;
	char *id = report_next_id(r);
	struct mc_grid *g = NULL;
	enum mc_status status;
	size_t file;

	style.caption = "Metrics of each arm";
	style.bold = true;
	if (style.alpha != 0)
		style.differences = r->differences;
	status = mc_results_grid(r->metrics_printed, &style, &g, err);
	if (status == MC_OK)
		mc_page_grid(r->page, g, id);
	for (; *path != NULL && status == MC_OK; path++) {
		status = report_take(r, NULL, *path, "metrics (mc-bootstrap)", &file,
		    err);
		if (status == MC_OK)
			mc_page_download(r->page, file);
	}
	mc_grid_free(g);
	free(id);
	return status;
}

static enum mc_status
put_differences(struct report *r, struct mc_err *err)
{
	struct mc_table_style style = r->style;
	char *id = report_next_id(r);
	struct mc_grid *g = NULL;
	enum mc_status status;
	size_t file;

	style.caption = "Differences between arms";
	status = mc_comparisons_grid(r->differences, &style, false, &g, err);
	if (status == MC_OK)
		status = report_take(r, NULL, r->opts->differences,
		    "differences between arms (mc-compare)", &file, err);
	if (status == MC_OK) {
		mc_page_grid(r->page, g, id);
		mc_page_download(r->page, file);
	}
	mc_grid_free(g);
	free(id);
	return status;
}

enum mc_status
report_results(struct report *r, struct mc_err *err)
{
	enum mc_status status = MC_OK;

	if (r->metrics == NULL && r->differences == NULL)
		return MC_OK;
	mc_page_section(r->page, "results", "Results");
	if (r->metrics != NULL)
		status = put_metrics(r, err);
	if (status == MC_OK && r->differences != NULL)
		status = put_differences(r, err);
	return status;
}

/* --- What limits them -------------------------------------------------------- */

/* Append the remarks of the rows of a table, each once, as a list. */
static void
put_remarks(struct report *r, const struct mc_rows *rows, const char *table,
    const char *(*note_of)(const void *row))
{
	struct mc_notes *notes = mc_notes_alloc();
	char **items = NULL, *sentence;
	size_t n = 0, cap = 0, i;

	mc_notes_rows_are(notes, "row");
	for (i = 0; i < mc_rows_count(rows); i++)
		mc_notes_remark(notes, note_of(mc_rows_get(rows, i)));
	while ((sentence = mc_notes_sentence(notes, n)) != NULL) {
		items = mc_xgrow(items, n, &cap, sizeof(*items));
		items[n++] = sentence;
	}
	if (n > 0) {
		mc_page_say(r->page, "Remarks in the table of %s:", table);
		mc_page_list(r->page, (const char *const *)items, n);
	}
	for (i = 0; i < n; i++)
		free(items[i]);
	free(items);
	mc_notes_free(notes);
}

static const char *
metrics_note(const void *row)
{
	return ((const struct mc_metrics_row *)row)->note;
}

static const char *
differences_note(const void *row)
{
	return ((const struct mc_differences_row *)row)->note;
}

/* What the models say. */
static void
limit_models(const struct report *r, char **items, size_t *n)
{
	size_t models = mc_cards_models(r->cards);
	size_t random = mc_cards_with(r->cards, "weights", "random");
	size_t loose = mc_cards_with(r->cards, "deterministic", "no");
	char *seeds = mc_cards_values(r->cards, "seed");
	size_t arms, one = mc_cards_one_seed(r->cards, &arms);

	if (random > 0)
		items[(*n)++] = mc_xasprintf("%zu of %zu models began from "
		    "random weights, not from pretrained ones.", random,
		    models);
	if (one > 0 && one == arms)
		items[(*n)++] = mc_xasprintf("Each arm was trained with one "
		    "seed (%s): the results describe these trained models, "
		    "not the way of training.", seeds);
	else if (one > 0)
		items[(*n)++] = mc_xasprintf("%zu of %zu arms were trained "
		    "with one seed: their results describe these trained "
		    "models, not the way of training.", one, arms);
	if (mc_names_count(r->manifests) > 0 &&
	    report_models_known(r) < models)
		items[(*n)++] = mc_xasprintf("%zu of %zu models were trained "
		    "with a manifest that is not among those checked here.",
		    models - report_models_known(r), models);
	if (loose > 0)
		items[(*n)++] = mc_xasprintf("%zu of %zu models were trained "
		    "without a fixed order of summation: training again gives "
		    "slightly different weights.", loose, models);
	free(seeds);
}

/* On which splits; who is independent. */
static void
limit_metrics(const struct report *r, char **items, size_t *n)
{
	struct mc_names *splits = mc_names_alloc();
	struct mc_buf list = { 0 };
	bool by_image = false;
	size_t i;

	for (i = 0; i < mc_rows_count(r->metrics_printed); i++) {
		const struct mc_metrics_row *row =
		    mc_rows_get(r->metrics_printed, i);

		if (*row->key[MC_KEY_SPLIT] != '\0')
			mc_names_add(splits, row->key[MC_KEY_SPLIT]);
		by_image = by_image || strcmp(row->unit, "image") == 0;
	}
	for (i = 0; i < mc_names_count(splits); i++)
		mc_buf_printf(&list, "%s%s", i > 0 ? ", " : "",
		    mc_names_at(splits, i));
	items[(*n)++] = mc_xasprintf("%s%s%sThe files do not tell "
	    "whether any test images come from another site: the author must "
	    "state it.",
	    list.len > 0 ? "The metrics were computed on the split " : "",
	    list.len > 0 ? list.data : "", list.len > 0 ? ".  " : "");
	if (by_image)
		items[(*n)++] = mc_xstrdup("Some intervals resample images, "
		    "not patients: if patients have several images, they are "
		    "too narrow.");
	mc_names_free(splits);
	mc_buf_free(&list);
}

void
report_limitations(struct report *r)
{
	char *items[8];
	size_t n = 0, i;

	if (mc_cards_models(r->cards) > 0)
		limit_models(r, items, &n);
	if (r->metrics != NULL)
		limit_metrics(r, items, &n);
	if (r->by_image)
		items[n++] = mc_xstrdup("A manifest has no groups, so images "
		    "of one patient may be in more than one split.");
	if (n == 0 && r->differences == NULL)
		return;
	mc_page_section(r->page, "limitations", "Limitations that the files "
	    "show");
	r->shown |= MC_SHOWS_LIMITATIONS;
	if (n > 0)
		mc_page_list(r->page, (const char *const *)items, n);
	if (r->metrics != NULL)
		put_remarks(r, r->metrics_printed, "metrics", metrics_note);
	if (r->differences != NULL)
		put_remarks(r, r->differences, "differences",
		    differences_note);
	for (i = 0; i < n; i++)
		free(items[i]);
}
