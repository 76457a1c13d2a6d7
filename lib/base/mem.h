/*
 * mem.h - allocate memory or end the program, and grow a buffer of bytes.
 *
 * When memory runs out there is nothing sensible left to do in a filter: these
 * functions then print "out of memory" to standard error and exit with status
 * 1, after the temporaries (temporary.h) have been removed.
 */
#ifndef MC_MEM_H
#define MC_MEM_H

#include <stdarg.h>
#include <stddef.h>

#include "base/err.h"

/* Ends the program as said above. */
_Noreturn void mc_out_of_memory(void);

/* Each returns memory that the caller frees with free(); never NULL. */
void	*mc_xmalloc(size_t size);
void	*mc_xcalloc(size_t n, size_t size);
/* N * SIZE bytes, checked for overflow; OLD is moved or freed as realloc does. */
void	*mc_xreallocarray(void *old, size_t n, size_t size);
char	*mc_xstrdup(const char *s);
char	*mc_xstrndup(const char *s, size_t n);
char	*mc_xasprintf(const char *fmt, ...) MC_PRINTF(1, 2);
char	*mc_xvasprintf(const char *fmt, va_list ap) MC_PRINTF(1, 0);

/*
 * Give SAY the line that FMT makes, which is freed when SAY returns.  SAY may be
 * NULL, as every callback of the library that takes a line: nobody is told then.
 */
void	 mc_say(void (*say)(const char *line), const char *fmt, ...)
	    MC_PRINTF(2, 3);

/*
 * Make room for at least one more element in ARRAY, which holds N elements of
 * SIZE bytes and has room for *CAP: doubles, and returns where it now lies.
 */
void	*mc_xgrow(void *array, size_t n, size_t *cap, size_t size);

/* Bytes that grow.  Start from { 0 }; data is NUL-terminated once not empty. */
struct mc_buf {
	char *data;
	size_t len;
	size_t cap;
};

void	 mc_buf_add(struct mc_buf *buf, const void *bytes, size_t n);
void	 mc_buf_puts(struct mc_buf *buf, const char *s);
void	 mc_buf_printf(struct mc_buf *buf, const char *fmt, ...)
	    MC_PRINTF(2, 3);
/* Room for N bytes after len; the caller writes them and adds to len. */
char	*mc_buf_room(struct mc_buf *buf, size_t n);
void	 mc_buf_free(struct mc_buf *buf);

#endif
