/*
 * out.c - atomic output.
 *
 * The names of open temporaries stand in a fixed table, since a signal handler
 * must be able to unlink them: a slot is filled before the handler can need it
 * and cleared after the rename, with the signals blocked in between.
 */
#include "config.h"

#include <sys/stat.h>

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/out.h"

#define SLOTS 8
#define LINKS 40		/* as many links as Linux follows in a path */

struct mc_out {
	FILE *file;
	char *target;		/* what is replaced, links resolved */
	char *name;		/* as the user wrote it */
	int slot;		/* of the temporary, or -1 */
};

static char temporaries[SLOTS][PATH_MAX];
static const int fatal[] = { SIGHUP, SIGINT, SIGPIPE, SIGQUIT, SIGTERM,
    SIGXCPU, SIGXFSZ };

void
mc_out_remove_temporaries(void)
{
	int i;

	for (i = 0; i < SLOTS; i++) {
		if (temporaries[i][0] != '\0')
			unlink(temporaries[i]);
	}
}

static void
on_signal(int sig)
{
	mc_out_remove_temporaries();
	/* SA_RESETHAND has put the default action back. */
	raise(sig);
}

static void
install_handlers(void)
{
	static bool installed;
	struct sigaction now, ours = { .sa_handler = on_signal };
	size_t i;

	if (installed)
		return;
	installed = true;
	ours.sa_flags = (int)SA_RESETHAND;
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

/*
 * Follow PATH while it is a symbolic link, dangling or not, and return the
 * name behind, to be freed; NULL with errno set where it cannot be followed.
 */
static char *
resolve_links(const char *path)
{
	char *now = mc_xstrdup(path), link[PATH_MAX], *next;
	const char *slash;
	ssize_t n;
	int i;

	for (i = 0; i < LINKS; i++) {
		n = readlink(now, link, sizeof(link) - 1);
		if (n < 0) {
			if (errno == EINVAL || errno == ENOENT)
				return now;
			break;
		}
		link[n] = '\0';
		slash = strrchr(now, '/');
		if (link[0] == '/' || slash == NULL)
			next = mc_xstrdup(link);
		else
			next = mc_xasprintf("%.*s%s", (int)(slash + 1 - now),
			    now, link);
		free(now);
		now = next;
	}
	if (i == LINKS)
		errno = ELOOP;
	n = errno;
	free(now);
	errno = (int)n;
	return NULL;
}

/* Make and open the temporary beside OUT's target, with the mode MODE. */
static enum mc_status
open_temporary(struct mc_out *out, mode_t mode, struct mc_err *err)
{
	const char *slash = strrchr(out->target, '/');
	int dir = slash == NULL ? 0 : (int)(slash + 1 - out->target);
	sigset_t old;
	int slot, fd, n;

	for (slot = 0; slot < SLOTS && temporaries[slot][0] != '\0'; slot++)
		;
	if (slot == SLOTS)
		return mc_err_set(err, MC_EIO,
		    "%s: too many outputs are open", out->name);
	install_handlers();
	block_signals(&old);
	n = snprintf(temporaries[slot], PATH_MAX, "%.*s.%.200s.XXXXXX", dir,
	    out->target, out->target + dir);
	if (n >= PATH_MAX) {
		errno = ENAMETOOLONG;
		fd = -1;
	} else {
		fd = mkstemp(temporaries[slot]);
	}
	if (fd < 0)
		temporaries[slot][0] = '\0';
	else
		out->slot = slot;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (fd < 0 || fchmod(fd, mode) != 0 ||
	    (out->file = fdopen(fd, "wb")) == NULL) {
		mc_err_errno(err, "%s", out->name);
		if (fd >= 0)
			close(fd);
		return MC_EIO;
	}
	return MC_OK;
}

static enum mc_status
open_target(struct mc_out *out, struct mc_err *err)
{
	struct stat st;
	mode_t mask;

	out->target = resolve_links(out->name);
	if (out->target == NULL)
		return mc_err_errno(err, "%s", out->name);
	if (stat(out->target, &st) == 0) {
		if (S_ISREG(st.st_mode)) {
			/* Replacing needs no write permission; ask for it. */
			if (access(out->target, W_OK) != 0)
				return mc_err_errno(err, "%s", out->name);
			return open_temporary(out, st.st_mode & 07777, err);
		}
		out->file = fopen(out->target, "wb");
		if (out->file == NULL)
			return mc_err_errno(err, "%s", out->name);
		return MC_OK;
	}
	if (errno != ENOENT || out->target[0] == '\0' ||
	    out->target[strlen(out->target) - 1] == '/')
		return mc_err_errno(err, "%s", out->name);
	mask = umask(0);
	umask(mask);
	return open_temporary(out, 0666 & ~mask, err);
}

enum mc_status
mc_out_open(struct mc_out **result, const char *path, struct mc_err *err)
{
	struct mc_out *out = mc_xcalloc(1, sizeof(*out));
	enum mc_status status = MC_OK;

	*result = NULL;
	out->slot = -1;
	if (path == NULL || strcmp(path, "-") == 0) {
		out->name = mc_xstrdup("standard output");
		out->file = stdout;
	} else {
		out->name = mc_xstrdup(path);
		status = open_target(out, err);
	}
	if (status != MC_OK) {
		mc_out_abandon(out);
		return status;
	}
	*result = out;
	return MC_OK;
}

FILE *
mc_out_file(struct mc_out *out)
{
	return out->file;
}

const char *
mc_out_name(const struct mc_out *out)
{
	return out->name;
}

static void
free_out(struct mc_out *out)
{
	free(out->target);
	free(out->name);
	free(out);
}

enum mc_status
mc_out_commit(struct mc_out *out, struct mc_err *err)
{
	FILE *file = out->file;
	sigset_t old;
	int failed;

	/* Flush first: it says why it fails, an earlier write no longer does. */
	errno = 0;
	failed = fflush(file) != 0 || ferror(file) != 0;
	/* Data must reach the disk before the name does. */
	if (!failed && out->slot >= 0 && fsync(fileno(file)) != 0 &&
	    errno != EINVAL && errno != EROFS)
		failed = 1;
	if (failed) {
		if (errno == 0)
			errno = EIO;
		mc_err_errno(err, "%s: cannot write", out->name);
		mc_out_abandon(out);
		return MC_EIO;
	}
	out->file = NULL;
	if (fclose(file) != 0) {
		mc_err_errno(err, "%s: cannot write", out->name);
		mc_out_abandon(out);
		return MC_EIO;
	}
	if (out->slot >= 0) {
		block_signals(&old);
		failed = rename(temporaries[out->slot], out->target) != 0;
		if (!failed)
			temporaries[out->slot][0] = '\0';
		pthread_sigmask(SIG_SETMASK, &old, NULL);
		if (failed) {
			mc_err_errno(err, "%s: cannot rename to it", out->name);
			mc_out_abandon(out);
			return MC_EIO;
		}
	}
	free_out(out);
	return MC_OK;
}

void
mc_out_abandon(struct mc_out *out)
{
	int saved = errno;
	sigset_t old;

	if (out == NULL)
		return;
	if (out->file != NULL && out->file != stdout)
		fclose(out->file);
	if (out->slot >= 0) {
		block_signals(&old);
		unlink(temporaries[out->slot]);
		temporaries[out->slot][0] = '\0';
		pthread_sigmask(SIG_SETMASK, &old, NULL);
	}
	free_out(out);
	errno = saved;
}

FILE *
mc_spool_open(struct mc_err *err)
{
	const char *dir = getenv("TMPDIR");
	char path[PATH_MAX];
	FILE *file = NULL;
	sigset_t old;
	int fd;

	if (dir == NULL || *dir == '\0')
		dir = "/tmp";
	if (snprintf(path, sizeof(path), "%s/mctools.XXXXXX", dir) >=
	    (int)sizeof(path)) {
		mc_err_set(err, MC_EIO, "$TMPDIR: the name is too long");
		return NULL;
	}
	block_signals(&old);
	fd = mkstemp(path);
	if (fd >= 0)
		unlink(path);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (fd >= 0)
		file = fdopen(fd, "w+b");
	if (file == NULL) {
		mc_err_errno(err, "%s: no temporary file", dir);
		if (fd >= 0)
			close(fd);
	}
	return file;
}

enum mc_status
mc_spool_rewind(FILE *spool, struct mc_err *err)
{
	errno = 0;
	if (fflush(spool) == 0 && !ferror(spool) &&
	    fseeko(spool, 0, SEEK_SET) == 0)
		return MC_OK;
	if (errno == 0)
		errno = EIO;
	return mc_err_errno(err,
	    "temporary file (set TMPDIR to where there is room)");
}
