/*
 * fetch.h - fetch a published file: whole and checked, or not at all.
 */
#ifndef MC_FETCH_H
#define MC_FETCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/hash.h"

struct mc_fetch {
	const char *from;	/* an address, http: or https:, or a file */
	const char *shown;	/* mc_fetch_shown of it, for messages */
	const char *to;		/* the file that it becomes */
	/* Lower-case digits of its SHA-256, 64 or the first few; "": unknown. */
	const char *sha256;
	int64_t bytes;		/* 0: not known */
	/* Without a digest: what the file must fill (sizes.h); NULL: anything. */
	const char *backbone;
	double timeout;		/* seconds without a byte that are too long */
	int retries;		/* in a row that bring no further byte */
	/*
	 * Called about ten times a second with the bytes so far and in all (0:
	 * not known); true: stop.
	 */
	bool (*asked)(int64_t done, int64_t total, void *arg);
	void (*say)(const char *line);	/* what is tried again, and why */
	void *arg;
};

/* What was fetched. */
struct mc_fetched {
	int64_t bytes;
	char sha256[MC_SHA256_HEX];
};

/*
 * The source that FROM means for the file called NAME: itself, or NAME in it
 * where FROM is an address that ends in "/", or a folder.  To be freed.
 */
char		*mc_fetch_source(const char *from, const char *name);

/*
 * FROM as it may be printed: an address without "USER:PASSWORD@".  To be freed.
 */
char		*mc_fetch_shown(const char *from);

/* Whether FROM is an address ("https://..."), not a file. */
bool		 mc_fetch_is_address(const char *from);

/*
 * Fetch F.  The bytes are collected in the part of F's target (part.h), which
 * gets its name when its digest is right; where none is known, when it is a
 * file of weights that can be read and that fills the backbone.
 *
 * From an address, a part that an earlier run has left is continued if the
 * digest is known, since the digest then tells that no other version was
 * continued; if it was, all is fetched anew.  Failures that may pass (a broken
 * or stalled connection, status 408, 425, 429, 500, 502, 503, 504) are tried
 * again after 1, 2, 4, ... seconds, at most 30 and at most the timeout.
 *
 * On error the target is as it was.  The part stays if it can be continued, and
 * ERR says so.
 */
enum mc_status	 mc_fetch(const struct mc_fetch *f, struct mc_fetched *fetched,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
