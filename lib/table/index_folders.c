/* index_folders.c - read classes and splits from the names of folders. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/kind.h"
#include "base/mem.h"
#include "base/names.h"
#include "table/glob.h"
#include "table/index_internal.h"

const char *
mc_index_split_name(const char *name, size_t n)
{
	static const struct {
		const char *called, *split;
	} names[] = {
		{ "train", "train" }, { "val", "val" }, { "valid", "val" },
		{ "validation", "val" }, { "test", "test" }
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strlen(names[i].called) == n &&
		    strncasecmp(names[i].called, name, n) == 0)
			return names[i].split;
	}
	return NULL;
}

/*
 * Where the class folder's name is in RELATIVE, a path within DIR: its offset
 * into *START and its length, 0 where there is none.  *SPLIT is the split that
 * the folder above it stands for, or NULL.
 */
static size_t
find_class(const char *relative, size_t *start, const char **split)
{
	const char *at = relative, *slash = strchr(at, '/');

	*split = slash == NULL ? NULL :
	    mc_index_split_name(at, (size_t)(slash - at));
	if (*split != NULL) {
		at = slash + 1;
		slash = strchr(at, '/');
	}
	*start = (size_t)(at - relative);
	return slash == NULL ? 0 : (size_t)(slash - at);
}

enum mc_status
mc_index_read_folders(struct index_image *image, bool labelled,
    struct mc_err *err)
{
	const char *at = image->file->path + image->file->relative;
	const char *split, *below, *inner;
	size_t start, n = find_class(at, &start, &split);

	image->text[SPLIT] = mc_xstrdup(split == NULL ? "" : split);
	image->text[LABEL] = mc_xstrndup(at + start, n);
	below = at + start + n + (n > 0);
	inner = n == 0 ? NULL : strchr(below, '/');
	if (!labelled && split == NULL && inner != NULL &&
	    mc_index_split_name(below, (size_t)(inner - below)) != NULL)
		return mc_err_set(err, MC_EDATA, "%s: a split folder within "
		    "the class folder \"%s\": give a folder that holds the "
		    "splits or the classes", image->file->path,
		    image->text[LABEL]);
	return MC_OK;
}

/* Whether S was to be an image, as far as can be seen. */
static bool
was_image(const struct mc_skipped_file *s)
{
	return s->why == MC_SKIP_UNREADABLE || s->why == MC_SKIP_FALSE_IMAGE;
}

/* The path of the class folder, or "" where there is none; to be freed. */
static char *
class_folder(const char *path, size_t relative)
{
	const char *split;
	size_t start, n = find_class(path + relative, &start, &split);

	return mc_xstrndup(path, n == 0 ? 0 : relative + start + n);
}

/* A class must not go because none of its images can be read. */
static enum mc_status
check_classes(const struct mc_folder *f, struct mc_err *err)
{
	struct mc_names *good = mc_names_alloc();
	enum mc_status status = MC_OK;
	struct mc_buf why = { 0 };
	char *class;
	size_t i;

	for (i = 0; i < f->n; i++) {
		class = class_folder(f->image[i].path, f->image[i].relative);
		mc_names_copy(good, class);
		free(class);
	}
	for (i = 0; i < f->n_skipped && status == MC_OK; i++) {
		const struct mc_skipped_file *s = &f->skipped[i];

		if (!was_image(s))
			continue;
		class = class_folder(s->path, s->relative);
		if (*class != '\0' &&
		    mc_names_find(good, class) == MC_NO_NAME) {
			mc_index_explain_skipped(s, &why);
			status = mc_err_set(err, MC_EDATA, "%s: no image of "
			    "this class can be read, such as %s: %s", class,
			    s->path, why.data);
		}
		free(class);
	}
	mc_buf_free(&why);
	mc_names_free(good);
	return status;
}

/* Warn of those globs of OPTION that match nothing. */
static void
warn_globs(const struct mc_index *x, const char *option,
    const char *const *glob)
{
	const struct mc_folder *f = &x->folder;
	bool found;
	size_t i;

	for (; glob != NULL && *glob != NULL; glob++) {
		found = false;
		for (i = 0; i < f->n && !found; i++)
			found = mc_glob_matches(*glob, f->image[i].path +
			    f->image[i].relative);
		for (i = 0; i < f->n_skipped && !found; i++)
			found = mc_glob_matches(*glob, f->skipped[i].path +
			    f->skipped[i].relative);
		if (!found)
			mc_say(x->o->warn, "%s \"%s\" matches no file", option,
			    *glob);
	}
}

/* Warn of --mask if it matches nothing. */
static void
warn_masks(const struct mc_index *x)
{
	const char *const *glob;
	size_t i;

	for (glob = x->o->mask; glob != NULL && *glob != NULL; glob++) {
		for (i = 0; i < x->folder.n_skipped; i++) {
			const struct mc_skipped_file *s = &x->folder.skipped[i];

			if (s->why == MC_SKIP_MASK && mc_glob_matches(*glob,
			    mc_folder_mask_path(&x->folder, s->path,
			    s->relative)))
				break;
		}
		if (i == x->folder.n_skipped)
			mc_say(x->o->warn, "--mask \"%s\" matches no NIfTI "
			    "file", *glob);
	}
}

static enum mc_status
no_image(const struct mc_folder *f, char *const *dirs, struct mc_err *err)
{
	const char *others = dirs[1] == NULL ? "" : ", nor do the others";
	struct mc_buf why = { 0 };
	size_t i = 0, excluded = 0;

	while (i < f->n_skipped && !was_image(&f->skipped[i]))
		excluded += f->skipped[i++].why == MC_SKIP_EXCLUDED;
	if (i == f->n_skipped && excluded > 0)
		return mc_err_set(err, MC_EDATA, "%s: contains no image%s: "
		    "%zu file%s not wanted (--include, --exclude)", dirs[0],
		    others, excluded, excluded == 1 ? " is" : "s are");
	if (i == f->n_skipped)
		return mc_err_set(err, MC_EDATA, "%s: contains no image%s",
		    dirs[0], others);
	mc_index_explain_skipped(&f->skipped[i], &why);
	mc_err_set(err, MC_EDATA, "%s: contains no readable image%s: "
	    "%s: %s", dirs[0], others, f->skipped[i].path, why.data);
	mc_buf_free(&why);
	return MC_EDATA;
}

enum mc_status
mc_index_scan(struct mc_index *x, char *const *dirs, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	char *const *dir;

	x->folder.include = x->o->include;
	x->folder.exclude = x->o->exclude;
	x->folder.volumes = x->o->slices != NULL;
	x->folder.mask = x->o->mask;
	x->folder.several = dirs[1] != NULL;
	for (dir = dirs; *dir != NULL && status == MC_OK; dir++)
		status = mc_folder_scan(&x->folder, *dir, err);
	if (status != MC_OK)
		return status;
	mc_index_tell_skipped(x);
	warn_globs(x, "--include", x->o->include);
	warn_globs(x, "--exclude", x->o->exclude);
	warn_masks(x);
	if (!mc_index_is_labelled(x->o))
		status = check_classes(&x->folder, err);
	return status == MC_OK && x->folder.n == 0 ?
	    no_image(&x->folder, dirs, err) : status;
}
