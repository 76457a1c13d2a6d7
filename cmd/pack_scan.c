/* pack_scan.c - make PNG of the files of scanners. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/kind.h"
#include "image/encode.h"
#include "scan/address.h"
#include "scan/scan.h"
#include "pack_scan.h"

/* A picture without a window that uses less of its stored bits comes out flat. */
#define LITTLE (1 / 16.0)

/* What can be said of a file that cannot be read. */
static const struct mc_packed_row nothing = { false, 0, 1, 0, NULL };

/* Whether the file PATH is a scanner's. */
static enum mc_status
look_inside(bool *scan, const char *path, struct mc_err *err)
{
	FILE *f = mc_file_open(path, err);
	char head[MC_KIND_HEAD];
	size_t n;

	*scan = false;
	if (f == NULL)
		return err->status;
	n = fread(head, 1, sizeof(head), f);
	*scan = mc_scan_reads(mc_kind_of(head, n, path));
	fclose(f);
	return MC_OK;
}

enum mc_status
pack_scan_look(struct mc_packed_row *row, const char *address,
    const struct pack_scan *how, struct mc_err *err)
{
	struct mc_scan_tags tags;
	struct mc_address a;
	enum mc_status status = mc_address_parse(&a, address, err);

	*row = nothing;
	if (status == MC_OK)
		status = look_inside(&row->converted, a.path, err);
	if (row->converted) {
		status = mc_scan_read_tags(&tags, a.path, a.frame, err);
		if (status == MC_OK && tags.channels == 1) {
			row->grey_levels = how->dicom;
			row->bits = how->keep ? tags.bits : 0;
			row->slope = tags.slope;
			row->intercept = tags.intercept;
		}
		mc_scan_tags_clear(&tags);
	}
	mc_address_clear(&a);
	return status == MC_EMACHINE ? status : MC_OK;
}

enum mc_status
pack_scan_look_at(struct mc_packed_row *row, const void *bytes, size_t n,
    const char *name, const struct pack_scan *how, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	struct mc_samples s;
	int64_t frames;

	*row = nothing;
	row->converted = mc_scan_reads(mc_kind_of(bytes, n, name));
	if (row->converted)
		status = mc_scan_decode(&s, &frames, bytes, n, 0, name, err);
	if (row->converted && status == MC_OK) {
		row->grey_levels = s.channels == 1 ? how->dicom : NULL;
		mc_samples_clear(&s);
	}
	return status == MC_EMACHINE ? status : MC_OK;
}

/* Grey levels as RGB. */
static struct mc_image
to_image(const unsigned char *levels, const struct mc_samples *s)
{
	size_t n = (size_t)s->width * (size_t)s->height * 3, i;
	struct mc_image image = { s->width, s->height, mc_xmalloc(n) };

	for (i = 0; i < n; i++)
		image.rgb[i] = levels[s->channels == 3 ? i : i / 3];
	return image;
}

/* The grey samples of S in 16 bits, as PNG. */
static enum mc_status
keep(struct mc_buf *bytes, const struct mc_samples *s, const char *name,
    struct mc_err *err)
{
	enum mc_status status;
	unsigned char *png = NULL;
	uint16_t *stored;
	size_t n = 0;

	status = mc_levels_stored(&stored, s, name, err);
	if (status == MC_OK)
		status = mc_image_encode_grey16(stored, s->width, s->height,
		    &png, &n, err);
	bytes->len = 0;
	if (status == MC_OK)
		mc_buf_add(bytes, png, n);
	free(png);
	free(stored);
	return status;
}

/* Whether the file's stored bits are the window, and few levels are used. */
static bool
is_flat(const struct mc_samples *s, const struct mc_window *window)
{
	return window->choice == MC_WINDOW_FILE && !s->windowed &&
	    s->lut.level == NULL && mc_levels_used(s) < LITTLE;
}

enum mc_status
pack_scan_picture(struct mc_image *picture, const struct mc_samples *s,
    const struct mc_window *window, const char *name, struct mc_err *err)
{
	unsigned char *levels;
	enum mc_status status = mc_levels(&levels, s, window, name, err);

	if (status == MC_OK)
		*picture = to_image(levels, s);
	free(levels);
	return status;
}

static enum mc_status
show(struct mc_buf *bytes, const struct mc_samples *s,
    const struct mc_window *window, const struct mc_recode *how,
    const char **extension, const char *name, struct mc_err *err)
{
	struct mc_image picture;
	enum mc_status status = pack_scan_picture(&picture, s, window, name,
	    err);

	if (status != MC_OK)
		return status;
	status = mc_recode_pixels(how, &picture, bytes, extension, name, err);
	mc_image_free(&picture);
	return status;
}

enum mc_status
pack_scan(struct mc_buf *bytes, int64_t frame, const struct pack_scan *scan,
    const struct mc_recode *how, const char **extension,
    struct pack_scan_facts *facts, const char *name, struct mc_err *err)
{
	struct mc_samples s;
	enum mc_status status;

	status = mc_scan_decode(&s, &facts->frames, bytes->data, bytes->len,
	    frame, name, err);
	if (status != MC_OK)
		return status;
	*extension = "png";
	facts->flat = !scan->keep && is_flat(&s, &scan->window);
	if (scan->keep && s.channels == 1)
		status = keep(bytes, &s, name, err);
	else
		status = show(bytes, &s, &scan->window, how, extension, name,
		    err);
	mc_samples_clear(&s);
	return status;
}
