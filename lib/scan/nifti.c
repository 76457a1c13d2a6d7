/*
 * nifti.c - read the headers of NIfTI files.
 *
 * niftilib interprets the header: its version, byte order and affine.  Its
 * nifti_image_read is not used, since it prints, and allocates the size in the
 * header before it looks at the file.  What niftilib would print a message about
 * is refused here before it is called.
 */
#include "config.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef HAVE_NIFTI
#include <nifti/nifti2_io.h>
#include <zlib.h>
#endif

#include "base/limits.h"
#include "base/mem.h"
#include "scan/gzip.h"
#include "scan/nifti.h"

static const char *const axes[MC_AXES] = { "sagittal", "coronal", "axial" };

const char *
mc_axis_name(enum mc_axis axis)
{
	return axes[axis];
}

enum mc_axis
mc_axis_of(const char *name, size_t n)
{
	int axis = 0;

	while (axis < MC_AXES && (strlen(axes[axis]) != n ||
	    memcmp(axes[axis], name, n) != 0))
		axis++;
	return (enum mc_axis)axis;
}

void
mc_nifti_clear(struct mc_nifti *n)
{
	free(n->path);
	free(n->data);
	memset(n, 0, sizeof(*n));
}

/* --- Grids -------------------------------------------------------------------- */

/* An affine map lies furthest from another at a corner of the volume. */
double
mc_nifti_distance(const struct mc_nifti *a, const struct mc_nifti *b)
{
	double most = 0, d, sum;
	int corner, i, c;

	if (memcmp(a->size, b->size, sizeof(a->size)) != 0)
		return INFINITY;
	for (corner = 0; corner < 1 << MC_AXES; corner++) {
		for (sum = 0, i = 0; i < MC_AXES; i++) {
			d = a->grid[i][3] - b->grid[i][3];
			for (c = 0; c < MC_AXES; c++) {
				if (corner >> c & 1)
					d += (a->grid[i][c] - b->grid[i][c]) *
					    (double)(a->size[c] - 1);
			}
			sum += d * d;
		}
		most = sqrt(sum) > most ? sqrt(sum) : most;
	}
	return most;
}

/* The shortest edge of a voxel of N. */
static double
shortest_edge(const struct mc_nifti *n)
{
	double least = INFINITY, edge;
	int c;

	for (c = 0; c < MC_AXES; c++) {
		edge = sqrt(n->grid[0][c] * n->grid[0][c] + n->grid[1][c] *
		    n->grid[1][c] + n->grid[2][c] * n->grid[2][c]);
		least = edge < least ? edge : least;
	}
	return least;
}

bool
mc_nifti_same_grid(const struct mc_nifti *a, const struct mc_nifti *b)
{
	return mc_nifti_distance(a, b) <=
	    fmin(shortest_edge(a), shortest_edge(b)) / 2;
}

#ifndef HAVE_NIFTI

enum mc_status
mc_nifti_open(struct mc_nifti *n, const char *path, struct mc_err *err)
{
	memset(n, 0, sizeof(*n));
	return mc_err_set(err, MC_EDATA, "%s: NIfTI, and mctools was built "
	    "without NIfTI: install libnifti-dev, then configure and make again", path);
}

#else

/* --- The header ------------------------------------------------------------- */

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void
silence(void)
{
	nifti_set_debug_level(0);
}

/* The first bytes of a file, as either version of the header. */
union head {
	char bytes[sizeof(nifti_2_header)];
	nifti_1_header one;
	nifti_2_header two;
};

static enum mc_status
read_head(union head *head, int *version, const char *path, struct mc_err *err)
{
	gzFile gz = mc_gzip_open(path, err);
	enum mc_status status;
	int n;

	*version = -1;
	if (gz == NULL)
		return err->status;
	memset(head, 0, sizeof(*head));
	n = gzread(gz, head->bytes, sizeof(*head));
	status = n < 0 ? mc_gzip_trouble(gz, path, err) : MC_OK;
	gzclose(gz);
	if (status != MC_OK)
		return status;
	*version = n < 0 ? -1 : nifti_header_version(head->bytes, (size_t)n);
	if ((*version != 1 && *version != 2) ||
	    (*version == 2 && n < (int)sizeof(head->two)))
		return mc_err_set(err, MC_EDATA, "%s: %s", path, *version == 0 ?
		    "an ANALYZE 7.5 header, which does not say how the patient "
		    "lay: convert it to NIfTI" :
		    "not a NIfTI file, or a damaged one");
	return MC_OK;
}

/* What the checks need of a header of either version. */
struct facts {
	int64_t dim[8];
	int type;
	double offset, slope, intercept;
	bool pair;
};

static void
read_facts(struct facts *f, const union head *head, int version)
{
	union head h = *head;
	int i;

	if (version == 1) {
		if (h.one.sizeof_hdr != (int)sizeof(h.one))
			nifti_swap_as_nifti1(&h.one);
		for (i = 0; i < 8; i++)
			f->dim[i] = h.one.dim[i];
		f->type = h.one.datatype;
		f->offset = h.one.vox_offset;
		f->slope = h.one.scl_slope;
		f->intercept = h.one.scl_inter;
		f->pair = h.one.magic[1] == 'i';
	} else {
		if (h.two.sizeof_hdr != (int)sizeof(h.two))
			nifti_swap_as_nifti2(&h.two);
		for (i = 0; i < 8; i++)
			f->dim[i] = h.two.dim[i];
		f->type = h.two.datatype;
		f->offset = (double)h.two.vox_offset;
		f->slope = h.two.scl_slope;
		f->intercept = h.two.scl_inter;
		f->pair = h.two.magic[1] == 'i';
	}
}

static enum mc_status
check_dims(const struct facts *f, const char *path, struct mc_err *err)
{
	double voxels = 1;
	int64_t i;

	if (f->dim[0] < 1 || f->dim[0] > 7)
		return mc_err_set(err, MC_EDATA, "%s: its header is damaged: "
		    "%lld dimensions", path, (long long)f->dim[0]);
	for (i = 1; i <= f->dim[0]; i++) {
		if (f->dim[i] < 1)
			return mc_err_set(err, MC_EDATA, "%s: its header is "
			    "damaged: dimension %lld has size %lld", path,
			    (long long)i, (long long)f->dim[i]);
		if (i > 4 && f->dim[i] > 1)
			return mc_err_set(err, MC_EDATA, "%s: not a series of "
			    "volumes: dimension %lld has size %lld (CIFTI, a "
			    "vector field?)", path, (long long)i,
			    (long long)f->dim[i]);
		if (i <= 3)
			voxels *= (double)f->dim[i];
	}
	if (f->dim[0] < 2)
		return mc_err_set(err, MC_EDATA, "%s: one dimension, so there "
		    "is no picture in it", path);
	if (f->dim[0] >= 4 && f->dim[4] > 1 << 24)
		return mc_err_set(err, MC_EDATA, "%s: its header is damaged: "
		    "%lld volumes", path, (long long)f->dim[4]);
	if (voxels > (double)mc_max_voxels())
		return mc_err_set(err, MC_EDATA, "%s: %.0f voxels, more than "
		    "the limit of %lld: raise the limit (--max-voxels) if "
		    "that is no damage", path, voxels,
		    (long long)mc_max_voxels());
	return MC_OK;
}

/* The voxels that are read, by NIfTI's codes of their types. */
static const struct type {
	int code;
	enum mc_voxel voxel;
	int bytes;
} types[] = {
	{ DT_INT8, MC_I8, 1 }, { DT_UINT8, MC_U8, 1 }, { DT_INT16, MC_I16, 2 },
	{ DT_UINT16, MC_U16, 2 }, { DT_INT32, MC_I32, 4 },
	{ DT_UINT32, MC_U32, 4 }, { DT_INT64, MC_I64, 8 },
	{ DT_UINT64, MC_U64, 8 }, { DT_FLOAT32, MC_F32, 4 },
	{ DT_FLOAT64, MC_F64, 8 }
};

/* NULL: voxels of this type are not read. */
static const struct type *
find_type(int code)
{
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (types[i].code == code)
			return &types[i];
	}
	return NULL;
}

static enum mc_status
check_facts(const struct facts *f, int version, const char *path,
    struct mc_err *err)
{
	if (find_type(f->type) == NULL)
		return mc_err_set(err, MC_EDATA, "%s: voxels of type %d (%s) "
		    "are not read: convert them to integers or to 32- or "
		    "64-bit real numbers", path, f->type,
		    nifti_datatype_string(f->type));
	if (!(f->offset >= (f->pair ? 0 : version == 1 ? 352 : 544) &&
	    f->offset < 0x1p40) && (f->pair || f->offset != 0))
		return mc_err_set(err, MC_EDATA, "%s: its header is damaged: "
		    "the voxels begin at byte %.0f", path, f->offset);
	return check_dims(f, path, err);
}

/* The affine of the file: without sform and qform, nibabel's. */
static nifti_dmat44
affine(const struct mc_nifti *n, const nifti_image *nim)
{
	nifti_dmat44 m = { { { 0 } } };
	int i;

	if (nim->sform_code > 0)
		return nim->sto_xyz;
	if (nim->qform_code > 0)
		return nim->qto_xyz;
	for (i = 0; i < MC_AXES; i++) {
		m.m[i][i] = fabs(nim->pixdim[i + 1]);
		if (!(m.m[i][i] > 0 && isfinite(m.m[i][i])))
			m.m[i][i] = 1;
		if (i == 0)
			m.m[i][i] = -m.m[i][i];
		m.m[i][3] = -m.m[i][i] * (double)(n->stored[i] - 1) / 2;
	}
	m.m[3][3] = 1;
	return m;
}

/* The directions of the columns of M, in those of R, of length 1. */
static bool
directions(nifti_dmat33 *r, const nifti_dmat44 *m)
{
	double length, volume;
	int i, j;

	memset(r, 0, sizeof(*r));
	for (j = 0; j < 3; j++) {
		length = sqrt(m->m[0][j] * m->m[0][j] + m->m[1][j] *
		    m->m[1][j] + m->m[2][j] * m->m[2][j]);
		for (i = 0; i < 3; i++)
			r->m[i][j] = m->m[i][j] / length;
	}
	volume = fabs(nifti_dmat33_determ(*r));
	if (!(volume > 1e-6 && volume < 2))
		return false;
	*r = nifti_dmat33_polar(*r);
	return true;
}

/* Put the affine M of the file into the order of canonical axes. */
static void
set_grid(struct mc_nifti *n, const nifti_dmat44 *m)
{
	int i, c;

	for (i = 0; i < MC_AXES; i++) {
		n->grid[i][3] = m->m[i][3];
		for (c = 0; c < MC_AXES; c++) {
			n->grid[i][c] = m->m[i][n->from[c]];
			if (!n->flipped[c])
				continue;
			n->grid[i][3] += n->grid[i][c] *
			    (double)(n->size[c] - 1);
			n->grid[i][c] = -n->grid[i][c];
		}
	}
}

/* Which axis of the file each canonical one is: nibabel's io_orientation. */
static enum mc_status
orient(struct mc_nifti *n, const nifti_image *nim, struct mc_err *err)
{
	const nifti_dmat44 m = affine(n, nim);
	bool taken[MC_AXES] = { false };
	nifti_dmat33 r;
	int i, j, best;

	if (!directions(&r, &m))
		return mc_err_set(err, MC_EDATA, "%s: the affine of its header "
		    "does not have three directions: which side is left is not "
		    "known", n->path);
	for (j = 0; j < MC_AXES; j++) {
		for (best = -1, i = 0; i < MC_AXES; i++) {
			if (!taken[i] && (best < 0 ||
			    fabs(r.m[i][j]) > fabs(r.m[best][j])))
				best = i;
		}
		taken[best] = true;
		n->from[best] = j;
		n->flipped[best] = r.m[best][j] < 0;
		n->size[best] = n->stored[j];
	}
	set_grid(n, &m);
	return MC_OK;
}

/* See that the file of the voxels is there, and not too short. */
static enum mc_status
check_data(const struct mc_nifti *n, struct mc_err *err)
{
	double wanted = (double)n->offset + (double)n->stored[0] *
	    (double)n->stored[1] * (double)n->stored[2] *
	    (double)n->volumes * n->bytes;
	enum mc_status status;
	gzFile gz = mc_gzip_open(n->data, err);
	struct stat st;
	bool direct;

	if (gz == NULL)
		return err->status;
	/* It reads the first bytes, and says nothing where that fails. */
	direct = gzdirect(gz) != 0;
	status = mc_gzip_trouble(gz, n->data, err);
	if (status == MC_OK && direct && stat(n->data, &st) == 0 &&
	    (double)st.st_size < wanted)
		status = mc_err_set(err, MC_EDATA, "%s: too short: %lld bytes "
		    "of the %.0f that its header says", n->data,
		    (long long)st.st_size, wanted);
	gzclose(gz);
	return status;
}

/* The .img or .img.gz of the .hdr or .hdr.gz at PATH, to be freed. */
static char *
data_path(const char *path)
{
	size_t n = strlen(path);
	const char *end = n > 3 && strcmp(path + n - 3, ".gz") == 0 ? path +
	    n - 3 : path + n;
	char *name;

	if (end - path > 4 && memcmp(end - 4, ".hdr", 4) == 0) {
		name = mc_xasprintf("%.*s.img", (int)(end - 4 - path), path);
		if (access(name, F_OK) == 0)
			return name;
		free(name);
		return mc_xasprintf("%.*s.img.gz", (int)(end - 4 - path),
		    path);
	}
	return mc_xstrdup(path);
}

static enum mc_status
fill(struct mc_nifti *n, const nifti_image *nim, const struct facts *f,
    struct mc_err *err)
{
	enum mc_status status;
	int i;

	for (i = 0; i < MC_AXES; i++)
		n->stored[i] = i < f->dim[0] ? f->dim[i + 1] : 1;
	n->volumes = f->dim[0] >= 4 ? f->dim[4] : 1;
	n->voxel = find_type(f->type)->voxel;
	n->bytes = find_type(f->type)->bytes;
	n->swapped = nim->byteorder != nifti_short_order();
	n->offset = nim->iname_offset;
	n->slope = f->slope;
	n->intercept = f->intercept;
	if (n->slope == 0 || !isfinite(n->slope)) {
		n->slope = 1;
		n->intercept = 0;
	}
	if (!isfinite(n->intercept))
		return mc_err_set(err, MC_EDATA, "%s: its header is damaged: "
		    "scl_inter is not finite", n->path);
	status = orient(n, nim, err);
	return status == MC_OK ? check_data(n, err) : status;
}

enum mc_status
mc_nifti_open(struct mc_nifti *n, const char *path, struct mc_err *err)
{
	enum mc_status status;
	nifti_image *nim;
	union head head;
	struct facts f;
	int version;

	pthread_once(&once, silence);
	memset(n, 0, sizeof(*n));
	n->path = mc_xstrdup(path);
	status = read_head(&head, &version, path, err);
	if (status != MC_OK)
		return status;
	read_facts(&f, &head, version);
	status = check_facts(&f, version, path, err);
	if (status != MC_OK)
		return status;
	n->data = f.pair ? data_path(path) : mc_xstrdup(path);
	nim = version == 1 ? nifti_convert_n1hdr2nim(head.one, path) :
	    nifti_convert_n2hdr2nim(head.two, path);
	if (nim == NULL)
		return mc_err_set(err, MC_EDATA, "%s: niftilib cannot read its "
		    "header", path);
	if (!f.pair && nim->iname_offset < (version == 1 ? 352 : 544))
		nim->iname_offset = version == 1 ? 352 : 544;
	status = fill(n, nim, &f, err);
	nifti_image_free(nim);
	return status;
}

#endif
