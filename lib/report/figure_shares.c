/* figure_shares.c - draw metrics over the share of the training images. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "report/columns.h"
#include "report/figure.h"
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

static struct mc_column
column_of(const struct mc_metrics_row *r)
{
	return (struct mc_column){ r->metric, r->average, r->class_name };
}

/* --- Which rows ----------------------------------------------------------- */

static enum mc_status
choose_columns(struct figure *f, struct mc_err *err)
{
	size_t n = mc_rows_count(f->rows), i;
	struct mc_column *all = mc_xcalloc(n + 1, sizeof(*all));
	enum mc_status status;

	for (i = 0; i < n; i++)
		all[i] = column_of(mc_rows_get(f->rows, i));
	status = mc_columns_choose(all, n, f->d->style->table.metrics, false,
	    &f->columns, &f->n_columns, err);
	free(all);
	return status;
}

static void
choose_rows(struct figure *f)
{
	size_t n = mc_rows_count(f->rows), i, k, c;

	f->row = mc_xcalloc(n + 1, sizeof(*f->row));
	f->share = mc_xcalloc(n + 1, sizeof(*f->share));
	f->headings = mc_xcalloc(n + 1, sizeof(*f->headings));
	for (i = 0; i < n; i++) {
		const struct mc_metrics_row *r = mc_rows_get(f->rows, i);
		struct mc_column column = column_of(r);
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
		f->headings[k] = mc_columns_heading(f->columns, f->n_columns,
		    c);
	}
}

/* A line is an arm and seed; its points differ in their share alone. */
static void
make_series(struct figure *f)
{
	const char **texts = mc_xcalloc(f->n * N_KEYS + 1, sizeof(*texts));
	struct mc_series_key keys[N_KEYS];
	size_t i, k;

	for (k = 0; k < MC_KEYS; k++)
		keys[k] = mc_series_key_of(k, (mc_keys[k].flags &
		    MC_KEY_OF_ARM) != 0 || k == MC_KEY_FOLD);
	keys[MC_KEYS] = (struct mc_series_key){ NULL, false, true };
	keys[MC_KEYS + 1] = (struct mc_series_key){ NULL, false, false };
	for (i = 0; i < f->n; i++) {
		const char **to = texts + i * N_KEYS;

		memcpy(to, f->row[i]->key, sizeof(f->row[i]->key));
		to[MC_KEY_TRAIN_SHARE] = "";
		to[MC_KEYS] = f->row[i]->subgroup;
		to[MC_KEYS + 1] = f->headings[i];
	}
	mc_series_make(&f->s, keys, N_KEYS, texts, f->n);
	free(texts);
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
	bool percent = false;
	size_t i;

	if (!has_bars)
		mc_notes_without_intervals(f->d->notes);
	for (i = 0; i < f->n; i++) {
		const struct mc_metrics_row *r = f->row[i];

		mc_notes_remark(f->d->notes, r->note);
		percent = percent ||
		    mc_columns_metric(r->metric)->factor == 100;
		from[i] = (struct mc_evidence){ r->level, r->method,
		    r->replicates, r->resample_seed, { r->key[MC_KEY_TASK],
		    r->key[MC_KEY_SPLIT], r->subgroup }, r->unit, r->n_images,
		    r->n_units, r->seeds };
	}
	if (percent)
		mc_notes_say(f->d->notes, "Proportions are in percent.");
	mc_notes_say(f->d->notes, "%s", has_bars ?
	    "Bars: interval of each point." : "Intervals are not drawn.");
	if (has_bars)
		mc_facts_add_intervals(facts, &f->d->style->table, from, f->n);
	mc_facts_add_sizes(facts, &f->d->style->table, from, f->n,
	    "Training seeds");
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

	if ((status = choose_columns(&f, err)) == MC_OK) {
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
