/*
 * dicom.c - fuzz lib/scan/dicom*.cpp and dicom_pixels.c, over DCMTK and OpenJPEG,
 * and levels.c: the tags, and the first and the last frame in all windows.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "fuzz.h"
#include "scan/dicom.h"
#include "scan/levels.h"

/* Memory and time are bounded, whatever size a small file claims; a real file,
   which is larger, has what it claims. */
#define SMALL 4096
#define FEW_PIXELS (1 << 12)
#define MOST_PIXELS (1 << 22)

static void
make_levels(const struct mc_samples *s)
{
	static const char *const windows[] = { "file", "40,400", "auto",
	    "bits" };
	size_t n = (size_t)s->width * (size_t)s->height, i;
	struct mc_window w;
	struct mc_err err;
	unsigned char *levels;
	uint16_t *stored;
	double slope, intercept, used = mc_levels_used(s);

	FUZZ_MUST(used >= 0 && used <= 1);
	for (i = 0; i < sizeof(windows) / sizeof(windows[0]); i++) {
		FUZZ_MUST(mc_window_parse(&w, windows[i], &err) == MC_OK);
		if (mc_levels(&levels, s, &w, "x", &err) != MC_OK)
			continue;
		fuzz_read(levels, n * (size_t)s->channels);
		free(levels);
	}
	if (mc_levels_stored(&stored, s, "x", &err) == MC_OK) {
		fuzz_read(stored, n * (size_t)s->channels * sizeof(*stored));
		free(stored);
		mc_levels_line(s, &slope, &intercept);
	}
}

/* Decode FRAME; how many frames there are. */
static int64_t
decode(const uint8_t *bytes, size_t n, int64_t frame)
{
	struct mc_samples s;
	struct mc_err err;
	int64_t frames;

	if (mc_dicom_decode(&s, &frames, bytes, n, frame, "x", &err) == MC_OK) {
		FUZZ_MUST(s.width > 0 && s.height > 0 && frames > 0 &&
		    (int64_t)s.width * s.height <= mc_max_pixels());
		FUZZ_MUST(s.channels == 1 || s.channels == 3);
		FUZZ_MUST((s.stored == NULL) != (s.real == NULL));
		make_levels(&s);
	} else
		FUZZ_MUST(s.stored == NULL && s.real == NULL &&
		    strncmp(err.text, "x: ", 3) == 0);
	mc_samples_clear(&s);
	return frames;
}

static void
read_tags(const uint8_t *bytes, size_t n)
{
	struct mc_scan_tags tags;
	struct mc_err err;
	int i;

	if (mc_dicom_read_tags(&tags, fuzz_file(bytes, n), 0, &err) == MC_OK) {
		FUZZ_MUST(tags.frames >= 1);
		for (i = 0; i < MC_SCAN_TEXTS; i++)
			fuzz_read(tags.text[i], strlen(tags.text[i]));
	}
	mc_scan_tags_clear(&tags);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	int64_t frames;

	mc_max_pixels_set(n <= SMALL ? FEW_PIXELS : MOST_PIXELS);
	read_tags(bytes, n);
	frames = decode(bytes, n, 0);
	if (frames > 1)
		(void)decode(bytes, n, frames);
	return 0;
}
