/*
 * decode.h - decode an image file to 8-bit RGB pixels: JPEG with libjpeg-turbo,
 * PNG, TIFF, WebP and GIF with libvips, JPEG 2000 with OpenJPEG (in builds with
 * DCMTK, which DICOM needs); BMP and PNM
 * (PBM, PGM, PPM, PAM) are no more than rows of samples.
 *
 * The pixels are those of Pillow's Image.open(file).convert("RGB"), which is
 * what torchvision's ImageFolder feeds to a network:
 *
 *	alpha		dropped, not composited; a transparent colour likewise
 *	grey, 1 bit	replicated; 1, 2 and 4 bits are stretched to 0..255
 *	palette		expanded
 *	CMYK		nk = 255 - K, red = nk - C * nk / 255 rounded, and so on
 *			(Pillow's Convert.c); a JPEG's CMYK and YCCK are always
 *			inverted, as Adobe writes them
 *	16 bits		the high byte, of every channel, grey too; the high
 *			byte of fewer bits where that is asked for
 *	9 to 15 bits	of a PNM (by its maxval) or JPEG 2000: scaled to 16
 *	profiles	ignored (ICC, gamma)
 *	orientation	a TIFF's tag is obeyed; EXIF in the others is not
 *	frames, pages	the first one; that of a GIF on its canvas
 *
 * It departs from Pillow 9.4 on purpose in these cases:
 *
 *	16-bit grey	Pillow clips at 255, which turns nearly every pixel
 *			white; here the high byte, linear, as for 16-bit RGB
 *	white-is-zero	16-bit TIFFs of that kind come out the right way round
 *	32-bit, float, signed samples, Lab
 *			refused: they have no fixed scale, or need a profile
 *	12-bit samples, tiles in separate planes
 *			refused: libvips does not read such TIFFs
 *	a palette of a TIFF with no value above 255
 *			treated as 8-bit values; Pillow makes it black
 *	16-bit PPM	the high byte, as of a PNG; Pillow rounds to 8 bits
 *	JPEG 2000	the high byte of more than 8 bits, where Pillow rounds;
 *			YCC, signed samples and palettes are refused
 *	a bad check sum	refused, also in PNG's IDAT, where Pillow looks away;
 *			but not zlib's own after the last pixel
 *	a palette index that the palette does not have
 *			black; Pillow gives another colour
 *	a run-length encoded BMP that leaves pixels out
 *			the palette's first colour; Pillow refuses most
 *	a GIF whose data end before its last pixel, its blocks being whole
 *			black; Pillow refuses it
 *	a JPEG of more than 500 scans
 *			refused: small files of that kind take hours
 *	associated alpha (a TIFF's colours are multiplied by it)
 *			libvips divides it out: off by one at most in 8 bits,
 *			and in 16 bits before they become 8, not after
 *
 * Everything else is refused.
 */
#ifndef MC_DECODE_H
#define MC_DECODE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* What decodes, for the record: "libvips 8.14.1, libjpeg-turbo 2.1.5". */
const char	*mc_image_libraries(void);

/* Rows from the top, without padding: height x width x 3 bytes, R G B. */
struct mc_image {
	int width, height;
	unsigned char *rgb;
};

/*
 * Start libvips and set it up for files that nobody vouches for: no modules,
 * untrusted loaders blocked, no cache, one thread per pipeline, silent.  Once in
 * a process, before anything else of this header, while there is one thread,
 * since the environment's VIPSHOME is set.  MC_EIO
 * where libvips cannot start.  mc_image_shutdown is the last call.
 */
enum mc_status	mc_image_init(struct mc_err *err) MC_MUST_CHECK;
void		mc_image_shutdown(void);

/* How many bits of a 16-bit sample hold the image: 1 to 16, or: */
#define MC_BITS_AUTO 0

/*
 * What TEXT says of that into *BITS: a number, "auto", or nothing, which is 16.
 * NAME is for messages.
 */
enum mc_status	mc_image_parse_bits(const char *text, int *bits,
		    const char *name, struct mc_err *err) MC_MUST_CHECK;

/* What is known of an image besides its pixels. */
struct mc_image_facts {
	bool wide;		/* its samples have 16 bits in the file */
	int used;		/* then: the bits that the largest one of a
				   colour needs, 1 to 16 */
	long pages;		/* pages, or frames of an animation */
};

/*
 * Decode the N BYTES of a file into *IMAGE, whose earlier content is not
 * freed; the caller ends it with mc_image_free.  NAME is for messages.
 * MC_EDATA for what is damaged, truncated, larger than mc_max_pixels
 * (base/limits.h) or of another kind, MC_EMACHINE where a library found no memory;
 * then *IMAGE is empty.  Threads may decode at the same time; when two fail
 * together, libvips may give the reason of both to one of them (the name in
 * front is right).
 */
enum mc_status	mc_image_decode(struct mc_image *image, const void *bytes,
		    size_t n, const char *name, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * The same, and what is known of the image into *FACTS.  In a file of 16-bit
 * samples, these hold BITS bits: of 8 and more the highest 8 are taken, fewer
 * are stretched to 0..255; a sample that needs more is MC_EDATA.  MC_BITS_AUTO
 * is what a PNG's sBIT chunk says, if no sample needs more (if one does, all
 * are scaled to 16, as the standard wants it), and without such a chunk the
 * bits that the largest sample of this one image needs.  BITS changes nothing
 * in files of 8 bits and less, nor where a PNM or JPEG 2000 says that its samples
 * have fewer than 16.
 */
enum mc_status	mc_image_decode_bits(struct mc_image *image,
		    struct mc_image_facts *facts, const void *bytes, size_t n,
		    int bits, const char *name, struct mc_err *err)
		    MC_MUST_CHECK;

/* Free the pixels and make IMAGE empty. */
void		mc_image_free(struct mc_image *image);

#endif
