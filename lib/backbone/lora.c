/*
 * lora.c - adapt attention by products of two small matrices.
 *
 * The adapters follow the parameters of the reference, so that taking them
 * away leaves these as they were.
 */
#include <string.h>

#include "backbone/backbone.h"
#include "backbone/net.h"

/* Declare the adapter of P, a weight. */
static void
adapt(struct mc_backbone *b, struct net_param *p, int64_t rank, double scale)
{
	const int64_t down[] = { rank, p->p.shape[1] };
	const int64_t up[] = { p->p.shape[0], rank };
	int layer = (int)(strlen(p->name) - strlen(".weight"));
	struct net_param *made[2];
	int i;

	made[0] = net_param(b, net_default((double)down[1]), 2, down,
	    "%.*s.lora_A.weight", layer, p->name);
	made[1] = net_param(b, net_constant(0), 2, up, "%.*s.lora_B.weight",
	    layer, p->name);
	for (i = 0; i < 2; i++) {
		made[i]->p.depth = p->p.depth;
		made[i]->p.weight = made[i]->p.adapter = true;
	}
	p->lora_a = made[0];
	p->lora_b = made[1];
	p->lora_scale = scale;
}

int64_t
mc_backbone_lora_most(const struct mc_backbone *b)
{
	int64_t most = 0;
	size_t i;
	int d;

	for (i = 0; i < b->n_params; i++) {
		const struct net_param *p = b->params[i];

		for (d = 0; d < 2 && p->attention; d++) {
			if (most == 0 || p->p.shape[d] < most)
				most = p->p.shape[d];
		}
	}
	return most;
}

enum mc_status
mc_backbone_lora(struct mc_backbone *b, int64_t rank, double alpha,
    uint64_t seed, struct mc_err *err)
{
	size_t first = b->n_params, i;
	enum mc_status status;

	b->spare = false;
	for (i = 0; i < first; i++) {
		if (b->params[i]->attention)
			adapt(b, b->params[i], rank, alpha / (double)rank);
	}
	status = net_allocate(b, first, err);
	return status == MC_OK ? net_draw(b, first, seed, err) : status;
}

enum mc_status
mc_backbone_merge(struct mc_backbone *b, struct mc_err *err)
{
	bool grad = mc_torch_grad(b->t, false);
	struct net_param *p;
	size_t i;

	mc_scope_open(b->t);
	for (i = 0; i < b->n_params; i++) {
		p = b->params[i];
		if (p->lora_a == NULL)
			continue;
		net_replace(&p->p.tensor, mc_tensor_keep(b->t,
		    net_adapted(b, p)));
		p->lora_a = p->lora_b = NULL;
	}
	mc_scope_close(b->t, NULL);
	mc_torch_grad(b->t, grad);
	mc_backbone_changed(b);
	while (b->n_params > 0 && b->params[b->n_params - 1]->p.adapter)
		net_param_free(b->params[--b->n_params]);
	return mc_torch_check(b->t, err);
}
