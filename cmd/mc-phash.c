/* mc-phash - add a perceptual hash of each image to a manifest. */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/kind.h"
#include "base/mem.h"
#include "base/parallel.h"
#include "image/decode.h"
#include "image/phash.h"
#include "scan/address.h"
#include "scan/levels.h"
#include "scan/scan.h"
#include "scan/slices.h"
#include "table/manifest.h"
#include "limit.h"
#include "pack_scan.h"
#include "sources.h"
#include "tool.h"

#define CHUNK 256		/* images between two lines of progress */
#define HEX 17			/* 16 digits and a NUL */

/* The percentiles of NIfTI volumes that are black and white: mc-pack's. */
#define LOW 1
#define HIGH 99

struct options {
	struct mc_common common;
	const char *base;
	bool skip_bad;
	int64_t max_pixels, max_voxels, threads;
};

static const struct mc_opt table[] = {
	{ "base", 0, "DIR", "read relative paths of the manifest from DIR",
	    MC_STRING, offsetof(struct options, base), 0, 0, NULL },
	LIMIT_PIXELS(struct options, max_pixels),
	LIMIT_VOXELS(struct options, max_voxels),
	{ "skip-bad", 0, NULL, "leave the hash of images that cannot be "
	    "decoded empty",
	    MC_FLAG, offsetof(struct options, skip_bad), 0, 0, NULL },
	{ "threads", 0, "N", "number of threads (default: all CPUs)",
	    MC_INTEGER, offsetof(struct options, threads), 1, 1024, NULL },
	{ 0 }
};

static const struct mc_prog prog = {
	"mc-phash", "[OPTION]... [MANIFEST]",
	"Add a perceptual hash of each image to a manifest.",
	table, false
};

/* An image that is being hashed. */
struct item {
	char *path;		/* the address of the image */
	const char *bits;	/* that its samples hold, as the manifest says */
	bool lost;		/* nothing is at a path that is relative */
	enum mc_status status;
	struct mc_err err;
};

struct job {
	const struct options *o;
	struct mc_manifest m;
	struct mc_volumes *volumes;
	struct item items[CHUNK];
	size_t start;		/* the row of the first item */
	char (*hash)[HEX];	/* of each row; "": it cannot be decoded */
	size_t hashed;
};

/* The picture of a slice. */
static void
draw_slice(struct job *job, struct item *item, struct mc_image *image)
{
	struct mc_picture picture = { 0 };
	struct mc_slice slice;

	item->status = mc_slice_parse(&slice, NULL, item->path, &item->err);
	if (item->status == MC_OK)
		item->status = mc_slice_draw(&picture, job->volumes, &slice,
		    &item->err);
	if (item->status == MC_EIO)
		item->lost = sources_lost(slice.path[0]);
	*image = (struct mc_image){ picture.width, picture.height,
	    picture.rgb };
	mc_slice_clear(&slice);
}

/*
 * The picture of a frame of a scanner's file, whose BYTES have been read: by the
 * file's window or, where it has none, from its least value to its largest.
 */
static enum mc_status
decode_scan(struct item *item, const struct mc_buf *bytes, int64_t frame,
    struct mc_image *image)
{
	struct mc_window window = { MC_WINDOW_FILE, 0, 0 };
	struct mc_samples s;
	int64_t frames;
	enum mc_status status = mc_scan_decode(&s, &frames, bytes->data,
	    bytes->len, frame, item->path, &item->err);

	if (status != MC_OK)
		return status;
	if (!s.windowed && s.lut.level == NULL)
		window.choice = MC_WINDOW_AUTO;
	status = pack_scan_picture(image, &s, &window, item->path, &item->err);
	mc_samples_clear(&s);
	return status;
}

static enum mc_status
decode_file(struct item *item, const struct mc_buf *bytes,
    struct mc_image *image)
{
	struct mc_image_facts facts;
	int bits;
	enum mc_status status = mc_image_parse_bits(item->bits, &bits,
	    item->path, &item->err);

	return status != MC_OK ? status : mc_image_decode_bits(image, &facts,
	    bytes->data, bytes->len, bits, item->path, &item->err);
}

/* The picture at an address that is not a slice's. */
static void
read_image(struct item *item, struct mc_image *image)
{
	struct mc_buf bytes = { 0 };
	struct mc_address a;

	item->status = mc_address_parse(&a, item->path, &item->err);
	if (item->status == MC_OK) {
		item->status = mc_file_read(&bytes, a.path,
		    mc_max_image_bytes(), &item->err);
		item->lost = item->status == MC_EIO && sources_lost(a.path);
	}
	if (item->status == MC_OK && mc_scan_reads(mc_kind_of(bytes.data,
	    bytes.len, a.path)))
		item->status = decode_scan(item, &bytes, a.frame, image);
	else if (item->status == MC_OK && a.frame > 0)
		item->status = mc_err_set(&item->err, MC_EDATA, "%s: only "
		    "scanners' files (DICOM) have frames", item->path);
	else if (item->status == MC_OK)
		item->status = decode_file(item, &bytes, image);
	mc_buf_free(&bytes);
	mc_address_clear(&a);
}

/* Hash image I of the chunk. */
static void
hash_item(void *arg, size_t i)
{
	struct job *job = arg;
	struct item *item = &job->items[i];
	struct mc_image image = { 0 };

	if (mc_slice_is(item->path))
		draw_slice(job, item, &image);
	else
		read_image(item, &image);
	if (item->status != MC_OK)
		return;
	snprintf(job->hash[job->start + i], HEX, "%016" PRIx64,
	    mc_phash(&image));
	mc_image_free(&image);
}

static char *
path_of(const struct job *job, size_t row)
{
	return sources_join(job->o->base, mc_manifest_get(&job->m, row,
	    job->m.path));
}

/* The images are inputs, too. */
static enum mc_status
declare_images(const struct job *job, struct mc_err *err)
{
	const struct mc_table *t = job->m.table;
	size_t row;
	char *path;

	for (row = 0; row < mc_table_rows(t); row++) {
		if (*mc_manifest_get(&job->m, row, job->m.path) == '\0')
			return mc_err_at(err, MC_EDATA, mc_table_name(t),
			    mc_table_line(t, row), "column \"path\": empty");
		path = path_of(job, row);
		sources_declare(path);
		free(path);
	}
	return MC_OK;
}

/* What became of image I: an error, or a warning with --skip-bad. */
static enum mc_status
judge(const struct job *job, size_t i, struct mc_err *err)
{
	const struct item *item = &job->items[i];
	const struct mc_table *t = job->m.table;

	if (item->status == MC_OK)
		return MC_OK;
	if (item->status == MC_EMACHINE)
		return mc_err_at(err, item->status, mc_table_name(t),
		    mc_table_line(t, job->start + i), "%s", item->err.text);
	if (job->o->skip_bad) {
		tool_warn("not hashed: %s", item->err.text);
		return MC_OK;
	}
	return mc_err_at(err, item->status, mc_table_name(t),
	    mc_table_line(t, job->start + i), "%s (%s--skip-bad leaves the hash of such "
	    "images empty)", item->err.text, item->lost ? "paths are relative "
	    "to where mc-phash runs, or to --base DIR; " : "");
}

/* Hash the N rows from job->start on. */
static enum mc_status
hash_chunk(struct job *job, size_t n, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	size_t i;

	for (i = 0; i < n; i++) {
		job->items[i] = (struct item){
			.path = path_of(job, job->start + i),
			.bits = mc_manifest_get(&job->m, job->start + i,
			    job->m.bits)
		};
	}
	mc_parallel(n, (int)job->o->threads, hash_item, job);
	for (i = 0; i < n; i++) {
		if (status == MC_OK)
			status = judge(job, i, err);
		job->hashed += job->items[i].status == MC_OK;
		free(job->items[i].path);
	}
	return status;
}

static enum mc_status
hash_images(struct job *job, struct mc_err *err)
{
	size_t rows = mc_table_rows(job->m.table), n;
	enum mc_status status = MC_OK;

	job->hash = mc_xcalloc(rows, sizeof(*job->hash));
	for (; job->start < rows && status == MC_OK; job->start += n) {
		n = rows - job->start < CHUNK ? rows - job->start : CHUNK;
		status = hash_chunk(job, n, err);
		tool_progress("hashed", (int64_t)(job->start + n),
		    (int64_t)rows);
	}
	if (status == MC_OK && job->hashed == 0)
		status = mc_err_set(err, MC_EDATA, "%s: of its %zu image%s, "
		    "none can be decoded", mc_table_name(job->m.table), rows,
		    MC_PLURAL(rows));
	return status;
}

/* The manifest with the hashes in the column phash, or in a new one. */
static enum mc_status
write_manifest(FILE *f, void *arg, struct mc_err *err)
{
	const struct job *job = arg;
	const struct mc_table *t = job->m.table;
	size_t columns = mc_table_columns(t), n = columns, place = n, row, c;
	const char **text = mc_xreallocarray(NULL, n + 1, sizeof(*text));

	(void)err;
	for (c = 0; c < columns; c++) {
		text[c] = mc_table_column(t, c);
		if (strcmp(text[c], "phash") == 0)
			place = c;
	}
	n += place == columns;
	text[place] = "phash";
	mc_tsv_write(f, text, n);
	for (row = 0; row < mc_table_rows(t); row++) {
		for (c = 0; c < columns; c++)
			text[c] = mc_table_get(t, row, c);
		text[place] = job->hash[row];
		mc_tsv_write(f, text, n);
	}
	free(text);
	return MC_OK;
}

static enum mc_status
run(struct job *job, const char *path, struct mc_err *err)
{
	enum mc_status status;

	status = mc_manifest_read(&job->m, path, MC_NEED_PATH, err);
	if (status == MC_OK)
		status = declare_images(job, err);
	if (status == MC_OK)
		status = mc_image_init(err);
	job->volumes = mc_volumes_alloc(LOW, HIGH);
	if (status == MC_OK)
		status = hash_images(job, err);
	if (status == MC_OK)
		status = tool_write(job->o->common.output, write_manifest,
		    job, err);
	free(job->hash);
	mc_volumes_free(job->volumes);
	mc_manifest_clear(&job->m);
	return status;
}

int
main(int argc, char **argv)
{
	struct options o = { .threads = mc_cpus() };
	int first = tool_start(&prog, argc, argv, &o);
	static struct job job;
	struct mc_err err;

	mc_max_pixels_set(o.max_pixels);
	mc_max_voxels_set(o.max_voxels);
	if (argc - first > 1)
		tool_usage("one manifest at a time");
	job.o = &o;
	return tool_end(run(&job, argv[first], &err), &err);
}
