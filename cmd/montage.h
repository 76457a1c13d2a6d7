/*
 * montage.h - what mc-montage is made of: the images that it shows, and sheets of
 * them.
 */
#ifndef MONTAGE_H
#define MONTAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "image/sheet.h"
#include "only.h"
#include "report/printed.h"
#include "stream/images.h"
#include "study/cases.h"
#include "table/schemas.h"

/* So many images at most: their pixels are held in memory. */
#define MONTAGE_MOST 1000

/* Numbers of columns that are tried, so that a page has most images. */
#define MONTAGE_SIZES 3

/* What is shown; the first three are those of enum mc_case_kind. */
enum montage_show {
	MONTAGE_MISTAKES, MONTAGE_BORDERLINE, MONTAGE_RANDOM,
	MONTAGE_AUGMENTED, MONTAGE_NEAR
};
extern const char *const montage_shows[];

/* --- Images (montage_pictures.c, montage_rows.c, montage_maps.c) ----------- */

/* A map of mc-explain over an image. */
struct montage_map {
	char *method, *class_name;	/* "": the method has no class */
	double p, min, max;	/* of the class, NAN: none; of the map */
	struct mc_image picture[MONTAGE_SIZES];
};

/* An image that may be shown; a text that its tar does not have is "". */
struct montage_image {
	char *id, *label, *group, *split, *fold;
	char *image, *epoch;	/* of a preview of mc-train */
	char *sha256;		/* in the table that wants it; NULL: not known */
	struct mc_image picture[MONTAGE_SIZES];	/* as it is shown */
	bool shown;
	bool relabelled;	/* its label is not that of the tar */
	bool changed;		/* nor is its digest */
	uint64_t order;		/* mc_case_order */
	size_t part;		/* the number of its label */
	struct montage_map map;	/* --maps; method NULL: none */
};

struct montage_gallery {
	int tile[MONTAGE_SIZES];	/* pixels of a picture's longer side */
	int n_sizes, size;	/* how many are made, and the one that is shown */
	bool maps;		/* images have maps, which are as large */
	struct montage_image *image;
	size_t n, cap;
	struct mc_names *ids;	/* of images that are wanted, by their numbers */
	struct mc_names *labels;	/* of random images; one for all is "" */
	size_t *counts;		/* images of each label */
};

void		 montage_gallery_clear(struct montage_gallery *g);

/* The columns of a tar that are used; -1: it has no such column. */
struct montage_columns {
	int id, label, group, split, fold, bits, image, epoch;
	int sha256, source_sha256;
};
struct montage_columns montage_columns(const struct mc_images *im);

/* The field of the present row in COLUMN; "" where that is -1. */
const char	*montage_get(const struct mc_images *im, int column);

/* Set PICTURES to WHOLE, scaled to each size of G; WHOLE is freed. */
void		 montage_scale(const struct montage_gallery *g,
		    struct mc_image *whole, struct mc_image *pictures);

/* Set IMAGE to the present row of IM: its texts, and its picture, decoded and
   scaled. */
enum mc_status	 montage_take(const struct montage_gallery *g,
		    struct mc_images *im, const struct montage_columns *c,
		    struct montage_image *image, struct mc_err *err)
		    MC_MUST_CHECK;
void		 montage_image_clear(struct montage_image *image);

/* Add an image to G, which is empty; it lives until the next is added. */
struct montage_image *montage_add(struct montage_gallery *g);

/*
 * MC_EUSAGE: N images, with their maps where G has them, are more than are shown, or
 * than memory is used for.  Ask before they are decoded.
 */
enum mc_status	 montage_check_most(const struct montage_gallery *g, size_t n,
		    struct mc_err *err) MC_MUST_CHECK;

/* Want the image ID, whose label in another table is LABEL (NULL: not known). */
size_t		 montage_want(struct montage_gallery *g, const char *id,
		    const char *label);

/*
 * Note the SHA-256 of the images wanted, in the predictions at PATH; those that
 * have none there keep what they have.
 */
enum mc_status	 montage_want_digests(struct montage_gallery *g,
		    const char *path, struct mc_err *err) MC_MUST_CHECK;

/*
 * Read IM to its end, for the images wanted.  MC_EDATA: one is not there; WHERE
 * is the table that has it.
 */
enum mc_status	 montage_read_wanted(struct montage_gallery *g,
		    struct mc_images *im, const char *where,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * Read IM for NUMBER images of those rows that are as the N_ONLY conditions ONLY
 * say, in the order of SEED: the images of a label, then those of the next.
 */
enum mc_status	 montage_read_random(struct montage_gallery *g,
		    struct mc_images *im, struct only *only,
		    size_t n_only, struct mc_case_number number, uint64_t seed,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * Read a preview of mc-train: all versions of its first COUNT images.
 * MC_EDATA: IM lacks the columns image and epoch.
 */
enum mc_status	 montage_read_versions(struct montage_gallery *g,
		    struct mc_images *im, struct only *only,
		    size_t n_only, size_t count, struct mc_err *err)
		    MC_MUST_CHECK;

/* Read the maps tars at PATHS, up to NULL, for the images wanted; some may have none.
   MC_EDATA: an image has more than one. */
enum mc_status	 montage_read_maps(struct montage_gallery *g,
		    const char *const *paths, struct mc_err *err)
		    MC_MUST_CHECK;
void		 montage_map_clear(struct montage_map *map);

/* --- Sheets (montage_sheets.c) -------------------------------------------- */

/* A sheet, and the row of the list for each of its tiles. */
struct montage_sheet {
	struct mc_sheet sheet;
	struct mc_montage_row *rows;	/* show NULL: of a map, not in the list */
};

/* What all sheets of a run of the program share. */
struct montage_style {
	enum montage_show show;
	const char *unit;	/* what a group is called */
	struct mc_printed *names;	/* --names, and the usual ones */
	uint64_t seed;
	struct only *only;	/* --only */
	size_t n_only;
	bool maps;		/* the map of each image is beside it */
};

/*
 * Make S of the CASES of X, whose images G has: of each group MOST at most.  The
 * rows borrow the texts of X and G.  S is ended with montage_sheet_clear.
 */
void		 montage_of_cases(struct montage_sheet *s,
		    const struct montage_style *style,
		    const struct montage_gallery *g,
		    const struct mc_run_sample *x,
		    const struct mc_cases *cases, size_t most);

/* Likewise of random images, MOST of each label; of versions of MOST images; and of
   MOST of the PAIRS. */
void		 montage_of_random(struct montage_sheet *s,
		    const struct montage_style *style,
		    const struct montage_gallery *g, size_t most);
void		 montage_of_versions(struct montage_sheet *s,
		    const struct montage_style *style,
		    const struct montage_gallery *g, size_t most);
void		 montage_of_pairs(struct montage_sheet *s,
		    const struct montage_style *style,
		    const struct montage_gallery *g,
		    const struct mc_rows *pairs, size_t most);
void		 montage_sheet_clear(struct montage_sheet *s);

/* --- Output (montage_output.c) -------------------------------------------- */

#define MONTAGE_INCH 25.4	/* millimetres */
#define MONTAGE_PAGE 240.0	/* of them, as high as a page has room for */

/* A page as it is written. */
struct montage_page {
	unsigned char *bytes;
	size_t n;
};

struct montage_output {
	const char *output, *list;	/* as in the options */
	bool paged;		/* OUTPUT has a place for a number */
	const char **others;	/* the other files of the command, which no page
				   may replace */
	size_t n_others;
	double dpi;
	int quality;		/* of a JPEG; MC_LOSSLESS: a PNG */
	int tile, columns;
	char *remedy;		/* how a sheet that is too high fits a page */
	struct mc_lettering *letters;
	struct montage_sheet *sheets;
	size_t n_sheets;
	struct montage_page *pages;
	size_t n_pages;
};

/* The height of the highest sheet on one page, in millimetres. */
double		 montage_height(struct montage_output *o);

/* Draw and encode the pages of all sheets. */
enum mc_status	 montage_draw(struct montage_output *o, struct mc_err *err)
		    MC_MUST_CHECK;

/* Write the pages and the list; all of them are put in place, or none. */
enum mc_status	 montage_write(struct montage_output *o, struct mc_err *err)
		    MC_MUST_CHECK;

/* Free what O has, its sheets included. */
void		 montage_output_clear(struct montage_output *o);

/* --- All of it (montage_show.c) ------------------------------------------- */

/* A run of the program. */
struct montage {
	struct montage_style style;
	struct mc_case_number number;	/* of each run; n also of pairs, and
					   of training images */
	bool fits;		/* n is a limit: so many as a page has room for */
	int columns[MONTAGE_SIZES];	/* of each size of the gallery */
	const char *table;	/* the name of the predictions, or of the pairs */
	const char *const *predictions;	/* their files, up to NULL */
	const char *const *maps;	/* --maps, up to NULL; NULL: none */
	struct montage_gallery gallery;
	struct mc_run_sample *samples;	/* of the n_runs runs that are shown */
	struct mc_cases *cases;
	size_t n_runs;
	const struct mc_rows *pairs;	/* NULL: none */
	struct montage_output out;
};

/*
 * Choose what is shown from RUNS, PAIRS or, where both are NULL, the rows of IM;
 * read IM to its end; and make the sheets of M->out.  M->style, number, table and
 * out.paged are set.  MC_EUSAGE: RUNS has several runs, and there is one
 * sheet; MC_EDATA: no run or row is as style.only says, or an image is not in IM.
 */
enum mc_status	 montage_show(struct montage *m, struct mc_images *im,
		    const struct mc_runs *runs, const struct mc_rows *pairs,
		    struct mc_err *err) MC_MUST_CHECK;
void		 montage_clear(struct montage *m);

/* --- Which images a page has room for (montage_fit.c) ---------------------- */

/* Make the sheets of M->out: of the images that were read, MOST of each label or,
   where M fits them, as many up to MOST as a page has room for. */
void		 montage_make(struct montage *m, size_t most);

/* --- Words (montage_words.c) ---------------------------------------------- */

/*
 * Check that no two names that M shows, of its runs or else of the images of its
 * gallery, would be printed alike: MC_EDATA.
 */
enum mc_status	 montage_check_names(const struct montage *m,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * Append what is printed for LABEL, a class or findings joined by "|", or for a
 * text in another COLUMN; the direction of its letters stays its own (base/bidi.h).
 */
void		 montage_put_label(const struct montage_style *style,
		    const char *label, struct mc_buf *text);
void		 montage_put_name(const struct montage_style *style,
		    const char *column, const char *name, struct mc_buf *text);

/* The same as texts to be freed: LABEL, and class K of the sample X. */
char		*montage_label(const struct montage_style *style,
		    const char *label);
char		*montage_class(const struct montage_style *style,
		    const struct mc_run_sample *x, size_t k);

/* P with three decimals, but neither 0.000 nor 1.000 unless it is 0 or 1; to be
   freed. */
char		*montage_probability(double p);

/* The sentence about the run of X that is below the title; to be freed. */
char		*montage_about(const struct montage_style *style,
		    const struct mc_run_sample *x);

/* The title of N images chosen from OF, among IMAGES; to be freed. */
char		*montage_title(enum montage_show show, size_t n, size_t of,
		    size_t images);

/* The heading of the images of LABEL, and behind it: N of the OF images chosen
   from, among IMAGES of that label; both to be freed. */
char		*montage_heading(const struct montage_style *style,
		    const char *label);
char		*montage_counts(enum montage_show show, size_t n, size_t of,
		    size_t images);

#endif
