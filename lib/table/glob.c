/* glob.c - match paths in a folder with patterns of the shell. */
#include "config.h"

#include <ctype.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/kind.h"
#include "base/mem.h"
#include "table/glob.h"

#define WILD "*?[\\"

bool
mc_glob_matches(const char *glob, const char *relative)
{
	char *path = mc_xstrdup(relative), *end = path, *name = path;
	char *pattern;
	bool matches = false;
	size_t n;

	while (strncmp(glob, "./", 2) == 0)
		glob += 2;
	n = strlen(glob);
	while (n > 1 && glob[n - 1] == '/')
		n--;
	pattern = mc_xstrndup(glob, n);

	while (!matches) {
		end += strcspn(end, "/");
		const char was = *end;

		*end = '\0';
		matches = fnmatch(pattern, path, 0) == 0 ||
		    fnmatch(pattern, name, 0) == 0;
		*end = was;
		if (was == '\0')
			break;
		name = ++end;
	}
	free(pattern);
	free(path);
	return matches;
}

const char *
mc_glob_find(const char *const *globs, const char *relative)
{
	for (; globs != NULL && *globs != NULL; globs++) {
		if (mc_glob_matches(*globs, relative))
			return *globs;
	}
	return NULL;
}

bool
mc_glob_is_word(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* The offset of the N bytes of TEXT in [START, END) of NAME; END: none. */
static size_t
find_text(const char *name, size_t start, size_t end, const char *text,
    size_t n)
{
	while (start < end && strncmp(name + start, text, n) != 0)
		start++;
	return start;
}

char *
mc_glob_star(const char *glob, const char *name)
{
	const char *extension = mc_kind_extension(name), *star;
	size_t end = extension != NULL ? (size_t)(extension - name) :
	    strlen(name), start = 0, n;

	glob = strrchr(glob, '/') != NULL ? strrchr(glob, '/') + 1 : glob;
	n = strcspn(glob, WILD);
	if (glob[n] == '*' && fnmatch(glob, name, 0) == 0) {
		star = glob + n + 1;
		start = n < end ? n : end;
		n = strcspn(star, WILD);
		if (n > 0)
			end = find_text(name, start, end, star, n);
	}
	while (end > start && !mc_glob_is_word(name[end - 1]))
		end--;
	while (start < end && !mc_glob_is_word(name[start]))
		start++;
	return mc_xstrndup(name + start, end - start);
}
