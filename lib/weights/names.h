/*
 * names.h - rename arrays to the names of the reference implementation.
 *
 * The same weights circulate under several naming conventions.  Here they get
 * the names of the reference's own state_dict(): torchvision's, and those of
 * facebookresearch/dinov2.
 */
#ifndef MC_WEIGHTS_NAMES_H
#define MC_WEIGHTS_NAMES_H

#include <stdbool.h>

#include "base/mem.h"
#include "weights/dict.h"

/*
 * Give the arrays of SD the names that the reference of BACKBONE
 * ("dinov2_vits14") has for them.  Known are the prefixes that wrappers add
 * ("module.", "backbone.", "teacher.", "encoder_q."), torchvision's old
 * DenseNet names, ResNet and DenseNet as nn.Sequential, Hugging Face's names
 * of ResNet, ConvNeXt, Swin, ViT, CLIP, SigLIP, DINOv2 and DINOv3, OpenAI's of
 * CLIP, facebookresearch's of ConvNeXt, Microsoft's of Swin, timm's of ConvNeXt,
 * Swin, DINOv2, DINOv3 and EfficientNet, the blocks in chunks of a DINOv2 or DINOv3 training run, and
 * DINOv2's heads, which are files of their own.  Separate query, key and value
 * become one qkv, with 0 where DINOv3's keys have no bias, or all three have
 * none, and a position embedding without a row for the class token gets one of
 * zeros.  What a position embedding adds to registers is added to them; MAE's
 * encoder gets the fc_norm that its fine-tuning starts with; and
 * TorchXRayVision's one channel becomes the mean of three.  A medical model
 * goes by the rules of its network.  A student, a momentum encoder and the
 * heads of self-supervised training are left out (parts.h); any other name
 * stays as it is.  Two arrays that come to the same name are refused.  On error
 * SD is only to be freed.
 */
enum mc_status	 mc_statedict_rename(struct mc_statedict *sd,
		    const char *backbone, struct mc_err *err) MC_MUST_CHECK;

/*
 * Whether there are rules for BACKBONE, going by what its name begins with,
 * besides those that take wrappers' prefixes away.
 */
bool		 mc_names_known(const char *backbone);

/*
 * Add the conventions whose rules mc_statedict_rename has applied to SD, such
 * as "Hugging Face's DINOv2, a wrapper", to TEXT.  Returns false where the
 * names were those of the reference already.
 */
bool		 mc_statedict_conventions(const struct mc_statedict *sd,
		    struct mc_buf *text);

#endif
