/* params.c - remember, restore and write parameters. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "learn/params.h"
#include "weights/safetensors.h"

struct mc_params {
	struct mc_torch *t;
	struct mc_backbone *backbone;	/* or NULL */
	struct mc_head *head;		/* or NULL */
	const struct mc_param **param;	/* the backbone's, then the head's */
	size_t n_backbone, n;
	float **remembered;	/* NULL until mc_params_remember */
};

struct mc_params *
mc_params_alloc(struct mc_torch *t, struct mc_backbone *b, struct mc_head *h)
{
	struct mc_params *p = mc_xcalloc(1, sizeof(*p));
	size_t n_b = b != NULL ? mc_backbone_count(b) : 0;
	size_t n_h = h != NULL ? mc_head_count(h) : 0, i;

	p->t = t;
	p->backbone = b;
	p->head = h;
	p->n_backbone = n_b;
	p->n = n_b + n_h;
	p->param = mc_xcalloc(p->n, sizeof(*p->param));
	for (i = 0; i < n_b; i++)
		p->param[i] = mc_backbone_param(b, i);
	for (i = 0; i < n_h; i++)
		p->param[n_b + i] = mc_head_param(h, i);
	return p;
}

static void
free_values(float **values, size_t n)
{
	size_t i;

	for (i = 0; values != NULL && i < n; i++)
		free(values[i]);
	free(values);
}

void
mc_params_free(struct mc_params *p)
{
	if (p == NULL)
		return;
	free_values(p->remembered, p->n);
	free(p->param);
	free(p);
}

/* The values of all parameters into arrays, which are made where NULL. */
static enum mc_status
copy_out(const struct mc_params *p, float ***values, struct mc_err *err)
{
	size_t i;

	if (*values == NULL)
		*values = mc_xcalloc(p->n, sizeof(**values));
	for (i = 0; i < p->n; i++) {
		const struct mc_param *param = p->param[i];

		if ((*values)[i] == NULL)
			(*values)[i] = mc_xreallocarray(NULL, param->n,
			    sizeof(float));
		mc_to_f32(p->t, param->tensor, (*values)[i], param->n);
	}
	return mc_torch_check(p->t, err);
}

enum mc_status
mc_params_remember(struct mc_params *p, struct mc_err *err)
{
	return copy_out(p, &p->remembered, err);
}

const char *
mc_params_not_finite(const struct mc_params *p)
{
	size_t i, k;

	for (i = 0; p->remembered != NULL && i < p->n; i++) {
		for (k = 0; k < p->param[i]->n; k++) {
			if (!isfinite(p->remembered[i][k]))
				return p->param[i]->name;
		}
	}
	return NULL;
}

enum mc_status
mc_params_restore(struct mc_params *p, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	size_t i;

	for (i = 0; i < p->n && status == MC_OK; i++)
		status = i < p->n_backbone ? mc_backbone_set(p->backbone, i,
		    p->remembered[i], err) : mc_head_set(p->head,
		    i - p->n_backbone, p->remembered[i], err);
	return status;
}

struct mc_optim *
mc_params_optim(const struct mc_params *p,
    const struct mc_optim_options *options)
{
	struct mc_tensor **tensor = mc_xcalloc(p->n, sizeof(*tensor));
	struct mc_optim *optim;
	size_t i, n = 0;

	for (i = 0; i < p->n; i++) {
		if (!p->param[i]->buffer)
			tensor[n++] = p->param[i]->tensor;
	}
	optim = mc_optim_alloc(p->t, tensor, n, options);
	free(tensor);
	return optim;
}

enum mc_status
mc_params_write(const struct mc_params *p, FILE *f, struct mc_err *err)
{
	struct mc_array *arrays = mc_xcalloc(p->n, sizeof(*arrays));
	float **values = NULL;
	enum mc_status status;
	size_t i;

	status = copy_out(p, &values, err);
	for (i = 0; i < p->n; i++) {
		arrays[i].name = p->param[i]->name;
		arrays[i].dtype = MC_F32;
		arrays[i].ndim = p->param[i]->ndim;
		memcpy(arrays[i].shape, p->param[i]->shape,
		    sizeof(p->param[i]->shape));
		arrays[i].data = values[i];
		arrays[i].n = p->param[i]->n;
	}
	if (status == MC_OK)
		status = mc_safetensors_write(f, arrays, p->n, NULL, err);
	free_values(values, p->n);
	free(arrays);
	return status;
}
