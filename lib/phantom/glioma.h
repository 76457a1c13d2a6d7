/*
 * glioma.h - draw a synthetic head with a glioma in the sequences of a scanner.
 *
 * The sequences of a visit lie on one grid, with the skull removed, as in
 * BraTS.  The grid differs between visits as those of scanners do: in its voxel
 * size, in which of its axes runs where, and in a few degrees and millimetres.
 */
#ifndef MC_PHANTOM_GLIOMA_H
#define MC_PHANTOM_GLIOMA_H

#include <stdint.h>

#include "phantom/phantom.h"

enum mc_phantom_sequence {
	MC_PHANTOM_T1, MC_PHANTOM_T1CE, MC_PHANTOM_T2, MC_PHANTOM_FLAIR,
	MC_PHANTOM_SEQUENCES
};

/* What the mask says of a voxel, with the numbers of BraTS; 0: no tumour. */
enum { MC_PHANTOM_CORE = 1, MC_PHANTOM_OEDEMA = 2, MC_PHANTOM_ENHANCING = 4 };

struct mc_phantom_scan {
	int size[3];		/* voxels along each axis of the grid */
	/* The place of voxel (i, j, k) in mm to the patient's right, front and
	   top: affine (i, j, k, 1). */
	double affine[3][4];
	/* Voxels, the first axis fastest.  0 is outside of the brain. */
	int16_t *sequence[MC_PHANTOM_SEQUENCES];
	int16_t *mask;
};

/* The name of SEQUENCE: "t1", "t1ce", "t2" or "flair". */
const char *mc_phantom_sequence_name(enum mc_phantom_sequence sequence);

/*
 * Draw visit IMAGE, below 65536, of patient PATIENT, who is of class
 * CLASS_NUMBER of MC_PHANTOM_GLIOMA, into *SCAN, which mc_phantom_scan_clear
 * ends.  P->size, at most 512, is the number of voxels from left to right and
 * from back to front; there are two thirds as many from the feet to the head.
 * *SCAN is a function of the arguments alone.  Returns x of the sign
 * (phantom.h).
 */
double	 mc_phantom_scan(const struct mc_phantom *p, size_t class_number,
	    size_t patient, size_t image, struct mc_phantom_scan *scan);
void	 mc_phantom_scan_clear(struct mc_phantom_scan *scan);

#endif
