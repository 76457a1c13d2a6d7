/*
 * module.h - load and run TorchScript modules.
 *
 * libtorch's interpreter runs a module as it is written.  Its profiling
 * executor would rewrite it after the first runs, which rounds otherwise, so
 * that a training that is resumed would go another way.
 */
#ifndef MC_MODULE_H
#define MC_MODULE_H

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <torch/types.h>

namespace mc {

/* A parameter of a module, or a buffer of floating point. */
struct module_tensor {
	std::string name;	/* as in the state dict */
	at::Tensor v;		/* the module's own, float32 */
	bool buffer;
};

class module {
public:
	/*
	 * From the N BYTES of its file, which are not needed afterwards.  What
	 * modules print, and their warnings, are dropped.  Quantised ones are
	 * refused.
	 */
	module(const void *bytes, size_t n, at::Device device);
	~module();

	/* In the module's order: all parameters, then the buffers. */
	std::vector<module_tensor> tensors;

	/*
	 * Apply the method forward to X, in row-major order.  The result is
	 * N x D for N x ..., in float32; where a parameter requires a gradient
	 * and gradients are recorded, it is an error if none reaches it.
	 * TRAINING: as after train(), else as
	 * after eval().
	 */
	at::Tensor forward(const at::Tensor &x, bool training);

private:
	struct script;
	std::unique_ptr<script> s;
	bool training = false;
};

}  // namespace mc

#endif
