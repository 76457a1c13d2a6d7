/*
 * coverage.c - how often the intervals cover the truth, and how often the tests
 * reject what is true: the table behind doc/coverage.md.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "averages.h"
#include "base/out.h"
#include "stats/metric_list.h"
#include "table/tsv.h"
#include "tool.h"
#include "trial.h"

/* What the truths stand on. */
#define TRUTH_PATIENTS	1000000

struct options {
	struct mc_common common;
	int64_t simulations, replicates, seed, threads;
	const char *study;
};

static const struct mc_opt options[] = {
	{ "replicates", 0, "N", "bootstrap replicates of each (default 999)",
	    MC_INTEGER, offsetof(struct options, replicates), 399, 1000000,
	    NULL },
	{ "seed", 0, "N", "seed (default 1)", MC_INTEGER,
	    offsetof(struct options, seed), 0, 9223372036854775807.0, NULL },
	{ "simulations", 0, "N", "test sets of each design (default 1000)",
	    MC_INTEGER, offsetof(struct options, simulations), 1, 1000000,
	    NULL },
	{ "study", 0, "NAME", "this study alone (default: all)", MC_STRING,
	    offsetof(struct options, study), 0, 0, NULL },
	{ "threads", 0, "N", "threads (default: the CPUs it may use)",
	    MC_INTEGER, offsetof(struct options, threads), 1, 1024, NULL },
	{ 0 }
};

static const struct mc_prog prog = {
	.name = "coverage", .usage = "[options] > coverage.tsv",
	.purpose = "Simulate test sets and tabulate the coverage of intervals "
	    "and the rejection rates of tests.",
	.options = options
};

/* --- What is simulated ---------------------------------------------------- */

static const size_t patients[] = { 20, 50, 200, 500 };
#define P20	1u
#define P50	2u
#define P200	4u
#define P500	8u
#define FEW	16u	/* with of_last[] of the last class */
#define ALL	(P20 | P50 | P200 | P500)
#define SIZES	(sizeof(patients) / sizeof(patients[0]))

/* Patients of the last class, among 200. */
static const size_t of_last[] = { 3, 4, 5, 6, 8, 10 };
#define OF_LAST	(sizeof(of_last) / sizeof(of_last[0]))

/* The most images of a patient. */
static const size_t images[] = { 8, 1 };
#define SEVERAL	1u
#define ONE	2u
#define EITHER	(SEVERAL | ONE)
#define IMAGES	(sizeof(images) / sizeof(images[0]))

static const double even[] = { 0.5, 0.5 };
static const double forty[] = { 0.6, 0.4 };
static const double ten[] = { 0.9, 0.1 };
/* HAM10000's images (Tschandl, Rosendahl & Kittler 2018). */
static const double skin[] = { 6705 / 10015., 1113 / 10015., 1099 / 10015.,
    514 / 10015., 327 / 10015., 142 / 10015., 115 / 10015. };

/* Separations: of accuracy 0.86, 0.89, 0.97; of AUROC 0.93, 0.95. */
#define ACCURACY_86	1.5278
#define ACCURACY_89	1.7346
#define ACCURACY_97	2.6598
#define AUROC_93	1.4758
#define AUROC_95	1.6449
/* Of a recall of 0.9 where the classes count alike. */
#define RECALL_90	1.8124
/* Of accuracy 0.85 and macro F1 0.65 with the shares of HAM10000. */
#define SKIN		2.0
/* The spread of the separation that spreads accuracy 0.86 by 0.02. */
#define SPREAD_2	0.127

#define FORMULAS	"wilson,clopper-pearson,delong"
#define EVERY		"percentile,basic,normal,bca,bootstrap-t," FORMULAS

struct interval_study {
	const char *name;
	size_t n_classes;
	const double *shares;
	double separation;
	bool image_units;
	const char *specs;
	const char *methods;	/* NULL: the ways of averages.h */
	unsigned patients, images;
};

static const struct interval_study interval_studies[] = {
	{ "accuracy 0.86", 2, even, ACCURACY_86, false,
	    "accuracy,f1:macro,mcc,kappa", EVERY, ALL, EITHER },
	{ "accuracy 0.97", 2, even, ACCURACY_97, false,
	    "accuracy,f1:macro,mcc", EVERY, ALL, EITHER },
	{ "40 % positive", 2, forty, AUROC_93, false,
	    "auroc:positive,average_precision,sensitivity_at_specificity,"
	    "recall:positive,precision:positive,brier,log_loss", EVERY, ALL,
	    EITHER },
	{ "10 % positive", 2, ten, AUROC_93, false,
	    "auroc:positive,average_precision,sensitivity_at_specificity,"
	    "recall:positive,precision:positive,brier,log_loss", EVERY, ALL,
	    EITHER },
	{ "7 classes", 7, skin, SKIN, false,
	    "accuracy,balanced_accuracy,f1:macro,f1:weighted,auroc:macro",
	    EVERY, ALL, EITHER },
	{ "calibration", 2, forty, AUROC_93, false, "calibration_slope",
	    "percentile,normal,bca", P20 | P50 | P200, SEVERAL },
	{ "calibration error", 2, forty, AUROC_93, false, "ece,ece_debiased",
	    "percentile,basic,bca", P50 | P200 | P500, SEVERAL },
	{ "images as units, accuracy 0.86", 2, even, ACCURACY_86, true,
	    "accuracy,f1:macro,mcc", "percentile,bca," FORMULAS, ALL,
	    SEVERAL },
	{ "images as units, 40 % positive", 2, forty, AUROC_93, true,
	    "auroc:positive", "percentile,bca," FORMULAS, ALL,
	    SEVERAL },
	{ "original", 2, even, ACCURACY_86, false, "accuracy,f1:macro",
	    "original", P50 | P200, EITHER },
	{ "few of a class", 2, even, RECALL_90, false, "recall:positive",
	    EVERY, P200 | FEW, EITHER },
	{ "a class is missing", 7, skin, SKIN, false, "recall:macro,f1:macro,"
	    "precision:macro,precision:weighted,auroc:macro", NULL,
	    P50 | P200 | P500, EITHER }
};
#define INTERVAL_STUDIES \
	(sizeof(interval_studies) / sizeof(interval_studies[0]))

static const size_t seeds[] = { 1, 2, 3, 5 };
#define SEEDS	(sizeof(seeds) / sizeof(seeds[0]))
#define SEED1	1u
#define SOME	15u

struct test_study {
	const char *name;
	const double *shares;
	struct sim_file arms[2];
	double spread;
	bool image_units;
	const char *specs;
	const char *tests;
	unsigned patients, images, seeds;
};

/* The second arm of a ranking is on another scale. */
static const struct test_study test_studies[] = {
	{ "null, accuracy 0.86", even, { { ACCURACY_86, 1 },
	    { ACCURACY_86, 1 } }, 0, false, "accuracy,f1:macro",
	    "bootstrap,permutation", ALL, EITHER, SEED1 },
	{ "null, accuracy 0.86", even, { { ACCURACY_86, 1 },
	    { ACCURACY_86, 1 } }, 0, false, "accuracy", "mcnemar", ALL, ONE,
	    SEED1 },
	{ "null, 40 % positive", forty, { { AUROC_93, 1 }, { AUROC_93, 3 } },
	    0, false, "auroc:positive",
	    "bootstrap,permutation,delong", ALL, EITHER, SEED1 },
	{ "null, 40 % positive", forty, { { AUROC_93, 1 }, { AUROC_93, 3 } },
	    0, false, "average_precision", "bootstrap,permutation", ALL,
	    EITHER, SEED1 },
	{ "null, 10 % positive", ten, { { AUROC_93, 1 }, { AUROC_93, 3 } },
	    0, false, "auroc:positive",
	    "bootstrap,permutation,delong", ALL, EITHER, SEED1 },
	{ "null, images as units", even, { { ACCURACY_86, 1 },
	    { ACCURACY_86, 1 } }, 0, true, "accuracy",
	    "bootstrap,permutation,mcnemar", ALL, SEVERAL, SEED1 },
	{ "null, images as units", forty, { { AUROC_93, 1 },
	    { AUROC_93, 3 } }, 0, true, "auroc:positive",
	    "bootstrap,permutation,delong", ALL, SEVERAL, SEED1 },
	{ "null, seeds apart by 0.02", even, { { ACCURACY_86, 1 },
	    { ACCURACY_86, 1 } }, SPREAD_2, false, "accuracy", "bootstrap",
	    ALL, SEVERAL, SOME },
	{ "null, seeds alike", even, { { ACCURACY_86, 1 },
	    { ACCURACY_86, 1 } }, 0, false, "accuracy", "bootstrap", ALL,
	    SEVERAL, SOME },
	{ "accuracy 0.89 against 0.86", even, { { ACCURACY_89, 1 },
	    { ACCURACY_86, 1 } }, 0, false, "accuracy",
	    "bootstrap,permutation", ALL, EITHER, SEED1 },
	{ "accuracy 0.89 against 0.86", even, { { ACCURACY_89, 1 },
	    { ACCURACY_86, 1 } }, 0, false, "accuracy", "mcnemar", ALL, ONE,
	    SEED1 },
	{ "AUROC 0.95 against 0.93, 40 % positive", forty, { { AUROC_95, 1 },
	    { AUROC_93, 3 } }, 0, false, "auroc:positive",
	    "bootstrap,permutation,delong", ALL, EITHER, SEED1 }
};
#define TEST_STUDIES	(sizeof(test_studies) / sizeof(test_studies[0]))

/* --- Rows ----------------------------------------------------------------- */

static const char *const header[] = {
	"study", "metric", "method", "unit", "patients", "images", "seeds",
	"truth", "truth_error", "simulations", "covered", "none", "width",
	"below", "above", "plain", "plain_covered", "rejected"
};
#define COLUMNS	(sizeof(header) / sizeof(header[0]))

struct run {
	struct trial trial;
	const char *study;	/* NULL: all */
	FILE *f;
};

/* A row of the table; percentages are NAN where the row has none. */
struct row {
	const char *study, *method;
	const struct mc_metric_spec *spec;
	const struct sim_design *design;
	size_t seeds;
	double truth, truth_error;
	double covered, none, width, below, above, plain, plain_covered,
	    rejected;
};

/* 100 x N / OF; NAN of none. */
static double
percent(size_t n, size_t of)
{
	return of > 0 ? 100 * (double)n / (double)of : NAN;
}

static void
put(FILE *f, const char *format, double x)
{
	fputc('\t', f);
	if (!isnan(x))
		fprintf(f, format, x);
}

static void
write_row(const struct run *run, const struct row *r)
{
	const char *average = r->spec->average == MC_EACH_CLASS ?
	    "positive" : mc_average_name(r->spec->average);
	struct mc_buf metric = { 0 };

	mc_metric_spec_name(r->spec, &metric);
	fprintf(run->f, "%s\t%s%s%s\t%s\t%s\t%zu\t%zu\t%zu", r->study,
	    metric.data, average[0] != '\0' ? ":" : "", average, r->method,
	    r->design->image_units ? "image" : "patient",
	    r->design->of_last > 0 ? r->design->of_last : r->design->patients,
	    r->design->most_images, r->seeds);
	mc_buf_free(&metric);
	put(run->f, "%.5f", r->truth);
	put(run->f, "%.5f", r->truth_error);
	fprintf(run->f, "\t%zu", run->trial.simulations);
	put(run->f, "%.1f", r->covered);
	put(run->f, "%.1f", r->none);
	put(run->f, "%.4f", r->width);
	put(run->f, "%.1f", r->below);
	put(run->f, "%.1f", r->above);
	put(run->f, "%.1f", r->plain);
	put(run->f, "%.1f", r->plain_covered);
	put(run->f, "%.1f", r->rejected);
	fputc('\n', run->f);
}

/* --- Intervals ------------------------------------------------------------ */

/* LIST for two classes or more, of which the second is positive. */
static struct mc_metric_spec *
specs_of(const char *list, size_t n_classes, size_t *n)
{
	struct mc_metric_spec *asked, *specs;
	size_t n_asked;

	if (mc_metric_specs_parse(list, n_classes == 2, &asked, &n_asked,
	    NULL) != MC_OK ||
	    mc_metric_specs_expand(asked, n_asked, n_classes, false, 1,
	    &specs, n, NULL) != MC_OK)
		abort();
	free(asked);
	return specs;
}

/* The truths: in closed form, with an error of 0, or from a large sample. */
static void
find_truth(const struct run *run, const struct sim_design *d,
    const struct sim_file *file, const struct mc_metric_spec *specs, size_t n,
    double *truth, double *error)
{
	size_t i;

	sim_truth(d, file, specs, n, TRUTH_PATIENTS, run->trial.seed, truth,
	    error);
	for (i = 0; i < n; i++) {
		double exact = sim_exact(d, file, &specs[i]);

		if (isnan(exact))
			continue;
		truth[i] = exact;
		error[i] = 0;
	}
}

static void
write_intervals(const struct run *run, const char *study, const char *method,
    const struct mc_metric_spec *m, const struct sim_design *d, double truth,
    double error, const struct trial_interval *x)
{
	size_t all = run->trial.simulations, found = all - x->none;
	struct row r = { study, method, m, d, 1, truth, error,
	    percent(x->covered, found), percent(x->none, all), x->width,
	    percent(x->below, found), percent(x->above, found),
	    percent(x->plain, found), percent(x->plain_covered, x->plain),
	    NAN };

	write_row(run, &r);
}

/* The intervals of one design by one method, of those N metrics it is for. */
static void
run_intervals(const struct run *run, const struct interval_study *study,
    const struct sim_design *d, const struct mc_interval_method *method,
    const struct mc_metric_spec *specs, size_t n, const double *truth,
    const double *error)
{
	const struct mc_sample s = { .n_classes = d->n_classes }, *any = &s;
	struct sim_file file = { study->separation, 1 };
	struct mc_metric_spec *own = mc_xcalloc(n, sizeof(*own));
	double *own_truth = mc_xcalloc(n, sizeof(*own_truth));
	double *own_error = mc_xcalloc(n, sizeof(*own_error));
	struct trial_interval *x = mc_xcalloc(n, sizeof(*x));
	size_t m = 0, i;

	for (i = 0; i < n; i++) {
		if (mc_interval_unsuitable(method, &specs[i], &any, 1) != NULL)
			continue;
		own[m] = specs[i];
		own_truth[m] = truth[i];
		own_error[m++] = error[i];
	}
	if (m > 0)
		trial_intervals(&run->trial, d, &file, method, own, m,
		    own_truth, x);
	for (i = 0; i < m; i++)
		write_intervals(run, study->name, method->name,
		    &own[i], d, own_truth[i], own_error[i], &x[i]);
	free(own);
	free(own_truth);
	free(own_error);
	free(x);
}

/* The same means over classes in three ways. */
static void
run_averages(const struct run *run, const struct interval_study *study,
    const struct sim_design *d, const struct mc_metric_spec *specs, size_t n,
    const double *truth, const double *error)
{
	struct sim_file file = { study->separation, 1 };
	struct trial_interval *x = mc_xcalloc(n, sizeof(*x));
	int way;
	size_t i;

	for (way = 0; way < AVERAGES_WAYS; way++) {
		averages_intervals(&run->trial, d, &file,
		    (enum averages_way)way, specs, n, truth, x);
		for (i = 0; i < n; i++)
			write_intervals(run, study->name, averages_names[way],
			    &specs[i], d, truth[i], error[i], &x[i]);
	}
	free(x);
}

/* All methods of one design. */
static void
run_design(const struct run *run, const struct interval_study *study,
    const struct sim_design *d, const struct mc_metric_spec *specs, size_t n,
    const double *truth, const double *error)
{
	const struct mc_interval_method **methods;
	size_t n_methods, i;

	if (study->methods == NULL) {
		run_averages(run, study, d, specs, n, truth, error);
		return;
	}
	if (mc_interval_methods_parse(study->methods, &methods, &n_methods,
	    NULL) != MC_OK)
		abort();
	for (i = 0; i < n_methods; i++)
		run_intervals(run, study, d, methods[i], specs, n, truth,
		    error);
	free(methods);
}

static void
run_interval_study(const struct run *run, const struct interval_study *study)
{
	struct sim_design d = { .n_classes = study->n_classes,
	    .shares = study->shares, .image_units = study->image_units };
	struct sim_file file = { study->separation, 1 };
	bool few = (study->patients & FEW) != 0;
	size_t n, p, m, k;
	struct mc_metric_spec *specs = specs_of(study->specs,
	    study->n_classes, &n);
	double *truth = mc_xcalloc(n, sizeof(*truth));
	double *error = mc_xcalloc(n, sizeof(*error));

	find_truth(run, &d, &file, specs, n, truth, error);
	for (m = 0; m < IMAGES; m++) {
		for (p = 0; p < SIZES; p++) {
			if ((study->images & 1u << m) == 0 ||
			    (study->patients & 1u << p) == 0)
				continue;
			d.most_images = images[m];
			d.patients = patients[p];
			for (k = 0; k < (few ? OF_LAST : 1); k++) {
				d.of_last = few ? of_last[k] : 0;
				run_design(run, study, &d, specs, n, truth,
				    error);
			}
		}
	}
	free(specs);
	free(truth);
	free(error);
}

/* --- Tests ---------------------------------------------------------------- */

static void
run_tests(const struct run *run, const struct test_study *study,
    const struct sim_design *d, const struct trial_arms *arms,
    const struct mc_metric_spec *specs, size_t n)
{
	struct trial_test *x = mc_xcalloc(n, sizeof(*x));
	double *truth = mc_xcalloc(n, sizeof(*truth));
	size_t all = run->trial.simulations, i;

	for (i = 0; i < n; i++) {
		if (arms->arms[0].separation != arms->arms[1].separation)
			truth[i] = sim_exact(d, &arms->arms[0],
			    &specs[i]) - sim_exact(d, &arms->arms[1],
			    &specs[i]);
	}
	trial_tests(&run->trial, d, arms, specs, n, truth, x);
	for (i = 0; i < n; i++) {
		struct row r = { study->name, arms->test->name,
		    &specs[i], d, arms->seeds, truth[i], 0,
		    percent(x[i].covered, x[i].intervals),
		    percent(x[i].none, all), x[i].width, NAN, NAN, NAN, NAN,
		    percent(x[i].rejected, all - x[i].none) };

		write_row(run, &r);
	}
	free(truth);
	free(x);
}

/* All tests of one design. */
static void
run_test_design(const struct run *run, const struct test_study *study,
    const struct sim_design *d, const struct mc_metric_spec *specs, size_t n)
{
	struct trial_arms arms = { .arms = { study->arms[0], study->arms[1] },
	    .spread = study->spread };
	size_t s;

	for (arms.test = mc_tests; arms.test->name != NULL; arms.test++) {
		for (s = 0; s < SEEDS; s++) {
			if (strstr(study->tests, arms.test->name) == NULL ||
			    (study->seeds & 1u << s) == 0)
				continue;
			arms.seeds = seeds[s];
			run_tests(run, study, d, &arms, specs, n);
		}
	}
}

static void
run_test_study(const struct run *run, const struct test_study *study)
{
	struct sim_design d = { .n_classes = 2, .shares = study->shares,
	    .image_units = study->image_units };
	size_t n, p, m;
	struct mc_metric_spec *specs = specs_of(study->specs, 2, &n);

	for (m = 0; m < IMAGES; m++) {
		for (p = 0; p < SIZES; p++) {
			if ((study->images & 1u << m) == 0 ||
			    (study->patients & 1u << p) == 0)
				continue;
			d.most_images = images[m];
			d.patients = patients[p];
			run_test_design(run, study, &d, specs, n);
		}
	}
	free(specs);
}

/* --- The program ---------------------------------------------------------- */

static bool
is_asked(const struct run *run, const char *study)
{
	return run->study == NULL || strcmp(run->study, study) == 0;
}

static void
run_all(const struct run *run)
{
	size_t all = INTERVAL_STUDIES + TEST_STUDIES, done = 0, i;

	mc_tsv_write(run->f, header, COLUMNS);
	for (i = 0; i < INTERVAL_STUDIES; i++) {
		if (is_asked(run, interval_studies[i].name))
			run_interval_study(run, &interval_studies[i]);
		tool_progress("studies", (int64_t)++done, (int64_t)all);
	}
	for (i = 0; i < TEST_STUDIES; i++) {
		if (is_asked(run, test_studies[i].name))
			run_test_study(run, &test_studies[i]);
		tool_progress("studies", (int64_t)++done, (int64_t)all);
	}
}

int
main(int argc, char **argv)
{
	struct options opts = { .simulations = 1000, .replicates = 999,
	    .seed = 1, .threads = mc_cpus() };
	struct mc_out *out = NULL;
	enum mc_status status;
	struct run run;
	struct mc_err err;

	if (tool_start(&prog, argc, argv, &opts) < argc)
		tool_usage("it reads no files");
	run.trial = (struct trial){ .seed = (uint64_t)opts.seed,
	    .simulations = (size_t)opts.simulations,
	    .replicates = opts.replicates, .threads = (int)opts.threads };
	run.study = opts.study;
	status = mc_out_open(&out, opts.common.output, &err);
	if (status == MC_OK) {
		run.f = mc_out_file(out);
		run_all(&run);
		status = mc_out_commit(out, &err);
	}
	return tool_end(status, &err);
}
