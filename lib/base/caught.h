/*
 * caught.h - note the signals that ask a program to save what it has done.
 *
 * Managers of clusters send SIGTERM or SIGUSR1 before they end a job, and
 * Control-C on a terminal sends SIGINT.  A signal that the caller of the program
 * ignores stays ignored.
 */
#ifndef MC_CAUGHT_H
#define MC_CAUGHT_H

/* Note SIGUSR1 until the program ends, instead of letting it end the program. */
void	mc_catch_save(void);

/*
 * Note SIGTERM and SIGINT from now on.  The second SIGINT does at once what it
 * did before: the user does not want to wait.
 */
void	mc_catch_stop(void);

/*
 * Return a signal that has been noted, or 0.  SIGTERM and SIGINT come first and
 * are returned until mc_uncatch_stop; SIGUSR1 is returned once.
 */
int	mc_caught(void);

/*
 * Let SIGTERM and SIGINT do again what they did before mc_catch_stop.  If one of
 * them has been noted it does that now, which usually ends the program.
 */
void	mc_uncatch_stop(void);

#endif
