/*
 * index.c - fuzz lib/table/index*.c: the joins of mc-index.  The bits of the first
 * two bytes choose the options.  Then comes a table, and behind a line "--" maybe
 * another: of patients, further keys or names of labels.
 */
#include "config.h"

#include <sys/stat.h>

#ifdef HAVE_SCHED_GETAFFINITY
#include <sched.h>
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "table/index.h"

enum { LABEL = 1, SPLIT = 2, GROUP = 4, SKIP = 8, FINDINGS = 16, ONE_HOT = 32,
    MERGE = 64, CLASSES = 128, DROP = 256, PATIENTS = 512, RENAME = 1024,
    MULTILABEL = 2048, FROM_NAME = 4096, HEADLESS = 8192 };

/* The files that the tables are about. */
static void
make_folder(void)
{
	static const char *const names[] = { "images/a/p1_1.pgm",
	    "images/a/p1_2.pgm", "images/b/p2_1.pgm", "images/b/p3.1.pgm" };
	char pixel[] = "P5 1 1 255\n0";
	size_t i;
#ifdef HAVE_SCHED_GETAFFINITY
	cpu_set_t one;

	/* One thread, so that the same is covered on every machine. */
	CPU_ZERO(&one);
	CPU_SET((size_t)sched_getcpu(), &one);
	FUZZ_MUST(sched_setaffinity(0, sizeof(one), &one) == 0);
#endif
	(void)mkdir("images", 0700);
	(void)mkdir("images/a", 0700);
	(void)mkdir("images/b", 0700);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		pixel[sizeof(pixel) - 2] = (char)('0' + i);
		fuzz_write(names[i], pixel, sizeof(pixel) - 1);
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

static void
choose(struct mc_index_options *o, unsigned bits)
{
	static const char *const merge[] = { "x=a,1", "rest=*", NULL };
	static const char *const from_name[] = { "visit=_([0-9])", NULL };

	o->group = bits & GROUP ? NULL : "p[0-9]";
	o->group_column = bits & GROUP ? "patient" : NULL;
	o->group_from = MC_GROUP_NAME;
	o->label = bits & (LABEL | MULTILABEL) ? "label" : NULL;
	o->split = bits & SPLIT ? "split" : NULL;
	o->unmatched = bits & SKIP ? MC_UNMATCHED_SKIP : MC_UNMATCHED_ROWS;
	o->findings = bits & FINDINGS ? "f:*" : NULL;
	o->one_hot = bits & ONE_HOT && !(bits & FINDINGS) ? "a,b" : NULL;
	if (o->findings != NULL || o->one_hot != NULL)
		o->label = NULL;
	o->merge = bits & MERGE && o->findings == NULL ? merge : NULL;
	o->classes = bits & CLASSES ? "!b" : NULL;
	o->drop = bits & DROP ? "s*" : NULL;
	o->multilabel = (bits & MULTILABEL) != 0 && o->label != NULL;
	o->from_name = bits & FROM_NAME ? from_name : NULL;
	o->headless = (bits & HEADLESS) != 0;
	o->warn = o->detail = o->seen = ignore;
	o->progress = pass_over;
}

static void
make_index(const struct mc_index_options *o)
{
	char *dirs[] = { "images", NULL }, *text;
	struct mc_index *x;
	struct mc_err err;
	size_t size;
	FILE *f;

	if (mc_index_find(&x, dirs, o, &err) == MC_OK &&
	    mc_index_fill(x, &err) == MC_OK) {
		f = open_memstream(&text, &size);
		FUZZ_MUST(f != NULL);
		mc_index_write(x, f);
		mc_index_write_left_out(x, f);
		fclose(f);
		fuzz_read(text, size);
		free(text);
	}
	mc_index_free(x);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	const char *join[3] = { NULL }, *key[3] = { "id", NULL, NULL };
	struct mc_index_options o = { 0 };
	static bool made;
	unsigned bits;
	char *a, *b;

	if (!made)
		make_folder();
	made = true;
	if (n < 2)
		return 0;
	bits = bytes[0] | (unsigned)bytes[1] << 8;
	choose(&o, bits);
	fuzz_two_texts(bytes + 2, n - 2, &a, &b);
	join[0] = fuzz_file(a, strlen(a));
	if (*b != '\0') {
		const char *other = fuzz_other_file(b, strlen(b));

		if (bits & RENAME)
			o.rename = other;
		else
			join[1] = other;
		if (bits & PATIENTS)
			key[1] = "group=patient";
	}
	if (o.headless)
		key[0] = "1";
	o.join = join;
	o.key = key;
	make_index(&o);
	free(a);
	free(b);
	return 0;
}
