/* predictions.c - fuzz lib/table/predictions*.c. */
#include "config.h"

#include <stdint.h>
#include <string.h>

#include "fuzz.h"
#include "table/predictions.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct mc_predictions_options none;
	struct mc_predictions *p;
	struct mc_err err;
	char *paths[1];

	memset(&none, 0, sizeof(none));
	paths[0] = (char *)(uintptr_t)fuzz_file(bytes, n);
	if (mc_predictions_read(&p, paths, 1, &none, &err) == MC_OK)
		mc_predictions_free(p);
	return 0;
}
