/* pack_image.c - read, check and convert one image of mc-pack. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/kind.h"
#include "base/limits.h"
#include "image/encode.h"
#include "scan/address.h"
#include "stream/tar.h"
#include "table/tsv.h"
#include "pack_image.h"
#include "pack_scan.h"
#include "sources.h"
#include "tool.h"

/* A 16-bit image that needs no more bits than these comes out dark. */
#define FEW_BITS 14

static void
read_file(struct pack_image *image)
{
	image->status = mc_file_read(&image->bytes, image->file,
	    mc_max_image_bytes(), &image->err);
	image->lost = image->status == MC_EIO && sources_lost(image->file);
}

/* Make bytes a PNG of the slice, and SHA256 the digest of its files. */
static void
read_slice(struct pack_image *image, const struct pack_scan *scan,
    char sha256[MC_SHA256_HEX])
{
	struct mc_picture picture = { 0 };
	unsigned char *png = NULL;
	struct mc_slice slice;
	size_t n = 0;

	free(image->file);
	image->file = NULL;
	image->bytes.len = 0;
	image->status = mc_slice_parse(&slice, NULL, image->path,
	    &image->err);
	if (image->status == MC_OK && scan->keep)
		image->status = mc_err_set(&image->err, MC_EDATA, "%s: slices "
		    "of NIfTI are packed with 8 bits: leave out --depth 16",
		    image->path);
	if (image->status == MC_OK)
		image->status = mc_slice_draw(&picture, image->volumes,
		    &slice, &image->err);
	if (image->status == MC_EIO)
		image->lost = sources_lost(slice.path[0]);
	if (image->status == MC_OK) {
		const struct mc_image pixels = { picture.width,
		    picture.height, picture.rgb };

		memcpy(sha256, picture.sha256, MC_SHA256_HEX);
		image->stark = picture.flat;
		image->status = mc_image_encode(&pixels, MC_LOSSLESS, &png, &n,
		    &image->err);
	}
	if (image->status == MC_OK)
		mc_buf_add(&image->bytes, png, n);
	free(png);
	free(picture.rgb);
	mc_slice_clear(&slice);
}

/*
 * See that the digest of the files read is the manifest's, by which mc-split
 * kept copies of an image together.
 */
static void
check_digest(struct pack_image *image, const char *sha256)
{
	image->changed = false;
	if (image->status != MC_OK || image->sha256[0] == '\0')
		return;
	if (strcasecmp(sha256, image->sha256) == 0)
		return;
	image->changed = true;
	image->status = mc_err_set(&image->err, MC_EDATA, "%s: its SHA-256 is "
	    "not the manifest's: it changed since it was indexed: make the "
	    "manifest again (mc-index, mc-split)", image->path);
}

/* Split the address, and read the file. */
static void
read_address(struct pack_image *image)
{
	struct mc_address a;

	image->status = mc_address_parse(&a, image->path, &image->err);
	if (image->status != MC_OK)
		return;
	free(image->file);
	image->file = a.path;
	image->frame = a.frame;
	read_file(image);
}

/* Whether the bytes that were read are a scanner's file. */
static bool
is_scan(const struct pack_image *image)
{
	const struct mc_kind *kind = mc_kind_of(image->bytes.data,
	    image->bytes.len, image->file);

	return kind != NULL && kind->scan;
}

static void
convert_scan(struct pack_image *image, const struct pack_scan *scan,
    const struct mc_recode *how)
{
	struct pack_scan_facts facts = { 1, false };

	image->status = pack_scan(&image->bytes, image->frame, scan, how,
	    &image->extension, &facts, image->path, &image->err);
	image->facts = (struct mc_image_facts){ .pages = image->frame > 0 ? 1 :
	    (long)facts.frames };
	image->flat = facts.flat;
}

void
pack_image(struct pack_image *image, const struct pack_scan *scan,
    const struct mc_recode *how)
{
	char sha256[MC_SHA256_HEX];
	int bits;

	image->status = MC_OK;
	image->lost = image->flat = image->stark = false;
	if (!image->read && mc_slice_is(image->path)) {
		image->frame = 0;
		read_slice(image, scan, sha256);
	} else {
		if (!image->read)
			read_address(image);
		mc_sha256_bytes(image->bytes.data, image->bytes.len, sha256);
	}
	check_digest(image, sha256);
	if (image->status == MC_OK && is_scan(image)) {
		convert_scan(image, scan, how);
		return;
	}
	if (image->status == MC_OK && image->frame > 0)
		image->status = mc_err_set(&image->err, MC_EDATA, "%s: only "
		    "scanners' files (DICOM) have frames", image->path);
	if (image->status == MC_OK)
		image->status = mc_image_parse_bits(image->bits, &bits,
		    image->path, &image->err);
	if (image->status == MC_OK)
		image->status = mc_recode_image(how, &image->bytes, bits,
		    &image->extension, &image->facts, image->path,
		    &image->err);
}

void
pack_image_clear(struct pack_image *image)
{
	free(image->path);
	free(image->file);
	mc_buf_free(&image->bytes);
}

char *
pack_cause(const struct pack_image *image)
{
	const char *text = image->err.text, *end;
	size_t n = strlen(image->path);
	char *why;

	if (strncmp(text, image->path, n) == 0 &&
	    strncmp(text + n, ": ", 2) == 0)
		text += n + 2;
	else if (mc_slice_is(image->path) && (end = strstr(text, ": ")) !=
	    NULL)
		text = end + 2;		/* a volume of the slice */
	end = strstr(text, ": ");
	why = end != NULL ? mc_xstrndup(text, (size_t)(end - text)) :
	    mc_xstrdup(text);
	mc_tsv_clean(why);
	return why;
}

void
pack_count(struct pack_tally *t, const struct pack_image *image)
{
	t->packed++;
	if (image->facts.pages > 1 && t->paged++ == 0)
		t->first_paged = mc_xstrdup(image->path);
	if (image->flat && t->flat++ == 0)
		t->first_flat = mc_xstrdup(image->path);
	if (image->stark && t->stark++ == 0)
		t->first_stark = mc_xstrdup(image->path);
	if (!image->facts.wide)
		return;
	t->wide++;
	if (*image->bits != '\0' || image->facts.used > FEW_BITS)
		return;
	if (t->dark++ == 0)
		t->first_dark = mc_xstrdup(image->path);
	if (image->facts.used > t->used)
		t->used = image->facts.used;
}

void
pack_tell(const struct pack_tally *t)
{
	if (t->paged > 0)
		tool_warn("%zu image%s several pages or frames, of which the "
		    "first is used: %s%s", t->paged, t->paged == 1 ? " has" :
		    "s have", t->first_paged, t->paged == 1 ? "" :
		    " and others");
	if (t->dark > 0)
		tool_warn("%zu of %zu 16-bit images %s %d bits at most, and so "
		    "%s dark (the brightest pixel is %d of 255): %s%s: pack "
		    "with --bits %d if that is how they are stored", t->dark,
		    t->wide, t->dark == 1 ? "uses" : "use", t->used,
		    t->dark == 1 ? "is" : "are", ((1 << t->used) - 1) >> 8,
		    t->first_dark, t->dark == 1 ? "" : " and others",
		    t->used);
	if (t->flat > 0)
		tool_warn("%zu DICOM image%s no window and use%s little of the "
		    "range of the stored bits, so the pixels are nearly one "
		    "grey: %s%s: pack with --window C,W for a range of your "
		    "own, or --window auto for each image's", t->flat,
		    t->flat == 1 ? " has" : "s have", t->flat == 1 ? "s" : "",
		    t->first_flat, t->flat == 1 ? "" : " and others");
	if (t->stark > 0)
		tool_warn("%zu slice%s black and white without grey levels, "
		    "since both percentiles of a volume are equal: %s%s: leave "
		    "out masks (mc-index --mask); for other volumes choose "
		    "other --percentiles", t->stark, t->stark == 1 ? " is" :
		    "s are", t->first_stark, t->stark == 1 ? "" :
		    " and others");
	tool_say("packed %zu image%s, left out %zu", t->packed,
	    MC_PLURAL(t->packed), t->bad);
}

void
pack_tally_clear(struct pack_tally *t)
{
	free(t->first_paged);
	free(t->first_dark);
	free(t->first_flat);
	free(t->first_stark);
}
