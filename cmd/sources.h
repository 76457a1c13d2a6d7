/*
 * sources.h - find the files of which the images of a manifest are made.
 *
 * The addresses in its column path are those of scan/address.h and
 * scan/slices.h.
 */
#ifndef SOURCES_H
#define SOURCES_H

#include <stdbool.h>

/*
 * The address PATH with relative paths below BASE, unless that is NULL; to be
 * freed.
 */
char	*sources_join(const char *base, const char *path);

/* Declare the files of the address PATH as inputs: tool_reads. */
void	 sources_declare(const char *path);

/* Whether nothing is at PATH, a file's, which is relative. */
bool	 sources_lost(const char *path);

#endif
