/* volume.c - read a volume of a NIfTI file, and cut slices out of it. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_statistics_double.h>
#include <zlib.h>

#include "base/mem.h"
#include "scan/gzip.h"
#include "scan/volume.h"

void
mc_volume_clear(struct mc_volume *v)
{
	mc_nifti_clear(&v->nifti);
	free(v->voxels);
	memset(v, 0, sizeof(*v));
}

/* --- Voxels ------------------------------------------------------------------- */

/* Read volume NUMBER; behind the last one zlib checks the checksum. */
static enum mc_status
read_voxels(struct mc_volume *v, gzFile gz, int64_t number, struct mc_err *err)
{
	const struct mc_nifti *n = &v->nifti;
	int64_t bytes = v->n * n->bytes, done = 0;
	enum mc_status status;
	int problem = Z_OK, got = 0;
	char more;

	if (gzseek(gz, n->offset + number * bytes, SEEK_SET) >= 0) {
		while (done < bytes) {
			got = gzread(gz, (char *)v->voxels + done, (unsigned)
			    (bytes - done < 1 << 24 ? bytes - done : 1 << 24));
			if (got <= 0)
				break;
			done += got;
		}
	}
	if (done == bytes && (number + 1 < n->volumes ||
	    gzread(gz, &more, 1) >= 0))
		return MC_OK;
	status = mc_gzip_trouble(gz, n->data, err);
	if (status != MC_OK)
		return status;
	(void)gzerror(gz, &problem);
	return mc_err_set(err, MC_EDATA, "%s: %s", n->data,
	    problem == Z_DATA_ERROR ? "its compression is damaged" :
	    "it ends before its last voxel: fetch the file again");
}

/* Turn around the bytes of N voxels of SIZE bytes. */
static void
swap_bytes(unsigned char *p, size_t n, size_t size)
{
	unsigned char was;
	size_t i;

	for (; n > 0; n--, p += size) {
		for (i = 0; i < size / 2; i++) {
			was = p[i];
			p[i] = p[size - 1 - i];
			p[size - 1 - i] = was;
		}
	}
}

enum mc_status
mc_volume_read(struct mc_volume *v, struct mc_nifti *n, int64_t number,
    struct mc_err *err)
{
	enum mc_status status;
	gzFile gz;

	memset(v, 0, sizeof(*v));
	v->nifti = *n;
	memset(n, 0, sizeof(*n));
	n = &v->nifti;
	if (number < 0 || number >= n->volumes)
		return mc_err_set(err, MC_EDATA, "%s: no volume %lld: it has "
		    "volumes 0 to %lld", n->path, (long long)number,
		    (long long)n->volumes - 1);
	gz = mc_gzip_open(n->data, err);
	if (gz == NULL)
		return err->status;
	v->n = n->stored[0] * n->stored[1] * n->stored[2];
	v->voxels = mc_xreallocarray(NULL, (size_t)v->n, (size_t)n->bytes);
	status = read_voxels(v, gz, number, err);
	gzclose(gz);
	if (status == MC_OK && n->swapped)
		swap_bytes(v->voxels, (size_t)v->n, (size_t)n->bytes);
	return status;
}

/* The value of the voxel at I in the file's order. */
static double
value(const struct mc_volume *v, int64_t i)
{
	const void *p = v->voxels;
	double x = 0;

	switch (v->nifti.voxel) {
	case MC_I8: x = ((const int8_t *)p)[i]; break;
	case MC_U8: x = ((const uint8_t *)p)[i]; break;
	case MC_I16: x = ((const int16_t *)p)[i]; break;
	case MC_U16: x = ((const uint16_t *)p)[i]; break;
	case MC_I32: x = ((const int32_t *)p)[i]; break;
	case MC_U32: x = ((const uint32_t *)p)[i]; break;
	case MC_I64: x = (double)((const int64_t *)p)[i]; break;
	case MC_U64: x = (double)((const uint64_t *)p)[i]; break;
	case MC_F32: x = (double)((const float *)p)[i]; break;
	case MC_F64: x = ((const double *)p)[i]; break;
	}
	return x * v->nifti.slope + v->nifti.intercept;
}

/* Where the voxel at AT, in canonical order, lies in the file's order. */
static int64_t
place(const struct mc_nifti *n, const int64_t at[MC_AXES])
{
	int64_t own[MC_AXES];
	int a;

	for (a = 0; a < MC_AXES; a++)
		own[n->from[a]] = n->flipped[a] ? n->size[a] - 1 - at[a] :
		    at[a];
	return (own[2] * n->stored[1] + own[1]) * n->stored[0] + own[0];
}

/* numpy's linear interpolation between the N values of X, which it reorders. */
static double
percentile(double *x, size_t n, double q)
{
	double at = (double)(n - 1) * (q / 100), low, high, t;
	size_t i = (size_t)at;

	low = gsl_stats_select(x, 1, n, i);
	if (i + 1 >= n)
		return low;
	high = gsl_stats_select(x, 1, n, i + 1);
	t = at - (double)i;
	return t >= 0.5 ? high - (high - low) * (1 - t) :
	    low + (high - low) * t;
}

void
mc_volume_percentiles(const struct mc_volume *v, double low, double high,
    double range[2])
{
	double *x = mc_xreallocarray(NULL, (size_t)v->n, sizeof(*x)), y;
	size_t n = 0;
	int64_t i;

	range[0] = range[1] = 0;
	for (i = 0; i < v->n; i++) {
		y = value(v, i);
		if (y != 0 && isfinite(y))
			x[n++] = y;
	}
	if (n > 0) {
		range[0] = percentile(x, n, low);
		range[1] = percentile(x, n, high);
	}
	free(x);
}

/* The canonical axes that run along a slice's rows and columns. */
static int
across(enum mc_axis axis)
{
	return axis == MC_SAGITTAL ? MC_CORONAL : MC_SAGITTAL;
}

static int
down(enum mc_axis axis)
{
	return axis == MC_AXIAL ? MC_CORONAL : MC_AXIAL;
}

void
mc_slice_size(const struct mc_nifti *n, enum mc_axis axis, int64_t *width,
    int64_t *height)
{
	*width = n->size[across(axis)];
	*height = n->size[down(axis)];
}

/* --- Slices ------------------------------------------------------------------- */

static unsigned char
level(double x, const double range[2])
{
	double t;

	if (isnan(x) || (range[0] == 0 && range[1] == 0))
		return 0;
	if (x >= range[1])
		return 255;
	t = (x - range[0]) / (range[1] - range[0]);
	return t > 0 ? (unsigned char)(t * 255 + 0.5) : 0;
}

void
mc_slice_levels(const struct mc_volume *v, enum mc_axis axis, int64_t index,
    const double range[2], unsigned char *levels, size_t stride)
{
	const int u = across(axis), w = down(axis);
	const struct mc_nifti *n = &v->nifti;
	int64_t at[MC_AXES], x, y;

	at[axis] = index;
	for (y = 0; y < n->size[w]; y++) {
		at[w] = n->size[w] - 1 - y;
		for (x = 0; x < n->size[u]; x++) {
			at[u] = n->size[u] - 1 - x;
			*levels = level(value(v, place(n, at)), range);
			levels += stride;
		}
	}
}

int64_t
mc_slice_marked(const struct mc_volume *v, enum mc_axis axis, int64_t index)
{
	const int u = across(axis), w = down(axis);
	const struct mc_nifti *n = &v->nifti;
	int64_t at[MC_AXES], marked = 0;
	double x;

	at[axis] = index;
	for (at[w] = 0; at[w] < n->size[w]; at[w]++) {
		for (at[u] = 0; at[u] < n->size[u]; at[u]++) {
			x = value(v, place(n, at));
			marked += x != 0 && !isnan(x);
		}
	}
	return marked;
}
