/* mixing.c - mix the images of a batch with each other. */
#include "config.h"

#include <math.h>

#include <gsl/gsl_randist.h>

#include "base/rng.h"
#include "learn/mixing.h"

bool
mc_mixing_any(const struct mc_mixing *m)
{
	return m->mixup > 0 || m->cutmix > 0;
}

/* A number uniform on 0 .. N - 1. */
static int64_t
place(gsl_rng *rng, int64_t n)
{
	return (int64_t)(gsl_rng_uniform(rng) * (double)n);
}

/* The part within 0 .. SIDE of CENTRE - HALF .. CENTRE + HALF. */
static void
clip(int64_t centre, int64_t half, int64_t side, int64_t *from, int64_t *n)
{
	int64_t to = centre + half < side ? centre + half : side;

	*from = centre > half ? centre - half : 0;
	*n = to - *from;
}

struct mc_mix
mc_mixing_draw(const struct mc_mixing *m, uint64_t seed, int64_t epoch,
    int64_t batch, int64_t side)
{
	struct mc_mix mix = { .share = 1 };
	int64_t half, row, column;
	double alpha;
	gsl_rng *rng;

	if (!mc_mixing_any(m))
		return mix;
	rng = mc_stream_alloc(mc_stream_hash(seed, "mix", (uint64_t)epoch,
	    (uint64_t)batch), "mix", 0);
	mix.cut = m->mixup == 0 ||
	    (m->cutmix > 0 && gsl_rng_uniform(rng) < 0.5);
	alpha = mix.cut ? m->cutmix : m->mixup;
	mix.share = gsl_ran_beta(rng, alpha, alpha);
	if (mix.cut) {
		column = place(rng, side);
		row = place(rng, side);
		half = (int64_t)(0.5 * sqrt(1 - mix.share) * (double)side);
		clip(column, half, side, &mix.left, &mix.width);
		clip(row, half, side, &mix.top, &mix.height);
		mix.share = 1 - (double)(mix.width * mix.height) /
		    (double)(side * side);
	}
	gsl_rng_free(rng);
	return mix;
}

size_t
mc_mix_other(size_t i, size_t n)
{
	return (i + n - 1) % n;
}

/* X with its last image first. */
static struct mc_tensor *
roll(struct mc_torch *t, struct mc_tensor *x)
{
	int64_t n = mc_size(x, 0);
	struct mc_tensor *parts[] = { mc_narrow(t, x, 0, n - 1, 1),
	    mc_narrow(t, x, 0, 0, n - 1) };

	return mc_cat(t, parts, 2, 0);
}

/* X, but those indices of dimension DIM from START on that OTHER has. */
static struct mc_tensor *
paste(struct mc_torch *t, struct mc_tensor *x, struct mc_tensor *other,
    int dim, int64_t start)
{
	int64_t end = start + mc_size(other, dim);
	struct mc_tensor *parts[] = { mc_narrow(t, x, dim, 0, start), other,
	    mc_narrow(t, x, dim, end, mc_size(x, dim) - end) };

	return mc_cat(t, parts, 3, dim);
}

struct mc_tensor *
mc_mix_images(struct mc_torch *t, struct mc_tensor *x,
    const struct mc_mix *mix)
{
	struct mc_tensor *other, *band;

	if (mix->share == 1)
		return x;
	other = roll(t, x);
	if (!mix->cut)
		return mc_add_over(t, mc_scale(t, other, 1 - mix->share),
		    mc_scale(t, x, mix->share));
	band = paste(t, mc_narrow(t, x, 2, mix->top, mix->height),
	    mc_narrow(t, mc_narrow(t, other, 2, mix->top, mix->height), 3,
	    mix->left, mix->width), 3, mix->left);
	return paste(t, x, band, 2, mix->top);
}
