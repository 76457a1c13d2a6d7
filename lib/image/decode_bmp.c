/*
 * decode_bmp.c - decode Windows' and OS/2's bitmaps.
 *
 * libvips reads them through ImageMagick alone, which tries a hundred formats.
 * The layout is that of Microsoft's BITMAPINFOHEADER and its successors.
 *
 *	offset	size	of the header behind the 14 bytes of the file's own
 *	0	4	its size: 12 (OS/2 1), 40, 52, 56, 64 (OS/2 2), 108, 124
 *	4, 8	4	width and height, below 0 from the top; of 12: 4, 6 and 2
 *	14	2	bits of a pixel; of 12: 10
 *	16	4	compression
 *	32	4	colours of the palette; 0: as many as the bits can name
 *	40	4 x 3	masks of red, green, blue, also behind a header of 40
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "image/decode_internal.h"

enum { RGB = 0, RLE8 = 1, RLE4 = 2, BITFIELDS = 3, ALPHA_BITFIELDS = 6 };

#define FILE_HEADER 14

struct bitmap {
	const unsigned char *bytes;
	size_t n;
	int64_t width, height;
	bool top_down;
	unsigned bits, compression;
	uint32_t mask[3];	/* red, green, blue of 16 bits and more */
	size_t raster;		/* where the pixels begin */
	unsigned char palette[256][3];	/* red, green, blue */
};

/* The SIZE bytes at AT, the lowest first; 0 where the file has ended. */
static uint32_t
number(const struct bitmap *b, size_t at, unsigned size)
{
	uint32_t v = 0;

	if (at > b->n || size > b->n - at)
		return 0;
	while (size-- > 0)
		v = v << 8 | b->bytes[at + size];
	return v;
}

/* Why the header of SIZE bytes does not say a picture; NULL: it does. */
static const char *
read_header(struct bitmap *b, uint32_t size)
{
	bool old = size == 12;
	int32_t height;

	if (size > b->n - FILE_HEADER)
		return "it ends within its header";
	if (!old && size != 40 && size != 52 && size != 56 && size != 64 &&
	    size != 108 && size != 124)
		return "its header has an unknown size";
	b->width = number(b, 18, old ? 2 : 4);
	height = (int32_t)number(b, old ? 20 : 22, old ? 2 : 4);
	b->top_down = height < 0;
	b->height = b->top_down ? -(int64_t)height : height;
	b->bits = number(b, old ? 24 : 28, 2);
	b->compression = old ? RGB : number(b, 30, 4);
	if (b->width < 1 || b->width > INT32_MAX || b->height < 1)
		return "it has no pixels";
	switch (b->compression) {
	case RGB:
		return b->bits == 1 || b->bits == 4 || b->bits == 8 ||
		    b->bits == 16 || b->bits == 24 || b->bits == 32 ? NULL :
		    "its pixels have an unknown size";
	case RLE8:
	case RLE4:
		return b->bits == (b->compression == RLE8 ? 8 : 4) ? NULL :
		    "its compression is not for such pixels";
	case BITFIELDS:
	case ALPHA_BITFIELDS:
		return size != 64 && (b->bits == 16 || b->bits == 32) ? NULL :
		    "its masks are not for such pixels";
	default:
		return "compressed in a way that is not read (JPEG, PNG, "
		    "Huffman): convert it to PNG";
	}
}

/* Read what lies behind the header: masks, palette; and find the pixels. */
static const char *
read_tables(struct bitmap *b, uint32_t size)
{
	static const uint32_t usual[2][3] = {
		{ 0x7c00, 0x3e0, 0x1f }, { 0xff0000, 0xff00, 0xff }
	};
	size_t at = FILE_HEADER + size, step = size == 12 ? 3 : 4;
	uint32_t colours = size == 12 ? 0 : number(b, 46, 4), i;
	bool masks = b->compression >= BITFIELDS;

	for (i = 0; i < 3; i++)
		b->mask[i] = masks ? number(b, FILE_HEADER + 40 + 4 * i, 4) :
		    usual[b->bits > 16][i];
	if (masks && (b->mask[0] | b->mask[1] | b->mask[2]) == 0)
		memcpy(b->mask, usual[b->bits > 16], sizeof(b->mask));
	if (masks && size == 40)
		at += b->compression == BITFIELDS ? 12 : 16;
	if (b->bits <= 8) {
		if (colours == 0 || colours > 1u << b->bits)
			colours = 1u << b->bits;
		for (i = 0; i < colours; i++) {
			uint32_t c = number(b, at + step * i, 3);

			b->palette[i][0] = (unsigned char)(c >> 16);
			b->palette[i][1] = (unsigned char)(c >> 8);
			b->palette[i][2] = (unsigned char)c;
		}
		at += step * colours;
	}
	b->raster = number(b, 10, 4);
	/* Some files leave the palette out of account. */
	if (b->raster == 0 || b->raster == FILE_HEADER + size)
		b->raster = at;
	return b->raster < FILE_HEADER + size ? "its pixels begin within its "
	    "header" : b->raster >= b->n ? "it ends before its pixels" : NULL;
}

/* The bits of V under MASK, as one of 8 bits: rounded down, as by Pillow. */
static unsigned char
channel(uint32_t v, uint32_t mask)
{
	uint64_t low = mask & (~mask + 1);

	return mask == 0 ? 0 : (unsigned char)((v & mask) / low * 255 /
	    (mask / low));
}

/* WIDTH pixels that are indices of BITS bits. */
static void
row_palette(const struct bitmap *b, unsigned char *rgb,
    const unsigned char *row)
{
	unsigned per = 8 / b->bits, mask = (1u << b->bits) - 1, index;
	int64_t x;

	for (x = 0; x < b->width; x++, rgb += 3) {
		index = row[x / per] >> (8 - b->bits * (x % per + 1)) & mask;
		memcpy(rgb, b->palette[index], 3);
	}
}

static void
row_colours(const struct bitmap *b, unsigned char *rgb,
    const unsigned char *row)
{
	unsigned size = b->bits / 8, i;
	uint32_t v;
	int64_t x;

	for (x = 0; x < b->width; x++, row += size, rgb += 3) {
		for (v = 0, i = size; i-- > 0;)
			v = v << 8 | row[i];
		for (i = 0; i < 3; i++)
			rgb[i] = channel(v, b->mask[i]);
	}
}

/* Where row Y of the file lies in the picture. */
static unsigned char *
row_at(const struct bitmap *b, const struct mc_image *image, int64_t y)
{
	return image->rgb + 3 * (size_t)b->width *
	    (size_t)(b->top_down ? y : b->height - 1 - y);
}

/* Rows are padded to 4 bytes; behind the last one the padding may be missing. */
static const char *
read_rows(const struct bitmap *b, struct mc_image *image)
{
	size_t used = ((size_t)b->width * b->bits + 7) / 8;
	size_t stride = (used + 3) / 4 * 4, n = b->n - b->raster;
	const unsigned char *row = b->bytes + b->raster;
	int64_t y;

	if (used > n || (size_t)(b->height - 1) > (n - used) / stride)
		return "it ends too early";
	for (y = 0; y < b->height; y++, row += stride) {
		if (b->bits <= 8)
			row_palette(b, row_at(b, image, y), row);
		else
			row_colours(b, row_at(b, image, y), row);
	}
	return NULL;
}

/* Where the next pixel of a run-length encoded picture goes. */
struct pen {
	const struct bitmap *b;
	struct mc_image *image;
	int64_t x, y;
};

/* Put a pixel; those beyond the picture are dropped. */
static void
put(struct pen *p, unsigned index)
{
	if (p->x < p->b->width && p->y < p->b->height)
		memcpy(row_at(p->b, p->image, p->y) + 3 * p->x,
		    p->b->palette[index], 3);
	p->x++;
}

/* Put N pixels, of whose indices BYTES has one, or two of 4 bits, in each byte. */
static void
put_run(struct pen *p, unsigned n, const unsigned char *bytes, bool same)
{
	bool halves = p->b->compression == RLE4;
	unsigned i, v;

	for (i = 0; i < n; i++) {
		v = bytes[same ? 0 : halves ? i / 2 : i];
		put(p, !halves ? v : i % 2 == 0 ? v >> 4 : v & 15);
	}
}

/* Pairs of a count and an index; behind a count of 0 what else there is. */
static const char *
read_runs(const struct bitmap *b, struct mc_image *image)
{
	struct pen p = { b, image, 0, 0 };
	const unsigned char *at = b->bytes + b->raster;
	const unsigned char *end = b->bytes + b->n;
	int64_t i, n = b->width * b->height;
	unsigned count, size;

	for (i = 0; i < n; i++)
		memcpy(image->rgb + 3 * i, b->palette[0], 3);
	while (end - at >= 2) {
		count = at[1];
		at += 2;
		if (at[-2] > 0) {
			put_run(&p, at[-2], at - 1, true);
		} else if (count == 0) {	/* the next row */
			p.x = 0;
			p.y++;
		} else if (count == 1) {
			return NULL;
		} else if (count == 2 && end - at >= 2) {
			p.x += at[0];
			p.y += at[1];
			at += 2;
		} else if (count > 2) {		/* indices, in 16-bit words */
			size = b->compression == RLE4 ? (count + 1) / 2 :
			    count;
			if (end - at < (ptrdiff_t)size)
				break;
			put_run(&p, count, at, false);
			at += size + size % 2;
			if (at > end)
				break;
		}
	}
	return "it ends too early";
}

enum mc_status
mc_bmp_decode(struct mc_image *image, const void *bytes, size_t n,
    const char *name, struct mc_err *err)
{
	struct bitmap b = { .bytes = bytes, .n = n };
	uint32_t size = number(&b, FILE_HEADER, 4);
	const char *why = n < FILE_HEADER + 4 ? "it ends within its header" :
	    read_header(&b, size);
	enum mc_status status;

	if (why == NULL)
		why = read_tables(&b, size);
	if (why != NULL)
		return mc_image_damaged("BMP", why, name, err);
	status = mc_image_alloc(image, b.width, b.height, name, err);
	if (status != MC_OK)
		return status;
	why = b.compression == RLE8 || b.compression == RLE4 ?
	    read_runs(&b, image) : read_rows(&b, image);
	return why == NULL ? MC_OK : mc_image_damaged("BMP", why, name, err);
}
