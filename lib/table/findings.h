/*
 * findings.h - read the findings in the labels of multi-label data.
 *
 * The label of an image holds any number of findings, joined by "|", in any
 * order: Effusion|Cardiomegaly.  A finding that is uncertain ends in "?".  One
 * word, MC_NO_FINDING by default, means that there is none; it may be written
 * beside findings.  An empty label is an image without a label.
 */
#ifndef MC_FINDINGS_H
#define MC_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "table/manifest.h"

#define MC_NO_FINDING "No Finding"

/* What is known of a finding in an image that has a label. */
enum mc_finding_state {
	MC_FINDING_NO,
	MC_FINDING_YES,
	MC_FINDING_UNCERTAIN
};

/* The label of a finding in an image. */
enum mc_label {
	MC_NOT_COUNTED = -1,
	MC_NO, MC_YES
};

/* The names of MC_NO and MC_YES: the classes of a predictions table. */
#define MC_LABELS 2
extern const char *const mc_label_names[MC_LABELS];

/* What a finding that is uncertain counts as. */
enum mc_uncertain {
	MC_UNCERTAIN_IGNORE,	/* not counted */
	MC_UNCERTAIN_ZERO,	/* no */
	MC_UNCERTAIN_ONE	/* yes */
};

/* Their names, as --uncertain takes them; NULL ends the list. */
extern const char *const mc_uncertain_names[];

/* A finding that a label names. */
struct mc_finding {
	uint32_t number;
	enum mc_finding_state state;	/* yes or uncertain */
};

/* The findings of labels that are added one by one. */
struct mc_findings;

/*
 * Make findings without labels; NO_FINDING is the word for none, or NULL for
 * MC_NO_FINDING, and must live as long.  End them with mc_findings_free.
 */
struct mc_findings *mc_findings_alloc(const char *no_finding);
void		 mc_findings_free(struct mc_findings *f);

/*
 * Check that a label can hold WORD, which means that there is no finding:
 * UTF-8 without control bytes and "|", not empty, without "?" at its end.
 */
enum mc_status	 mc_findings_check_none(const char *word, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * Declare the N findings at NAME and their order, before the first label;
 * then no other is accepted: what to do about another is to take it out of the
 * label or, unless it is NULL, the REMEDY, such as "declare it also", which
 * must live as long as F.  MC_EUSAGE: a name that no label can hold (an
 * empty one, one that holds "|" or ":", ends in "?" or begins or ends with a
 * blank, the word for none), or that is given twice.
 */
enum mc_status	 mc_findings_declare(struct mc_findings *f,
		    const char *const *name, size_t n, const char *remedy,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * Add the LABEL of the next image, in LINE of FILE (0: none is said).
 * MC_EDATA: a name that no label can hold, a finding that is given twice, or
 * is not declared; the word for none followed by "?".
 */
enum mc_status	 mc_findings_add(struct mc_findings *f, const char *label,
		    const char *file, int64_t line, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * Number the findings after the last label: as declared, else in byte order.
 * MC_EDATA: two spellings of one finding, or of the word for none.
 */
enum mc_status	 mc_findings_end(struct mc_findings *f, const char *file,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * Read the labels of M in COLUMN, as alloc, add and end do.  On error *F is
 * NULL.
 */
enum mc_status	 mc_findings_read(struct mc_findings **f,
		    const struct mc_manifest *m, int column,
		    const char *no_finding, struct mc_err *err) MC_MUST_CHECK;

/* The word for no finding. */
const char	*mc_findings_none(const struct mc_findings *f);

/*
 * Say, where the word for no finding was given, that no label has it, of FILE
 * (NULL: none is named).  Returns whether it was said.
 */
bool		 mc_findings_say_unused(const struct mc_findings *f,
		    const char *file, void (*say)(const char *line));

/* How many findings there are, and the name of one, after mc_findings_end. */
size_t		 mc_findings_count(const struct mc_findings *f);
const char	*mc_findings_name(const struct mc_findings *f, size_t finding);

/* Whether IMAGE has a label; a finding that it does not name is absent. */
bool		 mc_findings_labelled(const struct mc_findings *f,
		    size_t image);

/* The *N findings that the label of IMAGE names, in the order of the label. */
const struct mc_finding *mc_findings_of(const struct mc_findings *f,
		    size_t image, size_t *n);

/* The state of one finding; IMAGE has a label. */
enum mc_finding_state mc_findings_state(const struct mc_findings *f,
		    size_t image, size_t finding);

#endif
