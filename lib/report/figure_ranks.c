/* figure_ranks.c - draw average ranks and their critical difference. */
#include "config.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "report/columns.h"
#include "report/figure.h"
#include "report/series.h"

/*
 * The diagram of Demsar (2006).  The table has the differences of the average
 * ranks of K arms; since these ranks add up to K (K + 1) / 2, the differences
 * tell them: r(i) = (K + 1) / 2 + sum over j of (r(i) - r(j)) / K.
 */

#define SIDES	0.35		/* the least axis between labels on both sides,
				   as a share of the page */

#define NO_BAR	SIZE_MAX

struct arm {
	const char *name;
	double rank, sum;
	size_t n;		/* differences from others */
};

struct figure {
	struct mc_rows *rows;
	struct mc_drawing *d;
	struct mc_plot *p;
	size_t n;
	const struct mc_differences_row **row;	/* [n] */
	size_t *at;				/* [n]: its row in the table */
	char **ranks;				/* [n]: what it ranks by */
	struct mc_series s;
	size_t n_arms, cap;
	struct arm *arms;
	double critical;
	double x, w, y;		/* the axis */
	double room, lines;	/* for labels, which are folded */
	size_t n_left;		/* arms whose labels are on the left */
};

static bool
is_rank(const void *row)
{
	const struct mc_differences_row *r = row;

	return strcmp(r->test, "nemenyi") == 0 && *r->arm_b != '\0';
}

/* --- Ranks ---------------------------------------------------------------- */

/* "AUROC" of the metric "rank of auroc" of mc-compare, to be freed. */
static char *
name_ranks(const char *metric)
{
	static const char rank_of[] = "rank of ";
	const char *name = metric, *heading;

	if (strncmp(metric, rank_of, sizeof(rank_of) - 1) == 0)
		name += sizeof(rank_of) - 1;
	heading = mc_columns_metric(name)->heading;
	return mc_xstrdup(heading != NULL ? heading : name);
}

static void
choose_rows(struct figure *f)
{
	size_t n = mc_rows_count(f->rows), i;

	f->row = mc_xcalloc(n + 1, sizeof(*f->row));
	f->at = mc_xcalloc(n + 1, sizeof(*f->at));
	f->ranks = mc_xcalloc(n + 1, sizeof(*f->ranks));
	for (i = 0; i < n; i++) {
		if (!is_rank(mc_rows_get(f->rows, i)))
			continue;
		f->row[f->n] = mc_rows_get(f->rows, i);
		f->ranks[f->n] = name_ranks(f->row[f->n]->metric);
		f->at[f->n++] = i;
	}
}

enum { N_KEYS = 5 };

static const char *
text_of(const void *arg, size_t row, size_t key)
{
	const struct figure *f = arg;
	const struct mc_differences_row *r = f->row[row];
	const char *const texts[N_KEYS] = { f->ranks[row], r->average,
	    r->class_name, r->split, r->subgroup };

	return texts[key];
}

static void
make_series(struct figure *f)
{
	static const struct mc_series_key keys[N_KEYS] = {
		{ NULL, false, false } };

	mc_series_make(&f->s, keys, N_KEYS, f->n, text_of, f);
}

static struct arm *
arm_of(struct figure *f, const char *name)
{
	size_t i;

	for (i = 0; i < f->n_arms; i++) {
		if (strcmp(f->arms[i].name, name) == 0)
			return &f->arms[i];
	}
	f->arms = mc_xgrow(f->arms, f->n_arms, &f->cap, sizeof(*f->arms));
	f->arms[f->n_arms] = (struct arm){ name, 0, 0, 0 };
	return &f->arms[f->n_arms++];
}

static int
compare_arms(const void *va, const void *vb)
{
	const struct arm *a = va, *b = vb;

	return a->rank != b->rank ? (a->rank > b->rank ? 1 : -1) :
	    strcmp(a->name, b->name);
}

/* Find the average ranks of PANEL, the best first, and what is critical. */
static enum mc_status
find_ranks(struct figure *f, size_t panel, struct mc_err *err)
{
	size_t i;

	f->n_arms = 0;
	f->critical = NAN;
	for (i = 0; i < f->n; i++) {
		const struct mc_differences_row *r = f->row[i];

		if (f->s.panel[i] != panel)
			continue;
		if (isnan(r->difference) || isnan(r->lo))
			return mc_err_set(err, MC_EDATA, "%s: a difference of "
			    "ranks without its value or interval",
			    mc_rows_place(f->rows, f->at[i]));
		arm_of(f, r->arm_a)->sum += r->difference;
		arm_of(f, r->arm_a)->n++;
		arm_of(f, r->arm_b)->sum -= r->difference;
		arm_of(f, r->arm_b)->n++;
		f->critical = (r->hi - r->lo) / 2;
	}
	for (i = 0; i < f->n_arms; i++) {
		if (f->arms[i].n != f->n_arms - 1)
			return mc_err_at(err, MC_EDATA, mc_rows_name(f->rows,
			    0), 0, "average ranks: \"%s\" is not compared once "
			    "with each other arm: give the whole table of "
			    "mc-compare --friedman, once", f->arms[i].name);
		f->arms[i].rank = (double)(f->n_arms + 1) / 2 +
		    f->arms[i].sum / (double)f->n_arms;
	}
	qsort(f->arms, f->n_arms, sizeof(*f->arms), compare_arms);
	return MC_OK;
}

/* --- Drawing -------------------------------------------------------------- */

/* Where a rank is on the axis. */
static double
x_of(const struct figure *f, double rank)
{
	return f->x + f->w * (rank - 1) / (double)(f->n_arms - 1);
}

static char *
label(const struct arm *a)
{
	return mc_xasprintf("%s  %.2f", a->name, a->rank);
}

/* The width of the widest label; sets the lines that the longest takes where ROOM
   is not 0. */
static double
measure(struct figure *f, double room)
{
	double widest = 0;
	size_t i;

	for (i = 0; i < f->n_arms; i++) {
		char *text = label(&f->arms[i]);

		widest = fmax(widest, mc_plot_text_width(f->p, MC_PLAIN,
		    text));
		if (room > 0)
			f->lines = fmax(f->lines, (double)mc_plot_lines_needed(
			    f->p, room, MC_PLAIN, text));
		free(text);
	}
	return widest;
}

/* Lay the axis out between its labels, or with all of them on its right. */
static void
arrange(struct figure *f)
{
	double gap = 2 * f->p->em, widest = measure(f, 0);

	f->room = 0;
	f->lines = 1;
	f->x = widest + gap;
	f->w = f->p->width - 2 * f->x;
	f->n_left = f->n_arms / 2;
	if (f->w >= SIDES * f->p->width)
		return;
	f->n_left = 0;
	f->x = gap;
	f->room = fmin(widest, 0.5 * f->p->width);
	measure(f, f->room);
	f->w = f->p->width - 2 * gap - f->room;
}

/* The axis from the best rank to the worst, with the critical difference above
   it; FROM is the height where it may begin. */
static void
draw_axis(struct figure *f, double from)
{
	double tick = 0.3 * f->p->line, apart, y;
	char *text = mc_xasprintf("Critical difference %.2f", f->critical);
	size_t k, step;

	y = from + 0.6 * f->p->line;
	mc_plot_text(f->p, f->x, y, MC_LEFT, MC_SMALL, text);
	y += 0.8 * f->p->line;
	mc_plot_line(f->p, f->x, y, fmin(x_of(f, 1 + f->critical), f->x +
	    f->w), y, MC_RULE_BLACK, false);
	mc_plot_line(f->p, f->x, y - tick, f->x, y + tick, MC_RULE_BLACK,
	    false);
	mc_plot_line(f->p, x_of(f, 1 + f->critical), y - tick, x_of(f, 1 +
	    f->critical), y + tick, MC_RULE_BLACK, false);
	y += f->p->line;
	/* Only as many numbers as there is room for. */
	apart = f->w / (double)(f->n_arms - 1);
	step = (size_t)ceil((mc_plot_text_width(f->p, MC_SMALL, "10") +
	    f->p->em) / apart);
	for (k = 1; k <= f->n_arms; k += step) {
		char number[MC_NUM_SIZE];

		mc_plot_text(f->p, x_of(f, (double)k), y, MC_CENTRE, MC_SMALL,
		    mc_format_f64(number, (double)k));
	}
	f->y = y + 0.95 * f->p->line;
	mc_plot_line(f->p, f->x, f->y, f->x + f->w, f->y, MC_RULE_BLACK,
	    false);
	for (k = 1; k <= f->n_arms; k++)
		mc_plot_line(f->p, x_of(f, (double)k), f->y - tick, x_of(f,
		    (double)k), f->y, MC_RULE_BLACK, false);
	free(text);
}

/*
 * Find the next bar, which joins the arms from *FIRST up to *LAST that do not
 * differ; both are those of the bar before it, or NO_BAR.
 */
static bool
next_bar(const struct figure *f, size_t *first, size_t *last)
{
	size_t i = *first == NO_BAR ? 0 : *first + 1, j;

	for (; i < f->n_arms; i++) {
		for (j = i; j + 1 < f->n_arms && f->arms[j + 1].rank -
		    f->arms[i].rank < f->critical; j++)
			;
		/* One within the bar before says nothing new. */
		if (j == i || (*last != NO_BAR && j <= *last))
			continue;
		*first = i;
		*last = j;
		return true;
	}
	return false;
}

/* Draw the bars below the axis; returns how many there are. */
static size_t
draw_bars(struct figure *f)
{
	size_t n = 0, first = NO_BAR, last = NO_BAR;
	double y;

	while (next_bar(f, &first, &last)) {
		y = f->y + (double)++n * 0.55 * f->p->line;
		mc_plot_line(f->p, x_of(f, f->arms[first].rank) - 0.4 *
		    f->p->em, y, x_of(f, f->arms[last].rank) + 0.4 * f->p->em,
		    y, MC_RULE_THICK, false);
	}
	return n;
}

/* On a terminal: a list of the arms, with the bars as columns beside it. */
static void
draw_list(struct figure *f)
{
	size_t n = 0, first = NO_BAR, last = NO_BAR, i;
	double widest = 0, x;
	char *text;

	for (i = 0; i < f->n_arms; i++) {
		text = mc_xasprintf("%6.2f  %s", f->arms[i].rank,
		    f->arms[i].name);
		mc_plot_text(f->p, 0, f->d->y + (double)i, MC_LEFT, MC_PLAIN,
		    text);
		widest = fmax(widest, mc_plot_text_width(f->p, MC_PLAIN,
		    text));
		free(text);
	}
	while (next_bar(f, &first, &last)) {
		x = widest + 2 * (double)++n;
		for (i = first; i <= last; i++)
			mc_plot_text(f->p, x, f->d->y + (double)i, MC_LEFT,
			    MC_PLAIN, "|");
	}
	text = mc_xasprintf("Critical difference %.2f", f->critical);
	f->d->y += (double)f->n_arms + 1;
	mc_plot_text(f->p, 1, f->d->y++, MC_LEFT, MC_PLAIN, text);
	free(text);
}

/* Lead from the axis to the label of arm I, which is at the height Y. */
static void
draw_arm(struct figure *f, size_t i, double y)
{
	double x = x_of(f, f->arms[i].rank);
	bool left = i < f->n_left;
	double end = left ? f->x - 0.5 * f->p->em : f->x + f->w + 0.5 *
	    f->p->em;
	char *text = label(&f->arms[i]);

	mc_plot_line(f->p, x, f->y, x, y, MC_RULE_BLACK, false);
	mc_plot_line(f->p, x, y, end, y, MC_RULE_BLACK, false);
	mc_plot_text_around(f->p, left ? end - 0.5 * f->p->em : end + 0.5 *
	    f->p->em, y, f->room, left ? MC_RIGHT : MC_LEFT, MC_PLAIN, false,
	    text);
	free(text);
}

static void
draw_diagram(struct figure *f, size_t panel)
{
	double first, n_rows = 0;
	size_t bars, i;

	if (f->s.n_panels > 1) {
		mc_plot_text(f->p, 0.5 * f->p->em, f->d->y + (f->p->is_text ?
		    0 : 0.8 * f->p->line), MC_LEFT, MC_BOLD,
		    f->s.panels[panel]);
		f->d->y += f->p->is_text ? 1 : 1.3 * f->p->line;
	}
	if (f->p->is_text) {
		draw_list(f);
		return;
	}
	draw_axis(f, f->d->y);
	bars = draw_bars(f);
	first = f->y + ((double)bars * 0.55 + 1) * f->p->line;
	/* From outside to inside, so that no line crosses another. */
	for (i = 0; i < f->n_arms; i++) {
		double row = i < f->n_left ? (double)i :
		    (double)(f->n_arms - 1 - i);

		draw_arm(f, i, first + row * (f->lines > 1 ? f->lines + 0.2 :
		    1) * f->p->line);
		n_rows = fmax(n_rows, row + 1);
	}
	f->d->y = first + n_rows * (f->lines > 1 ? f->lines + 0.2 : 1) *
	    f->p->line;
}

/* F is missing where all tasks rank the arms alike. */
static void
say_friedman(struct figure *f, const struct mc_differences_row *r)
{
	char *ranks = name_ranks(r->metric);
	char *statistic = isfinite(r->difference) ?
	    mc_xasprintf("F = %.2f, ", r->difference) : mc_xstrdup("");

	mc_notes_say(f->d->notes, "%s: Friedman's test, %sp %s %.*f.",
	    ranks, statistic, r->p < 0.001 ? "<" : "=",
	    r->p < 0.1 ? 3 : 2, fmax(r->p, 0.001));
	free(statistic);
	free(ranks);
}

/* Say what Friedman's test of the same metrics found. */
static void
say_how(struct figure *f)
{
	size_t n = mc_rows_count(f->rows), i;

	mc_notes_say(f->d->notes, "Bars join arms whose ranks differ by less "
	    "than the critical difference (Nemenyi, %g %%).",
	    100 * f->row[0]->level);
	for (i = 0; i < n; i++) {
		const struct mc_differences_row *r = mc_rows_get(f->rows, i);

		if (strcmp(r->test, "friedman") == 0 && !isnan(r->p))
			say_friedman(f, r);
		else if (is_rank(r))
			mc_notes_remark(f->d->notes, r->note);
	}
}

static enum mc_status
draw_ranks(struct mc_rows *r, struct mc_drawing *d, struct mc_err *err)
{
	struct figure f = { .rows = r, .d = d, .p = d->plot };
	enum mc_status status = MC_OK;
	size_t panel, i;

	choose_rows(&f);
	make_series(&f);
	for (panel = 0; panel < f.s.n_panels && status == MC_OK; panel++) {
		status = find_ranks(&f, panel, err);
		if (status == MC_OK) {
			arrange(&f);
			draw_diagram(&f, panel);
		}
	}
	if (status == MC_OK)
		say_how(&f);
	free(f.arms);
	for (i = 0; i < f.n; i++)
		free(f.ranks[i]);
	free(f.ranks);
	free(f.row);
	free(f.at);
	mc_series_clear(&f.s);
	return status;
}

const struct mc_figure mc_figure_ranks = { "ranks", &mc_differences_schema,
    "arm_a,arm_b,difference", is_rank, draw_ranks };
