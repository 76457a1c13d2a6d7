/* confusion.c - which class is taken for which. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "stats/confusion.h"

static int
compare(const void *va, const void *vb)
{
	const uint64_t *a = va, *b = vb;

	return (*a > *b) - (*a < *b);
}

void
mc_confusion(const struct mc_sample *s, size_t *images, size_t *units)
{
	uint64_t *place = mc_xcalloc(s->n, sizeof(*place));
	size_t k = s->n_classes, i;

	memset(images, 0, k * k * sizeof(*images));
	memset(units, 0, k * k * sizeof(*units));
	for (i = 0; i < s->n; i++)	/* the unit in the lower half */
		place[i] = (uint64_t)((size_t)s->label[i] * k +
		    (size_t)s->predicted[i]) << 32 | s->unit[i];
	qsort(place, s->n, sizeof(*place), compare);
	for (i = 0; i < s->n; i++) {
		images[place[i] >> 32]++;
		units[place[i] >> 32] += i == 0 || place[i] != place[i - 1];
	}
	free(place);
}
