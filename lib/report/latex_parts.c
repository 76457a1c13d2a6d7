/* latex_parts.c - divide a grid into parts and pages that fit. */
#include "config.h"

#include <string.h>

#include "report/latex_parts.h"

#define LINES_PER_PAGE 40

/* In points, for a line of 170 mm and a page of 257 mm, as of --standalone. */
#define LINE_WIDTH	483
#define PAGE_HEIGHT	716
#define MOST_SHRUNK	0.7	/* 10 points to 7 */
#define COLUMN_SEP	12

size_t
latex_part_next(const struct latex_part *part, size_t c)
{
	return c + 1 == part->keys ? part->from : c + 1;
}

size_t
latex_part_first(const struct latex_part *part)
{
	return part->keys > 0 ? 0 : part->from;
}

/* --- Widths --------------------------------------------------------------- */

/* About how wide S is in 10-point Computer Modern, in points. */
static double
width_of(const char *s)
{
	double sum = 0;

	for (; s != NULL && *s != '\0'; s++) {
		if (strchr(" .,:;'|!()[]-/ijlt", *s) != NULL)
			sum += 3;
		else if (((unsigned char)*s & 0xC0) != 0x80)
			sum += strchr("mwMW%", *s) != NULL ? 8 :
			    *s >= 'A' && *s <= 'Z' ? 7 : 5;
	}
	return sum;
}

static double
width_of_cell(const struct mc_grid_cell *cell)
{
	double sum = width_of(cell->text) + width_of(cell->marks) * 0.7;

	if (cell->lower != NULL)
		sum += width_of(cell->lower) + width_of(cell->upper) +
		    width_of(" [, ]");
	return sum;
}

/* About how wide column C is, with the room before it, in points. */
static double
width_of_column(const struct mc_grid *g, size_t c)
{
	double most = width_of(g->columns[c].heading);
	size_t i;

	for (i = 0; i < g->n_lines; i++) {
		double own = width_of_cell(&g->lines[i].cells[c]);

		most = own > most ? own : most;
	}
	return most + COLUMN_SEP;
}

static double
width_of_columns(const struct mc_grid *g, size_t from, size_t to)
{
	double sum = 0;

	for (; from < to; from++)
		sum += width_of_column(g, from);
	return sum;
}

/* --- Parts ---------------------------------------------------------------- */

/* The end of as many groups of line LEVEL, or columns where it is the last, as
   have ROOM from column FROM on; FROM where not even one has. */
static size_t
groups_end(const struct mc_grid *g, size_t level, size_t from, double room)
{
	size_t end = from, next;

	for (; end < g->n_columns; end = next) {
		next = level < g->n_above ? mc_grid_group_end(g, level, end) :
		    end + 1;
		if (width_of_columns(g, from, next) > room)
			break;
	}
	return end;
}

/* Where the part ends that begins with column FROM: with a group of columns, the
   outermost that fits, and behind one column at least. */
static size_t
part_end(const struct mc_grid *g, size_t from, double room)
{
	size_t end = from, level;

	for (level = 0; level <= g->n_above && end == from; level++)
		end = groups_end(g, level, from, room);
	return end > from || end == g->n_columns ? end : from + 1;
}

struct latex_part
latex_part_plan(const struct mc_grid *g, size_t from)
{
	struct latex_part p = { .from = from, .lines = LINES_PER_PAGE };
	double keys, width;

	while (p.keys < g->n_columns && !g->columns[p.keys].is_number)
		p.keys++;
	p.from = from > p.keys ? from : p.keys;
	keys = width_of_columns(g, 0, p.keys);
	p.to = part_end(g, p.from, PAGE_HEIGHT / MOST_SHRUNK - keys);
	width = keys + width_of_columns(g, p.from, p.to);
	p.turned = width * MOST_SHRUNK > LINE_WIDTH;
	if (p.turned)
		p.lines = (size_t)(LINES_PER_PAGE * 0.65 *
		    (width > PAGE_HEIGHT ? width / PAGE_HEIGHT : 1));
	return p;
}

size_t
latex_page_end(const struct mc_grid *g, const struct latex_part *p, size_t from)
{
	size_t end = from + p->lines, i;

	if (end >= g->n_lines)
		return g->n_lines;
	for (i = end; i > from; i--) {
		if (g->lines[i].above != MC_NO_RULE)
			return i;
	}
	return end;
}
