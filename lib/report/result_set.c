/* result_set.c - hold the numbers that a table of results shows. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "report/lines.h"
#include "report/printed.h"
#include "report/result_set.h"
#include "stats/remarks.h"

/* --- Metrics -------------------------------------------------------------- */

static struct mc_column
row_form(const struct mc_metrics_row *row)
{
	return (struct mc_column){ row->metric, row->average,
	    row->class_name };
}

static bool
has_key(const struct mc_table_style *style, size_t key)
{
	const struct mc_layout *layout = style->layout;

	return layout != NULL && (mc_layout_has(&layout->rows, key) ||
	    mc_layout_has(&layout->columns, key));
}

static enum mc_status
choose_forms(struct mc_result_set *s, struct mc_err *err)
{
	bool of_class = s->style->metrics == NULL &&
	    has_key(s->style, MC_LAYOUT_CLASS);
	size_t n = mc_rows_count(s->m), used = 0, i;
	struct mc_column *all = mc_xcalloc(n, sizeof(*all));
	enum mc_status status = MC_OK;

	for (i = 0; i < n; i++) {
		struct mc_column form = row_form(mc_rows_get(s->m, i));

		if (!of_class || *form.class_name != '\0')
			all[used++] = form;
	}
	if (used == 0)
		status = mc_err_set(err, MC_EDATA, "nothing to print: the "
		    "tables hold no metric of a single class: leave class out "
		    "of --rows and --columns");
	else if (of_class)
		mc_columns_all(all, used, &s->forms, &s->n_forms);
	else
		status = mc_columns_choose(all, n, s->style->metrics, false,
		    &s->forms, &s->n_forms, err);
	free(all);
	return status;
}

/* Name the forms without what is a key of its own. */
static void
name_forms(struct mc_result_set *s)
{
	struct mc_column *bare = mc_xcalloc(s->n_forms, sizeof(*bare));
	size_t i, at;

	s->headings = mc_xcalloc(s->n_forms, sizeof(*s->headings));
	s->heading_of = mc_xcalloc(s->n_forms, sizeof(*s->heading_of));
	for (i = 0; i < s->n_forms; i++) {
		struct mc_column form = s->forms[i];

		if (has_key(s->style, MC_LAYOUT_CLASS))
			form.class_name = "";
		if (has_key(s->style, MC_LAYOUT_AVERAGE))
			form.average = "";
		at = mc_columns_find(bare, s->n_headings, &form);
		if (at == s->n_headings)
			bare[s->n_headings++] = form;
		s->heading_of[i] = at;
	}
	for (i = 0; i < s->n_headings; i++)
		s->headings[i] = mc_columns_heading(bare, s->n_headings, i);
	free(bare);
}

/* --- Results -------------------------------------------------------------- */

/* Whether the backbone was frozen, where a regime is known. */
static const char *
freeze_text(const struct mc_result_set *s, const char *regime)
{
	const char *frozen = s->style->names != NULL ?
	    mc_printed_name(s->style->names, "frozen") : "frozen";

	return *regime == '\0' ? "" : strcmp(regime, frozen) == 0 ? "yes" :
	    "no";
}

static void
add_result(struct mc_result_set *s, const struct mc_metrics_row *row,
    size_t form)
{
	struct mc_result *r = &s->results[s->n++];
	size_t k;

	r->row = row;
	r->form = form;
	r->heading = s->heading_of[form];
	for (k = 0; k < MC_KEYS; k++)
		r->text[k] = row->key[k];
	r->text[MC_KEY_TASK] = mc_lines_task(&s->kept, row->key[MC_KEY_TASK],
	    row->note);
	r->text[MC_LAYOUT_SUBGROUP] = row->subgroup;
	r->text[MC_LAYOUT_METRIC] = s->headings[r->heading];
	r->text[MC_LAYOUT_AVERAGE] = row->average;
	r->text[MC_LAYOUT_CLASS] = row->class_name;
	r->text[MC_LAYOUT_FREEZE] = freeze_text(s, row->key[MC_KEY_REGIME]);
}

/* Find the models and arms that have no regime in any row. */
static void
find_last(struct mc_result_set *s)
{
	struct mc_names *models = mc_names_alloc(), *arms = mc_names_alloc();
	size_t i;

	for (i = 0; i < s->n; i++) {
		const char *const *text = s->results[i].text;

		if (*text[MC_KEY_REGIME] == '\0')
			continue;
		mc_names_add(models, text[MC_KEY_MODEL]);
		mc_names_add(arms, text[MC_KEY_ARM]);
	}
	for (i = 0; i < s->n; i++) {
		struct mc_result *r = &s->results[i];

		r->model_is_last = mc_names_find(models,
		    r->text[MC_KEY_MODEL]) == MC_NO_NAME;
		r->arm_is_last = mc_names_find(arms, r->text[MC_KEY_ARM]) ==
		    MC_NO_NAME;
	}
	mc_names_free(models);
	mc_names_free(arms);
}

/* Find the decimals of each form. */
static void
choose_decimals(struct mc_result_set *s)
{
	double *half = mc_xcalloc(s->n, sizeof(*half));
	size_t c, i;

	s->percent = mc_xcalloc(s->n_forms, sizeof(*s->percent));
	for (c = 0; c < s->n_forms; c++) {
		size_t n = 0;

		for (i = 0; i < s->n; i++) {
			const struct mc_metrics_row *row = s->results[i].row;

			if (s->results[i].form == c)
				half[n++] = (row->hi - row->lo) / 2;
		}
		s->percent[c] = mc_metric_percent(s->forms[c].metric,
		    s->style->percent, half, n);
	}
	free(half);
}

int
mc_result_percent(const struct mc_result_set *s, const struct mc_result *r)
{
	return s->percent[r->form];
}

enum mc_status
mc_result_set_read(struct mc_result_set *s, struct mc_rows *m,
    const struct mc_table_style *style, struct mc_err *err)
{
	size_t n = mc_rows_count(m), i;
	enum mc_status status;

	*s = (struct mc_result_set){ .m = m, .style = style };
	mc_lines_init(&s->kept, NULL, 0, 0);
	status = choose_forms(s, err);
	if (status != MC_OK)
		return status;
	name_forms(s);
	s->results = mc_xcalloc(n, sizeof(*s->results));
	for (i = 0; i < n; i++) {
		const struct mc_metrics_row *row = mc_rows_get(m, i);
		struct mc_column form = row_form(row);
		size_t at = mc_columns_find(s->forms, s->n_forms, &form);

		if (at < s->n_forms)
			add_result(s, row, at);
	}
	find_last(s);
	choose_decimals(s);
	return MC_OK;
}

void
mc_result_set_clear(struct mc_result_set *s)
{
	size_t i;

	for (i = 0; i < s->n_headings; i++)
		free(s->headings[i]);
	mc_lines_clear(&s->kept);
	free(s->headings);
	free(s->heading_of);
	free(s->forms);
	free(s->percent);
	free(s->results);
}

/* --- What tells them apart ------------------------------------------------- */

int
mc_result_compare(const struct mc_result *a, const struct mc_result *b,
    size_t key)
{
	if (key == MC_LAYOUT_METRIC)
		return (a->heading > b->heading) - (a->heading < b->heading);
	if (key == MC_KEY_TASK)
		return mc_lines_compare_tasks(a->row->key[MC_KEY_TASK],
		    b->row->key[MC_KEY_TASK]);
	if (key == MC_KEY_MODEL && a->model_is_last != b->model_is_last)
		return a->model_is_last ? 1 : -1;
	if (key == MC_KEY_ARM && a->arm_is_last != b->arm_is_last)
		return a->arm_is_last ? 1 : -1;
	return mc_lines_compare_names(a->text[key], b->text[key]);
}

const char *
mc_result_set_only(const struct mc_result_set *s, size_t key)
{
	const char *only = "";
	size_t i;

	for (i = 0; i < s->n; i++) {
		const char *value = s->results[i].text[key];

		if (*only == '\0')
			only = value;
		else if (*value != '\0' && strcmp(value, only) != 0)
			return NULL;
	}
	return only;
}

bool
mc_result_set_is_constant(const struct mc_result_set *s, size_t key)
{
	size_t i;

	for (i = 1; i < s->n; i++) {
		if (strcmp(s->results[0].text[key], s->results[i].text[key]) !=
		    0)
			return false;
	}
	return true;
}

/* --- The best ------------------------------------------------------------- */

/* Whether the number of ROW is, or has in it, a ratio 0/0 that is printed as 0;
   a mean over classes is a number all the same. */
static bool
is_undefined(const struct mc_metrics_row *row)
{
	return isnan(row->estimate) || ((*row->average == '\0' ||
	    *row->class_name != '\0') &&
	    mc_remark_has(row->note, MC_REMARK_NO_RATIO));
}

double
mc_result_merit(const struct mc_result_set *s, const struct mc_result *r)
{
	const struct mc_metrics_row *row = r->row;
	const struct mc_metric *m = mc_columns_metric(row->metric);

	if (m->better == 0 || is_undefined(row))
		return NAN;
	return m->better * nearbyint(row->estimate * m->factor * pow(10,
	    mc_metric_decimals(row->metric, mc_result_percent(s, r))));
}

bool
mc_result_divides(size_t key)
{
	return key < MC_LAYOUT_METRIC && !mc_layout_is_of_arm(key);
}

/* Whether A and B compete: the same metric on the same images. */
static bool
compete(const struct mc_result *a, const struct mc_result *b)
{
	size_t k;

	if (a->form != b->form)
		return false;
	for (k = 0; k < MC_LAYOUT_METRIC; k++) {
		if (mc_result_divides(k) &&
		    strcmp(a->text[k], b->text[k]) != 0)
			return false;
	}
	return true;
}

bool
mc_result_is_best(const struct mc_result_set *s, const struct mc_result *r)
{
	double own = mc_result_merit(s, r);
	size_t rivals = 0, i;

	if (isnan(own))
		return false;
	for (i = 0; i < s->n; i++) {
		const struct mc_result *other = &s->results[i];
		double merit;

		if (other == r || !compete(r, other) ||
		    isnan(merit = mc_result_merit(s, other)))
			continue;
		if (merit > own)
			return false;
		rivals++;
	}
	return rivals > 0;
}
