/* tsv.c - fuzz lib/table/tsv.c and table.c. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "table/tsv.h"

/* Nothing is lost: the table is written as it was read. */
static void
come_back(const struct mc_table *t, const uint8_t *bytes, size_t n)
{
	char *text;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	FUZZ_MUST(f != NULL);
	mc_table_write(t, f);
	FUZZ_MUST(fclose(f) == 0 && size == n && memcmp(text, bytes, n) == 0);
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct mc_table *t;
	struct mc_err err;
	double value;
	size_t i, j;

	if (mc_table_read(&t, fuzz_file(bytes, n), &err) != MC_OK)
		return 0;
	for (i = 0; i < mc_table_rows(t); i++) {
		for (j = 0; j < mc_table_columns(t); j++)
			(void)!mc_table_f64(t, i, j, -1e300, 1e300, &value,
			    &err);
	}
	come_back(t, bytes, n);
	mc_table_free(t);
	return 0;
}
