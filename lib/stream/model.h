/*
 * model.h - read and write model tars.
 *
 *	__model__		keys and values: what was trained, how, on what
 *	images.tsv		the images that it was trained and selected on
 *	log.tsv			the training log
 *	head.safetensors	the head's weights
 *	backbone.safetensors	the backbone's, where it was fine-tuned
 *	__end__			format, and the SHA-256 of all before
 */
#ifndef MC_MODEL_H
#define MC_MODEL_H

#include <stdio.h>

#include "base/err.h"
#include "base/mem.h"
#include "table/keyvalue.h"

/* Start from { 0 }; mc_model_clear frees what it holds. */
struct mc_model {
	struct mc_keyvalue *about;	/* __model__ */
	struct mc_buf images;		/* see learn/seen.h */
	struct mc_buf log;
	struct mc_buf head;
	struct mc_buf backbone;		/* empty: not stored */
};

/*
 * Write M to F, which stays the caller's; its backbone is what the spool
 * BACKBONE holds (NULL: none), and m->backbone is not looked at.  The key
 * "format" is added to m->about.
 */
enum mc_status	mc_model_write(FILE *f, const char *name,
		    const struct mc_model *m, FILE *backbone,
		    struct mc_err *err) MC_MUST_CHECK;

/* Read PATH whole (NULL or "-": standard input) into M, which is cleared. */
enum mc_status	mc_model_read(struct mc_model *m, const char *path,
		    struct mc_err *err) MC_MUST_CHECK;

void		mc_model_clear(struct mc_model *m);

#endif
