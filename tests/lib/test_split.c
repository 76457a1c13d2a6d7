/* test_split.c - lib/stats/split: against every division there is. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_rng.h>

#include "base/rng.h"
#include "stats/split.h"
#include "tap.h"

#define UNITS 8
#define STRATA 2
#define PARTS 3
#define ROWS (UNITS * STRATA * 9)

struct problem {
	struct mc_split in;
	uint32_t unit[ROWS], stratum[ROWS];
	size_t first[ROWS + 1];
	double share[PARTS];
	double n[UNITS][STRATA];
};

/* Units of 0 to 8 images of each class, none of them empty. */
static void
make_problem(struct problem *p, gsl_rng *rng)
{
	size_t u, c, k;

	memset(p, 0, sizeof(*p));
	p->in = (struct mc_split){ 0, p->unit, p->first, p->stratum, UNITS,
	    STRATA, PARTS, p->share };
	for (u = 0; u <= ROWS; u++)
		p->first[u] = u;
	p->share[0] = 70;
	p->share[1] = 10;
	p->share[2] = 20;
	for (u = 0; u < UNITS; u++) {
		for (c = 0; c < STRATA; c++) {
			k = gsl_rng_uniform_int(rng, 9);
			k = u < STRATA && k == 0 ? 1 : k;
			k = c == 1 && p->n[u][0] == 0 && k == 0 ? 1 : k;
			p->n[u][c] = (double)k;
			for (; k > 0; k--) {
				p->unit[p->in.rows] = (uint32_t)u;
				p->stratum[p->in.rows++] = (uint32_t)c;
			}
		}
	}
}

/* The objective that split.h defines; huge where a part is empty. */
static double
badness(const struct problem *p, const uint32_t *part)
{
	double in[PARTS][STRATA + 1] = { { 0 } }, all[STRATA + 1] = { 0 };
	double sum = 0, d;
	size_t u, c, k;

	for (u = 0; u < UNITS; u++) {
		for (c = 0; c < STRATA; c++) {
			in[part[u]][c] += p->n[u][c];
			in[part[u]][STRATA] += p->n[u][c];
			all[c] += p->n[u][c];
			all[STRATA] += p->n[u][c];
		}
	}
	for (k = 0; k < PARTS; k++) {
		for (c = 0; c <= STRATA; c++) {
			d = in[k][c] / all[c] - p->share[k] / 100;
			sum += d * d / (p->share[k] / 100);
		}
		if (in[k][STRATA] == 0)
			sum += 1e6;
	}
	return sum;
}

/* The least badness of all PARTS^UNITS divisions. */
static double
optimum(const struct problem *p)
{
	uint32_t part[UNITS] = { 0 };
	double least = badness(p, part), b;
	size_t u;

	for (;;) {
		for (u = 0; u < UNITS && ++part[u] == PARTS; u++)
			part[u] = 0;
		if (u == UNITS)
			return least;
		b = badness(p, part);
		if (b < least)
			least = b;
	}
}

static void
test_optimum(void)
{
	gsl_rng *rng = mc_stream_alloc(7, "test", 0);
	uint32_t part[UNITS];
	struct problem p;
	int i, reached = 0, returned = 0;
	double best, ours, worst = 1, q;

	for (i = 0; i < 40; i++) {
		make_problem(&p, rng);
		q = mc_split_units(&p.in, 1, "split", part);
		best = optimum(&p);
		ours = badness(&p, part);
		returned += fabs(q - ours) <= 1e-9;
		reached += ours < best * (1 + 1e-9) + 1e-12;
		if (ours / best > worst)
			worst = ours / best;
	}
	tap_ok(reached >= 39, "%d of 40 divisions are the best there are",
	    reached);
	tap_ok(returned == 40, "%d of 40 objectives are those returned",
	    returned);
	tap_ok(worst < 1.1, "the worst is %.2f times the best", worst);
	gsl_rng_free(rng);
}

/* The deviations as a function of the rows' order: there is none. */
static void
test_row_order(void)
{
	gsl_rng *rng = mc_stream_alloc(8, "test", 0);
	uint32_t part[UNITS], again[UNITS];
	struct problem p, q;
	size_t i;

	make_problem(&p, rng);
	q = p;
	q.in.unit = q.unit;
	q.in.first = q.first;
	q.in.stratum = q.stratum;
	q.in.share = q.share;
	for (i = 0; i < p.in.rows; i++) {
		q.unit[i] = p.unit[p.in.rows - 1 - i];
		q.stratum[i] = p.stratum[p.in.rows - 1 - i];
	}
	mc_split_units(&p.in, 3, "split", part);
	mc_split_units(&q.in, 3, "split", again);
	TEST(memcmp(part, again, sizeof(part)) == 0);
	gsl_rng_free(rng);
}

/* Ten thousand units of one image: shares exact to the image. */
static void
test_large(void)
{
	enum { N = 10000 };
	uint32_t *unit = calloc(N, sizeof(*unit)), *part;
	uint32_t *stratum = calloc(N, sizeof(*stratum));
	static const double share[] = { 7, 1, 2 };
	size_t *first = calloc(N + 1, sizeof(*first));
	struct mc_split in = { N, unit, first, stratum, N, 2, 3, share };
	size_t n[3][2] = { { 0 } }, i;

	part = calloc(N, sizeof(*part));
	if (unit == NULL || stratum == NULL || first == NULL ||
	    part == NULL)
		abort();
	for (i = 0; i < N; i++) {
		unit[i] = (uint32_t)i;
		first[i + 1] = i + 1;
		stratum[i] = i % 10 == 0;
	}
	mc_split_units(&in, 1, "split", part);
	for (i = 0; i < N; i++)
		n[part[i]][stratum[i]]++;
	TEST(n[0][0] == 6300 && n[1][0] == 900 && n[2][0] == 1800);
	TEST(n[0][1] == 700 && n[1][1] == 100 && n[2][1] == 200);
	free(unit);
	free(stratum);
	free(first);
	free(part);
}

/* One unit of 1000 images: the other parts lack in proportion to their shares. */
static void
test_huge(void)
{
	enum { N = 1030, UNITS_OF_ONE = 30 };
	static const double share[] = { 70, 10, 20 };
	static uint32_t unit[N], stratum[N], part[UNITS_OF_ONE + 1];
	static size_t first[N + 1];
	struct mc_split in = { N, unit, first, stratum, UNITS_OF_ONE + 1, 1, 3,
	    share };
	size_t n[3] = { 0 }, i;

	for (i = 0; i < N; i++) {
		unit[i] = i < UNITS_OF_ONE ? (uint32_t)i : UNITS_OF_ONE;
		first[i + 1] = i + 1;
	}
	mc_split_units(&in, 1, "split", part);
	for (i = 0; i < N; i++)
		n[part[unit[i]]]++;
	TEST(n[0] == 1000 && n[1] == 10 && n[2] == 20);
}

int
main(void)
{
	test_optimum();
	test_row_order();
	test_large();
	test_huge();
	return tap_done();
}
