/* csv.c - fuzz lib/table/csv.c, and what becomes of a foreign table. */
#include "config.h"

#include <stdlib.h>

#include "fuzz.h"
#include "table/column_list.h"
#include "table/csv.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct mc_column_list list = { 0 };
	struct mc_table *t;
	struct mc_err err;
	size_t i;

	if (mc_csv_read_headless(&t, fuzz_file(bytes, n), &err) == MC_OK)
		mc_table_free(t);
	if (mc_csv_read(&t, fuzz_file(bytes, n), &err) != MC_OK)
		return 0;
	for (i = 0; i < mc_table_columns(t); i++)
		(void)!mc_table_check(t, i, &err);
	(void)!mc_column_list_find(&list, t, "p*", NULL, 0, &err);
	mc_column_list_clear(&list);
	mc_table_free(t);
	return 0;
}
