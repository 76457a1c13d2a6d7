/*
 * folder.c - which images lie in a folder.
 *
 * A walk of our own: fts(3) takes a failing readdir for a folder's end and a
 * failing stat for a link that leads nowhere, and so loses a class in silence.
 */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/mem.h"
#include "scan/scan.h"
#include "table/folder_internal.h"
#include "table/glob.h"
#include "table/tsv.h"

/* A folder that is being read, and those that it lies in. */
struct level {
	const struct level *up;		/* NULL: the one that was asked for */
	const char *path;
	struct stat st;
	bool copy;			/* in a second copy */
	char **name;			/* its entries, sorted */
	size_t n;
};

static void
skip(struct mc_folder *folder, const char *path, size_t relative,
    enum mc_skip why, const struct mc_kind *kind)
{
	struct mc_skipped_file *s;

	folder->skipped = mc_xgrow(folder->skipped, folder->n_skipped,
	    &folder->skipped_cap, sizeof(*folder->skipped));
	s = &folder->skipped[folder->n_skipped++];
	s->path = mc_xstrdup(path);
	s->relative = relative;
	s->why = why;
	s->kind = kind;
}

bool
mc_folder_is_hidden(const char *name)
{
	return name[0] == '.' || strcmp(name, "__MACOSX") == 0;
}

char *
mc_folder_join(const char *dir, const char *name)
{
	return mc_xasprintf("%s%s%s", dir, strcmp(dir, "/") == 0 ? "" : "/",
	    name);
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names of the entries of LEVEL. */
static enum mc_status
read_names(struct level *level, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	struct dirent *e;
	size_t cap = 0;
	DIR *d = opendir(level->path);

	if (d == NULL)
		return mc_err_errno(err, "%s", level->path);
	while (errno = 0, (e = readdir(d)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		level->name = mc_xgrow(level->name, level->n, &cap,
		    sizeof(*level->name));
		level->name[level->n++] = mc_xstrdup(e->d_name);
	}
	if (errno != 0)
		status = mc_err_errno(err, "%s: cannot read this folder",
		    level->path);
	closedir(d);
	if (level->n > 0)
		qsort(level->name, level->n, sizeof(*level->name),
		    compare_names);
	return status;
}

/* The kind of the file at PATH. */
static enum mc_status
look_inside(const char *path, const struct mc_kind **kind, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	FILE *f = mc_file_open(path, err);
	char head[MC_KIND_HEAD];
	size_t n;

	*kind = NULL;
	if (f == NULL)
		return err->status;
	n = fread(head, 1, sizeof(head), f);
	if (ferror(f))
		status = mc_err_errno(err, "%s", path);
	else
		*kind = mc_kind_of(head, n, path);
	fclose(f);
	return status;
}

static enum mc_status
add_image(struct mc_folder *folder, const char *path, size_t relative,
    struct mc_err *err)
{
	const char *name = strrchr(path, '/') + 1;
	const char *extension = mc_kind_extension(name);
	struct mc_image_file *f;

	if (!mc_tsv_field_ok(path))
		return mc_err_set(err, MC_EDATA, "%s: a TAB, a line break or "
		    "bytes that are not UTF-8 in this name: rename it",
		    path);
	folder->image = mc_xgrow(folder->image, folder->n, &folder->cap,
	    sizeof(*folder->image));
	f = &folder->image[folder->n++];
	memset(f, 0, sizeof(*f));
	f->path = mc_xstrdup(path);
	f->relative = relative;
	f->base = (size_t)(name - path);
	f->end = extension == NULL ? strlen(path) : (size_t)(extension - path);
	return MC_OK;
}

bool
mc_folder_includes(const struct mc_folder *folder, const char *relative)
{
	return folder->include == NULL ||
	    mc_glob_find(folder->include, relative) != NULL;
}

const char *
mc_folder_mask_path(const struct mc_folder *folder, const char *path,
    size_t relative)
{
	size_t start = relative;

	if (folder->several && start > 1) {
		for (start--; start > 0 && path[start - 1] != '/'; start--)
			;
	}
	return path + start;
}

static enum mc_status
add_volume(struct mc_folder *folder, const char *path, size_t relative,
    const struct mc_kind *kind, struct mc_err *err)
{
	enum mc_status status;

	if (mc_glob_find(folder->mask, mc_folder_mask_path(folder, path,
	    relative)) != NULL) {
		skip(folder, path, relative, MC_SKIP_MASK, kind);
		return MC_OK;
	}
	if (strchr(path, '|') != NULL)
		return mc_err_set(err, MC_EDATA, "%s: \"|\" in this name, "
		    "which is between the channels of a slice: rename it",
		    path);
	status = add_image(folder, path, relative, err);
	if (status == MC_OK)
		folder->image[folder->n - 1].volume = true;
	return status;
}

static enum mc_status
add_file(struct mc_folder *folder, const char *path, size_t relative,
    struct mc_err *err)
{
	const struct mc_kind *kind;
	enum mc_status status = look_inside(path, &kind, err);

	if (status != MC_OK)
		return status;
	if (folder->volumes && kind != NULL && kind->volume)
		return add_volume(folder, path, relative, kind, err);
	if (!mc_folder_includes(folder, path + relative)) {
		skip(folder, path, relative, MC_SKIP_EXCLUDED, NULL);
		return MC_OK;
	}
	if (mc_scan_reads(kind) || (kind != NULL && kind->extension != NULL)) {
		status = add_image(folder, path, relative, err);
		if (status == MC_OK)
			folder->image[folder->n - 1].scan =
			    mc_scan_reads(kind);
		return status;
	}
	skip(folder, path, relative, kind != NULL && kind->image ?
	    MC_SKIP_UNREADABLE : mc_kind_extension(path) != NULL ?
	    MC_SKIP_FALSE_IMAGE : MC_SKIP_OTHER, kind);
	return MC_OK;
}

/* Whether the file at PATH is to be left out unopened: not if it may be a mask. */
static bool
is_excluded(const struct mc_folder *folder, const char *path, size_t relative)
{
	if (mc_glob_find(folder->exclude, path + relative) != NULL)
		return true;
	return !mc_folder_includes(folder, path + relative) &&
	    !(folder->volumes && mc_glob_find(folder->mask,
	    mc_folder_mask_path(folder, path, relative)) != NULL);
}

/* Why the entry at PATH cannot be looked at. */
static enum mc_status
no_entry(const char *path, struct mc_err *err)
{
	int why = errno;
	struct stat st;

	if ((why == ENOENT || why == ELOOP) && lstat(path, &st) == 0 && S_ISLNK(st.st_mode))
		return mc_err_set(err, MC_EDATA, "%s: a broken link: fetch its "
		    "target, or remove it", path);
	errno = why;
	return mc_err_errno(err, "%s", path);
}

static bool
is_loop(const struct level *level, const struct stat *st)
{
	while (level != NULL && (level->st.st_dev != st->st_dev ||
	    level->st.st_ino != st->st_ino))
		level = level->up;
	return level != NULL;
}

static enum mc_status	scan(struct mc_folder *folder, struct level *level,
			    size_t relative, struct mc_err *err);

/* Read the folder PATH, which lies in UP. */
static enum mc_status
enter(struct mc_folder *folder, const struct level *up, const char *path,
    const struct stat *st, size_t relative, struct mc_err *err)
{
	struct level level = { .up = up, .path = path, .st = *st,
	    .copy = up->copy };
	enum mc_status status = MC_OK;

	if (up->up == NULL)
		status = mc_folder_is_copy(up->path, up->name, up->n, path,
		    &level.copy, err);
	if (status != MC_OK)
		return status;
	if (level.copy && folder->copy == NULL)
		folder->copy = mc_xstrdup(path);
	return scan(folder, &level, relative, err);
}

/* Take the entry of LEVEL at PATH. */
static enum mc_status
visit(struct mc_folder *folder, const struct level *level, const char *path,
    size_t relative, struct mc_err *err)
{
	struct stat st;
	bool excluded;

	if (mc_folder_is_hidden(strrchr(path, '/') + 1)) {
		skip(folder, path, relative, MC_SKIP_HIDDEN, NULL);
		return MC_OK;
	}
	excluded = is_excluded(folder, path, relative);
	if (stat(path, &st) != 0) {
		if (!excluded)
			return no_entry(path, err);
		skip(folder, path, relative, MC_SKIP_EXCLUDED, NULL);
		return MC_OK;
	}
	if (S_ISDIR(st.st_mode) && !is_loop(level, &st))
		return enter(folder, level, path, &st, relative, err);
	if (S_ISDIR(st.st_mode))
		skip(folder, path, relative, MC_SKIP_LOOP, NULL);
	else if (level->copy)
		skip(folder, path, relative, MC_SKIP_COPY, NULL);
	else if (excluded)
		skip(folder, path, relative, MC_SKIP_EXCLUDED, NULL);
	else if (!S_ISREG(st.st_mode))
		skip(folder, path, relative, MC_SKIP_SPECIAL, NULL);
	else
		return add_file(folder, path, relative, err);
	return MC_OK;
}

/* Take all that is in LEVEL, and free what it holds. */
static enum mc_status
scan(struct mc_folder *folder, struct level *level, size_t relative,
    struct mc_err *err)
{
	enum mc_status status = read_names(level, err);
	size_t i;

	for (i = 0; i < level->n; i++) {
		char *path = mc_folder_join(level->path, level->name[i]);

		if (status == MC_OK)
			status = visit(folder, level, path, relative, err);
		free(path);
	}
	for (i = 0; i < level->n; i++)
		free(level->name[i]);
	free(level->name);
	return status;
}

enum mc_status
mc_folder_scan(struct mc_folder *folder, const char *dir, struct mc_err *err)
{
	struct level top = { 0 };
	char *root = mc_xstrdup(dir);
	size_t n = strlen(root);
	enum mc_status status;

	while (n > 1 && root[n - 1] == '/')
		root[--n] = '\0';
	top.path = root;
	if (stat(root, &top.st) != 0)
		status = no_entry(root, err);
	else if (!S_ISDIR(top.st.st_mode))
		status = mc_err_set(err, MC_EIO, "%s: not a folder", dir);
	else
		status = scan(folder, &top, strcmp(root, "/") == 0 ? 1 : n + 1,
		    err);
	free(root);
	return status;
}

void
mc_folder_free(struct mc_folder *folder)
{
	size_t i;

	for (i = 0; i < folder->n; i++)
		free(folder->image[i].path);
	for (i = 0; i < folder->n_skipped; i++)
		free(folder->skipped[i].path);
	free(folder->image);
	free(folder->skipped);
	free(folder->copy);
	memset(folder, 0, sizeof(*folder));
}
