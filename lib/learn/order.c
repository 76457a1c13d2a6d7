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

size_t
mc_epoch_order(const size_t *index, size_t n, const uint64_t *key,
    uint64_t seed, int64_t epoch, size_t rank, size_t ranks, size_t *out)
{
	struct place *place = mc_xcalloc(n, sizeof(*place));
	size_t taken = 0, i;

	for (i = 0; i < n; i++) {
		place[i].hash = mc_stream_hash(seed, "shuffle",
		    (uint64_t)epoch, key[index[i]]);
		place[i].i = i;
	}
	qsort(place, n, sizeof(*place), compare_places);
	for (i = rank; i < n; i += ranks)
		out[taken++] = index[place[i].i];
	free(place);
	return taken;
}
