/*
 * test_fits.c - heads that are fitted to features at several values: nearest
 * neighbours and learning rates.
 */
#include "config.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "device.h"
#include "learn/probe.h"
#include "learn/rates.h"
#include "tap.h"

#define MOST 700

static struct mc_torch *t;
static struct mc_err err;
static const char *names[] = { "a", "b" };

/* --- Data sets ------------------------------------------------------------ */

/* Images of two features and two classes. */
struct data {
	struct mc_dataset d;
	int label[MOST];
	size_t train[MOST], val[MOST];
	uint64_t key[MOST];
};

static void
start_data(struct data *x)
{
	memset(x, 0, sizeof(*x));
	x->d.kept = (struct mc_kept){ MC_KEEP_FEATURES, 2,
	    mc_records_alloc(2 * sizeof(float), &err), NULL, NULL };
	x->d.label = x->label;
	x->d.labels = 1;
	x->d.classes = names;
	x->d.n_classes = 2;
	x->d.train = x->train;
	x->d.val = x->val;
	x->d.key = x->key;
}

static void
add_image(struct data *x, double a, double b, int label)
{
	const float values[] = { (float)a, (float)b };
	size_t i = x->d.n++;

	x->label[i] = label;
	x->key[i] = 1000003 * i;
	if (mc_records_add(x->d.kept.records, values, 1, &err) != MC_OK)
		abort();
}

/* The first N images train, the last one first; the others validate. */
static void
end_data(struct data *x, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		x->train[x->d.n_train++] = n - 1 - i;
	for (; i < x->d.n; i++)
		x->val[x->d.n_val++] = i;
	if (mc_records_map(x->d.kept.records, &err) != MC_OK)
		abort();
}

/* Training of a new head SPEC on X with the loss L. */
static struct mc_training
training_on(const struct data *x, const char *spec, struct mc_loss *l)
{
	static const size_t some[] = { 1, 1 };
	static const struct mc_loss_options o = { .focal = 0 };
	const struct mc_loss_classes classes = { names, 2, some, some, false };
	struct mc_training g = { .t = t, .data = &x->d, .threads = 2,
	    .recipe = { .tuning.layer_decay = 1, .batch = 8, .accumulate = 1,
	    .epochs = 3, .seed = 1 }, .loss = l };

	if (mc_loss_make(l, &o, &classes, &err) != MC_OK ||
	    mc_head_alloc(&g.head, t, spec, 2, 2, 1, &err) != MC_OK ||
	    mc_criterion_parse(&g.recipe.select, "loss", false, &err) != MC_OK)
		abort();
	return g;
}

/* --- Neighbours ----------------------------------------------------------- */

/* Row ROW of LOG, from 0, below its heading, has this loss and accuracy. */
static void
is_row(const struct mc_buf *log, int row, double loss, double tolerance,
    double accuracy)
{
	const char *line = log->data;
	double found[2] = { NAN, NAN };

	for (row++; row > 0 && line != NULL; row--)
		line = strchr(line + 1, '\n');
	if (line == NULL || sscanf(line, "%*s%*s%lf%lf", &found[0], &found[1])
	    != 2)
		tap_ok(false, "a row of the log: %s", log->data);
	tap_near(found[0], loss, tolerance, "a loss");
	tap_near(found[1], accuracy, 1e-12, "an accuracy");
}

static void
ignore_compared(size_t done, size_t total, void *arg)
{
	size_t *most = arg;

	(void)total;
	*most = done;
}

/*
 * 300 pairs of equal images, one of each class, more than are compared at once.
 * Without itself each is like the other, whose class is wrong; of two more the
 * nearest pair has one each.  An image to validate is like the first of a pair
 * in the order of training, which is of b.
 */
static void
test_neighbours(void)
{
	const double wrong = -log(DBL_EPSILON);
	struct mc_loss l;
	struct data *x = mc_xmalloc(sizeof(*x));
	struct mc_training g;
	struct mc_buf log = { 0 };
	struct mc_best kept;
	size_t done = 0;
	const struct mc_probe_listener listener = { ignore_compared, NULL,
	    &done };
	int i;

	start_data(x);
	for (i = 0; i < 600; i++)
		add_image(x, cos(i / 2 * M_PI / 600), sin(i / 2 * M_PI / 600),
		    i % 2);
	for (i = 0; i < 50; i++)
		add_image(x, cos(6 * i * M_PI / 600), sin(6 * i * M_PI / 600),
		    1);
	end_data(x, 600);
	g = training_on(x, "knn", &l);
	g.recipe.fit = MC_FIT_KNN;
	g.recipe.temperature = 0.07;
	g.recipe.tried = (struct mc_grid){ { 1, 3 }, 2 };
	TEST(mc_probe_fit(&g, &listener, &log, &kept, &err) == MC_OK);
	tap_int((long long)done, 650, "all images have been compared");
	is_row(&log, 0, wrong, 1e-12, 0);
	is_row(&log, 1, 0, 1e-12, 1);
	is_row(&log, 2, log1p(2), 1e-3, 0);
	tap_int(kept.epoch, 1, "the first value is kept");
	tap_ok(mc_head_images(g.head) != NULL &&
	    mc_knn_count(mc_head_images(g.head)) == 600, "with its images");
	mc_buf_free(&log);
	mc_head_free(g.head);
	mc_loss_clear(&l);
	mc_records_free(x->d.kept.records);
	free(x);
}

/* --- Learning rates ------------------------------------------------------- */

static char said[512];

static void
note_said(const char *line)
{
	strcat(strcat(said, line), "|");
}

static void
get_values(const struct mc_head *h, float values[6])
{
	mc_to_f32(t, mc_head_param(h, 0)->tensor, values, 4);
	mc_to_f32(t, mc_head_param(h, 1)->tensor, values + 4, 2);
}

/* Train alone at RATE, and add the log, from its row FIRST on, to LOG. */
static struct mc_best
train_alone(const struct data *x, double rate, struct mc_buf *log,
    float values[6])
{
	struct mc_buf own = { 0 };
	struct mc_training g;
	struct mc_best kept;
	struct mc_loss l;

	g = training_on(x, "linear", &l);
	g.recipe.optim = (struct mc_optim_options){ .kind = MC_SGD,
	    .rate = rate };
	TEST(mc_train(&g, &own, &kept, &err) == MC_OK);
	mc_buf_puts(log, log->len > 0 ? strchr(own.data, '\n') + 1 : own.data);
	get_values(g.head, values);
	mc_buf_free(&own);
	mc_head_free(g.head);
	mc_loss_clear(&l);
	return kept;
}

/* Each rate begins where it would alone; one without losses is left out. */
static void
test_rates(void)
{
	static const double rates[] = { 0.001, 0.1, 0.5 };
	struct data *x = mc_xmalloc(sizeof(*x));
	struct mc_buf alone = { 0 }, log = { 0 };
	float values[3][6], found[6];
	struct mc_best best[3], kept;
	struct mc_training g;
	struct mc_loss l;
	size_t i, wanted = 0;

	start_data(x);
	for (i = 0; i < 60; i++)
		add_image(x, (double)(i % 7) - 3, (double)(i % 5) - 2,
		    (i % 7 + i % 5 > 5) != (i % 9 == 0));
	end_data(x, 40);
	for (i = 0; i < 3; i++) {
		best[i] = train_alone(x, rates[i], &alone, values[i]);
		wanted = best[i].loss < best[wanted].loss ? i : wanted;
	}
	g = training_on(x, "linear", &l);
	g.recipe.optim.kind = MC_SGD;
	g.recipe.tried = (struct mc_grid){ { 0.001, 0.1, 0.5, 1e38 }, 4 };
	TEST(mc_train_rates(&g, note_said, &log, &kept, &err) == MC_OK);
	tap_ok(strncmp(log.data, alone.data, alone.len) == 0,
	    "the logs of each rate, one after another");
	tap_ok(kept.epoch == best[wanted].epoch && kept.loss ==
	    best[wanted].loss, "the best epoch of all");
	tap_near(g.recipe.optim.rate, rates[wanted], 0, "and its rate");
	get_values(g.head, found);
	tap_ok(memcmp(found, values[wanted], sizeof(found)) == 0,
	    "and its parameters");
	tap_ok(strstr(said, "learning rate 0.001, number 1 of 4|learning rate "
	    "0.1, number 2 of 4|") == said && strstr(said, "|learning rate "
	    "1e+38 is left out: ") != NULL, "what is said: %s", said);
	mc_buf_free(&alone);
	mc_buf_free(&log);
	mc_head_free(g.head);
	mc_loss_clear(&l);
	mc_records_free(x->d.kept.records);
	free(x);
}

int
main(void)
{
	if (!tap_ok(mc_torch_alloc(&t, test_device(), 2, 1, &err) == MC_OK,
	    "libtorch starts"))
		return tap_done();
	test_neighbours();
	test_rates();
	mc_torch_free(t);
	return tap_done();
}
