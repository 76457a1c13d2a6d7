/* pnm.c - read the headers of Netpbm's images. */
#include "config.h"

#include <string.h>

#include "base/pnm.h"

#define LARGEST (65535LL * 65535)

static bool
is_space(int c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

void
mc_pnm_skip(const void *bytes, size_t n, size_t *at)
{
	const char *p = bytes;

	for (; *at < n; ++*at) {
		if (p[*at] == '#') {
			while (*at < n && p[*at] != '\n' && p[*at] != '\r')
				++*at;
			if (*at == n)
				return;
		} else if (!is_space(p[*at])) {
			return;
		}
	}
}

int64_t
mc_pnm_number(const void *bytes, size_t n, size_t *at)
{
	const char *p = bytes;
	int64_t value = -1;

	for (mc_pnm_skip(bytes, n, at); *at < n && p[*at] >= '0' &&
	    p[*at] <= '9'; ++*at) {
		value = (value < 0 ? 0 : value * 10) + (p[*at] - '0');
		if (value > LARGEST)
			return -1;
	}
	return value;
}

/* Take VALUE as a width, height or maxval, where it is from 1 to TOP. */
static bool
take(uint32_t *to, int64_t value, int64_t top)
{
	*to = (uint32_t)value;
	return value >= 1 && value <= top;
}

/* Whether the N bytes at LINE name grey or RGB samples. */
static bool
is_known_tuple(const char *line, size_t n)
{
	static const char *const known[] = {
		"BLACKANDWHITE", "GRAYSCALE", "RGB", "BLACKANDWHITE_ALPHA",
		"GRAYSCALE_ALPHA", "RGB_ALPHA"
	};
	size_t i;

	while (n > 0 && is_space(line[n - 1]))
		n--;
	while (n > 0 && is_space(*line)) {
		line++;
		n--;
	}
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strlen(known[i]) == n && memcmp(known[i], line, n) == 0)
			return true;
	}
	return false;
}

/* Take what a line of N bytes of a PAM's header says; false: it is refused. */
static bool
read_line(struct mc_pnm *p, const char *line, size_t n)
{
	static const char *const names[] = {
		"WIDTH ", "HEIGHT ", "DEPTH ", "MAXVAL "
	};
	static const int64_t top[] = { INT32_MAX, INT32_MAX, 4, 65535 };
	uint32_t value = 0;
	size_t i, at;

	if (n > 9 && memcmp(line, "TUPLTYPE ", 9) == 0)
		return is_known_tuple(line + 9, n - 9);
	for (i = 0; i < 4; i++) {
		at = strlen(names[i]);
		if (n <= at || memcmp(line, names[i], at) != 0)
			continue;
		if (!take(&value, mc_pnm_number(line, n, &at), top[i]))
			return false;
		if (i < 2)
			*(i == 0 ? &p->width : &p->height) = value;
		else
			*(i == 2 ? &p->channels : &p->maxval) = (int)value;
	}
	return true;
}

/* The lines of a PAM, in any order, up to ENDHDR. */
static bool
read_pam(struct mc_pnm *p, const char *bytes, size_t n)
{
	size_t at = 3, length;
	const char *end;

	for (; at < n; at += length + 1) {
		end = memchr(bytes + at, '\n', n - at);
		if (end == NULL)
			return false;
		length = (size_t)(end - bytes) - at;
		if (length >= 6 && memcmp(bytes + at, "ENDHDR", 6) == 0) {
			p->raster = at + length + 1;
			return p->width > 0 && p->height > 0 &&
			    p->channels > 0 && p->maxval > 0;
		}
		if (!read_line(p, bytes + at, length))
			return false;
	}
	return false;
}

bool
mc_pnm_header(struct mc_pnm *p, const void *bytes, size_t n)
{
	const char *head = bytes;
	uint32_t maxval = 1;
	size_t at = 2;

	memset(p, 0, sizeof(*p));
	if (n < 4 || head[0] != 'P' || head[1] < '1' || head[1] > '7')
		return false;
	p->type = head[1] - '0';
	if (p->type == 7)
		return read_pam(p, bytes, n);
	p->channels = p->type % 3 == 0 ? 3 : 1;
	if (!take(&p->width, mc_pnm_number(bytes, n, &at), INT32_MAX) ||
	    !take(&p->height, mc_pnm_number(bytes, n, &at), INT32_MAX))
		return false;
	if (p->type % 3 != 1 &&
	    !take(&maxval, mc_pnm_number(bytes, n, &at), 65535))
		return false;
	p->maxval = (int)maxval;
	p->raster = at + 1;	/* behind a single white space */
	return at < n && is_space(head[at]);
}
