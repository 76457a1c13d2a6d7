/* finding_set.c - gather the runs of the findings of multi-label data. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "study/finding_set.h"

/* The finding that TASK ends with. */
static const char *
finding_of(const char *task)
{
	const char *colon = strrchr(task, ':');

	return colon != NULL ? colon + 1 : task;
}

/* The length of the task that TASK begins with. */
static size_t
prefix(const char *task)
{
	const char *colon = strrchr(task, ':');

	return colon != NULL ? (size_t)(colon - task) : 0;
}

static bool
same_prefix(const char *a, const char *b)
{
	/* The task ":X" is one of the task "", as "X" is. */
	return prefix(a) == prefix(b) && strncmp(a, b, prefix(a)) == 0;
}

static void
clear(struct mc_finding_set *f)
{
	free(f->task);
	free(f->name);
	free(f->run);
	memset(f, 0, sizeof(*f));
}

void
mc_finding_sets_free(struct mc_finding_set *sets, size_t n)
{
	size_t i;

	for (i = 0; sets != NULL && i < n; i++)
		clear(&sets[i]);
	free(sets);
}

/* Put the runs of SET with the prefix of TASK, which are DONE then, into F. */
static size_t
gather(const struct mc_runs *r, const struct mc_run_set *set,
    const char *task, bool *done, struct mc_finding_set *f)
{
	const char *last = NULL;
	size_t n = 0, i;

	f->task = mc_xstrndup(task, prefix(task));
	f->name = mc_xcalloc(set->n, sizeof(*f->name));
	f->run = mc_xcalloc(set->n, sizeof(*f->run));
	for (i = 0; i < set->n; i++) {
		const struct mc_run *run = mc_runs_at(r, set->run[i]);
		const char *own = run->key[MC_KEY_TASK];

		if (done[i] || !same_prefix(own, task))
			continue;
		done[i] = true;
		if (last == NULL || strcmp(own, last) != 0)
			f->name[f->n++] = finding_of(own);
		last = own;
		f->run[n++] = set->run[i];
	}
	return n;
}

/* Whether two runs agree in the keys EXCEPT. */
static bool
agree(const struct mc_run *a, const struct mc_run *b, unsigned except)
{
	int k;

	for (k = 0; k < MC_KEYS; k++) {
		if (k != MC_KEY_TASK && (except & 1u << k) != 0 &&
		    strcmp(a->key[k], b->key[k]) != 0)
			return false;
	}
	return true;
}

static const char *
task_of(const struct mc_runs *r, size_t run)
{
	return mc_runs_at(r, run)->key[MC_KEY_TASK];
}

/* How many of the N runs from RUN on are of the first one's task. */
static size_t
count_runs(const struct mc_runs *r, const size_t *run, size_t n)
{
	size_t i;

	for (i = 1; i < n && strcmp(task_of(r, run[i]), task_of(r, run[0])) == 0;
	    i++)
		;
	return i;
}

/*
 * Each finding must have the same runs: of the N of F, those of a task follow
 * one another.
 */
static enum mc_status
check_runs(const struct mc_runs *r, struct mc_finding_set *f, size_t n,
    unsigned except, struct mc_err *err)
{
	size_t i, k;

	f->n_runs = count_runs(r, f->run, n);
	for (i = 0; i < n; i += f->n_runs) {
		bool same = count_runs(r, f->run + i, n - i) == f->n_runs;

		for (k = 0; k < f->n_runs && same; k++)
			same = agree(mc_runs_at(r, f->run[i + k]),
			    mc_runs_at(r, f->run[k]), except);
		if (same)
			continue;
		return mc_err_set(err, MC_EDATA, "%s: task \"%s\" does not "
		    "have the same arms and training seeds as task \"%s\": "
		    "give predictions of all findings, or leave out "
		    "--mean-over-findings",
		    mc_run_file(mc_runs_at(r, f->run[i]), 0),
		    task_of(r, f->run[i]), task_of(r, f->run[0]));
	}
	return MC_OK;
}

enum mc_status
mc_finding_sets_make(struct mc_finding_set **sets, size_t *n,
    const struct mc_runs *r, const struct mc_run_set *set, unsigned except,
    struct mc_err *err)
{
	struct mc_finding_set *list = mc_xcalloc(set->n, sizeof(*list)), *f;
	bool *done = mc_xcalloc(set->n, sizeof(*done));
	enum mc_status status = MC_OK;
	size_t i, runs;

	*n = 0;
	for (i = 0; i < set->n; i++)
		done[i] = !mc_run_is_finding(mc_runs_at(r, set->run[i]));
	for (i = 0; i < set->n && status == MC_OK; i++) {
		if (done[i])
			continue;
		f = &list[(*n)++];
		runs = gather(r, set, mc_runs_at(r, set->run[i])->key[
		    MC_KEY_TASK], done, f);
		if (f->n > 1) {
			status = check_runs(r, f, runs, except, err);
			continue;
		}
		clear(f);	/* it is alone */
		--*n;
	}
	free(done);
	*sets = list;
	if (status != MC_OK) {
		mc_finding_sets_free(list, *n);
		*sets = NULL;
		*n = 0;
	}
	return status;
}

enum mc_status
mc_finding_sets_none(struct mc_err *err)
{
	return mc_err_set(err, MC_EDATA, "--mean-over-findings: no two tasks "
	    "with the classes no and yes are findings of one task, as in "
	    "chest:Mass and chest:Nodule");
}
