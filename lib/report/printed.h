/*
 * printed.h - call models, classes and the like in print what a paper calls
 * them: "DINOv2 ViT-S/14" for dinov2_vits14.
 */
#ifndef MC_PRINTED_H
#define MC_PRINTED_H

#include <stdbool.h>

#include "base/err.h"
#include "base/names.h"
#include "table/schema.h"

struct mc_printed;

/*
 * Read the names in the table at PATH ("-": standard input; NULL: none), which
 * has the columns key, a name in tables, and name, what is printed for it.
 * USUAL: the backbones of mctools and their regimes also have a name, for which
 * the table may have another, and a name that is written from right to left is
 * isolated (bidi.h), for a table that people read.  *P is freed with
 * mc_printed_free, and NULL on error.
 *
 * MC_EDATA: a column is absent; a key or a name is empty; a key is there twice.
 */
enum mc_status	 mc_printed_read(struct mc_printed **p, const char *path,
		    bool usual, struct mc_err *err) MC_MUST_CHECK;
void		 mc_printed_free(struct mc_printed *p);

/*
 * Replace the names of tasks, arms, models, regimes, features, subgroups,
 * classes and characteristics in R.  An arm that is no key itself is printed as
 * its model and its regime: "DINOv2 ViT-S/14, frozen".  The new texts are P's,
 * which must outlive R.
 *
 * MC_EDATA: two tasks, arms, classes and so on, of R or of rows before R, would be
 * printed alike, so that lines could not be told apart.  R is then to be freed.
 */
enum mc_status	 mc_printed_apply(struct mc_printed *p, struct mc_rows *r,
		    struct mc_err *err) MC_MUST_CHECK;

/* What is printed for KEY, a backbone or a regime; P's, or KEY itself. */
const char	*mc_printed_name(const struct mc_printed *p, const char *key);

/*
 * Set *NAME to what mc_printed_apply would put for TEXT in COLUMN, but as the file
 * has it: bidi.h is the caller's.  It lives as long as P, or is TEXT.  MC_EDATA as
 * there.
 */
enum mc_status	 mc_printed_text(struct mc_printed *p, const char *column,
		    const char *text, const char **name, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * The row of PATH, from 0, that names NAME, a text which mc_printed_apply has put
 * into COLUMN; MC_NO_NAME: none does.
 */
size_t		 mc_printed_rank(const struct mc_printed *p, const char *column,
		    const char *name);

/*
 * Which keys of PATH were in no table so far, as "is in no table" of a message;
 * the caller frees it.  NULL: none.
 */
char		*mc_printed_unused(const struct mc_printed *p);

/* The name in print of METHOD, a method of mc-explain: "Grad-CAM". */
const char	*mc_printed_method(const char *method);

#endif
