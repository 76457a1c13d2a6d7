/*
 * dicom_pixels.h - make samples of the pixel data of DICOM.
 */
#ifndef MC_DICOM_PIXELS_H
#define MC_DICOM_PIXELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "scan/samples.h"

#ifdef __cplusplus
extern "C" {
#endif

enum mc_photometric {
	MC_MONOCHROME1, MC_MONOCHROME2, MC_PALETTE, MC_RGB, MC_YBR_FULL,
	MC_YBR_FULL_422,	/* a pair of pixels as Y Y Cb Cr: an even
				   number of columns, PS3.3 C.7.6.3 */
	MC_YBR_PARTIAL_422	/* likewise; Y is 16 to 235 */
};

/* The attributes of the Image Pixel module, PS3.3 C.7.6.3. */
struct mc_dicom_layout {
	int rows, columns;
	int channels;
	int allocated, stored, high_bit;	/* bits of a sample */
	bool is_signed;
	bool planar;		/* all of red, then green, then blue */
	enum mc_photometric photometric;
	struct mc_lut palette[3];
};

/*
 * Check LAYOUT and correct what can be: a high bit that is not possible, more bits
 * stored than allocated.  MC_EDATA: no pixels, too many, or samples that are none
 * of 1, 8, 16 and 32 bits.  NAME is for messages.
 */
enum mc_status	 mc_dicom_check(struct mc_dicom_layout *layout,
		    const char *name, struct mc_err *err) MC_MUST_CHECK;

/* The bits of one frame in pixel data that is not compressed. */
uint64_t	 mc_dicom_frame_bits(const struct mc_dicom_layout *layout);

/*
 * Fill the picture of S from the samples at bit OFFSET of BYTES, in this
 * machine's order: width to high; of the rest, colours have no padding.  The
 * caller has seen that there are enough.  Colours become RGB.
 */
void		 mc_dicom_unpack(struct mc_samples *s,
		    const struct mc_dicom_layout *layout,
		    const unsigned char *bytes, uint64_t offset);

/*
 * The same from one number per sample, pixel after pixel, of which the lowest
 * layout->stored bits count.  NUMBERS, from malloc, becomes S'.
 */
void		 mc_dicom_take(struct mc_samples *s,
		    const struct mc_dicom_layout *layout, int32_t *numbers);

/*
 * Expand the COUNT WORDS of a segmented palette, each of one unit or, with BYTES,
 * of two, into N LEVELS: PS3.3 C.7.9.2.  False: the segments are damaged, or make
 * another number of levels.
 */
bool		 mc_dicom_expand(uint16_t *levels, size_t n,
		    const uint16_t *words, size_t count, bool bytes);

/*
 * Replace the samples of S by the levels that LUT has for them, and padding, which
 * has none, by -1.
 */
void		 mc_dicom_apply(struct mc_samples *s, const struct mc_lut *lut);

#ifdef __cplusplus
}
#endif

#endif
