/*
 * save.h - write what has been trained as a model tar.
 */
#ifndef MC_SAVE_H
#define MC_SAVE_H

#include <stdio.h>

#include "learn/train.h"
#include "table/keyvalue.h"

/* What a model tar records besides the members of the training. */
struct mc_training_record {
	struct mc_keyvalue *about;	/* holds mc_pretrained_open's keys */
	const struct mc_buf *log;	/* mc_train's */
	const char *arm;		/* NULL: BACKBONE/REGIME */
	const char *task, *head;
	const char *manifest_sha256;
	const struct mc_keyvalue *features;	/* mc_images_about's */
	int64_t fold, val_fold;		/* 0: none */
	double share;			/* 0: all */
	int64_t threads;
	FILE *module;		/* mc_pretrained's; NULL: none */
};

/*
 * Add the keys of the training to R's about: what was trained, how, and on
 * what.  Append to IDENTITY, as mc_keyvalue_print does, all that the result
 * depends on, of which the digests of the images and, for a checkpoint, of their
 * features are no keys of the model.
 */
void		mc_training_describe(const struct mc_training *g,
		    const struct mc_training_record *r,
		    struct mc_buf *identity);

/*
 * Write the model that G has trained to F, which is called NAME and stays the
 * caller's: the head, a fine-tuned backbone or the matrices of LoRA, the images
 * used, R's log, and R's about, which mc_training_describe has filled, with
 * EPOCH, the one that is kept.
 */
enum mc_status	mc_training_save(const struct mc_training *g,
		    const struct mc_training_record *r, int64_t epoch, FILE *f,
		    const char *name, struct mc_err *err) MC_MUST_CHECK;

#endif
