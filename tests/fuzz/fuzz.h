/*
 * fuzz.h - what the fuzz targets share.
 *
 * Each other file here is a target of libFuzzer: it gives one parser any bytes.
 * A parser may refuse them; it must not crash, hang, leak, read what it was not
 * given or take memory without bound.  What it accepts and can write again must
 * come back the same.
 *
 * At its end a target prints how many inputs it was given, and a CRC of all of
 * them, by which two runs that tried the same inputs are known.
 */
#ifndef MC_FUZZ_H
#define MC_FUZZ_H

#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

int		LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/*
 * The path of a file in memory that holds the N BYTES, until the next call; and
 * of another one.
 */
const char	*fuzz_file(const void *bytes, size_t n);
const char	*fuzz_other_file(const void *bytes, size_t n);

/* Write the N BYTES into the file PATH, in the place of what it held. */
void		 fuzz_write(const char *path, const void *bytes, size_t n);

/* A copy of the N BYTES up to the first NUL as a text, to be freed. */
char		*fuzz_text(const void *bytes, size_t n);

/*
 * Cut the N BYTES at the lines that consist of "--" into *A and *B, two texts, to
 * be freed; *B is "" where there is no such line.
 */
void		 fuzz_two_texts(const void *bytes, size_t n, char **a, char **b);

/* Read all N BYTES at P, so that a sanitizer sees what may not be read. */
void		 fuzz_read(const void *p, size_t n);

/* End the process, which counts as a crash, unless WHAT holds. */
#define FUZZ_MUST(what)	do { if (!(what)) abort(); } while (0)

/*
 * A tar of the members in the N BYTES, which are lines "@NAME" each followed by
 * the content of a member, into *TAR, which the caller frees.  In the last member
 * "SHA256" becomes the digest of the others' content, so that the reader gets
 * beyond the check.
 */
void		 fuzz_make_tar(struct mc_buf *tar, const uint8_t *bytes,
		    size_t n);

#endif
