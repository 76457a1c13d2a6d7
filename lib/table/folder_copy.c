/* folder_copy.c - whether a folder is a second copy of the one it lies in. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "table/folder_internal.h"

/* Whether PATH is a folder; what does not exist is none. */
static enum mc_status
is_folder(const char *path, bool *yes, struct mc_err *err)
{
	struct stat st;

	*yes = false;
	if (stat(path, &st) == 0)
		*yes = S_ISDIR(st.st_mode);
	else if (errno != ENOENT && errno != ENOTDIR && errno != ELOOP)
		return mc_err_errno(err, "%s", path);
	return MC_OK;
}

/* Whether the folder PATH is called as the one that it lies in, TOP. */
static enum mc_status
is_namesake(const char *top, const char *path, bool *yes,
    struct mc_err *err)
{
	char *real = realpath(top, NULL);

	if (real == NULL)
		return mc_err_errno(err, "%s", top);
	*yes = strcmp(strrchr(real, '/') + 1, strrchr(path, '/') + 1) == 0;
	free(real);
	return MC_OK;
}

enum mc_status
mc_folder_is_copy(const char *top, char *const *name, size_t n,
    const char *path, bool *copy, struct mc_err *err)
{
	const char *own = strrchr(path, '/') + 1;
	enum mc_status status = MC_OK;
	size_t others = 0, i;

	*copy = true;
	for (i = 0; i < n && status == MC_OK && *copy; i++) {
		char *other = mc_folder_join(top, name[i]);
		char *inner = mc_folder_join(path, name[i]);
		bool folder = false;

		if (!mc_folder_is_hidden(name[i]) && strcmp(name[i], own) != 0)
			status = is_folder(other, &folder, err);
		if (status == MC_OK && folder) {
			others++;
			status = is_folder(inner, copy, err);
		}
		free(other);
		free(inner);
	}
	if (others == 0)
		*copy = false;
	if (status == MC_OK && *copy && others == 1)
		status = is_namesake(top, path, copy, err);
	return status;
}
