/* mc-pack.c - pack the images of a manifest into an image tar. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/out.h"
#include "base/parallel.h"
#include "image/preprocess.h"
#include "scan/address.h"
#include "stream/images.h"
#include "table/packed.h"
#include "pack_image.h"
#include "pack_scan.h"
#include "tool.h"

/* Images that are read and tried together; bounds the memory. */
#define CHUNK 32

struct opts {
	struct mc_common common;
	const char *base;
	const char *bits;
	const char *encode;
	const char *window;
	int64_t depth;		/* 8 or 16 */
	int64_t resize, crop;	/* 0: neither */
	int filter;		/* MC_NOT_GIVEN: bilinear */
	bool skip_bad;
	int64_t threads;
	struct mc_recode how;	/* made of these */
	struct pack_scan scan;	/* likewise */
};

static const struct mc_opt options[] = {
	{ "base", 0, "DIR", "read relative paths of the manifest from DIR",
	    MC_STRING, offsetof(struct opts, base), 0, 0, NULL },
	{ "bits", 0, "N", "number of bits in 16-bit samples (1 to 16), or "
	    "auto",
	    MC_STRING, offsetof(struct opts, bits), 0, 0, NULL },
	{ "crop", 0, "PX", "crop the centre to PX x PX pixels",
	    MC_INTEGER, offsetof(struct opts, crop), 1, MC_RESIZE_MAX, NULL },
	{ "depth", 0, "BITS", "keep the grey samples of DICOM in 16 bits, or "
	    "make 8 by a window (default: 8)",
	    MC_INTEGER, offsetof(struct opts, depth), 8, 16, NULL },
	{ "encode", 0, "FORMAT", "keep, png or jpeg:Q (default: keep, or png "
	    "with --resize or --crop)",
	    MC_STRING, offsetof(struct opts, encode), 0, 0, NULL },
	{ "filter", 0, NULL, "resizing filter (default: bilinear)",
	    MC_CHOICE, offsetof(struct opts, filter), 0, 0, mc_filter_names },
	{ "resize", 0, "PX", "resize the shorter side to PX",
	    MC_INTEGER, offsetof(struct opts, resize), 1, MC_RESIZE_MAX,
	    NULL },
	{ "skip-bad", 0, NULL, "leave out images that cannot be decoded",
	    MC_FLAG, offsetof(struct opts, skip_bad), 0, 0, NULL },
	{ "threads", 0, "N", "number of threads (default: all CPUs)",
	    MC_INTEGER, offsetof(struct opts, threads), 1, 1024, NULL },
	{ "window", 0, "WINDOW", "range of DICOM values from black to white: "
	    "C,W (center, width), auto, bits or file (default: file)",
	    MC_STRING, offsetof(struct opts, window), 0, 0, NULL },
	{ 0 }
};

static const struct mc_prog prog = {
	"mc-pack", "[OPTION]... [MANIFEST]",
	"Pack the images of a manifest into an image tar, after test-decoding "
	    "each.",
	options, false
};

/* All that the packing of one manifest needs. */
struct job {
	const struct opts *o;
	struct mc_manifest m;
	size_t *row, rows;	/* of the manifest: those that are packed */
	struct mc_table *packed;	/* what is written of these */
	struct pack_image image[CHUNK];
	struct pack_tally tally;
};

static void
convert(void *arg, size_t i)
{
	struct job *job = arg;

	pack_image(&job->image[i], &job->o->scan, &job->o->how);
}

static char *
join_path(const char *base, const char *path)
{
	if (base == NULL || path[0] == '/')
		return mc_xstrdup(path);
	return mc_xasprintf("%s/%s", base, path);
}

/* Make ready to read the N images from the one of START. */
static enum mc_status
prepare(struct job *job, size_t start, size_t n, struct mc_err *err)
{
	const struct mc_manifest *m = &job->m;
	size_t i;

	for (i = 0; i < n; i++) {
		struct pack_image *image = &job->image[i];
		size_t row = job->row[start + i];
		const char *path = mc_manifest_get(m, row, m->path);

		if (*path == '\0')
			return mc_err_at(err, MC_EDATA,
			    mc_table_name(m->table),
			    mc_table_line(m->table, row),
			    "column \"path\": empty");
		free(image->path);
		image->path = join_path(job->o->base, path);
		image->sha256 = mc_manifest_get(m, row, m->sha256);
		image->bits = job->o->bits != NULL ? job->o->bits :
		    mc_manifest_get(m, row, m->bits);
	}
	return MC_OK;
}

/* Write IMAGE, of the manifest's row ROW, or leave it out. */
static enum mc_status
add(struct job *job, struct mc_images_writer *w, struct pack_image *image,
    size_t row, struct mc_err *err)
{
	const struct mc_table *t = job->m.table;

	if (image->status == MC_OK) {
		pack_count(&job->tally, image);
		return mc_images_add(w, image->extension, image->bytes.data,
		    image->bytes.len, err);
	}
	if (image->changed)
		return mc_err_at(err, MC_EDATA, mc_table_name(t),
		    mc_table_line(t, row), "%s", image->err.text);
	if (!job->o->skip_bad)
		return mc_err_at(err, image->status, mc_table_name(t),
		    mc_table_line(t, row),
		    "%s (%s--skip-bad leaves such images out)",
		    image->err.text, image->lost ? "paths are relative to "
		    "where mc-pack runs, or to --base DIR; " : "");
	tool_warn("left out: %s", image->err.text);
	mc_images_skip(w);
	job->tally.bad++;
	return MC_OK;
}

static enum mc_status
pack(struct job *job, struct mc_images_writer *w, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	size_t start, n, i;

	for (start = 0; start < job->rows && status == MC_OK; start += n) {
		n = job->rows - start < CHUNK ? job->rows - start : CHUNK;
		status = prepare(job, start, n, err);
		if (status == MC_OK)
			mc_parallel(n, (int)job->o->threads, convert, job);
		for (i = 0; i < n && status == MC_OK; i++)
			status = add(job, w, &job->image[i],
			    job->row[start + i], err);
		tool_progress("packed", (int64_t)(start + n),
		    (int64_t)job->rows);
	}
	if (status == MC_OK && job->tally.packed == 0)
		status = mc_err_set(err, MC_EDATA,
		    "%s: none of its %zu images can be decoded",
		    mc_table_name(job->m.table), job->rows);
	if (status == MC_OK)
		pack_tell(&job->tally);
	return status;
}

/* What is asked of row I before its image is read. */
struct look {
	const struct job *job;
	struct mc_packed_row *row;
};

static void
look(void *arg, size_t i)
{
	const struct look *l = arg;
	const struct job *job = l->job;
	char *path = join_path(job->o->base, mc_manifest_get(&job->m,
	    job->row[i], job->m.path));

	l->row[i] = pack_scan_look(path, &job->o->scan);
	free(path);
}

/* Make the manifest of the tar. */
static enum mc_status
make_manifest(struct job *job, struct mc_err *err)
{
	struct look l = { job, mc_xcalloc(job->rows, sizeof(*l.row)) };
	const struct mc_packing packing = { job->o->bits,
	    mc_recode_changes(&job->o->how), l.row };
	enum mc_status status;

	mc_parallel(job->rows, (int)job->o->threads, look, &l);
	status = mc_packed_table(&job->packed, &job->m, job->row, job->rows,
	    &packing, err);
	free(l.row);
	return status;
}

/* Read the manifest, and make that of the tar. */
static enum mc_status
read_manifest(struct job *job, const char *path, struct mc_err *err)
{
	enum mc_status status = mc_manifest_read(&job->m, path, MC_NEED_PATH,
	    err);
	size_t i;

	if (status != MC_OK)
		return status;
	job->rows = mc_table_rows(job->m.table);
	job->row = mc_xcalloc(job->rows, sizeof(*job->row));
	for (i = 0; i < job->rows; i++)
		job->row[i] = i;
	return make_manifest(job, err);
}

/* The images are also inputs. */
static void
declare_images(const struct job *job)
{
	struct mc_address a;
	struct mc_err err;
	size_t i;
	char *path;

	for (i = 0; i < job->rows; i++) {
		path = join_path(job->o->base, mc_manifest_get(&job->m,
		    job->row[i], job->m.path));
		if (mc_address_parse(&a, path, &err) == MC_OK)
			tool_reads(a.path);
		mc_address_clear(&a);
		free(path);
	}
}

static void
clear(struct job *job)
{
	size_t i;

	for (i = 0; i < CHUNK; i++)
		pack_image_clear(&job->image[i]);
	pack_tally_clear(&job->tally);
	mc_table_free(job->packed);
	mc_manifest_clear(&job->m);
	free(job->row);
}

static enum mc_status
run(const struct opts *o, const char *path, struct mc_err *err)
{
	struct job job = { .o = o };
	struct mc_images_writer *w = NULL;
	struct mc_out *out = NULL;
	enum mc_status status;

	status = read_manifest(&job, path, err);
	if (status == MC_OK)
		declare_images(&job);
	if (status == MC_OK)
		status = mc_image_init(err);
	if (status == MC_OK)
		status = mc_out_open(&out, o->common.output, err);
	if (status == MC_OK)
		status = mc_images_create(&w, mc_out_file(out),
		    mc_out_name(out), job.packed, err);
	if (status == MC_OK)
		status = pack(&job, w, err);
	if (status == MC_OK) {
		status = mc_images_finish(w, err);
		w = NULL;
	}
	if (status == MC_OK) {
		status = mc_out_commit(out, err);
		out = NULL;
	}
	mc_images_abandon(w);
	mc_out_abandon(out);
	clear(&job);
	return status;
}

/* Check the options that convert images, and put them together. */
static void
choose_conversion(struct opts *o)
{
	bool changes = o->resize > 0 || o->crop > 0;
	struct mc_err err;

	o->how = (struct mc_recode){ .resize = (int)o->resize,
	    .crop = (int)o->crop, .filter = o->filter == MC_NOT_GIVEN ?
	    MC_BILINEAR : (enum mc_filter)o->filter };
	if (o->filter != MC_NOT_GIVEN && o->resize == 0)
		tool_usage("--filter: only with --resize");
	if (mc_recode_parse(&o->how, o->encode != NULL ? o->encode :
	    changes ? "png" : "keep", &err) != MC_OK)
		tool_usage("--encode: %s", err.text);
	if (changes && !mc_recode_changes(&o->how))
		tool_usage("--encode keep: an image that is resized or cropped "
		    "must be encoded: use png or jpeg:Q");
}

/* Check the options that read scanners' files, and put them together. */
static void
choose_window(struct opts *o)
{
	struct mc_err err;

	if (o->depth != 8 && o->depth != 16)
		tool_usage("--depth: 8 or 16");
	o->scan.keep = o->depth == 16;
	if (mc_window_parse(&o->scan.window, o->window != NULL ? o->window :
	    "file", &err) != MC_OK)
		tool_usage("--window: %s", err.text);
	if (o->scan.keep && o->window != NULL)
		tool_usage("--window: not with --depth 16, which keeps all "
		    "values");
	if (o->scan.keep && (o->bits != NULL || mc_recode_changes(&o->how)))
		tool_usage("--depth 16: not with --bits, --resize, --crop or "
		    "--encode");
}

int
main(int argc, char **argv)
{
	struct opts o = { .filter = MC_NOT_GIVEN, .depth = 8, .threads = mc_cpus() };
	int first = tool_start(&prog, argc, argv, &o);
	struct mc_err err;
	int bits;

	if (o.bits != NULL && (*o.bits == '\0' ||
	    mc_image_parse_bits(o.bits, &bits, "--bits", &err) != MC_OK))
		tool_usage("--bits: a number from 1 to 16, or auto");
	if (argc - first > 1)
		tool_usage("one manifest at a time");
	choose_conversion(&o);
	choose_window(&o);
	tool_writes_archive(o.common.output);
	return tool_end(run(&o, argv[first], &err), &err);
}
