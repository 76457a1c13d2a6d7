#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backbone/net.h"
#include "base/mem.h"

bool
net_wants(const struct mc_backbone *b, const char *name)
{
	return strcmp(b->features->name, name) == 0;
}

void
net_replace(struct mc_tensor **old, struct mc_tensor *anew)
{
	mc_tensor_free(*old);
	*old = anew;
}

/* --- Declaring ------------------------------------------------------------ */

void
net_block(struct mc_backbone *b)
{
	b->blocks = ++b->depth;
}

void
net_behind(struct mc_backbone *b)
{
	b->depth++;
}

struct net_param *
net_param(struct mc_backbone *b, struct net_dist dist, int ndim,
    const int64_t *shape, const char *fmt, ...)
{
	struct net_param *p;
	va_list ap;
	char *name;
	int i;

	va_start(ap, fmt);
	name = mc_xvasprintf(fmt, ap);
	va_end(ap);
	if (b->spare) {
		b->spares = mc_xgrow(b->spares, b->n_spares, &b->cap_spares,
		    sizeof(*b->spares));
		b->spares[b->n_spares++] = name;
		return NULL;
	}
	p = mc_xcalloc(1, sizeof(*p));
	p->name = name;
	p->dist = dist;
	p->p.name = p->name;
	p->p.ndim = ndim;
	p->p.n = 1;
	p->p.depth = b->depth;
	for (i = 0; i < ndim; i++) {
		p->p.shape[i] = shape[i];
		p->p.n *= (size_t)shape[i];
	}
	b->params = mc_xgrow(b->params, b->n_params, &b->cap_params,
	    sizeof(*b->params));
	b->params[b->n_params++] = p;
	return p;
}

/* A parameter of N elements in one dimension. */
static struct net_param *
vector(struct mc_backbone *b, struct net_dist dist, int64_t n,
    const char *layer, const char *part)
{
	return net_param(b, dist, 1, &n, "%s.%s", layer, part);
}

void
net_linear(struct mc_backbone *b, struct net_linear *l, const char *name,
    int in, int out, struct net_dist weight, const struct net_dist *bias)
{
	int64_t shape[] = { out, in };

	l->weight = net_param(b, weight, 2, shape, "%s.weight", name);
	if (bias != NULL)
		l->bias = vector(b, *bias, out, name, "bias");
	if (b->spare)
		return;
	l->weight->p.weight = true;
	l->weight->operand = true;
	if (bias != NULL)
		l->bias->operand = true;
}

void
net_linear_normal(struct mc_backbone *b, struct net_linear *l,
    const char *name, int in, int out)
{
	const struct net_dist zero = net_constant(0);

	net_linear(b, l, name, in, out, net_normal(0.02), &zero);
}

void
net_unused(struct mc_backbone *b, const char *name)
{
	b->spare = true;
	net_param(b, net_constant(0), 1, (int64_t[]){ 1 }, "%s", name);
	b->spare = false;
}

void
net_norm(struct mc_backbone *b, struct net_norm *n, const char *name, int dim,
    double epsilon)
{
	n->epsilon = epsilon;
	n->weight = vector(b, net_constant(1), dim, name, "weight");
	n->bias = vector(b, net_constant(0), dim, name, "bias");
}

void
net_momentum(struct net_batch_norm *n, double momentum)
{
	n->mean->p.momentum = n->var->p.momentum = momentum;
}

void
net_batch_norm(struct mc_backbone *b, struct net_batch_norm *n,
    const char *name, int channels, struct net_conv *before)
{
	n->epsilon = 1e-5;
	n->weight = vector(b, net_constant(1), channels, name, "weight");
	n->bias = vector(b, net_constant(0), channels, name, "bias");
	n->mean = vector(b, net_constant(0), channels, name, "running_mean");
	n->var = vector(b, net_constant(1), channels, name, "running_var");
	n->mean->p.buffer = n->var->p.buffer = true;
	net_momentum(n, 0.1);
	if (before != NULL)
		before->norm = n;
}

void
net_conv(struct mc_backbone *b, struct net_conv *c, const char *name,
    struct net_dist weight, const struct net_dist *bias)
{
	int64_t shape[] = { c->out, c->in / c->groups, c->size,
	    c->size };

	assert(c->groups > 0 && c->in % c->groups == 0 &&
	    c->out % c->groups == 0);
	c->weight = net_param(b, weight, 4, shape, "%s.weight", name);
	c->weight->p.weight = true;
	c->weight->operand = c->weight->kernels = true;
	if (bias != NULL) {
		c->bias = vector(b, *bias, c->out, name, "bias");
		c->bias->operand = true;
	}
	b->convs = mc_xgrow(b->convs, b->n_convs, &b->cap_convs,
	    sizeof(struct net_conv *));
	b->convs[b->n_convs++] = c;
}

void
net_cached(struct mc_backbone *b, struct mc_tensor **slot)
{
	b->cached = mc_xgrow(b->cached, b->n_cached, &b->cap_cached,
	    sizeof(*b->cached));
	b->cached[b->n_cached++] = slot;
}

struct net_dist
net_constant(double value)
{
	return (struct net_dist){ NET_CONSTANT, value };
}

struct net_dist
net_normal(double deviation)
{
	return (struct net_dist){ NET_NORMAL, deviation };
}

struct net_dist
net_truncated(double deviation)
{
	return (struct net_dist){ NET_TRUNCATED, deviation };
}

struct net_dist
net_kaiming(double fan)
{
	return net_normal(sqrt(2 / fan));
}

struct net_dist
net_default(double fan)
{
	return (struct net_dist){ NET_UNIFORM, 1 / sqrt(fan) };
}

/* --- Applying ------------------------------------------------------------- */

unsigned
net_mode(const struct mc_backbone *b, const struct net_param *p)
{
	return p->p.depth < b->frozen ? 0 : b->mode;
}

bool
net_is_ready(const struct mc_backbone *b)
{
	return (b->mode & (MC_RECORD | MC_BATCH_STATISTICS)) == 0;
}

/* X in the type ELEM. */
static struct mc_tensor *
cast(const struct mc_backbone *b, struct mc_tensor *x, enum mc_elem elem)
{
	return b->elem == b->wide ? x : mc_cast(b->t, x, elem);
}

struct mc_tensor *
net_wide(const struct mc_backbone *b, struct mc_tensor *x)
{
	return cast(b, x, b->wide);
}

struct mc_tensor *
net_adapted(const struct mc_backbone *b, const struct net_param *p)
{
	const int64_t turned[] = { 1, 0 };
	struct mc_tensor *product;

	if (p->lora_a == NULL)
		return p->p.tensor;
	/* linear(x, w) is x w'. */
	product = mc_linear(b->t, p->lora_b->p.tensor,
	    mc_permute(b->t, p->lora_a->p.tensor, turned, 2), NULL);
	return mc_add(b->t, p->p.tensor,
	    mc_scale(b->t, product, p->lora_scale));
}

struct mc_tensor *
net_value(const struct mc_backbone *b, const struct net_param *p)
{
	if (net_is_ready(b))
		return p->ready;
	return p->operand ? cast(b, net_adapted(b, p), b->elem) : p->p.tensor;
}

struct mc_tensor *
net_apply_linear(struct mc_backbone *b, const struct net_linear *l,
    struct mc_tensor *x)
{
	return mc_linear(b->t, cast(b, x, b->elem), net_value(b, l->weight),
	    l->bias != NULL ? net_value(b, l->bias) : NULL);
}

struct mc_tensor *
net_apply_norm(struct mc_backbone *b, const struct net_norm *n,
    struct mc_tensor *x)
{
	return mc_layer_norm(b->t, net_wide(b, x), net_value(b, n->weight),
	    net_value(b, n->bias), n->epsilon);
}

static struct mc_tensor *
apply_batch_norm(struct mc_backbone *b, const struct net_batch_norm *n,
    struct mc_tensor *x)
{
	return mc_batch_norm(b->t, x, net_value(b, n->weight),
	    net_value(b, n->bias), net_value(b, n->mean),
	    net_value(b, n->var), n->epsilon, n->mean->p.momentum,
	    (net_mode(b, n->weight) & MC_BATCH_STATISTICS) != 0);
}

struct mc_tensor *
net_norm_relu(struct mc_backbone *b, const struct net_batch_norm *n,
    struct mc_tensor *x)
{
	return mc_relu_over(b->t, apply_batch_norm(b, n, x));
}

struct mc_tensor *
net_apply_conv(struct mc_backbone *b, const struct net_conv *c,
    struct mc_tensor *x)
{
	x = cast(b, x, b->elem);
	if (net_is_ready(b))
		return mc_conv2d(b->t, x, c->w, c->b, c->stride, c->padding);
	x = mc_conv2d(b->t, x, net_value(b, c->weight),
	    c->bias != NULL ? net_value(b, c->bias) : NULL, c->stride,
	    c->padding);
	return c->norm != NULL ? apply_batch_norm(b, c->norm, x) : x;
}

struct mc_tensor *
net_conv_relu(struct mc_backbone *b, const struct net_conv *c,
    struct mc_tensor *x)
{
	return mc_relu_over(b->t, net_apply_conv(b, c, x));
}

struct mc_tensor *
net_conv_add_relu(struct mc_backbone *b, const struct net_conv *c,
    struct mc_tensor *x, struct mc_tensor *y)
{
	return mc_relu_over(b->t,
	    mc_add_over(b->t, net_apply_conv(b, c, x), y));
}
