/*
 * With ordered.cpp and module.cpp, the only C++ of the house.  Each entry is a
 * line or three of libtorch inside guard(), which ends every exception, or
 * inside op(), which besides gives the result to the innermost scope.
 */
#include <algorithm>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <type_traits>
#include <vector>

#include <dlfcn.h>
#include <limits.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <alloca.h>
#include <malloc.h>
#endif

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/cuda.h>
#include <torch/optim.h>
#include <torch/types.h>
#include <torch/version.h>

#include "torch/module.h"
#include "torch/ordered.h"
#include "torch/shim.h"

struct mc_tensor {
	at::Tensor v;		/* undefined: failed */
};

/* Slots of an optimiser; "step" is the first of those of Adam and AdamW. */
#define MAX_SLOTS 3

/* A parameter that an optimiser changes, and its slots. */
struct optim_row {
	at::Tensor param;
	std::vector<at::Tensor> pieces;	/* of param, along dimension 0 */
	mc_tensor slots[MAX_SLOTS];	/* of the whole parameter */
};

struct mc_optim {
	mc_optim_kind kind;
	const char *const *slot_names;
	std::vector<optim_row> rows;
	std::vector<double> scales;	/* of the rate, for each group */
	std::unique_ptr<torch::optim::Optimizer> v;
};

struct mc_module {
	mc_module(const void *bytes, size_t n, at::Device device) :
	    v(bytes, n, device) {}

	mc::module v;
	std::vector<mc_tensor> tensors;	/* of v, in its order */
};

struct mc_torch {
	mc_err err{};
	bool grad = false;
	bool deterministic = true;
	at::Device device = at::kCPU;
	at::Generator random;	/* on the CPU, for any device */
	mc_tensor failed;
	/* Memory for the gradients of large matrices, while they have none. */
	std::map<at::TensorImpl *, at::Tensor> spare;
	/* Temporaries, oldest first, and where the open scopes begin. */
	std::vector<std::unique_ptr<mc_tensor>> owned;
	std::vector<size_t> scopes;
	std::string version, warning, device_name;
};

namespace {

/* What libtorch says behind the name of an operation that it refuses. */
const char NOT_DETERMINISTIC[] =
    " does not have a deterministic implementation";

/* One line of text about the exception that is being handled. */
mc_status
caught(mc_err *err, const char *what) noexcept
{
	const char *text = "unknown exception";
	mc_status status = MC_EIO;

	try {
		throw;
	} catch (const c10::Error &e) {
		text = e.what_without_backtrace();
		status = MC_EDATA;
		const char *end = std::strstr(text, NOT_DETERMINISTIC);
		if (end != nullptr)
			return mc_err_set(err, MC_EUSAGE, "%s: %.*s has no "
			    "deterministic form on this device: "
			    "--allow-nondeterministic permits it", what,
			    (int)(end - text), text);
	} catch (const std::bad_alloc &) {
		text = "out of memory";
	} catch (const std::exception &e) {
		text = e.what();
	} catch (...) {
	}
	return mc_err_set(err, status, "%s: %.*s", what,
	    (int)std::strcspn(text, "\n"), text);
}

/* Run F unless the context has failed; whether it has not afterwards. */
template <class F>
bool
guard(mc_torch *t, const char *what, F f) noexcept
{
	if (t->err.status != MC_OK)
		return false;
	try {
		at::AutoGradMode grad(t->grad);
		f();
		return true;
	} catch (...) {
		caught(&t->err, what);
		return false;
	}
}

/* The same for an operation: F returns its result. */
template <class F>
mc_tensor *
op(mc_torch *t, const char *what, F f) noexcept
{
	mc_tensor *x = &t->failed;

	guard(t, what, [&] {
		auto owner = std::make_unique<mc_tensor>();
		owner->v = f();
		t->owned.push_back(std::move(owner));
		x = t->owned.back().get();
	});
	return x;
}

/* The same for one that F writes over X. */
template <class F>
mc_tensor *
over(mc_torch *t, const char *what, mc_tensor *x, F f) noexcept
{
	return guard(t, what, f) ? x : &t->failed;
}

const at::Tensor &
val(const mc_tensor *x)
{
	TORCH_CHECK(x != nullptr, "an operand is missing");
	TORCH_CHECK(x->v.defined(), "an operand comes from what failed");
	return x->v;
}

/* An optional operand: NULL is libtorch's undefined tensor. */
at::Tensor
maybe(const mc_tensor *x)
{
	return x == nullptr ? at::Tensor() : val(x);
}

/*
 * Whether libtorch may add up the gradient of X by atomic additions, and must
 * not.  X must be defined.
 */
bool
by_atomics(const mc_torch *t, const mc_tensor *x)
{
	return t->deterministic && t->grad && !val(x).is_cpu() &&
	    x->v.requires_grad();
}

at::ScalarType
type_of(mc_elem elem)
{
	switch (elem) {
	case MC_FLOAT32: return at::kFloat;
	case MC_FLOAT64: return at::kDouble;
	case MC_BFLOAT16: return at::kBFloat16;
	case MC_INT64: return at::kLong;
	}
	TORCH_CHECK(false, "no such element type: ", (int)elem);
}

at::IntArrayRef
list(const int64_t *shape, int ndim)
{
	TORCH_CHECK(ndim >= 0, "a shape has no negative number of sizes");
	return at::IntArrayRef(shape, (size_t)ndim);
}

/* Memory of the CPU from which a copy to a GPU need not be waited for. */
at::Tensor
pinned(const mc_torch *t, at::IntArrayRef shape, at::ScalarType type)
{
	return at::empty(shape, at::TensorOptions(type)
	    .pinned_memory(!t->device.is_cpu()));
}

template <class T>
at::Tensor
from(const mc_torch *t, const T *data, size_t n, const int64_t *shape, int ndim)
{
	at::Tensor x;

	TORCH_CHECK(c10::multiply_integers(list(shape, ndim)) == (int64_t)n,
	    n, " elements do not fill the shape ", list(shape, ndim));
	x = pinned(t, list(shape, ndim), c10::CppTypeToScalarType<T>::value);
	if (n > 0)
		std::memcpy(x.data_ptr<T>(), data, n * sizeof(T));
	return x.to(t->device, x.scalar_type(), true);
}

at::Tensor
from_rgb(const mc_torch *t, const unsigned char *const *image, size_t n,
    int64_t size, const float *mean, const float *std)
{
	const int64_t channels[] = { 1, 3, 1, 1 };
	const float most = 255;
	at::Tensor x = pinned(t, { (int64_t)n, size, size, 3 }, at::kByte);
	size_t bytes = (size_t)(3 * size * size);

	for (size_t i = 0; i < n; i++)
		std::memcpy(x.data_ptr<uint8_t>() + i * bytes, image[i], bytes);
	/* Divided by a tensor: a GPU multiplies by the inverse of a number. */
	return x.to(t->device, x.scalar_type(), true).permute({ 0, 3, 1, 2 })
	    .to(at::kFloat).div_(from(t, &most, 1, channels, 1))
	    .sub_(from(t, mean, 3, channels, 4))
	    .div_(from(t, std, 3, channels, 4));
}

template <class T>
void
to(mc_torch *t, const mc_tensor *x, T *out, size_t n) noexcept
{
	bool ok = guard(t, "copy out", [&] {
		TORCH_CHECK(val(x).numel() == (int64_t)n, "room for ", n,
		    " elements, but there are ", val(x).numel());
		at::Tensor y = x->v.detach().to(at::kCPU,
		    c10::CppTypeToScalarType<T>::value).contiguous();
		if (n > 0)
			std::memcpy(out, y.data_ptr<T>(), n * sizeof(T));
	});
	if (!ok)
		std::fill(out, out + n, T(0));
}

/* mc::attention on the threads of libtorch alone, or on a GPU. */
at::Tensor
attention(const at::Tensor &qkv, const at::Tensor &bias, int64_t queries)
{
	/* 3 times N x H x L x E */
	auto parts = qkv.permute({ 2, 0, 3, 1, 4 }).unbind(0);
	at::Tensor q = parts[0].narrow(2, 0, queries);
#if TORCH_VERSION_MAJOR >= 2
	/* Without N x H x L x L values; deterministic where that is asked. */
	if (!qkv.is_cpu() && !bias.defined())
		return at::scaled_dot_product_attention(q, parts[1],
		    parts[2]).transpose(1, 2);
#endif
	double scale = 1 / std::sqrt((double)qkv.size(4));
	at::Tensor scores = at::matmul(q * scale,
	    parts[1].transpose(-2, -1));
	if (bias.defined())
		scores = (scores.unflatten(0, { -1, bias.size(0) }) + bias)
		    .flatten(0, 1);
	at::Tensor weights = at::softmax(scores, -1,
	    scores.scalar_type() == at::kBFloat16 ? at::kFloat :
	    scores.scalar_type()).to(qkv.scalar_type());

	return at::matmul(weights, parts[2]).transpose(1, 2);
}

/*
 * Whether the processor multiplies in bfloat16.  AMX comes with AVX512-BF16.
 */
bool
has_bfloat16()
{
#if defined(__x86_64__)
	return at::hasMKLDNN() && __builtin_cpu_supports("avx512bf16");
#else
	return false;
#endif
}

/*
 * F(X), a convolution or products in X's type.  In bfloat16 on a processor
 * that does not have it, F computes in float32 and its result is rounded.
 * libtorch's own loops for such a processor add up in bfloat16, which leaves
 * one digit of a long sum.
 */
template <class F>
at::Tensor
in_type(const at::Tensor &x, F f)
{
	return x.scalar_type() == at::kBFloat16 && x.is_cpu() &&
	    !has_bfloat16() ? f(x.to(at::kFloat)).to(at::kBFloat16) : f(x);
}

/* W in the type of X; undefined where W is. */
at::Tensor
like(const at::Tensor &w, const at::Tensor &x)
{
	return w.defined() ? w.to(x.scalar_type()) : w;
}

/*
 * What follows has a gradient on a GPU that does not depend on the order of
 * threads, which libtorch's own forms do not have: they add atomically.
 */

/* Maximum over windows; of equal elements the first gets the gradient. */
at::Tensor
max_pool_ordered(const at::Tensor &x, int64_t size, int64_t stride,
    int64_t padding)
{
	at::Tensor p = at::constant_pad_nd(x, { padding, padding, padding,
	    padding }, -INFINITY), best, y;
	int64_t rows = (p.size(2) - size) / stride * stride + 1;
	int64_t columns = (p.size(3) - size) / stride * stride + 1;

	for (int64_t i = 0; i < size; i++)
		for (int64_t j = 0; j < size; j++) {
			y = p.slice(2, i, i + rows, stride)
			    .slice(3, j, j + columns, stride);
			best = best.defined() ? at::where(y > best, y, best) :
			    y;
		}
	return best;
}

/* X: N x C x H x W, A: R x H, B: S x W.  A X B': N x C x R x S. */
at::Tensor
resample_linear(const at::Tensor &x, const at::Tensor &a, const at::Tensor &b)
{
	return at::matmul(at::matmul(a.to(x.options()), x),
	    b.to(x.options()).t());
}

/* The M x N matrix of a mean over M parts of N elements. */
at::Tensor
average_matrix(int64_t m, int64_t n)
{
	at::Tensor a = at::zeros({ m, n }, at::kDouble);

	for (int64_t i = 0; i < m; i++) {
		int64_t first = i * n / m, end = ((i + 1) * n + m - 1) / m;
		a[i].slice(0, first, end).fill_(1.0 / (double)(end - first));
	}
	return a;
}

at::Tensor
bicubic(const at::Tensor &x, int64_t rows, int64_t columns, double scale_rows,
    double scale_columns, bool antialias)
{
	int64_t size[] = { rows, columns };

	if (antialias)
		return scale_rows == 0 ?
		    at::_upsample_bicubic2d_aa(x, size, false) :
		    at::_upsample_bicubic2d_aa(x, size, false, scale_rows,
		    scale_columns);
	return scale_rows == 0 ? at::upsample_bicubic2d(x, size, false) :
	    at::upsample_bicubic2d(x, size, false, scale_rows, scale_columns);
}

/* The M x N matrix of resampling N elements to M, SCALE as in mc_bicubic. */
at::Tensor
bicubic_matrix(int64_t m, int64_t n, double scale, bool antialias)
{
	at::NoGradGuard none;

	return bicubic(at::eye(n, at::kDouble).reshape({ 1, 1, n, n }), m, n,
	    scale, scale == 0 ? 0 : 1, antialias).reshape({ m, n });
}

/*
 * X times a mask of SHAPE, whose elements are 0 with probability P, else
 * 1 / (1 - P).
 */
at::Tensor
drop(mc_torch *t, const at::Tensor &x, at::IntArrayRef shape, double p)
{
	TORCH_CHECK(p >= 0 && p < 1, "probability ", p);
	at::Tensor mask = at::empty(shape, x.options().device(at::kCPU));
	mask.bernoulli_(1 - p, t->random).div_(1 - p);
	return x * mask.to(t->device);
}

/*
 * Rows of each of the N maps of X, N x L x D; -1: zeros.  None is taken twice,
 * so the gradient is another choice of rows.
 */
struct take_rows : torch::autograd::Function<take_rows> {
	static at::Tensor
	chosen(mc_torch *t, const at::Tensor &x,
	    const std::vector<int64_t> &rows)
	{
		int64_t l = x.size(1), m = (int64_t)rows.size();
		size_t bytes = (size_t)x.size(2) * x.element_size();
		at::Tensor in = x.contiguous();

		if (!x.is_cpu()) {
			std::vector<int64_t> index = rows;
			std::replace(index.begin(), index.end(), (int64_t)-1,
			    l);
			return at::cat({ in, at::zeros({ x.size(0), 1,
			    x.size(2) }, x.options()) }, 1).index_select(1,
			    from(t, index.data(), rows.size(), &m, 1));
		}
		at::Tensor out = at::empty({ x.size(0), m, x.size(2) },
		    x.options());
		auto source = (const char *)in.data_ptr();
		auto target = (char *)out.data_ptr();
		at::parallel_for(0, x.size(0) * m, 64, [&](int64_t begin,
		    int64_t end) {
			for (int64_t i = begin; i < end; i++) {
				int64_t row = rows[(size_t)(i % m)];
				char *to = target + (size_t)i * bytes;
				if (row < 0)
					std::memset(to, 0, bytes);
				else
					std::memcpy(to, source + bytes *
					    (size_t)(i / m * l + row), bytes);
			}
		});
		return out;
	}

	static at::Tensor
	forward(torch::autograd::AutogradContext *c, mc_torch *t,
	    const at::Tensor &x, const std::vector<int64_t> &rows)
	{
		std::vector<int64_t> back((size_t)x.size(1), -1);

		for (size_t i = 0; i < rows.size(); i++) {
			TORCH_CHECK(rows[i] >= -1 && rows[i] < x.size(1),
			    "row ", rows[i], " of ", x.size(1));
			if (rows[i] < 0)
				continue;
			TORCH_CHECK(back[(size_t)rows[i]] < 0, "row ", rows[i],
			    " is taken twice");
			back[(size_t)rows[i]] = (int64_t)i;
		}
		c->saved_data["context"] = (int64_t)(intptr_t)t;
		c->saved_data["back"] = back;
		return chosen(t, x, rows);
	}

	static torch::autograd::variable_list
	backward(torch::autograd::AutogradContext *c,
	    torch::autograd::variable_list gradients)
	{
		auto t = (mc_torch *)(intptr_t)c->saved_data["context"].toInt();

		return { at::Tensor(), chosen(t, gradients[0],
		    c->saved_data["back"].toIntVector()), at::Tensor() };
	}
};

using namespace torch::optim;

/*
 * On the CPU libtorch's optimisers are given each parameter in pieces of about
 * so many elements.  The steps are elementwise, so the values are the same; but
 * what a step computes in between then fits into the cache, where it would
 * take twice the memory of the largest parameter.
 */
constexpr int64_t PIECE = 1 << 18;

const char *const adam_slots[] = { "step", "exp_avg", "exp_avg_sq", nullptr };
const char *const momentum_slots[] = { "momentum_buffer", nullptr };
const char *const no_slots[] = { nullptr };

const char *const *
slots_of(const mc_optim_options *o)
{
	if (o->kind == MC_SGD)
		return o->momentum != 0 ? momentum_slots : no_slots;
	return adam_slots;
}

std::unique_ptr<OptimizerOptions>
options_of(const mc_optim_options *o, double decay)
{
	switch (o->kind) {
	case MC_ADAM:
		return std::make_unique<AdamOptions>(
		    AdamOptions(o->rate).weight_decay(decay));
	case MC_ADAMW:
		return std::make_unique<AdamWOptions>(
		    AdamWOptions(o->rate).weight_decay(decay));
	case MC_SGD:
		return std::make_unique<SGDOptions>(SGDOptions(o->rate)
		    .momentum(o->momentum).weight_decay(decay));
	}
	TORCH_CHECK(false, "no such kind: ", (int)o->kind);
}

std::unique_ptr<Optimizer>
make_optimizer(const mc_optim_options *o,
    const std::vector<OptimizerParamGroup> &groups)
{
	switch (o->kind) {
	case MC_ADAM:
		return std::make_unique<Adam>(groups, AdamOptions(o->rate));
	case MC_ADAMW:
		return std::make_unique<AdamW>(groups, AdamWOptions(o->rate));
	case MC_SGD:
		return std::make_unique<SGD>(groups, SGDOptions(o->rate));
	}
	TORCH_CHECK(false, "no such kind: ", (int)o->kind);
}

/* The key of a state is a pointer, or its text in libtorch 1.13. */
[[maybe_unused]] void
set_key(void *&key, void *p)
{
	key = p;
}

[[maybe_unused]] void
set_key(std::string &key, void *p)
{
	std::ostringstream text;

	text << p;
	key = text.str();
}

/* The state of P in V. */
std::unique_ptr<OptimizerParamState> &
state_of(Optimizer &v, const at::Tensor &p)
{
	typename std::decay_t<decltype(v.state())>::key_type key;

	set_key(key, p.unsafeGetTensorImpl());
	return v.state()[key];
}

/* X in pieces of about SIZE elements. */
std::vector<at::Tensor>
cut(const at::Tensor &x, int64_t size)
{
	std::vector<at::Tensor> pieces;
	int64_t rows = x.dim() > 0 ? x.size(0) : 0;
	int64_t step = rows > 0 ? std::max<int64_t>(1,
	    size / std::max<int64_t>(1, x.numel() / rows)) : 0;

	if (!x.is_cpu() || rows <= step)
		return { x.detach() };
	for (int64_t i = 0; i < rows; i += step)
		pieces.push_back(x.detach().narrow(0, i,
		    std::min(step, rows - i)));
	return pieces;
}

/* Slots of zeros, of the form of the parameter; the step count is one number. */
void
make_slots(mc_optim *o, optim_row &row)
{
	for (int k = 0; o->slot_names[k] != nullptr; k++)
		row.slots[k].v = o->slot_names == adam_slots && k == 0 ?
		    at::zeros({}, at::kLong) :
		    at::zeros_like(row.param.detach(),
		    at::MemoryFormat::Contiguous);
}

template <class State>
std::unique_ptr<OptimizerParamState>
adam_state(const at::Tensor &exp_avg, const at::Tensor &exp_avg_sq)
{
	auto state = std::make_unique<State>();

	state->exp_avg(exp_avg);
	state->exp_avg_sq(exp_avg_sq);
	return state;
}

/* Have libtorch keep the state of ROW's pieces in ROW's slots. */
void
give_slots(mc_optim *o, optim_row &row)
{
	std::vector<at::Tensor> a, b;

	if (o->slot_names == no_slots)
		return;
	if (o->kind == MC_SGD) {
		a = cut(row.slots[0].v, PIECE);
	} else {
		a = cut(row.slots[1].v, PIECE);
		b = cut(row.slots[2].v, PIECE);
	}
	for (size_t k = 0; k < row.pieces.size(); k++) {
		auto &state = state_of(*o->v, row.pieces[k]);
		if (o->kind == MC_ADAM) {
			state = adam_state<AdamParamState>(a[k], b[k]);
		} else if (o->kind == MC_ADAMW) {
			state = adam_state<AdamWParamState>(a[k], b[k]);
		} else {
			auto sgd = std::make_unique<SGDParamState>();
			sgd->momentum_buffer(a[k]);
			state = std::move(sgd);
		}
	}
}

/* Set the step counts of ROW's pieces from its slot, or the slot from them. */
template <class State>
void
exchange_steps(Optimizer &v, optim_row &row, bool back)
{
	int64_t *count = row.slots[0].v.data_ptr<int64_t>();

	for (const at::Tensor &piece : row.pieces) {
		auto &state = static_cast<State &>(*state_of(v, piece));
		if (back)
			*count = state.step();
		else
			state.step(*count);
	}
}

void
exchange_steps(mc_optim *o, bool back)
{
	for (optim_row &row : o->rows) {
		if (o->kind == MC_ADAM)
			exchange_steps<AdamParamState>(*o->v, row, back);
		else if (o->kind == MC_ADAMW)
			exchange_steps<AdamWParamState>(*o->v, row, back);
	}
}

/* Give each piece of ROW its part of the gradient, or take it away. */
void
lend_gradient(optim_row &row, bool lend)
{
	const at::Tensor &gradient = row.param.grad();
	int64_t first = 0;

	for (at::Tensor &piece : row.pieces) {
		if (!lend || !gradient.defined()) {
			piece.mutable_grad() = at::Tensor();
		} else if (row.pieces.size() == 1) {
			piece.mutable_grad() = gradient;
		} else {
			piece.mutable_grad() = gradient.narrow(0, first,
			    piece.size(0));
			first += piece.size(0);
		}
	}
}

/* The sum of squares, in one order on the CPU. */
double
sum_of_squares(const at::Tensor &x)
{
	if (!x.is_cpu() || x.scalar_type() != at::kFloat)
		return x.to(at::kDouble).square().sum().item<double>();
	at::Tensor plain = x.contiguous();
	const float *v = plain.data_ptr<float>();
	double sum = 0;
	for (int64_t i = 0; i < plain.numel(); i++)
		sum += (double)v[i] * v[i];
	return sum;
}

/*
 * A step of Adam, or of AdamW if DECOUPLED, for all parameters of GROUP at once.
 * libtorch's own step starts some ten kernels per parameter, which takes a GPU's
 * host longer than the GPU.
 */
template <class Options, class State>
void
fused_step(Optimizer &v, OptimizerParamGroup &group, bool decoupled)
{
	auto &o = static_cast<Options &>(group.options());
	std::vector<at::Tensor> params, gradients, a, b, steps;
	std::map<int64_t, at::Tensor> counts;
	double decay = o.weight_decay();

	for (at::Tensor &p : group.params()) {
		if (!p.grad().defined())
			continue;
		auto &state = static_cast<State &>(*state_of(v, p));
		state.step(state.step() + 1);
		at::Tensor &step = counts[state.step()];
		if (!step.defined())
			step = at::full({}, (double)state.step(),
			    p.options().dtype(at::kFloat));
		params.push_back(p);
		gradients.push_back(p.grad());
		a.push_back(state.exp_avg());
		b.push_back(state.exp_avg_sq());
		steps.push_back(step);
	}
	if (params.empty())
		return;
	if (decoupled && decay != 0)
		at::_foreach_mul_(params, 1 - o.lr() * decay);
	at::_fused_adam_(params, gradients, a, b, {}, steps, o.lr(),
	    std::get<0>(o.betas()), std::get<1>(o.betas()),
	    decoupled ? 0 : decay, o.eps(), false, false);
}

void
fused_step(mc_optim *o)
{
	for (OptimizerParamGroup &group : o->v->param_groups()) {
		if (o->kind == MC_ADAM)
			fused_step<AdamOptions, AdamParamState>(*o->v, group,
			    false);
		else
			fused_step<AdamWOptions, AdamWParamState>(*o->v, group,
			    true);
	}
}

/* One group of libtorch's for each weight decay and scale of the rate. */
std::vector<OptimizerParamGroup>
group(mc_optim *o, const double *decay, const double *scale,
    const mc_optim_options *options)
{
	std::map<std::pair<double, double>, std::vector<at::Tensor>> alike;
	std::vector<OptimizerParamGroup> groups;

	for (size_t i = 0; i < o->rows.size(); i++) {
		auto &to = alike[{ decay != nullptr ? decay[i] :
		    options->weight_decay, scale != nullptr ? scale[i] : 1 }];
		to.insert(to.end(), o->rows[i].pieces.begin(),
		    o->rows[i].pieces.end());
	}
	for (const auto &entry : alike) {
		groups.emplace_back(entry.second,
		    options_of(options, entry.first.first));
		o->scales.push_back(entry.first.second);
	}
	return groups;
}

/* Set the learning rate of each group. */
void
set_rate(mc_optim *o, double rate)
{
	size_t i = 0;

	for (OptimizerParamGroup &g : o->v->param_groups())
		g.options().set_lr(rate * o->scales[i++]);
}

/* Weights of so many elements have their gradients in place. */
constexpr int64_t LARGE = 1 << 20;

/* Write A B to OUT, with sums in a fixed order where there are such. */
void
multiply(at::Tensor &out, const at::Tensor &a, const at::Tensor &b)
{
	if (mc::ordered(a))
		mc::multiply(out, a, b);
	else
		at::mm_out(out, a, b);
}

/*
 * x W' + b, whose gradient for W is written to the memory of the last one.
 * libtorch's own is a new tensor in each step, as large as W: the most memory
 * that a training takes, and holes in it that nothing else fits.
 */
struct linear_in_place : torch::autograd::Function<linear_in_place> {
	static at::Tensor
	forward(torch::autograd::AutogradContext *c, mc_torch *t,
	    const at::Tensor &x, const at::Tensor &w,
	    const c10::optional<at::Tensor> &bias)
	{
		at::Tensor b = bias.value_or(at::Tensor());

		c->saved_data["context"] = (int64_t)(intptr_t)t;
		c->save_for_backward({ x, w });
		c->saved_data["bias"] = b.defined();
		return mc::ordered(x) ? mc::linear(x, w, b) :
		    at::linear(x, w, b);
	}

	static torch::autograd::variable_list
	backward(torch::autograd::AutogradContext *c,
	    torch::autograd::variable_list gradients)
	{
		auto saved = c->get_saved_variables();
		at::Tensor x = saved[0], w = saved[1], dx, db;
		at::Tensor dy = gradients[0].reshape({ -1, w.size(0) });

		auto t = (mc_torch *)(intptr_t)c->saved_data["context"].toInt();
		if (w.grad().defined()) {
			at::Tensor dw = at::empty_like(w.detach());
			multiply(dw, dy.t(), x.reshape({ -1, w.size(1) }));
			w.mutable_grad().add_(dw);
		} else {
			at::Tensor dw = std::move(
			    t->spare[w.unsafeGetTensorImpl()]);
			if (!dw.defined() || dw.sizes() != w.sizes())
				dw = at::empty_like(w.detach());
			multiply(dw, dy.t(), x.reshape({ -1, w.size(1) }));
			w.mutable_grad() = dw;
		}
		if (x.requires_grad()) {
			dx = at::empty({ dy.size(0), w.size(1) }, x.options());
			multiply(dx, dy, w);
			dx = dx.reshape(x.sizes());
		}
		if (c->saved_data["bias"].toBool())
			db = dy.sum(0);
		return { at::Tensor(), dx, at::Tensor(), db };
	}
};

/* Whether that is worth it for W. */
bool
in_place(const mc_torch *t, const at::Tensor &w)
{
	return t->grad && w.is_cpu() && w.is_leaf() && w.requires_grad() &&
	    w.numel() >= LARGE;
}

/* What the BLAS that sgemm_ resolves to says of itself; "" if it does not. */
std::string
openblas()
{
	auto config = (const char *(*)())dlsym(RTLD_DEFAULT,
	    "openblas_get_config");

	return config == nullptr ? "" : config();
}

/* The file that sgemm_ comes from. */
std::string
blas_file()
{
	void *sgemm = dlsym(RTLD_DEFAULT, "sgemm_");
	Dl_info info;

	if (sgemm == nullptr || dladdr(sgemm, &info) == 0)
		return "built in";
	return info.dli_fname;
}

/*
 * OpenBLAS takes a processor that is younger than itself for a Prescott of 2004,
 * a fifth as fast.  Where this one has what a SkylakeX or a Haswell has, OpenBLAS
 * chooses anew, between two products, with the name of that in the environment,
 * from which it takes a name whatever it knows.
 */
void
name_core()
{
#if defined(__x86_64__)
	auto name = (const char *(*)())dlsym(RTLD_DEFAULT,
	    "openblas_get_corename");
	auto quit = (void (*)())dlsym(RTLD_DEFAULT, "gotoblas_dynamic_quit");
	auto init = (void (*)())dlsym(RTLD_DEFAULT, "gotoblas_dynamic_init");
	bool avx2 = __builtin_cpu_supports("avx2") &&
	    __builtin_cpu_supports("fma");
	bool avx512 = avx2 && __builtin_cpu_supports("avx512f") &&
	    __builtin_cpu_supports("avx512cd") &&
	    __builtin_cpu_supports("avx512bw") &&
	    __builtin_cpu_supports("avx512dq") &&
	    __builtin_cpu_supports("avx512vl");

	if (!avx2 || name == nullptr || quit == nullptr || init == nullptr ||
	    std::strcmp(name(), "Prescott") != 0 ||
	    setenv("OPENBLAS_CORETYPE", avx512 ? "SkylakeX" : "Haswell", 0) != 0)
		return;
	quit();
	init();
#endif
}

/* The instructions that libtorch and oneDNN choose their loops by. */
std::string
instructions()
{
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx512f"))
		return "AVX-512";
	if (__builtin_cpu_supports("avx2"))
		return "AVX2";
#endif
	return "baseline instructions";
}

/* "13.0" of CUDA's 13000. */
std::string
dotted(long major, long minor)
{
	return std::to_string(major) + "." + std::to_string(minor);
}

/*
 * Set T's device to the one that NAME names.  What GPUs there are is asked only
 * where NAME may be one: the answer loads the driver.
 */
mc_status
choose_device(mc_torch *t, const char *name, mc_err *err)
{
	bool automatic = std::strcmp(name, "auto") == 0;
	int end = 0;
	unsigned index = 0;
	size_t n;

	if (std::strcmp(name, "cpu") == 0)
		return MC_OK;
	if (!automatic && std::strcmp(name, "cuda") != 0 &&
	    (std::sscanf(name, "cuda:%3u%n", &index, &end) != 1 ||
	    name[5] < '0' || name[5] > '9' || name[end] != '\0'))
		return mc_err_set(err, MC_EUSAGE,
		    "device \"%s\" is not cpu, cuda, cuda:N or auto", name);
	/* cuBLAS reads it when it starts; its sums have a fixed order then. */
	setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", 0);
	n = torch::cuda::device_count();
	if (automatic && n == 0)
		return MC_OK;
	if (n == 0)
		return mc_err_set(err, MC_EUSAGE, "device \"%s\": libtorch "
		    TORCH_VERSION " finds no GPU; that needs a GPU, its driver "
		    "and a CUDA build of libtorch", name);
	if (index >= n)
		return mc_err_set(err, MC_EUSAGE, "device \"%s\": the last of "
		    "%zu GPUs is cuda:%zu", name, n, n - 1);
	t->device = at::Device(at::kCUDA, (at::DeviceIndex)index);
	return MC_OK;
}

/* The same bytes every time, or not; products of float32 are in float32. */
void
be_deterministic(bool on)
{
	at::Context &c = at::globalContext();

	c.setDeterministicAlgorithms(on, false);
	c.setDeterministicCuDNN(on);
	c.setBenchmarkCuDNN(!on);
	c.setAllowTF32CuBLAS(false);
	c.setAllowTF32CuDNN(false);
#if TORCH_VERSION_MAJOR * 100 + TORCH_VERSION_MINOR >= 202
	c.setDeterministicFillUninitializedMemory(false);
#endif
}

std::string
describe_cuda()
{
	const at::CUDAHooksInterface &cuda = at::detail::getCUDAHooks();
	long runtime = cuda.versionCUDART();
	std::string s = ", CUDA " + dotted(runtime / 1000, runtime % 1000 / 10);

	if (cuda.compiledWithCuDNN()) {
		long v = cuda.versionCuDNN(), unit = v < 90000 ? 1000 : 10000;
		s += ", cuDNN " + dotted(v / unit, v % unit / 100);
	}
	return s;
}

std::string
describe()
{
	std::string s = "libtorch " TORCH_VERSION ", ";

	if (at::hasMKL())
		s += "MKL";
	else if (!openblas().empty())
		s += openblas();
	else
		s += "a BLAS that does not name itself";
	return s + ", " + instructions();
}

/*
 * The reference BLAS is seventy times slower than OpenBLAS; OpenBLAS built
 * for pthreads takes the CPUs from libtorch's OpenMP threads.
 */
std::string
complain()
{
	auto parallel = (int (*)())dlsym(RTLD_DEFAULT, "openblas_get_parallel");

	if (at::hasMKL())
		return "";
	if (parallel != nullptr && parallel() == 1)
		return "OpenBLAS is built for pthreads (" + blas_file() +
		    ") and will halve the speed: install libopenblas0-openmp";
	if (parallel == nullptr &&
	    blas_file().find("/blas/libblas") != std::string::npos)
		return "the reference BLAS is in use (" + blas_file() +
		    "), some seventy times too slow: "
		    "install libopenblas0-openmp";
	return "";
}

/*
 * Before the first layer: give what is freed of large tensors back to the
 * system, so that parameters that are replaced by the forms computed with leave
 * no holes.
 */
void
give_back_memory()
{
#ifdef __GLIBC__
	mallopt(M_MMAP_THRESHOLD, 1 << 18);
#endif
}

/*
 * From the first layer on, keep memory that is freed instead of giving it back
 * to the system: the next layer asks for as much, and the system would have to
 * clear every page of it again.  Worth 1.1 to 1.2 times the speed, and no more
 * memory at the peak.  Other C libraries than glibc have no such setting.
 */
void
keep_memory()
{
#ifdef __GLIBC__
	static bool kept;

	if (kept)
		return;
	kept = true;
	mallopt(M_MMAP_MAX, 0);
	mallopt(M_TRIM_THRESHOLD, INT_MAX);
#endif
}

/*
 * At exit, libtorch asks the threads of autograd to end, for which it allocates
 * memory in a destructor.  Without memory the program would abort after its
 * output is in place.  Nothing needs these threads to end before the program.
 */
void
leave_threads()
{
	setenv("TORCH_AUTOGRAD_SHUTDOWN_WAIT_LIMIT", "0", 0);
}

#ifdef __GLIBC__

/*
 * libgomp's threads spin between two parallel loops, which halves the speed as
 * soon as anything else wants the CPUs, and libgomp reads how to wait from the
 * environment alone, when it is loaded, long before main.  Here, before the
 * constructors of the 287 libraries behind libtorch, the variable takes the
 * place of _, which shells set to the path of the program and nobody reads.
 * Where there is no _, the program starts itself again, once, which takes a
 * third longer.
 *
 * The C library is mapped but not yet set up: system calls and functions of
 * memory alone.  The path comes from /proc, so that the program keeps its name
 * in ps; where that fails the program just runs on.  Only glibc passes the
 * environment to such functions.
 */
void
wait_passively(int, char **argv, char **env)
{
	static char policy[] = "OMP_WAIT_POLICY=passive";
	char path[PATH_MAX], **anew, **shell = nullptr;
	ssize_t len;
	size_t n;

	for (n = 0; env[n] != nullptr; n++) {
		if (std::strncmp(env[n], policy, sizeof("OMP_WAIT_POLICY"))
		    == 0)
			return;
		if (std::strncmp(env[n], "_=", 2) == 0)
			shell = &env[n];
	}
	if (shell != nullptr) {
		*shell = policy;
		return;
	}
	len = readlink("/proc/self/exe", path, sizeof(path) - 1);
	if (len <= 0)
		return;
	path[len] = '\0';
	anew = (char **)alloca((n + 2) * sizeof(*anew));
	std::memcpy(anew, env, n * sizeof(*anew));
	anew[n] = policy;
	anew[n + 1] = nullptr;
	execve(path, argv, anew);
}

__attribute__((section(".preinit_array"), used))
void (*const before_libraries)(int, char **, char **) = wait_passively;
#endif

}  // namespace

/* --- The context --------------------------------------------------------- */

enum mc_status
mc_torch_alloc(struct mc_torch **out, const char *device, int threads,
    uint64_t seed, struct mc_err *err)
{
	*out = nullptr;
	try {
		auto t = std::make_unique<mc_torch>();
		mc_status status = choose_device(t.get(), device, err);
		if (status != MC_OK)
			return status;
		TORCH_CHECK(threads > 0, threads, " threads");
		at::set_num_threads(threads);
		give_back_memory();
		leave_threads();
		name_core();
		t->random = at::detail::createCPUGenerator(seed);
		t->device_name = t->device.str();
		t->version = describe();
		if (!t->device.is_cpu()) {
			be_deterministic(true);
			t->version += describe_cuda();
		}
		t->warning = complain();
		*out = t.release();
		return MC_OK;
	} catch (...) {
		return caught(err, "libtorch");
	}
}

void
mc_torch_free(struct mc_torch *t)
{
	delete t;
}

enum mc_status
mc_torch_check(struct mc_torch *t, struct mc_err *err)
{
	mc_status status = t->err.status;

	if (status != MC_OK)
		mc_err_set(err, status, "%s", t->err.text);
	t->err.status = MC_OK;
	return status;
}

bool
mc_torch_failed(const struct mc_torch *t)
{
	return t->err.status != MC_OK;
}

void
mc_torch_fail(struct mc_torch *t, enum mc_status status, const char *fmt, ...)
{
	char text[sizeof(t->err.text)];
	va_list ap;

	if (t->err.status != MC_OK)
		return;
	va_start(ap, fmt);
	std::vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	mc_err_set(&t->err, status, "%s", text);
}

void
mc_torch_seed(struct mc_torch *t, uint64_t seed)
{
	guard(t, "seed", [&] { t->random.set_current_seed(seed); });
}

bool
mc_torch_grad(struct mc_torch *t, bool on)
{
	bool was = t->grad;

	t->grad = on;
	return was;
}

int
mc_torch_threads(struct mc_torch *t)
{
	int n = 0;

	guard(t, "threads", [&] { n = at::get_num_threads(); });
	return n;
}

void
mc_torch_allow_nondeterministic(struct mc_torch *t)
{
	if (t->device.is_cpu())
		return;
	t->deterministic = false;
	be_deterministic(false);
}

bool
mc_torch_is_deterministic(const struct mc_torch *t)
{
	return t->deterministic;
}

bool
mc_torch_has_bfloat16(const struct mc_torch *t)
{
	return !t->device.is_cpu() || has_bfloat16();
}

bool
mc_torch_any_threads(const struct mc_torch *t)
{
	/* libtorch 2.6 still gives resnet18 other gradients on 3 threads. */
	return !t->device.is_cpu() ||
	    (mc::has_ordered() && TORCH_VERSION_MAJOR < 2);
}

const char *
mc_torch_device(const struct mc_torch *t)
{
	return t->device_name.c_str();
}

const char *
mc_torch_version(struct mc_torch *t)
{
	return t->version.c_str();
}

const char *
mc_torch_blas_warning(struct mc_torch *t)
{
	return t->warning.empty() ? nullptr : t->warning.c_str();
}

size_t
mc_torch_temporaries(const struct mc_torch *t)
{
	return t->owned.size();
}

void
mc_scope_open(struct mc_torch *t)
{
	try {
		t->scopes.push_back(t->owned.size());
	} catch (...) {
		caught(&t->err, "scope");
	}
}

struct mc_tensor *
mc_scope_close(struct mc_torch *t, struct mc_tensor *keep)
{
	size_t begin, i;

	if (t->scopes.empty()) {
		mc_torch_fail(t, MC_EUSAGE,
		    "a scope is closed that no one opened");
		return &t->failed;
	}
	begin = t->scopes.back();
	t->scopes.pop_back();
	for (i = begin; i < t->owned.size(); i++)
		if (t->owned[i].get() == keep) {
			std::swap(t->owned[begin], t->owned[i]);
			begin++;
			break;
		}
	t->owned.resize(begin);
	return keep;
}

void
mc_drop(struct mc_torch *t, struct mc_tensor *x)
{
	size_t begin = t->scopes.empty() ? 0 : t->scopes.back(), i;

	for (i = t->owned.size(); i-- > begin;)
		if (t->owned[i].get() == x) {
			t->owned.erase(t->owned.begin() + (ptrdiff_t)i);
			return;
		}
}

/* --- Tensors in and out of plain memory ----------------------------------- */

struct mc_tensor *
mc_from_f32(struct mc_torch *t, const float *data, size_t n,
    const int64_t *shape, int ndim)
{
	return op(t, "copy in", [&] { return from(t, data, n, shape, ndim); });
}

struct mc_tensor *
mc_from_rgb(struct mc_torch *t, const unsigned char *const *image, size_t n,
    int64_t size, const float mean[3], const float std[3])
{
	return op(t, "copy in", [&] {
		return from_rgb(t, image, n, size, mean, std);
	});
}

struct mc_tensor *
mc_from_f64(struct mc_torch *t, const double *data, size_t n,
    const int64_t *shape, int ndim)
{
	return op(t, "copy in", [&] { return from(t, data, n, shape, ndim); });
}

struct mc_tensor *
mc_full(struct mc_torch *t, enum mc_elem elem, double value,
    const int64_t *shape, int ndim)
{
	return op(t, "full", [&] {
		return at::full(list(shape, ndim), value,
		    at::dtype(type_of(elem)).device(t->device));
	});
}

void
mc_to_f32(struct mc_torch *t, const struct mc_tensor *x, float *out, size_t n)
{
	to(t, x, out, n);
}

void
mc_to_f64(struct mc_torch *t, const struct mc_tensor *x, double *out, size_t n)
{
	to(t, x, out, n);
}

int
mc_ndim(const struct mc_tensor *x)
{
	return x != nullptr && x->v.defined() ? (int)x->v.dim() : 0;
}

int64_t
mc_size(const struct mc_tensor *x, int dim)
{
	return dim >= 0 && dim < mc_ndim(x) ? x->v.size(dim) : 0;
}

size_t
mc_count(const struct mc_tensor *x)
{
	return x != nullptr && x->v.defined() ? (size_t)x->v.numel() : 0;
}

struct mc_tensor *
mc_tensor_keep(struct mc_torch *t, const struct mc_tensor *x)
{
	mc_tensor *kept = nullptr;

	guard(t, "keep", [&] { kept = new mc_tensor{ val(x) }; });
	return kept;
}

void
mc_tensor_free(struct mc_tensor *x)
{
	delete x;
}

enum mc_elem
mc_type(const struct mc_tensor *x)
{
	switch (x->v.scalar_type()) {
	case at::kDouble: return MC_FLOAT64;
	case at::kBFloat16: return MC_BFLOAT16;
	case at::kLong: return MC_INT64;
	default: return MC_FLOAT32;
	}
}

void *
mc_memory(struct mc_tensor *x)
{
	return x->v.defined() && x->v.is_cpu() && x->v.is_contiguous() ?
	    x->v.data_ptr() : nullptr;
}

void
mc_fill_f32(struct mc_torch *t, struct mc_tensor *x, const float *data,
    size_t n)
{
	guard(t, "copy in", [&] {
		at::NoGradGuard none;
		TORCH_CHECK(val(x).numel() == (int64_t)n, n,
		    " elements do not fill the shape ", x->v.sizes());
		x->v.copy_(at::from_blob(const_cast<float *>(data),
		    x->v.sizes(), at::kFloat));
	});
}

void
mc_average(struct mc_torch *t, struct mc_tensor *average,
    const struct mc_tensor *x, double decay)
{
	guard(t, "average", [&] {
		at::NoGradGuard none;
		average->v.mul_(decay).add_(val(x) * (1 - decay));
	});
}

void
mc_exchange(struct mc_torch *t, struct mc_tensor *a, struct mc_tensor *b)
{
	guard(t, "exchange", [&] {
		at::NoGradGuard none;
		at::Tensor old = val(a).clone();
		a->v.copy_(val(b));
		b->v.copy_(old);
	});
}

struct mc_tensor *
mc_cast(struct mc_torch *t, const struct mc_tensor *x, enum mc_elem elem)
{
	return op(t, "cast", [&] { return val(x).to(type_of(elem)); });
}

struct mc_tensor *
mc_channels_last(struct mc_torch *t, const struct mc_tensor *x)
{
	return op(t, "channels last", [&] {
		return val(x).contiguous(at::MemoryFormat::ChannelsLast);
	});
}

bool
mc_has_blocked(const struct mc_torch *t)
{
	return t->device.is_cpu() && at::hasMKLDNN() &&
	    at::globalContext().userEnabledMkldnn();
}

struct mc_tensor *
mc_blocked(struct mc_torch *t, const struct mc_tensor *x)
{
	return op(t, "blocked", [&] { return val(x).to_mkldnn(); });
}

struct mc_tensor *
mc_blocked_kernels(struct mc_torch *t, const struct mc_tensor *w, int stride,
    int padding, int groups)
{
	return op(t, "blocked kernels", [&] {
		const int64_t p[] = { padding, padding };
		const int64_t s[] = { stride, stride };
		const int64_t one[] = { 1, 1 };
		return at::mkldnn_reorder_conv2d_weight(val(w).to_mkldnn(), p,
		    s, one, groups);
	});
}

/* --- Shapes --------------------------------------------------------------- */

struct mc_tensor *
mc_reshape(struct mc_torch *t, const struct mc_tensor *x, const int64_t *shape,
    int ndim)
{
	return op(t, "reshape", [&] {
		return val(x).reshape(list(shape, ndim));
	});
}

struct mc_tensor *
mc_expand(struct mc_torch *t, const struct mc_tensor *x, const int64_t *shape,
    int ndim)
{
	return op(t, "expand", [&] {
		return val(x).expand(list(shape, ndim));
	});
}

struct mc_tensor *
mc_permute(struct mc_torch *t, const struct mc_tensor *x, const int64_t *order,
    int ndim)
{
	return op(t, "permute", [&] {
		return val(x).permute(list(order, ndim));
	});
}

struct mc_tensor *
mc_narrow(struct mc_torch *t, const struct mc_tensor *x, int dim,
    int64_t start, int64_t length)
{
	return op(t, "narrow", [&] {
		return val(x).narrow(dim, start, length);
	});
}

struct mc_tensor *
mc_flatten(struct mc_torch *t, const struct mc_tensor *x, int dim)
{
	return op(t, "flatten", [&] { return val(x).flatten(dim); });
}

struct mc_tensor *
mc_cat(struct mc_torch *t, struct mc_tensor *const *xs, size_t n, int dim)
{
	return op(t, "cat", [&] {
		std::vector<at::Tensor> all;
		for (size_t i = 0; i < n; i++)
			all.push_back(val(xs[i]));
		return at::cat(all, dim);
	});
}

struct mc_tensor *
mc_rows(struct mc_torch *t, const struct mc_tensor *x, const int64_t *rows,
    size_t count)
{
	return op(t, "rows", [&] {
		TORCH_CHECK(val(x).dim() == 3, "shape ", x->v.sizes());
		return take_rows::apply(t, x->v,
		    std::vector<int64_t>(rows, rows + count));
	});
}

/* --- Arithmetic ----------------------------------------------------------- */

struct mc_tensor *
mc_add(struct mc_torch *t, const struct mc_tensor *a, const struct mc_tensor *b)
{
	return op(t, "add", [&] { return val(a) + val(b); });
}

struct mc_tensor *
mc_mul(struct mc_torch *t, const struct mc_tensor *a, const struct mc_tensor *b)
{
	return op(t, "mul", [&] { return val(a) * val(b); });
}

struct mc_tensor *
mc_add_scaled(struct mc_torch *t, const struct mc_tensor *x,
    const struct mc_tensor *y, const struct mc_tensor *scale)
{
	return op(t, "add scaled", [&] {
		return at::addcmul(val(x), val(y), val(scale));
	});
}

struct mc_tensor *
mc_scale(struct mc_torch *t, const struct mc_tensor *x, double factor)
{
	return op(t, "scale", [&] { return val(x) * factor; });
}

struct mc_tensor *
mc_rsqrt(struct mc_torch *t, const struct mc_tensor *x, double epsilon)
{
	return op(t, "rsqrt", [&] { return at::rsqrt(val(x) + epsilon); });
}

struct mc_tensor *
mc_mean(struct mc_torch *t, const struct mc_tensor *x, int dim)
{
	return op(t, "mean", [&] { return val(x).mean(dim); });
}

struct mc_tensor *
mc_relu(struct mc_torch *t, const struct mc_tensor *x)
{
	return op(t, "relu", [&] { return at::relu(val(x)); });
}

struct mc_tensor *
mc_gelu(struct mc_torch *t, const struct mc_tensor *x)
{
	return op(t, "gelu", [&] { return at::gelu(val(x)); });
}

struct mc_tensor *
mc_gelu_tanh(struct mc_torch *t, const struct mc_tensor *x)
{
	return op(t, "gelu", [&] { return at::gelu(val(x), "tanh"); });
}

struct mc_tensor *
mc_gelu_quick(struct mc_torch *t, const struct mc_tensor *x)
{
	return op(t, "gelu", [&] {
		return val(x) * at::sigmoid(x->v * 1.702);
	});
}

struct mc_tensor *
mc_swiglu(struct mc_torch *t, const struct mc_tensor *x,
    const struct mc_tensor *y)
{
	return op(t, "swiglu", [&] { return at::silu(val(x)) * val(y); });
}

struct mc_tensor *
mc_add_over(struct mc_torch *t, struct mc_tensor *a, const struct mc_tensor *b)
{
	return over(t, "add", a, [&] { val(a).add_(val(b)); });
}

struct mc_tensor *
mc_relu_over(struct mc_torch *t, struct mc_tensor *x)
{
	return over(t, "relu", x, [&] {
		if (!val(x).is_mkldnn()) {
			x->v.relu_();
			return;
		}
		/*
		 * oneDNN's relu makes 0 of what is not a number; its prelu of
		 * slope 0 does not, and is as fast with a slope per channel.
		 */
		x->v = at::prelu(x->v,
		    at::zeros({ x->v.size(1) }).to_mkldnn());
	});
}

struct mc_tensor *
mc_mul_over(struct mc_torch *t, struct mc_tensor *a, const struct mc_tensor *b)
{
	return over(t, "multiply", a, [&] { val(a).mul_(val(b)); });
}

struct mc_tensor *
mc_silu_over(struct mc_torch *t, struct mc_tensor *x)
{
	return over(t, "silu", x, [&] {
		x->v = mc::ordered(val(x)) ? mc::silu(x->v) : at::silu(x->v);
	});
}

struct mc_tensor *
mc_hardswish_over(struct mc_torch *t, struct mc_tensor *x)
{
	return over(t, "hardswish", x, [&] {
		at::Tensor y = val(x);
		at::hardswish_(y);
	});
}

struct mc_tensor *
mc_sigmoid_over(struct mc_torch *t, struct mc_tensor *x)
{
	return over(t, "sigmoid", x, [&] {
		x->v = mc::ordered(val(x)) ? mc::sigmoid(x->v) :
		    at::sigmoid(x->v);
	});
}

struct mc_tensor *
mc_hardsigmoid_over(struct mc_torch *t, struct mc_tensor *x)
{
	return over(t, "hardsigmoid", x, [&] {
		at::Tensor y = val(x);
		at::hardsigmoid_(y);
	});
}

struct mc_tensor *
mc_gelu_over(struct mc_torch *t, struct mc_tensor *x)
{
	return over(t, "gelu", x, [&] {
		at::Tensor y = val(x);
		at::gelu_(y);
	});
}

struct mc_tensor *
mc_gelu_tanh_over(struct mc_torch *t, struct mc_tensor *x)
{
	return over(t, "gelu", x, [&] {
		at::Tensor y = val(x);
		at::gelu_(y, "tanh");
	});
}

/* --- Layers --------------------------------------------------------------- */

struct mc_tensor *
mc_conv2d(struct mc_torch *t, const struct mc_tensor *x,
    const struct mc_tensor *w, const struct mc_tensor *b, int stride,
    int padding)
{
	return op(t, "conv2d", [&] {
		keep_memory();
		const int64_t p[] = { padding, padding };
		const int64_t s[] = { stride, stride };
		const int64_t one[] = { 1, 1 };
		TORCH_CHECK(val(w).size(1) > 0, "the kernels are empty");
		int64_t groups = val(x).size(1) / w->v.size(1);
		if (x->v.is_mkldnn())
			return at::mkldnn_convolution(x->v, w->v, maybe(b),
			    p, s, one, groups);
		return in_type(x->v, [&](const at::Tensor &y) {
			at::Tensor v = like(w->v, y), c = like(maybe(b), y);
			return mc::ordered(y) ?
			    mc::conv2d(y, v, c, stride, padding) :
			    at::conv2d(y, v, c, s, p, one, groups);
		});
	});
}

struct mc_tensor *
mc_linear(struct mc_torch *t, const struct mc_tensor *x,
    const struct mc_tensor *w, const struct mc_tensor *b)
{
	return op(t, "linear", [&] {
		keep_memory();
		if (in_place(t, val(w)))
			return linear_in_place::apply(t, val(x), w->v,
			    b != nullptr ? c10::optional<at::Tensor>(val(b)) :
			    c10::nullopt);
		return in_type(val(x), [&](const at::Tensor &y) {
			at::Tensor v = like(w->v, y), c = like(maybe(b), y);
			return mc::ordered(y) ? mc::linear(y, v, c) :
			    at::linear(y, v, c);
		});
	});
}

struct mc_tensor *
mc_batch_norm(struct mc_torch *t, const struct mc_tensor *x,
    const struct mc_tensor *weight, const struct mc_tensor *bias,
    struct mc_tensor *mean, struct mc_tensor *var, double epsilon,
    double momentum, bool training)
{
	return op(t, "batch norm", [&] {
		/* As torch.nn.functional; at::batch_norm divides by 0. */
		TORCH_CHECK(!training || val(x).numel() > val(x).size(1),
		    "Expected more than 1 value per channel when training, "
		    "got input size ", val(x).sizes());
		/*
		 * One channel at a time, libtorch's sums are ordered; those of
		 * maps of one pixel it takes across threads in any layout.
		 */
		bool apart = x->v.is_contiguous() &&
		    x->v.numel() > x->v.size(0) * x->v.size(1);
		return training && mc::ordered(x->v) && !apart ?
		    mc::batch_norm(x->v, val(weight), val(bias), val(mean),
		    val(var), epsilon, momentum) :
		    at::batch_norm(x->v, val(weight), val(bias), val(mean),
		    val(var), training, momentum, epsilon, false);
	});
}

struct mc_tensor *
mc_layer_norm(struct mc_torch *t, const struct mc_tensor *x,
    const struct mc_tensor *weight, const struct mc_tensor *bias,
    double epsilon)
{
	return op(t, "layer norm", [&] {
		return mc::ordered(val(x)) ?
		    mc::layer_norm(x->v, val(weight), val(bias), epsilon) :
		    at::layer_norm(x->v, val(weight).sizes(), weight->v,
		    val(bias), epsilon);
	});
}

struct mc_tensor *
mc_max_pool2d(struct mc_torch *t, const struct mc_tensor *x, int size,
    int stride, int padding)
{
	return op(t, "max pool", [&] {
		const int64_t sizes[] = { size, size };
		const int64_t steps[] = { stride, stride };
		const int64_t edges[] = { padding, padding };

		/* at::max_pool2d of libtorch 2.6 has none for these. */
		if (val(x).is_mkldnn())
			return at::mkldnn_max_pool2d(x->v, sizes, steps, edges);
		return by_atomics(t, x) ?
		    max_pool_ordered(x->v, size, stride, padding) :
		    at::max_pool2d(x->v, size, stride, padding);
	});
}

struct mc_tensor *
mc_avg_pool2d(struct mc_torch *t, const struct mc_tensor *x, int size,
    int stride)
{
	return op(t, "average pool", [&] {
		return at::avg_pool2d(val(x), size, stride);
	});
}

struct mc_tensor *
mc_adaptive_avg_pool2d(struct mc_torch *t, const struct mc_tensor *x, int size)
{
	return op(t, "average pool", [&] {
		return by_atomics(t, x) ? resample_linear(x->v,
		    average_matrix(size, x->v.size(2)),
		    average_matrix(size, x->v.size(3))) :
		    at::adaptive_avg_pool2d(x->v.is_mkldnn() ?
		    x->v.to_dense() : x->v, { size, size });
	});
}

struct mc_tensor *
mc_dropout(struct mc_torch *t, const struct mc_tensor *x, double p,
    bool training)
{
	return op(t, "dropout", [&] {
		return training ? drop(t, val(x), x->v.sizes(), p) : val(x);
	});
}

struct mc_tensor *
mc_drop_path(struct mc_torch *t, const struct mc_tensor *x, double p)
{
	return op(t, "drop path", [&] {
		std::vector<int64_t> shape((size_t)val(x).dim(), 1);
		shape.at(0) = x->v.size(0);
		return drop(t, x->v, shape, p);
	});
}

struct mc_tensor *
mc_attention(struct mc_torch *t, const struct mc_tensor *qkv, int heads,
    const struct mc_tensor *bias, int64_t queries)
{
	return op(t, "attention", [&] {
		TORCH_CHECK(val(qkv).dim() == 3 && heads > 0 &&
		    qkv->v.size(2) % (3 * heads) == 0, "shape ",
		    qkv->v.sizes(), " for ", heads, " heads");
		int64_t n = qkv->v.size(0), l = qkv->v.size(1),
		    d = qkv->v.size(2) / 3;
		at::Tensor x = qkv->v.reshape({ n, l, 3, heads, d / heads });
		at::Tensor b = maybe(bias);
		TORCH_CHECK(queries > 0 && queries <= l && (!b.defined() ||
		    queries == l), queries, " queries of ", l);
		TORCH_CHECK(!b.defined() || (b.dim() == 4 && b.size(0) > 0 &&
		    n % b.size(0) == 0 && b.size(1) == heads &&
		    b.size(2) == l && b.size(3) == l), "shape ", x.sizes(),
		    " for a bias of shape ", b.sizes());
		return in_type(x, [&](const at::Tensor &y) {
			return mc::ordered(y) ? mc::attention(y, b, queries) :
			    attention(y, b, queries);
		}).reshape({ n, queries, d });
	});
}

struct mc_tensor *
mc_attention_weights(struct mc_torch *t, const struct mc_tensor *qkv, int heads)
{
	return op(t, "attention weights", [&] {
		at::NoGradGuard none;
		TORCH_CHECK(val(qkv).dim() == 3 && heads > 0 &&
		    qkv->v.size(2) % (3 * heads) == 0, "shape ",
		    qkv->v.sizes(), " for ", heads, " heads");
		return mc::attention_weights(qkv->v.reshape({ qkv->v.size(0),
		    qkv->v.size(1), 3, heads, -1 }));
	});
}

struct mc_tensor *
mc_bicubic(struct mc_torch *t, const struct mc_tensor *x, int64_t rows,
    int64_t columns, double scale_rows, double scale_columns, bool antialias)
{
	return op(t, "bicubic", [&] {
		TORCH_CHECK((scale_rows == 0) == (scale_columns == 0),
		    "one scale of two");
		return by_atomics(t, x) ? resample_linear(x->v,
		    bicubic_matrix(rows, x->v.size(2), scale_rows, antialias),
		    bicubic_matrix(columns, x->v.size(3), scale_columns,
		    antialias)) :
		    bicubic(x->v, rows, columns, scale_rows, scale_columns,
		    antialias);
	});
}

/* --- Learning ------------------------------------------------------------- */

struct mc_tensor *
mc_cross_entropy(struct mc_torch *t, const struct mc_tensor *logits,
    const struct mc_tensor *targets, double focal)
{
	return op(t, "cross entropy", [&] {
		at::Tensor log_p = at::log_softmax(val(logits), 1);
		at::Tensor terms = -val(targets) * log_p;
		/* Below the clamp, where p is 1, the power has no slope. */
		if (focal > 0)
			terms = terms * (-at::expm1(log_p)).clamp_min(1e-12)
			    .pow(focal);
		return terms.sum();
	});
}

struct mc_tensor *
mc_binary_cross_entropy(struct mc_torch *t, const struct mc_tensor *logits,
    const struct mc_tensor *yes, const struct mc_tensor *no, double focal)
{
	return op(t, "binary cross entropy", [&] {
		at::Tensor log_p = at::log_sigmoid(val(logits));
		at::Tensor log_q = at::log_sigmoid(-val(logits));
		at::Tensor of_yes = val(yes) * log_p, of_no = val(no) * log_q;
		/* Powers as exponentials have a slope also at 0. */
		if (focal > 0) {
			of_yes = of_yes * (focal * log_q).exp();
			of_no = of_no * (focal * log_p).exp();
		}
		return -(of_yes + of_no).sum();
	});
}

void
mc_set_trainable(struct mc_torch *t, struct mc_tensor *x, bool on)
{
	guard(t, "trainable", [&] { val(x).set_requires_grad(on); });
}

void
mc_backward(struct mc_torch *t, const struct mc_tensor *loss)
{
	guard(t, "backward", [&] { val(loss).backward(); });
}

struct mc_tensor *
mc_gradient(struct mc_torch *t, const struct mc_tensor *y,
    const struct mc_tensor *weights, const struct mc_tensor *x)
{
	return op(t, "gradient", [&] {
		return torch::autograd::grad({ val(y) }, { val(x) },
		    { val(weights) }, true)[0];
	});
}

struct mc_optim *
mc_optim_alloc(struct mc_torch *t, struct mc_tensor *const *params,
    const double *decay, const double *scale, size_t n,
    const struct mc_optim_options *options)
{
	mc_optim *result = nullptr;

	guard(t, "optimiser", [&] {
		auto o = std::make_unique<mc_optim>();
		o->kind = options->kind;
		o->slot_names = slots_of(options);
		o->rows.resize(n);
		for (size_t i = 0; i < n; i++) {
			o->rows[i].param = val(params[i]);
			o->rows[i].pieces = cut(o->rows[i].param, PIECE);
		}
		o->v = make_optimizer(options, group(o.get(), decay, scale,
		    options));
		set_rate(o.get(), options->rate);
		for (optim_row &row : o->rows) {
			make_slots(o.get(), row);
			give_slots(o.get(), row);
		}
		result = o.release();
	});
	return result;
}

void
mc_optim_free(struct mc_optim *o)
{
	delete o;
}

const char *
mc_optim_slot_name(const struct mc_optim *o, size_t k)
{
	return o->slot_names[k];
}

struct mc_tensor *
mc_optim_slot(struct mc_optim *o, size_t i, size_t k)
{
	return &o->rows[i].slots[k];
}

void
mc_optim_rate(struct mc_torch *t, struct mc_optim *o, double rate)
{
	guard(t, "optimiser", [&] { set_rate(o, rate); });
}

void
mc_optim_clip(struct mc_torch *t, struct mc_optim *o, double most)
{
	guard(t, "optimiser", [&] {
		double sum = 0;
		for (const optim_row &row : o->rows)
			if (row.param.grad().defined())
				sum += sum_of_squares(row.param.grad());
		double factor = most / (std::sqrt(sum) + 1e-6);
		if (factor >= 1)
			return;
		for (optim_row &row : o->rows)
			if (row.param.grad().defined())
				row.param.mutable_grad().mul_(factor);
	});
}

void
mc_optim_take(struct mc_torch *t, struct mc_optim *o, double *sum)
{
	guard(t, "gradients", [&] {
		for (const optim_row &row : o->rows) {
			int64_t n = row.param.numel();
			if (row.param.grad().defined()) {
				at::Tensor x = row.param.grad().to(at::kCPU,
				    at::kFloat).contiguous();
				const float *from = x.data_ptr<float>();
				for (int64_t i = 0; i < n; i++)
					sum[i] += from[i];
				sum[n]++;
			}
			sum += n + 1;
		}
	});
	mc_optim_zero(t, o);
}

void
mc_optim_put(struct mc_torch *t, struct mc_optim *o, const double *sum)
{
	guard(t, "gradients", [&] {
		for (optim_row &row : o->rows) {
			int64_t n = row.param.numel();
			at::Tensor x;
			if (sum[n] > 0) {
				x = at::empty_like(row.param.detach());
				x.copy_(at::from_blob(
				    const_cast<double *>(sum),
				    row.param.sizes(), at::kDouble));
			}
			row.param.mutable_grad() = x;
			sum += n + 1;
		}
	});
}

void
mc_optim_zero(struct mc_torch *t, struct mc_optim *o)
{
	guard(t, "optimiser", [&] {
		for (optim_row &row : o->rows) {
			at::Tensor &gradient = row.param.mutable_grad();
			if (gradient.defined() && row.param.is_cpu() &&
			    row.param.dim() == 2 && row.param.numel() >= LARGE)
				t->spare[row.param.unsafeGetTensorImpl()] =
				    gradient;
			gradient = at::Tensor();
		}
	});
}

void
mc_optim_step(struct mc_torch *t, struct mc_optim *o)
{
	guard(t, "optimiser", [&] {
		exchange_steps(o, false);
		for (optim_row &row : o->rows)
			lend_gradient(row, true);
		if (t->device.is_cpu() || o->kind == MC_SGD)
			o->v->step();
		else
			fused_step(o);
		for (optim_row &row : o->rows)
			lend_gradient(row, false);
		exchange_steps(o, true);
	});
}

/* --- TorchScript modules -------------------------------------------------- */

struct mc_module *
mc_module_load(struct mc_torch *t, const void *bytes, size_t n)
{
	mc_module *result = nullptr;

	guard(t, "TorchScript", [&] {
		auto m = std::make_unique<mc_module>(bytes, n, t->device);
		for (const mc::module_tensor &x : m->v.tensors)
			m->tensors.push_back(mc_tensor{ x.v });
		result = m.release();
	});
	return result;
}

void
mc_module_free(struct mc_module *m)
{
	delete m;
}

struct mc_tensor *
mc_module_tensor(struct mc_module *m, size_t i, const char **name,
    bool *buffer)
{
	if (i >= m->tensors.size())
		return nullptr;
	*name = m->v.tensors[i].name.c_str();
	*buffer = m->v.tensors[i].buffer;
	return &m->tensors[i];
}

struct mc_tensor *
mc_module_forward(struct mc_torch *t, struct mc_module *m,
    const struct mc_tensor *x, bool training)
{
	return op(t, "forward", [&] {
		if (training)
			at::manual_seed(at::check_generator<
			    at::CPUGeneratorImpl>(t->random)->random());
		return m->v.forward(val(x), training);
	});
}
