/* test_output.c - lib/base: outputs, their temporaries, places, plain text. */
#include "config.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/out.h"
#include "base/parallel.h"
#include "base/place.h"
#include "tap.h"

static void
write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "wb");

	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
		abort();
}

static bool
holds(const char *path, const char *text)
{
	char found[100];
	FILE *f = fopen(path, "rb");
	size_t n;

	if (f == NULL)
		return false;
	n = fread(found, 1, sizeof(found) - 1, f);
	found[n] = '\0';
	fclose(f);
	return strcmp(found, text) == 0;
}

/* The number of files in this folder whose names begin with a point. */
static int
leftovers(void)
{
	int n = -1;
	FILE *f = popen("ls -A | grep -c '^[.]'", "r");

	if (f == NULL || fscanf(f, "%d", &n) != 1)
		n = -1;
	if (f != NULL)
		pclose(f);
	return n;
}

/* --- What a terminal may be shown ------------------------------------------ */

static void
test_printable(void)
{
	struct mc_err err;

	TEST(mc_printable("a") == 1 && mc_printable(" ") == 1);
	TEST(mc_printable("\x1b[31m") == 0 && mc_printable("\x7f") == 0);
	TEST(mc_printable("\n") == 0 && mc_printable("") == 0);
	TEST(mc_printable("\xc3\xa4x") == 2);			/* U+00E4 */
	TEST(mc_printable("\xe2\x82\xac") == 3);		/* U+20AC */
	TEST(mc_printable("\xf0\x9f\x98\x80") == 4);		/* U+1F600 */
	TEST(mc_printable("\xc2\x9b") == 0);			/* CSI */
	TEST(mc_printable("\xc2\xa0") == 2);			/* U+00A0 */
	TEST(mc_printable("\x9b") == 0 && mc_printable("\xe4x") == 0);
	TEST(mc_printable("\xe2\x82") == 0 && mc_printable("\xff") == 0);
	TEST(mc_printable("\xc1\x81") == 0);			/* overlong A */
	TEST(mc_printable("\xe0\x80\x9b") == 0);		/* overlong */
	TEST(mc_printable("\xf0\x80\x80\x9b") == 0);		/* overlong */
	TEST(mc_printable("\xed\xa0\x80") == 0);		/* surrogate */
	TEST(mc_printable("\xf4\x90\x80\x80") == 0);	/* above U+10FFFF */
	mc_err_set(&err, MC_EIO, "\x1b]0;x\a\xc2\x9b\x9b\xc3\xa4");
	tap_str(err.text, "\\x1B]0;x\\x07\\xC2\\x9B\\x9B\xc3\xa4",
	    "an error holds no control character of any kind");
}

/* --- Temporaries ----------------------------------------------------------- */

static void
open_target(const char *path)
{
	struct mc_out *out;
	struct mc_err err;

	if (mc_out_open(&out, path, &err) != MC_OK)
		_exit(99);
}

static int
run_child(void (*run)(int), int arg)
{
	const struct rlimit no_core = { 0, 0 };
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		setrlimit(RLIMIT_CORE, &no_core);
		run(arg);
		_exit(98);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		abort();
	return status;
}

static void
end_by_signal(int sig)
{
	signal(sig, SIG_DFL);	/* whatever a sanitizer has put there */
	open_target("target");
	raise(sig);
}

static pthread_t main_thread;

static void
fault(void *arg, size_t i)
{
	(void)i;
	if (pthread_equal(pthread_self(), main_thread))
		pause();
	raise(*(int *)arg);
}

static void
end_in_thread(int sig)
{
	signal(sig, SIG_DFL);
	open_target("target");
	main_thread = pthread_self();
	alarm(20);	/* where the fault comes to nothing */
	mc_parallel(2, 2, fault, &sig);
}

static void
end_by_exit(int code)
{
	open_target("target");
	exit(code);
}

static void
test_ends(void)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGQUIT, SIGILL,
	    SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGUSR1, SIGSEGV, SIGUSR2,
	    SIGPIPE, SIGALRM, SIGTERM, SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF,
	    SIGSYS };
	size_t i;
	int status;

	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		status = run_child(end_by_signal, signals[i]);
		tap_ok(WIFSIGNALED(status) && WTERMSIG(status) == signals[i] &&
		    leftovers() == 0,
		    "signal %d ends the program and leaves no temporary",
		    signals[i]);
	}
	status = run_child(end_in_thread, SIGSEGV);
	tap_ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV &&
	    leftovers() == 0, "a fault in another thread leaves none");
	status = run_child(end_by_exit, 7);
	tap_ok(WIFEXITED(status) && WEXITSTATUS(status) == 7 &&
	    leftovers() == 0, "exit, wherever it is called, leaves none");
}

/* The input is mapped, and becomes shorter before it is read. */
static void
read_shortened(int unused)
{
	int fd = open("mapped", O_RDWR), said = open("said", O_WRONLY |
	    O_CREAT | O_TRUNC, 0600);
	volatile const char *map = mmap(NULL, 65536, PROT_READ, MAP_SHARED,
	    fd, 0);

	(void)unused;
	signal(SIGBUS, SIG_DFL);
	dup2(said, STDERR_FILENO);
	open_target("target");
	if (ftruncate(fd, 0) != 0 || map[60000] == 'x')
		_exit(97);
	_exit(96);
}

static void
test_shortened(void)
{
	FILE *f = fopen("mapped", "wb");
	int status;

	if (f == NULL || ftruncate(fileno(f), 65536) != 0 || fclose(f) != 0)
		abort();
	status = run_child(read_shortened, 0);
	tap_ok(WIFEXITED(status) && WEXITSTATUS(status) == 1,
	    "an input that becomes shorter ends the program with status 1");
	tap_ok(holds("said", "mctools: an input file became shorter while it "
	    "was read\n"), "and one line says so");
	tap_int(leftovers(), 0, "and no temporary is left");
}

static void
wait_with_temporary(int fd)
{
	open_target("target");
	if (write(fd, "x", 1) == 1)
		pause();
	_exit(95);
}

/* A process that has a temporary of ./target open and waits. */
static pid_t
start_owner(void)
{
	int fd[2];
	char c;
	pid_t pid;

	if (pipe(fd) != 0)
		abort();
	pid = fork();
	if (pid == 0)
		wait_with_temporary(fd[1]);
	if (pid < 0 || read(fd[0], &c, 1) != 1)
		abort();
	close(fd[0]);
	close(fd[1]);
	return pid;
}

static void
test_killed(void)
{
	struct mc_out *out;
	struct mc_err err;
	pid_t dead = start_owner(), alive = start_owner();

	kill(dead, SIGKILL);
	waitpid(dead, NULL, 0);
	write_file(".target.mc-backup", "a user's\n");
	write_file(".target2.mc-123456", "of another\n");
	tap_int(leftovers(), 4, "SIGKILL leaves a temporary");
	TEST(mc_out_open(&out, "target", &err) == MC_OK);
	tap_int(leftovers(), 3, "which the next that writes the file removes, "
	    "but not that of one alive");
	TEST(access(".target2.mc-123456", F_OK) == 0);
	mc_out_abandon(out);
	kill(alive, SIGTERM);
	waitpid(alive, NULL, 0);
	unlink(".target2.mc-123456");
	unlink(".target.mc-backup");
	tap_int(leftovers(), 0, "all are gone");
}

/* --- Several outputs ------------------------------------------------------- */

static void
test_several(void)
{
	struct mc_out *out[3] = { NULL };
	struct mc_err err;
	size_t i;

	write_file("one", "old");
	write_file("two", "old");
	for (i = 0; i < 2; i++) {
		TEST(mc_out_open(&out[i], i == 0 ? "one" : "two", &err) ==
		    MC_OK);
		fputs("new", mc_out_file(out[i]));
	}
	TEST(mc_out_open(&out[2], "/dev/full", &err) == MC_OK);
	fputs("new", mc_out_file(out[2]));
	TEST(mc_out_commit_all(out, 3, &err) == MC_EMACHINE);
	tap_str(err.text, "/dev/full: cannot write: No space left on device",
	    "one of three outputs cannot be written");
	TEST(holds("one", "old") && holds("two", "old"));
	tap_int(leftovers(), 0, "and no temporary is left");
	TEST(mc_out_open(&out[0], "one", &err) == MC_OK);
	TEST(mc_out_open(&out[2], "two", &err) == MC_OK);
	out[1] = NULL;
	fputs("1", mc_out_file(out[0]));
	fputs("2", mc_out_file(out[2]));
	TEST(mc_out_commit_all(out, 3, &err) == MC_OK);
	TEST(holds("one", "1") && holds("two", "2"));
}

/* --- Places ---------------------------------------------------------------- */

static bool
same(const char *a, const char *b)
{
	struct mc_place p, q;
	bool answer;

	mc_place_find(&p, a);
	mc_place_find(&q, b);
	answer = mc_place_same(&p, &q) && mc_place_same(&q, &p);
	mc_place_clear(&p);
	mc_place_clear(&q);
	return answer;
}

static void
test_place(void)
{
	struct mc_place p, q;

	write_file("there", "x");
	if (mkdir("folder", 0777) != 0 || link("there", "hard") != 0 ||
	    symlink("there", "soft") != 0 || symlink("..", "folder/up") != 0 ||
	    symlink("made", "to-be-made") != 0)
		abort();
	TEST(same("there", "./there") && same("there", "folder/../there"));
	TEST(same("there", "hard") && same("there", "soft"));
	TEST(same("there", "folder/up/soft"));
	TEST(!same("there", "made") && !same("there", "folder/there"));
	TEST(same("made", "./made") && same("made", "folder/up/made"));
	TEST(same("made", "to-be-made") && !same("made", "made2"));
	TEST(!same("made", "folder/made") && !same("no/made", "no/made"));
	TEST(!same("/dev/null", "/dev/null") && !same("folder", "folder"));
	if (freopen("there", "rb", stdin) == NULL)
		abort();
	mc_place_find(&p, "soft");
	mc_place_of_descriptor(&q, STDIN_FILENO);
	TEST(mc_place_same(&p, &q));
	mc_place_of_descriptor(&q, 1000);
	TEST(!mc_place_same(&p, &q) && !mc_place_same(&q, &q));
}

int
main(void)
{
	test_printable();
	test_ends();
	test_shortened();
	test_killed();
	test_several();
	test_place();
	return tap_done();
}
