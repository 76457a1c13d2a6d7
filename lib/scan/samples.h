/*
 * samples.h - hold the samples of one frame as the scanner's file stores them,
 * with what turns them into values and values into grey levels.
 *
 * A sample s stands for the value slope * s + intercept: Hounsfield units in CT.
 */
#ifndef MC_SAMPLES_H
#define MC_SAMPLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* DICOM's VOI LUT Function, PS3.3 C.11.2.1.3. */
enum mc_curve {
	MC_LINEAR,		/* from center - 0.5 - (width - 1) / 2 to
				   center - 0.5 + (width - 1) / 2 */
	MC_LINEAR_EXACT,	/* from center - width / 2 to center + width / 2 */
	MC_SIGMOID		/* 1 / (1 + exp(-4 (value - center) / width)) */
};

/* A table of levels for the values first, first + 1 and so on. */
struct mc_lut {
	uint16_t *level;	/* NULL: there is none */
	size_t n;
	int32_t first;
	int bits;		/* a level is at most 2^bits - 1 */
};

struct mc_samples {
	int width, height;	/* at most mc_max_pixels of them */
	int channels;		/* 1: grey; 3: red, green, blue of each pixel */
	/* Rows from the top, without padding; one of the two is NULL. */
	int32_t *stored;
	float *real;
	double slope, intercept;
	int32_t low, high;	/* the samples that the stored bits can hold;
				   of real: not used */
	int bits;		/* that hold a stored sample, 1 to 32; 0: real */
	bool inverted;		/* low values are bright: MONOCHROME1 */
	bool padded;		/* samples from padding[0] to padding[1] lie
				   outside of the picture */
	int32_t padding[2];
	/* What the file says of its display. */
	bool windowed;
	double center, extent;	/* the first window; extent is its width */
	enum mc_curve curve;
	struct mc_lut lut;	/* the first VOI LUT; it precedes the window */
};

/* Free what S holds and make it empty. */
void	mc_samples_clear(struct mc_samples *s);

#ifdef __cplusplus
}
#endif

#endif
