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

/* What a column holds: the number of rows where there is no such row. */
struct found {
	size_t comma;		/* the first row with a decimal comma */
	size_t doubt;		/* the first that says that it may not be one */
};

static struct found
look(const struct mc_table *t, size_t c)
{
	size_t rows = mc_table_rows(t), row;
	struct found f = { rows, rows };

	for (row = 0; row < rows; row++) {
		const char *text = mc_table_get(t, row, c);

		if (f.doubt == rows && is_doubtful(text))
			f.doubt = row;
		if (f.comma == rows && mc_decimal_comma(text))
			f.comma = row;
	}
	return f;
}

/* Put points for the decimal commas in column C, from row FIRST on. */
static void
put_points(struct mc_table *t, size_t c, size_t first)
{
	size_t row;

	for (row = first; row < mc_table_rows(t); row++) {
		char *text = mc_table_field(t, row, c);

		if (mc_decimal_comma(text))
			*strchr(text, ',') = '.';
	}
}

/* What is said of columns that were changed, or left; the first is shown. */
struct said {
	size_t n;
	struct mc_buf names, first;
};

static void
add_column(struct said *s, const char *name)
{
	mc_buf_printf(&s->names, "%s%s", s->n++ > 0 ? ", " : "", name);
}

/* Note in T which columns have CHANGED, and which were LEFT. */
static void
note(struct mc_table *t, const struct said *changed, const struct said *left)
{
	struct mc_buf text = { 0 };

	if (changed->n > 0)
		mc_buf_printf(&text, "decimal commas are read as points in "
		    "column%s %s: %s", MC_PLURAL(changed->n),
		    changed->names.data, changed->first.data);
	if (left->n > 0)
		mc_buf_printf(&text, "%scommas are left in column%s %s: %s",
		    text.len > 0 ? "; " : "", MC_PLURAL(left->n),
		    left->names.data, left->first.data);
	if (text.len > 0)
		mc_table_set_note(t, "%s: %s", mc_table_name(t), text.data);
	mc_buf_free(&text);
}

void
mc_decimal_commas_read(struct mc_table *t, const char *key)
{
	struct said changed = { 0 }, left = { 0 };
	size_t rows = mc_table_rows(t), c;

	for (c = 0; c < mc_table_columns(t); c++) {
		const char *name = mc_table_column(t, c);
		struct found f = look(t, c);

		if (f.comma == rows || strchr(name, ',') != NULL ||
		    (key != NULL && strcmp(name, key) == 0))
			continue;
		if (f.doubt < rows) {
			if (left.n == 0)
				mc_buf_printf(&left.first, "\"%s\" in line "
				    "%lld may be a decimal comma, but \"%s\" "
				    "in line %lld is no such number",
				    mc_table_get(t, f.comma, c),
				    (long long)mc_table_line(t, f.comma),
				    mc_table_get(t, f.doubt, c),
				    (long long)mc_table_line(t, f.doubt));
			add_column(&left, name);
			continue;
		}
		if (changed.n == 0)
			mc_buf_printf(&changed.first, "\"%s\" in line %lld is ",
			    mc_table_get(t, f.comma, c),
			    (long long)mc_table_line(t, f.comma));
		put_points(t, c, f.comma);
		if (changed.n == 0)
			mc_buf_puts(&changed.first, mc_table_get(t, f.comma,
			    c));
		add_column(&changed, name);
	}
	note(t, &changed, &left);
	mc_buf_free(&changed.names);
	mc_buf_free(&changed.first);
	mc_buf_free(&left.names);
	mc_buf_free(&left.first);
}
