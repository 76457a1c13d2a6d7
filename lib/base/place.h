/*
 * place.h - find out whether two paths lead to one file.
 *
 * Two paths lead to one place if they name one regular file, by whatever links,
 * hard ones included, or would make one.  An output must not be an input or
 * another output.  Devices and pipes are not places: several options may name
 * /dev/null.
 */
#ifndef MC_PLACE_H
#define MC_PLACE_H

#include <sys/types.h>

#include <stdbool.h>

struct mc_place {
	bool known;		/* false: the same as no other */
	dev_t dev;		/* of the file, or of the folder it would be in */
	ino_t ino;
	char *name;		/* in that folder; NULL: the file is there */
};

/* Where PATH leads.  Free it with mc_place_clear. */
void	 mc_place_find(struct mc_place *place, const char *path);

/* The file that the descriptor FD is open on. */
void	 mc_place_of_descriptor(struct mc_place *place, int fd);

bool	 mc_place_same(const struct mc_place *a, const struct mc_place *b);
void	 mc_place_clear(struct mc_place *place);

/*
 * Follow PATH while it is a symbolic link, dangling or not, and return the
 * name behind, to be freed; NULL with errno set where it cannot be followed.
 */
char	*mc_resolve_links(const char *path);

#endif
