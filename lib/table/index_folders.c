/* index_folders.c - read classes and splits from the names of folders. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/kind.h"
#include "base/mem.h"
#include "base/names.h"
#include "base/place.h"
#include "table/glob.h"
#include "table/index_internal.h"

/* Files that were skipped for one reason and are of one kind. */
struct heap {
	const struct mc_skipped_file *first;
	size_t n;
};

/* Why S was skipped and what to do about it, into TEXT. */
static void
explain(const struct mc_skipped_file *s, struct mc_buf *text)
{
	static const char *const why[] = {
		[MC_SKIP_HIDDEN] = "hidden or a system's",
		[MC_SKIP_EXCLUDED] = "not wanted (--include, --exclude)",
		[MC_SKIP_MASK] = "a mask (--mask)",
		[MC_SKIP_COPY] = "in a second copy of its folder",
		[MC_SKIP_UNREADABLE] = ", which mctools does not read",
		[MC_SKIP_FALSE_IMAGE] = "called an image, but ",
		[MC_SKIP_LOOP] = "a link to a folder that contains it",
		[MC_SKIP_SPECIAL] = "a pipe, a socket or a device",
		[MC_SKIP_TABLE] = "a table of --join",
		[MC_SKIP_OTHER] = "no image"
	};
	const char *kind = s->kind != NULL ? s->kind->name :
	    "empty or of no known kind";

	text->len = 0;
	if (s->why == MC_SKIP_UNREADABLE && s->kind->volume) {
		mc_buf_printf(text, "%s: choose slices with --slices, such as "
		    "--slices axial:middle:3", kind);
		return;
	}
	mc_buf_printf(text, "%s%s%s", s->why == MC_SKIP_UNREADABLE ? kind : "",
	    why[s->why], s->why == MC_SKIP_FALSE_IMAGE ? kind : "");
	if ((s->why == MC_SKIP_UNREADABLE || s->why == MC_SKIP_FALSE_IMAGE) &&
	    s->kind != NULL)
		mc_buf_printf(text, ": %s", s->kind->advice);
}

const char *
mc_index_skipped_kind(const struct mc_skipped_file *s)
{
	static const char *const name[] = {
		[MC_SKIP_HIDDEN] = "hidden",
		[MC_SKIP_EXCLUDED] = "not wanted",
		[MC_SKIP_MASK] = "masks",
		[MC_SKIP_COPY] = "in a second copy",
		[MC_SKIP_FALSE_IMAGE] = "no image in spite of the name",
		[MC_SKIP_LOOP] = "links in a circle",
		[MC_SKIP_SPECIAL] = "pipes and devices",
		[MC_SKIP_TABLE] = "tables of --join",
		[MC_SKIP_OTHER] = "other files"
	};

	return s->why == MC_SKIP_UNREADABLE ? s->kind->name : name[s->why];
}

/* The heaps of what was skipped into *HEAPS, to be freed; returns how many. */
static size_t
sort_skipped(const struct mc_folder *f, struct heap **heaps)
{
	size_t n = 0, cap = 0, i, k;

	*heaps = NULL;
	for (i = 0; i < f->n_skipped; i++) {
		const struct mc_skipped_file *s = &f->skipped[i];

		for (k = 0; k < n && ((*heaps)[k].first->why != s->why ||
		    (*heaps)[k].first->kind != s->kind); k++)
			;
		if (k == n) {
			*heaps = mc_xgrow(*heaps, n++, &cap, sizeof(**heaps));
			(*heaps)[k] = (struct heap){ s, 0 };
		}
		(*heaps)[k].n++;
	}
	return n;
}

/* A line for each heap, but one with -v for each file that is not a copy. */
static void
warn_skipped(const struct mc_index *x)
{
	const struct mc_folder *f = &x->folder;
	struct mc_buf text = { 0 };
	struct heap *heaps;
	size_t n = sort_skipped(f, &heaps), i;

	for (i = 0; i < n; i++) {
		const struct mc_skipped_file *s = heaps[i].first;

		explain(s, &text);
		if (s->why == MC_SKIP_COPY)
			mc_say(x->o->warn, "%zu file%s skipped: this folder is "
			    "a second copy of the one that contains it: %s",
			    heaps[i].n, MC_PLURAL(heaps[i].n), f->copy);
		else if (s->why != MC_SKIP_OTHER && s->why !=
		    MC_SKIP_TABLE && s->why != MC_SKIP_EXCLUDED && s->why !=
		    MC_SKIP_MASK)
			mc_say(x->o->warn, "%zu file%s skipped: %s: %s%s",
			    heaps[i].n, MC_PLURAL(heaps[i].n), text.data,
			    s->path, heaps[i].n == 1 ? "" : " and others");
	}
	for (i = 0; i < f->n_skipped; i++) {
		explain(&f->skipped[i], &text);
		if (f->skipped[i].why != MC_SKIP_COPY)
			mc_say(x->o->detail, "skipped: %s: %s",
			    f->skipped[i].path, text.data);
	}
	free(heaps);
	mc_buf_free(&text);
}

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
			explain(s, &why);
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
	explain(&f->skipped[i], &why);
	mc_err_set(err, MC_EDATA, "%s: contains no readable image%s: "
	    "%s: %s", dirs[0], others, f->skipped[i].path, why.data);
	mc_buf_free(&why);
	return MC_EDATA;
}

/* Find the tables of --join among what was skipped. */
static void
find_tables(struct mc_index *x)
{
	const char *const *join = x->o->join;
	struct mc_place table, file;
	size_t i;

	for (; join != NULL && *join != NULL; join++) {
		mc_place_find(&table, *join);
		for (i = 0; i < x->folder.n_skipped; i++) {
			struct mc_skipped_file *s = &x->folder.skipped[i];

			if (s->why != MC_SKIP_OTHER)
				continue;
			mc_place_find(&file, s->path);
			if (mc_place_same(&table, &file))
				s->why = MC_SKIP_TABLE;
			mc_place_clear(&file);
		}
		mc_place_clear(&table);
	}
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
	find_tables(x);
	warn_skipped(x);
	warn_globs(x, "--include", x->o->include);
	warn_globs(x, "--exclude", x->o->exclude);
	warn_masks(x);
	if (!mc_index_is_labelled(x->o))
		status = check_classes(&x->folder, err);
	return status == MC_OK && x->folder.n == 0 ?
	    no_image(&x->folder, dirs, err) : status;
}
