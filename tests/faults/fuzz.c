/*
 * fuzz.c - the readers of files from elsewhere, for libFuzzer.
 *
 * The environment variable FUZZ chooses the reader: tables, weights, images,
 * model or pictures.  A reader may refuse any bytes; it must not crash, read
 * beyond its memory or leak.  What weights are accepted must come back the same
 * when they are written and read again.
 */
#include "config.h"

#include <sys/mman.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image/container.h"
#include "stream/images.h"
#include "stream/model.h"
#include "table/csv.h"
#include "table/manifest.h"
#include "table/predictions.h"
#include "table/schemas.h"
#include "weights/names.h"
#include "weights/safetensors.h"
#include "weights/statedict.h"

static volatile double sink;	/* so that all is read */

#define ELEMENTS 1000000	/* at most that many are walked */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* A file of these bytes; its path serves until the next call. */
static const char *
file_of(const uint8_t *bytes, size_t n)
{
	static char path[64];
	static int fd = -1;

	if (fd < 0)
		fd = memfd_create("input", 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (fd < 0 || ftruncate(fd, 0) != 0 ||
	    pwrite(fd, bytes, n, 0) != (ssize_t)n)
		abort();
	return path;
}

/* The first byte says which table. */
static void
read_table(const uint8_t *bytes, size_t n)
{
	static const struct mc_schema *const schemas[] = {
		&mc_metrics_schema, &mc_thresholds_schema,
		&mc_differences_schema
	};
	char *paths[2] = { NULL };
	struct mc_predictions_options none;
	struct mc_predictions *p;
	struct mc_rows *r;
	struct mc_manifest man;
	struct mc_table *t;
	struct mc_err err;

	if (n == 0)
		return;
	paths[0] = (char *)(uintptr_t)file_of(bytes + 1, n - 1);
	memset(&none, 0, sizeof(none));
	if (bytes[0] % 6 == 0 && mc_csv_read(&t, paths[0], &err) == MC_OK)
		mc_table_free(t);
	if (bytes[0] % 6 == 1 &&
	    mc_manifest_read(&man, paths[0], 0, &err) == MC_OK)
		mc_manifest_clear(&man);
	if (bytes[0] % 6 >= 2 && bytes[0] % 6 <= 4 &&
	    mc_rows_read(&r, schemas[bytes[0] % 6 - 2], paths, 1, &err) ==
	    MC_OK)
		mc_rows_free(r);
	if (bytes[0] % 6 == 5 &&
	    mc_predictions_read(&p, paths, 1, &none, &err) == MC_OK)
		mc_predictions_free(p);
}

static size_t
count_elements(const struct mc_statedict *sd)
{
	size_t total = 0, i;

	for (i = 0; i < mc_statedict_count(sd); i++)
		total += mc_statedict_at(sd, i)->n;
	return total;
}

/* Write SD and read it again: as many arrays, of the same bytes. */
static void
come_back(const struct mc_statedict *sd)
{
	const char *const metadata[] = { "format", "pt", NULL };
	const struct mc_array *a, *b;
	struct mc_statedict *again;
	char *text = NULL;
	size_t size, i;
	struct mc_err err;
	FILE *f = open_memstream(&text, &size);
	enum mc_status status;

	if (f == NULL)
		abort();
	status = mc_safetensors_write(f, mc_statedict_at(sd, 0),
	    mc_statedict_count(sd), metadata, &err);
	fclose(f);
	if (status == MC_OK) {
		if (mc_statedict_from_bytes(&again, text, size, "again",
		    &err) != MC_OK ||
		    mc_statedict_count(again) != mc_statedict_count(sd))
			abort();
		for (i = 0; i < mc_statedict_count(sd); i++) {
			a = mc_statedict_at(sd, i);
			b = mc_statedict_find(again, a->name);
			if (b == NULL || b->n != a->n || (a->n > 0 &&
			    memcmp(a->data, b->data,
			    a->n * mc_dtype_size(a->dtype)) != 0))
				abort();
		}
		mc_statedict_free(again);
	}
	free(text);
}

static void
read_weights(const uint8_t *bytes, size_t n)
{
	struct mc_statedict *sd;
	struct mc_err err;
	size_t i, j;

	if (mc_statedict_from_bytes(&sd, bytes, n, "input", &err) != MC_OK)
		return;
	if (count_elements(sd) < ELEMENTS) {
		for (i = 0; i < mc_statedict_count(sd); i++) {
			const struct mc_array *a = mc_statedict_at(sd, i);

			for (j = 0; j < a->n; j++)
				sink += mc_array_get(a, j);
		}
		if (mc_statedict_count(sd) > 0)
			come_back(sd);
	}
	if (mc_statedict_rename(sd, "resnet18", &err) != MC_OK)
		sink = 0;
	mc_statedict_free(sd);
}

static void
read_images(const uint8_t *bytes, size_t n)
{
	struct mc_images *im;
	struct mc_err err;
	const char *image;
	size_t size, i;

	if (mc_images_open(&im, file_of(bytes, n), &err) != MC_OK)
		return;
	while (mc_images_next(im, &err) == MC_OK) {
		image = mc_images_bytes(im, &size);
		for (i = 0; i < size; i++)
			sink += (unsigned char)image[i];
		for (i = 0; i < mc_images_columns(im); i++)
			sink += strlen(mc_images_get(im, i));
	}
	mc_images_close(im);
}

static void
read_model(const uint8_t *bytes, size_t n)
{
	struct mc_model model;
	struct mc_err err;

	if (mc_model_read(&model, file_of(bytes, n), &err) == MC_OK)
		mc_model_clear(&model);
}

static void
read_pictures(const uint8_t *bytes, size_t n)
{
	struct mc_png png;
	int orientation;

	/* What the decoder has seen before it asks. */
	if (n >= 8 && memcmp(bytes, "\x89PNG", 4) == 0)
		mc_png_whole(bytes, n, &png);
	else if (n >= 8)
		mc_tiff_whole(bytes, n, &orientation);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const struct {
		const char *name;
		void (*read)(const uint8_t *, size_t);
	} readers[] = { { "tables", read_table }, { "weights", read_weights },
	    { "images", read_images }, { "model", read_model },
	    { "pictures", read_pictures } };
	const char *name = getenv("FUZZ");
	size_t i;

	for (i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
		if (name != NULL && strcmp(readers[i].name, name) == 0) {
			readers[i].read(bytes, n);
			return 0;
		}
	}
	fputs("fuzz: set FUZZ to tables, weights, images, model or pictures\n",
	    stderr);
	exit(1);
}
