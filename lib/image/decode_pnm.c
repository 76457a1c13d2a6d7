/*
 * decode_pnm.c - decode Netpbm's images: PBM, PGM, PPM and PAM.
 *
 * libvips' reader takes maxval for 255, digits without white space of a plain PBM
 * for one number, and what is missing at the end of a plain file for zeros.
 *
 * A sample stands for a fraction of maxval.  Up to 255 it becomes one of 8 bits, as
 * by Pillow; above, it is scaled to 16 bits, of which the high byte is taken.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/kind.h"
#include "base/mem.h"
#include "base/pnm.h"
#include "image/decode_internal.h"

/* The samples, and where the next one is. */
struct raster {
	struct mc_pnm header;
	const unsigned char *bytes;
	size_t n, at;
	int bits;		/* that a sample of 16 bits uses */
	unsigned largest;	/* such sample of a colour */
	unsigned char *level;	/* of a sample up to 255 */
};

/* The levels of samples up to maxval; binary files may have larger ones. */
static unsigned char *
make_levels(int maxval)
{
	unsigned char *level = mc_xmalloc(256);
	int v;

	for (v = 0; v < 256; v++)
		level[v] = (unsigned char)rint((double)(v < maxval ? v :
		    maxval) / maxval * 255);
	return level;
}

/* The level of a sample of 16 bits; COLOUR: it is not of the alpha channel. */
static unsigned char
level_of(struct raster *r, unsigned v, bool colour)
{
	unsigned maxval = (unsigned)r->header.maxval;

	if (maxval != 65535)
		v = (unsigned)rint((double)(v < maxval ? v : maxval) /
		    maxval * 65535);
	if (colour && v > r->largest)
		r->largest = v;
	return mc_level_of_wide(v, r->bits);
}

/* A bit of a plain PBM, or a number; -1: there is none that is allowed. */
static int
plain_sample(struct raster *r)
{
	int64_t v;

	if (r->header.type == 1) {	/* digits need nothing between them */
		mc_pnm_skip(r->bytes, r->n, &r->at);
		v = r->at < r->n ? r->bytes[r->at++] - '0' : -1;
	} else {
		v = mc_pnm_number(r->bytes, r->n, &r->at);
	}
	return v < 0 || v > r->header.maxval ? -1 : (int)v;
}

/* The samples of a row as levels; false: they end too early. */
static bool
read_row(struct raster *r, unsigned char *out)
{
	size_t channels = (size_t)r->header.channels;
	size_t n = (size_t)r->header.width * channels, i;
	bool plain = r->header.type <= 3, wide = r->header.maxval > 255;
	int v;

	if (!plain && n > (r->n - r->at) / (wide ? 2 : 1))
		return false;
	for (i = 0; i < n; i++) {
		if (plain) {
			v = plain_sample(r);
			if (v < 0)
				return false;
		} else {
			v = r->bytes[r->at++];
			if (wide)
				v = v << 8 | r->bytes[r->at++];
		}
		out[i] = wide ? level_of(r, (unsigned)v, i % channels <
		    (channels < 3 ? 1 : 3)) : r->level[v];
	}
	return true;
}

/* A row of a PBM, of which 1 is black; packed bits where it is binary. */
static bool
read_bits(struct raster *r, unsigned char *out)
{
	size_t width = r->header.width, n = (width + 7) / 8, i;

	if (r->header.type == 1) {
		if (!read_row(r, out))
			return false;
		for (i = 0; i < width; i++)
			out[i] = (unsigned char)~out[i];
		return true;
	}
	if (n > r->n - r->at)
		return false;
	for (i = 0; i < width; i++)
		out[i] = (r->bytes[r->at + i / 8] >> (7 - i % 8) & 1) != 0 ?
		    0 : 255;
	r->at += n;
	return true;
}

static void
to_rgb(unsigned char *rgb, const unsigned char *row, int width, int channels)
{
	for (; width > 0; width--, row += channels, rgb += 3) {
		rgb[0] = row[0];
		rgb[1] = row[channels < 3 ? 0 : 1];
		rgb[2] = row[channels < 3 ? 0 : 2];
	}
}

static bool
read_rows(struct raster *r, struct mc_image *image)
{
	bool bits = r->header.type == 1 || r->header.type == 4, whole = true;
	unsigned char *row = mc_xreallocarray(NULL, r->header.width, 4);
	unsigned char *rgb = image->rgb;
	int y;

	for (y = 0; y < image->height && whole; y++) {
		whole = bits ? read_bits(r, row) : read_row(r, row);
		if (whole)
			to_rgb(rgb, row, image->width, r->header.channels);
		rgb += 3 * (size_t)image->width;
	}
	free(row);
	return whole;
}

/* Whether another image follows: a file may have several. */
static bool
has_more(const struct raster *r)
{
	const struct mc_kind *kind;
	size_t at = r->at;

	mc_pnm_skip(r->bytes, r->n, &at);
	kind = mc_kind_of(r->bytes + at, r->n - at, NULL);
	return kind == mc_kind_of(r->bytes, r->n, NULL);
}

enum mc_status
mc_pnm_decode(struct mc_image *image, struct mc_image_facts *facts,
    const void *bytes, size_t n, int bits, const char *name,
    struct mc_err *err)
{
	struct raster r = { .bytes = bytes, .n = n };
	enum mc_status status;
	bool whole;

	if (!mc_pnm_header(&r.header, bytes, n))
		return mc_image_damaged("PNM", "its header is not one of grey "
		    "or RGB pixels", name, err);
	r.at = r.header.raster;
	/* A maxval below says by itself what the bits are. */
	r.bits = r.header.maxval == 65535 ? bits : 16;
	status = mc_image_alloc(image, r.header.width, r.header.height, name,
	    err);
	if (status != MC_OK)
		return status;
	r.level = make_levels(r.header.maxval < 256 ? r.header.maxval : 255);
	whole = read_rows(&r, image);
	free(r.level);
	if (!whole)
		return mc_image_damaged("PNM", r.header.type <= 3 ? "it ends "
		    "too early, or a sample is not a number up to maxval" :
		    "it ends too early", name, err);
	facts->pages = has_more(&r) ? 2 : 1;
	if (r.header.maxval < 256)
		return MC_OK;
	if (r.header.maxval != 65535)
		r.largest = 65535;
	return mc_image_note_wide(facts, r.largest, r.bits, name, err);
}
