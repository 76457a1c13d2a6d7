/*
 * temporary.c - files under a temporary name.
 *
 * The names stand in a fixed table, since a signal handler must be able to
 * unlink them: a slot is filled before the file is made and cleared after the
 * rename, with the signals blocked in between.  Nothing here needs memory.
 */
#include "config.h"

#include <sys/file.h>
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/temporary.h"

#define SLOTS 5120		/* a set of shards takes one each */
#define RANDOM 6		/* the X in a name */
#define TRIES 100		/* at making one before somebody removes it */

static char temporaries[SLOTS][PATH_MAX];
static int locked[SLOTS];	/* a descriptor that holds the lock */

/* Those that end a program unless it says otherwise. */
static const int fatal[] = { SIGHUP, SIGINT, SIGQUIT, SIGILL, SIGTRAP, SIGABRT,
    SIGBUS, SIGFPE, SIGUSR1, SIGSEGV, SIGUSR2, SIGPIPE, SIGALRM, SIGTERM,
    SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF, SIGSYS };

void
mc_temporary_remove_all(void)
{
	int i;

	for (i = 0; i < SLOTS; i++) {
		if (temporaries[i][0] != '\0')
			unlink(temporaries[i]);
	}
}

static void
on_signal(int sig, siginfo_t *info, void *context)
{
	static const char text[] = "mctools: an input file became shorter "
	    "while it was read\n";

	(void)context;
	mc_temporary_remove_all();
	if (sig == SIGBUS && info->si_code == BUS_ADRERR) {
		if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
			_exit(1);
		_exit(1);
	}
	/* SA_RESETHAND has put the default action back. */
	raise(sig);
}

void
mc_temporary_guard(void)
{
	static bool installed;
	struct sigaction now, ours = { .sa_sigaction = on_signal };
	size_t i;

	if (installed)
		return;
	installed = true;
	atexit(mc_temporary_remove_all);
	ours.sa_flags = (int)SA_RESETHAND | SA_SIGINFO;
	sigemptyset(&ours.sa_mask);
	for (i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++) {
		/* What the caller ignores (nohup) stays ignored. */
		if (sigaction(fatal[i], NULL, &now) == 0 &&
		    now.sa_handler == SIG_DFL)
			sigaction(fatal[i], &ours, NULL);
	}
}

static void
block_signals(sigset_t *old)
{
	sigset_t set;
	size_t i;

	sigemptyset(&set);
	for (i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++)
		sigaddset(&set, fatal[i]);
	pthread_sigmask(SIG_BLOCK, &set, old);
}

/* How many bytes of TARGET are its folder, the slash included. */
static int
folder_length(const char *target)
{
	const char *slash = strrchr(target, '/');

	return slash == NULL ? 0 : (int)(slash + 1 - target);
}

/* The template of TARGET's temporaries; -1 where it would be too long. */
static int
make_template(char template[PATH_MAX], const char *target)
{
	int folder = folder_length(target);

	if (snprintf(template, PATH_MAX, "%.*s.%.200s.mc-XXXXXX", folder,
	    target, target + folder) < PATH_MAX)
		return 0;
	template[0] = '\0';
	errno = ENAMETOOLONG;
	return -1;
}

/* Remove the file NAME in the folder DIR, ours, unless its owner lives. */
static void
remove_if_left(int dir, const char *name)
{
	struct stat file, path;
	int fd = openat(dir, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK |
	    O_CLOEXEC);

	if (fd < 0)
		return;
	if (fstat(fd, &file) == 0 && S_ISREG(file.st_mode) &&
	    file.st_uid == geteuid() && flock(fd, LOCK_EX | LOCK_NB) == 0 &&
	    fstatat(dir, name, &path, AT_SYMLINK_NOFOLLOW) == 0 &&
	    path.st_dev == file.st_dev && path.st_ino == file.st_ino)
		unlinkat(dir, name, 0);
	close(fd);
}

/* Remove the temporaries, named as TEMPLATE, whose owners are dead. */
static void
remove_left(const char *template)
{
	int folder = folder_length(template);
	const char *base = template + folder;
	size_t fixed = strlen(base) - RANDOM;
	struct dirent *entry;
	char path[PATH_MAX];
	DIR *dir;

	snprintf(path, sizeof(path), "%.*s", folder > 0 ? folder : 1,
	    folder > 0 ? template : ".");
	dir = opendir(path);
	if (dir == NULL)
		return;
	while ((entry = readdir(dir)) != NULL) {
		if (strlen(entry->d_name) == fixed + RANDOM &&
		    strncmp(entry->d_name, base, fixed) == 0)
			remove_if_left(dirfd(dir), entry->d_name);
	}
	closedir(dir);
}

/*
 * Make the file of SLOT and lock it.  Between the two another process may take
 * it for one whose owner is dead; then it is made again.
 */
static int
make_locked(int slot, const char *target)
{
	struct stat st;
	int fd, i, why;

	for (i = 0; i < TRIES; i++) {
		if (make_template(temporaries[slot], target) != 0)
			return -1;
		fd = mkostemp(temporaries[slot], O_CLOEXEC);
		if (fd < 0)
			return -1;
		locked[slot] = fcntl(fd, F_DUPFD_CLOEXEC, 3);
		/* Where nothing can be locked, nothing counts as left. */
		if (locked[slot] >= 0 && (flock(fd, LOCK_EX) != 0 ||
		    fstat(fd, &st) != 0 || st.st_nlink > 0))
			return fd;
		why = errno;
		if (locked[slot] < 0)
			unlink(temporaries[slot]);
		close(fd);
		if (locked[slot] < 0) {
			errno = why;
			return -1;
		}
		close(locked[slot]);
	}
	errno = EAGAIN;
	return -1;
}

int
mc_temporary_open(const char *target, int *fd)
{
	char template[PATH_MAX];
	sigset_t old;
	int slot;

	for (slot = 0; slot < SLOTS && temporaries[slot][0] != '\0'; slot++)
		;
	if (slot == SLOTS) {
		errno = EMFILE;
		return -1;
	}
	if (make_template(template, target) != 0)
		return -1;
	mc_temporary_guard();
	remove_left(template);
	block_signals(&old);
	*fd = make_locked(slot, target);
	if (*fd < 0)
		temporaries[slot][0] = '\0';
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return *fd < 0 ? -1 : slot;
}

int
mc_temporary_rename(int slot, const char *target)
{
	sigset_t old;
	int failed;

	block_signals(&old);
	failed = rename(temporaries[slot], target);
	if (failed == 0) {
		temporaries[slot][0] = '\0';
		close(locked[slot]);
	}
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return failed;
}

void
mc_temporary_remove(int slot)
{
	int saved = errno;
	sigset_t old;

	block_signals(&old);
	unlink(temporaries[slot]);
	temporaries[slot][0] = '\0';
	close(locked[slot]);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	errno = saved;
}
