/* parallel.c - run one piece of work per index on several threads. */
#include "config.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/parallel.h"

struct job {
	atomic_size_t next;
	size_t n;
	void (*work)(void *, size_t);
	void *arg;
};

static void *
take_indices(void *job_arg)
{
	struct job *job = job_arg;
	size_t i;

	while ((i = atomic_fetch_add(&job->next, 1)) < job->n)
		job->work(job->arg, i);
	return NULL;
}

void
mc_parallel(size_t n, int threads, void (*work)(void *arg, size_t i),
    void *arg)
{
	static const int faults[] = { SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV,
	    SIGSYS, SIGTRAP };
	struct job job = { .n = n, .work = work, .arg = arg };
	pthread_t *thread;
	sigset_t all, old;
	size_t started = 0, i;

	if (threads < 1)
		threads = 1;
	if ((size_t)threads > n)
		threads = n > 0 ? (int)n : 1;
	thread = mc_xcalloc((size_t)threads, sizeof(*thread));
	/* Signals are the main thread's, but for those that a fault raises. */
	sigfillset(&all);
	for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		sigdelset(&all, faults[i]);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	for (i = 1; i < (size_t)threads; i++) {
		if (pthread_create(&thread[started], NULL, take_indices,
		    &job) == 0)
			started++;
	}
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	take_indices(&job);
	for (i = 0; i < started; i++)
		pthread_join(thread[i], NULL);
	free(thread);
}
