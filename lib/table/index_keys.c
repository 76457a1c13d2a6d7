/* index_keys.c - find the row of each image in tables of metadata. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/kind.h"
#include "base/mem.h"
#include "base/names.h"
#include "table/index_internal.h"

/* So many of each side are shown where an image has no row. */
#define SHOWN 3

/* The keys of tables of one header, and what an image's folder is called. */
struct keys {
	struct mc_names *whole;	/* as they are */
	struct index_row *at;	/* the row of each */
	size_t cap;
	struct index_image **owner;	/* the image of each; NULL: none */
	struct mc_names *bare;	/* without "./" and an image's extension */
	size_t *whole_of;	/* of each bare key; MC_NO_NAME: of several */
	size_t bare_cap;
	char *dir, *real;	/* a DIR as it is given, and without links */
	const char *dir_name;	/* the last component of real */
};

/* --- The keys of the rows ------------------------------------------------- */

/* The KEY in ROW of T stands at FIRST also. */
static enum mc_status
key_twice(const struct mc_table *t, size_t row, const char *key,
    const struct index_row *first, struct mc_err *err)
{
	long long line = (long long)mc_table_line(first->t, first->row);

	if (first->t == t)
		return mc_err_at(err, MC_EDATA, mc_table_name(t),
		    mc_table_line(t, row), "the key \"%s\" is also in line "
		    "%lld: keep one row per key", key, line);
	return mc_err_at(err, MC_EDATA, mc_table_name(t),
	    mc_table_line(t, row), "the key \"%s\" is also in %s:%lld: keep "
	    "one row per key", key, mc_table_name(first->t), line);
}

static enum mc_status
add_key(struct keys *keys, const struct mc_table *t, size_t row,
    const char *key, struct mc_err *err)
{
	size_t n = mc_names_count(keys->whole), number, bares;
	char *bare;

	if (*key == '\0')
		return mc_err_at(err, MC_EDATA, mc_table_name(t),
		    mc_table_line(t, row), "the key is empty");
	number = mc_names_add(keys->whole, key);
	if (number < n)
		return key_twice(t, row, key, &keys->at[number], err);
	keys->at = mc_xgrow(keys->at, n, &keys->cap, sizeof(*keys->at));
	keys->at[n] = (struct index_row){ t, row };
	bares = mc_names_count(keys->bare);
	bare = mc_index_bare_key(key);
	number = mc_names_copy(keys->bare, bare);
	free(bare);
	if (number == bares)
		keys->whole_of = mc_xgrow(keys->whole_of, bares,
		    &keys->bare_cap, sizeof(*keys->whole_of));
	keys->whole_of[number] = number == bares ? n : MC_NO_NAME;
	return MC_OK;
}

static enum mc_status
read_keys(struct keys *keys, const struct metadata *m, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	size_t i, row;

	keys->whole = mc_names_alloc();
	keys->bare = mc_names_alloc();
	for (i = 0; i < m->n && status == MC_OK; i++) {
		for (row = 0; row < mc_table_rows(m->t[i]) && status == MC_OK;
		    row++)
			status = add_key(keys, m->t[i], row,
			    mc_table_get(m->t[i], row, (size_t)m->key), err);
	}
	keys->owner = mc_xcalloc(mc_names_count(keys->whole),
	    sizeof(*keys->owner));
	return status;
}

static void
free_keys(struct keys *keys)
{
	mc_names_free(keys->whole);
	mc_names_free(keys->bare);
	free(keys->at);
	free(keys->owner);
	free(keys->whole_of);
	free(keys->dir);
	free(keys->real);
}

/* --- The key of an image -------------------------------------------------- */

/* Remember the folder of F: its name is that of what "." and links lead to. */
static void
enter_dir(struct keys *keys, const struct mc_image_file *f)
{
	size_t n = f->relative - 1;
	const char *base;

	if (keys->dir != NULL && strlen(keys->dir) == n &&
	    strncmp(keys->dir, f->path, n) == 0)
		return;
	free(keys->dir);
	free(keys->real);
	keys->dir = mc_xstrndup(f->path, n);
	keys->real = realpath(n > 0 ? keys->dir : "/", NULL);
	if (keys->real == NULL)
		keys->real = mc_xstrdup(keys->dir);
	base = strrchr(keys->real, '/');
	keys->dir_name = base != NULL ? base + 1 : keys->real;
}

/* The key NAME, with or without its extension, which has END characters. */
static size_t
find_name(const struct keys *keys, const char *name, size_t end)
{
	size_t key = mc_names_find(keys->whole, name);
	char *bare;

	if (key != MC_NO_NAME)
		return key;
	bare = mc_xstrndup(name, strlen(name) - end);
	key = mc_names_find(keys->bare, bare);
	free(bare);
	return key != MC_NO_NAME ? keys->whole_of[key] : MC_NO_NAME;
}

/* The key that is the path of F from a folder above DIR, the nearest first. */
static size_t
find_above(const struct mc_image_file *f, const struct keys *keys)
{
	const char *from = keys->dir_name;
	size_t key = MC_NO_NAME;
	char *name;

	while (key == MC_NO_NAME && from > keys->real) {
		for (from--; from > keys->real && from[-1] != '/'; from--)
			;
		name = mc_xasprintf("%s/%s", from, f->path + f->relative);
		key = find_name(keys, name, strlen(f->path + f->end));
		free(name);
	}
	return key;
}

/*
 * The key of IMAGE: its id, its path in DIR, that behind DIR's name, its file's
 * name, or one of these without the extension, which the keys may have too; else
 * its path from a folder above DIR.
 */
static size_t
find_image(const struct index_image *image, struct keys *keys)
{
	const struct mc_image_file *f = image->file;
	const char *below = f->path + f->relative;
	const char *names[] = { image->text[ID], below, f->path + f->base,
	    NULL };
	size_t key = MC_NO_NAME, i, n;
	char *behind, *bare[3];

	enter_dir(keys, f);
	names[3] = behind = mc_xasprintf("%s/%s", keys->dir_name, below);
	for (i = 0; i < 4 && key == MC_NO_NAME; i++)
		key = mc_names_find(keys->whole, names[i]);
	bare[0] = mc_xstrndup(below, f->end - f->relative);
	bare[1] = mc_xstrndup(behind, strlen(behind) - strlen(f->path +
	    f->end));
	bare[2] = mc_xstrndup(f->path + f->base, f->end - f->base);
	for (i = 0; i < 3; i++) {
		n = key != MC_NO_NAME ? MC_NO_NAME :
		    mc_names_find(keys->bare, bare[i]);
		if (n != MC_NO_NAME)
			key = keys->whole_of[n];
		free(bare[i]);
	}
	free(behind);
	return key != MC_NO_NAME ? key : find_above(f, keys);
}

/* TEXT with %XX read as the byte XX, to be freed. */
static char *
decode(const char *text)
{
	char *to = mc_xstrdup(text), *end = to;
	unsigned byte;

	for (; *text != '\0'; text++) {
		if (*text == '%' && sscanf(text + 1, "%2x", &byte) == 1 &&
		    byte > 0) {
			*end++ = (char)byte;
			text += 2;
		} else
			*end++ = *text;
	}
	*end = '\0';
	return to;
}

/* The bytes of TEXT, which is Latin-1, as UTF-8, to be freed. */
static char *
from_latin1(const char *text)
{
	char *to = mc_xcalloc(2 * strlen(text) + 1, 1), *end = to;

	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if (c >= 0x80)
			*end++ = (char)(0xC0 | c >> 6);
		*end++ = (char)(c >= 0x80 ? 0x80 | (c & 0x3F) : c);
	}
	return to;
}

/*
 * The key of a GROUP.  A patient of DICOM whose id is not ASCII has %XX for
 * each byte, and a table the letters: those of UTF-8, else of Latin-1, which
 * are what nearly all files have.
 */
static size_t
find_group(const char *group, const struct keys *keys)
{
	size_t key = mc_names_find(keys->whole, group);
	char *bytes, *letters;

	if (key != MC_NO_NAME || strchr(group, '%') == NULL)
		return key;
	bytes = decode(group);
	letters = from_latin1(bytes);
	key = mc_names_find(keys->whole, bytes);
	if (key == MC_NO_NAME)
		key = mc_names_find(keys->whole, letters);
	free(bytes);
	free(letters);
	return key;
}

/* --- Images without a row, rows without an image -------------------------- */

/* Add up to SHOWN keys that have no image to LIST. */
static void
list_keys(const struct keys *keys, struct mc_buf *list)
{
	size_t i, shown = 0;

	for (i = 0; i < mc_names_count(keys->whole) && shown < SHOWN; i++) {
		if (keys->owner[i] == NULL)
			mc_buf_printf(list, "%s\"%s\"", shown++ > 0 ? ", " :
			    "; keys without an image: ",
			    mc_names_at(keys->whole, i));
	}
	if (mc_names_count(keys->whole) == 0)
		mc_buf_puts(list, "; the table has no rows");
	else if (shown == 0)
		mc_buf_puts(list, "; every row has another image");
}

/* Add up to SHOWN images, or groups, that have no row and are not the first. */
static void
list_images(const struct mc_index *x, bool by_group, struct mc_buf *list)
{
	const char *text, *last = NULL;
	size_t i, shown = 0;

	for (i = 0; i < x->n && shown < SHOWN; i++) {
		const struct mc_image_file *f = x->image[i].file;

		text = by_group ? mc_index_group_key(x, &x->image[i]) :
		    f->path + f->relative;
		if (!x->image[i].left_out ||
		    (last != NULL && strcmp(last, text) == 0))
			continue;
		mc_buf_printf(list, "%s\"%s\"", shown++ > 0 ? ", " : by_group ?
		    "; groups without a row: " : "; images without a row: ",
		    text);
		last = text;
	}
}

/* FIRST of MISSED images has no row. */
static enum mc_status
no_row(const struct mc_index *x, const struct metadata *m, struct keys *keys,
    const struct index_image *first, size_t missed, struct mc_err *err)
{
	const struct mc_image_file *f = first->file;
	const char *column = mc_table_column(m->t[0], (size_t)m->key);
	const char *group = mc_index_group_key(x, first);
	struct mc_buf text = { 0 };

	enter_dir(keys, f);
	mc_buf_printf(&text, "%s: no row for it in %s (%zu such image%s): "
	    "column \"%s\" has ", f->path, mc_table_name(m->t[0]), missed,
	    MC_PLURAL(missed), column);
	if (m->by_group)
		mc_buf_printf(&text, "no group \"%s\"", group);
	else
		mc_buf_printf(&text, "none of \"%s\", \"%s/%s\" and \"%s\", "
		    "with or without extension", f->path + f->relative,
		    keys->dir_name, f->path + f->relative, f->path + f->base);
	list_images(x, m->by_group, &text);
	list_keys(keys, &text);
	if (m->by_group && *group == '\0')
		mc_buf_puts(&text, ": the image has no group: give --group, "
		    "or --group-column of another table");
	else if (m->by_group && mc_index_say_spelling(keys->whole,
	    group, &text))
		;	/* to leave the image out would be wrong */
	else if (!m->by_group && mc_names_find(keys->whole, group) !=
	    MC_NO_NAME)
		mc_buf_printf(&text, ": the keys are groups: give --key "
		    "group=%s", column);
	else if (!m->by_group && mc_index_say_name(keys->whole, keys->owner,
	    f, &text))
		;
	else if (missed < x->n)
		mc_buf_puts(&text, ": --unmatched skip leaves such images "
		    "out");
	mc_err_set(err, MC_EDATA, "%s", text.data);
	mc_buf_free(&text);
	return MC_EDATA;
}

/* Leave out the images without a row, or refuse them. */
static enum mc_status
check_images(struct mc_index *x, const struct metadata *m, struct keys *keys,
    struct mc_err *err)
{
	const struct index_image *first = NULL;
	struct mc_buf near = { 0 };
	size_t i, missed = 0;

	for (i = x->n; i-- > 0;) {
		if (x->image[i].left_out) {
			first = &x->image[i];
			missed++;
		}
	}
	if (missed == 0)
		return MC_OK;
	if (missed == x->n || x->o->unmatched != MC_UNMATCHED_SKIP)
		return no_row(x, m, keys, first, missed, err);
	mc_index_say_near(x, keys->whole, keys->owner, m->by_group, &near);
	mc_say(x->o->warn, "%zu of %zu images left out, since they have no row "
	    "in %s: %s%s%s", missed, x->n, mc_table_name(m->t[0]),
	    first->file->path, missed == 1 ? "" : " and others",
	    near.len > 0 ? near.data : "");
	mc_buf_free(&near);
	return MC_OK;
}

/* Warn of the rows without an image, or refuse them. */
static enum mc_status
check_rows(const struct mc_index *x, const struct keys *keys,
    struct mc_err *err)
{
	size_t n = mc_names_count(keys->whole), i, first = 0, missed = 0;
	const struct mc_table *t;
	long long line;

	for (i = n; i-- > 0;) {
		if (keys->owner[i] == NULL) {
			first = i;
			missed++;
		}
	}
	if (missed == 0)
		return MC_OK;
	t = keys->at[first].t;
	line = (long long)mc_table_line(t, keys->at[first].row);
	if (x->o->unmatched == MC_UNMATCHED_REFUSE)
		return mc_err_at(err, MC_EDATA, mc_table_name(t), line,
		    "no image for this row, \"%s\" (%zu such row%s of %zu): "
		    "are all folders given?", mc_names_at(keys->whole, first),
		    missed, MC_PLURAL(missed), n);
	mc_say(x->o->warn, "%s:%lld: no image for this row (%zu such row%s)",
	    mc_table_name(t), line, missed, MC_PLURAL(missed));
	return MC_OK;
}

/*
 * Give IMAGE the row of KEY in x->meta[AT]; only a patient's may serve two files.
 */
static enum mc_status
take_key(const struct mc_index *x, size_t at, struct keys *keys,
    struct index_image *image, size_t key, struct mc_err *err)
{
	if (key == MC_NO_NAME) {
		image->left_out = true;
		return MC_OK;
	}
	if (keys->owner[key] != NULL && !x->meta[at].by_group &&
	    keys->owner[key]->file != image->file)
		return mc_err_at(err, MC_EDATA,
		    mc_table_name(keys->at[key].t),
		    mc_table_line(keys->at[key].t, keys->at[key].row),
		    "this row is for %s and for %s: leave one out (--exclude), "
		    "or use the id as key", keys->owner[key]->file->path,
		    image->file->path);
	keys->owner[key] = image;
	image->row[at] = keys->at[key];
	return MC_OK;
}

/* Put the rows into x->left whose images are not there already. */
static void
list_rows(struct mc_index *x, const struct metadata *m, struct keys *keys)
{
	size_t n = mc_names_count(keys->whole), i, key;
	bool *listed = mc_xcalloc(n, sizeof(*listed));

	for (i = 0; i < x->n_left; i++) {
		const struct index_image *image = &x->left[i]->image;

		key = image->file == NULL ? mc_names_find(keys->whole,
		    image->text[ID]) : find_image(image, keys);
		if (key != MC_NO_NAME)
			listed[key] = true;
	}
	for (i = 0; i < n; i++) {
		const struct index_row *at = &keys->at[i];

		if (keys->owner[i] == NULL && !listed[i])
			mc_index_list_row(x, mc_names_at(keys->whole, i),
			    m->group < 0 ? "" : mc_table_get(at->t, at->row,
			    (size_t)m->group), mc_table_name(at->t));
	}
	free(listed);
}

enum mc_status
mc_index_match(struct mc_index *x, size_t at, struct mc_err *err)
{
	const struct metadata *m = &x->meta[at];
	struct keys keys = { 0 };
	enum mc_status status = read_keys(&keys, m, err);
	size_t i, key;
	char *reason;

	for (i = 0; i < x->n && status == MC_OK; i++) {
		struct index_image *image = &x->image[i];

		key = m->by_group ? find_group(mc_index_group_key(x, image),
		    &keys) : find_image(image, &keys);
		status = take_key(x, at, &keys, image, key, err);
	}
	if (status == MC_OK)
		status = check_images(x, m, &keys, err);
	if (status == MC_OK)
		status = check_rows(x, &keys, err);
	if (status == MC_OK) {
		reason = mc_xasprintf("no row in %s", mc_table_name(m->t[0]));
		mc_index_leave_out(x, reason);
		free(reason);
		if (!m->by_group)
			list_rows(x, m, &keys);
	}
	free_keys(&keys);
	return status;
}
