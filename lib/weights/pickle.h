/*
 * pickle.h - read a pickle as data, without executing it.
 *
 * A pickle is a program for a stack machine that can import and call anything.
 * This machine calls nothing: it builds dictionaries, lists, numbers and texts,
 * and knows by name the few globals with which torch.save describes a tensor.
 * What any other global would make is an opaque value: nothing is imported or
 * executed for it, and its parts are kept, so that a reader can tell whether a
 * tensor is among them.  A training checkpoint holds many such values (an
 * argparse.Namespace, numpy scalars, devices) beside its state dict.
 */
#ifndef MC_PICKLE_H
#define MC_PICKLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "weights/dict.h"

enum mc_pickle_kind {
	MC_PICKLE_ATOM,		/* None, a float, bytes: of no use here */
	MC_PICKLE_BOOL,
	MC_PICKLE_INT,
	MC_PICKLE_LONG,		/* an integer beyond 64 bits */
	MC_PICKLE_TEXT,
	MC_PICKLE_TUPLE,
	MC_PICKLE_LIST,
	MC_PICKLE_DICT,
	MC_PICKLE_GLOBAL,	/* a class or function, by its name alone */
	MC_PICKLE_OPAQUE,	/* what an unknown global would make */
	MC_PICKLE_STORAGE,
	MC_PICKLE_TENSOR
};

struct mc_pickle_known;		/* a global that describes tensors */

struct mc_pickle_value {
	enum mc_pickle_kind kind;
	union {
		int64_t i;			/* BOOL, INT */
		struct {			/* TEXT; LONG: little-endian */
			const char *s;		/* in the pickle, no NUL */
			size_t n;
		} text;
		/* TUPLE, LIST; DICT: key, value, ...; OPAQUE: its parts */
		struct {
			struct mc_pickle_value **v;
			size_t n, cap;
			/* OPAQUE: the GLOBAL that would make it */
			const struct mc_pickle_value *maker;
		} seq;
		struct {
			const struct mc_pickle_known *known;	/* or NULL */
			const char *module, *name;	/* in the pickle */
			size_t nmodule, nname;
		} global;
		struct {
			enum mc_dtype dtype;	/* of a known type */
			const struct mc_pickle_value *type;	/* a GLOBAL */
			const struct mc_pickle_value *key;	/* a TEXT */
			int64_t whole;		/* elements under the key */
			int64_t offset, n;	/* the part that this is */
		} storage;
		struct {
			const struct mc_pickle_value *storage;
			int64_t offset;
			/* TUPLEs of INTs, of the same length */
			const struct mc_pickle_value *size, *stride;
		} tensor;
	} u;
	bool searched;			/* by mc_pickle_storage_in */
	struct mc_pickle_value *next;	/* made before this one */
};

/* All values of some pickles.  Start from { 0 }. */
struct mc_pickle {
	struct mc_pickle_value *last;
	size_t n;		/* made, and put into sequences */
};

/*
 * Read the pickle that begins the N BYTES and must outlive the values, which
 * live until mc_pickle_free.  *USED is its length.  A dictionary may hold
 * itself, and one value may stand in many places.  NAME is for messages.
 */
enum mc_status	 mc_pickle_read(struct mc_pickle *pickle,
		    const unsigned char *bytes, size_t n, const char *name,
		    struct mc_pickle_value **value, size_t *used,
		    struct mc_err *err) MC_MUST_CHECK;

void		 mc_pickle_free(struct mc_pickle *pickle);

/*
 * Whether a storage or tensor can be reached from VALUE.  Values that have been
 * searched in vain are not searched again, so that all calls on one pickle
 * together take time proportional to its size; after one call has found
 * something, the answers of further calls are undefined.
 */
bool		 mc_pickle_storage_in(struct mc_pickle_value *value);

/*
 * Write "module.name" of the GLOBAL, or of the one that makes the OPAQUE value,
 * into TEXT of SIZE bytes, cut if need be.
 */
void		 mc_pickle_maker(const struct mc_pickle_value *value, char *text,
		    size_t size);

/* Whether the type of a STORAGE's elements is one that is read. */
bool		 mc_pickle_readable(const struct mc_pickle_value *storage);

/* The value under the text KEY of a dictionary; NULL: there is none. */
struct mc_pickle_value *mc_pickle_get(const struct mc_pickle_value *dict,
		    const char *key);

#endif
