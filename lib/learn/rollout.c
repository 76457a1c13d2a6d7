/* rollout.c - follow attention back through the blocks of a transformer. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "learn/rollout.h"

void
mc_attend(const float *attention, size_t n, bool residual, double *readout)
{
	double *sum = mc_xcalloc(n, sizeof(*sum));
	size_t i, k;

	for (i = 0; i < n; i++)
		for (k = 0; k < n; k++)
			sum[k] += readout[i] * (double)attention[i * n + k];
	for (k = 0; k < n; k++)
		readout[k] = residual ? (sum[k] + readout[k]) / 2 : sum[k];
	free(sum);
}
