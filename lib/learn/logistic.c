/* logistic.c - fit a multinomial logistic regression with an L2 penalty. */
#include "config.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/parallel.h"
#include "base/softmax.h"
#include "base/workers.h"
#include "learn/logistic.h"
#include "stats/lbfgs.h"

/*
 * The sum over the images of p (1 - p) times the squared error of a logit is
 * about the square of the Newton decrement, so half of the decrement bounds
 * the error of a probability.
 */
#define TOLERANCE 1e-8
#define ROUND 100		/* evaluations with one preconditioner */
#define MAX_ROUNDS 30

/* The images are summed in up to so many pieces, each in its order. */
#define MAX_PIECES 64

struct mc_logistic {
	size_t n, dim, classes;
	int *label;		/* n */
	int threads;
	double *mean;		/* dim: of the features */
	size_t axes;		/* min(n, dim) */
	size_t stride;		/* axes + 1: the last is for the intercept */
	double *z;		/* n x stride: the images on the axes, and 1 */
	double *qr, *tau;	/* n x dim, n: their span, if n < dim */

	double *theta;		/* classes x stride: weights and intercept */
	double penalty;		/* 1 / C, of the present fit */
	double *weight;		/* n: of the images in the preconditioner */
	double *factor;		/* stride x stride: its Cholesky factor */

	size_t piece, n_pieces;	/* images per piece; pieces */
	double *part;		/* n_pieces x (classes x stride + 1) */
	const double *at;	/* where the pieces are evaluated */
	struct mc_workers *workers;
	size_t added;		/* pieces of work so far */
};

/* --- The images ------------------------------------------------------------ */

static double
dot(const double *a, const double *b, size_t n)
{
	double sum[4] = { 0 };
	size_t i;

	for (i = 0; i + 4 <= n; i += 4) {
		sum[0] += a[i] * b[i];
		sum[1] += a[i + 1] * b[i + 1];
		sum[2] += a[i + 2] * b[i + 2];
		sum[3] += a[i + 3] * b[i + 3];
	}
	for (; i < n; i++)
		sum[0] += a[i] * b[i];
	return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/* Y += a X */
static void
add(double *y, double a, const double *x, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		y[i] += a * x[i];
}

static void
find_mean(struct mc_logistic *l, const float *const *x)
{
	size_t i, j;

	l->mean = mc_xcalloc(l->dim, sizeof(*l->mean));
	for (i = 0; i < l->n; i++) {
		for (j = 0; j < l->dim; j++)
			l->mean[j] += x[i][j];
	}
	for (j = 0; j < l->dim; j++)
		l->mean[j] /= (double)l->n;
}

/*
 * A Householder transformation (1, V) with the factor TAU of X, both N numbers
 * of which the first of V is not stored.
 */
static void
reflect(double tau, const double *v, double *x, size_t n)
{
	double s = tau * (x[0] + dot(v + 1, x + 1, n - 1));

	x[0] -= s;
	add(x + 1, -s, v + 1, n - 1);
}

/* Make X, N numbers, the V of the transformation that leaves its first alone. */
static double
make_reflection(double *x, size_t n)
{
	double norm = sqrt(dot(x, x, n));
	double beta = x[0] > 0 ? -norm : norm, tau;
	size_t i;

	if (norm == 0)
		return 0;
	tau = (beta - x[0]) / beta;
	for (i = 1; i < n; i++)
		x[i] /= x[0] - beta;
	x[0] = beta;
	return tau;
}

/*
 * Fewer images than features: with the centred images as the columns of Q R,
 * their coordinates in the span of Q are the rows of R'.  (GSL's QR cuts its
 * sums by the number of threads where its BLAS is OpenBLAS.)
 */
static void
project(struct mc_logistic *l, const float *const *x)
{
	size_t n = l->n, i, j;

	l->qr = mc_xcalloc(n * l->dim, sizeof(*l->qr));
	l->tau = mc_xcalloc(n, sizeof(*l->tau));
	for (i = 0; i < n; i++) {
		double *column = l->qr + i * l->dim;

		for (j = 0; j < l->dim; j++)
			column[j] = x[i][j] - l->mean[j];
		for (j = 0; j < i; j++)
			reflect(l->tau[j], l->qr + j * l->dim + j, column + j,
			    l->dim - j);
		l->tau[i] = make_reflection(column + i, l->dim - i);
		memcpy(l->z + i * l->stride, column, (i + 1) *
		    sizeof(*column));
	}
}

static void
set_images(struct mc_logistic *l, const float *const *x)
{
	size_t i, j;

	l->z = mc_xcalloc(l->n * l->stride, sizeof(*l->z));
	if (l->n < l->dim)
		project(l, x);
	for (i = 0; i < l->n; i++) {
		for (j = 0; l->n >= l->dim && j < l->dim; j++)
			l->z[i * l->stride + j] = x[i][j] - l->mean[j];
		l->z[i * l->stride + l->axes] = 1;
	}
}

/* Set WEIGHT, dim, to U, which is on the axes. */
static void
turn_back(const struct mc_logistic *l, const double *u, double *weight)
{
	size_t j;

	memset(weight, 0, l->dim * sizeof(*weight));
	memcpy(weight, u, l->axes * sizeof(*weight));
	for (j = l->n; l->qr != NULL && j-- > 0;)
		reflect(l->tau[j], l->qr + j * l->dim + j, weight + j,
		    l->dim - j);
}

/* --- The objective --------------------------------------------------------- */

/* The probabilities P of image I at THETA; returns its loss. */
static double
predict(const struct mc_logistic *l, const double *theta, size_t i, double *p)
{
	const double *z = l->z + i * l->stride;
	double loss;
	size_t k;

	for (k = 0; k < l->classes; k++)
		p[k] = dot(theta + k * l->stride, z, l->stride);
	loss = mc_log_sum_exp(p, l->classes) - p[l->label[i]];
	mc_softmax_f64(p, l->classes);
	return loss;
}

/* Evaluate a piece of the images: its loss and the gradient of that. */
static void
evaluate_piece(void *arg, size_t number)
{
	const struct mc_logistic *l = arg;
	size_t piece = number % l->n_pieces, size = l->classes * l->stride;
	size_t end = (piece + 1) * l->piece, i, k;
	double *g = l->part + piece * (size + 1), *loss = g + size;
	double *p = mc_xcalloc(l->classes, sizeof(*p));

	memset(g, 0, (size + 1) * sizeof(*g));
	for (i = piece * l->piece; i < end && i < l->n; i++) {
		*loss += predict(l, l->at, i, p);
		p[l->label[i]] -= 1;
		for (k = 0; k < l->classes; k++)
			add(g + k * l->stride, p[k], l->z + i * l->stride,
			    l->stride);
	}
	free(p);
}

/* The loss, with the penalty |W|^2 / (2 C). */
static double
evaluate(const double *theta, double *g, void *arg)
{
	struct mc_logistic *l = arg;
	size_t size = l->classes * l->stride, i, k;
	double value = 0;

	l->at = theta;
	mc_workers_add(l->workers, l->n_pieces);
	l->added += l->n_pieces;
	mc_workers_wait(l->workers, l->added);
	memset(g, 0, size * sizeof(*g));
	for (i = 0; i < l->n_pieces; i++) {
		add(g, 1, l->part + i * (size + 1), size);
		value += l->part[i * (size + 1) + size];
	}
	for (k = 0; k < l->classes; k++) {
		const double *w = theta + k * l->stride;

		add(g + k * l->stride, l->penalty, w, l->axes);
		value += l->penalty * dot(w, w, l->axes) / 2;
	}
	return value;
}

/* --- The preconditioner ---------------------------------------------------- */

/* The weights of the images where theta is. */
static void
weigh_images(struct mc_logistic *l)
{
	double *p = mc_xcalloc(l->classes, sizeof(*p));
	size_t i, k;

	for (i = 0; i < l->n; i++) {
		predict(l, l->theta, i, p);
		l->weight[i] = 0;
		for (k = 0; k < l->classes; k++)
			l->weight[i] += p[k] * (1 - p[k]) / (double)l->classes;
	}
	free(p);
}

/* Row J of the matrix: the weighted products of the axes up to J. */
static void
sum_row(void *arg, size_t j)
{
	const struct mc_logistic *l = arg;
	double *row = l->factor + j * l->stride;
	size_t i;

	memset(row, 0, l->stride * sizeof(*row));
	for (i = 0; i < l->n; i++) {
		const double *z = l->z + i * l->stride;

		add(row, l->weight[i] * z[j], z, j + 1);
	}
}

/* Replace the matrix by its Cholesky factor L, of which only L is used. */
static void
factorise(struct mc_logistic *l)
{
	size_t n = l->stride, i, j;
	double largest = 0;

	for (j = 0; j < n; j++)
		largest = fmax(largest, l->factor[j * n + j]);
	for (i = 0; i < n; i++) {
		double *row = l->factor + i * n;

		/* The second keeps rounding from making it singular. */
		row[i] += (i < l->axes ? l->penalty : 0) + 1e-12 * largest +
		    DBL_MIN;
		for (j = 0; j < i; j++)
			row[j] = (row[j] - dot(row, l->factor + j * n, j)) /
			    l->factor[j * n + j];
		row[i] = sqrt(fmax(row[i] - dot(row, row, i), DBL_MIN));
	}
}

/* Solve L L' r = q for each class. */
static void
precondition(const double *q, double *r, void *arg)
{
	const struct mc_logistic *l = arg;
	size_t n = l->stride, i, k;

	memcpy(r, q, l->classes * n * sizeof(*r));
	for (k = 0; k < l->classes; k++, r += n) {
		for (i = 0; i < n; i++)
			r[i] = (r[i] - dot(l->factor + i * n, r, i)) /
			    l->factor[i * n + i];
		for (i = n; i-- > 0;) {
			r[i] /= l->factor[i * n + i];
			add(r, -r[i], l->factor + i * n, i);
		}
	}
}

/* --- The fit --------------------------------------------------------------- */

/* Minimise from theta, where the minimum is left. */
static bool
minimise(struct mc_logistic *l)
{
	const struct mc_objective o = { .n = l->classes * l->stride,
	    .value = evaluate, .precondition = precondition, .arg = l };
	struct mc_minimum minimum = { .converged = false };
	int i;

	for (i = 0; i < MAX_ROUNDS && !minimum.converged; i++) {
		weigh_images(l);
		mc_parallel(l->stride, l->threads, sum_row, l);
		factorise(l);
		mc_lbfgs(&o, TOLERANCE, ROUND, l->theta, &minimum);
	}
	return minimum.converged;
}

/* Those of the features as they are; they are made to sum to 0. */
static void
set_intercepts(const struct mc_logistic *l, const double *weight,
    double *intercept)
{
	double mean = 0;
	size_t k;

	for (k = 0; k < l->classes; k++) {
		intercept[k] = l->theta[k * l->stride + l->axes] -
		    dot(weight + k * l->dim, l->mean, l->dim);
		mean += intercept[k] / (double)l->classes;
	}
	for (k = 0; k < l->classes; k++)
		intercept[k] -= mean;
}

bool
mc_logistic_fit(struct mc_logistic *l, double C, double *weight,
    double *intercept)
{
	bool converged;
	size_t k;

	l->penalty = (l->classes == 2 ? 2 : 1) / C;
	converged = minimise(l);
	for (k = 0; k < l->classes; k++)
		turn_back(l, l->theta + k * l->stride, weight + k * l->dim);
	set_intercepts(l, weight, intercept);
	return converged;
}

struct mc_logistic *
mc_logistic_alloc(const float *const *x, const int *label, size_t n,
    size_t dim, size_t classes, int threads)
{
	struct mc_logistic *l = mc_xcalloc(1, sizeof(*l));

	l->n = n;
	l->dim = dim;
	l->classes = classes;
	l->label = mc_xcalloc(n, sizeof(*l->label));
	memcpy(l->label, label, n * sizeof(*label));
	l->threads = threads;
	l->axes = n < dim ? n : dim;
	l->stride = l->axes + 1;
	find_mean(l, x);
	set_images(l, x);
	l->theta = mc_xcalloc(classes * l->stride, sizeof(*l->theta));
	l->weight = mc_xcalloc(n, sizeof(*l->weight));
	l->factor = mc_xcalloc(l->stride * l->stride, sizeof(*l->factor));
	l->piece = (n + MAX_PIECES - 1) / MAX_PIECES;
	l->n_pieces = (n + l->piece - 1) / l->piece;
	l->part = mc_xcalloc(l->n_pieces * (classes * l->stride + 1),
	    sizeof(*l->part));
	l->workers = mc_workers_alloc(threads - 1, evaluate_piece, l);
	return l;
}

void
mc_logistic_free(struct mc_logistic *l)
{
	if (l == NULL)
		return;
	mc_workers_free(l->workers);
	free(l->label);
	free(l->mean);
	free(l->z);
	free(l->qr);
	free(l->tau);
	free(l->theta);
	free(l->weight);
	free(l->factor);
	free(l->part);
	free(l);
}
