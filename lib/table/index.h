/*
 * index.h - make the manifest of the images in folders.
 *
 * The folders say which class an image is of and which split it was given; the
 * path, or a table of metadata, says whose image it is.
 */
#ifndef MC_INDEX_H
#define MC_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"

/* Where --group looks; the path from the folder that was given. */
enum mc_group_from {
	MC_GROUP_EITHER = -1,	/* in the path, with a warning where the match
				   is in the name of a folder */
	MC_GROUP_NAME,		/* in the name of the file */
	MC_GROUP_PATH
};

/* Images without a row in a table of metadata, and rows without an image. */
enum mc_unmatched {
	MC_UNMATCHED_ROWS = -1,	/* such an image is an error, and such a row is
				   warned of */
	MC_UNMATCHED_REFUSE,	/* either is an error */
	MC_UNMATCHED_SKIP	/* both are left out, and warned of */
};

/* Which frames of a file of several become rows. */
enum mc_frames {
	MC_FRAMES_FIRST,	/* with a warning that counts such files */
	MC_FRAMES_MIDDLE,	/* number n / 2 + 1 of n */
	MC_FRAMES_EVERY		/* 1, 1 + every, 1 + 2 every, ... */
};

/* What to read and how; NULL: not asked for.  The names are mc-index's. */
struct mc_index_options {
	const char *group;	/* the expression that matches a group */
	int64_t group_part;	/* which parenthesis of it; 0: all of the match */
	int group_from;		/* enum mc_group_from: what it is matched with */
	/*
	 * Tables of metadata, and the column of each that names the image, or
	 * the patient (group=COLUMN); a single key is that of all.  Both end in
	 * NULL; the rest needs them.  Tables with the same header and key are
	 * one: an image has its row in any of them.
	 */
	const char *const *join, *const *key;
	int unmatched;		/* enum mc_unmatched */
	const char *columns;	/* those that pass through, or */
	const char *drop;	/* do not: names or patterns with one * */
	const char *group_column, *label, *split;	/* columns of it */
	const char *one_hot;	/* a list of columns; instead of label */
	const char *findings;	/* likewise, or a pattern (column_list.h): one
				   column per finding */
	/* Labels become others, in this order; not with findings. */
	const char *rename;	/* a table with the columns label and name */
	/* "new=old,old", ending in NULL; one may be "rest=*", of all others. */
	const char *const *merge;
	const char *classes;	/* a list: images with others are left out; with
				   "!" before it, those with these */
	const char *declared;	/* a list: others are an error, unless one of
				   the three above is given */
	/* What a preset (presets.h) says besides. */
	const char *preset;	/* its name; NULL: there is none */
	const char *pattern;	/* an expression that each file's name matches, */
	const char *called;	/* and names that it matches, for a message */
	const char *caveat;	/* what cannot be seen in the data set */
	const char *kind;	/* in the names of one kind of images; NULL: */
	const char *kinds_caveat;	/* said where there are others too */
	bool headless;		/* the first line of join is a row */
	/* Globs of what is read and what is not (folder.h), ending in NULL. */
	const char *const *include, *const *exclude;
	bool multilabel;	/* the column label holds findings */
	const char *no_finding;	/* with these two; see findings.h */
	/* Of scanners' files: */
	enum mc_frames frames;
	int64_t every;		/* of MC_FRAMES_EVERY; 1: all */
	/*
	 * Of NIfTI, which is left out without slices: "axial:77", the middle
	 * ones ("axial:middle:3"), each N-th ("axial:every:2", "axial:all") or
	 * those where the mask of the volume marks something ("axial:mask").
	 * Files that one of the globs MASK matches are masks and no images.
	 * MASK_LABEL has two labels, with a comma: of slices whose mask marks
	 * something, and of the others.  The files of a folder whose names
	 * match the globs CHANNELS, three with commas between them, become one
	 * picture.
	 */
	const char *slices;
	const char *const *mask;
	const char *mask_label;
	const char *channels;
	/*
	 * "COLUMN=REGEX", ending in NULL: columns of what the first parenthesis
	 * of an expression, else all of it, matches in the name of the file.
	 */
	const char *const *from_name;
	const char *id_key;	/* a file with the key of hashed identities */
	bool keep_ids;		/* they are not hashed */
	/* Lines for the user: what must be known, and details. */
	void (*warn)(const char *line);
	void (*detail)(const char *line);
	void (*seen)(const char *line);	/* once: what the index holds */
	void (*progress)(int64_t done, int64_t total);
};

struct mc_index;

/*
 * Find the images in the folders DIRS, NULL-terminated, and give them ids: the
 * path in the folder, without the extension where that suffices.  O must
 * outlive *X, which is ended with mc_index_free, also after an error.
 * MC_EDATA: no image, a class none of whose images can be read, two images of
 * one id; two masks for one volume or two files for one channel.  MC_EUSAGE:
 * slices, channels, labels of masks or columns of names that are none.
 */
enum mc_status	 mc_index_find(struct mc_index **x, char *const *dirs,
		    const struct mc_index_options *o, struct mc_err *err)
		    MC_MUST_CHECK;
void		 mc_index_free(struct mc_index *x);

/* The path of file I of those that are images; NULL after the last. */
const char	*mc_index_path(const struct mc_index *x, size_t i);

/*
 * Find split, label, group, metadata and SHA-256 of each image.  MC_EUSAGE: an
 * expression that is none; MC_EDATA: an expression that does not match each
 * path or name, an image without a row in the metadata, a row of two images that is
 * not a patient's, a column that is not there, findings that cannot be read.
 */
enum mc_status	 mc_index_fill(struct mc_index *x, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * Write the manifest: its own columns, those of scanners' files if there are any,
 * then those of the metadata.
 */
void		 mc_index_write(const struct mc_index *x, FILE *f);

/*
 * Write what the manifest leaves out to F (mc_exclusions_schema), after
 * mc_index_fill: files that give no row, in the order of the kinds of reasons; then
 * what each further step left out: images without a row in a table, rows of images
 * that have no file, and images of other classes.  An id is given only to an image
 * that would have had it; a file that gives no row has its path alone.
 */
void		 mc_index_write_left_out(const struct mc_index *x, FILE *f);

#endif
