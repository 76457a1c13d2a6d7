/*
 * pictures.c - fuzz lib/image/decode.c and its decoders: BMP, PNM, the structure of
 * GIF, PNG and TIFF, and what libvips, libjpeg and OpenJPEG are told of the rest.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/dimensions.h"
#include "base/limits.h"
#include "fuzz.h"
#include "image/decode.h"

/* Memory and time are bounded, whatever size a file claims. */
#define MOST_PIXELS (1 << 22)

static void
start(void)
{
	static bool started;
	struct mc_err err;

	if (started)
		return;
	FUZZ_MUST(mc_image_init(&err) == MC_OK);
	mc_max_pixels_set(MOST_PIXELS);
	started = true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct mc_image_facts facts;
	struct mc_image image;
	uint32_t width, height;
	struct mc_err err;
	FILE *f;

	start();
	f = n > 0 ? fmemopen((void *)(uintptr_t)bytes, n, "rb") : NULL;
	if (f != NULL) {
		(void)mc_image_dimensions(f, &width, &height);
		fclose(f);
	}
	if (mc_image_decode_bits(&image, &facts, bytes, n, MC_BITS_AUTO, "x",
	    &err) == MC_OK) {
		FUZZ_MUST(image.width > 0 && image.height > 0 &&
		    (int64_t)image.width * image.height <= MOST_PIXELS);
		FUZZ_MUST(facts.pages >= 1 && facts.used >= 1 &&
		    facts.used <= 16);
		fuzz_read(image.rgb, 3 * (size_t)image.width *
		    (size_t)image.height);
	} else {
		FUZZ_MUST(image.rgb == NULL && strncmp(err.text, "x: ", 3) ==
		    0);
	}
	mc_image_free(&image);
	return 0;
}
