/* mem.c - allocate memory or end, and grow buffers. */
#include "config.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/temporary.h"

void
mc_out_of_memory(void)
{
	static const char text[] = "mctools: out of memory\n";
	static atomic_flag said = ATOMIC_FLAG_INIT;

	/* Of several threads one speaks; it also ends the others. */
	while (atomic_flag_test_and_set(&said))
		pause();
	mc_temporary_remove_all();
	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(1);
	_exit(1);
}

void *
mc_xmalloc(size_t size)
{
	void *p = malloc(size > 0 ? size : 1);

	if (p == NULL)
		mc_out_of_memory();
	return p;
}

void *
mc_xcalloc(size_t n, size_t size)
{
	void *p = calloc(n > 0 ? n : 1, size > 0 ? size : 1);

	if (p == NULL)
		mc_out_of_memory();
	return p;
}

void *
mc_xreallocarray(void *old, size_t n, size_t size)
{
	void *p;

	if (n == 0 || size == 0)
		n = size = 1;
	if (n > SIZE_MAX / size)
		mc_out_of_memory();
	p = realloc(old, n * size);
	if (p == NULL)
		mc_out_of_memory();
	return p;
}

char *
mc_xstrdup(const char *s)
{
	return mc_xstrndup(s, strlen(s));
}

char *
mc_xstrndup(const char *s, size_t n)
{
	char *p = mc_xmalloc(n + 1);

	memcpy(p, s, n);
	p[n] = '\0';
	return p;
}

char *
mc_xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *p;

	va_start(ap, fmt);
	p = mc_xvasprintf(fmt, ap);
	va_end(ap);
	return p;
}

void
mc_say(void (*say)(const char *line), const char *fmt, ...)
{
	va_list ap;
	char *line;

	if (say == NULL)
		return;
	va_start(ap, fmt);
	line = mc_xvasprintf(fmt, ap);
	va_end(ap);
	say(line);
	free(line);
}

char *
mc_xvasprintf(const char *fmt, va_list ap)
{
	char *p;

	if (vasprintf(&p, fmt, ap) < 0)
		mc_out_of_memory();
	return p;
}

void *
mc_xgrow(void *array, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return array;
	*cap = *cap > 0 ? 2 * *cap : 16;
	return mc_xreallocarray(array, *cap, size);
}

char *
mc_buf_room(struct mc_buf *buf, size_t n)
{
	if (n > SIZE_MAX / 2 - buf->len - 1)
		mc_out_of_memory();
	if (buf->len + n + 1 > buf->cap) {
		size_t cap = buf->cap > 0 ? buf->cap : 64;

		while (cap < buf->len + n + 1)
			cap *= 2;
		buf->data = mc_xreallocarray(buf->data, cap, 1);
		buf->cap = cap;
	}
	return buf->data + buf->len;
}

void
mc_buf_add(struct mc_buf *buf, const void *bytes, size_t n)
{
	char *to = mc_buf_room(buf, n);

	if (n > 0)
		memcpy(to, bytes, n);
	buf->len += n;
	buf->data[buf->len] = '\0';
}

void
mc_buf_puts(struct mc_buf *buf, const char *s)
{
	mc_buf_add(buf, s, strlen(s));
}

void
mc_buf_printf(struct mc_buf *buf, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = mc_xvasprintf(fmt, ap);
	va_end(ap);
	mc_buf_puts(buf, s);
	free(s);
}

void
mc_buf_free(struct mc_buf *buf)
{
	free(buf->data);
	memset(buf, 0, sizeof(*buf));
}
