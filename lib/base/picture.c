/* picture.c - take apart the addresses of pictures as text. */
#include "config.h"

#include <stdbool.h>
#include <string.h>

#include "base/picture.h"

/* Where WHAT, the last "#" of TEXT and what follows, begins; NULL: nowhere. */
static const char *
find(const char *text, const char *what)
{
	const char *hash = strrchr(text, '#');

	return hash != NULL && hash != text &&
	    strncmp(hash, what, strlen(what)) == 0 ? hash : NULL;
}

size_t
mc_picture_files(const char *text)
{
	const char *end = find(text, "#slice=");

	if (end == NULL)
		end = find(text, "#frame=");
	return end != NULL ? (size_t)(end - text) : strlen(text);
}

size_t
mc_picture_first(const char *text)
{
	size_t n = mc_picture_files(text), i = 0;

	if (find(text, "#slice=") == NULL)
		return n;
	while (i < n && text[i] != '|')
		i++;
	return i;
}
