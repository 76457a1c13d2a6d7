/* test_stats.c - lib/stats: closed forms, hand cases, degenerate cases. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_statistics_double.h>

#include "base/mem.h"
#include "base/rng.h"
#include "sample.h"
#include "stats/compare.h"
#include "stats/estimate.h"
#include "stats/interval.h"
#include "stats/lbfgs.h"
#include "stats/metric.h"
#include "stats/metric_hint.h"
#include "stats/metric_list.h"
#include "stats/remarks.h"
#include "stats/resample.h"
#include "stats/reweighted.h"
#include "stats/sides.h"
#include "stats/task_mean.h"
#include "stats/task_values.h"
#include "tap.h"

/* Found by main. */
static const struct mc_interval_method *percentile[1];
static const struct mc_estimate_options quick = { .methods = percentile,
    .n_methods = 1, .level = 0.95,
    .how = { .replicates = 999, .seed = 1, .threads = 2 } };

/* The estimates of LIST, the last class being the positive one. */
static struct mc_estimate *
estimates_of(const struct mc_sample *const *samples, size_t n_samples,
    const char *list, size_t *n, const struct mc_estimate_options *plan)
{
	struct mc_metric_spec *asked, *specs;
	struct mc_estimate *e;
	size_t n_asked;

	if (mc_metric_specs_parse(list, true, &asked, &n_asked, NULL) !=
	    MC_OK ||
	    mc_metric_specs_expand(asked, n_asked, samples[0]->n_classes,
	    samples[0]->ordered, 1, &specs, n, NULL) != MC_OK)
		abort();
	e = mc_estimates(samples, n_samples, specs, *n, plan);
	free(asked);
	free(specs);
	return e;
}

static struct mc_estimate *
estimates(const struct sample *x, const char *list, size_t *n,
    const struct mc_estimate_options *plan)
{
	const struct mc_sample *const samples[] = { &x->s };

	return estimates_of(samples, 1, list, n, plan);
}

static const char *
note_of(const struct mc_estimate *e)
{
	return e->note.data != NULL ? e->note.data : "";
}

/* --- Values --------------------------------------------------------------- */

static void
test_values(void)
{
	/* [label][predicted]: a 5 1 0, b 2 3 1, c 0 0 0. */
	static const struct {
		const char *spec;
		double value;
	} wanted[] = {
		{ "accuracy", 8 / 12. },
		{ "balanced_accuracy", (5 / 6. + 3 / 6.) / 2 },
		{ "precision", (6 * 5 / 7. + 6 * 3 / 4.) / 12 },
		{ "precision:macro", (5 / 7. + 3 / 4. + 0) / 3 },
		{ "recall", 8 / 12. },
		{ "recall:macro", (5 / 6. + 3 / 6. + 0) / 3 },
		{ "f1", (6 * 10 / 13. + 6 * 6 / 10.) / 12 },
		{ "f1:macro", (10 / 13. + 6 / 10. + 0) / 3 },
		{ "recall:positive", 3 / 6. },
	};
	struct sample *x = sample_alloc(three, 3);
	size_t i, n;

	sample_add(x, 0, 0, 5);
	sample_add(x, 0, 1, 1);
	sample_add(x, 1, 0, 2);
	sample_add(x, 1, 1, 3);
	sample_add(x, 1, 2, 1);
	for (i = 0; i < sizeof(wanted) / sizeof(*wanted); i++) {
		struct mc_estimate *e = estimates(x, wanted[i].spec, &n,
		    &quick);

		tap_near(e->estimate, wanted[i].value, 1e-15, "%s by hand",
		    wanted[i].spec);
		mc_estimates_free(e, n);
	}
	free(x);
}

/* Names of scikit-learn, of textbooks and of other spelling, and ours. */
static void
test_other_names(void)
{
	static const char *const pairs[][2] = {
		{ "sensitivity", "recall:class" },
		{ "Sensitivity@0.9", "recall:class" },
		{ "ppv:macro", "precision:class" }, { "AP", "average_precision" },
		{ "PR-AUC", "average_precision" }, { "auc", "auroc" },
		{ "ROC AUC", "auroc" }, { "f1-score", "f1" }, { "NPV", "npv" },
		{ "tnr", "specificity:class" }, { "Brier score", "brier" },
		{ "Cohen's kappa", "kappa" }, { "qwk", "kappa_quadratic" },
		{ "log-loss", "log_loss" }, { "AUROC", "auroc" },
		{ "auroc_", "auroc" }, { "bacc", "balanced_accuracy" },
		{ "auroc", NULL }, { "auroc:macro", NULL }, { "", NULL },
		{ "speed", NULL }, { "sensitivity_at_specificity@0.9", NULL }
	};
	const struct mc_metric *m;
	struct mc_buf hint = { 0 };
	const char *name;
	char *metric;
	size_t i;

	for (i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		name = mc_metric_called(pairs[i][0]);
		tap_ok(pairs[i][1] == NULL ? name == NULL : name != NULL &&
		    strcmp(name, pairs[i][1]) == 0, "\"%s\": %s", pairs[i][0],
		    name != NULL ? name : "none");
		if (pairs[i][1] == NULL)
			continue;
		metric = mc_xstrndup(name, strcspn(name, ":"));
		TEST(mc_metric_find(metric) != NULL);
		free(metric);
	}
	mc_metric_hint(&hint, "Sensitivity");
	tap_str(hint.data, ": mctools calls it recall:class", "of one class");
	hint.len = 0;
	mc_metric_hint(&hint, "ppv:macro");
	tap_str(hint.data, ": mctools calls it precision:macro", "of its form");
	mc_buf_free(&hint);
	for (m = mc_metric_table; m->name != NULL; m++)
		tap_ok(mc_metric_called(m->name) == NULL, "%s is its name",
		    m->name);
}

static void
test_parse(void)
{
	static const struct {
		const char *list, *message;
		bool positive;
	} bad[] = {
		{ "speed", "--metrics: unknown metric \"speed\": "
		    "mc-bootstrap --list-metrics lists them", false },
		{ "accuracy,", "--metrics: unknown metric \"\": "
		    "mc-bootstrap --list-metrics lists them", false },
		{ "accuracy:macro", "--metrics: \"accuracy\" has no \"macro\": "
		    "mc-bootstrap --list-metrics lists what it has", false },
		{ "f1:best", "--metrics: \"f1\" has no \"best\": "
		    "mc-bootstrap --list-metrics lists what it has", false },
		{ "f1:positive", "--metrics: \"f1:positive\" needs "
		    "--positive CLASS", false },
		{ "f1:ovo", "--metrics: \"f1\" has no \"ovo\": "
		    "mc-bootstrap --list-metrics lists what it has", false },
		{ "auroc@0.5", "--metrics: \"auroc\" takes no @X", false },
		{ "sensitivity_at_specificity@1", "--metrics: "
		    "\"sensitivity_at_specificity@1\": give a number between "
		    "0 and 1", false },
		{ "sensitivity_at_specificity@x", "--metrics: "
		    "\"sensitivity_at_specificity@x\": \"x\" is not a number",
		    false },
	};
	struct mc_metric_spec *m;
	struct mc_err err;
	size_t i, n;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		TEST(mc_metric_specs_parse(bad[i].list, bad[i].positive, &m, &n,
		    &err) == MC_EUSAGE);
		tap_str(err.text, bad[i].message, "%s", bad[i].list);
	}
	TEST(mc_metric_specs_parse("auroc", true, &m, &n, &err) == MC_OK);
	TEST(n == 1 && m->class_index == MC_POSITIVE);
	free(m);
	TEST(mc_metric_specs_parse("auroc", false, &m, &n, &err) == MC_OK);
	TEST(n == 1 && m->average == MC_MACRO);
	free(m);
	TEST(mc_metric_specs_parse("sensitivity_at_specificity@0.9:class", false,
	    &m, &n, &err) == MC_OK);
	TEST(n == 1 && m->average == MC_EACH_CLASS && m->at == 0.9);
	free(m);
}

/* What LIST comes to for N_CLASSES classes; *M is freed by the caller. */
static enum mc_status
expand(const char *list, size_t n_classes, bool ordered, int positive,
    struct mc_metric_spec **m, size_t *n, struct mc_err *err)
{
	struct mc_metric_spec *asked;
	enum mc_status status;
	size_t n_asked;

	status = mc_metric_specs_parse(list, positive >= 0, &asked, &n_asked,
	    err);
	if (status == MC_OK)
		status = mc_metric_specs_expand(asked, n_asked, n_classes,
		    ordered, positive, m, n, err);
	free(asked);
	return status;
}

static void
test_expand(void)
{
	struct mc_metric_spec *m;
	struct mc_err err;
	size_t n;

	TEST(expand("f1:class,f1:positive,f1,f1", 3, false, 1, &m, &n, &err) ==
	    MC_OK);
	tap_int((long long)n, 4, "three classes, one of them asked for twice, "
	    "and a mean");
	TEST(m[2].class_index == 2 && m[3].average == MC_WEIGHTED);
	free(m);
	TEST(expand("sensitivity_at_specificity@0.9,sensitivity_at_specificity",
	    3, false, -1, &m, &n, &err) == MC_OK);
	TEST(n == 2 && m[0].at == 0.9 && m[1].at == 0.95);
	free(m);
	TEST(expand("accuracy,kappa_linear", 3, false, -1, &m, &n, &err) ==
	    MC_EUSAGE);
	tap_str(err.text, "--metrics: \"kappa_linear\" depends on the distance "
	    "between classes: give their order with --classes", "no order");
	TEST(m == NULL);
	TEST(expand("average_precision", 2, false, -1, &m, &n, &err) ==
	    MC_EUSAGE);
	tap_str(err.text, "--metrics: \"average_precision\" depends on which "
	    "class is positive: give --positive CLASS", "no positive class");
	/* Said which class, more classes, or all there is: no error. */
	TEST(expand("average_precision:class", 2, false, -1, &m, &n, &err) ==
	    MC_OK);
	free(m);
	TEST(expand("average_precision", 3, false, -1, &m, &n, &err) == MC_OK);
	free(m);
	TEST(expand("all", 2, false, -1, &m, &n, &err) == MC_OK);
	free(m);
}

/* --- Intervals ------------------------------------------------------------ */

static void
test_degenerate(void)
{
	struct sample *x = sample_alloc(two, 2);
	struct mc_estimate *e;
	size_t n;

	sample_add(x, 0, 0, 30);
	sample_add(x, 1, 1, 10);
	e = estimates(x, "accuracy,f1,recall:class", &n, &quick);
	tap_int((long long)n, 4, "four estimates");
	tap_str(e[0].method, "clopper-pearson", "accuracy 1: method");
	tap_near(e[0].lo, pow(0.025, 1 / 40.), 1e-15, "accuracy 1: lo");
	tap_str(note_of(&e[0]), "all replicates are equal: Clopper-Pearson on "
	    "40 units", "accuracy 1: note");
	tap_str(e[1].method, "none", "F1 of 1: no interval");
	TEST(isnan(e[1].lo) && isnan(e[1].hi));
	tap_str(note_of(&e[1]), "no interval: all replicates are equal",
	    "F1 of 1: note");
	tap_near(e[3].lo, pow(0.025, 1 / 10.), 1e-15,
	    "recall of a class: on its own units");
	mc_estimates_free(e, n);
	free(x);
}

static void
test_notes(void)
{
	struct sample *x = sample_alloc(three, 3);
	struct mc_estimate *e;
	size_t n;

	sample_add(x, 0, 0, 40);
	sample_add(x, 1, 0, 20);
	e = estimates(x, "accuracy,precision,precision:macro,recall:macro,"
	    "balanced_accuracy,f1:class,auroc", &n, &quick);
	tap_int((long long)n, 9, "nine estimates");
	tap_str(note_of(&e[0]), "", "accuracy: 60 units are enough");
	tap_str(note_of(&e[1]), "0/0 treated as 0 for class \"b\"; few units: "
	    "interval may be too narrow", "weighted precision names the class");
	tap_str(note_of(&e[2]), "no images of class \"c\"; 0/0 treated as 0 "
	    "for class \"b\", \"c\"; few units: interval may be too narrow",
	    "macro precision names both");
	tap_str(note_of(&e[3]), "no images of class \"c\"; 0/0 treated as 0 "
	    "for class \"c\"; no interval: all replicates are equal",
	    "macro recall 1/3 in every replicate");
	tap_str(note_of(&e[4]), "no images of class \"c\"; no interval: all "
	    "replicates are equal", "balanced accuracy leaves the class out");
	tap_str(note_of(&e[6]), "no interval: all replicates are equal",
	    "F1 of b: always 0, and no 0/0");
	tap_str(note_of(&e[7]), "no images of class \"c\"; 0/0 treated as 0 "
	    "for class \"c\"; no interval: undefined in every replicate",
	    "F1 of c: its 0 is the estimate's alone");
	TEST(isnan(e[8].estimate));
	tap_str(note_of(&e[8]), "undefined: it needs probabilities, and only "
	    "classes are predicted", "AUROC of hard labels");
	mc_estimates_free(e, n);
	free(x);
}

/* A replicate without positives has no AUROC: counted, and said. */
static void
test_undefined_replicates(void)
{
	struct sample *x = sample_alloc(two, 2);
	struct mc_estimate *e;
	size_t i, n;
	int missing;

	sample_add(x, 0, 0, 19);
	sample_add(x, 1, 1, 1);
	for (i = 0; i < 20; i++) {
		x->p[2 * i + 1] = i == 5 || i == 6 ? 0.9 : i == 19 ? 0.8 : 0.1;
		x->p[2 * i] = 1 - x->p[2 * i + 1];
	}
	x->s.p = x->p;
	e = estimates(x, "auroc", &n, &quick);
	tap_near(e->estimate, 17 / 19., 1e-15, "AUROC of one positive");
	/* (19/20)^20 = 0.358 of 999, give or take 5 standard deviations. */
	TEST(sscanf(note_of(e), "undefined in %d of 999", &missing) == 1);
	tap_near(missing / 999., 0.3585, 0.076, "replicates without it");
	mc_estimates_free(e, n);
	x->label[19] = 0;
	e = estimates(x, "auroc,auroc:macro", &n, &quick);
	tap_str(note_of(&e[0]), "undefined: no images of class \"pos\"",
	    "AUROC without a positive");
	tap_str(note_of(&e[1]), "undefined: no images of class \"pos\"; "
	    "undefined: all images are of class \"neg\"",
	    "macro AUROC of one class");
	mc_estimates_free(e, n);
	free(x);
}

/*
 * The original study's fault: 562 of 624 right.  Its interval is 1/71 as wide
 * as the right one.
 */
static void
test_original(void)
{
	const struct mc_interval_method *const as_published =
	    mc_interval_method_find("original");
	struct mc_estimate_options plan = quick;
	struct sample *x = sample_alloc(two, 2);
	struct mc_estimate *right, *original;
	size_t n;

	sample_add(x, 0, 0, 562);
	sample_add(x, 0, 1, 62);
	plan.how.replicates = 4999;
	right = estimates(x, "accuracy", &n, &plan);
	plan.methods = &as_published;
	original = estimates(x, "accuracy", &n, &plan);
	tap_near(right->lo, 0.8766, 0.004, "right: lo");
	tap_near(right->hi, 0.9247, 0.004, "right: hi");
	tap_near(original->lo, 0.9006, 0.001, "original: lo");
	tap_near(original->hi, 0.9009, 0.001, "original: hi");
	tap_near((right->hi - right->lo) / (original->hi - original->lo),
	    sqrt(4999), 0.05, "original: narrower by the root of replicates");
	TEST(original->estimate == right->estimate);
	tap_str(original->method, "original", "original says what it is");
	TEST(strncmp(note_of(original), "not an interval of the metric", 29) ==
	    0);
	mc_estimates_free(right, n);
	mc_estimates_free(original, n);
	free(x);
}

/* --- Methods -------------------------------------------------------------- */

/* Two classes, 60 units of which some have two images, some errors. */
static struct sample *
sixty(void)
{
	struct sample *x = sample_alloc(two, 2);
	uint32_t u;

	for (u = 0; u < 60; u++) {
		sample_score(x, u, u % 2, (u * 37 % 60) / 80. + u % 2 * 0.25);
		if (u % 3 == 0)
			sample_score(x, u, u % 2, (u * 23 % 60) / 60.);
	}
	return x;
}

/* Each row says what it is, and lists name rows once each. */
static void
test_method_table(void)
{
	const struct mc_interval_method *m, **methods;
	struct mc_err err;
	size_t n;

	for (m = mc_interval_methods; m->name != NULL; m++) {
		TEST(mc_interval_method_find(m->name) == m);
		tap_ok(m->printed != NULL && m->make != NULL,
		    "%s has a name in print and a function", m->name);
	}
	TEST(mc_interval_methods_parse("wilson,bca", &methods, &n, &err) ==
	    MC_OK);
	TEST(n == 2 && methods[1] == mc_interval_method_find("bca"));
	free(methods);
	TEST(mc_interval_methods_parse("bca,bca", &methods, &n, &err) ==
	    MC_EUSAGE);
	tap_str(err.text, "--method: \"bca\" is given twice", "and not twice");
	TEST(methods == NULL && n == 0);
}

static void
test_methods(void)
{
	const struct mc_interval_method *const list[] = {
		mc_interval_method_find("delong"),
		mc_interval_method_find("wilson"),
		mc_interval_method_find("bootstrap-t"),
		mc_interval_method_find("bca")
	};
	static const struct {
		const char *spec, *method;
		bool resampled;
	} wanted[] = {
		{ "accuracy", "wilson", false },
		{ "recall", "wilson", false },
		{ "npv:positive", "wilson", false },
		{ "auroc", "obuchowski", false },
		{ "f1:positive", "bootstrap-t", true },
		{ "log_loss", "bootstrap-t", true },
		{ "f1", "bca", true },
		{ "precision", "bca", true },
		{ "ece", "bca", true },
	};
	struct mc_estimate_options plan = quick;
	struct sample *x = sixty();
	struct mc_estimate *e;
	size_t i, n;

	plan.methods = list;
	plan.n_methods = 4;
	plan.asked = true;
	for (i = 0; i < sizeof(wanted) / sizeof(*wanted); i++) {
		e = estimates(x, wanted[i].spec, &n, &plan);
		tap_str(e->method, wanted[i].method, "the first method that "
		    "%s has", wanted[i].spec);
		TEST(e->resampled == wanted[i].resampled);
		TEST(e->lo < e->estimate && e->estimate < e->hi);
		mc_estimates_free(e, n);
	}
	plan.n_methods = 1;
	e = estimates(x, "accuracy,auroc", &n, &plan);
	tap_str(e[0].method, "none", "DeLong of accuracy: none");
	tap_str(note_of(&e[0]), "no interval: the metric is not the AUROC of a "
	    "class",
	    "and why");
	tap_str(e[1].method, "obuchowski", "and beside it an AUROC's");
	mc_estimates_free(e, n);
	/* The same units, an image each: DeLong's. */
	for (i = 0; i < x->s.n; i++)
		x->unit[i] = (uint32_t)i;
	x->s.n_units = x->s.n;
	e = estimates(x, "auroc", &n, &plan);
	tap_str(e->method, "delong", "DeLong of independent images");
	mc_estimates_free(e, n);
	free(x);
}

/* 2 x 0.9 less a low quantile is more than 1, and so is a normal limit. */
static void
test_range(void)
{
	static const char *const each[] = { "basic", "normal" };
	struct sample *x = sample_alloc(two, 2);
	struct mc_estimate_options plan = quick;
	struct mc_estimate *e;
	size_t i, n;

	sample_add(x, 1, 1, 9);
	sample_add(x, 1, 0, 1);
	for (i = 0; i < 2; i++) {
		const struct mc_interval_method *const method =
		    mc_interval_method_find(each[i]);

		plan.methods = &method;
		e = estimates(x, "accuracy", &n, &plan);
		tap_str(e->method, each[i], "an interval");
		tap_near(e->hi, 1, 0, "stays in the metric's range");
		mc_estimates_free(e, n);
	}
	free(x);
}

static void
test_biased(void)
{
	struct sample *x = sixty();
	struct mc_estimate *e;
	size_t n;

	e = estimates(x, "ece", &n, &quick);
	tap_str(e->method, "none", "ECE has no interval unless asked for");
	tap_str(note_of(e), "no interval: bootstrap replicates of this metric "
	    "are biased upwards",
	    "and why");
	mc_estimates_free(e, n);
	free(x);
}

/*
 * AUROC 1: all replicates are equal and the variance is 0; whatever the method,
 * the interval is that of 30 pairs of images.
 */
static void
test_perfect(void)
{
	static const char *const each[] = { "percentile", "basic", "normal",
	    "bca", "bootstrap-t", "delong" };
	struct sample *x = sample_alloc(two, 2);
	struct mc_estimate_options plan = quick;
	struct mc_estimate *e;
	size_t i, n;

	for (i = 0; i < 60; i++)
		sample_score(x, (uint32_t)i, i % 2 == 0,
		    (double)i / 200 + (i % 2 == 0 ? 0.6 : 0.1));
	for (i = 0; i < sizeof(each) / sizeof(*each); i++) {
		const struct mc_interval_method *const method =
		    mc_interval_method_find(each[i]);

		plan.methods = &method;
		e = estimates(x, "auroc", &n, &plan);
		TEST(e->estimate == 1);
		tap_near(e->lo, pow(0.025, 1 / 30.), 1e-15, "AUROC 1 by %s: lo",
		    each[i]);
		tap_str(note_of(e), strcmp(each[i], "delong") == 0 ?
		    "the variance is 0: Clopper-Pearson on 30 pairs of units" :
		    "all replicates are equal: Clopper-Pearson on 30 pairs of "
		    "units", "and why");
		mc_estimates_free(e, n);
	}
	free(x);
}

/* Of bootstrap-t an undefined replicate takes its own variance away. */
static void
test_bootstrap_t(void)
{
	enum { B = 4999 };
	const struct mc_interval_method *const bootstrap_t =
	    mc_interval_method_find("bootstrap-t");
	struct mc_estimate_options plan = quick;
	struct sample *x = sample_alloc(two, 2);
	const struct mc_sample *const samples[] = { &x->s };
	double values[B], variances[B], v[B], of_v[B], variance, lo, hi;
	struct mc_estimate *e;
	size_t n, m = 0, used, i;

	/* Seven units of eight images with the class: 1 to 7 are right. */
	sample_add(x, 0, 0, 93);
	for (i = 0; i < 56; i++)
		sample_score(x, (uint32_t)(93 + i / 8), 1, i % 8 <= i / 8);
	x->s.p = NULL;
	plan.methods = &bootstrap_t;
	plan.how.replicates = B;
	e = estimates(x, "recall:positive", &n, &plan);
	mc_bootstrap(samples, 1, &e->spec, 1, &plan.how, values,
	    variances);
	for (i = 0; i < B; i++) {
		if (isnan(values[i]))
			continue;
		v[m] = values[i];
		of_v[m++] = variances[i];
	}
	mc_metric_variances(&x->s, &e->spec, 1, &variance);
	TEST(m < B);
	TEST(mc_bootstrap_t(e->estimate, variance, v, of_v, m, true, 0.95, &used,
	    &lo, &hi));
	tap_str(e->method, "bootstrap-t", "bootstrap-t of a recall");
	tap_near(e->lo, lo, 1e-15, "lo of the replicates that are defined");
	tap_near(e->hi, hi, 1e-15, "hi of the replicates that are defined");
	mc_estimates_free(e, n);
	free(x);
}

/* Of N units with the class and M without. */
static void
test_deciding(size_t n, size_t m)
{
	static const struct {
		const char *list;
		int of;		/* 1: with the class, 2: the fewer, 3: all */
	} cases[] = {
		{ "auroc:positive", 2 }, { "auroc:macro", 2 },
		{ "average_precision:positive", 2 }, { "recall:positive", 1 },
		{ "accuracy", 3 }, { "mcc", 3 }, { "log_loss", 3 }
	};
	const size_t wanted[] = { 0, n, n < m ? n : m, n + m };
	struct sample *x = sample_alloc(two, 2);
	struct mc_remarks *r;
	struct mc_estimate *e;
	size_t k, i;

	for (i = 0; i < n + m; i++)
		sample_score(x, (uint32_t)i, i < n, (double)(i % 5) / 5);
	r = mc_remarks_alloc(&x->s);
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		e = estimates(x, cases[i].list, &k, &quick);
		tap_int((long long)mc_remarks_deciding_units(r, &e->spec),
		    (long long)wanted[cases[i].of],
		    "%zu and %zu units, which decide on %s", n, m,
		    cases[i].list);
		mc_estimates_free(e, k);
	}
	mc_remarks_free(r);
	free(x);
}

/* The slope where all p are equal: not where they separate the class. */
static void
test_constant_p(void)
{
	struct sample *x = sample_alloc(two, 2);
	struct mc_estimate *e;
	size_t i, n;

	for (i = 0; i < 10; i++)
		sample_score(x, (uint32_t)i, i % 2 == 0, 0.25);
	e = estimates(x, "calibration_slope:class", &n, &quick);
	tap_str(note_of(e), "undefined: all probabilities of the class are "
	    "equal", "a calibration slope of equal probabilities");
	mc_estimates_free(e, n);
	free(x);
}

/* --- Sides ---------------------------------------------------------------- */

/* Ten units are predicted positive with one seed, and five with the other. */
static void
test_sides(void)
{
	struct sample *x = sample_alloc(two, 2), *y = sample_alloc(two, 2);
	const struct mc_sample *const both[] = { &x->s, &y->s };
	const struct mc_sample *const turned[] = { &y->s, &x->s };
	const struct mc_side sides[] = { { both, 2, "a" }, { turned, 2, "b" },
	    { both, 1, "x" }, { turned, 1, "y" } };
	struct mc_metric_spec *asked, *specs;
	struct mc_side_values *v;
	size_t n_asked, n, i, of[4];

	sample_add(x, 1, 1, 10);
	sample_add(x, 0, 0, 10);
	sample_add(y, 1, 1, 5);
	sample_add(y, 1, 0, 5);
	sample_add(y, 0, 0, 10);
	if (mc_metric_specs_parse("precision:positive", true, &asked, &n_asked,
	    NULL) != MC_OK || mc_metric_specs_expand(asked, n_asked, 2, false,
	    1, &specs, &n, NULL) != MC_OK)
		abort();
	v = mc_side_values_alloc(sides, 4, specs, n);
	for (i = 0; i < 4; i++)
		of[i] = mc_side_deciding_units(v, i, 0);
	TEST(of[3] < of[2]);
	TEST(of[0] == of[3] && of[1] == of[3]);
	mc_side_values_free(v);
	free(asked);
	free(specs);
	free(x);
	free(y);
}

/* --- Several samples ------------------------------------------------------ */

/* The mean of two arms, replicate by replicate. */
static void
test_mean(void)
{
	const struct mc_interval_method *const wilson =
	    mc_interval_method_find("wilson");
	const struct mc_interval_method *const bootstrap_t =
	    mc_interval_method_find("bootstrap-t");
	struct sample *x = sixty(), *y = sixty();
	const struct mc_sample *const samples[] = { &x->s, &y->s };
	struct mc_estimate_options plan = quick;
	double values[2 * 999], value[2], lo, hi;
	struct mc_estimate *e;
	const char *note = "mean over 2 training seeds: the interval does "
	    "not include seed-to-seed variation";
	size_t i, n;

	for (i = 0; i < y->s.n; i++) {
		y->p[2 * i + 1] = pow(y->p[2 * i + 1], 1 + i % 3);
		y->p[2 * i] = 1 - y->p[2 * i + 1];
	}
	e = estimates_of(samples, 2, "auroc", &n, &plan);
	for (i = 0; i < 2; i++)
		mc_metric_values(samples[i], &e->spec, 1, &value[i]);
	mc_bootstrap(samples, 2, &e->spec, 1, &plan.how, values, NULL);
	for (i = 0; i < 999; i++)
		values[i] = (values[i] + values[999 + i]) / 2;
	mc_percentile(values, 999, 0.95, &lo, &hi);
	TEST(value[0] != value[1]);
	tap_near(e->estimate, (value[0] + value[1]) / 2, 1e-15,
	    "two samples: the mean of both");
	tap_near(e->lo, lo, 1e-15, "lo of the means of replicates");
	tap_near(e->hi, hi, 1e-15, "hi of the means of replicates");
	tap_near(e->seed_sd, fabs(value[0] - value[1]) / sqrt(2), 1e-15,
	    "their standard deviation");
	TEST(strncmp(note_of(e), note, strlen(note)) == 0);
	mc_estimates_free(e, n);
	plan.methods = &wilson;
	e = estimates_of(samples, 2, "accuracy", &n, &plan);
	tap_str(e->method, "none", "a mean has no interval by a formula");
	TEST(strstr(note_of(e), "no interval: there is no formula for a mean "
	    "over seeds") != NULL);
	mc_estimates_free(e, n);
	plan.methods = &bootstrap_t;
	e = estimates_of(samples, 2, "accuracy", &n, &plan);
	tap_str(e->method, "none", "nor has it a variance");
	TEST(strstr(note_of(e), "no interval: the variance of this metric is "
	    "not known") != NULL);
	mc_estimates_free(e, n);
	free(x);
	free(y);
}

/*
 * Precision without a fault: of 10 units in one sample and of 5 in the other,
 * of which there is to know what (alpha/2)^(1/5) says.
 */
static void
test_mean_units(void)
{
	struct sample *x = sample_alloc(two, 2), *y = sample_alloc(two, 2);
	const struct mc_sample *const samples[] = { &x->s, &y->s };
	struct mc_estimate *e;
	size_t n;

	sample_add(x, 1, 1, 10);
	sample_add(x, 0, 0, 10);
	sample_add(y, 1, 1, 5);
	sample_add(y, 1, 0, 5);
	sample_add(y, 0, 0, 10);
	e = estimates_of(samples, 2, "precision:positive", &n, &quick);
	tap_str(e->method, "clopper-pearson", "two samples without a fault");
	tap_near(e->lo, pow(0.025, 1. / 5), 1e-12,
	    "lo: of the one with fewer units");
	tap_near(e->hi, 1, 0, "hi");
	mc_estimates_free(e, n);
	free(x);
	free(y);
}

/* --- Coverage ------------------------------------------------------------- */

/*
 * Coverage: 60 patients of 1 to 4 images whose outcomes are correlated, true
 * accuracy 0.8.  Percentile intervals over patients cover about 95 % (500
 * studies: 0.01 standard error); over images they would cover far less.
 */
static void
test_coverage(void)
{
	enum { STUDIES = 500 };
	struct mc_estimate_options plan = quick;
	gsl_rng *rng = mc_stream_alloc(11, "coverage", 0);
	int by_group = 0, by_image = 0, study;
	size_t u, i, n;

	plan.how.replicates = 499;
	for (study = 0; study < STUDIES; study++) {
		struct sample *x = sample_alloc(two, 2);
		struct mc_estimate *e;

		for (u = 0; u < 60; u++) {
			double q = gsl_ran_beta(rng, 0.8, 0.2);

			for (i = 0; i <= u % 4; i++) {
				x->predicted[x->s.n] = gsl_rng_uniform(rng) > q;
				x->unit[x->s.n++] = (uint32_t)u;
			}
		}
		x->s.n_units = 60;
		plan.how.seed = (uint64_t)study;
		e = estimates(x, "accuracy", &n, &plan);
		by_group += e->lo <= 0.8 && 0.8 <= e->hi;
		mc_estimates_free(e, n);
		for (i = 0; i < x->s.n; i++)
			x->unit[i] = (uint32_t)i;
		x->s.n_units = x->s.n;
		e = estimates(x, "accuracy", &n, &plan);
		by_image += e->lo <= 0.8 && 0.8 <= e->hi;
		mc_estimates_free(e, n);
		free(x);
	}
	tap_near((double)by_group / STUDIES, 0.94, 0.03,
	    "intervals over patients cover");
	tap_ok((double)by_image / STUDIES < 0.88,
	    "intervals over images would not: %d of %d", by_image, STUDIES);
	gsl_rng_free(rng);
}

/* --- Differences ---------------------------------------------------------- */

/* The first of SIDES less the second; *COUNT is 0 where the test refuses. */
static struct mc_difference *
difference(const struct mc_side sides[2], bool same_arm, const char *test,
    const char *metric, double margin, size_t *count, struct mc_err *err)
{
	const struct mc_pair pair = { 0, 1, same_arm, 0 };
	const struct mc_compare_options options = {
		.test = mc_test_find(test), .level = 0.95, .margin = margin,
		.how = quick.how
	};
	struct mc_metric_spec *asked, *specs;
	struct mc_difference *d;
	size_t n_asked, n;

	if (mc_metric_specs_parse(metric, true, &asked, &n_asked, NULL) !=
	    MC_OK || mc_metric_specs_expand(asked, n_asked, 2, false, 1,
	    &specs, &n, NULL) != MC_OK)
		abort();
	if (mc_compare(sides, 2, &pair, 1, specs, n, &options, &d, count,
	    err) != MC_OK)
		*count = 0;
	free(asked);
	free(specs);
	return d;
}

/* The images of X whose units are FIRST to END - 1. */
static struct mc_owned_sample
units_between(const struct sample *x, uint32_t first, uint32_t end)
{
	size_t rows[SAMPLE_IMAGES], n = 0, i;
	struct mc_owned_sample own;

	for (i = 0; i < x->s.n; i++) {
		if (x->unit[i] >= first && x->unit[i] < end)
			rows[n++] = i;
	}
	mc_sample_take(&own, &x->s, rows, n);
	return own;
}

/* Of 19 units 9 have the class, and of 20 units 10. */
static void
test_gap_units(void)
{
	static const char *const tests[] = { "bootstrap", "delong" };
	struct sample *x = sixty();
	struct mc_owned_sample f = units_between(x, 0, 40), m;
	struct mc_difference *d;
	struct mc_err err;
	size_t t, n, units;

	for (t = 0; t < 2; t++) {
		for (units = 19; units <= 20; units++) {
			const struct mc_sample *of_f = &f.s, *of_m = &m.s;
			const struct mc_side sides[] = { { &of_f, 1, "a" },
			    { &of_m, 1, "a" } };

			m = units_between(x, 60 - (uint32_t)units, 60);
			d = difference(sides, true, tests[t], "auroc", NAN,
			    &n, &err);
			tap_int((long long)n, 1, "a gap by %s", tests[t]);
			tap_ok(isnan(d->lo) == (units < 20), "%s: of %zu "
			    "units", tests[t], units);
			tap_ok((strstr(d->note.data, "fewer than 10 units of "
			    "a subgroup decide") != NULL) == (units < 20),
			    "and the note says so");
			mc_compare_free(d, n);
			mc_owned_sample_clear(&m);
		}
	}
	mc_owned_sample_clear(&f);
	free(x);
}

/* One unit in both subgroups: the replicates of the gap are what varies. */
static void
test_gap_shared(void)
{
	struct sample *x = sixty();
	struct mc_owned_sample f = units_between(x, 0, 41);
	struct mc_owned_sample m = units_between(x, 40, 60);
	const struct mc_sample *const samples[] = { &f.s, &m.s };
	const struct mc_side sides[] = { { &samples[0], 1, "a" },
	    { &samples[1], 1, "a" } };
	double values[2 * 999];
	struct mc_difference *d;
	struct mc_err err;
	size_t n, i;

	d = difference(sides, true, "bootstrap", "auroc", NAN, &n, &err);
	mc_bootstrap(samples, 2, &d->spec, 1, &quick.how, values, NULL);
	for (i = 0; i < 999; i++)
		values[i] -= values[999 + i];
	/* Ten units with the class and ten without are in the smaller one. */
	tap_near(d->hi - d->difference, gsl_cdf_tdist_Qinv(0.025, 9) *
	    sqrt(gsl_stats_variance(values, 1, 999) * 10 / 9), 1e-12,
	    "a gap with a shared unit");
	mc_compare_free(d, n);
	mc_owned_sample_clear(&f);
	mc_owned_sample_clear(&m);
	free(x);
}

/* Which side is first decides on the sign alone, of claims too. */
static void
test_turned(void)
{
	struct sample *x = sixty(), *y = sixty();
	const struct mc_sample *const samples[] = { &x->s, &y->s };
	const struct mc_side sides[] = { { &samples[0], 1, "a" },
	    { &samples[1], 1, "b" }, { &samples[0], 1, "a" } };
	struct mc_difference *d, *turned;
	struct mc_err err;
	size_t i, n, m;

	for (i = 0; i < y->s.n; i++) {
		y->p[2 * i + 1] = pow(y->p[2 * i + 1], 1 + i % 3);
		y->p[2 * i] = 1 - y->p[2 * i + 1];
	}
	d = difference(sides, false, "delong", "auroc", 0.05, &n, &err);
	turned = difference(sides + 1, false, "delong", "auroc", 0.05, &m,
	    &err);
	tap_int((long long)n, 3, "three claims");
	tap_int((long long)m, 3, "and three turned round");
	TEST(d[0].difference != 0 && d[2].claim == MC_EQUIVALENT);
	tap_near(d[0].difference, -turned[0].difference, 1e-15, "the sign");
	tap_near(d[0].p, turned[0].p, 1e-12, "p");
	tap_near(d[2].p, turned[2].p, 1e-12, "p of equivalence");
	mc_compare_free(d, n);
	mc_compare_free(turned, m);
	free(x);
	free(y);
}

/* Units are too few for the interval if those of either side are. */
static void
test_few_of_either(void)
{
	struct sample *x = sample_alloc(two, 2), *y = sample_alloc(two, 2);
	const struct mc_sample *const samples[] = { &x->s, &y->s };
	const struct mc_side sides[] = { { &samples[0], 1, "a" },
	    { &samples[1], 1, "b" }, { &samples[0], 1, "a" },
	    { &samples[0], 1, "a" } };
	static const bool few[] = { true, true, false };
	struct mc_difference *d;
	struct mc_err err;
	size_t i, n;

	/* Of 200 with the class 160 are found, or 6; 40 of the others too. */
	sample_add(x, 1, 1, 160);
	sample_add(x, 1, 0, 40);
	sample_add(x, 0, 1, 40);
	sample_add(x, 0, 0, 160);
	sample_add(y, 1, 1, 6);
	sample_add(y, 1, 0, 194);
	sample_add(y, 0, 1, 2);
	sample_add(y, 0, 0, 198);
	for (i = 0; i < 3; i++) {
		d = difference(sides + i, false, "bootstrap",
		    "precision:positive", NAN, &n, &err);
		tap_ok((d->note.data != NULL && strstr(d->note.data,
		    "few units") != NULL) == few[i], "few units: pair %zu", i);
		mc_compare_free(d, n);
	}
	free(x);
	free(y);
}

/* What the tests refuse, and what they need not refuse. */
static void
test_refused(void)
{
	struct sample *x = sixty(), *y = sixty();
	uint32_t of_x[SAMPLE_IMAGES], of_y[SAMPLE_IMAGES];
	const struct mc_sample *const samples[] = { &x->s, &y->s };
	const struct mc_side sides[] = { { samples, 1, "a" },
	    { samples + 1, 1, "b" } };
	const struct mc_side seeds[] = { { samples, 1, "a" },
	    { samples, 2, "b" } };
	const struct mc_side same[] = { { samples, 1, "a" },
	    { samples, 1, "b" } };
	struct mc_difference *d;
	struct mc_err err;
	size_t i, n;

	d = difference(seeds, false, "permutation", "accuracy", NAN, &n, &err);
	TEST(d == NULL && n == 0);
	tap_str(err.text, "--test permutation compares single training runs, "
	    "and \"b\" has 2 training seeds: use bootstrap", "seeds");
	d = difference(same, false, "delong", "auroc", NAN, &n, &err);
	TEST(n == 1 && isnan(d->lo) && strcmp(d->method, "none") == 0);
	TEST(strstr(d->note.data, "no interval: the variance is 0") != NULL);
	mc_compare_free(d, n);

	for (i = 0; i < x->s.n; i++) {
		of_x[i] = x->unit[i] % 2;
		of_y[i] = x->unit[i] / 2 % 2;
	}
	x->s.fold = of_x;
	y->s.fold = of_y;
	x->s.n_folds = y->s.n_folds = 2;
	d = difference(sides, false, "permutation", "auroc", NAN, &n, &err);
	TEST(d == NULL && n == 0);
	tap_str(err.text, "--test permutation exchanges arms within folds, and "
	    "\"a\" and \"b\" have different folds: use bootstrap", "folds");
	d = difference(sides, false, "permutation", "brier", NAN, &n, &err);
	tap_ok(n == 1 && strcmp(d->test, "permutation") == 0,
	    "a loss does not ask for folds");
	mc_compare_free(d, n);
	free(x);
	free(y);
}

/* --- L-BFGS -------------------------------------------------------------- */

/* The sum of exp(x[i]) - i x[i], i from 1: smallest at the logarithms of i. */
static double
logarithms(const double *x, double *g, void *arg)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < *(size_t *)arg; i++) {
		g[i] = exp(x[i]) - (double)(i + 1);
		sum += exp(x[i]) - (double)(i + 1) * x[i];
	}
	return sum;
}

static void
unchanged(const double *q, double *r, void *arg)
{
	memcpy(r, q, *(size_t *)arg * sizeof(*r));
}

static void
test_lbfgs(void)
{
	size_t n = 50, i;
	const struct mc_objective o = { .n = n, .value = logarithms,
	    .precondition = unchanged, .arg = &n };
	struct mc_minimum m;
	double x[50] = { 0 }, worst = 0;

	mc_lbfgs(&o, 1e-9, 1000, x, &m);
	for (i = 0; i < n; i++)
		worst = fmax(worst, fabs(x[i] - log((double)(i + 1))));
	tap_ok(m.converged && worst < 1e-9, "L-BFGS finds 50 logarithms");
	tap_ok(m.evaluations < 100, "in fewer than 100 evaluations");
	memset(x, 0, sizeof(x));
	mc_lbfgs(&o, 1e-9, 5, x, &m);
	tap_ok(!m.converged && m.decrement > 1e-9 && m.evaluations >= 5,
	    "five are not enough, which is said");
	n = 0;
	mc_lbfgs(&(struct mc_objective){ .value = logarithms,
	    .precondition = unchanged, .arg = &n }, 1e-9, 5, x, &m);
	tap_ok(m.converged, "nothing to minimise is at its minimum");
}

/* --- Means over tasks ----------------------------------------------------- */

#define UNITS 12

/*
 * A task of 12 units of two images; the second image of the units POSITIVE has
 * the finding.  SHIFT moves the scores of those.
 */
static struct sample *
make_task(const char *positive, double shift)
{
	struct sample *x = sample_alloc(two, 2);
	uint32_t u;

	for (u = 0; u < UNITS; u++) {
		bool yes = positive[u] == '1';

		sample_score(x, u, 0, (u * 5 % UNITS) / 16.);
		sample_score(x, u, yes, (u * 7 % UNITS) / 16. +
		    (yes ? shift : 0));
	}
	return x;
}

/* The mean of LIST over N tasks of N_SEEDS samples each, SAMPLES in turn. */
static struct mc_estimate *
means_of(const struct mc_sample *const *samples, size_t n_tasks,
    size_t n_seeds, const char *list, size_t *n,
    const struct mc_estimate_options *plan)
{
	static const char *const name[] = { "A", "B", "C", "D", "E", "F" };
	struct mc_metric_spec *asked, *specs;
	struct mc_estimate *e;
	size_t n_asked;

	if (mc_metric_specs_parse(list, true, &asked, &n_asked, NULL) !=
	    MC_OK || mc_metric_specs_expand(asked, n_asked, 2, false, 1,
	    &specs, n, NULL) != MC_OK)
		abort();
	e = mc_task_means(name, samples, n_tasks, n_seeds, specs, *n, plan);
	free(asked);
	free(specs);
	return e;
}

/* The mean over tasks that are the same is what one of them has. */
static void
test_same_tasks(const char *method)
{
	static const char list[] = "accuracy,recall:positive,auroc";
	struct sample *x = make_task("100000000100", 0.5);
	struct sample *y = make_task("100000000100", 0.125);
	const struct mc_sample *const seeds[] = { &x->s, &y->s, &x->s, &y->s,
	    &x->s, &y->s };
	const struct mc_interval_method *m = mc_interval_method_find(method);
	struct mc_estimate_options plan = quick, by_unit;
	struct mc_estimate *one, *mean;
	size_t n, i;

	plan.methods = &m;
	by_unit = plan;
	by_unit.how.by_unit = true;
	one = estimates_of(seeds, 2, list, &n, &by_unit);
	mean = means_of(seeds, 3, 2, list, &n, &plan);
	for (i = 0; i < n; i++) {
		tap_near(mean[i].estimate, one[i].estimate, 1e-12,
		    "%s, metric %zu: the estimate", method, i);
		tap_near(mean[i].lo, one[i].lo, 1e-12, "the lower limit");
		tap_near(mean[i].hi, one[i].hi, 1e-12, "the upper limit");
		tap_near(mean[i].seed_sd, one[i].seed_sd, 1e-12,
		    "the spread over seeds");
		tap_str(mean[i].method, one[i].method, "the method");
		tap_ok(strncmp(note_of(&mean[i]), "mean of 3 findings; mean "
		    "over 2 training seeds", 42) == 0 && strstr(note_of(
		    &mean[i]), "a finding has no value") == NULL, "%s",
		    note_of(&mean[i]));
	}
	mc_estimates_free(one, n);
	mc_estimates_free(mean, n);
	free(x);
	free(y);
}

/* Tasks without a positive image are left out, and do not divide. */
static void
test_tasks_left_out(void)
{
	struct sample *x = make_task("110100101100", 0.5);
	struct sample *y = make_task("110100101100", 0.125);
	struct sample *none = make_task("000000000000", 0);
	const struct mc_sample *const samples[] = { &x->s, &y->s, &none->s,
	    &none->s, &x->s, &y->s, &none->s, &none->s, &none->s, &none->s,
	    &none->s, &none->s };
	static const char list[] = "precision:positive,auroc,accuracy";
	struct mc_estimate *one, *mean;
	size_t n, i;

	none->p[1] = 0.75;
	none->predicted[0] = 1;
	one = estimates_of(samples, 2, list, &n, &quick);
	mean = means_of(samples, 6, 2, list, &n, &quick);
	for (i = 0; i < 2; i++) {
		tap_near(mean[i].estimate, one[i].estimate, 1e-12,
		    "a mean over those that have both classes");
		tap_near(mean[i].seed_sd, one[i].seed_sd, 1e-12,
		    "and their spread over seeds");
		tap_ok(strncmp(note_of(&mean[i]), "mean of 2 findings; left "
		    "out, since undefined there: \"B\", \"D\", \"E\" and 1 "
		    "other; ", 76) == 0, "%s", note_of(&mean[i]));
	}
	tap_ok(strncmp(note_of(&mean[2]), "mean of 6 findings; mean", 24) == 0,
	    "accuracy needs no positive image");
	mc_estimates_free(mean, n);
	mean = means_of(samples, 2, 2, list, &n, &quick);
	tap_ok(strncmp(note_of(&mean[1]), "mean of 1 finding; left out, since "
	    "undefined there: \"B\"; mean", 59) == 0, "%s",
	    note_of(&mean[1]));
	mc_estimates_free(one, n);
	mc_estimates_free(mean, n);
	free(x);
	free(y);
	free(none);
}

/* One task alone, of units of few kinds, is drawn as it is beside another. */
static void
test_drawn_by_unit(void)
{
	struct sample *x = sample_alloc(two, 2);
	const struct mc_sample *const both[] = { &x->s, &x->s },
	    *const alone[] = { &x->s, NULL };
	struct mc_task_values *v, *w;
	struct mc_metric_spec *m;
	double *a, *b;
	size_t n;

	if (mc_metric_specs_parse("accuracy", false, &m, &n, NULL) != MC_OK)
		abort();
	sample_add(x, 0, 0, 90);
	sample_add(x, 0, 1, 40);
	sample_add(x, 1, 1, 70);
	v = mc_task_values_alloc(both, 2, 1, m, n);
	w = mc_task_values_alloc(alone, 2, 1, m, n);
	a = mc_task_values_bootstrap(v, &quick.how);
	b = mc_task_values_bootstrap(w, &quick.how);
	tap_ok(memcmp(a, b, (size_t)quick.how.replicates * sizeof(*a)) == 0,
	    "a task alone has the same replicates");
	free(a);
	free(b);
	mc_task_values_free(v);
	mc_task_values_free(w);
	free(m);
	free(x);
}

/* A replicate without the units of one task has the mean over the other. */
static void
test_partial_tasks(void)
{
	struct sample *x = make_task("100000000100", 0.5);
	struct sample *y = make_task("000100001000", 0.125);
	const struct mc_sample *const samples[] = { &x->s, &y->s };
	const size_t b = (size_t)quick.how.replicates;
	double *values = mc_xcalloc(2 * b, sizeof(*values)), v, w;
	struct mc_resampling how = quick.how;
	struct mc_interval made = { .lo = NAN };
	struct mc_interval_source source = { .level = quick.level,
	    .variance = NAN, .values = values, .n_units = UNITS };
	struct mc_estimate *mean;
	size_t n, i, partial = 0;
	char text[96];

	mean = means_of(samples, 2, 1, "auroc", &n, &quick);
	source.spec = &mean->spec;
	source.estimate = mean->estimate;
	how.by_unit = true;
	mc_bootstrap(samples, 2, &mean->spec, 1, &how, values, NULL);
	for (i = 0; i < b; i++) {
		v = values[i];
		w = values[b + i];
		partial += isnan(v) != isnan(w);
		if (!isnan(v) || !isnan(w))
			values[source.n++] = isnan(v) ? w : isnan(w) ? v :
			    (v + w) / 2;
	}
	snprintf(text, sizeof(text), "undefined in %zu of %zu replicates; a "
	    "finding has no value in %zu of %zu", b - source.n, b, partial, b);
	tap_ok(strstr(note_of(mean), text) != NULL, "%s", note_of(mean));
	if (mc_interval_make(percentile[0], &source, &made) != NULL)
		abort();
	tap_near(mean->lo, made.lo, 1e-12, "the lower limit");
	tap_near(mean->hi, made.hi, 1e-12, "the upper limit");
	mc_estimates_free(mean, n);
	free(values);
	free(x);
	free(y);
}

/* Two units that agree in each replicate may do so by chance. */
static void
test_hidden_tasks(void)
{
	struct sample *x = make_task("100000000100", 0.5);
	struct sample *y = make_task("000100001000", 0.25);
	const struct mc_sample *const samples[] = { &x->s, &y->s };
	struct mc_estimate *mean;
	size_t n;

	mean = means_of(samples, 2, 1, "auroc", &n, &quick);
	tap_ok(isnan(mean->lo) && isnan(mean->hi), "no interval");
	tap_ok(strstr(note_of(mean), "no interval: few units, and nearly all "
	    "replicates equal, in \"B\"") != NULL, "%s", note_of(mean));
	mc_estimates_free(mean, n);
	free(x);
	free(y);
}

/* The precision of the last of two classes; freed with free(). */
static struct mc_metric_spec *
precision_of_last(void)
{
	struct mc_metric_spec *asked, *m;
	size_t n;

	if (mc_metric_specs_parse("precision:positive", true, &asked, &n,
	    NULL) != MC_OK || mc_metric_specs_expand(asked, n, 2, false, 1,
	    &m, &n, NULL) != MC_OK)
		abort();
	free(asked);
	return m;
}

/* Which tasks are hidden: few images are predicted to be of the class. */
static void
test_which_are_hidden(void)
{
	static const bool used[] = { true, true, true, false, true };
	struct sample *few = sample_alloc(two, 2), *many = sample_alloc(two, 2);
	/* Two seeds of five tasks. */
	const struct mc_sample *const samples[] = { &many->s, &few->s,
	    &many->s, &many->s, &few->s, &few->s, &few->s, &few->s, &few->s,
	    &few->s }, *plain[10];
	bool zero[10] = { [4] = true, [5] = true }, is[5] = { [3] = true };
	double values[10 * 3];
	const double *const v[] = { values, values };
	struct mc_metric_spec *m = precision_of_last();
	const struct mc_task_values a = { .n_tasks = 5, .n_seeds = 2, .n = 1,
	    .specs = m, .samples = plain, .zero = zero }, b = { .n_tasks = 5,
	    .n_seeds = 2, .n = 1, .specs = m, .samples = samples,
	    .zero = zero }, *const arms[] = { &a, &b };
	int i;

	sample_add(many, 1, 1, 100);
	sample_add(many, 0, 0, 100);
	sample_add(few, 1, 1, 2);
	sample_add(few, 1, 0, 98);
	sample_add(few, 0, 0, 100);
	for (i = 0; i < 30; i++)
		values[i] = 1;
	for (i = 0; i < 10; i++)
		plain[i] = &many->s;
	/* Of the last task they have width, and one is undefined. */
	values[24] = values[27] = 0;
	values[26] = values[29] = NAN;
	tap_int((long long)mc_task_values_hidden(&arms[1], v, 1, used, 0, 3,
	    0.5, is), 1, "one task is hidden");
	tap_ok(is[0] && !is[1] && !is[2] && !is[3] && !is[4], "that of which "
	    "a seed has few images, but no 0/0, and numbers without width");
	tap_int((long long)mc_task_values_hidden(arms, v, 1, used, 0, 3,
	    0.5, is), 0, "none is where many images decide");
	tap_int((long long)mc_task_values_hidden(arms, v, 2, used, 0, 3,
	    0.5, is), 2, "few in the second of two arms hide it also, and "
	    "where differences are 0");
	tap_ok(is[0] && is[4], "these");
	free(m);
	free(few);
	free(many);
}

/* A task without a value in one of two arms counts in none. */
static void
test_two_arms(void)
{
	static const double a[] = { 1, NAN, 3, 4, 5, 6 };
	static const double b[] = { 10, 20, NAN, 40, 50, 60 };
	static const double *const values[] = { a, b };
	static const bool used[] = { true, true, true };
	bool zero[] = { false, false, false };
	const struct mc_task_values v = { .n_tasks = 3, .n_seeds = 1, .n = 1,
	    .zero = zero }, *const arms[] = { &v, &v };
	double first[2], second[2], *const mean[] = { first, second };

	tap_int((long long)mc_task_values_average(arms, values, 2, used, 0, 2,
	    mean), 2, "both numbers are of fewer tasks");
	TEST(first[0] == 3 && second[0] == 30);
	TEST(first[1] == 5 && second[1] == 50);
	zero[0] = true;
	mc_task_values_average(arms, values, 2, used, 0, 2, mean);
	tap_near(first[1], 10 / 3., 1e-12, "what is 0/0 counts as 0");
	tap_near(second[1], 40, 1e-12, "in its arm");
}

/* A task without images has no values, and moves none. */
static void
test_no_images(void)
{
	struct sample *x = make_task("100101000100", 0.5);
	struct sample *y = make_task("000100001010", 0.25);
	const struct mc_sample *const samples[] = { NULL, &x->s, NULL, &y->s },
	    *const some[] = { &x->s, &y->s };
	struct mc_task_values *v, *w;
	struct mc_metric_spec *m;
	double *a, *b;
	size_t n, row;

	if (mc_metric_specs_parse("accuracy,brier", false, &m, &n, NULL) !=
	    MC_OK)
		abort();
	v = mc_task_values_alloc(samples, 4, 1, m, n);
	w = mc_task_values_alloc(some, 2, 1, m, n);
	TEST(isnan(v->value[0]) && v->value[3] == w->value[1]);
	TEST(!v->used[0] && v->used[3] && v->used[5] && !v->used[6]);
	a = mc_task_values_bootstrap(v, &quick.how);
	b = mc_task_values_bootstrap(w, &quick.how);
	row = n * (size_t)quick.how.replicates;
	tap_ok(memcmp(a + row, b, row * sizeof(*a)) == 0 &&
	    memcmp(a + 3 * row, b + row, row * sizeof(*a)) == 0,
	    "replicates are those of the other tasks");
	tap_ok(isnan(a[0]) && isnan(a[3 * row - 1]), "and none of these");
	free(a);
	free(b);
	a = mc_task_values_jackknife(v, 1);
	b = mc_task_values_jackknife(w, 1);
	tap_ok(memcmp(a + n * UNITS, b, n * UNITS * sizeof(*a)) == 0 &&
	    isnan(a[0]), "nor without a unit");
	free(a);
	free(b);
	mc_task_values_free(v);
	y->s.p = NULL;
	v = mc_task_values_alloc(some, 2, 1, m, n);
	tap_ok(v->used[1] && v->used[2] && !v->used[3],
	    "without probabilities some metrics have none either");
	mc_task_values_free(v);
	mc_task_values_free(w);
	free(m);
	free(x);
	free(y);
}

/* Names in remarks are no words of them, and end none. */
static void
test_remark_names(void)
{
	static const char *const names[] = { "a", "a; b", "x\"; y\"", "\"", "" };
	static const struct {
		const char *note;
		size_t first;
	} notes[] = {
		{ "", 0 }, { "a; b", 1 }, { "of \"a; b\"; c", 9 },
		{ "of \"a\"\"; b\"; c", 11 }, { "5\"; c", 2 },
		{ "of \"a\", \"b; c\"", 14 },
	};
	struct mc_buf note = { 0 };
	char *quoted, *name;
	const char *end;
	size_t i, n;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		quoted = mc_remark_name(names[i]);
		mc_remark(&note, "no images of class %s", quoted);
		n = note.len;
		mc_remark(&note, "few units");
		tap_ok(mc_remark_length(note.data) == n,
		    "a remark with the name %s has its own end", quoted);
		end = mc_remark_quoted(note.data + n - strlen(quoted), &name);
		tap_ok(name != NULL && end == note.data + n,
		    "%s is found in it", quoted);
		tap_str(name, names[i], "as it was given");
		mc_buf_free(&note);
		free(quoted);
		free(name);
	}
	for (i = 0; i < sizeof(notes) / sizeof(notes[0]); i++)
		tap_ok(mc_remark_length(notes[i].note) == notes[i].first,
		    "the first remark of %s", notes[i].note);
	tap_ok(!mc_remark_has("no images of class \"interval\"", "interval") &&
	    mc_remark_has("no images of class \"a\"; no interval", "interval"),
	    "words are looked for outside of names");
}

int
main(void)
{
	gsl_set_error_handler_off();
	test_remark_names();
	percentile[0] = mc_interval_method_find("percentile");
	test_values();
	test_parse();
	test_other_names();
	test_expand();
	test_degenerate();
	test_notes();
	test_undefined_replicates();
	test_original();
	test_method_table();
	test_methods();
	test_range();
	test_biased();
	test_perfect();
	test_bootstrap_t();
	test_deciding(12, 7);
	test_deciding(7, 12);
	test_constant_p();
	test_sides();
	test_gap_units();
	test_gap_shared();
	test_turned();
	test_few_of_either();
	test_refused();
	test_mean();
	test_mean_units();
	test_coverage();
	test_lbfgs();
	test_same_tasks("percentile");
	test_same_tasks("bca");
	test_tasks_left_out();
	test_drawn_by_unit();
	test_partial_tasks();
	test_hidden_tasks();
	test_which_are_hidden();
	test_two_arms();
	test_no_images();
	return tap_done();
}
