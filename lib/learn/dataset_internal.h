/*
 * dataset_internal.h - share what is known while a data set is read; for
 * lib/learn/dataset*.c alone.
 */
#ifndef MC_DATASET_INTERNAL_H
#define MC_DATASET_INTERNAL_H

#include "base/hash.h"
#include "base/names.h"
#include "base/num.h"
#include "learn/dataset.h"

/* What is known of an image that is used. */
struct row {
	char *id;
	char sha256[MC_SHA256_HEX];
	char unit[MC_SHA256_HEX];	/* of its name; "": none is known */
	bool is_val;
	size_t record;
};

struct reading {
	const struct mc_dataset_options *o;
	struct mc_dataset *d;
	struct mc_images *images;
	/* o->fold and o->val_fold as texts */
	char fold[MC_NUM_SIZE], val_fold[MC_NUM_SIZE];
	int id, label, split, fold_column, share, unit, group, grey;
	bool has_share;			/* a row of it was seen */
	struct mc_names *labels;	/* the distinct ones, d->texts */
	struct row *row;		/* d->n, of each image */
	size_t row_cap, text_cap, texts_cap;
	size_t cap;			/* of the array of d->kept in use */
	struct mc_seen *left;		/* what is left */
	struct mc_seen *left_units;	/* and its units */
};

/*
 * Set the classes, or the findings, and the labels of each image.  MC_EUSAGE,
 * MC_EDATA: they are not what can be trained on.
 */
enum mc_status	dataset_label_images(struct reading *r, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * Check that each class has a training image, and that each finding has one
 * with it and one without.
 */
enum mc_status	dataset_check_training(const struct reading *r,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
