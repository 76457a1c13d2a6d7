/* family.c - say for which tests a p-value is adjusted. */
#include "config.h"

#include <math.h>
#include <string.h>

#include "report/facts.h"
#include "report/family.h"

bool
mc_family_is_adjusted(const struct mc_differences_row *row)
{
	return !isnan(row->p_adjusted) && strcmp(row->adjustment, "none") != 0;
}

bool
mc_family_is_one(const struct mc_differences_row *row)
{
	return mc_family_is_adjusted(row) && row->n_tests == 1 &&
	    row->p_adjusted == row->p;
}

void
mc_family_say(const struct mc_differences_row *row, struct mc_buf *text)
{
	bool adjusted = mc_family_is_adjusted(row);

	if (!adjusted && isnan(row->p))
		return;
	if (!adjusted && *row->adjustment == '\0') {
		mc_buf_puts(text, "not stated whether p is adjusted");
		return;
	}
	if (mc_family_is_one(row) || (!adjusted && row->n_tests == 1)) {
		mc_buf_puts(text, "p not adjusted (one test)");
		return;
	}
	mc_buf_puts(text, adjusted ? "p adjusted" : "p not adjusted");
	if (row->n_tests >= 0)
		mc_buf_printf(text, " for %lld test%s",
		    (long long)row->n_tests, MC_PLURAL(row->n_tests));
	if (adjusted && *row->adjustment != '\0')
		mc_buf_printf(text, " (%s)",
		    mc_facts_spelling(row->adjustment));
}
