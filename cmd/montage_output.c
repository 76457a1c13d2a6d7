/* montage_output.c - draw the pages of mc-montage, and write them. */
#include "config.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/place.h"
#include "image/encode.h"
#include "stream/image_set.h"
#include "montage.h"
#include "tool.h"

void
montage_output_clear(struct montage_output *o)
{
	size_t i;

	for (i = 0; i < o->n_sheets; i++)
		montage_sheet_clear(&o->sheets[i]);
	for (i = 0; i < o->n_pages; i++)
		free(o->pages[i].bytes);
	free(o->sheets);
	free(o->pages);
	free(o->others);
	free(o->remedy);
	mc_lettering_free(o->letters);
}

/* --- Pages ---------------------------------------------------------------- */

/* Refuse a page that would be too large to be looked at. */
static enum mc_status
check_size(const struct montage_output *o, int width, const int *heights,
    size_t pages, struct mc_err *err)
{
	double high;
	size_t i;

	for (i = 0; i < pages; i++) {
		if ((int64_t)width * heights[i] > mc_max_pixels())
			return mc_err_set(err, MC_EUSAGE, "a sheet would have "
			    "%d x %d pixels, more than the limit of %lld: "
			    "%sshow fewer or smaller images, or give a larger "
			    "--max-pixels", width, heights[i],
			    (long long)mc_max_pixels(), o->paged ? "" :
			    "give -o a name with %d, such as sheet-%d.png, for "
			    "pages, ");
	}
	high = heights[0] * MONTAGE_INCH / o->dpi;
	if (high > MONTAGE_PAGE)
		tool_warn("the sheet is %.0f mm high, and a page has room for "
		    "%.0f mm: %s", high, MONTAGE_PAGE, o->remedy != NULL ?
		    o->remedy : "show smaller images (more --columns)");
	return MC_OK;
}

/* Set how S is laid out; HEIGHT as in struct mc_sheet. */
static void
set_layout(const struct montage_output *o, struct mc_sheet *s, int height)
{
	s->letters = o->letters;
	s->tile = o->tile;
	s->columns = o->columns;
	s->height = height;
}

double
montage_height(struct montage_output *o)
{
	int highest = 0, width, *heights;
	size_t i;

	for (i = 0; i < o->n_sheets; i++) {
		struct mc_sheet *s = &o->sheets[i].sheet;
		struct mc_sheet_place *place = mc_xcalloc(s->n_tiles,
		    sizeof(*place));

		set_layout(o, s, 0);
		mc_sheet_lay_out(s, place, &width, &heights);
		highest = heights[0] > highest ? heights[0] : highest;
		free(heights);
		free(place);
	}
	return highest * MONTAGE_INCH / o->dpi;
}

/* Draw and encode all pages of S; the rows of its list say where tiles are. */
static enum mc_status
draw_sheet(struct montage_output *o, struct montage_sheet *s,
    struct mc_err *err)
{
	struct mc_sheet *sheet = &s->sheet;
	struct mc_sheet_place *place = mc_xcalloc(sheet->n_tiles,
	    sizeof(*place));
	int width, *heights = NULL;
	enum mc_status status;
	struct mc_image image;
	size_t pages, i;

	pages = mc_sheet_lay_out(sheet, place, &width, &heights);
	status = check_size(o, width, heights, pages, err);
	for (i = 0; i < sheet->n_tiles; i++) {
		s->rows[i].sheet = (int64_t)(o->n_pages + place[i].page + 1);
		s->rows[i].row = place[i].row + 1;
		s->rows[i].column = place[i].column + 1;
		s->rows[i].x = place[i].x;
		s->rows[i].y = place[i].y;
	}
	for (i = 0; i < pages && status == MC_OK; i++) {
		o->pages = mc_xreallocarray(o->pages, o->n_pages + 1,
		    sizeof(*o->pages));
		mc_sheet_draw(sheet, place, i, pages, width, heights[i],
		    &image);
		status = mc_image_encode_printed(&image, o->quality, o->dpi,
		    &o->pages[o->n_pages].bytes,
		    &o->pages[o->n_pages].n, err);
		mc_image_free(&image);
		o->n_pages += status == MC_OK;
	}
	free(heights);
	free(place);
	return status;
}

enum mc_status
montage_draw(struct montage_output *o, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	size_t i;

	for (i = 0; i < o->n_sheets && status == MC_OK; i++) {
		set_layout(o, &o->sheets[i].sheet, o->paged ? (int)(MONTAGE_PAGE /
		    MONTAGE_INCH * o->dpi) : 0);
		status = draw_sheet(o, &o->sheets[i], err);
		tool_progress("sheets", (int64_t)i + 1,
		    (int64_t)o->n_sheets);
	}
	if (status == MC_OK)
		status = mc_lettering_check(o->letters, err);
	if (status == MC_OK && mc_lettering_missing(o->letters) != NULL)
		tool_warn("no installed font has all letters of \"%s\": the "
		    "others are drawn as boxes", mc_lettering_missing(o->letters));
	/* GLib may need memory to free: not when the output is in place. */
	mc_lettering_free(o->letters);
	o->letters = NULL;
	return status;
}

/* --- Output --------------------------------------------------------------- */

static void
write_list(FILE *f, const struct montage_output *o)
{
	size_t s, i;

	mc_rows_write_header(f, &mc_montage_schema);
	for (s = 0; s < o->n_sheets; s++) {
		for (i = 0; i < o->sheets[s].sheet.n_tiles; i++) {
			if (o->sheets[s].rows[i].show != NULL)
				mc_rows_write(f, &mc_montage_schema,
				    &o->sheets[s].rows[i]);
		}
	}
}

static enum mc_status
write_page(FILE *f, void *arg, struct mc_err *err)
{
	const struct montage_page *page = arg;

	(void)err;
	fwrite(page->bytes, 1, page->n, f);
	return MC_OK;
}

/* Whether PATH is another file of the command. */
static bool
is_other(const struct montage_output *o, const char *path)
{
	struct mc_place ours, theirs;
	bool same = false;
	size_t i;

	mc_place_find(&ours, path);
	for (i = 0; i < o->n_others; i++) {
		mc_place_find(&theirs, o->others[i]);
		same |= mc_place_same(&ours, &theirs);
		mc_place_clear(&theirs);
	}
	mc_place_clear(&ours);
	return same;
}

/* Refuse pages that would replace an input, or the list. */
static enum mc_status
check_pages(const struct montage_output *o, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	size_t i;

	for (i = 0; i < o->n_pages && status == MC_OK; i++) {
		char *name = mc_shard_name(o->output, i + 1);

		if (is_other(o, name))
			status = mc_err_set(err, MC_EUSAGE, "%s: is another "
			    "file of this command, which a sheet would "
			    "replace: use another name", name);
		free(name);
	}
	return status;
}

/* Write a file per page, and the list; all are put in place, or none. */
static enum mc_status
write_pages(struct montage_output *o, struct mc_out *list, struct mc_err *err)
{
	struct mc_out **out = mc_xcalloc(o->n_pages + 1, sizeof(*out));
	enum mc_status status = MC_OK;
	size_t i;

	out[0] = list;
	for (i = 0; i < o->n_pages && status == MC_OK; i++) {
		char *name = mc_shard_name(o->output, i + 1);

		status = mc_out_open(&out[i + 1], name, err);
		if (status == MC_OK) {
			fwrite(o->pages[i].bytes, 1, o->pages[i].n,
			    mc_out_file(out[i + 1]));
			status = mc_out_settle(out[i + 1], err);
		}
		free(name);
	}
	if (status == MC_OK)
		status = mc_out_commit_all(out, o->n_pages + 1, err);
	else
		for (i = 0; i <= o->n_pages; i++)
			mc_out_abandon(out[i]);
	free(out);
	return status;
}

/* Warn of the sheet behind the last one, which an earlier run has left. */
static void
warn_of_old(const struct montage_output *o)
{
	char *next = mc_shard_name(o->output, o->n_pages + 1);

	if (access(next, F_OK) == 0)
		tool_warn("%s: from an earlier run with more sheets: remove "
		    "it, and those after it", next);
	free(next);
}

enum mc_status
montage_write(struct montage_output *o, struct mc_err *err)
{
	struct mc_out *list = NULL;
	enum mc_status status = MC_OK;

	if (o->paged)
		status = check_pages(o, err);
	if (status == MC_OK && o->list != NULL)
		status = mc_out_open(&list, o->list, err);
	if (status != MC_OK)
		return status;
	if (list != NULL)
		write_list(mc_out_file(list), o);
	if (!o->paged)
		return tool_write_beside(list, o->output, write_page,
		    &o->pages[0], err);
	warn_of_old(o);
	return write_pages(o, list, err);
}
