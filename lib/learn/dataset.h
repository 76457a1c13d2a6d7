/*
 * dataset.h - read the training and validation images, or features, of a tar.
 *
 * Rows of the split "test" are never used: they are counted and left.  Of the
 * others, "train" trains and "val" validates.  Or, whatever their split, the
 * rows of one fold are not used, those of another may validate, and those of
 * all others train.  Of the rows that train, those outside the share asked for
 * are not used either.
 *
 * Nothing depends on the order of the rows in the tar but the order in which
 * images are kept.
 */
#ifndef MC_DATASET_H
#define MC_DATASET_H

#include <stddef.h>
#include <stdint.h>

#include "backbone/backbone.h"
#include "base/err.h"
#include "base/mem.h"
#include "image/preprocess.h"
#include "learn/feed.h"
#include "learn/multilabel.h"
#include "learn/seen.h"
#include "stream/images.h"
#include "table/grey_levels.h"

struct mc_dataset_options {
	const struct mc_preprocess *preprocess;
	struct mc_torch *t;
	/*
	 * How images are kept.  As features of BACKBONE, which is NULL for the
	 * other forms, and if IMAGES is a features tar.
	 */
	enum mc_keep keep;
	struct mc_backbone *backbone;
	/*
	 * Whether the epochs need resized images whole, as MC_KEEP_ENCODED and
	 * MC_KEEP_RESIZED give them: one that would be too large is bad.
	 */
	bool resized;
	const char *classes;	/* "A,B,.." in order; NULL: in byte order */
	struct mc_multilabel multilabel;
	int64_t fold;		/* that is left; 0: by split */
	int64_t val_fold;	/* that validates; 0: none */
	double share;		/* of the training rows, in percent, by the
				   column share; 0: all of them */
	int threads;
	size_t ahead;		/* as in mc_feed_options, also bad */
	void (*bad)(const char *id, const char *why, void *arg);
	/* Called as rows of the tar are read. */
	void (*progress)(int64_t done, int64_t total, void *arg);
	/* Whether to stop, asked between batches; NULL: never. */
	bool (*stop)(void *arg);
	void *arg;
};

/* How many training images are known by their ids. */
#define MC_DATASET_NAMED 8

struct mc_dataset {
	struct mc_kept kept;		/* the images */
	size_t n;			/* how many */
	/*
	 * The class index of each image, or, if they are of multi-label data,
	 * the n_classes enum mc_label of each.
	 */
	int *label;
	size_t labels;			/* per image: 1 or n_classes */
	struct mc_multilabel multilabel;
	const char **classes;		/* names, in class order, or findings */
	size_t n_classes;
	size_t *train, *val;		/* indices of images, by id */
	size_t n_train, n_val;
	uint64_t *key;			/* n: FNV-1a of each id */
	/* The ids of the first training images; NULL where there are fewer. */
	char *train_id[MC_DATASET_NAMED];
	struct mc_seen *seen;		/* the training and validation images */
	int64_t n_test;			/* rows of the test split, left */
	int64_t n_held;			/* rows of the fold that is left */
	int64_t n_outside;		/* training rows outside the share */
	int64_t n_units_train;		/* units of the training images */
	int64_t n_units_validate;	/* units of the validation images */
	int64_t n_bad;			/* images that could not be used */
	/*
	 * Copies of training images, byte for byte: among the rows left, among
	 * those that validate.
	 */
	int64_t n_copies_left, n_copies_val;
	/*
	 * Units (groups where there is no unit) of images that are used:
	 * which have images among the rows left too; of those that validate,
	 * which have training images too.
	 */
	int64_t n_units_left, n_units_val;
	/* The labels as they are written: n_texts, and which each image has. */
	char **texts;
	size_t n_texts, *text;
	struct mc_findings *findings;	/* of texts; NULL: not multi-label */
	struct mc_grey grey;		/* how grey levels were made */
};

/*
 * Read all of IMAGES.  Refused: a manifest without the columns needed, a row
 * of no known use, a row to train on without a label, a label that is not
 * among the classes declared, two spellings of one class, fewer than two
 * classes, a class or a whole set without a training image, a fold or a share
 * without a row, a training row whose share is not known, and features that are
 * not finite; of findings, fewer than one, and one that all or none of the
 * training images have.  There may be no validation image.
 * MC_END: options.stop wanted it.  D is empty then, and on error; else
 * mc_dataset_clear ends it.
 */
enum mc_status	mc_dataset_read(struct mc_dataset *d, struct mc_images *images,
		    const struct mc_dataset_options *options,
		    struct mc_err *err) MC_MUST_CHECK;
void		mc_dataset_clear(struct mc_dataset *d);

/* Copy the labels of image I, d->labels of them, to LABEL. */
void		mc_dataset_labels(const struct mc_dataset *d, size_t i,
		    int64_t *label);

/*
 * Count how many of the N images INDEX have each class or finding, in WITH, and
 * how many have it not, in WITHOUT; a label that does not count is in neither.
 */
void		mc_dataset_count(const struct mc_dataset *d,
		    const size_t *index, size_t n, size_t *with,
		    size_t *without);

#endif
