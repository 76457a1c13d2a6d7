/*
 * ordered.h - compute layers and their gradients with sums in a fixed order.
 *
 * libtorch, BLAS and oneDNN cut some sums by the number of threads, so that
 * another number rounds them differently.  Here work is cut into pieces by the
 * sizes of the operands alone.  Each piece is computed on one thread, and
 * partial sums are added in the order of the pieces: with libtorch 1.13 any
 * number of threads gives the same bits.  (With 2.6 the gradients of resnet18
 * at 112 pixels are others on 3 threads.)  What libtorch never sums across
 * threads is left to it.
 *
 * For tensors on the CPU, in float32, float64 or bfloat16; in bfloat16 partial
 * sums, batch norm and softmax are in float32.  Autograd follows.
 */
#ifndef MC_ORDERED_H
#define MC_ORDERED_H

#include <torch/types.h>

namespace mc {

/*
 * Whether this build has them.  They need the threads of libtorch's OpenMP, and
 * oneDNN, whose convolutions sum on one thread.
 */
bool		has_ordered();

/* Whether it has them for X; if not, libtorch's own layers do. */
bool		ordered(const at::Tensor &x);

/* Write A B to OUT.  A: M x K, B: K x N.  Not recorded. */
void		multiply(const at::Tensor &out, const at::Tensor &a,
		    const at::Tensor &b);

/* Optional operands are undefined where they are absent. */
at::Tensor	linear(const at::Tensor &x, const at::Tensor &w,
		    const at::Tensor &b);
/* The channels of W are those of X, or of a group of these. */
at::Tensor	conv2d(const at::Tensor &x, const at::Tensor &w,
		    const at::Tensor &b, int64_t stride, int64_t padding);
/* Not in bfloat16. */
at::Tensor	layer_norm(const at::Tensor &x, const at::Tensor &w,
		    const at::Tensor &b, double epsilon);

/*
 * By the statistics of the batch, towards which MEAN and VAR are moved the share
 * MOMENTUM of the way.  Only X may be in bfloat16, and the result is in the type of X.
 */
at::Tensor	batch_norm(const at::Tensor &x, const at::Tensor &w,
		    const at::Tensor &b, const at::Tensor &mean,
		    const at::Tensor &var, double epsilon, double momentum);

/*
 * Elementwise; X is written over unless gradients are recorded.  Where the
 * elements that a thread computes end, libtorch takes the exponential of the
 * last few by another function, which rounds otherwise.
 */
at::Tensor	silu(at::Tensor x);
at::Tensor	sigmoid(at::Tensor x);

/*
 * QKV: N x L x 3 x H x E, BIAS: M x H x L x L, QUERIES as of mc_attention
 * (shim.h); BIAS in float32 where QKV is in bfloat16.  The result:
 * N x QUERIES x H x E.
 */
at::Tensor	attention(const at::Tensor &qkv, const at::Tensor &bias,
		    int64_t queries);

/*
 * The mean over the heads of softmax(q k' / sqrt(E)), N x L x L, in float32
 * where QKV is in bfloat16.  Not recorded.
 */
at::Tensor	attention_weights(const at::Tensor &qkv);

}  // namespace mc

#endif
