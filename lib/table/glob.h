/* glob.h - match paths in a folder with patterns of the shell. */
#ifndef MC_GLOB_H
#define MC_GLOB_H

#include <stdbool.h>

/*
 * Whether GLOB (fnmatch, where * matches / also) matches RELATIVE, a path in a
 * folder, or its last component; or one of the folders on the way there.  "./"
 * before GLOB and a slash behind it do not count.
 */
bool		 mc_glob_matches(const char *glob, const char *relative);

/* The first of GLOBS, which end in NULL, that matches; NULL: none, or no GLOBS. */
const char	*mc_glob_find(const char *const *globs, const char *relative);

/*
 * What the first * of the last component of GLOB stands for in NAME, the name of
 * a file: the shortest text, without the extension of the file and without what
 * is neither a letter nor a digit at its ends.  With "*_seg*" it is "p01" in
 * p01_seg.nii.gz, and with "t1*" it is "" in t1.nii.gz.  Where that component
 * does not match NAME or does not begin with plain text and a *, it is the name
 * without its extension.  To be freed.
 */
char		*mc_glob_star(const char *glob, const char *name);

/* Whether C is a letter, a digit or a byte of another script. */
bool		 mc_glob_is_word(char c);

#endif
