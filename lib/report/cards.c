/* cards.c - sort the models of a study into cards: a model card per arm. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/bidi.h"
#include "base/names.h"
#include "report/cards_internal.h"
#include "report/lines.h"

struct mc_cards *
mc_cards_alloc(struct mc_printed *names)
{
	struct mc_cards *c = mc_xcalloc(1, sizeof(*c));

	c->names = names;
	return c;
}

void
mc_cards_free(struct mc_cards *c)
{
	size_t i;

	if (c == NULL)
		return;
	for (i = 0; i < c->n; i++) {
		free(c->model[i].name);
		free(c->model[i].task);
		free(c->model[i].arm);
		free(c->model[i].sha256);
		mc_keyvalue_free(c->model[i].about);
	}
	free(c->model);
	free(c);
}

enum mc_status
mc_cards_add(struct mc_cards *c, const char *name, const char *sha256,
    struct mc_keyvalue *about, struct mc_err *err)
{
	const char *task = "", *arm = "";
	enum mc_status status;
	struct model *m;

	c->model = mc_xgrow(c->model, c->n, &c->cap, sizeof(*c->model));
	m = &c->model[c->n++];
	*m = (struct model){ .about = about };
	status = mc_printed_text(c->names, "task", card_text(m, "task"), &task,
	    err);
	if (status == MC_OK)
		status = mc_printed_text(c->names, "arm", card_text(m, "arm"),
		    &arm, err);
	m->name = mc_bidi_isolate_file(name);
	m->task = mc_bidi_isolate(task);
	m->arm = mc_bidi_isolate(arm);
	m->sha256 = mc_xstrdup(sha256);
	return status;
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

char *
card_values(const struct model *m, const char *key, const char *column,
    struct mc_printed *names)
{
	struct mc_buf text = { 0 };
	const char *value, *name;
	struct mc_err err;
	size_t i;

	mc_buf_puts(&text, "");
	for (i = 0; (value = mc_keyvalue_get(m->about, key, i)) != NULL; i++) {
		mc_buf_puts(&text, i > 0 ? ", " : "");
		/* Where two would be alike, each is as it is recorded. */
		if (column == NULL || mc_printed_text(names, column, value,
		    &name, &err) != MC_OK || strcmp(name, value) == 0) {
			mc_bidi_put(&text, value);
			continue;
		}
		mc_bidi_put(&text, name);
		mc_buf_puts(&text, " (");
		mc_bidi_put(&text, value);
		mc_buf_puts(&text, ")");
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
		char *value = card_values(&c->model[i], key, NULL, NULL);

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

const char *
card_text(const struct model *m, const char *key)
{
	const char *value = mc_keyvalue_get(m->about, key, 0);

	return value != NULL ? value : "";
}

bool
card_is_of_arm(enum mc_key key)
{
	return mc_keys[key].entry != NULL && key != MC_KEY_TRAIN_SEED;
}

static int
compare_arms(const struct model *a, const struct model *b)
{
	int k, c;

	for (k = 0; k < MC_KEYS; k++) {
		if (!card_is_of_arm((enum mc_key)k))
			continue;
		c = strverscmp(card_text(a, mc_keys[k].entry),
		    card_text(b, mc_keys[k].entry));
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
		const char *seed = card_text(&c->model[i], "seed");

		first = true;
		one = *seed != '\0';
		for (j = 0; j < c->n; j++) {
			if (compare_arms(&c->model[i], &c->model[j]) != 0)
				continue;
			first = first && j >= i;
			one = one && strcmp(seed,
			    card_text(&c->model[j], "seed")) == 0;
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
	int c = mc_lines_compare_names(x->task, y->task);

	if (c == 0)
		c = mc_lines_compare_names(x->arm, y->arm);
	if (c == 0)
		c = compare_arms(x, y);
	if (c == 0)
		c = strverscmp(card_text(x, "seed"), card_text(y, "seed"));
	if (c == 0)
		c = strverscmp(card_text(x, "fold"), card_text(y, "fold"));
	return c != 0 ? c : strcmp(x->name, y->name);
}

/* --- A card ------------------------------------------------------------------ */

bool
card_varies(const struct card *c, const char *key)
{
	char *first = card_values(c->m[0], key, NULL, NULL);
	bool differs = false;
	size_t i;

	for (i = 1; i < c->n && !differs; i++) {
		char *other = card_values(c->m[i], key, NULL, NULL);

		differs = strcmp(first, other) != 0;
		free(other);
	}
	free(first);
	return differs;
}

bool
card_has(const struct card *c, const char *key)
{
	size_t i;

	for (i = 0; i < c->n; i++) {
		if (mc_keyvalue_get(c->m[i]->about, key, 0) != NULL)
			return true;
	}
	return false;
}

void
cards_walk(const struct mc_cards *cards, struct card *c,
    void (*each)(const struct card *c, void *arg), void *arg)
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
		each(c, arg);
	}
	free(sorted);
}

static void
put_card(const struct card *c, void *arg)
{
	char *id = mc_xasprintf("card-%zu", c->number);
	char *title = mc_xasprintf("%s: %s", c->m[0]->task, c->m[0]->arm);

	(void)arg;
	mc_buf_printf(mc_page_body(c->p), "<article aria-labelledby=\"%s\">\n",
	    id);
	mc_page_part(c->p, id, title);
	mc_page_say(c->p, "Intended use: research.  No clinical use was "
	    "evaluated; the author must state who may use the model, where "
	    "and for whom.");
	card_put_facts(c);
	if (c->n > 1)
		card_put_runs(c);
	card_put_results(c);
	card_put_limits(c);
	mc_buf_puts(mc_page_body(c->p), "</article>\n");
	free(title);
	free(id);
}

void
mc_cards_print(const struct mc_cards *cards, const struct mc_rows *metrics,
    const struct mc_rows *printed, const struct mc_table_style *style,
    struct mc_page *p)
{
	struct card c = { .metrics = metrics, .printed = printed,
	    .names = cards->names, .style = style, .p = p };

	cards_walk(cards, &c, put_card, NULL);
}
