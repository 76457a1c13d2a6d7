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
#include "base/rng.h"

struct philox {
	uint32_t key[2];
	uint32_t counter[4];	/* of the block that comes next */
	uint32_t block[4];
	unsigned used;		/* numbers of the block that were handed out */
};

/* Multipliers and Weyl constants: the paper, table 2 and section 4. */
#define M0	0xD2511F53u
#define M1	0xCD9E8D57u
#define W0	0x9E3779B9u
#define W1	0xBB67AE85u

void
mc_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
	uint32_t c0 = counter[0], c1 = counter[1];
	uint32_t c2 = counter[2], c3 = counter[3];
	uint32_t k0 = key[0], k1 = key[1];
	int round;

	for (round = 0; round < 10; round++) {
		uint64_t p0 = (uint64_t)M0 * c0, p1 = (uint64_t)M1 * c2;

		c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
		c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
		c1 = (uint32_t)p1;
		c3 = (uint32_t)p0;
		k0 += W0;
		k1 += W1;
	}
	out[0] = c0;
	out[1] = c1;
	out[2] = c2;
	out[3] = c3;
}

static void
philox_start(struct philox *p, uint64_t key, uint64_t index)
{
	p->key[0] = (uint32_t)key;
	p->key[1] = (uint32_t)(key >> 32);
	p->counter[0] = p->counter[1] = 0;
	p->counter[2] = (uint32_t)index;
	p->counter[3] = (uint32_t)(index >> 32);
	p->used = 4;
}

static void
philox_set(void *state, unsigned long seed)
{
	philox_start(state, seed, 0);
}

static inline uint32_t
philox_next(struct philox *p)
{
	if (p->used == 4) {
		mc_philox(p->counter, p->key, p->block);
		if (++p->counter[0] == 0)
			p->counter[1]++;
		p->used = 0;
	}
	return p->block[p->used++];
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
	struct philox p;

	philox_start(&p, seed ^ mc_fnv1a64(purpose, strlen(purpose)), index);
	p.counter[0] = (uint32_t)item;
	p.counter[1] = (uint32_t)(item >> 32);
	mc_philox(p.counter, p.key, p.block);
	return (uint64_t)p.block[1] << 32 | p.block[0];
}

/* The next block whole; what is left of the present one is passed over. */
static inline void
philox_block(struct philox *p)
{
	p->used = 4;
	(void)philox_next(p);
	p->used = 4;
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
	int i;

	memset(times, 0, n * sizeof(*times));
	while (256 % n == 0 && draws >= 16) {
		philox_block(p);
		for (i = 0; i < 4; i++) {
			uint32_t four = p->block[i];

			times[four & (n - 1)]++;
			times[four >> 8 & (n - 1)]++;
			times[four >> 16 & (n - 1)]++;
			times[four >> 24 & (n - 1)]++;
		}
		draws -= 16;
	}
	while (n <= 0x8000 && draws >= 8) {
		philox_block(p);
		for (i = 0; i < 8; i++) {
			uint32_t product = (p->block[i / 2] >> (i % 2 * 16) &
			    0xFFFF) * n;
			uint32_t taken = (product & 0xFFFF) >= floor16;

			times[product >> 16] += taken;
			draws -= taken;
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
