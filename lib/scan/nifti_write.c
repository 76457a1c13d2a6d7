/* nifti_write.c - write a volume as NIfTI-1. */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include <zlib.h>

#include "scan/nifti_write.h"

#define HEADER 352		/* bytes in front of the voxels: 348, and four
				   that announce no extension */
#define INT16 4			/* DT_INT16 */
#define MM 2			/* NIFTI_UNITS_MM */
#define SCANNER 1		/* NIFTI_XFORM_SCANNER_ANAT */

/* Where fields of nifti_1_header lie. */
enum {
	SIZEOF_HDR = 0, DIM = 40, DATATYPE = 70, BITPIX = 72, PIXDIM = 76,
	VOX_OFFSET = 108, SCL_SLOPE = 112, XYZT_UNITS = 123, SFORM_CODE = 254,
	SROW = 280, MAGIC = 344
};

/* Little-endian numbers, whatever this machine's order is. */
static void
put16(unsigned char *at, unsigned int x)
{
	at[0] = (unsigned char)(x & 0xFF);
	at[1] = (unsigned char)(x >> 8 & 0xFF);
}

static void
put_float(unsigned char *at, double x)
{
	float f = (float)x;
	uint32_t bits;

	memcpy(&bits, &f, sizeof(bits));
	put16(at, bits & 0xFFFF);
	put16(at + 2, bits >> 16);
}

static void
make_header(unsigned char header[HEADER], const int size[3],
    const double affine[3][4])
{
	int i, k;

	memset(header, 0, HEADER);
	put16(header + SIZEOF_HDR, 348);
	put16(header + DIM, 3);
	put_float(header + PIXDIM, 1);
	for (k = 0; k < 7; k++)
		put16(header + DIM + 2 + 2 * k, k < 3 ? (unsigned)size[k] : 1);
	for (k = 0; k < 3; k++)
		put_float(header + PIXDIM + 4 + 4 * k, sqrt(affine[0][k] *
		    affine[0][k] + affine[1][k] * affine[1][k] +
		    affine[2][k] * affine[2][k]));
	put16(header + DATATYPE, INT16);
	put16(header + BITPIX, 16);
	put_float(header + VOX_OFFSET, HEADER);
	put_float(header + SCL_SLOPE, 1);
	header[XYZT_UNITS] = MM;
	put16(header + SFORM_CODE, SCANNER);
	for (i = 0; i < 3; i++) {
		for (k = 0; k < 4; k++)
			put_float(header + SROW + 16 * i + 4 * k, affine[i][k]);
	}
	memcpy(header + MAGIC, "n+1", 4);
}

static bool
write_voxels(gzFile gz, const int16_t *voxels, size_t n)
{
	unsigned char block[8192];
	size_t i, at = 0;

	for (i = 0; i < n; i++) {
		put16(block + at, (unsigned)(uint16_t)voxels[i]);
		at += 2;
		if (at < sizeof(block) && i + 1 < n)
			continue;
		if (gzwrite(gz, block, (unsigned)at) != (int)at)
			return false;
		at = 0;
	}
	return true;
}

enum mc_status
mc_nifti_write(const char *path, const int size[3], const double affine[3][4],
    const int16_t *voxels, struct mc_err *err)
{
	size_t n = (size_t)size[0] * (size_t)size[1] * (size_t)size[2];
	unsigned char header[HEADER];
	gzFile gz = gzopen(path, "wb");
	bool whole;
	int why;

	if (gz == NULL)
		return mc_err_errno(err, "%s", path);
	make_header(header, size, affine);
	whole = gzwrite(gz, header, HEADER) == HEADER &&
	    write_voxels(gz, voxels, n);
	why = errno;
	if (gzclose(gz) != Z_OK && whole) {
		whole = false;
		why = errno;
	}
	if (whole)
		return MC_OK;
	errno = why;
	return mc_err_errno(err, "%s", path);
}
