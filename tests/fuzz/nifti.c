/*
 * nifti.c - fuzz lib/scan/nifti.c, over niftilib, volume.c, slices.c and gzip.c: the
 * header, the voxels of the last volume, and pictures of its slices.  The file is
 * written into the present folder, since niftilib goes by names.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "fuzz.h"
#include "scan/slices.h"

#define NAME "input.nii"

/* What is larger is not read, so that memory is bounded. */
#define MOST_BYTES (1 << 22)

/* Draw a slice of V, then read its file again and draw it by its address. */
static void
draw(const struct mc_volume *v, enum mc_axis axis, int64_t number,
    const double range[2])
{
	const struct mc_nifti *n = &v->nifti;
	struct mc_slice s = { { NULL }, 1, axis, n->size[axis] - 1, number };
	struct mc_volumes *volumes;
	struct mc_picture p;
	int64_t width, height;
	unsigned char *levels;
	struct mc_err err;

	mc_slice_size(n, axis, &width, &height);
	levels = mc_xmalloc((size_t)(width * height));
	mc_slice_levels(v, axis, s.index, range, levels, 1);
	fuzz_read(levels, (size_t)(width * height));
	free(levels);
	FUZZ_MUST(mc_slice_marked(v, axis, s.index) <= width * height);

	s.path[0] = mc_xstrdup(NAME);
	volumes = mc_volumes_alloc(1, 99);
	FUZZ_MUST(mc_slice_draw(&p, volumes, &s, &err) == MC_OK);
	FUZZ_MUST(p.width == width && p.height == height);
	fuzz_read(p.rgb, 3 * (size_t)(width * height));
	free(p.rgb);
	mc_volumes_free(volumes);
	mc_slice_clear(&s);
}

/* Read the last volume of the file of HEADER, which it takes over. */
static void
read_voxels(struct mc_nifti *header)
{
	int64_t last = header->volumes - 1;
	struct mc_volume v;
	struct mc_err err;
	double range[2];

	if (mc_volume_read(&v, header, last, &err) == MC_OK) {
		mc_volume_percentiles(&v, 1, 99, range);
		FUZZ_MUST(range[0] <= range[1]);
		draw(&v, MC_AXIAL, last, range);
		draw(&v, MC_SAGITTAL, last, range);
	}
	mc_volume_clear(&v);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct mc_nifti header;
	struct mc_err err;
	double size;
	int i;

	fuzz_write(NAME, bytes, n);
	if (mc_nifti_open(&header, NAME, &err) == MC_OK) {
		FUZZ_MUST(header.volumes > 0);
		size = (double)header.volumes * header.bytes;
		for (i = 0; i < MC_AXES; i++) {
			FUZZ_MUST(header.size[i] > 0 && header.from[i] >= 0 &&
			    header.from[i] < MC_AXES);
			size *= (double)header.size[i];
		}
		FUZZ_MUST(!(mc_nifti_distance(&header, &header) > 0));
		if (size <= MOST_BYTES)
			read_voxels(&header);
	}
	mc_nifti_clear(&header);
	return 0;
}
