/*
 * headers.c - fuzz what looks at an image file before a decoder does:
 * lib/base/kind.c and dimensions.c, lib/image/container.c.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/dimensions.h"
#include "base/kind.h"
#include "fuzz.h"
#include "image/container.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct mc_png png;
	uint32_t width, height;
	int orientation;
	FILE *f;

	(void)mc_kind_of(bytes, n, "a.nii.gz");
	if (n == 0)
		return 0;
	f = fmemopen((void *)(uintptr_t)bytes, n, "rb");
	FUZZ_MUST(f != NULL);
	if (mc_image_dimensions(f, &width, &height))
		FUZZ_MUST(width > 0 && height > 0);
	fclose(f);
	/* What the decoder has seen before it asks. */
	if (n >= 8 && bytes[0] == 0x89)
		(void)mc_png_whole(bytes, n, &png);
	if (n >= 8 && mc_tiff_whole(bytes, n, &orientation))
		FUZZ_MUST(orientation >= 1 && orientation <= 8);
	return 0;
}
