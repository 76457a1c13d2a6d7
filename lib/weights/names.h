/*
 * names.h - rename arrays to the names of the reference implementation.
 *
 * The same weights circulate under several naming conventions.  Here they get
 * the names of the reference's own state_dict(): torchvision's, and those of
 * facebookresearch/dinov2.
 */
#ifndef MC_WEIGHTS_NAMES_H
#define MC_WEIGHTS_NAMES_H

#include "weights/dict.h"

/*
 * Give the arrays of SD the names that the reference of BACKBONE
 * ("dinov2_vits14") has for them.  Known are the prefixes that wrappers add
 * ("module.", "backbone."), torchvision's old DenseNet names, ResNet and
 * DenseNet as nn.Sequential, Hugging Face's and timm's DINOv2 names, the blocks
 * in chunks of a DINOv2 training run, and DINOv2's heads, which are files of
 * their own.  Separate query, key and value become one qkv, and a position
 * embedding without a row for the class token gets one of zeros.  Heads of
 * training that no backbone has are left out; any other name stays as it is.
 * Two arrays that come to the same name are refused.  On error SD is only to
 * be freed.
 */
enum mc_status	 mc_statedict_rename(struct mc_statedict *sd,
		    const char *backbone, struct mc_err *err) MC_MUST_CHECK;

#endif
