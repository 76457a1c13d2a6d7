/* mc-pack.c - pack the images of a manifest into an image tar. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/num.h"
#include "base/out.h"
#include "base/parallel.h"
#include "image/preprocess.h"
#include "stream/image_set.h"
#include "table/packed.h"
#include "table/row_filter.h"
#include "table/schemas.h"
#include "limit.h"
#include "operands.h"
#include "pack_image.h"
#include "pack_input.h"
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
	const char *percentiles;
	struct mc_row_filter rows;
	const char *shards;
	bool allow_levels, skip_bad;
	const char *left_out;
	int64_t max_pixels, max_voxels, threads;

	/* Made of these and the operands. */
	double low, high;	/* percentiles */
	struct mc_recode how;
	struct pack_scan scan;
	struct mc_shard_limit limit;
	const char *const *inputs;
	size_t n_inputs;
};

static const struct mc_opt options[] = {
	OPERANDS_ALLOW_LEVELS(struct opts, allow_levels),
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
	{ "ids", 0, "FILE", "pack only the images whose ids are in FILE",
	    MC_INPUT, offsetof(struct opts, rows.ids), 0, 0, NULL },
	{ "label", 0, "A,B,...", "pack only the images with one of these "
	    "labels",
	    MC_STRING, offsetof(struct opts, rows.label), 0, 0, NULL },
	{ "left-out", 0, "FILE", "with --skip-bad, list the images left out in "
	    "FILE",
	    MC_OUTPUT, offsetof(struct opts, left_out), 0, 0, NULL },
	LIMIT_PIXELS(struct opts, max_pixels),
	LIMIT_VOXELS(struct opts, max_voxels),
	{ "percentiles", 0, "LOW,HIGH", "black and white of NIfTI volumes, as "
	    "percentiles of their voxels (default: 1,99)",
	    MC_STRING, offsetof(struct opts, percentiles), 0, 0, NULL },
	{ "resize", 0, "PX", "resize the shorter side to PX",
	    MC_INTEGER, offsetof(struct opts, resize), 1, MC_RESIZE_MAX,
	    NULL },
	{ "shards", 0, "SIZE", "write shards of a number of images, or of a size "
	    "such as 1G",
	    MC_STRING, offsetof(struct opts, shards), 0, 0, NULL },
	{ "skip-bad", 0, NULL, "leave out images that cannot be decoded",
	    MC_FLAG, offsetof(struct opts, skip_bad), 0, 0, NULL },
	{ "split", 0, "A,B,...", "pack only the images of these splits",
	    MC_STRING, offsetof(struct opts, rows.split), 0, 0, NULL },
	{ "threads", 0, "N", "number of threads (default: all CPUs)",
	    MC_INTEGER, offsetof(struct opts, threads), 1, 1024, NULL },
	{ "window", 0, "WINDOW", "range of DICOM values from black to white: "
	    "C,W (center, width), auto, bits or file (default: file)",
	    MC_STRING, offsetof(struct opts, window), 0, 0, NULL },
	{ 0 }
};

static const struct mc_prog prog = {
	"mc-pack", "[OPTION]... [MANIFEST]\n[OPTION]... TAR...",
	"Pack the images of a manifest, or of other tars, into an image tar or "
	    "shards.",
	options, false
};

/* All that the packing of one manifest needs. */
struct job {
	const struct opts *o;
	struct pack_input in;
	struct mc_selected rows;
	struct mc_table *packed;	/* what is written of these */
	struct mc_out *left_out;	/* the list of images left out, or NULL */
	struct pack_image image[CHUNK];
	struct pack_tally tally;
};

static void
convert(void *arg, size_t i)
{
	struct job *job = arg;

	pack_image(&job->image[i], &job->o->scan, &job->o->how);
}

/* Say that IMAGE, of row ROW, is left out. */
static void
leave_out(struct job *job, const struct pack_image *image, size_t row)
{
	const struct mc_manifest *m = &job->in.m;
	char *reason = pack_cause(image);
	struct mc_exclusion_row left = { prog.name, mc_manifest_get(m, row,
	    m->id), mc_manifest_get(m, row, m->path), mc_manifest_get(m, row,
	    m->label), mc_manifest_get(m, row, m->group), reason, 1 };

	tool_warn("left out: %s", image->err.text);
	if (job->left_out != NULL)
		mc_rows_write(mc_out_file(job->left_out),
		    &mc_exclusions_schema, &left);
	free(reason);
	job->tally.bad++;
}

/* Write IMAGE, of row ROW, or leave it out. */
static enum mc_status
add(struct job *job, struct mc_image_set *set, const struct pack_image *image,
    size_t row, struct mc_err *err)
{
	enum mc_status status;
	char *why;

	if (image->status == MC_OK) {
		pack_count(&job->tally, image);
		return mc_image_set_add(set, image->extension,
		    image->bytes.data, image->bytes.len, err);
	}
	if (image->changed || image->status == MC_EMACHINE)
		return pack_input_wrong(&job->in, row, image->status,
		    image->err.text, err);
	if (job->o->skip_bad) {
		leave_out(job, image, row);
		mc_image_set_skip(set);
		return MC_OK;
	}
	why = mc_xasprintf("%s (%s--skip-bad leaves such images out)",
	    image->err.text, image->lost ? "paths are relative to where "
	    "mc-pack runs, or to --base DIR; " : "");
	status = pack_input_wrong(&job->in, row, image->status, why, err);
	free(why);
	return status;
}

static enum mc_status
pack(struct job *job, struct mc_image_set *set, struct mc_err *err)
{
	size_t rows = job->rows.n, start, n, i;
	enum mc_status status = MC_OK;

	for (start = 0; start < rows && status == MC_OK; start += n) {
		const size_t *row = job->rows.row + start;

		n = rows - start < CHUNK ? rows - start : CHUNK;
		status = pack_input_fill(&job->in, job->image, row, n, err);
		if (status == MC_OK)
			mc_parallel(n, (int)job->o->threads, convert, job);
		for (i = 0; i < n && status == MC_OK; i++)
			status = add(job, set, &job->image[i], row[i], err);
		tool_progress("packed", (int64_t)(start + n), (int64_t)rows);
	}
	if (status == MC_OK && job->tally.packed == 0)
		status = mc_err_set(err, MC_EDATA,
		    "%s: of its %zu image%s, none can be decoded",
		    mc_table_name(job->in.m.table), rows, MC_PLURAL(rows));
	return status;
}

/* Say what was selected of the input's rows. */
static void
tell_rows(const struct job *job)
{
	const char *name = mc_table_name(job->in.m.table);

	if (job->rows.unknown > 0)
		tool_warn("%s: %zu of %zu ids %s not in %s: \"%s\"%s",
		    job->o->rows.ids, job->rows.unknown, job->rows.ids,
		    job->rows.unknown > 1 ? "are" : "is", name,
		    job->rows.first, job->rows.unknown > 1 ? " and others" :
		    "");
	if (job->in.n_missed > 0)
		tool_warn("%s: %lld image%s left out when this was packed",
		    name, (long long)job->in.n_missed,
		    job->in.n_missed == 1 ? " was" : "s were");
	if (job->in.missing != NULL)
		tool_warn("%s", job->in.missing);
	if (job->in.unlabelled != NULL)
		tool_warn("%s", job->in.unlabelled);
	if (job->rows.n < mc_table_rows(job->in.m.table))
		tool_say("selected %zu of %zu rows", job->rows.n,
		    mc_table_rows(job->in.m.table));
}

/* Warn of options that do nothing to the N images KNOWN. */
static void
warn_of_unused(const struct opts *o, const struct mc_packed_row *known,
    size_t n)
{
	bool dicom = false, slice = false;
	size_t i;

	for (i = 0; i < n; i++) {
		dicom |= known[i].grey_levels == o->scan.dicom;
		slice |= known[i].grey_levels == o->scan.slice;
	}
	if (o->window != NULL && !dicom)
		tool_warn("--window: no image is grey DICOM, so it does nothing");
	if (o->scan.keep && !dicom)
		tool_warn("--depth 16: no image is grey DICOM, so it does "
		    "nothing");
	if (o->percentiles != NULL && !slice)
		tool_warn("--percentiles: no image is a slice of NIfTI, so they "
		    "do nothing");
}

/* Read the input's rows, select some, and make the manifest of the tar. */
static enum mc_status
read_rows(struct job *job, struct mc_err *err)
{
	const struct opts *o = job->o;
	struct mc_packing packing = { o->bits, mc_recode_changes(&o->how),
	    NULL };
	struct mc_packed_row *known = NULL;
	enum mc_status status = pack_input_open(&job->in, o->inputs,
	    o->n_inputs, err);

	if (status == MC_OK && o->scan.keep && job->in.n_tars > 0)
		status = mc_err_set(err, MC_EUSAGE, "--depth 16: only with a "
		    "manifest");
	if (status == MC_OK && o->base != NULL && job->in.n_tars > 0)
		status = mc_err_set(err, MC_EUSAGE, "--base: only with a "
		    "manifest: a tar has the images themselves");
	if (status == MC_OK)
		status = mc_filter_rows(&job->rows, &job->in.m, &o->rows, err);
	if (status == MC_OK)
		status = pack_input_look(&known, &job->in, job->rows.row,
		    job->rows.n, (int)o->threads, err);
	if (status == MC_OK) {
		packing.row = known;
		warn_of_unused(o, known, job->rows.n);
		status = mc_packed_table(&job->packed, &job->in.m,
		    job->rows.row, job->rows.n, &packing, err);
	}
	free(known);
	if (status == MC_OK) {
		pack_input_declare(&job->in, job->rows.row, job->rows.n);
		tell_rows(job);
	}
	return status;
}

static enum mc_status
open_left_out(struct job *job, struct mc_err *err)
{
	enum mc_status status;

	if (job->o->left_out == NULL)
		return MC_OK;
	status = mc_out_open(&job->left_out, job->o->left_out, err);
	if (status == MC_OK)
		mc_rows_write_header(mc_out_file(job->left_out),
		    &mc_exclusions_schema);
	return status;
}

static void
clear(struct job *job)
{
	size_t i;

	for (i = 0; i < CHUNK; i++)
		pack_image_clear(&job->image[i]);
	pack_tally_clear(&job->tally);
	mc_volumes_free(job->in.volumes);
	mc_table_free(job->packed);
	mc_selected_clear(&job->rows);
	pack_input_clear(&job->in);
	mc_out_abandon(job->left_out);
}

/* Warn of the shard behind the last one, which an earlier run has left. */
static void
warn_of_old(const struct opts *o, size_t shards)
{
	char *next = shards > 0 ? mc_shard_name(o->common.output, shards) :
	    NULL;

	if (next != NULL && access(next, F_OK) == 0)
		tool_warn("%s: from an earlier packing into more shards: remove "
		    "it, and those after it", next);
	free(next);
}

static enum mc_status
run(const struct opts *o, struct mc_err *err)
{
	struct job job = { .o = o, .in = { .base = o->base, .bits = o->bits,
	    .scan = &o->scan, .mixes = o->allow_levels } };
	struct mc_image_set *set = NULL;
	enum mc_status status;
	size_t shards = 0;

	job.in.volumes = mc_volumes_alloc(o->low, o->high);
	status = read_rows(&job, err);
	if (status == MC_OK)
		status = mc_image_init(err);
	if (status == MC_OK)
		status = open_left_out(&job, err);
	if (status == MC_OK)
		status = mc_image_set_create(&set, o->common.output, &o->limit,
		    job.packed, err);
	if (status == MC_OK)
		status = pack(&job, set, err);
	if (status == MC_OK) {
		pack_tell(&job.tally);
		status = mc_image_set_commit(set, job.left_out, &shards, err);
		set = NULL;
		job.left_out = NULL;
	}
	if (status == MC_OK)
		warn_of_old(o, shards);
	mc_image_set_abandon(set);
	clear(&job);
	return status;
}

/* Check the options that make shards. */
static void
choose_shards(struct opts *o)
{
	struct mc_err err;
	char *name;
	size_t i;

	if (o->shards == NULL)
		return;
	if (mc_shard_limit_parse(&o->limit, o->shards, &err) != MC_OK)
		tool_usage("--shards: %s", err.text);
	for (i = 0; i < MC_SHARDS_MAX; i++) {
		name = o->common.output != NULL ?
		    mc_shard_name(o->common.output, i) : NULL;
		if (name == NULL)
			tool_usage("--shards: the output's name needs a place "
			    "for the number, as in -o set-%%06d.tar");
		if (access(name, F_OK) == 0)
			pack_input_refuse(o->inputs, o->n_inputs, name);
		free(name);
	}
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

/* Read "LOW,HIGH". */
static void
choose_percentiles(struct opts *o)
{
	const char *comma;
	struct mc_err err;
	bool good;
	char *low;

	if (o->percentiles == NULL)
		return;
	comma = strchr(o->percentiles, ',');
	good = comma != NULL;
	if (!good)
		tool_usage("--percentiles: two numbers, such as 1,99");
	low = mc_xstrndup(o->percentiles, (size_t)(comma - o->percentiles));
	good = mc_parse_f64(low, 0, 100, &o->low, &err) == MC_OK &&
	    mc_parse_f64(comma + 1, 0, 100, &o->high, &err) == MC_OK;
	free(low);
	if (!good)
		tool_usage("--percentiles: %s", err.text);
	if (o->low >= o->high)
		tool_usage("--percentiles: %s: the first must be the lower",
		    o->percentiles);
}

/* Say how grey levels are made: what the column grey_levels has. */
static void
name_levels(struct opts *o)
{
	static const char *const words[] = {
		[MC_WINDOW_FILE] = "file", [MC_WINDOW_AUTO] = "auto",
		[MC_WINDOW_BITS] = "bits"
	};
	const struct mc_window *w = &o->scan.window;
	char a[MC_NUM_SIZE], b[MC_NUM_SIZE];

	if (o->scan.keep)
		o->scan.dicom = mc_xstrdup("depth:16");
	else if (w->choice == MC_WINDOW_GIVEN)
		o->scan.dicom = mc_xasprintf("window:%s,%s",
		    mc_format_f64(a, w->center + 0.0),
		    mc_format_f64(b, w->width));
	else
		o->scan.dicom = mc_xasprintf("window:%s", words[w->choice]);
	o->scan.slice = mc_xasprintf("percentiles:%s,%s",
	    mc_format_f64(a, o->low), mc_format_f64(b, o->high));
}

int
main(int argc, char **argv)
{
	struct opts o = { .filter = MC_NOT_GIVEN, .depth = 8,
	    .low = 1, .high = 99, .threads = mc_cpus() };
	int first = tool_start(&prog, argc, argv, &o);
	enum mc_status status;
	struct mc_err err;
	int bits;

	mc_max_pixels_set(o.max_pixels);
	mc_max_voxels_set(o.max_voxels);
	if (o.bits != NULL && (*o.bits == '\0' ||
	    mc_image_parse_bits(o.bits, &bits, "--bits", &err) != MC_OK))
		tool_usage("--bits: a number from 1 to 16, or auto");
	o.n_inputs = (size_t)(argc - first);
	o.inputs = operands_tars(argv + first, &o.n_inputs);
	if (o.left_out != NULL && !o.skip_bad)
		tool_usage("--left-out: only with --skip-bad");
	choose_conversion(&o);
	choose_window(&o);
	choose_shards(&o);
	choose_percentiles(&o);
	name_levels(&o);
	tool_writes_archive(o.common.output);
	status = run(&o, &err);
	free(o.scan.dicom);
	free(o.scan.slice);
	return tool_end(status, &err);
}
