/* mc-split - divide a manifest into splits, folds and shares, groups whole. */
#include "config.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "study/division.h"
#include "table/findings.h"
#include "tool.h"

#define MOST_FOLDS 1000
#define LEAST_SHARE 1e-6
#define MOST_IMAGES 1000000000
#define MOST_NEAR 15

struct options {
	struct mc_common common;
	struct mc_division_options d;
	const char *ratio, *counts, *shares;
	bool hash;
	const char *manifest;
};

static const struct mc_opt table[] = {
	{ "against", 0, "FILE", "with --check, refuse images and groups that "
	    "are also in this manifest", MC_INPUT,
	    offsetof(struct options, d.against), 0, 0, NULL },
	{ "check", 0, NULL, "check a split manifest, and count images and "
	    "groups",
	    MC_FLAG, offsetof(struct options, d.check), 0, 0, NULL },
	{ "counts", 0, "LIST", "splits and their numbers of images; one takes "
	    "the rest: train,val=100,test=200",
	    MC_STRING, offsetof(struct options, counts), 0, 0, NULL },
	{ "folds", 0, "K", "divide the rows that are not kept into folds 1 to "
	    "K",
	    MC_INTEGER, offsetof(struct options, d.folds), 2, MOST_FOLDS,
	    NULL },
	{ "group", 0, "COLUMN", "column whose groups are kept whole (default: "
	    "group)",
	    MC_STRING, offsetof(struct options, d.group), 0, 0, NULL },
	{ "hash", 0, NULL, "divide row by row, by a hash of each group: no "
	    "strata, any number of rows",
	    MC_FLAG, offsetof(struct options, hash), 0, 0, NULL },
	{ "keep", 0, "LIST", "keep the rows of these splits, or of all, "
	    "unchanged",
	    MC_STRING, offsetof(struct options, d.keep), 0, 0, NULL },
	{ "leave-out", 0, "COLUMN", "make a fold of each value of the column, "
	    "such as site",
	    MC_STRING, offsetof(struct options, d.leave_out), 0, 0, NULL },
	{ "multilabel", 0, NULL, "labels hold several findings, joined by |",
	    MC_FLAG, offsetof(struct options, d.multilabel), 0, 0, NULL },
	{ "near", 0, "N", "with --check, list images in two splits or folds "
	    "whose phash differs in at most N bits",
	    MC_INTEGER, offsetof(struct options, d.near), 0, MOST_NEAR, NULL },
	{ "no-finding", 0, "NAME", "word for no finding in a label (default: "
	    MC_NO_FINDING ")",
	    MC_STRING, offsetof(struct options, d.no_finding), 0, 0, NULL },
	{ "outer", 0, "N", "divide only the rows that train if fold N is left "
	    "out, and write these alone",
	    MC_INTEGER, offsetof(struct options, d.outer), 1, MOST_FOLDS,
	    NULL },
	{ "ratio", 0, "LIST", "splits and their shares: "
	    "train=70,val=10,test=20",
	    MC_STRING, offsetof(struct options, ratio), 0, 0, NULL },
	{ "seed", 0, "N", "seed of the random order (default: 1)", MC_INTEGER,
	    offsetof(struct options, d.seed), 0, (double)INT64_MAX, NULL },
	{ "shares", 0, "LIST", "shares of the training images, each within the "
	    "next, for a learning curve: 10,25,50,100", MC_STRING,
	    offsetof(struct options, shares), 0, 0, NULL },
	{ "stratify", 0, "LIST", "columns to stratify by, or none (default: "
	    "label)", MC_STRING,
	    offsetof(struct options, d.stratify), 0, 0, NULL },
	{ 0 }
};

static const struct mc_prog prog = {
	"mc-split",
	"--ratio LIST [--folds K] [--keep LIST] [OPTION]... [MANIFEST]\n"
	"--counts LIST [--folds K] [--keep LIST] [OPTION]... [MANIFEST]\n"
	"--folds K [--keep LIST] [--outer N] [OPTION]... [MANIFEST]\n"
	"--leave-out COLUMN [--keep LIST] [OPTION]... [MANIFEST]\n"
	"--hash --ratio LIST [--folds K] [OPTION]... [MANIFEST]\n"
	"--shares LIST [OPTION]... [MANIFEST]\n"
	"--keep all [OPTION]... [MANIFEST]\n"
	"--check [OPTION]... [MANIFEST]",
	"Divide a manifest into splits, folds or shares, by patient.",
	table, false
};

/* --- The command line ----------------------------------------------------- */

static bool
is_split_name(const char *s)
{
	return *s != '\0' && s[strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789_-")] == '\0';
}

static bool
is_in(char **list, const char *name)
{
	for (; *list != NULL; list++) {
		if (strcmp(*list, name) == 0)
			return true;
	}
	return false;
}

/* Read the share or the number of images in ITEM, "NAME=VALUE"; cut it there. */
static double
parse_share(const char *option, char *item, bool counts)
{
	char *equals = strchr(item, '=');
	int64_t images = 0;
	double share = 0;
	struct mc_err err;

	if (equals == NULL && !counts)
		tool_usage("%s: \"%s\": give NAME=SHARE", option, item);
	if (equals != NULL)
		*equals = '\0';
	if (!is_split_name(item))
		tool_usage("%s: \"%s\": a split's name is made of letters, "
		    "digits, _ and -", option, item);
	if (equals == NULL)
		return 0;
	if ((counts ? mc_parse_i64(equals + 1, 1, MOST_IMAGES, &images, &err) :
	    mc_parse_f64(equals + 1, LEAST_SHARE, 1e9, &share, &err)) != MC_OK)
		tool_usage("%s: %s: %s", option, item, err.text);
	return counts ? (double)images : share;
}

/* Read --ratio or --counts, LIST, without the splits that are kept. */
static void
parse_parts(struct options *o, const char *option, const char *list,
    char ***items)
{
	size_t n = mc_split_commas(list, items), i, j, rest = 0;
	struct mc_division_options *d = &o->d;
	char **kept = NULL, **item = *items;

	d->counts = o->counts != NULL;
	d->name = mc_xcalloc(n, sizeof(*d->name));
	d->share = mc_xcalloc(n, sizeof(*d->share));
	if (o->d.keep != NULL)
		mc_split_commas(o->d.keep, &kept);
	for (i = 0; i < n; i++) {
		d->name[d->parts] = item[i];
		d->share[d->parts] = parse_share(option, item[i], d->counts);
		for (j = 0; j < i; j++) {
			if (strcmp(item[j], item[i]) == 0)
				tool_usage("%s: \"%s\" is given twice", option,
				    item[i]);
		}
		if (kept != NULL && is_in(kept, item[i]))
			continue;
		rest += d->share[d->parts++] == 0;
	}
	free(kept);
	if (d->parts == 0)
		tool_usage("%s: every split is kept, and none is left for "
		    "the other rows", option);
	if (d->counts && rest != 1)
		tool_usage("--counts: give one split without a number, which "
		    "takes the rest: train,val=100,test=200");
}

/* Read --shares, and let them end with 100. */
static void
parse_shares(struct options *o, double **shares)
{
	char **item;
	size_t n = mc_split_commas(o->shares, &item), i;
	double *share = *shares = mc_xcalloc(n + 1, sizeof(*share));
	struct mc_err err;

	for (i = 0; i < n; i++) {
		if (mc_parse_f64(item[i], DBL_MIN, 100, &share[i], &err) !=
		    MC_OK)
			tool_usage("--shares: %s", err.text);
		if (i > 0 && share[i] <= share[i - 1])
			tool_usage("--shares: %s after %s: give increasing "
			    "numbers", item[i], item[i - 1]);
	}
	if (share[n - 1] < 100)
		share[n++] = 100;
	o->d.shares = share;
	o->d.n_shares = n;
	free(item);
}

static void
check_options(struct options *o, char ***items, double **shares)
{
	bool keeps_all = o->d.keep != NULL && strcmp(o->d.keep, "all") == 0;
	bool parts = o->ratio != NULL || o->counts != NULL;
	bool folds = o->d.folds > 0 || o->d.leave_out != NULL;
	struct mc_err err;

	if (o->d.check && (parts || folds || o->shares != NULL ||
	    o->d.keep != NULL))
		tool_usage("--check takes no --ratio, --counts, --folds, "
		    "--leave-out, --shares or --keep");
	if (o->d.outer > 0 && o->d.check)
		tool_usage("--outer takes rows to divide: give it without "
		    "--check");
	if (keeps_all && (parts || folds))
		tool_usage("--keep all leaves nothing to divide: give it "
		    "without --ratio, --counts, --folds and --leave-out");
	if (o->ratio != NULL && o->counts != NULL)
		tool_usage("give --ratio or --counts, not both");
	if (o->d.leave_out != NULL && (parts || o->d.folds > 0))
		tool_usage("--leave-out makes the folds of all rows that are "
		    "not kept: give it without --ratio, --counts and --folds");
	if (!o->d.check && !parts && !folds && o->shares == NULL && !keeps_all)
		tool_usage("give --ratio, --counts, --folds, --leave-out, "
		    "--shares, --keep all or --check");
	if (o->d.keep != NULL && !keeps_all && !parts && !folds)
		tool_usage("--keep is for --ratio, --counts, --folds and "
		    "--leave-out, and none is given");
	if ((o->d.near >= 0 || o->d.against != NULL) && !o->d.check)
		tool_usage("%s is for --check, which is not given",
		    o->d.near >= 0 ? "--near" : "--against");
	if (o->d.seed >= 0 && o->shares == NULL && (o->d.check || keeps_all ||
	    o->d.leave_out != NULL))
		tool_usage("--seed has no effect on %s, which draws nothing",
		    o->d.check ? "--check" : keeps_all ? "--keep all" :
		    "--leave-out");
	if (o->d.seed < 0)
		o->d.seed = 1;
	if (o->hash && ((o->ratio == NULL && o->d.folds == 0) || o->d.check ||
	    o->counts != NULL || o->shares != NULL || o->d.keep != NULL ||
	    o->d.stratify != NULL || o->d.multilabel ||
	    o->d.leave_out != NULL || o->d.outer > 0))
		tool_usage("--hash takes --ratio, --folds, --group and --seed "
		    "alone, and needs one of the first two");
	if (o->d.no_finding != NULL && !o->d.multilabel)
		tool_usage("--no-finding is for --multilabel, which is not "
		    "given");
	if (o->d.no_finding != NULL &&
	    mc_findings_check_none(o->d.no_finding, &err) != MC_OK)
		tool_usage("%s", err.text);
	if (o->d.multilabel && o->d.stratify != NULL &&
	    strcmp(o->d.stratify, "none") == 0)
		tool_usage("--multilabel stratifies by findings: it cannot "
		    "be given with --stratify none");
	if (o->d.multilabel && o->d.stratify != NULL &&
	    strchr(o->d.stratify, ',') != NULL)
		tool_usage("--multilabel stratifies by the findings of one "
		    "column");
	if (parts)
		parse_parts(o, o->counts != NULL ? "--counts" : "--ratio",
		    o->counts != NULL ? o->counts : o->ratio, items);
	if (o->shares != NULL)
		parse_shares(o, shares);
}

static void
warn(const char *line)
{
	tool_warn("%s", line);
}

static void
say(const char *line)
{
	tool_say("%s", line);
}

static enum mc_status
write_output(FILE *f, void *arg, struct mc_err *err)
{
	return mc_division_write(arg, f, err);
}

static enum mc_status
write_hashed(FILE *f, void *arg, struct mc_err *err)
{
	const struct options *o = arg;

	return mc_division_hash(o->manifest, &o->d, f, err);
}

/* Divide or check the manifest. */
static enum mc_status
divide(struct options *o, struct mc_err *err)
{
	struct mc_division *d;
	enum mc_status status;

	if (o->hash)
		return tool_write(o->common.output, write_hashed, o, err);
	status = mc_division_read(&d, o->manifest, &o->d, err);
	if (status == MC_OK)
		status = tool_write(o->common.output, write_output, d, err);
	mc_division_free(d);
	return status;
}

int
main(int argc, char **argv)
{
	struct options o = { .d = { .seed = -1, .near = -1, .warn = warn,
	    .detail = say } };
	enum mc_status status;
	struct mc_err err;
	char **items = NULL;
	double *shares = NULL;
	int first;

	first = tool_start(&prog, argc, argv, &o);
	if (argc - first > 1)
		tool_usage("%s: one manifest at a time", argv[first + 1]);
	check_options(&o, &items, &shares);
	o.manifest = argv[first];
	if (o.d.against != NULL && strcmp(o.d.against, "-") == 0 &&
	    (o.manifest == NULL || strcmp(o.manifest, "-") == 0))
		tool_usage("standard input can be MANIFEST or --against, not "
		    "both");
	status = divide(&o, &err);
	free(items);
	free(o.d.name);
	free(o.d.share);
	free(shares);
	return tool_end(status, &err);
}
