/*
 * backbone.h - make pretrained image networks by name, and compute their
 * features.
 *
 * A backbone turns images into features.  It is made for one kind of features
 * and holds only the parameters which that kind needs, under the names of the
 * reference implementation's state dict.  With MC_FLOAT32 it agrees with the
 * reference to 1e-5 of the largest feature.
 */
#ifndef MC_BACKBONE_H
#define MC_BACKBONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "backbone/info.h"
#include "base/err.h"
#include "weights/statedict.h"

/* --- What there is -------------------------------------------------------- */

/* Row I of the registry; NULL after the last. */
const struct mc_backbone_info *mc_backbone_at(size_t i);

/* Write the registry as the backbones table of mctools(5). */
void		 mc_backbone_list(FILE *f);

/* The row of NAME; NULL and ERR where there is none. */
const struct mc_backbone_info *mc_backbone_find(const char *name,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * The features NAME of INFO, the default where NAME is NULL; NULL and the list
 * of names in ERR where there are none.
 */
const struct mc_features *mc_features_find(const struct mc_backbone_info *info,
		    const char *name, struct mc_err *err) MC_MUST_CHECK;

/* --- One backbone --------------------------------------------------------- */

/*
 * Make the backbone NAME for FEATURES (NULL: the default) in T, which must
 * outlive it.  ELEM is the type that it computes in: MC_FLOAT32 or MC_FLOAT64,
 * or MC_BFLOAT16, which is for convolutions and matrix products alone:
 * parameters, their gradients, norms, softmax and features are float32.  All
 * parameters are 0 until they are set, loaded or drawn.
 */
enum mc_status	 mc_backbone_alloc(struct mc_backbone **b, struct mc_torch *t,
		    const char *name, const char *features, enum mc_elem elem,
		    struct mc_err *err) MC_MUST_CHECK;

/* The same of INFO, which must outlive it and need not be in the registry. */
enum mc_status	 mc_backbone_make(struct mc_backbone **b, struct mc_torch *t,
		    const struct mc_backbone_info *info, const char *features,
		    enum mc_elem elem, struct mc_err *err) MC_MUST_CHECK;

/* B may be NULL. */
void		 mc_backbone_free(struct mc_backbone *b);

const struct mc_backbone_info *mc_backbone_info(const struct mc_backbone *b);
const struct mc_features *mc_backbone_features(const struct mc_backbone *b);

/*
 * Parameters and buffers, in the order of the reference's state dict, then the
 * matrices of mc_backbone_lora.
 */
size_t		 mc_backbone_count(const struct mc_backbone *b);
const struct mc_param *mc_backbone_param(const struct mc_backbone *b,
		    size_t i);

/*
 * Whether the reference of B has an array NAME, which B's features need or not;
 * any num_batches_tracked, also.
 */
bool		 mc_backbone_has(const struct mc_backbone *b,
		    const char *name);

/*
 * The parameters' tensors have been written to: B computes with what they hold
 * now from the next forward on.
 */
void		 mc_backbone_changed(struct mc_backbone *b);

/* The largest depth of its parameters; a head on B has the next one. */
int		 mc_backbone_depth(const struct mc_backbone *b);

/*
 * The number of its blocks, which is also the depth of the last: residual
 * blocks of ResNet, dense layers and transitions of DenseNet, inverted
 * residuals of EfficientNet and MobileNetV3, blocks of ConvNeXt (the first of a
 * stage with the downsampling before it), transformer blocks of ViTs and Swin
 * (the same with the merging of patches), convolutions after the first and
 * fully connected layers of VGG.  What is behind them, a last norm or
 * convolution or the classifier of features logits and lc, is of no block.
 */
int		 mc_backbone_blocks(const struct mc_backbone *b);

/*
 * Fill all parameters from SD, and those of the head of features "lc" from
 * HEAD where SD lacks them (HEAD may be NULL).  What a reference has and these
 * features do not need is ignored, also num_batches_tracked.  Else names that
 * are missing, unexpected or of another shape are listed in ERR, and B is
 * unchanged (weights/parts.h leaves out what is known to be of another part).
 * A tensor with a value that is not finite, or a variance below 0, is named in
 * ERR, and B is of no more use.  A position embedding may be one for any square
 * grid: its parameter then has that shape.
 */
enum mc_status	 mc_backbone_load(struct mc_backbone *b,
		    const struct mc_statedict *sd,
		    const struct mc_statedict *head, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * Draw all parameters from the distributions with which the reference starts
 * training.  Each is a function of SEED and its own name.
 */
enum mc_status	 mc_backbone_init(struct mc_backbone *b, uint64_t seed,
		    struct mc_err *err) MC_MUST_CHECK;

/* The same of those alone that have the depth DEPTH or more. */
enum mc_status	 mc_backbone_redraw(struct mc_backbone *b, int depth,
		    uint64_t seed, struct mc_err *err) MC_MUST_CHECK;

/*
 * Adapt the attention of B, a transformer with its values, by LoRA (Hu et al.
 * 2022): from now on forward computes with W + (ALPHA / RANK) B A in the place
 * of each W of the layers qkv and proj.  A, RANK x in, and B, out x RANK, are
 * further parameters, called as peft calls them, LAYER.lora_A.weight and
 * LAYER.lora_B.weight.  They start as there: A uniform in +-1/sqrt(in), a
 * function of SEED and its name, and B 0.
 */
enum mc_status	 mc_backbone_lora(struct mc_backbone *b, int64_t rank,
		    double alpha, uint64_t seed, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * The largest rank that matrices added to the attention of B can have: the
 * smallest side of its matrices; 0 if B is not a transformer.
 */
int64_t		 mc_backbone_lora_most(const struct mc_backbone *b);

/*
 * Write the sums that forward computes with to the W, and take A and B away,
 * if there are any.  Forward gives the same bytes as before.
 */
enum mc_status	 mc_backbone_merge(struct mc_backbone *b, struct mc_err *err)
		    MC_MUST_CHECK;

/* Set B's mode, a sum of enum mc_mode (info.h). */
void		 mc_backbone_mode(struct mc_backbone *b, unsigned mode);

/*
 * Let forward leave out residual branches of B, whose family has them
 * (info.h), with MC_DROPOUT (mc_drop_path, image by image): with a probability
 * that grows from 0 in the first block to RATE in the last, in equal steps, as
 * timm's drop_path_rate.  Without this call RATE is that of torchvision for its
 * networks, and 0 for all others.
 */
void		 mc_backbone_drop_path(struct mc_backbone *b, double rate);

/*
 * Freeze what has a depth below DEPTH: whatever the mode is, its batch norms
 * use their running statistics, and it drops nothing.  For parameters that are
 * not trainable: nothing is recorded of it then.
 */
void		 mc_backbone_freeze(struct mc_backbone *b, int depth);

/*
 * Keep of B's parameters, which have their values, only what forward computes
 * with: with the first forward, the tensor of each becomes NULL.  Before the
 * first forward; afterwards neither the parameters nor the mode may be changed.
 */
void		 mc_backbone_seal(struct mc_backbone *b);

/*
 * X: N x 3 x H x W, normalised as the reference wants it, of any type.
 * Returns N x dim of the type of B's parameters, a temporary of T; errors stick
 * to T.
 */
struct mc_tensor *mc_backbone_forward(struct mc_backbone *b,
		    const struct mc_tensor *x);

#endif
