/* module.cpp - load and run TorchScript modules. */
#include <algorithm>
#include <cstring>
#include <map>

#include <caffe2/serialize/read_adapter_interface.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/runtime/print_handler.h>
#include <torch/csrc/jit/serialization/import.h>
#include <torch/version.h>

#include "torch/module.h"

namespace {

/* A file in memory. */
class memory : public caffe2::serialize::ReadAdapterInterface {
public:
	memory(const void *bytes, size_t n) :
	    bytes(static_cast<const char *>(bytes)), n(n) {}

	size_t
	size() const override
	{
		return n;
	}

	size_t
	read(uint64_t pos, void *buf, size_t want, const char *) const override
	{
		size_t most = pos < n ? std::min(want, n - (size_t)pos) : 0;

		std::memcpy(buf, bytes + pos, most);
		return most;
	}

private:
	const char *bytes;
	size_t n;
};

/*
 * What an exception from forward says.  In one of the interpreter that is the
 * last line, behind the lines of code that called one another.
 */
std::string
last_line(std::string text)
{
	size_t end = text.find_last_not_of(" \n");

	if (end == std::string::npos)
		return "unknown";
	text.resize(end + 1);
	return text.substr(text.find_last_of('\n') + 1);
}

/* Drops what a module prints: standard output is for data. */
void
drop(const std::string &)
{
}

#if TORCH_VERSION_MAJOR >= 2
using c10::WarningUtils::WarningHandlerGuard;
#else
using c10::Warning::WarningHandlerGuard;
#endif

/* Drops what a module warns of: standard error has our own lines. */
class silence : public c10::WarningHandler {
public:
#if TORCH_VERSION_MAJOR >= 2
	void
	process(const c10::Warning &) override
	{
	}
#else
	void
	process(const c10::SourceLocation &, const std::string &, bool) override
	{
	}
#endif
};

const char quantised[] = "it is quantised, so that its features depend on the "
    "processor, or on the other images of a batch: make the module of the "
    "network before quantisation";

/* Whether B has an operation on quantised tensors. */
bool
has_quantised(const torch::jit::Block *b)
{
	for (const torch::jit::Node *n : b->nodes()) {
		if (std::strncmp(n->kind().toQualString(), "quantized::",
		    11) == 0)
			return true;
		for (const torch::jit::Block *inner : n->blocks())
			if (has_quantised(inner))
				return true;
	}
	return false;
}

/*
 * The module in the N BYTES, which is not quantised.  A build of libtorch may
 * lack what quantised ones call, and then cannot load them.
 */
torch::jit::Module
load(const void *bytes, size_t n, at::Device device)
{
	torch::jit::Module m;

	try {
		m = torch::jit::load(std::make_shared<memory>(bytes, n),
		    device);
	} catch (const std::exception &e) {
		TORCH_CHECK(std::strstr(e.what(), "quantized::") == nullptr,
		    quantised);
		throw;
	}
	for (const torch::jit::Module &part : m.modules())
		for (const torch::jit::Method &method : part.get_methods())
			TORCH_CHECK(!has_quantised(method.graph()->block()),
			    quantised);
	return m;
}

/* Check that forward takes one tensor, and needs nothing else. */
void
check_arguments(const torch::jit::Module &m)
{
	TORCH_CHECK(m.find_method("forward"), "it has no method forward");

	const c10::FunctionSchema &schema =
	    m.get_method("forward").function().getSchema();
	const auto &arguments = schema.arguments();	/* self is the first */
	bool one = arguments.size() > 1 && c10::TensorType::get()->isSubtypeOf(
	    *arguments[1].type());

	for (size_t i = 2; i < arguments.size(); i++)
		one = one && arguments[i].default_value().has_value();
	TORCH_CHECK(one, "its method is ", schema, ", which one tensor N x 3 x "
	    "H x W does not suit: wrap it in a module that takes one");
}

/* Make V, of a module, what its row in the table of parameters must be. */
void
convert(at::Tensor v, at::Device device)
{
	v.set_requires_grad(false);
	v.set_data(v.to(device, v.is_floating_point() ? at::kFloat :
	    v.scalar_type()).contiguous());
}

/* Check that Y leads back to one of TENSORS, if one is to be trained. */
void
check_gradient(const std::vector<mc::module_tensor> &tensors,
    const at::Tensor &y)
{
	bool wanted = false;

	for (const mc::module_tensor &x : tensors)
		wanted = wanted || x.v.requires_grad();
	TORCH_CHECK(!wanted || !at::GradMode::is_enabled() ||
	    y.requires_grad(), "no gradient reaches its parameters (no_grad or "
	    "detach), so that it cannot be fine-tuned: give --regime frozen, "
	    "or make it without");
}

}  // namespace

struct mc::module::script {
	torch::jit::Module v;
};

mc::module::module(const void *bytes, size_t n, at::Device device) :
    s(std::make_unique<script>())
{
	std::map<const void *, std::string> owner;
	silence handler;
	WarningHandlerGuard guard(&handler);

	torch::jit::setPrintHandler(drop);
	s->v = load(bytes, n, device);
	check_arguments(s->v);
	s->v.eval();
	for (const auto &p : s->v.named_parameters()) {
		convert(p.value, device);
		TORCH_CHECK(p.value.numel() == 0 ||
		    owner.emplace(p.value.data_ptr(), p.name).second,
		    "its parameters ", owner[p.value.data_ptr()], " and ",
		    p.name, " share their memory, which cannot be trained");
		tensors.push_back({ p.name, p.value, false });
	}
	for (const auto &p : s->v.named_buffers()) {
		convert(p.value, device);
		if (p.value.is_floating_point())
			tensors.push_back({ p.name, p.value, true });
	}
}

mc::module::~module() = default;

at::Tensor
mc::module::forward(const at::Tensor &x, bool train)
{
	torch::jit::GraphOptimizerEnabledGuard as_written(false);
	silence handler;
	WarningHandlerGuard guard(&handler);
	c10::IValue y;

	if (train != training)
		s->v.train(train);
	training = train;
	try {
		y = s->v.forward({ x.contiguous() });
	} catch (const c10::Error &e) {
		TORCH_CHECK(false, last_line(e.what_without_backtrace()));
	} catch (const std::exception &e) {
		TORCH_CHECK(false, last_line(e.what()));
	}
	TORCH_CHECK(y.isTensor(), "it returns a ", y.tagKind(),
	    ", not a tensor");
	TORCH_CHECK(y.toTensor().dim() == 2 &&
	    y.toTensor().size(0) == x.size(0) && y.toTensor().size(1) > 0,
	    "it returns ", y.toTensor().sizes(), ", not ", x.size(0), " x D");
	TORCH_CHECK(y.toTensor().is_floating_point(), "it returns ",
	    y.toTensor().scalar_type(), ", not floating point");
	check_gradient(tensors, y.toTensor());
	return y.toTensor().to(at::kFloat);
}
