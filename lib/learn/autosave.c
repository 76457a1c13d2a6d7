/* autosave.c - write the checkpoint of a training while it runs. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/usage.h"
#include "learn/autosave.h"

void
mc_autosave_init(struct mc_autosave *a, const struct mc_training *g)
{
	*a = (struct mc_autosave){ .g = g, .saved = mc_seconds() };
	snprintf(a->stamp, sizeof(a->stamp), "%s",
	    mc_checkpoint_stamped(g->resume));
}

enum mc_status
mc_autosave_resume(const struct mc_autosave *a, struct mc_state *s,
    size_t per_step, struct mc_buf *log, struct mc_err *err)
{
	const struct mc_training *g = a->g;
	size_t n = g->data->n_train, images;
	enum mc_status status = mc_checkpoint_check(g->resume, g->identity,
	    err);

	if (status == MC_OK)
		status = mc_checkpoint_restore(g->resume, s, n, log, err);
	if (status != MC_OK)
		return status;
	images = (size_t)s->step * per_step;
	if (s->epoch > g->recipe.epochs + 1 ||
	    s->train.n != (images < n ? images : n) ||
	    (s->best.epoch < s->epoch - 1 && s->best_values == NULL))
		return mc_err_set(err, MC_EDATA, "%s: what it holds does not "
		    "fit together: delete it to begin anew", g->checkpoint);
	return MC_OK;
}

/* Write the checkpoint, unless another training writes it also. */
static enum mc_status
save(struct mc_autosave *a, struct mc_state *s, const struct mc_buf *log,
    struct mc_err *err)
{
	const char *path = a->g->checkpoint;
	char now[MC_STAMP_SIZE];
	enum mc_status status;
	bool average;

	mc_checkpoint_stamp(path, now);
	if (now[0] != '\0' && strcmp(now, a->stamp) != 0)
		return mc_err_set(err, MC_EDATA, "%s: another program has "
		    "written it during this training: give each training a "
		    "--checkpoint of its own", path);
	average = mc_params_use_average(s->params, false);
	status = mc_checkpoint_write(path, s, a->g->identity, log, err);
	mc_params_use_average(s->params, average);
	mc_checkpoint_stamp(path, a->stamp);
	a->saved = mc_seconds();
	return status;
}

static enum mc_ask
ask(const struct mc_autosave *a)
{
	return a->g->asked != NULL ? a->g->asked(a->g->arg) : MC_GO_ON;
}

enum mc_status
mc_autosave_step(struct mc_autosave *a, struct mc_state *s,
    const struct mc_buf *log, struct mc_err *err)
{
	const struct mc_training *g = a->g;
	enum mc_ask wanted = ask(a);
	enum mc_status status;

	if (g->checkpoint == NULL || (wanted == MC_GO_ON && (g->every == 0 ||
	    mc_seconds() - a->saved < g->every)))
		return MC_OK;
	status = save(a, s, log, err);
	a->stop = wanted == MC_STOP;
	return status;
}

enum mc_status
mc_autosave_epoch(struct mc_autosave *a, struct mc_state *s,
    const struct mc_buf *log, struct mc_err *err)
{
	enum mc_status status;

	if (a->g->checkpoint == NULL)
		return MC_OK;
	status = save(a, s, log, err);
	a->stop = ask(a) == MC_STOP;
	return status;
}
