/* mc-threshold - choose operating points on validation predictions. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/names.h"
#include "base/num.h"
#include "options.h"
#include "stats/remarks.h"
#include "stats/threshold.h"
#include "study/run_sample.h"
#include "table/schemas.h"

struct options {
	struct mc_common common;
	struct mc_runs_options runs;
	struct draws_opts draws;
	const char *cost, *split;
	int criterion;		/* enum mc_aim */
	double at, prevalence;
};
#define AT(member) offsetof(struct options, member)

static const char *const criteria[] = {
	[MC_YOUDEN] = "youden", [MC_AT_SENSITIVITY] = "sensitivity",
	[MC_AT_SPECIFICITY] = "specificity", [MC_LEAST_COST] = "cost", NULL
};

static const struct mc_opt option_table[] = {
	{ "at", 0, "X", "minimum sensitivity or specificity (default 0.95)",
	    MC_REAL, AT(at), 0, 1, NULL },
	RUNS_CLASSES(struct options, runs),
	{ "cost", 0, "FP:FN", "cost of a false positive and of a false "
	    "negative, as 1:5", MC_STRING, AT(cost), 0, 0, NULL },
	{ "criterion", 0, NULL, "criterion of the threshold (default youden)",
	    MC_CHOICE, AT(criterion), 0, 0,
	    criteria },
	RUNS_POSITIVE(struct options, runs),
	{ "prevalence", 0, "P", "prevalence of the class, for --cost "
	    "(default: that of the rows)",
	    MC_REAL, AT(prevalence), 1e-9, 1 - 1e-9, NULL },
	{ "replicates", 0, "N", "also choose a threshold in N bootstrap "
	    "replicates (default 0)",
	    MC_INTEGER, AT(draws.replicates), 0, 10000000,
	    NULL },
	DRAWS_SEED(struct options, draws),
	{ "split", 0, "NAME", "split to choose on (default val)",
	    MC_STRING, AT(split), 0, 0, NULL },
	DRAWS_THREADS(struct options, draws),
	RUNS_UNIT(struct options, runs),
	{ 0 }
};

static const struct mc_prog prog = {
	"mc-threshold",
	"--positive CLASS [OPTION]... [PREDICTIONS]...",
	"Choose operating points on validation predictions.",
	option_table, true
};

/* What run_program() works with. */
struct program {
	const struct options *opts;
	struct mc_criterion criterion;
	struct mc_buf criterion_text;
	struct mc_resampling how;
	struct mc_runs *runs;
};

/* --- Arguments ------------------------------------------------------------ */

static enum mc_status
parse_cost(const char *text, struct mc_criterion *c, struct mc_err *err)
{
	size_t n = strcspn(text, ":");
	char *fp = mc_xstrndup(text, n);
	struct mc_err why;
	bool good;

	good = text[n] == ':' &&
	    mc_parse_f64(fp, 0, 1e9, &c->cost_fp, &why) == MC_OK &&
	    mc_parse_f64(text + n + 1, 0, 1e9, &c->cost_fn, &why) == MC_OK &&
	    c->cost_fp > 0 && c->cost_fn > 0;
	free(fp);
	return good ? MC_OK : mc_err_set(err, MC_EUSAGE, "--cost: \"%s\": "
	    "give two numbers above 0, as 1:5", text);
}

/* The criterion, and its text for the table. */
static enum mc_status
parse_criterion(struct program *program, struct mc_err *err)
{
	const struct options *opts = program->opts;
	struct mc_criterion *c = &program->criterion;
	struct mc_buf *text = &program->criterion_text;
	char number[MC_NUM_SIZE];
	enum mc_status status;
	int a = opts->criterion;

	*c = (struct mc_criterion){ .aim = (enum mc_aim)a, .at = 0.95,
	    .prevalence = opts->prevalence };
	mc_buf_puts(text, criteria[a]);
	if (a == MC_AT_SENSITIVITY || a == MC_AT_SPECIFICITY) {
		if (!isnan(opts->at))
			c->at = opts->at;
		mc_buf_printf(text, ">=%s", mc_format_f64(number, c->at));
	} else if (!isnan(opts->at))
		return mc_err_set(err, MC_EUSAGE, "--at applies only to "
		    "--criterion sensitivity and specificity");
	if ((a == MC_LEAST_COST) != (opts->cost != NULL))
		return mc_err_set(err, MC_EUSAGE, "--cost FP:FN and "
		    "--criterion cost: give both or none");
	if (a != MC_LEAST_COST)
		return isnan(opts->prevalence) ? MC_OK : mc_err_set(err,
		    MC_EUSAGE, "--prevalence applies only to --criterion cost");
	if ((status = parse_cost(opts->cost, c, err)) != MC_OK)
		return status;
	mc_buf_printf(text, " %s", opts->cost);
	if (!isnan(c->prevalence))
		mc_buf_printf(text, ", prevalence %s",
		    mc_format_f64(number, c->prevalence));
	return MC_OK;
}

static enum mc_status
check_args(struct program *program, struct mc_err *err)
{
	const struct options *opts = program->opts;

	if (opts->runs.positive == NULL)
		return mc_err_set(err, MC_EUSAGE, "--positive CLASS is "
		    "missing: the class predicted at or above the threshold");
	if (*opts->split == '\0')
		return mc_err_set(err, MC_EUSAGE, "--split: an empty name");
	if (strcmp(opts->split, "test") == 0)
		return mc_err_set(err, MC_EUSAGE, "--split test: a threshold "
		    "from test rows makes the test's results too good: choose "
		    "it on validation rows");
	program->how = (struct mc_resampling){
	    .replicates = opts->draws.replicates,
	    .seed = (uint64_t)opts->draws.seed,
	    .threads = opts->draws.threads > 0 ? (int)opts->draws.threads :
	    mc_cpus() };
	if (opts->draws.replicates > 0)
		tool_say("%lld replicates, seed %lld",
		    (long long)opts->draws.replicates,
		    (long long)opts->draws.seed);
	return parse_criterion(program, err);
}

/* --- Rows ----------------------------------------------------------------- */

/* What the reader of a row must know, into NOTE. */
static void
remark(const struct mc_operating_point *o, const char *class_name,
    const char *unit_remark, struct mc_buf *note)
{
	char *name = mc_remark_name(class_name);

	if (isnan(o->threshold))
		mc_remark(note, "%s images of class %s", o->of_class == 0 ?
		    "no" : "no other than", name);
	else if (o->sensitivity == 1 && o->specificity == 0)
		mc_remark(note, "all images are predicted as %s", name);
	else if (o->sensitivity == 0 && o->specificity == 1)
		mc_remark(note, "no image is predicted as %s", name);
	if (unit_remark != NULL)
		mc_remark(note, "%s", unit_remark);
	free(name);
}

static void
write_row(FILE *f, const struct program *program, const struct mc_run_sample *x,
    const struct mc_operating_point *o, int64_t replicate)
{
	struct mc_thresholds_row row = {
		.class_name = x->s.classes[x->positive],
		.threshold = o->threshold,
		.criterion = program->criterion_text.data,
		.sensitivity = o->sensitivity, .specificity = o->specificity,
		.unit = x->unit, .n_images = (int64_t)x->s.n,
		.n_units = (int64_t)x->s.n_units, .replicate = replicate
	};
	struct mc_buf note = { 0 };

	remark(o, row.class_name, replicate > 0 ? x->remark : NULL, &note);
	row.note = note.len > 0 ? note.data : "";
	memcpy(row.key, x->run->key, sizeof(row.key));
	mc_rows_write(f, &mc_thresholds_schema, &row);
	mc_buf_free(&note);
}

/* --- Runs ---------------------------------------------------------------- */

/* Whether a threshold can be chosen on X. */
static enum mc_status
check_sample(const struct mc_run_sample *x, struct mc_err *err)
{
	const struct mc_run *run = x->run;
	size_t of_class = 0, i;

	if (x->s.p == NULL)
		return mc_err_at(err, MC_EDATA, mc_run_file(run, 0),
		    run->rows[0].line, "no p: columns, which a threshold "
		    "needs");
	for (i = 0; i < x->s.n; i++)
		of_class += x->s.label[i] == x->positive;
	if (of_class > 0 && of_class < x->s.n)
		return MC_OK;
	return mc_err_at(err, MC_EDATA, mc_run_file(run, 0),
	    run->rows[0].line, "task \"%s\", arm \"%s\", split \"%s\": %s "
	    "class \"%s\": a threshold needs images of it and others",
	    run->key[MC_KEY_TASK], run->key[MC_KEY_ARM],
	    run->key[MC_KEY_SPLIT], of_class == 0 ? "no image is of" :
	    "all images are of", x->s.classes[x->positive]);
}

static void
write_sample(FILE *f, const struct program *program,
    const struct mc_run_sample *x)
{
	struct mc_ranking *r = mc_ranking_alloc(&x->s, (size_t)x->positive);
	struct mc_threshold_counts *points = mc_xcalloc(
	    mc_ranking_thresholds(r), sizeof(*points));
	size_t n = (size_t)program->how.replicates, b;
	struct mc_operating_point *chosen = mc_xcalloc(n, sizeof(*chosen));
	struct mc_operating_point whole = mc_threshold_choose(r, NULL,
	    &program->criterion, points);

	mc_threshold_bootstrap(r, x->s.n_units, &program->criterion,
	    &program->how, chosen);
	write_row(f, program, x, &whole, 0);
	for (b = 0; b < n; b++)
		write_row(f, program, x, &chosen[b], (int64_t)b + 1);
	mc_ranking_free(r);
	free(points);
	free(chosen);
}

static enum mc_status
write_run(FILE *f, const struct program *program, size_t i, struct mc_err *err)
{
	struct mc_run_sample x;
	enum mc_status status;

	status = mc_run_sample_make(program->runs, i, &x, err);
	if (status == MC_OK)
		status = check_sample(&x, err);
	if (status == MC_OK)
		write_sample(f, program, &x);
	mc_run_sample_clear(&x);
	return status;
}

/* There are no rows to choose on: say which there are. */
static enum mc_status
no_split(const struct program *program, struct mc_err *err)
{
	struct mc_names *names = mc_names_alloc();
	struct mc_buf list = { 0 };
	size_t i, *order;

	for (i = 0; i < mc_runs_count(program->runs); i++)
		mc_names_add(names, mc_runs_at(program->runs, i)->key[
		    MC_KEY_SPLIT]);
	order = mc_names_sorted(names);
	for (i = 0; i < mc_names_count(names); i++)
		mc_buf_printf(&list, "%s\"%s\"", i > 0 ? ", " : "",
		    mc_names_at(names, order[i]));
	mc_err_set(err, MC_EDATA, "%s: no rows of split \"%s\"; splits are: %s",
	    mc_run_file(mc_runs_at(program->runs, 0), 0), program->opts->split,
	    list.data);
	free(order);
	mc_buf_free(&list);
	mc_names_free(names);
	return MC_EDATA;
}

/* Write all runs of the split. */
static enum mc_status
write_output(FILE *f, void *arg, struct mc_err *err)
{
	const struct program *program = arg;
	size_t n = mc_runs_count(program->runs), found = 0, i;
	enum mc_status status = MC_OK;

	mc_rows_write_header(f, &mc_thresholds_schema);
	for (i = 0; i < n && status == MC_OK; i++) {
		if (strcmp(mc_runs_at(program->runs, i)->key[MC_KEY_SPLIT],
		    program->opts->split) == 0) {
			found++;
			status = write_run(f, program, i, err);
		}
		tool_progress("runs", (int64_t)i + 1, (int64_t)n);
	}
	return status == MC_OK && found == 0 ? no_split(program, err) : status;
}

/* --- The program ---------------------------------------------------------- */

static enum mc_status
run_program(struct program *program, char *const *paths, size_t n,
    struct mc_err *err)
{
	enum mc_status status;

	status = check_args(program, err);
	if (status == MC_OK)
		status = runs_read(&program->runs, &program->opts->runs, paths,
		    n, err);
	if (status == MC_OK)
		status = tool_write(program->opts->common.output, write_output,
		    program, err);
	return status;
}

int
main(int argc, char **argv)
{
	struct options opts = { .runs = MC_RUNS_DEFAULTS,
	    .draws = { .seed = 1 },
	    .split = "val", .at = NAN, .prevalence = NAN };
	struct program program = { .opts = &opts };
	enum mc_status status;
	struct mc_err err;
	int operands;

	operands = tool_start(&prog, argc, argv, &opts);
	status = run_program(&program, argv + operands,
	    (size_t)(argc - operands), &err);
	mc_runs_free(program.runs);
	mc_buf_free(&program.criterion_text);
	return tool_end(status, &err);
}
