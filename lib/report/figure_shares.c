/* figure_shares.c - draw metrics over the share of the training images. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "report/figure.h"
#include "report/metric_figure.h"
#include "report/series.h"
#include "report/trend.h"

#define N_KEYS (MC_KEYS + 2)

struct figure {
	struct mc_rows *rows;
	struct mc_drawing *d;
	size_t n, left_out, others;
	const struct mc_metrics_row **row;	/* [n] */
	double *share;				/* [n] */
	char **headings;			/* [n]: of their metrics */
	struct mc_column *columns;
	size_t n_columns;
	struct mc_series s;
	struct mc_trend trend;
};

/* The share of a row, in percent; NAN: it has none. */
static double
share_of(const struct mc_metrics_row *r)
{
	const char *text = r->key[MC_KEY_TRAIN_SHARE];
	struct mc_err why;
	double share = NAN;

	if (*text == '\0' || mc_parse_f64(text, 0, 100, &share, &why) != MC_OK)
		return NAN;
	return share;
}

static bool
has_share(const void *row)
{
	return !isnan(share_of(row));
}

/* --- Which rows ----------------------------------------------------------- */

static void
choose_rows(struct figure *f)
{
	size_t n = mc_rows_count(f->rows), i, k, c;

	f->row = mc_xcalloc(n + 1, sizeof(*f->row));
	f->share = mc_xcalloc(n + 1, sizeof(*f->share));
	f->headings = mc_xcalloc(n + 1, sizeof(*f->headings));
	for (i = 0; i < n; i++) {
		const struct mc_metrics_row *r = mc_rows_get(f->rows, i);
		struct mc_column column = mc_metric_figure_column(r);
		double share = share_of(r);

		c = mc_columns_find(f->columns, f->n_columns, &column);
		f->others += c == f->n_columns;
		if (c == f->n_columns)
			continue;
		f->left_out += isnan(share);
		if (isnan(share))
			continue;
		/* The points of a line must be in the order of x. */
		for (k = f->n++; k > 0 && f->share[k - 1] > share; k--) {
			f->row[k] = f->row[k - 1];
			f->share[k] = f->share[k - 1];
			f->headings[k] = f->headings[k - 1];
		}
		f->row[k] = r;
		f->share[k] = share;
		f->headings[k] = mc_metric_figure_axis(f->columns,
		    f->n_columns, c);
	}
}

static const char *
text_of(const void *arg, size_t row, size_t key)
{
	const struct figure *f = arg;

	return key == MC_KEY_TRAIN_SHARE ? "" :
	    key < MC_KEYS ? f->row[row]->key[key] :
	    key == MC_KEYS ? f->row[row]->subgroup : f->headings[row];
}

/* A line is an arm and seed; its points differ in their share alone. */
static void
make_series(struct figure *f)
{
	struct mc_series_key keys[N_KEYS];

	mc_series_keys(keys, mc_series_is_of_arm);
	keys[MC_KEYS] = (struct mc_series_key){ NULL, false, true };
	keys[MC_KEYS + 1] = (struct mc_series_key){ NULL, false, false };
	mc_series_make(&f->s, keys, N_KEYS, f->n, text_of, f);
}

/* --- The figure ----------------------------------------------------------- */

/* The title of row I's panel, unless it says what its axis says. */
static const char *
title(const struct figure *f, size_t i)
{
	const char *name = f->s.panels[f->s.panel[i]];

	return f->s.n_panels == 1 || strcmp(name, f->headings[i]) == 0 ? "" :
	    name;
}

static void
make_trend(struct figure *f)
{
	struct mc_trend *t = &f->trend;
	size_t i;

	t->x = "Training share (%)";
	t->ticks = t->marked = true;
	t->n_lines = f->s.n_lines;
	t->lines = f->s.lines;
	t->n_panels = f->s.n_panels;
	t->panels = mc_xcalloc(t->n_panels + 1, sizeof(*t->panels));
	for (i = 0; i < f->n; i++) {
		const struct mc_metrics_row *r = f->row[i];
		const struct mc_metric *m = mc_columns_metric(r->metric);
		struct mc_trend_panel *q = &t->panels[f->s.panel[i]];
		struct mc_trend_point point = { f->s.panel[i], f->s.line[i],
		    f->share[i], r->estimate, r->lo, r->hi };

		if (q->title == NULL)
			*q = (struct mc_trend_panel){ mc_xstrdup(title(f, i)),
			    f->headings[i], m->factor, m->least < m->most ?
			    m->least : -INFINITY, m->least < m->most ?
			    m->most : INFINITY, NAN };
		mc_trend_add(t, &point);
	}
}

static void
say_how(struct figure *f, bool has_bars)
{
	struct mc_evidence *from = mc_xcalloc(f->n + 1, sizeof(*from));
	struct mc_facts *facts = mc_facts_alloc();
	size_t i;

	if (!has_bars)
		mc_notes_without_intervals(f->d->notes);
	for (i = 0; i < f->n; i++) {
		const struct mc_metrics_row *r = f->row[i];

		mc_notes_remark(f->d->notes, r->note);
		from[i] = mc_metric_figure_evidence(r);
	}
	mc_notes_say(f->d->notes, "%s", has_bars ?
	    "Bars: interval of each point." : "Intervals are not drawn.");
	if (has_bars)
		mc_facts_add_intervals(facts, &f->d->style->table, from, f->n);
	mc_facts_add_sizes(facts, &f->d->style->table, from, f->n,
	    "Training seeds per arm");
	mc_notes_facts(f->d->notes, facts);
	if (f->left_out > 0)
		mc_notes_say(f->d->notes, "Not drawn: %zu number%s without "
		    "train_share.", f->left_out, MC_PLURAL(f->left_out));
	if (f->others > 0)
		mc_notes_say(f->d->notes, "Not drawn: %zu number%s of other "
		    "metrics.", f->others, MC_PLURAL(f->others));
	mc_notes_rows_are(f->d->notes, "point");
	mc_facts_free(facts);
	free(from);
}

static enum mc_status
draw_shares(struct mc_rows *r, struct mc_drawing *d, struct mc_err *err)
{
	struct figure f = { .rows = r, .d = d };
	enum mc_status status;
	size_t i;

	if ((status = mc_metric_figure_choose(r, d, &f.columns,
	    &f.n_columns, err)) == MC_OK) {
		choose_rows(&f);
		if (f.n == 0)
			status = mc_err_at(err, MC_EDATA, mc_rows_name(r, 0),
			    0, "no chosen metric has a train_share");
	}
	if (status == MC_OK) {
		make_series(&f);
		make_trend(&f);
		status = mc_trend_check(&f.trend, mc_rows_name(r, 0), err);
	}
	if (status == MC_OK)
		say_how(&f, mc_trend_draw(&f.trend, d));
	for (i = 0; i < f.n; i++)
		free(f.headings[i]);
	free(f.headings);
	free(f.share);
	free(f.row);
	free(f.columns);
	mc_trend_clear(&f.trend);
	mc_series_clear(&f.s);
	return status;
}

const struct mc_figure mc_figure_shares = { "shares", &mc_metrics_schema,
    "metric,estimate", has_share, draw_shares };
