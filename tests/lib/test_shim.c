/*
 * Every function of the shim: values that can be worked out by hand, errors,
 * scopes, determinism, and memory that stays flat.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "device.h"
#include "one_hot.h"
#include "tap.h"
#include "torch/shim.h"

static struct mc_torch *t;
static struct mc_err err;

#define SHAPE(...) (int64_t[]){ __VA_ARGS__ }, \
	(int)(sizeof((int64_t[]){ __VA_ARGS__ }) / sizeof(int64_t))
#define FLOATS(...) (double[]){ __VA_ARGS__ }, \
	sizeof((double[]){ __VA_ARGS__ }) / sizeof(double)

/* X has exactly the N values WANTED. */
static void
is(const struct mc_tensor *x, const double *wanted, size_t n, const char *name)
{
	double found[64] = { 0 }, worst = 0;
	/* On a GPU the 1/6 of hardswish and hardsigmoid is a float. */
	double most = strcmp(test_device(), "cpu") == 0 ? 1e-12 : 1e-6;
	size_t i;

	mc_to_f64(t, x, found, n);
	for (i = 0; i < n; i++)
		worst = fmax(worst, fabs(found[i] - wanted[i]));
	tap_ok(mc_torch_check(t, &err) == MC_OK && worst < most,
	    "%s (off by %g) %s", name, worst, err.text);
}

/* The context holds an error, whose text begins with WANTED. */
static void
refused(const char *wanted, const char *name)
{
	err.text[0] = '\0';
	tap_ok(mc_torch_check(t, &err) < 0 &&
	    strncmp(err.text, wanted, strlen(wanted)) == 0 &&
	    strchr(err.text, '\n') == NULL, "%s: %s", name, err.text);
}

/* 0, 1, 2, ... in float64. */
static struct mc_tensor *
count_up(const int64_t *shape, int ndim)
{
	double v[64];
	size_t n = 1;
	int i;

	for (i = 0; i < ndim; i++)
		n *= (size_t)shape[i];
	for (i = 0; i < 64; i++)
		v[i] = i;
	return mc_from_f64(t, v, n, shape, ndim);
}

static struct mc_tensor *
ones(const int64_t *shape, int ndim)
{
	return mc_full(t, MC_FLOAT64, 1, shape, ndim);
}

static void
test_context(void)
{
	struct mc_torch *bad = (struct mc_torch *)&err;

	tap_ok(mc_torch_alloc(&bad, test_device(), 0, 1, &err) == MC_EDATA && bad == NULL,
	    "no threads: %s", err.text);
	tap_int(mc_torch_threads(t), 2, "threads as asked for");
	TEST(mc_torch_is_deterministic(t));
	if (strcmp(mc_torch_device(t), "cpu") == 0) {
		mc_torch_allow_nondeterministic(t);
		TEST(mc_torch_is_deterministic(t));
	}
	tap_ok(strstr(mc_torch_version(t), "libtorch") != NULL, "version: %s",
	    mc_torch_version(t));
	tap_ok(mc_torch_blas_warning(t) == NULL, "the BLAS is a good one: %s",
	    mc_torch_blas_warning(t) ? mc_torch_blas_warning(t) : "");
#if defined(__x86_64__)
	tap_ok(!__builtin_cpu_supports("avx2") || strstr(mc_torch_version(t),
	    "Prescott") == NULL, "OpenBLAS uses AVX2 where there is one");
#endif
	TEST(!mc_torch_grad(t, true));
	TEST(mc_torch_grad(t, false));
	mc_torch_free(NULL);
	mc_tensor_free(NULL);
	mc_optim_free(NULL);
}

static void
test_memory(void)
{
	const float f[] = { 1.5f, -2, 3 };
	struct mc_tensor *x, *kept;
	float fout[3];

	x = mc_from_f32(t, f, 3, SHAPE(3, 1));
	mc_to_f32(t, x, fout, 3);
	TEST(memcmp(f, fout, sizeof(f)) == 0);
	tap_int(mc_ndim(x), 2, "dimensions");
	tap_int(mc_size(x, 0), 3, "a size");
	tap_int(mc_size(x, 2), 0, "a size that is not there");
	tap_int((long long)mc_count(x), 3, "elements");
	is(mc_full(t, MC_BFLOAT16, 0.5, NULL, 0), FLOATS(0.5), "a scalar");
	is(mc_cast(t, mc_from_f32(t, f, 3, SHAPE(3)), MC_INT64),
	    FLOATS(1, -2, 3), "cast");
	mc_scope_open(t);
	kept = mc_tensor_keep(t, x = ones(SHAPE(2)));
	mc_fill_f32(t, x, f, 2);
	mc_scope_close(t, NULL);
	is(kept, FLOATS(1.5, -2), "a kept tensor outlives its scope");
	tap_int(mc_type(kept), MC_FLOAT64, "its type");
	if (mc_memory(kept) != NULL)
		((double *)mc_memory(kept))[1] = 4;
	else
		mc_fill_f32(t, kept, (float[]){ 1.5f, 4 }, 2);
	is(kept, FLOATS(1.5, 4), "what is written to its memory it holds");
	tap_ok(mc_memory(mc_permute(t, ones(SHAPE(2, 3)),
	    (int64_t[]){ 1, 0 }, 2)) == NULL, "another order is no memory");
	mc_tensor_free(kept);
	mc_fill_f32(t, ones(SHAPE(2)), f, 3);
	refused("copy in: 3 elements do not fill the shape [2]",
	    "filling checks the number");
	mc_from_f32(t, f, 3, SHAPE(2));
	refused("copy in: 3 elements do not fill the shape [2]", "copy in");
	mc_to_f32(t, ones(SHAPE(2)), fout, 3);
	tap_near(fout[0] + fout[1] + fout[2], 0, 0, "after an error: zeros");
	refused("copy out: room for 3 elements, but there are 2", "copy out");
}

static void
test_shapes(void)
{
	struct mc_tensor *x = count_up(SHAPE(2, 3)), *both[] = { x, x };

	is(mc_reshape(t, x, SHAPE(3, -1)), FLOATS(0, 1, 2, 3, 4, 5), "reshape");
	is(mc_permute(t, x, SHAPE(1, 0)), FLOATS(0, 3, 1, 4, 2, 5), "permute");
	is(mc_narrow(t, x, 1, 1, 2), FLOATS(1, 2, 4, 5), "narrow");
	is(mc_expand(t, count_up(SHAPE(2, 1)), SHAPE(2, 2)),
	    FLOATS(0, 0, 1, 1), "expand");
	tap_int(mc_ndim(mc_flatten(t, x, 0)), 1, "flatten");
	is(mc_cat(t, both, 2, 1), FLOATS(0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5),
	    "cat");
	is(mc_channels_last(t, count_up(SHAPE(1, 2, 1, 2))),
	    FLOATS(0, 1, 2, 3), "channels last moves memory alone");
}

/*
 * One step of gradient descent on the sum of the elements of F(x), at the rate
 * 1, from an X of zeros.
 */
static void
descend(struct mc_tensor *(*f)(struct mc_tensor *), const int64_t *shape,
    int ndim, const double *wanted, size_t n, const char *name)
{
	struct mc_optim_options options = { .kind = MC_SGD, .rate = 1 };
	struct mc_tensor *x, *y;
	struct mc_optim *o;

	mc_scope_open(t);
	mc_torch_grad(t, true);
	x = mc_tensor_keep(t, mc_full(t, MC_FLOAT64, 0, shape, ndim));
	mc_set_trainable(t, x, true);
	o = mc_optim_alloc(t, &x, NULL, NULL, 1, &options);
	y = mc_flatten(t, f(x), 0);
	mc_backward(t, mc_scale(t, mc_mean(t, y, 0), (double)mc_count(y)));
	mc_optim_step(t, o);
	is(x, wanted, n, name);
	mc_torch_grad(t, false);
	mc_optim_free(o);
	mc_tensor_free(x);
	mc_scope_close(t, NULL);
}

static struct mc_tensor *
weighed_rows(struct mc_tensor *x)
{
	return mc_mul(t, mc_rows(t, x, (int64_t[]){ 2, -1, 0 }, 3),
	    count_up(SHAPE(2, 3, 2)));
}

static void
test_rows(void)
{
	struct mc_tensor *x = count_up(SHAPE(2, 3, 2));

	is(mc_rows(t, x, (int64_t[]){ 2, -1, 0, 1 }, 4), FLOATS(4, 5, 0, 0, 0,
	    1, 2, 3, 10, 11, 0, 0, 6, 7, 8, 9), "rows");
	is(mc_rows(t, mc_permute(t, x, (int64_t[]){ 0, 2, 1 }, 3),
	    (int64_t[]){ 1 }, 1), FLOATS(1, 3, 5, 7, 9, 11),
	    "rows of what is no row of memory");
	descend(weighed_rows, SHAPE(2, 3, 2), FLOATS(-4, -5, 0, 0, 0, -1, -10,
	    -11, 0, 0, -6, -7), "the gradient of rows");
	mc_rows(t, x, (int64_t[]){ 0, 3 }, 2);
	refused("rows: row 3 of 3", "rows: which there is not");
	mc_rows(t, x, (int64_t[]){ 1, 1 }, 2);
	refused("rows: row 1 is taken twice", "rows: one twice");
}

static void
test_arithmetic(void)
{
	struct mc_tensor *x = count_up(SHAPE(2, 2)), *y;
	double erf1 = (1 + erf(1 / sqrt(2))) / 2;

	is(mc_add(t, x, count_up(SHAPE(2))), FLOATS(0, 2, 2, 4), "add");
	is(mc_mul(t, x, x), FLOATS(0, 1, 4, 9), "mul");
	is(mc_add_scaled(t, x, x, count_up(SHAPE(2))), FLOATS(0, 2, 2, 6),
	    "add scaled");
	is(mc_scale(t, x, -2), FLOATS(0, -2, -4, -6), "scale");
	is(mc_rsqrt(t, x, 1), FLOATS(1, sqrt(0.5), 1 / sqrt(3), 0.5), "rsqrt");
	is(mc_mean(t, x, 0), FLOATS(1, 2), "mean over a dimension");
	is(mc_relu(t, mc_scale(t, count_up(SHAPE(2)), -1)), FLOATS(0, 0),
	    "relu");
	is(mc_gelu(t, count_up(SHAPE(2))), FLOATS(0, erf1), "gelu is exact");
	x = count_up(SHAPE(2));
	TEST(mc_gelu_over(t, x) == x);
	is(x, FLOATS(0, erf1), "gelu over its operand");
	TEST(mc_add_over(t, x, ones(SHAPE(2))) == x);
	is(x, FLOATS(1, 1 + erf1), "add over its operand");
	x = mc_scale(t, x, -1);
	TEST(mc_relu_over(t, x) == x);
	is(x, FLOATS(0, 0), "relu over its operand");
	x = count_up(SHAPE(2));
	mc_average(t, x, mc_scale(t, ones(SHAPE(2)), 3), 0.75);
	is(x, FLOATS(0.75, 1.5), "a moving average over its operand");
	y = mc_scale(t, ones(SHAPE(2)), 5);
	mc_exchange(t, x, y);
	is(x, FLOATS(5, 5), "exchanged");
	is(y, FLOATS(0.75, 1.5), "and the other");
}

static void
test_layers(void)
{
	struct mc_tensor *x = count_up(SHAPE(1, 1, 3, 3)), *mean, *var;

	is(mc_conv2d(t, x, ones(SHAPE(1, 1, 2, 2)), ones(SHAPE(1)), 1, 0),
	    FLOATS(9, 13, 21, 25), "convolution");
	is(mc_conv2d(t, x, ones(SHAPE(1, 1, 3, 3)), NULL, 2, 1),
	    FLOATS(8, 12, 20, 24), "convolution with stride and padding");
	is(mc_conv2d(t, count_up(SHAPE(1, 4, 1, 1)),
	    count_up(SHAPE(2, 2, 1, 1)), NULL, 1, 0), FLOATS(1, 13),
	    "convolution of two groups");
	is(mc_mul_over(t, count_up(SHAPE(1, 3)), count_up(SHAPE(1, 3))),
	    FLOATS(0, 1, 4), "a product written over the first operand");
	is(mc_silu_over(t, count_up(SHAPE(1, 2))), FLOATS(0, 1 / (1 + exp(-1))),
	    "silu");
	is(mc_sigmoid_over(t, count_up(SHAPE(1, 2))),
	    FLOATS(0.5, 1 / (1 + exp(-1))), "sigmoid");
	is(mc_hardswish_over(t, count_up(SHAPE(1, 5))),
	    FLOATS(0, 4.0 / 6, 10.0 / 6, 3, 4), "hardswish");
	is(mc_hardsigmoid_over(t, count_up(SHAPE(1, 5))),
	    FLOATS(0.5, 4.0 / 6, 5.0 / 6, 1, 1), "hardsigmoid");
	is(mc_linear(t, count_up(SHAPE(1, 2)), count_up(SHAPE(3, 2)),
	    ones(SHAPE(3))), FLOATS(2, 4, 6), "linear");
	is(mc_max_pool2d(t, x, 2, 1, 0), FLOATS(4, 5, 7, 8), "max pool");
	is(mc_avg_pool2d(t, x, 2, 1), FLOATS(2, 3, 5, 6), "average pool");
	is(mc_adaptive_avg_pool2d(t, x, 1), FLOATS(4), "adaptive pool");
	is(mc_layer_norm(t, count_up(SHAPE(1, 2)), ones(SHAPE(2)),
	    count_up(SHAPE(2)), 0), FLOATS(-1, 2), "layer norm");
	mean = mc_full(t, MC_FLOAT64, 0, SHAPE(1));
	var = ones(SHAPE(1));
	x = count_up(SHAPE(2, 1, 1, 1));
	is(mc_batch_norm(t, x, ones(SHAPE(1)), ones(SHAPE(1)), mean, var,
	    1e-5, 0.1, false), FLOATS(1, 1 + 1 / sqrt(1 + 1e-5)), "batch norm");
	mc_batch_norm(t, x, ones(SHAPE(1)), ones(SHAPE(1)), mean, var, 1e-5,
	    0.1, true);
	is(mean, FLOATS(0.05), "batch norm moves the mean");
	is(var, FLOATS(0.9 + 0.05), "batch norm moves the unbiased variance");
}

/* What convolutions compute in oneDNN's own order is what they compute else. */
static void
test_blocked(void)
{
	struct mc_tensor *x, *w, *apart, *b, *y[2];
	double values[2][2 * 3];
	float pixels[2 * 3 * 9 * 7], kernels[3 * 3 * 3 * 3];
	size_t i;

	if (!mc_has_blocked(t)) {
		tap_ok(strncmp(mc_torch_device(t), "cuda", 4) == 0,
		    "the CPU has oneDNN's order");
		return;
	}
	for (i = 0; i < sizeof(pixels) / sizeof(pixels[0]); i++)
		pixels[i] = (float)(i * 37 % 101) / 50 - 1;
	for (i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++)
		kernels[i] = (float)(i * 53 % 103) / 300 - 0.15f;
	x = mc_from_f32(t, pixels, 2 * 3 * 9 * 7, SHAPE(2, 3, 9, 7));
	w = mc_from_f32(t, kernels, 81, SHAPE(3, 3, 3, 3));
	apart = mc_from_f32(t, kernels + 20, 27, SHAPE(3, 1, 3, 3));
	b = mc_from_f32(t, kernels + 5, 3, SHAPE(3));
	for (i = 0; i < 2; i++) {
		struct mc_tensor *k[] = { w, w, apart };

		if (i == 1) {
			x = mc_blocked(t, x);
			k[0] = mc_blocked_kernels(t, w, 2, 1, 1);
			k[1] = mc_blocked_kernels(t, w, 1, 1, 1);
			k[2] = mc_blocked_kernels(t, apart, 1, 1, 3);
		}
		x = mc_relu_over(t, mc_conv2d(t, x, k[0], b, 2, 1));
		x = mc_add_over(t, mc_conv2d(t, x, k[1], NULL, 1, 1), x);
		x = mc_conv2d(t, x, k[2], b, 1, 1);
		y[i] = mc_adaptive_avg_pool2d(t, mc_max_pool2d(t, x, 3, 2, 1),
		    1);
		mc_to_f64(t, y[i], values[i], 6);
		x = mc_from_f32(t, pixels, 2 * 3 * 9 * 7, SHAPE(2, 3, 9, 7));
	}
	TEST(mc_torch_check(t, &err) == MC_OK);
	for (i = 0; i < 6; i++)
		tap_near(values[1][i], values[0][i], 1e-6, "blocked: value %zu",
		    i);
	x = mc_full(t, MC_FLOAT32, NAN, SHAPE(1, 3, 2, 2));
	x = mc_relu_over(t, mc_blocked(t, x));
	mc_to_f64(t, mc_adaptive_avg_pool2d(t, x, 1), values[0], 3);
	tap_ok(isnan(values[0][0]) && isnan(values[0][2]),
	    "blocked: relu keeps what is not a number");
	mc_blocked(t, mc_full(t, MC_INT64, 0, SHAPE(1, 1, 1, 1)));
	TEST(mc_torch_check(t, &err) == MC_EDATA);
}

/* Queries 0, so that the weights are those of the BIAS alone. */
static struct mc_tensor *
biased(struct mc_tensor *bias)
{
	double qkv[2 * 2 * 3] = { 0, 1, 10, 0, 3, 20, 0, 1, 30, 0, 3, 70 };

	return mc_attention(t, mc_from_f64(t, qkv, 12, SHAPE(2, 2, 3)), 1,
	    bias, 2);
}

static void
test_attention_bias(void)
{
	double two[2 * 2 * 2] = { 0, 0, log(3), 0, log(4), 0, 0, log(4) };

	is(biased(mc_from_f64(t, two, 8, SHAPE(2, 1, 2, 2))), FLOATS(15, 12.5,
	    38, 62), "attention with a bias for each image");
	is(biased(mc_from_f64(t, two, 4, SHAPE(1, 1, 2, 2))), FLOATS(15, 12.5,
	    50, 40), "and with one for all");
	/* w (v - y), for both images. */
	descend(biased, SHAPE(1, 1, 2, 2), FLOATS(12.5, -12.5, 12.5, -12.5),
	    "the gradient of a bias for all");
	descend(biased, SHAPE(2, 1, 2, 2), FLOATS(2.5, -2.5, 2.5, -2.5, 10,
	    -10, 10, -10), "and of one for each");
	biased(ones(SHAPE(2, 1, 2, 3)));
	refused("attention: shape [2, 2, 3, 1, 1] for a bias of shape "
	    "[2, 1, 2, 3]", "attention checks its bias");
}

/*
 * The first of two tokens attends to both, 1/4 and 3/4, of the values 0 and 4.
 * X is added to queries, keys and values of one head of one dimension.
 */
static struct mc_tensor *
first_attends(struct mc_tensor *x)
{
	double qkv[2 * 3] = { 1, 0, 0, 5, log(3), 4 };

	return mc_attention(t, mc_add(t, mc_from_f64(t, qkv, 6,
	    SHAPE(1, 2, 3)), x), 1, NULL, 1);
}

/* One head of one dimension; queries 0 give each value the same weight. */
static void
test_attention(void)
{
	double qkv[2 * 3] = { 0, 1, 10, 2, 3, 20 };
	double w = 1 / (1 + exp(2 * (1 - 3)));

	is(mc_attention(t, mc_from_f64(t, qkv, 6, SHAPE(1, 2, 3)), 1, NULL, 2),
	    FLOATS(15, 10 + 10 * w), "attention");
	mc_torch_grad(t, true);
	is(mc_attention(t, mc_from_f64(t, qkv, 6, SHAPE(1, 2, 3)), 1, NULL, 2),
	    FLOATS(15, 10 + 10 * w), "attention that is recorded");
	mc_torch_grad(t, false);
	is(first_attends(mc_full(t, MC_FLOAT64, 0, SHAPE(1, 2, 3))), FLOATS(3),
	    "attention of the first token");
	/* y = 3, and that of a score is w (v - y). */
	descend(first_attends, SHAPE(1, 2, 3), FLOATS(-0.75 * log(3), 0.75,
	    -0.25, 0, -0.75, -0.75),
	    "its gradient: none of the query that does not attend");
	mc_attention(t, ones(SHAPE(1, 2, 8)), 2, NULL, 2);
	refused("attention: shape [1, 2, 8]", "attention checks its shape");
	mc_attention(t, ones(SHAPE(1, 2, 3)), 1, NULL, 3);
	refused("attention: 3 queries of 2", "and its queries");
	mc_attention(t, ones(SHAPE(2, 2, 3)), 1, ones(SHAPE(1, 1, 2, 2)), 1);
	refused("attention: 1 queries of 2", "all attend with a bias");
}

/* Two heads of one dimension: one whose queries are 0, one whose are not. */
static void
test_attention_weights(void)
{
	double qkv[2 * 6] = { 0, 1, 1, 0, 9, 9, 0, 2, 3, log(3), 9, 9 };
	double w = (0.5 + 0.25) / 2, v = (0.5 + 0.1) / 2;

	is(mc_attention_weights(t, mc_from_f64(t, qkv, 12, SHAPE(1, 2, 6)), 2),
	    FLOATS(w, 1 - w, v, 1 - v), "the weights of attention");
	mc_attention_weights(t, ones(SHAPE(1, 2, 8)), 2);
	refused("attention weights: shape [1, 2, 8]",
	    "they check their shape");
}

/* y = x x, of which the gradients are asked for one after another. */
static void
test_gradient(void)
{
	double values[] = { 1, 2, 3 };
	struct mc_tensor *x, *y;

	mc_scope_open(t);
	mc_torch_grad(t, true);
	x = mc_tensor_keep(t, mc_from_f64(t, values, 3, SHAPE(3)));
	mc_set_trainable(t, x, true);
	y = mc_mul(t, x, x);
	is(mc_gradient(t, y, mc_from_f64(t, (double[]){ 1, 0, 0 }, 3, SHAPE(3)),
	    x), FLOATS(2, 0, 0), "the gradient of one element");
	is(mc_gradient(t, y, mc_from_f64(t, (double[]){ 0, 1, -2 }, 3,
	    SHAPE(3)), x), FLOATS(0, 4, -12), "and of two others");
	mc_torch_grad(t, false);
	mc_gradient(t, ones(SHAPE(3)), ones(SHAPE(3)), x);
	refused("gradient: element 0 of tensors does not require grad",
	    "what was not computed from it has none");
	mc_tensor_free(x);
	mc_scope_close(t, NULL);
}

static void
test_bicubic(void)
{
	struct mc_tensor *x = count_up(SHAPE(1, 1, 4, 4));
	double wide[1], sharp[1], scaled[4];

	mc_to_f64(t, mc_bicubic(t, x, 1, 1, 0, 0, true), wide, 1);
	mc_to_f64(t, mc_bicubic(t, x, 1, 1, 0, 0, false), sharp, 1);
	tap_near(wide[0], 7.5, 1e-12, "bicubic, antialiased, of a ramp");
	tap_near(sharp[0], 7.5, 1e-12, "bicubic of a ramp");
	mc_to_f64(t, mc_bicubic(t, x, 2, 2, 0.75, 0.75, false), scaled, 4);
	tap_ok(scaled[0] < 1.25, "a larger step starts elsewhere");
	mc_bicubic(t, x, 2, 2, 0.5, 0, false);
	refused("bicubic: one scale of two", "one scale");
}

static void
test_dropout(void)
{
	struct mc_tensor *x = ones(SHAPE(64)), *again;
	double a[64], b[64], sum = 0;
	int i;

	mc_torch_seed(t, 7);
	mc_to_f64(t, mc_dropout(t, x, 0.5, true), a, 64);
	mc_torch_seed(t, 7);
	again = mc_dropout(t, x, 0.5, true);
	mc_to_f64(t, again, b, 64);
	for (i = 0; i < 64; i++)
		sum += a[i];
	TEST(memcmp(a, b, sizeof(a)) == 0);
	tap_ok(sum > 32 && sum < 96 && (a[0] == 0 || a[0] == 2),
	    "half of the elements are dropped, the others doubled");
	mc_to_f64(t, mc_dropout(t, x, 0.5, true), b, 64);
	TEST(memcmp(a, b, sizeof(a)) != 0);
	mc_to_f64(t, mc_dropout(t, x, 0.5, false), b, 64);
	tap_near(b[0] + b[63], 2, 0, "out of training nothing is dropped");
	mc_dropout(t, x, 1, true);
	refused("dropout: probability 1", "dropping all");
}

/* A path of 64, one per row of two elements, is left out whole. */
static void
test_drop_path(void)
{
	double v[128];
	size_t i, kept = 0;
	bool whole = true;

	mc_torch_seed(t, 7);
	mc_to_f64(t, mc_drop_path(t, ones(SHAPE(64, 2)), 0.5), v, 128);
	for (i = 0; i < 128; i += 2) {
		whole = whole && v[i] == v[i + 1] && (v[i] == 0 || v[i] == 2);
		kept += v[i] != 0;
	}
	tap_ok(whole && kept > 16 && kept < 48,
	    "paths are left out, or doubled: %zu of 64 stay", kept);
	mc_drop_path(t, ones(SHAPE(64, 2)), 1);
	refused("drop path: probability 1", "dropping all");
}

/*
 * From w = (0, 0) a step on the loss -log softmax(w)[0], whose gradient there
 * is (-1/2, 1/2); then one of the rate 0.
 */
static void
test_optimiser(enum mc_optim_kind kind, double wanted, const char *name)
{
	struct mc_optim_options options = { .kind = kind, .rate = 0.1,
	    .momentum = kind == MC_SGD ? 0.9 : 0 };
	struct mc_tensor *w, *label;
	struct mc_optim *o;

	mc_scope_open(t);
	mc_torch_grad(t, true);
	w = mc_tensor_keep(t, mc_full(t, MC_FLOAT64, 0, SHAPE(1, 2)));
	mc_set_trainable(t, w, true);
	label = one_hot(t, (int[]){ 0 }, 1, 2);
	o = mc_optim_alloc(t, &w, NULL, NULL, 1, &options);
	mc_optim_zero(t, o);
	mc_backward(t, mc_cross_entropy(t, w, label, 0));
	mc_optim_step(t, o);
	is(w, FLOATS(-wanted, wanted), name);
	mc_torch_grad(t, false);
	mc_optim_free(o);
	mc_tensor_free(w);
	mc_scope_close(t, NULL);
}

/*
 * Five steps of Adam or, if DECOUPLED, AdamW on -log softmax(w)[0], with weight
 * decay, as Kingma & Ba (2015) and Loshchilov & Hutter (2019) write them.
 */
static void
adam_by_hand(bool decoupled, double w[2])
{
	double m[2] = { 0 }, v[2] = { 0 }, g, p;
	int step, i;

	for (step = 1; step <= 5; step++) {
		p = 1 / (1 + exp(w[1] - w[0]));
		for (i = 0; i < 2; i++) {
			g = i == 0 ? p - 1 : 1 - p;
			if (decoupled)
				w[i] *= 1 - 0.1 * 0.2;
			else
				g += 0.2 * w[i];
			m[i] = 0.9 * m[i] + 0.1 * g;
			v[i] = 0.999 * v[i] + 0.001 * g * g;
		}
		for (i = 0; i < 2; i++)
			w[i] -= 0.1 * m[i] / (1 - pow(0.9, step)) /
			    (sqrt(v[i] / (1 - pow(0.999, step))) + 1e-8);
	}
}

static void
test_adam(enum mc_optim_kind kind, const char *name)
{
	const struct mc_optim_options options = { .kind = kind, .rate = 0.1,
	    .weight_decay = 0.2 };
	double wanted[2] = { 0.5, -1 }, got[2];
	struct mc_tensor *w, *label;
	struct mc_optim *o;
	int i;

	mc_scope_open(t);
	mc_torch_grad(t, true);
	w = mc_tensor_keep(t, mc_from_f32(t, (float[]){ 0.5, -1 }, 2,
	    SHAPE(1, 2)));
	mc_set_trainable(t, w, true);
	label = one_hot(t, (int[]){ 0 }, 1, 2);
	o = mc_optim_alloc(t, &w, NULL, NULL, 1, &options);
	for (i = 0; i < 5; i++) {
		mc_optim_zero(t, o);
		mc_backward(t, mc_cross_entropy(t, w, mc_cast(t, label,
		    MC_FLOAT32), 0));
		mc_optim_step(t, o);
	}
	adam_by_hand(kind == MC_ADAMW, wanted);
	mc_to_f64(t, w, got, 2);
	tap_near(got[0], wanted[0], 1e-6, "%s: five steps, up", name);
	tap_near(got[1], wanted[1], 1e-6, "%s: and down", name);
	mc_torch_grad(t, false);
	mc_optim_free(o);
	mc_tensor_free(w);
	mc_scope_close(t, NULL);
}

/*
 * A step on the binary cross-entropy of the logits W with the weights 1 and 2
 * of yes and no: its gradient is -(1 - p) and 2 p, and with focus g
 * -(1 - p)^g (1 - p - g p log p) and 2 p^g (p - g (1 - p) log(1 - p)).
 */
static void
test_binary(const double *w, double focal, const double *wanted,
    const char *name)
{
	struct mc_optim_options options = { .kind = MC_SGD, .rate = 1 };
	const double yes[] = { 1, 0 }, no[] = { 0, 2 };
	struct mc_tensor *x;
	struct mc_optim *o;

	mc_scope_open(t);
	mc_torch_grad(t, true);
	x = mc_tensor_keep(t, mc_from_f64(t, w, 2, SHAPE(1, 2)));
	mc_set_trainable(t, x, true);
	o = mc_optim_alloc(t, &x, NULL, NULL, 1, &options);
	mc_optim_zero(t, o);
	mc_backward(t, mc_binary_cross_entropy(t, x, mc_from_f64(t, yes, 2,
	    SHAPE(1, 2)), mc_from_f64(t, no, 2, SHAPE(1, 2)), focal));
	mc_optim_step(t, o);
	is(x, wanted, 2, name);
	mc_torch_grad(t, false);
	mc_optim_free(o);
	mc_tensor_free(x);
	mc_scope_close(t, NULL);
}

/* A step on the loss sum(w^2), whose gradient is 2 w. */
static void
square_step(struct mc_optim *o, struct mc_tensor *w)
{
	const int64_t flat[] = { -1 };

	mc_scope_open(t);
	mc_optim_zero(t, o);
	mc_backward(t, mc_scale(t, mc_mean(t, mc_reshape(t, mc_mul(t, w, w),
	    flat, 1), 0), (double)mc_count(w)));
	mc_optim_step(t, o);
	mc_scope_close(t, NULL);
}

/* A parameter of ROWS x COLUMNS ones. */
static struct mc_tensor *
trainable(int64_t rows, int64_t columns)
{
	struct mc_tensor *w;

	mc_scope_open(t);
	w = mc_tensor_keep(t, mc_full(t, MC_FLOAT32, 1, SHAPE(rows,
	    columns)));
	mc_scope_close(t, NULL);
	mc_set_trainable(t, w, true);
	return w;
}

/* The first, the last and one element in between of X. */
static void
ends_are(struct mc_tensor *x, double wanted, const char *name)
{
	size_t n = mc_count(x);
	float *v = malloc(n * sizeof(*v));
	/* On a GPU Adam's 1 - 0.999 is a float: 1.3e-5 of it is missing. */
	double most = strcmp(test_device(), "cpu") == 0 ? 1e-6 : 1e-5;

	mc_to_f32(t, x, v, n);
	tap_ok(mc_torch_check(t, &err) == MC_OK &&
	    fabs(v[0] - wanted) < most && fabs(v[n / 2] - wanted) < most &&
	    fabs(v[n - 1] - wanted) < most, "%s: %g, %g, %g, wanted %g", name,
	    v[0], v[n / 2], v[n - 1], wanted);
	free(v);
}

/*
 * A large parameter, which libtorch is given in pieces, goes where a small one
 * goes; each has its own weight decay; the slots are libtorch's.
 */
static void
test_slots(void)
{
	const struct mc_optim_options sgd = { .kind = MC_SGD, .rate = 0.1,
	    .momentum = 0.5 };
	const struct mc_optim_options adam = { .kind = MC_ADAM, .rate = 0.1 };
	struct mc_tensor *w[] = { trainable(3000, 1000), trainable(2, 1) };
	const double decay[] = { 0, 0.5 };
	struct mc_optim *o = mc_optim_alloc(t, w, decay, NULL, 2, &sgd);
	double steps;

	mc_torch_grad(t, true);
	tap_str(mc_optim_slot_name(o, 0), "momentum_buffer", "SGD's slot");
	TEST(mc_optim_slot_name(o, 1) == NULL);
	ends_are(mc_optim_slot(o, 0, 0), 0, "it starts at 0");
	square_step(o, w[0]);
	ends_are(mc_optim_slot(o, 0, 0), 2, "then it is the gradient");
	ends_are(w[0], 0.8, "and that is the step");
	square_step(o, w[0]);
	ends_are(w[0], 0.54, "the momentum is half of the last one");
	square_step(o, w[1]);
	ends_are(w[1], 0.75, "the second one decays");
	mc_fill_f32(t, mc_optim_slot(o, 1, 0), (float[]){ 0, 0 }, 2);
	square_step(o, w[1]);
	ends_are(w[1], 0.75 - 0.1 * 0.75 * 2.5, "a slot can be written to");
	mc_optim_free(o);
	o = mc_optim_alloc(t, w, NULL, NULL, 2, &adam);
	tap_str(mc_optim_slot_name(o, 0), "step", "Adam's slots");
	tap_str(mc_optim_slot_name(o, 1), "exp_avg", "the mean");
	tap_str(mc_optim_slot_name(o, 2), "exp_avg_sq", "the mean square");
	TEST(mc_optim_slot_name(o, 3) == NULL);
	square_step(o, w[0]);
	ends_are(mc_optim_slot(o, 0, 1), 0.108, "a tenth of the gradient");
	ends_are(w[0], 0.44, "one step of the rate");
	mc_to_f64(t, mc_optim_slot(o, 0, 0), &steps, 1);
	tap_near(steps, 1, 0, "one step is counted");
	mc_to_f64(t, mc_optim_slot(o, 1, 0), &steps, 1);
	tap_near(steps, 0, 0, "none of what has no gradient");
	*(int64_t *)mc_memory(mc_optim_slot(o, 0, 0)) = 1000000;
	square_step(o, w[0]);
	/* After so many steps the means count as they are. */
	ends_are(w[0], 0.44 - 0.1 * (0.9 * 0.108 + 0.1 * 0.88) /
	    sqrt(0.999 * 0.001 * 1.08 * 1.08 + 0.001 * 0.88 * 0.88),
	    "the step count can be written to");
	mc_torch_grad(t, false);
	mc_optim_free(o);
	mc_tensor_free(w[0]);
	mc_tensor_free(w[1]);
}

/*
 * The gradients of two losses sum(w^2) / 2 are added outside libtorch, and a step
 * goes by any such sum.  A parameter without a gradient stays where it is.
 */
static void
test_gradient_sums(void)
{
	const struct mc_optim_options sgd = { .kind = MC_SGD, .rate = 0.25 };
	struct mc_tensor *w[] = { trainable(2, 3), trainable(2, 1) };
	const double decay[] = { 0, 0.5 };
	struct mc_optim *o = mc_optim_alloc(t, w, decay, NULL, 2, &sgd);
	double sum[7 + 3] = { 0 };
	int half, i, wrong = 0;

	mc_torch_grad(t, true);
	for (half = 0; half < 2; half++) {
		mc_scope_open(t);
		mc_backward(t, mc_scale(t, mc_mean(t, mc_reshape(t,
		    mc_mul(t, w[0], w[0]), (int64_t[]){ -1 }, 1), 0), 3));
		mc_optim_take(t, o, sum);
		mc_scope_close(t, NULL);
	}
	for (i = 0; i < 6; i++)
		wrong += fabs(sum[i] - 2) > 1e-6;
	tap_ok(wrong == 0 && sum[6] == 2,
	    "the gradients of two losses are added: %g to %g", sum[0], sum[5]);
	tap_ok(sum[7] == 0 && sum[8] == 0 && sum[9] == 0,
	    "what has no gradient adds none");
	mc_optim_step(t, o);
	ends_are(w[0], 1, "the gradients that were taken are forgotten");
	for (i = 0; i < 6; i++)
		sum[i] = i;
	mc_optim_put(t, o, sum);
	mc_optim_step(t, o);
	is(w[0], (double[]){ 1, 0.75, 0.5, 0.25, 0, -0.25 }, 6,
	    "a step goes by the sum, element by element");
	ends_are(w[1], 1, "and what has none does not even decay");
	sum[6] = 0;
	sum[9] = 1;
	mc_optim_put(t, o, sum);
	mc_optim_step(t, o);
	is(w[0], (double[]){ 1, 0.75, 0.5, 0.25, 0, -0.25 }, 6,
	    "the next sum takes its gradient away");
	ends_are(w[1], 0.875, "a gradient of 0 is one: the other decays");
	mc_torch_grad(t, false);
	mc_optim_free(o);
	mc_tensor_free(w[0]);
	mc_tensor_free(w[1]);
}

static void
test_learning(void)
{
	struct mc_optim_options options = { .kind = (enum mc_optim_kind)3 };
	struct mc_tensor *x = ones(SHAPE(1));

	test_optimiser(MC_SGD, -0.05, "SGD");
	test_optimiser(MC_ADAM, -0.1 / (1 + 1e-8 / 0.5), "Adam");
	test_optimiser(MC_ADAMW, -0.1 / (1 + 1e-8 / 0.5), "AdamW");
	test_adam(MC_ADAM, "Adam");
	test_adam(MC_ADAMW, "AdamW");
	test_binary((double[]){ 0, 0 }, 0, (double[]){ 0.5, -1 },
	    "binary cross-entropy");
	test_binary((double[]){ 0, 0 }, 2, (double[]){ 0.125 + M_LN2 / 4,
	    -0.25 - M_LN2 / 2 }, "binary cross-entropy with focus 2");
	test_binary((double[]){ -800, 800 }, 0.5, (double[]){ -799, 798 },
	    "binary cross-entropy, all wrong");
	test_binary((double[]){ 800, -800 }, 0.5, (double[]){ 800, -800 },
	    "binary cross-entropy, all right");
	test_slots();
	test_gradient_sums();
	TEST(mc_optim_alloc(t, &x, NULL, NULL, 1, &options) == NULL);
	refused("optimiser: no such kind: 3", "an unknown optimiser");
	mc_backward(t, x);
	refused("backward: ", "backward without a graph");
	mc_cross_entropy(t, ones(SHAPE(1, 2)), ones(SHAPE(1, 3)), 0);
	refused("cross entropy: ", "targets of another number of classes");
	mc_binary_cross_entropy(t, ones(SHAPE(1, 2)), ones(SHAPE(1, 3)),
	    ones(SHAPE(1, 2)), 0);
	refused("binary cross entropy: ", "weights of other findings");
}

static void
test_errors(void)
{
	struct mc_tensor *bad, *y;
	double out[2] = { 1, 1 };

	bad = mc_linear(t, ones(SHAPE(1, 2)), ones(SHAPE(2, 3)), NULL);
	TEST(mc_torch_failed(t));
	tap_int(mc_size(bad, 0), 0, "a failed tensor's sizes read 0");
	y = mc_relu(t, mc_add(t, bad, bad));
	mc_to_f64(t, y, out, 2);
	tap_near(out[0] + out[1], 0, 0, "a failed tensor reads as zeros");
	mc_torch_fail(t, MC_EIO, "later");
	TEST(mc_tensor_keep(t, ones(SHAPE(1))) == NULL);
	refused("linear: ", "the first error stays");
	TEST(mc_torch_check(t, &err) == MC_OK);
	mc_relu(t, bad);
	refused("relu: an operand comes from what failed", "a failed operand");
	mc_conv2d(t, NULL, NULL, NULL, 1, 1);
	refused("conv2d: an operand is missing", "a missing operand");
	mc_reshape(t, ones(SHAPE(1)), NULL, -1);
	refused("reshape: a shape", "a negative number of sizes");
	mc_torch_fail(t, MC_EDATA, "a %s", "reason");
	refused("a reason", "an error from outside");
}

static void
test_scopes(void)
{
	size_t before = mc_torch_temporaries(t);
	struct mc_tensor *x, *y;

	mc_scope_open(t);
	x = ones(SHAPE(1));
	mc_scope_open(t);
	y = mc_add(t, x, x);
	ones(SHAPE(5));
	y = mc_scope_close(t, y);
	tap_int((long long)(mc_torch_temporaries(t) - before), 2,
	    "a scope leaves what is kept");
	is(y, FLOATS(2), "what is kept is whole");
	mc_drop(t, x);
	mc_drop(t, x);
	tap_int((long long)(mc_torch_temporaries(t) - before), 1, "drop");
	tap_ok(mc_scope_close(t, NULL) == NULL &&
	    mc_torch_temporaries(t) == before,
	    "the outer scope frees the rest");
}

/* Pages of this process in memory. */
static long
resident(void)
{
	FILE *f = fopen("/proc/self/statm", "r");
	long size = 0, pages = 0;

	if (f != NULL && fscanf(f, "%ld %ld", &size, &pages) != 2)
		pages = 0;
	if (f != NULL)
		fclose(f);
	return pages;
}

/* Steps of a small network, every tenth with a shape error thrown in. */
static double
steps(int n)
{
	struct mc_optim_options options = { .kind = MC_SGD, .rate = 0.05,
	    .momentum = 0.9 };
	struct mc_tensor *p[2], *x, *label;
	struct mc_optim *o;
	double loss = 0;
	int i;

	mc_scope_open(t);
	mc_torch_grad(t, true);
	p[0] = mc_tensor_keep(t, mc_scale(t, count_up(SHAPE(4, 1, 3, 3)),
	    0.01));
	p[1] = mc_tensor_keep(t, mc_scale(t, count_up(SHAPE(3, 4)), 0.1));
	mc_torch_grad(t, false);
	mc_set_trainable(t, p[0], true);
	mc_set_trainable(t, p[1], true);
	mc_torch_grad(t, true);
	o = mc_optim_alloc(t, p, NULL, NULL, 2, &options);
	label = one_hot(t, (int[]){ 0, 2 }, 2, 3);
	for (i = 0; i < n; i++) {
		mc_scope_open(t);
		x = mc_scale(t, count_up(SHAPE(2, 1, 4, 4)), 0.1);
		if (i % 10 == 9)
			x = mc_narrow(t, x, 2, 0, 99);
		x = mc_relu(t, mc_conv2d(t, x, p[0], NULL, 1, 1));
		x = mc_flatten(t, mc_adaptive_avg_pool2d(t, x, 1), 1);
		x = mc_cross_entropy(t, mc_linear(t, x, p[1], NULL), label, 0);
		mc_optim_zero(t, o);
		mc_backward(t, x);
		mc_optim_step(t, o);
		if (mc_torch_check(t, &err) == MC_OK)
			mc_to_f64(t, x, &loss, 1);
		mc_scope_close(t, NULL);
	}
	mc_torch_grad(t, false);
	mc_optim_free(o);
	mc_tensor_free(p[0]);
	mc_tensor_free(p[1]);
	mc_scope_close(t, NULL);
	return loss;
}

static void
test_flat(void)
{
	long before;
	double loss, again;

	loss = steps(1000);
	before = resident();
	again = steps(1000);
#if defined(__SANITIZE_ADDRESS__)
	(void)before;
	tap_skip("the sanitizer keeps freed memory, and finds leaks itself");
#else
	tap_ok((resident() - before) * sysconf(_SC_PAGESIZE) < 1 << 20,
	    "1000 steps with 100 errors leave memory flat");
#endif
	tap_ok(memcmp(&loss, &again, sizeof(loss)) == 0 && loss < 0.75,
	    "the same steps, the same bits (loss %g)", loss);
}

int
main(void)
{
	if (!tap_ok(mc_torch_alloc(&t, test_device(), 2, 1, &err) == MC_OK, "alloc: %s",
	    err.text))
		return tap_done();
	mc_scope_open(t);
	test_context();
	test_memory();
	test_shapes();
	test_rows();
	test_arithmetic();
	test_layers();
	test_blocked();
	test_attention();
	test_attention_bias();
	test_attention_weights();
	test_gradient();
	test_bicubic();
	test_dropout();
	test_drop_path();
	test_learning();
	test_errors();
	test_scopes();
	mc_scope_close(t, NULL);
	mc_scope_close(t, NULL);
	refused("a scope is closed", "a scope that no one opened");
	test_flat();
	ones(SHAPE(1));
	tap_int((long long)mc_torch_temporaries(t), 1,
	    "a temporary outside every scope is the context's");
	mc_torch_free(t);
	return tap_done();
}
