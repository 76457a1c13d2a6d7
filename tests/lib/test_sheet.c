/* test_sheet.c - lib/image: captions and sheets. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/bidi.h"
#include "base/mem.h"
#include "image/sheet.h"
#include "tap.h"

#define TILE 40

static struct mc_image
blank(int width, int height, int grey)
{
	struct mc_image image = { width, height,
	    mc_xmalloc((size_t)width * (size_t)height * 3) };

	memset(image.rgb, grey, (size_t)width * (size_t)height * 3);
	return image;
}

/* The first and the last column of IMAGE that is not white; -1, -1: none. */
static void
ink_columns(const struct mc_image *image, int *first, int *last)
{
	int x, y;

	*first = *last = -1;
	for (x = 0; x < image->width; x++) {
		for (y = 0; y < image->height; y++) {
			if (image->rgb[((size_t)y * (size_t)image->width +
			    (size_t)x) * 3] < 128) {
				if (*first < 0)
					*first = x;
				*last = x;
			}
		}
	}
}

/* Whether the last N columns with ink of A and B are alike. */
static bool
same_end(const struct mc_image *a, const struct mc_image *b, int n)
{
	int first, last_a, last_b, x, y;
	bool same = true;

	ink_columns(a, &first, &last_a);
	ink_columns(b, &first, &last_b);
	for (y = 0; y < a->height; y++) {
		for (x = 0; x < n; x++)
			same &= memcmp(a->rgb + ((size_t)y *
			    (size_t)a->width + (size_t)(last_a - x)) * 3,
			    b->rgb + ((size_t)y * (size_t)b->width +
			    (size_t)(last_b - x)) * 3, 3) == 0;
	}
	return same && last_a > n && last_b > n;
}

static void
test_captions(struct mc_lettering *l)
{
	static const char id[] = "a long name of an image, which ends in 17";
	int whole = mc_caption_width(l, id, false), first, last;
	struct mc_image image = blank(400, 40, 255), whole_text;

	tap_ok(mc_caption_width(l, "iiii", false) < mc_caption_width(l, "WWWW",
	    false), "letters have widths of their own");
	tap_ok(mc_caption_width(l, id, true) > whole, "bold is wider");
	tap_ok(mc_caption_height(l, id, false, whole / 3) >=
	    3 * mc_lettering_height(l), "lines are broken");
	tap_ok(mc_caption_last(l, id, false, 400) == whole &&
	    mc_caption_last(l, "wide and i", false, mc_caption_width(l,
	    "wide and", false)) == mc_caption_width(l, "i", false),
	    "the last one is as wide as its text");
	mc_caption_draw(l, &image, 10, 2, 100, id, false);
	ink_columns(&image, &first, &last);
	tap_ok(whole > 100 && first >= 9 && last < 111 && last > 90,
	    "a text keeps to its room: %d to %d of %d", first, last, whole);
	whole_text = blank(400, 40, 255);
	memset(image.rgb, 255, 400 * 40 * 3);
	memset(whole_text.rgb, 255, 400 * 40 * 3);
	mc_caption_draw(l, &image, 10, 2, 100, "a\tb\x7f" "c", false);
	mc_caption_draw(l, &whole_text, 10, 2, 100, "a b c", false);
	tap_ok(memcmp(image.rgb, whole_text.rgb, 400 * 40 * 3) == 0,
	    "control characters are blanks");
	mc_image_free(&whole_text);
	memset(image.rgb, 255, 400 * 40 * 3);
	mc_caption_draw(l, &image, 350, 30, 400, id, false);
	ink_columns(&image, &first, &last);
	tap_ok(first >= 349, "what is outside is not drawn");
	/* A word that is broken gets no hyphen: it may be an id. */
	memset(image.rgb, 255, 400 * 40 * 3);
	mc_caption_draw(l, &image, 10, 2, mc_caption_width(l, "mmm", false), "mmmmm",
	    false);
	whole_text = blank(400, 40, 255);
	mc_caption_draw(l, &whole_text, 10, 2, 380, "mmm", false);
	mc_caption_draw(l, &whole_text, 10, 2 + mc_caption_height(l, "m", false,
	    380), 380, "mm", false);
	tap_ok(memcmp(image.rgb, whole_text.rgb, 400 * 40 * 3) == 0,
	    "a break adds no hyphen");
	mc_image_free(&whole_text);
	tap_ok(mc_lettering_missing(l) == NULL, "no letter is missing");
	mc_caption_draw(l, &image, 0, 0, 99, "x\xf3\xb0\x80\x80", false);
	tap_str(mc_lettering_missing(l), "x\xf3\xb0\x80\x80",
	    "but for one of private use");
	mc_image_free(&image);
}

/* Names from right to left, in sentences from left to right. */
static void
test_directions(struct mc_lettering *l)
{
	static const char *const names[] = {
		"\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d",	/* Hebrew */
		"\xd8\xb3\xd9\x84\xd8\xa7\xd9\x85",	/* Arabic */
		"ab\xe2\x80\xae" "c",	/* an override */
		"a\xe2\x81\xa9\xe2\x80\xae",	/* that ends ours first */
	};
	static const char counts[] = ": 2 of 3 mistakes";
	int width = mc_caption_width(l, counts, true) - 4, first, last;
	struct mc_image whole = blank(300, 30, 255), end = blank(300, 30, 255);
	struct mc_buf text = { 0 };
	size_t i;

	mc_caption_draw(l, &end, 20, 2, 280, counts, true);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		memset(whole.rgb, 255, 300 * 30 * 3);
		mc_buf_puts(&text, "Label ");
		mc_bidi_put(&text, names[i]);
		mc_buf_puts(&text, counts);
		mc_caption_draw(l, &whole, 0, 2, 300, text.data, true);
		tap_ok(same_end(&whole, &end, width),
		    "name %zu turns nothing round", i);
		mc_buf_free(&text);
	}
	/* A name first of all, and not isolated: the line begins on the left. */
	memset(end.rgb, 255, 300 * 30 * 3);
	mc_caption_draw(l, &end, 20, 2, 280, " and words", false);
	memset(whole.rgb, 255, 300 * 30 * 3);
	mc_buf_printf(&text, "%s and words", names[0]);
	mc_caption_draw(l, &whole, 0, 2, 300, text.data, false);
	tap_ok(same_end(&whole, &end, mc_caption_width(l, "words", false) - 4),
	    "a line of two directions");
	mc_buf_free(&text);
	memset(whole.rgb, 255, 300 * 30 * 3);
	mc_caption_draw(l, &whole, 10, 2, 280, names[0], false);
	ink_columns(&whole, &first, &last);
	tap_ok(first >= 10 && first < 14, "a name alone is on the left: %d",
	    first);
	mc_image_free(&whole);
	mc_image_free(&end);
}

static void
test_fit(void)
{
	int w, h;

	mc_sheet_fit(100, 300, 200, &w, &h);
	tap_ok(w == 100 && h == 67, "300 x 200 is 100 x 67: %d x %d", w, h);
	mc_sheet_fit(100, 1, 5000, &w, &h);
	tap_ok(w == 1 && h == 100, "1 x 5000 is 1 x 100: %d x %d", w, h);
	mc_sheet_fit(100, 7, 7, &w, &h);
	tap_ok(w == 100 && h == 100, "7 x 7 is 100 x 100: %d x %d", w, h);
}

/* A sheet of N tiles in two parts of which the first has FIRST. */
static struct mc_sheet
make_sheet(struct mc_lettering *l, const struct mc_image *picture, size_t n,
    size_t first)
{
	struct mc_sheet s = { .letters = l, .tile = TILE, .columns = 3,
	    .lines = 1, .title = mc_xstrdup("Title"),
	    .about = mc_xstrdup("About."), .n_tiles = n, .n_parts = 2,
	    .tiles = mc_xcalloc(n, sizeof(*s.tiles)),
	    .parts = mc_xcalloc(2, sizeof(*s.parts)) };
	size_t i;

	for (i = 0; i < n; i++) {
		s.tiles[i].picture = picture;
		s.tiles[i].verdict = i % 2 == 0 ? MC_VERDICT_WRONG :
		    MC_VERDICT_RIGHT;
		s.tiles[i].line[0] = (struct mc_sheet_line){
		    .text = mc_xstrdup("caption"), .marked = true };
	}
	s.parts[0] = (struct mc_sheet_part){ mc_xstrdup("First"), NULL, 0,
	    first };
	s.parts[1] = (struct mc_sheet_part){ mc_xstrdup("Second"), NULL, first,
	    n - first };
	return s;
}

/* Whether the picture at P is on PAGE, pixel by pixel, with the frame RGB. */
static bool
is_there(const struct mc_image *page, const struct mc_sheet_place *p,
    const struct mc_image *picture, const unsigned char rgb[3])
{
	size_t row = (size_t)page->width * 3, y;
	const unsigned char *at = page->rgb + (size_t)p->y * row +
	    (size_t)p->x * 3;

	for (y = 0; y < (size_t)picture->height; y++) {
		if (memcmp(at + y * row, picture->rgb + y *
		    (size_t)picture->width * 3, (size_t)picture->width * 3) !=
		    0)
			return false;
	}
	return memcmp(at - row, rgb, 3) == 0 && memcmp(at + row *
	    (size_t)picture->height, rgb, 3) == 0;
}

/* How wide the frame RGB is on the left of the picture at P. */
static int
frame_width(const struct mc_image *page, const struct mc_sheet_place *p,
    const unsigned char rgb[3])
{
	const unsigned char *at = page->rgb + ((size_t)p->y *
	    (size_t)page->width + (size_t)p->x) * 3;
	int n = 0;

	while (n < p->x && memcmp(at - 3 * (n + 1), rgb, 3) == 0)
		n++;
	return n;
}

static void
test_pages(struct mc_lettering *l)
{
	static const unsigned char blue[3] = { 0, 114, 178 };
	static const unsigned char vermilion[3] = { 213, 94, 0 };
	struct mc_image picture = blank(TILE, TILE - 4, 77), page;
	struct mc_sheet s = make_sheet(l, &picture, 8, 4);
	struct mc_sheet_place place[8];
	int width, *heights;
	size_t pages = mc_sheet_lay_out(&s, place, &width, &heights), i;
	bool all = true;

	tap_int((long long)pages, 1, "without a limit there is one page");
	tap_ok(place[3].row == 1 && place[3].column == 0 && place[4].row == 2,
	    "a part begins a new row");
	mc_sheet_draw(&s, place, 0, pages, width, heights[0], &page);
	tap_ok(page.width == width && page.height == heights[0], "its size");
	for (i = 0; i < 8; i++)
		all &= is_there(&page, &place[i], &picture, i % 2 == 0 ?
		    vermilion : blue);
	tap_ok(all, "pictures are pixels of the page, in frames by verdict");
	tap_int(frame_width(&page, &place[1], blue), 1, "a thin one");
	tap_int(frame_width(&page, &place[4], vermilion), 3, "or a thick one");
	s.height = heights[0] - 1;
	free(heights);
	mc_image_free(&page);
	pages = mc_sheet_lay_out(&s, place, &width, &heights);
	tap_int((long long)pages, 2, "a page that is too low has another");
	tap_ok(place[7].page == 1 && place[7].row == 0 && heights[0] <=
	    s.height && heights[1] < heights[0], "with the last row");
	mc_sheet_draw(&s, place, 1, pages, width, heights[1], &page);
	tap_ok(is_there(&page, &place[7], &picture, blue), "and its pictures");
	s.height = 1;
	free(heights);
	mc_image_free(&page);
	pages = mc_sheet_lay_out(&s, place, &width, &heights);
	tap_int((long long)pages, 4, "each page has a row, however low");
	free(heights);
	mc_sheet_clear(&s);
	mc_image_free(&picture);
}

/* Whether the N rows of A from Y on are those of B from row 0 on, from column X on. */
static bool
same_from(const struct mc_image *a, int y, const struct mc_image *b, int n, int x)
{
	size_t row = (size_t)a->width * 3, from = (size_t)x * 3;
	bool same = a->width == b->width && y >= 0 && y + n <= a->height;
	int i;

	for (i = 0; i < n && same; i++)
		same = memcmp(a->rgb + (size_t)(y + i) * row + from, b->rgb +
		    (size_t)i * row + from, row - from) == 0;
	return same;
}

static bool
same_rows(const struct mc_image *a, int y, const struct mc_image *b, int n)
{
	return same_from(a, y, b, n, 0);
}

/* What is behind a heading is below it where it is too wide. */
static void
test_headings(struct mc_lettering *l)
{
	struct mc_image picture = blank(TILE, TILE, 77), page, want;
	struct mc_sheet s = make_sheet(l, &picture, 4, 3);
	struct mc_sheet_place brief[4], place[4];
	int line = mc_lettering_height(l), width, *heights, height;
	int gap = mc_sheet_gap(line);
	size_t pages, i;

	mc_sheet_lay_out(&s, brief, &width, &heights);
	height = heights[0];
	free(heights);
	s.parts[0].detail = mc_xstrdup("2 of 3");
	mc_sheet_lay_out(&s, place, &width, &heights);
	tap_ok(place[0].y == brief[0].y && heights[0] == height,
	    "a detail that has room takes no line");
	free(heights);
	free(s.parts[0].heading);
	/* Just too wide. */
	s.parts[0].heading = mc_xcalloc(100, 1);
	for (i = 0; mc_caption_width(l, s.parts[0].heading, true) +
	    mc_caption_width(l, ": 2 of 3", true) <= width -
	    2 * mc_sheet_gap(line); i++)
		s.parts[0].heading[i] = 'l';
	mc_sheet_lay_out(&s, place, &width, &heights);
	tap_ok(place[0].y == brief[0].y + line && heights[0] == height + line,
	    "or else one of its own");
	mc_sheet_draw(&s, place, 0, 1, width, heights[0], &page);
	tap_ok(page.height == height + line, "and the page is as high");
	free(heights);
	mc_image_free(&page);
	free(s.parts[0].detail);
	s.parts[0].detail = mc_xstrdup("2 of 3 mistakes of 400 images");
	pages = mc_sheet_lay_out(&s, place, &width, &heights);
	tap_ok(pages == 1 && place[0].y == brief[0].y + 2 * line,
	    "or as many as it needs");
	mc_sheet_draw(&s, place, 0, 1, width, heights[0], &page);
	want = blank(width, 3 * line, 255);
	mc_caption_draw(l, &want, gap, 0, width - 2 * gap, s.parts[0].heading,
	    true);
	mc_caption_draw(l, &want, gap, line, width - 2 * gap,
	    s.parts[0].detail, true);
	tap_ok(same_rows(&page, place[0].y - 3 - 3 * line - line / 4, &want,
	    3 * line), "where it is written");
	mc_image_free(&page);
	mc_image_free(&want);
	free(heights);
	mc_sheet_clear(&s);
	mc_image_free(&picture);
}

/* A part that goes on, on another page, has its heading again. */
static void
test_continued(struct mc_lettering *l)
{
	static const char again[] = "First: 2, continued";
	struct mc_image picture = blank(TILE - 10, TILE, 77), page, want;
	struct mc_sheet s = make_sheet(l, &picture, 5, 4);
	struct mc_sheet_place place[5];
	int line = mc_lettering_height(l), gap = mc_sheet_gap(line);
	int width, *heights, y;

	s.parts[0].detail = mc_xstrdup("2");
	s.height = 1;
	mc_sheet_lay_out(&s, place, &width, &heights);
	tap_int(place[0].x, gap + 5, "a narrow picture is in the middle");
	tap_ok(place[3].page == 1 && mc_caption_width(l, again, true) <=
	    width - 2 * gap, "a part goes on");
	mc_sheet_draw(&s, place, 1, 3, width, heights[1], &page);
	want = blank(width, line, 255);
	mc_caption_draw(l, &want, gap, 0, width - 2 * gap, again, true);
	y = place[3].y - 3 - line - line / 4;
	tap_ok(same_rows(&page, y, &want, line), "under its heading");
	memset(want.rgb, 255, (size_t)width * (size_t)line * 3);
	mc_caption_draw(l, &want, gap, 0, width - 2 * gap, "Page 2 of 3.",
	    false);
	tap_ok(same_rows(&page, gap + 2 * line, &want, line),
	    "and the page is numbered");
	mc_image_free(&page);
	free(heights);
	/* A heading that has room, but not where it is continued. */
	y = place[3].y;
	free(s.parts[0].detail);
	s.parts[0].detail = mc_xstrdup("2 of 3 here");
	mc_sheet_lay_out(&s, place, &width, &heights);
	tap_ok(place[3].y == y + line || place[3].y == y + 2 * line,
	    "which may need more lines there");
	free(heights);
	mc_sheet_clear(&s);
	mc_image_free(&want);
	mc_image_free(&picture);
}

/* Parts share a row where it has room for all of their tiles. */
static void
test_shared(struct mc_lettering *l)
{
	struct mc_image picture = blank(TILE, TILE, 77), page, want;
	struct mc_sheet s = make_sheet(l, &picture, 3, 1);
	struct mc_sheet_place low[3], place[3];
	int line = mc_lettering_height(l), gap = mc_sheet_gap(line);
	int width, *heights, height, y;

	mc_sheet_lay_out(&s, low, &width, &heights);
	tap_ok(low[1].row == 0 && low[1].column == 1 && low[2].column == 2 &&
	    low[1].y == low[0].y && low[1].x == low[0].x + TILE + gap,
	    "parts share a row");
	height = heights[0];
	free(heights);
	free(s.parts[0].heading);
	s.parts[0].heading = mc_xstrdup("i i i i i i i i i i i i i i i i i i");
	mc_sheet_lay_out(&s, place, &width, &heights);
	y = mc_caption_height(l, s.parts[0].heading, true, TILE);
	tap_ok(y > line && place[0].y == low[0].y + y - line &&
	    place[1].y == place[0].y && heights[0] == height + y - line,
	    "the higher heading has room above its tiles alone");
	mc_sheet_draw(&s, place, 0, 1, width, heights[0], &page);
	want = blank(width, line, 255);
	y = place[0].y - 3 - line - line / 4;
	mc_caption_draw(l, &want, place[1].x, 0, 2 * TILE + gap, "Second",
	    true);
	tap_ok(same_from(&page, y, &want, line, place[1].x),
	    "the other stands just above its own");
	mc_image_free(&page);
	mc_image_free(&want);
	free(heights);
	free(s.parts[0].heading);
	s.parts[0].heading = mc_xstrdup("F");
	free(s.parts[1].heading);
	s.parts[1].heading = mc_xstrdup("");
	while (mc_caption_width(l, s.parts[1].heading, true) <= 2 * TILE + gap) {
		char *longer = mc_xasprintf("%si ", s.parts[1].heading);

		free(s.parts[1].heading);
		s.parts[1].heading = longer;
	}
	mc_sheet_lay_out(&s, place, &width, &heights);
	tap_int(heights[0], height + line,
	    "the last heading has room up to the end of the page");
	free(heights);
	s.columns = 2;
	mc_sheet_lay_out(&s, place, &width, &heights);
	tap_ok(place[1].row == 1 && place[1].column == 0,
	    "or begin one, where it has not");
	free(heights);
	mc_sheet_clear(&s);
	mc_image_free(&picture);
}

/* A line has a mark in front, its text, and a number at its end. */
static void
test_lines(struct mc_lettering *l)
{
	struct mc_image picture = blank(TILE, TILE, 77), page, want;
	struct mc_sheet s = make_sheet(l, &picture, 2, 2);
	struct mc_sheet_place place[2];
	int line = mc_lettering_height(l), width, *heights, y, number, i, k;
	static const char *const texts[] = { "l", "l l l l l l l l l l l l",
	    "l l l l l l l l l l l l WWW" };
	int lines[3], last[3];

	number = mc_caption_width(l, "7", true);
	s.n_parts = 1;
	s.tiles[0].verdict = MC_VERDICT_NONE;	/* and so no mark */
	s.tiles[0].line[0].number = mc_xstrdup("7");
	s.tiles[0].line[0].bold = true;
	s.lines = 2;
	s.tiles[1].line[1].text = mc_xstrdup("l");
	free(s.tiles[1].line[0].text);
	s.tiles[1].line[0].text = mc_xstrdup("l");
	for (k = 0; k < 3; k++) {
		free(s.tiles[0].line[0].text);
		s.tiles[0].line[0].text = mc_xstrdup(texts[k]);
		last[k] = mc_caption_last(l, texts[k], true, TILE);
		lines[k] = mc_caption_height(l, texts[k], true, TILE) / line +
		    (last[k] > TILE - number - line / 4);
		mc_sheet_lay_out(&s, place, &width, &heights);
		mc_sheet_draw(&s, place, 0, 1, width, heights[0], &page);
		want = blank(width, lines[k] * line, 255);
		mc_caption_draw(l, &want, place[0].x, 0, TILE, texts[k], true);
		mc_caption_draw(l, &want, place[0].x + TILE - number,
		    (lines[k] - 1) * line, number, "7", true);
		mc_caption_draw(l, &want, place[1].x + line, 0, TILE - line,
		    "l", false);
		y = place[0].y + TILE + 3 + line / 6;
		for (i = 0; i < line; i++)	/* the mark itself */
			memcpy(want.rgb + ((size_t)i * (size_t)width +
			    (size_t)place[1].x) * 3, page.rgb + ((size_t)(y +
			    i) * (size_t)width + (size_t)place[1].x) * 3,
			    (size_t)line * 3);
		tap_ok(same_rows(&page, y, &want, lines[k] * line) &&
		    place[1].below[1] == y + lines[k] * line,
		    "%d lines, then a number, then the next line", lines[k]);
		free(heights);
		mc_image_free(&page);
		mc_image_free(&want);
	}
	tap_ok(lines[0] == 1 && lines[1] > 1 && last[1] <= TILE - number -
	    line / 4 && last[2] > TILE - number - line / 4,
	    "a number stands behind the last one, or below it");
	mc_sheet_clear(&s);
	mc_image_free(&picture);
}

/* A line keeps to its tile, behind its mark and before its number. */
static void
test_room(struct mc_lettering *l)
{
	struct mc_image picture = blank(TILE, TILE, 77);
	struct mc_sheet s = make_sheet(l, &picture, 4, 4);
	struct mc_sheet_line *of = &s.tiles[0].line[0];
	struct mc_sheet_place place[4];
	int line = mc_lettering_height(l), width, *heights, height, n = 0;
	int wide = 0, i;

	s.n_parts = 1;
	for (i = 0; i < 4; i++) {
		free(s.tiles[i].line[0].text);
		s.tiles[i].line[0].text = mc_xstrdup("l");
	}
	mc_sheet_lay_out(&s, place, &width, &heights);
	height = heights[0];
	free(heights);
	/* As wide as the tile without the mark. */
	free(of->text);
	of->text = mc_xcalloc(100, 1);
	do {
		wide = mc_caption_width(l, of->text, false);
		of->text[n++] = 'l';
	} while (mc_caption_width(l, of->text, false) <= TILE);
	of->text[n - 1] = '\0';
	mc_sheet_lay_out(&s, place, &width, &heights);
	tap_ok(wide > TILE - line && heights[0] == height + line,
	    "a mark leaves less room for the text");
	tap_ok(place[3].row == 1 && place[3].below[0] == place[3].y + TILE +
	    3 + line / 6, "a row is as high as its own lines alone");
	free(heights);
	/* Not marked, but with a number, to which there is some room. */
	of->marked = false;
	of->number = mc_xstrdup("7");
	while (wide > TILE - mc_caption_width(l, "7", false)) {
		of->text[--n - 1] = '\0';
		wide = mc_caption_width(l, of->text, false);
	}
	mc_sheet_lay_out(&s, place, &width, &heights);
	tap_ok(wide + line / 4 > TILE - mc_caption_width(l, "7", false) &&
	    heights[0] == height + line, "a number keeps its distance");
	free(heights);
	/* A bold text that would have room if it were plain. */
	free(of->number);
	free(of->text);
	*of = (struct mc_sheet_line){ .text = mc_xstrdup("nnnnn"), .bold = true };
	mc_sheet_lay_out(&s, place, &width, &heights);
	tap_ok(mc_caption_width(l, of->text, false) <= TILE &&
	    heights[0] == height + line, "a bold text has its own width");
	free(heights);
	mc_sheet_clear(&s);
	mc_image_free(&picture);
}

/* A text that is too wide gives way to a brief one. */
static void
test_brief(struct mc_lettering *l)
{
	struct mc_image picture = blank(TILE, TILE, 77), pages[2];
	struct mc_sheet s = make_sheet(l, &picture, 2, 1);
	struct mc_sheet_place place[2];
	int width, *heights, i;
	size_t count = mc_sheet_lay_out(&s, place, &width, &heights), size;

	for (i = 0; i < 2; i++) {
		if (i == 1) {
			free(s.tiles[0].line[0].text);
			s.tiles[0].line[0].text = mc_xstrdup(
			    "a text that is wider than the tile");
			s.tiles[0].line[0].brief = mc_xstrdup("caption");
		}
		mc_sheet_draw(&s, place, 0, count, width, heights[0],
		    &pages[i]);
	}
	size = (size_t)width * (size_t)heights[0] * 3;
	tap_ok(memcmp(pages[0].rgb, pages[1].rgb, size) == 0,
	    "a brief text is drawn for one that is too wide");
	mc_image_free(&pages[0]);
	mc_image_free(&pages[1]);
	free(heights);
	mc_sheet_clear(&s);
	mc_image_free(&picture);
}

int
main(void)
{
	struct mc_lettering *l;
	struct mc_err err;

	if (mc_image_init(&err) != MC_OK ||
	    mc_lettering_alloc(&l, "DejaVu Sans", 12, &err) != MC_OK) {
		tap_ok(false, "%s", err.text);
		return tap_done();
	}
	tap_str(mc_lettering_family(l), "DejaVu Sans", "the font is found");
	test_captions(l);
	test_directions(l);
	test_headings(l);
	test_fit();
	test_pages(l);
	test_brief(l);
	test_continued(l);
	test_shared(l);
	test_lines(l);
	test_room(l);
	mc_lettering_free(l);
	mc_image_shutdown();
	return tap_done();
}
