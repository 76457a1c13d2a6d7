/* finding_arms.c - make arms whose values are means over findings. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/names.h"
#include "study/finding_arms.h"

/* Let all samples of X share their units. */
static void
share_units(struct mc_finding_arms *x)
{
	size_t all = x->n * x->of[0].n_samples, n = 0, f, i;
	struct mc_run_sample **samples = mc_xcalloc(all, sizeof(*samples));
	size_t *n_groups = mc_xcalloc(all, sizeof(*n_groups));

	for (f = 0; f < x->n; f++) {
		for (i = 0; i < x->of[f].n_samples; i++) {
			samples[n] = x->of[f].samples[i];
			n_groups[n++] = x->of[f].n_groups;
		}
	}
	mc_run_samples_share_units(samples, n_groups, n);
	free(samples);
	free(n_groups);
}

/* The number of the group NAME of ARMS; n_groups: it has none. */
static size_t
find_group(const struct mc_arms *arms, const char *name)
{
	size_t g;

	for (g = 0; g < arms->n_groups &&
	    strcmp(arms->first[g].subgroup, name) != 0; g++)
		;
	return g;
}

/* The groups of all findings; freed with mc_names_free. */
static struct mc_names *
group_names(const struct mc_finding_arms *x)
{
	struct mc_names *names = mc_names_alloc();
	size_t f, g;

	for (f = 0; f < x->n; f++) {
		for (g = 0; g < x->of[f].n_groups; g++)
			mc_names_add(names, x->of[f].first[g].subgroup);
	}
	return names;
}

/*
 * Make group G, called NAME: its first sample, and the pointers at AT.  Returns
 * what follows these.
 */
static const struct mc_sample **
join_group(struct mc_finding_arms *x, size_t g, const char *name,
    const struct mc_sample **at)
{
	bool found = false;
	size_t a, f, own;

	for (a = 0; a < x->arms.n; a++) {
		struct mc_side *side = &x->arms.side[g * x->arms.n + a];

		*side = x->of[0].side[a];
		side->seeds = at;
		for (f = 0; f < x->n; f++, at += side->n) {
			const struct mc_arms *of = &x->of[f];

			if ((own = find_group(of, name)) == of->n_groups)
				continue;
			memcpy(at, of->side[own * of->n + a].seeds, side->n *
			    sizeof(*at));
			if (!found)
				x->first[g] = of->first[own];
			found = true;
		}
	}
	return at;
}

/* Make the arms of all findings of SET. */
static void
join(struct mc_finding_arms *x, const struct mc_finding_set *set)
{
	struct mc_names *names = group_names(x);
	const struct mc_sample **at;
	size_t n_groups = mc_names_count(names), g;

	x->arms = (struct mc_arms){ .task = set->task,
	    .split = x->of[0].split, .tasks = { set->name, set->n },
	    .n = x->of[0].n, .name = x->of[0].name, .share = x->of[0].share,
	    .n_groups = n_groups };
	x->arms.side = mc_xcalloc(n_groups * x->arms.n,
	    sizeof(*x->arms.side));
	x->arms.first = x->first = mc_xcalloc(n_groups, sizeof(*x->first));
	x->arms.pointers = at = mc_xcalloc(n_groups * x->n *
	    x->of[0].n_samples, sizeof(*at));
	for (g = 0; g < n_groups; g++)
		at = join_group(x, g, mc_names_at(names, g), at);
	mc_names_free(names);
}

enum mc_status
mc_finding_arms_make(struct mc_finding_arms *x, const struct mc_runs *r,
    const struct mc_finding_set *set, struct mc_err *err)
{
	enum mc_status status = MC_OK;

	memset(x, 0, sizeof(*x));
	x->of = mc_xcalloc(set->n, sizeof(*x->of));
	while (x->n < set->n && status == MC_OK) {
		const struct mc_run_set runs = { set->run + x->n * set->n_runs,
		    set->n_runs };

		status = mc_arms_make(&x->of[x->n++], r, &runs, NULL,
		    false, err);
	}
	if (status != MC_OK)
		return status;
	share_units(x);
	join(x, set);
	return MC_OK;
}

void
mc_finding_arms_clear(struct mc_finding_arms *x)
{
	size_t f;

	free(x->arms.side);
	free(x->first);
	free(x->arms.pointers);
	for (f = 0; f < x->n; f++)
		mc_arms_clear(&x->of[f]);
	free(x->of);
	memset(x, 0, sizeof(*x));
}
