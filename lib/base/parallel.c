/* parallel.c - run one piece of work per index. */
#include "config.h"

#include "base/parallel.h"
#include "base/workers.h"

void
mc_parallel(size_t n, int threads, void (*work)(void *arg, size_t i),
    void *arg)
{
	struct mc_workers *workers;

	if (threads > 1 && (size_t)threads > n)
		threads = (int)n;
	workers = mc_workers_alloc(threads - 1, work, arg);
	mc_workers_add(workers, n);
	mc_workers_wait(workers, n);
	mc_workers_free(workers);
}
