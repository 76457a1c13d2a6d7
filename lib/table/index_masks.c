/* index_masks.c - find the masks of NIfTI volumes, and what they mark. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/names.h"
#include "base/opt.h"
#include "base/parallel.h"
#include "table/glob.h"
#include "table/index_internal.h"

/* The masks by their names and folders. */
struct shelf {
	struct mc_index *x;
	struct mc_names *names, *folders;
	struct index_mask **named, **in;	/* the first of each */
	struct mc_names *homes;		/* folders that have volumes */
};

/* Where a mask is looked for: in the folder of the volume, by name; there, where
   no volume is called after it; in folders beside it, by name. */
enum where { AT_HOME, ONLY, BESIDE };

/* --- Masks -------------------------------------------------------------------- */

/* The folder of the file PATH, whose name begins at BASE, to be freed. */
static char *
folder_of(const char *path, size_t base)
{
	while (strncmp(path, "./", 2) == 0 && base >= 2) {
		path += 2;
		base -= 2;
	}
	return mc_xstrndup(path, base);
}

static void
add_mask(struct shelf *s, struct index_mask *m,
    const struct mc_skipped_file *file)
{
	const char *name = strrchr(file->path, '/') + 1;
	char *star;
	size_t k;

	m->path = file->path;
	m->included = mc_folder_includes(&s->x->folder, file->path +
	    file->relative);
	m->folder = folder_of(file->path, (size_t)(name - file->path));
	m->at_home = mc_names_find(s->homes, m->folder) != MC_NO_NAME;
	k = mc_names_add(s->folders, m->folder);
	m->next_in = s->in[k];
	s->in[k] = m;
	star = mc_glob_star(mc_glob_find(s->x->folder.mask,
	    mc_folder_mask_path(&s->x->folder, file->path, file->relative)),
	    name);
	k = mc_names_copy(s->names, star);
	m->next_named = s->named[k];
	s->named[k] = m;
	free(star);
}

/* Put all masks of the folder into x->mask and on S. */
static void
add_masks(struct shelf *s)
{
	const struct mc_folder *f = &s->x->folder;
	struct mc_index *x = s->x;
	size_t i, n = 0;

	for (i = 0; i < f->n; i++) {
		if (!f->image[i].volume)
			continue;
		char *home = folder_of(f->image[i].path, f->image[i].base);

		mc_names_copy(s->homes, home);
		free(home);
	}
	for (i = 0; i < f->n_skipped; i++)
		x->n_masks += f->skipped[i].why == MC_SKIP_MASK;
	x->mask = mc_xcalloc(x->n_masks, sizeof(*x->mask));
	s->named = mc_xcalloc(x->n_masks, sizeof(struct index_mask *));
	s->in = mc_xcalloc(x->n_masks, sizeof(struct index_mask *));
	for (i = f->n_skipped; i-- > 0;) {
		if (f->skipped[i].why == MC_SKIP_MASK)
			add_mask(s, &x->mask[n++], &f->skipped[i]);
	}
}

/* --- Whose mask it is ----------------------------------------------------------- */

static size_t
count_slashes(const char *text, size_t n)
{
	size_t slashes = 0;

	while (n-- > 0)
		slashes += text[n] == '/';
	return slashes;
}

/*
 * Whether the folder MASKS, of masks alone, stands beside the folder A: its path
 * has one name for another, or names that A lacks.  Both end in a slash.
 */
static bool
is_parallel(const char *a, const char *masks)
{
	size_t na = strlen(a), nb = strlen(masks), same = 0, i;

	for (i = 0; a[i] != '\0' && a[i] == masks[i]; i++)
		same = a[i] == '/' ? i + 1 : same;
	a += same;
	masks += same;
	na -= same;
	nb -= same;
	for (same = i = 0; i < na && i < nb &&
	    a[na - 1 - i] == masks[nb - 1 - i]; i++) {
		if ((i + 1 == na || a[na - 2 - i] == '/') &&
		    (i + 1 == nb || masks[nb - 2 - i] == '/'))
			same = i + 1;
	}
	return na == same || (count_slashes(a, na - same) == 1 &&
	    count_slashes(masks, nb - same) == 1);
}

/* Look for masks called NAME: in FOLDER, or in folders beside it. */
static enum mc_status
look_up(const struct shelf *s, struct index_scan *scan, const char *folder,
    const char *name, bool at_home, struct mc_err *err)
{
	size_t k = mc_names_find(s->names, name);
	struct index_mask *m;

	for (m = k == MC_NO_NAME ? NULL : s->named[k]; m != NULL;
	    m = m->next_named) {
		if (m == scan->mask || (at_home ?
		    strcmp(m->folder, folder) != 0 :
		    m->at_home || !is_parallel(folder, m->folder)))
			continue;
		if (scan->mask != NULL)
			return mc_err_set(err, MC_EDATA, "%s and %s may both "
			    "be the mask of %s: choose one with a more precise "
			    "--mask", scan->mask->path, m->path,
			    scan->file->path);
		scan->mask = m;
	}
	return MC_OK;
}

/*
 * Give SCAN the mask whose name its own begins or ends with, as a whole word: the
 * longest.
 */
static enum mc_status
find_named(const struct shelf *s, struct index_scan *scan, const char *folder,
    bool at_home, struct mc_err *err)
{
	const struct mc_image_file *f = scan->file;
	char *stem = mc_xstrndup(f->path + f->base, f->end - f->base), was;
	enum mc_status status = MC_OK;
	size_t n = strlen(stem), i;

	for (i = n; i > 0 && status == MC_OK && scan->mask == NULL; i--) {
		if (i == n || !mc_glob_is_word(stem[i])) {
			was = stem[i];
			stem[i] = '\0';
			status = look_up(s, scan, folder, stem, at_home, err);
			stem[i] = was;
		}
		if (status == MC_OK && i < n &&
		    !mc_glob_is_word(stem[n - i - 1]))
			status = look_up(s, scan, folder, stem + n - i,
			    at_home, err);
	}
	if (scan->mask != NULL)
		scan->mask->named = true;
	free(stem);
	return status;
}

/* Give SCAN, which no mask is called after, the only mask of its folder. */
static enum mc_status
find_only(const struct shelf *s, struct index_scan *scan, const char *folder,
    struct mc_err *err)
{
	size_t k = mc_names_find(s->folders, folder);
	struct index_mask *m, *first = k == MC_NO_NAME ? NULL : s->in[k];

	for (m = first; m != NULL; m = m->next_in) {
		if (m->named)
			return MC_OK;
	}
	if (first != NULL && first->next_in != NULL)
		return mc_err_set(err, MC_EDATA, "%s and %s are two masks in "
		    "one folder, neither called after %s: choose one with a "
		    "more precise --mask", first->path, first->next_in->path,
		    scan->file->path);
	scan->mask = first;
	return MC_OK;
}

/* Look for masks of the volumes that have none yet, in the way WHERE. */
static enum mc_status
match_masks(const struct shelf *s, enum where where, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	size_t i;

	for (i = 0; i < s->x->folder.n && status == MC_OK; i++) {
		struct index_scan *scan = &s->x->scan[i];
		const struct mc_image_file *f = scan->file;

		if (!f->volume || scan->mask != NULL)
			continue;
		char *folder = folder_of(f->path, f->base);

		status = where == ONLY ? find_only(s, scan, folder, err) :
		    find_named(s, scan, folder, where == AT_HOME, err);
		free(folder);
	}
	return status;
}

/* --- What is marked --------------------------------------------------------------- */

/* Read the I-th mask, and count what it marks. */
static void
read_mask(void *arg, size_t i)
{
	struct mc_index *x = arg;
	struct index_mask *m = &x->mask[i];
	enum mc_axis axis = x->choice.axis;
	struct mc_volume v = { 0 };
	struct mc_nifti n;
	int64_t k;

	if (!m->used)
		return;
	m->status = mc_nifti_open(&n, m->path, &m->err);
	if (m->status == MC_OK && n.volumes > 1)
		m->status = mc_err_set(&m->err, MC_EDATA, "%s: a mask of %lld "
		    "volumes, where one is expected", m->path,
		    (long long)n.volumes);
	if (m->status == MC_OK)
		m->status = mc_volume_read(&v, &n, 0, &m->err);
	else
		mc_nifti_clear(&n);
	if (m->status == MC_OK) {
		m->marked = mc_xcalloc((size_t)v.nifti.size[axis],
		    sizeof(*m->marked));
		for (k = 0; k < v.nifti.size[axis]; k++)
			m->marked[k] = mc_slice_marked(&v, axis, k);
		m->nifti = v.nifti;
		memset(&v.nifti, 0, sizeof(v.nifti));
	}
	mc_volume_clear(&v);
}

/* See that the mask of S can be used. */
static void
check_mask(struct mc_index *x, struct index_scan *s)
{
	if (s->mask == NULL) {
		s->no_mask = "no mask belongs to it";
	} else if (s->mask->status != MC_OK) {
		s->no_mask = "its mask cannot be read";
		s->detail = mc_xstrdup(s->mask->err.text);
	} else if (!mc_index_same_grid(x, s, &s->mask->nifti)) {
		s->no_mask = "its mask is on another grid";
	}
}

/* Warn of masks that no volume has, but for those that --include leaves out. */
static void
warn_unused(const struct mc_index *x)
{
	const struct index_mask *first = NULL;
	size_t i, n = 0;

	for (i = 0; i < x->n_masks; i++) {
		if (x->mask[i].used || !x->mask[i].included)
			continue;
		first = &x->mask[i];
		n++;
	}
	if (n > 0)
		mc_say(x->o->warn, "%zu mask%s to no NIfTI file: %s%s "
		    "(mc-index(1), --mask, says which names and folders go "
		    "together)", n, n == 1 ? " belongs" : "s belong",
		    first->path, n == 1 ? "" : " and others");
}

enum mc_status
mc_index_find_masks(struct mc_index *x, struct mc_err *err)
{
	struct shelf s = { .x = x, .names = mc_names_alloc(),
	    .folders = mc_names_alloc(), .homes = mc_names_alloc() };
	enum mc_status status;
	size_t i;

	add_masks(&s);
	status = match_masks(&s, AT_HOME, err);
	if (status == MC_OK)
		status = match_masks(&s, ONLY, err);
	if (status == MC_OK)
		status = match_masks(&s, BESIDE, err);
	mc_names_free(s.names);
	mc_names_free(s.folders);
	mc_names_free(s.homes);
	free(s.named);
	free(s.in);
	if (status != MC_OK)
		return status;
	for (i = 0; i < x->folder.n; i++) {
		if (x->scan[i].mask != NULL)
			x->scan[i].mask->used = true;
	}
	warn_unused(x);
	mc_parallel(x->n_masks, mc_cpus(), read_mask, x);
	for (i = 0; i < x->n_masks; i++) {
		if (x->mask[i].status == MC_EMACHINE) {
			*err = x->mask[i].err;
			return MC_EMACHINE;
		}
	}
	for (i = 0; i < x->folder.n; i++) {
		if (x->scan[i].file->volume && x->scan[i].status == MC_OK)
			check_mask(x, &x->scan[i]);
	}
	return MC_OK;
}

void
mc_index_free_masks(struct mc_index *x)
{
	size_t i;

	for (i = 0; i < x->n_masks; i++) {
		mc_nifti_clear(&x->mask[i].nifti);
		free(x->mask[i].folder);
		free(x->mask[i].marked);
	}
	free(x->mask);
}

/* --- Grids ------------------------------------------------------------------------- */

bool
mc_index_same_grid(struct mc_index *x, struct index_scan *s,
    const struct mc_nifti *other)
{
	const struct mc_nifti *n = &s->volume;
	double apart = mc_nifti_distance(n, other);

	free(s->detail);
	s->detail = NULL;
	if (memcmp(n->size, other->size, sizeof(n->size)) != 0) {
		s->detail = mc_xasprintf("%s has %lld x %lld x %lld voxels, "
		    "but %s %lld x %lld x %lld", n->path,
		    (long long)n->size[0], (long long)n->size[1],
		    (long long)n->size[2], other->path,
		    (long long)other->size[0], (long long)other->size[1],
		    (long long)other->size[2]);
		return false;
	}
	if (!mc_nifti_same_grid(n, other)) {
		s->detail = mc_xasprintf("voxels of %s and %s that have the "
		    "same indices lie up to %.3g mm apart", n->path,
		    other->path, apart);
		return false;
	}
	if (apart > MC_NIFTI_ROUNDING && x->beside++ == 0)
		x->first_beside = mc_xasprintf("those of %s and %s by %.3g mm",
		    n->path, other->path, apart);
	return true;
}
