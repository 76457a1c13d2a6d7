/*
 * dict.h - hold named arrays, as a file of weights has them.
 *
 * Data stay as they are in the file, little-endian; the host must also be
 * little-endian.  A file that says it was written big-endian is refused.
 */
#ifndef MC_DICT_H
#define MC_DICT_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define MC_MAX_DIMS 8

enum mc_dtype {
	MC_F64, MC_F32, MC_F16, MC_BF16,
	MC_I64, MC_I32, MC_I16, MC_I8, MC_U8, MC_BOOL
};

/* Row-major, contiguous, little-endian; no alignment is promised. */
struct mc_array {
	const char *name;
	const char *source;		/* its name in the file, where read */
	enum mc_dtype dtype;
	int ndim;			/* 0 for a scalar */
	int64_t shape[MC_MAX_DIMS];
	const void *data;
	size_t n;			/* elements */
};

/* Bytes per element, and the name as safetensors writes it ("F32"). */
size_t		 mc_dtype_size(enum mc_dtype dtype);
const char	*mc_dtype_name(enum mc_dtype dtype);

/* Element I < a->n; integers beyond 2^53 are rounded. */
double		 mc_array_get(const struct mc_array *a, size_t i);

/* Convert all elements to float32 in OUT, which has room for a->n. */
void		 mc_array_to_f32(const struct mc_array *a, float *out);

struct mc_statedict;
struct mc_facts;	/* facts.h */

/* SD may be NULL. */
void		 mc_statedict_free(struct mc_statedict *sd);

/* The arrays in the order of the file, and by name (NULL: there is none). */
size_t		 mc_statedict_count(const struct mc_statedict *sd);
const struct mc_array *mc_statedict_at(const struct mc_statedict *sd,
		    size_t i);
const struct mc_array *mc_statedict_find(const struct mc_statedict *sd,
		    const char *name);

/*
 * Convert all elements of A, an array of SD, to float32 in OUT, which has room
 * for a->n.  Where SD's file is mapped, the memory that its data take is given
 * back on the way.
 */
void		 mc_statedict_to_f32(const struct mc_statedict *sd,
		    const struct mc_array *a, float *out);

/*
 * The data of A, an array of SD, have been read: where SD's file is mapped, the
 * memory that they take is given back until they are read again.
 */
void		 mc_statedict_release(const struct mc_statedict *sd,
		    const struct mc_array *a);

/* "safetensors", "torch.save zip", "torch.save legacy" or "TorchScript". */
const char	*mc_statedict_format(const struct mc_statedict *sd);

/* What lies beside the file says of its network. */
const struct mc_facts *mc_statedict_facts(
		    const struct mc_statedict *sd);

/* The name of the file, for messages. */
const char	*mc_statedict_name(const struct mc_statedict *sd);

/*
 * The SHA-256 of the whole file, 64 hexadecimal digits; that of shards is the
 * digest of what sha256sum prints for the index and then for each shard, in the
 * order in which the index names them first.
 */
const char	*mc_statedict_sha256(const struct mc_statedict *sd);

#endif
