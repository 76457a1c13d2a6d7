/*
 * part.h - keep what has arrived of a file until the file is complete.
 *
 * The part of the file NAME is the file NAME.part beside it.  It keeps what has
 * been written however the program ends, and becomes NAME only by
 * mc_part_finish.
 */
#ifndef MC_PART_H
#define MC_PART_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "base/hash.h"

struct mc_part;

/*
 * Open the part of TARGET, which is created with its folders where it is
 * missing, and read the bytes that an earlier run has left there.  *PART is
 * NULL on error; end it with exactly one of finish and close.  It is locked: a
 * part that another process has open is refused.
 */
enum mc_status	 mc_part_open(struct mc_part **part, const char *target,
		    struct mc_err *err) MC_MUST_CHECK;

/* The name of the part, and its bytes so far. */
const char	*mc_part_name(const struct mc_part *part);
int64_t		 mc_part_size(const struct mc_part *part);

/* Whether bytes of an earlier run are in it. */
bool		 mc_part_continued(const struct mc_part *part);

/* Append N BYTES. */
enum mc_status	 mc_part_add(struct mc_part *part, const void *bytes, size_t n,
		    struct mc_err *err) MC_MUST_CHECK;

/* Remove all bytes. */
enum mc_status	 mc_part_empty(struct mc_part *part, struct mc_err *err)
		    MC_MUST_CHECK;

/* The SHA-256 of its bytes. */
void		 mc_part_digest(const struct mc_part *part,
		    char sha256[MC_SHA256_HEX]);

/* The stream, to read from; PART owns it. */
FILE		*mc_part_file(struct mc_part *part);

/*
 * Have all bytes on the disk and rename the part to its target, which is
 * replaced.  Frees PART in every case; on error the part stays.
 */
enum mc_status	 mc_part_finish(struct mc_part *part, struct mc_err *err)
		    MC_MUST_CHECK;

/* Free PART, which may be NULL.  The file stays if KEEP and not empty. */
void		 mc_part_close(struct mc_part *part, bool keep);

#endif
