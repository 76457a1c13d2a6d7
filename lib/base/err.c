/* err.c - format one-line error texts. */
#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

size_t
mc_printable(const char *s)
{
	const unsigned char *c = (const unsigned char *)s;
	unsigned long code;
	size_t n, i;

	if (c[0] < 0x80)
		return c[0] >= 0x20 && c[0] != 0x7f;
	n = c[0] < 0xe0 ? 2 : c[0] < 0xf0 ? 3 : 4;
	if (c[0] < 0xc2 || c[0] > 0xf4)
		return 0;
	code = c[0] & (0x7fu >> n);
	for (i = 1; i < n; i++) {
		if ((c[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (c[i] & 0x3f);
	}
	/* Controls (C1), longer than need be, surrogates, beyond Unicode. */
	if (code < 0xa0 || (n == 3 && code < 0x800) ||
	    (n == 4 && code < 0x10000) || (code >= 0xd800 && code < 0xe000) ||
	    code > 0x10ffff)
		return 0;
	return n;
}

/*
 * Append S to the text, escaped.  A text that is too long ends in "...",
 * after which nothing more is appended.
 */
static void
append(struct mc_err *err, const char *s)
{
	size_t n = strlen(err->text), taken;
	const size_t room = sizeof(err->text) - 4;

	if (n > room)
		return;
	for (; *s != '\0'; s += taken) {
		size_t shown = mc_printable(s), need = shown > 0 ? shown : 4;

		taken = shown > 0 ? shown : 1;
		if (n + need > room) {
			memset(err->text + n, '.', sizeof(err->text) - n - 1);
			err->text[sizeof(err->text) - 1] = '\0';
			return;
		}
		if (shown > 0)
			memcpy(err->text + n, s, shown);
		else
			snprintf(err->text + n, 5, "\\x%02X",
			    (unsigned char)*s);
		n += need;
	}
	err->text[n] = '\0';
}

static void
append_format(struct mc_err *err, const char *fmt, va_list ap)
{
	char part[2 * sizeof(err->text)];

	vsnprintf(part, sizeof(part), fmt, ap);
	append(err, part);
}

static void
start(struct mc_err *err, enum mc_status status)
{
	err->status = status;
	err->text[0] = '\0';
}

enum mc_status
mc_err_set(struct mc_err *err, enum mc_status status, const char *fmt, ...)
{
	va_list ap;

	if (err == NULL)
		return status;
	start(err, status);
	va_start(ap, fmt);
	append_format(err, fmt, ap);
	va_end(ap);
	return status;
}

enum mc_status
mc_err_at(struct mc_err *err, enum mc_status status, const char *file,
    int64_t line, const char *fmt, ...)
{
	char number[32];
	va_list ap;

	if (err == NULL)
		return status;
	start(err, status);
	append(err, file);
	if (line > 0) {
		snprintf(number, sizeof(number), ":%lld", (long long)line);
		append(err, number);
	}
	append(err, ": ");
	va_start(ap, fmt);
	append_format(err, fmt, ap);
	va_end(ap);
	return status;
}

/* The status of a system call's error CODE: see mc_err_errno. */
static enum mc_status
status_of(int code)
{
	static const int of_file[] = { ENOENT, ENOTDIR, EACCES, EPERM, ELOOP,
		ENAMETOOLONG, EISDIR, EEXIST, ENXIO, ENODEV, EINVAL, EFBIG,
		EOVERFLOW, ETXTBSY, EROFS };
	size_t i;

	for (i = 0; i < sizeof(of_file) / sizeof(*of_file); i++) {
		if (code == of_file[i])
			return MC_EIO;
	}
	return MC_EMACHINE;
}

enum mc_status
mc_err_errno(struct mc_err *err, const char *fmt, ...)
{
	int saved = errno;
	va_list ap;

	if (err == NULL)
		return status_of(saved);
	start(err, status_of(saved));
	va_start(ap, fmt);
	append_format(err, fmt, ap);
	va_end(ap);
	append(err, ": ");
	append(err, strerror(saved));
	errno = saved;
	return err->status;
}
