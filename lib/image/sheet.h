/*
 * sheet.h - draw images side by side, with captions, on pages.
 *
 *	title			what is shown
 *	about			of what
 *	heading: detail		of a part
 *	+-------+  +-------+
 *	|picture|  |picture|	tiles, all as large as the highest picture
 *	+-------+  +-------+
 *	text     1.0		lines: a text, and behind it a number
 *	heading    heading	of parts that share a row
 *	...
 *
 * Texts that are too wide for their tile or part are folded: nothing is cut off.
 * The frame of a tile tells right from wrong predictions by its colour and width,
 * and so does the mark before a line by its form, also in greyscale.
 */
#ifndef MC_SHEET_H
#define MC_SHEET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "image/caption.h"
#include "image/decode.h"

enum mc_verdict {
	MC_VERDICT_NONE,	/* a grey frame */
	MC_VERDICT_RIGHT,	/* a thin blue frame, a tick */
	MC_VERDICT_WRONG	/* a thick vermilion frame, a cross */
};

/* A line below a picture, or several where it is folded. */
struct mc_sheet_line {
	char *text;		/* NULL: none */
	char *brief;		/* what is drawn instead of a text that is too wide;
				   NULL: the text */
	char *number;		/* at the right end of the last; NULL: none */
	bool bold;
	bool marked;		/* by the tile's verdict */
};

#define MC_SHEET_LINES 5	/* of a tile, at most */

struct mc_sheet_tile {
	const struct mc_image *picture;	/* at most tile x tile pixels */
	enum mc_verdict verdict;
	struct mc_sheet_line line[MC_SHEET_LINES];
};

/* Tiles under a heading.  They begin a new row, unless all of them have room behind
   those of the part before, which are in one row also. */
struct mc_sheet_part {
	char *heading;		/* NULL: none */
	char *detail;		/* behind the heading and a colon or, where both
				   are too wide for a line, below it; NULL: none */
	size_t first, n;	/* its tiles, those of the sheet from first on */
};

struct mc_sheet {
	struct mc_lettering *letters;	/* borrowed */
	int tile;		/* the width of a tile, in pixels */
	int columns;		/* tiles in a row */
	int height;		/* of a page, at most, as far as a row of tiles
				   allows; 0: one page has it all */
	int lines;		/* below each picture, before they are folded */
	char *title, *about;
	struct mc_sheet_tile *tiles;
	struct mc_sheet_part *parts;
	size_t n_tiles, n_parts;	/* 0: the sheet has its title alone */
};

/* Free what the sheet owns: its texts, tiles and parts, not the pictures. */
void	mc_sheet_clear(struct mc_sheet *s);

/* The gap between tiles, in pixels, where a line of letters is HEIGHT high. */
int	mc_sheet_gap(int height);

/* Where a tile is: its page, from 0, and the picture on it, in pixels. */
struct mc_sheet_place {
	size_t page;
	int row, column;	/* of tiles on the page, from 0 */
	int x, y;		/* of the picture */
	int below[MC_SHEET_LINES];	/* the row of pixels where each line begins */
};

/*
 * Lay out S: the place of each tile into PLACE, of n_tiles elements, and the
 * size of each page.  Returns the number of pages; *WIDTH is that of all, and
 * (*HEIGHTS)[page], which the caller frees, the height.
 */
size_t	mc_sheet_lay_out(const struct mc_sheet *s, struct mc_sheet_place *place,
	    int *width, int **heights);

/*
 * Draw PAGE of the PAGES of S, which has been laid out, into *IMAGE, which the
 * caller ends with mc_image_free.
 */
void	mc_sheet_draw(const struct mc_sheet *s,
	    const struct mc_sheet_place *place, size_t page, size_t pages,
	    int width, int height, struct mc_image *image);

/*
 * The size of a picture of WIDTH x HEIGHT pixels as it is shown in a tile: its
 * longer side has TILE pixels, and the other in proportion, rounded, at least 1.
 */
void	mc_sheet_fit(int tile, int width, int height, int *fit_width,
	    int *fit_height);

#endif
