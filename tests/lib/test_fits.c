/*
 * test_fits.c - heads that are fitted to features: by steps, at several rates,
 * as a logistic regression, and nearest neighbours.
 */
#include "config.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "device.h"
#include "learn/logistic.h"
#include "learn/order.h"
#include "learn/pass.h"
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

/* Forty images to train, which no line divides, and twenty to validate. */
static void
make_data(struct data *x)
{
	size_t i;

	start_data(x);
	for (i = 0; i < 60; i++)
		add_image(x, (double)(i % 7) - 3, (double)(i % 5) - 2,
		    (i % 7 + i % 5 > 5) != (i % 9 == 0));
	end_data(x, 40);
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
	    mc_criterion_parse(&g.recipe.select, "loss",
	    (struct mc_criterion_classes){ 0 }, &err) != MC_OK)
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

	make_data(x);
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

/* --- Steps ---------------------------------------------------------------- */

/* Add the gradient of image I's loss, of weight W, to G; V: weights, biases. */
static void
add_gradient(const struct data *x, size_t i, double w, const double v[6],
    double g[6])
{
	const float *f = mc_records_at(x->d.kept.records, i);
	double a = v[0] * f[0] + v[1] * f[1] + v[4];
	double b = v[2] * f[0] + v[3] * f[1] + v[5];
	double d = w * (1 / (1 + exp(a - b)) - x->label[i]);
	int k;

	for (k = 0; k < 2; k++) {
		g[k] -= d * f[k];
		g[2 + k] += d * f[k];
	}
	g[4] -= d;
	g[5] += d;
}

/*
 * Plain gradient descent on V: weights 1 and 3, steps of 16 images, but of 8 in
 * the last of an epoch, at the rate 0.5 and a factor of 1/2 per epoch.
 */
static void
descend_by_hand(const struct data *x, double v[6])
{
	size_t order[40], i, end, k;
	int64_t epoch;

	for (epoch = 1; epoch <= 3; epoch++) {
		mc_epoch_order(x->train, 40, x->key, 1, epoch, 0, 1, order);
		for (i = 0; i < 40;) {
			double g[6] = { 0 }, sum = 0;

			for (end = i + 16; i < end && i < 40; i++) {
				double w = x->label[order[i]] ? 3 : 1;

				sum += w;
				add_gradient(x, order[i], w, v, g);
			}
			for (k = 0; k < 6; k++)
				v[k] -= ldexp(1, -(int)epoch) * g[k] / sum;
		}
	}
}

static void
test_steps(void)
{
	struct data *x = mc_xmalloc(sizeof(*x));
	struct mc_buf log = { 0 };
	struct mc_training g;
	struct mc_best kept;
	struct mc_loss l;
	float start[6], found[6];
	double v[6];
	int i;

	make_data(x);
	g = training_on(x, "linear", &l);
	l.weight[1] = 3;
	g.recipe.optim = (struct mc_optim_options){ .kind = MC_SGD,
	    .rate = 0.5 };
	g.recipe.accumulate = 2;
	TEST(mc_schedule_parse(&g.recipe.schedule, "step:1:0.5", &err) ==
	    MC_OK);
	get_values(g.head, start);
	for (i = 0; i < 6; i++)
		v[i] = start[i];
	TEST(mc_train(&g, &log, &kept, &err) == MC_OK);
	get_values(g.head, found);
	descend_by_hand(x, v);
	tap_int(kept.epoch, 3, "the last epoch is the best");
	for (i = 0; i < 6; i++)
		tap_near(found[i], v[i], 1e-5, "value %d of its head", i);
	mc_buf_free(&log);
	mc_head_free(g.head);
	mc_loss_clear(&l);
	mc_records_free(x->d.kept.records);
	free(x);
}

/* Each batch, numbered from 1, is mixed by its own draw. */
static void
test_mixed_pass(void)
{
	const int64_t shape[] = { 8, 2 };
	struct data *x = mc_xmalloc(sizeof(*x));
	struct mc_training g;
	struct mc_pass p;
	struct mc_loss l;
	int64_t label[8];
	int resumed[40], wrong = 0;
	size_t at, i;

	make_data(x);
	g = training_on(x, "linear", &l);
	g.recipe.mixing.mixup = 0.4;
	mc_pass_init(&p, &g, 8);
	mc_pass_start(&p, 2);
	mc_pass_labels(&p, 40, resumed);
	for (at = 0; at < 40; at += 8) {
		struct mc_targets targets = { .label = label };

		for (i = 0; i < 8; i++)
			label[i] = x->label[p.order[at + i]];
		mc_scope_open(t);
		mc_pass_mix(&p, at, 8, mc_full(t, MC_FLOAT32, 1, shape, 2),
		    &targets);
		mc_scope_close(t, NULL);
		wrong += targets.share != mc_mixing_draw(&g.recipe.mixing, 1,
		    2, (int64_t)at / 8 + 1, 0).share;
		for (i = 0; i < 8; i++)
			wrong += targets.other[i] != label[(i + 7) % 8] ||
			    resumed[at + i] != mc_targets_label(&targets, i);
	}
	tap_int(wrong, 0, "batches are mixed, and counted so when resumed");
	tap_near(mc_pass_divisor(&p, 8, 16), 16, 0, "mixed images count once");
	mc_pass_clear(&p);
	mc_head_free(g.head);
	mc_loss_clear(&l);
	mc_records_free(x->d.kept.records);
	free(x);
}

/* Without a rate no epoch is better than the first. */
static void
test_patience(void)
{
	struct data *x = mc_xmalloc(sizeof(*x));
	struct mc_buf log = { 0 };
	struct mc_training g;
	struct mc_best kept;
	struct mc_loss l;

	make_data(x);
	g = training_on(x, "linear", &l);
	g.recipe.optim.kind = MC_SGD;
	g.recipe.epochs = 9;
	g.recipe.patience = 2;
	TEST(mc_train(&g, &log, &kept, &err) == MC_OK);
	tap_int(kept.epoch, 1, "the first epoch is kept");
	tap_ok(strstr(log.data, "\n3\tval\t") != NULL &&
	    strstr(log.data, "\n4\ttrain\t") == NULL,
	    "two more are waited for");
	mc_buf_free(&log);
	mc_head_free(g.head);
	mc_loss_clear(&l);
	mc_records_free(x->d.kept.records);
	free(x);
}

/* --- The logistic regression ---------------------------------------------- */

#define WIDE 6

/*
 * At the minimum the gradient of the loss, of which the penalty leaves out the
 * intercepts, is 0.  Two classes have twice the penalty.
 */
static void
test_logistic(size_t n, size_t dim, size_t classes, double c)
{
	float values[12][WIDE];
	const float *x[12];
	int label[12];
	double w[3 * WIDE], b[3], largest = 0;
	double penalty = (classes == 2 ? 2 : 1) / c;
	struct mc_logistic *l;
	size_t i, j, k;

	for (i = 0; i < n; i++) {
		for (j = 0; j < dim; j++)
			values[i][j] = (float)((i * 7 + j * 5 + i * j) % 11) -
			    3;
		x[i] = values[i];
		label[i] = (int)((i * 5 + i / 4) % classes);
	}
	l = mc_logistic_alloc(x, label, n, dim, classes, 2);
	TEST(mc_logistic_fit(l, c, w, b));
	mc_logistic_free(l);
	for (k = 0; k < classes; k++) {
		double g[WIDE + 1] = { 0 };

		for (i = 0; i < n; i++) {
			double p[3], all = 0;
			size_t m;

			for (m = 0; m < classes; m++) {
				p[m] = b[m];
				for (j = 0; j < dim; j++)
					p[m] += w[m * dim + j] * x[i][j];
				all += exp(p[m]);
			}
			p[k] = exp(p[k]) / all - ((size_t)label[i] == k);
			for (j = 0; j < dim; j++)
				g[j] += p[k] * x[i][j];
			g[WIDE] += p[k];
		}
		for (j = 0; j < dim; j++)
			largest = fmax(largest, fabs(g[j] + penalty *
			    w[k * dim + j]));
		largest = fmax(largest, fabs(g[WIDE]));
	}
	tap_ok(largest < 1e-5, "%zu images, %zu features, %zu classes, C %g: "
	    "the gradient is %g", n, dim, classes, c, largest);
}

int
main(void)
{
	if (!tap_ok(mc_torch_alloc(&t, test_device(), 2, 1, &err) == MC_OK,
	    "libtorch starts"))
		return tap_done();
	test_neighbours();
	test_rates();
	test_steps();
	test_mixed_pass();
	test_patience();
	test_logistic(12, 3, 3, 1);
	test_logistic(12, 3, 3, 0.01);
	test_logistic(12, 6, 3, 10);
	test_logistic(5, 6, 3, 1);
	test_logistic(5, 6, 2, 1);
	mc_torch_free(t);
	return tap_done();
}
