/*
 * statedict.h - open a file of weights, whatever its format.
 *
 * safetensors, torch.save files in the zip and the legacy format, and TorchScript
 * archives, of which only the values are read, are recognised by their content.  Nothing in a file is executed: a torch.save
 * file is a program for Python's pickle machine, of which only what a state
 * dict needs is interpreted; anything else is refused by name.
 *
 * In a torch.save file the dictionary may lie inside another one, beside the
 * epoch and the optimiser: where the outer one has a dictionary under
 * "state_dict", "model_state_dict", "model", "teacher", "module", "net",
 * "ema", "model_ema" or "state_dict_ema", that one is read and the rest left
 * out; two of them in one file are refused, since nobody can tell which is
 * meant, unless the user chooses one.  Otherwise nested dictionaries and lists
 * give names joined by dots ("layer1.weight"), and values that are not tensors
 * are ignored.
 */
#ifndef MC_STATEDICT_H
#define MC_STATEDICT_H

#include <stdio.h>

#include "base/hash.h"
#include "weights/dict.h"
#include "weights/parts.h"

/*
 * Read PATH, or standard input where it is "-".  PATH may be an index of
 * shards (shards.h), a folder with weights, or a model in Hugging Face's
 * cache, such as "hf:facebook/dinov2-small" (hub.h).  *SD owns every name and
 * every byte; free it with mc_statedict_free; it is NULL on error.  A regular
 * file is mapped, not read into memory: it must not be cut or changed while
 * *SD lives. A file that is cut, inconsistent, or holds something other than
 * tensors (a whole pickled module) is refused with the reason; so is one
 * without the entry and the arrays that EXCERPT (parts.h) names.
 */
enum mc_status	 mc_statedict_open(struct mc_statedict **sd, const char *path,
		    const struct mc_excerpt *excerpt, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * The same, of all arrays, from what SPOOL (base/out.h) holds, which is
 * mapped; SPOOL may be closed.  NAME is for messages.
 */
enum mc_status	 mc_statedict_from_spool(struct mc_statedict **sd, FILE *spool,
		    const char *name, struct mc_err *err) MC_MUST_CHECK;

/* The same from N BYTES, which are copied; NAME is for messages. */
enum mc_status	 mc_statedict_from_bytes(struct mc_statedict **sd,
		    const void *bytes, size_t n, const char *name,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * Call VISIT with each file that mc_statedict_open would read for PATH, as far
 * as they can be found, so that none of them is overwritten.
 */
void		 mc_weights_files(const char *path,
		    void (*visit)(const char *file));

/*
 * The SHA-256 that mc_statedict_sha256 gives for PATH, which need not be weights
 * where it is a file.
 */
enum mc_status	 mc_weights_sha256(const char *path,
		    char sha256[MC_SHA256_HEX], struct mc_err *err)
		    MC_MUST_CHECK;

#endif
