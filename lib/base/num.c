/* num.c - numbers to and from text. */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"

enum mc_status
mc_parse_i64(const char *s, int64_t min, int64_t max, int64_t *v,
    struct mc_err *err)
{
	const char *digits = *s == '-' || *s == '+' ? s + 1 : s;
	char *end;
	long long x;

	if (*digits == '\0' ||
	    digits[strspn(digits, "0123456789")] != '\0')
		return mc_err_set(err, MC_EDATA,
		    "\"%s\" is not a whole number", s);
	errno = 0;
	x = strtoll(s, &end, 10);
	if (errno == ERANGE || x < min || x > max) {
		if (max == INT64_MAX)
			return mc_err_set(err, MC_EDATA,
			    "%s is less than %lld or too large", s,
			    (long long)min);
		return mc_err_set(err, MC_EDATA,
		    "%s is not between %lld and %lld", s, (long long)min,
		    (long long)max);
	}
	*v = x;
	return MC_OK;
}

enum mc_status
mc_parse_f64(const char *s, double min, double max, double *v,
    struct mc_err *err)
{
	char *end = NULL;
	double x = 0;

	/* The program never calls setlocale, so the point is a point. */
	if (*s != '\0' && s[strspn(s, "0123456789+-.eE")] == '\0')
		x = strtod(s, &end);
	if (end == NULL || end == s || *end != '\0' || !isfinite(x))
		return mc_err_set(err, MC_EDATA, "\"%s\" is not a number", s);
	if (x < min || x > max)
		return mc_err_set(err, MC_EDATA, "%s is not between %g and %g",
		    s, min, max);
	*v = x;
	return MC_OK;
}

char *
mc_format_f64(char buf[MC_NUM_SIZE], double v)
{
	int precision;

	for (precision = 15; precision <= 17; precision++) {
		snprintf(buf, MC_NUM_SIZE, "%.*g", precision, v);
		if (strtod(buf, NULL) == v)
			break;
	}
	return buf;
}

char *
mc_format_f32(char buf[MC_NUM_SIZE], float v)
{
	int precision;

	for (precision = 6; precision <= 9; precision++) {
		snprintf(buf, MC_NUM_SIZE, "%.*g", precision, (double)v);
		if (strtof(buf, NULL) == v)
			break;
	}
	return buf;
}

size_t
mc_split_commas(const char *list, char ***items)
{
	size_t n = 1, i = 0, len = strlen(list);
	const char *c;
	char *text;

	for (c = list; *c != '\0'; c++)
		n += *c == ',';
	*items = mc_xmalloc((n + 1) * sizeof(**items) + len + 1);
	text = memcpy(*items + n + 1, list, len + 1);
	(*items)[i++] = text;
	for (; *text != '\0'; text++) {
		if (*text == ',') {
			*text = '\0';
			(*items)[i++] = text + 1;
		}
	}
	(*items)[n] = NULL;
	return n;
}
