/* names.c - number texts in a hash table with open addressing. */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/names.h"

#define BLOCK_SIZE	65536

/* Copies of texts, one after the other. */
struct block {
	struct block *next;
	char text[];
};

struct mc_names {
	const char **text;	/* by number */
	size_t n, cap;
	uint32_t *slot;		/* a number */
	uint8_t *tag;		/* of each slot: bits of its text's hash, which
				   spare most looks at other texts; 0: free */
	size_t slots;		/* a power of two, more than 4/3 n */
	struct block *blocks;	/* the last begun is the first */
	size_t room;		/* bytes left in that block, at its end */
	char *free;		/* where they begin */
};

static void
alloc_slots(struct mc_names *names, size_t n)
{
	free(names->slot);
	free(names->tag);
	names->slots = n;
	names->slot = mc_xcalloc(n, sizeof(*names->slot));
	names->tag = mc_xcalloc(n, sizeof(*names->tag));
}

struct mc_names *
mc_names_alloc(void)
{
	struct mc_names *names = mc_xcalloc(1, sizeof(*names));

	alloc_slots(names, 64);
	return names;
}

void
mc_names_free(struct mc_names *names)
{
	struct block *block;

	if (names == NULL)
		return;
	while ((block = names->blocks) != NULL) {
		names->blocks = block->next;
		free(block);
	}
	free(names->text);
	free(names->slot);
	free(names->tag);
	free(names);
}

/* The slot that holds TEXT, or the free one where it belongs; *TAG is its. */
static size_t
slot_of(const struct mc_names *names, const char *text, uint8_t *tag)
{
	uint64_t hash = mc_fnv1a64(text, strlen(text));
	size_t mask = names->slots - 1, i = hash & mask;

	*tag = (uint8_t)(hash >> 56) | 1;
	while (names->tag[i] != 0 && (names->tag[i] != *tag ||
	    strcmp(names->text[names->slot[i]], text) != 0))
		i = (i + 1) & mask;
	return i;
}

static void
grow(struct mc_names *names)
{
	uint8_t tag;
	size_t n, i;

	alloc_slots(names, 2 * names->slots);
	for (n = 0; n < names->n; n++) {
		i = slot_of(names, names->text[n], &tag);
		names->slot[i] = (uint32_t)n;
		names->tag[i] = tag;
	}
}

/* Add TEXT, which belongs in the free SLOT; returns its number. */
static size_t
add_at(struct mc_names *names, size_t slot, uint8_t tag, const char *text)
{
	names->text = mc_xgrow(names->text, names->n, &names->cap,
	    sizeof(*names->text));
	names->text[names->n] = text;
	names->slot[slot] = (uint32_t)names->n++;
	names->tag[slot] = tag;
	if (names->n > names->slots / 4 * 3)
		grow(names);
	return names->n - 1;
}

size_t
mc_names_add(struct mc_names *names, const char *text)
{
	uint8_t tag;
	size_t i = slot_of(names, text, &tag);

	return names->tag[i] != 0 ? names->slot[i] :
	    add_at(names, i, tag, text);
}

/* A copy of TEXT in the present block, or in a new one. */
static const char *
keep(struct mc_names *names, const char *text)
{
	size_t size = strlen(text) + 1;
	struct block *block;
	char *copy;

	if (size > names->room) {
		names->room = size > BLOCK_SIZE ? size : BLOCK_SIZE;
		block = mc_xmalloc(sizeof(*block) + names->room);
		block->next = names->blocks;
		names->blocks = block;
		names->free = block->text;
	}
	copy = memcpy(names->free, text, size);
	names->free += size;
	names->room -= size;
	return copy;
}

size_t
mc_names_copy(struct mc_names *names, const char *text)
{
	uint8_t tag;
	size_t i = slot_of(names, text, &tag);

	return names->tag[i] != 0 ? names->slot[i] :
	    add_at(names, i, tag, keep(names, text));
}

size_t
mc_names_find(const struct mc_names *names, const char *text)
{
	uint8_t tag;
	size_t i = slot_of(names, text, &tag);

	return names->tag[i] != 0 ? names->slot[i] : MC_NO_NAME;
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

/* Whether the texts came in byte order, as ids often do. */
static bool
came_sorted(const struct mc_names *names)
{
	size_t i;

	for (i = 1; i < names->n; i++) {
		if (strcmp(names->text[i - 1], names->text[i]) > 0)
			return false;
	}
	return true;
}

size_t *
mc_names_sorted(const struct mc_names *names)
{
	size_t *order = mc_xreallocarray(NULL, names->n, sizeof(*order));
	size_t i;

	for (i = 0; i < names->n; i++)
		order[i] = i;
	if (!came_sorted(names))
		qsort_r(order, names->n, sizeof(*order), compare_texts,
		    (void *)(uintptr_t)names);
	return order;
}

uint32_t *
mc_names_renumber(struct mc_names *names)
{
	size_t *order = mc_names_sorted(names), i;
	uint32_t *number = mc_xreallocarray(NULL, names->n, sizeof(*number));
	const char **text = mc_xreallocarray(NULL, names->n, sizeof(*text));

	for (i = 0; i < names->n; i++) {
		number[order[i]] = (uint32_t)i;
		text[i] = names->text[order[i]];
	}
	for (i = 0; i < names->slots; i++) {
		if (names->tag[i] != 0)
			names->slot[i] = number[names->slot[i]];
	}
	free(order);
	free(names->text);
	names->text = text;
	names->cap = names->n;
	return number;
}
