/*
 * inject.c - run a program and make one of its system calls fail.
 *
 *	inject START CALLS N FAULT HOLD REPORT PROGRAM [ARG]...
 *
 * Counts the calls of CALLS (names with commas between) from the first one on
 * that is given a path which holds START, so that loading the program does not
 * count.  The Nth fails with FAULT, an errno's number; -1 halves its count of
 * bytes, -2 makes it 1.  HOLD 1: all from the Nth on.  N 0 only counts.  Writes
 * to standard error are left alone, since messages are what is looked at.
 * Writes "counted done" to the file REPORT; ends as PROGRAM ends, 128 + signal
 * where a signal ends it, 125 where tracing is not possible here.
 *
 * A seccomp filter stops the program at these calls alone, so that the others
 * cost nothing; glibc's own calls inside stdio are seen as well.
 */
#include "config.h"

#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if !defined(__x86_64__)
int
main(void)
{
	fputs("inject: written for x86-64\n", stderr);
	return 125;
}
#else

#define MOST 40			/* calls */

static const struct call {
	const char *name;
	long number;
	int path;		/* which argument is a path; -1: none */
	int bytes;		/* which argument is a count; -1: none */
} calls[] = {
	{ "access", SYS_access, 0, -1 },
	{ "close", SYS_close, -1, -1 },
	{ "fchmod", SYS_fchmod, -1, -1 },
	{ "fcntl", SYS_fcntl, -1, -1 },
	{ "flock", SYS_flock, -1, -1 },
	{ "fsync", SYS_fsync, -1, -1 },
	{ "getdents64", SYS_getdents64, -1, -1 },
	{ "lseek", SYS_lseek, -1, -1 },
	{ "mmap", SYS_mmap, -1, -1 },
	{ "newfstatat", SYS_newfstatat, 1, -1 },
	{ "open", SYS_open, 0, -1 },
	{ "openat", SYS_openat, 1, -1 },
	{ "pread64", SYS_pread64, -1, 2 },
	{ "pwrite64", SYS_pwrite64, -1, 2 },
	{ "read", SYS_read, -1, 2 },
	{ "readlink", SYS_readlink, 0, -1 },
	{ "readv", SYS_readv, -1, -1 },
	{ "rename", SYS_rename, 0, -1 },
	{ "stat", SYS_stat, 0, -1 },
	{ "write", SYS_write, -1, 2 },
	{ "writev", SYS_writev, -1, -1 },
};
#define N_CALLS (sizeof(calls) / sizeof(calls[0]))

static const struct call *wanted[MOST];
static size_t n_wanted;

static void
parse_calls(char *list)
{
	char *name;
	size_t i;

	for (name = strtok(list, ","); name != NULL; name = strtok(NULL, ",")) {
		for (i = 0; i < N_CALLS; i++) {
			if (strcmp(calls[i].name, name) == 0)
				break;
		}
		if (i == N_CALLS || n_wanted == MOST) {
			fprintf(stderr, "inject: no call \"%s\"\n", name);
			exit(125);
		}
		wanted[n_wanted++] = &calls[i];
	}
}

static int
is_wanted(long number)
{
	size_t i;

	for (i = 0; i < n_wanted; i++) {
		if (wanted[i]->number == number)
			return 1;
	}
	return 0;
}

static const struct call *
find_call(long number)
{
	size_t i;

	for (i = 0; i < N_CALLS; i++) {
		if (calls[i].number == number)
			return &calls[i];
	}
	return NULL;
}

/* Stop this process at the calls wanted, and at those that take a path. */
static int
install_filter(void)
{
	struct sock_filter code[2 * N_CALLS + 2], *next = code;
	struct sock_fprog program = { .filter = code };
	size_t i;

	*next++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
	    offsetof(struct seccomp_data, nr));
	for (i = 0; i < N_CALLS; i++) {
		if (!is_wanted(calls[i].number) && calls[i].path < 0)
			continue;
		*next++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ |
		    BPF_K, (unsigned)calls[i].number, 0, 1);
		*next++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
		    SECCOMP_RET_TRACE);
	}
	*next++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
	    SECCOMP_RET_ALLOW);
	program.len = (unsigned short)(next - code);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return -1;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static void
start_program(char **argv)
{
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0 ||
	    raise(SIGSTOP) != 0 || install_filter() != 0)
		_exit(125);
	execvp(argv[0], argv);
	_exit(126);
}

/* The string at ADDRESS of the process PID, as far as the page goes. */
static void
read_string(pid_t pid, unsigned long address, char *text, size_t size)
{
	size_t page = 4096 - (address & 4095);
	struct iovec here = { text, size - 1 };
	struct iovec there = { (void *)address, size - 1 };
	ssize_t n;

	if (here.iov_len > page)
		here.iov_len = there.iov_len = page;
	n = process_vm_readv(pid, &here, 1, &there, 1, 0);
	text[n < 0 ? 0 : n] = '\0';
}

static unsigned long long *
argument(struct user_regs_struct *regs, int i)
{
	return i == 0 ? &regs->rdi : i == 1 ? &regs->rsi : &regs->rdx;
}

struct state {
	const char *start;
	long at, fault;
	int hold, started;
	long counted, done;
};

/* PID is about to make a call: let it fail if it is the one. */
static void
at_call(struct state *s, pid_t pid)
{
	struct user_regs_struct regs;
	const struct call *call;
	char path[4096];

	if (ptrace(PTRACE_GETREGS, pid, NULL, &regs) != 0)
		return;
	call = find_call((long)regs.orig_rax);
	if (call == NULL)
		return;
	if (!s->started && call->path >= 0) {
		read_string(pid, *argument(&regs, call->path), path,
		    sizeof(path));
		s->started = strstr(path, s->start) != NULL;
	}
	if (!s->started || !is_wanted(call->number))
		return;
	if (call->number == SYS_write && regs.rdi == STDERR_FILENO)
		return;
	if (s->fault < 0 && (call->bytes < 0 ||
	    *argument(&regs, call->bytes) < 2))
		return;
	s->counted++;
	if (s->at == 0 || s->counted < s->at ||
	    (s->counted > s->at && !s->hold))
		return;
	s->done++;
	if (s->fault < 0) {
		unsigned long long *n = argument(&regs, call->bytes);

		*n = s->fault == -1 ? (*n + 1) / 2 : 1;
	} else {
		regs.orig_rax = (unsigned long long)-1;	/* no call */
		regs.rax = (unsigned long long)-s->fault;
	}
	ptrace(PTRACE_SETREGS, pid, NULL, &regs);
}

/* Until all are gone.  Returns how the process MAIN ended. */
static int
trace(struct state *s, pid_t main_pid)
{
	int status, ended = 125, deliver, event;
	pid_t pid;

	while ((pid = waitpid(-1, &status, __WALL)) > 0) {
		if (WIFEXITED(status) || WIFSIGNALED(status)) {
			if (pid == main_pid)
				ended = WIFEXITED(status) ?
				    WEXITSTATUS(status) :
				    128 + WTERMSIG(status);
			continue;
		}
		event = status >> 16;
		deliver = 0;
		if (event == PTRACE_EVENT_SECCOMP)
			at_call(s, pid);
		else if (event == 0 && WSTOPSIG(status) != SIGSTOP)
			deliver = WSTOPSIG(status);
		ptrace(PTRACE_CONT, pid, NULL, (long)deliver);
	}
	return ended;
}

int
main(int argc, char **argv)
{
	struct state s = { 0 };
	int status, ended;
	FILE *report;
	pid_t pid;

	if (argc < 8) {
		fputs("usage: inject START CALLS N FAULT HOLD REPORT PROGRAM "
		    "[ARG]...\n", stderr);
		return 125;
	}
	s.start = argv[1];
	parse_calls(argv[2]);
	s.at = atol(argv[3]);
	s.fault = atol(argv[4]);
	s.hold = atoi(argv[5]);
	pid = fork();
	if (pid == 0)
		start_program(argv + 7);
	if (pid < 0 || waitpid(pid, &status, 0) != pid ||
	    !WIFSTOPPED(status) || ptrace(PTRACE_SETOPTIONS, pid, NULL,
	    PTRACE_O_TRACESECCOMP | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK |
	    PTRACE_O_TRACEVFORK | PTRACE_O_EXITKILL | PTRACE_O_TRACEEXEC) != 0)
		return 125;
	ptrace(PTRACE_CONT, pid, NULL, NULL);
	ended = trace(&s, pid);
	report = fopen(argv[6], "w");
	if (report == NULL)
		return 125;
	fprintf(report, "%ld %ld\n", s.counted, s.done);
	fclose(report);
	return ended;
}
#endif
