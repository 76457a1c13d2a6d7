/* caught.c - note signals. */
#include "config.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/caught.h"

/* Those that end the program come first. */
enum { TERM, INT, USR1, SIGNALS };

static const int signals[SIGNALS] = { SIGTERM, SIGINT, SIGUSR1 };
static struct sigaction before[SIGNALS];
static bool catching;
static volatile sig_atomic_t noted[SIGNALS];

static void
note(int sig)
{
	int i = sig == SIGTERM ? TERM : sig == SIGINT ? INT : USR1;

	if (i == INT && noted[INT]) {
		/* The second one takes effect when this handler returns. */
		sigaction(SIGINT, &before[INT], NULL);
		raise(SIGINT);
	}
	noted[i] = 1;
}

/* Note the signals from number FIRST to LAST. */
static void
catch(int first, int last)
{
	struct sigaction ours = { .sa_handler = note };
	int i;

	sigemptyset(&ours.sa_mask);
	ours.sa_flags = (int)SA_RESTART;
	for (i = first; i <= last; i++) {
		if (sigaction(signals[i], NULL, &before[i]) == 0 &&
		    before[i].sa_handler != SIG_IGN)
			sigaction(signals[i], &ours, NULL);
	}
}

void
mc_catch_save(void)
{
	catch(USR1, USR1);
}

void
mc_catch_stop(void)
{
	if (!catching)
		catch(TERM, INT);
	catching = true;
}

int
mc_caught(void)
{
	if (noted[TERM])
		return SIGTERM;
	if (noted[INT])
		return SIGINT;
	if (!noted[USR1])
		return 0;
	noted[USR1] = 0;
	return SIGUSR1;
}

void
mc_uncatch_stop(void)
{
	int i;

	for (i = TERM; i <= INT && catching; i++)
		sigaction(signals[i], &before[i], NULL);
	catching = false;
	for (i = TERM; i <= INT; i++) {
		if (noted[i]) {
			noted[i] = 0;
			raise(signals[i]);
		}
	}
}
