/* names.c - distinct texts: a hash table with open addressing. */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/names.h"

struct mc_names {
	const char **text;	/* by number */
	size_t n, cap;
	uint32_t *slot;		/* number + 1, or 0: free */
	size_t slots;		/* a power of two, more than 4/3 n */
};

struct mc_names *
mc_names_alloc(void)
{
	struct mc_names *names = mc_xcalloc(1, sizeof(*names));

	names->slots = 64;
	names->slot = mc_xcalloc(names->slots, sizeof(*names->slot));
	return names;
}

void
mc_names_free(struct mc_names *names)
{
	if (names == NULL)
		return;
	free(names->text);
	free(names->slot);
	free(names);
}

/* The slot that holds TEXT, or the free one where it belongs. */
static size_t
slot_of(const struct mc_names *names, const char *text)
{
	size_t mask = names->slots - 1;
	size_t i = mc_fnv1a64(text, strlen(text)) & mask;

	while (names->slot[i] != 0 &&
	    strcmp(names->text[names->slot[i] - 1], text) != 0)
		i = (i + 1) & mask;
	return i;
}

static void
grow(struct mc_names *names)
{
	size_t i;

	free(names->slot);
	names->slots *= 2;
	names->slot = mc_xcalloc(names->slots, sizeof(*names->slot));
	for (i = 0; i < names->n; i++)
		names->slot[slot_of(names, names->text[i])] = (uint32_t)i + 1;
}

size_t
mc_names_add(struct mc_names *names, const char *text)
{
	size_t i = slot_of(names, text);

	if (names->slot[i] != 0)
		return names->slot[i] - 1;
	names->text = mc_xgrow(names->text, names->n, &names->cap,
	    sizeof(*names->text));
	names->text[names->n++] = text;
	names->slot[i] = (uint32_t)names->n;
	if (names->n > names->slots / 4 * 3)
		grow(names);
	return names->n - 1;
}

size_t
mc_names_find(const struct mc_names *names, const char *text)
{
	size_t i = slot_of(names, text);

	return names->slot[i] != 0 ? names->slot[i] - 1 : MC_NO_NAME;
}

size_t
mc_names_count(const struct mc_names *names)
{
	return names->n;
}

const char *
mc_names_at(const struct mc_names *names, size_t number)
{
	return names->text[number];
}

static int
compare_texts(const void *a, const void *b, void *names)
{
	const struct mc_names *n = names;

	return strcmp(n->text[*(const size_t *)a], n->text[*(const size_t *)b]);
}

size_t *
mc_names_sorted(const struct mc_names *names)
{
	size_t *order = mc_xreallocarray(NULL, names->n, sizeof(*order));
	size_t i;

	for (i = 0; i < names->n; i++)
		order[i] = i;
	qsort_r(order, names->n, sizeof(*order), compare_texts,
	    (void *)(uintptr_t)names);
	return order;
}
