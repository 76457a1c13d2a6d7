/* place.c - find out whether two paths lead to one file. */
#include "config.h"

#include <sys/stat.h>

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/place.h"

#define LINKS 40		/* as many links as Linux follows in a path */

char *
mc_resolve_links(const char *path)
{
	char *now = mc_xstrdup(path), link[PATH_MAX], *next;
	const char *slash;
	ssize_t n;
	int i, why;

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
	why = i == LINKS ? ELOOP : errno;
	free(now);
	errno = why;
	return NULL;
}

static void
find_file(struct mc_place *place, const struct stat *st)
{
	place->known = S_ISREG(st->st_mode);
	place->dev = st->st_dev;
	place->ino = st->st_ino;
}

/* Where a file called TARGET, which is not there, would be made. */
static void
find_folder(struct mc_place *place, const char *target)
{
	const char *slash = strrchr(target, '/');
	char *folder = slash == NULL ? mc_xstrdup(".") :
	    mc_xstrndup(target, (size_t)(slash + 1 - target));
	struct stat st;

	if (stat(folder, &st) == 0) {
		place->known = true;
		place->dev = st.st_dev;
		place->ino = st.st_ino;
		place->name = mc_xstrdup(slash == NULL ? target : slash + 1);
	}
	free(folder);
}

void
mc_place_find(struct mc_place *place, const char *path)
{
	struct stat st;
	char *target;

	memset(place, 0, sizeof(*place));
	if (stat(path, &st) == 0) {
		find_file(place, &st);
		return;
	}
	target = errno == ENOENT ? mc_resolve_links(path) : NULL;
	if (target != NULL)
		find_folder(place, target);
	free(target);
}

void
mc_place_of_descriptor(struct mc_place *place, int fd)
{
	struct stat st;

	memset(place, 0, sizeof(*place));
	if (fstat(fd, &st) == 0)
		find_file(place, &st);
}

bool
mc_place_same(const struct mc_place *a, const struct mc_place *b)
{
	if (!a->known || !b->known || a->dev != b->dev || a->ino != b->ino)
		return false;
	if (a->name == NULL || b->name == NULL)
		return a->name == b->name;
	return strcmp(a->name, b->name) == 0;
}

void
mc_place_clear(struct mc_place *place)
{
	free(place->name);
	memset(place, 0, sizeof(*place));
}
