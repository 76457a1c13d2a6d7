/*
 * manifest.c - fuzz lib/table/manifest.c, findings.c, packed.c, and row_filter.c
 * with the ids behind a line "--".
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "table/findings.h"
#include "table/packed.h"
#include "table/row_filter.h"

static void
read_findings(const struct mc_manifest *m)
{
	struct mc_findings *f;
	const struct mc_finding *found;
	struct mc_err err;
	size_t i, n, rows = mc_table_rows(m->table);

	if (m->label < 0 ||
	    mc_findings_read(&f, m, m->label, NULL, &err) != MC_OK)
		return;
	for (i = 0; i < rows; i++) {
		if (!mc_findings_labelled(f, i))
			continue;
		found = mc_findings_of(f, i, &n);
		while (n-- > 0)
			FUZZ_MUST(found[n].number < mc_findings_count(f));
	}
	mc_findings_free(f);
}

static void
pack(const struct mc_manifest *m, const struct mc_selected *s)
{
	struct mc_packing how = { .bits = "auto", .converted = true };
	struct mc_table *t;
	struct mc_err err;

	if (mc_packed_table(&t, m, s->row, s->n, &how, &err) != MC_OK)
		return;
	FUZZ_MUST(mc_table_rows(t) == s->n);
	mc_table_free(t);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct mc_row_filter filter = { "train,val", NULL, NULL };
	struct mc_selected s = { 0 };
	struct mc_manifest m;
	struct mc_err err;
	char *a, *b;

	fuzz_two_texts(bytes, n, &a, &b);
	if (mc_manifest_read(&m, fuzz_file(a, strlen(a)), 0, &err) == MC_OK) {
		read_findings(&m);
		if (*b != '\0') {
			filter.ids = fuzz_other_file(b, strlen(b));
			filter.split = NULL;
		}
		if (mc_filter_rows(&s, &m, &filter, &err) == MC_OK)
			pack(&m, &s);
		mc_selected_clear(&s);
		mc_manifest_clear(&m);
	}
	free(a);
	free(b);
	return 0;
}
