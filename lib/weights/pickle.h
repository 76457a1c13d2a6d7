/*
 * pickle.h - a pickle read as data.
 *
 * A pickle is a program for a stack machine that can import and call anything.
 * This machine can call nothing: it builds dictionaries, lists, numbers and
 * texts, and knows by name the few globals with which torch.save describes a
 * tensor.  Any other global is refused where it is named.
 */
#ifndef MC_PICKLE_H
#define MC_PICKLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "weights/statedict.h"

enum mc_pickle_kind {
	MC_PICKLE_ATOM,		/* None, a float, bytes: of no use here */
	MC_PICKLE_BOOL,
	MC_PICKLE_INT,
	MC_PICKLE_LONG,		/* an integer beyond 64 bits */
	MC_PICKLE_TEXT,
	MC_PICKLE_TUPLE,
	MC_PICKLE_LIST,
	MC_PICKLE_DICT,
	MC_PICKLE_GLOBAL,
	MC_PICKLE_STORAGE,
	MC_PICKLE_TENSOR
};

struct mc_pickle_global;

struct mc_pickle_value {
	enum mc_pickle_kind kind;
	union {
		int64_t i;			/* BOOL, INT */
		struct {			/* TEXT; LONG: little-endian */
			const char *s;		/* in the pickle, no NUL */
			size_t n;
		} text;
		struct {			/* TUPLE, LIST; DICT: */
			struct mc_pickle_value **v; /* key, value, ... */
			size_t n, cap;
		} seq;
		const struct mc_pickle_global *global;
		struct {
			enum mc_dtype dtype;
			const struct mc_pickle_value *key;	/* a TEXT */
			int64_t whole;		/* elements behind the key */
			int64_t offset, n;	/* the part that this is */
		} storage;
		struct {
			const struct mc_pickle_value *storage;
			int64_t offset;
			/* TUPLEs of INTs, of the same length */
			const struct mc_pickle_value *size, *stride;
		} tensor;
	} u;
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
 * itself, and one value may stand in many places.  NAME stands in messages.
 */
enum mc_status	 mc_pickle_read(struct mc_pickle *pickle,
		    const unsigned char *bytes, size_t n, const char *name,
		    const struct mc_pickle_value **value, size_t *used,
		    struct mc_err *err) MC_MUST_CHECK;

void		 mc_pickle_free(struct mc_pickle *pickle);

/* Whether VALUE is the text S. */
bool		 mc_pickle_is(const struct mc_pickle_value *value,
		    const char *s);

/* The value under the text KEY of a dictionary; NULL: there is none. */
const struct mc_pickle_value *mc_pickle_get(const struct mc_pickle_value *dict,
		    const char *key);

#endif
