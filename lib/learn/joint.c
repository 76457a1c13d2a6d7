/* joint.c - train on several ranks as on one. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "learn/joint.h"

/* The elements of all running statistics that training moves. */
static size_t
count_moved(struct mc_params *p)
{
	size_t i, n = 0;

	for (i = 0; i < mc_params_count(p); i++) {
		if (mc_params_moves(p, i))
			n += mc_params_row(p, i)->param->n;
	}
	return n;
}

void
mc_joint_init(struct mc_joint *j, struct mc_ranks *ranks, struct mc_torch *t,
    struct mc_params *params, const struct mc_joint_sizes *sizes)
{
	bool host = strcmp(mc_torch_device(t), "cpu") == 0;

	*j = (struct mc_joint){ .ranks = ranks, .t = t, .params = params,
	    .batch = sizes->batch, .classes = sizes->classes };
	j->index = mc_xcalloc(sizes->pass, sizeof(*j->index));
	j->key = mc_xcalloc(sizes->pass, sizeof(*j->key));
	j->logits = mc_xcalloc(sizes->round * sizes->classes,
	    sizeof(*j->logits));
	if (ranks != NULL || (host && sizes->several)) {
		j->n_gradient = mc_params_gradients(params);
		j->gradient = mc_xcalloc(j->n_gradient, sizeof(*j->gradient));
	}
	if (ranks == NULL)
		return;
	j->n_moved = count_moved(params);
	j->before = mc_xcalloc(j->n_moved, sizeof(*j->before));
	j->moved = mc_xcalloc(j->n_moved, sizeof(*j->moved));
}

void
mc_joint_clear(struct mc_joint *j)
{
	free(j->index);
	free(j->key);
	free(j->logits);
	free(j->gradient);
	free(j->before);
	free(j->moved);
}

enum mc_status
mc_joint_check(const struct mc_joint *j, struct mc_err *err)
{
	size_t i;

	for (i = 0; j->ranks != NULL && i < mc_params_count(j->params); i++) {
		const struct mc_param *p = mc_params_row(j->params, i)->param;

		if (mc_params_moves(j->params, i) && p->momentum == 0)
			return mc_err_set(err, MC_EUSAGE, "--launch mpi: how "
			    "the module moves \"%s\" in training is not known: "
			    "train it in one process", p->name);
	}
	return MC_OK;
}

/* --- Who has which images -------------------------------------------------- */

/* The images of this rank, of the N from AT on. */
static struct mc_stretch
part(const struct mc_joint *j, size_t at, size_t n)
{
	size_t batches = (n + j->batch - 1) / j->batch;
	size_t own = (size_t)mc_ranks_own(j->ranks);
	size_t count = (size_t)mc_ranks_count(j->ranks);
	size_t begin = own * batches / count * j->batch;
	size_t end = (own + 1) * batches / count * j->batch;

	return (struct mc_stretch){ at + begin, at + (end < n ? end : n) };
}

void
mc_joint_pass(struct mc_joint *j, const size_t *order, const uint64_t *key,
    size_t from, size_t end, size_t round)
{
	size_t at, i;

	j->n = 0;
	for (at = from; at < end; at += round) {
		struct mc_stretch own = part(j, at,
		    end - at < round ? end - at : round);

		for (i = own.begin; i < own.end; i++) {
			j->index[j->n] = order[i];
			if (key != NULL)
				j->key[j->n] = key[i];
			j->n++;
		}
	}
}

/* Copy the running statistics to X. */
static void
copy_statistics(struct mc_joint *j, float *x)
{
	size_t i;

	for (i = 0; i < mc_params_count(j->params); i++) {
		const struct mc_param *p = mc_params_row(j->params, i)->param;

		if (!mc_params_moves(j->params, i))
			continue;
		mc_to_f32(j->t, p->tensor, x, p->n);
		x += p->n;
	}
}

void
mc_joint_round(struct mc_joint *j, size_t at, size_t n)
{
	j->round = (struct mc_stretch){ at, at + n };
	j->own = part(j, at, n);
	if (j->ranks == NULL)
		return;
	memset(j->logits, 0, n * j->classes * sizeof(*j->logits));
	copy_statistics(j, j->before);
}

double *
mc_joint_logits(const struct mc_joint *j, size_t at)
{
	return j->logits + (at - j->round.begin) * j->classes;
}

/* --- Sums ------------------------------------------------------------------ */

void
mc_joint_sum_logits(struct mc_joint *j)
{
	mc_ranks_sum(j->ranks, j->logits,
	    (j->round.end - j->round.begin) * j->classes);
}

/* The batches that begin with image FROM, up to END. */
static double
batches(const struct mc_joint *j, size_t from, size_t end)
{
	return (double)((end - from + j->batch - 1) / j->batch);
}

/* Set X to what this rank adds to N statistics of momentum M, which are X now. */
static void
own_terms(const struct mc_joint *j, const float *before, double m, double *x,
    size_t n)
{
	double own = pow(1 - m, batches(j, j->own.begin, j->own.end));
	double behind = pow(1 - m, batches(j, j->own.end, j->round.end));
	double first = mc_ranks_own(j->ranks) > 0 ? 0 :
	    pow(1 - m, batches(j, j->round.begin, j->round.end));
	size_t i;

	for (i = 0; i < n; i++)
		x[i] = behind * (x[i] - own * before[i]) + first * before[i];
}

/* Make the running statistics what they are after the batches of all ranks. */
static void
sum_statistics(struct mc_joint *j)
{
	size_t i, at;

	for (i = at = 0; i < mc_params_count(j->params); i++) {
		const struct mc_param *p = mc_params_row(j->params, i)->param;

		if (!mc_params_moves(j->params, i))
			continue;
		mc_to_f64(j->t, p->tensor, j->moved + at, p->n);
		own_terms(j, j->before + at, p->momentum, j->moved + at, p->n);
		at += p->n;
	}
	mc_ranks_sum(j->ranks, j->moved, j->n_moved);
	for (i = 0; i < j->n_moved; i++)
		j->before[i] = (float)j->moved[i];
	for (i = at = 0; i < mc_params_count(j->params); i++) {
		const struct mc_param *p = mc_params_row(j->params, i)->param;

		if (!mc_params_moves(j->params, i))
			continue;
		mc_fill_f32(j->t, p->tensor, j->before + at, p->n);
		at += p->n;
	}
}

void
mc_joint_add(struct mc_joint *j)
{
	if (j->gradient != NULL)
		mc_params_take(j->params, j->gradient);
}

void
mc_joint_sum_gradients(struct mc_joint *j)
{
	mc_ranks_sum(j->ranks, j->gradient, j->n_gradient);
	mc_params_put(j->params, j->gradient);
	memset(j->gradient, 0, j->n_gradient * sizeof(*j->gradient));
	if (j->ranks != NULL)
		sum_statistics(j);
}
