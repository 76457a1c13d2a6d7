/* caption.c - draw lines of text on an image, with Pango and FreeType. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pango/pangofc-fontmap.h>
#include <pango/pangoft2.h>

#include "base/mem.h"
#include "image/caption.h"

struct mc_lettering {
	PangoFontMap *map;
	PangoContext *context;
	PangoFontDescription *font[2];	/* plain, bold */
	char *family;		/* that was found */
	int height, baseline;	/* of a line */
	char *missing;
};

/* What Pango complained of first; "": nothing. */
static char complaint[200];

/* Keep the warnings of Pango, which would go to standard error. */
static GLogWriterOutput
keep_complaint(GLogLevelFlags level, const GLogField *fields, gsize n,
    gpointer data)
{
	gsize i;

	(void)data;
	for (i = 0; i < n && *complaint == '\0'; i++) {
		if (level <= G_LOG_LEVEL_WARNING &&
		    strcmp(fields[i].key, "MESSAGE") == 0)
			snprintf(complaint, sizeof(complaint), "%s",
			    (const char *)fields[i].value);
	}
	return G_LOG_WRITER_HANDLED;
}

/* What the user's settings of fontconfig would change otherwise. */
static void
set_rendering(FcPattern *pattern, gpointer data)
{
	(void)data;
	FcPatternDel(pattern, FC_ANTIALIAS);
	FcPatternAddBool(pattern, FC_ANTIALIAS, FcTrue);
	FcPatternDel(pattern, FC_HINTING);
	FcPatternAddBool(pattern, FC_HINTING, FcFalse);
	FcPatternDel(pattern, FC_AUTOHINT);
	FcPatternAddBool(pattern, FC_AUTOHINT, FcFalse);
	FcPatternDel(pattern, FC_EMBEDDED_BITMAP);
	FcPatternAddBool(pattern, FC_EMBEDDED_BITMAP, FcFalse);
}

/* Let a break within a word add no hyphen: the word may be an id. */
static void
keep_hyphens(PangoLayout *layout)
{
	PangoAttrList *attrs = pango_attr_list_new();

	pango_attr_list_insert(attrs, pango_attr_insert_hyphens_new(FALSE));
	pango_layout_set_attributes(layout, attrs);
	pango_attr_list_unref(attrs);
}

/* TEXT in one paragraph, which the caller unrefs. */
static PangoLayout *
lay_out(struct mc_lettering *l, const char *text, bool bold)
{
	PangoLayout *layout = pango_layout_new(l->context);
	char *plain = mc_xstrdup(text), *c;

	for (c = plain; *c != '\0'; c++) {
		if ((unsigned char)*c < ' ' || *c == 127)
			*c = ' ';
	}
	pango_layout_set_auto_dir(layout, FALSE);
	pango_layout_set_font_description(layout, l->font[bold]);
	pango_layout_set_text(layout, plain, -1);
	free(plain);
	keep_hyphens(layout);
	return layout;
}

static enum mc_status
check_letters(struct mc_lettering *l, struct mc_err *err)
{
	PangoLayout *layout = lay_out(l, "Aa0", false);
	int unknown = pango_layout_get_unknown_glyphs_count(layout);

	g_object_unref(layout);
	return unknown == 0 ? MC_OK : mc_err_set(err, MC_EIO, "no font with "
	    "Latin letters is installed, so nothing could be written below the "
	    "images: install one (Debian: fonts-dejavu-core)");
}

/* Note the family, and where a line has its baseline and its end. */
static void
measure(struct mc_lettering *l)
{
	PangoFont *font = pango_context_load_font(l->context, l->font[0]);
	PangoLayout *layout = lay_out(l, "Ag", false);
	PangoFontDescription *found;

	pango_layout_get_pixel_size(layout, NULL, &l->height);
	l->baseline = PANGO_PIXELS(pango_layout_get_baseline(layout));
	g_object_unref(layout);
	l->family = mc_xstrdup("");
	if (font == NULL)
		return;
	found = pango_font_describe(font);
	free(l->family);
	l->family = mc_xstrdup(pango_font_description_get_family(found));
	pango_font_description_free(found);
	g_object_unref(font);
}

enum mc_status
mc_lettering_alloc(struct mc_lettering **result, const char *family,
    double size, struct mc_err *err)
{
	struct mc_lettering *l = mc_xcalloc(1, sizeof(*l));
	enum mc_status status;
	int i;

	*result = NULL;
	g_log_set_writer_func(keep_complaint, NULL, NULL);
	l->map = pango_ft2_font_map_new();
	pango_ft2_font_map_set_resolution(PANGO_FT2_FONT_MAP(l->map), 72, 72);
	pango_fc_font_map_set_default_substitute(PANGO_FC_FONT_MAP(l->map),
	    set_rendering, NULL, NULL);
	l->context = pango_font_map_create_context(l->map);
	pango_context_set_base_dir(l->context, PANGO_DIRECTION_LTR);
	for (i = 0; i < 2; i++) {
		l->font[i] = pango_font_description_new();
		pango_font_description_set_family(l->font[i], family);
		pango_font_description_set_absolute_size(l->font[i],
		    size * PANGO_SCALE);
		pango_font_description_set_weight(l->font[i], i == 0 ?
		    PANGO_WEIGHT_NORMAL : PANGO_WEIGHT_BOLD);
	}
	status = check_letters(l, err);
	if (status != MC_OK) {
		mc_lettering_free(l);
		return status;
	}
	measure(l);
	*result = l;
	return MC_OK;
}

void
mc_lettering_free(struct mc_lettering *l)
{
	if (l == NULL)
		return;
	pango_font_description_free(l->font[0]);
	pango_font_description_free(l->font[1]);
	g_object_unref(l->context);
	g_object_unref(l->map);
	free(l->family);
	free(l->missing);
	free(l);
}

const char *
mc_lettering_family(const struct mc_lettering *l)
{
	return l->family;
}

int
mc_lettering_height(const struct mc_lettering *l)
{
	return l->height;
}

const char *
mc_lettering_missing(const struct mc_lettering *l)
{
	return l->missing;
}

enum mc_status
mc_lettering_check(const struct mc_lettering *l, struct mc_err *err)
{
	(void)l;
	return *complaint == '\0' ? MC_OK : mc_err_set(err, MC_EMACHINE,
	    "text cannot be drawn: %s", complaint);
}

int
mc_caption_width(struct mc_lettering *l, const char *text, bool bold)
{
	PangoLayout *layout = lay_out(l, text, bold);
	int width;

	pango_layout_get_pixel_size(layout, &width, NULL);
	g_object_unref(layout);
	return width;
}

/* The same as drawn, in WIDTH pixels. */
static PangoLayout *
fold(struct mc_lettering *l, const char *text, bool bold, int width)
{
	PangoLayout *layout = lay_out(l, text, bold);

	pango_layout_set_width(layout, width * PANGO_SCALE);
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	return layout;
}

int
mc_caption_height(struct mc_lettering *l, const char *text, bool bold,
    int width)
{
	PangoLayout *layout = fold(l, text, bold, width);
	int height;

	pango_layout_get_pixel_size(layout, NULL, &height);
	g_object_unref(layout);
	return height;
}

int
mc_caption_last(struct mc_lettering *l, const char *text, bool bold, int width)
{
	PangoLayout *layout = fold(l, text, bold, width);
	PangoRectangle box;

	pango_layout_line_get_pixel_extents(pango_layout_get_line_readonly(
	    layout, pango_layout_get_line_count(layout) - 1), NULL, &box);
	g_object_unref(layout);
	return box.width;
}

/* Darken IMAGE by the ink of BITMAP, whose first pixel is at (X, Y). */
static void
put_ink(struct mc_image *image, const FT_Bitmap *bitmap, int x, int y)
{
	int row, column, c;

	for (row = 0; row < (int)bitmap->rows; row++) {
		if (y + row < 0 || y + row >= image->height)
			continue;
		for (column = 0; column < (int)bitmap->width; column++) {
			int ink = bitmap->buffer[row * bitmap->pitch + column];
			unsigned char *p;

			if (x + column < 0 || x + column >= image->width)
				continue;
			p = image->rgb + ((size_t)(y + row) *
			    (size_t)image->width + (size_t)(x + column)) * 3;
			for (c = 0; c < 3; c++)
				p[c] = (unsigned char)(p[c] * (255 - ink) /
				    255);
		}
	}
}

void
mc_caption_draw(struct mc_lettering *l, struct mc_image *image, int x, int y,
    int width, const char *text, bool bold)
{
	PangoLayout *layout = fold(l, text, bold, width);
	FT_Bitmap bitmap = { .pixel_mode = FT_PIXEL_MODE_GRAY,
	    .num_grays = 256 };
	int height;

	if (l->missing == NULL &&
	    pango_layout_get_unknown_glyphs_count(layout) > 0)
		l->missing = mc_xstrdup(text);
	pango_layout_get_pixel_size(layout, NULL, &height);
	/* Letters of another font, which stands in, may be higher. */
	y += l->baseline - PANGO_PIXELS(pango_layout_get_baseline(layout));
	if (width > 0 && height > 0) {
		bitmap.width = (unsigned)width;
		bitmap.pitch = width;
		bitmap.rows = (unsigned)height;
		bitmap.buffer = mc_xcalloc((size_t)width, (size_t)height);
		pango_ft2_render_layout(&bitmap, layout, 0, 0);
		put_ink(image, &bitmap, x, y);
		free(bitmap.buffer);
	}
	g_object_unref(layout);
}
