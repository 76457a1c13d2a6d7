/*
 * registry.h - list the published pretrained weights, and find them in
 * PyTorch's cache.
 */
#ifndef MC_REGISTRY_H
#define MC_REGISTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* One published file.  A backbone's first row is the one used by default. */
struct mc_weights {
	const char *file;	/* its name in PyTorch's cache */
	const char *backbone;
	bool head;		/* only the ImageNet head on four layers */
	const char *url;
	const char *sha256;	/* 64 digits, or the first few; "": unknown */
	int64_t bytes;		/* 0: unknown */
	const char *format;
	const char *licence;	/* SPDX */
	/*
	 * "open"; "request" where its authors ask for an application first; or
	 * "by hand" where URL leads to a page, or to a file to be converted.
	 */
	const char *access;
	/*
	 * The network and the names of its arrays are what the authors' code
	 * and pages say: mctools has not seen the file.
	 */
	bool unverified;
	const char *domain;	/* what it was trained on: "histology" */
	/*
	 * No code or file of its authors that was at hand says how images are
	 * resized and normalised for it.
	 */
	bool preprocessing_unverified;
};

/* Row I; NULL after the last. */
const struct mc_weights	*mc_weights_at(size_t i);

/* The row of the file that PATH's last part names; NULL: none. */
const struct mc_weights	*mc_weights_named(const char *path);

/* The first row of BACKBONE, or of its ImageNet head; NULL: none. */
const struct mc_weights	*mc_weights_default(const char *backbone, bool head);

/*
 * The row of the file NAME, or the first row of the backbone NAME; NULL: NAME is
 * neither.
 */
const struct mc_weights	*mc_weights_find(const char *name);

/*
 * The command that puts W into the cache, to be freed: with --allow-unverified
 * where no digest of it is known, and --from FILE where it cannot be downloaded
 * without asking.
 */
char		*mc_weights_command(const struct mc_weights *w);

/* The page on which W is to be asked for, or its address; to be freed. */
char		*mc_weights_page(const struct mc_weights *w);

/*
 * Where W is: in $TORCH_HOME/hub/checkpoints or else in
 * ${XDG_CACHE_HOME:-~/.cache}/torch/hub/checkpoints.  Returns a path to be
 * freed, or NULL: in neither.
 */
char		*mc_weights_cached(const struct mc_weights *w);

/*
 * Where W is fetched to: into the first of these folders whose variable is set.
 * To be freed; NULL: none is set.
 */
char		*mc_weights_place(const struct mc_weights *w);

/*
 * Find the default weights of BACKBONE, or its ImageNet head, in that cache.
 * *PATH is to be freed; NULL on error.  Where they are missing ERR says how to
 * fetch them.
 */
enum mc_status	 mc_weights_locate(const char *backbone, char **path,
		    struct mc_err *err) MC_MUST_CHECK;
enum mc_status	 mc_weights_locate_head(const char *backbone, char **path,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * Check the SHA-256 of the file PATH, 64 digits, against the row of that name.
 * MC_OK: it is the published file, as far as the digits are known.  MC_END: no
 * digest is known for the name.  A file that is another one is refused with
 * both digests.
 */
enum mc_status	 mc_weights_verify(const char *path, const char *sha256,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
