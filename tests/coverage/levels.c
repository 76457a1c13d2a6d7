/*
 * levels.c - how often each test of mc-compare rejects what is true, with 60
 * patients: rows for coverage.tsv.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/out.h"
#include "level.h"
#include "stats/metric_list.h"
#include "table/tsv.h"
#include "tool.h"

#define PATIENTS	60

struct options {
	struct mc_common common;
	int64_t simulations, replicates, seed, threads;
	const char *only;
};

static const struct mc_opt options[] = {
	{ "only", 0, "TEXT", "the studies with TEXT in their name", MC_STRING,
	    offsetof(struct options, only), 0, 0, NULL },
	{ "replicates", 0, "N", "replicates of each (default 999)",
	    MC_INTEGER, offsetof(struct options, replicates), 399, 1000000,
	    NULL },
	{ "seed", 0, "N", "seed (default 1)", MC_INTEGER,
	    offsetof(struct options, seed), 0, 9223372036854775807.0, NULL },
	{ "simulations", 0, "N", "test sets of each design (default 1000)",
	    MC_INTEGER, offsetof(struct options, simulations), 1, 1000000,
	    NULL },
	{ "threads", 0, "N", "threads (default: the CPUs it may use)",
	    MC_INTEGER, offsetof(struct options, threads), 1, 1024, NULL },
	{ 0 }
};

static const struct mc_prog prog = {
	.name = "levels", .usage = "[options] >> coverage.tsv",
	.purpose = "Simulate test sets and tabulate how often tests reject "
	    "what is true.",
	.options = options
};

/* --- What is simulated ---------------------------------------------------- */

static const double even[] = { 0.5, 0.5 };
static const double forty[] = { 0.6, 0.4 };

/* Separations: of accuracy 0.86, and 0.81; of AUROC 0.93. */
#define ACCURACY_86	1.5278
#define ACCURACY_81	1.2415
#define AUROC_93	1.4758
/* The spread of the separation that spreads accuracy 0.86 by 0.02. */
#define SPREAD_2	0.127

#define ONE	1u
#define SEVERAL	2u

struct study {
	struct level_design d;
	const char *specs;
	const char *tests;
	unsigned images;
};

#define EQUAL(s)	{ s, s }
#define NO_MARGIN	.margin = NAN

static const struct study studies[] = {
	{ { "level, arms", LEVEL_ARMS, PATIENTS, 0, even, EQUAL(ACCURACY_86),
	    0, { 1, 1 }, 0, NO_MARGIN }, "accuracy,f1:macro",
	    "bootstrap,permutation", ONE | SEVERAL },
	{ { "level, arms", LEVEL_ARMS, PATIENTS, 0, even, EQUAL(ACCURACY_86),
	    0, { 1, 1 }, 0, NO_MARGIN }, "accuracy", "mcnemar", ONE },
	{ { "level, arms", LEVEL_ARMS, PATIENTS, 0, forty, EQUAL(AUROC_93),
	    0, { 1, 1 }, 0, NO_MARGIN }, "auroc:positive",
	    "bootstrap,permutation,delong", ONE | SEVERAL },
	{ { "level, pooled folds", LEVEL_CROSS, PATIENTS, 0, forty,
	    EQUAL(AUROC_93), 0, { 1, 1 }, 0, NO_MARGIN }, "auroc:positive",
	    "bootstrap,permutation", ONE | SEVERAL },
	{ { "level, 3 seeds and 3", LEVEL_ARMS, PATIENTS, 0, even,
	    EQUAL(ACCURACY_86), SPREAD_2, { 3, 3 }, 0, NO_MARGIN },
	    "accuracy", "bootstrap", ONE | SEVERAL },
	{ { "level, 3 seeds and 1", LEVEL_ARMS, PATIENTS, 0, even,
	    EQUAL(ACCURACY_86), SPREAD_2, { 3, 1 }, 0, NO_MARGIN },
	    "accuracy", "bootstrap", ONE | SEVERAL },
	{ { "level, gap of 30 and 30", LEVEL_GAP, PATIENTS, 0, even,
	    EQUAL(ACCURACY_86), 0, { 1, 1 }, 30, NO_MARGIN },
	    "accuracy,f1:macro", "bootstrap,permutation",
	    ONE | SEVERAL },
	{ { "level, gap of 30 and 30", LEVEL_GAP, PATIENTS, 0, forty,
	    EQUAL(AUROC_93), 0, { 1, 1 }, 30, NO_MARGIN }, "auroc:positive",
	    "bootstrap,permutation,delong", ONE | SEVERAL },
	{ { "level, gap of 10 and 50", LEVEL_GAP, PATIENTS, 0, even,
	    EQUAL(ACCURACY_86), 0, { 1, 1 }, 10, NO_MARGIN },
	    "accuracy,f1:macro", "bootstrap,permutation",
	    ONE | SEVERAL },
	{ { "level, gap of 10 and 50", LEVEL_GAP, PATIENTS, 0, forty,
	    EQUAL(AUROC_93), 0, { 1, 1 }, 10, NO_MARGIN }, "auroc:positive",
	    "bootstrap,permutation,delong", ONE | SEVERAL },
	{ { "level, gap within patients", LEVEL_SIDES, PATIENTS, 0, even,
	    EQUAL(ACCURACY_86), 0, { 1, 1 }, 0, NO_MARGIN }, "accuracy",
	    "bootstrap,permutation", SEVERAL },
	{ { "level, gap within patients", LEVEL_SIDES, PATIENTS, 0, forty,
	    EQUAL(AUROC_93), 0, { 1, 1 }, 0, NO_MARGIN }, "auroc:positive",
	    "bootstrap,permutation,delong", SEVERAL },
	{ { "level, worse by the margin", LEVEL_ARMS, PATIENTS, 0, even,
	    { ACCURACY_81, ACCURACY_86 }, 0, { 1, 1 }, 0, .margin = 0.05 },
	    "accuracy", "bootstrap", ONE | SEVERAL },
	{ { "level, worse by the margin", LEVEL_ARMS, PATIENTS, 0, even,
	    { ACCURACY_81, ACCURACY_86 }, 0, { 1, 1 }, 0, .margin = 0.05 },
	    "accuracy", "mcnemar", ONE }
};
#define STUDIES	(sizeof(studies) / sizeof(studies[0]))

/* --- Rows ----------------------------------------------------------------- */

/* LIST for two classes, of which the second is positive. */
static struct mc_metric_spec *
specs_of(const char *list, size_t *n)
{
	struct mc_metric_spec *asked, *specs;
	size_t n_asked;

	if (mc_metric_specs_parse(list, true, &asked, &n_asked, NULL) !=
	    MC_OK ||
	    mc_metric_specs_expand(asked, n_asked, 2, false, 1, &specs, n,
	    NULL) != MC_OK)
		abort();
	free(asked);
	return specs;
}

/* In the columns of coverage.c. */
static void
write_row(FILE *f, const struct trial *t, const struct level_design *d,
    const struct mc_metric_spec *m, const struct level *row)
{
	double all = (double)t->simulations, none = (double)row->none;
	const char *average = m->average == MC_EACH_CLASS ? ":positive" :
	    m->average == MC_MACRO ? ":macro" : "";

	fprintf(f, "%s\t%s%s\t%s\tpatient\t%zu\t%zu\t1\t\t\t%zu\t\t%.1f\t\t\t"
	    "\t\t\t%.1f\n", d->name, m->metric->name, average,
	    d->test->name, d->patients, d->most_images, t->simulations,
	    100 * none / all, 100 * (double)row->rejected / (all - none));
}

static void
run_study(FILE *f, const struct trial *t, const struct study *study)
{
	struct level_design d = study->d;
	size_t n, several, i;
	struct mc_metric_spec *specs = specs_of(study->specs, &n);
	struct level *rows = mc_xcalloc(n, sizeof(*rows));

	for (several = 0; several < 2; several++) {
		for (d.test = mc_tests; d.test->name != NULL; d.test++) {
			if ((study->images & 1u << several) == 0 ||
			    strstr(study->tests, d.test->name) == NULL)
				continue;
			d.most_images = several ? 8 : 1;
			level_of(t, &d, specs, n, rows);
			for (i = 0; i < n; i++)
				write_row(f, t, &d, &specs[i], &rows[i]);
			fflush(f);
		}
	}
	free(specs);
	free(rows);
}

int
main(int argc, char **argv)
{
	struct options opts = { .simulations = 1000, .replicates = 999,
	    .seed = 1, .threads = mc_cpus() };
	struct mc_out *out = NULL;
	enum mc_status status;
	struct trial trial;
	struct mc_err err;
	size_t i;

	if (tool_start(&prog, argc, argv, &opts) < argc)
		tool_usage("it reads no files");
	trial = (struct trial){ .seed = (uint64_t)opts.seed,
	    .simulations = (size_t)opts.simulations,
	    .replicates = opts.replicates, .threads = (int)opts.threads };
	status = mc_out_open(&out, opts.common.output, &err);
	for (i = 0; i < STUDIES && status == MC_OK; i++) {
		if (opts.only == NULL ||
		    strstr(studies[i].d.name, opts.only) != NULL)
			run_study(mc_out_file(out), &trial, &studies[i]);
		tool_progress("studies", (int64_t)i + 1, STUDIES);
	}
	if (status == MC_OK)
		status = mc_out_commit(out, &err);
	return tool_end(status, &err);
}
