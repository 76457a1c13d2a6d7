/*
 * shim.h - call as much of libtorch from C as the backbones need.
 *
 * A context carries a sticky error and owns every temporary.  An operation
 * never fails visibly: after the first error each one returns a failed tensor
 * at once, whose sizes read 0, and the caller asks mc_torch_check once at the
 * end.  So a network reads like mathematics:
 *
 *	mc_scope_open(t);
 *	y = mc_relu(t, mc_conv2d(t, x, w, b, 1, 1));
 *	y = mc_scope_close(t, y);
 *
 * A tensor that an operation returns is a temporary: it belongs to the
 * innermost open scope and is freed with it.  mc_tensor_keep makes a handle
 * that the caller owns.  Operands are never changed, but by the functions that
 * say so.  A shape is the sizes, outermost first, and their number.
 *
 * One context, one thread.  C++ exceptions end here: each becomes one line of
 * text.  Gradients are recorded only after mc_torch_grad(t, true).
 *
 * A program that links the shim and finds OMP_WAIT_POLICY unset sets it to
 * passive before main, or starts itself anew with it: libgomp, whose threads
 * would otherwise spin while they wait, reads it when it is loaded.
 */
#ifndef MC_SHIM_H
#define MC_SHIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#ifdef __cplusplus
extern "C" {
#endif

struct mc_torch;
struct mc_tensor;
struct mc_optim;

/*
 * The types of a tensor's elements.  Convolutions, linear layers and attention
 * in MC_BFLOAT16 add up in float32 and round the result.
 */
enum mc_elem { MC_FLOAT32, MC_BFLOAT16, MC_FLOAT64, MC_INT64 };

/* --- The context --------------------------------------------------------- */

/*
 * Make a context whose tensors are on DEVICE ("cpu", "cuda", "cuda:N", or
 * "auto": the first CUDA device, if there is one, else the CPU), whose
 * operations on the CPU run on THREADS threads (a setting of the whole process,
 * not of the context alone), and whose generator is seeded with SEED.  *T is
 * NULL on error; MC_EUSAGE where there is no such device.
 *
 * Same seed, threads, device and machine: the same bytes; see also
 * mc_torch_any_threads.  On a GPU, matrix
 * products and convolutions of float32 are computed in float32 (no TF32), and
 * only by algorithms that are deterministic; an operation that has none fails
 * and names itself, unless mc_torch_allow_nondeterministic is called.
 */
enum mc_status	 mc_torch_alloc(struct mc_torch **t, const char *device,
		    int threads, uint64_t seed, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * Let libtorch choose the fastest algorithms on a GPU, also those whose result
 * differs from run to run.  On the CPU there are none, and nothing changes.
 */
void		 mc_torch_allow_nondeterministic(struct mc_torch *t);

/* Whether the same operands give the same result in each run. */
bool		 mc_torch_is_deterministic(const struct mc_torch *t);

/* The device that tensors are on: "cpu" or "cuda:N". */
const char	*mc_torch_device(const struct mc_torch *t);

/* Also free every temporary; T may be NULL. */
void		 mc_torch_free(struct mc_torch *t);

/*
 * The error of the first operation that failed since the last call, which
 * forgets it: MC_OK, or its status and one line in ERR.
 */
enum mc_status	 mc_torch_check(struct mc_torch *t, struct mc_err *err)
		    MC_MUST_CHECK;

/* Whether an operation has failed; the error stays. */
bool		 mc_torch_failed(const struct mc_torch *t);

/* Fail from outside, for what a network refuses; a first error stays. */
void		 mc_torch_fail(struct mc_torch *t, enum mc_status status,
		    const char *fmt, ...) MC_PRINTF(3, 4);

/*
 * Seed the generator that mc_dropout and mc_drop_path draw from, on the CPU for
 * any device.
 */
void		 mc_torch_seed(struct mc_torch *t, uint64_t seed);

/* Record gradients, or not; returns what it was. */
bool		 mc_torch_grad(struct mc_torch *t, bool on);

/* The number of threads of the process. */
int		 mc_torch_threads(struct mc_torch *t);

/*
 * Whether T's device multiplies in MC_BFLOAT16: a GPU, and a processor with
 * AVX512-BF16.  Others multiply in float32 and round, which takes longer than
 * MC_FLOAT32.
 */
bool		 mc_torch_has_bfloat16(const struct mc_torch *t);

/*
 * Whether any number of threads gives the same bytes: on a GPU, and on the CPU
 * with a libtorch 1.x that has oneDNN and shares its OpenMP with the shim.
 */
bool		 mc_torch_any_threads(const struct mc_torch *t);

/*
 * What results depend on besides their input, for the record:
 * "libtorch 1.13.0, OpenBLAS 0.3.21 ..., AVX-512", and on a GPU also ", CUDA
 * 12.6, cuDNN 9.5.1".
 */
const char	*mc_torch_version(struct mc_torch *t);

/*
 * NULL where the BLAS in use suits libtorch; else one sentence that says what
 * is wrong and what to install, for a program to warn with.
 */
const char	*mc_torch_blas_warning(struct mc_torch *t);

/* Temporaries alive now, for tests of the scopes. */
size_t		 mc_torch_temporaries(const struct mc_torch *t);

/*
 * Scopes nest.  Closing one frees every temporary made since it was opened,
 * except KEEP (which may be NULL), which passes to the scope around it and is
 * returned.
 */
void		 mc_scope_open(struct mc_torch *t);
struct mc_tensor *mc_scope_close(struct mc_torch *t, struct mc_tensor *keep);

/* Free X now, if it is a temporary of the innermost scope; else do nothing. */
void		 mc_drop(struct mc_torch *t, struct mc_tensor *x);

/* --- Tensors in and out of plain memory ----------------------------------- */

/* A tensor on the context's device with the N elements of DATA, copied. */
struct mc_tensor *mc_from_f32(struct mc_torch *t, const float *data, size_t n,
		    const int64_t *shape, int ndim);
struct mc_tensor *mc_from_f64(struct mc_torch *t, const double *data, size_t n,
		    const int64_t *shape, int ndim);

/*
 * N images of SIZE x SIZE pixels, each SIZE x SIZE x 3 bytes, R G B, copied to
 * the context's device and normalised there: N x 3 x SIZE x SIZE float32, with
 * (byte / 255 - MEAN[c]) / STD[c] in channel c, in memory channels last.
 */
struct mc_tensor *mc_from_rgb(struct mc_torch *t,
		    const unsigned char *const *image, size_t n, int64_t size,
		    const float mean[3], const float std[3]);

/* Every element VALUE. */
struct mc_tensor *mc_full(struct mc_torch *t, enum mc_elem elem, double value,
		    const int64_t *shape, int ndim);

/*
 * Copy all elements of X, converted and in row-major order, to OUT, which has
 * room for N, their number.  After an error OUT is zeros.
 */
void		 mc_to_f32(struct mc_torch *t, const struct mc_tensor *x,
		    float *out, size_t n);
void		 mc_to_f64(struct mc_torch *t, const struct mc_tensor *x,
		    double *out, size_t n);

/* Number of dimensions, a size (0 where there is no such one), elements. */
int		 mc_ndim(const struct mc_tensor *x);
int64_t		 mc_size(const struct mc_tensor *x, int dim);
size_t		 mc_count(const struct mc_tensor *x);

/*
 * A handle to X that outlives every scope; the elements are shared.  The
 * caller frees it, before the context or after.  NULL after an error.
 */
struct mc_tensor *mc_tensor_keep(struct mc_torch *t, const struct mc_tensor *x);

/* Free what mc_tensor_keep returned; X may be NULL. */
void		 mc_tensor_free(struct mc_tensor *x);

/* The type of X's elements. */
enum mc_elem	 mc_type(const struct mc_tensor *x);

/*
 * The elements of X themselves, in row-major order, to read and to write: they
 * live as long as X.  NULL where they are not on the CPU or not in that order.
 */
void		*mc_memory(struct mc_tensor *x);

/* Overwrite all elements of X, N, with those of DATA, in row-major order. */
void		 mc_fill_f32(struct mc_torch *t, struct mc_tensor *x,
		    const float *data, size_t n);

/* X in another element type; in channels-last memory order (4 dimensions). */
struct mc_tensor *mc_cast(struct mc_torch *t, const struct mc_tensor *x,
		    enum mc_elem elem);
struct mc_tensor *mc_channels_last(struct mc_torch *t,
		    const struct mc_tensor *x);

/*
 * oneDNN's own memory order, in blocks of channels that fit the processor's
 * registers, is the fastest for convolutions without gradients.  mc_has_blocked
 * says if T has it: on the CPU, in a libtorch with oneDNN.  mc_blocked brings X
 * (4 dimensions, float32) into it, and mc_blocked_kernels the W of a mc_conv2d
 * with this stride, padding and number of groups.  mc_conv2d, mc_add_over, mc_relu_over and
 * mc_max_pool2d take and give tensors in this order;
 * mc_adaptive_avg_pool2d takes them and gives an ordinary one.
 */
bool		 mc_has_blocked(const struct mc_torch *t);
struct mc_tensor *mc_blocked(struct mc_torch *t, const struct mc_tensor *x);
struct mc_tensor *mc_blocked_kernels(struct mc_torch *t,
		    const struct mc_tensor *w, int stride, int padding,
		    int groups);

/* --- Shapes; the results share X's elements where they can ---------------- */

/* One size may be -1: what is left. */
struct mc_tensor *mc_reshape(struct mc_torch *t, const struct mc_tensor *x,
		    const int64_t *shape, int ndim);
/* A size of 1 is repeated to the size wanted. */
struct mc_tensor *mc_expand(struct mc_torch *t, const struct mc_tensor *x,
		    const int64_t *shape, int ndim);
/* Dimension i of the result is dimension order[i] of X. */
struct mc_tensor *mc_permute(struct mc_torch *t, const struct mc_tensor *x,
		    const int64_t *order, int ndim);
/* Indices [START, START + LENGTH) of dimension DIM. */
struct mc_tensor *mc_narrow(struct mc_torch *t, const struct mc_tensor *x,
		    int dim, int64_t start, int64_t length);
/* All dimensions from DIM on in one. */
struct mc_tensor *mc_flatten(struct mc_torch *t, const struct mc_tensor *x,
		    int dim);
/* The N tensors of XS one after the other along DIM. */
struct mc_tensor *mc_cat(struct mc_torch *t, struct mc_tensor *const *xs,
		    size_t n, int dim);

/*
 * X: N x L x D.  Row ROWS[i] of each of the N at place i, or zeros where it is
 * -1; COUNT places.  No row may be taken twice.  N x COUNT x D.
 */
struct mc_tensor *mc_rows(struct mc_torch *t, const struct mc_tensor *x,
		    const int64_t *rows, size_t count);

/* --- Arithmetic ----------------------------------------------------------- */

/* Elementwise; sizes of 1 are repeated as in numpy. */
struct mc_tensor *mc_add(struct mc_torch *t, const struct mc_tensor *a,
		    const struct mc_tensor *b);
struct mc_tensor *mc_mul(struct mc_torch *t, const struct mc_tensor *a,
		    const struct mc_tensor *b);
/* x + scale y, elementwise; the sizes of SCALE are repeated. */
struct mc_tensor *mc_add_scaled(struct mc_torch *t, const struct mc_tensor *x,
		    const struct mc_tensor *y, const struct mc_tensor *scale);
/* FACTOR * x. */
struct mc_tensor *mc_scale(struct mc_torch *t, const struct mc_tensor *x,
		    double factor);
/* 1 / sqrt(x + epsilon). */
struct mc_tensor *mc_rsqrt(struct mc_torch *t, const struct mc_tensor *x,
		    double epsilon);
/* The mean over dimension DIM, which goes. */
struct mc_tensor *mc_mean(struct mc_torch *t, const struct mc_tensor *x,
		    int dim);

struct mc_tensor *mc_relu(struct mc_torch *t, const struct mc_tensor *x);
/* x Phi(x), exact. */
struct mc_tensor *mc_gelu(struct mc_torch *t, const struct mc_tensor *x);
/* The same with tanh's approximation of Phi (Hendrycks & Gimpel 2016). */
struct mc_tensor *mc_gelu_tanh(struct mc_torch *t, const struct mc_tensor *x);
/* x sigmoid(1.702 x), as CLIP has it. */
struct mc_tensor *mc_gelu_quick(struct mc_torch *t, const struct mc_tensor *x);
/* x sigmoid(x) y (Shazeer 2020). */
struct mc_tensor *mc_swiglu(struct mc_torch *t, const struct mc_tensor *x,
		    const struct mc_tensor *y);

/*
 * The same written over the first operand, which they return: for what has
 * just been made and is needed no more.  Memory that is touched again is far
 * cheaper than new memory.  mc_mul_over and the GELUs cannot be recorded.  silu
 * is x sigmoid(x); the hard forms put relu6(x + 3) / 6 in the place of
 * sigmoid(x).
 */
struct mc_tensor *mc_add_over(struct mc_torch *t, struct mc_tensor *a,
		    const struct mc_tensor *b);
struct mc_tensor *mc_mul_over(struct mc_torch *t, struct mc_tensor *a,
		    const struct mc_tensor *b);
struct mc_tensor *mc_relu_over(struct mc_torch *t, struct mc_tensor *x);
struct mc_tensor *mc_silu_over(struct mc_torch *t, struct mc_tensor *x);
struct mc_tensor *mc_hardswish_over(struct mc_torch *t, struct mc_tensor *x);
struct mc_tensor *mc_sigmoid_over(struct mc_torch *t, struct mc_tensor *x);
struct mc_tensor *mc_hardsigmoid_over(struct mc_torch *t,
		    struct mc_tensor *x);
struct mc_tensor *mc_gelu_over(struct mc_torch *t, struct mc_tensor *x);
struct mc_tensor *mc_gelu_tanh_over(struct mc_torch *t, struct mc_tensor *x);

/* --- Layers --------------------------------------------------------------- */

/*
 * X: N x C x H x W, W: O x C / G x K x K, B: O or NULL.  The channels of X and
 * of the result are in G groups, each of which is convolved on its own.  STRIDE
 * and PADDING are those of both directions, the padding is zeros.
 */
struct mc_tensor *mc_conv2d(struct mc_torch *t, const struct mc_tensor *x,
		    const struct mc_tensor *w, const struct mc_tensor *b,
		    int stride, int padding);

/* X: ... x I, W: O x I, B: O or NULL.  x W' + b: ... x O. */
struct mc_tensor *mc_linear(struct mc_torch *t, const struct mc_tensor *x,
		    const struct mc_tensor *w, const struct mc_tensor *b);

/*
 * X: N x C x H x W; the others: C.  With TRAINING it normalises by the batch's
 * own statistics and moves MEAN and VAR the share MOMENTUM of the way to them
 * (the variance unbiased), which is an error where a channel has one value;
 * else it normalises by MEAN and VAR.  EPSILON is added to the variance.
 */
struct mc_tensor *mc_batch_norm(struct mc_torch *t, const struct mc_tensor *x,
		    const struct mc_tensor *weight,
		    const struct mc_tensor *bias, struct mc_tensor *mean,
		    struct mc_tensor *var, double epsilon, double momentum,
		    bool training);

/* Over the last dimension, of the size of WEIGHT and BIAS. */
struct mc_tensor *mc_layer_norm(struct mc_torch *t, const struct mc_tensor *x,
		    const struct mc_tensor *weight,
		    const struct mc_tensor *bias, double epsilon);

/* Windows of SIZE x SIZE; padding never wins a maximum. */
struct mc_tensor *mc_max_pool2d(struct mc_torch *t, const struct mc_tensor *x,
		    int size, int stride, int padding);
struct mc_tensor *mc_avg_pool2d(struct mc_torch *t, const struct mc_tensor *x,
		    int size, int stride);
/* Means over a grid of SIZE x SIZE cells, whatever the map's own size. */
struct mc_tensor *mc_adaptive_avg_pool2d(struct mc_torch *t,
		    const struct mc_tensor *x, int size);

/*
 * With TRAINING, set each element to 0 with probability P and divide the
 * others by 1 - P; the context's generator decides.  Else X.
 */
struct mc_tensor *mc_dropout(struct mc_torch *t, const struct mc_tensor *x,
		    double p, bool training);

/*
 * Set all elements of X with the same first index to 0 with probability P and
 * divide the others by 1 - P (stochastic depth: Huang et al. 2016); the
 * context's generator decides.
 */
struct mc_tensor *mc_drop_path(struct mc_torch *t, const struct mc_tensor *x,
		    double p);

/*
 * Multi-head self-attention of the first QUERIES tokens to all L: softmax(q k' /
 * sqrt(D / HEADS) + bias) v, N x QUERIES x D.  QKV: N x L x 3D, the queries,
 * keys and values of HEADS heads side by side.  BIAS: M x HEADS x L x L, which
 * the N take in turn (M divides N), float32 where QKV is MC_BFLOAT16; with it
 * QUERIES is L; NULL: none.
 */
struct mc_tensor *mc_attention(struct mc_torch *t, const struct mc_tensor *qkv,
		    int heads, const struct mc_tensor *bias, int64_t queries);

/*
 * How much each token of such a QKV attends to each other one: the mean over
 * the heads of softmax(q k' / sqrt(D / HEADS)), N x L x L, whose rows are the
 * queries and add up to 1.  In float32 where QKV is MC_BFLOAT16.
 */
struct mc_tensor *mc_attention_weights(struct mc_torch *t,
		    const struct mc_tensor *qkv, int heads);

/*
 * Resample N x C x H x W bicubically to ROWS x COLUMNS.  The steps between
 * samples are H / ROWS and W / COLUMNS, or 1 / SCALE_ROWS and
 * 1 / SCALE_COLUMNS where these are not 0.  ANTIALIAS widens the kernel where
 * it shrinks.
 */
struct mc_tensor *mc_bicubic(struct mc_torch *t, const struct mc_tensor *x,
		    int64_t rows, int64_t columns, double scale_rows,
		    double scale_columns, bool antialias);

/* --- Learning ------------------------------------------------------------- */

/*
 * LOGITS and TARGETS: N x C.  The sum of targets (1 - p)^FOCAL (-log p), where p
 * is the softmax of the logits of each of the N.
 */
struct mc_tensor *mc_cross_entropy(struct mc_torch *t,
		    const struct mc_tensor *logits,
		    const struct mc_tensor *targets, double focal);

/*
 * LOGITS, YES and NO: N x F.  The sum of yes (1 - p)^FOCAL (-log p) and
 * no p^FOCAL (-log(1 - p)), where p is the sigmoid of each logit.
 */
struct mc_tensor *mc_binary_cross_entropy(struct mc_torch *t,
		    const struct mc_tensor *logits,
		    const struct mc_tensor *yes, const struct mc_tensor *no,
		    double focal);

/*
 * Overwrite AVERAGE with DECAY AVERAGE + (1 - DECAY) X, elementwise, of which
 * each product and the sum is rounded; exchange the elements of A and B.  Both
 * tensors have the same shape and type.
 */
void		 mc_average(struct mc_torch *t, struct mc_tensor *average,
		    const struct mc_tensor *x, double decay);
void		 mc_exchange(struct mc_torch *t, struct mc_tensor *a,
		    struct mc_tensor *b);

/* Whether gradients of X, a kept tensor that no operation made, are wanted. */
void		 mc_set_trainable(struct mc_torch *t, struct mc_tensor *x,
		    bool on);

/* Add the gradient of LOSS, one element, to that of each trainable tensor. */
void		 mc_backward(struct mc_torch *t, const struct mc_tensor *loss);

/*
 * The gradient of the sum of WEIGHTS Y, elementwise, with respect to X, a
 * trainable tensor that Y was computed from.  The gradients of tensors stay as
 * they are, and the record of Y stays for further calls.
 */
struct mc_tensor *mc_gradient(struct mc_torch *t, const struct mc_tensor *y,
		    const struct mc_tensor *weights, const struct mc_tensor *x);

enum mc_optim_kind { MC_ADAM, MC_ADAMW, MC_SGD };

struct mc_optim_options {
	enum mc_optim_kind kind;
	double rate;
	double weight_decay;
	double momentum;	/* MC_SGD alone */
};

/*
 * An optimiser of torch::optim for the N tensors of PARAMS, which stay the
 * caller's.  DECAY: the weight decay of each; NULL: that of the options.
 * SCALE: what the learning rate is multiplied by for each; NULL: 1.  What the
 * options do not say is libtorch's default.  The caller frees it; NULL after
 * an error.
 */
struct mc_optim	*mc_optim_alloc(struct mc_torch *t,
		    struct mc_tensor *const *params, const double *decay,
		    const double *scale, size_t n,
		    const struct mc_optim_options *options);
void		 mc_optim_free(struct mc_optim *o);

/*
 * What O remembers of each parameter, under libtorch's names: "step" (one
 * int64 on the CPU), "exp_avg", "exp_avg_sq"; for MC_SGD with momentum
 * "momentum_buffer".  NULL: there is no slot K.
 */
const char	*mc_optim_slot_name(const struct mc_optim *o, size_t k);

/*
 * Slot K of parameter I, of the parameter's shape, 0 before the first step.
 * It belongs to O; the next step goes on from what is written to it.
 */
struct mc_tensor *mc_optim_slot(struct mc_optim *o, size_t i, size_t k);

/*
 * The next steps are at RATE, no longer at that of the options; the scale of
 * each parameter applies.
 */
void		 mc_optim_rate(struct mc_torch *t, struct mc_optim *o,
		    double rate);

/*
 * Scale all gradients by one factor so that their L2 norm, taken together, is at
 * most MOST, as torch.nn.utils.clip_grad_norm_ does.
 */
void		 mc_optim_clip(struct mc_torch *t, struct mc_optim *o,
		    double most);

/*
 * Add the gradients of O to SUM, and forget them: for each parameter its
 * elements in row-major order, then 1 if it has a gradient.  mc_optim_put makes
 * the gradients such a SUM; a parameter with 0 behind its elements gets none.
 */
void		 mc_optim_take(struct mc_torch *t, struct mc_optim *o,
		    double *sum);
void		 mc_optim_put(struct mc_torch *t, struct mc_optim *o,
		    const double *sum);

/* Forget all gradients; change the parameters by one step. */
void		 mc_optim_zero(struct mc_torch *t, struct mc_optim *o);
void		 mc_optim_step(struct mc_torch *t, struct mc_optim *o);

/* --- TorchScript modules -------------------------------------------------- */

/*
 * A module of PyTorch, which is a program: what it computes, and reads or
 * writes meanwhile, is what its author wrote.  Its operations are libtorch's
 * own, whose results may depend on the number of threads.
 */
struct mc_module;

/*
 * Load what torch.jit.save wrote, the N bytes at BYTES, which are not needed
 * afterwards, to T's device.  Parameters and buffers of floating point become
 * float32; no gradient is wanted of them.  The caller frees it; NULL after an
 * error.
 */
struct mc_module *mc_module_load(struct mc_torch *t, const void *bytes,
		    size_t n);
void		 mc_module_free(struct mc_module *m);

/*
 * Tensor I of M, which belongs to M and with which it computes: the parameters,
 * then the buffers of floating point, under their names in the state dict.
 * NULL: there is no tensor I.
 */
struct mc_tensor *mc_module_tensor(struct mc_module *m, size_t i,
		    const char **name, bool *buffer);

/*
 * Apply M's method forward to X, N x 3 x H x W, as after train() or eval().
 * Returns N x D in float32; another result is an error.  What M draws in
 * training is a function of the context's generator, from which a seed is
 * taken for each call.
 */
struct mc_tensor *mc_module_forward(struct mc_torch *t, struct mc_module *m,
		    const struct mc_tensor *x, bool training);

#ifdef __cplusplus
}
#endif

#endif
