/*
 * nifti.c - fuzz lib/scan/nifti.c.  The file is written into the present folder,
 * since niftilib goes by names.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"
#include "scan/nifti.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct mc_nifti header;
	struct mc_err err;
	FILE *f = fopen("input.nii", "wb");
	int i;

	FUZZ_MUST(f != NULL && fwrite(bytes, 1, n, f) == n && fclose(f) == 0);
	if (mc_nifti_open(&header, "input.nii", &err) == MC_OK) {
		for (i = 0; i < MC_AXES; i++)
			FUZZ_MUST(header.size[i] > 0 && header.from[i] >= 0 &&
			    header.from[i] < MC_AXES);
		FUZZ_MUST(header.volumes > 0);
	}
	mc_nifti_clear(&header);
	return 0;
}
