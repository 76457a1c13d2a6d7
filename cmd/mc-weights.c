/* mc-weights.c - list, fetch, check and convert pretrained weights. */
#include "config.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/caught.h"
#include "base/hash.h"
#include "base/num.h"
#include "excerpt.h"
#include "table/tsv.h"
#include "tool.h"
#include "weights/names.h"
#include "weights/registry.h"
#include "weights/safetensors.h"
#include "weights/sizes.h"
#include "weights/statedict.h"
#include "weights_fetch.h"
#include "weights_show.h"

struct opts {
	struct mc_common common;
	const char *backbone;
	bool any_size;
	struct mc_excerpt excerpt;	/* its from is also that of fetch */
	struct weights_fetch_opts fetch;
};

static const struct mc_opt options[] = {
	EXCERPT_ALLOW_EXTRA(struct opts, excerpt),
	{ "allow-unverified", 0, NULL, "fetch a file whose SHA-256 is not "
	    "known", MC_FLAG, offsetof(struct opts, fetch.allow_unverified),
	    0, 0, NULL },
	{ "any-size", 0, NULL, "convert: rename a file that does not fill the "
	    "backbone, too", MC_FLAG, offsetof(struct opts, any_size), 0, 0,
	    NULL },
	{ "backbone", 0, "NAME", "rename arrays to backbone NAME's layout",
	    MC_STRING, offsetof(struct opts, backbone), 0, 0, NULL },
	{ "dry-run", 0, NULL, "only write what would be fetched", MC_FLAG,
	    offsetof(struct opts, fetch.dry_run), 0, 0, NULL },
	{ "from", 0, "SOURCE", "fetch: from this address, file, mirror/ or "
	    "folder; show, convert: this entry of a torch.save file", MC_STRING,
	    offsetof(struct opts, excerpt.from), 0, 0, NULL },
	EXCERPT_PREFIX(struct opts, excerpt),
	{ "retries", 0, "N", "further tries without a byte (default: 4)",
	    MC_INTEGER, offsetof(struct opts, fetch.retries), 0, 1000, NULL },
	{ "sha256", 0, "HEX", "the SHA-256 that the fetched file must have",
	    MC_STRING, offsetof(struct opts, fetch.sha256), 0, 0, NULL },
	{ "timeout", 0, "SECONDS", "longest wait for a byte (default: 30)",
	    MC_REAL, offsetof(struct opts, fetch.timeout), 0.01, 86400, NULL },
	{ 0 }
};

static const struct mc_prog prog = {
	"mc-weights",
	"[OPTION]... list\n"
	"[OPTION]... fetch NAME\n"
	"[OPTION]... path NAME\n"
	"[OPTION]... show FILE\n"
	"[OPTION]... verify FILE...\n"
	"[OPTION]... convert FILE",
	"List, fetch, find, inspect, verify and convert pretrained weights.",
	options, false
};

/* What a command is given. */
struct job {
	const struct opts *opts;
	const struct command *command;
	char **files;
	int n;
	FILE *out;
};

/* --- list ------------------------------------------------------------- */

/*
 * Whether the cached file PATH is the published one: "yes", "no", "unknown"
 * where no digest is published, or "unreadable", with a warning.
 */
static const char *
is_verified(const char *path)
{
	char sha256[MC_SHA256_HEX];
	struct mc_err err;
	enum mc_status status = mc_sha256_file(path, sha256, &err);

	if (status != MC_OK) {
		tool_warn("%s", err.text);
		return "unreadable";
	}
	status = mc_weights_verify(path, sha256, &err);
	return status == MC_OK ? "yes" : status == MC_END ? "unknown" : "no";
}

static enum mc_status
list(const struct job *job, struct mc_err *err)
{
	static const char *const header[] = { "name", "backbone", "part",
	    "format", "bytes", "sha256", "licence", "cached", "url",
	    "access", "path", "verified", "layout",
	    "command", "preprocessing" };
	const struct mc_weights *w;
	size_t i;

	(void)err;
	mc_tsv_write(job->out, header, 15);
	for (i = 0; (w = mc_weights_at(i)) != NULL; i++) {
		char *cached = mc_weights_cached(w), *place = cached != NULL ?
		    mc_xstrdup(cached) : mc_weights_place(w);
		char *command = mc_weights_command(w);
		char bytes[MC_NUM_SIZE] = "";

		if (w->bytes > 0)
			snprintf(bytes, sizeof(bytes), "%lld",
			    (long long)w->bytes);
		mc_tsv_write(job->out, (const char *const[]){ w->file,
		    w->backbone, w->head ? "head" : "backbone",
		    w->format, bytes, w->sha256, w->licence,
		    cached == NULL ? "no" : "yes", w->url, w->access,
		    place == NULL ? "" : place,
		    cached == NULL ? "" : is_verified(cached),
		    w->unverified ? "unverified" : "tested", command,
		    w->preprocessing_unverified ? "unverified" : "known" }, 15);
		free(command);
		free(cached);
		free(place);
	}
	return MC_OK;
}

/* --- path ------------------------------------------------------------- */

static enum mc_status
path(const struct job *job, struct mc_err *err)
{
	const struct mc_weights *w = mc_weights_find(job->files[0]);
	char *cached = mc_weights_cached(w), *command;

	if (cached != NULL) {
		fprintf(job->out, "%s\n", cached);
		free(cached);
		return MC_OK;
	}
	command = mc_weights_command(w);
	mc_err_set(err, MC_EIO, "%s is not in PyTorch's cache: run %s", w->file,
	    command);
	free(command);
	return MC_EIO;
}

/* --- show ------------------------------------------------------------- */

/* Say what the rules for BACKBONE, or NULL, and the user's choice have done. */
static void
describe(const struct mc_statedict *sd, const char *backbone)
{
	struct mc_buf text = { 0 };

	if (backbone != NULL)
		tool_say("%s: %s: names of %s", mc_statedict_name(sd),
		    backbone, mc_statedict_conventions(sd, &text) ? text.data :
		    "the reference");
	text.len = 0;
	if (mc_statedict_left(sd, &text))
		tool_warn("%s: left out %s", mc_statedict_name(sd), text.data);
	mc_buf_free(&text);
}

/*
 * Check that SD fills the backbone that is given, or only WARN; without one, say
 * with -v which ones it fills.
 */
static enum mc_status
compare(const struct mc_statedict *sd, const struct opts *o, bool warn,
    struct mc_err *err)
{
	struct mc_buf text = { 0 };
	enum mc_status status = MC_OK;

	if (o->backbone != NULL) {
		status = o->any_size ? MC_OK : mc_size_check(sd, o->backbone,
		    o->excerpt.allow_extra, err);
		if (status == MC_EDATA && warn) {
			tool_warn("%s", err->text);
			status = MC_OK;
		}
	} else if (o->common.verbose) {
		tool_say("%s: fills %s", mc_statedict_name(sd), mc_size_like(sd,
		    o->excerpt.allow_extra, &text) ? text.data :
		    "no backbone of mc-embed --list");
		mc_buf_free(&text);
	}
	return status;
}

/*
 * Open FILE, with the reference's names where a backbone is given; WARN: whether
 * or not the file fills it.
 */
static enum mc_status
open_weights(struct mc_statedict **sd, const struct job *job, bool warn,
    struct mc_err *err)
{
	const char *file = job->files[0];
	enum mc_status status;
	struct mc_err other;

	status = mc_statedict_open(sd, file, &job->opts->excerpt, err);
	if (status != MC_OK)
		return status;
	tool_say("%s: %s, %zu array%s, SHA-256 %s", file,
	    mc_statedict_format(*sd), mc_statedict_count(*sd),
	    MC_PLURAL(mc_statedict_count(*sd)), mc_statedict_sha256(*sd));
	status = mc_weights_verify(file, mc_statedict_sha256(*sd), &other);
	if (status == MC_OK)
		tool_say("%s: the published file", file);
	else if (status < 0)
		tool_say("%s", other.text);
	status = compare(*sd, job->opts, warn, err);
	if (status == MC_OK && job->opts->backbone != NULL)
		status = mc_statedict_rename(*sd, job->opts->backbone, err);
	if (status == MC_OK && job->opts->excerpt.allow_extra != NULL)
		status = mc_statedict_leave_out(*sd, NULL, NULL,
		    job->opts->excerpt.allow_extra, err);
	if (status == MC_OK)
		describe(*sd, job->opts->backbone);
	return status;
}

static enum mc_status
show(const struct job *job, struct mc_err *err)
{
	struct mc_statedict *sd = NULL;
	enum mc_status status = open_weights(&sd, job, true, err);

	if (status == MC_OK)
		status = weights_show(sd, job->files[0], job->out, err);
	mc_statedict_free(sd);
	return status;
}

/* --- verify ----------------------------------------------------------- */

/* The digest of FILE into SHA256, where it is what the name promises. */
static enum mc_status
verify_file(const char *file, char sha256[MC_SHA256_HEX], struct mc_err *err)
{
	enum mc_status status;

	if (mc_weights_named(file) == NULL)
		return mc_err_at(err, MC_EDATA, file, 0,
		    "no published file has this name: see mc-weights list");
	status = mc_sha256_file(file, sha256, err);
	if (status == MC_OK)
		status = mc_weights_verify(file, sha256, err);
	if (status == MC_END)
		return mc_err_at(err, MC_EDATA, file, 0, "its SHA-256 is %s, "
		    "but that of the published file is not known", sha256);
	return status;
}

static enum mc_status
verify(const struct job *job, struct mc_err *err)
{
	static const char *const header[] = { "name", "backbone", "sha256",
	    "digits_compared" };
	enum mc_status status = MC_OK, bad;
	struct mc_err why;
	int i;

	mc_tsv_write(job->out, header, 4);
	for (i = 0; i < job->n; i++) {
		const struct mc_weights *w = mc_weights_named(job->files[i]);
		char sha256[MC_SHA256_HEX], digits[MC_NUM_SIZE];

		bad = verify_file(job->files[i], sha256, &why);
		if (bad != MC_OK) {
			/* The last is for the end of the program to say. */
			if (status != MC_OK)
				tool_warn("%s", err->text);
			*err = why;
			status = bad;
			continue;
		}
		snprintf(digits, sizeof(digits), "%zu", strlen(w->sha256));
		mc_tsv_write(job->out, (const char *const[]){ w->file,
		    w->backbone, sha256, digits }, 4);
	}
	return status;
}

/* --- convert ---------------------------------------------------------- */

/* "format" is what Python's readers ask for; the digest says where from. */
static enum mc_status
convert(const struct job *job, struct mc_err *err)
{
	struct mc_statedict *sd = NULL;
	enum mc_status status;

	status = open_weights(&sd, job, false, err);
	if (status == MC_OK) {
		const char *const metadata[] = { "format", "pt",
		    "source_sha256", mc_statedict_sha256(sd), NULL };

		status = mc_safetensors_write(job->out, mc_statedict_at(sd, 0),
		    mc_statedict_count(sd), metadata, err);
	}
	mc_statedict_free(sd);
	return status;
}

/* --- fetch ------------------------------------------------------------ */

static enum mc_status
fetch(const struct job *job, struct mc_err *err)
{
	return weights_fetch(&job->opts->fetch, job->files[0], job->out, err);
}

/* --- the program ------------------------------------------------------ */

/* The options of what reads the arrays of a file, and of what writes them. */
#define NAMES MC_WORDS("allow-extra", "backbone", "from", "prefix")
#define WRITES MC_WORDS("allow-extra", "any-size", "backbone", "from", "prefix")

static const struct command {
	const char *name;
	enum mc_status (*run)(const struct job *, struct mc_err *);
	int least, most;	/* files */
	const char *const *options;	/* those of its own that it takes */
} commands[] = {
	{ "list", list, 0, 0, NULL },
	{ "fetch", fetch, 1, 1, WEIGHTS_FETCH_OPTIONS },
	{ "path", path, 1, 1, NULL },
	{ "show", show, 1, 1, NAMES },
	{ "verify", verify, 1, INT_MAX, NULL },
	{ "convert", convert, 1, 1, WRITES },
};

static const struct command *
find_command(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	}
	tool_usage("%s: unknown command: give list, fetch, path, show, "
	    "verify or convert", name);
}

static bool
known_backbone(const char *name)
{
	const struct mc_weights *w;
	size_t i;

	for (i = 0; (w = mc_weights_at(i)) != NULL; i++) {
		if (strcmp(w->backbone, name) == 0)
			return true;
	}
	return mc_names_known(name);
}

/* Refuse options that COMMAND does not take. */
static void
check_options(const struct command *command, const struct opts *o)
{
	size_t i;

	for (i = 0; options[i].name != NULL; i++) {
		if (mc_opt_given(&o->common, i) && mc_opt_choice(
		    command->options, options[i].name) == MC_NOT_GIVEN)
			tool_usage("%s: takes no --%s", command->name,
			    options[i].name);
	}
}

static void
check(const struct command *command, const struct opts *o, int files)
{
	bool named = command->run == fetch || command->run == path;

	if (files < command->least)
		tool_usage("%s: no %s given", command->name,
		    named ? "name" : "file");
	if (files > command->most)
		tool_usage("%s: %s", command->name, command->most == 0 ?
		    "takes no file" : named ? "one name at a time" :
		    "one file at a time");
	check_options(command, o);
	if (o->any_size && o->backbone == NULL)
		tool_usage("--any-size needs --backbone");
	if (o->backbone != NULL && !known_backbone(o->backbone))
		tool_usage("--backbone: \"%s\" is unknown: mc-embed --list "
		    "prints the names", o->backbone);
}

static enum mc_status
write_output(FILE *f, void *arg, struct mc_err *err)
{
	struct job *job = arg;

	job->out = f;
	return job->command->run(job, err);
}

int
main(int argc, char **argv)
{
	struct opts o = { .fetch = { .retries = 4, .timeout = 30 } };
	int first = tool_start(&prog, argc, argv, &o);
	struct job job = { .opts = &o };
	struct mc_err err;
	int rc;

	o.fetch.from = o.excerpt.from;
	if (first == argc)
		tool_usage("no command given");
	job.command = find_command(argv[first]);
	job.files = argv + first + 1;
	job.n = argc - first - 1;
	check(job.command, &o, job.n);
	if (job.command->run == fetch)
		weights_fetch_check(&o.fetch, job.files[0]);
	if (job.command->run == path && mc_weights_find(job.files[0]) == NULL)
		tool_usage("path: no published file of \"%s\" is known: "
		    "mc-weights list prints those that are", job.files[0]);
	if (job.command->run == show || job.command->run == convert)
		mc_weights_files(job.files[0], tool_reads);
	if (strcmp(argv[first], "convert") == 0)
		tool_writes_archive(o.common.output);
	rc = tool_end(tool_write(o.common.output, write_output, &job, &err),
	    &err);
	/* If SIGTERM or SIGINT has come, it ends the program now. */
	mc_uncatch_stop();
	return rc;
}
