/*
 * embedding.h - compare how features were computed with how a model wants them.
 *
 * A features tar records its network, weights and preprocessing under the keys
 * that a model tar has for them.  A model that is trained on features records
 * the same as one that is trained on their images, and
 *
 *	features_device		if it is not the device of the training
 *	features_libraries	if they are not the libraries of the training
 */
#ifndef MC_EMBEDDING_H
#define MC_EMBEDDING_H

#include <stdbool.h>

#include "base/err.h"
#include "base/mem.h"
#include "image/preprocess.h"
#include "stream/images.h"
#include "table/keyvalue.h"

/*
 * Read what made the features of IMAGES, a features tar: PRE, and the keys that
 * mc_pretrained_open records, which are added to RECORD.  MC_EDATA: one of them
 * is missing, or the features are not as many as a network of that name gives.
 */
enum mc_status	mc_embedding_read(const struct mc_images *images,
		    struct mc_keyvalue *record, struct mc_preprocess *pre,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * Add the features_device and features_libraries of the features ABOUT to
 * RECORD, which has the device and the libraries of the training.
 */
void		mc_embedding_record(const struct mc_keyvalue *about,
		    struct mc_keyvalue *record);

/*
 * The precision that a features tar or a model ABOUT names: float32 where it
 * names none.
 */
const char	*mc_embedding_precision(const struct mc_keyvalue *about);

/*
 * Check that IMAGES, a features tar, was made as the model ABOUT wants it, in
 * PRECISION or, where that is NULL, in the model's.  MC_EDATA: another network,
 * other weights, another precision or preprocessing; MC_EUSAGE: the model was
 * fine-tuned, so features are of no use to it.
 */
enum mc_status	mc_embedding_check(const struct mc_images *images,
		    const struct mc_keyvalue *about, const char *precision,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * Return whether the features of IMAGES were computed on another device or with
 * other libraries than those that the model ABOUT was trained on, which can
 * change their last digits; TEXT then gets a sentence.
 */
bool		mc_embedding_differs(const struct mc_images *images,
		    const struct mc_keyvalue *about, struct mc_buf *text);

#endif
