/*
 * names.h - number distinct texts in the order in which they come.
 */
#ifndef MC_NAMES_H
#define MC_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MC_NO_NAME ((size_t)-1)

struct mc_names;

struct mc_names	*mc_names_alloc(void);
void		 mc_names_free(struct mc_names *names);

/*
 * The number of TEXT, which is added where it is new: the first is 0.  The
 * text is not copied and must live as long as NAMES.
 */
size_t		 mc_names_add(struct mc_names *names, const char *text);

/* The same, but of a new text NAMES makes and keeps a copy. */
size_t		 mc_names_copy(struct mc_names *names, const char *text);

/* The number of TEXT, or MC_NO_NAME. */
size_t		 mc_names_find(const struct mc_names *names, const char *text);

size_t		 mc_names_count(const struct mc_names *names);
const char	*mc_names_at(const struct mc_names *names, size_t number);

/*
 * All numbers in the byte order of their texts: mc_names_count elements, which
 * the caller frees.
 */
size_t		*mc_names_sorted(const struct mc_names *names);

/*
 * Number the texts again, in their byte order.  Returns the new number of each
 * old one: mc_names_count elements, which the caller frees.
 */
uint32_t	*mc_names_renumber(struct mc_names *names);

#endif
