/* tags.c - hold what the header of a scanner's file says. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "scan/tags.h"

void
mc_scan_tags_clear(struct mc_scan_tags *tags)
{
	int i;

	for (i = 0; i < MC_SCAN_TEXTS; i++)
		free(tags->text[i]);
	memset(tags, 0, sizeof(*tags));
}
