#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "formula.h"

/* The value in [-1, 1) at place I, counted from 1, of the stream S. */
static double
unit(uint64_t s, uint64_t i)
{
	uint64_t z = s + i * 0x9E3779B97F4A7C15;

	z ^= z >> 30;
	z *= 0xBF58476D1CE4E5B9;
	z ^= z >> 27;
	z *= 0x94D049BB133111EB;
	z ^= z >> 31;
	return (double)(z >> 11) * 2 / 9007199254740992.0 - 1;
}

static void
spread(const char *name, double middle, double reach, size_t n, float *out)
{
	char text[160] = "mctools:";
	uint64_t s;
	size_t i;

	strncat(text, name, sizeof(text) - sizeof("mctools:"));
	s = mc_fnv1a64(text, strlen(text));
	for (i = 0; i < n; i++)
		out[i] = (float)(middle + reach * unit(s, i + 1));
}

void
formula_values(const char *name, int ndim, const int64_t *shape, size_t n,
    float *out)
{
	static const struct {
		const char *last;
		double middle, reach;
	} kinds[] = {
		{ "running_mean", 0, 0.1 }, { "running_var", 1, 0.5 },
		{ "gamma", 0.2, 0.1 }, { "cls_token", 0, 0.5 },
		{ "pos_embed", 0, 0.5 }, { "register_tokens", 0, 0.5 },
		{ "storage_tokens", 0, 0.5 }, { "reg_token", 0, 0.5 },
		{ "latent", 0, 0.5 }, { "bias", 0, 0.1 }
	};
	const char *dot = strrchr(name, '.'), *last = dot ? dot + 1 : name;
	size_t k;

	for (k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
		if (strcmp(last, kinds[k].last) == 0) {
			spread(name, kinds[k].middle, kinds[k].reach, n, out);
			return;
		}
	if (ndim == 1)
		spread(name, 1, 0.1, n, out);
	else
		spread(name, 0, sqrt(3.0 * (double)shape[0] / (double)n), n,
		    out);
}

enum mc_status
formula_fill(struct mc_torch *t, struct mc_backbone *b, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	size_t i;

	for (i = 0; i < mc_backbone_count(b) && status == MC_OK; i++) {
		const struct mc_param *p = mc_backbone_param(b, i);
		float *v = mc_xreallocarray(NULL, p->n, sizeof(*v));

		formula_values(p->name, p->ndim, p->shape, p->n, v);
		mc_fill_f32(t, p->tensor, v, p->n);
		status = mc_torch_check(t, err);
		free(v);
	}
	mc_backbone_changed(b);
	return status;
}

struct mc_tensor *
formula_input(struct mc_torch *t, int n, int side)
{
	int64_t shape[] = { n, 3, side, side };
	size_t count = (size_t)n * 3 * (size_t)side * (size_t)side;
	float *v = mc_xreallocarray(NULL, count, sizeof(*v));
	struct mc_tensor *x;

	spread("input", 0, 2, count, v);
	x = mc_from_f32(t, v, count, shape, 4);
	free(v);
	return x;
}
