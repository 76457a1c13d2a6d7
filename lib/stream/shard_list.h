/*
 * shard_list.h - note which shards of a set have been read, and which are missing.
 */
#ifndef MC_SHARD_LIST_H
#define MC_SHARD_LIST_H

#include "table/keyvalue.h"

/* Starts as { 0 }; end it with mc_shard_list_clear. */
struct mc_shard_list {
	struct mc_shard_mark *mark;
	size_t n, cap;
};

/*
 * Note what END, the __end__ of the tar NAME, says of its place (image_set.h);
 * nothing where it is no shard.
 */
void		 mc_shard_list_add(struct mc_shard_list *list,
		    const char *name, const struct mc_keyvalue *end);

/*
 * Note what ABOUT, the __features__ of the tar NAME, says of its place among the
 * parts of mc-embed --shard; nothing where it is none.
 */
void		 mc_shard_list_add_part(struct mc_shard_list *list,
		    const char *name, const struct mc_keyvalue *about);
void		 mc_shard_list_clear(struct mc_shard_list *list);

/*
 * One line, to be freed, that says which shards were not read of the sets from
 * which some were; NULL: none is missing.
 */
char		*mc_shard_list_missing(struct mc_shard_list *list);

#endif
