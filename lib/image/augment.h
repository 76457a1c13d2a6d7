/*
 * augment.h - change a training image at random, and differently in each epoch.
 *
 * An augmentation is a list of words, separated by commas, in any order:
 *
 *	crop:A-B	Cut a part of the resized image and scale it to the
 *			crop: torchvision's RandomResizedCrop.  Ten times, until
 *			it fits: an area uniform from A to B, as a share of the
 *			image's, and a ratio of width to height uniform on a
 *			log scale from 3/4 to 4/3; then a place, uniform.  If
 *			none fits: the largest part around the centre with such
 *			a ratio.  Without this word, the crop is the centre.
 *	flip		Mirror left to right, with probability 1/2:
 *			RandomHorizontalFlip.
 *	vflip		Mirror top to bottom, with probability 1/2:
 *			RandomVerticalFlip.
 *	rotate:X	Rotate by an angle uniform from -X to X degrees:
 *			RandomRotation with InterpolationMode.BILINEAR.  What
 *			comes from outside the crop is black.
 *	trivial		Do one operation of TrivialAugment (trivial.h):
 *			TrivialAugmentWide.
 *	jitter:X	Change brightness, contrast and saturation, in random
 *			order, each by a factor uniform from 1 - X to 1 + X:
 *			ColorJitter(X, X, X).
 *	erase:P		With probability P, erase a rectangle: RandomErasing.
 *			Ten times, until it fits: an area uniform from 0.02 to
 *			0.33 of the crop, and a ratio of height to width uniform
 *			on a log scale from 0.3 to 3.3; then a place, uniform.
 *			If none fits, nothing is erased.  torchvision sets the
 *			normalised pixels to 0; here they get the byte next to
 *			the mean that normalisation subtracts, since all
 *			operations have bytes as input and output.
 *
 * They are applied in the order of this list.  Each operation on pixels gives
 * torchvision's bytes on a PIL image (adjust.h, geometry.h, resize.h).
 *
 * "crop" cuts from the resized image, not from the original as torchvision's
 * examples do: the resized image is what mc-train can keep between epochs
 * instead of the file, at a hundredth of the time, and both ways of keeping must
 * give the same pixels.
 */
#ifndef MC_AUGMENT_H
#define MC_AUGMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "image/preprocess.h"
#include "image/trivial.h"

/* The words of a list; what is not in it is 0. */
struct mc_augment {
	double crop[2];
	bool flip, vflip, trivial;
	double rotate;		/* degrees */
	double jitter;
	double erase;
};

/*
 * Read LIST into *A.  MC_EDATA: a word that is unknown, is given twice, or has
 * no value in its range; *A is then untouched.
 */
enum mc_status	mc_augment_parse(struct mc_augment *a, const char *list,
		    struct mc_err *err) MC_MUST_CHECK;

/* Whether A has a word, and whether it has "crop". */
bool		mc_augment_any(const struct mc_augment *a);
bool		mc_augment_crops(const struct mc_augment *a);

/* Append A to TEXT as a list in the order above, which reads back as A. */
void		mc_augment_format(const struct mc_augment *a,
		    struct mc_buf *text);

/* What is done to one image. */
struct mc_augment_draw {
	bool crops, erases;
	bool flip, vflip;
	struct mc_box crop;		/* of the resized image */
	double angle;			/* degrees; 0: not rotated */
	struct mc_trivial trivial;
	/* A permutation of brightness, contrast, saturation, and factors. */
	int jitter[3];
	double factor[3];		/* 1: not changed */
	struct mc_box erase;		/* of the crop */
};

/*
 * Draw what A does to an image of WIDTH x HEIGHT pixels, resized, of which CROP
 * x CROP are used.  The draw is a function of these and of SEED; each word has a
 * random stream of its own, so what one draws does not depend on the others.
 */
void		mc_augment_draw(const struct mc_augment *a, int width,
		    int height, int crop, uint64_t seed,
		    struct mc_augment_draw *draw);

/*
 * Make the crop of IN, an image that has been resized as PRE says, or, unless
 * DRAW has crops, the centre crop of one, and do what DRAW says.  RGB receives
 * crop x crop x 3 bytes.  It cannot fail.
 */
void		mc_augment_apply(const struct mc_augment_draw *draw,
		    const struct mc_preprocess *pre, const struct mc_image *in,
		    unsigned char *rgb);

#endif
