/* probability.c - check rows of probabilities, and log odds. */
#include "config.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/softmax.h"
#include "table/probability.h"

#define LEAST_TOLERANCE	1e-3
/* What sums of decimal fractions in doubles are off by, with room to spare. */
#define BINARY_ROUNDING	1e-9
/* A sum so close to 1 or to 100 is off by rounding, coarser than is seen. */
#define NEARLY		0.02
/* Log odds that differ by less, relatively, differ by rounding only. */
#define SAME_ODDS	1e-12
/* Of a float32, relatively, with room to spare. */
#define P_ROUNDING	1e-6

int
mc_decimals(const char *text)
{
	const char *point = strchr(text, '.');
	const char *e = strpbrk(text, "eE");
	long n = 0;

	if (point != NULL)
		n = (long)strspn(point + 1, "0123456789");
	if (e != NULL)
		n -= strtol(e + 1, NULL, 10);
	return n < 0 ? 0 : n > 1000 ? 1000 : (int)n;
}

/* --- Sums ----------------------------------------------------------------- */

/* What rounding N numbers to DECIMALS decimals can do to their sum. */
static double
tolerance(size_t n, int decimals)
{
	double each = decimals > 0 ? 0.5 * pow(10, -decimals) : 0;

	return fmax(LEAST_TOLERANCE, (double)n * each) + BINARY_ROUNDING;
}

static enum mc_status
wrong_value(const double *p, size_t n, size_t bad, double sum,
    const char *logits, struct mc_err *err)
{
	if (n > 1 && p[bad] > 0 && fabs(sum - 100) <= 100 * NEARLY)
		return mc_err_set(err, MC_EDATA, "%.10g is not a probability, and "
		    "its row sums to %.10g: divide percentages by 100", p[bad],
		    sum);
	if (n == 1 && p[bad] > 0 && p[bad] <= 100)
		return mc_err_set(err, MC_EDATA, "%.10g is not a probability: "
		    "divide percentages by 100; if these are logits, %s",
		    p[bad], logits);
	return mc_err_set(err, MC_EDATA, "%.10g is not a probability: if these "
	    "are logits, %s", p[bad], logits);
}

static enum mc_status
wrong_sum(double sum, const char *logits, struct mc_err *err)
{
	const char *why = "classes must exclude each other: several findings "
	    "an image are several tasks";

	if (fabs(sum - 1) <= NEARLY)
		why = "if they were rounded, write more decimals";
	else if (sum < 1)
		why = "if the list was cut (top-k), write all classes";
	return mc_err_set(err, MC_EDATA, "the probabilities sum to %.10g, not "
	    "to 1: %s; if these are logits, %s", sum, why, logits);
}

enum mc_status
mc_check_probabilities(const double *p, size_t n, int decimals,
    const char *logits, size_t *bad, struct mc_err *err)
{
	double sum = 0;
	size_t k;

	*bad = n;
	for (k = 0; k < n; k++) {
		sum += p[k];
		if (*bad == n && !(p[k] >= 0 && p[k] <= 1 + MC_P_ROUNDING))
			*bad = k;
	}
	if (*bad < n)
		return wrong_value(p, n, *bad, sum, logits, err);
	if (n > 1 && fabs(sum - 1) > LEAST_TOLERANCE &&
	    fabs(sum - 1) > tolerance(n, decimals))
		return wrong_sum(sum, logits, err);
	return MC_OK;
}

/* --- Log odds ------------------------------------------------------------- */

void
mc_log_odds(const double *logits, size_t n, double *o)
{
	double *others = mc_xcalloc(n, sizeof(*others));
	size_t k;

	for (k = 0; k < n; k++) {
		memcpy(others, logits, k * sizeof(*others));
		memcpy(others + k, logits + k + 1,
		    (n - k - 1) * sizeof(*others));
		o[k] = logits[k] - mc_log_sum_exp(others, n - 1);
	}
	free(others);
}

bool
mc_is_log_odds(double o, double p, int decimals)
{
	double of_o = 1 / (1 + exp(-o));
	double half = 0.5 * pow(10, -decimals);

	return fabs(of_o - p) <= half + P_ROUNDING * of_o + DBL_MIN;
}

struct scored {
	double p, o;
};

static int
compare_scored(const void *va, const void *vb)
{
	const struct scored *a = va, *b = vb;

	if (a->p != b->p)
		return a->p < b->p ? -1 : 1;
	return (a->o > b->o) - (a->o < b->o);
}

bool
mc_ties_hide_order(const double *p, const double *o, size_t n, size_t k)
{
	struct scored *row = mc_xcalloc(n, sizeof(*row));
	bool hidden = false;
	size_t c, i;

	for (c = 0; c < k && !hidden; c++) {
		for (i = 0; i < n; i++)
			row[i] = (struct scored){ p[i * k + c], o[i * k + c] };
		qsort(row, n, sizeof(*row), compare_scored);
		for (i = 1; i < n && !hidden; i++)
			hidden = row[i].p == row[i - 1].p &&
			    row[i].o - row[i - 1].o >
			    SAME_ODDS * fmax(1, fabs(row[i].o));
	}
	free(row);
	return hidden;
}
