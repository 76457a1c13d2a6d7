/*
 * remarks.h - say what a training reads, and what it keeps, and what of these a
 * reader must know.
 *
 * SAY is called once per line.
 */
#ifndef MC_REMARKS_H
#define MC_REMARKS_H

#include <stdint.h>

#include "learn/dataset.h"
#include "learn/train.h"

/* Fewer validation units (patients) than these are worth a remark. */
#define MC_ENOUGH_VALIDATE 10

/*
 * What D holds, of which fold FOLD is left out (0: none), and of the training
 * images only SHARE percent are used (0: all).
 */
void	mc_remark_data(const struct mc_dataset *d, int64_t fold, double share,
	    void (*say)(const char *line));

/*
 * That all images of D, if it holds features, have the same ones: none differs
 * from the first image's by more than 1e-5 of the largest of these.
 */
void	mc_remark_features(const struct mc_dataset *d,
	    void (*say)(const char *line));

/*
 * That the moving average of the training G, if it has one, is over more steps
 * than there are, 1 / (1 - decay), and a decay that averages over a tenth.
 */
void	mc_remark_average(const struct mc_training *g,
	    void (*say)(const char *line));

/*
 * Which epoch or value the training G has kept, how it does in validation,
 * that the C of a logistic regression is the smallest or the largest that was
 * tried, and whether it predicts one class only, or which findings it predicts
 * one way, for the validation images or, if there are none, for the training
 * images: this line names the TASK ("": none), the ARM and the seed.
 */
void	mc_remark_kept(const struct mc_training *g, const struct mc_best *kept,
	    const char *task, const char *arm, void (*say)(const char *line));

#endif
