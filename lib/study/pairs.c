/* pairs.c - list the pairs of arms and subgroups that a study compares. */
#include "config.h"

#include "base/mem.h"
#include "study/pairs.h"

struct list {
	size_t n, cap;
	struct mc_pair *pair;
};

static void
add_pair(struct list *p, size_t a, size_t b, bool same_arm, size_t family)
{
	p->pair = mc_xgrow(p->pair, p->n, &p->cap, sizeof(*p->pair));
	p->pair[p->n++] = (struct mc_pair){ a, b, same_arm, family };
}

/* Add the pairs of arms in one group, whose first side is AT. */
static void
add_arms(struct list *p, size_t n, size_t at, size_t reference, size_t family)
{
	size_t a, b;

	for (a = 0; a < n; a++) {
		if (reference < n && a != reference)
			add_pair(p, at + a, at + reference, false, family);
		for (b = a + 1; reference == n && b < n; b++)
			add_pair(p, at + a, at + b, false, family);
	}
}

static void
add_gaps(struct list *p, const struct mc_arms *arms)
{
	size_t n = arms->n, g, h, a;

	for (a = 0; a < n; a++) {
		for (g = 1; g < arms->n_groups; g++) {
			for (h = g + 1; h < arms->n_groups &&
			    arms->first[h].term == arms->first[g].term; h++)
				add_pair(p, g * n + a, h * n + a, true,
				    MC_PAIRS_GAPS + a);
		}
	}
}

enum mc_status
mc_pairs_make(const struct mc_arms *arms, const char *reference, bool gaps,
    struct mc_pair **pairs, size_t *n, struct mc_err *err)
{
	struct list list = { 0 };
	enum mc_status status;
	size_t number, g;

	*pairs = NULL;
	status = mc_arms_reference(arms, reference, &number, err);
	if (status != MC_OK)
		return status;
	for (g = 0; g < arms->n_groups; g++)
		add_arms(&list, arms->n, g * arms->n, number,
		    g == 0 ? MC_PAIRS_ALL : MC_PAIRS_SUBGROUPS);
	if (gaps)
		add_gaps(&list, arms);
	*pairs = list.pair;
	*n = list.n;
	return MC_OK;
}
