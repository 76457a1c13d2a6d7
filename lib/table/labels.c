/* labels.c - number the labels by which images are counted. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/spelling.h"
#include "table/labels.h"

static int
compare_numbers(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* Number the names in byte order, and sort those of each image. */
static void
sort_labels(struct mc_labels *l)
{
	uint32_t *number = mc_names_renumber(l->names);
	size_t i;

	for (i = 0; i < l->first[l->n]; i++)
		l->of[i] = number[l->of[i]];
	for (i = 0; i < l->n; i++)
		qsort(l->of + l->first[i], l->first[i + 1] - l->first[i],
		    sizeof(*l->of), compare_numbers);
	free(number);
}

void
mc_labels_of_texts(struct mc_labels *l, const char *const *text, size_t n)
{
	char number[MC_NUM_SIZE];
	size_t i;

	*l = (struct mc_labels){ mc_names_alloc(), n, NULL, NULL };
	l->first = mc_xreallocarray(NULL, n + 1, sizeof(*l->first));
	l->of = mc_xreallocarray(NULL, n + 1, sizeof(*l->of));
	for (i = 0; i < n; i++) {
		l->first[i] = i;
		l->of[i] = (uint32_t)mc_names_copy(l->names,
		    mc_plain_number(text[i], number));
	}
	l->first[n] = n;
	sort_labels(l);
}

/* Append "NAME=TEXT" to BUF, after a comma if there is something before it. */
static void
add_text(struct mc_buf *buf, const char *name, const char *text)
{
	char number[MC_NUM_SIZE];

	mc_buf_printf(buf, "%s%s=%s", buf->len > 0 ? ", " : "", name,
	    mc_plain_number(text, number));
}

void
mc_labels_of_columns(struct mc_labels *l, const char **const *text,
    const char *const *name, size_t columns, size_t n)
{
	struct mc_buf one = { 0 }, all = { 0 };
	size_t i, c, k = 0;

	*l = (struct mc_labels){ mc_names_alloc(), n, NULL, NULL };
	l->first = mc_xreallocarray(NULL, n + 1, sizeof(*l->first));
	l->of = mc_xreallocarray(NULL, n * (columns + 1) + 1,
	    sizeof(*l->of));
	for (i = 0; i < n; i++) {
		l->first[i] = k;
		all.len = 0;
		for (c = 0; c < columns; c++) {
			one.len = 0;
			add_text(&one, name[c], text[c][i]);
			add_text(&all, name[c], text[c][i]);
			l->of[k++] = (uint32_t)mc_names_copy(l->names,
			    one.data);
		}
		l->of[k++] = (uint32_t)mc_names_copy(l->names, all.data);
	}
	l->first[n] = k;
	sort_labels(l);
	mc_buf_free(&one);
	mc_buf_free(&all);
}

/* The number of the name under which FINDING is counted. */
static uint32_t
add_name(struct mc_labels *l, const struct mc_findings *f,
    const struct mc_finding *finding, struct mc_buf *name)
{
	name->len = 0;
	mc_buf_puts(name, mc_findings_name(f, finding->number));
	if (finding->state == MC_FINDING_UNCERTAIN)
		mc_buf_puts(name, "?");
	return (uint32_t)mc_names_copy(l->names, name->data);
}

void
mc_labels_of_findings(struct mc_labels *l, const struct mc_findings *f,
    size_t n)
{
	struct mc_buf name = { 0 };
	size_t i, k, found, end = 0, cap = 0;

	*l = (struct mc_labels){ mc_names_alloc(), n, NULL, NULL };
	l->first = mc_xcalloc(n + 1, sizeof(*l->first));
	l->of = mc_xgrow(l->of, 0, &cap, sizeof(*l->of));
	for (i = 0; i < n; i++) {
		const struct mc_finding *list = mc_findings_of(f, i, &found);

		for (k = 0; k < found; k++) {
			l->of = mc_xgrow(l->of, end, &cap, sizeof(*l->of));
			l->of[end++] = add_name(l, f, &list[k], &name);
		}
		if (found == 0) {
			l->of = mc_xgrow(l->of, end, &cap, sizeof(*l->of));
			l->of[end++] = (uint32_t)mc_names_copy(l->names,
			    mc_findings_labelled(f, i) ?
			    mc_findings_none(f) : "");
		}
		l->first[i + 1] = end;
	}
	mc_buf_free(&name);
	sort_labels(l);
}

void
mc_labels_clear(struct mc_labels *l)
{
	mc_names_free(l->names);
	free(l->first);
	free(l->of);
	memset(l, 0, sizeof(*l));
}

uint32_t *
mc_labels_sets(const struct mc_labels *l)
{
	struct mc_names *sets = mc_names_alloc();
	uint32_t *set = mc_xreallocarray(NULL, l->n + 1, sizeof(*set));
	struct mc_buf text = { 0 };
	size_t i, k;

	for (i = 0; i < l->n; i++) {
		text.len = 0;
		for (k = l->first[i]; k < l->first[i + 1]; k++)
			mc_buf_printf(&text, "%u ", l->of[k]);
		set[i] = (uint32_t)mc_names_copy(sets, text.data);
	}
	mc_buf_free(&text);
	mc_names_free(sets);
	return set;
}

size_t
mc_labels_joined(const char *const *text, size_t n, const char **example)
{
	struct mc_names *names = mc_names_alloc();
	size_t i, joined;

	for (i = 0; i < n; i++) {
		if (strchr(text[i], '|') != NULL)
			mc_names_add(names, text[i]);
	}
	joined = mc_names_count(names);
	*example = joined > 0 ? mc_names_at(names, 0) : NULL;
	mc_names_free(names);
	return joined;
}
