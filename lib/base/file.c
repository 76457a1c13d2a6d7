/* file.c - open and read regular files. */
#include "config.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

FILE *
mc_file_open(const char *path, struct mc_err *err)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	struct stat st;
	FILE *f = NULL;

	if (fd < 0 || fstat(fd, &st) != 0)
		mc_err_errno(err, "%s", path);
	else if (!S_ISREG(st.st_mode))
		mc_err_set(err, MC_EIO, "%s: not a regular file: %s", path,
		    S_ISDIR(st.st_mode) ? "a folder" : "a pipe or a device");
	else if ((f = fdopen(fd, "rb")) == NULL) {
		mc_err_errno(err, "%s", path);
		err->status = MC_EMACHINE;	/* not for want of a file */
	}
	if (f == NULL && fd >= 0)
		close(fd);
	return f;
}

enum mc_status
mc_file_read(struct mc_buf *bytes, const char *path, size_t limit,
    struct mc_err *err)
{
	size_t n = 1;
	enum mc_status status = MC_OK;
	FILE *f = mc_file_open(path, err);

	bytes->len = 0;
	if (f == NULL)
		return err->status;
	while (n > 0 && bytes->len <= limit) {
		n = fread(mc_buf_room(bytes, 65536), 1, 65536, f);
		bytes->len += n;
	}
	if (ferror(f))
		status = mc_err_errno(err, "%s", path);
	else if (bytes->len > limit)
		status = mc_err_set(err, MC_EDATA, "%s: more than %zu bytes: "
		    "raise the limit (--max-pixels)", path, limit);
	fclose(f);
	return status;
}
