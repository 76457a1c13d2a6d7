/* scan.c - read the images of scanners. */
#include "config.h"

#include <string.h>

#include "scan/dicom_write.h"
#include "scan/scan.h"

#ifdef HAVE_DCMTK
#include "scan/dicom.h"

bool
mc_scan_reads(const struct mc_kind *kind)
{
	return kind != NULL && kind->scan;
}

enum mc_status
mc_scan_read_tags(struct mc_scan_tags *tags, const char *path, int64_t frame,
    struct mc_err *err)
{
	return mc_dicom_read_tags(tags, path, frame, err);
}

enum mc_status
mc_scan_decode(struct mc_samples *s, int64_t *frames, const void *bytes,
    size_t n, int64_t frame, const char *name, struct mc_err *err)
{
	return mc_dicom_decode(s, frames, bytes, n, frame, name, err);
}

#else

static enum mc_status
refuse(const char *name, struct mc_err *err)
{
	return mc_err_set(err, MC_EDATA, "%s: DICOM, and mctools was built "
	    "without it: install DCMTK (libdcmtk-dev) and OpenJPEG "
	    "(libopenjp2-7-dev), then configure and make again", name);
}

bool
mc_scan_reads(const struct mc_kind *kind)
{
	(void)kind;
	return false;
}

enum mc_status
mc_scan_read_tags(struct mc_scan_tags *tags, const char *path, int64_t frame,
    struct mc_err *err)
{
	(void)frame;
	memset(tags, 0, sizeof(*tags));
	return refuse(path, err);
}

enum mc_status
mc_scan_decode(struct mc_samples *s, int64_t *frames, const void *bytes,
    size_t n, int64_t frame, const char *name, struct mc_err *err)
{
	(void)bytes;
	(void)n;
	(void)frame;
	memset(s, 0, sizeof(*s));
	*frames = 0;
	return refuse(name, err);
}

enum mc_status
mc_dicom_write(const char *path, const struct mc_dicom_film *film,
    struct mc_err *err)
{
	(void)film;
	return refuse(path, err);
}

#endif
