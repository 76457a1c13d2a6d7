/* figure_training.c - draw the log of mc-train: the losses over the epochs. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "report/figure.h"
#include "report/series.h"
#include "report/trend.h"

/* What is drawn of each epoch, a panel each. */
static const struct {
	const char *title, *label;
	double factor, most;
} quantities[] = {
	{ "Loss", "Loss", 1, INFINITY },
	{ "F1", "F1 (%)", 100, 1 },
};
#define N_QUANTITIES (sizeof(quantities) / sizeof(*quantities))

struct figure {
	struct mc_rows *rows;
	struct mc_drawing *d;
	size_t n;
	char **files;			/* [n] */
	char **rates;			/* [n]: the learning rate, where the
					   file has several trainings */
	struct mc_series s;
	struct mc_trend trend;
};

static const struct mc_log_row *
row_at(const struct figure *f, size_t i)
{
	return mc_rows_get(f->rows, i);
}

/* How much of a file's path its name has: as little as tells the files apart. */
enum extent { STEM, NO_ENDING, NO_ENDING_PATH, WHOLE_PATH, N_EXTENTS };

/* The name of the file of ROW, without the line. */
static char *
file_of(struct figure *f, size_t row, enum extent extent)
{
	const char *begin = mc_rows_place(f->rows, row), *base = begin;
	const char *end = strrchr(begin, ':'), *dot = end, *at;

	for (at = begin; at < end; at++) {
		if (*at == '/')
			base = at + 1;
	}
	for (at = end - 1; at > base; at--) {
		if (*at == '.' && (dot == end || extent == STEM))
			dot = at;
	}
	begin = extent < NO_ENDING_PATH ? base : begin;
	return mc_xstrndup(begin, (size_t)((extent < WHOLE_PATH ? dot : end) -
	    begin));
}

/* Whether a row before ROW, the first of its file, has its file's name. */
static bool
is_named_before(const struct figure *f, size_t row)
{
	size_t i;

	for (i = 0; i < row; i++) {
		if (strcmp(f->files[i], f->files[row]) == 0)
			return true;
	}
	return false;
}

/* Whether two files, whose rows are adjacent, have one name. */
static bool
have_one_name(struct figure *f)
{
	size_t row;
	char *path, *before = NULL;
	bool one = false;

	for (row = 0; row < f->n && !one; row++, before = path) {
		path = file_of(f, row, WHOLE_PATH);
		if (before != NULL && strcmp(path, before) != 0)
			one = is_named_before(f, row);
		free(before);
	}
	free(before);
	return one;
}

/* Name the files of the rows. */
static void
name_files(struct figure *f)
{
	enum extent extent;
	size_t i;

	f->files = mc_xcalloc(f->n + 1, sizeof(*f->files));
	for (extent = STEM; extent < N_EXTENTS; extent++) {
		for (i = 0; i < f->n; i++) {
			free(f->files[i]);
			f->files[i] = file_of(f, i, extent);
		}
		if (!have_one_name(f))
			break;
	}
}

/* Where the training of ROW ends: the row of another file, or one of an earlier
   epoch, from which the next training of mc-train --lr LIST begins. */
static size_t
end_of_training(const struct figure *f, size_t row)
{
	size_t i = row + 1;

	while (i < f->n && strcmp(f->files[i], f->files[row]) == 0 &&
	    row_at(f, i)->epoch >= row_at(f, i - 1)->epoch)
		i++;
	return i;
}

static bool
is_alone(const struct figure *f, size_t begin, size_t end)
{
	return (begin == 0 ||
	    strcmp(f->files[begin - 1], f->files[begin]) != 0) &&
	    (end == f->n || strcmp(f->files[end], f->files[begin]) != 0);
}

/* Tell the trainings of a file apart: by their highest rates, since a rate may
   grow and fall in each. */
static void
name_rates(struct figure *f)
{
	char number[MC_NUM_SIZE];
	size_t begin, end, i;
	double rate;

	f->rates = mc_xcalloc(f->n + 1, sizeof(*f->rates));
	for (begin = 0; begin < f->n; begin = end) {
		end = end_of_training(f, begin);
		rate = NAN;
		for (i = begin; i < end; i++)
			rate = fmax(rate, row_at(f, i)->learning_rate);
		for (i = begin; i < end; i++)
			f->rates[i] = is_alone(f, begin, end) || isnan(rate) ?
			    mc_xstrdup("") : mc_xstrdup(mc_format_f64(number,
			    rate));
	}
}

enum { TRAINING_FILE, RATE, SPLIT, N_KEYS };

static const char *
text_of(const void *arg, size_t row, size_t key)
{
	const struct figure *f = arg;

	return key == TRAINING_FILE ? f->files[row] :
	    key == RATE ? f->rates[row] : row_at(f, row)->split;
}

/* Several trainings are the lines; of one its splits are. */
static void
make_series(struct figure *f)
{
	static const struct mc_series_key keys[N_KEYS] = {
		[TRAINING_FILE] = { NULL, true, false },
		[RATE] = { "Learning rate", true, false },
		[SPLIT] = { NULL, false, true },
	};

	name_files(f);
	name_rates(f);
	mc_series_make(&f->s, keys, N_KEYS, f->n, text_of, f);
}

static void
make_trend(struct figure *f)
{
	struct mc_trend *t = &f->trend;
	size_t i, q;

	/* The logs of the heads logistic and knn have no learning rate. */
	t->x = "Number of the C or k that was tried";
	for (i = 0; i < f->n; i++) {
		if (!isnan(row_at(f, i)->learning_rate))
			t->x = "Epoch";
	}
	t->whole = true;
	t->marked = f->n <= 2;
	t->n_lines = f->s.n_lines;
	t->lines = f->s.lines;
	t->n_panels = f->s.n_panels * N_QUANTITIES;
	t->panels = mc_xcalloc(t->n_panels, sizeof(*t->panels));
	for (i = 0; i < t->n_panels; i++) {
		q = i % N_QUANTITIES;
		t->panels[i] = (struct mc_trend_panel){ mc_xstrdup(
		    f->s.n_panels > 1 ? f->s.panels[i / N_QUANTITIES] : ""),
		    quantities[q].label, quantities[q].factor, 0,
		    quantities[q].most, NAN };
	}
	for (i = 0; i < f->n; i++) {
		const struct mc_log_row *r = row_at(f, i);
		const double values[N_QUANTITIES] = { r->loss, r->f1 };

		for (q = 0; q < N_QUANTITIES; q++) {
			struct mc_trend_point point = { f->s.panel[i] *
			    N_QUANTITIES + q, f->s.line[i], (double)r->epoch,
			    values[q], NAN, NAN };

			mc_trend_add(t, &point);
		}
	}
}

static enum mc_status
draw_training(struct mc_rows *r, struct mc_drawing *d, struct mc_err *err)
{
	struct figure f = { .rows = r, .d = d, .n = mc_rows_count(r) };
	enum mc_status status;
	size_t i;

	make_series(&f);
	make_trend(&f);
	status = mc_trend_check(&f.trend, mc_rows_name(r, 0), err);
	if (status == MC_OK)
		mc_trend_draw(&f.trend, d);
	mc_notes_say(d->notes, "F1: mean over classes, weighted by class "
	    "frequency.");
	for (i = 0; i < f.n; i++) {
		free(f.files[i]);
		free(f.rates[i]);
	}
	free(f.files);
	free(f.rates);
	mc_trend_clear(&f.trend);
	mc_series_clear(&f.s);
	return status;
}

const struct mc_figure mc_figure_training = { "training", &mc_log_schema,
    "epoch,split,loss", NULL, draw_training };
