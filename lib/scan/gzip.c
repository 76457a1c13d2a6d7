/* gzip.c - open files that may be compressed with gzip. */
#include "config.h"

#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "scan/gzip.h"

gzFile
mc_gzip_open(const char *path, struct mc_err *err)
{
	FILE *f = mc_file_open(path, err);
	gzFile gz = NULL;
	int fd;

	if (f == NULL)
		return NULL;
	fd = dup(fileno(f));
	if (fd >= 0 && (gz = gzdopen(fd, "rb")) == NULL)
		close(fd);
	if (gz == NULL)
		mc_err_errno(err, "%s", path);
	else
		gzbuffer(gz, 1 << 17);
	fclose(f);
	return gz;
}

enum mc_status
mc_gzip_trouble(gzFile gz, const char *path, struct mc_err *err)
{
	int problem = Z_OK;

	(void)gzerror(gz, &problem);
	if (problem == Z_MEM_ERROR)
		mc_out_of_memory();
	return problem == Z_ERRNO ? mc_err_errno(err, "%s", path) : MC_OK;
}
