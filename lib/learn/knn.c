/* knn.c - classify an image by the nearest training images. */
#include "config.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/parallel.h"
#include "learn/knn.h"
#include "weights/safetensors.h"

/* Images that one thread compares with a training image while it is at hand. */
#define BLOCK 8

struct mc_knn {
	size_t n, dim, classes;
	const float **x;	/* n */
	double *norm;		/* n: their lengths; 1 where that is 0 */
	int *label;		/* n */
	float *own;		/* n x dim, if they have been read */
};

/* --- The training images ---------------------------------------------------- */

static double
dot(const float *a, const float *b, size_t n)
{
	double sum[4] = { 0 };
	size_t i;

	for (i = 0; i + 4 <= n; i += 4) {
		sum[0] += (double)a[i] * b[i];
		sum[1] += (double)a[i + 1] * b[i + 1];
		sum[2] += (double)a[i + 2] * b[i + 2];
		sum[3] += (double)a[i + 3] * b[i + 3];
	}
	for (; i < n; i++)
		sum[0] += (double)a[i] * b[i];
	return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

static double
length(const float *x, size_t dim)
{
	double squared = dot(x, x, dim);

	return squared == 0 ? 1 : sqrt(squared);
}

struct mc_knn *
mc_knn_alloc(const float *const *x, const int *label, size_t n, size_t dim,
    size_t classes)
{
	struct mc_knn *m = mc_xcalloc(1, sizeof(*m));
	size_t i;

	m->n = n;
	m->dim = dim;
	m->classes = classes;
	m->x = mc_xcalloc(n, sizeof(*m->x));
	m->norm = mc_xcalloc(n, sizeof(*m->norm));
	m->label = mc_xcalloc(n, sizeof(*m->label));
	for (i = 0; i < n; i++) {
		m->x[i] = x[i];
		m->norm[i] = length(x[i], dim);
		m->label[i] = label[i];
	}
	return m;
}

void
mc_knn_free(struct mc_knn *m)
{
	if (m == NULL)
		return;
	free(m->x);
	free(m->norm);
	free(m->label);
	free(m->own);
	free(m);
}

size_t
mc_knn_count(const struct mc_knn *m)
{
	return m->n;
}

/* --- Files ------------------------------------------------------------------ */

/* The features, which are not one array in memory, or the labels. */
struct fetching {
	const struct mc_knn *m;
	float *x;
	int64_t *label;
};

static const void *
fetch(size_t i, void *arg)
{
	struct fetching *f = arg;
	const struct mc_knn *m = f->m;
	size_t k;

	if (i == 1) {
		f->label = mc_xcalloc(m->n, sizeof(*f->label));
		for (k = 0; k < m->n; k++)
			f->label[k] = m->label[k];
		return f->label;
	}
	f->x = mc_xreallocarray(NULL, m->n * m->dim, sizeof(*f->x));
	for (k = 0; k < m->n; k++)
		memcpy(f->x + k * m->dim, m->x[k], m->dim * sizeof(*f->x));
	return f->x;
}

enum mc_status
mc_knn_write(const struct mc_knn *m, FILE *f, struct mc_err *err)
{
	const struct mc_array arrays[] = {
		{ .name = "head.features", .dtype = MC_F32, .ndim = 2,
		    .shape = { (int64_t)m->n, (int64_t)m->dim },
		    .n = m->n * m->dim },
		{ .name = "head.labels", .dtype = MC_I64, .ndim = 1,
		    .shape = { (int64_t)m->n }, .n = m->n }
	};
	struct fetching fetching = { .m = m };
	enum mc_status status = mc_safetensors_stream(f, arrays, 2, fetch,
	    &fetching, err);

	free(fetching.x);
	free(fetching.label);
	return status;
}

/* The labels of A, into LABEL. */
static enum mc_status
read_labels(const struct mc_array *a, size_t classes, int *label,
    struct mc_err *err)
{
	size_t i;

	for (i = 0; i < a->n; i++) {
		double value = mc_array_get(a, i);

		if (!(value >= 0 && value < (double)classes))
			return mc_err_set(err, MC_EDATA, "the tensor "
			    "\"head.labels\" has the label %g, where there are "
			    "%zu classes", value, classes);
		label[i] = (int)value;
	}
	return MC_OK;
}

static enum mc_status
check_finite(const float *x, size_t n, struct mc_err *err)
{
	size_t i;

	for (i = 0; i < n && isfinite(x[i]); i++)
		;
	return i == n ? MC_OK : mc_err_set(err, MC_EDATA, "the tensor "
	    "\"head.features\" holds a value that is not finite");
}

enum mc_status
mc_knn_read(struct mc_knn **result, const struct mc_statedict *sd, size_t dim,
    size_t classes, struct mc_err *err)
{
	const struct mc_array *x = mc_statedict_find(sd, "head.features");
	const struct mc_array *y = mc_statedict_find(sd, "head.labels");
	const float **row;
	enum mc_status status;
	float *own;
	int *label;
	size_t i;

	*result = NULL;
	if (x == NULL || x->ndim != 2 || x->shape[0] < 1 ||
	    x->shape[1] != (int64_t)dim || y == NULL || y->dtype != MC_I64 ||
	    y->ndim != 1 || y->shape[0] != x->shape[0])
		return mc_err_set(err, MC_EDATA, "no tensors \"head.features\" "
		    "and \"head.labels\" of training images with %zu features",
		    dim);
	own = mc_xreallocarray(NULL, x->n, sizeof(*own));
	label = mc_xcalloc(y->n, sizeof(*label));
	mc_statedict_to_f32(sd, x, own);
	status = check_finite(own, x->n, err);
	if (status == MC_OK)
		status = read_labels(y, classes, label, err);
	row = mc_xcalloc(y->n, sizeof(*row));
	for (i = 0; i < y->n; i++)
		row[i] = own + i * dim;
	if (status == MC_OK) {
		*result = mc_knn_alloc(row, label, y->n, dim, classes);
		(*result)->own = own;
	} else {
		free(own);
	}
	free(row);
	free(label);
	return status;
}

/* --- The nearest ------------------------------------------------------------ */

struct search {
	const struct mc_knn *m;
	const float *const *x;
	const size_t *self;
	size_t n, k;
	struct mc_neighbour *near;
};

/*
 * Insert FRESH into the FOUND images NEAR, of which the K nearest are kept.
 * Training images come in their order: of equal ones the first stays ahead.
 */
static void
insert(struct mc_neighbour *near, size_t found, size_t k,
    struct mc_neighbour fresh)
{
	size_t i = found < k ? found : k - 1;

	if (found >= k && !(fresh.similarity > near[i].similarity))
		return;
	for (; i > 0 && fresh.similarity > near[i - 1].similarity; i--)
		near[i] = near[i - 1];
	near[i] = fresh;
}

/* Search for a block of images. */
static void
search_block(void *arg, size_t block)
{
	const struct search *s = arg;
	const struct mc_knn *m = s->m;
	size_t first = block * BLOCK, found[BLOCK] = { 0 }, i, q;
	size_t n = s->n - first < BLOCK ? s->n - first : BLOCK;
	double norm[BLOCK];

	for (q = 0; q < n; q++)
		norm[q] = length(s->x[first + q], m->dim);
	for (i = 0; i < m->n; i++) {
		for (q = 0; q < n; q++) {
			if (s->self != NULL && s->self[first + q] == i)
				continue;
			insert(s->near + (first + q) * s->k, found[q]++, s->k,
			    (struct mc_neighbour){ dot(s->x[first + q],
			    m->x[i], m->dim) / (norm[q] * m->norm[i]), i });
		}
	}
}

void
mc_knn_find(const struct mc_knn *m, const float *const *x, const size_t *self,
    size_t n, size_t k, int threads, struct mc_neighbour *near)
{
	struct search s = { m, x, self, n, k, near };

	mc_parallel((n + BLOCK - 1) / BLOCK, threads, search_block, &s);
}

void
mc_knn_vote(const struct mc_knn *m, const struct mc_neighbour *near, size_t k,
    double temperature, double *logits)
{
	double all = 0;
	size_t i;

	for (i = 0; i < m->classes; i++)
		logits[i] = 0;
	for (i = 0; i < k; i++) {
		/* Relative to the nearest: no weight overflows. */
		double vote = exp((near[i].similarity - near[0].similarity) /
		    temperature);

		logits[m->label[near[i].image]] += vote;
		all += vote;
	}
	for (i = 0; i < m->classes; i++)
		logits[i] = log(logits[i] / all);
}
