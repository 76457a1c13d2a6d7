/* sheet.c - draw images side by side, with captions, on pages. */
#include "config.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "image/sheet.h"

/*
 * Blue and vermilion of Okabe & Ito ("Color universal design", 2008), which
 * people who confuse red and green tell apart.
 */
static const unsigned char colour[3][3] = {
	[MC_VERDICT_NONE] = { 128, 128, 128 },
	[MC_VERDICT_RIGHT] = { 0, 114, 178 },
	[MC_VERDICT_WRONG] = { 213, 94, 0 },
};

/* The colour around a picture that does not fill its tile. */
static const unsigned char rest[3] = { 230, 230, 230 };

void
mc_sheet_clear(struct mc_sheet *s)
{
	size_t i;
	int k;

	for (i = 0; i < s->n_tiles; i++) {
		for (k = 0; k < MC_SHEET_LINES; k++) {
			free(s->tiles[i].line[k].text);
			free(s->tiles[i].line[k].brief);
			free(s->tiles[i].line[k].number);
		}
	}
	for (i = 0; i < s->n_parts; i++) {
		free(s->parts[i].heading);
		free(s->parts[i].detail);
	}
	free(s->tiles);
	free(s->parts);
	free(s->title);
	free(s->about);
	memset(s, 0, sizeof(*s));
}

/* --- Layout --------------------------------------------------------------- */

static int
thin(int height)
{
	return height < 32 ? 1 : height / 16;
}

static int
thick(int height)
{
	return 3 * thin(height);
}

int
mc_sheet_gap(int height)
{
	return height / 3 + 2 * thick(height);
}

/* The measures of a sheet, in pixels. */
struct measures {
	int line, gap, thick;
	int inner;		/* the width of all columns */
	int high;		/* a tile: as high as the highest picture */
	int row;		/* a row of tiles, with the room below it */
};

static struct measures
measure(const struct mc_sheet *s)
{
	struct measures m = { .line = mc_lettering_height(s->letters) };
	size_t i;

	for (i = 0; i < s->n_tiles; i++) {
		if (s->tiles[i].picture->height > m.high)
			m.high = s->tiles[i].picture->height;
	}
	m.gap = mc_sheet_gap(m.line);
	m.thick = thick(m.line);
	m.inner = s->columns * s->tile + (s->columns - 1) * m.gap;
	m.row = m.thick + m.high + m.thick + m.line / 6 +
	    s->lines * m.line + m.line / 2;
	return m;
}

/* The height of what is above the first part, with a line for the page's number. */
static int
head_height(const struct mc_sheet *s, const struct measures *m, bool several)
{
	return m->gap + mc_caption_height(s->letters, s->title, true,
	    m->inner) + mc_caption_height(s->letters, s->about, false,
	    m->inner) + (several ? m->line : 0) + m->gap;
}

/*
 * The heading of PART, which may be CONTINUED from another page: *TEXT, in one
 * line, and what is *BELOW it (NULL: nothing), both to be freed.
 */
static void
word_heading(const struct mc_sheet *s, const struct mc_sheet_part *part,
    bool continued, int width, char **text, char **below)
{
	const char *more = continued ? ", continued" : "";

	*below = NULL;
	*text = mc_xasprintf("%s%s%s%s", part->heading, part->detail != NULL ?
	    ": " : "", part->detail != NULL ? part->detail : "", more);
	if (part->detail == NULL || mc_caption_width(s->letters, *text, true) <=
	    width)
		return;
	free(*text);
	*text = mc_xstrdup(part->heading);
	*below = mc_xasprintf("%s%s", part->detail, more);
}

/* The height of that heading, with the room around it; 0: PART has none. */
static int
heading_height(const struct mc_sheet *s, const struct measures *m,
    const struct mc_sheet_part *part, bool continued)
{
	int height = m->line + m->line / 2;
	char *text, *below;

	if (part->heading == NULL)
		return 0;
	word_heading(s, part, continued, m->inner, &text, &below);
	if (below != NULL)
		height += mc_caption_height(s->letters, below, true, m->inner);
	free(text);
	free(below);
	return height;
}

/* Where the next row goes. */
struct pen {
	const struct mc_sheet *s;
	struct measures m;
	int head, y;
	int row;		/* of tiles on the page */
	size_t page;
	int *heights;
};

static void
end_page(struct pen *pen)
{
	pen->heights = mc_xreallocarray(pen->heights, pen->page + 1,
	    sizeof(*pen->heights));
	pen->heights[pen->page] = pen->y;
}

/* Begin a row, under the heading of PART if it is the FIRST of it on its page. */
static void
begin_row(struct pen *pen, const struct mc_sheet_part *part, bool first)
{
	int heading = first ? heading_height(pen->s, &pen->m, part, false) : 0;

	if (pen->s->height > 0 && pen->row > 0 &&
	    pen->y + heading + pen->m.row > pen->s->height) {
		end_page(pen);
		pen->page++;
		pen->row = 0;
		pen->y = pen->head;
		heading = heading_height(pen->s, &pen->m, part, !first);
	}
	pen->y += heading;
}

/* Place the tiles; returns the number of pages. */
static size_t
place_all(const struct mc_sheet *s, struct mc_sheet_place *place, bool several,
    int **heights)
{
	struct pen pen = { .s = s, .m = measure(s) };
	size_t p, i;

	pen.head = pen.y = head_height(s, &pen.m, several);
	for (p = 0; p < s->n_parts; p++) {
		for (i = 0; i < s->parts[p].n; i++) {
			int column = (int)(i % (size_t)s->columns);

			if (column == 0)
				begin_row(&pen, &s->parts[p], i == 0);
			place[s->parts[p].first + i] = (struct mc_sheet_place){
			    pen.page, pen.row, column,
			    pen.m.gap + column * (s->tile + pen.m.gap),
			    pen.y + pen.m.thick };
			if (column == s->columns - 1 ||
			    i == s->parts[p].n - 1) {
				pen.y += pen.m.row;
				pen.row++;
			}
		}
	}
	end_page(&pen);
	*heights = pen.heights;
	return pen.page + 1;
}

/* Let each place be that of the picture, in the middle of its tile. */
static void
centre(const struct mc_sheet *s, int high, struct mc_sheet_place *place)
{
	size_t i;

	for (i = 0; i < s->n_tiles; i++) {
		place[i].x += (s->tile - s->tiles[i].picture->width) / 2;
		place[i].y += (high - s->tiles[i].picture->height) / 2;
	}
}

size_t
mc_sheet_lay_out(const struct mc_sheet *s, struct mc_sheet_place *place,
    int *width, int **heights)
{
	struct measures m = measure(s);
	size_t pages = place_all(s, place, false, heights);

	if (pages > 1) {
		free(*heights);
		pages = place_all(s, place, true, heights);
	}
	*width = m.inner + 2 * m.gap;
	centre(s, m.high, place);
	return pages;
}

void
mc_sheet_fit(int tile, int width, int height, int *fit_width, int *fit_height)
{
	int64_t longer = width > height ? width : height;
	int64_t shorter = width > height ? height : width;
	int side = (int)((2 * tile * shorter + longer) / (2 * longer));

	if (side < 1)
		side = 1;
	*fit_width = width >= height ? tile : side;
	*fit_height = width >= height ? side : tile;
}

/* --- Drawing -------------------------------------------------------------- */

static void
fill(struct mc_image *image, int x, int y, int width, int height,
    const unsigned char rgb[3])
{
	int row, column;

	for (row = y; row < y + height; row++) {
		unsigned char *p = image->rgb + ((size_t)row *
		    (size_t)image->width + (size_t)x) * 3;

		for (column = 0; column < width; column++, p += 3)
			memcpy(p, rgb, 3);
	}
}

/* A stroke of a mark, in parts of the mark's side. */
struct stroke {
	double x0, y0, x1, y1;
};

static const struct stroke cross[] = { { .2, .2, .8, .8 }, { .8, .2, .2, .8 } };
static const struct stroke tick[] = { { .15, .55, .4, .8 }, { .4, .8, .85, .2 } };

/* The distance from (X, Y) to the stroke T. */
static double
distance(const struct stroke *t, double x, double y)
{
	double dx = t->x1 - t->x0, dy = t->y1 - t->y0;
	double at = ((x - t->x0) * dx + (y - t->y0) * dy) /
	    (dx * dx + dy * dy);

	at = at < 0 ? 0 : at > 1 ? 1 : at;
	dx = x - t->x0 - at * dx;
	dy = y - t->y0 - at * dy;
	return sqrt(dx * dx + dy * dy);
}

/* Draw the mark of VERDICT in SIDE x SIDE pixels. */
static void
draw_mark(struct mc_image *image, int x, int y, int side,
    enum mc_verdict verdict)
{
	const struct stroke *strokes = verdict == MC_VERDICT_WRONG ? cross :
	    tick;
	double near, other, ink;
	int row, column, c;

	for (row = 0; row < side; row++) {
		for (column = 0; column < side; column++) {
			unsigned char *p = image->rgb + ((size_t)(y + row) *
			    (size_t)image->width + (size_t)(x + column)) * 3;

			near = distance(&strokes[0], (column + 0.5) / side,
			    (row + 0.5) / side);
			other = distance(&strokes[1], (column + 0.5) / side,
			    (row + 0.5) / side);
			if (other < near)
				near = other;
			ink = (0.09 - near) * side + 0.5;
			ink = ink < 0 ? 0 : ink > 1 ? 1 : ink;
			for (c = 0; c < 3; c++)
				p[c] = (unsigned char)(p[c] + ink *
				    (colour[verdict][c] - p[c]) + 0.5);
		}
	}
}

static void
draw_line(const struct mc_sheet *s, const struct mc_sheet_line *line,
    enum mc_verdict verdict, struct mc_image *image, int x, int y)
{
	int height = mc_lettering_height(s->letters), width = s->tile;
	const char *text = line->text;
	int number;

	if (line->number != NULL) {
		number = mc_caption_width(s->letters, line->number,
		    line->bold);
		mc_caption_draw(s->letters, image, x + width - number, y,
		    number, line->number, line->bold, MC_FIT_END);
		width -= number + height / 4;
	}
	if (line->marked && verdict != MC_VERDICT_NONE) {
		draw_mark(image, x, y + height / 10, height * 4 / 5, verdict);
		x += height;
		width -= height;
	}
	if (line->brief != NULL && mc_caption_width(s->letters, text,
	    line->bold) > width)
		text = line->brief;
	if (text != NULL && width > 0)
		mc_caption_draw(s->letters, image, x, y, width, text,
		    line->bold, line->fit);
}

static void
draw_tile(const struct mc_sheet *s, const struct measures *m,
    const struct mc_sheet_tile *tile, const struct mc_sheet_place *place,
    struct mc_image *image)
{
	const struct mc_image *picture = tile->picture;
	int x = place->x - (s->tile - picture->width) / 2;
	int y = place->y - (m->high - picture->height) / 2;
	int wide = tile->verdict == MC_VERDICT_WRONG ? m->thick :
	    thin(m->line);
	int row, k;

	fill(image, x - wide, y - wide, s->tile + 2 * wide,
	    m->high + 2 * wide, colour[tile->verdict]);
	fill(image, x, y, s->tile, m->high, rest);
	for (row = 0; row < picture->height; row++)
		memcpy(image->rgb + ((size_t)(place->y + row) *
		    (size_t)image->width + (size_t)place->x) * 3,
		    picture->rgb + (size_t)row * (size_t)picture->width * 3,
		    (size_t)picture->width * 3);
	y += m->high + m->thick + m->line / 6;
	for (k = 0; k < s->lines; k++, y += m->line)
		draw_line(s, &tile->line[k], tile->verdict, image, x, y);
}

/* What stands above the first part. */
static void
draw_head(const struct mc_sheet *s, const struct measures *m, size_t page,
    size_t pages, struct mc_image *image)
{
	int y = m->gap;
	char *number;

	mc_caption_draw(s->letters, image, m->gap, y, m->inner, s->title, true,
	    MC_FIT_LINES);
	y += mc_caption_height(s->letters, s->title, true, m->inner);
	mc_caption_draw(s->letters, image, m->gap, y, m->inner, s->about,
	    false, MC_FIT_LINES);
	y += mc_caption_height(s->letters, s->about, false, m->inner);
	if (pages == 1)
		return;
	number = mc_xasprintf("Page %zu of %zu.", page + 1, pages);
	mc_caption_draw(s->letters, image, m->gap, y, m->inner, number, false,
	    MC_FIT_END);
	free(number);
}

/* The heading of PART above its row of tiles, whose pictures begin at row Y. */
static void
draw_heading(const struct mc_sheet *s, const struct measures *m,
    const struct mc_sheet_part *part, int y, bool continued,
    struct mc_image *image)
{
	char *text, *below;

	if (part->heading == NULL)
		return;
	y -= m->thick + heading_height(s, m, part, continued) - m->line / 2 +
	    m->line / 4;
	word_heading(s, part, continued, m->inner, &text, &below);
	mc_caption_draw(s->letters, image, m->gap, y, m->inner, text, true,
	    MC_FIT_END);
	if (below != NULL)
		mc_caption_draw(s->letters, image, m->gap, y + m->line,
		    m->inner, below, true, MC_FIT_LINES);
	free(text);
	free(below);
}

void
mc_sheet_draw(const struct mc_sheet *s, const struct mc_sheet_place *place,
    size_t page, size_t pages, int width, int height, struct mc_image *image)
{
	struct measures m = measure(s);
	size_t size = (size_t)width * (size_t)height, p, i;

	*image = (struct mc_image){ width, height,
	    mc_xreallocarray(NULL, size, 3) };
	memset(image->rgb, 255, size * 3);
	draw_head(s, &m, page, pages, image);
	for (p = 0; p < s->n_parts; p++) {
		const struct mc_sheet_part *part = &s->parts[p];
		bool headed = false;

		for (i = part->first; i < part->first + part->n; i++) {
			const struct mc_sheet_tile *tile = &s->tiles[i];

			if (place[i].page != page)
				continue;
			if (!headed)
				draw_heading(s, &m, part, place[i].y -
				    (m.high - tile->picture->height) / 2,
				    i > part->first, image);
			headed = true;
			draw_tile(s, &m, tile, &place[i], image);
		}
	}
}
