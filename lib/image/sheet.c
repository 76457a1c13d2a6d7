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
	return m;
}

/* A line below a picture as it is drawn. */
struct folded {
	const char *text;	/* the line's text or its brief one; NULL: none */
	int indent, room;	/* of the text, behind the mark */
	int number;		/* the width of the number; 0: none */
	int height;		/* of all that becomes of the line */
};

static struct folded
fold_line(const struct mc_sheet *s, const struct mc_sheet_line *line,
    enum mc_verdict verdict)
{
	int high = mc_lettering_height(s->letters), free;
	struct folded f = { .text = line->text, .height = high };

	if (line->marked && verdict != MC_VERDICT_NONE)
		f.indent = high;
	f.room = free = s->tile - f.indent;
	if (line->number != NULL) {
		f.number = mc_caption_width(s->letters, line->number,
		    line->bold);
		free -= f.number + high / 4;
	}
	if (f.text == NULL || mc_caption_width(s->letters, f.text,
	    line->bold) <= free)
		return f;
	if (line->brief != NULL)
		f.text = line->brief;
	if (mc_caption_width(s->letters, f.text, line->bold) <= free)
		return f;
	f.height = mc_caption_height(s->letters, f.text, line->bold, f.room);
	if (mc_caption_last(s->letters, f.text, line->bold, f.room) > free)
		f.height += high;
	return f;
}

/*
 * The height of a row, the N tiles from FIRST on, with the room below it; BELOW is
 * set to where its lines begin, from the top of the pictures on.
 */
static int
row_height(const struct mc_sheet *s, const struct measures *m, size_t first,
    size_t n, int below[MC_SHEET_LINES])
{
	int y = m->high + m->thick + m->line / 6, k;
	size_t i;

	for (k = 0; k < s->lines; k++) {
		int high = m->line;

		for (i = first; i < first + n; i++) {
			struct folded f = fold_line(s, &s->tiles[i].line[k],
			    s->tiles[i].verdict);

			high = f.height > high ? f.height : high;
		}
		below[k] = y;
		y += high;
	}
	return m->thick + y + m->line / 2;
}

/* The height of what is above the first part, with a line for the page's number. */
static int
head_height(const struct mc_sheet *s, const struct measures *m, bool several)
{
	return m->gap + mc_caption_height(s->letters, s->title, true,
	    m->inner) + mc_caption_height(s->letters, s->about, false,
	    m->inner) + (several ? m->line : 0) + m->gap;
}

/* Parts that share a row, or one that has more tiles than a row. */
struct band {
	size_t p, n;		/* the first part, and how many */
	size_t first, tiles;	/* their tiles */
};

/* The band that begins with part P. */
static struct band
band_at(const struct mc_sheet *s, size_t p)
{
	struct band b = { p, 1, s->parts[p].first, s->parts[p].n };

	while (p + b.n < s->n_parts && b.tiles + s->parts[p + b.n].n <=
	    (size_t)s->columns)
		b.tiles += s->parts[p + b.n++].n;
	return b;
}

/* The room of the heading of part P in B: up to the next one, or the page's end. */
static int
heading_room(const struct mc_sheet *s, const struct measures *m,
    const struct band *b, size_t p)
{
	int pitch = s->tile + m->gap;

	return p + 1 < b->p + b->n ? (int)s->parts[p].n * pitch - m->gap :
	    m->inner - (int)(s->parts[p].first - b->first) * pitch;
}

/*
 * The heading of PART, which may be CONTINUED from another page, in WIDTH pixels:
 * *TEXT, and what is *BELOW it (NULL: nothing), both to be freed.
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

/* The height of a bold TEXT in WIDTH pixels. */
static int
bold_height(const struct mc_sheet *s, const char *text, int width)
{
	int line = mc_lettering_height(s->letters);

	return mc_caption_width(s->letters, text, true) <= width ? line :
	    mc_caption_height(s->letters, text, true, width);
}

/* The height of that heading, with the room around it; 0: PART has none. */
static int
heading_height(const struct mc_sheet *s, const struct measures *m,
    const struct mc_sheet_part *part, bool continued, int width)
{
	int height = m->line / 2;
	char *text, *below;

	if (part->heading == NULL)
		return 0;
	word_heading(s, part, continued, width, &text, &below);
	height += bold_height(s, text, width);
	if (below != NULL)
		height += bold_height(s, below, width);
	free(text);
	free(below);
	return height;
}

/* The height of the headings of B. */
static int
band_height(const struct mc_sheet *s, const struct measures *m,
    const struct band *b, bool continued)
{
	int highest = 0, height;
	size_t p;

	for (p = b->p; p < b->p + b->n; p++) {
		height = heading_height(s, m, &s->parts[p], continued,
		    heading_room(s, m, b, p));
		highest = height > highest ? height : highest;
	}
	return highest;
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

/* Begin a row of HEIGHT, under the headings of B if it is the FIRST of it on its
   page. */
static void
begin_row(struct pen *pen, const struct band *b, bool first, int height)
{
	int heading = first ? band_height(pen->s, &pen->m, b, false) : 0;

	if (pen->s->height > 0 && pen->row > 0 &&
	    pen->y + heading + height > pen->s->height) {
		end_page(pen);
		pen->page++;
		pen->row = 0;
		pen->y = pen->head;
		heading = band_height(pen->s, &pen->m, b, !first);
	}
	pen->y += heading;
}

/* Place a row of B, the N tiles from FIRST on. */
static void
place_row(struct pen *pen, const struct band *b, size_t first, size_t n,
    struct mc_sheet_place *place)
{
	const struct mc_sheet *s = pen->s;
	int below[MC_SHEET_LINES], k;
	int height = row_height(s, &pen->m, first, n, below);
	size_t i;

	begin_row(pen, b, first == b->first, height);
	for (i = 0; i < n; i++) {
		struct mc_sheet_place *at = &place[first + i];

		*at = (struct mc_sheet_place){ pen->page, pen->row, (int)i,
		    pen->m.gap + (int)i * (s->tile + pen->m.gap),
		    pen->y + pen->m.thick, { 0 } };
		for (k = 0; k < s->lines; k++)
			at->below[k] = at->y + below[k];
	}
	pen->y += height;
	pen->row++;
}

/* Place the tiles; returns the number of pages. */
static size_t
place_all(const struct mc_sheet *s, struct mc_sheet_place *place, bool several,
    int **heights)
{
	struct pen pen = { .s = s, .m = measure(s) };
	size_t columns = (size_t)s->columns, p, i;
	struct band b;

	pen.head = pen.y = head_height(s, &pen.m, several);
	for (p = 0; p < s->n_parts; p += b.n) {
		b = band_at(s, p);
		for (i = 0; i < b.tiles; i += columns)
			place_row(&pen, &b, b.first + i, b.tiles - i < columns ?
			    b.tiles - i : columns, place);
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
	int height = mc_lettering_height(s->letters);
	struct folded f = fold_line(s, line, verdict);

	if (f.number > 0)
		mc_caption_draw(s->letters, image, x + s->tile - f.number,
		    y + f.height - height, f.number, line->number, line->bold);
	if (f.indent > 0)
		draw_mark(image, x, y + height / 10, height * 4 / 5, verdict);
	if (f.text != NULL && f.room > 0)
		mc_caption_draw(s->letters, image, x + f.indent, y, f.room,
		    f.text, line->bold);
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
	for (k = 0; k < s->lines; k++)
		draw_line(s, &tile->line[k], tile->verdict, image, x,
		    place->below[k]);
}

/* What stands above the first part. */
static void
draw_head(const struct mc_sheet *s, const struct measures *m, size_t page,
    size_t pages, struct mc_image *image)
{
	int y = m->gap;
	char *number;

	mc_caption_draw(s->letters, image, m->gap, y, m->inner, s->title, true);
	y += mc_caption_height(s->letters, s->title, true, m->inner);
	mc_caption_draw(s->letters, image, m->gap, y, m->inner, s->about,
	    false);
	y += mc_caption_height(s->letters, s->about, false, m->inner);
	if (pages == 1)
		return;
	number = mc_xasprintf("Page %zu of %zu.", page + 1, pages);
	mc_caption_draw(s->letters, image, m->gap, y, m->inner, number, false);
	free(number);
}

/* The heading of part P in B above its row of tiles, whose pictures begin at column X
   and row Y. */
static void
draw_heading(const struct mc_sheet *s, const struct measures *m,
    const struct band *b, size_t p, int x, int y, bool continued,
    struct mc_image *image)
{
	const struct mc_sheet_part *part = &s->parts[p];
	int width = heading_room(s, m, b, p);
	char *text, *below;

	if (part->heading == NULL)
		return;
	y -= m->thick + heading_height(s, m, part, continued, width) -
	    m->line / 2 + m->line / 4;
	word_heading(s, part, continued, width, &text, &below);
	mc_caption_draw(s->letters, image, x, y, width, text, true);
	if (below != NULL)
		mc_caption_draw(s->letters, image, x, y + bold_height(s, text,
		    width), width, below, true);
	free(text);
	free(below);
}

/* Draw what PAGE has of part P in B. */
static void
draw_part(const struct mc_sheet *s, const struct measures *m,
    const struct band *b, size_t p, const struct mc_sheet_place *place,
    size_t page, struct mc_image *image)
{
	const struct mc_sheet_part *part = &s->parts[p];
	bool headed = false;
	size_t i;

	for (i = part->first; i < part->first + part->n; i++) {
		const struct mc_image *picture = s->tiles[i].picture;

		if (place[i].page != page)
			continue;
		if (!headed)
			draw_heading(s, m, b, p, place[i].x - (s->tile -
			    picture->width) / 2, place[i].y - (m->high -
			    picture->height) / 2, i > part->first, image);
		headed = true;
		draw_tile(s, m, &s->tiles[i], &place[i], image);
	}
}

void
mc_sheet_draw(const struct mc_sheet *s, const struct mc_sheet_place *place,
    size_t page, size_t pages, int width, int height, struct mc_image *image)
{
	struct measures m = measure(s);
	size_t size = (size_t)width * (size_t)height, p;
	struct band b = { 0 };

	*image = (struct mc_image){ width, height,
	    mc_xreallocarray(NULL, size, 3) };
	memset(image->rgb, 255, size * 3);
	draw_head(s, &m, page, pages, image);
	for (p = 0; p < s->n_parts; p++) {
		if (p == b.p + b.n || p == 0)
			b = band_at(s, p);
		draw_part(s, &m, &b, p, place, page, image);
	}
}
