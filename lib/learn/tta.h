/*
 * tta.h - make several views of an image, whose predictions are averaged
 * (test-time augmentation).
 *
 * The words are those of augment.h.  Without a word that is drawn, the views are
 * the image and its mirror images, each once: two with flip or vflip, four with
 * both.  Otherwise view 0 is the image as it is, and each other view is what
 * training with these words would make of the image in the epoch of that number.
 */
#ifndef MC_TTA_H
#define MC_TTA_H

#include <stdint.h>

#include "base/err.h"
#include "image/augment.h"

/* The views of an image where words are drawn and no number is given. */
#define MC_TTA_VIEWS 8

struct mc_tta {
	struct mc_augment words;
	uint64_t seed;
	int views;
	bool drawn;		/* a word is */
};

/*
 * Read LIST into *TTA, with VIEWS views, 0: the default.  MC_EDATA: not a list
 * of augment.h, or VIEWS is given and no word is drawn.
 */
enum mc_status	mc_tta_parse(struct mc_tta *tta, const char *list, int views,
		    uint64_t seed, struct mc_err *err) MC_MUST_CHECK;

/*
 * Append the words to TEXT without commas, and their number of views if they are
 * drawn: "flip+vflip", "rotate:10*8".
 */
void		mc_tta_format(const struct mc_tta *tta, struct mc_buf *text);

/*
 * Say what is done for view V of an image of WIDTH x HEIGHT pixels, resized, of
 * which CROP x CROP are used, and whose id has the FNV-1a hash KEY.
 */
void		mc_tta_draw(const struct mc_tta *tta, int v, uint64_t key,
		    int width, int height, int crop,
		    struct mc_augment_draw *draw);

/*
 * Average the probabilities of N images over VIEWS: the first N x CLASSES of
 * LOGITS, which is VIEWS x N x CLASSES, become the logarithm of the mean over
 * the views of softmax(logits).
 */
void		mc_tta_average(double *logits, size_t views, size_t n,
		    size_t classes);

/*
 * The same of findings: the first N x FINDINGS of LOGITS become the logits of the
 * mean over the views of sigmoid(logits).
 */
void		mc_tta_average_findings(double *logits, size_t views, size_t n,
		    size_t findings);

#endif
