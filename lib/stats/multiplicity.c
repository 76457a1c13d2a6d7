/* multiplicity.c - adjust the p-values of a family of tests. */
#include "config.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"
#include "stats/multiplicity.h"

/* Statistics that differ by rounding only are equal. */
#define SAME 1e-12

struct test {
	double value;
	size_t index;
};

static int
compare_tests(const void *va, const void *vb)
{
	const struct test *a = va, *b = vb;

	return (a->value > b->value) - (a->value < b->value);
}

/*
 * The sizes of the values of V that are numbers, N_TESTS, from the smallest; to
 * OUT goes NAN for the others.
 */
static struct test *
sorted_tests(const double *v, size_t n, double *out, size_t *n_tests)
{
	struct test *tests = mc_xcalloc(n, sizeof(*tests));
	size_t i, m = 0;

	for (i = 0; i < n; i++) {
		if (isnan(v[i]))
			out[i] = NAN;
		else
			tests[m++] = (struct test){ fabs(v[i]), i };
	}
	qsort(tests, m, sizeof(*tests), compare_tests);
	*n_tests = m;
	return tests;
}

size_t
mc_adjust(enum mc_adjustment how, const double *p, size_t n, double *adjusted)
{
	size_t m, i;
	struct test *tests = sorted_tests(p, n, adjusted, &m);
	double bound = 0;

	switch (how) {
	case MC_ADJUST_NONE:
		for (i = 0; i < m; i++)
			adjusted[tests[i].index] = tests[i].value;
		break;
	case MC_ADJUST_HOLM:
		for (i = 0; i < m; i++) {
			bound = fmax(bound, (double)(m - i) * tests[i].value);
			adjusted[tests[i].index] = fmin(1, bound);
		}
		break;
	case MC_ADJUST_BH:
		bound = 1;
		for (i = m; i > 0; i--) {
			bound = fmin(bound, (double)m / (double)i *
			    tests[i - 1].value);
			adjusted[tests[i - 1].index] = bound;
		}
		break;
	}
	free(tests);
	return m;
}

/* Whether a test is undefined in the replicate whose column is T. */
static bool
is_undefined(const double *t, size_t stride, const struct test *tests, size_t m)
{
	size_t i;

	for (i = 0; i < m; i++) {
		if (isnan(t[tests[i].index * stride]))
			return true;
	}
	return false;
}

void
mc_max_t(const double *t, const double *replicates, size_t m, size_t b,
    double *adjusted)
{
	size_t n_tests, n = 0, i, k;
	struct test *tests = sorted_tests(t, m, adjusted, &n_tests);
	size_t *as_large = mc_xcalloc(n_tests, sizeof(*as_large));
	double p = 0, max;

	for (k = 0; k < b; k++) {
		if (is_undefined(replicates + k, b, tests, n_tests))
			continue;
		n++;
		/* From the smallest test upwards: those up to it alone. */
		for (i = 0, max = 0; i < n_tests; i++) {
			max = fmax(max,
			    fabs(replicates[tests[i].index * b + k]));
			as_large[i] += max >= tests[i].value * (1 - SAME);
		}
	}
	for (i = n_tests; i > 0; i--) {
		p = fmax(p, (double)(1 + as_large[i - 1]) / (double)(n + 1));
		adjusted[tests[i - 1].index] = p;
	}
	free(as_large);
	free(tests);
}
