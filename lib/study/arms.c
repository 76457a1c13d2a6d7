/* arms.c - group the runs of one task and split into arms and their seeds. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "study/arms.h"

/* A run of the set, and the name of its arm. */
struct entry {
	char *name;
	size_t set;		/* its test set; 0: the images are the same */
	size_t run;		/* in runs */
};

static char *
name_of(const struct mc_run *run)
{
	const char *arm = run->key[MC_KEY_ARM];
	const char *model = run->key[MC_KEY_MODEL];
	const char *regime = run->key[MC_KEY_REGIME];
	const char *share = run->key[MC_KEY_TRAIN_SHARE];
	bool joined = *arm == '\0' && *model != '\0' && *regime != '\0';
	const char *name = *arm != '\0' ? arm : *model != '\0' ? model :
	    regime;

	return mc_xasprintf("%s%s%s%s%s", name, joined ? "/" : "",
	    joined ? regime : "", *name != '\0' && *share != '\0' ? "@" : "",
	    *name != '\0' ? share : "");
}

static int
compare_entries(const void *va, const void *vb)
{
	const struct entry *a = va, *b = vb;
	int c = strcmp(a->name, b->name);

	if (c != 0 || a->set != b->set)
		return c != 0 ? c : a->set > b->set ? 1 : -1;
	/* Runs stand in the order of their keys, the seed among them. */
	return (a->run > b->run) - (a->run < b->run);
}

/*
 * Whether A and B, both of arm NAME, may be two of its seeds: they agree in all
 * that makes an arm.
 */
static enum mc_status
check_seed(const struct mc_run *a, const struct mc_run *b, const char *name,
    struct mc_err *err)
{
	int k;

	for (k = 0; k < MC_KEYS; k++) {
		if ((mc_keys[k].flags & MC_KEY_OF_ARM) == 0 ||
		    k == MC_KEY_TRAIN_SEED ||
		    strcmp(a->key[k], b->key[k]) == 0)
			continue;
		return mc_err_at(err, MC_EDATA, mc_run_file(b, 0),
		    b->rows[0].line, "arm \"%s\" of task \"%s\" has %s \"%s\", "
		    "but \"%s\" at %s:%u: give each a name of its own in "
		    "the column arm (mc-train --arm)", name,
		    b->key[MC_KEY_TASK], mc_key_names[k], b->key[k],
		    a->key[k], mc_run_file(a, 0),
		    a->rows[0].line);
	}
	return MC_OK;
}

/*
 * Whether the N entries, sorted, are arms and seeds, each once.  Only the one
 * arm of ALONE may be without a name.
 */
static enum mc_status
check_entries(const struct mc_runs *r, const struct entry *e, size_t n,
    bool same_images, bool alone, struct mc_err *err)
{
	bool single = strcmp(e[0].name, e[n - 1].name) == 0;
	enum mc_status status = MC_OK;
	size_t i;

	for (i = 0; i < n && status == MC_OK; i++) {
		const struct mc_run *run = mc_runs_at(r, e[i].run);

		if (*e[i].name == '\0' && !(alone && single))
			return mc_err_at(err, MC_EDATA, mc_run_file(run, 0),
			    run->rows[0].line, "column \"arm\": empty, and "
			    "so are model and regime: name what is compared");
		if (i > 0 && strcmp(e[i].name, e[i - 1].name) == 0)
			status = check_seed(mc_runs_at(r, e[i - 1].run), run,
			    e[i].name, err);
		if (i > 0 && same_images && status == MC_OK)
			status = mc_runs_check_same(r, e[0].run, e[i].run, err);
	}
	return status;
}

/* --- Test sets ------------------------------------------------------------ */

/* The first entry behind E[FIRST] that is of another arm, or N. */
static size_t
end_of_arm(const struct entry *e, size_t first, size_t n)
{
	size_t end = first + 1;

	while (end < n && strcmp(e[end].name, e[first].name) == 0)
		end++;
	return end;
}

/* How many of the entries FIRST to END are of test set SET. */
static size_t
count_set(const struct entry *e, size_t first, size_t end, size_t set)
{
	size_t n = 0;

	for (; first < end; first++)
		n += e[first].set == set;
	return n;
}

/* Check that the arm of the entries FIRST to END has each test set equally. */
static enum mc_status
check_arm_sets(const struct mc_runs *r, const struct mc_test_sets *sets,
    const struct entry *e, size_t first, size_t end, struct mc_err *err)
{
	size_t each = (end - first + sets->n - 1) / sets->n, s, there;

	for (s = 0; s < sets->n; s++) {
		const struct mc_run *run = mc_runs_at(r, sets->first[s]);

		there = count_set(e, first, end, s);
		if (there == each)
			continue;
		return mc_err_at(err, MC_EDATA, mc_run_file(run, 0),
		    run->rows[0].line, "arm \"%s\" has %zu model%s that "
		    "%s tested on these images, and %zu on others: arms must "
		    "have the same test sets, equally often", e[first].name,
		    there, MC_PLURAL(there), there == 1 ? "was" : "were",
		    each);
	}
	return MC_OK;
}

static enum mc_status
check_sets(const struct mc_runs *r, const struct mc_test_sets *sets,
    const struct entry *e, size_t n, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	size_t first, end, i;

	for (first = 0; first < n && status == MC_OK; first = end) {
		end = end_of_arm(e, first, n);
		status = check_arm_sets(r, sets, e, first, end, err);
	}
	for (i = 0; i < n && status == MC_OK; i++) {
		const struct mc_run *run = mc_runs_at(r, e[i].run);

		if (run->train_images == 0)
			status = mc_err_at(err, MC_EDATA, mc_run_file(run, 0),
			    run->rows[0].line, "arm \"%s\": the column "
			    "train_images does not say on how many images the "
			    "model was trained, which a comparison over "
			    "several test sets needs: predict again with "
			    "mc-predict, or add the column", e[i].name);
	}
	return status;
}

/* The mean of test images over training images of N entries. */
static double
test_over_train(const struct mc_runs *r, const struct entry *e, size_t n)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		const struct mc_run *run = mc_runs_at(r, e[i].run);

		sum += (double)run->n / (double)run->train_images;
	}
	return sum / (double)n;
}

/* Say of the sides, which are made of E, that they are of test sets. */
static void
add_sets(struct mc_arms *arms, const struct mc_runs *r,
    const struct mc_test_sets *sets, const struct entry *e)
{
	size_t one = 1, *n_groups = mc_xcalloc(arms->n_samples,
	    sizeof(*n_groups)), a, i;

	for (a = 0; a < arms->n; a++) {
		struct mc_side *side = &arms->side[a];

		side->n_sets = sets->n;
		side->test_over_train = test_over_train(r, e, side->n);
		e += side->n;
	}
	for (i = 0; i < arms->n_samples; i++)
		n_groups[i] = one;
	mc_run_samples_share_units(arms->samples, n_groups, arms->n_samples);
	free(n_groups);
	arms->n_images = sets->n_images;
	arms->n_units = arms->samples[0][0].s.n_units;
}

/* --- All of it ------------------------------------------------------------ */

/* Make the samples of all entries: of all rows, then of each subgroup. */
static enum mc_status
make_samples(struct mc_arms *arms, const struct mc_runs *r,
    const struct entry *e, size_t n, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	size_t i;

	arms->samples = mc_xcalloc(n, sizeof(*arms->samples));
	for (i = 0; i < n && status == MC_OK; i++) {
		status = mc_run_samples(r, e[i].run, &arms->samples[i],
		    &arms->n_groups, err);
		arms->n_samples += status == MC_OK;
	}
	return status;
}

/* Number the arms of the entries, and make their sides. */
static void
make_sides(struct mc_arms *arms, const struct mc_runs *r, struct entry *e,
    size_t n)
{
	size_t i, g, first, end, at = 0;

	arms->name = mc_xcalloc(n, sizeof(*arms->name));
	arms->share = mc_xcalloc(n, sizeof(*arms->share));
	arms->side = mc_xcalloc(n * arms->n_groups, sizeof(*arms->side));
	arms->pointers = mc_xcalloc(n * arms->n_groups,
	    sizeof(*arms->pointers));
	for (i = 0; i < n; i++) {
		if (i == 0 || strcmp(e[i].name, e[i - 1].name) != 0)
			arms->n++;
	}
	for (g = 0; g < arms->n_groups; g++) {
		struct mc_side *side = arms->side + g * arms->n;

		for (first = 0; first < n; first = end, side++) {
			side->seeds = arms->pointers + at;
			side->name = e[first].name;
			for (end = first; end < n && strcmp(e[end].name,
			    e[first].name) == 0; end++)
				arms->pointers[at++] =
				    &arms->samples[end][g].s;
			side->n = end - first;
		}
	}
	for (first = i = 0; first < n; first = end) {
		for (end = first + 1; end < n && strcmp(e[end].name,
		    e[first].name) == 0; end++) {
			free(e[end].name);
			e[end].name = e[first].name;
		}
		arms->share[i] = mc_runs_at(r,
		    e[first].run)->key[MC_KEY_TRAIN_SHARE];
		arms->name[i++] = e[first].name;
	}
	arms->first = arms->samples[0];
}

enum mc_status
mc_arms_make(struct mc_arms *arms, const struct mc_runs *r,
    const struct mc_run_set *set, const struct mc_test_sets *sets, bool alone,
    struct mc_err *err)
{
	size_t n = set->n, i;
	struct entry *e = mc_xcalloc(n, sizeof(*e));
	const struct mc_run *run = mc_runs_at(r, set->run[0]);
	enum mc_status status;

	memset(arms, 0, sizeof(*arms));
	arms->task = run->key[MC_KEY_TASK];
	arms->split = run->key[MC_KEY_SPLIT];
	for (i = 0; i < n; i++)
		e[i] = (struct entry){ name_of(mc_runs_at(r, set->run[i])),
		    sets != NULL ? sets->of[i] : 0, set->run[i] };
	qsort(e, n, sizeof(*e), compare_entries);
	status = check_entries(r, e, n, sets == NULL, alone, err);
	if (status == MC_OK && !alone &&
	    strcmp(e[0].name, e[n - 1].name) == 0)
		status = mc_err_at(err, MC_EDATA, mc_run_file(run, 0), 0,
		    "task \"%s\" has only one arm, \"%s\": also give the "
		    "predictions of another", arms->task, e[0].name);
	if (status == MC_OK && sets != NULL)
		status = check_sets(r, sets, e, n, err);
	if (status == MC_OK)
		status = make_samples(arms, r, e, n, err);
	if (status == MC_OK)
		make_sides(arms, r, e, n);
	if (status == MC_OK && sets != NULL)
		add_sets(arms, r, sets, e);
	if (status != MC_OK) {
		for (i = 0; i < n; i++)
			free(e[i].name);
		mc_arms_clear(arms);
	}
	free(e);
	return status;
}

void
mc_arms_clear(struct mc_arms *arms)
{
	size_t i;

	for (i = 0; i < arms->n_samples; i++)
		mc_run_samples_free(arms->samples[i], arms->n_groups);
	for (i = 0; i < arms->n; i++)
		free(arms->name[i]);
	free(arms->samples);
	free(arms->name);
	free(arms->share);
	free(arms->side);
	free(arms->pointers);
	memset(arms, 0, sizeof(*arms));
}

bool
mc_arms_over_sets(const struct mc_runs *r, const struct mc_run_set *set,
    const struct mc_test_sets *sets)
{
	char **name = mc_xcalloc(set->n, sizeof(*name));
	bool over = false;
	size_t i, k;

	for (i = 0; i < set->n; i++) {
		name[i] = name_of(mc_runs_at(r, set->run[i]));
		for (k = 0; k < i && !over; k++)
			over = sets->of[i] != sets->of[k] &&
			    strcmp(name[i], name[k]) == 0;
	}
	for (i = 0; i < set->n; i++)
		free(name[i]);
	free(name);
	return over;
}

size_t
mc_arms_find(const struct mc_arms *arms, const char *name)
{
	size_t a;

	for (a = 0; a < arms->n && strcmp(arms->name[a], name) != 0; a++)
		;
	return a;
}

bool
mc_arms_same_share(const struct mc_arms *arms, size_t a, size_t b)
{
	return *arms->share[a] == '\0' || *arms->share[b] == '\0' ||
	    strcmp(arms->share[a], arms->share[b]) == 0;
}

enum mc_status
mc_arms_reference(const struct mc_arms *arms, const char *name, size_t *of,
    struct mc_err *err)
{
	size_t exact = name != NULL ? mc_arms_find(arms, name) : arms->n, a;
	bool any = false;

	for (a = 0; a < arms->n; a++) {
		char *at = mc_xasprintf("%s@%s", name != NULL ? name : "",
		    arms->share[a]);

		of[a] = exact;
		if (name != NULL && exact == arms->n)
			of[a] = mc_arms_find(arms, at);
		any |= of[a] < arms->n;
		free(at);
	}
	if (name != NULL && !any)
		return mc_err_set(err, MC_EUSAGE, "--reference: task \"%s\" "
		    "has no arm \"%s\"", arms->task, name);
	return MC_OK;
}

/* --- Folds ---------------------------------------------------------------- */

/* The error that A and B, of one task and split, are of two folds. */
static enum mc_status
two_folds(const struct mc_run *a, const struct mc_run *b, bool pooled,
    struct mc_err *err)
{
	const char *x = a->key[MC_KEY_FOLD], *y = b->key[MC_KEY_FOLD];

	if (pooled)
		return mc_err_at(err, MC_EDATA, mc_run_file(b, 0),
		    b->rows[0].line, "task \"%s\", split \"%s\": --folds pool "
		    "finds no other fold to pool with \"%s\": the folds of an "
		    "arm must "
		    "agree in model, regime, features, train_seed, weights and "
		    "train_share",
		    a->key[MC_KEY_TASK], a->key[MC_KEY_SPLIT],
		    *y != '\0' ? y : x);
	return mc_err_at(err, MC_EDATA, mc_run_file(b, 0), b->rows[0].line,
	    "task \"%s\", split \"%s\" has folds \"%s\" and \"%s\": give "
	    "--folds pool or --test corrected-t, or compare one at a time",
	    a->key[MC_KEY_TASK], a->key[MC_KEY_SPLIT], x, y);
}

enum mc_status
mc_arms_check_folds(const struct mc_runs *r, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	struct mc_run_set *sets;
	size_t n, i, k;

	sets = mc_runs_sets(r, mc_keys_with(MC_KEY_OF_ARM) |
	    1u << MC_KEY_FOLD, &n);
	for (i = 0; i < n; i++) {
		const struct mc_run *a = mc_runs_at(r, sets[i].run[0]), *b;

		for (k = 1; k < sets[i].n && status == MC_OK; k++) {
			b = mc_runs_at(r, sets[i].run[k]);
			if (strcmp(a->key[MC_KEY_FOLD],
			    b->key[MC_KEY_FOLD]) != 0)
				status = two_folds(a, b, mc_runs_pooled(r),
				    err);
		}
	}
	free(sets);
	return status;
}
