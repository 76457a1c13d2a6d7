/* decimal_comma.c - read numbers with a decimal comma. */
#include "config.h"

#include <string.h>

#include "base/mem.h"
#include "table/decimal_comma.h"

#define DIGITS	"0123456789"

bool
mc_decimal_comma(const char *text)
{
	const char *p = text + (*text == '-' || *text == '+');
	size_t whole = strspn(p, DIGITS), decimals, power;

	if (whole == 0 || p[whole] != ',')
		return false;
	p += whole + 1;
	decimals = strspn(p, DIGITS);
	p += decimals;
	if (decimals > 0 && (*p == 'e' || *p == 'E')) {
		p += 1 + (p[1] == '-' || p[1] == '+');
		power = strspn(p, DIGITS);
		decimals = power;
		p += power;
	}
	return decimals > 0 && *p == '\0';
}

/* Whether TEXT is made as numbers are, but with several separators or a point. */
static bool
is_doubtful(const char *text)
{
	const char *comma = strchr(text, ',');

	return strpbrk(text, DIGITS) != NULL &&
	    text[strspn(text, DIGITS ",.+-/:; ")] == '\0' &&
	    (strchr(text, '.') != NULL ||
	    (comma != NULL && !mc_decimal_comma(text)));
}

/*
 * The first row of column C with a decimal comma.  The number of rows: there is
 * none, or another field or the name says that it may not be one.
 */
static size_t
first_comma(const struct mc_table *t, size_t c)
{
	size_t rows = mc_table_rows(t), first = rows, row;

	if (strchr(mc_table_column(t, c), ',') != NULL)
		return rows;
	for (row = 0; row < rows; row++) {
		const char *text = mc_table_get(t, row, c);

		if (is_doubtful(text))
			return rows;
		if (first == rows && mc_decimal_comma(text))
			first = row;
	}
	return first;
}

void
mc_decimal_commas_read(struct mc_table *t)
{
	size_t rows = mc_table_rows(t), n = 0, c, row, first;
	struct mc_buf names = { 0 }, note = { 0 };
	char *text;

	for (c = 0; c < mc_table_columns(t); c++) {
		first = first_comma(t, c);
		if (first == rows)
			continue;
		if (n == 0)
			mc_buf_printf(&note, "\"%s\" in line %lld is ",
			    mc_table_get(t, first, c),
			    (long long)mc_table_line(t, first));
		for (row = first; row < rows; row++) {
			text = mc_table_field(t, row, c);
			if (mc_decimal_comma(text))
				*strchr(text, ',') = '.';
		}
		if (n == 0)
			mc_buf_puts(&note, mc_table_get(t, first, c));
		mc_buf_printf(&names, "%s%s", n++ > 0 ? ", " : "",
		    mc_table_column(t, c));
	}
	if (n > 0)
		mc_table_set_note(t, "%s: decimal commas are read as points in "
		    "column%s %s: %s", mc_table_name(t), MC_PLURAL(n),
		    names.data, note.data);
	mc_buf_free(&names);
	mc_buf_free(&note);
}
