/* rates.c - train a head at several learning rates, and choose one. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "learn/rates.h"

/* The values of a head's parameters, one after another. */
static float *
copy_values(const struct mc_training *g, struct mc_err *err)
{
	size_t n = mc_head_count(g->head), total = 0, i;
	float *values;

	for (i = 0; i < n; i++)
		total += mc_head_param(g->head, i)->n;
	values = mc_xcalloc(total, sizeof(*values));
	for (i = 0, total = 0; i < n; i++) {
		const struct mc_param *p = mc_head_param(g->head, i);

		mc_to_f32(g->t, p->tensor, values + total, p->n);
		total += p->n;
	}
	if (mc_torch_check(g->t, err) == MC_OK)
		return values;
	free(values);
	return NULL;
}

static enum mc_status
set_values(const struct mc_training *g, const float *values,
    struct mc_err *err)
{
	enum mc_status status = MC_OK;
	size_t i;

	for (i = 0; i < mc_head_count(g->head) && status == MC_OK; i++) {
		status = mc_head_set(g->head, i, values, err);
		values += mc_head_param(g->head, i)->n;
	}
	return status;
}

/* Append the log of one rate to LOG, with the heading only where it begins. */
static void
add_log(struct mc_buf *log, const struct mc_buf *fresh)
{
	const char *rows = fresh->data;

	if (rows != NULL && log->len > 0)
		rows = strchr(rows, '\n') + 1;
	if (rows != NULL)
		mc_buf_puts(log, rows);
}

/* What has been kept so far. */
struct choice {
	float *values;		/* of the head; NULL: none */
	struct mc_best best;
	double rate;
};

/* Keep FRESH, which is in the head, if it is better than what C has. */
static enum mc_status
consider(const struct mc_training *g, struct choice *c,
    const struct mc_best *fresh, struct mc_err *err)
{
	float *values;

	if (!mc_is_better(&g->recipe.select, &c->best, fresh))
		return MC_OK;
	values = copy_values(g, err);
	if (values == NULL)
		return err->status;
	free(c->values);
	*c = (struct choice){ values, *fresh, g->recipe.optim.rate };
	return MC_OK;
}

enum mc_status
mc_train_rates(struct mc_training *g, void (*say)(const char *line),
    struct mc_buf *log, struct mc_best *kept, struct mc_err *err)
{
	const struct mc_grid *tried = &g->recipe.tried;
	float *start = copy_values(g, err);
	enum mc_status status = start == NULL ? MC_EIO : MC_OK;
	struct choice choice = { 0 };
	char number[MC_NUM_SIZE];
	size_t i;

	for (i = 0; i < tried->n && status == MC_OK; i++) {
		struct mc_buf fresh = { 0 };
		struct mc_best best;

		g->recipe.optim.rate = tried->value[i];
		mc_format_f64(number, tried->value[i]);
		mc_say(say, "learning rate %s, number %zu of %zu", number,
		    i + 1, tried->n);
		status = set_values(g, start, err);
		if (status == MC_OK)
			status = mc_train(g, &fresh, &best, err);
		add_log(log, &fresh);
		mc_buf_free(&fresh);
		if (status == MC_OK) {
			status = consider(g, &choice, &best, err);
		} else if (status == MC_EDATA && (i + 1 < tried->n ||
		    choice.values != NULL)) {
			mc_say(say, "learning rate %s is left out: %s", number,
			    err->text);
			status = MC_OK;
		}
	}
	if (status == MC_OK)
		status = set_values(g, choice.values, err);
	*kept = choice.best;
	g->recipe.optim.rate = choice.rate;
	free(choice.values);
	free(start);
	return status;
}
