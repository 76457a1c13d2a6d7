/* mc-import - import predictions made elsewhere. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "table/findings.h"
#include "table/import.h"
#include "tool.h"

struct options {
	struct mc_common common;
	const char *arm, *fold, *split, *task, *train_seed, *train_share;
	const char *classes;
	const char *columns;
	const char *group;
	const char *join;
	const char *key;
	const char *label;
	const char *logit, *prob;
	const char *no_finding;
	const char *positive;
	const char *predicted;
	const char *ranked;
	int uncertain;		/* enum mc_uncertain */
	bool multilabel;
	bool no_header;
	bool strip;
};
#define AT(member) offsetof(struct options, member)

static const struct mc_opt option_table[] = {
	{ "arm", 0, "NAME", "name of the arm, such as vit/finetune",
	    MC_STRING, AT(arm), 0, 0, NULL },
	{ "classes", 0, "A,B,...",
	    "classes and their order (default: those of the scores)",
	    MC_STRING, AT(classes), 0, 0, NULL },
	{ "columns", 0, "A,B,...", "further columns to pass through, such as "
	    "sex",
	    MC_STRING, AT(columns), 0, 0, NULL },
	{ "fold", 0, "N", "fold", MC_STRING, AT(fold), 0, 0, NULL },
	{ "group", 0, "COLUMN", "column of the patient",
	    MC_STRING, AT(group), 0, 0,
	    NULL },
	{ "join", 0, "FILE", "metadata: a CSV or TSV with one row per image",
	    MC_INPUT, AT(join), 0, 0, NULL },
	{ "key", 0, "COLUMN[=COLUMN]",
	    "column of the image's id (and its name in --join)",
	    MC_STRING, AT(key), 0, 0, NULL },
	{ "label", 0, "COLUMN", "column of the true class",
	    MC_STRING, AT(label), 0, 0,
	    NULL },
	{ "logit", 0, "COLUMNS", "columns of the logits: a pattern with one "
	    "*, or a list",
	    MC_STRING, AT(logit), 0, 0, NULL },
	{ "multilabel", 0, NULL, "each score column is of a finding; the label "
	    "holds several, joined by |", MC_FLAG, AT(multilabel), 0, 0,
	    NULL },
	{ "no-finding", 0, "NAME", "word for no finding in a label (default: "
	    MC_NO_FINDING ")", MC_STRING, AT(no_finding), 0, 0, NULL },
	{ "no-header", 0, NULL,
	    "read predictions without a header; columns are 1, 2, ...",
	    MC_FLAG, AT(no_header), 0, 0, NULL },
	{ "positive", 0, "CLASS", "class that a single score column refers to",
	    MC_STRING, AT(positive), 0, 0, NULL },
	{ "predicted", 0, "COLUMN", "column of the predicted class", MC_STRING,
	    AT(predicted), 0, 0, NULL },
	{ "prob", 0, "COLUMNS",
	    "columns of the probabilities: a pattern with one *, or a list",
	    MC_STRING, AT(prob), 0, 0, NULL },
	{ "ranked", 0, "COLUMNS",
	    "columns naming the class of each score, per row",
	    MC_STRING, AT(ranked), 0, 0, NULL },
	{ "split", 0, "NAME", "split", MC_STRING, AT(split), 0, 0, NULL },
	{ "strip", 0, NULL, "remove folder and extension from the ids",
	    MC_FLAG, AT(strip), 0, 0, NULL },
	{ "task", 0, "NAME", "task", MC_STRING, AT(task), 0, 0, NULL },
	{ "train-seed", 0, "N", "training seed", MC_STRING,
	    AT(train_seed), 0, 0, NULL },
	{ "train-share", 0, "PERCENT", "share of the training images",
	    MC_STRING, AT(train_share), 0, 0, NULL },
	{ "uncertain", 0, NULL, "rows of uncertain findings: leave out, label "
	    "no, or label yes (default ignore)", MC_CHOICE, AT(uncertain), 0,
	    0, mc_uncertain_names },
	{ 0 }
};

static const struct mc_prog prog = {
	"mc-import",
	"--key COLUMN --label COLUMN [OPTION]... [FILE]...\n"
	"--multilabel --key COLUMN [OPTION]... [FILE]...",
	"Convert predictions made elsewhere to predictions.tsv.",
	option_table, true
};

static void
check_pattern(const struct options *o, const char *name, const char *list)
{
	const char *star = list == NULL ? NULL : strchr(list, '*');

	if (star != NULL && strchr(star + 1, '*') != NULL)
		tool_usage("--%s: \"%s\": only one * is allowed", name, list);
	if (star != NULL && o->no_header)
		tool_usage("--%s: with --no-header list the columns, as in "
		    "2,3,4", name);
}

/* What --multilabel needs, and what needs it. */
static void
check_findings(const struct options *o)
{
	struct mc_err err;

	if (!o->multilabel && (o->no_finding != NULL ||
	    o->uncertain != MC_NOT_GIVEN))
		tool_usage("--no-finding and --uncertain are for --multilabel, "
		    "which is not given");
	if (!o->multilabel)
		return;
	if (o->predicted != NULL || o->ranked != NULL || o->positive != NULL)
		tool_usage("--multilabel needs a score column for each "
		    "finding: it cannot be given with --predicted, --ranked or "
		    "--positive");
	if (o->label == NULL && (o->no_finding != NULL ||
	    o->uncertain != MC_NOT_GIVEN))
		tool_usage("--no-finding and --uncertain are for --label, "
		    "which is not given");
	if (o->no_finding != NULL &&
	    mc_findings_check_none(o->no_finding, &err) != MC_OK)
		tool_usage("%s", err.text);
}

static void
check_args(const struct options *o, bool standard_input)
{
	const char *scores = o->logit != NULL ? o->logit : o->prob;

	check_findings(o);
	if (o->key == NULL || (o->label == NULL && !o->multilabel))
		tool_usage(o->multilabel ? "--key is needed" :
		    "--key and --label are needed");
	if (strchr(o->key, '=') != NULL && o->join == NULL)
		tool_usage("--key: \"%s\" needs --join", o->key);
	if (scores == NULL && o->predicted == NULL)
		tool_usage(o->multilabel ? "give --prob or --logit" :
		    "give --prob, --logit or --predicted");
	if (o->logit != NULL && o->prob != NULL)
		tool_usage("give --prob or --logit, not both");
	if (o->predicted != NULL && strcmp(o->label, o->predicted) == 0)
		tool_usage("--label and --predicted name the same column");
	if (o->ranked != NULL && o->positive != NULL)
		tool_usage("give --ranked or --positive, not both");
	if ((o->ranked != NULL || o->positive != NULL) &&
	    (scores == NULL || o->classes == NULL))
		tool_usage("--ranked and --positive need --classes, and --prob "
		    "or --logit");
	if (standard_input && o->join != NULL && strcmp(o->join, "-") == 0)
		tool_usage("the predictions and --join cannot both be standard "
		    "input");
	check_pattern(o, o->logit != NULL ? "logit" : "prob", scores);
	check_pattern(o, "ranked", o->ranked);
}

/*
 * A list in order of probability, taken for one in order of class, predicts the
 * same class everywhere, and so may the score of another class than POSITIVE;
 * but a model may do so too.
 */
static void
warn_same(const struct mc_table *t, const char *positive)
{
	size_t column = (size_t)mc_table_find(t, "predicted"), i;
	size_t n = mc_table_rows(t);
	const char *first = mc_table_get(t, 0, column);

	for (i = 1; i < n; i++) {
		if (strcmp(mc_table_get(t, i, column), first) != 0)
			return;
	}
	if (n > 1 && positive != NULL)
		tool_warn("all %zu rows are predicted as \"%s\": check that "
		    "--positive names the class of the scores", n,
		    first);
	else if (n > 1)
		tool_warn("all %zu rows are predicted as \"%s\": check that "
		    "the scores are in order of class, not of probability "
		    "(--ranked)", n, first);
}

static enum mc_status
write_output(FILE *f, void *arg, struct mc_err *err)
{
	const struct mc_table *t = arg;

	(void)err;
	mc_table_write(t, f);
	return MC_OK;
}

static void
warn(const char *line)
{
	tool_warn("%s", line);
}

static enum mc_status
run(const struct options *o, const struct mc_import *how, char *const *paths,
    size_t n, struct mc_err *err)
{
	struct mc_table *t = NULL;
	enum mc_status status;

	status = mc_import_read(&t, paths, n, how, err);
	if (status == MC_OK && how->scores != NULL && how->predicted == NULL &&
	    how->ranked == NULL && !how->multilabel)
		warn_same(t, how->positive);
	if (status == MC_OK)
		status = tool_write(o->common.output, write_output, t, err);
	if (status == MC_OK)
		tool_say("%zu row%s", mc_table_rows(t),
		    MC_PLURAL(mc_table_rows(t)));
	mc_table_free(t);
	return status;
}

int
main(int argc, char **argv)
{
	static char standard_input[] = "-";
	char *const standard_paths[] = { standard_input };
	struct options o = { .uncertain = MC_NOT_GIVEN };
	struct mc_import how;
	int first = tool_start(&prog, argc, argv, &o);
	char *const *paths = first < argc ? argv + first : standard_paths;
	size_t n = first < argc ? (size_t)(argc - first) : 1, i;
	char **classes = NULL, **columns = NULL, *key, *other;
	bool uses_input = false;
	enum mc_status status;
	struct mc_err err;

	for (i = 0; i < n; i++)
		uses_input |= strcmp(paths[i], "-") == 0;
	check_args(&o, uses_input);
	if (o.classes != NULL)
		mc_split_commas(o.classes, &classes);
	if (o.columns != NULL)
		mc_split_commas(o.columns, &columns);
	key = mc_xstrdup(o.key);
	other = strchr(key, '=');
	if (other != NULL)
		*other++ = '\0';
	how = (struct mc_import){
		.key = key, .label = o.label, .group = o.group,
		.columns = columns, .predicted = o.predicted,
		.scores = o.logit != NULL ? o.logit : o.prob,
		.logits = o.logit != NULL, .positive = o.positive,
		.ranked = o.ranked, .classes = classes, .join = o.join,
		.join_key = other != NULL ? other : key, .strip = o.strip,
		.headless = o.no_header, .multilabel = o.multilabel,
		.uncertain = o.uncertain == MC_NOT_GIVEN ?
		    MC_UNCERTAIN_IGNORE : (enum mc_uncertain)o.uncertain,
		.no_finding = o.no_finding, .warn = warn
	};
	how.constant[MC_KEY_TASK] = o.task;
	how.constant[MC_KEY_ARM] = o.arm;
	how.constant[MC_KEY_TRAIN_SEED] = o.train_seed;
	how.constant[MC_KEY_FOLD] = o.fold;
	how.constant[MC_KEY_SPLIT] = o.split;
	how.constant[MC_KEY_TRAIN_SHARE] = o.train_share;
	status = run(&o, &how, paths, n, &err);
	free(classes);
	free(columns);
	free(key);
	return tool_end(status, &err);
}
