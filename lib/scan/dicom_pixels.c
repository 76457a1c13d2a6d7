/* dicom_pixels.c - make samples of the pixel data of DICOM. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "scan/dicom_pixels.h"

static size_t
pixels(const struct mc_dicom_layout *l)
{
	return (size_t)l->rows * (size_t)l->columns;
}

enum mc_status
mc_dicom_check(struct mc_dicom_layout *l, const char *name, struct mc_err *err)
{
	if (l->rows < 1 || l->columns < 1)
		return mc_err_set(err, MC_EDATA, "%s: a picture of no pixels",
		    name);
	if (pixels(l) > (size_t)mc_max_pixels())
		return mc_err_set(err, MC_EDATA, "%s: %d x %d pixels, more "
		    "than the limit of %lld: raise it (--max-pixels)", name,
		    l->columns, l->rows, (long long)mc_max_pixels());
	if (l->allocated != 1 && l->allocated != 8 && l->allocated != 16 &&
	    l->allocated != 32)
		return mc_err_set(err, MC_EDATA, "%s: samples of %d bits are "
		    "not read", name, l->allocated);
	if (l->channels != (l->photometric >= MC_RGB ? 3 : 1))
		return mc_err_set(err, MC_EDATA, "%s: %d samples per pixel do "
		    "not fit its photometric interpretation", name,
		    l->channels);
	if (l->photometric >= MC_YBR_FULL && l->allocated != 8)
		return mc_err_set(err, MC_EDATA, "%s: YCbCr in samples of %d "
		    "bits is not read", name, l->allocated);
	if (l->stored < 1 || l->stored > l->allocated)
		l->stored = l->allocated;
	if (l->high_bit < l->stored - 1 || l->high_bit >= l->allocated)
		l->high_bit = l->stored - 1;
	return MC_OK;
}

uint64_t
mc_dicom_frame_bits(const struct mc_dicom_layout *l)
{
	if (l->photometric >= MC_YBR_FULL_422)
		return (uint64_t)pixels(l) * 16;
	return (uint64_t)pixels(l) * (uint64_t)l->channels *
	    (uint64_t)l->allocated;
}

/* Sample I of BYTES, as it lies there. */
static uint32_t
raw(const unsigned char *bytes, int allocated, uint64_t i)
{
	uint16_t two;
	uint32_t four;

	if (allocated == 1)
		return bytes[i / 8] >> (i % 8) & 1;
	if (allocated == 8)
		return bytes[i];
	if (allocated == 16) {
		memcpy(&two, bytes + 2 * i, 2);
		return two;
	}
	memcpy(&four, bytes + 4 * i, 4);
	return four;
}

/* The number that the lowest stored bits of X are. */
static int32_t
number(const struct mc_dicom_layout *l, uint32_t x)
{
	uint32_t sign = UINT32_C(1) << (l->stored - 1);

	x &= sign - 1 + sign;
	if (l->is_signed)
		return (int32_t)((int64_t)(x ^ sign) - (int64_t)sign);
	/* 32 bits without a sign: less 2^31, which the line adds again. */
	return l->stored == 32 ? (int32_t)((int64_t)x - (int64_t)sign) :
	    (int32_t)x;
}

static int32_t
clip(double x)
{
	x = floor(x + 0.5);
	return x < 0 ? 0 : x > 255 ? 255 : (int32_t)x;
}

/* PS3.3 C.7.6.3.1.2 the other way round. */
static void
to_rgb(int32_t p[3])
{
	double y = p[0], b = p[1] - 128.0, r = p[2] - 128.0;

	p[0] = clip(y + 1.402 * r);
	p[1] = clip(y - 0.114 * 1.772 / 0.587 * b - 0.299 * 1.402 / 0.587 * r);
	p[2] = clip(y + 1.772 * b);
}

/*
 * The same where Y is 16 to 235, Cb and Cr are 16 to 240: the inverse of PS3.3
 * C.7.6.3.1.2, which is ITU-R BT.601.
 */
static void
partial_to_rgb(int32_t p[3])
{
	double y = 255 / 219.0 * (p[0] - 16.0), scale = 255 / 224.0;
	double b = scale * (p[1] - 128.0), r = scale * (p[2] - 128.0);

	p[0] = clip(y + 1.402 * r);
	p[1] = clip(y - 0.114 * 1.772 / 0.587 * b - 0.299 * 1.402 / 0.587 * r);
	p[2] = clip(y + 1.772 * b);
}

static int32_t
look_up(const struct mc_lut *lut, int32_t x)
{
	int64_t i = (int64_t)x - lut->first;

	return lut->level[i < 0 ? 0 : i >= (int64_t)lut->n ? lut->n - 1 :
	    (size_t)i];
}

static void
set_bits(struct mc_samples *s, int bits, bool is_signed)
{
	bool high = is_signed || bits == 32;

	s->bits = bits;
	s->low = high ? (int32_t)-(INT64_C(1) << (bits - 1)) : 0;
	s->high = (int32_t)((INT64_C(1) << (high ? bits - 1 : bits)) - 1);
	if (bits == 32 && !is_signed)
		s->intercept += s->slope * 2147483648.0;
}

/* Turn indices into the colours of the palette. */
static void
apply_palette(struct mc_samples *s, const struct mc_dicom_layout *l)
{
	size_t n = pixels(l), i;
	int32_t *rgb = mc_xreallocarray(NULL, n, 3 * sizeof(*rgb));
	int c;

	for (i = 0; i < n; i++)
		for (c = 0; c < 3; c++)
			rgb[3 * i + (size_t)c] = look_up(&l->palette[c],
			    s->stored[i]);
	free(s->stored);
	s->stored = rgb;
	s->channels = 3;
	set_bits(s, l->palette[0].bits, false);
}

/* What follows once there is one number per sample. */
static void
finish(struct mc_samples *s, const struct mc_dicom_layout *l)
{
	size_t n = pixels(l), i;

	s->width = l->columns;
	s->height = l->rows;
	s->channels = l->channels;
	s->inverted = l->photometric == MC_MONOCHROME1;
	s->padded = s->padded && l->photometric <= MC_MONOCHROME2;
	set_bits(s, l->stored, l->is_signed);
	if (l->photometric == MC_PALETTE)
		apply_palette(s, l);
	for (i = 0; i < n && l->photometric >= MC_YBR_FULL; i++) {
		if (l->photometric == MC_YBR_PARTIAL_422)
			partial_to_rgb(s->stored + 3 * i);
		else
			to_rgb(s->stored + 3 * i);
	}
}

void
mc_dicom_take(struct mc_samples *s, const struct mc_dicom_layout *l,
    int32_t *numbers)
{
	size_t n = pixels(l) * (size_t)l->channels, i;

	for (i = 0; i < n; i++)
		numbers[i] = number(l, (uint32_t)numbers[i]);
	s->stored = numbers;
	finish(s, l);
}

/* Pairs of pixels that share Cb and Cr: Y Y Cb Cr. */
static void
unpack_422(int32_t *to, const struct mc_dicom_layout *l,
    const unsigned char *from)
{
	int x, y;

	for (y = 0; y < l->rows; y++) {
		for (x = 0; x < l->columns; x++) {
			*to++ = from[x % 2];
			*to++ = from[2];
			*to++ = from[3];
			if (x % 2 == 1)
				from += 4;
		}
	}
}

void
mc_dicom_unpack(struct mc_samples *s, const struct mc_dicom_layout *l,
    const unsigned char *bytes, uint64_t offset)
{
	size_t plane = pixels(l), n = plane * (size_t)l->channels, i;
	uint64_t first = offset / (uint64_t)l->allocated;
	int shift = l->high_bit - (l->stored - 1);
	int32_t *to = mc_xreallocarray(NULL, n, sizeof(*to));

	if (l->photometric >= MC_YBR_FULL_422) {
		unpack_422(to, l, bytes + offset / 8);
	} else {
		for (i = 0; i < n; i++) {
			uint64_t k = !l->planar || l->channels == 1 ? i :
			    i % 3 * plane + i / 3;

			to[i] = number(l, raw(bytes, l->allocated, first + k)
			    >> shift);
		}
	}
	s->stored = to;
	finish(s, l);
}

void
mc_dicom_apply(struct mc_samples *s, const struct mc_lut *lut)
{
	size_t n = (size_t)s->width * (size_t)s->height, i;

	for (i = 0; i < n; i++) {
		int32_t x = s->stored[i];

		s->stored[i] = s->padded && x >= s->padding[0] &&
		    x <= s->padding[1] ? -1 : look_up(lut, x);
	}
	s->padding[0] = s->padding[1] = -1;
	s->slope = 1;
	s->intercept = 0;
	set_bits(s, lut->bits, false);
}

/* --- Segmented palettes ----------------------------------------------------- */

enum { DISCRETE, LINEAR, INDIRECT };

/* So many segments have more than one level each in the largest palette. */
#define MOST_SEGMENTS 65536

/* What is expanded. */
struct segments {
	const uint16_t *words;
	size_t units;		/* in words */
	bool bytes;		/* a unit has 8 bits, not 16 */
	uint16_t *levels;
	size_t n, filled;
	size_t left;		/* segments that may still be read */
};

static unsigned
unit(const struct segments *s, size_t i)
{
	if (!s->bytes)
		return s->words[i];
	return s->words[i / 2] >> 8 * (i % 2) & 0xFF;
}

/* LENGTH levels on the line from the last one to TO. */
static bool
expand_linear(struct segments *s, size_t length, double to)
{
	double from = s->filled > 0 ? s->levels[s->filled - 1] : 0;
	size_t i;

	if (s->filled == 0)
		return false;
	for (i = 1; i <= length; i++)
		s->levels[s->filled++] = (uint16_t)rint(from + (to - from) *
		    (double)i / (double)length);
	return true;
}

/* The unit to which the indirect segment points whose offset is at AT. */
static size_t
target(const struct segments *s, size_t at)
{
	size_t offset = 0;
	int i;

	for (i = s->bytes ? 3 : 1; i >= 0; i--)
		offset = offset << (s->bytes ? 8 : 16) | unit(s, at + (size_t)i);
	return s->bytes ? offset : offset / 2;
}

/*
 * Expand up to MOST segments from the unit AT on.  With INNER they are those to
 * which an indirect one points, and may not point to others.
 */
static bool
expand(struct segments *s, size_t at, size_t most, bool inner)
{
	size_t length, size, i;
	unsigned kind;

	/* A single unit at the end is padding. */
	for (; most > 0 && at + 1 < s->units; most--, at += size) {
		kind = unit(s, at);
		length = unit(s, at + 1);
		at += 2;
		size = kind == DISCRETE ? length : kind == LINEAR ? 1 :
		    s->bytes ? 4 : 2;
		if (kind > INDIRECT || s->units - at < size || s->left-- == 0)
			return false;
		if (kind == INDIRECT) {
			if (inner || !expand(s, target(s, at), length, true))
				return false;
			continue;
		}
		if (s->n - s->filled < length)
			return false;
		if (kind == LINEAR && !expand_linear(s, length, unit(s, at)))
			return false;
		for (i = 0; kind == DISCRETE && i < length; i++)
			s->levels[s->filled++] = (uint16_t)unit(s, at + i);
	}
	return !inner || most == 0;
}

bool
mc_dicom_expand(uint16_t *levels, size_t n, const uint16_t *words,
    size_t count, bool bytes)
{
	struct segments s = { words, bytes ? 2 * count : count, bytes, levels,
	    n, 0, MOST_SEGMENTS };

	return expand(&s, 0, SIZE_MAX, false) && s.filled == n;
}
