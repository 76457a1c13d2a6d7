/* grey_levels.c - compare how the grey levels of images were made. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/spelling.h"
#include "table/grey_levels.h"

/* The words before the colon, and the kind of file that they are for. */
static const struct {
	const char *word;
	enum { DICOM = 1, NIFTI } kind;
} words[] = {
	{ "window:", DICOM }, { "depth:", DICOM }, { "percentiles:", NIFTI }
};

/* The kind of file that FIELD is for; 0: FIELD is no value. */
static int
kind_of(const char *field)
{
	size_t i, n;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		n = strlen(words[i].word);
		if (strncmp(field, words[i].word, n) == 0 && field[n] != '\0')
			return words[i].kind;
	}
	return 0;
}

bool
mc_grey_is(const char *field)
{
	return kind_of(field) != 0;
}

/* FIELD with its numbers in one spelling, as mc-pack writes them; to be freed. */
static char *
spell(const char *field)
{
	size_t word = strcspn(field, ":"), n, i;
	struct mc_buf text = { 0 };
	char number[MC_NUM_SIZE], **part;

	mc_buf_add(&text, field, word);
	mc_buf_puts(&text, "");
	if (field[word] != '\0') {
		n = mc_split_commas(field + word + 1, &part);
		for (i = 0; i < n; i++)
			mc_buf_printf(&text, "%s%s", i > 0 ? "," : ":",
			    mc_plain_number(part[i], number));
		free(part);
	}
	return text.data;
}

void
mc_grey_add(struct mc_grey *g, const char *field)
{
	char *value;
	size_t i = 0;

	if (!mc_grey_is(field)) {
		g->none = true;
		return;
	}
	value = spell(field);
	while (i < g->n && strcmp(g->value[i], value) < 0)
		i++;
	if (i < g->n && strcmp(g->value[i], value) == 0) {
		free(value);
		return;
	}
	g->value = mc_xreallocarray(g->value, g->n + 1, sizeof(*g->value));
	memmove(g->value + i + 1, g->value + i,
	    (g->n - i) * sizeof(*g->value));
	g->value[i] = value;
	g->n++;
}

void
mc_grey_clear(struct mc_grey *g)
{
	size_t i;

	for (i = 0; i < g->n; i++)
		free(g->value[i]);
	free(g->value);
	memset(g, 0, sizeof(*g));
}

bool
mc_grey_has(const struct mc_grey *g, const char *field)
{
	char *value = spell(field);
	size_t i = 0;

	while (i < g->n && strcmp(g->value[i], value) != 0)
		i++;
	free(value);
	return i < g->n;
}

const char *
mc_grey_other(const struct mc_grey *g, const char *field)
{
	int kind = kind_of(field);
	char *value = spell(field);
	size_t i = 0;

	while (i < g->n && (kind == 0 || kind_of(g->value[i]) != kind ||
	    strcmp(g->value[i], value) == 0))
		i++;
	free(value);
	return i < g->n ? g->value[i] : NULL;
}

void
mc_grey_print(const struct mc_grey *g, struct mc_buf *text)
{
	size_t i;

	for (i = 0; i < g->n; i++)
		mc_buf_printf(text, "%s%s", i > 0 ? ", " : "", g->value[i]);
}

void
mc_grey_option(const char *value, struct mc_buf *text)
{
	size_t n = strcspn(value, ":");

	mc_buf_printf(text, "--%.*s=%s", (int)n, value, value + n + 1);
}
