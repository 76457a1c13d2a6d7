/* num.c - convert numbers to and from text. */
#include "config.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>
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

/* Go on from *WHOLE with the digits at P, up to 19 in all; returns the end. */
static const char *
read_digits(const char *p, uint64_t *whole, int *digits)
{
	for (; *p >= '0' && *p <= '9' && *digits < 19; p++, ++*digits)
		*whole = 10 * *whole + (uint64_t)(*p - '0');
	return p;
}

/*
 * What strtod gives for S, at once where that can be (Clinger, "How to read
 * floating point numbers accurately", PLDI 1990): whole numbers up to 2^53 and
 * powers of ten up to 10^22 are doubles themselves, so that their product or
 * quotient is rounded once and rightly.  False: ask strtod.
 */
static bool
parse_short(const char *s, double *v)
{
	static const double power[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7,
	    1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
	    1e19, 1e20, 1e21, 1e22 };
	uint64_t whole = 0, e = 0;
	int digits = 0, e_digits = 0, scale = 0;
	const char *p, *point;
	bool down;

	p = read_digits(s + (*s == '-'), &whole, &digits);
	if (*p == '.') {
		point = p + 1;
		p = read_digits(point, &whole, &digits);
		scale = (int)(point - p);
	}
	if (digits > 0 && (*p == 'e' || *p == 'E')) {
		down = p[1] == '-';
		p = read_digits(p + (down || p[1] == '+' ? 2 : 1), &e,
		    &e_digits);
		if (e_digits == 0 || e > 99)
			return false;
		scale += down ? -(int)e : (int)e;
	}
	if (FLT_EVAL_METHOD != 0 || *p != '\0' || digits == 0 ||
	    whole > UINT64_C(1) << 53 || scale < -22 || scale > 22)
		return false;
	*v = scale < 0 ? (double)whole / power[-scale] :
	    (double)whole * power[scale];
	if (*s == '-')
		*v = -*v;
	return true;
}

enum mc_status
mc_parse_f64(const char *s, double min, double max, double *v,
    struct mc_err *err)
{
	char *end = NULL;
	double x = 0;
	bool known = parse_short(s, &x);

	/* The program never calls setlocale, so the point is a point. */
	if (!known && *s != '\0' && s[strspn(s, "0123456789+-.eE")] == '\0')
		x = strtod(s, &end);
	if (!known &&
	    (end == NULL || end == s || *end != '\0' || !isfinite(x)))
		return mc_err_set(err, MC_EDATA, "\"%s\" is not a number%s", s,
		    strchr(s, ',') == NULL ? "" : ": use a decimal point, not "
		    "a comma");
	if (min == DBL_MIN && (x < min || x > max))
		return mc_err_set(err, MC_EDATA, "%s is not above 0 and at "
		    "most %g", s, max);
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
mc_split_at(const char *list, char c, char ***items)
{
	size_t n = 1, i = 0, len = strlen(list);
	const char *s;
	char *text;

	for (s = list; *s != '\0'; s++)
		n += *s == c;
	*items = mc_xmalloc((n + 1) * sizeof(**items) + len + 1);
	text = memcpy(*items + n + 1, list, len + 1);
	(*items)[i++] = text;
	for (; *text != '\0'; text++) {
		if (*text == c) {
			*text = '\0';
			(*items)[i++] = text + 1;
		}
	}
	(*items)[n] = NULL;
	return n;
}

size_t
mc_split_commas(const char *list, char ***items)
{
	return mc_split_at(list, ',', items);
}
