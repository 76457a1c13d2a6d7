/* cards.c - describe the models of a study: a model card per arm. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bidi.h"
#include "base/names.h"
#include "report/cards.h"
#include "report/columns.h"
#include "report/notes.h"
#include "stats/metric.h"

struct model {
	char *name;
	char *sha256;
	struct mc_keyvalue *about;
};

struct mc_cards {
	struct model *model;
	size_t n, cap;
};

/*
 * Keys of __model__ in the order of print.  Keys without a name here are printed
 * under their own, after these.
 */
static const struct {
	const char *key, *name;
} facts[] = {
	{ "task", "Task" },
	{ "arm", "Arm" },
	{ "backbone", "Network" },
	{ "family", "Family of the network" },
	{ "regime", "Regime" },
	{ "features", "Features" },
	{ "head", "Head" },
	{ "weights", "Weights" },
	{ "weights_sha256", "SHA-256 of the weights" },
	{ "weights_from", "Origin of the weights" },
	{ "weights_prefix", "Prefix in the weights" },
	{ "weights_allow_extra", "Extra arrays in the weights" },
	{ "lc_weights", "Further weights" },
	{ "lc_weights_sha256", "SHA-256 of the further weights" },
	{ "init_seed", "Seed of random weights" },
	{ "preprocess", "Preprocessing" },
	{ "grey_levels", "Grey levels" },
	{ "precision", "Precision" },
	{ "class", "Classes" },
	{ "finding", "Findings" },
	{ "uncertain", "Uncertain findings" },
	{ "no_finding", "Word for no finding" },
	{ "class_weight", "Weights of the classes" },
	{ "sample", "Sampling" },
	{ "augment", "Augmentation" },
	{ "mixup", "Mixup" },
	{ "cutmix", "CutMix" },
	{ "label_smoothing", "Label smoothing" },
	{ "focal", "Focal loss" },
	{ "optimizer", "Optimiser" },
	{ "lr", "Learning rate" },
	{ "lr_tried", "Learning rates tried" },
	{ "schedule", "Schedule" },
	{ "warmup", "Warm-up" },
	{ "momentum", "Momentum" },
	{ "weight_decay", "Weight decay" },
	{ "layer_decay", "Decay by layers" },
	{ "unfreeze", "Unfrozen" },
	{ "lora", "LoRA (rank:alpha)" },
	{ "drop_path", "Drop path" },
	{ "batch", "Images per batch" },
	{ "accumulate", "Batches per step" },
	{ "clip", "Clipping of gradients" },
	{ "ema", "Moving average" },
	{ "epochs", "Epochs" },
	{ "patience", "Patience" },
	{ "select", "Epoch chosen by" },
	{ "epoch", "Epoch kept" },
	{ "seed", "Training seed" },
	{ "fold", "Fold left out" },
	{ "val_fold", "Fold that validates" },
	{ "share", "Share of training images (%)" },
	{ "images_train", "Images that train" },
	{ "units_train", "Groups that train" },
	{ "images_val", "Images that validate" },
	{ "images_test_left", "Test images left alone" },
	{ "images_fold_left", "Images of the fold left alone" },
	{ "images_share_left", "Images outside the share" },
	{ "images_bad", "Images that could not be read" },
	{ "manifest_sha256", "SHA-256 of the manifest" },
	{ "version", "mctools" },
	{ "libraries", "Libraries" },
	{ "device", "Device" },
	{ "threads", "Threads" },
	{ "deterministic", "Deterministic" },
};
#define N_FACTS (sizeof(facts) / sizeof(facts[0]))

/* Of each run, also where all runs have the same. */
static const char *const of_runs[] = { "seed", "fold", "share", "images_train",
    "images_val", "epoch" };

struct mc_cards *
mc_cards_alloc(void)
{
	return mc_xcalloc(1, sizeof(struct mc_cards));
}

void
mc_cards_free(struct mc_cards *c)
{
	size_t i;

	if (c == NULL)
		return;
	for (i = 0; i < c->n; i++) {
		free(c->model[i].name);
		free(c->model[i].sha256);
		mc_keyvalue_free(c->model[i].about);
	}
	free(c->model);
	free(c);
}

void
mc_cards_add(struct mc_cards *c, const char *name, const char *sha256,
    struct mc_keyvalue *about)
{
	c->model = mc_xgrow(c->model, c->n, &c->cap, sizeof(*c->model));
	c->model[c->n].name = mc_bidi_isolate(name);
	c->model[c->n].sha256 = mc_xstrdup(sha256);
	c->model[c->n++].about = about;
}

/* --- What all models say ----------------------------------------------------- */

size_t
mc_cards_models(const struct mc_cards *c)
{
	return c->n;
}

size_t
mc_cards_with(const struct mc_cards *c, const char *key, const char *value)
{
	size_t n = 0, i;

	for (i = 0; i < c->n; i++) {
		const char *own = mc_keyvalue_get(c->model[i].about, key, 0);

		if (own != NULL && (value == NULL || strcmp(own, value) == 0))
			n++;
	}
	return n;
}

size_t
mc_cards_with_both(const struct mc_cards *c, const char *key_a, const char *a,
    const char *key_b, const char *b)
{
	size_t n = 0, i;

	for (i = 0; i < c->n; i++) {
		const char *x = mc_keyvalue_get(c->model[i].about, key_a, 0);
		const char *y = mc_keyvalue_get(c->model[i].about, key_b, 0);

		if (x != NULL && strcmp(x, a) == 0 && y != NULL &&
		    strcmp(y, b) == 0)
			n++;
	}
	return n;
}

/* All values that M has of KEY, isolated (bidi.h) and joined by ", "; "" where it
   has none. */
static char *
values_of(const struct model *m, const char *key)
{
	struct mc_buf text = { 0 };
	const char *value;
	size_t i;

	mc_buf_puts(&text, "");
	for (i = 0; (value = mc_keyvalue_get(m->about, key, i)) != NULL; i++) {
		mc_buf_puts(&text, i > 0 ? ", " : "");
		mc_bidi_put(&text, value);
	}
	return text.data;
}

char *
mc_cards_values(const struct mc_cards *c, const char *key)
{
	struct mc_names *names = mc_names_alloc();
	struct mc_buf text = { 0 };
	size_t i;

	mc_buf_puts(&text, "");
	for (i = 0; i < c->n; i++) {
		char *value = values_of(&c->model[i], key);

		if (*value != '\0')
			mc_names_copy(names, value);
		free(value);
	}
	for (i = 0; i < mc_names_count(names); i++)
		mc_buf_printf(&text, "%s%s", i > 0 ? "; " : "",
		    mc_names_at(names, i));
	mc_names_free(names);
	return text.data;
}

/* --- Arms -------------------------------------------------------------------- */

/* The value of KEY, or "". */
static const char *
text_of(const struct model *m, const char *key)
{
	const char *value = mc_keyvalue_get(m->about, key, 0);

	return value != NULL ? value : "";
}

/* What tells arms apart, but not their runs. */
static bool
is_of_arm(enum mc_key key)
{
	return mc_keys[key].entry != NULL && key != MC_KEY_TRAIN_SEED;
}

static int
compare_arms(const struct model *a, const struct model *b)
{
	int k, c;

	for (k = 0; k < MC_KEYS; k++) {
		if (!is_of_arm((enum mc_key)k))
			continue;
		c = strverscmp(text_of(a, mc_keys[k].entry),
		    text_of(b, mc_keys[k].entry));
		if (c != 0)
			return c;
	}
	return 0;
}

size_t
mc_cards_one_seed(const struct mc_cards *c, size_t *arms)
{
	size_t n = 0, i, j;
	bool first, one;

	*arms = 0;
	for (i = 0; i < c->n; i++) {
		const char *seed = text_of(&c->model[i], "seed");

		first = true;
		one = *seed != '\0';
		for (j = 0; j < c->n; j++) {
			if (compare_arms(&c->model[i], &c->model[j]) != 0)
				continue;
			first = first && j >= i;
			one = one && strcmp(seed,
			    text_of(&c->model[j], "seed")) == 0;
		}
		*arms += first;
		n += first && one;
	}
	return n;
}

static int
compare_models(const void *a, const void *b)
{
	const struct model *x = *(const struct model *const *)a;
	const struct model *y = *(const struct model *const *)b;
	int c = compare_arms(x, y);

	if (c == 0)
		c = strverscmp(text_of(x, "seed"), text_of(y, "seed"));
	if (c == 0)
		c = strverscmp(text_of(x, "fold"), text_of(y, "fold"));
	return c != 0 ? c : strcmp(x->name, y->name);
}

/* Whether ROW is of the arm of M; a column that the table lacks is of any. */
static bool
is_of(const struct mc_metrics_row *row, const struct model *m)
{
	int k;

	for (k = 0; k < MC_KEYS; k++) {
		if (!is_of_arm((enum mc_key)k) ||
		    (*row->key[k] == '\0' &&
		    (mc_keys[k].flags & MC_KEY_OPTIONAL) != 0))
			continue;
		if (strcmp(row->key[k], text_of(m, mc_keys[k].entry)) != 0)
			return false;
	}
	return true;
}

/* --- A card ------------------------------------------------------------------ */

struct card {
	const struct model **m;		/* its models */
	size_t n, number;
	const struct mc_rows *metrics, *printed;
	const struct mc_table_style *style;
	struct mc_page *p;
};

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

/* Whether models of the card differ in KEY. */
static bool
varies(const struct card *c, const char *key)
{
	char *first = values_of(c->m[0], key);
	bool differs = false;
	size_t i;

	for (i = 1; i < c->n && !differs; i++) {
		char *other = values_of(c->m[i], key);

		differs = strcmp(first, other) != 0;
		free(other);
	}
	free(first);
	return differs;
}

static bool
has_key(const struct card *c, const char *key)
{
	size_t i;

	for (i = 0; i < c->n; i++) {
		if (mc_keyvalue_get(c->m[i]->about, key, 0) != NULL)
			return true;
	}
	return false;
}

/* Whether KEY is a column of the table of runs; a single run has none. */
static bool
is_column(const struct card *c, const char *key)
{
	return c->n > 1 && has_key(c, key) && (is_of_run(key) ||
	    varies(c, key));
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
put_fact(const struct card *c, const char *key, const char *name)
{
	char *value;

	if (!has_key(c, key) || is_column(c, key))
		return;
	value = values_of(c->m[0], key);
	mc_page_fact(c->p, name, value);
	free(value);
}

static void
put_facts(const struct card *c)
{
	struct mc_names *further = further_keys(c);
	size_t i;

	mc_page_facts_begin(c->p);
	for (i = 0; i < N_FACTS; i++)
		put_fact(c, facts[i].key, facts[i].name);
	for (i = 0; i < mc_names_count(further); i++)
		put_fact(c, mc_names_at(further, i), mc_names_at(further, i));
	if (c->n == 1) {
		mc_page_fact(c->p, "File", c->m[0]->name);
		mc_page_fact(c->p, "SHA-256 of the file", c->m[0]->sha256);
	}
	mc_page_facts_end(c->p);
	mc_names_free(further);
}

/* Columns: what the runs of facts[] and FURTHER differ in; then file, digest. */
static void
put_runs(const struct card *c)
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
				cell++->text = values_of(c->m[i], key);
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

/* --- How well it did --------------------------------------------------------- */

static const struct mc_metrics_row *
row_at(const struct mc_rows *r, size_t i)
{
	return mc_rows_get(r, i);
}

/* The rows of the card's arm: their numbers, which the caller frees. */
static size_t *
find_rows(const struct card *c, size_t *n)
{
	size_t count = c->metrics != NULL ? mc_rows_count(c->metrics) : 0, i;
	size_t *rows = mc_xcalloc(count + 1, sizeof(*rows));

	*n = 0;
	for (i = 0; i < count; i++) {
		if (is_of(row_at(c->metrics, i), c->m[0]))
			rows[(*n)++] = i;
	}
	return rows;
}

/* What tells the numbers of one metric apart: keys of a row. */
static const struct {
	enum mc_key key;	/* MC_KEYS: the subgroup */
	const char *heading;
} apart[] = {
	{ MC_KEY_TRAIN_SEED, "Training seed" },
	{ MC_KEY_FOLD, "Fold" },
	{ MC_KEY_SPLIT, "Split" },
	{ MC_KEYS, "Subgroup" },
};
#define N_APART (sizeof(apart) / sizeof(apart[0]))

static const char *
apart_text(const struct mc_metrics_row *row, size_t k)
{
	return apart[k].key == MC_KEYS ? row->subgroup :
	    row->key[apart[k].key];
}

/* The metrics of an arm. */
struct estimates {
	const struct card *card;
	size_t n, *rows;
	bool shown[N_APART];	/* has a column: its rows differ there */
	struct mc_column *all, *columns;
	size_t n_columns;
	struct mc_grid *g;
};

static const struct mc_metrics_row *
estimate_at(const struct estimates *e, size_t i)
{
	return row_at(e->card->printed, e->rows[i]);
}

/* Choose the columns, and say in the CAPTION what all rows have in common. */
static void
find_apart(struct estimates *e, struct mc_buf *caption)
{
	size_t i, k;

	mc_buf_puts(caption, "Performance");
	for (k = 0; k < N_APART; k++) {
		const char *first = apart_text(estimate_at(e, 0), k);

		for (i = 1; i < e->n; i++)
			e->shown[k] = e->shown[k] || strcmp(first,
			    apart_text(estimate_at(e, i), k)) != 0;
		if (!e->shown[k] && *first != '\0')
			mc_buf_printf(caption, ", %s %s", k == 0 ? "seed" :
			    k == 1 ? "fold" : k == 2 ? "split" : "subgroup",
			    first);
	}
}

static void
add_estimate(struct estimates *e, size_t i, size_t column)
{
	const struct mc_metrics_row *row = estimate_at(e, i);
	struct mc_grid_cell *cell = mc_grid_add_line(e->g, MC_NO_RULE);
	int percent = e->card->style->percent;
	size_t k;

	cell++->text = mc_columns_heading(e->columns, e->n_columns, column);
	for (k = 0; k < N_APART; k++) {
		if (e->shown[k])
			cell++->text = mc_xstrdup(apart_text(row, k));
	}
	cell->text = mc_metric_text(row->metric, row->estimate, percent);
	mc_metric_limits(row->metric, row->lo, row->hi, percent, cell);
	cell++;
	cell++->text = mc_xasprintf("%lld", (long long)row->n_images);
	cell->text = mc_xasprintf("%lld", (long long)row->n_units);
}

static void
fill_estimates(struct estimates *e)
{
	struct mc_buf caption = { 0 }, unit = { 0 };
	size_t i, k;

	find_apart(e, &caption);
	mc_columns_unit(e->columns, e->n_columns, "Percentages", &unit);
	e->g = mc_grid_alloc(caption.data, NULL);
	mc_grid_add_column(e->g, "Metric", false);
	for (k = 0; k < N_APART; k++) {
		if (e->shown[k])
			mc_grid_add_column(e->g, apart[k].heading, false);
	}
	mc_grid_add_column(e->g, "Estimate [interval]", true);
	mc_grid_add_column(e->g, "Images", true);
	mc_grid_add_column(e->g, "Independent units", true);
	for (i = 0; i < e->n; i++) {
		k = mc_columns_find(e->columns, e->n_columns, &e->all[i]);
		if (k < e->n_columns)
			add_estimate(e, i, k);
	}
	if (unit.len > 0)
		mc_grid_say(e->g, "%s.", unit.data);
	mc_grid_finish(e->g);
	mc_buf_free(&caption);
	mc_buf_free(&unit);
}

static void
put_results(const struct card *c)
{
	struct estimates e = { .card = c };
	struct mc_err err;
	char *id;
	size_t i;

	e.rows = find_rows(c, &e.n);
	e.all = mc_xcalloc(e.n + 1, sizeof(*e.all));
	for (i = 0; i < e.n; i++)
		e.all[i] = (struct mc_column){ estimate_at(&e, i)->metric,
		    estimate_at(&e, i)->average,
		    estimate_at(&e, i)->class_name };
	if (e.n == 0 || mc_columns_choose(e.all, e.n, NULL, true, &e.columns,
	    &e.n_columns, &err) != MC_OK) {
		mc_page_say(c->p, "No metrics of this arm were given.");
	} else {
		fill_estimates(&e);
		id = mc_xasprintf("card-%zu-results", c->number);
		mc_page_grid(c->p, e.g, id);
		mc_grid_free(e.g);
		free(id);
	}
	free(e.columns);
	free(e.all);
	free(e.rows);
}

/* What must be known of the arm: its weights, seeds, and its metrics' remarks. */
static void
put_limits(const struct card *c)
{
	struct mc_notes *notes = mc_notes_alloc();
	size_t n, i, *rows = find_rows(c, &n);
	struct mc_buf text = { 0 };

	if (strcmp(text_of(c->m[0], "weights"), "random") == 0)
		mc_notes_say(notes, "The weights were random at first, not "
		    "pretrained.");
	if (has_key(c, "seed") && !varies(c, "seed"))
		mc_notes_say(notes, "It was trained with one seed.");
	mc_notes_rows_are(notes, "metric");
	for (i = 0; i < n; i++)
		mc_notes_remark(notes, row_at(c->metrics, rows[i])->note);
	mc_notes_text(notes, &text);
	if (text.len > 0)
		mc_page_say(c->p, "Limits: %s", text.data);
	mc_buf_free(&text);
	mc_notes_free(notes);
	free(rows);
}

/* --- All cards --------------------------------------------------------------- */

/* The name of the card's KEY in print, as the metrics table has it; freed by the
   caller. */
static char *
printed_name(const struct card *c, enum mc_key key)
{
	size_t n, *rows = find_rows(c, &n);
	char *name = n > 0 ? mc_xstrdup(row_at(c->printed,
	    rows[0])->key[key]) :
	    mc_bidi_isolate(text_of(c->m[0], mc_keys[key].entry));

	free(rows);
	return name;
}

static void
put_card(const struct card *c)
{
	char *id = mc_xasprintf("card-%zu", c->number);
	char *task = printed_name(c, MC_KEY_TASK);
	char *arm = printed_name(c, MC_KEY_ARM);
	char *title = mc_xasprintf("%s: %s", task, arm);

	mc_buf_printf(mc_page_body(c->p), "<article aria-labelledby=\"%s\">\n",
	    id);
	mc_page_part(c->p, id, title);
	mc_page_say(c->p, "Intended use: research.  No clinical use was "
	    "evaluated; who may use it, where and for whom, is for the "
	    "author to write.");
	put_facts(c);
	if (c->n > 1)
		put_runs(c);
	put_results(c);
	put_limits(c);
	mc_buf_puts(mc_page_body(c->p), "</article>\n");
	free(task);
	free(arm);
	free(title);
	free(id);
}

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
card_values(const struct card *c, const char *key)
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

static void
add_arm(const struct mc_cards *cards, const struct card *c, struct mc_grid *g)
{
	struct mc_grid_cell *cell = mc_grid_add_line(g, MC_NO_RULE);
	size_t k;

	cell++->text = printed_name(c, MC_KEY_TASK);
	cell++->text = printed_name(c, MC_KEY_ARM);
	for (k = 0; k < N_OVERVIEW; k++) {
		if (mc_cards_with(cards, overview[k], NULL) > 0)
			cell++->text = card_values(c, overview[k]);
	}
	cell->text = mc_xasprintf("%zu", c->n);
}

/* Call EACH for every arm, sorted. */
static void
walk(const struct mc_cards *cards, struct card *c,
    void (*each)(const struct mc_cards *cards, const struct card *c,
    struct mc_grid *g), struct mc_grid *g)
{
	const struct model **sorted = mc_xcalloc(cards->n + 1,
	    sizeof(*sorted));
	size_t i, begin;

	for (i = 0; i < cards->n; i++)
		sorted[i] = &cards->model[i];
	qsort(sorted, cards->n, sizeof(*sorted), compare_models);
	for (begin = 0; begin < cards->n; begin = i) {
		for (i = begin; i < cards->n &&
		    compare_arms(sorted[begin], sorted[i]) == 0; i++)
			;
		c->m = sorted + begin;
		c->n = i - begin;
		c->number++;
		each(cards, c, g);
	}
	free(sorted);
}

void
mc_cards_overview(const struct mc_cards *cards, const struct mc_rows *metrics,
    const struct mc_rows *printed, struct mc_page *p)
{
	struct card c = { .metrics = metrics, .printed = printed, .p = p };
	struct mc_grid *g = mc_grid_alloc("Arms and their models", NULL);
	size_t k;

	mc_grid_add_column(g, "Task", false);
	mc_grid_add_column(g, "Arm", false);
	for (k = 0; k < N_OVERVIEW; k++) {
		if (mc_cards_with(cards, overview[k], NULL) > 0)
			mc_grid_add_column(g, name_of(overview[k]), k > 3);
	}
	mc_grid_add_column(g, "Models", true);
	walk(cards, &c, add_arm, g);
	mc_grid_finish(g);
	mc_page_grid(p, g, "arms");
	mc_grid_free(g);
}

static void
print_card(const struct mc_cards *cards, const struct card *c,
    struct mc_grid *g)
{
	(void)cards;
	(void)g;
	put_card(c);
}

void
mc_cards_print(const struct mc_cards *cards, const struct mc_rows *metrics,
    const struct mc_rows *printed, const struct mc_table_style *style,
    struct mc_page *p)
{
	struct card c = { .metrics = metrics, .printed = printed,
	    .style = style, .p = p };

	walk(cards, &c, print_card, NULL);
}
