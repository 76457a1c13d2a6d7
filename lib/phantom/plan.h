/*
 * plan.h - plan a study of phantoms: patients, classes and folders of images.
 */
#ifndef MC_PHANTOM_PLAN_H
#define MC_PHANTOM_PLAN_H

#include <stdbool.h>

#include "base/err.h"
#include "phantom/phantom.h"

/* The classes of a study and their weights. */
struct mc_phantom_mix {
	const char *name[MC_PHANTOM_CLASSES];
	size_t number[MC_PHANTOM_CLASSES];	/* among the task's */
	double weight[MC_PHANTOM_CLASSES];
	size_t n;
};

/*
 * Read LIST, "A=3,B=1", into MIX, which is all zero: classes of TASK, with a
 * weight of 1 where none is given.  NULL: all of them.  MC_EUSAGE: an unknown
 * class, a class given twice or a weight not in 1e-6..1e6.
 */
enum mc_status	 mc_phantom_mix_parse(struct mc_phantom_mix *mix,
		    enum mc_phantom_task task, const char *list,
		    struct mc_err *err) MC_MUST_CHECK;

struct mc_phantom_picture {
	size_t patient, image;	/* from 0 */
	size_t drawn, folder;	/* classes */
	double sign;		/* for whoever draws it */
};

struct mc_phantom_plan {
	struct mc_phantom phantom;
	struct mc_phantom_mix classes;
	size_t patients;		/* at least one per class */
	size_t least, most;		/* images per patient */
	bool by_patient;		/* each patient has a folder, as in an
					   archive of DICOM; else each class */
	struct mc_phantom_picture *picture;	/* free it */
	size_t n;
};

/*
 * Fill in the pictures of P from its other members.  NOISE is the share of the
 * patients whose pictures are in the folder of another class.
 */
void	 mc_phantom_plan_make(struct mc_phantom_plan *p, double noise);

/* The name of patient NUMBER, from 0: "patient001".  The caller frees it. */
char	*mc_phantom_patient(const struct mc_phantom_plan *p, size_t number);

/*
 * The place of picture X in the folder, without extension:
 * "CLASS/patient007_01", by patient "patient007/01".  The caller frees it.
 */
char	*mc_phantom_picture_id(const struct mc_phantom_plan *p,
	    const struct mc_phantom_picture *x);

#endif
