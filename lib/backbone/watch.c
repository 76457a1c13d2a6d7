/* watch.c - see what a network computes between an image and its features. */
#include <stdlib.h>

#include "backbone/net.h"
#include "backbone/watch.h"
#include "base/mem.h"

void
mc_backbone_watch(struct mc_backbone *b, struct mc_watch *w)
{
	b->watch = w;
}

void
mc_watch_clear(struct mc_watch *w)
{
	size_t i;

	for (i = 0; i < w->n_attention; i++)
		mc_tensor_free(w->attention[i]);
	free(w->attention);
	mc_tensor_free(w->map);
	mc_tensor_free(w->pool);
	*w = (struct mc_watch){ .wanted = w->wanted };
}

struct mc_tensor *
mc_watch_places(struct mc_torch *t, const struct mc_watch *w,
    const struct mc_tensor *x)
{
	if (mc_ndim(x) == 4)
		return mc_permute(t, mc_flatten(t, x, 2),
		    (int64_t[]){ 0, 2, 1 }, 3);
	return mc_narrow(t, x, 1, w->ahead, w->rows * w->columns);
}

/* Whether B is to show WHAT. */
static bool
shows(const struct mc_backbone *b, enum mc_watched what)
{
	return b->watch != NULL && (b->watch->wanted & what) != 0;
}

void
net_show_grid(struct mc_backbone *b, int64_t ahead, int64_t rows,
    int64_t columns)
{
	if (b->watch == NULL)
		return;
	b->watch->ahead = ahead;
	b->watch->rows = rows;
	b->watch->columns = columns;
}

struct mc_tensor *
net_show_map(struct mc_backbone *b, struct mc_tensor *x)
{
	struct mc_watch *w = b->watch;

	if (!shows(b, MC_WATCH_MAP))
		return x;
	if (mc_ndim(x) == 4)
		net_show_grid(b, 0, mc_size(x, 2), mc_size(x, 3));
	w->map = mc_tensor_keep(b->t, net_wide(b, x));
	if (w->map == NULL)
		return x;
	mc_set_trainable(b->t, w->map, (b->mode & MC_RECORD) != 0);
	return w->map;
}

void
net_show_attention(struct mc_backbone *b, const struct mc_tensor *qkv,
    int heads, bool last)
{
	struct mc_watch *w = b->watch;

	if (!shows(b, MC_WATCH_ATTENTION) &&
	    !(last && shows(b, MC_WATCH_LAST_ATTENTION)))
		return;
	w->attention = mc_xgrow(w->attention, w->n_attention,
	    &w->cap_attention, sizeof(struct mc_tensor *));
	mc_scope_open(b->t);
	w->attention[w->n_attention++] = mc_tensor_keep(b->t,
	    mc_attention_weights(b->t, qkv, heads));
	mc_scope_close(b->t, NULL);
}

void
net_show_readout(struct mc_backbone *b, enum mc_readout readout)
{
	if (b->watch != NULL)
		b->watch->readout = readout;
}

void
net_show_pool(struct mc_backbone *b, const struct mc_tensor *qkv, int heads)
{
	if (!shows(b, MC_WATCH_ATTENTION) &&
	    !shows(b, MC_WATCH_LAST_ATTENTION))
		return;
	mc_scope_open(b->t);
	b->watch->pool = mc_tensor_keep(b->t, mc_narrow(b->t,
	    mc_attention_weights(b->t, qkv, heads), 1, 0, 1));
	mc_scope_close(b->t, NULL);
}
