/* folder.c - which images lie in a folder: fts(3), and the first bytes. */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fts.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "table/folder.h"
#include "table/tsv.h"

/* The bytes that a file of each kind has at an offset. */
static const struct {
	const char *bytes;
	size_t n, offset;
} magics[] = {
	{ "\xFF\xD8\xFF", 3, 0 },		/* JPEG */
	{ "\x89PNG\r\n\x1A\n", 8, 0 },
	{ "II*\0", 4, 0 }, { "MM\0*", 4, 0 },	/* TIFF */
	{ "II+\0", 4, 0 }, { "MM\0+", 4, 0 },	/* BigTIFF */
	{ "WEBP", 4, 8 },
	{ "DICM", 4, 128 },
	{ "n+1\0", 4, 344 },			/* NIfTI-1 */
	{ "n+2\0", 4, 4 },			/* NIfTI-2 */
};
#define HEAD_SIZE 348

/* What an image may be called; .nii.gz first, since one dot is not enough. */
static const char *const extensions[] = {
	".nii.gz", ".jpg", ".jpeg", ".jpe", ".png", ".tif", ".tiff", ".webp",
	".dcm", ".nii", ".bmp", ".gif"
};

const char *
mc_image_extension(const char *name)
{
	size_t n = strlen(name), i, m;

	for (i = 0; i < sizeof(extensions) / sizeof(extensions[0]); i++) {
		m = strlen(extensions[i]);
		if (n > m && strcasecmp(name + n - m, extensions[i]) == 0)
			return name + n - m;
	}
	return NULL;
}

/* Whether the file at PATH is an image, EXTENSION its own or NULL. */
static enum mc_status
look_inside(const char *path, const char *extension, bool *image,
    struct mc_err *err)
{
	char head[HEAD_SIZE];
	FILE *f = fopen(path, "rb");
	size_t n, i;
	bool failed;

	*image = false;
	if (f == NULL)
		return mc_err_errno(err, "%s", path);
	n = fread(head, 1, sizeof(head), f);
	failed = ferror(f) != 0;
	if (failed)
		mc_err_errno(err, "%s", path);
	fclose(f);
	if (failed)
		return MC_EIO;
	for (i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
		if (n >= magics[i].offset + magics[i].n &&
		    memcmp(head + magics[i].offset, magics[i].bytes,
		    magics[i].n) == 0)
			*image = true;
	}
	/* Old DICOM files have no magic, and compressed NIfTI hides it. */
	if (extension != NULL && n > 0 && (strcasecmp(extension, ".dcm") == 0 ||
	    strcasecmp(extension, ".nii.gz") == 0))
		*image = true;
	return MC_OK;
}

static void
name_first(struct mc_folder *folder, enum mc_skip why, const char *path)
{
	if (folder->first_skipped[why] == NULL)
		folder->first_skipped[why] = mc_xstrdup(path);
}

static void
skip(struct mc_folder *folder, enum mc_skip why, const char *path)
{
	name_first(folder, why, path);
	folder->skipped[why]++;
}

static bool
is_folder(const char *dir, const char *name, const char *name2)
{
	char *path = mc_xasprintf("%s/%s/%s", dir, name, name2);
	struct stat st;
	bool yes = stat(path, &st) == 0 && S_ISDIR(st.st_mode);

	free(path);
	return yes;
}

static bool
is_hidden(const char *name)
{
	return name[0] == '.' || strcmp(name, "__MACOSX") == 0;
}

/* Whether the folder NAME within DIR is a second copy of DIR. */
static bool
is_copy(const char *dir, const char *name)
{
	char *real = realpath(dir, NULL);
	const char *dir_name = real == NULL ? dir : strrchr(real, '/') + 1;
	struct dirent *e;
	size_t others = 0;
	bool all = true;
	DIR *d = opendir(dir);

	while (all && d != NULL && (e = readdir(d)) != NULL) {
		if (is_hidden(e->d_name) || strcmp(e->d_name, name) == 0 ||
		    !is_folder(dir, e->d_name, "."))
			continue;
		others++;
		all = is_folder(dir, name, e->d_name);
	}
	all = all && (others > 1 ||
	    (others == 1 && strcmp(name, dir_name) == 0));
	if (d != NULL)
		closedir(d);
	free(real);
	return all;
}

static enum mc_status
add_file(struct mc_folder *folder, const char *path, size_t dir_len,
    struct mc_err *err)
{
	const char *name = strrchr(path, '/') + 1, *extension;
	struct mc_image_file *f;
	enum mc_status status;
	bool image;

	extension = mc_image_extension(name);
	status = look_inside(path, extension, &image, err);
	if (status != MC_OK)
		return status;
	if (!image) {
		skip(folder, extension != NULL ? MC_SKIP_FALSE_IMAGE :
		    MC_SKIP_OTHER, path);
		return MC_OK;
	}
	if (!mc_tsv_field_ok(path))
		return mc_err_set(err, MC_EDATA, "%s: a TAB, a line's end or "
		    "bytes that are not UTF-8 stand in this name: rename it",
		    path);
	folder->image = mc_xgrow(folder->image, folder->n, &folder->cap,
	    sizeof(*folder->image));
	f = &folder->image[folder->n++];
	f->path = mc_xstrdup(path);
	f->relative = dir_len + 1;
	f->base = (size_t)(name - path);
	f->end = extension == NULL ? strlen(path) : (size_t)(extension - path);
	return MC_OK;
}

/*
 * fts_number of a folder is 1 + the reason to skip what is in it, or 0; its
 * files and folders take it over.
 */
static long
reason(const char *dir, const FTSENT *e)
{
	if (e->fts_level == FTS_ROOTLEVEL)
		return 0;
	if (e->fts_parent->fts_number != 0)
		return e->fts_parent->fts_number;
	if (is_hidden(e->fts_name))
		return 1 + MC_SKIP_HIDDEN;
	if (e->fts_info == FTS_D && e->fts_level == 1 &&
	    is_copy(dir, e->fts_name))
		return 1 + MC_SKIP_COPY;
	return 0;
}

static enum mc_status
visit(struct mc_folder *folder, const char *dir, FTSENT *e, struct mc_err *err)
{
	long why = reason(dir, e);
	size_t dir_len = strlen(dir);

	switch (e->fts_info) {
	case FTS_D:
		e->fts_number = why;
		if (why == 1 + MC_SKIP_COPY && e->fts_level == 1)
			name_first(folder, MC_SKIP_COPY, e->fts_path);
		return MC_OK;
	case FTS_DP:
		return MC_OK;
	case FTS_DC:
		skip(folder, MC_SKIP_LOOP, e->fts_path);
		return MC_OK;
	case FTS_DNR:
	case FTS_ERR:
	case FTS_NS:
		errno = e->fts_errno;
		return mc_err_errno(err, "%s", e->fts_path);
	default:
		break;
	}
	if (why != 0) {
		skip(folder, (enum mc_skip)(why - 1), e->fts_path);
		return MC_OK;
	}
	if (e->fts_level == FTS_ROOTLEVEL)
		return mc_err_set(err, MC_EIO, "%s: not a folder", dir);
	if (e->fts_info == FTS_SLNONE &&
	    mc_image_extension(e->fts_name) != NULL)
		return mc_err_set(err, MC_EDATA, "%s: a link that leads "
		    "nowhere: fetch the file or remove the link", e->fts_path);
	if (e->fts_info != FTS_F) {
		skip(folder, MC_SKIP_OTHER, e->fts_path);
		return MC_OK;
	}
	if (dir[dir_len - 1] == '/')	/* the root */
		dir_len--;
	return add_file(folder, e->fts_path, dir_len, err);
}

static int
compare_entries(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

enum mc_status
mc_folder_scan(struct mc_folder *folder, const char *dir, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	char *root = mc_xstrdup(dir), *roots[] = { root, NULL };
	size_t n = strlen(root);
	FTSENT *e;
	FTS *fts;

	while (n > 1 && root[n - 1] == '/')
		root[--n] = '\0';
	fts = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, compare_entries);
	if (fts == NULL) {
		status = mc_err_errno(err, "%s", dir);
		free(root);
		return status;
	}
	while (status == MC_OK && (errno = 0, e = fts_read(fts)) != NULL)
		status = visit(folder, root, e, err);
	if (status == MC_OK && errno != 0)
		status = mc_err_errno(err, "%s", dir);
	fts_close(fts);
	free(root);
	return status;
}

void
mc_folder_free(struct mc_folder *folder)
{
	size_t i;

	for (i = 0; i < folder->n; i++)
		free(folder->image[i].path);
	for (i = 0; i < MC_SKIPS; i++)
		free(folder->first_skipped[i]);
	free(folder->image);
	memset(folder, 0, sizeof(*folder));
}
