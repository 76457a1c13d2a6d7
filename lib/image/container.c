/*
 * container.c - the structure of PNG, TIFF and GIF files.
 *
 * PNG: ISO/IEC 15948, section 5.  TIFF: Adobe's TIFF 6.0, section 2; BigTIFF
 * widens the fields as libtiff's documentation says.  GIF: CompuServe's
 * specification, version 89a.
 */
#include "config.h"

#include <string.h>

#include <zlib.h>

#include "image/container.h"

#define TAG_ORIENTATION 274
#define COLOUR_TYPE 25		/* where a PNG's IHDR has it */
#define ANCILLARY 0x20		/* in the first letter of a chunk's type */

/* Bytes, their order, and whether all that was asked for was there. */
struct source {
	const unsigned char *bytes;
	size_t n;
	bool big_endian, whole;
};

/* The unsigned number of SIZE bytes at AT, or 0 where the file ends before. */
static uint64_t
number(struct source *s, uint64_t at, unsigned size)
{
	uint64_t value = 0;
	unsigned i;

	if (at > s->n || size > s->n - at) {
		s->whole = false;
		return 0;
	}
	for (i = 0; i < size; i++)
		value = value << 8 |
		    s->bytes[at + (s->big_endian ? i : size - 1 - i)];
	return value;
}

/* Take what the chunk at AT says, of LENGTH bytes. */
static void
read_chunk(struct source *s, uint64_t at, uint64_t length, struct mc_png *png)
{
	uint64_t colours, i;
	int bits;

	if (memcmp(s->bytes + at + 4, "acTL", 4) == 0 && length >= 4)
		png->frames = (long)number(s, at + 8, 4);
	if (memcmp(s->bytes + at + 4, "sBIT", 4) != 0)
		return;
	colours = (number(s, COLOUR_TYPE, 1) & 2) != 0 ? 3 : 1;
	for (i = 0; i < colours && i < length; i++) {
		bits = (int)number(s, at + 8 + i, 1);
		if (bits > png->bits && bits <= 16)
			png->bits = bits;
	}
}

bool
mc_png_whole(const unsigned char *bytes, size_t n, struct mc_png *png)
{
	struct source s = { bytes, n, true, true };
	uint64_t at = 8;	/* behind the signature */
	uint64_t length, sum;

	png->bits = 0;
	png->frames = 1;
	while (s.whole) {
		length = number(&s, at, 4);
		sum = number(&s, at + 8 + length, 4);
		if (!s.whole)
			break;
		if ((bytes[at + 4] & ANCILLARY) == 0 &&
		    crc32(0, bytes + at + 4, (uInt)length + 4) != sum)
			return false;
		read_chunk(&s, at, length, png);
		if (memcmp(bytes + at + 4, "IEND", 4) == 0)
			return true;
		at += length + 12;
	}
	return false;
}

/* Bytes of one value of a TIFF field type; an unknown type counts as 0. */
static unsigned
type_size(uint64_t type)
{
	static const unsigned char sizes[] = {
		0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8
	};

	return type < sizeof(sizes) ? sizes[type] : 0;
}

/* Look at the directory entry at AT: tag, type, count, value or its place. */
static void
read_entry(struct source *s, uint64_t at, unsigned word, int *orientation)
{
	uint64_t tag = number(s, at, 2);
	uint64_t type = number(s, at + 2, 2);
	uint64_t count = number(s, at + 4, word);
	uint64_t value = at + 4 + word;
	uint64_t first;
	unsigned size = type_size(type);

	if (size == 0 || count == 0)
		return;
	if (count > word / size) {
		value = number(s, value, word);
		if (value > s->n || count > (s->n - value) / size)
			s->whole = false;
	}
	first = number(s, value, size);
	if (tag == TAG_ORIENTATION && first >= 1 && first <= 8)
		*orientation = (int)first;
}

bool
mc_tiff_whole(const unsigned char *bytes, size_t n, int *orientation)
{
	struct source s = { bytes, n, n > 0 && bytes[0] == 'M', true };
	bool big = number(&s, 2, 2) == 43;
	unsigned word = big ? 8 : 4;
	uint64_t at = number(&s, word, word);
	uint64_t entries = number(&s, at, big ? 8 : 2);

	*orientation = 1;
	at += big ? 8 : 2;
	for (; entries > 0 && s.whole; entries--, at += 4 + 2 * word)
		read_entry(&s, at, word, orientation);
	(void)number(&s, at, word);	/* where the next directory is */
	return s.whole;
}

/* The bytes of a palette whose size FLAGS say; 0: there is none. */
static unsigned
palette_size(uint64_t flags)
{
	return (flags & 0x80) != 0 ? 3u << ((flags & 7) + 1) : 0;
}

/* The place behind the blocks at AT, of which an empty one is the last. */
static uint64_t
skip_blocks(struct source *s, uint64_t at)
{
	uint64_t size;

	do {
		size = number(s, at, 1);
		at += size + 1;
	} while (size > 0 && s->whole);
	return at;
}

/* Note where the first frame, whose descriptor is at AT, lies, and what is around. */
static void
read_frame(struct source *s, uint64_t at, unsigned index, uint64_t palette,
    unsigned size, struct mc_gif *gif)
{
	uint64_t flags = number(s, at + 8, 1);
	unsigned i;

	gif->left = (uint32_t)number(s, at, 2);
	gif->top = (uint32_t)number(s, at + 2, 2);
	gif->width = (uint32_t)number(s, at + 4, 2);
	gif->height = (uint32_t)number(s, at + 6, 2);
	if (palette_size(flags) > 0) {
		palette = at + 9;
		size = palette_size(flags);
	}
	for (i = 0; i < 3; i++)
		gif->fill[i] = size == 0 ? (unsigned char)index :
		    3 * index + i >= size ? 0 :
		    (unsigned char)number(s, palette + 3 * index + i, 1);
}

bool
mc_gif_whole(const unsigned char *bytes, size_t n, struct mc_gif *gif)
{
	struct source s = { bytes, n, false, true };
	unsigned size = palette_size(number(&s, 10, 1)), index = 0;
	uint64_t at = 13 + (uint64_t)size, kind;

	memset(gif, 0, sizeof(*gif));
	while (s.whole && (kind = number(&s, at, 1)) != ';') {
		if (kind == ',' && s.whole) {
			if (gif->frames++ == 0)
				read_frame(&s, at + 1, index, 13, size, gif);
			at += 10 + palette_size(number(&s, at + 9, 1));
			at = skip_blocks(&s, at + 1);
		} else if (kind == '!') {
			/* The graphic control of the frame that follows. */
			if (gif->frames == 0 && number(&s, at + 1, 1) == 0xf9) {
				gif->transparent = (number(&s, at + 3, 1) &
				    1) != 0 ? (size_t)at + 3 : 0;
				index = gif->transparent == 0 ? 0 :
				    (unsigned)number(&s, at + 6, 1);
			}
			at = skip_blocks(&s, at + 2);
		} else {
			at++;		/* padding, as every reader does */
		}
	}
	return s.whole && gif->frames > 0;
}
