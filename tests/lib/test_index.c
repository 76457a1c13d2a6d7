/* test_index.c - lib/table/index: the manifest of the images in folders. */
#include "config.h"

#include <sys/stat.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "table/index.h"
#include "tap.h"

static struct mc_buf warnings, details;
static int64_t last_done, last_total;

static void
warn(const char *line)
{
	mc_buf_printf(&warnings, "%s\n", line);
}

static void
detail(const char *line)
{
	mc_buf_printf(&details, "%s\n", line);
}

static void
progress(int64_t done, int64_t total)
{
	last_done = done;
	last_total = total;
}

static void
write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
		abort();
}

/* A file that begins as a PNG does, and differs from others in TEXT. */
static void
write_image(const char *path, const char *text)
{
	struct mc_buf bytes = { 0 };

	mc_buf_printf(&bytes, "\211PNG\r\n\032\n%s", text);
	write_file(path, bytes.data);
	mc_buf_free(&bytes);
}

/* The manifest of the folder "f", columns id to split, or the error. */
static char *
index_folder(const struct mc_index_options *o, enum mc_status *status)
{
	static char folder[] = "f";
	char *const dirs[] = { folder, NULL };
	struct mc_err err = { .text = "" };
	struct mc_buf text = { 0 };
	struct mc_index *x;
	char line[4096];
	FILE *f = tmpfile();

	mc_buf_free(&warnings);
	mc_buf_free(&details);
	mc_buf_puts(&text, "");
	*status = mc_index_find(&x, dirs, o, &err);
	if (*status == MC_OK)
		*status = mc_index_fill(x, &err);
	if (f == NULL)
		abort();
	if (*status == MC_OK)
		mc_index_write(x, f);
	rewind(f);
	while (fgets(line, sizeof(line), f) != NULL) {
		char *end = line;
		int c;

		/* The digests behind them are checked by sha256sum. */
		for (c = 0; c < 5; c++)
			end += strcspn(end, "\t") + (c < 4);
		mc_buf_printf(&text, "%.*s\n", (int)(end - line), line);
	}
	fclose(f);
	mc_index_free(x);
	if (*status == MC_OK)
		return text.data;
	mc_buf_free(&text);
	return mc_xstrdup(err.text);
}

/* That is TEXT, or an error that begins so. */
static void
is_manifest(const struct mc_index_options *o, enum mc_status wanted,
    const char *text, const char *name)
{
	enum mc_status status;
	char *found = index_folder(o, &status);

	tap_int(status, wanted, "%s: status", name);
	if (status != MC_OK && strlen(found) > strlen(text))
		found[strlen(text)] = '\0';
	tap_str(found, text, "%s", name);
	free(found);
}

static void
test_folders(void)
{
	struct mc_index_options o = { .warn = warn, .detail = detail,
	    .seen = detail,
	    .progress = progress };

	is_manifest(&o, MC_OK, "id\tpath\tlabel\tgroup\tsplit\n"
	    "test/A/p1_x\tf/test/A/p1_x.png\tA\t\ttest\n"
	    "train/A/p2_x\tf/train/A/p2_x.png\tA\t\ttrain\n"
	    "train/B/p2_y\tf/train/B/p2_y.png\tB\t\ttrain\n",
	    "class and split are folders");
	TEST(last_done == 3 && last_total == 3);
	tap_ok(details.len > 0 && strstr(details.data, "notes.txt") != NULL,
	    "what is skipped is a detail: %s", details.data);
	o.group = "p[0-9]+";
	is_manifest(&o, MC_OK, "id\tpath\tlabel\tgroup\tsplit\n"
	    "test/A/p1_x\tf/test/A/p1_x.png\tA\tp1\ttest\n"
	    "train/A/p2_x\tf/train/A/p2_x.png\tA\tp2\ttrain\n"
	    "train/B/p2_y\tf/train/B/p2_y.png\tB\tp2\ttrain\n",
	    "a group is what the expression matches");
	o.group = "p(";
	is_manifest(&o, MC_EUSAGE, "--group: \"p(\" is not a POSIX "
	    "extended regular expression: ",
	    "an expression that is none");
}

static void
test_metadata(void)
{
	struct mc_index_options o = { .warn = warn, .detail = detail,
	    .seen = detail,
	    .progress = progress, .join = (const char *const[]){ "meta.csv", NULL },
	    .key = (const char *const[]){ "image", NULL }, .unmatched =
	    MC_UNMATCHED_ROWS,
	    .label = "dx", .group_column = "patient" };

	write_file("meta.csv", "image,dx,patient\np1_x,mel,7\np2_x,nv,8\n"
	    "p2_y,nv,8\n");
	is_manifest(&o, MC_OK, "id\tpath\tlabel\tgroup\tsplit\n"
	    "test/A/p1_x\tf/test/A/p1_x.png\tmel\t7\ttest\n"
	    "train/A/p2_x\tf/train/A/p2_x.png\tnv\t8\ttrain\n"
	    "train/B/p2_y\tf/train/B/p2_y.png\tnv\t8\ttrain\n",
	    "label and group are columns of the metadata");
	write_file("meta.csv", "image,dx,patient\np1_x,mel,7\np2_x,nv,8\n");
	is_manifest(&o, MC_EDATA, "f/train/B/p2_y.png: no row for it in "
	    "meta.csv (1 such image): ", "an image without a row");
}

int
main(void)
{
	mkdir("f", 0700);
	mkdir("f/train", 0700);
	mkdir("f/train/A", 0700);
	mkdir("f/train/B", 0700);
	mkdir("f/test", 0700);
	mkdir("f/test/A", 0700);
	write_image("f/train/A/p2_x.png", "1");
	write_image("f/train/B/p2_y.png", "2");
	write_image("f/test/A/p1_x.png", "3");
	write_file("f/train/A/notes.txt", "not an image\n");
	test_folders();
	test_metadata();
	mc_buf_free(&warnings);
	mc_buf_free(&details);
	return tap_done();
}
