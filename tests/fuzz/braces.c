/* braces.c - fuzz lib/base/braces.c. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/braces.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct mc_err err;
	char *pattern = fuzz_text(bytes, n), **names;
	size_t i;

	if (mc_braces_expand(pattern, &names, &n, &err) == MC_OK) {
		FUZZ_MUST(n > 0 && n <= MC_BRACES_MAX);
		if (strchr(pattern, '{') == NULL)
			FUZZ_MUST(n == 1 && strcmp(names[0], pattern) == 0);
		for (i = 0; i < n; i++)
			free(names[i]);
		free(names);
	} else {
		FUZZ_MUST(names == NULL);
	}
	free(pattern);
	return 0;
}
