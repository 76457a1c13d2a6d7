/*
 * phantom_file.h - draw a picture of a study and write its files.
 */
#ifndef MC_PHANTOM_FILE_H
#define MC_PHANTOM_FILE_H

#include "base/err.h"
#include "phantom/plan.h"

enum phantom_format {
	PHANTOM_PNG,		/* ID.png */
	PHANTOM_NIFTI,		/* ID/patient007_01_t1ce.nii.gz and others: the
				   task is MC_PHANTOM_GLIOMA */
	PHANTOM_DICOM		/* ID.dcm: the task is MC_PHANTOM_CHEST */
};

/*
 * Draw P of PLAN, fill in its sign, and write its files into the folder DIR, in
 * which the folders of its id are made where they are missing.  Threads may do
 * so at the same time.  MC_EIO: a file cannot be written; MC_EDATA: this build
 * has no DICOM.
 */
enum mc_status	phantom_file(const struct mc_phantom_plan *plan,
		    enum phantom_format format, const char *dir,
		    struct mc_phantom_picture *p, struct mc_err *err)
		    MC_MUST_CHECK;

/* Write the N BYTES to the new file PATH. */
enum mc_status	phantom_write(const char *path, const void *bytes, size_t n,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
