/*
 * safetensors.h - read and write the format safetensors: a JSON header, then
 * the data.
 */
#ifndef MC_SAFETENSORS_H
#define MC_SAFETENSORS_H

#include <stdio.h>

#include "weights/dict.h"

/* Add the arrays of sd->file, which is in this format, to SD. */
enum mc_status	 mc_safetensors_read(struct mc_statedict *sd,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * Write N arrays as safetensors.  The header names them in the order given and
 * is padded with blanks to a multiple of eight bytes; the data stand in the
 * order of falling element size, so that each array is aligned.  Equal input
 * gives equal bytes.  METADATA is NULL or a NULL-terminated list of key, value,
 * key, ...  A name that is not UTF-8 or is given twice is refused.  Whether the
 * writing went well is asked of the stream at its end.
 */
enum mc_status	 mc_safetensors_write(FILE *f, const struct mc_array *arrays,
		    size_t n, const char *const *metadata, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * The same without metadata, for data that are not in memory: those of an array
 * I with elements and without data are what FETCH (I, ARG) returns, which is
 * called once for each, in the order of the file.
 */
enum mc_status	 mc_safetensors_stream(FILE *f, const struct mc_array *arrays,
		    size_t n, const void *(*fetch)(size_t i, void *arg),
		    void *arg, struct mc_err *err) MC_MUST_CHECK;

#endif
