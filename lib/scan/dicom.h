/*
 * dicom.h - read DICOM with DCMTK, and JPEG 2000 in it with OpenJPEG.
 *
 * The stored samples, their values and the colours are those of pydicom's
 * pixel_array, apply_modality_lut and apply_color_lut.  Frames in YCbCr become
 * RGB by the formulas of PS3.3 C.7.6.3.1.2.
 */
#ifndef MC_DICOM_H
#define MC_DICOM_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "scan/samples.h"
#include "scan/tags.h"

#ifdef __cplusplus
extern "C" {
#endif

/* As mc_scan_read_tags and mc_scan_decode (scan.h). */
enum mc_status	 mc_dicom_read_tags(struct mc_scan_tags *tags,
		    const char *path, int64_t frame, struct mc_err *err)
		    MC_MUST_CHECK;
enum mc_status	 mc_dicom_decode(struct mc_samples *s, int64_t *frames,
		    const void *bytes, size_t n, int64_t frame,
		    const char *name, struct mc_err *err) MC_MUST_CHECK;

#ifdef __cplusplus
}
#endif

#endif
