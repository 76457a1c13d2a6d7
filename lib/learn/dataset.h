/*
 * dataset.h - what a training walks through, read from an image tar once.
 *
 * Rows of the split "test" are never used: they are counted and left.  Of the
 * others, "train" trains and "val" validates; or, with a fold, its rows
 * validate and those of the other folds train, whatever their split.
 */
#ifndef MC_DATASET_H
#define MC_DATASET_H

#include <stddef.h>
#include <stdint.h>

#include "backbone/backbone.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/records.h"
#include "image/preprocess.h"
#include "stream/images.h"

struct mc_dataset_options {
	const struct mc_preprocess *preprocess;
	struct mc_torch *t;
	/* Records are this backbone's features; NULL: the crops' RGB bytes. */
	struct mc_backbone *backbone;
	const char *classes;	/* "A,B,.." in order; NULL: in byte order */
	int64_t fold;		/* that validates; 0: by split */
	int threads;
	/* As in mc_loader_options; and called as rows of the tar are read. */
	void (*bad)(const char *id, const char *why, void *arg);
	void (*progress)(int64_t done, int64_t total, void *arg);
	void *arg;
};

struct mc_dataset {
	struct mc_records *records;	/* one for each image */
	size_t n;
	int *label;			/* n class indices */
	const char **classes;		/* n_classes names, in class order */
	size_t n_classes;
	size_t *train, *val;		/* indices of records */
	size_t n_train, n_val;
	int64_t n_test;			/* rows of the test split, left */
	int64_t n_bad;			/* images that could not be used */
	char **texts;			/* n_texts: the distinct labels */
	size_t n_texts;
};

/*
 * Read all of IMAGES.  Refused: a manifest without the columns needed, a row
 * of no known use, a row to train on without a label, a label that is not
 * among the classes declared, fewer than two classes, and a class or a whole
 * set without a training image.  There may be no validation image.  On error D
 * is empty; else mc_dataset_clear ends it.
 */
enum mc_status	mc_dataset_read(struct mc_dataset *d, struct mc_images *images,
		    const struct mc_dataset_options *options,
		    struct mc_err *err) MC_MUST_CHECK;
void		mc_dataset_clear(struct mc_dataset *d);

#endif
