/* attention.c - map the attention of a transformer. */
#include "config.h"

#include <stdlib.h>

#include "base/mem.h"
#include "learn/attention.h"
#include "learn/rollout.h"

/*
 * Set READOUT to the shares of N tokens from which the features of IMAGE are taken;
 * POOL has the attention of the pool, if there is one.
 */
static void
read_out(const struct mc_watch *w, size_t n, size_t image, const float *pool,
    double *readout)
{
	size_t ahead = (size_t)w->ahead, k;

	for (k = 0; k < n; k++) {
		switch (w->readout) {
		case MC_READ_CLASS_TOKEN:
			readout[k] = k == 0;
			break;
		case MC_READ_PATCHES:
			readout[k] = k < ahead ? 0 : 1 / (double)(n - ahead);
			break;
		case MC_READ_POOL:
			readout[k] = (double)pool[image * n + k];
			break;
		}
	}
}

/* The values of X, to be freed. */
static float *
values_of(struct mc_torch *t, const struct mc_tensor *x)
{
	float *values = mc_xreallocarray(NULL, mc_count(x) + 1,
	    sizeof(*values));

	mc_to_f32(t, x, values, mc_count(x));
	return values;
}

/* Follow READOUT, IMAGES x TOKENS, back through the block whose attention is X. */
static void
follow(struct mc_torch *t, const struct mc_tensor *x, size_t images,
    size_t tokens, bool residual, double *readout)
{
	float *attention = values_of(t, x);
	size_t i;

	for (i = 0; i < images; i++)
		mc_attend(attention + i * tokens * tokens, tokens, residual,
		    readout + i * tokens);
	free(attention);
}

void
mc_attention_maps(struct mc_torch *t, const struct mc_watch *w, size_t images,
    bool rollout, float *map)
{
	size_t ahead = (size_t)w->ahead, b = w->n_attention, i, k;
	size_t places = (size_t)(w->rows * w->columns), n = ahead + places;
	float *pool = w->pool != NULL ? values_of(t, w->pool) : NULL;
	double *readout = mc_xcalloc(images * n, sizeof(*readout));

	for (i = 0; i < images; i++)
		read_out(w, n, i, pool, readout + i * n);
	/* The attention of a pool is its own, not that of the last block. */
	if (!rollout && w->readout == MC_READ_POOL)
		b = 0;
	while (b-- > 0)
		follow(t, w->attention[b], images, n, rollout, readout);
	for (i = 0; i < images; i++)
		for (k = 0; k < places; k++)
			map[i * places + k] =
			    (float)readout[i * n + ahead + k];
	free(pool);
	free(readout);
}
