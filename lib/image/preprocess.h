/*
 * preprocess.h - preprocess an image for a backbone.
 *
 * Resize, CenterCrop, ToTensor and Normalize, bit for bit as torchvision 0.14
 * computes them in float32.
 */
#ifndef MC_PREPROCESS_H
#define MC_PREPROCESS_H

#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"
#include "image/decode.h"
#include "image/resize.h"

struct mc_preprocess {
	int resize, crop;		/* pixels; see mc_resize_crop */
	enum mc_filter filter;
	float mean[3], std[3];		/* of R, G, B in 0..1; std > 0 */
};

/* The names of enum mc_filter; NULL ends them. */
extern const char *const mc_filter_names[];

/* 256, 224, bilinear, and the mean and deviation of ImageNet. */
extern const struct mc_preprocess mc_preprocess_imagenet;

/*
 * The text form, which model tars record and mc_preprocess_parse reads:
 *
 *	resize=256 crop=224 filter=bilinear mean=0.485,0.456,0.406 std=...
 *
 * format appends it to TEXT.  parse wants all five words, in any order, and
 * returns MC_EDATA for anything else; *PRE is then untouched.
 */
void		mc_preprocess_format(const struct mc_preprocess *pre,
		    struct mc_buf *text);
enum mc_status	mc_preprocess_parse(struct mc_preprocess *pre,
		    const char *text, struct mc_err *err) MC_MUST_CHECK;

/*
 * Read "R,G,B", the text form of a mean or of a deviation, into *PRE.  MC_EDATA:
 * it is not three numbers, or a deviation is not above 0; *PRE is then
 * untouched.  format_three appends this form of V to TEXT.
 */
enum mc_status	mc_preprocess_set_mean(struct mc_preprocess *pre,
		    const char *mean, struct mc_err *err) MC_MUST_CHECK;
enum mc_status	mc_preprocess_set_std(struct mc_preprocess *pre,
		    const char *std, struct mc_err *err) MC_MUST_CHECK;
void		mc_preprocess_format_three(const float v[3],
		    struct mc_buf *text);

/* The floats that one image becomes: 3 x crop x crop. */
size_t		mc_preprocess_size(const struct mc_preprocess *pre);

/*
 * The last two steps alone: from the crop x crop x 3 bytes of a crop to planes
 * R, G, B of crop x crop floats.
 */
void		mc_preprocess_normalize(const struct mc_preprocess *pre,
		    const unsigned char *rgb, float *out);

/*
 * Bring IMAGE into OUT, planes R, G, B of crop x crop floats:
 * (byte / 255 - mean) / std.  It cannot fail.
 */
void		mc_preprocess_image(const struct mc_preprocess *pre,
		    const struct mc_image *image, float *out);

#endif
