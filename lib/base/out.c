/*
 * out.c - atomic output.
 */
#include "config.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/out.h"
#include "base/place.h"
#include "base/temporary.h"

struct mc_out {
	FILE *file;
	char *target;		/* what is replaced, links resolved */
	char *name;		/* as the user wrote it */
	int slot;		/* of the temporary, or -1 */
};

/* Make and open the temporary beside OUT's target, with the mode MODE. */
static enum mc_status
open_temporary(struct mc_out *out, mode_t mode, struct mc_err *err)
{
	enum mc_status status;
	int fd;

	out->slot = mc_temporary_open(out->target, &fd);
	if (out->slot < 0)
		return mc_err_errno(err, "%s", out->name);
	if (fchmod(fd, mode) != 0 || (out->file = fdopen(fd, "wb")) == NULL) {
		status = mc_err_errno(err, "%s", out->name);
		close(fd);
		return status;
	}
	return MC_OK;
}

static enum mc_status
open_target(struct mc_out *out, struct mc_err *err)
{
	struct stat st;
	mode_t mask;

	/* By its own name: what /dev/stdout links to may be no path. */
	if (stat(out->name, &st) == 0 && !S_ISREG(st.st_mode)) {
		out->file = fopen(out->name, "wb");
		if (out->file == NULL)
			return mc_err_errno(err, "%s", out->name);
		return MC_OK;
	}
	out->target = mc_resolve_links(out->name);
	if (out->target == NULL)
		return mc_err_errno(err, "%s", out->name);
	if (stat(out->target, &st) == 0) {
		/* Replacing needs no write permission; ask for it. */
		if (access(out->target, W_OK) != 0)
			return mc_err_errno(err, "%s", out->name);
		return open_temporary(out, st.st_mode & 07777, err);
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

bool
mc_out_is_direct(const struct mc_out *out)
{
	return out->slot < 0;
}

static void
free_out(struct mc_out *out)
{
	free(out->target);
	free(out->name);
	free(out);
}

enum mc_status
mc_out_close(FILE *f, const char *name, struct mc_err *err)
{
	int failed, why;

	errno = 0;
	failed = fflush(f) != 0 || ferror(f) != 0;
	why = errno != 0 ? errno : EIO;
	if (fclose(f) != 0 && !failed) {
		failed = 1;
		why = errno;
	}
	errno = why;
	return failed ? mc_err_errno(err, "%s: cannot write", name) : MC_OK;
}

/* Have all of OUT on the disk, and close it, unless that was done. */
static enum mc_status
finish(struct mc_out *out, struct mc_err *err)
{
	FILE *file = out->file;
	int failed;

	if (file == NULL)
		return MC_OK;
	/* Flush first: it says why it fails, an earlier write no longer does. */
	errno = 0;
	failed = fflush(file) != 0 || ferror(file) != 0;
	/* Data must reach the disk before the name does. */
	if (!failed && out->slot >= 0 && fsync(fileno(file)) != 0 &&
	    errno != EINVAL && errno != EROFS)
		failed = 1;
	if (!failed) {
		out->file = NULL;
		failed = fclose(file) != 0;
	}
	if (!failed)
		return MC_OK;
	if (errno == 0)
		errno = EIO;
	return mc_err_errno(err, "%s: cannot write", out->name);
}

enum mc_status
mc_out_settle(struct mc_out *out, struct mc_err *err)
{
	return finish(out, err);
}

enum mc_status
mc_out_commit_all(struct mc_out *const *out, size_t n, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	size_t i;

	for (i = 0; i < n && status == MC_OK; i++) {
		if (out[i] != NULL)
			status = finish(out[i], err);
	}
	for (i = 0; i < n && status == MC_OK; i++) {
		if (out[i] == NULL || out[i]->slot < 0)
			continue;
		if (mc_temporary_rename(out[i]->slot, out[i]->target) == 0)
			out[i]->slot = -1;
		else
			status = mc_err_errno(err, "%s: cannot rename to it",
			    out[i]->name);
	}
	for (i = 0; i < n; i++)
		mc_out_abandon(out[i]);
	return status;
}

enum mc_status
mc_out_commit(struct mc_out *out, struct mc_err *err)
{
	return mc_out_commit_all(&out, 1, err);
}

void
mc_out_abandon(struct mc_out *out)
{
	int saved = errno;

	if (out == NULL)
		return;
	if (out->file != NULL && out->file != stdout)
		fclose(out->file);
	if (out->slot >= 0)
		mc_temporary_remove(out->slot);
	free_out(out);
	errno = saved;
}

/* A file in the folder DIR that has no name; -1 with errno set. */
static int
open_unnamed(const char *dir)
{
	char path[PATH_MAX];
	int fd;

#ifdef O_TMPFILE
	fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR &&
	    errno != EINVAL))
		return fd;
#endif
	/* Not every system has such files, nor has every file system. */
	if (snprintf(path, sizeof(path), "%s/mctools.XXXXXX", dir) >=
	    (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	return fd;
}

FILE *
mc_spool_open(struct mc_err *err)
{
	const char *dir = getenv("TMPDIR");
	FILE *file = NULL;
	int fd;

	if (dir == NULL || *dir == '\0')
		dir = "/tmp";
	fd = open_unnamed(dir);
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
