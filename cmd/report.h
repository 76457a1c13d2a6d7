/*
 * report.h - what mc-report is made of: the files that it is given, and the
 * sections that it writes of them, in the order of CLAIM.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/names.h"
#include "report/cards.h"
#include "report/checklist.h"
#include "report/facts.h"
#include "report/figure.h"
#include "report/file_names.h"
#include "report/page.h"
#include "report/printed.h"
#include "table/schemas.h"
#include "tool.h"

struct report_options {
	struct mc_common common;
	const char *title, *date, *question, *commands, *names, *unit_name;
	const char *differences, *medians, *no_finding;
	const char **metrics, **manifests, **populations, **flows, **figures;
	const char **mistakes, **explanations;
	int64_t decimals;		/* -1: not given */
	double alpha;			/* -1: not given */
	bool multilabel;
};

struct report {
	const struct report_options *opts;
	struct mc_page *page;
	struct mc_printed *printed;
	struct mc_table_style style;
	unsigned shown;			/* of enum mc_evidence_kind */
	struct mc_cards *cards;
	/* Each table as it was read, and with the names of print; NULL: none. */
	struct mc_rows *metrics, *metrics_printed, *differences;
	bool by_image;			/* a manifest has no groups */
	struct mc_names *manifests, *models;	/* the SHA-256 of each */
	struct mc_file_names *files;	/* of all that it is made from */
	size_t number;			/* of the tables so far */
};

/* A file of one task, or of all: TASK=FILE. */
struct report_file {
	char *task;		/* NULL: all */
	const char *path;	/* in the argument */
};

/* A picture, and the table of what it shows: FILE=TABLE. */
struct report_picture {
	char *path;
	const char *table;	/* in the argument; NULL: none */
};

/* Take GIVEN, an argument TASK=FILE or FILE, apart; free file.task. */
struct report_file report_file(const char *given);

/* Take GIVEN, an argument FILE=TABLE or FILE, apart; free picture.path. */
struct report_picture report_picture(const char *given);

/*
 * Take GIVEN, an argument FIGURE=TABLE or TABLE, apart: *TABLE is in it.  NULL: the
 * first figure that the table suits.  A usage error where FIGURE is none.
 */
const struct mc_figure *report_figure(const char *given, const char **table);

/* --- The command line (report_check.c) -------------------------------------- */

/*
 * End with a usage error where options or the N operands MODELS cannot be: texts
 * that are empty or not UTF-8, files that are standard input, given twice or an
 * output, options without those that they are for.
 */
void		 report_check(const struct report_options *o,
		    char *const *models, size_t n);

/* --- Files (report_files.c) ------------------------------------------------- */

/* A word for a table: "table-3", for links; the caller frees it. */
char		*report_next_id(struct report *r);

/*
 * Read the file at PATH, a text, into BYTES, whatever it is then used for.
 * MC_EDATA: it is larger than 64 MiB.
 */
enum mc_status	 report_read(struct mc_buf *bytes, const char *path,
		    struct mc_err *err) MC_MUST_CHECK;

/* The same of a text; MC_EDATA: it is empty or not UTF-8. */
enum mc_status	 report_read_text(struct mc_buf *text, const char *path,
		    struct mc_err *err) MC_MUST_CHECK;

/* Whether the N bytes at S, behind which a NUL is, are UTF-8 and hold none. */
bool		 report_is_text(const char *s, size_t n);

/* Find a name for each file that the options name, for report_name and _take. */
void		 report_name_files(struct report *r);

/* The name of the file at PATH, of TASK or, where that is NULL, of all. */
const char	*report_name(struct report *r, const char *task,
		    const char *path);

/* What the audit of the manifest F is called as a file; the caller frees it. */
char		*report_audit_path(const struct report_file *f);

/* Append NAME, which stands in COLUMN of the table at PATH, as it is in print. */
enum mc_status	 report_put_name(struct report *r, const char *path,
		    const char *column, const char *name, struct mc_buf *text,
		    struct mc_err *err) MC_MUST_CHECK;

/* Add SHA256, that of the file at PATH, to SEEN; MC_EDATA: it is there already. */
enum mc_status	 report_once(struct mc_names *seen, const char *sha256,
		    const char *path, struct mc_err *err) MC_MUST_CHECK;

/*
 * Take the file at PATH, of TASK or, where that is NULL, of all, into the page;
 * WHAT it is in words.  *FILE is its number.
 */
enum mc_status	 report_take(struct report *r, const char *task,
		    const char *path, const char *what, size_t *file,
		    struct mc_err *err) MC_MUST_CHECK;

/* PATH without its folders. */
const char	*report_base(const char *path);

/* --- Sections (report_data.c) ----------------------------------------------- */

/* How the images are divided, and who they are: --manifest; --flow, --population. */
enum mc_status	 report_division(struct report *r, struct mc_err *err)
		    MC_MUST_CHECK;
enum mc_status	 report_population(struct report *r, struct mc_err *err)
		    MC_MUST_CHECK;

/* How many models record the digest of a manifest that was given. */
size_t		 report_models_known(const struct report *r);

/* --- Sections (report_results.c) -------------------------------------------- */

/* Read the tables of metrics and differences, and what they show. */
enum mc_status	 report_read_results(struct report *r, struct mc_err *err)
		    MC_MUST_CHECK;

/* Tables of results, and what limits them. */
enum mc_status	 report_results(struct report *r, struct mc_err *err)
		    MC_MUST_CHECK;
void		 report_limitations(struct report *r);

/* --- Sections (report_figures.c, report_pictures.c) ------------------------- */

/*
 * Append "75 rows of metrics.tsv; 3 tasks; arm ResNet-18, frozen", of T, read from
 * PATH, or where each row is a PICTURE, such as "map", "12 maps (listed in maps.tsv)".
 * MC_EDATA: two names of T would be printed alike.
 */
enum mc_status	 report_describe(struct report *r, const struct mc_table *t,
		    const char *path, const char *picture, struct mc_buf *text,
		    struct mc_err *err) MC_MUST_CHECK;

/* --figure, --mistakes and --explanations. */
enum mc_status	 report_figures(struct report *r, struct mc_err *err)
		    MC_MUST_CHECK;
enum mc_status	 report_pictures(struct report *r, struct mc_err *err)
		    MC_MUST_CHECK;

#endif
