/* grid.c - hold a table for print. */
#include "config.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/grid.h"
#include "stats/remarks.h"

struct mc_grid_note {
	char *text;
	bool *is_about;		/* [line * n_columns + column], as far as CAP */
	size_t cap;
	bool is_general;	/* about all numbers of the table */
	size_t first;		/* where a reader meets its letter: headings
				   count before the lines */
	size_t number;		/* in the order in which the notes came */
};

/* --- Cells ---------------------------------------------------------------- */

struct mc_grid *
mc_grid_alloc(const char *caption, const char *label)
{
	struct mc_grid *g = mc_xcalloc(1, sizeof(*g));

	g->caption = caption != NULL ? mc_xstrdup(caption) : NULL;
	g->label = label != NULL ? mc_xstrdup(label) : NULL;
	return g;
}

static void
free_columns(struct mc_grid *g)
{
	size_t c, k;

	for (c = 0; c < g->n_columns; c++) {
		for (k = 0; g->columns[c].above != NULL && k < g->n_above; k++)
			free(g->columns[c].above[k]);
		free(g->columns[c].above);
		free(g->columns[c].heading);
		free(g->columns[c].marks);
	}
	free(g->columns);
}

static void
free_line(struct mc_grid_line *line, size_t n)
{
	size_t c;

	for (c = 0; c < n; c++) {
		free(line->cells[c].text);
		free(line->cells[c].lower);
		free(line->cells[c].upper);
		free(line->cells[c].marks);
	}
	free(line->cells);
}

static void
free_notes(struct mc_grid *g)
{
	size_t i;

	for (i = 0; i < g->n_notes; i++) {
		free(g->notes[i].text);
		free(g->notes[i].is_about);
	}
	free(g->notes);
}

void
mc_grid_free(struct mc_grid *g)
{
	size_t i;

	if (g == NULL)
		return;
	for (i = 0; i < g->n_lines; i++)
		free_line(&g->lines[i], g->n_columns);
	free_columns(g);
	for (i = 0; i < g->n_sentences; i++) {
		free(g->sentences[i].marks);
		free(g->sentences[i].text);
	}
	free_notes(g);
	free(g->lines);
	free(g->sentences);
	free(g->caption);
	free(g->label);
	free(g);
}

struct mc_grid_column *
mc_grid_add_column(struct mc_grid *g, const char *heading, bool is_number)
{
	struct mc_grid_column *column;

	g->columns = mc_xgrow(g->columns, g->n_columns, &g->columns_cap,
	    sizeof(*g->columns));
	column = &g->columns[g->n_columns++];
	*column = (struct mc_grid_column){ .heading = mc_xstrdup(heading),
	    .is_number = is_number };
	return column;
}

void
mc_grid_add_above(struct mc_grid *g, const char *heading)
{
	struct mc_grid_column *column = &g->columns[g->n_columns - 1];
	size_t n;

	if (column->above == NULL)
		column->above = mc_xcalloc(MC_GRID_MOST_ABOVE,
		    sizeof(*column->above));
	for (n = 0; column->above[n] != NULL; n++)
		;
	column->above[n] = mc_xstrdup(heading);
	g->n_above = n + 1 > g->n_above ? n + 1 : g->n_above;
}

/* Whether columns A and B are of one group in line LEVEL. */
static bool
are_together(const struct mc_grid *g, size_t level, size_t a, size_t b)
{
	size_t k;

	if (g->columns[a].above == NULL || g->columns[b].above == NULL)
		return false;
	for (k = 0; k <= level; k++) {
		if (strcmp(g->columns[a].above[k], g->columns[b].above[k]) !=
		    0)
			return false;
	}
	return true;
}

size_t
mc_grid_group_end(const struct mc_grid *g, size_t level, size_t from)
{
	size_t end = from + 1;

	while (end < g->n_columns && are_together(g, level, from, end))
		end++;
	return end;
}

char *
mc_grid_heading(const struct mc_grid *g, size_t column)
{
	const struct mc_grid_column *c = &g->columns[column];
	struct mc_buf text = { 0 };
	size_t k;

	for (k = 0; c->above != NULL && k < g->n_above; k++)
		mc_buf_printf(&text, "%s / ", c->above[k]);
	mc_buf_puts(&text, c->heading);
	return text.data;
}

struct mc_grid_cell *
mc_grid_add_line(struct mc_grid *g, enum mc_grid_rule above)
{
	struct mc_grid_line *line;

	g->lines = mc_xgrow(g->lines, g->n_lines, &g->lines_cap,
	    sizeof(*g->lines));
	line = &g->lines[g->n_lines++];
	line->above = above;
	line->cells = mc_xcalloc(g->n_columns, sizeof(*line->cells));
	return line->cells;
}

static void
add_sentence(struct mc_grid *g, const char *marks, char *text)
{
	g->sentences = mc_xgrow(g->sentences, g->n_sentences,
	    &g->sentences_cap, sizeof(*g->sentences));
	g->sentences[g->n_sentences++] = (struct mc_grid_sentence){
	    marks != NULL ? mc_xstrdup(marks) : NULL, text };
}

void
mc_grid_say(struct mc_grid *g, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_sentence(g, NULL, mc_xvasprintf(fmt, ap));
	va_end(ap);
}

/* --- Notes ---------------------------------------------------------------- */

/* The note that says the LEN bytes at TEXT. */
static struct mc_grid_note *
find_note(struct mc_grid *g, const char *text, size_t len)
{
	struct mc_grid_note *note;
	size_t i;

	for (i = 0; i < g->n_notes; i++) {
		if (strlen(g->notes[i].text) == len &&
		    memcmp(g->notes[i].text, text, len) == 0)
			return &g->notes[i];
	}
	g->notes = mc_xgrow(g->notes, g->n_notes, &g->notes_cap,
	    sizeof(*g->notes));
	note = &g->notes[g->n_notes++];
	*note = (struct mc_grid_note){ .text = mc_xstrndup(text, len) };
	return note;
}

static void
add_place(struct mc_grid_note *note, size_t place)
{
	size_t cap = note->cap;

	if (place >= cap) {
		cap = 2 * place + 1;
		note->is_about = mc_xreallocarray(note->is_about, cap,
		    sizeof(*note->is_about));
		memset(note->is_about + note->cap, 0, cap - note->cap);
		note->cap = cap;
	}
	note->is_about[place] = true;
}

static bool
is_about(const struct mc_grid_note *note, size_t place)
{
	return place < note->cap && note->is_about[place];
}

void
mc_grid_note(struct mc_grid *g, size_t line, size_t column, const char *text)
{
	size_t n;

	g->lines[line].cells[column].noted = true;
	for (; *text != '\0'; text += n + (text[n] != '\0' ? 2 : 0)) {
		n = mc_remark_length(text);
		add_place(find_note(g, text, n), line * g->n_columns + column);
	}
}

static void
drop_note(struct mc_grid *g, struct mc_grid_note *note)
{
	size_t i = (size_t)(note - g->notes);

	free(note->text);
	free(note->is_about);
	g->n_notes--;
	memmove(note, note + 1, (g->n_notes - i) * sizeof(*note));
}

void
mc_grid_drop_note(struct mc_grid *g, const char *text)
{
	size_t i;

	for (i = 0; i < g->n_notes; i++) {
		if (strcmp(g->notes[i].text, text) == 0) {
			drop_note(g, &g->notes[i]);
			return;
		}
	}
}

/* --- Notes that differ in a count ----------------------------------------- */

/* A text with a whole number that counts something, and what it counts. */
struct counted {
	size_t before;		/* bytes before the number */
	uintmax_t count;
	const char *after;	/* what follows it */
};

/* Find "in 3 of 4999 replicates" in TEXT. */
static bool
find_count(const char *text, struct counted *c)
{
	const char *in = strstr(text, "in "), *of;
	char *end;

	if (in == NULL || !isdigit((unsigned char)in[3]))
		return false;
	c->before = (size_t)(in + 3 - text);
	c->count = strtoumax(in + 3, &end, 10);
	c->after = end;
	if (strncmp(end, " of ", 4) != 0)
		return false;
	of = end + 4;
	of += strspn(of, "0123456789");
	return strncmp(of, " replicates", 11) == 0;
}

/* Whether A and B differ in nothing but their count. */
static bool
differ_in_count(const char *a, const struct counted *in_a, const char *b,
    const struct counted *in_b)
{
	return in_a->before == in_b->before &&
	    strncmp(a, b, in_a->before) == 0 &&
	    strcmp(in_a->after, in_b->after) == 0;
}

/* Move the places of the note at FROM to the one at TO, and drop it. */
static void
merge_note(struct mc_grid *g, size_t to, size_t from)
{
	struct mc_grid_note *note = &g->notes[from];
	size_t i;

	for (i = 0; i < note->cap; i++) {
		if (note->is_about[i])
			add_place(&g->notes[to], i);
	}
	drop_note(g, note);
}

/* Merge all that differs from note I in its count: "in 3 to 14 of ...". */
static void
merge_counts(struct mc_grid *g, size_t i)
{
	struct counted own, other;
	uintmax_t least, most;
	size_t k = i + 1;
	char *text;

	if (!find_count(g->notes[i].text, &own))
		return;
	least = most = own.count;
	while (k < g->n_notes) {
		if (!find_count(g->notes[k].text, &other) ||
		    !differ_in_count(g->notes[i].text, &own, g->notes[k].text,
		    &other)) {
			k++;
			continue;
		}
		least = other.count < least ? other.count : least;
		most = other.count > most ? other.count : most;
		merge_note(g, i, k);
	}
	if (least == most)
		return;
	text = mc_xasprintf("%.*s%ju to %ju%s", (int)own.before,
	    g->notes[i].text, least, most, own.after);
	free(g->notes[i].text);
	g->notes[i].text = text;
}

/* --- Letters -------------------------------------------------------------- */

/* Whether NOTE is about every number of a column. */
static bool
covers(const struct mc_grid *g, const struct mc_grid_note *note, size_t column)
{
	size_t i;

	for (i = 0; i < g->n_lines; i++) {
		if (g->lines[i].cells[column].noted &&
		    !is_about(note, i * g->n_columns + column))
			return false;
	}
	return true;
}

static void
add_mark(char **marks, const char *mark)
{
	char *all = *marks == NULL ? mc_xstrdup(mark) :
	    mc_xasprintf("%s,%s", *marks, mark);

	free(*marks);
	*marks = all;
}

/* Put MARK at the headings and numbers that NOTE is about. */
static void
set_marks(struct mc_grid *g, const struct mc_grid_note *note, const char *mark)
{
	size_t c, i;

	for (c = 0; c < g->n_columns; c++) {
		bool has_numbers = false, all = covers(g, note, c);

		for (i = 0; i < g->n_lines; i++) {
			struct mc_grid_cell *cell = &g->lines[i].cells[c];

			has_numbers |= cell->noted;
			if (!all && is_about(note, i * g->n_columns + c))
				add_mark(&cell->marks, mark);
		}
		if (all && has_numbers)
			add_mark(&g->columns[c].marks, mark);
	}
}

/* "few units: ..." as "Few units: ....", a sentence. */
static char *
sentence(const char *note)
{
	static const char letters[] = "-abcdefghijklmnopqrstuvwxyz";
	char *text = mc_xasprintf("%s.", note);
	bool is_word = strspn(note, letters + 1) > 1;

	/* Symbols such as p, and names such as vgg16/frozen, keep their case. */
	if ((is_word && strchr(" ,:", note[strspn(note, letters)]) != NULL) ||
	    strncmp(note, "a ", 2) == 0)
		*text = (char)toupper((unsigned char)*text);
	return text;
}

/* The letter of note NUMBER: a to z, then aa, ab, ... */
static void
spell_mark(char mark[3], size_t number)
{
	if (number < 26)
		snprintf(mark, 3, "%c", (int)('a' + number));
	else
		snprintf(mark, 3, "%c%c", (int)('a' + (number / 26 - 1) % 26),
		    (int)('a' + number % 26));
}

/* Where a reader first meets the letter of NOTE. */
static size_t
first_place(const struct mc_grid *g, const struct mc_grid_note *note)
{
	size_t first = SIZE_MAX, c, i;

	for (c = 0; c < g->n_columns; c++) {
		bool all = covers(g, note, c);

		for (i = 0; i < g->n_lines; i++) {
			size_t at = i * g->n_columns + c;

			if (!is_about(note, at))
				continue;
			at = all ? c : g->n_columns + at;
			first = at < first ? at : first;
		}
	}
	return first;
}

static int
compare_notes(const void *va, const void *vb)
{
	const struct mc_grid_note *a = va, *b = vb;

	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	return (a->number > b->number) - (a->number < b->number);
}

static void
measure_column(struct mc_grid *g, size_t c)
{
	struct mc_grid_column *column = &g->columns[c];
	size_t i;

	for (i = 0; i < g->n_lines; i++) {
		const struct mc_grid_cell *cell = &g->lines[i].cells[c];

		column->has_intervals |= cell->lower != NULL;
		if (cell->marks != NULL && (column->widest == NULL ||
		    strlen(cell->marks) > strlen(column->widest)))
			column->widest = cell->marks;
	}
}

void
mc_grid_finish(struct mc_grid *g)
{
	size_t i, c, lettered = 0;
	char mark[3];

	for (i = 0; i < g->n_notes; i++)
		merge_counts(g, i);
	for (i = 0; i < g->n_notes; i++) {
		struct mc_grid_note *note = &g->notes[i];

		for (c = 0; c < g->n_columns && covers(g, note, c); c++)
			;
		note->is_general = c == g->n_columns;
		if (note->is_general)
			add_sentence(g, NULL, sentence(note->text));
	}
	for (i = 0; i < g->n_notes; i++) {
		g->notes[i].number = i;
		g->notes[i].first = first_place(g, &g->notes[i]);
	}
	if (g->n_notes > 0)
		qsort(g->notes, g->n_notes, sizeof(*g->notes), compare_notes);
	for (i = 0; i < g->n_notes; i++) {
		if (g->notes[i].is_general)
			continue;
		spell_mark(mark, lettered++);
		set_marks(g, &g->notes[i], mark);
		add_sentence(g, mark, sentence(g->notes[i].text));
	}
	for (c = 0; c < g->n_columns; c++)
		measure_column(g, c);
}
