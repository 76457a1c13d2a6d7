/* folder_internal.h - what the sources of folder.h share. */
#ifndef MC_FOLDER_INTERNAL_H
#define MC_FOLDER_INTERNAL_H

#include "table/folder.h"

/* Whether a file or folder called NAME is left out with all that is in it. */
bool		 mc_folder_is_hidden(const char *name);

/* The path of NAME in DIR, to be freed. */
char		*mc_folder_join(const char *dir, const char *name);

/*
 * Whether the folder PATH, in TOP, is a second copy of TOP, whose N entries are
 * at NAME: see folder.h.  MC_EIO: one of them cannot be looked at.
 */
enum mc_status	 mc_folder_is_copy(const char *top, char *const *name,
		    size_t n, const char *path, bool *copy,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
