/*
 * levels.h - make grey levels of samples: by a window, a VOI LUT or a range.
 *
 * The formulas are those of DICOM PS3.3 C.11.2.1.2 and C.11.2.1.3.  A level from
 * 0 to 1 becomes floor(level * 255 + 0.5).
 */
#ifndef MC_LEVELS_H
#define MC_LEVELS_H

#include <stdint.h>

#include "base/err.h"
#include "scan/samples.h"

#ifdef __cplusplus
extern "C" {
#endif

enum mc_window_choice {
	MC_WINDOW_FILE,		/* the file's VOI LUT, else its first window,
				   else the stored bits */
	MC_WINDOW_GIVEN,	/* center and width */
	MC_WINDOW_AUTO,		/* from the least value of this picture to its
				   largest, without padding */
	MC_WINDOW_BITS		/* the values that the stored bits can hold */
};

struct mc_window {
	enum mc_window_choice choice;
	double center, width;	/* of MC_WINDOW_GIVEN; MC_LINEAR */
};

/*
 * Parse "file", "C,W", "auto" or "bits" into *W.  MC_EDATA: it is none of them,
 * or a width below 1.
 */
enum mc_status	 mc_window_parse(struct mc_window *w, const char *text,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * The levels of S from 0 to 255: one per pixel of grey, three of colour, to be
 * freed.  Grey that is inverted comes out the right way round, and padding black.
 * A window does nothing to colour, whose stored bits are scaled.  MC_EDATA: a
 * window of the file whose width is not possible, real samples that have no range
 * (MC_WINDOW_BITS, or MC_WINDOW_FILE in a file without a window), or a sample
 * that is not finite.  NAME is for messages.
 */
enum mc_status	 mc_levels(unsigned char **levels, const struct mc_samples *s,
		    const struct mc_window *w, const char *name,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * The stored samples of S as 16 bits without loss, to be freed: those of S less
 * its low, or its high less them where it is inverted; padding below the low is
 * the low.  MC_EDATA: real samples, or more bits than 16.  mc_levels_line says which values they stand for.
 */
enum mc_status	 mc_levels_stored(uint16_t **stored, const struct mc_samples *s,
		    const char *name, struct mc_err *err) MC_MUST_CHECK;

/* The line by which a sample of mc_levels_stored becomes a value. */
void		 mc_levels_line(const struct mc_samples *s, double *slope,
		    double *intercept);

/*
 * The share of the values that the stored bits can hold between the least and the
 * largest one of S, 0 to 1, padding left out; 1 for real samples and colour.
 */
double		 mc_levels_used(const struct mc_samples *s);

#ifdef __cplusplus
}
#endif

#endif
