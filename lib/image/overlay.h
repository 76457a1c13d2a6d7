/*
 * overlay.h - lay a map of numbers over an image as colours.
 *
 * The colours are those of viridis (van der Walt & Smith 2015), whose lightness
 * grows evenly from dark blue to yellow, so that equal steps of the numbers
 * look equal, also in grey and to most who are colour-blind.
 */
#ifndef MC_OVERLAY_H
#define MC_OVERLAY_H

#include <stddef.h>

/*
 * Set RGB to the colour of X, 0 to 1, each channel within 1 of the published
 * table of 256 colours.
 */
void	mc_viridis(double x, unsigned char rgb[3]);

/*
 * Enlarge MAP, ROWS x COLUMNS, to SIZE x SIZE values in OUT, bilinearly between
 * the centres of its cells, as PyTorch's interpolate without align_corners:
 * cell (r, c) has the pixels from r SIZE / ROWS and c SIZE / COLUMNS on, and
 * beyond the outermost centres their value stays.
 */
void	mc_enlarge(const float *map, int rows, int columns, int size,
	    float *out);

/*
 * Set OUT to the means of the N pixels of RGB, 3 bytes each, and of the colours
 * of VALUE, of which LO gets the first colour and HI the last; all get the
 * first where LO equals HI.
 */
void	mc_overlay(const unsigned char *rgb, const float *value, size_t n,
	    double lo, double hi, unsigned char *out);

#endif
