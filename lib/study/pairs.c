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

/*
 * Add the pairs of arms in group G.  OF[a] is the reference of arm a; without
 * REFERENCES every two arms of a share are a pair.
 */
static void
add_arms(struct list *p, const struct mc_arms *arms, size_t g,
    bool references, const size_t *of)
{
	size_t n = arms->n, at = g * n, a, b;
	size_t family = g == 0 ? MC_PAIRS_ALL : MC_PAIRS_SUBGROUPS;

	for (a = 0; a < n; a++) {
		if (references && of[a] < n && of[a] != a)
			add_pair(p, at + a, at + of[a], false, family);
		for (b = a + 1; !references && b < n; b++) {
			if (mc_arms_same_share(arms, a, b))
				add_pair(p, at + a, at + b, false, family);
		}
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
	size_t *of = mc_xcalloc(arms->n, sizeof(*of)), g;
	struct list list = { 0 };
	enum mc_status status = mc_arms_reference(arms, reference, of, err);

	*pairs = NULL;
	for (g = 0; g < arms->n_groups && status == MC_OK; g++)
		add_arms(&list, arms, g, reference != NULL, of);
	free(of);
	if (status == MC_OK && arms->n > 1 && list.n == 0)
		status = mc_err_set(err, MC_EUSAGE, "task \"%s\": no two arms "
		    "are of one train_share: compare the others with one arm, "
		    "as with --reference %s", arms->task, arms->name[0]);
	if (status != MC_OK)
		return status;
	if (gaps)
		add_gaps(&list, arms);
	*pairs = list.pair;
	*n = list.n;
	return MC_OK;
}
