/* fetch.c - fetch a published file. */
#include "config.h"

#include <sys/stat.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/kind.h"
#include "base/mem.h"
#include "base/usage.h"
#include "fetch/fetch.h"
#include "fetch/part.h"
#include "fetch/transfer.h"
#include "weights/sizes.h"
#include "weights/statedict.h"

#define LONGEST_PAUSE 30.0	/* seconds */
#define CHUNK 65536

/* --- Where from ------------------------------------------------------------ */

bool
mc_fetch_is_address(const char *from)
{
	return strstr(from, "://") != NULL;
}

char *
mc_fetch_source(const char *from, const char *name)
{
	size_t n = strlen(from);
	bool slash = n > 0 && from[n - 1] == '/';
	struct stat st;

	if (mc_fetch_is_address(from) ? slash :
	    stat(from, &st) == 0 && S_ISDIR(st.st_mode))
		return mc_xasprintf("%s%s%s", from, slash ? "" : "/", name);
	return mc_xstrdup(from);
}

/* RFC 3986, 3.2.1; like libcurl, all up to the last "@" of the authority. */
char *
mc_fetch_shown(const char *from)
{
	const char *host = strstr(from, "://"), *at = NULL;
	size_t i, n;

	if (host == NULL)
		return mc_xstrdup(from);
	host += 3;
	n = strcspn(host, "/?#");
	for (i = 0; i < n; i++) {
		if (host[i] == '@')
			at = host + i;
	}
	return at == NULL ? mc_xstrdup(from) : mc_xasprintf("%.*s%s",
	    (int)(host - from), from, at + 1);
}

/* --- Is it the right file? -------------------------------------------------- */

static bool
is_known(const struct mc_fetch *f)
{
	return f->sha256[0] != '\0';
}

static bool
is_right(const struct mc_fetch *f, const struct mc_part *part)
{
	char sha256[MC_SHA256_HEX];

	mc_part_digest(part, sha256);
	return strncmp(sha256, f->sha256, strlen(f->sha256)) == 0;
}

/* Refuse what is not the published file. */
static enum mc_status
refuse(const struct mc_fetch *f, struct mc_part *part, struct mc_err *err)
{
	char sha256[MC_SHA256_HEX], head[MC_KIND_HEAD];
	const struct mc_kind *kind = NULL;

	mc_part_digest(part, sha256);
	if (fseeko(mc_part_file(part), 0, SEEK_SET) == 0)
		kind = mc_kind_of(head, fread(head, 1, sizeof(head),
		    mc_part_file(part)), NULL);
	/* A ZIP archive is what torch.save writes. */
	if (kind != NULL && strcmp(kind->name, "a ZIP archive") == 0)
		kind = NULL;
	return mc_err_at(err, MC_EDATA, f->shown, 0, "not the published file%s"
	    "%s: its SHA-256 is %s, not %s%s: give --from another source",
	    kind == NULL ? "" : ", but ", kind == NULL ? "" : kind->name,
	    sha256, f->sha256, strlen(f->sha256) < 64 ? "..." : "");
}

/* Check the whole PART; without a digest it must fill its backbone. */
static enum mc_status
check(const struct mc_fetch *f, struct mc_part *part, struct mc_err *err)
{
	struct mc_statedict *sd;
	enum mc_status status;

	if (mc_part_size(part) == 0)
		return mc_err_at(err, MC_EDATA, f->shown, 0, "the file is "
		    "empty: give --from another source");
	if (is_known(f))
		return is_right(f, part) ? MC_OK : refuse(f, part, err);
	status = mc_statedict_from_spool(&sd, mc_part_file(part), f->shown,
	    err);
	if (status != MC_OK)
		return status;
	if (f->backbone != NULL)
		status = mc_size_check(sd, f->backbone, NULL, err);
	mc_statedict_free(sd);
	return status;
}

/* --- From a file ------------------------------------------------------------ */

static bool
same_file(FILE *a, FILE *b)
{
	struct stat s, t;

	return fstat(fileno(a), &s) == 0 && fstat(fileno(b), &t) == 0 &&
	    s.st_dev == t.st_dev && s.st_ino == t.st_ino;
}

static enum mc_status
copy_bytes(const struct mc_fetch *f, FILE *in, struct mc_part *part,
    struct mc_err *err)
{
	enum mc_status status = mc_part_empty(part, err);
	char chunk[CHUNK];
	struct stat st;
	size_t n;

	if (fstat(fileno(in), &st) != 0)
		return mc_err_errno(err, "%s", f->from);
	while (status == MC_OK && (n = fread(chunk, 1, CHUNK, in)) > 0) {
		status = mc_part_add(part, chunk, n, err);
		if (status == MC_OK && f->asked(mc_part_size(part),
		    (int64_t)st.st_size, f->arg))
			status = mc_err_set(err, MC_EIO, "interrupted");
	}
	if (status == MC_OK && ferror(in))
		status = mc_err_errno(err, "%s", f->from);
	return status;
}

static enum mc_status
copy(const struct mc_fetch *f, struct mc_part *part, struct mc_err *err)
{
	FILE *in = mc_file_open(f->from, err);
	enum mc_status status;

	if (in == NULL)
		return err->status;
	if (same_file(in, mc_part_file(part)))
		status = mc_err_at(err, MC_EUSAGE, f->from, 0, "what is "
		    "fetched is collected in this file: give --from another");
	else
		status = copy_bytes(f, in, part, err);
	fclose(in);
	return status;
}

/* --- From an address --------------------------------------------------------- */

/* Wait before try number TRY + 1; false: to be stopped. */
static bool
wait_a_while(const struct mc_fetch *f, double seconds, int64_t done)
{
	const struct timespec tenth = { 0, 100000000 };
	double end = mc_seconds() + seconds;

	while (mc_seconds() < end) {
		if (f->asked(done, 0, f->arg))
			return false;
		nanosleep(&tenth, NULL);
	}
	return true;
}

/* Say that a request has failed, and wait; false: to be stopped. */
static bool
pause_after(const struct mc_fetch *f, int failures, int64_t done,
    const struct mc_err *err)
{
	double seconds = failures > 5 ? LONGEST_PAUSE : 1 << (failures - 1);

	if (seconds > f->timeout)
		seconds = f->timeout;
	mc_say(f->say, "%s: trying again in %g s (retry %d of %d)",
	    err->text, seconds, failures, f->retries);
	return wait_a_while(f, seconds, done);
}

/* Send requests until PART is complete, or one fails for good. */
static enum mc_status
request(const struct mc_fetch *f, struct mc_transfer *t, struct mc_part *part,
    struct mc_err *err)
{
	int64_t most = mc_part_size(part);
	enum mc_status status;
	int failures = 0;

	for (;;) {
		status = mc_transfer(t, part, err);
		if (status == MC_OK || !t->again)
			return status;
		if (mc_part_size(part) > most) {
			most = mc_part_size(part);
			failures = 0;
		}
		if (failures++ == f->retries)
			return status;
		if (!pause_after(f, failures, mc_part_size(part), err))
			return mc_err_set(err, MC_EIO, "interrupted");
		/* Nothing would tell that the rest is of the same version. */
		if (!is_known(f) && t->validator == NULL &&
		    mc_part_empty(part, err) != MC_OK)
			return err->status;
	}
}

static enum mc_status
download(const struct mc_fetch *f, struct mc_part *part, struct mc_err *err)
{
	struct mc_transfer t = { .address = f->from, .shown = f->shown,
	    .timeout = f->timeout, .bytes = f->bytes, .asked = f->asked,
	    .arg = f->arg };
	enum mc_status status = MC_OK;

	if (!is_known(f))
		status = mc_part_empty(part, err);
	else if (mc_part_size(part) > 0 && is_right(f, part))
		return MC_OK;
	if (status == MC_OK)
		status = request(f, &t, part, err);
	if (status == MC_OK && mc_part_continued(part) && !is_right(f, part)) {
		mc_say(f->say, "what an earlier run had left is of another "
		    "file: fetching all of it again");
		status = mc_part_empty(part, err);
		t.total = 0;
		if (status == MC_OK)
			status = request(f, &t, part, err);
	}
	free(t.validator);
	return status;
}

/* --- All of it ---------------------------------------------------------------- */

/* Close PART after a failure; ERR gets what is left. */
static void
give_up(const struct mc_fetch *f, struct mc_part *part, enum mc_status status,
    struct mc_err *err)
{
	bool failed = status == MC_EIO || status == MC_EMACHINE;
	bool keep = mc_part_continued(part) || (failed &&
	    is_known(f) && mc_fetch_is_address(f->from));
	int64_t size = mc_part_size(part);
	struct mc_err failure = *err;

	if (failed && keep && size > 0)
		mc_err_set(err, status, "%s; %s keeps %lld bytes: run the same "
		    "command again to continue", failure.text,
		    mc_part_name(part), (long long)size);
	mc_part_close(part, keep);
}

enum mc_status
mc_fetch(const struct mc_fetch *f, struct mc_fetched *fetched,
    struct mc_err *err)
{
	struct mc_part *part;
	enum mc_status status = mc_part_open(&part, f->to, err);

	if (status != MC_OK)
		return status;
	status = mc_fetch_is_address(f->from) ? download(f, part, err) :
	    copy(f, part, err);
	if (status == MC_OK)
		status = check(f, part, err);
	if (status != MC_OK) {
		give_up(f, part, status, err);
		return status;
	}
	fetched->bytes = mc_part_size(part);
	mc_part_digest(part, fetched->sha256);
	return mc_part_finish(part, err);
}
