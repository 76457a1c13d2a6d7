/* criterion.c - choose the best epoch by its validation. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "learn/criterion.h"
#include "stats/metric_list.h"
#include "stats/reweighted.h"
#include "table/findings.h"

#define OPTION "--select"

/* Refuse a metric, TEXT, that cannot compare two epochs. */
static enum mc_status
check_metric(const struct mc_metric_spec *m, const char *text,
    struct mc_criterion_classes classes, struct mc_err *err)
{
	if (m->metric->better == 0)
		return mc_err_set(err, MC_EUSAGE, OPTION ": \"%s\": neither "
		    "its highest nor its lowest value is the best one", text);
	if (m->average == MC_EACH_CLASS && classes.findings &&
	    m->class_index == MC_ALL_CLASSES)
		return mc_err_set(err, MC_EUSAGE, OPTION ": \"%s\" has a value "
		    "per class: give %s:positive, that of yes", text,
		    m->metric->name);
	if (m->average == MC_EACH_CLASS && !classes.findings)
		return mc_err_set(err, MC_EUSAGE, OPTION ": \"%s\" has a value "
		    "per class: give a metric of all classes, such as "
		    "auroc:macro", text);
	if ((m->metric->needs & MC_NEED_POSITIVE) != 0 && m->bare &&
	    !classes.findings)
		return mc_err_set(err, MC_EUSAGE, OPTION ": \"%s\" depends on "
		    "which of two classes is positive: give %s:macro", text,
		    text);
	if ((m->metric->needs & MC_NEED_ORDER) != 0 &&
	    !classes.ordered)
		return mc_err_set(err, MC_EUSAGE, OPTION ": \"%s\" depends on "
		    "the order of the classes: give it with --classes", text);
	return MC_OK;
}

/* Parse TEXT where no class is declared positive: each is as good as any. */
static enum mc_status
parse_of_classes(const char *text, struct mc_metric_spec *m,
    struct mc_err *err)
{
	size_t n = strcspn(text, ":");
	char *metric = strcmp(text + n, ":positive") != 0 ? mc_xstrdup(text) :
	    mc_xasprintf("%.*s:class", (int)n, text);
	enum mc_status status = mc_metric_spec_parse(metric, OPTION, false, m,
	    err);

	free(metric);
	return status;
}

/*
 * Parse TEXT of findings.  Only a metric that depends on which class is positive
 * is of yes without saying so: others mean the same with --multilabel and
 * without it.
 */
static enum mc_status
parse_of_findings(const char *text, struct mc_metric_spec *m,
    struct mc_err *err)
{
	enum mc_status status = mc_metric_spec_parse(text, OPTION, true, m,
	    err);

	if (status == MC_OK && m->bare &&
	    (m->metric->needs & MC_NEED_POSITIVE) == 0)
		status = mc_metric_spec_parse(text, OPTION, false, m, err);
	return status;
}

enum mc_status
mc_criterion_parse(struct mc_criterion *c, const char *text,
    struct mc_criterion_classes classes, struct mc_err *err)
{
	enum mc_status status;

	c->kind = strcmp(text, "loss") == 0 ? MC_SELECT_LOSS :
	    strcmp(text, "last") == 0 ? MC_SELECT_LAST : MC_SELECT_METRIC;
	if (c->kind != MC_SELECT_METRIC)
		return MC_OK;
	status = classes.findings ? parse_of_findings(text, &c->metric, err) :
	    parse_of_classes(text, &c->metric, err);
	if (status == MC_OK)
		status = check_metric(&c->metric, text, classes, err);
	c->metric.class_index = c->metric.average == MC_EACH_CLASS ? MC_YES :
	    0;
	return status;
}

void
mc_criterion_name(const struct mc_criterion *c, struct mc_buf *name)
{
	const struct mc_metric_spec *m = &c->metric;

	switch (c->kind) {
	case MC_SELECT_METRIC:
		mc_metric_spec_name(m, name);
		if (m->average == MC_EACH_CLASS)
			mc_buf_puts(name, ":positive");
		else if (m->average != MC_NO_AVERAGE)
			mc_buf_printf(name, ":%s", mc_average_name(m->average));
		break;
	case MC_SELECT_LOSS:
		mc_buf_puts(name, "loss");
		break;
	case MC_SELECT_LAST:
		mc_buf_puts(name, "last");
		break;
	}
}

bool
mc_metric_lacks_class(const struct mc_metric_spec *m, const int *label,
    size_t n)
{
	size_t i;

	if (m->average != MC_EACH_CLASS ||
	    mc_metric_spec_denominator(m) == MC_OF_OTHERS)
		return false;
	for (i = 0; i < n && label[i] != m->class_index; i++)
		;
	return i == n;
}

bool
mc_criterion_has_column(const struct mc_criterion *c)
{
	static const char *const logged[] = { "accuracy", "precision",
	    "recall", "f1" };
	const struct mc_metric_spec *m = &c->metric;
	size_t i;

	if (c->kind != MC_SELECT_METRIC)
		return false;
	for (i = 0; i < sizeof(logged) / sizeof(*logged); i++) {
		if (strcmp(m->metric->name, logged[i]) == 0 &&
		    m->average == m->metric->standard)
			return false;
	}
	return true;
}

/* The value of M where each of N images of the classes LABEL is right. */
static double
best_value(const struct mc_metric_spec *m, const int *label, size_t n,
    size_t n_classes)
{
	double *p = mc_xcalloc(n * n_classes, sizeof(*p)), value;
	uint32_t *unit = mc_xcalloc(n, sizeof(*unit));
	const struct mc_sample sample = { .n = n, .n_classes = n_classes,
	    .ordered = true, .label = label, .predicted = label, .p = p,
	    .unit = unit, .n_units = n };
	size_t i;

	for (i = 0; i < n; i++) {
		p[i * n_classes + (size_t)label[i]] = 1;
		unit[i] = (uint32_t)i;
	}
	mc_metric_values(&sample, m, 1, &value);
	free(unit);
	free(p);
	return value;
}

/* The first class that none of the N images of the classes LABEL is of. */
static size_t
absent_class(const int *label, size_t n, size_t n_classes)
{
	size_t c, i;

	for (c = 0; c < n_classes; c++) {
		for (i = 0; i < n && (size_t)label[i] != c; i++)
			;
		if (i == n)
			break;
	}
	return c;
}

enum mc_status
mc_criterion_check(const struct mc_criterion *c, const int *label, size_t n,
    const char *const *classes, size_t n_classes, struct mc_err *err)
{
	struct mc_buf name = { 0 };
	enum mc_status status;
	size_t absent;

	if (c->kind != MC_SELECT_METRIC ||
	    (!isnan(best_value(&c->metric, label, n, n_classes)) &&
	    !mc_metric_lacks_class(&c->metric, label, n)))
		return MC_OK;
	absent = absent_class(label, n, n_classes);
	mc_criterion_name(c, &name);
	status = mc_err_set(err, MC_EDATA, "--select %s has no value: no "
	    "validation image of the class \"%s\": make some with mc-split, "
	    "or give --select balanced_accuracy", name.data,
	    absent < n_classes ? classes[absent] : "");
	mc_buf_free(&name);
	return status;
}

bool
mc_is_better(const struct mc_criterion *c, const struct mc_best *old,
    const struct mc_best *fresh)
{
	double more = fresh->value - old->value;

	if (old->epoch == 0 || c->kind == MC_SELECT_LAST)
		return true;
	if (c->kind == MC_SELECT_METRIC) {
		if (isnan(fresh->value) != isnan(old->value))
			return isnan(old->value);
		if (more != 0 && !isnan(more))
			return more * c->metric.metric->better > 0;
	}
	return fresh->loss < old->loss;
}
