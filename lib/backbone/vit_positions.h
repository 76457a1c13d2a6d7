/*
 * vit_positions.h - tell a vision transformer where its patches lie.
 *
 * A position embedding is added to the tokens.  RoPE (Su et al. 2024), as
 * DINOv3 has it, turns the queries and keys of each attention instead.  Shapes
 * as in vit.c: N images, L tokens, D features, H heads of E = D / H.
 */
#ifndef MC_VIT_POSITIONS_H
#define MC_VIT_POSITIONS_H

#include "backbone/net.h"

/*
 * Resize EMBEDDING, a position embedding as net.h describes it, from its own
 * grid to ROWS x COLUMNS patches: 1 x (ahead + patches) x D.  Its rows for the
 * tokens ahead of the patches stay as they are.  OFFSET: as DINOv2 without
 * registers was trained (VIT_GRID_OFFSET in families.h), without antialiasing.
 */
struct mc_tensor *vit_positions(struct mc_backbone *b,
	    const struct net_param *embedding, int64_t rows, int64_t columns,
	    bool offset);

/* Cosines and sines of RoPE's angles: L x 3 x 1 x E each. */
struct vit_rope {
	struct mc_tensor *cos, *sin;
};

/*
 * Make the tables of heads of E elements for ROWS x COLUMNS patches and the
 * FIRST tokens before them, which are not turned.  E is a multiple of 4.
 */
struct vit_rope vit_rope_tables(struct mc_backbone *b, int64_t e,
	    int64_t first, int64_t rows, int64_t columns);

/*
 * Turn the queries and keys of QKV, N x L x 3D, in each of the HEADS; values
 * stay as they are.
 */
struct mc_tensor *vit_rotate(struct mc_backbone *b,
	    const struct vit_rope *rope, int64_t heads, struct mc_tensor *qkv);

#endif
