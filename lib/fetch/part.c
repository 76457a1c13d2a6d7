/* part.c - keep what has arrived of a file. */
#include "config.h"

#include <sys/file.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "fetch/part.h"

#define CHUNK 65536

struct mc_part {
	FILE *file;		/* unbuffered */
	char *target, *name;
	struct mc_sha256 *sha256;	/* of the first size bytes */
	int64_t size;
	bool continued;
};

/* Create the folders above PATH that are missing. */
static enum mc_status
make_folders(const char *path, struct mc_err *err)
{
	char *folder = mc_xstrdup(path), *slash = folder;
	enum mc_status status = MC_OK;

	while (status == MC_OK && (slash = strchr(slash + 1, '/')) != NULL) {
		*slash = '\0';
		if (mkdir(folder, 0777) != 0 && errno != EEXIST)
			status = mc_err_errno(err, "%s: cannot create the "
			    "folder", folder);
		*slash = '/';
	}
	free(folder);
	return status;
}

/* Whether FD is still the file that NAME leads to. */
static bool
is_at(int fd, const char *name)
{
	struct stat file, path;

	return fstat(fd, &file) == 0 && lstat(name, &path) == 0 &&
	    file.st_dev == path.st_dev && file.st_ino == path.st_ino;
}

/*
 * Open and lock the file NAME.  Between the two another process may have
 * renamed it; then there is another one to open.
 */
static enum mc_status
open_locked(int *fd, const char *name, struct mc_err *err)
{
	struct stat st;

	for (;;) {
		*fd = open(name, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK |
		    O_CLOEXEC, 0666);
		if (*fd < 0)
			return mc_err_errno(err, "%s", name);
		if (fstat(*fd, &st) != 0 || !S_ISREG(st.st_mode)) {
			close(*fd);
			return mc_err_set(err, MC_EIO, "%s: not a regular "
			    "file: remove it", name);
		}
		if (flock(*fd, LOCK_EX | LOCK_NB) != 0 &&
		    errno == EWOULDBLOCK) {
			close(*fd);
			return mc_err_set(err, MC_EIO, "%s: another process "
			    "writes it: wait until it has ended", name);
		}
		if (is_at(*fd, name))
			return MC_OK;
		close(*fd);
	}
}

/* Count and digest the bytes that are there. */
static enum mc_status
read_bytes(struct mc_part *part, struct mc_err *err)
{
	char chunk[CHUNK];
	size_t n;

	while ((n = fread(chunk, 1, sizeof(chunk), part->file)) > 0) {
		mc_sha256_add(part->sha256, chunk, n);
		part->size += (int64_t)n;
	}
	part->continued = part->size > 0;
	if (ferror(part->file) ||
	    fseeko(part->file, (off_t)part->size, SEEK_SET) != 0)
		return mc_err_errno(err, "%s", part->name);
	return MC_OK;
}

enum mc_status
mc_part_open(struct mc_part **result, const char *target, struct mc_err *err)
{
	struct mc_part *part = mc_xcalloc(1, sizeof(*part));
	enum mc_status status;
	int fd;

	*result = NULL;
	part->target = mc_xstrdup(target);
	part->name = mc_xasprintf("%s.part", target);
	part->sha256 = mc_sha256_alloc();
	status = make_folders(target, err);
	if (status == MC_OK)
		status = open_locked(&fd, part->name, err);
	if (status == MC_OK && (part->file = fdopen(fd, "r+b")) == NULL) {
		status = mc_err_errno(err, "%s", part->name);
		close(fd);
	}
	if (status == MC_OK) {
		setvbuf(part->file, NULL, _IONBF, 0);
		status = read_bytes(part, err);
	}
	if (status != MC_OK) {
		mc_part_close(part, true);
		return status;
	}
	*result = part;
	return MC_OK;
}

const char *
mc_part_name(const struct mc_part *part)
{
	return part->name;
}

int64_t
mc_part_size(const struct mc_part *part)
{
	return part->size;
}

bool
mc_part_continued(const struct mc_part *part)
{
	return part->continued;
}

FILE *
mc_part_file(struct mc_part *part)
{
	return part->file;
}

enum mc_status
mc_part_add(struct mc_part *part, const void *bytes, size_t n,
    struct mc_err *err)
{
	size_t written = fwrite(bytes, 1, n, part->file);

	/* What is there is counted, so that it can be continued. */
	mc_sha256_add(part->sha256, bytes, written);
	part->size += (int64_t)written;
	if (written < n)
		return mc_err_errno(err, "%s: cannot write", part->name);
	return MC_OK;
}

enum mc_status
mc_part_empty(struct mc_part *part, struct mc_err *err)
{
	if (fseeko(part->file, 0, SEEK_SET) != 0 ||
	    ftruncate(fileno(part->file), 0) != 0)
		return mc_err_errno(err, "%s: cannot empty it", part->name);
	mc_sha256_free(part->sha256);
	part->sha256 = mc_sha256_alloc();
	part->size = 0;
	part->continued = false;
	return MC_OK;
}

void
mc_part_digest(const struct mc_part *part, char sha256[MC_SHA256_HEX])
{
	mc_sha256_hex(mc_sha256_copy(part->sha256), sha256);
}

enum mc_status
mc_part_finish(struct mc_part *part, struct mc_err *err)
{
	enum mc_status status = MC_OK;

	/* Data must reach the disk before the name does. */
	if (fsync(fileno(part->file)) != 0)
		status = mc_err_errno(err, "%s: cannot write", part->name);
	else if (rename(part->name, part->target) != 0)
		status = mc_err_errno(err, "%s: cannot rename to it",
		    part->target);
	mc_part_close(part, true);
	return status;
}

void
mc_part_close(struct mc_part *part, bool keep)
{
	if (part == NULL)
		return;
	/* Under the lock, so that it is not another process's part. */
	if (part->file != NULL && (!keep || part->size == 0) &&
	    is_at(fileno(part->file), part->name))
		unlink(part->name);
	if (part->file != NULL)
		fclose(part->file);
	mc_sha256_free(part->sha256);
	free(part->target);
	free(part->name);
	free(part);
}
