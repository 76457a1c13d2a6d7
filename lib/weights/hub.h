/*
 * hub.h - find models in Hugging Face's local cache.
 *
 * Nothing is downloaded: programs that read weights never touch the network.
 */
#ifndef MC_HUB_H
#define MC_HUB_H

#include <stdbool.h>

#include "base/err.h"

/* Whether PATH is the name of a model there, "hf:org/name", and no file. */
bool		 mc_hub_names(const char *path);

/*
 * Find the folder of the model PATH, "hf:org/name", in the cache: the snapshot
 * that its refs/main names or, without refs/main, the only one there is.  The
 * cache is $HF_HUB_CACHE,
 * $HUGGINGFACE_HUB_CACHE, $HF_HOME/hub, $XDG_CACHE_HOME/huggingface/hub or
 * ~/.cache/huggingface/hub, the first that is set.  *FOLDER is to be freed;
 * NULL on error, which says where the model was looked for.
 */
enum mc_status	 mc_hub_locate(const char *path, char **folder,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * Find the weights in FOLDER, as Hugging Face's repositories name them:
 * model.safetensors or pytorch_model.bin, the index of one of them in shards
 * (model.safetensors.index.json), or the same of open_clip, the first that
 * there is.  A name that is a broken link is an error, never the next name.
 * *PATH is to be freed; NULL on error.
 */
enum mc_status	 mc_hub_weights(const char *folder, char **path,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
