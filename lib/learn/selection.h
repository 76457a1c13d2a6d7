/*
 * selection.h - choose the images that a model predicts.
 *
 * The rows are those of a split, or of the fold that training left out.  The
 * images that the model was trained and selected on are refused, so that no
 * number is better than it would be on new images, unless their split is asked
 * for by its name, or left out where that is asked for.
 */
#ifndef MC_SELECTION_H
#define MC_SELECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "learn/trained.h"
#include "stream/images.h"

struct mc_selection {
	/* What is asked for; the caller sets these. */
	const char *split;	/* "all": any; NULL: "test" */
	int64_t fold;		/* instead of a split; 0: none */
	bool skip_seen;		/* leave out, not refuse, what has been seen */
	bool any_levels;	/* also predict images whose grey levels were
				   made in another way than the model's */
	/*
	 * Images are explained, not scored: also those that the model has seen,
	 * and whatever their labels.
	 */
	bool explains;
	bool part;		/* the images are one of several parts, which may
				   have none to predict */
	/* Called for each image that is refused. */
	void (*refused)(const char *id, enum mc_role role);

	/* The functions below set these. */
	const char *wanted;	/* the split; NULL: any */
	bool no_split;		/* since no image has one */
	int64_t n_skipped, n_refused;
	char *refused_id;	/* of the first image refused */
	int64_t n_foreign;	/* explained, with a label that the model lacks */
	char *foreign_id;	/* of the first of these */
	/* Images whose grey levels were made in another way; those of which, or
	   of whose model, that is not known; and how they were made. */
	int64_t n_other, n_unknown;
	struct mc_grey grey;
	const struct mc_trained *trained;
	int id, label, split_column, fold_column, grey_column;
};

/*
 * Bind S to the columns of IMAGES.  If no image of the first tar has a split
 * and none is asked for, wanted becomes NULL and no_split true.  MC_EDATA: the
 * split or fold that is asked for has no column.  mc_selection_clear ends S.
 */
enum mc_status	mc_selection_bind(struct mc_selection *s,
		    const struct mc_images *images, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * Begin to select for the model TR, borrowed.  MC_EUSAGE: its training did not leave
 * the fold out that is asked for.
 */
enum mc_status	mc_selection_begin(struct mc_selection *s,
		    const struct mc_trained *tr, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * Whether the row on which IMAGES stands is predicted by the struct
 * mc_selection ARG: for mc_feed_options.want.  Once an image has been
 * refused, none is.  MC_EDATA: a label that is not among the model's classes, or
 * that names a finding which is not among its findings; a split although
 * no_split is true; grey levels that were not made as those of the training
 * (table/grey_levels.h).
 */
enum mc_status	mc_selection_want(const struct mc_images *images,
		    bool *wanted, void *arg, struct mc_err *err);

/*
 * Check S after the last row of IMAGES, of which N were predicted and BAD
 * could not be decoded.  MC_EDATA: images were refused, or N is 0, which a part
 * may be.
 */
enum mc_status	mc_selection_end(const struct mc_selection *s,
		    const struct mc_images *images, int64_t n, int64_t bad,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * Say how many of the images predicted have grey levels that were made in another
 * way than the model's, and of how many that is not known; and how many of
 * those explained have a label that is none of the model's.
 */
void		mc_selection_remark(const struct mc_selection *s,
		    const struct mc_images *images,
		    void (*say)(const char *line));

void		mc_selection_clear(struct mc_selection *s);

#endif
