/* variable.c - take a column as values of images or of groups. */
#include "config.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/spelling.h"
#include "table/variable.h"

struct column {
	const struct mc_population *p;
	size_t number;
	const struct mc_names *missing;
};

/* Whether TEXT, or the same number, is one of NAMES. */
static bool
is_one_of(const struct mc_names *names, const char *text)
{
	char a[MC_NUM_SIZE], b[MC_NUM_SIZE];
	const char *plain = mc_plain_number(text, a);
	size_t i;

	for (i = 0; i < mc_names_count(names); i++) {
		if (strcmp(mc_plain_number(mc_names_at(names, i), b),
		    plain) == 0)
			return true;
	}
	return false;
}

/* The value of an image, or NULL where it is missing. */
static const char *
get(const struct column *c, size_t image)
{
	const char *text = mc_population_get(c->p, image, c->number);

	return *text == '\0' || (c->missing != NULL &&
	    is_one_of(c->missing, text)) ? NULL : text;
}

static void
parse_numbers(struct mc_variable *v, const struct column *c)
{
	size_t i;

	for (i = 0; i < c->p->n; i++) {
		const char *text = get(c, i);

		v->value[i] = NAN;
		if (text == NULL)
			continue;
		if (mc_parse_f64(text, -DBL_MAX, DBL_MAX, &v->value[i],
		    NULL) == MC_OK) {
			v->value[i] += 0;	/* -0 is 0 */
			if (v->first_number == MC_NO_NAME)
				v->first_number = i;
		} else if (v->first_text == MC_NO_NAME)
			v->first_text = i;
	}
}

static void
number_texts(struct mc_variable *v, const struct column *c)
{
	char plain[MC_NUM_SIZE];
	uint32_t *number;
	size_t i;

	v->texts = mc_names_alloc();
	for (i = 0; i < c->p->n; i++) {
		const char *text = get(c, i);

		v->value[i] = text == NULL ? NAN : (double)mc_names_copy(
		    v->texts, mc_plain_number(text, plain));
	}
	number = mc_names_renumber(v->texts);
	for (i = 0; i < c->p->n; i++) {
		if (!isnan(v->value[i]))
			v->value[i] = number[(size_t)v->value[i]];
	}
	free(number);
}

/* Turn the values of images into those of groups, if they can be. */
static void
gather_groups(struct mc_variable *v, const struct mc_population *p)
{
	size_t n = mc_names_count(p->group.names), i;
	double *value = mc_xreallocarray(NULL, n, sizeof(*value));
	size_t *image = mc_xcalloc(n, sizeof(*image));

	for (i = 0; i < n; i++)
		value[i] = NAN;
	for (i = 0; i < p->n && v->torn == MC_NO_NAME; i++) {
		uint32_t group = p->group.of[i];

		if (isnan(v->value[i]))
			continue;
		if (isnan(value[group])) {
			value[group] = v->value[i];
			image[group] = i;
		} else if (value[group] != v->value[i]) {
			v->torn = i;
			v->other = image[group];
		}
	}
	free(image);
	v->by_group = v->torn == MC_NO_NAME;
	free(v->by_group ? v->value : value);
	if (v->by_group)
		v->value = value;
}

void
mc_variable_make(struct mc_variable *v, const struct mc_population *p,
    size_t column, bool as_text, const struct mc_names *missing)
{
	struct column c = { p, column, missing };

	*v = (struct mc_variable){ .first_text = MC_NO_NAME,
	    .first_number = MC_NO_NAME, .torn = MC_NO_NAME,
	    .other = MC_NO_NAME };
	v->value = mc_xreallocarray(NULL, p->n, sizeof(*v->value));
	parse_numbers(v, &c);
	if (v->first_text != MC_NO_NAME ||
	    (as_text && v->first_number != MC_NO_NAME))
		number_texts(v, &c);
	if (p->group.names != NULL)
		gather_groups(v, p);
}

void
mc_variable_clear(struct mc_variable *v)
{
	mc_names_free(v->texts);
	free(v->value);
	memset(v, 0, sizeof(*v));
}
