/*
 * selfcheck.c - a fault to be found: reads a byte beyond the input "boom".  fuzz.sh
 * sees by it that a fault fails the test and that its input is kept.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char *copy = fuzz_text(bytes, n);

	if (strcmp(copy, "boom") == 0)
		fuzz_read(copy, strlen(copy) + 2);
	free(copy);
	return 0;
}
