/*
 * safetensors.c - fuzz lib/weights: any file of weights.  What is accepted comes
 * back the same, written as safetensors.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "weights/names.h"
#include "weights/safetensors.h"
#include "weights/statedict.h"

static volatile double sink;	/* so that all is read */

#define ELEMENTS 100000		/* at most that many are walked */

static size_t
count_elements(const struct mc_statedict *sd)
{
	size_t total = 0, i;

	for (i = 0; i < mc_statedict_count(sd); i++)
		total += mc_statedict_at(sd, i)->n;
	return total;
}

/* Every array of SD is in AGAIN, with the same bytes. */
static void
compare(const struct mc_statedict *sd, const struct mc_statedict *again)
{
	const struct mc_array *a, *b;
	size_t i;

	FUZZ_MUST(mc_statedict_count(again) == mc_statedict_count(sd));
	for (i = 0; i < mc_statedict_count(sd); i++) {
		a = mc_statedict_at(sd, i);
		b = mc_statedict_find(again, a->name);
		FUZZ_MUST(b != NULL && b->n == a->n && (a->n == 0 ||
		    memcmp(a->data, b->data,
		    a->n * mc_dtype_size(a->dtype)) == 0));
	}
}

static void
come_back(const struct mc_statedict *sd)
{
	const char *const metadata[] = { "format", "pt", NULL };
	struct mc_statedict *again;
	enum mc_status status;
	struct mc_err err;
	char *text;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	FUZZ_MUST(f != NULL);
	status = mc_safetensors_write(f, mc_statedict_at(sd, 0),
	    mc_statedict_count(sd), metadata, &err);
	fclose(f);
	if (status == MC_OK) {
		FUZZ_MUST(mc_statedict_from_bytes(&again, text, size, "again",
		    &err) == MC_OK);
		compare(sd, again);
		mc_statedict_free(again);
	}
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct mc_statedict *sd;
	struct mc_err err;
	size_t i, j;

	if (mc_statedict_from_bytes(&sd, bytes, n, "input", &err) != MC_OK)
		return 0;
	if (count_elements(sd) < ELEMENTS) {
		for (i = 0; i < mc_statedict_count(sd); i++) {
			const struct mc_array *a = mc_statedict_at(sd, i);

			for (j = 0; j < a->n; j++)
				sink += mc_array_get(a, j);
		}
		if (mc_statedict_count(sd) > 0)
			come_back(sd);
	}
	(void)!mc_statedict_rename(sd, n % 2 ? "resnet18" : "dinov2_vits14",
	    &err);
	mc_statedict_free(sd);
	return 0;
}
