/*
 * significance.h - find which results differ significantly from those of a
 * reference arm.
 */
#ifndef MC_SIGNIFICANCE_H
#define MC_SIGNIFICANCE_H

#include "base/mem.h"
#include "report/result_set.h"

struct mc_significance;

/*
 * Look at the differences D for tests of two arms.  Their reference is the arm
 * that all of them have: the second where all have both.  Where they have none
 * in common, as all pairs, nothing is significant.  A test of non-inferiority or
 * of equivalence is none of a difference, and is left out.  D must outlive the
 * result, which is freed with mc_significance_free.
 */
struct mc_significance *mc_significance_find(struct mc_rows *d);
void		 mc_significance_free(struct mc_significance *s);

/*
 * Append to TEXT the note of R, a result of SET, if the p-value of its arm for
 * this metric, adjusted where it is, is at most ALPHA: "difference from
 * ResNet-50, frozen: p <= 0.05 (test: bootstrap), p adjusted for 11 tests (Holm)",
 * with U+2264.  Where SET has the number of the arm several times, as of each fold,
 * no p-value is about one of them.
 */
void		 mc_significance_note(const struct mc_significance *s,
		    const struct mc_result_set *set, const struct mc_result *r,
		    double alpha, struct mc_buf *text);

#endif
