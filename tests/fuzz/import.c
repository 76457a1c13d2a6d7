/*
 * import.c - fuzz lib/table/import*.c; the bits of the first byte choose the
 * options, and metadata may follow the predictions behind a line "--".
 */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "table/import.h"

enum { LOGITS = 1, CLASSES = 2, MULTILABEL = 4, PREDICTED = 8, RANKED = 16,
    STRIP = 32, HEADLESS = 64, POSITIVE = 128 };

static void
ignore(const char *line)
{
	(void)line;
}

static void
choose(struct mc_import *how, unsigned bits)
{
	static char *classes[] = { "no", "yes", NULL };

	how->key = bits & HEADLESS ? "1" : "id";
	how->label = bits & HEADLESS ? "2" : "label";
	how->group = bits & MULTILABEL ? NULL : how->key;
	how->scores = bits & HEADLESS ? "3,4" : bits & POSITIVE ? "p" : "p:*";
	how->logits = (bits & LOGITS) != 0;
	how->classes = bits & (CLASSES | RANKED | POSITIVE) ? classes : NULL;
	how->multilabel = (bits & MULTILABEL) != 0;
	how->predicted = bits & PREDICTED ? "predicted" : NULL;
	how->ranked = bits & RANKED ? "index_*" : NULL;
	how->positive = bits & POSITIVE ? "yes" : NULL;
	how->strip = (bits & STRIP) != 0;
	how->headless = (bits & HEADLESS) != 0;
	how->warn = ignore;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct mc_import how = { 0 };
	char *paths[1], *a, *b;
	struct mc_table *t;
	struct mc_err err;

	if (n == 0)
		return 0;
	choose(&how, bytes[0]);
	fuzz_two_texts(bytes + 1, n - 1, &a, &b);
	if (*b != '\0') {
		how.join = fuzz_other_file(b, strlen(b));
		how.join_key = "id";
	}
	paths[0] = (char *)(uintptr_t)fuzz_file(a, strlen(a));
	if (mc_import_read(&t, paths, 1, &how, &err) == MC_OK)
		mc_table_free(t);
	free(a);
	free(b);
	return 0;
}
