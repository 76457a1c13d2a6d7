/* dimensions.c - read the width and height of an image from its header. */
#include "config.h"

#include <string.h>

#include "base/dimensions.h"
#include "base/pnm.h"

/* So many bytes at the start decide, and hold all that most kinds need. */
#define HEAD 30

static uint64_t
little(const unsigned char *p, size_t n)
{
	uint64_t v = 0;

	while (n-- > 0)
		v = v << 8 | p[n];
	return v;
}

static uint64_t
big(const unsigned char *p, size_t n)
{
	uint64_t v = 0;

	for (; n > 0; n--)
		v = v << 8 | *p++;
	return v;
}

static bool
png(const unsigned char *head, uint32_t *width, uint32_t *height)
{
	*width = (uint32_t)big(head + 16, 4);
	*height = (uint32_t)big(head + 20, 4);
	return memcmp(head + 12, "IHDR", 4) == 0;
}

static bool
webp(const unsigned char *head, uint32_t *width, uint32_t *height)
{
	const unsigned char *chunk = head + 12, *data = head + 20;
	uint64_t bits;

	if (memcmp(chunk, "VP8X", 4) == 0) {
		*width = (uint32_t)little(data + 4, 3) + 1;
		*height = (uint32_t)little(data + 7, 3) + 1;
		return true;
	}
	if (memcmp(chunk, "VP8L", 4) == 0 && data[0] == 0x2f) {
		bits = little(data + 1, 4);
		*width = (uint32_t)(bits & 0x3fff) + 1;
		*height = (uint32_t)(bits >> 14 & 0x3fff) + 1;
		return true;
	}
	*width = (uint32_t)little(data + 6, 2) & 0x3fff;
	*height = (uint32_t)little(data + 8, 2) & 0x3fff;
	return memcmp(chunk, "VP8 ", 4) == 0 &&
	    memcmp(data + 3, "\x9d\x01\x2a", 3) == 0;
}

/* Whether the marker M begins a frame, and so a size. */
static bool
is_frame(int m)
{
	return m >= 0xc0 && m <= 0xcf && m != 0xc4 && m != 0xc8 && m != 0xcc;
}

static bool
jpeg(FILE *f, uint32_t *width, uint32_t *height)
{
	unsigned char segment[7];
	int c;

	if (fseek(f, 2, SEEK_SET) != 0)
		return false;
	for (;;) {
		/* What is not a marker is passed over, as libjpeg does. */
		while ((c = getc(f)) != 0xff) {
			if (c == EOF)
				return false;
		}
		while ((c = getc(f)) == 0xff)
			;
		if (c == EOF || c == 0xd9 || c == 0xda)
			return false;
		if (c <= 0x01 || (c >= 0xd0 && c <= 0xd8))
			continue;
		if (is_frame(c)) {
			if (fread(segment, 1, 7, f) != 7)
				return false;
			*height = (uint32_t)big(segment + 3, 2);
			*width = (uint32_t)big(segment + 5, 2);
			return true;
		}
		if (fread(segment, 1, 2, f) != 2 || big(segment, 2) < 2 ||
		    fseek(f, (long)big(segment, 2) - 2, SEEK_CUR) != 0)
			return false;
	}
}

/* The entries of the first directory, whose numbers NUMBER reads. */
static bool
tiff(FILE *f, const unsigned char *head, uint32_t *width, uint32_t *height)
{
	uint64_t (*number)(const unsigned char *, size_t) = head[0] == 'I' ?
	    little : big;
	bool large = number(head + 2, 2) == 43;
	size_t word = large ? 8 : 4, size = large ? 20 : 12;
	uint64_t at = number(head + word, word), n;
	unsigned char entry[20];

	if (at > INT32_MAX || fseek(f, (long)at, SEEK_SET) != 0 ||
	    fread(entry, 1, large ? 8 : 2, f) != (large ? 8 : 2))
		return false;
	for (n = number(entry, large ? 8 : 2); n > 0; n--) {
		uint64_t tag, v;

		if (fread(entry, 1, size, f) != size)
			return false;
		tag = number(entry, 2);
		v = number(entry + (large ? 12 : 8), number(entry + 2, 2) ==
		    3 ? 2 : 4);
		if (tag == 256)
			*width = (uint32_t)v;
		else if (tag == 257)
			*height = (uint32_t)v;
		else if (tag > 257)
			break;
	}
	return true;
}

static bool
gif(const unsigned char *head, uint32_t *width, uint32_t *height)
{
	*width = (uint32_t)little(head + 6, 2);
	*height = (uint32_t)little(head + 8, 2);
	return true;
}

static bool
bmp(const unsigned char *head, uint32_t *width, uint32_t *height)
{
	bool old = little(head + 14, 4) == 12;	/* OS/2's first */
	int32_t rows = (int32_t)little(head + (old ? 20 : 22), old ? 2 : 4);

	*width = (uint32_t)little(head + 18, old ? 2 : 4);
	*height = rows < 0 ? -(uint32_t)rows : (uint32_t)rows;
	return *width <= INT32_MAX;
}

/* Comments may precede the numbers. */
static bool
pnm(FILE *f, uint32_t *width, uint32_t *height)
{
	struct mc_pnm header;
	char text[4096];
	size_t n;

	rewind(f);
	n = fread(text, 1, sizeof(text), f);
	if (!mc_pnm_header(&header, text, n))
		return false;
	*width = header.width;
	*height = header.height;
	return true;
}

/* The boxes of a JP2 up to its header's first, or the codestream's first marker. */
static bool
jpeg2000(FILE *f, const unsigned char *head, uint32_t *width, uint32_t *height)
{
	unsigned char box[16];
	uint64_t size;

	if (head[0] == 0xff) {
		*width = (uint32_t)(big(head + 8, 4) - big(head + 16, 4));
		*height = (uint32_t)(big(head + 12, 4) - big(head + 20, 4));
		return memcmp(head + 2, "\xff\x51", 2) == 0;
	}
	rewind(f);
	while (fread(box, 1, 8, f) == 8) {
		size = big(box, 4);
		if (memcmp(box + 4, "jp2h", 4) == 0) {
			if (fread(box, 1, 16, f) != 16)
				return false;
			*height = (uint32_t)big(box + 8, 4);
			*width = (uint32_t)big(box + 12, 4);
			return memcmp(box + 4, "ihdr", 4) == 0;
		}
		if (size < 8 || fseek(f, (long)size - 8, SEEK_CUR) != 0)
			return false;
	}
	return false;
}

bool
mc_image_dimensions(FILE *f, uint32_t *width, uint32_t *height)
{
	unsigned char head[HEAD] = { 0 };
	bool known = false;

	*width = *height = 0;
	if (fread(head, 1, HEAD, f) < 8)
		return false;
	if (memcmp(head, "\xff\xd8\xff", 3) == 0)
		known = jpeg(f, width, height);
	else if (memcmp(head, "\x89PNG", 4) == 0)
		known = png(head, width, height);
	else if (memcmp(head, "RIFF", 4) == 0)
		known = webp(head, width, height);
	else if (memcmp(head, "II", 2) == 0 || memcmp(head, "MM", 2) == 0)
		known = tiff(f, head, width, height);
	else if (memcmp(head, "GIF8", 4) == 0)
		known = gif(head, width, height);
	else if (memcmp(head, "BM", 2) == 0)
		known = bmp(head, width, height);
	else if (memcmp(head, "\xff\x4f", 2) == 0 ||
	    memcmp(head, "\0\0\0\x0cjP  ", 8) == 0)
		known = jpeg2000(f, head, width, height);
	else if (head[0] == 'P')
		known = pnm(f, width, height);
	return known && *width > 0 && *height > 0;
}
