/*
 * tags.h - hold what the header of a scanner's file says.
 */
#ifndef MC_TAGS_H
#define MC_TAGS_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The texts of a header, as UTF-8 without control bytes; "": not there. */
enum mc_scan_text {
	MC_SCAN_PATIENT, MC_SCAN_STUDY, MC_SCAN_SERIES, MC_SCAN_LATERALITY,
	MC_SCAN_VIEW, MC_SCAN_MODALITY, MC_SCAN_SCANNER, MC_SCAN_SEX,
	MC_SCAN_AGE,		/* in years, a decimal number */
	MC_SCAN_TEXTS
};

/* What the header of a file says. */
struct mc_scan_tags {
	const char *no_image;	/* what the file holds instead of an image,
				   a constant: "a structured report" */
	char *text[MC_SCAN_TEXTS];
	int64_t frames;		/* 1 or more */
	bool burned_in;		/* names may be drawn into the pixels */
	bool lossy;		/* compressed with loss, now or before */
	/* Of the samples, as in struct mc_samples; bits is 0 if not known. */
	int bits, channels;
	double slope, intercept;	/* see mc_levels_line */
};

/* Free what TAGS holds and make it empty. */
void	mc_scan_tags_clear(struct mc_scan_tags *tags);

#ifdef __cplusplus
}
#endif

#endif
