/* loss.c - define the loss that is minimised and logged. */
#include "config.h"

#include <sys/stat.h>

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/num.h"
#include "base/softmax.h"
#include "learn/loss.h"
#include "table/tsv.h"

#define OPTION "--class-weights"
#define EFFECTIVE "effective"
#define BETA 0.9999

/* Whether SPEC is "effective" or "effective:B", and B. */
static bool
is_effective(const char *spec, double *beta)
{
	const size_t n = sizeof(EFFECTIVE) - 1;
	struct mc_err why;

	*beta = BETA;
	if (strncmp(spec, EFFECTIVE, n) != 0)
		return false;
	return spec[n] == '\0' || (spec[n] == ':' && mc_parse_f64(spec + n + 1,
	    0, 1, beta, &why) == MC_OK && *beta < 1);
}

enum mc_status
mc_loss_check(const char *class_weights, struct mc_err *err)
{
	struct stat st;
	double beta;
	int why = 0;

	if (class_weights == NULL || strcmp(class_weights, "inverse") == 0 ||
	    is_effective(class_weights, &beta))
		return MC_OK;
	if (strncmp(class_weights, EFFECTIVE ":", sizeof(EFFECTIVE)) == 0)
		return mc_err_set(err, MC_EUSAGE, OPTION ": \"%s\": a number "
		    "from 0 to below 1 must follow the colon", class_weights);
	if (strcmp(class_weights, "-") == 0)
		return MC_OK;
	if (stat(class_weights, &st) != 0 || access(class_weights, R_OK) != 0)
		why = errno;
	else if (S_ISDIR(st.st_mode))
		why = EISDIR;
	if (why != 0)
		return mc_err_set(err, MC_EIO, OPTION " %s: %s: give inverse, "
		    "effective, effective:BETA or a TSV", class_weights,
		    strerror(why));
	return MC_OK;
}

/* Scale the weights so that their sum is their number. */
static void
scale(struct mc_loss *l)
{
	double sum = 0;
	size_t c;

	for (c = 0; c < l->classes; c++)
		sum += l->weight[c];
	for (c = 0; c < l->classes; c++)
		l->weight[c] *= (double)l->classes / sum;
}

/* The weight of the class or of the label that N training images have. */
static double
effective(size_t n, double beta)
{
	/* 1 - B^n, exact also where B is next to 1. */
	return beta > 0 ? (1 - beta) / -expm1((double)n * log(beta)) : 1;
}

static void
weigh_effective(struct mc_loss *l, const struct mc_loss_classes *classes,
    double beta)
{
	size_t c;

	for (c = 0; c < l->classes; c++) {
		l->weight[c] = effective(classes->with[c], beta);
		if (l->multilabel)
			l->weight[c] /= effective(classes->without[c], beta);
	}
	if (!l->multilabel)
		scale(l);
}

static void
weigh_inverse(struct mc_loss *l, const struct mc_loss_classes *classes)
{
	size_t c;

	for (c = 0; c < l->classes; c++) {
		double with = (double)classes->with[c];
		double without = (double)classes->without[c];

		l->weight[c] = l->multilabel ? without / with :
		    (with + without) / ((double)l->classes * with);
	}
}

/* --- Weights from a file --------------------------------------------------- */

/* The weight of the row on which T stands, of columns CLASS and WEIGHT. */
static enum mc_status
take_row(struct mc_loss *l, const struct mc_tsv *t, int class, int weight,
    const char *const *classes, struct mc_err *err)
{
	const char *name = mc_tsv_get(t, (size_t)class);
	const char *text = mc_tsv_get(t, (size_t)weight);
	struct mc_err why;
	size_t c;

	for (c = 0; c < l->classes && strcmp(classes[c], name) != 0; c++)
		;
	if (c == l->classes)
		return mc_err_at(err, MC_EDATA, mc_tsv_name(t), mc_tsv_line(t),
		    "\"%s\" is not one of the classes", name);
	if (l->weight[c] > 0)
		return mc_err_at(err, MC_EDATA, mc_tsv_name(t), mc_tsv_line(t),
		    "the class \"%s\" is given twice", name);
	if (mc_parse_f64(text, 0, 1e30, &l->weight[c], &why) != MC_OK ||
	    l->weight[c] <= 0)
		return mc_err_at(err, MC_EDATA, mc_tsv_name(t), mc_tsv_line(t),
		    "column \"weight\": \"%s\" is not a number above 0", text);
	return MC_OK;
}

static enum mc_status
read_weights(struct mc_loss *l, const char *path, const char *const *classes,
    struct mc_err *err)
{
	struct mc_tsv *t;
	enum mc_status status = mc_tsv_open(&t, path, err);
	int class, weight;
	size_t c;

	if (status != MC_OK)
		return status;
	class = mc_tsv_find(t, "class");
	weight = mc_tsv_find(t, "weight");
	if (class < 0 || weight < 0)
		status = mc_err_at(err, MC_EDATA, path, 0, "no column \"%s\"",
		    class < 0 ? "class" : "weight");
	while (status == MC_OK && (status = mc_tsv_next(t, err)) == MC_OK)
		status = take_row(l, t, class, weight, classes, err);
	mc_tsv_close(t);
	if (status != MC_END)
		return status;
	for (c = 0; c < l->classes; c++) {
		if (!(l->weight[c] > 0))
			return mc_err_at(err, MC_EDATA, path, 0,
			    "no weight of the class \"%s\"", classes[c]);
	}
	return MC_OK;
}

/* --- The loss -------------------------------------------------------------- */

enum mc_status
mc_loss_make(struct mc_loss *l, const struct mc_loss_options *o,
    const struct mc_loss_classes *classes, struct mc_err *err)
{
	double beta;
	size_t c;

	*l = (struct mc_loss){ .classes = classes->n,
	    .multilabel = classes->multilabel,
	    .labels = classes->multilabel ? classes->n : 1,
	    .weight = mc_xcalloc(classes->n, sizeof(*l->weight)),
	    .smoothing = o->smoothing, .focal = o->focal };
	if (o->class_weights == NULL)
		for (c = 0; c < classes->n; c++)
			l->weight[c] = 1;
	else if (strcmp(o->class_weights, "inverse") == 0)
		weigh_inverse(l, classes);
	else if (is_effective(o->class_weights, &beta))
		weigh_effective(l, classes, beta);
	else
		return read_weights(l, o->class_weights, classes->names, err);
	return MC_OK;
}

void
mc_loss_clear(struct mc_loss *l)
{
	free(l->weight);
	l->weight = NULL;
}

/* Whether label I of TARGETS counts: in both images, if it is of two. */
static bool
counts(const struct mc_targets *targets, size_t i)
{
	bool mixed = targets->other != NULL;

	return (targets->label[i] != MC_NOT_COUNTED ||
	    (mixed && targets->share == 0)) &&
	    (!mixed || targets->other[i] != MC_NOT_COUNTED ||
	    targets->share == 1);
}

double
mc_loss_divisor(const struct mc_loss *l, const struct mc_targets *targets,
    size_t n)
{
	double sum = 0;
	size_t i;

	if (targets->other != NULL && !l->multilabel)
		return (double)n;
	for (i = 0; i < n * l->labels; i++)
		sum += l->multilabel ? counts(targets, i) :
		    l->weight[targets->label[i]];
	return sum;
}

int64_t
mc_targets_label(const struct mc_targets *targets, size_t i)
{
	if (!counts(targets, i))
		return MC_NOT_COUNTED;
	return targets->other != NULL && targets->share < 0.5 ?
	    targets->other[i] : targets->label[i];
}

/* The share of VALUE in label I. */
static double
share(const struct mc_targets *targets, size_t i, int64_t value)
{
	double own = targets->other != NULL ? targets->share : 1;
	double q = targets->label[i] == value ? own : 0;

	if (targets->other != NULL && targets->other[i] == value)
		q += 1 - own;
	return q;
}

/* t[c] of image I. */
static double
target(const struct mc_loss *l, size_t c, const struct mc_targets *targets,
    size_t i)
{
	return l->weight[c] * (share(targets, i, (int64_t)c) *
	    (1 - l->smoothing) + l->smoothing / (double)l->classes);
}

/* The target of WHICH, yes or no, of finding C of image I. */
static double
target_of_finding(const struct mc_loss *l, size_t c, enum mc_label which,
    const struct mc_targets *targets, size_t i)
{
	size_t k = i * l->labels + c;

	return !counts(targets, k) ? 0 : (share(targets, k, which) *
	    (1 - l->smoothing) + l->smoothing / 2) *
	    (which == MC_YES ? l->weight[c] : 1);
}

/* The loss of the target T, whose probability is exp(-MINUS_LOG). */
static double
term(const struct mc_loss *l, double t, double minus_log)
{
	return t > 0 ? t * minus_log * (l->focal > 0 ?
	    pow(-expm1(-minus_log), l->focal) : 1) : 0;
}

/* -log(1 - sigmoid(x)), without overflow. */
static double
softplus(double x)
{
	return fmax(x, 0) + log1p(exp(-fabs(x)));
}

static double
loss_of_findings(const struct mc_loss *l, const double *logits,
    const struct mc_targets *targets, size_t i)
{
	double sum = 0;
	size_t c;

	for (c = 0; c < l->classes; c++)
		sum += term(l, target_of_finding(l, c, MC_YES, targets, i),
		    softplus(-logits[c])) + term(l, target_of_finding(l, c,
		    MC_NO, targets, i), softplus(logits[c]));
	return sum;
}

double
mc_loss_of(const struct mc_loss *l, const double *logits,
    const struct mc_targets *targets, size_t i)
{
	double all, sum = 0;
	size_t c;

	if (l->multilabel)
		return loss_of_findings(l, logits, targets, i);
	all = mc_log_sum_exp(logits, l->classes);
	for (c = 0; c < l->classes; c++)
		sum += term(l, target(l, c, targets, i), all - logits[c]);
	return sum;
}

/* The targets of the classes, or of WHICH, yes or no, of the findings. */
static struct mc_tensor *
target_tensor(const struct mc_loss *l, struct mc_torch *t,
    enum mc_label which, const struct mc_targets *targets, size_t n,
    double divisor)
{
	const int64_t shape[] = { (int64_t)n, (int64_t)l->classes };
	float *values = mc_xcalloc(n * l->classes, sizeof(*values));
	struct mc_tensor *x;
	size_t i, c;

	for (i = 0; i < n * l->classes && divisor > 0; i++) {
		c = i % l->classes;
		values[i] = (float)((l->multilabel ? target_of_finding(l, c,
		    which, targets, i / l->classes) : target(l, c, targets,
		    i / l->classes)) / divisor);
	}
	x = mc_from_f32(t, values, n * l->classes, shape, 2);
	free(values);
	return x;
}

struct mc_tensor *
mc_loss_tensor(const struct mc_loss *l, struct mc_torch *t,
    const struct mc_tensor *logits, const struct mc_targets *targets, size_t n,
    double divisor)
{
	struct mc_tensor *yes = target_tensor(l, t, MC_YES, targets, n,
	    divisor);

	return !l->multilabel ? mc_cross_entropy(t, logits, yes, l->focal) :
	    mc_binary_cross_entropy(t, logits, yes, target_tensor(l, t, MC_NO,
	    targets, n, divisor), l->focal);
}
