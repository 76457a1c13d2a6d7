/*
 * torchscript.h - make a backbone of a TorchScript module.
 *
 * The module is what torch.jit.save has written in Python, in which it takes
 * N x 3 x H x W and returns N x D.  It is a family of its own, whose one network
 * is in no registry: its info is made with it.  Its features are called
 * "forward".  It is one block, of depth 0.
 *
 * It is a program, which libtorch runs: as trustworthy as its author.
 */
#ifndef MC_TORCHSCRIPT_H
#define MC_TORCHSCRIPT_H

#include <stdbool.h>
#include <stdio.h>

#include "backbone/backbone.h"
#include "base/err.h"

/* Whether BACKBONE names a TorchScript module by its file, FILE.pt. */
bool		 mc_torchscript_names(const char *backbone);

/*
 * Make the backbone of the module in FILE, a regular file called NAME, in T,
 * which must outlive it; FILE stays the caller's.  The module says itself how
 * many features it has, for two images of CROP x CROP.  MC_EDATA: FILE is
 * something else, damaged, or quantised; or the module does not take such
 * images, or returns something else, or something that depends on chance or on
 * the other images; the line has the remedy.
 *
 * mc_param.weight is set where the name of a parameter of two dimensions or more
 * ends in "weight".  A batch norm with momentum=None and whatever else has
 * integers for its state goes on from those of FILE.
 */
enum mc_status	 mc_torchscript_make(struct mc_backbone **b,
		    struct mc_torch *t, FILE *file, const char *name, int crop,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
