/*
 * recode.h - convert encoded images: test-decode them, resize and crop them,
 * encode them again.
 *
 * What mc-pack does to one image: the bytes of a file in, the bytes of a member
 * out.  An image is kept byte for byte unless pixels or a kind of file are asked
 * for; it is decoded in every case, so that what is packed can be read.
 */
#ifndef MC_RECODE_H
#define MC_RECODE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/mem.h"
#include "image/decode.h"
#include "image/resize.h"

enum mc_encoding {
	MC_KEEP,		/* the file's own bytes */
	MC_PNG,			/* 8 bits, without loss */
	MC_JPEG
};

struct mc_recode {
	enum mc_encoding encoding;
	int quality;		/* of a JPEG, 1 to 100 */
	int resize;		/* of the shorter side; 0: not resized */
	int crop;		/* the square of the centre; 0: not cropped */
	enum mc_filter filter;	/* by which it is resized */
};

/*
 * Read "keep", "png" or "jpeg:Q" into the encoding and quality of *HOW; MC_EDATA:
 * it is none of them, and *HOW is untouched.
 */
enum mc_status	mc_recode_parse(struct mc_recode *how, const char *text,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * Whether an image's bytes change.  Pixels that change need an encoding other
 * than MC_KEEP: mc_recode_image asserts it.
 */
bool		mc_recode_changes(const struct mc_recode *how);

/*
 * Decode the image in BYTES, whose 16-bit samples hold BITS bits (see
 * mc_image_decode_bits), and replace BYTES as HOW says.  *EXTENSION becomes the
 * extension of what BYTES hold then ("jpg", "png"), a constant; *FACTS are those
 * of the image as it was.  NAME is for messages.  MC_EDATA: it cannot be
 * decoded, or is too large when resized; BYTES are then untouched.
 *
 * The pixels of resize and crop are those of mc_resize and mc_center_crop: an
 * image resized to S and encoded as PNG gives, preprocessed with resize S, the
 * same numbers as the original.
 */
enum mc_status	mc_recode_image(const struct mc_recode *how,
		    struct mc_buf *bytes, int bits, const char **extension,
		    struct mc_image_facts *facts, const char *name,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * Change the pixels of IMAGE as HOW says, and replace BYTES by them, encoded; as
 * PNG where the encoding is MC_KEEP.  For images that are no files which
 * mc_image_decode reads.  IMAGE stays the caller's, with other pixels.
 */
enum mc_status	mc_recode_pixels(const struct mc_recode *how,
		    struct mc_image *image, struct mc_buf *bytes,
		    const char **extension, const char *name,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
