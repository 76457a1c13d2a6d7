/*
 * parts.h - choose which arrays of a file are meant.
 *
 * A file that was not made for mctools holds more than a backbone: the head of
 * a classifier, the student beside the teacher, a queue, the weights of a loss.
 * What is known to be of such a part is left out and counted; whatever else the
 * backbone does not have is refused when it is loaded, unless the user allows
 * it.
 *
 * What the user chose is recorded beside the digest of the file: the same file,
 * choice and version of mctools give the same arrays.  A digest of the arrays
 * themselves is not needed for that, and nobody could check it with sha256sum.
 */
#ifndef MC_PARTS_H
#define MC_PARTS_H

#include <stdbool.h>

#include "base/err.h"
#include "base/mem.h"
#include "weights/dict.h"

/* What the user chose; NULL: what the rules find. */
struct mc_excerpt {
	const char *from;	/* this entry of a torch.save file */
	const char *prefix;	/* the arrays whose names begin so */
	const char *allow_extra;	/* arrays to leave out: fnmatch(3) */
};

/*
 * Take only the arrays of SD below PREFIX, "model.visual" or "model.visual.",
 * under the rest of their names.  MC_EDATA: there are none.  On error SD is
 * only to be freed.
 */
enum mc_status	 mc_statedict_below(struct mc_statedict *sd,
		    const char *prefix, struct mc_err *err) MC_MUST_CHECK;

/*
 * Leave out the arrays of SD that KNOWN, given ARG, does not want, if their
 * names are those of a head, a projector, a loss, ... or match ALLOW, a
 * pattern of fnmatch(3) or NULL.  Where KNOWN is NULL only ALLOW counts.  On
 * error SD is only to be freed.
 */
enum mc_status	 mc_statedict_leave_out(struct mc_statedict *sd,
		    bool (*known)(const char *name, const void *arg),
		    const void *arg, const char *allow, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * Add "4 arrays: 2 of a head, 2 in "optimizer"" to TEXT, which is what has been
 * left out of SD since it was opened.  Returns false, and adds nothing, where
 * all were kept.
 */
bool		 mc_statedict_left(const struct mc_statedict *sd,
		    struct mc_buf *text);

#endif
