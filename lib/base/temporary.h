/*
 * temporary.h - create temporary files that are always removed.
 *
 * A temporary lies beside the file that it is to become, as
 * .NAME.mc-XXXXXX.  It goes at every way out that the process itself has: the
 * signals that end a program, exit() called by whatever library, and running
 * out of memory.  Where the process had no say (SIGKILL, a power cut) the next
 * one that writes the same NAME removes it: the owner of a temporary holds it
 * locked (flock), so a lock that can be taken means that the owner is dead.
 */
#ifndef MC_TEMPORARY_H
#define MC_TEMPORARY_H

/*
 * Install what removes the temporaries at the end: handlers for the signals
 * that are not ignored or handled, and an exit function.  Where a mapped input
 * file becomes shorter while it is read (SIGBUS) the handler prints a line and
 * ends the program with status 1.  Further calls do nothing.
 */
void	mc_temporary_guard(void);

/*
 * Remove what dead processes have left beside TARGET, then make a temporary
 * there, of mode 0600.  *FD is open for reading and writing, and the caller's
 * to close.  Returns the slot that names it below, or -1 with errno set.
 */
int	mc_temporary_open(const char *target, int *fd);

/* Make the file of SLOT the file TARGET and free SLOT; -1 with errno set. */
int	mc_temporary_rename(int slot, const char *target);

/* Remove the file of SLOT and free SLOT.  Keeps errno. */
void	mc_temporary_remove(int slot);

/* Remove every temporary.  Safe in a signal handler. */
void	mc_temporary_remove_all(void);

#endif
