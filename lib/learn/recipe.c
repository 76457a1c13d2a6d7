/* recipe.c - say how a model is trained. */
#include "config.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/num.h"
#include "learn/recipe.h"

const char *const mc_optim_names[] = {
	[MC_ADAM] = "adam", [MC_ADAMW] = "adamw", [MC_SGD] = "sgd", NULL
};

const char *
mc_recipe_parameter(const struct mc_recipe *r)
{
	return r->fit == MC_FIT_LOGISTIC ? "C" :
	    r->fit == MC_FIT_KNN ? "k" : "lr";
}

/* The values that are tried; the one that is kept is not known yet. */
static void
record_tried(const struct mc_recipe *r, struct mc_keyvalue *kv)
{
	char *key = mc_xasprintf("%s_tried", mc_recipe_parameter(r));
	struct mc_buf text = { 0 };

	mc_grid_format(&r->tried, &text);
	mc_keyvalue_add(kv, key, "%s", text.data);
	mc_buf_free(&text);
	free(key);
}

/* The keys of a training by steps. */
static void
record_steps(const struct mc_recipe *r, struct mc_keyvalue *kv)
{
	const struct mc_optim_options *o = &r->optim;
	struct mc_buf schedule = { 0 }, augment = { 0 };
	char alpha[MC_NUM_SIZE];

	mc_keyvalue_add(kv, "optimizer", "%s", mc_optim_names[o->kind]);
	if (r->tried.n > 1)
		record_tried(r, kv);
	else
		mc_keyvalue_add_real(kv, "lr", o->rate);
	if (o->kind == MC_SGD)
		mc_keyvalue_add_real(kv, "momentum", o->momentum);
	mc_keyvalue_add_real(kv, "weight_decay", o->weight_decay);
	if (r->tuning.decay_weights)
		mc_keyvalue_add(kv, "decay", "weights");
	if (r->tuning.layer_decay < 1)
		mc_keyvalue_add_real(kv, "layer_decay", r->tuning.layer_decay);
	if (r->tuning.unfreeze > 0)
		mc_keyvalue_add_integer(kv, "unfreeze", r->tuning.unfreeze);
	if (r->tuning.lora_rank > 0)
		mc_keyvalue_add(kv, "lora", "%lld:%s",
		    (long long)r->tuning.lora_rank, mc_format_f64(alpha,
		    r->tuning.lora_alpha));
	if (r->tuning.lora_apart)
		mc_keyvalue_add(kv, "lora_apart", "yes");
	if (r->drop_path >= 0)
		mc_keyvalue_add_real(kv, "drop_path", r->drop_path);
	if (r->schedule.kind != MC_CONSTANT) {
		mc_schedule_format(&r->schedule, &schedule);
		mc_keyvalue_add(kv, "schedule", "%s", schedule.data);
		mc_buf_free(&schedule);
	}
	if (r->schedule.warmup > 0)
		mc_keyvalue_add_real(kv, "warmup", r->schedule.warmup);
	if (mc_augment_any(&r->augment)) {
		mc_augment_format(&r->augment, &augment);
		mc_keyvalue_add(kv, "augment", "%s", augment.data);
		mc_buf_free(&augment);
	}
	if (r->mixing.mixup > 0)
		mc_keyvalue_add_real(kv, "mixup", r->mixing.mixup);
	if (r->mixing.cutmix > 0)
		mc_keyvalue_add_real(kv, "cutmix", r->mixing.cutmix);
	if (r->loss.smoothing > 0)
		mc_keyvalue_add_real(kv, "label_smoothing", r->loss.smoothing);
	if (r->loss.focal > 0)
		mc_keyvalue_add_real(kv, "focal", r->loss.focal);
	if (r->balanced)
		mc_keyvalue_add(kv, "sample", "balanced");
	mc_keyvalue_add_integer(kv, "batch", r->batch);
	if (r->accumulate > 1)
		mc_keyvalue_add_integer(kv, "accumulate", r->accumulate);
	if (r->clip > 0)
		mc_keyvalue_add_real(kv, "clip", r->clip);
	if (r->ema > 0)
		mc_keyvalue_add_real(kv, "ema", r->ema);
	mc_keyvalue_add_integer(kv, "epochs", r->epochs);
	if (r->patience > 0)
		mc_keyvalue_add_integer(kv, "patience", r->patience);
}

void
mc_recipe_record(const struct mc_recipe *r, struct mc_keyvalue *kv)
{
	struct mc_buf select = { 0 };

	if (r->fit == MC_FIT_LOGISTIC) {
		mc_keyvalue_add(kv, "optimizer", "lbfgs");
		record_tried(r, kv);
	} else if (r->fit == MC_FIT_KNN) {
		mc_keyvalue_add_real(kv, "temperature", r->temperature);
		record_tried(r, kv);
	} else {
		record_steps(r, kv);
	}
	mc_criterion_name(&r->select, &select);
	mc_keyvalue_add(kv, "select", "%s", select.data);
	mc_buf_free(&select);
	mc_keyvalue_add_integer(kv, "seed", (int64_t)r->seed);
}
