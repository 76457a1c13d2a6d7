/* caught.c - note signals. */
#include "config.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/caught.h"

#define SIGNALS 2

static const int signals[SIGNALS] = { SIGTERM, SIGUSR1 };
static struct sigaction before[SIGNALS];
static bool catching;
static volatile sig_atomic_t noted[SIGNALS];

static void
note(int sig)
{
	noted[sig == SIGTERM ? 0 : 1] = 1;
}

void
mc_catch(void)
{
	struct sigaction ours = { .sa_handler = note };
	size_t i;

	sigemptyset(&ours.sa_mask);
	ours.sa_flags = (int)SA_RESTART;
	for (i = 0; i < SIGNALS && !catching; i++) {
		if (sigaction(signals[i], NULL, &before[i]) == 0 &&
		    before[i].sa_handler != SIG_IGN)
			sigaction(signals[i], &ours, NULL);
	}
	catching = true;
}

int
mc_caught(void)
{
	if (noted[0])
		return SIGTERM;
	if (!noted[1])
		return 0;
	noted[1] = 0;
	return SIGUSR1;
}

void
mc_uncatch(void)
{
	size_t i;

	for (i = 0; i < SIGNALS && catching; i++)
		sigaction(signals[i], &before[i], NULL);
	catching = false;
	if (noted[0]) {
		noted[0] = 0;
		raise(SIGTERM);
	}
}
