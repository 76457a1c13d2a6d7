/* samples.c - hold the samples of one frame. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "scan/samples.h"

void
mc_samples_clear(struct mc_samples *s)
{
	free(s->stored);
	free(s->real);
	free(s->lut.level);
	memset(s, 0, sizeof(*s));
}
