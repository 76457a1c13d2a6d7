/*
 * hub.c - fuzz lib/weights/hub.c: the name of a model and, behind a line "--",
 * what refs/main of the models org/name and alone holds.  The cache is in the
 * present folder.
 */
#include "config.h"

#include <sys/stat.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "weights/hub.h"

#define CACHE "cache"
#define REFS "/refs/main"

static const char *const models[] = { CACHE "/models--org--name",
    CACHE "/models--alone" };

/* A model without refs/main is the only snapshot there is. */
#define LOOSE CACHE "/models--loose"
#define SNAPSHOT LOOSE "/snapshots/0123abcd"

static void
make_cache(void)
{
	char folder[64];
	size_t i;

	(void)mkdir(CACHE, 0700);
	for (i = 0; i < 2; i++) {
		(void)mkdir(models[i], 0700);
		(void)snprintf(folder, sizeof(folder), "%s/refs", models[i]);
		(void)mkdir(folder, 0700);
	}
	(void)mkdir(LOOSE, 0700);
	(void)mkdir(LOOSE "/snapshots", 0700);
	(void)mkdir(SNAPSHOT, 0700);
	fuzz_write(SNAPSHOT "/model.safetensors", "x", 1);
	FUZZ_MUST(setenv("HF_HUB_CACHE", CACHE, 1) == 0);
}

/* A model is in its folder in the cache, whatever it is called. */
static void
check_folder(const char *folder)
{
	const char *in = CACHE "/models--", *below, *commit;

	FUZZ_MUST(strncmp(folder, in, strlen(in)) == 0);
	below = strchr(folder + strlen(in), '/');
	FUZZ_MUST(below != NULL && strncmp(below, "/snapshots/", 11) == 0);
	commit = below + 11;
	FUZZ_MUST(*commit != '\0' && commit[strspn(commit,
	    "0123456789abcdef")] == '\0');
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char *name, *commit, *line, *folder, *weights, ref[64];
	static bool made;
	struct mc_err err;
	size_t i;

	if (!made)
		make_cache();
	made = true;
	fuzz_two_texts(bytes, n, &name, &commit);
	for (i = 0; i < 2; i++) {
		(void)snprintf(ref, sizeof(ref), "%s" REFS, models[i]);
		fuzz_write(ref, commit, strlen(commit));
	}
	line = strchr(name, '\n');
	if (line != NULL)
		*line = '\0';
	if (mc_hub_names(name) && mc_hub_locate(name, &folder, &err) ==
	    MC_OK) {
		check_folder(folder);
		if (mc_hub_weights(folder, &weights, &err) == MC_OK)
			FUZZ_MUST(access(weights, R_OK) == 0);
		else
			FUZZ_MUST(weights == NULL);
		free(weights);
		free(folder);
	}
	free(commit);
	free(name);
	return 0;
}
