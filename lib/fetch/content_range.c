/* content_range.c - read what a server says which bytes of a file it sends. */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "fetch/content_range.h"

#define UNIT "bytes "

/* Read digits at *S, and what must be behind them, into *X, and step beyond. */
static bool
read_number(const char **s, char behind, int64_t *x)
{
	const char *p = *s;

	for (*x = 0; *p >= '0' && *p <= '9'; p++) {
		if (*x > (INT64_MAX - 9) / 10)
			return false;
		*x = 10 * *x + (*p - '0');
	}
	if (p == *s || *p != behind)
		return false;
	*s = p + 1;
	return true;
}

bool
mc_content_range_parse(const char *s, int64_t *first, int64_t *total)
{
	int64_t from, to, all = 0;

	if (s == NULL || strncasecmp(s, UNIT, sizeof(UNIT) - 1) != 0)
		return false;
	s += sizeof(UNIT) - 1;
	if (!read_number(&s, '-', &from) || !read_number(&s, '/', &to) ||
	    to < from)
		return false;
	if (strcmp(s, "*") != 0 && (!read_number(&s, '\0', &all) ||
	    all <= to))
		return false;
	*first = from;
	*total = all;
	return true;
}
