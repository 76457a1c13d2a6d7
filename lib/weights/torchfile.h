/*
 * torchfile.h - read what torch.save writes: the zip and the legacy format.
 */
#ifndef MC_TORCHFILE_H
#define MC_TORCHFILE_H

#include "weights/dict.h"

/*
 * Add the arrays of sd->file, which is in that format, to SD: those of the
 * entry FROM, or, where it is NULL, of the one that statedict.h names.
 */
enum mc_status	 mc_torch_zip_read(struct mc_statedict *sd,
		    const char *from, struct mc_err *err) MC_MUST_CHECK;
enum mc_status	 mc_torch_legacy_read(struct mc_statedict *sd,
		    const char *from, struct mc_err *err) MC_MUST_CHECK;

#endif
