/*
 * nomem.c - a library for LD_PRELOAD that lets one allocation fail.
 *
 * From main on, the NOMEM_ATth of malloc, calloc and realloc returns NULL, with
 * NOMEM_HOLD all from that on.  Without NOMEM_AT the count is written to the
 * file NOMEM_REPORT at the end.
 *
 * Some libraries do not check their own allocations.  Where a signal ends the
 * program within the call into a library in which the allocation failed, so
 * that the program never saw the failure, the word "library" is written to
 * NOMEM_REPORT.
 */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <signal.h>
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
/* The program's call into a library in which the allocation failed. */
static void *failed_call;

static const void *
object_of(const void *address)
{
	Dl_info info;

	return dladdr(address, &info) == 0 ? NULL : info.dli_fbase;
}

/*
 * Returns the return address of the program's innermost call into a library;
 * NULL in a thread that makes none, and where the program itself or the C
 * library that it calls runs.
 */
static void *
library_call(void)
{
	void *frames[128];
	int i, n = backtrace(frames, 128);
	const void *program = object_of(*(void **)&real_main);
	const void *libc = object_of(&__libc_malloc);

	for (i = 1; i < n; i++)
		if (object_of(frames[i]) == program)
			return object_of(frames[i - 1]) == libc ? NULL :
			    frames[i];
	return NULL;
}

static int
fails(void)
{
	long n;

	if (!on)
		return 0;
	n = __atomic_add_fetch(&counted, 1, __ATOMIC_SEQ_CST);
	if (at == 0 || n < at || (n > at && !hold))
		return 0;
	if (n == at)
		failed_call = library_call();
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
write_report(const char *text, size_t size)
{
	const char *path = getenv("NOMEM_REPORT");
	int fd;

	if (path == NULL)
		return;
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || write(fd, text, size) != (ssize_t)size)
		_exit(124);
	close(fd);
}

static void
report(void)
{
	char text[32];
	int n;

	on = 0;
	if (at != 0)
		return;
	n = snprintf(text, sizeof(text), "%ld\n", counted);
	write_report(text, (size_t)n);
}

/* Ends the program as SIGNAL_NUMBER would have done. */
static void
crashed(int signal_number)
{
	static const char library[] = "library\n";
	void *call = library_call();

	if (counted >= at && call != NULL && call == failed_call)
		write_report(library, sizeof(library) - 1);
	signal(signal_number, SIG_DFL);
	raise(signal_number);
}

static int
our_main(int argc, char **argv, char **env)
{
	const char *number = getenv("NOMEM_AT");

	at = number == NULL ? 0 : atol(number);
	hold = getenv("NOMEM_HOLD") != NULL;
	atexit(report);
	if (at != 0) {
		library_call();	/* loads what backtrace needs */
		signal(SIGSEGV, crashed);
		signal(SIGBUS, crashed);
	}
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
