/* weights_fetch.c - mc-weights fetch. */
#include "config.h"

#include <sys/stat.h>

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/caught.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/num.h"
#include "fetch/fetch.h"
#include "table/tsv.h"
#include "tool.h"
#include "weights/registry.h"
#include "weights_fetch.h"

/* What is fetched, from where to where. */
struct plan {
	const struct mc_weights *w;
	char sha256[MC_SHA256_HEX];	/* the digits that are known */
	char *from, *to;
	char *shown;			/* from, as it may be printed */
};

/* --- The plan -------------------------------------------------------------- */

/* Refuse a --sha256 that is none, or not that of W. */
static void
check_digest(const char *given, const struct mc_weights *w)
{
	if (strlen(given) != 64 || strspn(given, "0123456789abcdefABCDEF") !=
	    64)
		tool_usage("--sha256: \"%s\" is not 64 hexadecimal digits",
		    given);
	if (strncasecmp(given, w->sha256, strlen(w->sha256)) != 0)
		tool_usage("--sha256: the digest of the published %s begins "
		    "with %.8s", w->file, w->sha256);
}

/* Refuse to fetch W, which is not open, without a file of it. */
static void
refuse_closed(const struct mc_weights *w)
{
	char *command = mc_weights_command(w), *page = mc_weights_page(w);

	tool_usage("fetch: %s must be %s at %s: then run %s", w->file,
	    strcmp(w->access, "request") == 0 ? "asked for" :
	    "downloaded by hand", page, command);
}

void
weights_fetch_check(const struct weights_fetch_opts *o, const char *name)
{
	const struct mc_weights *w = mc_weights_find(name);

	if (w == NULL)
		tool_usage("fetch: no published file of \"%s\" is known: "
		    "mc-weights list prints those that are; give another "
		    "file to the programs with --weights", name);
	if (o->sha256 != NULL)
		check_digest(o->sha256, w);
	if (o->from == NULL && strcmp(w->access, "open") != 0)
		refuse_closed(w);
	if (o->from == NULL)
		return;
	if (*o->from == '\0')
		tool_usage("--from: the name of a file cannot be empty");
	if (!mc_fetch_is_address(o->from))
		tool_reads(o->from);
	else if (strncasecmp(o->from, "http://", 7) != 0 &&
	    strncasecmp(o->from, "https://", 8) != 0)
		tool_usage("--from: \"%s\" is neither an address of http or "
		    "https nor a file", mc_fetch_shown(o->from));
}

static enum mc_status
make_plan(struct plan *plan, const struct weights_fetch_opts *o,
    const char *name, struct mc_err *err)
{
	const struct mc_weights *w = mc_weights_find(name);
	char *c;

	plan->w = w;
	snprintf(plan->sha256, sizeof(plan->sha256), "%s",
	    o->sha256 == NULL ? w->sha256 : o->sha256);
	for (c = plan->sha256; *c != '\0'; c++) {
		if (*c >= 'A' && *c <= 'F')
			*c = (char)(*c - 'A' + 'a');
	}
	plan->from = mc_fetch_source(o->from == NULL ? w->url : o->from,
	    w->file);
	plan->shown = mc_fetch_shown(plan->from);
	plan->to = mc_weights_place(w);
	if (plan->to == NULL)
		return mc_err_set(err, MC_EIO, "the place of PyTorch's cache "
		    "is not known: set TORCH_HOME");
	return MC_OK;
}

/* --- Doing it -------------------------------------------------------------- */

/* Draw DONE of TOTAL bytes, where 0 is not known. */
static void
draw(const struct plan *plan, int64_t done, int64_t total, bool last)
{
	struct mc_buf text = { 0 };

	mc_buf_printf(&text, "%s %.1f", plan->w->file, (double)done / 1e6);
	if (total > 0)
		mc_buf_printf(&text, "/%.1f", (double)total / 1e6);
	mc_buf_puts(&text, " MB");
	tool_line(text.data, last);
	mc_buf_free(&text);
}

/* Whether a signal asks to stop. */
static bool
asked(int64_t done, int64_t total, void *arg)
{
	draw(arg, done, total, false);
	return mc_caught() != 0;
}

static void
say(const char *line)
{
	tool_warn("%s", line);
}

/* The bytes and digest of the file at PATH, which is in the cache. */
static enum mc_status
look(struct mc_fetched *found, const struct plan *plan, const char *path,
    struct mc_err *err)
{
	size_t n = strlen(plan->sha256);
	enum mc_status status;
	struct stat st;

	if (stat(path, &st) != 0)
		return mc_err_errno(err, "%s", path);
	found->bytes = (int64_t)st.st_size;
	status = mc_sha256_file(path, found->sha256, err);
	if (status == MC_OK && strncmp(found->sha256, plan->sha256, n) != 0)
		return mc_err_at(err, MC_EDATA, path, 0, "not the published "
		    "file: its SHA-256 is %s, not %s%s: remove it to fetch it "
		    "again", found->sha256, plan->sha256, n < 64 ? "..." : "");
	return status;
}

static enum mc_status
fetch(struct mc_fetched *fetched, struct plan *plan,
    const struct weights_fetch_opts *o, struct mc_err *err)
{
	struct mc_fetch f = { .from = plan->from, .shown = plan->shown,
	    .to = plan->to, .sha256 = plan->sha256, .bytes = plan->w->bytes,
	    .backbone = plan->w->head ? NULL : plan->w->backbone,
	    .timeout = o->timeout, .retries = (int)o->retries,
	    .asked = asked, .say = say, .arg = plan };
	enum mc_status status;

	if (plan->sha256[0] == '\0' && !o->allow_unverified)
		return mc_err_set(err, MC_EUSAGE, "fetch: no SHA-256 of %s is "
		    "known: give it as --sha256 HEX, or --allow-unverified",
		    plan->w->file);
	tool_say("%s -> %s", plan->shown, plan->to);
	mc_catch_stop();
	status = mc_fetch(&f, fetched, err);
	if (status == MC_OK)
		draw(plan, fetched->bytes, fetched->bytes, true);
	return status;
}

/* --- The table ------------------------------------------------------------- */

static void
write_row(FILE *out, const struct plan *plan, const struct mc_fetched *fetched,
    const char *from, const char *to)
{
	static const char *const header[] = { "name", "backbone", "bytes",
	    "sha256", "digits_compared", "licence", "access", "from", "to" };
	const struct mc_weights *w = plan->w;
	char bytes[MC_NUM_SIZE] = "", digits[MC_NUM_SIZE];

	if (fetched->bytes > 0)
		snprintf(bytes, sizeof(bytes), "%lld",
		    (long long)fetched->bytes);
	snprintf(digits, sizeof(digits), "%zu", strlen(plan->sha256));
	mc_tsv_write(out, header, 9);
	mc_tsv_write(out, (const char *const[]){ w->file, w->backbone, bytes,
	    fetched->sha256, digits, w->licence, w->access, from, to }, 9);
}

enum mc_status
weights_fetch(const struct weights_fetch_opts *o, const char *name, FILE *out,
    struct mc_err *err)
{
	struct plan plan = { 0 };
	struct mc_fetched fetched;
	char *cached = NULL;
	enum mc_status status = make_plan(&plan, o, name, err);

	if (status == MC_OK) {
		fetched.bytes = plan.w->bytes;
		memcpy(fetched.sha256, plan.sha256, sizeof(fetched.sha256));
		cached = mc_weights_cached(plan.w);
		if (cached != NULL)
			status = look(&fetched, &plan, cached, err);
		else if (!o->dry_run)
			status = fetch(&fetched, &plan, o, err);
	}
	if (status == MC_OK)
		write_row(out, &plan, &fetched, cached == NULL ? plan.shown : "",
		    cached == NULL ? plan.to : cached);
	free(cached);
	free(plan.from);
	free(plan.shown);
	free(plan.to);
	return status;
}
