/*
 * dicom_write.h - write a grey film as a DICOM file with DCMTK.
 *
 * The file is a Computed Radiography Image (PS3.3 A.2) with 12 bits of 16.
 * Where mctools is built without DCMTK, mc_dicom_write returns MC_EDATA and
 * says so.
 */
#ifndef MC_DICOM_WRITE_H
#define MC_DICOM_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#ifdef __cplusplus
extern "C" {
#endif

#define MC_DICOM_FILM_BITS 12

enum mc_dicom_coding {
	MC_DICOM_PLAIN,			/* Explicit VR Little Endian */
	MC_DICOM_JPEG_LOSSLESS,		/* process 14, selection value 1 */
	MC_DICOM_RLE
};

/* A film and what its header says.  Texts are ASCII, without backslashes. */
struct mc_dicom_film {
	int width, height;
	const uint16_t *samples;	/* rows from the top; 0 is black, or
					   white if inverted */
	bool inverted;			/* MONOCHROME1 */
	enum mc_dicom_coding coding;
	int center, window;		/* of samples */
	const char *patient, *sex, *manufacturer, *model;
	const char *view;		/* position: "PA" */
	int age;			/* in years */
	const char *study, *series, *instance;	/* UIDs */
	int number;			/* of the image in its study, from 1 */
};

/*
 * Write FILM to the new file PATH.  Threads may do so at the same time.  The
 * same film gives the same bytes as long as DCMTK stays the same.  MC_EIO: PATH
 * cannot be written; what was written of it is left.
 */
enum mc_status	 mc_dicom_write(const char *path,
		    const struct mc_dicom_film *film, struct mc_err *err)
		    MC_MUST_CHECK;

#ifdef __cplusplus
}
#endif

#endif
