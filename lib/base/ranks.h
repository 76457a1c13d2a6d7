/*
 * ranks.h - compute one thing in several processes, which are called ranks.
 *
 * A launcher such as mpirun starts the same command line several times, on one
 * machine or on several.  The ranks are counted from 0, and each calls the
 * functions below in the same order, which is what "together" means: where one
 * of them waits, it waits for all.  R may be NULL in all of them but
 * mc_ranks_join: there is one process, and nothing is sent.
 *
 * A rank that dies takes the others with it: the launcher ends them.
 *
 * Bytes are carried by a transport, so that this module is the same for any
 * way of sending.  That of MPI is a module of its own, mc-mpi.so, which is
 * loaded when ranks are joined: a program depends on no MPI library otherwise.
 */
#ifndef MC_RANKS_H
#define MC_RANKS_H

#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"

/* How bytes are sent; the functions are called by all ranks together. */
struct mc_transport {
	int own, count;		/* this rank, from 0, and how many there are */
	/* Write N bytes of each rank, at MINE, to ALL, in the order of ranks. */
	void (*gather)(void *arg, const void *mine, void *all, size_t n);
	/*
	 * Send N bytes to each rank, at PARTS in their order, and write those
	 * that each has sent here to GOT, likewise.
	 */
	void (*exchange)(void *arg, const void *parts, void *got, size_t n);
	/* End, after which nothing is sent. */
	void (*leave)(void *arg);
	void *arg;
};

struct mc_ranks;

/*
 * Join the other processes that the launcher has started: one is *R if there
 * are no others.  *R is NULL on error.  MC_EUSAGE: this build has no mc-mpi.so.
 * Once only in a process.
 */
enum mc_status	 mc_ranks_join(struct mc_ranks **r, struct mc_err *err)
		    MC_MUST_CHECK;

/* Make ranks that send by TRANSPORT, which is copied. */
struct mc_ranks	*mc_ranks_alloc(const struct mc_transport *transport);

/*
 * Leave, together, and free R.  A rank that ends alone, while the others go on,
 * says so first by mc_ranks_agree.
 */
void		 mc_ranks_leave(struct mc_ranks *r);

/* The number of this rank, from 0, and how many there are. */
int		 mc_ranks_own(const struct mc_ranks *r);
int		 mc_ranks_count(const struct mc_ranks *r);

/*
 * Together: see whether all ranks go on.  STATUS is what has become of this one;
 * the result is the first error of any, with its text in ERR in every rank, and
 * "rank N: " in front where N is not 0; or MC_END if any has that; or MC_OK.
 * *VALUE, which may be NULL, becomes the largest of all.
 * An error stays: later calls return it at once.  So a rank where something
 * fails goes straight to the next call, and the others learn of it in theirs:
 * what can fail in one rank alone is followed by this before anything else is
 * done together.
 */
enum mc_status	 mc_ranks_agree(struct mc_ranks *r, enum mc_status status,
		    int *value, struct mc_err *err) MC_MUST_CHECK;

/*
 * Together: set each of the N elements of X to its sum over the ranks, added in
 * their order, so that the result has the same bits in each rank and run.
 */
void		 mc_ranks_sum(struct mc_ranks *r, double *x, size_t n);

/* Together: append the text that rank 0 has in OURS to FIRST. */
void		 mc_ranks_first(struct mc_ranks *r, const struct mc_buf *ours,
		    struct mc_buf *first);

#endif
