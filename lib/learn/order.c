/* order.c - order the training images of an epoch. */
#include "config.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"
#include "learn/order.h"

struct place {
	uint64_t hash;
	size_t i;		/* of the index */
};

static int
compare_places(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return (x->i > y->i) - (x->i < y->i);
}

/* Set and sort N places by a hash of PURPOSE and their keys. */
static void
sort_places(struct place *place, size_t n, const uint64_t *key, uint64_t seed,
    const char *purpose, int64_t epoch)
{
	size_t i;

	for (i = 0; i < n; i++) {
		place[i].hash = mc_stream_hash(seed, purpose, (uint64_t)epoch,
		    key[i]);
		place[i].i = i;
	}
	qsort(place, n, sizeof(*place), compare_places);
}

size_t
mc_epoch_order(const size_t *index, size_t n, const uint64_t *key,
    uint64_t seed, int64_t epoch, size_t rank, size_t ranks, size_t *out)
{
	struct place *place = mc_xcalloc(n, sizeof(*place));
	uint64_t *own = mc_xcalloc(n, sizeof(*own));
	size_t taken = 0, i;

	for (i = 0; i < n; i++)
		own[i] = key[index[i]];
	sort_places(place, n, own, seed, "shuffle", epoch);
	for (i = rank; i < n; i += ranks)
		out[taken++] = index[place[i].i];
	free(place);
	free(own);
	return taken;
}

/* What is drawn for an epoch: images, and the keys of their copies. */
struct draw {
	size_t *image, n;
	uint64_t *key;
};

/* Fill PLACES places of D with the N images of one class, in turns. */
static void
draw_class(struct draw *d, const size_t *image, size_t n, size_t places,
    const uint64_t *key, uint64_t seed, int64_t epoch)
{
	struct place *place = mc_xcalloc(n, sizeof(*place));
	uint64_t *own = mc_xcalloc(n, sizeof(*own));
	size_t i;

	for (i = 0; i < n; i++)
		own[i] = key[image[i]];
	sort_places(place, n, own, seed, "sample", epoch);
	for (i = 0; i < places; i++) {
		size_t k = place[i % n].i;

		d->image[d->n] = image[k];
		d->key[d->n++] = own[k] + i / n;
	}
	free(place);
	free(own);
}

void
mc_balanced_order(const size_t *index, size_t n, const uint64_t *key,
    const int *label, size_t n_classes, uint64_t seed, int64_t epoch,
    size_t *out)
{
	size_t *some = mc_xcalloc(n, sizeof(*some)), c, i;
	struct draw d = { .image = mc_xcalloc(n, sizeof(*d.image)),
	    .key = mc_xcalloc(n, sizeof(*d.key)) };
	struct place *place = mc_xcalloc(n, sizeof(*place));

	for (c = 0; c < n_classes; c++) {
		size_t n_some = 0;

		for (i = 0; i < n; i++)
			if ((size_t)label[index[i]] == c)
				some[n_some++] = index[i];
		draw_class(&d, some, n_some, n / n_classes +
		    (c < n % n_classes), key, seed, epoch);
	}
	sort_places(place, n, d.key, seed, "shuffle", epoch);
	for (i = 0; i < n; i++)
		out[i] = d.image[place[i].i];
	free(some);
	free(d.image);
	free(d.key);
	free(place);
}

void
mc_copy_keys(const size_t *order, size_t n, const uint64_t *key,
    size_t n_images, uint64_t *out)
{
	uint64_t *copies = mc_xcalloc(n_images, sizeof(*copies));
	size_t i;

	for (i = 0; i < n; i++)
		out[i] = key[order[i]] + copies[order[i]]++;
	free(copies);
}
