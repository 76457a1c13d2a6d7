/* sample.c - copy and count the images of a sample. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "stats/sample.h"

/* --- Copies --------------------------------------------------------------- */

void
mc_owned_sample_alloc(struct mc_owned_sample *own, const struct mc_sample *like,
    size_t n)
{
	size_t k = like->n_classes;

	*own = (struct mc_owned_sample){ .s = *like };
	own->s.n = n;
	own->s.label = own->label = mc_xcalloc(n, sizeof(*own->label));
	own->s.predicted = own->predicted = mc_xcalloc(n,
	    sizeof(*own->predicted));
	own->s.unit = own->unit = mc_xcalloc(n, sizeof(*own->unit));
	if (like->p != NULL)
		own->s.p = own->p = mc_xcalloc(n, k * sizeof(*own->p));
	if (like->o != NULL)
		own->s.o = own->o = mc_xcalloc(n, k * sizeof(*own->o));
	if (like->fold != NULL)
		own->s.fold = own->fold = mc_xcalloc(n, sizeof(*own->fold));
}

void
mc_owned_sample_put(struct mc_owned_sample *own, size_t at,
    const struct mc_sample *s, const size_t *rows, size_t n)
{
	size_t k = s->n_classes, i;

	for (i = 0; i < n; i++, at++) {
		size_t row = rows != NULL ? rows[i] : i;

		own->label[at] = s->label[row];
		own->predicted[at] = s->predicted[row];
		own->unit[at] = s->unit[row];
		if (own->p != NULL)
			memcpy(own->p + at * k, s->p + row * k,
			    k * sizeof(*own->p));
		if (own->o != NULL)
			memcpy(own->o + at * k, s->o + row * k,
			    k * sizeof(*own->o));
		if (own->fold != NULL)
			own->fold[at] = s->fold[row];
	}
}

void
mc_sample_take(struct mc_owned_sample *own, const struct mc_sample *s,
    const size_t *rows, size_t n)
{
	mc_owned_sample_alloc(own, s, n);
	mc_owned_sample_put(own, 0, s, rows, n);
}

void
mc_owned_sample_clear(struct mc_owned_sample *own)
{
	free(own->label);
	free(own->predicted);
	free(own->unit);
	free(own->p);
	free(own->o);
	free(own->fold);
	*own = (struct mc_owned_sample){ .s = { .n = 0 } };
}

/* --- Units ---------------------------------------------------------------- */

static int
compare_keys(const void *va, const void *vb)
{
	const uint64_t *a = va, *b = vb;

	return (*a > *b) - (*a < *b);
}

uint64_t
mc_unit_key(uint32_t unit, size_t key)
{
	return (uint64_t)unit << 32 | (uint32_t)key;
}

void
mc_unit_keys_sort(uint64_t *keys, size_t n)
{
	qsort(keys, n, sizeof(*keys), compare_keys);
}

size_t
mc_sample_units(const struct mc_sample *s)
{
	return mc_samples_units(&s, 1);
}

size_t
mc_samples_units(const struct mc_sample *const *samples, size_t n)
{
	bool *seen = mc_xcalloc(samples[0]->n_units, sizeof(*seen));
	size_t units = 0, i, k;

	for (i = 0; i < n; i++) {
		for (k = 0; k < samples[i]->n; k++) {
			units += !seen[samples[i]->unit[k]];
			seen[samples[i]->unit[k]] = true;
		}
	}
	free(seen);
	return units;
}

size_t
mc_shared_units(const struct mc_sample *a, const struct mc_sample *b)
{
	bool *in_a = mc_xcalloc(a->n_units, sizeof(*in_a));
	size_t n = 0, i;

	for (i = 0; i < a->n; i++)
		in_a[a->unit[i]] = true;
	for (i = 0; i < b->n; i++) {
		n += in_a[b->unit[i]];
		in_a[b->unit[i]] = false;
	}
	free(in_a);
	return n;
}

size_t
mc_grouped_unit(const struct mc_sample *s)
{
	bool *seen = mc_xcalloc(s->n_units, sizeof(*seen));
	size_t found = s->n_units, i;

	for (i = 0; i < s->n && found == s->n_units; i++) {
		if (seen[s->unit[i]])
			found = s->unit[i];
		seen[s->unit[i]] = true;
	}
	free(seen);
	return found;
}

/* --- Confusion ------------------------------------------------------------ */

void
mc_confusion(const struct mc_sample *s, size_t *images, size_t *units)
{
	uint64_t *keys = mc_xcalloc(s->n, sizeof(*keys));
	size_t k = s->n_classes, i;

	memset(images, 0, k * k * sizeof(*images));
	memset(units, 0, k * k * sizeof(*units));
	for (i = 0; i < s->n; i++)
		keys[i] = mc_unit_key(s->unit[i], (size_t)s->label[i] * k +
		    (size_t)s->predicted[i]);
	mc_unit_keys_sort(keys, s->n);
	for (i = 0; i < s->n; i++) {
		images[(uint32_t)keys[i]]++;
		units[(uint32_t)keys[i]] += i == 0 || keys[i] != keys[i - 1];
	}
	free(keys);
}
