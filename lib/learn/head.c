/* head.c - build the classifier on a backbone's features. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/rng.h"
#include "learn/head.h"

#define MAX_PARAMS 4

struct mc_head {
	struct mc_torch *t;
	int64_t in, out;
	struct mc_param param[MAX_PARAMS];
	size_t n;		/* 2: linear, 4: mlp, 0: knn, which has: */
	struct mc_knn *images;
	size_t k;
	double temperature;
};

/* The hidden units that SPEC asks for; 0: linear. */
static enum mc_status
parse_spec(const char *spec, int64_t *hidden, struct mc_err *err)
{
	struct mc_err why;

	*hidden = 0;
	if (strcmp(spec, "linear") == 0 || mc_head_fit(spec) != MC_FIT_STEPS)
		return MC_OK;
	if (strncmp(spec, "mlp:", 4) == 0 &&
	    mc_parse_i64(spec + 4, 1, 65536, hidden, &why) == MC_OK)
		return MC_OK;
	return mc_err_set(err, MC_EUSAGE, "the head \"%s\" is not linear, "
	    "mlp:N with N from 1 to 65536, logistic or knn", spec);
}

enum mc_head_fit
mc_head_fit(const char *spec)
{
	return strcmp(spec, "logistic") == 0 ? MC_FIT_LOGISTIC :
	    strcmp(spec, "knn") == 0 ? MC_FIT_KNN : MC_FIT_STEPS;
}

enum mc_status
mc_head_check(const char *spec, struct mc_err *err)
{
	int64_t hidden;

	return parse_spec(spec, &hidden, err);
}

/* Values of P uniform in +-BOUND, to be freed. */
static float *
draw(const struct mc_param *p, double bound, uint64_t seed)
{
	gsl_rng *rng = mc_stream_alloc(seed, p->name, 0);
	float *values = mc_xreallocarray(NULL, p->n, sizeof(*values));
	size_t i;

	for (i = 0; i < p->n; i++)
		values[i] = (float)((2 * gsl_rng_uniform(rng) - 1) * bound);
	gsl_rng_free(rng);
	return values;
}

/* Add a parameter of the shape ROWS x COLUMNS, or ROWS where COLUMNS is 0. */
static void
add_param(struct mc_head *h, const char *name, int64_t rows, int64_t columns,
    double bound, uint64_t seed)
{
	struct mc_param *p = &h->param[h->n++];
	float *values;

	p->name = name;
	p->ndim = columns > 0 ? 2 : 1;
	p->shape[0] = rows;
	p->shape[1] = columns;
	p->n = (size_t)(columns > 0 ? rows * columns : rows);
	p->weight = columns > 0;
	values = draw(p, bound, seed);
	mc_scope_open(h->t);
	p->tensor = mc_tensor_keep(h->t,
	    mc_from_f32(h->t, values, p->n, p->shape, p->ndim));
	mc_scope_close(h->t, NULL);
	free(values);
}

static void
add_linear(struct mc_head *h, const char *weight, const char *bias, int64_t in,
    int64_t out, uint64_t seed)
{
	double bound = 1 / sqrt((double)in);

	add_param(h, weight, out, in, bound, seed);
	add_param(h, bias, out, 0, bound, seed);
}

enum mc_status
mc_head_alloc(struct mc_head **result, struct mc_torch *t, const char *spec,
    int64_t in, int64_t out, uint64_t seed, struct mc_err *err)
{
	struct mc_head *h;
	enum mc_status status;
	int64_t hidden;

	*result = NULL;
	status = parse_spec(spec, &hidden, err);
	if (status != MC_OK)
		return status;
	h = mc_xcalloc(1, sizeof(*h));
	h->t = t;
	h->in = in;
	h->out = out;
	if (mc_head_fit(spec) == MC_FIT_KNN) {
		*result = h;
		return MC_OK;
	}
	if (hidden == 0) {
		add_linear(h, "head.weight", "head.bias", in, out, seed);
	} else {
		add_linear(h, "head.0.weight", "head.0.bias", in, hidden,
		    seed);
		add_linear(h, "head.2.weight", "head.2.bias", hidden, out,
		    seed);
	}
	status = mc_torch_check(t, err);
	if (status != MC_OK)
		mc_head_free(h);
	else
		*result = h;
	return status;
}

void
mc_head_free(struct mc_head *h)
{
	size_t i;

	if (h == NULL)
		return;
	for (i = 0; i < h->n; i++)
		mc_tensor_free(h->param[i].tensor);
	mc_knn_free(h->images);
	free(h);
}

void
mc_head_remember(struct mc_head *h, struct mc_knn *images)
{
	mc_knn_free(h->images);
	h->images = images;
}

const struct mc_knn *
mc_head_images(const struct mc_head *h)
{
	return h->images;
}

enum mc_status
mc_head_set_votes(struct mc_head *h, size_t k, double temperature,
    struct mc_err *err)
{
	size_t n = mc_knn_count(h->images);

	if (k > n)
		return mc_err_set(err, MC_EDATA, "is more than the %zu "
		    "training images", n);
	h->k = k;
	h->temperature = temperature;
	return MC_OK;
}

/* P's values from A. */
static enum mc_status
load_param(struct mc_head *h, const struct mc_param *p,
    const struct mc_array *a, struct mc_err *err)
{
	float *values = mc_xreallocarray(NULL, a->n, sizeof(*values));
	enum mc_status status = MC_OK;
	size_t k;

	mc_array_to_f32(a, values);
	for (k = 0; k < a->n && status == MC_OK; k++) {
		if (!isfinite(values[k]))
			status = mc_err_set(err, MC_EDATA, "the tensor "
			    "\"%s\" holds a value that is not finite",
			    a->name);
	}
	if (status == MC_OK)
		mc_fill_f32(h->t, p->tensor, values, a->n);
	free(values);
	return status == MC_OK ? mc_torch_check(h->t, err) : status;
}

enum mc_status
mc_head_load(struct mc_head *h, const struct mc_statedict *sd,
    struct mc_err *err)
{
	struct mc_knn *images;
	enum mc_status status = MC_OK;
	size_t i;

	if (h->n == 0) {
		status = mc_knn_read(&images, sd, (size_t)h->in,
		    (size_t)h->out, err);
		mc_head_remember(h, images);
	}
	for (i = 0; i < h->n && status == MC_OK; i++) {
		const struct mc_param *p = &h->param[i];
		const struct mc_array *a = mc_statedict_find(sd, p->name);

		if (a == NULL || a->ndim != p->ndim || memcmp(a->shape,
		    p->shape, (size_t)p->ndim * sizeof(*p->shape)) != 0)
			return mc_err_set(err, MC_EDATA, "no tensor \"%s\" of "
			    "the shape that the head needs for these features "
			    "and classes", p->name);
		status = load_param(h, p, a, err);
	}
	return status;
}

enum mc_status
mc_head_set(struct mc_head *h, size_t i, const float *values,
    struct mc_err *err)
{
	mc_fill_f32(h->t, h->param[i].tensor, values, h->param[i].n);
	return mc_torch_check(h->t, err);
}

enum mc_status
mc_head_redraw(struct mc_head *h, uint64_t seed, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	double bound = 0;
	float *values;
	size_t i;

	for (i = 0; i < h->n && status == MC_OK; i++) {
		if (h->param[i].weight)
			bound = 1 / sqrt((double)h->param[i].shape[1]);
		values = draw(&h->param[i], bound, seed);
		status = mc_head_set(h, i, values, err);
		free(values);
	}
	return status;
}

struct mc_tensor *
mc_head_forward(const struct mc_head *h, const struct mc_tensor *x)
{
	struct mc_tensor *y = mc_linear(h->t, x, h->param[0].tensor,
	    h->param[1].tensor);

	if (h->n > 2)
		y = mc_linear(h->t, mc_relu(h->t, y), h->param[2].tensor,
		    h->param[3].tensor);
	return y;
}

/* Let the training images vote on those of X. */
static void
vote(const struct mc_head *h, const struct mc_tensor *x, double *logits)
{
	size_t n = (size_t)mc_size(x, 0), dim = (size_t)h->in, i;
	struct mc_neighbour *near = mc_xcalloc(n * h->k, sizeof(*near));
	float *values = mc_xcalloc(n * dim, sizeof(*values));
	const float **row = mc_xcalloc(n, sizeof(*row));

	mc_to_f32(h->t, x, values, n * dim);
	for (i = 0; i < n; i++)
		row[i] = values + i * dim;
	mc_knn_find(h->images, row, NULL, n, h->k, mc_torch_threads(h->t),
	    near);
	for (i = 0; i < n; i++)
		mc_knn_vote(h->images, near + i * h->k, h->k, h->temperature,
		    logits + i * (size_t)h->out);
	free(near);
	free(values);
	free(row);
}

void
mc_head_predict(const struct mc_head *h, const struct mc_tensor *x,
    double *logits)
{
	if (h->images != NULL)
		vote(h, x, logits);
	else
		mc_to_f64(h->t, mc_head_forward(h, x), logits,
		    (size_t)(mc_size(x, 0) * h->out));
}

size_t
mc_head_count(const struct mc_head *h)
{
	return h->n;
}

const struct mc_param *
mc_head_param(const struct mc_head *h, size_t i)
{
	return &h->param[i];
}
