/* parts.c - leave out what is no part of a backbone, and count it. */
#include "config.h"

#include <fnmatch.h>
#include <string.h>

#include "weights/dict_internal.h"
#include "weights/parts.h"

static const char *const parts[MC_PARTS] = {
	[MC_PART_HEAD] = "of a head",
	[MC_PART_PROJECTOR] = "of a projector",
	[MC_PART_STUDENT] = "of a student",
	[MC_PART_MOMENTUM] = "of a momentum encoder",
	[MC_PART_QUEUE] = "of a queue",
	[MC_PART_LOSS] = "of a loss",
	[MC_PART_DECODER] = "of a decoder",
	[MC_PART_TEXT] = "of a text encoder",
	[MC_PART_POSITIONS] = "of numbers of positions",
	[MC_PART_AVERAGE] = "of an average",
	[MC_PART_ALLOWED] = "allowed by --allow-extra",
	[MC_PART_OUTSIDE] = "outside of --prefix",
	[MC_PART_UNNAMED] = "that the index does not name",
};

/* What names begin with, or are, where they do not end in a dot. */
static const struct {
	const char *name;
	enum mc_part part;
} strangers[] = {
	/* torchvision, timm, transformers and users' own classifiers */
	{ "fc.", MC_PART_HEAD },
	{ "classifier.", MC_PART_HEAD },
	{ "head.", MC_PART_HEAD },
	{ "heads.", MC_PART_HEAD },
	{ "head_dist.", MC_PART_HEAD },
	{ "linear_head.", MC_PART_HEAD },
	{ "last_linear.", MC_PART_HEAD },
	{ "op_threshs", MC_PART_HEAD },		/* TorchXRayVision */
	{ "pooler.", MC_PART_HEAD },
	{ "pre_logits.", MC_PART_HEAD },
	/* DINO, DINOv2 */
	{ "dino_head.", MC_PART_HEAD },
	{ "ibot_head.", MC_PART_HEAD },
	{ "student.", MC_PART_STUDENT },
	/* SimCLR, BYOL, SwAV, MoCo v3 */
	{ "projector.", MC_PART_PROJECTOR },
	{ "projection_head.", MC_PART_PROJECTOR },
	{ "predictor.", MC_PART_PROJECTOR },
	{ "prediction_head.", MC_PART_PROJECTOR },
	{ "prototypes.", MC_PART_PROJECTOR },
	{ "visual_projection.", MC_PART_PROJECTOR },
	{ "visual.proj", MC_PART_PROJECTOR },
	{ "visual.head.", MC_PART_PROJECTOR },
	/* MoCo */
	{ "encoder_k.", MC_PART_MOMENTUM },
	{ "momentum_encoder.", MC_PART_MOMENTUM },
	/* lightly's, of MoCo and BYOL */
	{ "backbone_momentum.", MC_PART_MOMENTUM },
	{ "projection_head_momentum.", MC_PART_MOMENTUM },
	{ "queue", MC_PART_QUEUE },
	{ "queue_ptr", MC_PART_QUEUE },
	/* Lightning keeps the loss's class weights; DINOv2 its centres */
	{ "criterion.", MC_PART_LOSS },
	{ "loss.", MC_PART_LOSS },
	{ "loss_fn.", MC_PART_LOSS },
	{ "dino_loss.", MC_PART_LOSS },
	{ "ibot_patch_loss.", MC_PART_LOSS },
	{ "class_weights", MC_PART_LOSS },
	{ "pos_weight", MC_PART_LOSS },
	/* torch.optim.swa_utils.AveragedModel counts what it averages. */
	{ "n_averaged", MC_PART_AVERAGE },
	/* MAE */
	{ "decoder.", MC_PART_DECODER },
	{ "mask_token", MC_PART_DECODER },
	{ "decoder_pos_embed", MC_PART_DECODER },
	{ "decoder_embed.", MC_PART_DECODER },
	{ "decoder_blocks.", MC_PART_DECODER },
	{ "decoder_norm.", MC_PART_DECODER },
	{ "decoder_pred.", MC_PART_DECODER },
	/* CLIP, SigLIP */
	{ "text_model.", MC_PART_TEXT },
	{ "text_projection.", MC_PART_TEXT },
	{ "text_projection", MC_PART_TEXT },
	{ "text.", MC_PART_TEXT },
	{ "transformer.", MC_PART_TEXT },
	{ "token_embedding.", MC_PART_TEXT },
	{ "positional_embedding", MC_PART_TEXT },
	{ "ln_final.", MC_PART_TEXT },
	{ "vision_model.embeddings.position_ids", MC_PART_POSITIONS },
	{ "logit_scale", MC_PART_TEXT },
	{ "logit_bias", MC_PART_TEXT },
	/* OpenAI's archives */
	{ "input_resolution", MC_PART_TEXT },
	{ "context_length", MC_PART_TEXT },
	{ "vocab_size", MC_PART_TEXT },
};

#define N_STRANGERS (sizeof(strangers) / sizeof(strangers[0]))

static bool
fits(const char *pattern, const char *name)
{
	size_t n = strlen(pattern);

	return pattern[n - 1] == '.' ? strncmp(name, pattern, n) == 0 :
	    strcmp(name, pattern) == 0;
}

enum mc_part
mc_part_of(const char *name)
{
	size_t i;

	for (i = 0; i < N_STRANGERS; i++)
		if (fits(strangers[i].name, name))
			return strangers[i].part;
	return MC_PARTS;
}

void
mc_statedict_leave(struct mc_statedict *sd, struct mc_array *array,
    enum mc_part part)
{
	array->name = NULL;
	sd->left[part]++;
}

enum mc_status
mc_statedict_compact(struct mc_statedict *sd, struct mc_err *err)
{
	struct mc_buf text = { 0 };
	size_t i, n = 0;

	for (i = 0; i < sd->n; i++) {
		if (sd->arrays[i].name != NULL)
			sd->arrays[n++] = sd->arrays[i];
	}
	sd->n = n;
	if (n > 0 || !mc_statedict_left(sd, &text))
		return mc_statedict_index(sd, err);
	mc_err_at(err, MC_EDATA, sd->name, 0, "nothing remains: left out %s: "
	    "choose with --from or --prefix", text.data);
	mc_buf_free(&text);
	return MC_EDATA;
}

enum mc_status
mc_statedict_below(struct mc_statedict *sd, const char *prefix,
    struct mc_err *err)
{
	size_t i, n = strlen(prefix), kept = 0;

	if (n > 0 && prefix[n - 1] == '.')
		n--;
	for (i = 0; i < sd->n; i++) {
		struct mc_array *a = &sd->arrays[i];

		if (strncmp(a->name, prefix, n) == 0 && a->name[n] == '.') {
			a->name += n + 1;
			kept++;
		} else {
			mc_statedict_leave(sd, a, MC_PART_OUTSIDE);
		}
	}
	if (kept > 0)
		return mc_statedict_compact(sd, err);
	return mc_err_at(err, MC_EDATA, sd->name, 0, "no array is below "
	    "--prefix %s: mc-weights show prints the names", prefix);
}

enum mc_status
mc_statedict_leave_out(struct mc_statedict *sd,
    bool (*known)(const char *name, const void *arg), const void *arg,
    const char *allow, struct mc_err *err)
{
	enum mc_part part;
	size_t i;

	for (i = 0; i < sd->n; i++) {
		struct mc_array *a = &sd->arrays[i];

		if (known != NULL && known(a->name, arg))
			continue;
		part = known == NULL ? MC_PARTS : mc_part_of(a->name);
		if (part < MC_PARTS)
			mc_statedict_leave(sd, a, part);
		else if (allow != NULL && fnmatch(allow, a->name, 0) == 0)
			mc_statedict_leave(sd, a, MC_PART_ALLOWED);
	}
	return mc_statedict_compact(sd, err);
}

bool
mc_statedict_left(const struct mc_statedict *sd, struct mc_buf *text)
{
	size_t i, all = sd->left_entries;
	const char *before = ": ";

	for (i = 0; i < MC_PARTS; i++)
		all += sd->left[i];
	if (all == 0)
		return false;
	mc_buf_printf(text, "%zu array%s", all, MC_PLURAL(all));
	for (i = 0; i < MC_PARTS; i++) {
		if (sd->left[i] == 0)
			continue;
		mc_buf_printf(text, "%s%zu %s", before, sd->left[i], parts[i]);
		before = ", ";
	}
	if (sd->left_entries > 0)
		mc_buf_printf(text, "%s%s", before, sd->entries.data);
	return true;
}
