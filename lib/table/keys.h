/*
 * keys.h - define the key columns of predictions and of what is made of them.
 *
 * Each row below is a column: reading, sorting, writing, joining arms, matching
 * thresholds and printing go by it.  A further key column is a row here, its
 * place in mc_keys_printed, and its lines in the manual.
 */
#ifndef MC_KEYS_H
#define MC_KEYS_H

enum mc_key_flag {
	MC_KEY_OF_ARM = 1,	/* tells arms, or the seeds of one, apart */
	MC_KEY_OF_IMAGE = 2,	/* is the same in every row of an image */
	MC_KEY_OPTIONAL = 4,	/* a threshold without it is for any value */
	MC_KEY_NUMBER = 8	/* is kept in one spelling: 1 for 1.0 */
};

/*
 * Number, column, heading in print, the entry of a model tar's __model__ that
 * mc-predict copies (NULL: the manifest's column of that name), flags.  The
 * leading keys begin a table, the ending keys end it.
 */
#define MC_LEADING_KEY_COLUMNS(X) \
	X(TASK, "task", "Task", "task", 0) \
	X(ARM, "arm", "Arm", "arm", MC_KEY_OF_ARM) \
	X(MODEL, "model", "Model", "backbone", \
	    MC_KEY_OF_ARM | MC_KEY_OPTIONAL) \
	X(REGIME, "regime", "Regime", "regime", \
	    MC_KEY_OF_ARM | MC_KEY_OPTIONAL) \
	X(FEATURES, "features", "Features", "features", \
	    MC_KEY_OF_ARM | MC_KEY_OPTIONAL) \
	X(TRAIN_SEED, "train_seed", "Training seed", "seed", \
	    MC_KEY_OF_ARM | MC_KEY_NUMBER) \
	X(FOLD, "fold", "Fold", NULL, MC_KEY_NUMBER) \
	X(SPLIT, "split", "Split", NULL, MC_KEY_OF_IMAGE)
#define MC_ENDING_KEY_COLUMNS(X) \
	X(WEIGHTS, "weights", "Weights", "weights", \
	    MC_KEY_OF_ARM | MC_KEY_OPTIONAL) \
	X(TRAIN_SHARE, "train_share", "Training share (%)", "share", \
	    MC_KEY_OF_ARM | MC_KEY_OPTIONAL | MC_KEY_NUMBER)

#define MC_KEY_NUMBERED(key, name, heading, entry, flags) MC_KEY_##key,
enum mc_key {
	MC_LEADING_KEY_COLUMNS(MC_KEY_NUMBERED)
	MC_LEADING_KEYS,
	MC_LAST_LEADING_KEY = MC_LEADING_KEYS - 1,
	MC_ENDING_KEY_COLUMNS(MC_KEY_NUMBERED)
	MC_KEYS
};

struct mc_key_column {
	const char *name, *heading, *entry;
	unsigned flags;		/* an or of enum mc_key_flag */
};

extern const struct mc_key_column mc_keys[MC_KEYS];

/* Their names alone. */
extern const char *const mc_key_names[MC_KEYS];

/* The order in which a printed table shows them. */
extern const enum mc_key mc_keys_printed[MC_KEYS];

/* Return the set of the keys that have FLAG: an or of 1 << MC_KEY_... */
unsigned	 mc_keys_with(enum mc_key_flag flag);

/* Return the key whose column is called NAME, or MC_KEYS. */
enum mc_key	 mc_key_find(const char *name);

#endif
