/*
 * picture.h - take apart the addresses of pictures as text: PATH, PATH#frame=3 or
 * PATH|PATH|PATH#slice=axial:77 (scan/address.h, scan/slices.h read them).
 */
#ifndef MC_PICTURE_H
#define MC_PICTURE_H

#include <stddef.h>

/* The length of the address TEXT without the frame or slice at its end. */
size_t	 mc_picture_files(const char *text);

/*
 * The length of the path that TEXT, an address, begins with: to the first "|", if
 * it is that of a slice.
 */
size_t	 mc_picture_first(const char *text);

#endif
