/*
 * shards.h - read safetensors that are cut into several files.
 *
 * model.safetensors.index.json has an object "weight_map", which names the file
 * of each array.
 */
#ifndef MC_SHARDS_H
#define MC_SHARDS_H

#include "weights/dict.h"

/*
 * Add the arrays that sd->file, such an index, names to SD, each from the file
 * that the index names, which OPEN reads; SD frees what it opens.  An array
 * that is not in its file is an error; one that the index does not name is left
 * out and counted.
 */
enum mc_status	 mc_shards_read(struct mc_statedict *sd,
		    enum mc_status (*open)(struct mc_statedict **sd,
		    const char *path, struct mc_err *err),
		    struct mc_err *err) MC_MUST_CHECK;

/* Call VISIT with each file that the index PATH names, some more than once. */
void		 mc_shards_files(const char *path,
		    void (*visit)(const char *file));

#endif
