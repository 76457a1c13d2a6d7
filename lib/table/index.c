/* index.c - make the manifest of the images in folders. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "scan/address.h"
#include "table/index_internal.h"

const char *const mc_index_own[OWN] = {
	"id", "path", "label", "group", "split", "sha256"
};

bool
mc_index_is_labelled(const struct mc_index_options *o)
{
	return o->label != NULL || o->one_hot != NULL || o->findings != NULL ||
	    o->mask_label != NULL;
}

/* --- Ids ------------------------------------------------------------------ */

static int
compare_images(const void *a, const void *b)
{
	const struct index_image *x = a, *y = b;
	int order = strcmp(x->text[ID], y->text[ID]);

	if (order == 0)
		order = strcmp(x->file->path, y->file->path);
	if (order == 0)
		order = (x->frame > y->frame) - (x->frame < y->frame);
	return order != 0 ? order : (x->slice > y->slice) -
	    (x->slice < y->slice);
}

/* The first N bytes of the path in its folder, and the frame or slice. */
static char *
id_of(const struct mc_index *x, const struct index_image *image, size_t n)
{
	const char *path = image->file->path + image->file->relative;

	if (image->volume != NULL)
		return mc_xasprintf("%.*s/%s%lld", (int)n, path,
		    mc_axis_name(x->choice.axis), (long long)image->slice);
	return image->frame == 0 ? mc_xstrndup(path, n) :
	    mc_xasprintf("%.*s/frame%lld", (int)n, path,
	    (long long)image->frame);
}

/*
 * The id is the path in its folder without the extension; images that differ
 * in nothing else keep theirs.
 */
static enum mc_status
make_ids(struct mc_index *x, struct mc_err *err)
{
	const struct mc_image_file *f;
	size_t i, j, end;

	for (i = 0; i < x->n; i++) {
		f = x->image[i].file;
		x->image[i].text[ID] = id_of(x, &x->image[i],
		    x->image[i].volume != NULL ?
		    mc_index_slice_name(x->image[i].volume) :
		    f->end - f->relative);
	}
	qsort(x->image, x->n, sizeof(*x->image), compare_images);
	for (i = 0; i < x->n; i = end) {
		for (end = i + 1; end < x->n && strcmp(x->image[i].text[ID],
		    x->image[end].text[ID]) == 0; end++)
			;
		for (j = i; end - i > 1 && j < end; j++) {
			f = x->image[j].file;
			free(x->image[j].text[ID]);
			x->image[j].text[ID] = id_of(x, &x->image[j],
			    strlen(f->path + f->relative));
		}
	}
	qsort(x->image, x->n, sizeof(*x->image), compare_images);
	for (i = 1; i < x->n; i++) {
		if (strcmp(x->image[i - 1].text[ID], x->image[i].text[ID]) == 0)
			return mc_err_set(err, MC_EDATA, "%s and %s would both "
			    "be \"%s\": index the folder above them",
			    x->image[i - 1].file->path, x->image[i].file->path,
			    x->image[i].text[ID]);
	}
	return MC_OK;
}

enum mc_status
mc_index_find(struct mc_index **result, char *const *dirs,
    const struct mc_index_options *o, struct mc_err *err)
{
	struct mc_index *x = *result = mc_xcalloc(1, sizeof(*x));
	enum mc_status status;

	x->o = o;
	status = mc_index_choose_slices(x, err);
	if (status == MC_OK)
		status = mc_index_choose_columns(x, err);
	if (status == MC_OK)
		status = mc_index_scan(x, dirs, err);
	if (status != MC_OK)
		return status;
	status = mc_index_read_scans(x, err);
	mc_index_list_files(x);
	return status == MC_OK ? make_ids(x, err) : status;
}

const char *
mc_index_path(const struct mc_index *x, size_t i)
{
	return i < x->folder.n ? x->folder.image[i].path : NULL;
}

/* --- The manifest --------------------------------------------------------- */

/* Warn where FIELD is empty: WHAT follows from it. */
static void
warn_empty(const struct mc_index *x, int column, const char *what)
{
	size_t i, n = 0, first = 0;

	for (i = 0; i < x->n; i++) {
		if (x->image[i].text[column][0] == '\0')
			first = n++ == 0 ? i : first;
	}
	if (n > 0)
		mc_say(x->o->warn, "%s is empty for %zu of %zu images, the "
		    "first %s: %s", mc_index_own[column], n, x->n,
		    x->image[first].file->path, what);
}

/* Whether some images are of the kind that a preset names, and others not. */
static bool
has_two_kinds(const struct mc_index *x)
{
	size_t of_kind = 0, i;

	for (i = 0; x->o->kind != NULL && i < x->n; i++)
		of_kind += strstr(x->image[i].file->path +
		    x->image[i].file->relative, x->o->kind) != NULL;
	return of_kind > 0 && of_kind < x->n;
}

enum mc_status
mc_index_fill(struct mc_index *x, struct mc_err *err)
{
	const struct mc_index_options *o = x->o;
	bool labelled = mc_index_is_labelled(o);
	enum mc_status status = MC_OK;
	size_t i;

	if (o->pattern != NULL)
		status = mc_index_check_names(x, err);
	for (i = 0; i < x->n && status == MC_OK; i++)
		status = mc_index_read_folders(&x->image[i], labelled, err);
	mc_index_place_left(x);
	if (status == MC_OK)
		status = mc_index_find_groups(x, err);
	if (status == MC_OK)
		status = mc_index_check_columns(x, err);
	if (status == MC_OK)
		status = mc_index_read_key(x, err);
	if (status == MC_OK)
		mc_index_group_by_patient(x);
	if (status == MC_OK && o->join != NULL)
		status = mc_index_join(x, err);
	if (status == MC_OK && x->mask_label != NULL)
		mc_index_label_slices(x);
	if (status == MC_OK)
		status = mc_index_change_labels(x, err);
	if (status != MC_OK)
		return status;
	warn_empty(x, GROUP, "whether the splits are independent cannot be "
	    "checked there (see --group)");
	mc_index_warn_groups(x);
	mc_index_warn_ids(x);
	warn_empty(x, LABEL, "nothing can be learned from these "
	    "(see --label)");
	status = mc_index_read_files(x, err);
	if (status != MC_OK)
		return status;
	mc_index_warn_copies(x);
	mc_index_warn_shortcuts(x);
	if (o->caveat != NULL)
		mc_say(o->warn, "%s: %s%s%s", o->preset, o->caveat,
		    has_two_kinds(x) ? "; " : "", has_two_kinds(x) ?
		    o->kinds_caveat : "");
	mc_index_say_seen(x);
	return MC_OK;
}

/* Write the fields of ROW that pass from the tables of M, each after a TAB. */
static void
write_passed(const struct metadata *m, const struct index_row *row, FILE *f)
{
	char *text;
	size_t c;

	for (c = 0; c < m->n_passed; c++) {
		text = mc_xstrdup(mc_table_get(row->t, row->row,
		    m->passed[c]));
		mc_tsv_clean(text);
		fprintf(f, "\t%s", text);
		free(text);
	}
}

char *
mc_index_address(const struct mc_index *x, const struct index_image *image)
{
	struct mc_slice s = { .axis = x->choice.axis, .index = image->slice };

	if (image->volume == NULL)
		return mc_address_print(image->file->path, image->frame);
	for (; s.paths < image->volume->channels; s.paths++)
		s.path[s.paths] = image->volume->channel[s.paths]->file->path;
	return mc_slice_print(&s);
}

static void
write_header(const struct mc_index *x, FILE *f)
{
	size_t i, c;

	for (c = 0; c < OWN; c++)
		fprintf(f, "%s%s", c > 0 ? "\t" : "", mc_index_own[c]);
	mc_index_write_scan(x, NULL, f);
	mc_index_write_slice(x, NULL, f);
	mc_index_write_columns(x, NULL, f);
	for (i = 0; i < x->n_meta; i++) {
		const struct metadata *m = &x->meta[i];

		for (c = 0; c < m->n_passed; c++)
			fprintf(f, "\t%s", mc_table_column(m->t[0],
			    m->passed[c]));
	}
	putc('\n', f);
}

void
mc_index_write(const struct mc_index *x, FILE *f)
{
	size_t i, k, c;
	char *address;

	write_header(x, f);
	for (i = 0; i < x->n; i++) {
		const struct index_image *image = &x->image[i];

		address = mc_index_address(x, image);
		for (c = 0; c < OWN; c++)
			fprintf(f, "%s%s", c > 0 ? "\t" : "", c == PATH ?
			    address : image->text[c]);
		free(address);
		mc_index_write_scan(x, image, f);
		mc_index_write_slice(x, image, f);
		mc_index_write_columns(x, image, f);
		for (k = 0; k < x->n_meta; k++)
			write_passed(&x->meta[k], &image->row[k], f);
		putc('\n', f);
	}
}

static void
clear_image(struct index_image *image)
{
	size_t c;

	for (c = 0; c < OWN; c++)
		free(image->text[c]);
	free(image->row);
}

void
mc_index_free(struct mc_index *x)
{
	size_t i;

	if (x == NULL)
		return;
	for (i = 0; i < x->n; i++)
		clear_image(&x->image[i]);
	free(x->image);
	mc_index_free_left(x);
	mc_index_free_scans(x);
	mc_index_free_choice(x);
	mc_index_free_columns(x);
	mc_folder_free(&x->folder);
	mc_index_free_metadata(x);
	free(x);
}
