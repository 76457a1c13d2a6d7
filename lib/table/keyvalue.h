/*
 * keyvalue.h - read and write small tables of two columns, "key" and "value".
 *
 * They describe an archive: __model__ and __end__.  Keys may repeat where that
 * has a meaning ("skipped"); the order is that of the keys' bytes, and of
 * addition among equal keys, so that equal content gives equal bytes.
 */
#ifndef MC_KEYVALUE_H
#define MC_KEYVALUE_H

#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"

struct mc_keyvalue;

struct mc_keyvalue *mc_keyvalue_alloc(void);
void		 mc_keyvalue_free(struct mc_keyvalue *kv);

/* Add a pair; the value is made as printf does.  Both are copied. */
void		 mc_keyvalue_add(struct mc_keyvalue *kv, const char *key,
		    const char *fmt, ...) MC_PRINTF(3, 4);

/* The value of the I-th pair with KEY, counted from 0; NULL: there is none. */
const char	*mc_keyvalue_get(const struct mc_keyvalue *kv, const char *key,
		    size_t i);

/*
 * Append as TSV, header first, to TEXT.  What was added must be fields of a TSV
 * (mc_tsv_field_ok), which is the caller's to see to.
 */
void		 mc_keyvalue_print(const struct mc_keyvalue *kv,
		    struct mc_buf *text);

/*
 * Read N BYTES of such a TSV; NAME is for messages.  The result is the
 * caller's.
 */
enum mc_status	 mc_keyvalue_read(struct mc_keyvalue **kv, const void *bytes,
		    size_t n, const char *name, struct mc_err *err)
		    MC_MUST_CHECK;

#endif
