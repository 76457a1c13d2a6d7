/*
 * rng.c - Philox 4x32-10 as a GSL generator.
 *
 * The 64-bit key is the seed xor the FNV-1a hash of the purpose; the 128-bit
 * counter is the block number (low half) and the index (high half), so a
 * stream holds 2^66 numbers and no two streams of one key meet.
 */
#include "config.h"

#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/philox.h"
#include "base/rng.h"

#define WORDS (4 * MC_PHILOX_BLOCKS)

struct philox {
	uint32_t key[2];
	uint64_t index, next;	/* block that follows those in words */
	uint32_t words[WORDS];
	unsigned used;		/* of the words: were handed out */
};

static void
philox_start(struct philox *p, uint64_t key, uint64_t index)
{
	p->key[0] = (uint32_t)key;
	p->key[1] = (uint32_t)(key >> 32);
	p->index = index;
	p->next = 0;
	p->used = WORDS;
}

static void
philox_set(void *state, unsigned long seed)
{
	philox_start(state, seed, 0);
}

/* Make the next blocks if all words were handed out. */
static inline void
philox_fill(struct philox *p)
{
	if (p->used < WORDS)
		return;
	mc_philox_blocks(p->next, p->index, p->key, p->words);
	p->next += MC_PHILOX_BLOCKS;
	p->used = 0;
}

static inline uint32_t
philox_next(struct philox *p)
{
	philox_fill(p);
	return p->words[p->used++];
}

static unsigned long
philox_get(void *state)
{
	return philox_next(state);
}

static double
philox_get_double(void *state)
{
	uint32_t high = philox_next(state) >> 5;	/* 27 bits */
	uint32_t low = philox_next(state) >> 6;		/* 26 bits */

	return (high * 67108864.0 + low) / 9007199254740992.0;
}

static const gsl_rng_type philox_type = {
	"philox4x32-10", UINT32_MAX, 0, sizeof(struct philox),
	philox_set, philox_get, philox_get_double
};

gsl_rng *
mc_stream_alloc(uint64_t seed, const char *purpose, uint64_t index)
{
	/* Built by hand: gsl_rng_alloc would report want of memory its way. */
	gsl_rng *rng = mc_xmalloc(sizeof(*rng));

	rng->type = &philox_type;
	rng->state = mc_xcalloc(1, sizeof(struct philox));
	mc_stream_set(rng, seed, purpose, index);
	return rng;
}

void
mc_stream_set(gsl_rng *rng, uint64_t seed, const char *purpose, uint64_t index)
{
	philox_start(rng->state,
	    seed ^ mc_fnv1a64(purpose, strlen(purpose)), index);
}

uint64_t
mc_stream_hash(uint64_t seed, const char *purpose, uint64_t index,
    uint64_t item)
{
	uint64_t key = seed ^ mc_fnv1a64(purpose, strlen(purpose));
	const uint32_t words[2] = { (uint32_t)key, (uint32_t)(key >> 32) };
	const uint32_t counter[4] = { (uint32_t)item, (uint32_t)(item >> 32),
	    (uint32_t)index, (uint32_t)(index >> 32) };
	uint32_t out[4];

	mc_philox(counter, words, out);
	return (uint64_t)out[1] << 32 | out[0];
}

/*
 * The words of whole blocks that come next, and in *N how many: at least 4, at
 * most MOST.  What is left of the present block is passed over.
 */
static inline const uint32_t *
philox_blocks(struct philox *p, size_t most, size_t *n)
{
	const uint32_t *words;

	p->used = (p->used + 3) / 4 * 4;
	philox_fill(p);
	words = p->words + p->used;
	*n = WORDS - p->used < most ? WORDS - p->used : most;
	p->used += (unsigned)*n;
	return words;
}

void
mc_stream_tally(gsl_rng *rng, uint32_t n, size_t draws, uint32_t *times)
{
	/*
	 * Lemire, "Fast random integer generation in an interval" (2019): the
	 * high half of the product, where the low half is not below 2^w mod n.
	 * 16 bits are enough for n up to 2^15, and a block holds eight of them;
	 * for a power of two up to 256 a byte is.
	 */
	const uint32_t floor16 = n > 0x8000 ? 0 : 0x10000 % n;
	const uint32_t floor32 = -n % n;
	struct philox *p = rng->state;
	const uint32_t *word;
	size_t i, n_words;

	memset(times, 0, n * sizeof(*times));
	while (256 % n == 0 && draws >= 16) {
		word = philox_blocks(p, draws / 16 * 4, &n_words);
		for (i = 0; i < n_words; i++) {
			times[word[i] & (n - 1)]++;
			times[word[i] >> 8 & (n - 1)]++;
			times[word[i] >> 16 & (n - 1)]++;
			times[word[i] >> 24 & (n - 1)]++;
		}
		draws -= 4 * n_words;
	}
	while (n <= 0x8000 && draws >= 8) {
		word = philox_blocks(p, draws / 8 * 4, &n_words);
		draws -= 2 * n_words;
		for (i = 0; i < n_words; i++) {
			uint32_t low = (word[i] & 0xFFFF) * n;
			uint32_t high = (word[i] >> 16) * n;

			if ((low & 0xFFFF) >= floor16)
				times[low >> 16]++;
			else
				draws++;
			if ((high & 0xFFFF) >= floor16)
				times[high >> 16]++;
			else
				draws++;
		}
	}
	while (draws > 0) {
		uint64_t product = (uint64_t)philox_next(p) * n;

		if ((uint32_t)product >= floor32) {
			times[product >> 32]++;
			draws--;
		}
	}
}
