/* workers.c - run work on several threads. */
#include "config.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/workers.h"

#define IDLE ((size_t)-1)

struct worker {
	struct mc_workers *all;
	pthread_t thread;
	size_t number;		/* the piece that it is doing, or IDLE */
};

struct mc_workers {
	void (*work)(void *, size_t);
	void *arg;
	pthread_mutex_t lock;
	pthread_cond_t added, done;
	size_t next, end;	/* to be begun: next .. end - 1 */
	bool stop;
	struct worker *worker;	/* the first is whoever waits */
	size_t n_workers;
};

/* Do the next piece, with the lock held before and after. */
static void
do_next(struct worker *w)
{
	struct mc_workers *p = w->all;

	w->number = p->next++;
	pthread_mutex_unlock(&p->lock);
	p->work(p->arg, w->number);
	pthread_mutex_lock(&p->lock);
	w->number = IDLE;
	pthread_cond_broadcast(&p->done);
}

static void *
run_worker(void *worker)
{
	struct worker *w = worker;
	struct mc_workers *p = w->all;

	pthread_mutex_lock(&p->lock);
	while (!p->stop) {
		if (p->next < p->end)
			do_next(w);
		else
			pthread_cond_wait(&p->added, &p->lock);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

/* Signals are the main thread's, but for those that a fault raises. */
static void
block_signals(sigset_t *old)
{
	static const int faults[] = { SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV,
	    SIGSYS, SIGTRAP };
	sigset_t all;
	size_t i;

	sigfillset(&all);
	for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		sigdelset(&all, faults[i]);
	pthread_sigmask(SIG_SETMASK, &all, old);
}

struct mc_workers *
mc_workers_alloc(int background, void (*work)(void *arg, size_t number),
    void *arg)
{
	struct mc_workers *p = mc_xcalloc(1, sizeof(*p));
	size_t n = background > 0 ? (size_t)background : 0, i;
	sigset_t old;

	p->work = work;
	p->arg = arg;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->added, NULL);
	pthread_cond_init(&p->done, NULL);
	p->worker = mc_xcalloc(n + 1, sizeof(*p->worker));
	for (i = 0; i <= n; i++) {
		p->worker[i].all = p;
		p->worker[i].number = IDLE;
	}
	block_signals(&old);
	for (p->n_workers = 1; p->n_workers <= n; p->n_workers++) {
		struct worker *w = &p->worker[p->n_workers];

		if (pthread_create(&w->thread, NULL, run_worker, w) != 0)
			break;
	}
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return p;
}

void
mc_workers_free(struct mc_workers *p)
{
	size_t i;

	if (p == NULL)
		return;
	pthread_mutex_lock(&p->lock);
	p->stop = true;
	pthread_cond_broadcast(&p->added);
	pthread_mutex_unlock(&p->lock);
	for (i = 1; i < p->n_workers; i++)
		pthread_join(p->worker[i].thread, NULL);
	pthread_cond_destroy(&p->added);
	pthread_cond_destroy(&p->done);
	pthread_mutex_destroy(&p->lock);
	free(p->worker);
	free(p);
}

void
mc_workers_add(struct mc_workers *p, size_t n)
{
	pthread_mutex_lock(&p->lock);
	p->end += n;
	pthread_cond_broadcast(&p->added);
	pthread_mutex_unlock(&p->lock);
}

/* Whether another thread is doing a piece below END. */
static bool
is_running(const struct mc_workers *p, size_t end)
{
	size_t i;

	for (i = 1; i < p->n_workers; i++) {
		if (p->worker[i].number < end)	/* IDLE is no less */
			return true;
	}
	return false;
}

void
mc_workers_wait(struct mc_workers *p, size_t end)
{
	pthread_mutex_lock(&p->lock);
	while (p->next < end || is_running(p, end)) {
		if (p->next < end)
			do_next(&p->worker[0]);
		else
			pthread_cond_wait(&p->done, &p->lock);
	}
	pthread_mutex_unlock(&p->lock);
}
