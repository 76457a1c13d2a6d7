/* usage.c - measure time and memory. */
#include "config.h"

#include <sys/resource.h>
#include <sys/time.h>

#include <time.h>

#include "base/usage.h"

/* The unit of ru_maxrss. */
#ifdef __APPLE__
#define MAXRSS 1
#else
#define MAXRSS 1024
#endif

double
mc_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int64_t
mc_peak_memory(void)
{
	struct rusage usage;

	return getrusage(RUSAGE_SELF, &usage) == 0 ?
	    (int64_t)usage.ru_maxrss * MAXRSS : 0;
}
