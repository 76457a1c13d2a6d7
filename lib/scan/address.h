/*
 * address.h - name one picture of a file that holds several: PATH#frame=3.
 *
 * The column path of a manifest holds addresses.  An address without "#frame="
 * is the path of a file.  Frames are counted from 1, as DICOM does.
 */
#ifndef MC_ADDRESS_H
#define MC_ADDRESS_H

#include <stdint.h>

#include "base/err.h"

struct mc_address {
	char *path;		/* of the file */
	int64_t frame;		/* from 1; 0: none is named */
};

/*
 * Parse TEXT into *A, which mc_address_clear ends.  A file that is really called
 * "scan#frame=3" is meant where it exists and "scan" does not.  MC_EDATA: a
 * frame that is not a whole number from 1; both files exist.
 */
enum mc_status	 mc_address_parse(struct mc_address *a, const char *text,
		    struct mc_err *err) MC_MUST_CHECK;
void		 mc_address_clear(struct mc_address *a);

/* The address of a frame of PATH, to be freed; PATH itself for frame 0. */
char		*mc_address_print(const char *path, int64_t frame);

#endif
