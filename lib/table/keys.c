/* keys.c - define the key columns. */
#include "config.h"

#include <string.h>

#include "table/keys.h"

#define ROW(key, name, heading, entry, flags) { name, heading, entry, flags },
#define NAME(key, name, heading, entry, flags) name,

const struct mc_key_column mc_keys[MC_KEYS] = {
	MC_LEADING_KEY_COLUMNS(ROW) MC_ENDING_KEY_COLUMNS(ROW)
};

const char *const mc_key_names[MC_KEYS] = {
	MC_LEADING_KEY_COLUMNS(NAME) MC_ENDING_KEY_COLUMNS(NAME)
};

const enum mc_key mc_keys_printed[MC_KEYS] = {
	MC_KEY_TASK, MC_KEY_MODEL, MC_KEY_REGIME, MC_KEY_ARM, MC_KEY_FEATURES,
	MC_KEY_WEIGHTS, MC_KEY_TRAIN_SHARE, MC_KEY_TRAIN_SEED, MC_KEY_FOLD,
	MC_KEY_SPLIT
};

unsigned
mc_keys_with(enum mc_key_flag flag)
{
	unsigned set = 0;
	int k;

	for (k = 0; k < MC_KEYS; k++) {
		if ((mc_keys[k].flags & (unsigned)flag) != 0)
			set |= 1u << k;
	}
	return set;
}

enum mc_key
mc_key_find(const char *name)
{
	int k;

	for (k = 0; k < MC_KEYS && strcmp(name, mc_key_names[k]) != 0; k++)
		;
	return (enum mc_key)k;
}
