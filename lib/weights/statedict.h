/*
 * statedict.h - named arrays from a file of weights, whatever its format.
 *
 * safetensors, and torch.save files in the zip and the legacy format, are
 * recognised by their content.  Nothing in a file is executed: a torch.save
 * file is a program for Python's pickle machine, of which only what a state
 * dict needs is interpreted; anything else is refused by name.
 *
 * Data stay as they lie in the file, little-endian, and the host is taken to
 * be little-endian too; a file that says it was written big-endian is refused.
 *
 * In a torch.save file the dictionary may lie inside another one, beside the
 * epoch and the optimiser: where the outer one has a dictionary under
 * "state_dict", "model_state_dict", "model" or "teacher", that one is read and
 * the rest ignored; two of them in one file are refused, since nobody can tell
 * which is meant.  Otherwise nested dictionaries and lists give names joined by
 * dots ("layer1.weight"), and values that are not tensors are ignored.
 */
#ifndef MC_STATEDICT_H
#define MC_STATEDICT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"

#define MC_MAX_DIMS 8

enum mc_dtype {
	MC_F64, MC_F32, MC_F16, MC_BF16,
	MC_I64, MC_I32, MC_I16, MC_I8, MC_U8, MC_BOOL
};

/* Row-major, contiguous, little-endian; no alignment is promised. */
struct mc_array {
	const char *name;
	enum mc_dtype dtype;
	int ndim;			/* 0 for a scalar */
	int64_t shape[MC_MAX_DIMS];
	const void *data;
	size_t n;			/* elements */
};

/* Bytes an element, and the name as safetensors writes it ("F32"). */
size_t		 mc_dtype_size(enum mc_dtype dtype);
const char	*mc_dtype_name(enum mc_dtype dtype);

/* Element I < a->n; integers beyond 2^53 are rounded. */
double		 mc_array_get(const struct mc_array *a, size_t i);

/* Convert all elements to float32 in OUT, which has room for a->n. */
void		 mc_array_to_f32(const struct mc_array *a, float *out);

struct mc_statedict;

/*
 * Read PATH, or standard input where it is "-".  *SD owns every name and every
 * byte; free it with mc_statedict_free; it is NULL on error.  A regular file is
 * mapped, not read into memory: it must not be cut or changed while *SD lives.
 * A file that is cut, inconsistent, or holds something other than tensors (a
 * whole pickled module) is refused with the reason.
 */
enum mc_status	 mc_statedict_open(struct mc_statedict **sd, const char *path,
		    struct mc_err *err) MC_MUST_CHECK;

/* The same from N BYTES, which are copied; NAME stands in messages. */
enum mc_status	 mc_statedict_from_bytes(struct mc_statedict **sd,
		    const void *bytes, size_t n, const char *name,
		    struct mc_err *err) MC_MUST_CHECK;

/* SD may be NULL. */
void		 mc_statedict_free(struct mc_statedict *sd);

/* The arrays in the order of the file, and by name (NULL: there is none). */
size_t		 mc_statedict_count(const struct mc_statedict *sd);
const struct mc_array *mc_statedict_at(const struct mc_statedict *sd,
		    size_t i);
const struct mc_array *mc_statedict_find(const struct mc_statedict *sd,
		    const char *name);

/* "safetensors", "torch.save zip" or "torch.save legacy". */
const char	*mc_statedict_format(const struct mc_statedict *sd);

/* The name of the file, for messages. */
const char	*mc_statedict_name(const struct mc_statedict *sd);

/* The SHA-256 of the whole file, 64 hexadecimal digits. */
const char	*mc_statedict_sha256(const struct mc_statedict *sd);

/*
 * Write N arrays as safetensors.  The header names them in the order given and
 * is padded with blanks to a multiple of eight bytes; the data stand in the
 * order of falling element size, so that each array is aligned.  Equal input
 * gives equal bytes.  METADATA is NULL or a NULL-terminated list of key, value,
 * key, ...  A name that is not UTF-8 or stands twice is refused.  Whether the
 * writing went well is asked of the stream at its end.
 */
enum mc_status	 mc_safetensors_write(FILE *f, const struct mc_array *arrays,
		    size_t n, const char *const *metadata, struct mc_err *err)
		    MC_MUST_CHECK;

#endif
