/*
 * adapter.h - keep the matrices of LoRA apart from their backbone, in a file as
 * peft's adapter_model.safetensors.
 *
 * There the matrices of a layer have the names base_model.model.LAYER.lora_A.weight
 * and base_model.model.LAYER.lora_B.weight, and nothing else is in it.
 */
#ifndef MC_ADAPTER_H
#define MC_ADAPTER_H

#include <stdint.h>
#include <stdio.h>

#include "backbone/backbone.h"
#include "weights/statedict.h"

/* Write the matrices of B, which is in T, to F. */
enum mc_status	mc_adapter_write(struct mc_torch *t,
		    const struct mc_backbone *b, FILE *f, struct mc_err *err)
		    MC_MUST_CHECK;

/* The rank of LoRA, and what its product is scaled by: alpha / rank. */
struct mc_adapter {
	int64_t rank;
	double alpha;
};

/*
 * Give B, in T, the matrices in SD, which mc_adapter_write has written, and merge
 * them: B then has the bytes of the backbone that was trained, if it had those
 * that were trained on.  MC_EDATA: they are not the matrices that A has on B, or
 * not finite.
 */
enum mc_status	mc_adapter_merge(struct mc_torch *t, struct mc_backbone *b,
		    const struct mc_adapter *a, const struct mc_statedict *sd,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
