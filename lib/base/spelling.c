/* spelling.c - find values that are one though spelled in several ways. */
#include "config.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/spelling.h"

#define DIGITS	"0123456789"
#define BLANKS	" \t\v\f\r\n"

/* So many digits are always told apart by a double. */
#define SAFE_LENGTH	15

const char *
mc_plain_number(const char *text, char buf[MC_NUM_SIZE])
{
	const char *number = text + (*text == '+');
	size_t whole, n;

	if (strchr(number, '.') == NULL && number == text)
		return text;
	n = strlen(number);
	whole = strspn(number + (*number == '-'), DIGITS);
	if (whole == 0 || n >= MC_NUM_SIZE)
		return text;
	whole += *number == '-';
	if (number[whole] == '.') {
		if (whole + 1 + strspn(number + whole + 1, DIGITS) != n)
			return text;
		while (number[n - 1] == '0')
			n--;
		n -= number[n - 1] == '.';
	} else if (whole != n)
		return text;
	memcpy(buf, number, n);
	buf[n] = '\0';
	return strcmp(buf, "-0") == 0 ? "0" : buf;
}

const char *
mc_key_number(const char *text, char buf[MC_NUM_SIZE])
{
	char bare[MC_NUM_SIZE];
	const char *begin = text + strspn(text, BLANKS), *plain;
	size_t n = strlen(begin);
	bool negative;

	while (n > 0 && strchr(BLANKS, begin[n - 1]) != NULL)
		n--;
	if (n == 0 || n >= sizeof(bare))
		return text;
	memcpy(bare, begin, n);
	bare[n] = '\0';
	plain = mc_plain_number(bare, buf);
	negative = *plain == '-';
	begin = plain + negative;
	n = strspn(begin, DIGITS);
	if (n == 0 || (begin[n] != '\0' && (begin[n] != '.' ||
	    begin[n + 1 + strspn(begin + n + 1, DIGITS)] != '\0')))
		return text;
	while (*begin == '0' && strchr(DIGITS, begin[1]) != NULL &&
	    begin[1] != '\0')
		begin++;
	n = strlen(begin);
	memmove(buf + negative, begin, n + 1);
	if (negative)
		*buf = '-';
	return strcmp(buf, "-0") == 0 ? "0" : buf;
}

/* Of a text without blanks at its ends, in small letters. */
static char *
key_of(const char *text)
{
	char number[MC_NUM_SIZE];
	double v;

	if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
		return mc_xstrdup(*text == 't' ? "1" : "0");
	if (strlen(text) > SAFE_LENGTH ||
	    mc_parse_f64(text, -DBL_MAX, DBL_MAX, &v, NULL) != MC_OK)
		return mc_xstrdup(text);
	return mc_xstrdup(mc_format_f64(number, v == 0 ? 0 : v));
}

char *
mc_spelling_key(const char *text)
{
	const char *first = text + strspn(text, BLANKS);
	size_t n = strlen(first), i;
	char *small, *key;

	while (n > 0 && strchr(BLANKS, first[n - 1]) != NULL)
		n--;
	small = mc_xstrndup(first, n);
	for (i = 0; i < n; i++) {
		if (small[i] >= 'A' && small[i] <= 'Z')
			small[i] = (char)(small[i] - 'A' + 'a');
	}
	key = key_of(small);
	free(small);
	return key;
}

const char *
mc_spelling_like(const struct mc_names *names, const char *text)
{
	char *wanted = mc_spelling_key(text), *key;
	const char *found = NULL;
	size_t i;

	for (i = 0; i < mc_names_count(names) && found == NULL; i++) {
		key = mc_spelling_key(mc_names_at(names, i));
		if (strcmp(key, wanted) == 0)
			found = mc_names_at(names, i);
		free(key);
	}
	free(wanted);
	return found;
}

bool
mc_two_spellings(const char *const *text, size_t n, size_t *a, size_t *b)
{
	struct mc_names *keys = mc_names_alloc();
	bool found = false;

	for (*b = 0; *b < n && !found; ++*b) {
		char *key = mc_spelling_key(text[*b]);

		*a = mc_names_copy(keys, key);
		found = *a < *b;
		free(key);
	}
	if (found)
		--*b;
	mc_names_free(keys);
	return found;
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t
mc_spelling_distance(const char *a, const char *b)
{
	size_t m = strlen(a), n = strlen(b), i, k, d;
	/* Row i: from the first i characters of A to the first k of B. */
	size_t *rows = mc_xcalloc(3 * (n + 1), sizeof(*rows));
	size_t *before = rows, *last = before + n + 1, *row = last + n + 1;

	for (k = 0; k <= n; k++)
		row[k] = k;
	for (i = 1; i <= m; i++) {
		size_t *spare = before;

		before = last;
		last = row;
		row = spare;
		row[0] = i;
		for (k = 1; k <= n; k++) {
			d = last[k - 1] + (a[i - 1] != b[k - 1]);
			d = least(d, least(last[k], row[k - 1]) + 1);
			if (i > 1 && k > 1 && a[i - 1] == b[k - 2] &&
			    a[i - 2] == b[k - 1])
				d = least(d, before[k - 2] + 1);
			row[k] = d;
		}
	}
	d = row[n];
	free(rows);
	return d;
}
