/*
 * index_internal.h - share an index among its sources; for lib/table/index*.c
 * alone.
 */
#ifndef MC_INDEX_INTERNAL_H
#define MC_INDEX_INTERNAL_H

#include <regex.h>
#include <stdbool.h>

#include "base/mem.h"
#include "base/names.h"
#include "scan/scan.h"
#include "scan/slices.h"
#include "table/column_list.h"
#include "table/folder.h"
#include "table/index.h"
#include "table/tsv.h"

/* The manifest's own columns, in this order. */
enum { ID, PATH, LABEL, GROUP, SPLIT, SHA256, OWN };
extern const char *const mc_index_own[OWN];

/* A row of a table of metadata. */
struct index_row {
	const struct mc_table *t;
	size_t row;
};

struct index_image {
	const struct mc_image_file *file;
	char *text[OWN];	/* the manifest's fields; path is file's */
	struct index_row *row;	/* one in each of x->meta */
	uint32_t width, height;	/* 0: not known */
	int64_t frame;		/* from 1; 0: the first of its file */
	const struct mc_scan_tags *tags;	/* NULL: no scanner's file */
	struct index_scan *volume;	/* that of the first channel; NULL: this
					   is no slice */
	int64_t slice;
	bool left_out;		/* not for long: mc_index_leave_out */
};

/*
 * Tables given with --join that have one header, so that an image has its row in
 * one of them; their columns, -1 where not asked for.
 */
struct metadata {
	struct mc_table **t;
	size_t n;
	bool by_group;		/* the key is the image's group */
	int key, label, group, split;
	int *hot;		/* the columns of --one-hot */
	size_t hots;
	struct mc_column_list finding;	/* the columns of --findings */
	size_t *passed;		/* the columns that pass through */
	size_t n_passed;
};

/* A mask of volumes. */
struct index_mask {
	const char *path;	/* the folder's */
	char *folder;		/* where it lies, with a slash at the end */
	bool at_home;		/* volumes lie there also */
	bool named;		/* volumes are called after it */
	bool used;		/* it is a volume's */
	bool included;		/* --include, if given, matches it also */
	struct index_mask *next_named, *next_in;	/* of its name, of its
						   folder */
	struct mc_nifti nifti;	/* what its header says, if it is used, and */
	int64_t *marked;	/* how many voxels are marked in each slice */
	enum mc_status status;
	struct mc_err err;
};

/* A file, and what its header says if it is a scanner's or a volume. */
struct index_scan {
	const struct mc_image_file *file;
	struct mc_scan_tags tags;
	struct mc_nifti volume;
	const char *lost;	/* why a volume gives no row; NULL: it does */
	char *detail;		/* of lost or no_mask; NULL: the path is enough */
	struct index_mask *mask;	/* NULL: none belongs to the volume */
	const char *no_mask;	/* why there is none that can be used; NULL:
				   there is, or nobody asked */
	struct index_scan *channel[MC_CHANNELS];	/* of a volume that
						   gives rows; the first is it */
	int channels;		/* 0: it is one of another's */
	bool *marked;		/* the slices that become rows, one for each
				   along the axis; NULL: none do */
	size_t first;		/* the first row, for index_bytes.c */
	enum mc_status status;
	struct mc_err err;
};

/* Which slices become rows: what --slices and --channels say. */
struct index_choice {
	enum mc_axis axis;
	enum { SLICE_AT, SLICES_MIDDLE, SLICES_EVERY, SLICES_MASK } which;
	int64_t n;		/* the slice's index, how many at most in the
				   middle or of a mask, or the step of every */
	char *channel[MC_CHANNELS];	/* globs; NULL: none */
};

/* A column of --from-name. */
struct index_column {
	char *name;
	regex_t re;
};

/* What is not in the manifest. */
struct index_left {
	struct mc_image_file file;	/* its path is the folder's; NULL: there
					   is only a row of a table */
	struct index_image image;	/* texts but the id may be NULL; no rows */
	bool meant;		/* as an image: it has a class and a group */
	bool other;		/* a file that is no image of the study */
	char *reason;
};

struct mc_index {
	const struct mc_index_options *o;
	struct mc_folder folder;
	struct index_image *image;
	size_t n;
	struct metadata *meta;
	size_t n_meta, meta_cap;
	struct index_scan *scan;	/* one per file of the folder */
	size_t scans;		/* how many images are scanners' */
	struct index_choice choice;
	char **mask_label;	/* of slices with a mask that marks something, of
				   the others; NULL: not asked for */
	struct index_mask *mask;
	size_t n_masks;
	size_t beside;		/* pairs of grids that differ a little, and */
	char *first_beside;	/* a text about the first */
	struct index_column *column;	/* those of --from-name */
	size_t n_columns;
	struct index_left **left;	/* in the order of the steps */
	size_t n_left, left_cap;
	struct mc_buf key;	/* by which identities are hashed; may be "" */
};

/*
 * Fill the label of each image from the findings in its row of x->meta[AT],
 * which has the columns of --findings or the one of --label.
 */
enum mc_status	 mc_index_findings(struct mc_index *x, size_t at,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * Read the tables of --join into x->meta and find their columns.  MC_EUSAGE: a
 * key of no known form.
 */
enum mc_status	 mc_index_read_metadata(struct mc_index *x,
		    struct mc_err *err) MC_MUST_CHECK;
void		 mc_index_free_metadata(struct mc_index *x);

/* TEXT without "./" before it and an image's extension behind it, to be freed. */
char		*mc_index_bare_key(const char *text);

/*
 * Whether one of the KEYS is GROUP, but spelled otherwise: then add to TEXT what to
 * do.
 */
bool		 mc_index_say_spelling(const struct mc_names *keys,
		    const char *group, struct mc_buf *text);

/*
 * Whether one of the KEYS, each of which has the OWNER of its number or NULL, has
 * the name of the file F, but for folder, extension, case and blanks, and no
 * owner: then add to TEXT what to do.
 */
bool		 mc_index_say_name(const struct mc_names *keys,
		    struct index_image *const *owner,
		    const struct mc_image_file *f, struct mc_buf *text);

/*
 * Add to TEXT how many of the images that are marked as left out have, or whose
 * groups have, such a key among KEYS, and show the first; nothing if none has.
 */
void		 mc_index_say_near(const struct mc_index *x,
		    const struct mc_names *keys,
		    struct index_image *const *owner, bool by_group,
		    struct mc_buf *text);

/*
 * Find the row of each image in x->meta[AT].  Images without one are an error,
 * or are left out.
 */
enum mc_status	 mc_index_match(struct mc_index *x, size_t at,
		    struct mc_err *err) MC_MUST_CHECK;

/* Rename, merge and choose labels, as the options say. */
enum mc_status	 mc_index_change_labels(struct mc_index *x,
		    struct mc_err *err) MC_MUST_CHECK;

/* Move the images that are marked to be left out to x->left. */
void		 mc_index_leave_out(struct mc_index *x, const char *reason);

/* Put the files that give no row into x->left, sorted by the kind of reason. */
void		 mc_index_list_files(struct mc_index *x);

/* Put the row of TABLE with KEY, which has no image, into x->left. */
void		 mc_index_list_row(struct mc_index *x, const char *key,
		    const char *group, const char *table);

/* Set the label of each image in x->left from the folders that it lies in. */
void		 mc_index_place_left(struct mc_index *x);
void		 mc_index_free_left(struct mc_index *x);

/* Whether the labels come from the metadata, not from the folders. */
bool		 mc_index_is_labelled(const struct mc_index_options *o);

/* The name of a split that NAME, of N bytes, may be called by, or NULL. */
const char	*mc_index_split_name(const char *name, size_t n);

/* Scan DIRS, NULL-terminated, into x->folder, and refuse lost classes. */
enum mc_status	 mc_index_scan(struct mc_index *x, char *const *dirs,
		    struct mc_err *err) MC_MUST_CHECK;

/* Set the split and the label of IMAGE from the folders it lies in. */
enum mc_status	 mc_index_read_folders(struct index_image *image,
		    bool labelled, struct mc_err *err) MC_MUST_CHECK;

/* Check that each file that gives rows is called as the preset's images are. */
enum mc_status	 mc_index_check_names(const struct mc_index *x,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * Set the group of each image to what --group matches in it; without --group it
 * is empty.  MC_EUSAGE: no expression, or one without that part; MC_EDATA: an
 * image in which it matches nothing.
 */
enum mc_status	 mc_index_find_groups(struct mc_index *x, struct mc_err *err)
		    MC_MUST_CHECK;

/* Warn of groups that are hardly patients: see mc-index(1), --group. */
void		 mc_index_warn_groups(const struct mc_index *x);

/* Find digest and size of each image, on all processors. */
enum mc_status	 mc_index_read_files(struct mc_index *x, struct mc_err *err)
		    MC_MUST_CHECK;

/* Warn of files that are equal and have two labels. */
void		 mc_index_warn_copies(const struct mc_index *x);

/* Warn of an image size or a scanner that goes with a label. */
void		 mc_index_warn_shortcuts(const struct mc_index *x);

/*
 * Say in one line what was seen: images, labels, groups with their sizes,
 * splits, and what was skipped by its kind.
 */
void		 mc_index_say_seen(const struct mc_index *x);

/* Write into TEXT why S was skipped, and what to do about it. */
void		 mc_index_explain_skipped(const struct mc_skipped_file *s,
		    struct mc_buf *text);

/*
 * Find the tables of --join and the voxels of .hdr files among what was skipped, and
 * warn of the rest by kind, and with -v by file.
 */
void		 mc_index_tell_skipped(struct mc_index *x);

/* What to call the kind of S in a list of what was skipped, such as "BMP". */
const char	*mc_index_skipped_kind(const struct mc_skipped_file *s);

/* Read the metadata, and give each image the fields of its row. */
enum mc_status	 mc_index_join(struct mc_index *x, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * Read the headers of the scanners' files in x->folder, and make x->image: a row per
 * file or frame.  Those without an image are left out with a warning; MC_EDATA: all.
 */
enum mc_status	 mc_index_read_scans(struct mc_index *x, struct mc_err *err)
		    MC_MUST_CHECK;
void		 mc_index_free_scans(struct mc_index *x);

/* The address of IMAGE, to be freed. */
char		*mc_index_address(const struct mc_index *x,
		    const struct index_image *image);

/* Whether NAME is a column that the manifest has or other tools give it. */
bool		 mc_index_is_own(const struct mc_index *x, const char *name);

/* Read --from-name into x->column.  MC_EUSAGE: see index.h. */
enum mc_status	 mc_index_choose_columns(struct mc_index *x,
		    struct mc_err *err) MC_MUST_CHECK;
void		 mc_index_free_columns(struct mc_index *x);

/* What C matches in the file's name of IMAGE, to be freed; NULL: nothing. */
char		*mc_index_from_name(const struct index_column *c,
		    const struct index_image *image);

/* See that each column of --from-name matches each image: else MC_EDATA. */
enum mc_status	 mc_index_check_columns(const struct mc_index *x,
		    struct mc_err *err) MC_MUST_CHECK;

/* Write the columns of --from-name, each after a TAB, as above. */
void		 mc_index_write_columns(const struct mc_index *x,
		    const struct index_image *image, FILE *f);

/* Read --slices, --channels and --mask-label.  MC_EUSAGE: see index.h. */
enum mc_status	 mc_index_choose_slices(struct mc_index *x, struct mc_err *err)
		    MC_MUST_CHECK;
void		 mc_index_free_choice(struct mc_index *x);

/*
 * Choose the slices of the volumes in x->scan, whose headers were read: set lost,
 * or channel and marked.  MC_EDATA: two masks for one volume, or what
 * mc_index_join_channels refuses.
 */
enum mc_status	 mc_index_mark_slices(struct mc_index *x, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * Find the mask of each volume in x->scan, whose headers were read, and count what
 * it marks: set mask, and no_mask where it cannot be used.  A mask is a volume's
 * whose name begins or ends with what * stands for in that of the mask
 * (mc_glob_star): in its folder, or in a folder of masks alone whose path has one
 * name for another, or further names.  Otherwise it is that of a folder in which
 * it is the only mask.  MC_EDATA: there are two.
 */
enum mc_status	 mc_index_find_masks(struct mc_index *x, struct mc_err *err)
		    MC_MUST_CHECK;
void		 mc_index_free_masks(struct mc_index *x);

/*
 * Whether the volume S and OTHER are on one grid (mc_nifti_same_grid): else
 * s->detail says how they differ.
 */
bool		 mc_index_same_grid(struct mc_index *x, struct index_scan *s,
		    const struct mc_nifti *other);

/* Set the labels of --mask-label. */
void		 mc_index_label_slices(struct mc_index *x);

/* Write the columns of slices, each after a TAB: of IMAGE; NULL: their names. */
#define MC_MASK_SHARE "mask_share"
void		 mc_index_write_slice(const struct mc_index *x,
		    const struct index_image *image, FILE *f);

/* The digest of the files that the slices of S are made of. */
enum mc_status	 mc_index_digest_slices(const struct index_scan *s,
		    char hex[MC_SHA256_HEX], struct mc_err *err) MC_MUST_CHECK;

/*
 * Find what --channels joins among the volumes in x->scan: set channel and
 * channels of the first of each picture, and lost of those that are in none.
 * MC_EDATA: two files for one channel, or a pattern that no volume matches.
 */
enum mc_status	 mc_index_join_channels(struct mc_index *x,
		    struct mc_err *err) MC_MUST_CHECK;

/* No row is made of the N files CHANNEL, because of WHY and DETAIL, or NULL. */
void		 mc_index_lose(struct index_scan *const *channel, int n,
		    const char *why, const char *detail);

/* Whether S is lost since --channels does not ask for it. */
bool		 mc_index_is_unasked(const struct index_scan *s);

/*
 * How many bytes of the path of S in DIR its slices are called by: up to the
 * extension, or, of several channels, what these have in common, in whole words.
 */
size_t		 mc_index_slice_name(const struct index_scan *s);

/* Why S gives no row; NULL: it does. */
const char	*mc_index_scan_lost(const struct index_scan *s);

/* Warn of the files that give no row, and of slices without a mask, by reason. */
void		 mc_index_warn_lost(const struct mc_index *x);

/* Read the key of --id-key, or warn that there is none, if anything is hashed. */
enum mc_status	 mc_index_read_key(struct mc_index *x, struct mc_err *err)
		    MC_MUST_CHECK;

/* Without --group, set the group of each scan to its patient. */
void		 mc_index_group_by_patient(struct mc_index *x);

/* Whether groups are the hashed patients of scans, as they are by default. */
bool		 mc_index_hides_patients(const struct mc_index *x);

/* What a table joined by the group calls that of IMAGE: its patient, not hashed. */
const char	*mc_index_group_key(const struct mc_index *x,
		    const struct index_image *image);

/* Warn of columns that have the ids in clear which others have hashed. */
void		 mc_index_warn_ids(const struct mc_index *x);

/* Write the columns of scans, each after a TAB: of IMAGE; NULL: their names. */
void		 mc_index_write_scan(const struct mc_index *x,
		    const struct index_image *image, FILE *f);

#endif
