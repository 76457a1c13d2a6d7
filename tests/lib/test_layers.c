/*
 * test_layers.c - the layers of net.h: what is rounded to bfloat16, and what is
 * recorded.
 *
 * A network of one linear layer or convolution takes a parameter of its own, so
 * that no image is rounded on the way to it.  With e = 2^-9, 1 + e is a number of
 * float32, and rounds to 1 in bfloat16.
 */
#include <stdlib.h>

#include "backbone/backbone.h"
#include "backbone/net.h"
#include "base/mem.h"
#include "device.h"
#include "tap.h"

#define E 0x1p-9F
#define N 3

static struct mc_torch *t;
static struct mc_err err;

/* The conv or the linear layer; `in` is what they take. */
struct layers {
	struct net_param *in;		/* 1 x 3 x 1 x 1 */
	struct net_linear linear;
	struct net_conv conv;
	struct net_norm norm;
};

static void
build(struct mc_backbone *b)
{
	const struct net_dist zero = net_constant(0);
	struct layers *m = b->model = mc_xcalloc(1, sizeof(*m));

	m->in = net_param(b, zero, 4, (int64_t[]){ 1, N, 1, 1 }, "in");
	if (net_wants(b, "conv")) {
		m->conv = (struct net_conv){ .in = N, .out = 1, .size = 1,
		    .stride = 1, .groups = 1 };
		net_conv(b, &m->conv, "layer", zero, &zero);
	} else
		net_linear(b, &m->linear, "layer", N, 1, zero, &zero);
	net_norm(b, &m->norm, "norm", N, 1e-6);
}

static struct mc_tensor *
forward(struct mc_backbone *b, struct mc_tensor *x)
{
	const struct layers *m = b->model;

	(void)x;
	x = net_value(b, m->in);
	if (net_wants(b, "conv"))
		return mc_reshape(t, net_apply_conv(b, &m->conv, x),
		    (int64_t[]){ 1, 1 }, 2);
	x = mc_reshape(t, x, (int64_t[]){ 1, N }, 2);
	return net_wants(b, "norm") ? net_apply_norm(b, &m->norm, x) :
	    net_apply_linear(b, &m->linear, x);
}

static const struct mc_family family = {
	"test", false, build, forward, false, false
};

static const struct mc_backbone_info info = {
	"layers", "", &family, NULL, { 0 }, 1, 1,
	{ { "linear", 1 }, { "conv", 1 }, { "norm", N } }
};

/* The layer for FEATURES, in MODE, with these values. */
static struct mc_backbone *
layer(const char *features, enum mc_elem elem, unsigned mode,
    const float *in, const float *weight, float bias)
{
	const float ones[N] = { 1, 1, 1 };
	struct mc_backbone *b;

	if (!tap_ok(mc_backbone_make(&b, t, &info, features, elem, &err) ==
	    MC_OK, "%s is made", features))
		exit(tap_done());
	mc_fill_f32(t, mc_backbone_param(b, 0)->tensor, in, N);
	mc_fill_f32(t, mc_backbone_param(b, 1)->tensor, weight, N);
	mc_fill_f32(t, mc_backbone_param(b, 2)->tensor, &bias, 1);
	mc_fill_f32(t, mc_backbone_param(b, 3)->tensor, ones, N);
	mc_backbone_changed(b);
	mc_backbone_mode(b, mode);
	return b;
}

/* The features of B, which does not look at the image. */
static struct mc_tensor *
apply(struct mc_backbone *b)
{
	return mc_backbone_forward(b, mc_full(t, MC_FLOAT32, 0,
	    (int64_t[]){ 1, 3, 1, 1 }, 4));
}

/* IN . WEIGHT + BIAS, and what it is where WHAT is rounded. */
static const struct {
	const char *what;
	float in[N], weight[N], bias, exact, rounded;
} sums[] = {
	{ "the input", { 1 + E, 1, 0 }, { 1, -1, 0 }, 0, E, 0 },
	{ "the weights", { 1, 1, 0 }, { 1 + E, -1, 0 }, 0, E, 0 },
	{ "the bias", { 1, 0, 0 }, { -1, 0, 0 }, 1 + E, E, 0 },
	{ "the result", { 1, E, 0 }, { 1, 1, 0 }, 0, 1 + E, 1 }
};

static void
test_sums(const char *features, enum mc_elem elem, unsigned mode)
{
	bool rounds = elem == MC_BFLOAT16;
	struct mc_backbone *b;
	float y = -1;
	size_t i;

	for (i = 0; i < sizeof(sums) / sizeof(sums[0]); i++) {
		b = layer(features, elem, mode, sums[i].in, sums[i].weight,
		    sums[i].bias);
		mc_scope_open(t);
		mc_to_f32(t, apply(b), &y, 1);
		mc_scope_close(t, NULL);
		tap_near(y, rounds ? sums[i].rounded : sums[i].exact, 0,
		    "%s, mode %u: %s, %s", features, mode, sums[i].what,
		    rounds ? "rounded" : "not rounded");
		mc_backbone_free(b);
	}
}

/* A norm neither rounds what it takes nor what it gives. */
static void
test_norm(unsigned mode)
{
	const float in[N] = { 1 + E, 1, 1 - E }, ones[N] = { 1, 1, 1 };
	struct mc_backbone *b = layer("norm", MC_BFLOAT16, mode, in, ones, 0);
	float y[N];

	mc_scope_open(t);
	mc_to_f32(t, apply(b), y, N);
	mc_scope_close(t, NULL);
	/* e / (2/3 e^2 + 1e-6)^0.5 */
	tap_near(y[0], 1.03762, 1e-5, "mode %u: a norm takes float32", mode);
	tap_ok((float)(int)(y[0] * 256) != y[0] * 256, "and gives it");
	mc_backbone_free(b);
}

/* The ready form of an operand takes half the memory. */
static void
test_ready(void)
{
	const float v[N] = { 1, 1, 1 };
	struct mc_backbone *b = layer("linear", MC_BFLOAT16, 0, v, v, 0);

	mc_scope_open(t);
	tap_ok(mc_type(apply(b)) == MC_FLOAT32, "features are float32");
	mc_scope_close(t, NULL);
	tap_ok(mc_type(b->params[1]->ready) == MC_BFLOAT16 &&
	    mc_type(b->params[2]->ready) == MC_BFLOAT16,
	    "weights and bias of a linear layer are kept in bfloat16");
	tap_ok(mc_type(b->params[3]->ready) == MC_FLOAT32 &&
	    mc_type(b->params[1]->p.tensor) == MC_FLOAT32,
	    "those of norms, and all that is trained, in float32");
	mc_backbone_free(b);
}

/* MC_RECORD alone gives gradients: each step of SGD subtracts the input. */
static void
test_record(const char *features, enum mc_elem elem)
{
	const struct mc_optim_options options = { .kind = MC_SGD, .rate = 1 };
	const float in[N] = { 0.5F, 2, -3 }, weight[N] = { 1, 1, 1 };
	struct mc_backbone *b = layer(features, elem, MC_RECORD, in, weight, 0);
	struct mc_tensor *w = mc_backbone_param(b, 1)->tensor;
	struct mc_optim *o;
	struct mc_tensor *y;
	float v[N] = { 0 }, last = 0;
	int step;

	mc_set_trainable(t, w, true);
	o = mc_optim_alloc(t, &w, NULL, NULL, 1, &options);
	mc_torch_grad(t, true);
	for (step = 0; step < 2; step++) {
		mc_scope_open(t);
		mc_optim_zero(t, o);
		y = apply(b);
		mc_to_f32(t, y, &last, 1);
		mc_backward(t, mc_reshape(t, y, (int64_t[]){ 1 }, 1));
		mc_optim_step(t, o);
		mc_scope_close(t, NULL);
	}
	mc_torch_grad(t, false);
	mc_to_f32(t, w, v, N);
	tap_ok(v[0] == 0 && v[1] == -3 && v[2] == 7,
	    "%s: recording alone gives gradients", features);
	/* -0.5, less the square of the input */
	tap_near(last, -13.75, 0, "of the parameters as they are");
	mc_optim_free(o);
	mc_backbone_free(b);
}

int
main(void)
{
	static const char *const layers[] = { "linear", "conv" };
	static const enum mc_elem elems[] = { MC_FLOAT32, MC_BFLOAT16 };
	size_t i, k;

	if (!tap_ok(mc_torch_alloc(&t, test_device(), 1, 1, &err) == MC_OK,
	    "libtorch starts: %s", err.text))
		return tap_done();
	for (i = 0; i < 2; i++)
		for (k = 0; k < 2; k++) {
			test_sums(layers[i], elems[k], 0);
			test_sums(layers[i], elems[k], MC_RECORD);
			test_record(layers[i], elems[k]);
		}
	test_norm(0);
	test_norm(MC_RECORD);
	test_ready();
	tap_ok(mc_torch_check(t, &err) == MC_OK, "without an error: %s",
	    err.text);
	mc_torch_free(t);
	return tap_done();
}
