/*
 * weights_fetch.h - fetch published weights into PyTorch's cache.
 */
#ifndef MC_WEIGHTS_FETCH_H
#define MC_WEIGHTS_FETCH_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"

#define WEIGHTS_FETCH_OPTIONS MC_WORDS("allow-unverified", "dry-run", "from", \
	"retries", "sha256", "timeout")

struct weights_fetch_opts {
	const char *from, *sha256;
	bool allow_unverified, dry_run;
	int64_t retries;
	double timeout;
};

/*
 * End the program with a usage error if O or NAME cannot be meant.  To be called
 * before anything is opened.
 */
void		weights_fetch_check(const struct weights_fetch_opts *o,
		    const char *name);

/*
 * Fetch the file NAME, or the default file of the backbone NAME, unless it is in
 * the cache, and write its row to OUT; with --dry-run only the row, without
 * using the network.
 */
enum mc_status	weights_fetch(const struct weights_fetch_opts *o,
		    const char *name, FILE *out, struct mc_err *err)
		    MC_MUST_CHECK;

#endif
