/* cards_facts.c - print what the models of a card record. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "report/cards_internal.h"

/*
 * Keys of __model__ in the order of print.  Keys without a name here are printed
 * under their own, after these.
 */
static const struct {
	const char *key, *name;
	const char *column;	/* of tables whose names it has; NULL: none */
} facts[] = {
	{ "task", "Task", "task" },
	{ "arm", "Arm", "arm" },
	{ "backbone", "Network", "model" },
	{ "family", "Family of the network", NULL },
	{ "regime", "Regime", "regime" },
	{ "features", "Features", "features" },
	{ "head", "Head", NULL },
	{ "weights", "Weights", NULL },
	{ "weights_sha256", "SHA-256 of the weights", NULL },
	{ "weights_from", "Origin of the weights", NULL },
	{ "weights_prefix", "Prefix in the weights", NULL },
	{ "weights_allow_extra", "Further arrays in the weights file", NULL },
	{ "lc_weights", "Further weights", NULL },
	{ "lc_weights_sha256", "SHA-256 of the further weights", NULL },
	{ "init_seed", "Seed of random weights", NULL },
	{ "preprocess", "Preprocessing", NULL },
	{ "grey_levels", "Grey levels", NULL },
	{ "precision", "Precision", NULL },
	{ "class", "Classes", "class" },
	{ "finding", "Findings", "class" },
	{ "uncertain", "Uncertain findings", NULL },
	{ "no_finding", "Word for no finding", NULL },
	{ "class_weight", "Weights of the classes", NULL },
	{ "sample", "Sampling", NULL },
	{ "augment", "Augmentation", NULL },
	{ "mixup", "Mixup", NULL },
	{ "cutmix", "CutMix", NULL },
	{ "label_smoothing", "Label smoothing", NULL },
	{ "focal", "Focal loss", NULL },
	{ "optimizer", "Optimiser", NULL },
	{ "lr", "Learning rate", NULL },
	{ "lr_tried", "Learning rates tried", NULL },
	{ "schedule", "Schedule", NULL },
	{ "warmup", "Warm-up", NULL },
	{ "momentum", "Momentum", NULL },
	{ "weight_decay", "Weight decay", NULL },
	{ "layer_decay", "Decay by layers", NULL },
	{ "unfreeze", "Unfrozen", NULL },
	{ "lora", "LoRA (rank:alpha)", NULL },
	{ "drop_path", "Drop path", NULL },
	{ "batch", "Images per batch", NULL },
	{ "accumulate", "Batches per step", NULL },
	{ "clip", "Clipping of gradients", NULL },
	{ "ema", "Moving average", NULL },
	{ "epochs", "Epochs", NULL },
	{ "patience", "Patience", NULL },
	{ "select", "Epoch chosen by", NULL },
	{ "epoch", "Epoch kept", NULL },
	{ "seed", "Training seed", NULL },
	{ "fold", "Left-out fold", NULL },
	{ "val_fold", "Validation fold", NULL },
	{ "share", "Share of training images used (%)", NULL },
	{ "images_train", "Training images", NULL },
	{ "units_train", "Training groups", NULL },
	{ "images_val", "Validation images", NULL },
	{ "images_test_left", "Test images not used", NULL },
	{ "images_fold_left", "Images of the left-out fold", NULL },
	{ "images_share_left", "Images outside the share", NULL },
	{ "images_bad", "Images that could not be read", NULL },
	{ "manifest_sha256", "SHA-256 of the manifest", NULL },
	{ "version", "mctools", NULL },
	{ "libraries", "Libraries", NULL },
	{ "device", "Device", NULL },
	{ "threads", "Threads", NULL },
	{ "deterministic", "Deterministic", NULL },
};
#define N_FACTS (sizeof(facts) / sizeof(facts[0]))

/* Of each run, also where all runs have the same. */
static const char *const of_runs[] = { "seed", "fold", "share", "images_train",
    "images_val", "epoch" };

static bool
is_of_run(const char *key)
{
	size_t i;

	for (i = 0; i < sizeof(of_runs) / sizeof(of_runs[0]); i++) {
		if (strcmp(of_runs[i], key) == 0)
			return true;
	}
	return false;
}

/* Whether KEY is a column of the table of runs; a single run has none. */
static bool
is_column(const struct card *c, const char *key)
{
	return c->n > 1 && card_has(c, key) && (is_of_run(key) ||
	    card_varies(c, key));
}

/*
 * The keys that some model has and facts[] has not, in their order, but for the
 * format of the tar, which says nothing of the model.
 */
static struct mc_names *
further_keys(const struct card *c)
{
	struct mc_names *names = mc_names_alloc();
	const char *key, *value;
	size_t i, j, k;

	for (i = 0; i < c->n; i++) {
		for (j = 0; mc_keyvalue_at(c->m[i]->about, j, &key, &value);
		    j++) {
			for (k = 0; k < N_FACTS; k++) {
				if (strcmp(facts[k].key, key) == 0)
					break;
			}
			if (k == N_FACTS && strcmp(key, "format") != 0)
				mc_names_add(names, key);
		}
	}
	return names;
}

/* What all of its models have in common. */
static void
put_fact(const struct card *c, const char *key, const char *name,
    const char *column)
{
	char *value;

	if (!card_has(c, key) || is_column(c, key))
		return;
	value = card_values(c->m[0], key, column, c->names);
	mc_page_fact(c->p, name, value);
	free(value);
}

void
card_put_facts(const struct card *c)
{
	struct mc_names *further = further_keys(c);
	size_t i;

	mc_page_facts_begin(c->p);
	for (i = 0; i < N_FACTS; i++)
		put_fact(c, facts[i].key, facts[i].name, facts[i].column);
	for (i = 0; i < mc_names_count(further); i++)
		put_fact(c, mc_names_at(further, i), mc_names_at(further, i),
		    NULL);
	if (c->n == 1) {
		mc_page_fact(c->p, "File", c->m[0]->name);
		mc_page_fact(c->p, "SHA-256 of the file", c->m[0]->sha256);
	}
	mc_page_facts_end(c->p);
	mc_names_free(further);
}

/* Columns: what the runs of facts[] and FURTHER differ in; then file, digest. */
void
card_put_runs(const struct card *c)
{
	struct mc_names *further = further_keys(c);
	size_t n = N_FACTS + mc_names_count(further), i, k;
	char *caption = mc_xasprintf("Runs: %zu model%s", c->n,
	    MC_PLURAL(c->n));
	char *id = mc_xasprintf("card-%zu-runs", c->number);
	struct mc_grid *g = mc_grid_alloc(caption, NULL);
	const char *key;

	for (k = 0; k < n; k++) {
		key = k < N_FACTS ? facts[k].key :
		    mc_names_at(further, k - N_FACTS);
		if (is_column(c, key))
			mc_grid_add_column(g, k < N_FACTS ? facts[k].name :
			    key, is_of_run(key));
	}
	mc_grid_add_column(g, "File", false);
	mc_grid_add_column(g, "SHA-256 of the file", false);
	for (i = 0; i < c->n; i++) {
		struct mc_grid_cell *cell = mc_grid_add_line(g, MC_NO_RULE);

		for (k = 0; k < n; k++) {
			key = k < N_FACTS ? facts[k].key :
			    mc_names_at(further, k - N_FACTS);
			if (is_column(c, key))
				cell++->text = card_values(c->m[i], key, k <
				    N_FACTS ? facts[k].column : NULL,
				    c->names);
		}
		cell++->text = mc_xstrdup(c->m[i]->name);
		cell->text = mc_xstrdup(c->m[i]->sha256);
	}
	mc_grid_finish(g);
	mc_page_grid(c->p, g, id);
	mc_grid_free(g);
	mc_names_free(further);
	free(caption);
	free(id);
}

/* --- The arms at a glance ---------------------------------------------------- */

/* Keys of the overview; those that no model has are no columns. */
static const char *const overview[] = { "weights", "head", "augment",
    "optimizer", "lr", "epochs", "share", "images_train", "images_val" };
#define N_OVERVIEW (sizeof(overview) / sizeof(overview[0]))

static const char *
name_of(const char *key)
{
	size_t k = 0;

	while (strcmp(facts[k].key, key) != 0)
		k++;
	return facts[k].name;
}

/* The distinct values of KEY in the models of the card, joined by "; ". */
static char *
distinct_values(const struct card *c, const char *key)
{
	struct mc_cards own = { 0 };
	char *values;
	size_t i;

	own.n = c->n;
	own.model = mc_xcalloc(c->n, sizeof(*own.model));
	for (i = 0; i < c->n; i++)
		own.model[i] = *c->m[i];
	values = mc_cards_values(&own, key);
	free(own.model);
	return values;
}

/* The table of the arms. */
struct arms {
	struct mc_grid *g;
	size_t n;
	char *first[N_OVERVIEW];	/* the values of the first arm */
	bool differs[N_OVERVIEW];	/* from those of another, or is alone */
};

static void
compare_arm(const struct card *c, void *arg)
{
	struct arms *a = arg;
	size_t k;

	for (k = 0; k < N_OVERVIEW; k++) {
		char *values = distinct_values(c, overview[k]);

		if (a->n == 0) {
			a->first[k] = values;
			continue;
		}
		a->differs[k] = a->differs[k] || strcmp(values,
		    a->first[k]) != 0;
		free(values);
	}
	a->n++;
}

/* Choose the columns: what all arms have in common is said below the table, which
   is wide enough without it. */
static void
add_columns(struct arms *a)
{
	struct mc_buf common = { 0 };
	size_t k;

	mc_grid_add_column(a->g, "Task", false);
	mc_grid_add_column(a->g, "Arm", false);
	for (k = 0; k < N_OVERVIEW; k++) {
		a->differs[k] = a->differs[k] || (a->n == 1 &&
		    *a->first[k] != '\0');
		if (a->differs[k])
			mc_grid_add_column(a->g, name_of(overview[k]), k > 3);
		else if (*a->first[k] != '\0')
			mc_buf_printf(&common, " %s: %s.",
			    name_of(overview[k]), a->first[k]);
	}
	mc_grid_add_column(a->g, "Models", true);
	if (common.len > 0)
		mc_grid_say(a->g, "The same for all arms.%s", common.data);
	mc_buf_free(&common);
}

static void
add_arm(const struct card *c, void *arg)
{
	const struct arms *a = arg;
	struct mc_grid_cell *cell = mc_grid_add_line(a->g, MC_NO_RULE);
	size_t k;

	cell++->text = mc_xstrdup(c->m[0]->task);
	cell++->text = mc_xstrdup(c->m[0]->arm);
	for (k = 0; k < N_OVERVIEW; k++) {
		if (a->differs[k])
			cell++->text = distinct_values(c, overview[k]);
	}
	cell->text = mc_xasprintf("%zu", c->n);
}

void
mc_cards_overview(const struct mc_cards *cards, struct mc_page *p)
{
	struct card c = { .p = p };
	struct arms a = { .g = mc_grid_alloc("Arms and their models", NULL) };
	size_t k;

	cards_walk(cards, &c, compare_arm, &a);
	add_columns(&a);
	cards_walk(cards, &c, add_arm, &a);
	mc_grid_finish(a.g);
	mc_page_grid(p, a.g, "arms");
	for (k = 0; k < N_OVERVIEW; k++)
		free(a.first[k]);
	mc_grid_free(a.g);
}
