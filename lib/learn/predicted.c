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
	FILE *held;		/* the rows, without log odds */
	struct mc_records *p, *odds;	/* of all rows */
	bool infinite;			/* some log odds are */
};

static bool
passes(const struct mc_images *images, size_t column)
{
	return !mc_schema_has(&mc_predictions_schema,
	    mc_images_column(images, column));
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
	p->held = mc_spool_open(err);
	p->p = p->held == NULL ? NULL : mc_records_alloc(
	    tr->n_classes * sizeof(double), err);
	p->odds = p->p == NULL ? NULL : mc_records_alloc(
	    tr->n_classes * sizeof(double), err);
	if (p->odds != NULL)
		return p;
	mc_predicted_free(p);
	return NULL;
}

void
mc_predicted_free(struct mc_predicted *p)
{
	if (p == NULL)
		return;
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

static const char *
about(const struct mc_predicted *p, const char *key)
{
	const char *value = mc_keyvalue_get(p->about, key, 0);

	return value != NULL ? value : "";
}

/* Hold the row of image I of the batch, whose probabilities are PROB. */
static void
hold_row(const struct mc_predicted *p, const struct mc_feed *feed, size_t i,
    const double *prob)
{
	const struct mc_trained *tr = p->trained;
	size_t best = mc_argmax(prob, tr->n_classes), k;
	char number[MC_NUM_SIZE];
	FILE *f = p->held;
	struct mc_predictions_row row = {
		.id = mc_feed_get(feed, i, p->id),
		.group = mc_feed_get(feed, i, p->group),
		.label = mc_feed_get(feed, i, p->label),
		.predicted = tr->classes[best]
	};

	for (k = 0; k < MC_KEYS; k++)
		row.key[k] = mc_keys[k].entry != NULL ?
		    about(p, mc_keys[k].entry) : mc_feed_get(feed, i,
		    mc_images_find(p->images, mc_keys[k].name));
	if (p->arm != NULL)
		row.key[MC_KEY_ARM] = p->arm;
	mc_rows_begin(f, &mc_predictions_schema, &row);
	for (k = 0; k < tr->n_classes; k++)
		fprintf(f, "\t%s", mc_format_f64(number, prob[k]));
	for (k = 0; k < mc_images_columns(p->images); k++) {
		if (p->passes[k])
			fprintf(f, "\t%s", mc_feed_get(feed, i, (int)k));
	}
	for (k = MC_LEADING_KEYS; k < MC_KEYS; k++)
		fprintf(f, "\t%s", row.key[k]);
	putc('\n', f);
}

enum mc_status
mc_predicted_add(struct mc_predicted *p, const struct mc_feed *feed,
    size_t i, double *logits, struct mc_err *err)
{
	size_t k = p->trained->n_classes, c;
	double *o = mc_xcalloc(k, sizeof(*o));
	enum mc_status status;

	mc_log_odds(logits, k, o);
	for (c = 0; c < k; c++)
		p->infinite |= isinf(o[c]);
	mc_softmax_f64(logits, k);
	hold_row(p, feed, i, logits);
	status = mc_records_add(p->p, logits, 1, err);
	if (status == MC_OK)
		status = mc_records_add(p->odds, o, 1, err);
	free(o);
	return status;
}

/* --- The table ------------------------------------------------------------- */

static void
write_header(const struct mc_predicted *p, bool odds, FILE *f)
{
	const struct mc_trained *tr = p->trained;
	size_t i;

	mc_rows_begin_header(f, &mc_predictions_schema);
	for (i = 0; i < tr->n_classes; i++)
		fprintf(f, "\tp:%s", tr->classes[i]);
	for (i = 0; i < mc_images_columns(p->images); i++) {
		if (p->passes[i])
			fprintf(f, "\t%s", mc_images_column(p->images, i));
	}
	for (i = MC_LEADING_KEYS; i < MC_KEYS; i++)
		fprintf(f, "\t%s", mc_key_names[i]);
	for (i = 0; i < tr->n_classes && odds; i++)
		fprintf(f, "\to:%s", tr->classes[i]);
	putc('\n', f);
}

/* Write the rows that were held, with the log odds ODDS unless it is NULL. */
static enum mc_status
release_rows(struct mc_predicted *p, const double *odds, FILE *f,
    struct mc_err *err)
{
	size_t k = p->trained->n_classes, row, i, cap = 0;
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

enum mc_status
mc_predicted_write(struct mc_predicted *p, FILE *f, struct mc_err *err)
{
	const double *odds = NULL;
	enum mc_status status;

	status = mc_records_map(p->p, err);
	if (status == MC_OK)
		status = mc_records_map(p->odds, err);
	if (status == MC_OK)
		status = mc_spool_rewind(p->held, err);
	if (status != MC_OK)
		return status;
	if (!p->infinite && mc_ties_hide_order(mc_records_at(p->p, 0),
	    mc_records_at(p->odds, 0), mc_records_count(p->p),
	    p->trained->n_classes))
		odds = mc_records_at(p->odds, 0);
	write_header(p, odds != NULL, f);
	return release_rows(p, odds, f, err);
}
