/* index_left.c - list what an index leaves out: the first step of a flow. */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "table/glob.h"
#include "table/index_internal.h"
#include "table/schemas.h"

static struct index_left *
add(struct mc_index *x, const struct mc_image_file *file, char *reason)
{
	struct index_left *left = mc_xcalloc(1, sizeof(*left));

	x->left = mc_xgrow(x->left, x->n_left, &x->left_cap, sizeof(*x->left));
	x->left[x->n_left++] = left;
	left->file = *file;
	left->image.file = &left->file;
	left->reason = reason;
	left->image.text[ID] = mc_xstrdup("");
	return left;
}

/*
 * Whether S was meant as an image, so that it has a class and a patient.  A
 * second copy lies one folder deeper, so its folders do not say which.
 */
static bool
was_meant(const struct mc_skipped_file *s)
{
	return s->why == MC_SKIP_EXCLUDED || s->why == MC_SKIP_UNREADABLE ||
	    s->why == MC_SKIP_FALSE_IMAGE;
}

/*
 * Whether S is no image of the study.  What was not opened goes by its name; one
 * without an extension, or with that of a UID, may be a DICOM file.
 */
static bool
is_other(const struct mc_skipped_file *s)
{
	const char *name = strrchr(s->path, '/') + 1;
	const char *dot = strrchr(name, '.');

	switch (s->why) {
	case MC_SKIP_UNREADABLE:
	case MC_SKIP_FALSE_IMAGE:
		return false;
	case MC_SKIP_EXCLUDED:
	case MC_SKIP_COPY:
		return dot != NULL && isalpha((unsigned char)dot[1]) &&
		    mc_kind_extension(name) == NULL;
	default:
		return true;
	}
}

/* Why S is not wanted: the glob of --exclude, or --include. */
static char *
unwanted(const struct mc_index *x, const struct mc_skipped_file *s)
{
	const char *glob = mc_glob_find(x->o->exclude, s->path + s->relative);

	return glob != NULL ? mc_xasprintf("--exclude %s", glob) :
	    mc_xstrdup("not in --include");
}

static char *
reason_of(const struct mc_index *x, const struct mc_skipped_file *s)
{
	static const char *const reason[] = {
		[MC_SKIP_HIDDEN] = "hidden file or folder",
		[MC_SKIP_MASK] = "mask (--mask)",
		[MC_SKIP_COPY] = "in a second copy of the folder",
		[MC_SKIP_FALSE_IMAGE] = "not an image in spite of its name",
		[MC_SKIP_LOOP] = "link to a folder that contains it",
		[MC_SKIP_SPECIAL] = "pipe, socket or device",
		[MC_SKIP_TABLE] = "table of --join",
		[MC_SKIP_VOXELS] = "voxels of a .hdr file",
		[MC_SKIP_OTHER] = "not an image"
	};

	if (s->why == MC_SKIP_EXCLUDED)
		return unwanted(x, s);
	return s->why == MC_SKIP_UNREADABLE ? mc_xasprintf("image of a kind "
	    "that is not read: %s", s->kind->name) :
	    mc_xstrdup(reason[s->why]);
}

static void
add_skipped(struct mc_index *x, const struct mc_skipped_file *s)
{
	struct mc_image_file f = { .path = s->path, .relative = s->relative };
	const char *name = strrchr(s->path, '/') + 1;
	const char *extension = mc_kind_extension(name);
	struct index_left *left;

	f.base = (size_t)(name - s->path);
	f.end = extension == NULL ? strlen(s->path) :
	    (size_t)(extension - s->path);
	left = add(x, &f, reason_of(x, s));
	left->meant = was_meant(s);
	left->other = is_other(s);
}

void
mc_index_list_files(struct mc_index *x)
{
	static const enum mc_skip order[] = { MC_SKIP_HIDDEN, MC_SKIP_SPECIAL,
		MC_SKIP_LOOP, MC_SKIP_TABLE, MC_SKIP_OTHER, MC_SKIP_VOXELS,
		MC_SKIP_MASK, MC_SKIP_COPY,
		MC_SKIP_FALSE_IMAGE, MC_SKIP_UNREADABLE, MC_SKIP_EXCLUDED };
	const struct mc_folder *folder = &x->folder;
	struct index_left *left;
	const char *why;
	size_t i, k;

	for (k = 0; k < sizeof(order) / sizeof(*order); k++) {
		for (i = 0; i < folder->n_skipped; i++) {
			if (folder->skipped[i].why == order[k])
				add_skipped(x, &folder->skipped[i]);
		}
	}
	for (i = 0; i < folder->n; i++) {
		why = mc_index_scan_lost(&x->scan[i]);
		if (why == NULL)
			continue;
		left = add(x, x->scan[i].file, x->scan[i].file->volume ?
		    mc_xasprintf("NIfTI, %s", why) :
		    x->scan[i].status != MC_OK ?
		    mc_xasprintf("DICOM, %s", why) :
		    mc_xasprintf("DICOM without an image: %s", why));
		left->meant = true;
		left->other = !x->scan[i].file->volume &&
		    x->scan[i].status == MC_OK;
		if (x->scan[i].file->scan && x->scan[i].status == MC_OK)
			left->image.tags = &x->scan[i].tags;
	}
}

void
mc_index_list_row(struct mc_index *x, const char *key, const char *group,
    const char *table)
{
	const struct mc_image_file none = { 0 };
	struct index_left *left = add(x, &none, mc_xasprintf("no image for its "
	    "row in %s", table));

	left->image.file = NULL;
	free(left->image.text[ID]);
	left->image.text[ID] = mc_xstrdup(key);
	left->image.text[GROUP] = mc_xstrdup(group);
}

/* Take over IMAGE, which owns its texts. */
static void
take(struct mc_index *x, struct index_image *image, const char *reason)
{
	struct index_left *left = add(x, image->file, mc_xstrdup(reason));

	free(left->image.text[ID]);
	memcpy(left->image.text, image->text, sizeof(image->text));
	left->image.frame = image->frame;
	left->image.tags = image->tags;
	left->image.volume = image->volume;
	left->image.slice = image->slice;
	free(image->row);
}

void
mc_index_leave_out(struct mc_index *x, const char *reason)
{
	size_t i, n = 0;

	for (i = 0; i < x->n; i++) {
		if (x->image[i].left_out)
			take(x, &x->image[i], reason);
		else
			x->image[n++] = x->image[i];
	}
	x->n = n;
}

/* TEXT, which may be NULL, as it fits into a field. */
static const char *
clean(char *text)
{
	if (text != NULL)
		mc_tsv_clean(text);
	return text;
}

void
mc_index_place_left(struct mc_index *x)
{
	struct mc_err ignored;
	size_t i;

	for (i = 0; i < x->n_left; i++) {
		if (x->left[i]->meant && mc_index_read_folders(
		    &x->left[i]->image, true, &ignored) != MC_OK)
			return;		/* never: it is not checked */
	}
}

void
mc_index_write_left_out(const struct mc_index *x, FILE *f)
{
	size_t i;

	mc_rows_write_header(f, &mc_exclusions_schema);
	for (i = 0; i < x->n_left; i++) {
		const struct index_left *left = x->left[i];
		char *path = left->file.path == NULL ? NULL :
		    mc_index_address(x, &left->image);
		char *const *text = left->image.text;
		const struct mc_exclusion_row row = { "mc-index",
		    clean(text[ID]), clean(path), clean(text[LABEL]),
		    clean(text[GROUP]), clean(left->reason), !left->other };

		mc_rows_write(f, &mc_exclusions_schema, &row);
		free(path);
	}
}

void
mc_index_free_left(struct mc_index *x)
{
	size_t i, c;

	for (i = 0; i < x->n_left; i++) {
		for (c = 0; c < OWN; c++)
			free(x->left[i]->image.text[c]);
		free(x->left[i]->reason);
		free(x->left[i]);
	}
	free(x->left);
}
