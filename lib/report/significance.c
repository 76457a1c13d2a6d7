/* significance.c - find which results differ from those of a reference arm. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "report/family.h"
#include "report/significance.h"

#define AT_MOST	"\xE2\x89\xA4"

struct mc_significance {
	size_t n;
	const struct mc_differences_row **rows;	/* tests of a difference */
	const char *reference;			/* NULL: none */
};

/* Whether ROW tests whether two arms differ. */
static bool
is_test(const struct mc_differences_row *row)
{
	return *row->arm_b != '\0' &&
	    (!isnan(row->p) || !isnan(row->p_adjusted)) &&
	    strncmp(row->test, "noninferiority", 14) != 0 &&
	    strncmp(row->test, "equivalence", 11) != 0;
}

/* Whether all tests have ARM. */
static bool
all_have(const struct mc_significance *s, const char *arm)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		if (strcmp(s->rows[i]->arm_a, arm) != 0 &&
		    strcmp(s->rows[i]->arm_b, arm) != 0)
			return false;
	}
	return true;
}

struct mc_significance *
mc_significance_find(struct mc_rows *d)
{
	struct mc_significance *s = mc_xcalloc(1, sizeof(*s));
	size_t n = mc_rows_count(d), i;

	s->rows = mc_xcalloc(n, sizeof(*s->rows));
	for (i = 0; i < n; i++) {
		const struct mc_differences_row *row = mc_rows_get(d, i);

		if (is_test(row))
			s->rows[s->n++] = row;
	}
	if (s->n > 0 && all_have(s, s->rows[0]->arm_b))
		s->reference = s->rows[0]->arm_b;
	else if (s->n > 0 && all_have(s, s->rows[0]->arm_a))
		s->reference = s->rows[0]->arm_a;
	return s;
}

void
mc_significance_free(struct mc_significance *s)
{
	if (s == NULL)
		return;
	free(s->rows);
	free(s);
}

/* Whether D is about the numbers that M is one of, of an arm of its own. */
static bool
is_about(const struct mc_differences_row *d, const struct mc_metrics_row *m)
{
	return strcmp(d->task, m->key[MC_KEY_TASK]) == 0 &&
	    strcmp(d->split, m->key[MC_KEY_SPLIT]) == 0 &&
	    strcmp(d->subgroup, m->subgroup) == 0 &&
	    strcmp(d->metric, m->metric) == 0 &&
	    strcmp(d->average, m->average) == 0 &&
	    strcmp(d->class_name, m->class_name) == 0 &&
	    (strcmp(d->arm_a, m->key[MC_KEY_ARM]) == 0 ||
	    strcmp(d->arm_b, m->key[MC_KEY_ARM]) == 0);
}

/* Whether SET has the number of D and of R's arm once. */
static bool
is_alone(const struct mc_result_set *set, const struct mc_result *r,
    const struct mc_differences_row *d)
{
	size_t n = 0, i;

	for (i = 0; i < set->n; i++) {
		const struct mc_metrics_row *m = set->results[i].row;

		n += is_about(d, m) && strcmp(m->key[MC_KEY_ARM],
		    r->row->key[MC_KEY_ARM]) == 0;
	}
	return n == 1;
}

void
mc_significance_note(const struct mc_significance *s,
    const struct mc_result_set *set, const struct mc_result *r,
    double alpha, struct mc_buf *text)
{
	char number[MC_NUM_SIZE];
	size_t i;

	if (s->reference == NULL ||
	    strcmp(r->row->key[MC_KEY_ARM], s->reference) == 0)
		return;
	for (i = 0; i < s->n; i++) {
		const struct mc_differences_row *d = s->rows[i];
		double p = mc_family_is_adjusted(d) ? d->p_adjusted : d->p;

		if (isnan(p) || p > alpha || !is_about(d, r->row) ||
		    !is_alone(set, r, d))
			continue;
		mc_buf_printf(text, "%sdifference from %s: p " AT_MOST
		    " %s (test: %s), ", text->len > 0 ? "; " : "", s->reference,
		    mc_format_f64(number, alpha), *d->test != '\0' ?
		    mc_facts_spelling(d->test) : "not stated");
		mc_family_say(d, text);
	}
}
