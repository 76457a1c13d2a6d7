/*
 * pnm.h - read the headers of Netpbm's images: PBM, PGM, PPM and PAM.
 */
#ifndef MC_PNM_H
#define MC_PNM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mc_pnm {
	int type;		/* 1 to 7: the digit behind the P */
	uint32_t width, height;	/* above 0 */
	int channels;		/* of a pixel: 1 or 3, and one more with alpha */
	int maxval;		/* the brightest sample, 1 to 65535; 1 of a PBM */
	size_t raster;		/* where the samples begin */
};

/*
 * Read the header of the image that begins with the N BYTES (netpbm's pages pbm,
 * pgm, ppm and pam of section 5).  Returns whether it is whole, and one of grey or
 * RGB samples, with or without alpha.
 */
bool	mc_pnm_header(struct mc_pnm *p, const void *bytes, size_t n);

/* Move *AT to the first of the N BYTES that is no white space or comment. */
void	mc_pnm_skip(const void *bytes, size_t n, size_t *at);

/*
 * The unsigned number at *AT of the N BYTES, behind white space and comments, up to
 * 65535 * 65535; *AT becomes the place behind it.  -1: there is none.
 */
int64_t	mc_pnm_number(const void *bytes, size_t n, size_t *at);

#endif
