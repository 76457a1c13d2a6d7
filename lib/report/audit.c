/* audit.c - make tables of how a study's data were chosen and divided. */
#include "config.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/audit.h"
#include "report/wide.h"

static enum mc_status
check_rows(struct mc_rows *r, const char *what, struct mc_err *err)
{
	if (mc_rows_count(r) > 0)
		return MC_OK;
	return mc_err_at(err, MC_EDATA, mc_rows_name(r, 0), 0,
	    "no row: %s has at least one", what);
}

/* "patients" of STYLE as a heading: "Patients". */
static char *
groups_heading(const struct mc_table_style *style)
{
	char *text = mc_xstrdup(style->units != NULL ? style->units : "groups");

	text[0] = (char)toupper((unsigned char)text[0]);
	return text;
}

static char *
count_text(int64_t n)
{
	return n < 0 ? mc_xstrdup(MC_MISSING) :
	    mc_xasprintf("%lld", (long long)n);
}

/* 100 V with STYLE's decimals, with a sign where SIGNED. */
static char *
percent_text(const struct mc_table_style *style, double v, bool is_signed)
{
	char *text, *with_minus;

	if (isnan(v))
		return mc_xstrdup(MC_MISSING);
	text = mc_xasprintf(is_signed ? "%+.*f" : "%.*f", style->percent,
	    100 * v);
	if (strspn(text, "+-0.") == strlen(text)) {
		with_minus = mc_xstrdup(*text == '+' || *text == '-' ?
		    text + 1 : text);
	} else if (*text == '-') {
		with_minus = mc_xasprintf(MC_MINUS "%s", text + 1);
	} else {
		return text;
	}
	free(text);
	return with_minus;
}

/* --- The audit of a split --------------------------------------------------- */

struct audit {
	struct mc_rows *rows;
	const struct mc_table_style *style;
	struct mc_grid *g;
	bool has_splits, has_folds, has_groups;
};

static void
add_audit_columns(struct audit *a)
{
	char *groups = groups_heading(a->style);

	if (a->has_splits)
		mc_grid_add_column(a->g, "Split", false);
	if (a->has_folds)
		mc_grid_add_column(a->g, "Fold", false);
	mc_grid_add_column(a->g, "Label", false);
	mc_grid_add_column(a->g, "Images", true);
	if (a->has_groups)
		mc_grid_add_column(a->g, groups, true);
	mc_grid_add_column(a->g, "Share of the part (%)", true);
	mc_grid_add_column(a->g, "Deviation from the overall share (points)", true);
	free(groups);
}

static void
add_audit_line(struct audit *a, const struct mc_audit_row *row,
    const struct mc_audit_row *before)
{
	bool is_new = before != NULL && (strcmp(row->split, before->split) !=
	    0 || strcmp(row->fold, before->fold) != 0);
	struct mc_grid_cell *cell = mc_grid_add_line(a->g,
	    is_new ? MC_RULE : MC_NO_RULE);

	if (a->has_splits)
		cell++->text = mc_xstrdup(row->split);
	if (a->has_folds)
		cell++->text = mc_xstrdup(row->fold);
	cell++->text = mc_xstrdup(row->label);
	cell++->text = count_text(row->images);
	if (a->has_groups)
		cell++->text = count_text(row->groups);
	cell++->text = percent_text(a->style, row->class_share, false);
	cell->text = percent_text(a->style, row->deviation, true);
}

/* Splits in the order of print, then as they come. */
static int
compare_rows(const void *a, const void *b)
{
	const struct mc_audit_row *x = *(const struct mc_audit_row *const *)a;
	const struct mc_audit_row *y = *(const struct mc_audit_row *const *)b;
	size_t i = mc_wide_rank(x->split), j = mc_wide_rank(y->split);

	return i != j ? (i > j) - (i < j) : (x > y) - (x < y);
}

enum mc_status
mc_audit_grid(struct mc_rows *rows, const struct mc_table_style *style,
    struct mc_grid **g, struct mc_err *err)
{
	struct audit a = { .rows = rows, .style = style };
	const struct mc_audit_row **sorted, *row;
	size_t n = mc_rows_count(rows), i;

	*g = NULL;
	if (check_rows(rows, "an audit", err) != MC_OK)
		return err->status;
	sorted = mc_xcalloc(n, sizeof(*sorted));
	for (i = 0; i < n; i++) {
		sorted[i] = row = mc_rows_get(rows, i);
		a.has_splits = a.has_splits || *row->split != '\0';
		a.has_folds = a.has_folds || *row->fold != '\0';
		a.has_groups = a.has_groups || row->groups > 0;
	}
	a.g = *g = mc_grid_alloc(style->caption, NULL);
	add_audit_columns(&a);
	qsort(sorted, n, sizeof(*sorted), compare_rows);
	for (i = 0; i < n; i++)
		add_audit_line(&a, sorted[i], i > 0 ? sorted[i - 1] : NULL);
	mc_grid_finish(a.g);
	free(sorted);
	return MC_OK;
}

/* --- The flow --------------------------------------------------------------- */

/* "mc-index: no label", or what the first row is. */
static char *
cause(const struct mc_flow_row *row)
{
	return *row->program == '\0' ? mc_xstrdup(row->reason) :
	    mc_xasprintf("%s: %s", row->program, row->reason);
}

static void
add_flow_line(struct mc_grid *g, const struct mc_flow_row *row,
    bool has_files, bool has_groups)
{
	struct mc_grid_cell *cell = mc_grid_add_line(g, MC_NO_RULE);

	cell++->text = cause(row);
	if (has_files)
		cell++->text = count_text(row->files);
	cell++->text = count_text(row->images);
	if (has_groups)
		cell++->text = count_text(row->groups);
	cell++->text = count_text(row->images_left);
	if (has_groups)
		cell->text = count_text(row->groups_left);
}

enum mc_status
mc_flow_grid(struct mc_rows *f, const struct mc_table_style *style,
    struct mc_grid **g, struct mc_err *err)
{
	char *groups, *remaining;
	bool has_files = false, has_groups = false;
	size_t i;

	*g = NULL;
	if (check_rows(f, "a flow table", err) != MC_OK)
		return err->status;
	for (i = 0; i < mc_rows_count(f); i++) {
		const struct mc_flow_row *row = mc_rows_get(f, i);

		/* Without files, one that is no image would be a row of 0. */
		has_files = has_files || (row->files >= 0 &&
		    row->files != row->images);
		has_groups = has_groups || row->groups_left >= 0;
	}
	groups = groups_heading(style);
	remaining = mc_xasprintf("%s remaining", groups);
	*g = mc_grid_alloc(style->caption, NULL);
	mc_grid_add_column(*g, "Found, or left out by", false);
	if (has_files)
		mc_grid_add_column(*g, "Files", true);
	mc_grid_add_column(*g, "Images", true);
	if (has_groups)
		mc_grid_add_column(*g, groups, true);
	mc_grid_add_column(*g, "Images remaining", true);
	if (has_groups)
		mc_grid_add_column(*g, remaining, true);
	for (i = 0; i < mc_rows_count(f); i++)
		add_flow_line(*g, mc_rows_get(f, i), has_files, has_groups);
	mc_grid_finish(*g);
	free(groups);
	free(remaining);
	return MC_OK;
}
