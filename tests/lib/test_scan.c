/* test_scan.c - addresses of frames, and levels against closed forms. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "scan/address.h"
#include "scan/levels.h"
#include "tap.h"

static void
touch(const char *name)
{
	FILE *f = fopen(name, "w");

	if (f == NULL || fclose(f) != 0)
		tap_ok(false, "cannot write %s", name);
}

static void
test_address(void)
{
	static const struct { const char *text, *path; long frame; } good[] = {
		{ "a.dcm", "a.dcm", 0 },
		{ "d/a.dcm#frame=3", "d/a.dcm", 3 },
		{ "a#frame=1#frame=2147483647", "a#frame=1", 2147483647 },
		{ "a#b", "a#b", 0 },
		{ "a#frames=3", "a#frames=3", 0 },
		{ "#frame=3", "#frame=3", 0 },
		{ "", "", 0 }
	};
	static const char *const bad[] = { "a#frame=", "a#frame=0",
	    "a#frame=-1", "a#frame=2147483648", "a#frame=1.5", "a#frame=all" };
	struct mc_address a;
	struct mc_err err;
	size_t i;
	char *text;

	for (i = 0; i < sizeof(good) / sizeof(*good); i++) {
		TEST(mc_address_parse(&a, good[i].text, &err) == MC_OK);
		tap_str(a.path, good[i].path, "path of %s", good[i].text);
		tap_int(a.frame, good[i].frame, "frame of %s", good[i].text);
		text = mc_address_print(a.path, a.frame);
		tap_str(text, good[i].text, "and back");
		free(text);
		mc_address_clear(&a);
	}
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		tap_ok(mc_address_parse(&a, bad[i], &err) == MC_EDATA,
		    "%s is refused", bad[i]);
		TEST(a.path == NULL);
	}
	tap_str(err.text, "a#frame=all: after \"#frame=\" \"all\" is not a "
	    "whole number: frames are counted from 1", "the message");
}

static void
test_names(void)
{
	struct mc_address a;
	struct mc_err err;

	touch("scan#frame=3");
	TEST(mc_address_parse(&a, "scan#frame=3", &err) == MC_OK);
	tap_str(a.path, "scan#frame=3", "a file of that name");
	tap_int(a.frame, 0, "is no frame");
	mc_address_clear(&a);
	TEST(mc_address_parse(&a, "scan#frame=3#frame=2", &err) == MC_OK);
	tap_str(a.path, "scan#frame=3", "and has frames");
	tap_int(a.frame, 2, "the second");
	mc_address_clear(&a);
	touch("scan");
	TEST(mc_address_parse(&a, "scan#frame=3", &err) == MC_EDATA);
	tap_str(err.text, "scan#frame=3: the name of a file, and also a frame "
	    "of scan: rename one of them", "both files");
}

static void
test_parse(void)
{
	static const char *const bad[] = { "", "40", "40,", "40,0", "40,0.5",
	    "40,400,1", "x,400", "nan,400", "Auto" };
	struct mc_window w;
	struct mc_err err;
	size_t i;

	TEST(mc_window_parse(&w, "-600,1500", &err) == MC_OK);
	TEST(w.choice == MC_WINDOW_GIVEN && w.center == -600 &&
	    w.width == 1500);
	TEST(mc_window_parse(&w, "auto", &err) == MC_OK &&
	    w.choice == MC_WINDOW_AUTO);
	TEST(mc_window_parse(&w, "bits", &err) == MC_OK &&
	    w.choice == MC_WINDOW_BITS);
	TEST(mc_window_parse(&w, "file", &err) == MC_OK &&
	    w.choice == MC_WINDOW_FILE);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		tap_ok(mc_window_parse(&w, bad[i], &err) == MC_EDATA,
		    "window \"%s\" is refused", bad[i]);
}

/* A row of N samples from FIRST, 12 bits, -1024 added. */
static struct mc_samples
row(int32_t first, int n)
{
	struct mc_samples s = { .width = n, .height = 1, .channels = 1,
	    .slope = 1, .intercept = -1024, .high = 4095, .bits = 12 };
	int i;

	s.stored = mc_xreallocarray(NULL, (size_t)n, sizeof(*s.stored));
	for (i = 0; i < n; i++)
		s.stored[i] = first + i;
	return s;
}

static int
level_of(const struct mc_samples *s, const char *window, int i)
{
	struct mc_window w;
	unsigned char *to;
	struct mc_err err;
	int level = -1;

	if (mc_window_parse(&w, window, &err) == MC_OK &&
	    mc_levels(&to, s, &w, "row", &err) == MC_OK) {
		level = to[i];
		free(to);
	}
	return level;
}

/* PS3.3 C.11.2.1.2.1 writes this for a center of 40 and a width of 400. */
static void
test_linear(void)
{
	struct mc_samples s = row(0, 4096);
	unsigned wrong = 0, exact = 0;
	struct mc_window w = { MC_WINDOW_GIVEN, 40, 400 };
	unsigned char *to = NULL;
	struct mc_err err;
	int i;

	TEST(mc_levels(&to, &s, &w, "row", &err) == MC_OK);
	for (i = 0; i < 4096; i++) {
		double v = i - 1024, y = v <= 40 - 0.5 - 399 / 2.0 ? 0 :
		    v > 40 - 0.5 + 399 / 2.0 ? 255 :
		    ((v - (40 - 0.5)) / 399 + 0.5) * 255;

		wrong += to[i] != (int)floor(y + 0.5);
	}
	tap_int(wrong, 0, "linear: the standard's formula");
	free(to);
	s.windowed = true;
	s.center = 40;
	s.extent = 400;
	s.curve = MC_LINEAR_EXACT;
	w.choice = MC_WINDOW_FILE;
	TEST(mc_levels(&to, &s, &w, "row", &err) == MC_OK);
	for (i = 0; i < 4096; i++) {
		double y = ((i - 1024 - 40) / 400.0 + 0.5) * 255;

		exact += to[i] != (y < 0 ? 0 : y > 255 ? 255 :
		    (int)floor(y + 0.5));
	}
	tap_int(exact, 0, "linear exact: likewise");
	free(to);
	s.curve = MC_SIGMOID;
	tap_int(level_of(&s, "file", 40 + 1024), 128, "sigmoid: the center");
	tap_int(level_of(&s, "file", 140 + 1024),
	    (int)floor(255 / (1 + exp(-1)) + 0.5), "a quarter of the width on");
	s.extent = 0.5;
	s.curve = MC_LINEAR;
	tap_int(level_of(&s, "file", 0), -1, "a width below 1 is refused");
	mc_samples_clear(&s);
}

static void
test_ranges(void)
{
	struct mc_samples s = row(0, 4096), few = row(100, 101);

	tap_int(level_of(&s, "bits", 0), 0, "bits: the least");
	tap_int(level_of(&s, "bits", 4095), 255, "the largest");
	tap_int(level_of(&s, "bits", 2048), 128, "the middle");
	tap_int(level_of(&few, "bits", 0), 6, "bits: of few samples");
	tap_int(level_of(&few, "file", 0), 6, "no window: bits");
	tap_int(level_of(&few, "auto", 0), 0, "auto: the least");
	tap_int(level_of(&few, "auto", 100), 255, "the largest");
	tap_near(mc_levels_used(&few), 100 / 4095.0, 1e-12, "what is used");
	few.inverted = true;
	tap_int(level_of(&few, "auto", 0), 255, "inverted: bright");
	few.padded = true;
	few.padding[0] = few.padding[1] = 100;
	tap_int(level_of(&few, "auto", 0), 0, "but padding black");
	tap_int(level_of(&few, "auto", 1), 255, "and not in the range");
	few.slope = -1;
	tap_int(level_of(&few, "auto", 1), 0, "a negative slope");
	few.padding[1] = 4095;
	tap_int(level_of(&few, "auto", 1), 0, "all padding");
	mc_samples_clear(&s);
	mc_samples_clear(&few);
}

static void
test_lut(void)
{
	struct mc_samples s = row(1024, 8);
	int i;

	s.lut.level = mc_xreallocarray(NULL, 4, sizeof(*s.lut.level));
	for (i = 0; i < 4; i++)
		s.lut.level[i] = (uint16_t)(i * 341);
	s.lut.n = 4;
	s.lut.first = 2;
	s.lut.bits = 10;
	s.windowed = true;	/* of no width, but the LUT precedes it */
	tap_int(level_of(&s, "file", 0), 0, "LUT: below it");
	tap_int(level_of(&s, "file", 3), 85, "in it");
	tap_int(level_of(&s, "file", 7), 255, "above it");
	tap_int(level_of(&s, "auto", 7), 255, "a window instead");
	mc_samples_clear(&s);
}

/* Samples that need a sign, a large span, or are real. */
static void
test_kinds(void)
{
	struct mc_samples s = { .width = 2, .height = 1, .channels = 1,
	    .slope = 1, .low = INT32_MIN, .high = INT32_MAX, .bits = 32 };
	int32_t wide[2] = { INT32_MIN, INT32_MAX };
	float real[2] = { -1.5f, 2.5f };
	struct mc_err err;
	uint16_t *stored;

	s.stored = wide;
	tap_int(level_of(&s, "bits", 0), 0, "32 bits: the least");
	tap_int(level_of(&s, "bits", 1), 255, "the largest");
	TEST(mc_levels_stored(&stored, &s, "s", &err) == MC_EDATA);
	s.stored = NULL;
	s.real = real;
	tap_int(level_of(&s, "0.5,5", 1), 255, "real: a window");
	tap_int(level_of(&s, "auto", 0), 0, "auto");
	tap_int(level_of(&s, "bits", 0), -1, "bits: refused");
	tap_int(level_of(&s, "file", 0), -1, "no window: refused");
	real[0] = NAN;
	tap_int(level_of(&s, "auto", 1), -1, "not a number: refused");
}

static void
test_stored(void)
{
	struct mc_samples s = row(-2048, 4096);
	unsigned wrong = 0;
	double slope, intercept;
	struct mc_err err;
	uint16_t *stored;
	int turn, i;

	s.low = -2048;
	s.high = 2047;
	s.slope = 0.5;
	for (turn = 0; turn < 2; turn++) {
		s.inverted = turn == 1;
		TEST(mc_levels_stored(&stored, &s, "row", &err) == MC_OK);
		mc_levels_line(&s, &slope, &intercept);
		for (i = 0; i < 4096; i++)
			wrong += slope * stored[i] + intercept !=
			    0.5 * s.stored[i] - 1024;
		tap_int(stored[0], turn == 0 ? 0 : 4095, "the first");
		free(stored);
	}
	tap_int(wrong, 0, "stored: the line gives the values back");
	mc_samples_clear(&s);
}

int
main(void)
{
	test_address();
	test_names();
	test_parse();
	test_linear();
	test_ranges();
	test_lut();
	test_kinds();
	test_stored();
	return tap_done();
}
