/* rows.c - fuzz lib/table/schema.c; the first byte chooses the table. */
#include "config.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"
#include "table/schemas.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const struct mc_schema *const schemas[] = {
		&mc_metrics_schema, &mc_thresholds_schema,
		&mc_differences_schema, &mc_curves_schema,
		&mc_confusion_schema, &mc_power_schema, &mc_population_schema
	};
	const struct mc_schema *schema;
	char *paths[1], *text;
	struct mc_rows *r;
	struct mc_err err;
	size_t size, i;
	FILE *f;

	if (n == 0)
		return 0;
	schema = schemas[bytes[0] % (sizeof(schemas) / sizeof(schemas[0]))];
	paths[0] = (char *)(uintptr_t)fuzz_file(bytes + 1, n - 1);
	if (mc_rows_read(&r, schema, paths, 1, &err) != MC_OK)
		return 0;
	f = open_memstream(&text, &size);
	FUZZ_MUST(f != NULL);
	mc_rows_write_header(f, schema);
	for (i = 0; i < mc_rows_count(r); i++)
		mc_rows_write(f, schema, mc_rows_get(r, i));
	fclose(f);
	mc_rows_free(r);
	/* What was accepted is accepted again. */
	paths[0] = (char *)(uintptr_t)fuzz_file(text, size);
	FUZZ_MUST(mc_rows_read(&r, schema, paths, 1, &err) == MC_OK);
	mc_rows_free(r);
	free(text);
	return 0;
}
