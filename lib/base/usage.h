/*
 * usage.h - measure the time and the memory that a program takes.
 */
#ifndef MC_USAGE_H
#define MC_USAGE_H

#include <stdint.h>

/* Seconds since an unspecified moment; the clock never goes back. */
double	mc_seconds(void);

/* The most memory that the process has had so far, in bytes. */
int64_t	mc_peak_memory(void);

#endif
