/* mc-confusion - count labels against predictions, in images and patients. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "options.h"
#include "stats/sample.h"
#include "study/run_sample.h"
#include "table/schemas.h"

struct options {
	struct mc_common common;
	struct mc_runs_options runs;
	bool wide;
};

static const struct mc_opt option_table[] = {
	RUNS_BY(struct options, runs),
	RUNS_CLASSES(struct options, runs),
	RUNS_JOIN(struct options, runs),
	RUNS_KEY(struct options, runs),
	RUNS_UNIT(struct options, runs),
	{ "wide", 0, NULL, "write a matrix of images, one column per class",
	    MC_FLAG, offsetof(struct options, wide), 0, 0, NULL },
	{ 0 }
};

static const struct mc_prog prog = {
	"mc-confusion",
	"[OPTION]... [PREDICTIONS]...",
	"Count images and patients by label and predicted class.",
	option_table, true
};

/* What write_output() works with. */
struct program {
	const struct options *opts;
	struct mc_runs *runs;
};

/* --- Rows ----------------------------------------------------------------- */

/* The rows of one label, whose counts stand at IMAGES and UNITS. */
static void
write_long(FILE *f, const struct mc_run_sample *x, size_t label,
    const size_t *images, const size_t *units)
{
	struct mc_confusion_row row = { .subgroup = x->subgroup,
	    .label = x->s.classes[label], .unit = x->unit, .share = NAN };
	size_t total = 0, k;

	memcpy(row.key, x->run->key, sizeof(row.key));
	for (k = 0; k < x->s.n_classes; k++)
		total += images[k];
	for (k = 0; k < x->s.n_classes; k++) {
		row.predicted = x->s.classes[k];
		row.images = (int64_t)images[k];
		row.units = (int64_t)units[k];
		if (total > 0)
			row.share = (double)images[k] / (double)total;
		mc_rows_write(f, &mc_confusion_schema, &row);
	}
}

/*
 * The wide table: the long one's columns up to label, one column for each of
 * the N CLASSES, and the ending keys.
 */
static void
write_wide_header(FILE *f, const char *const *classes, size_t n)
{
	size_t i;

	for (i = 0; i < MC_LEADING_KEYS; i++)
		fprintf(f, "%s\t", mc_key_names[i]);
	fputs("subgroup\tlabel", f);
	for (i = 0; i < n; i++)
		fprintf(f, "\tpredicted:%s", classes[i]);
	for (i = MC_LEADING_KEYS; i < MC_KEYS; i++)
		fprintf(f, "\t%s", mc_key_names[i]);
	putc('\n', f);
}

static void
write_wide(FILE *f, const struct mc_run_sample *x, size_t label,
    const size_t *images)
{
	size_t i;

	for (i = 0; i < MC_LEADING_KEYS; i++)
		fprintf(f, "%s\t", x->run->key[i]);
	fprintf(f, "%s\t%s", x->subgroup, x->s.classes[label]);
	for (i = 0; i < x->s.n_classes; i++)
		fprintf(f, "\t%zu", images[i]);
	for (i = MC_LEADING_KEYS; i < MC_KEYS; i++)
		fprintf(f, "\t%s", x->run->key[i]);
	putc('\n', f);
}

static void
write_sample(FILE *f, const struct mc_run_sample *x, bool wide)
{
	size_t k = x->s.n_classes, i;
	size_t *images = mc_xcalloc(k, k * sizeof(*images));
	size_t *units = mc_xcalloc(k, k * sizeof(*units));

	mc_confusion(&x->s, images, units);
	for (i = 0; i < k; i++) {
		if (wide)
			write_wide(f, x, i, images + i * k);
		else
			write_long(f, x, i, images + i * k, units + i * k);
	}
	free(images);
	free(units);
}

/* --- Runs ---------------------------------------------------------------- */

static enum mc_status
write_run(FILE *f, const struct mc_runs *c, size_t i, bool wide,
    struct mc_err *err)
{
	struct mc_run_sample *x;
	enum mc_status status;
	size_t n = 0, g;

	status = mc_run_samples(c, i, &x, &n, err);
	for (g = 0; g < n; g++)
		write_sample(f, &x[g], wide);
	mc_run_samples_free(x, n);
	return status;
}

/* The columns of --wide are classes, which all runs must then share. */
static enum mc_status
check_classes(const struct mc_run *a, const struct mc_run *b,
    struct mc_err *err)
{
	bool same = a->n_classes == b->n_classes;
	size_t k;

	for (k = 0; same && k < a->n_classes; k++)
		same = strcmp(a->classes[k], b->classes[k]) == 0;
	return same ? MC_OK : mc_err_set(err, MC_EUSAGE,
	    "--wide: task \"%s\" does not have the classes of task \"%s\" in "
	    "the same order: give one task at a time", b->key[MC_KEY_TASK],
	    a->key[MC_KEY_TASK]);
}

static enum mc_status
write_output(FILE *f, void *arg, struct mc_err *err)
{
	const struct program *program = arg;
	const struct mc_runs *c = program->runs;
	bool wide = program->opts->wide;
	const struct mc_run *first = mc_runs_at(c, 0);
	enum mc_status status = MC_OK;
	size_t n = mc_runs_count(c), i;

	if (wide)
		write_wide_header(f, first->classes, first->n_classes);
	else
		mc_rows_write_header(f, &mc_confusion_schema);
	for (i = 0; i < n && status == MC_OK; i++) {
		if (wide)
			status = check_classes(first, mc_runs_at(c, i), err);
		if (status == MC_OK)
			status = write_run(f, c, i, wide, err);
		tool_progress("runs", (int64_t)i + 1, (int64_t)n);
	}
	return status;
}

/* --- The program ---------------------------------------------------------- */

static enum mc_status
run_program(const struct options *opts, char *const *paths, size_t n,
    struct mc_err *err)
{
	struct program program = { .opts = opts };
	enum mc_status status;

	status = runs_read(&program.runs, &opts->runs, paths, n, err);
	if (status == MC_OK)
		status = tool_write(opts->common.output, write_output,
		    &program, err);
	mc_runs_free(program.runs);
	return status;
}

int
main(int argc, char **argv)
{
	struct options opts = { .runs = MC_RUNS_DEFAULTS };
	enum mc_status status;
	struct mc_err err;
	int operands;

	operands = tool_start(&prog, argc, argv, &opts);
	status = run_program(&opts, argv + operands,
	    (size_t)(argc - operands), &err);
	return tool_end(status, &err);
}
