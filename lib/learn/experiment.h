/*
 * experiment.h - train a model: from images, or features of them, to a model
 * tar.
 *
 * The images are read once and kept: as features of a frozen backbone, or as
 * the pixels or files that a fine-tuned one is to see.  The epochs walk
 * through those.  A features tar makes the first unnecessary.
 *
 * The steps of an experiment are functions, to be called in their order.
 * Whatever fails, mc_experiment_clear ends it.
 */
#ifndef MC_EXPERIMENT_H
#define MC_EXPERIMENT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "learn/meter.h"
#include "learn/pretrained.h"
#include "learn/train.h"
#include "stream/images.h"

struct mc_experiment {
	/* The caller sets these before mc_experiment_open. */
	const char *arm;		/* NULL: BACKBONE/REGIME */
	const char *manifest;		/* for mc_images_give; NULL: none */
	const char *task, *head;
	/* As in mc_dataset_options. */
	const char *classes;
	struct mc_multilabel multilabel;
	enum mc_regime regime;
	struct mc_pretrained from;	/* its backbone is NULL: not given */
	struct mc_preprocess preprocess;	/* that of features is theirs */
	/*
	 * How images are kept to fine-tune on: MC_KEEP_ENCODED or
	 * MC_KEEP_PIXELS, which means MC_KEEP_RESIZED if the recipe needs it.
	 */
	enum mc_keep keep;
	int64_t fold, val_fold;		/* 0: none */
	double share;			/* 0: all, as in mc_dataset_options */
	/*
	 * How it is trained: threads, the recipe, and where its state is kept:
	 * checkpoint, every, resume, asked.  The others are set here, t and
	 * ahead by the caller before mc_experiment_load.
	 */
	struct mc_training training;

	void (*say)(const char *line);	/* what the user is told */
	/* How many images have been read; NULL: not told. */
	void (*progress)(const char *what, int64_t done, int64_t total);
	void (*draw)(const char *text, bool last);	/* as in mc_meter */
	/* For mc_feed_options.bad; NULL: a bad image is an error. */
	void (*bad)(const char *id, const char *why, void *arg);

	/* The functions below set these. */
	struct mc_images *images;
	struct mc_backbone *backbone;	/* NULL: features are there already */
	FILE *module;			/* of a TorchScript one to fine-tune */
	struct mc_dataset data;
	struct mc_keyvalue *about;	/* what the model records */
	struct mc_loss loss;
	struct mc_best kept;
	struct mc_buf log;		/* the training log */
	struct mc_buf timing;		/* a TSV: stage, seconds */
	struct mc_buf identity;		/* what the result depends on */
	struct mc_buf metric;		/* the name of the criterion's */
	struct mc_meter meter;
	double last;			/* when the last stage ended */
};

/*
 * Open the image tars, shards or features tars PATHS.  MC_EUSAGE: images
 * without a backbone, or features to fine-tune.
 */
enum mc_status	mc_experiment_open(struct mc_experiment *e,
		    const char *const *paths, size_t n, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * Make the backbone, unless features are there already, then read and keep all
 * images.  MC_EUSAGE: more blocks are to be trained than there are.  MC_EDATA:
 * also where there is no validation image to select the epoch by.  MC_END: the
 * training was asked to stop, which has been said.
 */
enum mc_status	mc_experiment_load(struct mc_experiment *e,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * Write what augmentation makes of the first training images to F, which is
 * called NAME and stays the caller's: mc_preview_write.
 */
enum mc_status	mc_experiment_preview(const struct mc_experiment *e, FILE *f,
		    const char *name, struct mc_err *err) MC_MUST_CHECK;

/* Make the head and train: mc_train.  MC_END has been said. */
enum mc_status	mc_experiment_train(struct mc_experiment *e,
		    struct mc_err *err) MC_MUST_CHECK;

/* Write the model tar to F, which is called NAME and stays the caller's. */
enum mc_status	mc_experiment_save(const struct mc_experiment *e, FILE *f,
		    const char *name, struct mc_err *err) MC_MUST_CHECK;

/* The torch of E is the caller's, to be freed after this. */
void		mc_experiment_clear(struct mc_experiment *e);

#endif
