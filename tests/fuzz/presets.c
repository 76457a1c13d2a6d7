/*
 * presets.c - fuzz lib/table/presets.c, and the index of a preset with its table.
 * The first byte chooses the preset, the bits of the second one options; then comes
 * the table and, behind a line "--", the preset's second one.
 */
#include "config.h"

#include <sys/stat.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_SCHED_GETAFFINITY
#include <sched.h>
#endif

#include "fuzz.h"
#include "table/index.h"
#include "table/presets.h"

enum { LABEL = 1, GROUP = 2, COLUMN = 4, SKIP = 8, COLUMNS = 16, JOIN = 32,
    KEY = 64, SPLIT = 128 };

/* A folder called like the preset, with these images and tables. */
static const struct {
	const char *preset, *image[2], *table[2];
} sets[] = {
	{ "ham10000", { "ISIC_0000001.ppm", "ISIC_0000002.ppm" },
	    { "HAM10000_metadata.csv", NULL } },
	{ "isic2018", { "ISIC_0000001.ppm", "ISIC_0000002.ppm" },
	    { "ISIC2018_Task3_Training_GroundTruth.csv",
	      "ISIC2018_Task3_Training_LesionGroupings.csv" } },
	{ "nih-chestxray14", { "00000001_000.ppm", "00000002_001.ppm" },
	    { "Data_Entry_2017.csv", NULL } },
	{ "chexpert", { "view1_frontal.ppm", "view2_lateral.ppm" },
	    { "train.csv", "valid.csv" } },
	{ "medmnist-folder", { "train0_1.ppm", "test1_2.ppm" },
	    { "medmnist-folder.csv", NULL } },
};
#define SETS (sizeof(sets) / sizeof(sets[0]))

static void
make_folders(void)
{
	char name[128], pixel[] = "P6 1 1 255\n000";
	size_t i, k;
#ifdef HAVE_SCHED_GETAFFINITY
	cpu_set_t one;

	/* One thread, so that the same is covered on every machine. */
	CPU_ZERO(&one);
	CPU_SET((size_t)sched_getcpu(), &one);
	FUZZ_MUST(sched_setaffinity(0, sizeof(one), &one) == 0);
#endif
	for (i = 0; i < SETS; i++) {
		(void)mkdir(sets[i].preset, 0700);
		(void)snprintf(name, sizeof(name), "%s/patient1",
		    sets[i].preset);
		(void)mkdir(name, 0700);
		for (k = 0; k < 2; k++) {
			(void)snprintf(name, sizeof(name), "%s/patient1/%s",
			    sets[i].preset, sets[i].image[k]);
			pixel[sizeof(pixel) - 2] = (char)('0' + k);
			fuzz_write(name, pixel, sizeof(pixel) - 1);
		}
	}
}

static void
ignore(const char *line)
{
	(void)line;
}

static void
pass_over(int64_t done, int64_t total)
{
	(void)done;
	(void)total;
}

/* What the user gives besides; JOINS and KEYS end in NULL. */
static void
choose(struct mc_index_options *o, unsigned bits, const char *const *joins,
    const char *const *keys)
{
	o->group_from = MC_GROUP_EITHER;
	o->label = bits & LABEL ? "label" : NULL;
	o->group = bits & GROUP ? "[0-9]+" : NULL;
	o->group_column = !(bits & GROUP) && bits & COLUMN ? "g" : NULL;
	o->unmatched = bits & SKIP ? MC_UNMATCHED_SKIP : MC_UNMATCHED_ROWS;
	o->columns = bits & COLUMNS ? "a*" : NULL;
	o->split = bits & SPLIT ? "split" : NULL;
	o->join = bits & JOIN ? joins : NULL;
	o->key = bits & JOIN && bits & KEY ? keys : NULL;
	o->warn = o->detail = o->seen = ignore;
	o->progress = pass_over;
}

static void
make_index(char *dir, const struct mc_index_options *o)
{
	char *dirs[] = { dir, NULL }, *text;
	struct mc_index *x;
	struct mc_err err;
	size_t size;
	FILE *f;

	if (mc_index_find(&x, dirs, o, &err) == MC_OK &&
	    mc_index_fill(x, &err) == MC_OK) {
		f = open_memstream(&text, &size);
		FUZZ_MUST(f != NULL);
		mc_index_write(x, f);
		fclose(f);
		fuzz_read(text, size);
		free(text);
	}
	mc_index_free(x);
}

/* Write TEXT as the table NUMBER of the set I; its path, to be freed. */
static char *
write_table(size_t i, int number, const char *text)
{
	const char *name = sets[i].table[number];
	char *path;

	if (name == NULL)
		return NULL;
	path = mc_xasprintf("%s/%s", sets[i].preset, name);
	fuzz_write(path, text, strlen(text));
	return path;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	const char *joins[2] = { NULL }, *keys[] = { "id", NULL };
	struct mc_index_options o = { 0 };
	struct mc_preset_use use = { 0 };
	char *a, *b, *first, *second, *dirs[2] = { NULL };
	static bool made;
	struct mc_err err;
	size_t i;

	if (!made)
		make_folders();
	made = true;
	if (n < 2)
		return 0;
	i = bytes[0] % SETS;
	fuzz_two_texts(bytes + 2, n - 2, &a, &b);
	first = write_table(i, 0, a);
	second = write_table(i, 1, b);
	joins[0] = first;
	choose(&o, bytes[1], joins, keys);
	dirs[0] = mc_xstrdup(sets[i].preset);
	if (mc_preset_apply(sets[i].preset, dirs, &o, &use, &err) == MC_OK) {
		FUZZ_MUST(o.preset != NULL && o.join != NULL);
		make_index(dirs[0], &o);
	}
	mc_preset_end(&use);
	free(dirs[0]);
	free(first);
	free(second);
	free(a);
	free(b);
	return 0;
}
