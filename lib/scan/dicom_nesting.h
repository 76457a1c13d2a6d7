/*
 * dicom_nesting.h - refuse DICOM whose sequences lie too deep in each other.
 *
 * DCMTK reads sequences by recursion, so a small file of many levels would exhaust
 * the stack.  Real files have fewer than ten levels.
 */
#ifndef MC_DICOM_NESTING_H
#define MC_DICOM_NESTING_H

#include <stddef.h>

#include "base/err.h"

#ifdef __cplusplus
extern "C" {
#endif

/* More levels than these are refused. */
#define MC_DICOM_LEVELS 64

/*
 * Walk over the elements of the file PATH, or of the N BYTES of a file, up to the
 * pixels.  MC_EDATA: too many levels; MC_EIO, MC_EMACHINE: PATH cannot be read.
 * Other damage is left to DCMTK.  What is deflated is walked in its inflated form.
 */
enum mc_status	 mc_dicom_check_nesting_of(const char *path,
		    struct mc_err *err) MC_MUST_CHECK;
enum mc_status	 mc_dicom_check_nesting(const void *bytes, size_t n,
		    const char *name, struct mc_err *err) MC_MUST_CHECK;

#ifdef __cplusplus
}
#endif

#endif
