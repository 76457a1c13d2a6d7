/*
 * nomem.c - a library for LD_PRELOAD that lets one allocation fail.
 *
 * From main on, the NOMEM_ATth of malloc, calloc and realloc returns NULL, with
 * NOMEM_HOLD all from that on.  Without NOMEM_AT the count is written to the
 * file NOMEM_REPORT at the end.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* glibc's own names for what is replaced here. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);

typedef int main_function(int, char **, char **);

static main_function *real_main;
static long counted, at;
static int on, hold;

static int
fails(void)
{
	long n;

	if (!on)
		return 0;
	n = __atomic_add_fetch(&counted, 1, __ATOMIC_SEQ_CST);
	if (at == 0 || n < at || (n > at && !hold))
		return 0;
	errno = ENOMEM;
	return 1;
}

void *
malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *
calloc(size_t n, size_t size)
{
	return fails() ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *p, size_t size)
{
	return fails() ? NULL : __libc_realloc(p, size);
}

static void
report(void)
{
	const char *path = getenv("NOMEM_REPORT");
	char text[32];
	int fd, n;

	on = 0;
	if (path == NULL || at != 0)
		return;
	n = snprintf(text, sizeof(text), "%ld\n", counted);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || write(fd, text, (size_t)n) != n)
		_exit(124);
	close(fd);
}

static int
our_main(int argc, char **argv, char **env)
{
	const char *number = getenv("NOMEM_AT");

	at = number == NULL ? 0 : atol(number);
	hold = getenv("NOMEM_HOLD") != NULL;
	atexit(report);
	on = 1;
	return real_main(argc, argv, env);
}

int
__libc_start_main(main_function *program, int argc, char **argv,
    void (*init)(void), void (*fini)(void), void (*rtld_fini)(void),
    void *stack_end)
{
	int (*next)(main_function *, int, char **, void (*)(void),
	    void (*)(void), void (*)(void), void *);

	*(void **)&next = dlsym(RTLD_NEXT, "__libc_start_main");
	real_main = program;
	return next(our_main, argc, argv, init, fini, rtld_fini, stack_end);
}
