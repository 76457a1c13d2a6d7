/* mc-montage.c - draw sheets of images: mistakes, borderline cases and others. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/names.h"
#include "base/num.h"
#include "base/spelling.h"
#include "image/encode.h"
#include "stream/image_set.h"
#include "limit.h"
#include "montage.h"
#include "operands.h"
#include "options.h"
#include "unit_name.h"

#define COLUMN		86.0	/* of a page of two columns, in millimetres */
#define PAGE		178.0	/* both of them */
#define JPEG_QUALITY	90	/* with colours in full resolution */
#define SMALLEST	16	/* pixels of a tile */
#define NARROW		4	/* a tile has room for a number and a mark, if it is
				   so many times as wide as a line is high, */
#define WIDE		8	/* and for names, if it is so many */

struct options {
	struct mc_common common;
	struct mc_runs_options runs;
	const char *font, *list, *manifest, *names, *pairs, *unit_name, *width;
	const char **maps, **only, **predictions;
	double font_size;
	int64_t columns, count, dpi, max_pixels, per_class, seed, tile;
	int show;
	bool allow_levels;
};
#define AT(member) offsetof(struct options, member)

static const struct mc_opt option_table[] = {
	OPERANDS_ALLOW_LEVELS(struct options, allow_levels),
	RUNS_CLASSES(struct options, runs),
	{ "columns", 0, "N", "images in a row (default: 4 to 6)", MC_INTEGER, AT(columns), 1, 100,
	    NULL },
	{ "count", 0, "N", "show N images in all, whatever their labels; with "
	    "--show near, N pairs", MC_INTEGER, AT(count), 1,
	    MONTAGE_MOST, NULL },
	{ "dpi", 0, "N", "dots per inch (default: 300)", MC_INTEGER, AT(dpi),
	    72, 1200, NULL },
	RUNS_FOLDS(struct options, runs),
	{ "font", 0, "NAME", "font (default: Helvetica)", MC_STRING, AT(font),
	    0, 0, NULL },
	{ "font-size", 0, "POINTS", "size of the text as printed (default: 8)",
	    MC_REAL, AT(font_size), 4, 24, NULL },
	{ "list", 0, "FILE", "write the place and the numbers of each image to "
	    "FILE", MC_OUTPUT, AT(list), 0, 0, NULL },
	OPERANDS_MANIFEST(struct options, manifest),
	{ "maps", 0, "FILE", "show beside each image its map of mc-explain; may "
	    "be repeated", MC_INPUTS, AT(maps), 0, 0, NULL },
	LIMIT_PIXELS(struct options, max_pixels),
	PRINTED_NAMES(struct options, names),
	{ "near-pairs", 0, "FILE", "pairs written by mc-split --check "
	    "--near", MC_INPUT, AT(pairs), 0, 0, NULL },
	{ "only", 0, "COLUMN=VALUE", "show only runs, or without --predictions "
	    "images, with this value; may be repeated", MC_STRINGS, AT(only),
	    0, 0, NULL },
	{ "per-class", 0, "N", "show N images for each label (default: as many "
	    "as a page has room for, at most 8)", MC_INTEGER, AT(per_class), 1, MONTAGE_MOST, NULL },
	{ "predictions", 0, "FILE", "predictions of the images; may be "
	    "repeated", MC_INPUTS, AT(predictions), 0, 0, NULL },
	{ "seed", 0, "N", "seed of the random images (default: 1)", MC_INTEGER,
	    AT(seed), 0, 9223372036854775807.0, NULL },
	{ "show", 0, NULL, "what to show (default: mistakes with "
	    "--predictions, near with --near-pairs, else random)", MC_CHOICE,
	    AT(show), 0, 0, montage_shows },
	RUNS_THRESHOLD(struct options, runs),
	{ "tile", 0, "N", "pixels of the longer side of each image (default: "
	    "what --width has room for)", MC_INTEGER, AT(tile), SMALLEST, 4096,
	    NULL },
	UNIT_NAME(struct options, unit_name),
	{ "width", 0, "WIDTH", "width: page (178 mm, the default), column (86 "
	    "mm), or millimetres", MC_STRING, AT(width), 0, 0, NULL },
	{ 0 }
};

static const struct mc_prog prog = {
	"mc-montage",
	"[OPTION]... [IMAGES]...",
	"Draw sheets of images: mistakes, borderline cases, look-alikes.",
	option_table, true
};

/* What run() works with. */
struct job {
	const struct options *o;
	struct montage m;
	double width;		/* millimetres; 0: as wide as the tiles make it */
};

/* --- Arguments ------------------------------------------------------------ */

static void
choose_show(struct job *job)
{
	const struct options *o = job->o;
	enum montage_show show = o->predictions != NULL ? MONTAGE_MISTAKES :
	    o->pairs != NULL ? MONTAGE_NEAR : MONTAGE_RANDOM;

	if (o->show != MC_NOT_GIVEN)
		show = (enum montage_show)o->show;
	if ((show == MONTAGE_MISTAKES || show == MONTAGE_BORDERLINE) &&
	    o->predictions == NULL)
		tool_usage("--show %s needs --predictions",
		    montage_shows[show]);
	if (show == MONTAGE_NEAR && o->pairs == NULL)
		tool_usage("--show near needs --near-pairs");
	if (show != MONTAGE_NEAR && o->pairs != NULL)
		tool_usage("--near-pairs is for --show near");
	if (show >= MONTAGE_AUGMENTED && o->predictions != NULL)
		tool_usage("--predictions is not for --show %s",
		    montage_shows[show]);
	job->m.style.show = show;
}

static void
choose_number(struct job *job)
{
	const struct options *o = job->o;
	enum montage_show show = job->m.style.show;

	if (o->per_class > 0 && o->count > 0)
		tool_usage("--per-class and --count are both given: give one");
	if (o->per_class > 0 && show >= MONTAGE_AUGMENTED)
		tool_usage("--per-class is not for --show %s: give --count",
		    montage_shows[show]);
	job->m.number.per_class = o->count == 0;
	job->m.number.n = o->count > 0 ? (size_t)o->count : o->per_class > 0 ?
	    (size_t)o->per_class : show == MONTAGE_AUGMENTED ? 6 : 8;
	job->m.fits = o->per_class == 0 && o->count == 0;
	if (show == MONTAGE_AUGMENTED && o->unit_name != NULL)
		tool_usage("--unit-name is not for --show augmented");
	if (show == MONTAGE_NEAR && o->columns % 2 != 0)
		tool_usage("--columns: the images of a pair stand side by "
		    "side: give an even number");
}

static size_t
count_texts(const char **texts)
{
	size_t n = 0;

	while (texts != NULL && texts[n] != NULL)
		n++;
	return n;
}

static void
choose_only(struct job *job)
{
	struct montage_style *style = &job->m.style;
	size_t n = count_texts(job->o->only), i;

	if (n > 0 && style->show == MONTAGE_NEAR)
		tool_usage("--only is not for --show near: choose rows of the "
		    "pairs instead");
	style->only = only_parse(job->o->only, n,
	    job->o->predictions != NULL);
	style->n_only = n;
	for (i = 0; i < n; i++) {
		if (job->o->runs.folds == MC_FOLDS_POOL &&
		    strcmp(style->only[i].column, "fold") == 0)
			tool_usage("--only fold chooses a fold, and --folds "
			    "pool takes all of them: give one");
	}
}

/* The width that --width asks for, in millimetres. */
static double
parse_width(const char *text)
{
	struct mc_err why;
	double width;

	if (text == NULL || strcmp(text, "page") == 0)
		return PAGE;
	if (strcmp(text, "column") == 0)
		return COLUMN;
	if (mc_parse_f64(text, 40, 1000, &width, &why) != MC_OK)
		tool_usage("--width: %s: give column, page, or 40 to 1000 "
		    "millimetres", why.text);
	return width;
}

static void
check_predictions(const struct options *o)
{
	if (o->predictions != NULL)
		return;
	if (o->runs.threshold != NULL)
		tool_usage("--threshold needs --predictions");
	if (o->runs.folds != MC_FOLDS_DEFAULT)
		tool_usage("--folds needs --predictions");
	if (o->runs.classes != NULL)
		tool_usage("--classes needs --predictions");
	if (o->maps != NULL)
		tool_usage("--maps needs --predictions");
}

static void
check_maps(struct job *job)
{
	const char *const *map = (const char *const *)job->o->maps;

	job->m.maps = map;
	job->m.style.maps = job->m.gallery.maps = map != NULL;
	for (; map != NULL && *map != NULL; map++) {
		if (strcmp(*map, "-") == 0)
			tool_usage("--maps: give a file: standard input cannot be "
			    "read twice");
	}
}

/* Whether NAME has a "%d", perhaps with digits. */
static bool
has_place(const char *name)
{
	const char *c;

	for (c = strchr(name, '%'); c != NULL; c = strchr(c + 1, '%')) {
		if (c[1 + strspn(c + 1, "0123456789")] == 'd')
			return true;
	}
	return false;
}

/* Whether NAME ends in .jpg or .jpeg. */
static bool
is_jpeg(const char *name)
{
	const char *dot = name == NULL ? NULL : strrchr(name, '.');

	return dot != NULL && (strcasecmp(dot, ".jpg") == 0 ||
	    strcasecmp(dot, ".jpeg") == 0);
}

/* Find out whether the output is a file, or one per page, and of what format. */
static void
choose_output(struct job *job)
{
	const char *output = job->o->common.output;
	char *name = output == NULL ? NULL : mc_shard_name(output, 1);

	job->m.out.paged = name != NULL;
	free(name);
	job->m.out.quality = is_jpeg(output) ? JPEG_QUALITY : MC_LOSSLESS;
	if (output != NULL && !job->m.out.paged && has_place(output))
		tool_usage("--output: \"%s\": give one place for the number "
		    "of a page, %%d or %%0Nd", output);
	if ((output == NULL || strcmp(output, "-") == 0) &&
	    isatty(STDOUT_FILENO))
		tool_usage("standard output is a terminal: give --output "
		    "FILE");
}

static void
check_args(struct job *job)
{
	const struct options *o = job->o;

	choose_output(job);
	choose_show(job);
	choose_number(job);
	choose_only(job);
	check_predictions(o);
	check_maps(job);
	if (o->seed >= 0 && job->m.style.show != MONTAGE_RANDOM)
		tool_usage("--seed is for --show random");
	job->m.style.seed = o->seed >= 0 ? (uint64_t)o->seed : 1;
	if (o->tile > 0 && o->width != NULL)
		tool_usage("--tile and --width both set the size: give one");
	job->width = o->tile > 0 ? 0 : parse_width(o->width);
	if (o->font != NULL && (*o->font == '\0' ||
	    strchr(o->font, ',') != NULL))
		tool_usage("--font: \"%s\": give the name of one font; its "
		    "size is --font-size", o->font);
}

/* --- Sizes ---------------------------------------------------------------- */

/* The tiles in a row: an image and its map are two, and stay together. */
static int
choose_columns(const struct job *job)
{
	bool maps = job->m.style.maps;
	int columns = job->o->columns > 0 ? (int)job->o->columns :
	    job->m.style.show == MONTAGE_AUGMENTED || maps ? 6 : 4;

	return maps ? (columns + 1) / 2 * 2 : columns;
}

/* The pixels of a tile, where there are so many COLUMNS and a line is LINE high. */
static int
choose_tile(const struct job *job, int columns, int line)
{
	return job->o->tile > 0 ? (int)job->o->tile : ((int)(job->width /
	    MONTAGE_INCH * job->m.out.dpi) - (columns + 1) *
	    mc_sheet_gap(line)) / columns;
}

/* Choose the sizes that are tried, where the number of images is free: 4 to 6
   columns that have room for names, in pairs where tiles are. */
static void
choose_tried(struct job *job, int line)
{
	struct montage *m = &job->m;
	bool pairs = m->style.maps || m->style.show == MONTAGE_NEAR;
	int first = m->columns[0], columns, tile;

	if (!m->fits || job->o->columns > 0 || job->o->tile > 0 ||
	    m->style.show == MONTAGE_AUGMENTED)
		return;
	m->gallery.n_sizes = 0;
	for (columns = 4; columns <= 6; columns += pairs ? 2 : 1) {
		tile = choose_tile(job, columns, line);
		if (tile < WIDE * line && columns != first)
			continue;
		m->columns[m->gallery.n_sizes] = columns;
		m->gallery.tile[m->gallery.n_sizes++] = tile;
	}
}

/* Choose the font, and the size of tiles. */
static enum mc_status
choose_sizes(struct job *job, struct mc_err *err)
{
	const struct options *o = job->o;
	const char *font = o->font != NULL ? o->font : "Helvetica";
	enum mc_status status = mc_lettering_alloc(&job->m.out.letters, font,
	    o->font_size * job->m.out.dpi / 72, err);
	int columns = choose_columns(job), line, tile;

	if (status != MC_OK)
		return status;
	tool_say("font: %s", mc_lettering_family(job->m.out.letters));
	if (o->font != NULL && strcmp(font,
	    mc_lettering_family(job->m.out.letters)) != 0)
		tool_warn("--font %s is not installed: %s is used", font,
		    mc_lettering_family(job->m.out.letters));
	line = mc_lettering_height(job->m.out.letters);
	tile = choose_tile(job, columns, line);
	if (tile < SMALLEST || tile < NARROW * line)
		return mc_err_set(err, MC_EUSAGE, "an image would have %d "
		    "pixels, too few for the text below it: give %s, or a "
		    "smaller --font-size", tile, o->tile > 0 ? "a larger "
		    "--tile, a smaller --dpi" : "fewer --columns, a larger "
		    "--width");
	if (tile < WIDE * line)
		tool_warn("an image has %d pixels, so most texts below it take "
		    "several lines: %s or a smaller --font-size leaves more room",
		    tile, o->tile > 0 ? "a smaller --dpi" : "fewer --columns");
	job->m.columns[0] = columns;
	job->m.gallery.tile[0] = tile;
	job->m.gallery.n_sizes = 1;
	choose_tried(job, line);
	return MC_OK;
}

/* --- The program ---------------------------------------------------------- */

/* Note the files that no sheet may replace: all the others of the command. */
static void
note_others(struct job *job, const char *const *tars, size_t n)
{
	const struct options *o = job->o;
	const char *one[] = { o->list, o->manifest, o->names, o->pairs,
	    o->runs.threshold };
	size_t predictions = count_texts(o->predictions), i;
	size_t maps = count_texts(o->maps);
	const char **others = mc_xcalloc(sizeof(one) / sizeof(*one) +
	    predictions + maps + n, sizeof(*others));
	size_t k = 0;

	for (i = 0; i < sizeof(one) / sizeof(*one); i++) {
		if (one[i] != NULL)
			others[k++] = one[i];
	}
	for (i = 0; i < predictions; i++)
		others[k++] = o->predictions[i];
	for (i = 0; i < maps; i++)
		others[k++] = o->maps[i];
	for (i = 0; i < n; i++)
		others[k++] = tars[i];
	job->m.out.others = others;
	job->m.out.n_others = k;
}

static enum mc_status
open_images(const struct options *o, const char *const *tars, size_t n,
    struct mc_images **im, struct mc_err *err)
{
	enum mc_status status = mc_images_open_all(im, tars, n, err);

	if (status == MC_OK && o->allow_levels)
		mc_images_mix(*im);
	if (status == MC_OK && o->manifest != NULL)
		status = mc_images_give(*im, o->manifest, err);
	if (status == MC_OK && mc_images_about(*im) != NULL)
		status = mc_err_set(err, MC_EDATA, "%s: has features and "
		    "no images: give the image tar", mc_images_name(*im));
	return status;
}

/* Warn of --unit-name where no image shown has a group. */
static void
warn_unused_unit(const struct montage *m)
{
	size_t n = 0, s, i;

	for (s = 0; s < m->out.n_sheets; s++) {
		for (i = 0; i < m->out.sheets[s].sheet.n_tiles; i++, n++) {
			if (*m->out.sheets[s].rows[i].group != '\0')
				return;
		}
	}
	if (n > 0)
		tool_warn("--unit-name: no image shown has a group");
}

static enum mc_status
run(struct job *job, const char *const *tars, size_t n, struct mc_err *err)
{
	const struct options *o = job->o;
	struct mc_runs *runs = NULL;
	struct mc_rows *pairs = NULL;
	struct mc_images *im = NULL;
	char *path = (char *)o->pairs;
	enum mc_status status = MC_OK;

	if (o->predictions != NULL)
		status = runs_read(&runs, &o->runs,
		    (char *const *)o->predictions,
		    count_texts(o->predictions), err);
	if (status == MC_OK && o->pairs != NULL)
		status = mc_rows_read(&pairs, &mc_pairs_schema, &path, 1,
		    err);
	if (status == MC_OK)
		status = mc_printed_read(&job->m.style.names, o->names, true,
		    err);
	if (status == MC_OK)
		status = mc_image_init(err);
	if (status == MC_OK)
		status = choose_sizes(job, err);
	if (status == MC_OK)
		status = open_images(o, tars, n, &im, err);
	if (status == MC_OK)
		status = montage_show(&job->m, im, runs, pairs, err);
	if (status == MC_OK)
		status = montage_draw(&job->m.out, err);
	if (status == MC_OK) {
		operands_warn_missing(im);
		warn_unused_names(job->m.style.names);
		if (o->unit_name != NULL)
			warn_unused_unit(&job->m);
	}
	if (status == MC_OK)
		status = montage_write(&job->m.out, err);
	mc_printed_free(job->m.style.names);
	montage_clear(&job->m);
	mc_images_close(im);
	mc_rows_free(pairs);
	mc_runs_free(runs);
	return status;
}

int
main(int argc, char **argv)
{
	struct options o = { .runs = MC_RUNS_DEFAULTS, .show = MC_NOT_GIVEN,
	    .font_size = 8, .seed = -1 };
	struct job job = { .o = &o };
	int first = tool_start(&prog, argc, argv, &o);
	size_t n = (size_t)(argc - first);
	const char *const *tars;
	char *one, *many;
	enum mc_status status;
	struct mc_err err;

	mc_max_pixels_set(o.max_pixels);
	o.runs.unit = MC_UNIT_IMAGE;
	job.m.out = (struct montage_output){ .output = o.common.output,
	    .list = o.list, .dpi = o.dpi > 0 ? (double)o.dpi : 300 };
	job.m.table = o.pairs != NULL ? o.pairs : o.predictions != NULL ?
	    o.predictions[0] : NULL;
	job.m.predictions = o.predictions;
	check_args(&job);
	tars = operands_tars(argv + first, &n);
	operands_check_manifest(o.manifest, tars, n);
	if (o.names != NULL && strcmp(o.names, "-") == 0)
		tool_usage("--names: give a file: standard input is for images "
		    "and tables");
	note_others(&job, tars, n);
	unit_name_parse(o.unit_name, &one, &many);
	job.m.style.unit = one != NULL ? one : "group";
	status = run(&job, tars, n, &err);
	free(one);
	free(many);
	free(o.maps);
	free(o.only);
	free(o.predictions);
	return tool_end(status, &err);
}
