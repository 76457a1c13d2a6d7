/*
 * facts.h - what is said below a table of all its numbers: "Level: 95 \%."
 */
#ifndef MC_FACTS_H
#define MC_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "report/page.h"

struct mc_facts;

struct mc_facts	*mc_facts_alloc(void);
void		 mc_facts_free(struct mc_facts *f);

/*
 * Add VALUE under HEADING, which is LaTeX and not copied; VALUE is plain text
 * and copied.  Headings keep the order in which they first came, and so do the
 * distinct values of each; "" is no value, but the heading has its place.
 */
void		 mc_facts_add(struct mc_facts *f, const char *heading,
		    const char *value);

/* The same of a number; -1: no value. */
void		 mc_facts_add_count(struct mc_facts *f, const char *heading,
		    int64_t count);

/* Add how one interval was made; what is missing (NAN, "", -1) is not said. */
void		 mc_facts_add_interval(struct mc_facts *f, double level,
		    const char *method, int64_t replicates,
		    int64_t resample_seed);

/*
 * Add "TASK 624 images of 301 patients", in the words of STYLE, or "TASK 90
 * images, 85 distinct", and, where TELL, "(unit: patient)"; UNIT is "group" or
 * "image"; N_IMAGES -1: nothing.
 */
void		 mc_facts_add_size(struct mc_facts *f,
		    const struct mc_table_style *style, const char *task,
		    int64_t n_images, const char *unit, int64_t n_units,
		    bool tell);

/* Add what was resampled, where it is the same in all rows of a table. */
void		 mc_facts_add_unit(struct mc_facts *f,
		    const struct mc_table_style *style, const char *unit);

/* Append "HEADING: VALUE, VALUE." for each heading that has a value. */
void		 mc_facts_write(const struct mc_facts *f, struct mc_buf *text);

/* A method, test or adjustment as a paper spells it: "mcnemar", "McNemar". */
const char	*mc_facts_spelling(const char *name);

#endif
