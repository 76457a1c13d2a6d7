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
write_state(struct mc_autosave *a, struct mc_state *s, const struct mc_buf *log,
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
	return status;
}

/* Write it in rank 0, whose state is that of all. */
static enum mc_status
save(struct mc_autosave *a, struct mc_state *s, const struct mc_buf *log,
    struct mc_err *err)
{
	enum mc_status status = mc_ranks_own(a->g->ranks) > 0 ? MC_OK :
	    write_state(a, s, log, err);

	a->saved = mc_seconds();
	return mc_ranks_agree(a->g->ranks, status, NULL, err);
}

/* Ask what is wanted, and in which rank most. */
static enum mc_status
ask(const struct mc_autosave *a, int *wanted, struct mc_err *err)
{
	const struct mc_training *g = a->g;

	*wanted = g->asked != NULL ? g->asked(g->arg) : MC_GO_ON;
	if (*wanted == MC_GO_ON && g->every > 0 &&
	    mc_seconds() - a->saved >= g->every)
		*wanted = MC_SAVE;
	return mc_ranks_agree(g->ranks, MC_OK, wanted, err);
}

enum mc_status
mc_autosave_step(struct mc_autosave *a, struct mc_state *s,
    const struct mc_buf *log, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	int wanted = MC_GO_ON;

	if (a->g->checkpoint != NULL)
		status = ask(a, &wanted, err);
	if (status != MC_OK || wanted == MC_GO_ON)
		return status;
	status = save(a, s, log, err);
	a->stop = wanted == MC_STOP;
	return status;
}

enum mc_status
mc_autosave_epoch(struct mc_autosave *a, struct mc_state *s,
    const struct mc_buf *log, struct mc_err *err)
{
	enum mc_status status;
	int wanted;

	if (a->g->checkpoint == NULL)
		return MC_OK;
	status = save(a, s, log, err);
	if (status == MC_OK)
		status = ask(a, &wanted, err);
	a->stop = status == MC_OK && wanted == MC_STOP;
	return status;
}
