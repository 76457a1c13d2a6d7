/*
 * mc-index - write the manifest of the images in folders.
 *
 * The folders say what class an image is of and which split it was given; the
 * path, or a table of metadata, says whose image it is.
 */
#include "config.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/hash.h"
#include "base/kind.h"
#include "base/mem.h"
#include "base/names.h"
#include "base/num.h"
#include "table/csv.h"
#include "table/folder.h"
#include "tool.h"

struct options {
	struct mc_common common;
	const char *group;
	const char *group_column;
	const char *join;
	const char *key;
	const char *label;
	const char *one_hot;
	const char *split;
};

static const struct mc_opt table[] = {
	{ "group", 0, "REGEX", "take the group from what REGEX matches in the "
	    "path",
	    MC_STRING, offsetof(struct options, group), 0, 0, NULL },
	{ "group-column", 0, "COLUMN", "take the group from COLUMN of --join",
	    MC_STRING, offsetof(struct options, group_column), 0, 0, NULL },
	{ "join", 0, "FILE", "metadata: a CSV or TSV with one row per image",
	    MC_INPUT, offsetof(struct options, join), 0, 0, NULL },
	{ "key", 0, "COLUMN", "column of --join with the image's name or id",
	    MC_STRING,
	    offsetof(struct options, key), 0, 0, NULL },
	{ "label", 0, "COLUMN", "take the label from COLUMN of --join",
	    MC_STRING,
	    offsetof(struct options, label), 0, 0, NULL },
	{ "one-hot", 0, "LIST", "take the label from the one of these columns "
	    "of --join that is 1", MC_STRING, offsetof(struct options, one_hot),
	    0, 0, NULL },
	{ "split-column", 0, "COLUMN", "take the split from COLUMN of --join",
	    MC_STRING, offsetof(struct options, split), 0, 0, NULL },
	{ 0 }
};

static const struct mc_prog prog = {
	"mc-index", "[OPTION]... DIR...",
	"Write the manifest of the images in folders.", table, false
};

/* A group of fewer images is no surprise. */
#define LARGE 20

/* The manifest's columns that this program writes, in this order. */
enum { ID, PATH, LABEL, GROUP, SPLIT, SHA256, OWN };
static const char *const own[OWN] = {
	"id", "path", "label", "group", "split", "sha256"
};

#define NO_ROW SIZE_MAX

struct image {
	const struct mc_image_file *file;
	char *text[OWN];	/* the manifest's fields; path is file's */
	size_t row;		/* of the metadata, or NO_ROW */
};

/* Whether the labels come from --join, and not from the folders. */
static bool
is_labelled(const struct options *o)
{
	return o->label != NULL || o->one_hot != NULL;
}

/* The table given with --join; its columns, -1 where not asked for. */
struct metadata {
	struct mc_table *t;	/* NULL: there is none */
	int key, label, group, split;
	int *hot;		/* the columns of --one-hot */
	size_t hots;
	size_t *passed;		/* the columns that pass through */
	size_t n_passed;
};

struct index {
	struct mc_folder folder;
	struct image *image;
	size_t n;
	struct metadata meta;
};

/* --- Folders -------------------------------------------------------------- */

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
		[MC_SKIP_COPY] = "for its folder is a second copy of the one "
		    "that it lies in",
		[MC_SKIP_UNREADABLE] = ", which mctools does not read",
		[MC_SKIP_FALSE_IMAGE] = "called an image, but ",
		[MC_SKIP_LOOP] = "a link to a folder that it lies in",
		[MC_SKIP_SPECIAL] = "a pipe, a socket or a device",
		[MC_SKIP_OTHER] = "no image"
	};
	const char *kind = s->kind != NULL ? s->kind->name :
	    "empty or of no known kind";

	text->len = 0;
	mc_buf_printf(text, "%s%s%s", s->why == MC_SKIP_UNREADABLE ? kind : "",
	    why[s->why], s->why == MC_SKIP_FALSE_IMAGE ? kind : "");
	if ((s->why == MC_SKIP_UNREADABLE || s->why == MC_SKIP_FALSE_IMAGE) &&
	    s->kind != NULL)
		mc_buf_printf(text, ": %s", s->kind->advice);
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

/* A line for each heap, but one with -v for each file that is no copy. */
static void
warn_skipped(const struct mc_folder *f)
{
	struct mc_buf text = { 0 };
	struct heap *heaps;
	size_t n = sort_skipped(f, &heaps), i;

	for (i = 0; i < n; i++) {
		const struct mc_skipped_file *s = heaps[i].first;

		explain(s, &text);
		if (s->why == MC_SKIP_COPY)
			tool_warn("%zu file%s skipped, for this folder is a "
			    "second copy of the one that it lies in: %s",
			    heaps[i].n, heaps[i].n == 1 ? "" : "s", f->copy);
		else if (s->why != MC_SKIP_OTHER)
			tool_warn("%zu file%s skipped: %s: %s%s", heaps[i].n,
			    heaps[i].n == 1 ? "" : "s", text.data, s->path,
			    heaps[i].n == 1 ? "" : " and others");
	}
	for (i = 0; i < f->n_skipped; i++) {
		explain(&f->skipped[i], &text);
		if (f->skipped[i].why != MC_SKIP_COPY)
			tool_say("skipped: %s: %s", f->skipped[i].path,
			    text.data);
	}
	free(heaps);
	mc_buf_free(&text);
}

/* The name of a split that NAME, of N bytes, may be called by, or NULL. */
static const char *
split_name(const char *name, size_t n)
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

	*split = slash == NULL ? NULL : split_name(at, (size_t)(slash - at));
	if (*split != NULL) {
		at = slash + 1;
		slash = strchr(at, '/');
	}
	*start = (size_t)(at - relative);
	return slash == NULL ? 0 : (size_t)(slash - at);
}

/*
 * Split and label from the folders between DIR and the image.  LABELLED: the
 * label will come from elsewhere.
 */
static enum mc_status
read_folders(struct image *image, bool labelled, struct mc_err *err)
{
	const char *at = image->file->path + image->file->relative;
	const char *split, *below, *inner;
	size_t start, n = find_class(at, &start, &split);

	image->text[SPLIT] = mc_xstrdup(split == NULL ? "" : split);
	image->text[LABEL] = mc_xstrndup(at + start, n);
	below = at + start + n + (n > 0);
	inner = n == 0 ? NULL : strchr(below, '/');
	if (!labelled && split == NULL && inner != NULL &&
	    split_name(below, (size_t)(inner - below)) != NULL)
		return mc_err_set(err, MC_EDATA, "%s: a split's folder within "
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
			status = mc_err_set(err, MC_EDATA, "%s: not one image "
			    "of this class can be read, such as %s: %s", class,
			    s->path, why.data);
		}
		free(class);
	}
	mc_buf_free(&why);
	mc_names_free(good);
	return status;
}

/* --- Ids ------------------------------------------------------------------ */

static int
compare_images(const void *a, const void *b)
{
	const struct image *x = a, *y = b;
	int order = strcmp(x->text[ID], y->text[ID]);

	return order != 0 ? order : strcmp(x->file->path, y->file->path);
}

/*
 * The id is the path in its folder without the extension; images that differ
 * in nothing else keep theirs.
 */
static enum mc_status
make_ids(struct index *x, struct mc_err *err)
{
	const struct mc_image_file *f;
	size_t i, j, end;

	for (i = 0; i < x->n; i++) {
		f = x->image[i].file;
		x->image[i].text[ID] = mc_xstrndup(f->path + f->relative,
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
			x->image[j].text[ID] = mc_xstrdup(f->path +
			    f->relative);
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

static enum mc_status
no_image(const struct mc_folder *f, char **dirs, struct mc_err *err)
{
	const char *others = dirs[1] == NULL ? "" : ", nor in the others";
	struct mc_buf why = { 0 };
	size_t i = 0;

	while (i < f->n_skipped && !was_image(&f->skipped[i]))
		i++;
	if (i == f->n_skipped)
		return mc_err_set(err, MC_EDATA, "%s: no image in it%s",
		    dirs[0], others);
	explain(&f->skipped[i], &why);
	mc_err_set(err, MC_EDATA, "%s: no image in it that can be read%s: "
	    "%s: %s", dirs[0], others, f->skipped[i].path, why.data);
	mc_buf_free(&why);
	return MC_EDATA;
}

static enum mc_status
find_images(struct index *x, char **dirs, bool labelled, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	char **dir;
	size_t i;

	for (dir = dirs; *dir != NULL && status == MC_OK; dir++)
		status = mc_folder_scan(&x->folder, *dir, err);
	if (status != MC_OK)
		return status;
	warn_skipped(&x->folder);
	if (!labelled)
		status = check_classes(&x->folder, err);
	if (status != MC_OK)
		return status;
	if (x->folder.n == 0)
		return no_image(&x->folder, dirs, err);
	x->n = x->folder.n;
	x->image = mc_xcalloc(x->n, sizeof(*x->image));
	for (i = 0; i < x->n; i++) {
		x->image[i].file = &x->folder.image[i];
		x->image[i].row = NO_ROW;
	}
	return make_ids(x, err);
}

/* --- Groups --------------------------------------------------------------- */

static enum mc_status
find_groups(struct index *x, const char *expression, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	size_t i, missed = 0, first = 0;
	char why[256];
	regmatch_t m;
	regex_t re;
	int failed;

	failed = regcomp(&re, expression, REG_EXTENDED);
	if (failed != 0) {
		regerror(failed, &re, why, sizeof(why));
		return mc_err_set(err, MC_EUSAGE, "--group: \"%s\" is no POSIX "
		    "extended regular expression: %s", expression, why);
	}
	for (i = 0; i < x->n; i++) {
		const struct mc_image_file *f = x->image[i].file;
		const char *path = f->path + f->relative;

		if (regexec(&re, path, 1, &m, 0) != 0 || m.rm_so == m.rm_eo) {
			first = missed++ == 0 ? i : first;
			continue;
		}
		x->image[i].text[GROUP] = mc_xstrndup(path + m.rm_so,
		    (size_t)(m.rm_eo - m.rm_so));
	}
	if (missed > 0 && missed == x->n)
		status = mc_err_set(err, MC_EDATA, "%s: --group matches "
		    "nothing in the path, nor in that of any other image: it "
		    "is a POSIX extended regular expression, in which a digit "
		    "is [0-9] and not \\d", x->image[first].file->path);
	else if (missed > 0)
		status = mc_err_set(err, MC_EDATA, "%s: --group matches "
		    "nothing in the path (%zu such image%s): give it an "
		    "alternative for such names", x->image[first].file->path,
		    missed, missed == 1 ? "" : "s");
	regfree(&re);
	return status;
}

/* --- Metadata ------------------------------------------------------------- */

/* The index of the column NAME of the metadata; -1 where NAME is NULL. */
static enum mc_status
find_column(const struct metadata *m, const char *name, int *column,
    struct mc_err *err)
{
	*column = -1;
	if (name == NULL)
		return MC_OK;
	return mc_table_bind(m->t, &name, 1, 1, column, err);
}

static enum mc_status
find_one_hot(struct metadata *m, const char *list, struct mc_err *err)
{
	enum mc_status status;
	char **item;

	m->hots = mc_split_commas(list, &item);
	m->hot = mc_xcalloc(m->hots, sizeof(*m->hot));
	status = mc_table_bind(m->t, (const char *const *)item, m->hots,
	    m->hots, m->hot, err);
	free(item);
	return status;
}

static bool
is_own(const char *name)
{
	size_t i;

	for (i = 0; i < OWN; i++) {
		if (strcmp(own[i], name) == 0)
			return true;
	}
	return strcmp(name, "fold") == 0 || strcmp(name, "unit") == 0;
}

static void
warn_left_out(const struct metadata *m, const struct mc_buf *list,
    const char *why)
{
	if (list->len > 0)
		tool_warn("%s: left out, since %s: %s", mc_table_name(m->t), why,
		    list->data);
}

/*
 * All columns pass through, but those that are called like one of the
 * manifest's, which may have been asked for, or like another.
 */
static void
choose_passed(struct metadata *m)
{
	struct mc_buf taken = { 0 }, repeated = { 0 }, *list;
	size_t n = mc_table_columns(m->t), i;

	m->passed = mc_xcalloc(n, sizeof(*m->passed));
	for (i = 0; i < n; i++) {
		const char *name = mc_table_column(m->t, i);
		int c = (int)i;

		if (!is_own(name) && !mc_table_repeats(m->t, i)) {
			m->passed[m->n_passed++] = i;
			continue;
		}
		if (c == m->key || c == m->label || c == m->group ||
		    c == m->split)
			continue;
		list = is_own(name) ? &taken : &repeated;
		mc_buf_printf(list, "%s%s", list->len > 0 ? ", " : "", name);
	}
	warn_left_out(m, &taken, "the manifest has such columns (see --label, "
	    "--group-column, --split-column)");
	warn_left_out(m, &repeated, "the name is there twice");
	mc_buf_free(&taken);
	mc_buf_free(&repeated);
}

static enum mc_status
read_metadata(struct metadata *m, const struct options *o, struct mc_err *err)
{
	enum mc_status status;

	status = mc_csv_read(&m->t, o->join, err);
	if (status == MC_OK)
		status = find_column(m, o->key, &m->key, err);
	if (status == MC_OK)
		status = find_column(m, o->label, &m->label, err);
	if (status == MC_OK)
		status = find_column(m, o->group_column, &m->group, err);
	if (status == MC_OK)
		status = find_column(m, o->split, &m->split, err);
	if (status == MC_OK && o->one_hot != NULL)
		status = find_one_hot(m, o->one_hot, err);
	if (status == MC_OK)
		choose_passed(m);
	return status;
}

/* The keys of the metadata, and what an image's folder is called. */
struct keys {
	struct mc_names *whole;	/* as they are, numbered as the rows */
	struct mc_names *bare;	/* without "./" and an image's extension */
	size_t *row;		/* of each bare key; NO_ROW: of several rows */
	char *dir, *dir_name;	/* a DIR, and its last component */
};

/* TEXT without "./" before it and an image's extension behind it. */
static char *
bare_key(const char *text)
{
	const char *base, *extension;

	while (strncmp(text, "./", 2) == 0)
		text += 2;
	base = strrchr(text, '/');
	extension = mc_kind_extension(base != NULL ? base + 1 : text);
	return mc_xstrndup(text, extension != NULL ?
	    (size_t)(extension - text) : strlen(text));
}

static enum mc_status
number_keys(const struct metadata *m, struct keys *keys, struct mc_err *err)
{
	size_t rows = mc_table_rows(m->t), row, first, known;
	char *bare;

	keys->whole = mc_names_alloc();
	keys->bare = mc_names_alloc();
	keys->row = mc_xcalloc(rows, sizeof(*keys->row));
	for (row = 0; row < rows; row++) {
		const char *key = mc_table_get(m->t, row, (size_t)m->key);

		first = mc_names_add(keys->whole, key);
		if (first != row || *key == '\0')
			return mc_err_at(err, MC_EDATA, mc_table_name(m->t),
			    mc_table_line(m->t, row), *key == '\0' ?
			    "the key is empty" : "the key \"%s\" stands in "
			    "line %lld too: keep one row of each", key,
			    (long long)mc_table_line(m->t, first));
		known = mc_names_count(keys->bare);
		bare = bare_key(key);
		first = mc_names_copy(keys->bare, bare);
		free(bare);
		keys->row[first] = first == known ? row : NO_ROW;
	}
	return MC_OK;
}

static void
free_keys(struct keys *keys)
{
	mc_names_free(keys->whole);
	mc_names_free(keys->bare);
	free(keys->row);
	free(keys->dir);
	free(keys->dir_name);
}

/* Remember the folder of F: its name is that of what "." and links lead to. */
static void
enter_dir(struct keys *keys, const struct mc_image_file *f)
{
	size_t n = f->relative - 1;
	char *real, *base;

	if (keys->dir != NULL && strlen(keys->dir) == n &&
	    strncmp(keys->dir, f->path, n) == 0)
		return;
	free(keys->dir);
	free(keys->dir_name);
	keys->dir = mc_xstrndup(f->path, n);
	real = realpath(n > 0 ? keys->dir : "/", NULL);
	base = real == NULL ? NULL : strrchr(real, '/');
	keys->dir_name = mc_xstrdup(base != NULL ? base + 1 : keys->dir);
	free(real);
}

/*
 * The row for IMAGE: by its id, its path in DIR, that behind DIR's name, its
 * file's name, or by these without the extension, which the keys may have too.
 */
static size_t
find_row(const struct image *image, struct keys *keys)
{
	const struct mc_image_file *f = image->file;
	const char *below = f->path + f->relative;
	const char *names[] = { image->text[ID], below, f->path + f->base,
	    NULL };
	char *behind, *bare[3];
	size_t row = MC_NO_NAME, i, n;

	enter_dir(keys, f);
	names[3] = behind = mc_xasprintf("%s/%s", keys->dir_name, below);
	for (i = 0; i < 4 && row == MC_NO_NAME; i++)
		row = mc_names_find(keys->whole, names[i]);
	bare[0] = mc_xstrndup(below, f->end - f->relative);
	bare[1] = mc_xstrndup(behind, strlen(behind) - strlen(f->path +
	    f->end));
	bare[2] = mc_xstrndup(f->path + f->base, f->end - f->base);
	for (i = 0; i < 3; i++) {
		n = row != MC_NO_NAME ? MC_NO_NAME :
		    mc_names_find(keys->bare, bare[i]);
		if (n != MC_NO_NAME && keys->row[n] != NO_ROW)
			row = keys->row[n];
		free(bare[i]);
	}
	free(behind);
	return row == MC_NO_NAME ? NO_ROW : row;
}

/* IMAGE, and MISSED images, have no row; OWNER says which rows have one. */
static enum mc_status
no_row(const struct index *x, struct keys *keys, const struct image *image,
    size_t missed, struct image *const *owner, struct mc_err *err)
{
	const struct mc_image_file *f = image->file;
	const struct metadata *m = &x->meta;
	size_t rows = mc_table_rows(m->t), row, shown = 0;
	struct mc_buf there = { 0 };

	for (row = 0; row < rows && shown < 3; row++) {
		if (owner[row] == NULL)
			mc_buf_printf(&there, "%s\"%s\"", shown++ > 0 ? ", " :
			    ": there are ", mc_table_get(m->t, row,
			    (size_t)m->key));
	}
	enter_dir(keys, f);
	mc_err_set(err, MC_EDATA, "%s: no row for it in %s (%zu such image%s): "
	    "column \"%s\" has none of \"%s\", \"%s/%s\" and \"%s\", with or "
	    "without extension%s", f->path, mc_table_name(m->t), missed,
	    missed == 1 ? "" : "s", mc_table_column(m->t, (size_t)m->key),
	    f->path + f->relative, keys->dir_name, f->path + f->relative,
	    f->path + f->base, there.len > 0 ? there.data :
	    ": every row has another image");
	mc_buf_free(&there);
	return MC_EDATA;
}

/* Find the row of each image; no row may serve two. */
static enum mc_status
match_rows(struct index *x, struct keys *keys, struct mc_err *err)
{
	size_t rows = mc_table_rows(x->meta.t), i, missed = 0, first = 0;
	struct image **owner = mc_xcalloc(rows, sizeof(struct image *));
	const char *name = mc_table_name(x->meta.t);
	enum mc_status status = MC_OK;

	for (i = 0; i < x->n && status == MC_OK; i++) {
		struct image *image = &x->image[i];

		image->row = find_row(image, keys);
		if (image->row == NO_ROW)
			first = missed++ == 0 ? i : first;
		else if (owner[image->row] != NULL)
			status = mc_err_at(err, MC_EDATA, name,
			    mc_table_line(x->meta.t, image->row), "this row "
			    "is for %s and for %s: use the id as key",
			    owner[image->row]->file->path, image->file->path);
		else
			owner[image->row] = image;
	}
	if (status == MC_OK && missed > 0)
		status = no_row(x, keys, &x->image[first], missed, owner, err);
	for (i = rows, missed = 0; i-- > 0;) {
		if (owner[i] == NULL) {
			missed++;
			first = i;
		}
	}
	if (status == MC_OK && missed > 0)
		tool_warn("%s:%lld: no image for this row (%zu such row%s)",
		    name, (long long)mc_table_line(x->meta.t, first), missed,
		    missed == 1 ? "" : "s");
	free(owner);
	return status;
}

/* The name of the one-hot column that is 1 in ROW. */
static enum mc_status
read_one_hot(const struct metadata *m, size_t row, const char **label,
    struct mc_err *err)
{
	enum mc_status status;
	size_t i, ones = 0;
	double v;

	*label = "";
	for (i = 0; i < m->hots; i++) {
		status = mc_table_f64(m->t, row, (size_t)m->hot[i], 0, 1, &v,
		    err);
		if (status != MC_OK)
			return status;
		if (v != 0) {
			*label = mc_table_column(m->t, (size_t)m->hot[i]);
			ones += v == 1 ? 1 : 2;
		}
	}
	if (ones != 1)
		return mc_err_at(err, MC_EDATA, mc_table_name(m->t),
		    mc_table_line(m->t, row),
		    "not exactly one of the columns of --one-hot is 1");
	return MC_OK;
}

static void
replace(char **text, const char *with)
{
	free(*text);
	*text = mc_xstrdup(with);
}

/* Put what the metadata say of IMAGE into its fields. */
static enum mc_status
take_row(struct image *image, const struct metadata *m, struct mc_err *err)
{
	enum mc_status status;
	const char *text, *split;

	if (m->label >= 0)
		replace(&image->text[LABEL], mc_table_get(m->t, image->row,
		    (size_t)m->label));
	if (m->hots > 0) {
		status = read_one_hot(m, image->row, &text, err);
		if (status != MC_OK)
			return status;
		replace(&image->text[LABEL], text);
	}
	if (m->group >= 0)
		replace(&image->text[GROUP], mc_table_get(m->t, image->row,
		    (size_t)m->group));
	if (m->split >= 0) {
		text = mc_table_get(m->t, image->row, (size_t)m->split);
		split = split_name(text, strlen(text));
		replace(&image->text[SPLIT], split != NULL ? split : text);
	}
	return MC_OK;
}

/* Say that what passes through is changed where no TSV can hold it. */
static void
warn_unfit(const struct index *x)
{
	const struct metadata *m = &x->meta;
	size_t n = 0, row = 0, column = 0, i, c;

	for (i = x->n; i-- > 0;) {
		for (c = m->n_passed; c-- > 0;) {
			if (mc_tsv_field_ok(mc_table_get(m->t,
			    x->image[i].row, m->passed[c])))
				continue;
			n++;
			row = x->image[i].row;
			column = m->passed[c];
		}
	}
	if (n > 0)
		tool_warn("%s:%lld: column \"%s\": a TAB, a line's end or bytes "
		    "that are not UTF-8 (%zu such field%s): blanks, or \"?\", "
		    "are written for them", mc_table_name(m->t),
		    (long long)mc_table_line(m->t, row),
		    mc_table_column(m->t, column), n, n == 1 ? "" : "s");
}

static enum mc_status
join(struct index *x, const struct options *o, struct mc_err *err)
{
	struct keys keys = { 0 };
	enum mc_status status;
	size_t i;

	status = read_metadata(&x->meta, o, err);
	if (status == MC_OK)
		status = number_keys(&x->meta, &keys, err);
	if (status == MC_OK)
		status = match_rows(x, &keys, err);
	for (i = 0; i < x->n && status == MC_OK; i++)
		status = take_row(&x->image[i], &x->meta, err);
	if (status == MC_OK)
		warn_unfit(x);
	free_keys(&keys);
	return status;
}

/* --- The manifest --------------------------------------------------------- */

/* Warn where FIELD is empty: WHAT follows from it. */
static void
warn_empty(const struct index *x, int column, const char *what)
{
	size_t i, n = 0, first = 0;

	for (i = 0; i < x->n; i++) {
		if (x->image[i].text[column][0] == '\0')
			first = n++ == 0 ? i : first;
	}
	if (n > 0)
		tool_warn("%s is empty for %zu of %zu images, the first %s: "
		    "%s", own[column], n, x->n, x->image[first].file->path,
		    what);
}

/*
 * Warn of a group of more than LARGE images that holds a twentieth of all, and
 * twenty times as many as the others do on average: an expression that matches
 * less than the patient's name makes such groups.
 */
static void
warn_large(const struct index *x)
{
	struct mc_names *names = mc_names_alloc();
	size_t *count = mc_xcalloc(x->n, sizeof(*count));
	size_t i, k, others, total = 0, most = 0;

	for (i = 0; i < x->n; i++) {
		if (x->image[i].text[GROUP][0] == '\0')
			continue;
		k = mc_names_add(names, x->image[i].text[GROUP]);
		if (++count[k] > count[most])
			most = k;
		total++;
	}
	others = total > 0 ? mc_names_count(names) - 1 : 0;
	if (count[most] > LARGE && count[most] * 20 >= total &&
	    count[most] * others >= 20 * (total - count[most]))
		tool_warn("group \"%s\" holds %zu of the %zu images (%zu "
		    "group%s in all): if it is more than one patient, let "
		    "--group match more of the path", mc_names_at(names, most),
		    count[most], total, others + 1, others == 0 ? "" : "s");
	free(count);
	mc_names_free(names);
}

static enum mc_status
fill(struct index *x, const struct options *o, struct mc_err *err)
{
	bool labelled = is_labelled(o);
	enum mc_status status = MC_OK;
	size_t i;

	for (i = 0; i < x->n && status == MC_OK; i++)
		status = read_folders(&x->image[i], labelled, err);
	if (status == MC_OK && o->group != NULL)
		status = find_groups(x, o->group, err);
	for (i = 0; i < x->n && status == MC_OK && o->group == NULL; i++)
		x->image[i].text[GROUP] = mc_xstrdup("");
	if (status == MC_OK && o->join != NULL)
		status = join(x, o, err);
	if (status != MC_OK)
		return status;
	warn_empty(x, GROUP, "whether the splits are independent cannot be "
	    "checked there (see --group)");
	warn_large(x);
	warn_empty(x, LABEL, "nothing can be learned from these");
	for (i = 0; i < x->n && status == MC_OK; i++) {
		x->image[i].text[SHA256] = mc_xmalloc(MC_SHA256_HEX);
		status = mc_sha256_file(x->image[i].file->path,
		    x->image[i].text[SHA256], err);
		tool_progress("images", (int64_t)i + 1, (int64_t)x->n);
	}
	return status;
}

static enum mc_status
write_manifest(FILE *f, void *arg, struct mc_err *err)
{
	const struct index *x = arg;
	const struct metadata *m = &x->meta;
	size_t n = OWN + m->n_passed, i, c;
	const char **text = mc_xreallocarray(NULL, n, sizeof(*text));
	char **further = mc_xcalloc(m->n_passed, sizeof(*further));

	(void)err;
	memcpy(text, own, sizeof(own));
	for (c = 0; c < m->n_passed; c++)
		text[OWN + c] = mc_table_column(m->t, m->passed[c]);
	mc_tsv_write(f, text, n);
	for (i = 0; i < x->n; i++) {
		for (c = 0; c < OWN; c++)
			text[c] = x->image[i].text[c];
		text[PATH] = x->image[i].file->path;
		for (c = 0; c < m->n_passed; c++) {
			replace(&further[c], mc_table_get(m->t,
			    x->image[i].row, m->passed[c]));
			mc_tsv_clean(further[c]);
			text[OWN + c] = further[c];
		}
		mc_tsv_write(f, text, n);
	}
	for (c = 0; c < m->n_passed; c++)
		free(further[c]);
	free(further);
	free(text);
	return MC_OK;
}

static void
free_index(struct index *x)
{
	size_t i, c;

	for (i = 0; i < x->n; i++) {
		for (c = 0; c < OWN; c++)
			free(x->image[i].text[c]);
	}
	free(x->image);
	mc_folder_free(&x->folder);
	mc_table_free(x->meta.t);
	free(x->meta.hot);
	free(x->meta.passed);
}

static void
check_options(const struct options *o)
{
	if (o->group != NULL && o->group_column != NULL)
		tool_usage("give --group or --group-column, not both");
	if (o->label != NULL && o->one_hot != NULL)
		tool_usage("give --label or --one-hot, not both");
	if (o->join == NULL && (o->key != NULL || o->label != NULL ||
	    o->one_hot != NULL || o->group_column != NULL || o->split != NULL))
		tool_usage("--key, --label, --one-hot, --group-column and "
		    "--split-column need --join");
	if (o->join != NULL && o->key == NULL)
		tool_usage("--join needs --key");
}

int
main(int argc, char **argv)
{
	struct options o = { 0 };
	struct index x = { 0 };
	enum mc_status status;
	struct mc_err err;
	size_t i;
	int first;

	first = tool_start(&prog, argc, argv, &o);
	if (first == argc)
		tool_usage("no folder given");
	check_options(&o);
	status = find_images(&x, argv + first, is_labelled(&o), &err);
	for (i = 0; i < x.n && status == MC_OK; i++)
		tool_reads(x.image[i].file->path);
	if (status == MC_OK)
		status = fill(&x, &o, &err);
	if (status == MC_OK)
		status = tool_write(o.common.output, write_manifest, &x, &err);
	free_index(&x);
	return tool_end(status, &err);
}
