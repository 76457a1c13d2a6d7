#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_randist.h>

#include "backbone/backbone.h"
#include "backbone/net.h"
#include "backbone/watch.h"
#include "base/mem.h"
#include "base/rng.h"

/* --- Making and freeing --------------------------------------------------- */

/* Make the tensor of P, zeros. */
static void
allocate(struct mc_backbone *b, struct mc_param *p)
{
	mc_scope_open(b->t);
	net_replace(&p->tensor, mc_tensor_keep(b->t,
	    mc_full(b->t, b->wide, 0, p->shape, p->ndim)));
	mc_scope_close(b->t, NULL);
}

enum mc_status
net_allocate(struct mc_backbone *b, size_t first, struct mc_err *err)
{
	size_t i;

	for (i = first; i < b->n_params; i++) {
		if (b->params[i]->p.tensor == NULL)
			allocate(b, &b->params[i]->p);
	}
	return mc_torch_check(b->t, err);
}

void
net_resize(struct mc_backbone *b, struct net_param *p, int64_t rows)
{
	p->p.n = p->p.n / (size_t)p->p.shape[1] * (size_t)rows;
	p->p.shape[1] = rows;
	allocate(b, &p->p);
}

enum mc_status
mc_backbone_make(struct mc_backbone **out, struct mc_torch *t,
    const struct mc_backbone_info *info, const char *features,
    enum mc_elem elem, struct mc_err *err)
{
	const struct mc_features *f = mc_features_find(info, features, err);
	struct mc_backbone *b;
	enum mc_status status;

	*out = NULL;
	if (f == NULL)
		return MC_EUSAGE;
	b = mc_xcalloc(1, sizeof(*b));
	b->t = t;
	b->info = info;
	b->features = f;
	b->elem = elem;
	b->wide = elem == MC_BFLOAT16 ? MC_FLOAT32 : elem;
	info->family->build(b);
	if ((status = net_allocate(b, 0, err)) != MC_OK) {
		mc_backbone_free(b);
		return status;
	}
	*out = b;
	return MC_OK;
}

enum mc_status
mc_backbone_alloc(struct mc_backbone **out, struct mc_torch *t,
    const char *name, const char *features, enum mc_elem elem,
    struct mc_err *err)
{
	const struct mc_backbone_info *info = mc_backbone_find(name, err);

	*out = NULL;
	return info == NULL ? MC_EUSAGE :
	    mc_backbone_make(out, t, info, features, elem, err);
}

/* Parameters change: what was made from them goes. */
static void
unready(struct mc_backbone *b)
{
	size_t i;

	for (i = 0; i < b->n_params; i++)
		net_replace(&b->params[i]->ready, NULL);
	for (i = 0; i < b->n_convs; i++) {
		net_replace(&b->convs[i]->w, NULL);
		net_replace(&b->convs[i]->b, NULL);
	}
	for (i = 0; i < b->n_cached; i++)
		net_replace(b->cached[i], NULL);
	b->ready = false;
}

void
net_param_free(struct net_param *p)
{
	mc_tensor_free(p->ready);
	mc_tensor_free(p->p.tensor);
	free(p->name);
	free(p);
}

void
mc_backbone_free(struct mc_backbone *b)
{
	size_t i;

	if (b == NULL)
		return;
	unready(b);
	for (i = 0; i < b->n_params; i++)
		net_param_free(b->params[i]);
	for (i = 0; i < b->n_spares; i++)
		free(b->spares[i]);
	free(b->params);
	free(b->convs);
	free(b->cached);
	free(b->spares);
	if (b->clear != NULL)
		b->clear(b->model);
	free(b->model);
	free(b);
}

const struct mc_backbone_info *
mc_backbone_info(const struct mc_backbone *b)
{
	return b->info;
}

const struct mc_features *
mc_backbone_features(const struct mc_backbone *b)
{
	return b->features;
}

/* --- Parameters ----------------------------------------------------------- */

size_t
mc_backbone_count(const struct mc_backbone *b)
{
	return b->n_params;
}

const struct mc_param *
mc_backbone_param(const struct mc_backbone *b, size_t i)
{
	return i < b->n_params ? &b->params[i]->p : NULL;
}

void
mc_backbone_changed(struct mc_backbone *b)
{
	assert(!b->sealed);
	unready(b);
}

int
mc_backbone_depth(const struct mc_backbone *b)
{
	return b->depth;
}

int
mc_backbone_blocks(const struct mc_backbone *b)
{
	return b->blocks;
}

/* Whether the network can compute with VALUES as the parameter P. */
static enum mc_status
check_values(const struct net_param *p, const float *values,
    struct mc_err *err)
{
	static const char variance[] = "running_var";
	size_t i, len = strlen(p->name), tail = sizeof(variance) - 1;
	bool is_variance = len >= tail &&
	    strcmp(p->name + len - tail, variance) == 0;

	for (i = 0; i < p->p.n; i++) {
		if (!isfinite(values[i]))
			return mc_err_set(err, MC_EDATA, "the weights' tensor "
			    "\"%s\" holds a value that is not finite",
			    p->name);
		if (is_variance && values[i] < 0)
			return mc_err_set(err, MC_EDATA, "the weights' tensor "
			    "\"%s\" holds a variance below 0", p->name);
	}
	return MC_OK;
}

/* The values of P from VALUES, by way of BUF where P's tensor needs it. */
static enum mc_status
fill_one(struct mc_backbone *b, struct net_param *p, float *buf,
    void (*values)(const struct net_param *, const void *, float *),
    const void *from, struct mc_err *err)
{
	enum mc_status status;

	if (buf == NULL) {
		float *own = mc_memory(p->p.tensor);

		values(p, from, own);
		return check_values(p, own, err);
	}
	values(p, from, buf);
	status = check_values(p, buf, err);
	if (status == MC_OK) {
		mc_fill_f32(b->t, p->p.tensor, buf, p->p.n);
		status = mc_torch_check(b->t, err);
	}
	return status;
}

/* As net_fill, those of the depth DEPTH or more. */
static enum mc_status
fill(struct mc_backbone *b, size_t first, int depth,
    void (*values)(const struct net_param *, const void *, float *),
    const void *from, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	float *buf = NULL;
	size_t i, most = 0;

	assert(!b->sealed);
	unready(b);
	for (i = first; i < b->n_params; i++) {
		struct mc_param *p = &b->params[i]->p;

		if ((mc_type(p->tensor) != MC_FLOAT32 ||
		    mc_memory(p->tensor) == NULL) && p->n > most)
			most = p->n;
	}
	if (most > 0)
		buf = mc_xreallocarray(NULL, most, sizeof(*buf));
	for (i = first; i < b->n_params && status == MC_OK; i++) {
		if (b->params[i]->p.depth >= depth)
			status = fill_one(b, b->params[i], buf, values, from,
			    err);
	}
	free(buf);
	return status;
}

enum mc_status
net_fill(struct mc_backbone *b, size_t first,
    void (*values)(const struct net_param *, const void *, float *),
    const void *from, struct mc_err *err)
{
	return fill(b, first, 0, values, from, err);
}

/* Values from the distribution of P, for the seed at FROM. */
static void
draw(const struct net_param *p, const void *from, float *out)
{
	const uint64_t *seed = from;
	gsl_rng *rng = mc_stream_alloc(*seed, p->name, 0);
	double v = p->dist.value;
	size_t i;

	switch (p->dist.kind) {
	case NET_CONSTANT:
		for (i = 0; i < p->p.n; i++)
			out[i] = (float)v;
		break;
	case NET_NORMAL:
		for (i = 0; i < p->p.n; i++)
			out[i] = (float)gsl_ran_gaussian_ziggurat(rng, v);
		break;
	case NET_TRUNCATED:
		for (i = 0; i < p->p.n; i++)
			do
				out[i] = (float)gsl_ran_gaussian_ziggurat(rng,
				    v);
			while (fabs(out[i]) > 2 * v);
		break;
	case NET_UNIFORM:
		for (i = 0; i < p->p.n; i++)
			out[i] = (float)gsl_ran_flat(rng, -v, v);
		break;
	}
	gsl_rng_free(rng);
}

enum mc_status
net_draw(struct mc_backbone *b, size_t first, uint64_t seed,
    struct mc_err *err)
{
	return net_fill(b, first, draw, &seed, err);
}

enum mc_status
mc_backbone_init(struct mc_backbone *b, uint64_t seed, struct mc_err *err)
{
	return net_draw(b, 0, seed, err);
}

enum mc_status
mc_backbone_redraw(struct mc_backbone *b, int depth, uint64_t seed,
    struct mc_err *err)
{
	return fill(b, 0, depth, draw, &seed, err);
}

/* --- Running -------------------------------------------------------------- */

/* X, an operand or not, in the type that B computes with it in, to keep. */
static struct mc_tensor *
ready_form(struct mc_backbone *b, struct mc_tensor *x, bool operand)
{
	return mc_tensor_keep(b->t,
	    mc_cast(b->t, x, operand ? b->elem : b->wide));
}

/*
 * The convolution C with its batch norm folded in: out of training
 * norm(x) = scale x + shift, so the scale goes into the weights.
 */
static void
fold(struct mc_torch *t, const struct net_conv *c, struct mc_tensor **w,
    struct mc_tensor **bias)
{
	const struct net_batch_norm *n = c->norm;
	const int64_t kernels[] = { c->out, 1, 1, 1 };
	struct mc_tensor *scale, *mean = n->mean->p.tensor;

	scale = mc_mul(t, n->weight->p.tensor,
	    mc_rsqrt(t, n->var->p.tensor, n->epsilon));
	*w = mc_mul(t, c->weight->p.tensor, mc_reshape(t, scale, kernels, 4));
	if (c->bias != NULL)
		mean = mc_add(t, mean, mc_scale(t, c->bias->p.tensor, -1));
	*bias = mc_add(t, n->bias->p.tensor, mc_scale(t,
	    mc_mul(t, mean, scale), -1));
}

/* Whether B computes on maps in oneDNN's own order. */
static bool
is_blocked(const struct mc_backbone *b)
{
	return b->info->family->blocked && net_is_ready(b) &&
	    b->elem == MC_FLOAT32 && mc_has_blocked(b->t);
}

/*
 * X in the order in which convolutions are fastest: oneDNN's own, or with the
 * channels innermost; those in float64 have no such form.
 */
static struct mc_tensor *
arrange(struct mc_backbone *b, struct mc_tensor *x)
{
	if (is_blocked(b))
		return mc_blocked(b->t, x);
	return b->elem == MC_FLOAT64 ? x : mc_channels_last(b->t, x);
}

static void
ready_conv(struct mc_backbone *b, struct net_conv *c)
{
	struct mc_tensor *w = c->weight->p.tensor, *bias = NULL;

	mc_scope_open(b->t);
	if (c->bias != NULL)
		bias = c->bias->p.tensor;
	if (c->norm != NULL)
		fold(b->t, c, &w, &bias);
	c->w = is_blocked(b) ? mc_tensor_keep(b->t, mc_blocked_kernels(b->t, w,
	    c->stride, c->padding, c->groups)) :
	    ready_form(b, arrange(b, w), true);
	c->b = bias != NULL ? ready_form(b, bias, true) : NULL;
	mc_scope_close(b->t, NULL);
}

static void
ready_param(struct mc_backbone *b, struct net_param *p)
{
	mc_scope_open(b->t);
	p->ready = ready_form(b, net_adapted(b, p), p->operand);
	mc_scope_close(b->t, NULL);
}

static void
make_ready(struct mc_backbone *b)
{
	struct net_param *p;
	size_t i;

	for (i = 0; i < b->n_convs; i++) {
		ready_conv(b, b->convs[i]);
		if (b->sealed)
			net_replace(&b->convs[i]->weight->p.tensor, NULL);
	}
	for (i = 0; i < b->n_params; i++) {
		p = b->params[i];
		if (!p->kernels)
			ready_param(b, p);
		if (b->sealed)
			net_replace(&p->p.tensor, NULL);
	}
	b->ready = true;
}

void
mc_backbone_seal(struct mc_backbone *b)
{
	assert(b->mode == 0 && !b->ready);
	b->sealed = true;
}

void
mc_backbone_mode(struct mc_backbone *b, unsigned mode)
{
	assert(!b->sealed);
	b->mode = mode;
}

void
mc_backbone_drop_path(struct mc_backbone *b, double rate)
{
	b->drop_path = rate;
}

void
mc_backbone_freeze(struct mc_backbone *b, int depth)
{
	b->frozen = depth;
}

static bool
check_input(struct mc_backbone *b, const struct mc_tensor *x)
{
	const struct mc_backbone_info *info = b->info;
	int64_t rows = mc_size(x, 2), columns = mc_size(x, 3);

	if (mc_torch_failed(b->t))
		return false;
	if (mc_ndim(x) != 4 || mc_size(x, 0) < 1 || mc_size(x, 1) != 3)
		mc_torch_fail(b->t, MC_EDATA,
		    "%s takes images of three channels, N x 3 x H x W",
		    info->name);
	else if (rows < info->smallest || columns < info->smallest ||
	    rows % info->multiple != 0 || columns % info->multiple != 0)
		mc_torch_fail(b->t, MC_EDATA, "%s cannot take images of "
		    "%lld x %lld: each side must be at least %d and a multiple "
		    "of %d", info->name, (long long)columns, (long long)rows,
		    info->smallest, info->multiple);
	return !mc_torch_failed(b->t);
}

struct mc_tensor *
mc_backbone_forward(struct mc_backbone *b, const struct mc_tensor *x)
{
	struct mc_tensor *y = NULL;
	bool grad;

	grad = mc_torch_grad(b->t, (b->mode & MC_RECORD) != 0);
	if (b->watch != NULL)
		mc_watch_clear(b->watch);
	mc_scope_open(b->t);
	if (check_input(b, x)) {
		if (!net_is_ready(b))
			unready(b);
		else if (!b->ready)
			make_ready(b);
		y = net_wide(b, b->info->family->forward(b,
		    arrange(b, mc_cast(b->t, x, b->elem))));
	} else
		y = mc_cast(b->t, x, b->wide);
	y = mc_scope_close(b->t, y);
	mc_torch_grad(b->t, grad);
	return y;
}
