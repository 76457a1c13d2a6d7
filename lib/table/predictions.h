/*
 * predictions.h - the predictions table: who said what about which image.
 *
 * Columns: task, arm, model, regime, features, train_seed, fold, split, id,
 * group, label, predicted, then one p:CLASS for each class.  Only id, label and
 * predicted or the p: columns are required; another key column that is absent
 * counts as one value, the empty one.  Rows that agree in the first eight
 * columns are a cell: what one arm says about one part of one task.  Cells, and
 * the rows of a cell, are held in byte order of their keys, so that neither the
 * order of the files nor that of the rows matters.
 */
#ifndef MC_PREDICTIONS_H
#define MC_PREDICTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "table/tsv.h"

#ifdef __cplusplus
extern "C" {
#endif

enum mc_key {
	MC_KEY_TASK, MC_KEY_ARM, MC_KEY_MODEL, MC_KEY_REGIME, MC_KEY_FEATURES,
	MC_KEY_TRAIN_SEED, MC_KEY_FOLD, MC_KEY_SPLIT, MC_KEYS
};

/* Their column names: "task", "arm", ... */
extern const char *const mc_key_names[MC_KEYS];

struct mc_prediction {
	const char *key[MC_KEYS];
	const char *id;
	const char *group;	/* "" where it is unknown */
	int label;		/* index into the cell's classes */
	int predicted;
	const double *p;	/* one for each class, sum 1; NULL: none.  Those
				   of a cell's rows lie one behind the other */
	const struct mc_table *table;	/* where the row stands, for ... */
	size_t row;		/* ... messages and further columns */
	size_t file;		/* the table's index in PATHS */
};

struct mc_cell {
	const struct mc_prediction *rows;	/* in byte order of id */
	size_t n;			/* at least 1 */
	const char *const *key;		/* MC_KEYS texts */
	const char *const *classes;	/* those of the cell's task, in order */
	size_t n_classes;
	bool has_p;			/* every row has p; else none has */
};

struct mc_predictions;

/*
 * Read the N files at PATHS ("-": standard input), each with a header of its
 * own.  CLASSES (NULL-terminated, or NULL) is the order of the classes; without
 * it each task takes the order of its p: columns, and where it has none the
 * byte order of the labels and predictions seen.
 *
 * Where there are p: columns, they are the classes; each row must sum to 1
 * within 1e-3 and is rescaled.  `predicted`, where it is given, must be a class
 * of the greatest probability, and where it is not, it is the first such class.
 *
 * *P is freed with mc_predictions_free and owns all that its cells point to,
 * except CLASSES, which it copies; it is NULL on error.  Refused, each with its
 * place: an empty label, a label or prediction that is none of the classes, a
 * bad probability, two rows of one key, files of one task whose p: columns
 * differ, a task with fewer than two classes or more than 1000.
 */
enum mc_status	 mc_predictions_read(struct mc_predictions **p,
		    char *const *paths, size_t n, char *const *classes,
		    struct mc_err *err) MC_MUST_CHECK;
void		 mc_predictions_free(struct mc_predictions *p);

size_t		 mc_predictions_cells(const struct mc_predictions *p);
const struct mc_cell *mc_predictions_cell(const struct mc_predictions *p,
		    size_t cell);

#ifdef __cplusplus
}
#endif

#endif
