/*
 * presets.h - options of an index for data sets as they are downloaded.
 */
#ifndef MC_PRESETS_H
#define MC_PRESETS_H

#include "base/err.h"
#include "table/index.h"

#define MC_PRESET_TABLES 2

/* The tables that a preset has found, for which options may be left. */
struct mc_preset_use {
	char *path[MC_PRESET_TABLES];
	const char *join[MC_PRESET_TABLES + 1];
	const char *key[MC_PRESET_TABLES + 1];
};

/*
 * Set the options O that the preset NAME is about and that are not set: a label
 * that was asked for replaces the preset's, and so does a group, a table with
 * its key, and a table alone, in which the preset's columns are looked for.
 * Tables are looked for in each of DIRS, NULL-terminated, and the folders above
 * them, also in a folder called like the table.  USE starts as { 0 }, must live
 * as long as O, and is ended with mc_preset_end, also after an error.
 *
 * MC_EUSAGE: no such preset; MC_EDATA: a table is missing.
 */
enum mc_status	 mc_preset_apply(const char *name, char *const *dirs,
		    struct mc_index_options *o, struct mc_preset_use *use,
		    struct mc_err *err) MC_MUST_CHECK;
void		 mc_preset_end(struct mc_preset_use *use);

#endif
