/*
 * remarks.h - note what limits the value of a metric or its interval.
 */
#ifndef MC_REMARKS_H
#define MC_REMARKS_H

#include "base/mem.h"
#include "stats/metric_spec.h"

/* Remarks that are more than words: a value that is 0 by convention alone; an
   interval beside a p-value that is adjusted. */
#define MC_REMARK_NO_RATIO	"0/0 treated as 0"
#define MC_REMARK_FOLDS		"cross-validation: the interval does not " \
	"account for overlapping training sets"
#define MC_REMARK_NOT_ADJUSTED	"the interval is not adjusted"

/* Append a remark to NOTE, after "; " where there is one already. */
void	mc_remark(struct mc_buf *note, const char *fmt, ...) MC_PRINTF(2, 3);

/*
 * NAME, of a class, an arm or a task, as a remark has it, to be freed: in quotation
 * marks, with those in it doubled, so that no part of it is taken for the end of a
 * remark.
 */
char	*mc_remark_name(const char *name);

/*
 * Where the name at S ends, with *NAME as it was given to mc_remark_name, to be freed;
 * where no name is at S, the beginning of the next one, or the end, and *NAME is NULL.
 */
const char *mc_remark_quoted(const char *s, char **name);

/* The length of the first remark of NOTE: to its end, or to the "; " behind it, which
   is outside of names. */
size_t	mc_remark_length(const char *note);

/* Whether REMARK, one or several, has WORDS outside of names. */
bool	mc_remark_has(const char *remark, const char *words);

/* How the note of a mean over tasks begins: "mean of 3 findings". */
#define MC_REMARK_MEAN_OF	"mean of "
#define MC_REMARK_LEFT_OUT	"left out, since undefined there: "

/* Whether NOTE is of a mean over tasks. */
bool	mc_remarks_are_of_mean(const char *note);

/* What the remarks on all metrics of a sample share. */
struct mc_remarks;

struct mc_remarks *mc_remarks_alloc(const struct mc_sample *s);
void	mc_remarks_free(struct mc_remarks *r);

/*
 * Remark on the value of M, which is NAN or not: why it is undefined; classes
 * without images, ratios 0/0 taken as 0, probabilities of 0 and 1: those whose
 * log odds were cut, and in rankings, without log odds, those at which images
 * of a class and of the rest tie, where these are more than a tenth of all.
 */
void	mc_remarks_value(const struct mc_remarks *r,
	    const struct mc_metric_spec *m, double value, struct mc_buf *note);

/*
 * Whether an interval of M may cover less than it says: fewer than 50 units,
 * fewer than 30 with an image of a class that M uses, or in the denominator of
 * a proportion, or a share outside 0.05 to 0.95 (doc/coverage.md).  VALUE is
 * NAN for an interval by a formula, which is made for the ends of the scale.
 */
bool	mc_remarks_few_units(const struct mc_remarks *r,
	    const struct mc_metric_spec *m, double value);

/* The same of another sample of N_UNITS units, of like classes. */
bool	mc_remarks_few_of(const struct mc_remarks *r,
	    const struct mc_metric_spec *m, double value, size_t n_units);

/*
 * The units that decide how well M is known: those with an image in its
 * denominator; those of its class, or of the rest where M holds the two against
 * each other and these are fewer; else all.  Of a plain mean over classes the
 * class that has the fewest decides, since it counts as much as any.
 */
size_t	mc_remarks_deciding_units(const struct mc_remarks *r,
	    const struct mc_metric_spec *m);

/*
 * The rule behind both: UNITS in all; CLASS_UNITS in the class with the fewest,
 * INFINITY where no class counts; SHARE, NAN where the value is none.
 */
bool	mc_few_units(double units, double class_units, double share);

/*
 * The units that have an image; and those that an interval of Clopper and
 * Pearson's stands on where replicates say nothing: the units in the
 * denominator of a proportion, or pairs of units for an AUROC; 0 for others.
 *
 * An AUROC of 1 says that in each pair of an image of the class and one of the
 * rest the former has the greater probability.  Of k pairs that share no unit
 * this has the probability AUROC^k, whatever the distribution, so that
 * (tail)^(1 / k) is a lower limit; there are k = min(units with the class,
 * units with the rest, half of the units) such pairs.
 */
size_t	mc_remarks_units(const struct mc_remarks *r);
size_t	mc_remarks_units_of(const struct mc_remarks *r,
	    const struct mc_metric_spec *m);
/* Whether the latter are pairs. */
bool	mc_remarks_is_of_pairs(const struct mc_remarks *r,
	    const struct mc_metric_spec *m);

#endif
