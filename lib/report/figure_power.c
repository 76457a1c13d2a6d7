/* figure_power.c - draw how the size of a study decides what it can show. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/columns.h"
#include "report/figure.h"
#include "report/series.h"
#include "report/trend.h"

/* The width of an arm's interval, or the power for a difference. */
enum { TASK, FOLD, SPLIT, METRIC, QUANTITY, LINE, N_KEYS };

struct figure {
	struct mc_rows *rows;
	struct mc_drawing *d;
	size_t n;
	char **kept;			/* texts of the rows, two each */
	struct mc_series s;
	struct mc_trend trend;
};

static const struct mc_power_row *
row_at(const struct figure *f, size_t i)
{
	return mc_rows_get(f->rows, i);
}

static bool
is_pair(const struct mc_power_row *r)
{
	return *r->arm_b != '\0';
}

/* What is drawn of a row; NAN: nothing. */
static double
value_of(const struct mc_power_row *r)
{
	return is_pair(r) ? r->power : r->width;
}

static bool
is_drawn(const void *row)
{
	const struct mc_power_row *r = row;

	return r->n_units > 0 && !isnan(value_of(r));
}

static const char *
text_of(const void *arg, size_t row, size_t key)
{
	const struct figure *f = arg;
	const struct mc_power_row *r = row_at(f, row);
	const char *const texts[N_KEYS] = {
		[TASK] = r->task, [FOLD] = r->fold, [SPLIT] = r->split,
		[METRIC] = f->kept[2 * row],
		[QUANTITY] = is_pair(r) ? "difference" : "",
		[LINE] = f->kept[2 * row + 1]
	};

	return texts[key];
}

static void
make_series(struct figure *f)
{
	static const struct mc_series_key keys[N_KEYS] = {
		[FOLD] = { "fold", false, false },
		[LINE] = { NULL, true, false },
	};
	size_t i;

	f->kept = mc_xcalloc(2 * f->n + 1, sizeof(*f->kept));
	for (i = 0; i < f->n; i++) {
		const struct mc_power_row *r = row_at(f, i);
		struct mc_column column = { r->metric, r->average,
		    r->class_name };

		f->kept[2 * i] = mc_columns_heading(&column, 1, 0);
		f->kept[2 * i + 1] = !is_pair(r) ? mc_xstrdup(r->arm_a) :
		    mc_xasprintf("%s " MC_MINUS " %s", r->arm_a, r->arm_b);
	}
	mc_series_make(&f->s, keys, N_KEYS, f->n, text_of, f);
}

/* The title of row I's panel, unless its axis says all of it. */
static const char *
title(const struct figure *f, size_t i)
{
	const char *name = f->s.panels[f->s.panel[i]];

	return f->s.n_panels == 1 || strcmp(name, "all") == 0 ||
	    strcmp(name, "difference") == 0 ? "" : name;
}

static void
make_panels(struct figure *f)
{
	struct mc_trend *t = &f->trend;
	size_t i;

	t->n_panels = f->s.n_panels;
	t->panels = mc_xcalloc(t->n_panels + 1, sizeof(*t->panels));
	for (i = 0; i < f->n; i++) {
		const struct mc_power_row *r = row_at(f, i);
		struct mc_trend_panel *q = &t->panels[f->s.panel[i]];

		if (q->title != NULL)
			continue;
		*q = (struct mc_trend_panel){ NULL, "Power (%)", 100, 0, 1,
		    NAN };
		q->title = mc_xstrdup(title(f, i));
		if (is_pair(r)) {
			q->reference = r->at_power;
			continue;
		}
		q->factor = mc_columns_metric(r->metric)->factor;
		q->y = q->factor == 100 ? "Interval width (%)" :
		    "Interval width";
		q->most = INFINITY;
	}
}

/* In the order of their sizes: the points of a line must be. */
static void
add_points(struct figure *f)
{
	size_t i, k;

	for (i = 0; i < f->n; i++) {
		const struct mc_power_row *r = row_at(f, i);
		struct mc_trend_point point = { f->s.panel[i], f->s.line[i],
		    (double)r->n_units, value_of(r), NAN, NAN };

		if (!is_drawn(r))
			continue;
		mc_trend_add(&f->trend, &point);
		for (k = f->trend.n - 1; k > 0 &&
		    f->trend.points[k - 1].x > point.x; k--)
			f->trend.points[k] = f->trend.points[k - 1];
		f->trend.points[k] = point;
	}
}

static void
say_how(struct figure *f)
{
	struct mc_evidence *from = mc_xcalloc(f->n + 1, sizeof(*from));
	struct mc_facts *facts = mc_facts_alloc();
	size_t i, left_out = 0;
	bool pairs = false, percent = false;

	for (i = 0; i < f->n; i++) {
		const struct mc_power_row *r = row_at(f, i);

		from[i] = (struct mc_evidence){ r->level, "", r->replicates,
		    r->resample_seed, { r->task, r->split, "" }, r->unit, -1,
		    -1, -1, NULL };
		mc_notes_remark(f->d->notes, r->note);
		left_out += !is_drawn(r);
		pairs = pairs || (is_drawn(r) && is_pair(r));
		percent = percent || (is_drawn(r) && !is_pair(r) &&
		    mc_columns_metric(r->metric)->factor == 100);
	}
	if (percent)
		mc_notes_say(f->d->notes, "Widths of percentages are in "
		    "percentage points.");
	if (pairs)
		mc_notes_say(f->d->notes, "Dashed: the required power.");
	if (left_out > 0)
		mc_notes_say(f->d->notes, "Not drawn: %zu row%s without a "
		    "size, width or power.", left_out, MC_PLURAL(left_out));
	mc_facts_add_intervals(facts, &f->d->style->table, from, f->n);
	mc_notes_facts(f->d->notes, facts);
	mc_facts_free(facts);
	free(from);
}

static enum mc_status
draw_power(struct mc_rows *r, struct mc_drawing *d, struct mc_err *err)
{
	struct figure f = { .rows = r, .d = d, .n = mc_rows_count(r) };
	const struct mc_table_style *style = &d->style->table;
	char *x = mc_xasprintf("Number of %s", style->units != NULL ?
	    style->units : "patients");
	enum mc_status status;
	size_t i;

	make_series(&f);
	f.trend.x = x;
	f.trend.log = f.trend.ticks = f.trend.marked = true;
	f.trend.n_lines = f.s.n_lines;
	f.trend.lines = f.s.lines;
	make_panels(&f);
	add_points(&f);
	status = mc_trend_check(&f.trend, mc_rows_name(r, 0), err);
	if (status == MC_OK)
		mc_trend_draw(&f.trend, d);
	say_how(&f);
	for (i = 0; i < 2 * f.n; i++)
		free(f.kept[i]);
	free(f.kept);
	free(x);
	mc_trend_clear(&f.trend);
	mc_series_clear(&f.s);
	return status;
}

const struct mc_figure mc_figure_power = { "power", &mc_power_schema,
    "goal,n_units", is_drawn, draw_power };
