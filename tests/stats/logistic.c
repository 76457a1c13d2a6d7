/*
 * logistic N DIM CLASSES THREADS C...: fit logistic regressions.
 *
 * Reads N labels (int32) and N x DIM features (float32); for each C writes the
 * weights, CLASSES x DIM, and the intercepts (double), and a last double that is
 * 1 if the fit has converged.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <gsl/gsl_errno.h>

#include "base/mem.h"
#include "learn/logistic.h"

static void
must_read(void *to, size_t size, size_t n)
{
	if (fread(to, size, n, stdin) != n)
		exit(99);
}

int
main(int argc, char **argv)
{
	size_t n, dim, classes, i;
	struct mc_logistic *l;
	const float **row;
	double *w, end;
	float *x;
	int *label, c;

	if (argc < 6)
		return 99;
	gsl_set_error_handler_off();
	n = (size_t)atol(argv[1]);
	dim = (size_t)atol(argv[2]);
	classes = (size_t)atol(argv[3]);
	label = mc_xcalloc(n, sizeof(*label));
	x = mc_xcalloc(n * dim, sizeof(*x));
	row = mc_xcalloc(n, sizeof(*row));
	w = mc_xcalloc(classes * (dim + 1), sizeof(*w));
	must_read(label, sizeof(*label), n);
	must_read(x, sizeof(*x), n * dim);
	for (i = 0; i < n; i++)
		row[i] = x + i * dim;
	l = mc_logistic_alloc(row, label, n, dim, classes, atoi(argv[4]));
	for (c = 5; c < argc; c++) {
		end = mc_logistic_fit(l, strtod(argv[c], NULL), w,
		    w + classes * dim);
		fwrite(w, sizeof(*w), classes * (dim + 1), stdout);
		fwrite(&end, sizeof(end), 1, stdout);
	}
	mc_logistic_free(l);
	free(w);
	free(row);
	free(x);
	free(label);
	return fflush(stdout) == 0 ? 0 : 99;
}
