/* err.c - one-line error texts. */
#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

/*
 * Append the bytes of S to the text, control bytes escaped.  A text that is
 * too long ends in "...", behind which nothing more is appended; UTF-8 passes
 * through.
 */
static void
append(struct mc_err *err, const char *s)
{
	size_t n = strlen(err->text);
	const size_t room = sizeof(err->text) - 4;

	if (n > room)
		return;
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;
		size_t need = c < 0x20 || c == 0x7f ? 4 : 1;

		if (n + need > room) {
			memset(err->text + n, '.', sizeof(err->text) - n - 1);
			err->text[sizeof(err->text) - 1] = '\0';
			return;
		}
		if (need == 4)
			snprintf(err->text + n, 5, "\\x%02X", c);
		else
			err->text[n] = (char)c;
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

enum mc_status
mc_err_errno(struct mc_err *err, const char *fmt, ...)
{
	int saved = errno;
	va_list ap;

	if (err == NULL)
		return MC_EIO;
	start(err, MC_EIO);
	va_start(ap, fmt);
	append_format(err, fmt, ap);
	va_end(ap);
	append(err, ": ");
	append(err, strerror(saved));
	errno = saved;
	return MC_EIO;
}
