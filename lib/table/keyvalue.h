/*
 * keyvalue.h - read and write small tables of two columns, "key" and "value".
 *
 * They describe an archive: __model__ and __end__.  A key may
 * repeat, such as "skipped".  Pairs are in byte order of their keys, and those
 * with equal keys in order of addition: equal content gives equal bytes.
 */
#ifndef MC_KEYVALUE_H
#define MC_KEYVALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

struct mc_keyvalue;

struct mc_keyvalue *mc_keyvalue_alloc(void);
void		 mc_keyvalue_free(struct mc_keyvalue *kv);

/* Add a pair; the value is made as printf does.  Both are copied. */
void		 mc_keyvalue_add(struct mc_keyvalue *kv, const char *key,
		    const char *fmt, ...) MC_PRINTF(3, 4);
void		 mc_keyvalue_add_integer(struct mc_keyvalue *kv,
		    const char *key, int64_t value);
/* As mc_format_f64 prints it. */
void		 mc_keyvalue_add_real(struct mc_keyvalue *kv, const char *key,
		    double value);

/* Return the value of pair I (from 0) with KEY, or NULL if there is none. */
const char	*mc_keyvalue_get(const struct mc_keyvalue *kv, const char *key,
		    size_t i);

/*
 * Set *KEY and *VALUE to pair I (from 0) of all, in their order; false, and both
 * NULL, after the last.
 */
bool		 mc_keyvalue_at(const struct mc_keyvalue *kv, size_t i,
		    const char **key, const char **value);

/*
 * Append as TSV, header first, to TEXT.  The caller sees to it that all
 * keys and values are fields of a TSV (mc_tsv_field_ok).
 */
void		 mc_keyvalue_print(const struct mc_keyvalue *kv,
		    struct mc_buf *text);

/*
 * Read N BYTES of such a TSV; messages begin with NAME, a file, and MEMBER of
 * it.  The result is the caller's.  MC_EDATA: also a key that is given twice and
 * is not one of REPEATS, which ends in NULL; NULL: none may be.
 */
enum mc_status	 mc_keyvalue_read(struct mc_keyvalue **kv, const void *bytes,
		    size_t n, const char *name, const char *member,
		    const char *const *repeats, struct mc_err *err)
		    MC_MUST_CHECK;

#endif
