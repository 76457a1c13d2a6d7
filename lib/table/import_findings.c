/* import_findings.c - import predictions of multi-label data. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/softmax.h"
#include "table/findings.h"
#include "table/import_internal.h"
#include "table/probability.h"

/* By finding, row and class. */
struct pairs {
	double *p, *o;		/* o: NULL if not of logits */
	bool odds;		/* p does not tell the order of some finding */
};

/* --- Scores --------------------------------------------------------------- */

static struct mc_field
score_field(const struct mc_import_row *r, size_t k)
{
	return (struct mc_field){ r->file->t, r->row,
	    r->file->scores.column[k] };
}

/* Make the probabilities P and log odds O of a finding of its logit P[MC_YES]. */
static void
convert_logit(double *p, double *o)
{
	p[MC_NO] = 0;
	mc_log_odds(p, MC_LABELS, o);
	mc_softmax_f64(p, MC_LABELS);
}

/* Read the scores of finding K into P and O, which are by row and class. */
static enum mc_status
read_finding(const struct mc_import_input *in, size_t k, int *decimals,
    double *p, double *o, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	struct mc_err why;
	size_t i, bad;

	for (i = 0; i < in->n_rows && status == MC_OK; i++) {
		struct mc_field c = score_field(&in->rows[i], k);
		double *pair = p + i * MC_LABELS;

		status = mc_import_score(c, &pair[MC_YES], decimals, err);
		if (status != MC_OK)
			break;
		if (in->how->logits)
			convert_logit(pair, o + i * MC_LABELS);
		else if (mc_check_probabilities(&pair[MC_YES], 1, *decimals,
		    "give --logit", &bad, &why) != MC_OK)
			status = mc_field_wrong(c, err, "%s", why.text);
		else
			pair[MC_NO] = fmax(1 - pair[MC_YES], 0);
	}
	return status;
}

static enum mc_status
read_pairs(const struct mc_import_input *in, struct pairs *x,
    struct mc_err *err)
{
	size_t n = mc_names_count(in->classes), k;
	size_t size = in->n_rows * MC_LABELS;
	enum mc_status status = MC_OK;
	int decimals = 0;

	x->p = mc_xcalloc(n, size * sizeof(*x->p));
	if (in->how->logits)
		x->o = mc_xcalloc(n, size * sizeof(*x->o));
	for (k = 0; k < n && status == MC_OK; k++) {
		double *p = x->p + k * size;
		double *o = x->o == NULL ? NULL : x->o + k * size;

		status = read_finding(in, k, &decimals, p, o, err);
		if (status == MC_OK && o != NULL)
			x->odds |= mc_ties_hide_order(p, o, in->n_rows,
			    MC_LABELS);
	}
	return status;
}

/* --- Labels --------------------------------------------------------------- */

/* Declare the findings that have scores. */
static enum mc_status
declare(const struct mc_import_input *in, struct mc_findings *f,
    struct mc_err *err)
{
	size_t n = mc_names_count(in->classes), k;
	const char **name = mc_xcalloc(n, sizeof(*name));
	enum mc_status status;
	struct mc_err why;

	for (k = 0; k < n; k++)
		name[k] = mc_names_at(in->classes, k);
	status = mc_findings_declare(f, name, n,
	    "give a column of its scores", &why);
	free(name);
	if (status == MC_OK)
		return MC_OK;
	if (in->how->classes != NULL)
		return mc_err_set(err, MC_EUSAGE, "--classes: %s", why.text);
	return mc_err_at(err, MC_EDATA, mc_table_name(in->files[0].t), 1,
	    "%s: list the columns, and name the findings with --classes",
	    why.text);
}

/* Add the labels of all rows to F, which are empty where there are none. */
static enum mc_status
read_labels(const struct mc_import_input *in, struct mc_findings *f,
    struct mc_err *err)
{
	enum mc_status status = MC_OK;
	struct mc_field c = { 0 };
	size_t i;

	for (i = 0; i < in->n_rows && status == MC_OK; i++) {
		if (in->how->label == NULL) {
			status = mc_findings_add(f, "", NULL, 0, err);
			continue;
		}
		c = mc_import_wanted(in, &in->rows[i], MC_IMPORT_LABEL);
		if (*mc_field_text(c) == '\0')
			return mc_field_wrong(c, err, "empty: leave such rows "
			    "out, or write \"%s\" where an image has none of "
			    "the findings", mc_findings_none(f));
		status = mc_findings_add(f, mc_field_text(c),
		    mc_table_name(c.t), mc_table_line(c.t, c.row), err);
	}
	return status != MC_OK ? status : mc_findings_end(f, c.t != NULL ?
	    mc_table_name(c.t) : mc_table_name(in->files[0].t), err);
}

/* The label of finding K in row I; NULL: it is left out. */
static const char *
label_of(const struct mc_import_input *in, const struct mc_findings *f,
    size_t i, size_t k)
{
	enum mc_finding_state state;

	if (!mc_findings_labelled(f, i))
		return "";
	state = mc_findings_state(f, i, k);
	if (state != MC_FINDING_UNCERTAIN)
		return mc_label_names[state == MC_FINDING_YES ? MC_YES : MC_NO];
	switch (in->how->uncertain) {
	case MC_UNCERTAIN_ZERO:
		return mc_label_names[MC_NO];
	case MC_UNCERTAIN_ONE:
		return mc_label_names[MC_YES];
	default:
		return NULL;
	}
}

/* --- The table ------------------------------------------------------------ */

/* Add the row of image I and finding K, whose task is TASK, unless left out. */
static enum mc_status
add_pair(struct mc_table *t, const struct mc_import_input *in,
    const struct mc_findings *f, const struct pairs *x, const char *task,
    size_t i, size_t k, struct mc_err *err)
{
	const struct mc_import_scores scores = { .classes = mc_label_names,
	    .n = MC_LABELS, .odds = x->odds };
	size_t at = (k * in->n_rows + i) * MC_LABELS;
	const double *p = x->p + at;
	const struct mc_import_output row = { .of = &in->rows[i], .task = task,
	    .label = label_of(in, f, i, k),
	    .predicted = mc_label_names[mc_argmax(p, MC_LABELS)], .p = p,
	    .o = x->o == NULL ? NULL : x->o + at };

	return row.label == NULL ? MC_OK :
	    mc_import_table_add(t, in, &scores, &row, err);
}

static enum mc_status
make_table(struct mc_table **t, const struct mc_import_input *in,
    const struct mc_findings *f, const struct pairs *x, struct mc_err *err)
{
	const struct mc_import_scores scores = { .classes = mc_label_names,
	    .n = MC_LABELS, .odds = x->odds };
	const char *whole = in->how->constant[MC_KEY_TASK];
	size_t n = mc_findings_count(f), i, k;
	char **task = mc_xcalloc(n, sizeof(*task));
	enum mc_status status;

	for (k = 0; k < n; k++)
		task[k] = mc_xasprintf("%s%s%s", whole != NULL ? whole : "",
		    whole != NULL && *whole != '\0' ? ":" : "",
		    mc_findings_name(f, k));
	status = mc_import_table(t, in, &scores, err);
	for (i = 0; i < in->n_rows && status == MC_OK; i++) {
		for (k = 0; k < n && status == MC_OK; k++)
			status = add_pair(*t, in, f, x, task[k], i, k, err);
	}
	for (k = 0; k < n; k++)
		free(task[k]);
	free(task);
	if (status == MC_OK && mc_table_rows(*t) == 0)
		return mc_err_at(err, MC_EDATA, mc_table_name(in->files[0].t),
		    0, "all findings are uncertain in all images: give "
		    "--uncertain zero or one");
	return status;
}

enum mc_status
mc_import_findings(struct mc_table **t, const struct mc_import_input *in,
    struct mc_err *err)
{
	struct mc_findings *f = mc_findings_alloc(in->how->no_finding);
	struct pairs x = { 0 };
	enum mc_status status;

	status = declare(in, f, err);
	if (status == MC_OK)
		status = read_labels(in, f, err);
	if (status == MC_OK)
		mc_findings_say_unused(f, NULL, in->how->warn);
	if (status == MC_OK)
		status = read_pairs(in, &x, err);
	if (status == MC_OK)
		status = make_table(t, in, f, &x, err);
	mc_findings_free(f);
	free(x.p);
	free(x.o);
	return status;
}
