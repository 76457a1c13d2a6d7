/*
 * caught.h - note the signals that ask a program to save what it has done.
 *
 * Managers of clusters send SIGTERM or SIGUSR1 before they end a job, and
 * Control-C on a terminal sends SIGINT.  A signal that the caller of the program
 * ignores stays ignored.
 */
#ifndef MC_CAUGHT_H
#define MC_CAUGHT_H

/*
 * Note these signals from now on, instead of letting them end the program.  The
 * second SIGINT does at once what it did before: the user does not want to wait.
 */
void	mc_catch(void);

/*
 * Return a signal that has been noted, or 0.  SIGTERM and SIGINT come first and
 * are returned until mc_uncatch; SIGUSR1 is returned once.
 */
int	mc_caught(void);

/*
 * Let these signals do again what they did before mc_catch.  If SIGTERM or
 * SIGINT has been noted it does that now, which usually ends the program.
 */
void	mc_uncatch(void);

#endif
