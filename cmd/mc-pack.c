/* mc-pack.c - pack the images of a manifest into an image tar. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/kind.h"
#include "base/out.h"
#include "base/parallel.h"
#include "image/decode.h"
#include "stream/images.h"
#include "table/manifest.h"
#include "tool.h"

/* Images that are read and tried together; bounds the memory. */
#define CHUNK 32

struct opts {
	struct mc_common common;
	const char *base;
	const char *bits;
	bool skip_bad;
	int64_t threads;
};

static const struct mc_opt options[] = {
	{ "base", 0, "DIR", "read relative paths of the manifest from DIR",
	    MC_STRING, offsetof(struct opts, base), 0, 0, NULL },
	{ "bits", 0, "N", "number of bits in 16-bit samples (1 to 16), or "
	    "auto",
	    MC_STRING, offsetof(struct opts, bits), 0, 0, NULL },
	{ "skip-bad", 0, NULL, "leave out images that cannot be decoded",
	    MC_FLAG, offsetof(struct opts, skip_bad), 0, 0, NULL },
	{ "threads", 0, "N", "number of threads (default: all CPUs)",
	    MC_INTEGER, offsetof(struct opts, threads), 1, 1024, NULL },
	{ 0 }
};

static const struct mc_prog prog = {
	"mc-pack", "[OPTION]... [MANIFEST]",
	"Pack the images of a manifest into an image tar, after test-decoding "
	    "each.",
	options, false
};

/* What a user should know of the images that were packed. */
struct tally {
	size_t bad;
	size_t paged;		/* of several pages or frames */
	size_t wide, dark;	/* of 16 bits; those that use few of them */
	int used;		/* the bits that the dark ones use at most */
	char *first_paged, *first_dark;	/* their paths */
};

/* A 16-bit image that needs no more bits than these comes out dark. */
#define FEW_BITS 14

/* One image on its way into the tar. */
struct item {
	char *path;
	const char *sha256;	/* that the file must have; "": not known */
	bool changed;		/* it has another */
	bool lost;		/* nothing is at a path that is relative */
	const char *bits;	/* that its samples hold, as the manifest says */
	struct mc_image_facts facts;
	struct mc_buf bytes;
	const char *ext;
	enum mc_status status;
	struct mc_err err;
};

static void
read_file(struct item *item)
{
	FILE *f = mc_file_open(item->path, &item->err);
	size_t n = 1;

	item->bytes.len = 0;
	item->status = MC_OK;
	item->lost = false;
	if (f == NULL) {
		item->status = MC_EIO;
		item->lost = item->path[0] != '/' &&
		    access(item->path, F_OK) != 0 && errno == ENOENT;
		return;
	}
	while (n > 0 && item->bytes.len <= MC_MAX_IMAGE_BYTES) {
		n = fread(mc_buf_room(&item->bytes, 65536), 1, 65536, f);
		item->bytes.len += n;
	}
	if (ferror(f))
		item->status = mc_err_errno(&item->err, "%s", item->path);
	else if (item->bytes.len > MC_MAX_IMAGE_BYTES)
		item->status = mc_err_set(&item->err, MC_EDATA,
		    "%s: larger than 1 GiB", item->path);
	fclose(f);
}

/*
 * See that the bytes read are those of the manifest's digest, by which
 * mc-split kept copies of an image together.
 */
static void
check_digest(struct item *item)
{
	char sha256[MC_SHA256_HEX];

	item->changed = false;
	if (item->status != MC_OK || item->sha256[0] == '\0')
		return;
	mc_sha256_bytes(item->bytes.data, item->bytes.len, sha256);
	if (strcasecmp(sha256, item->sha256) == 0)
		return;
	item->changed = true;
	item->status = mc_err_set(&item->err, MC_EDATA, "%s: its SHA-256 is "
	    "not the manifest's: it changed since it was indexed: make the "
	    "manifest again (mc-index, mc-split)", item->path);
}

/* Read item I and see that it decodes. */
static void
try(void *items, size_t i)
{
	struct item *item = (struct item *)items + i;
	struct mc_image image;
	int bits;

	read_file(item);
	check_digest(item);
	if (item->status == MC_OK)
		item->status = mc_image_parse_bits(item->bits, &bits,
		    item->path, &item->err);
	if (item->status != MC_OK)
		return;
	item->status = mc_image_decode_bits(&image, &item->facts,
	    item->bytes.data, item->bytes.len, bits, item->path, &item->err);
	mc_image_free(&image);
	if (item->status == MC_OK)
		item->ext = mc_kind_of(item->bytes.data, item->bytes.len,
		    item->path)->extension;
}

static void
count(struct tally *t, const struct item *item)
{
	if (item->facts.pages > 1 && t->paged++ == 0)
		t->first_paged = mc_xstrdup(item->path);
	if (!item->facts.wide)
		return;
	t->wide++;
	if (*item->bits != '\0' || item->facts.used > FEW_BITS)
		return;
	if (t->dark++ == 0)
		t->first_dark = mc_xstrdup(item->path);
	if (item->facts.used > t->used)
		t->used = item->facts.used;
}

/* Say what there is to know, and free it. */
static void
tell(struct tally *t, size_t rows)
{
	if (t->paged > 0)
		tool_warn("%zu image%s several pages or frames, of which the "
		    "first is used: %s%s", t->paged, t->paged == 1 ? " has" :
		    "s have", t->first_paged, t->paged == 1 ? "" :
		    " and others");
	if (t->dark > 0)
		tool_warn("%zu of %zu 16-bit images %s %d bits at most, and so "
		    "%s dark (the brightest pixel is %d of 255): %s%s: pack "
		    "with --bits %d if that is how they are stored", t->dark,
		    t->wide, t->dark == 1 ? "uses" : "use", t->used,
		    t->dark == 1 ? "is" : "are", ((1 << t->used) - 1) >> 8,
		    t->first_dark, t->dark == 1 ? "" : " and others",
		    t->used);
	tool_say("packed %zu images, left out %zu", rows - t->bad, t->bad);
}

static void
free_tally(struct tally *t)
{
	free(t->first_paged);
	free(t->first_dark);
}

static char *
join_path(const char *base, const char *path)
{
	if (base == NULL || path[0] == '/')
		return mc_xstrdup(path);
	return mc_xasprintf("%s/%s", base, path);
}

/* Pack the N rows from START. */
static enum mc_status
pack_chunk(struct mc_images_writer *w, const struct mc_manifest *m,
    const struct opts *o, struct item *items, size_t start, size_t n,
    struct tally *tally, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	size_t i;

	for (i = 0; i < n; i++) {
		const char *path = mc_manifest_get(m, start + i, m->path);

		if (*path == '\0')
			return mc_err_at(err, MC_EDATA,
			    mc_table_name(m->table),
			    mc_table_line(m->table, start + i),
			    "column \"path\": empty");
		free(items[i].path);
		items[i].path = join_path(o->base, path);
		items[i].sha256 = mc_manifest_get(m, start + i, m->sha256);
		items[i].bits = o->bits != NULL ? o->bits :
		    mc_manifest_get(m, start + i, m->bits);
	}
	mc_parallel(n, (int)o->threads, try, items);
	for (i = 0; i < n && status == MC_OK; i++) {
		if (items[i].status == MC_OK) {
			count(tally, &items[i]);
			status = mc_images_add(w, items[i].ext,
			    items[i].bytes.data, items[i].bytes.len, err);
		} else if (items[i].changed) {
			status = mc_err_at(err, MC_EDATA,
			    mc_table_name(m->table),
			    mc_table_line(m->table, start + i), "%s",
			    items[i].err.text);
		} else if (o->skip_bad) {
			tool_warn("left out: %s", items[i].err.text);
			mc_images_skip(w);
			tally->bad++;
		} else {
			status = mc_err_at(err, items[i].status,
			    mc_table_name(m->table),
			    mc_table_line(m->table, start + i),
			    "%s (%s--skip-bad leaves such images out)",
			    items[i].err.text, items[i].lost ? "paths are "
			    "relative to where mc-pack runs, or to --base DIR; "
			    : "");
		}
	}
	return status;
}

static enum mc_status
pack(struct mc_images_writer *w, const struct mc_manifest *m,
    const struct opts *o, struct mc_err *err)
{
	struct item *items = mc_xcalloc(CHUNK, sizeof(*items));
	size_t rows = mc_table_rows(m->table), start, n, i;
	enum mc_status status = MC_OK;
	struct tally tally = { 0 };

	for (start = 0; start < rows && status == MC_OK; start += n) {
		n = rows - start < CHUNK ? rows - start : CHUNK;
		status = pack_chunk(w, m, o, items, start, n, &tally,
		    err);
		tool_progress("packed", (int64_t)(start + n), (int64_t)rows);
	}
	if (status == MC_OK && tally.bad == rows)
		status = mc_err_set(err, MC_EDATA,
		    "%s: none of its %zu images can be decoded",
		    mc_table_name(m->table), rows);
	if (status == MC_OK)
		tell(&tally, rows);
	free_tally(&tally);
	for (i = 0; i < CHUNK; i++) {
		free(items[i].path);
		mc_buf_free(&items[i].bytes);
	}
	free(items);
	return status;
}

/* Give the manifest a column that says how the images are to be decoded. */
static enum mc_status
add_bits(struct mc_manifest *m, const char *bits, struct mc_err *err)
{
	size_t n = mc_table_columns(m->table), row, c;
	const char **text = mc_xreallocarray(NULL, n + 1, sizeof(*text));
	struct mc_table *t = NULL;
	enum mc_status status;

	for (c = 0; c < n; c++)
		text[c] = mc_table_column(m->table, c);
	text[n] = "bits";
	status = mc_table_alloc(&t, mc_table_name(m->table), text, n + 1, err);
	text[n] = bits;
	for (row = 0; row < mc_table_rows(m->table) && status == MC_OK; row++) {
		for (c = 0; c < n; c++)
			text[c] = mc_table_get(m->table, row, c);
		status = mc_table_add(t, text, err);
	}
	free(text);
	if (status == MC_OK) {
		mc_table_free(m->table);
		m->table = t;
	} else {
		mc_table_free(t);
	}
	return status;
}

/* Read the manifest, with the column that --bits adds. */
static enum mc_status
read_manifest(struct mc_manifest *m, const struct opts *o, const char *path,
    struct mc_err *err)
{
	enum mc_status status = mc_manifest_read(m, path, MC_NEED_PATH, err);

	if (status != MC_OK || o->bits == NULL)
		return status;
	status = m->bits < 0 ? add_bits(m, o->bits, err) :
	    mc_err_at(err, MC_EDATA, mc_table_name(m->table), 1, "a column "
	    "\"bits\" already: leave out --bits or the column");
	if (status != MC_OK)
		mc_manifest_clear(m);
	return status;
}

/* The images are also inputs. */
static void
declare_images(const struct mc_manifest *m, const struct opts *o)
{
	size_t rows = mc_table_rows(m->table), i;
	char *path;

	for (i = 0; i < rows; i++) {
		path = join_path(o->base, mc_manifest_get(m, i, m->path));
		tool_reads(path);
		free(path);
	}
}

static enum mc_status
run(const struct opts *o, const char *path, struct mc_err *err)
{
	struct mc_images_writer *w = NULL;
	struct mc_out *out = NULL;
	struct mc_manifest m;
	enum mc_status status;

	status = read_manifest(&m, o, path, err);
	if (status == MC_OK)
		declare_images(&m, o);
	if (status == MC_OK)
		status = mc_image_init(err);
	if (status == MC_OK)
		status = mc_out_open(&out, o->common.output, err);
	if (status == MC_OK)
		status = mc_images_create(&w, mc_out_file(out),
		    mc_out_name(out), m.table, err);
	if (status == MC_OK)
		status = pack(w, &m, o, err);
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
	mc_manifest_clear(&m);
	return status;
}

int
main(int argc, char **argv)
{
	struct opts o = { .threads = mc_cpus() };
	int first = tool_start(&prog, argc, argv, &o);
	struct mc_err err;
	int bits;

	if (o.bits != NULL && (*o.bits == '\0' ||
	    mc_image_parse_bits(o.bits, &bits, "--bits", &err) != MC_OK))
		tool_usage("--bits: a number from 1 to 16, or auto");
	if (argc - first > 1)
		tool_usage("one manifest at a time");
	tool_writes_archive(o.common.output);
	return tool_end(run(&o, argv[first], &err), &err);
}
