/*
 * parallel.h - run one piece of work per index on several threads.
 */
#ifndef MC_PARALLEL_H
#define MC_PARALLEL_H

#include <stddef.h>

/*
 * Call WORK(ARG, i) for each i in [0, N), on up to THREADS threads of which the
 * caller's is one; returns when all are done.  Which thread takes which index
 * is left to chance: what WORK leaves must depend on i alone.  Where a thread
 * cannot be had, the others do its share.
 */
void	mc_parallel(size_t n, int threads, void (*work)(void *arg, size_t i),
	    void *arg);

#endif
