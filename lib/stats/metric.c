/* metric.c - the table of metrics, and their values. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "stats/metric.h"

/* --- Tally ---------------------------------------------------------------- */

struct mc_tally *
mc_tally_alloc(size_t k)
{
	struct mc_tally *t = mc_xcalloc(1, sizeof(*t));
	size_t i;

	t->n_classes = k;
	t->confusion = mc_xcalloc(k * k, sizeof(*t->confusion));
	t->support = mc_xcalloc(k, sizeof(*t->support));
	t->chosen = mc_xcalloc(k, sizeof(*t->chosen));
	t->auroc = mc_xcalloc(k, sizeof(*t->auroc));
	t->positives = mc_xcalloc(k, sizeof(*t->positives));
	for (i = 0; i < k; i++)
		t->auroc[i] = NAN;
	return t;
}

void
mc_tally_free(struct mc_tally *t)
{
	if (t == NULL)
		return;
	free(t->confusion);
	free(t->support);
	free(t->chosen);
	free(t->auroc);
	free(t->positives);
	free(t);
}

void
mc_tally_margins(struct mc_tally *t)
{
	size_t k = t->n_classes, i, j;

	t->total = 0;
	memset(t->chosen, 0, k * sizeof(*t->chosen));
	for (i = 0; i < k; i++) {
		t->support[i] = 0;
		for (j = 0; j < k; j++) {
			t->support[i] += t->confusion[i * k + j];
			t->chosen[j] += t->confusion[i * k + j];
		}
		t->total += t->support[i];
	}
}

void
mc_tally_sample(struct mc_tally *t, const struct mc_sample *s)
{
	size_t k = s->n_classes, i;

	memset(t->confusion, 0, k * k * sizeof(*t->confusion));
	for (i = 0; i < s->n; i++)
		t->confusion[(size_t)s->label[i] * k +
		    (size_t)s->predicted[i]]++;
	mc_tally_margins(t);
}

void
mc_tally_auroc(struct mc_tally *t, const struct mc_sample *s)
{
	size_t i;

	for (i = 0; i < s->n_classes; i++) {
		struct mc_ranking *r = mc_ranking_alloc(s, i);

		t->auroc[i] = mc_ranking_auroc(r, NULL, &t->positives[i]);
		mc_ranking_free(r);
	}
}

/* --- Values --------------------------------------------------------------- */

static double
ratio(double a, double b)
{
	return b > 0 ? a / b : 0;
}

static double
hits(const struct mc_tally *t, size_t k)
{
	return t->confusion[k * t->n_classes + k];
}

static double
support(const struct mc_tally *t, size_t k)
{
	return t->support[k];
}

static double
chosen(const struct mc_tally *t, size_t k)
{
	return t->chosen[k];
}

static double
either(const struct mc_tally *t, size_t k)
{
	return t->support[k] + t->chosen[k];
}

static double
class_precision(const struct mc_tally *t, size_t k)
{
	return ratio(hits(t, k), t->chosen[k]);
}

static double
class_recall(const struct mc_tally *t, size_t k)
{
	return ratio(hits(t, k), t->support[k]);
}

static double
class_f1(const struct mc_tally *t, size_t k)
{
	return ratio(2 * hits(t, k), either(t, k));
}

static double
class_auroc(const struct mc_tally *t, size_t k)
{
	return t->auroc[k];
}

/* One class, or the mean over classes by WEIGHT; NAN where a class has it. */
static double
averaged(const struct mc_tally *t, enum mc_average average, size_t class_index,
    const double *weight, double (*of_class)(const struct mc_tally *, size_t))
{
	double sum = 0, total = 0;
	size_t k;

	if (average == MC_EACH_CLASS)
		return of_class(t, class_index);
	for (k = 0; k < t->n_classes; k++) {
		double w = average == MC_MACRO ? 1 : weight[k];

		sum += w * of_class(t, k);
		total += w;
	}
	return sum / total;
}

static double
precision(const struct mc_tally *t, enum mc_average average, size_t k)
{
	return averaged(t, average, k, t->support, class_precision);
}

static double
recall(const struct mc_tally *t, enum mc_average average, size_t k)
{
	return averaged(t, average, k, t->support, class_recall);
}

static double
f1(const struct mc_tally *t, enum mc_average average, size_t k)
{
	return averaged(t, average, k, t->support, class_f1);
}

static double
auroc(const struct mc_tally *t, enum mc_average average, size_t k)
{
	return averaged(t, average, k, t->positives, class_auroc);
}

static double
accuracy(const struct mc_tally *t, enum mc_average average, size_t class_index)
{
	double sum = 0;
	size_t k;

	(void)average;
	(void)class_index;
	for (k = 0; k < t->n_classes; k++)
		sum += hits(t, k);
	return sum / t->total;
}

static double
balanced_accuracy(const struct mc_tally *t, enum mc_average average,
    size_t class_index)
{
	double sum = 0;
	size_t k, n = 0;

	(void)average;
	(void)class_index;
	for (k = 0; k < t->n_classes; k++) {
		if (t->support[k] > 0) {
			sum += class_recall(t, k);
			n++;
		}
	}
	return sum / (double)n;
}

#define BY_CLASS (MC_WEIGHTED | MC_MACRO | MC_EACH_CLASS)

const struct mc_metric mc_metric_table[] = {
	{ "accuracy", MC_NO_AVERAGE, MC_NO_AVERAGE, false, accuracy, NULL,
	    MC_OF_ALL, "share of the images that are predicted right",
	    "sklearn.metrics.accuracy_score" },
	{ "balanced_accuracy", MC_NO_AVERAGE, MC_NO_AVERAGE, false,
	    balanced_accuracy, NULL, MC_NO_PROPORTION,
	    "mean recall of the classes that have images",
	    "sklearn.metrics.balanced_accuracy_score" },
	{ "precision", BY_CLASS, MC_WEIGHTED, false, precision, chosen,
	    MC_OF_PREDICTED,
	    "of the images predicted as a class, the share that are of it",
	    "sklearn.metrics.precision_score" },
	{ "recall", BY_CLASS, MC_WEIGHTED, false, recall, support,
	    MC_OF_LABEL, "of the images of a class, the share predicted as it",
	    "sklearn.metrics.recall_score" },
	{ "f1", BY_CLASS, MC_WEIGHTED, false, f1, either, MC_NO_PROPORTION,
	    "harmonic mean of precision and recall",
	    "sklearn.metrics.f1_score" },
	{ "auroc", BY_CLASS, MC_MACRO, true, auroc, NULL, MC_NO_PROPORTION,
	    "area under the ROC curve, a class against the rest",
	    "sklearn.metrics.roc_auc_score" },
	{ NULL, 0, MC_NO_AVERAGE, false, NULL, NULL, MC_NO_PROPORTION, NULL,
	    NULL }
};

double
mc_measure_value(const struct mc_measure *m, const struct mc_tally *t)
{
	return m->metric->value(t, m->average, (size_t)m->class_index);
}

/* --- What is asked for ---------------------------------------------------- */

const char *
mc_average_name(enum mc_average average)
{
	switch (average) {
	case MC_WEIGHTED:
		return "weighted";
	case MC_MACRO:
		return "macro";
	case MC_NO_AVERAGE:
	case MC_EACH_CLASS:
		break;
	}
	return "";
}

/* Every average of every metric. */
static void
all_measures(struct mc_measure **measures, size_t *n)
{
	static const enum mc_average averages[] = {
		MC_NO_AVERAGE, MC_WEIGHTED, MC_MACRO, MC_EACH_CLASS
	};
	const struct mc_metric *m;
	size_t cap = 0, a;

	for (m = mc_metric_table; m->name != NULL; m++) {
		for (a = 0; a < 4; a++) {
			if ((m->averages & averages[a]) == 0)
				continue;
			*measures = mc_xgrow(*measures, *n, &cap,
			    sizeof(**measures));
			(*measures)[(*n)++] = (struct mc_measure){ m,
			    averages[a], MC_ALL_CLASSES };
		}
	}
}

/* Parse "NAME" or "NAME:HOW", cutting the text at the colon. */
static enum mc_status
parse_measure(char *text, bool has_positive, struct mc_measure *measure,
    struct mc_err *err)
{
	const struct mc_metric *m = mc_metric_table;
	char *how = strchr(text, ':');
	enum mc_average average;

	if (how != NULL)
		*how++ = '\0';
	while (m->name != NULL && strcmp(m->name, text) != 0)
		m++;
	if (m->name == NULL)
		return mc_err_set(err, MC_EUSAGE, "--metrics: no metric "
		    "\"%s\": --list-metrics shows them", text);
	if (how == NULL && has_positive && m->needs_p &&
	    (m->averages & MC_EACH_CLASS) != 0)
		how = (char *)"positive";
	average = m->standard;
	if (how != NULL)
		average = strcmp(how, "weighted") == 0 ? MC_WEIGHTED :
		    strcmp(how, "macro") == 0 ? MC_MACRO :
		    strcmp(how, "class") == 0 ? MC_EACH_CLASS :
		    strcmp(how, "positive") == 0 ? MC_EACH_CLASS : 0;
	if ((m->averages & average) == 0)
		return mc_err_set(err, MC_EUSAGE, "--metrics: \"%s\" has no "
		    "\"%s\": --list-metrics shows what it has", text, how);
	*measure = (struct mc_measure){ m, average, MC_ALL_CLASSES };
	if (how != NULL && strcmp(how, "positive") == 0) {
		if (!has_positive)
			return mc_err_set(err, MC_EUSAGE, "--metrics: "
			    "\"%s:positive\" needs --positive CLASS", text);
		measure->class_index = MC_POSITIVE;
	}
	return MC_OK;
}

enum mc_status
mc_measures_parse(const char *list, bool has_positive,
    struct mc_measure **measures, size_t *n, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	char **items;
	size_t i;

	*measures = NULL;
	*n = 0;
	if (strcmp(list, "all") == 0) {
		all_measures(measures, n);
		return MC_OK;
	}
	*n = mc_split_commas(list, &items);
	*measures = mc_xcalloc(*n, sizeof(**measures));
	for (i = 0; i < *n && status == MC_OK; i++)
		status = parse_measure(items[i], has_positive,
		    &(*measures)[i], err);
	free(items);
	if (status != MC_OK) {
		free(*measures);
		*measures = NULL;
		*n = 0;
	}
	return status;
}

static void
add_measure(struct mc_measure **list, size_t *n, size_t *cap,
    struct mc_measure m, int class_index)
{
	size_t i;

	m.class_index = class_index;
	for (i = 0; i < *n; i++) {
		if ((*list)[i].metric == m.metric &&
		    (*list)[i].average == m.average &&
		    (*list)[i].class_index == class_index)
			return;
	}
	*list = mc_xgrow(*list, *n, cap, sizeof(**list));
	(*list)[(*n)++] = m;
}

void
mc_measures_expand(const struct mc_measure *measures, size_t n,
    const struct mc_sample *s, int positive, struct mc_measure **expanded,
    size_t *n_expanded)
{
	size_t cap = 0, i, k;

	*expanded = NULL;
	*n_expanded = 0;
	for (i = 0; i < n; i++) {
		if (measures[i].average != MC_EACH_CLASS)
			add_measure(expanded, n_expanded, &cap, measures[i],
			    0);
		else if (measures[i].class_index == MC_POSITIVE)
			add_measure(expanded, n_expanded, &cap, measures[i],
			    positive);
		else for (k = 0; k < s->n_classes; k++)
			add_measure(expanded, n_expanded, &cap, measures[i],
			    (int)k);
	}
}

/* --- Ranking -------------------------------------------------------------- */

/*
 * An image is its unit and, in the lowest bit, whether it is of the class, so
 * that a replicate reads one short array from end to end.  Among images of the
 * same probability those of the class come first: counting the rest before
 * each then leaves out the pairs of a tie, which are counted apart, since most
 * tables have few.
 */
#define OF_CLASS	1u
#define UNIT_SHIFT	1

/* Images first to end - 1 have one probability and are of both kinds. */
struct tie {
	size_t first, end;
};

struct mc_ranking {
	size_t n;
	uint32_t *image;	/* n, by rising probability */
	size_t n_ties, ties_cap;
	struct tie *ties;
};

struct scored {
	double p;
	uint32_t image;		/* as in mc_ranking */
};

static int
compare_scored(const void *va, const void *vb)
{
	const struct scored *a = va, *b = vb;
	uint32_t a_class = a->image & OF_CLASS, b_class = b->image & OF_CLASS;

	if (a->p != b->p)
		return a->p < b->p ? -1 : 1;
	if (a_class != b_class)
		return a_class > b_class ? -1 : 1;
	return (a->image > b->image) - (a->image < b->image);
}

static void
find_ties(struct mc_ranking *r, const struct scored *order)
{
	size_t first, end;

	for (first = 0; first < r->n; first = end) {
		for (end = first + 1; end < r->n &&
		    order[end].p == order[first].p; end++)
			;
		/* Of both kinds: the class is first, the rest last. */
		if (((order[first].image ^ order[end - 1].image) & OF_CLASS) ==
		    0)
			continue;
		r->ties = mc_xgrow(r->ties, r->n_ties, &r->ties_cap,
		    sizeof(*r->ties));
		r->ties[r->n_ties++] = (struct tie){ first, end };
	}
}

struct mc_ranking *
mc_ranking_alloc(const struct mc_sample *s, size_t class_index)
{
	struct mc_ranking *r = mc_xcalloc(1, sizeof(*r));
	struct scored *order = mc_xcalloc(s->n, sizeof(*order));
	size_t i;

	for (i = 0; i < s->n; i++) {
		order[i].p = s->p[i * s->n_classes + class_index];
		order[i].image = s->unit[i] << UNIT_SHIFT;
		if ((size_t)s->label[i] == class_index)
			order[i].image |= OF_CLASS;
	}
	qsort(order, s->n, sizeof(*order), compare_scored);
	r->n = s->n;
	r->image = mc_xcalloc(s->n, sizeof(*r->image));
	for (i = 0; i < s->n; i++)
		r->image[i] = order[i].image;
	find_ties(r, order);
	free(order);
	return r;
}

void
mc_ranking_free(struct mc_ranking *r)
{
	if (r == NULL)
		return;
	free(r->image);
	free(r->ties);
	free(r);
}

/* Sums of weights, over images and over pairs of them. */
struct pairs {
	uint64_t of_class, rest;
	uint64_t ordered;	/* one of the rest before one of the class */
};

static struct pairs
count_pairs(const struct mc_ranking *r, size_t first, size_t end,
    const uint32_t *times)
{
	struct pairs c = { 0, 0, 0 };
	size_t i;

	for (i = first; i < end; i++) {
		uint32_t image = r->image[i];
		uint64_t w = times != NULL ? times[image >> UNIT_SHIFT] : 1;
		/* No branch on the class, which would be mispredicted. */
		uint64_t w_class = w & -(uint64_t)(image & OF_CLASS);

		c.ordered += w_class * c.rest;
		c.of_class += w_class;
		c.rest += w - w_class;
	}
	return c;
}

double
mc_ranking_auroc(const struct mc_ranking *r, const uint32_t *times,
    double *positives)
{
	struct pairs all = count_pairs(r, 0, r->n, times);
	uint64_t twice = 2 * all.ordered;	/* a pair in a tie counts half */
	size_t i;

	for (i = 0; i < r->n_ties; i++) {
		struct pairs tie = count_pairs(r, r->ties[i].first,
		    r->ties[i].end, times);

		twice += tie.of_class * tie.rest;
	}
	*positives = (double)all.of_class;
	if (all.of_class == 0 || all.rest == 0)
		return NAN;
	return (double)twice /
	    (2.0 * (double)all.of_class * (double)all.rest);
}
