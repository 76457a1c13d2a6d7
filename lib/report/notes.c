/* notes.c - the remarks below a table. */
#include "config.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/latex.h"
#include "report/notes.h"

struct note {
	char *text;
	bool *cell;		/* [line * n_columns + column]: it is about */
	char mark[8];		/* "" where it is about all numbers */
};

struct mc_notes {
	size_t n_lines, n_columns;
	bool *there;		/* [line * n_columns + column]: a number */
	size_t n, cap;
	struct note *notes;
	char **widest;		/* [column]: the longest marks of a number */
};

struct mc_notes *
mc_notes_alloc(size_t n_lines, size_t n_columns)
{
	struct mc_notes *n = mc_xcalloc(1, sizeof(*n));

	n->n_lines = n_lines;
	n->n_columns = n_columns;
	n->there = mc_xcalloc(n_lines * n_columns, sizeof(*n->there));
	return n;
}

void
mc_notes_free(struct mc_notes *n)
{
	size_t i;

	if (n == NULL)
		return;
	for (i = 0; i < n->n; i++) {
		free(n->notes[i].text);
		free(n->notes[i].cell);
	}
	for (i = 0; i < n->n_columns && n->widest != NULL; i++)
		free(n->widest[i]);
	free(n->widest);
	free(n->notes);
	free(n->there);
	free(n);
}

/* The note with the LEN bytes at TEXT. */
static struct note *
find_note(struct mc_notes *n, const char *text, size_t len)
{
	struct note *note;
	size_t i;

	for (i = 0; i < n->n; i++) {
		if (strlen(n->notes[i].text) == len &&
		    memcmp(n->notes[i].text, text, len) == 0)
			return &n->notes[i];
	}
	n->notes = mc_xgrow(n->notes, n->n, &n->cap, sizeof(*n->notes));
	note = &n->notes[n->n++];
	note->text = mc_xstrndup(text, len);
	note->cell = mc_xcalloc(n->n_lines * n->n_columns,
	    sizeof(*note->cell));
	*note->mark = '\0';
	return note;
}

void
mc_notes_add(struct mc_notes *n, size_t line, size_t column, const char *text)
{
	size_t cell = line * n->n_columns + column;
	const char *end;

	n->there[cell] = true;
	for (; *text != '\0'; text = *end == '\0' ? end : end + 2) {
		end = strstr(text, "; ");
		if (end == NULL)
			end = text + strlen(text);
		find_note(n, text, (size_t)(end - text))->cell[cell] = true;
	}
}

/* Whether NOTE is about every number of a column. */
static bool
covers(const struct mc_notes *n, const struct note *note, size_t column)
{
	size_t i;

	for (i = column; i < n->n_lines * n->n_columns; i += n->n_columns) {
		if (n->there[i] && !note->cell[i])
			return false;
	}
	return true;
}

/* a to z, then aa, ab, ... */
static void
set_mark(char mark[8], size_t number)
{
	if (number < 26)
		snprintf(mark, 8, "%c", (int)('a' + number));
	else
		snprintf(mark, 8, "%c%c", (int)('a' + (number / 26 - 1) % 26),
		    (int)('a' + number % 26));
}

/* The letters of the heading, or of the number in LINE, of a column: "a,c". */
static void
join_marks(const struct mc_notes *n, bool heading, size_t line, size_t column,
    struct mc_buf *marks)
{
	size_t i;

	for (i = 0; i < n->n; i++) {
		const struct note *note = &n->notes[i];

		if (*note->mark == '\0' ||
		    covers(n, note, column) != heading ||
		    (!heading && !note->cell[line * n->n_columns + column]))
			continue;
		mc_buf_printf(marks, "%s%s", marks->len > 0 ? "," : "",
		    note->mark);
	}
}

/* Find the longest marks of a number in each column. */
static void
find_widest(struct mc_notes *n)
{
	size_t line, c;

	n->widest = mc_xcalloc(n->n_columns, sizeof(*n->widest));
	for (c = 0; c < n->n_columns; c++) {
		struct mc_buf widest = { 0 };

		for (line = 0; line < n->n_lines; line++) {
			struct mc_buf marks = { 0 };

			join_marks(n, false, line, c, &marks);
			if (marks.len > widest.len) {
				mc_buf_free(&widest);
				widest = marks;
			} else {
				mc_buf_free(&marks);
			}
		}
		n->widest[c] = widest.len > 0 ? widest.data : NULL;
	}
}

void
mc_notes_letter(struct mc_notes *n)
{
	size_t i, c, marked = 0;

	for (i = 0; i < n->n; i++) {
		for (c = 0; c < n->n_columns; c++) {
			if (!covers(n, &n->notes[i], c)) {
				set_mark(n->notes[i].mark, marked++);
				break;
			}
		}
	}
	find_widest(n);
}

/*
 * The marks are printed over a box that is as wide as the widest marks of the
 * column can be (no letter is wider than m), so that numbers stay aligned and
 * no mark runs into the next column.
 */
void
mc_notes_mark(const struct mc_notes *n, size_t line, size_t column,
    struct mc_buf *text)
{
	struct mc_buf marks = { 0 };
	const char *c;

	if (n->widest[column] == NULL)
		return;
	join_marks(n, false, line, column, &marks);
	if (marks.len > 0)
		mc_buf_printf(text, "\\rlap{\\textsuperscript{%s}}",
		    marks.data);
	mc_buf_puts(text, "\\hphantom{\\textsuperscript{");
	for (c = n->widest[column]; *c != '\0'; c++)
		mc_buf_puts(text, *c == ',' ? "," : "m");
	mc_buf_puts(text, "}}");
	mc_buf_free(&marks);
}

void
mc_notes_mark_heading(const struct mc_notes *n, size_t column,
    struct mc_buf *text)
{
	struct mc_buf marks = { 0 };

	join_marks(n, true, 0, column, &marks);
	if (marks.len > 0)
		mc_buf_printf(text, "\\textsuperscript{%s}", marks.data);
	mc_buf_free(&marks);
}

/* Append the remark as a sentence: "few units: ..." as "Few units: ...". */
static void
write_sentence(const char *remark, struct mc_buf *text)
{
	char *sentence = mc_xstrdup(remark);
	size_t word = strspn(remark, "abcdefghijklmnopqrstuvwxyz");

	/* Symbols such as p, and names such as vgg16/frozen, keep their case. */
	if ((word > 1 && strchr(" ,:", remark[word]) != NULL) ||
	    strncmp(remark, "a ", 2) == 0)
		sentence[0] = (char)toupper((unsigned char)sentence[0]);
	mc_latex_escape(text, sentence);
	mc_buf_puts(text, ".\n");
	free(sentence);
}

void
mc_notes_write(const struct mc_notes *n, struct mc_buf *text)
{
	size_t i;

	for (i = 0; i < n->n; i++) {
		if (*n->notes[i].mark != '\0')
			continue;
		write_sentence(n->notes[i].text, text);
	}
	for (i = 0; i < n->n; i++) {
		if (*n->notes[i].mark == '\0')
			continue;
		mc_buf_printf(text, "\\textsuperscript{%s}~",
		    n->notes[i].mark);
		write_sentence(n->notes[i].text, text);
	}
}
