/*
 * phantom.h - draw synthetic medical images of known difficulty.
 *
 * They resemble chest films, fundus photographs, dermoscopy and MR images of
 * gliomas (glioma.h), so that a study can be tried where no patient's image may
 * be; nothing about patients follows from them.
 *
 * Each image has one hidden number for each sign that its task knows (opacities
 * in a lung, drusen on a retina, seven looks of a lesion, enhancement and
 * necrosis of a glioma):
 *
 *	x = mean + sqrt(1/2) a + sqrt(1/2) b,	a, b normal with variance 1
 *
 * a belongs to the patient and b to the image, so two images of a patient
 * correlate by 1/2 within a class.  With two classes there is one sign, whose
 * means are D apart; with more, each class has a sign whose mean it raises by
 * D / sqrt(2), so that any two classes are D apart too.  An observer who sees x
 * itself tells two classes apart with an area under the ROC curve of
 * Phi(D / sqrt(2)); since x is drawn in pixels, under anatomy that differs and
 * noise, this is the most that can be reached.
 */
#ifndef MC_PHANTOM_H
#define MC_PHANTOM_H

#include <stddef.h>
#include <stdint.h>

enum mc_phantom_task {
	MC_PHANTOM_CHEST, MC_PHANTOM_FUNDUS, MC_PHANTOM_DERMOSCOPY,
	MC_PHANTOM_GLIOMA	/* volumes: mc_phantom_scan */
};

#define MC_PHANTOM_CLASSES 7	/* the most that a task has */

/* The names of TASK's classes, by their numbers; NULL ends them. */
const char *const *mc_phantom_classes(enum mc_phantom_task task);

struct mc_phantom {
	enum mc_phantom_task task;
	int size;		/* height and width in pixels, at least 16 */
	double distance;	/* D: 0, nothing to be seen, to about 4 */
	uint64_t seed;
};

/* The area under the ROC curve that cannot be passed: Phi(D / sqrt(2)). */
double	mc_phantom_auroc(const struct mc_phantom *p);

/*
 * Draw image IMAGE, below 65536, of patient PATIENT, who is of class
 * CLASS_NUMBER of a task other than MC_PHANTOM_GLIOMA, into RGB: size x size x 3
 * bytes, rows from the top.  The pixels are a function of the arguments alone.
 * Returns x of the class's sign (of the one sign where the task has two
 * classes).
 */
double	mc_phantom_draw(const struct mc_phantom *p, size_t class_number,
	    size_t patient, size_t image, unsigned char *rgb);

/*
 * The same of MC_PHANTOM_CHEST, as size x size samples of BITS bits, 8 to 16,
 * of which 0 is black.
 */
double	mc_phantom_draw_grey(const struct mc_phantom *p, size_t class_number,
	    size_t patient, size_t image, int bits, uint16_t *grey);

#endif
