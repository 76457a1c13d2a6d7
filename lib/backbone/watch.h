/*
 * watch.h - see what a network computes between an image and its features.
 *
 * While a watch is set (mc_backbone_watch), forward keeps in it what is wanted:
 *
 *	the last map	the last features that belong to places of a grid;
 *			family.map (info.h) names them
 *	the attention	of each block of a transformer
 *
 * A token is a place of the grid, or one of the class and register tokens, which
 * come before the places.
 */
#ifndef MC_WATCH_H
#define MC_WATCH_H

#include <stddef.h>
#include <stdint.h>

#include "backbone/info.h"

enum mc_watched {
	MC_WATCH_MAP = 1,
	MC_WATCH_ATTENTION = 2,
	MC_WATCH_LAST_ATTENTION = 4	/* that of the last block alone */
};

/* What the features of a transformer are taken from after its last block. */
enum mc_readout {
	MC_READ_CLASS_TOKEN,	/* alone, or with the mean of the patches */
	MC_READ_PATCHES,	/* the mean of the patches */
	MC_READ_POOL		/* a query of its own, after the blocks */
};

struct mc_watch {
	unsigned wanted;	/* a sum of enum mc_watched: the caller's */

	/* Set by each forward, for N images: */
	int64_t rows, columns;	/* of the grid */
	int64_t ahead;		/* tokens that stand before it */
	/*
	 * The last map: N x channels x rows x columns, or N x tokens x
	 * channels.  With the mode MC_RECORD alone, and nothing trainable, it
	 * is the only tensor that gradients are recorded for.
	 */
	struct mc_tensor *map;
	/*
	 * Of each block that is wanted, from the first: N x tokens x tokens,
	 * the mean over the heads (mc_attention_weights).
	 */
	struct mc_tensor **attention;
	size_t n_attention, cap_attention;
	enum mc_readout readout;
	struct mc_tensor *pool;	/* its attention, N x 1 x tokens; or NULL */
};

/*
 * Let forward of B show in W, which is borrowed, what W wants; NULL ends that.  A
 * family without a map, or whose attention is not over all tokens, leaves it out.
 */
void		 mc_backbone_watch(struct mc_backbone *b, struct mc_watch *w);

/* Free what forward has kept in W, and forget it. */
void		 mc_watch_clear(struct mc_watch *w);

/*
 * X, of the shape of W's map, as N x places x channels, without the tokens before
 * the places: a temporary of T.
 */
struct mc_tensor *mc_watch_places(struct mc_torch *t, const struct mc_watch *w,
		    const struct mc_tensor *x);

/* --- For the families ----------------------------------------------------- */

/* The tokens are AHEAD ones, then those of a grid of ROWS x COLUMNS. */
void		 net_show_grid(struct mc_backbone *b, int64_t ahead,
		    int64_t rows, int64_t columns);

/*
 * Show X, the last map, and return what forward continues with.  X is N x channels
 * x rows x columns, or N x tokens x channels, of the grid shown before.
 */
struct mc_tensor *net_show_map(struct mc_backbone *b, struct mc_tensor *x);

/*
 * Show the attention of the next block, by the QKV that mc_attention takes; LAST:
 * it is the last block.
 */
void		 net_show_attention(struct mc_backbone *b,
		    const struct mc_tensor *qkv, int heads, bool last);

/*
 * Show what features are taken from; for a pool, its QKV, whose first token is the
 * query.
 */
void		 net_show_readout(struct mc_backbone *b,
		    enum mc_readout readout);
void		 net_show_pool(struct mc_backbone *b,
		    const struct mc_tensor *qkv, int heads);

#endif
