/*
 * transfer.h - ask a server for what a part lacks; the only file that uses the
 * network.
 */
#ifndef MC_TRANSFER_H
#define MC_TRANSFER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "fetch/part.h"

struct mc_transfer {
	const char *address;	/* http: or https: */
	const char *shown;	/* the same in messages */
	double timeout;		/* seconds without a byte that are too long */
	int64_t bytes;		/* of the whole file; 0: not known */
	/* Called about ten times a second: whether to stop. */
	bool (*asked)(int64_t done, int64_t total, void *arg);
	void *arg;

	/* What requests tell; start from 0. */
	int64_t total;		/* bytes, as the server says; 0: not known */
	char *validator;	/* of the version (RFC 9110, 13.1.5), or NULL; to be
				   freed */
	bool reached;		/* a reply had bytes of the file */
	bool again;		/* it failed, and another request may succeed */
	bool stopped;		/* because ASKED said so */
};

/*
 * Send one request for the bytes of T's file that PART lacks, and append them.
 * Redirects are followed, ten at most, to http and https alone, and from https
 * to https alone; proxies are those of libcurl's variables.
 *
 * PART is emptied where the server sends the whole file again, as it does when
 * it has another version than that of T's validator, and where it answers with
 * another range than the one asked for.  MC_OK: the server has sent all that it
 * says it has.  On error ERR names it as SHOWN, and PART has what came.
 */
enum mc_status	 mc_transfer(struct mc_transfer *t, struct mc_part *part,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
