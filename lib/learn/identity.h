/*
 * identity.h - see whether two trainings are the same: whether what their
 * results depend on is equal.
 */
#ifndef MC_IDENTITY_H
#define MC_IDENTITY_H

#include <stdbool.h>

#include "base/err.h"
#include "base/mem.h"

/*
 * Append to WHAT how OURS differs from THEIRS, both keys and values in lines: the
 * first key that differs, "is", their value, ", not" and ours.  Returns whether
 * it does.
 */
bool		mc_identity_differs(const struct mc_buf *ours,
		    const struct mc_buf *theirs, struct mc_buf *what);

/*
 * Check that OURS and THEIRS, keys and values in lines as mc_training_describe
 * writes them, are equal.  MC_EDATA: the checkpoint PATH, of which THEIRS is, is
 * of another training; the message has the first key that differs.
 */
enum mc_status	mc_identity_check(const struct mc_buf *ours,
		    const struct mc_buf *theirs, const char *path,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
