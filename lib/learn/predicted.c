/* predicted.c - write what a model predicts as a predictions table. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/num.h"
#include "base/out.h"
#include "base/records.h"
#include "base/softmax.h"
#include "learn/predicted.h"
#include "table/keys.h"
#include "table/probability.h"
#include "table/schemas.h"

struct mc_predicted {
	const struct mc_images *images;
	const struct mc_trained *trained;
	const struct mc_keyvalue *about;
	const char *arm;	/* NULL: the model's */
	int id, label, group;	/* columns of the images */
	bool *passes;		/* whether a column of theirs passes through */
	const char *const *classes;	/* of each row */
	size_t n_classes;
	char **tasks;		/* one per finding; NULL: one task */
	FILE *held;		/* the rows, without log odds */
	struct mc_records *p, *odds;	/* of all rows */
	bool infinite;			/* some log odds are */
	int64_t uncertain;		/* findings without a row */
};

static bool
passes(const struct mc_images *images, size_t column)
{
	return !mc_schema_has(&mc_predictions_schema,
	    mc_images_column(images, column));
}

static const char *
about(const struct mc_predicted *p, const char *key)
{
	const char *value = mc_keyvalue_get(p->about, key, 0);

	return value != NULL ? value : "";
}

/* Name the classes of a row and, of multi-label data, the tasks. */
static void
name_classes(struct mc_predicted *p)
{
	const struct mc_trained *tr = p->trained;
	const char *task = about(p, "task");
	size_t i;

	p->classes = tr->classes;
	p->n_classes = tr->n_classes;
	if (!tr->multilabel.on)
		return;
	p->classes = mc_label_names;
	p->n_classes = 2;
	p->tasks = mc_xcalloc(tr->n_classes, sizeof(*p->tasks));
	for (i = 0; i < tr->n_classes; i++)
		p->tasks[i] = mc_xasprintf("%s%s%s", task,
		    *task != '\0' ? ":" : "", tr->classes[i]);
}

struct mc_predicted *
mc_predicted_alloc(const struct mc_images *images,
    const struct mc_trained *tr, const struct mc_keyvalue *about,
    const char *arm, struct mc_err *err)
{
	struct mc_predicted *p = mc_xcalloc(1, sizeof(*p));
	size_t columns = mc_images_columns(images), c;

	p->images = images;
	p->trained = tr;
	p->about = about;
	p->arm = arm;
	p->id = mc_images_find(images, "id");
	p->label = mc_images_find(images, "label");
	p->group = mc_images_find(images, "group");
	p->passes = mc_xcalloc(columns, sizeof(*p->passes));
	for (c = 0; c < columns; c++)
		p->passes[c] = passes(images, c);
	name_classes(p);
	p->held = mc_spool_open(err);
	p->p = p->held == NULL ? NULL : mc_records_alloc(
	    p->n_classes * sizeof(double), err);
	p->odds = p->p == NULL ? NULL : mc_records_alloc(
	    p->n_classes * sizeof(double), err);
	if (p->odds != NULL)
		return p;
	mc_predicted_free(p);
	return NULL;
}

void
mc_predicted_free(struct mc_predicted *p)
{
	size_t i;

	if (p == NULL)
		return;
	for (i = 0; p->tasks != NULL && i < p->trained->n_classes; i++)
		free(p->tasks[i]);
	free(p->tasks);
	if (p->held != NULL)
		fclose(p->held);
	mc_records_free(p->p);
	mc_records_free(p->odds);
	free(p->passes);
	free(p);
}

void
mc_predicted_left_out(const struct mc_images *images, struct mc_buf *names)
{
	/* These are the table's, or decide which rows it has. */
	static const char *const used[] = { "id", "label", "group", "split",
	    "fold" };
	size_t c, k, n = sizeof(used) / sizeof(*used);

	for (c = 0; c < mc_images_columns(images); c++) {
		for (k = 0; k < n && (int)c != mc_images_find(images, used[k]);
		    k++)
			;
		if (k == n && !passes(images, c))
			mc_buf_printf(names, "%s%s", names->len > 0 ? ", " : "",
			    mc_images_column(images, c));
	}
}

/* --- Rows ------------------------------------------------------------------ */

/*
 * Hold the row of image I of the batch, whose probabilities are PROB, in TASK
 * with LABEL.
 */
static void
hold_row(const struct mc_predicted *p, const struct mc_feed *feed, size_t i,
    const char *task, const char *label, const double *prob)
{
	char number[MC_NUM_SIZE];
	size_t k;
	FILE *f = p->held;
	struct mc_predictions_row row = {
		.id = mc_feed_get(feed, i, p->id),
		.group = mc_feed_get(feed, i, p->group), .label = label,
		.predicted = p->classes[mc_argmax(prob, p->n_classes)]
	};

	for (k = 0; k < MC_KEYS; k++)
		row.key[k] = k == MC_KEY_TASK ? task :
		    mc_keys[k].entry != NULL ? about(p, mc_keys[k].entry) :
		    mc_feed_get(feed, i, mc_images_find(p->images,
		    mc_keys[k].name));
	if (p->arm != NULL)
		row.key[MC_KEY_ARM] = p->arm;
	mc_rows_begin(f, &mc_predictions_schema, &row);
	for (k = 0; k < p->n_classes; k++)
		fprintf(f, "\t%s", mc_format_f64(number, prob[k]));
	for (k = 0; k < mc_images_columns(p->images); k++) {
		if (p->passes[k])
			fprintf(f, "\t%s", mc_feed_get(feed, i, (int)k));
	}
	for (k = MC_LEADING_KEYS; k < MC_KEYS; k++)
		fprintf(f, "\t%s", row.key[k]);
	fprintf(f, "\t%s\n", about(p, "images_train"));
}

/* Add the row of image I in TASK, whose LOGITS become its probabilities. */
static enum mc_status
add_row(struct mc_predicted *p, const struct mc_feed *feed, size_t i,
    const char *task, const char *label, double *logits, struct mc_err *err)
{
	size_t k = p->n_classes, c;
	double *o = mc_xcalloc(k, sizeof(*o));
	enum mc_status status;

	mc_log_odds(logits, k, o);
	for (c = 0; c < k; c++)
		p->infinite |= isinf(o[c]);
	mc_softmax_f64(logits, k);
	hold_row(p, feed, i, task, label, logits);
	status = mc_records_add(p->p, logits, 1, err);
	if (status == MC_OK)
		status = mc_records_add(p->odds, o, 1, err);
	free(o);
	return status;
}

/* Add a row per finding, except those whose label does not count. */
static enum mc_status
add_findings(struct mc_predicted *p, const struct mc_feed *feed, size_t i,
    const double *logits, struct mc_err *err)
{
	const struct mc_trained *tr = p->trained;
	const char *text = mc_feed_get(feed, i, p->label);
	int *label = mc_xcalloc(tr->n_classes, sizeof(*label));
	enum mc_status status = *text == '\0' ? MC_OK : mc_multilabel_read(
	    &tr->multilabel, tr->classes, tr->n_classes, text,
	    mc_images_manifest_name(p->images),
	    label, err);
	size_t k;

	for (k = 0; k < tr->n_classes && status == MC_OK; k++) {
		/* The sigmoid is the softmax of 0 and the logit. */
		double two[] = { [MC_NO] = 0, [MC_YES] = logits[k] };

		if (label[k] == MC_NOT_COUNTED)
			p->uncertain++;
		else
			status = add_row(p, feed, i, p->tasks[k],
			    *text == '\0' ? "" : mc_label_names[label[k]],
			    two, err);
	}
	free(label);
	return status;
}

enum mc_status
mc_predicted_add(struct mc_predicted *p, const struct mc_feed *feed,
    size_t i, double *logits, struct mc_err *err)
{
	return p->trained->multilabel.on ?
	    add_findings(p, feed, i, logits, err) :
	    add_row(p, feed, i, about(p, "task"), mc_feed_get(feed, i,
	    p->label), logits, err);
}

int64_t
mc_predicted_uncertain(const struct mc_predicted *p)
{
	return p->uncertain;
}

/* --- The table ------------------------------------------------------------- */

static void
write_header(const struct mc_predicted *p, bool odds, FILE *f)
{
	size_t i;

	mc_rows_begin_header(f, &mc_predictions_schema);
	for (i = 0; i < p->n_classes; i++)
		fprintf(f, "\tp:%s", p->classes[i]);
	for (i = 0; i < mc_images_columns(p->images); i++) {
		if (p->passes[i])
			fprintf(f, "\t%s", mc_images_column(p->images, i));
	}
	for (i = MC_LEADING_KEYS; i < MC_KEYS; i++)
		fprintf(f, "\t%s", mc_key_names[i]);
	fputs("\ttrain_images", f);
	for (i = 0; i < p->n_classes && odds; i++)
		fprintf(f, "\to:%s", p->classes[i]);
	putc('\n', f);
}

/* Write the rows that were held, with the log odds ODDS unless it is NULL. */
static enum mc_status
release_rows(struct mc_predicted *p, const double *odds, FILE *f,
    struct mc_err *err)
{
	size_t k = p->n_classes, row, i, cap = 0;
	char number[MC_NUM_SIZE], *line = NULL;
	ssize_t len;

	for (row = 0; (len = getline(&line, &cap, p->held)) > 0; row++) {
		fwrite(line, 1, (size_t)len - 1, f);
		for (i = 0; i < k && odds != NULL; i++)
			fprintf(f, "\t%s", mc_format_f64(number,
			    odds[row * k + i]));
		putc('\n', f);
	}
	free(line);
	/* Too little memory for a line sets neither. */
	return ferror(p->held) || !feof(p->held) ?
	    mc_err_errno(err, "temporary file") : MC_OK;
}

/* Whether the table, or a PART of one, is to have log odds. */
static bool
needs_odds(const struct mc_predicted *p, bool part)
{
	if (p->infinite)
		return false;
	if (part)
		return mc_head_images(p->trained->head) == NULL;
	return mc_ties_hide_order(mc_records_at(p->p, 0),
	    mc_records_at(p->odds, 0), mc_records_count(p->p), p->n_classes);
}

enum mc_status
mc_predicted_write(struct mc_predicted *p, bool part, FILE *f,
    struct mc_err *err)
{
	const double *odds;
	enum mc_status status;
	bool with_odds;

	status = mc_records_map(p->p, err);
	if (status == MC_OK)
		status = mc_records_map(p->odds, err);
	if (status == MC_OK)
		status = mc_spool_rewind(p->held, err);
	if (status != MC_OK)
		return status;
	with_odds = needs_odds(p, part);
	/* Without a row there is no array, but a header. */
	odds = with_odds ? mc_records_at(p->odds, 0) : NULL;
	write_header(p, with_odds, f);
	return release_rows(p, odds, f, err);
}
