/* ordered.cpp - layers whose sums have a fixed order. */
#include <algorithm>
#include <cmath>
#include <vector>

#ifdef _OPENMP
#include <omp.h>
#endif

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/types.h>

#include "torch/ordered.h"

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;
using Optional = c10::optional<at::Tensor>;

/* --- Pieces --------------------------------------------------------------- */

/*
 * The most pieces of one product or sum, which many numbers of threads divide,
 * and how many are enough where each more costs a partial sum.
 */
constexpr int64_t MOST = 24, ENOUGH = 12;
/*
 * The least rows or columns of a piece of a product, which BLAS copies before
 * it multiplies, and terms of its sums.
 */
constexpr int64_t SIDE = 320, TERMS = 512;
/* Bytes of a piece that is read more than once: they fit a core's cache. */
constexpr int64_t CACHED = 1 << 18;
/* Bytes of the windows of a convolution that are multiplied at a time. */
constexpr int64_t WINDOWS = 1 << 20;

#ifdef _OPENMP
constexpr bool has_threads = true;

/* While it lives, libtorch, BLAS and oneDNN find one thread here. */
class Alone {
	int before = omp_get_max_threads();
public:
	Alone() { omp_set_num_threads(1); }
	~Alone() { omp_set_num_threads(before); }
	Alone(const Alone &) = delete;
	Alone &operator=(const Alone &) = delete;
};
#else
/* at::parallel_for, a template of libtorch's, starts no threads here. */
constexpr bool has_threads = false;

class Alone { };
#endif

/* Call F(i) for each piece i of N, each on one thread. */
template <class F>
void
in_pieces(int64_t n, F f)
{
	at::parallel_for(0, n, 1, [&](int64_t begin, int64_t end) {
		at::NoGradGuard none;
		[[maybe_unused]] Alone alone;
		for (int64_t i = begin; i < end; i++)
			f(i);
	});
}

/* How many pieces: at most MOST, and a number that many others divide. */
int64_t
pieces(int64_t most)
{
	static const int64_t counts[] = { 24, 16, 12, 8, 6, 4, 3, 2 };

	for (int64_t n : counts)
		if (n <= most)
			return n;
	return 1;
}

/* Piece I of N of dimension DIM of X. */
at::Tensor
piece(const at::Tensor &x, int64_t dim, int64_t i, int64_t n)
{
	int64_t begin = i * x.size(dim) / n, end = (i + 1) * x.size(dim) / n;

	return x.narrow(dim, begin, end - begin);
}

/* X, in float32 if it is in bfloat16. */
at::Tensor
wide(const at::Tensor &x)
{
	return x.scalar_type() == at::kBFloat16 ? x.to(at::kFloat) : x;
}

/*
 * The sum of PARTS, from the first to the last, which may overwrite the first;
 * of more than one in bfloat16, in float32.
 */
at::Tensor
add_up(const std::vector<at::Tensor> &parts)
{
	if (parts.size() == 1)
		return parts[0];
	at::Tensor sum = wide(parts[0]);
	for (size_t i = 1; i < parts.size(); i++)
		sum.add_(parts[i]);
	return sum;
}

/*
 * Write A B to OUT, and C added to each row where it is defined.  A: M x K,
 * B: K x N.
 */
void
multiply(const at::Tensor &out, const at::Tensor &a, const at::Tensor &b,
    const at::Tensor &c)
{
	int64_t m = pieces(a.size(0) / SIDE);
	int64_t n = pieces(std::min(b.size(1) / SIDE, MOST / m));
	int64_t k = pieces(std::min(a.size(1) / TERMS, ENOUGH / (m * n)));
	std::vector<at::Tensor> sums = { out };

	for (int64_t i = 1; i < k; i++)
		sums.push_back(at::empty_like(out));
	in_pieces(m * n * k, [&](int64_t i) {
		int64_t row = i % m, column = i / m % n, term = i / m / n;
		at::Tensor sum = piece(piece(sums[(size_t)term], 0, row, m), 1,
		    column, n);
		at::Tensor x = piece(piece(a, 0, row, m), 1, term, k);
		at::Tensor y = piece(piece(b, 1, column, n), 0, term, k);
		if (term == 0 && c.defined())
			at::addmm_out(sum, piece(c, 0, column, n), x, y);
		else
			at::mm_out(sum, x, y);
	});
	out.copy_(add_up(sums));
}

at::Tensor
product(const at::Tensor &a, const at::Tensor &b, const at::Tensor &c)
{
	at::Tensor out = at::empty({ a.size(0), b.size(1) }, a.options());

	multiply(out, a, b, c);
	return out;
}

/* --- Linear --------------------------------------------------------------- */

/* X in two dimensions, the last its own. */
at::Tensor
rows(const at::Tensor &x)
{
	return x.reshape({ -1, x.size(-1) });
}

struct Linear : Function<Linear> {
	static at::Tensor
	forward(AutogradContext *ctx, const at::Tensor &x, const at::Tensor &w,
	    const Optional &b)
	{
		std::vector<int64_t> shape = x.sizes().vec();

		ctx->save_for_backward({ x, w });
		ctx->saved_data["dx"] = x.requires_grad();
		ctx->saved_data["dw"] = w.requires_grad();
		ctx->saved_data["db"] = b.has_value() && b->requires_grad();
		shape.back() = w.size(0);
		/* No view, since a view could not be written over. */
		at::Tensor y = at::empty(shape, x.options());
		multiply(y.view({ -1, w.size(0) }), rows(x), w.t(),
		    b.value_or(at::Tensor()));
		return y;
	}

	static variable_list
	backward(AutogradContext *ctx, const variable_list &grad)
	{
		variable_list saved = ctx->get_saved_variables();
		at::Tensor x = rows(saved[0]), w = saved[1], dx, dw, db;
		at::Tensor dy = rows(grad[0]);

		if (ctx->saved_data["dx"].toBool())
			dx = product(dy, w, at::Tensor())
			    .view(saved[0].sizes());
		if (ctx->saved_data["dw"].toBool())
			dw = product(dy.t(), x, at::Tensor());
		if (ctx->saved_data["db"].toBool())
			db = dy.sum(0);
		return { dx, dw, db };
	}
};

/* --- Convolution ----------------------------------------------------------- */

const int64_t one[] = { 1, 1 };

/* The groups of the channels of X. */
int64_t
groups(const at::Tensor &x, const at::Tensor &w)
{
	return x.size(1) / w.size(1);
}

/*
 * A sum of a convolution is one thread's in oneDNN.  at::conv2d computes some
 * convolutions of 1 x 1 otherwise where there is one thread.
 */
at::Tensor
convolve(const at::Tensor &x, const at::Tensor &w, const at::Tensor &b,
    int64_t stride, int64_t padding)
{
	const int64_t s[] = { stride, stride }, p[] = { padding, padding };

	return x.scalar_type() == at::kDouble ?
	    at::conv2d(x, w, b, s, p, one, groups(x, w)) :
	    at::mkldnn_convolution(x, w, b, p, s, one, groups(x, w));
}

/* Of the gradients of a convolution, that of X (0) or W (1). */
at::Tensor
conv_gradient(int which, const at::Tensor &dy, const at::Tensor &x,
    const at::Tensor &w, int64_t stride, int64_t padding)
{
	const int64_t s[] = { stride, stride }, p[] = { padding, padding };
	const int64_t zero[] = { 0, 0 };
	auto all = at::convolution_backward(dy, x, w, c10::nullopt, s, p, one,
	    false, zero, groups(x, w), { which == 0, which == 1, false });

	return which == 0 ? std::get<0>(all) : std::get<1>(all);
}

/* N x C x H x W as NHW x C. */
at::Tensor
pixels(const at::Tensor &x)
{
	return rows(x.permute({ 0, 2, 3, 1 }));
}

bool
is_pointwise(const at::Tensor &x, const at::Tensor &w, int64_t padding)
{
	return w.size(2) == 1 && w.size(3) == 1 && padding == 0 &&
	    groups(x, w) == 1;
}

at::Tensor
conv_dx(const at::Tensor &dy, const at::Tensor &x, const at::Tensor &w,
    int64_t stride, int64_t padding)
{
	at::Tensor dx;

	if (is_pointwise(x, w, padding) && stride == 1)
		return convolve(dy, w.transpose(0, 1).contiguous(),
		    at::Tensor(), 1, 0);
	if (x.size(0) > 1)
		return conv_gradient(0, dy, x, w, stride, padding);
	in_pieces(1, [&](int64_t) {
		dx = conv_gradient(0, dy, x, w, stride, padding);
	});
	return dx;
}

/*
 * The gradient of the kernels W: the product of DY and of the windows of X, a
 * row per window, a band of rows of the map at a time.  Where the channels are
 * innermost, a row of a window is one run of memory, and oneDNN takes twice the
 * time.
 */
at::Tensor
by_windows(const at::Tensor &dy, const at::Tensor &x, const at::Tensor &w,
    int64_t stride, int64_t padding)
{
	int64_t c = x.size(1), k = w.size(2), run = w.size(3) * c;
	int64_t height = dy.size(2), width = dy.size(3);
	int64_t row = (x.size(3) + 2 * padding) * c;
	int64_t step = std::max<int64_t>(1,
	    WINDOWS / (width * k * run * x.element_size()));
	at::Tensor windows = at::empty({ step, width, k, run }, x.options());
	at::Tensor padded = at::zeros({ x.size(2) + 2 * padding,
	    x.size(3) + 2 * padding, c }, x.options());
	at::Tensor out = at::zeros({ w.size(0), k * run }, x.options());
	at::Tensor inside = padded.narrow(0, padding, x.size(2))
	    .narrow(1, padding, x.size(3));

	for (int64_t i = 0; i < x.size(0); i++) {
		at::Tensor maps = dy[i].permute({ 1, 2, 0 });
		inside.copy_(x[i].permute({ 1, 2, 0 }));
		for (int64_t r = 0; r < height; r += step) {
			int64_t n = std::min(step, height - r);
			at::Tensor some = windows.narrow(0, 0, n);
			some.copy_(padded.as_strided(some.sizes(), { stride *
			    row, stride * c, row, 1 }, r * stride * row));
			out.addmm_(rows(maps.narrow(0, r, n)).t(),
			    some.view({ n * width, k * run }));
		}
	}
	return out.view({ w.size(0), k, w.size(3), c }).permute({ 0, 3, 1, 2 });
}

/* Cut by images; into few pieces where a partial sum is larger than the map. */
at::Tensor
conv_dw(const at::Tensor &dy, const at::Tensor &x, const at::Tensor &w,
    int64_t stride, int64_t padding)
{
	int64_t n = pieces(std::min(x.size(0), x.numel() > w.numel() ? MOST :
	    (int64_t)4));
	std::vector<at::Tensor> parts((size_t)n);

	if (is_pointwise(x, w, padding))
		return product(pixels(dy).t(),
		    pixels(x.slice(2, 0, c10::nullopt, stride)
		    .slice(3, 0, c10::nullopt, stride)), at::Tensor())
		    .view(w.sizes());
	in_pieces(n, [&](int64_t i) {
		at::Tensor from = piece(dy, 0, i, n), to = piece(x, 0, i, n);
		/*
		 * What is added up in bfloat16 is rounded band by band; where
		 * its channels are innermost, oneDNN 2.6 never returns on
		 * AVX512-BF16.
		 */
		parts[(size_t)i] = x.scalar_type() == at::kBFloat16 ||
		    groups(x, w) > 1 ?
		    conv_gradient(1, from.contiguous(), to.contiguous(), w,
		    stride, padding) :
		    by_windows(from, to, w, stride, padding);
	});
	return add_up(parts);
}

struct Conv2d : Function<Conv2d> {
	static at::Tensor
	forward(AutogradContext *ctx, const at::Tensor &x, const at::Tensor &w,
	    const Optional &b, int64_t stride, int64_t padding)
	{
		ctx->save_for_backward({ x, w });
		ctx->saved_data["dx"] = x.requires_grad();
		ctx->saved_data["db"] = b.has_value();
		ctx->saved_data["stride"] = stride;
		ctx->saved_data["padding"] = padding;
		return convolve(x, w, b.value_or(at::Tensor()), stride,
		    padding);
	}

	static variable_list
	backward(AutogradContext *ctx, const variable_list &grad)
	{
		variable_list saved = ctx->get_saved_variables();
		int64_t stride = ctx->saved_data["stride"].toInt();
		int64_t padding = ctx->saved_data["padding"].toInt();
		at::Tensor x = saved[0], w = saved[1], dx, db;
		at::Tensor dy = grad[0].contiguous(x.suggest_memory_format());

		if (ctx->saved_data["dx"].toBool())
			dx = conv_dx(dy, x, w, stride, padding);
		if (ctx->saved_data["db"].toBool())
			db = dy.sum({ 0, 2, 3 });
		return { dx, conv_dw(dy, x, w, stride, padding), db,
		    at::Tensor(), at::Tensor() };
	}
};

/* --- Layer norm ------------------------------------------------------------ */

struct LayerNorm : Function<LayerNorm> {
	static at::Tensor
	forward(AutogradContext *ctx, const at::Tensor &x, const at::Tensor &w,
	    const at::Tensor &b, double epsilon)
	{
		auto out = at::native_layer_norm(x, w.sizes(), w, b, epsilon);

		ctx->save_for_backward({ x, w, b, std::get<1>(out),
		    std::get<2>(out) });
		ctx->saved_data["dw"] = w.requires_grad();
		return std::get<0>(out);
	}

	static variable_list
	backward(AutogradContext *ctx, const variable_list &grad)
	{
		variable_list v = ctx->get_saved_variables();
		at::Tensor x = rows(v[0]), w = v[1], b = v[2];
		at::Tensor mean = rows(v[3]), scale = rows(v[4]);
		at::Tensor dy = rows(grad[0]);
		int64_t n = pieces(x.numel() * x.element_size() / CACHED);
		std::vector<at::Tensor> dw((size_t)n), db((size_t)n);
		at::Tensor dx = std::get<0>(at::native_layer_norm_backward(dy,
		    x, w.sizes(), mean, scale, w, b, { true, false, false }));

		dx = dx.view(v[0].sizes());
		if (!ctx->saved_data["dw"].toBool())
			return { dx, at::Tensor(), at::Tensor(), at::Tensor() };
		in_pieces(n, [&](int64_t i) {
			auto part = at::native_layer_norm_backward(
			    piece(dy, 0, i, n), piece(x, 0, i, n), w.sizes(),
			    piece(mean, 0, i, n), piece(scale, 0, i, n), w, b,
			    { false, true, true });
			dw[(size_t)i] = std::get<1>(part);
			db[(size_t)i] = std::get<2>(part);
		});
		return { dx, add_up(dw), add_up(db), at::Tensor() };
	}
};

/* --- Batch norm ------------------------------------------------------------ */

/* R x C pixels as a map of one image, channels last. */
at::Tensor
as_map(const at::Tensor &x)
{
	int64_t r = x.size(0), c = x.size(1);

	return x.as_strided({ 1, c, r, 1 }, { r * c, 1, c, c });
}

/* Pieces of R x C pixels that are walked through more than once. */
int64_t
pixel_pieces(const at::Tensor &x)
{
	return std::max<int64_t>(1, std::min(x.size(0) / 2,
	    x.numel() * x.element_size() / CACHED));
}

/* The mean and the variance, over all, of each column of X, in float64. */
void
statistics(const at::Tensor &x, at::Tensor *mean, at::Tensor *var)
{
	int64_t n = pixel_pieces(x);
	at::Tensor means = at::empty({ n, x.size(1) }, at::kDouble);
	at::Tensor vars = at::empty_like(means);
	at::Tensor count = at::empty({ n, 1 }, at::kDouble);

	in_pieces(n, [&](int64_t i) {
		at::Tensor part = piece(x, 0, i, n);
		auto found = at::batch_norm_update_stats(as_map(part),
		    c10::nullopt, c10::nullopt, 0);
		means[i].copy_(std::get<0>(found));
		vars[i].copy_(std::get<1>(found));
		count[i].fill_((double)part.size(0));
	});
	in_pieces(1, [&](int64_t) {
		*mean = (means * count).sum(0) / (double)x.size(0);
		*var = ((vars + (means - *mean).square()) * count).sum(0) /
		    (double)x.size(0);
	});
}

struct BatchNorm : Function<BatchNorm> {
	static at::Tensor
	forward(AutogradContext *ctx, const at::Tensor &x, const at::Tensor &w,
	    const at::Tensor &b, const at::Tensor &moving_mean,
	    const at::Tensor &moving_var, double epsilon, double momentum)
	{
		double n = (double)(x.numel() / x.size(1));
		at::Tensor y = wide(x), mean, var, v;

		statistics(pixels(y), &mean, &var);
		moving_mean.mul_(1 - momentum).add_(mean, momentum);
		moving_var.mul_(1 - momentum)
		    .add_(var, momentum * n / (n - 1));
		mean = mean.to(y.scalar_type());
		v = var.to(y.scalar_type());
		ctx->save_for_backward({ x, w, mean,
		    at::rsqrt(var + epsilon).to(y.scalar_type()) });
		return std::get<0>(at::native_batch_norm(y, w, b, mean, v,
		    false, 0, epsilon)).to(x.scalar_type());
	}

	/*
	 * With z = (x - mean) scale: dw = sum dy z, db = sum dy, and dx =
	 * w scale (dy - db / n - z dw / n).
	 */
	static variable_list
	backward(AutogradContext *ctx, const variable_list &grad)
	{
		variable_list saved = ctx->get_saved_variables();
		at::Tensor whole = wide(saved[0]), x = pixels(whole);
		at::Tensor w = saved[1], mean = saved[2], scale = saved[3];
		at::Tensor dy = pixels(wide(grad[0]).contiguous(
		    at::MemoryFormat::ChannelsLast));
		at::Tensor dx = at::empty_like(whole), out = pixels(dx);
		int64_t n = pixel_pieces(x);
		std::vector<at::Tensor> dws((size_t)n), dbs((size_t)n);
		double count = (double)x.size(0);

		in_pieces(n, [&](int64_t i) {
			auto part = at::native_batch_norm_backward(
			    as_map(piece(dy, 0, i, n)),
			    as_map(piece(x, 0, i, n)), w, c10::nullopt,
			    c10::nullopt, mean, scale, true, 0,
			    { false, true, true });
			dws[(size_t)i] = std::get<1>(part);
			dbs[(size_t)i] = std::get<2>(part);
		});
		at::Tensor dw = add_up(dws), db = add_up(dbs);
		at::Tensor of_dy = w * scale;
		at::Tensor of_x = of_dy * scale * dw / -count;
		at::Tensor rest = of_dy * db / -count - of_x * mean;
		in_pieces(n, [&](int64_t i) {
			at::Tensor y = piece(out, 0, i, n);
			at::addcmul_out(y, rest, piece(x, 0, i, n), of_x);
			y.addcmul_(piece(dy, 0, i, n), of_dy);
		});
		return { dx, dw, db, at::Tensor(), at::Tensor(), at::Tensor(),
		    at::Tensor() };
	}
};

/* --- Activations ----------------------------------------------------------- */

/* Elements of a piece, at least. */
constexpr int64_t ELEMENTS = 1 << 15;

/* The elements of X, which has no gaps, as they lie in memory. */
at::Tensor
flat(const at::Tensor &x)
{
	return x.as_strided({ x.numel() }, { 1 });
}

/* X in memory without gaps. */
at::Tensor
dense(const at::Tensor &x)
{
	return x.is_non_overlapping_and_dense() ? x : x.contiguous();
}

/* Call F with the same piece of each of XS, which lie alike, for each piece. */
template <class F>
void
by_elements(const std::vector<at::Tensor> &xs, F f)
{
	int64_t n = pieces(xs[0].numel() / ELEMENTS);

	in_pieces(n, [&](int64_t i) {
		std::vector<at::Tensor> part;
		for (const at::Tensor &x : xs)
			part.push_back(piece(flat(x), 0, i, n));
		f(part);
	});
}

/* Whether autograd needs to see what is done to X. */
bool
is_recorded(const at::Tensor &x)
{
	return at::GradMode::is_enabled() && x.requires_grad();
}

void
silu_to(const at::Tensor &out, const at::Tensor &x)
{
	by_elements({ out, x }, [](std::vector<at::Tensor> &part) {
		at::silu_out(part[0], part[1]);
	});
}

void
sigmoid_to(const at::Tensor &out, const at::Tensor &x)
{
	by_elements({ out, x }, [](std::vector<at::Tensor> &part) {
		at::sigmoid_out(part[0], part[1]);
	});
}

struct Silu : Function<Silu> {
	static at::Tensor
	forward(AutogradContext *ctx, const at::Tensor &x)
	{
		at::Tensor y = at::empty_like(x);

		ctx->save_for_backward({ x });
		silu_to(y, x);
		return y;
	}

	static variable_list
	backward(AutogradContext *ctx, const variable_list &grad)
	{
		at::Tensor x = ctx->get_saved_variables()[0];
		at::Tensor dx = at::empty_like(x), dy = at::empty_like(x);

		dy.copy_(grad[0]);
		by_elements({ dx, dy, x }, [](std::vector<at::Tensor> &part) {
			at::silu_backward_out(part[0], part[1], part[2]);
		});
		return { dx };
	}
};

struct Sigmoid : Function<Sigmoid> {
	static at::Tensor
	forward(AutogradContext *ctx, const at::Tensor &x)
	{
		at::Tensor y = at::empty_like(x);

		sigmoid_to(y, x);
		ctx->save_for_backward({ y });
		return y;
	}

	static variable_list
	backward(AutogradContext *ctx, const variable_list &grad)
	{
		return { at::sigmoid_backward(grad[0],
		    ctx->get_saved_variables()[0]) };
	}
};

/* --- Attention ------------------------------------------------------------- */

/*
 * The heads of all images are counted through, image by image.  A piece is as
 * many as have scores that stay in the cache, and q, k and v are read where
 * they lie.
 */
struct Attention : Function<Attention> {
	/* Part 0, 1, 2 of QKV or what is like it, of head I: L x E. */
	static at::Tensor
	part(const at::Tensor &qkv, int64_t i, int64_t which)
	{
		int64_t heads = qkv.size(3);

		return qkv.as_strided({ qkv.size(1), qkv.size(4) },
		    { qkv.stride(1), qkv.stride(4) }, qkv.storage_offset() +
		    i / heads * qkv.stride(0) + which * qkv.stride(2) +
		    i % heads * qkv.stride(3));
	}

	/* The first QUERIES queries of head I: QUERIES x E. */
	static at::Tensor
	query(const at::Tensor &qkv, int64_t i, int64_t queries)
	{
		return part(qkv, i, 0).narrow(0, 0, queries);
	}

	/* Head I of N x QUERIES x H x E: QUERIES x E. */
	static at::Tensor
	head(const at::Tensor &x, int64_t i)
	{
		int64_t heads = x.size(2);

		return x.as_strided({ x.size(1), x.size(3) },
		    { x.stride(1), x.stride(3) }, x.storage_offset() +
		    i / heads * x.stride(0) + i % heads * x.stride(2));
	}

	static double
	scale(const at::Tensor &qkv)
	{
		return 1 / std::sqrt((double)qkv.size(4));
	}

	/*
	 * Call F(first, count) for the heads of each piece of those of QKV,
	 * where QUERIES of its tokens attend.
	 */
	template <class F>
	static void
	by_heads(const at::Tensor &qkv, int64_t queries, F f)
	{
		int64_t n = qkv.size(0) * qkv.size(3), l = qkv.size(1);
		int64_t most = std::max<int64_t>(1, std::min(n / MOST,
		    CACHED / (queries * l * qkv.element_size())));

		in_pieces((n + most - 1) / most, [&](int64_t i) {
			f(i * most, std::min(most, n - i * most));
		});
	}

	/*
	 * Add BIAS, which the images take in turn, to SCORES from the head
	 * FIRST on.
	 */
	static void
	add_bias(const at::Tensor &scores, const at::Tensor &bias,
	    int64_t first)
	{
		int64_t n = scores.size(0), all = bias.size(0), run;

		for (int64_t i = 0; i < n; i += run) {
			int64_t from = (first + i) % all;
			run = std::min(n - i, all - from);
			scores.narrow(0, i, run)
			    .add_(bias.narrow(0, from, run));
		}
	}

	/* Write that of each row of X, computed in float32 at least, to OUT. */
	static void
	softmax(at::Tensor &out, const at::Tensor &x)
	{
		if (x.scalar_type() != out.scalar_type())
			out.copy_(at::_softmax(x, 2, false));
		else
			at::_softmax_out(out, x, 2, false);
	}

	static at::Tensor
	forward(AutogradContext *ctx, const at::Tensor &qkv,
	    const Optional &bias, int64_t queries)
	{
		int64_t n = qkv.size(0), l = qkv.size(1), heads = qkv.size(3);
		bool of_bias = bias.has_value() && bias->requires_grad();
		bool recorded = qkv.requires_grad() || of_bias;
		at::Tensor out = at::empty({ n, queries, heads, qkv.size(4) },
		    qkv.options());
		at::Tensor all = at::empty({ recorded ? n * heads : 0, queries,
		    l }, qkv.options()), flat_bias;

		if (bias.has_value())
			flat_bias = bias->reshape({ -1, l, l });
		by_heads(qkv, queries, [&](int64_t first, int64_t count) {
			at::Tensor scores = at::empty({ count, queries, l },
			    qkv.options());
			at::Tensor weights = recorded ?
			    all.narrow(0, first, count) :
			    at::empty_like(scores);
			for (int64_t i = 0; i < count; i++) {
				at::Tensor s = scores[i];
				at::addmm_out(s, s,
				    query(qkv, first + i, queries),
				    part(qkv, first + i, 1).t(), 0, scale(qkv));
			}
			scores = wide(scores);
			if (flat_bias.defined())
				add_bias(scores, flat_bias, first);
			softmax(weights, scores);
			for (int64_t i = 0; i < count; i++) {
				at::Tensor y = head(out, first + i);
				at::mm_out(y, weights[i],
				    part(qkv, first + i, 2));
			}
		});
		ctx->save_for_backward({ qkv, all });
		ctx->saved_data["bias"] = of_bias ? bias->sizes().vec() :
		    std::vector<int64_t>();
		return out;
	}

	/*
	 * The gradient of a bias of the sizes SHAPE: the sum of those of the
	 * SCORES that it was added to.
	 */
	static at::Tensor
	bias_gradient(const at::Tensor &scores, const std::vector<int64_t> &shape)
	{
		at::Tensor out = at::empty(shape, scores.options());
		at::Tensor sum = out.view({ -1 });
		at::Tensor terms = scores.view({ -1, sum.size(0) });
		int64_t n = pieces(terms.numel() / ELEMENTS);

		in_pieces(n, [&](int64_t i) {
			at::Tensor some = piece(sum, 0, i, n);
			at::sum_out(some, piece(terms, 1, i, n), 0);
		});
		return out;
	}

	static variable_list
	backward(AutogradContext *ctx, const variable_list &grad)
	{
		variable_list saved = ctx->get_saved_variables();
		std::vector<int64_t> shape =
		    ctx->saved_data["bias"].toIntVector();
		at::Tensor qkv = saved[0], dy = grad[0], dscores;
		int64_t queries = dy.size(1);
		/* Queries that do not attend have no gradient. */
		at::Tensor all = queries < qkv.size(1) ?
		    at::zeros(qkv.sizes(), qkv.options()) :
		    at::empty(qkv.sizes(), qkv.options());

		if (!shape.empty())
			dscores = at::empty(saved[1].sizes(),
			    wide(saved[1].narrow(0, 0, 0)).options());
		by_heads(qkv, queries, [&](int64_t first, int64_t count) {
			at::Tensor weights = saved[1].narrow(0, first, count);
			at::Tensor over = at::empty_like(weights);
			for (int64_t i = 0; i < count; i++) {
				at::Tensor o = over[i];
				at::mm_out(o, head(dy, first + i),
				    part(qkv, first + i, 2).t());
			}
			over = wide(over);
			over = at::_softmax_backward_data(over, wide(weights),
			    2, over.scalar_type());
			if (dscores.defined())
				dscores.narrow(0, first, count).copy_(over);
			over = over.to(qkv.scalar_type());
			for (int64_t i = 0; i < count; i++) {
				int64_t h = first + i;
				at::Tensor dq = query(all, h, queries),
				    dk = part(all, h, 1), dv = part(all, h, 2);
				at::mm_out(dv, weights[i].t(), head(dy, h));
				at::addmm_out(dq, dq, over[i], part(qkv, h, 1),
				    0, scale(qkv));
				at::addmm_out(dk, dk, over[i].t(),
				    query(qkv, h, queries), 0, scale(qkv));
			}
		});
		return { all, dscores.defined() ?
		    bias_gradient(dscores, shape) : at::Tensor(),
		    at::Tensor() };
	}
};

/* Undefined is none, for autograd to see. */
Optional
optional(const at::Tensor &x)
{
	return x.defined() ? Optional(x) : Optional();
}

}  // namespace

bool
mc::has_ordered()
{
	return has_threads && at::hasMKLDNN();
}

bool
mc::ordered(const at::Tensor &x)
{
	return has_ordered() && x.is_cpu() && !x.is_mkldnn() &&
	    (x.scalar_type() == at::kFloat || x.scalar_type() == at::kDouble ||
	    x.scalar_type() == at::kBFloat16);
}

void
mc::multiply(const at::Tensor &out, const at::Tensor &a, const at::Tensor &b)
{
	::multiply(out, a, b, at::Tensor());
}

at::Tensor
mc::linear(const at::Tensor &x, const at::Tensor &w, const at::Tensor &b)
{
	return Linear::apply(x, w, optional(b));
}

at::Tensor
mc::conv2d(const at::Tensor &x, const at::Tensor &w, const at::Tensor &b,
    int64_t stride, int64_t padding)
{
	return Conv2d::apply(x, w, optional(b), stride, padding);
}

at::Tensor
mc::layer_norm(const at::Tensor &x, const at::Tensor &w, const at::Tensor &b,
    double epsilon)
{
	return LayerNorm::apply(x, w, b, epsilon);
}

at::Tensor
mc::batch_norm(const at::Tensor &x, const at::Tensor &w, const at::Tensor &b,
    const at::Tensor &mean, const at::Tensor &var, double epsilon,
    double momentum)
{
	return BatchNorm::apply(x, w, b, mean, var, epsilon, momentum);
}

at::Tensor
mc::silu(at::Tensor x)
{
	x = dense(x);
	if (is_recorded(x))
		return Silu::apply(x);
	silu_to(x, x);
	return x;
}

at::Tensor
mc::sigmoid(at::Tensor x)
{
	x = dense(x);
	if (is_recorded(x))
		return Sigmoid::apply(x);
	sigmoid_to(x, x);
	return x;
}

at::Tensor
mc::attention(const at::Tensor &qkv, const at::Tensor &bias, int64_t queries)
{
	return Attention::apply(qkv, optional(bias), queries);
}

at::Tensor
mc::attention_weights(const at::Tensor &qkv)
{
	int64_t n = qkv.size(0), l = qkv.size(1), heads = qkv.size(3);
	double scale = 1 / std::sqrt((double)qkv.size(4));
	at::Tensor out = at::zeros({ n, l, l }, wide(qkv).options());

	in_pieces(n, [&](int64_t i) {
		at::Tensor sum = out[i];
		for (int64_t h = 0; h < heads; h++) {
			at::Tensor q = wide(qkv.select(0, i).select(2, h));
			sum.add_(at::softmax(at::mm(q.select(1, 0) * scale,
			    q.select(1, 1).t()), 1));
		}
		sum.div_(heads);
	});
	return out;
}
