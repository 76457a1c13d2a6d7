/* index_scans.c - read the headers of scanners' files: DICOM and NIfTI. */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/parallel.h"
#include "scan/address.h"
#include "table/index_internal.h"

/* The columns, those of enum mc_scan_text first. */
static const char *const columns[] = {
	"patient", "study", "series", "laterality", "view", "modality",
	"scanner", "sex", "age", "frames", "burned_in", "lossy"
};

/* Shorter ids are found only where they are the whole text. */
#define SHORT_ID 4

#define COLUMNS (sizeof(columns) / sizeof(*columns))

/* --- Headers ------------------------------------------------------------------ */

static void
read_one(void *arg, size_t i)
{
	struct mc_index *x = arg;
	struct index_scan *s = &x->scan[i];

	if (s->file->scan)
		s->status = mc_scan_read_tags(&s->tags, s->file->path, 0,
		    &s->err);
	else if (s->file->volume)
		s->status = mc_nifti_open(&s->volume, s->file->path, &s->err);
}

/* --- Rows ------------------------------------------------------------------------ */

static void
add_row(struct mc_index *x, size_t *cap, const struct index_scan *s,
    int64_t frame)
{
	struct index_image *image;

	x->image = mc_xgrow(x->image, x->n, cap, sizeof(*x->image));
	image = &x->image[x->n++];
	memset(image, 0, sizeof(*image));
	image->file = s->file;
	image->frame = frame;
	image->tags = s->file->scan ? &s->tags : NULL;
}

/* The rows of the volume S. */
static void
add_slices(struct mc_index *x, size_t *cap, struct index_scan *s)
{
	int64_t i;

	for (i = 0; s->marked != NULL && i < s->volume.size[x->choice.axis];
	    i++) {
		if (!s->marked[i])
			continue;
		add_row(x, cap, s, 0);
		x->image[x->n - 1].volume = s;
		x->image[x->n - 1].slice = i;
	}
}

/* The rows of S, as --frames says. */
static void
add_rows(struct mc_index *x, size_t *cap, const struct index_scan *s)
{
	int64_t n = s->file->scan ? s->tags.frames : 1, every = x->o->every, i;

	if (n == 1 || x->o->frames == MC_FRAMES_FIRST)
		add_row(x, cap, s, 0);
	else if (x->o->frames == MC_FRAMES_MIDDLE)
		add_row(x, cap, s, n / 2 + 1);
	else
		for (i = 1; i <= n; i += every)
			add_row(x, cap, s, i);
}

/* Warn of options for kinds of files of which there is none. */
static void
warn_of_unused(const struct mc_index *x, size_t volumes)
{
	const struct mc_index_options *o = x->o;
	const char *dicom = o->frames != MC_FRAMES_FIRST ? "--frames" :
	    o->id_key != NULL ? "--id-key" : o->keep_ids ? "--keep-ids" : NULL;

	if (dicom != NULL && x->scans == 0)
		mc_say(o->warn, "%s: no file is DICOM, so it does nothing",
		    dicom);
	if (o->slices != NULL && volumes == 0)
		mc_say(o->warn, "--slices: no file is NIfTI, so it does "
		    "nothing");
}

enum mc_status
mc_index_read_scans(struct mc_index *x, struct mc_err *err)
{
	size_t cap = 0, i, many = 0, first = 0, volumes = 0;
	enum mc_status status = MC_OK;

	x->scan = mc_xcalloc(x->folder.n, sizeof(*x->scan));
	for (i = 0; i < x->folder.n; i++) {
		x->scan[i].file = &x->folder.image[i];
		x->scans += x->folder.image[i].scan;
		volumes += x->folder.image[i].volume;
	}
	warn_of_unused(x, volumes);
	if (x->scans + volumes > 0)
		mc_parallel(x->folder.n, mc_cpus(), read_one, x);
	for (i = 0; i < x->folder.n; i++) {
		if (x->scan[i].status == MC_EMACHINE) {
			*err = x->scan[i].err;
			return MC_EMACHINE;
		}
	}
	if (volumes > 0)
		status = mc_index_mark_slices(x, err);
	if (status != MC_OK)
		return status;
	mc_index_warn_lost(x);
	for (i = 0; i < x->folder.n; i++) {
		if (mc_index_scan_lost(&x->scan[i]) != NULL)
			continue;
		if (x->scan[i].tags.frames > 1 && many++ == 0)
			first = i;
		if (x->scan[i].file->volume)
			add_slices(x, &cap, &x->scan[i]);
		else
			add_rows(x, &cap, &x->scan[i]);
	}
	for (x->scans = 0, i = 0; i < x->n; i++)
		x->scans += x->image[i].tags != NULL;
	if (many > 0 && x->o->frames == MC_FRAMES_FIRST)
		mc_say(x->o->warn, "%zu DICOM file%s several frames, of which "
		    "the first is taken: %s%s: --frames all, middle or "
		    "every:N takes others", many, many == 1 ? " has" :
		    "s have", x->scan[first].file->path, many == 1 ? "" :
		    " and others");
	if (x->n == 0 && volumes > 0)
		return mc_err_set(err, MC_EDATA, "%s: none of the NIfTI files "
		    "gives a slice", x->folder.image[0].path);
	return x->n > 0 ? MC_OK : mc_err_set(err, MC_EDATA, "%s: none of the "
	    "DICOM files holds an image", x->folder.image[0].path);
}

void
mc_index_free_scans(struct mc_index *x)
{
	size_t i;

	for (i = 0; x->scan != NULL && i < x->folder.n; i++) {
		mc_scan_tags_clear(&x->scan[i].tags);
		mc_nifti_clear(&x->scan[i].volume);
		free(x->scan[i].marked);
		free(x->scan[i].detail);
	}
	mc_index_free_masks(x);
	free(x->scan);
	free(x->first_beside);
	free(x->key.data);
}

/* --- Identity ---------------------------------------------------------------------- */

enum mc_status
mc_index_read_key(struct mc_index *x, struct mc_err *err)
{
	FILE *f;
	size_t n;

	if (x->scans == 0)
		return MC_OK;
	if (x->o->id_key == NULL) {
		if (!x->o->keep_ids)
			mc_say(x->o->warn, "patient, study and series are "
			    "hashed without a key, so who has a list of ids can "
			    "find them again: --id-key FILE hashes with the "
			    "secret in FILE, --keep-ids keeps them");
		return MC_OK;
	}
	f = mc_file_open(x->o->id_key, err);
	if (f == NULL)
		return err->status;
	do {
		n = fread(mc_buf_room(&x->key, 4096), 1, 4096, f);
		x->key.len += n;
	} while (n > 0 && x->key.len <= 65536);
	fclose(f);
	if (x->key.len < 16)
		return mc_err_set(err, MC_EDATA, "%s: a key of fewer than 16 "
		    "bytes: make one with head -c 32 /dev/urandom",
		    x->o->id_key);
	return MC_OK;
}

/* Column C of IMAGE, to be freed. */
static char *
field(const struct mc_index *x, const struct index_image *image, size_t c)
{
	const struct mc_scan_tags *tags = image->tags;
	char hex[MC_SHA256_HEX];

	if (tags == NULL)
		return mc_xstrdup("");
	if (c == MC_SCAN_TEXTS)
		return mc_xasprintf("%lld", (long long)tags->frames);
	if (c > MC_SCAN_TEXTS)
		return mc_xstrdup((c == MC_SCAN_TEXTS + 1 ? tags->burned_in :
		    tags->lossy) ? "1" : "0");
	if (c > MC_SCAN_SERIES || x->o->keep_ids || tags->text[c][0] == '\0')
		return mc_xstrdup(tags->text[c]);
	if (x->key.len > 0)
		mc_hmac_sha256(x->key.data, x->key.len, tags->text[c],
		    strlen(tags->text[c]), hex);
	else
		mc_sha256_bytes(tags->text[c], strlen(tags->text[c]), hex);
	return mc_xstrndup(hex, 32);
}

void
mc_index_group_by_patient(struct mc_index *x)
{
	size_t i;

	for (i = 0; i < x->n && x->o->group == NULL; i++) {
		free(x->image[i].text[GROUP]);
		x->image[i].text[GROUP] = field(x, &x->image[i],
		    MC_SCAN_PATIENT);
	}
	for (i = 0; i < x->n_left && x->o->group == NULL; i++) {
		if (x->left[i]->image.tags != NULL)
			x->left[i]->image.text[GROUP] = field(x,
			    &x->left[i]->image, MC_SCAN_PATIENT);
	}
}

bool
mc_index_hides_patients(const struct mc_index *x)
{
	return x->scans > 0 && !x->o->keep_ids && x->o->group == NULL &&
	    x->o->group_column == NULL;
}

const char *
mc_index_group_key(const struct mc_index *x, const struct index_image *image)
{
	return image->tags != NULL && mc_index_hides_patients(x) ?
	    image->tags->text[MC_SCAN_PATIENT] : image->text[GROUP];
}

/* Whether ID is in TEXT, and no letter or digit beside it. */
static bool
has_word(const char *text, const char *id)
{
	size_t n = strlen(id);
	const char *at;

	for (at = strstr(text, id); at != NULL; at = strstr(at + 1, id)) {
		if ((at == text || !isalnum((unsigned char)at[-1])) &&
		    !isalnum((unsigned char)at[n]))
			return true;
	}
	return false;
}

/* Whether TEXT shows an id of IMAGE; a short one may be in it by chance. */
static bool
shows(const struct index_image *image, const char *text)
{
	int c;

	for (c = MC_SCAN_PATIENT; image->tags != NULL && c <= MC_SCAN_SERIES;
	    c++) {
		const char *id = image->tags->text[c];

		if (*id != '\0' && (strcmp(text, id) == 0 ||
		    (strlen(id) >= SHORT_ID && has_word(text, id))))
			return true;
	}
	return false;
}

/* Add the columns of tables that show an id of their images to LIST. */
static void
add_shown(const struct mc_index *x, struct mc_buf *list)
{
	const struct index_row *row;
	size_t k, c, i;

	for (k = 0; k < x->n_meta; k++) {
		const struct metadata *m = &x->meta[k];

		for (c = 0; c < m->n_passed; c++) {
			for (i = 0; i < x->n; i++) {
				row = &x->image[i].row[k];
				if (shows(&x->image[i], mc_table_get(row->t,
				    row->row, m->passed[c])))
					break;
			}
			if (i < x->n)
				mc_buf_printf(list, "%s%s", list->len > 0 ?
				    "," : "", mc_table_column(m->t[0],
				    m->passed[c]));
		}
	}
}

void
mc_index_warn_ids(const struct mc_index *x)
{
	struct mc_buf joined = { 0 }, text = { 0 };
	bool path = false, group = false;
	size_t i;

	for (i = 0; i < x->n && !x->o->keep_ids; i++) {
		path = path || shows(&x->image[i], x->image[i].file->path);
		group = group || shows(&x->image[i], x->image[i].text[GROUP]);
	}
	if (!x->o->keep_ids)
		add_shown(x, &joined);
	if (joined.len > 0)
		mc_buf_printf(&text, "; columns of --join: --drop %s",
		    joined.data);
	if (group)
		mc_buf_puts(&text, "; group: leave out --group or "
		    "--group-column, and it is the hashed patient");
	if (path)
		mc_buf_puts(&text, "; id and path: rename the folders or "
		    "files");
	if (text.len > 0)
		mc_say(x->o->warn, "patient, study and series are hashed, but "
		    "other columns have them in clear%s", text.data);
	mc_buf_free(&joined);
	mc_buf_free(&text);
}

/* --- The manifest ------------------------------------------------------------------ */

/* Whether another column has the name of column C: of --from-name or a table. */
static bool
is_hidden(const struct mc_index *x, size_t c)
{
	size_t i, k;

	for (i = 0; i < x->n_columns; i++)
		if (strcmp(x->column[i].name, columns[c]) == 0)
			return true;
	for (i = 0; i < x->n_meta; i++)
		for (k = 0; k < x->meta[i].n_passed; k++)
			if (strcmp(mc_table_column(x->meta[i].t[0],
			    x->meta[i].passed[k]), columns[c]) == 0)
				return true;
	return false;
}

void
mc_index_write_scan(const struct mc_index *x, const struct index_image *image,
    FILE *f)
{
	size_t c;
	char *text;

	for (c = 0; x->scans > 0 && c < COLUMNS; c++) {
		if (is_hidden(x, c))
			continue;
		text = image != NULL ? field(x, image, c) :
		    mc_xstrdup(columns[c]);
		fprintf(f, "\t%s", text);
		free(text);
	}
}
