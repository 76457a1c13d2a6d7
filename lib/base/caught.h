/*
 * caught.h - note the signals that ask a program to save what it has done.
 *
 * SIGTERM and SIGUSR1 are what the managers of clusters send before they end a
 * job.  Those that the caller of the program ignores stay ignored.
 */
#ifndef MC_CAUGHT_H
#define MC_CAUGHT_H

/* From now on these signals are noted, instead of ending the program. */
void	mc_catch(void);

/*
 * The signal that was noted since the last call, or 0.  SIGTERM is told before
 * SIGUSR1, and told again until mc_uncatch.
 */
int	mc_caught(void);

/*
 * From now on these signals do what they did before mc_catch.  If SIGTERM has
 * been noted it does that now, so as a rule it ends the program.
 */
void	mc_uncatch(void);

#endif
