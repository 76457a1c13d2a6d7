/*
 * workers.h - run work on several threads, also in the background.
 *
 * The pieces of work are numbered 0, 1, 2, ... in the order in which they are
 * added, and are begun in this order.  Which thread does which piece is left to
 * chance: what a piece leaves must depend on its number alone.
 */
#ifndef MC_WORKERS_H
#define MC_WORKERS_H

#include <stddef.h>

struct mc_workers;

/*
 * Make BACKGROUND threads, which may be 0, that call WORK(ARG, number) once per
 * piece, together with the thread that waits.  If a
 * thread cannot be started, the others do its share.
 */
struct mc_workers *mc_workers_alloc(int background,
		    void (*work)(void *arg, size_t number), void *arg);

/* Wait for the pieces that have begun, and drop the others; W may be NULL. */
void		 mc_workers_free(struct mc_workers *w);

/* Add N pieces. */
void		 mc_workers_add(struct mc_workers *w, size_t n);

/*
 * Return when all pieces with numbers below END, which must have been added,
 * are done; meanwhile the caller's thread works, too.
 */
void		 mc_workers_wait(struct mc_workers *w, size_t end);

#endif
