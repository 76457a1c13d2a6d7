/*
 * multilabel.h - read the labels of images that may have several findings.
 *
 * A label is written as findings.h says.  Of an image that has one, each finding
 * is labelled yes if the label names it, and else no; what is uncertain does not
 * count, or is one of the two.
 */
#ifndef MC_MULTILABEL_H
#define MC_MULTILABEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "table/findings.h"
#include "table/keyvalue.h"

struct mc_multilabel {
	bool on;		/* else an image has one class */
	enum mc_uncertain uncertain;
	const char *no_finding;	/* the word for none; NULL: MC_NO_FINDING */
};

/* Findings for which the same, yes or no, is predicted of every image. */
struct mc_one_way {
	size_t n;		/* how many they are */
	uint32_t first;		/* bit K: finding K is one, of the first 32 */
};

/* Set LABEL to those of IMAGE, one per finding of F. */
void		mc_multilabel_of(const struct mc_multilabel *m,
		    const struct mc_findings *f, size_t image, int *label);

/*
 * Set LABEL to the N labels that TEXT, which is not empty, gives to the findings
 * NAMES.  MC_EDATA: it names another one, or is not written as a label; the
 * message begins with WHERE.
 */
enum mc_status	mc_multilabel_read(const struct mc_multilabel *m,
		    const char *const *names, size_t n, const char *text,
		    const char *where, int *label, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * Add the keys uncertain and no_finding of M to KV, which a model tar records;
 * and set M by those of KV, which must outlive it.  MC_EDATA: uncertain is not
 * one of mc_uncertain_names.
 */
void		mc_multilabel_record(const struct mc_multilabel *m,
		    struct mc_keyvalue *kv);
enum mc_status	mc_multilabel_find(struct mc_multilabel *m,
		    const struct mc_keyvalue *kv, struct mc_err *err)
		    MC_MUST_CHECK;

#endif
