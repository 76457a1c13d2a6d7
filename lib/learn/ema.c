/* ema.c - keep the exponential moving average of tensors. */
#include "config.h"

#include <stdlib.h>

#include "base/mem.h"
#include "learn/ema.h"

#define MOST_DIMENSIONS 8

struct mc_ema {
	struct mc_torch *t;
	double decay;
	struct mc_tensor **x, **average;	/* n; NULL: left out */
	size_t n;
	bool begun;		/* a step has been averaged */
	bool used;		/* the tensors hold their averages */
};

/* Zeros of the shape of X. */
static struct mc_tensor *
zeros(struct mc_torch *t, const struct mc_tensor *x)
{
	int64_t shape[MOST_DIMENSIONS];
	struct mc_tensor *kept;
	int d;

	for (d = 0; d < mc_ndim(x) && d < MOST_DIMENSIONS; d++)
		shape[d] = mc_size(x, d);
	mc_scope_open(t);
	kept = mc_tensor_keep(t, mc_full(t, MC_FLOAT32, 0, shape, d));
	mc_scope_close(t, NULL);
	return kept;
}

struct mc_ema *
mc_ema_alloc(struct mc_torch *t, struct mc_tensor *const *x, size_t n,
    double decay)
{
	struct mc_ema *e = mc_xcalloc(1, sizeof(*e));
	size_t i;

	e->t = t;
	e->decay = decay;
	e->n = n;
	e->x = mc_xcalloc(n, sizeof(*e->x));
	e->average = mc_xcalloc(n, sizeof(*e->average));
	for (i = 0; i < n; i++) {
		e->x[i] = x[i];
		if (x[i] != NULL)
			e->average[i] = zeros(t, x[i]);
	}
	return e;
}

void
mc_ema_free(struct mc_ema *e)
{
	size_t i;

	if (e == NULL)
		return;
	for (i = 0; i < e->n; i++)
		mc_tensor_free(e->average[i]);
	free(e->average);
	free(e->x);
	free(e);
}

void
mc_ema_step(struct mc_ema *e)
{
	size_t i;

	for (i = 0; i < e->n; i++) {
		if (e->x[i] != NULL)
			mc_average(e->t, e->average[i], e->x[i],
			    e->begun ? e->decay : 0);
	}
	e->begun = true;
}

struct mc_tensor *
mc_ema_average(struct mc_ema *e, size_t i)
{
	return e->average[i];
}

void
mc_ema_continue(struct mc_ema *e)
{
	e->begun = true;
}

bool
mc_ema_use(struct mc_ema *e, bool on)
{
	bool was = e->used;
	size_t i;

	if (on == was || !e->begun)
		return was;
	for (i = 0; i < e->n; i++) {
		if (e->x[i] != NULL)
			mc_exchange(e->t, e->x[i], e->average[i]);
	}
	e->used = on;
	return was;
}
