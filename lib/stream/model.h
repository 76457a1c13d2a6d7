/*
 * model.h - read and write model tars.
 *
 *	__model__		keys and values: what was trained, how, on what
 *	images.tsv		the images that it was trained and selected on
 *	log.tsv			the training log
 *	head.safetensors	the head
 *	backbone.safetensors	the backbone, where it was fine-tuned; or
 *	adapter_model.safetensors	the matrices of LoRA alone
 *	module.pt		the TorchScript module of which the backbone is
 *	__end__			format, and the SHA-256 of all before
 */
#ifndef MC_MODEL_H
#define MC_MODEL_H

#include <stdio.h>

#include "base/err.h"
#include "base/mem.h"
#include "table/keyvalue.h"

/* Start from { 0 }; mc_model_clear frees what it holds, the spools also. */
struct mc_model {
	struct mc_keyvalue *about;	/* __model__ */
	struct mc_buf images;		/* see learn/seen.h */
	struct mc_buf log;
	/* Spools (out.h), since they can be large. */
	FILE *head;
	FILE *backbone, *adapter, *module;	/* NULL: not stored */
};

/* Write M to F, which stays the caller's.  Adds the key "format" to its about. */
enum mc_status	mc_model_write(FILE *f, const char *name,
		    const struct mc_model *m, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * Read PATH (NULL or "-": standard input) into M, which is cleared: head,
 * backbone, adapter and module into spools at their start, all else into memory.
 */
enum mc_status	mc_model_read(struct mc_model *m, const char *path,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * The same, but of the large members nothing is kept: they are read, since the
 * end has a digest of all, and their FILEs stay NULL.
 */
enum mc_status	mc_model_read_texts(struct mc_model *m, const char *path,
		    struct mc_err *err) MC_MUST_CHECK;

void		mc_model_clear(struct mc_model *m);

#endif
