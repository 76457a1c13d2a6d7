/* adapter.c - keep the matrices of LoRA apart from their backbone. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "learn/adapter.h"
#include "weights/safetensors.h"

#define PREFIX "base_model.model."

/* P, a matrix of T, as an array in memory of its own. */
static struct mc_array
take_matrix(struct mc_torch *t, const struct mc_param *p)
{
	float *data = mc_xreallocarray(NULL, p->n, sizeof(*data));
	struct mc_array a = { .name = mc_xasprintf(PREFIX "%s", p->name),
	    .dtype = MC_F32, .ndim = p->ndim, .data = data, .n = p->n };

	memcpy(a.shape, p->shape, sizeof(p->shape));
	mc_to_f32(t, p->tensor, data, p->n);
	return a;
}

enum mc_status
mc_adapter_write(struct mc_torch *t, const struct mc_backbone *b, FILE *f,
    struct mc_err *err)
{
	size_t all = mc_backbone_count(b), n = 0, i;
	struct mc_array *matrix = mc_xcalloc(all, sizeof(*matrix));
	enum mc_status status;

	for (i = 0; i < all; i++) {
		const struct mc_param *p = mc_backbone_param(b, i);

		if (p->adapter)
			matrix[n++] = take_matrix(t, p);
	}
	status = mc_torch_check(t, err);
	if (status == MC_OK)
		status = mc_safetensors_write(f, matrix, n, NULL, err);
	for (i = 0; i < n; i++) {
		free((void *)(uintptr_t)matrix[i].name);
		free((void *)(uintptr_t)matrix[i].data);
	}
	free(matrix);
	return status;
}

/* Set P, a matrix of T, to the array of SD that has its name. */
static enum mc_status
set_matrix(struct mc_torch *t, const struct mc_param *p,
    const struct mc_statedict *sd, struct mc_err *err)
{
	char *name = mc_xasprintf(PREFIX "%s", p->name);
	const struct mc_array *a = mc_statedict_find(sd, name);
	enum mc_status status = MC_OK;
	float *data = NULL;
	size_t i;

	if (a == NULL || a->ndim != p->ndim || memcmp(a->shape, p->shape,
	    (size_t)p->ndim * sizeof(*p->shape)) != 0) {
		status = mc_err_at(err, MC_EDATA, mc_statedict_name(sd), 0,
		    "no tensor \"%s\" of the right shape", name);
		goto out;
	}
	data = mc_xreallocarray(NULL, a->n, sizeof(*data));
	mc_statedict_to_f32(sd, a, data);
	for (i = 0; i < a->n && isfinite(data[i]); i++)
		;
	if (i < a->n)
		status = mc_err_at(err, MC_EDATA, mc_statedict_name(sd), 0,
		    "the tensor \"%s\" holds a value that is not finite", name);
	else
		mc_fill_f32(t, p->tensor, data, a->n);
out:
	free(data);
	free(name);
	return status;
}

enum mc_status
mc_adapter_merge(struct mc_torch *t, struct mc_backbone *b,
    const struct mc_adapter *a, const struct mc_statedict *sd,
    struct mc_err *err)
{
	enum mc_status status = mc_backbone_lora(b, a->rank, a->alpha, 0, err);
	size_t n = 0, i;

	for (i = 0; i < mc_backbone_count(b) && status == MC_OK; i++) {
		const struct mc_param *p = mc_backbone_param(b, i);

		if (p->adapter) {
			status = set_matrix(t, p, sd, err);
			n++;
		}
	}
	if (status == MC_OK && n != mc_statedict_count(sd))
		status = mc_err_at(err, MC_EDATA, mc_statedict_name(sd), 0,
		    "%zu tensors, where LoRA has %zu",
		    mc_statedict_count(sd), n);
	return status == MC_OK ? mc_backbone_merge(b, err) : status;
}
