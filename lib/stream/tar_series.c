/* tar_series.c - read several tars of images one after another. */
#include "config.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/names.h"
#include "stream/features.h"
#include "stream/tar_series.h"
#include "table/grey_levels.h"

struct mc_series {
	struct mc_image_tar *tar;	/* the present one */
	const char *const *path;
	size_t n;			/* of the tars that were given */
	size_t next, end;		/* the tar to open next, and that behind the
					   last to be read */
	bool before_first;		/* the present tar is the first of all, and
					   not among those to be read */
	bool narrow;			/* not all are read */
	char **name;			/* of each that was opened */
	size_t opened;
	size_t first_name;		/* of those that are read */
	int64_t bad;			/* images of features tars that ended */
	char *uneven;			/* see mc_series_uneven */
	char *all;			/* the name of several; NULL: not at the end */
	struct mc_names *ids;		/* of all tars; NULL: a shard's keys */
	struct mc_shard_list shards;	/* that have been read */
	struct mc_buf missed;		/* ids without image, NUL-terminated */
	size_t told;			/* bytes told of them */
	struct mc_buf digests;		/* of the manifests read, one per line */
	char sha256[MC_SHA256_HEX];	/* of those */
	bool foreign;			/* a shard among them: no digest */
	size_t unlabelled;		/* images of such, but a member */
	char *unread;			/* the first one */
	struct mc_grey before, present;	/* grey levels of the tars before this,
					   and of this one */
	bool mixes;			/* other grey levels are let through */
};

/* See that all tars are there, before the first is read. */
static enum mc_status
find_all(const char *const *paths, size_t n, struct mc_err *err)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (strcmp(paths[i], "-") != 0 && access(paths[i], F_OK) != 0)
			return mc_err_errno(err, "%s", paths[i]);
	}
	return MC_OK;
}

enum mc_status
mc_series_open(struct mc_series **result, const char *const *paths, size_t n,
    struct mc_err *err)
{
	struct mc_series *s = mc_xcalloc(1, sizeof(*s));
	enum mc_status status = find_all(paths, n, err);

	*result = NULL;
	if (status == MC_OK)
		status = mc_image_tar_open(&s->tar, n > 0 ? paths[0] : NULL,
		    &s->shards, err);
	if (status != MC_OK) {
		mc_series_close(s);
		return status;
	}
	s->path = paths;
	s->n = s->end = n > 0 ? n : 1;
	s->next = 1;
	s->name = mc_xcalloc(s->n + 1, sizeof(*s->name));
	s->name[s->opened++] = mc_xstrdup(mc_image_tar_name(s->tar));
	/* A shard finds a key that occurs again itself. */
	if (s->n > 1 || !mc_image_tar_is_foreign(s->tar))
		s->ids = mc_names_alloc();
	*result = s;
	return MC_OK;
}

void
mc_series_close(struct mc_series *s)
{
	size_t i;

	if (s == NULL)
		return;
	mc_image_tar_close(s->tar);
	for (i = 0; i < s->opened; i++)
		free(s->name[i]);
	free(s->name);
	free(s->all);
	free(s->unread);
	free(s->uneven);
	mc_names_free(s->ids);
	mc_shard_list_clear(&s->shards);
	mc_buf_free(&s->missed);
	mc_buf_free(&s->digests);
	mc_grey_clear(&s->before);
	mc_grey_clear(&s->present);
	free(s);
}

void
mc_series_narrow(struct mc_series *s, size_t first, size_t n)
{
	s->narrow = n < s->n;
	s->before_first = first > 0;
	s->next = first > 0 ? first : 1;
	s->end = first + n;
}

void
mc_series_mix(struct mc_series *s)
{
	s->mixes = true;
}

struct mc_image_tar *
mc_series_tar(const struct mc_series *s)
{
	return s->tar;
}

bool
mc_series_is_several(const struct mc_series *s)
{
	return s->n > 1;
}

const char *
mc_series_name(const struct mc_series *s)
{
	return s->all != NULL ? s->all : s->name[s->opened - 1];
}

const char *
mc_series_sha256(const struct mc_series *s)
{
	return s->n > 1 ? s->sha256 : mc_image_tar_sha256(s->tar);
}

char *
mc_series_missing(struct mc_series *s)
{
	return s->narrow ? NULL : mc_shard_list_missing(&s->shards);
}

char *
mc_series_uneven(const struct mc_series *s)
{
	return s->uneven != NULL ? mc_xstrdup(s->uneven) : NULL;
}

int64_t
mc_series_bad(const struct mc_series *s)
{
	return s->bad + (s->before_first || s->all != NULL ? 0 :
	    mc_image_tar_bad(s->tar));
}

char *
mc_series_unlabelled(const struct mc_series *s)
{
	return s->unlabelled == 0 ? NULL : mc_xasprintf("%s: no label was "
	    "found for %zu image%s, such as that of member \"%s\": write "
	    "labels to KEY.cls, or as \"label\" to KEY.json",
	    mc_series_name(s), s->unlabelled, MC_PLURAL(s->unlabelled),
	    s->unread);
}

/* --- From tar to tar -------------------------------------------------------- */

/* Whether NEXT can be read after the present tar. */
static enum mc_status
check_alike(const struct mc_series *s, const struct mc_image_tar *next,
    struct mc_err *err)
{
	const struct mc_keyvalue *a = mc_image_tar_about(s->tar);
	const struct mc_keyvalue *b = mc_image_tar_about(next);
	size_t n = mc_image_tar_columns(s->tar), c = 0;
	struct mc_err why;

	if ((a == NULL) != (b == NULL))
		return mc_err_set(err, MC_EDATA, "%s: holds %s, and %s %s: give "
		    "tars of one kind", mc_image_tar_name(next), b != NULL ?
		    "features" : "images", s->name[0], a != NULL ? "features" :
		    "images");
	if (a != NULL && mc_features_alike(a, b, &why) != MC_OK)
		return mc_err_set(err, MC_EDATA, "%s: its features were not "
		    "computed as those of %s: %s: run mc-embed with the same "
		    "options", mc_image_tar_name(next), s->name[0], why.text);
	if (n == mc_image_tar_columns(next)) {
		while (c < n && strcmp(mc_image_tar_column(s->tar, c),
		    mc_image_tar_column(next, c)) == 0)
			c++;
		if (c == n)
			return MC_OK;
	}
	return mc_err_set(err, MC_EDATA, "%s: its columns are not those of %s",
	    mc_image_tar_name(next), s->name[0]);
}

/* Note where the features of NEXT may differ in the last digits. */
static void
note_uneven(struct mc_series *s, const struct mc_image_tar *next)
{
	const struct mc_keyvalue *b = mc_image_tar_about(next);
	char *how;

	if (b == NULL || s->uneven != NULL || s->before_first)
		return;
	how = mc_features_uneven(mc_image_tar_about(s->tar), b);
	if (how != NULL)
		s->uneven = mc_xasprintf("%s and %s: the last digits of their "
		    "features may differ: %s", s->name[s->opened - 1],
		    mc_image_tar_name(next), how);
	free(how);
}

/* The present tar was whole, or is not read: go to the next one. */
static enum mc_status
open_next(struct mc_series *s, struct mc_err *err)
{
	struct mc_image_tar *next;
	enum mc_status status = mc_image_tar_open(&next, s->path[s->next],
	    &s->shards, err);

	if (status == MC_OK)
		status = check_alike(s, next, err);
	if (status != MC_OK) {
		mc_image_tar_close(next);
		return status;
	}
	note_uneven(s, next);
	if (s->before_first)
		s->first_name = s->opened;
	s->before_first = false;
	s->name[s->opened++] = mc_xstrdup(mc_image_tar_name(next));
	mc_image_tar_close(s->tar);
	s->tar = next;
	s->next++;
	return MC_OK;
}

/* Count the images of the present tar, which has ended, that have no label. */
static void
count_unlabelled(struct mc_series *s)
{
	const char *member;
	size_t n = mc_image_tar_unlabelled(s->tar, &member);

	/* A single tar, asked again behind its end. */
	if (s->n == 1 && s->unlabelled > 0)
		return;
	if (n > 0 && s->unlabelled == 0)
		s->unread = mc_xstrdup(member);
	s->unlabelled += n;
}

/* Name the tars that were read, of which the last has ended. */
static void
name_all(struct mc_series *s)
{
	const char *first = s->name[s->first_name];
	size_t n = s->opened - s->first_name;

	s->all = n > 1 ? mc_xasprintf("%s and %zu more", first, n - 1) :
	    mc_xstrdup(first);
}

/* Add up what the present tar of several, which has ended, was. */
static void
end_tar(struct mc_series *s)
{
	size_t i;

	mc_buf_printf(&s->digests, "%s\n", mc_image_tar_sha256(s->tar));
	for (i = 0; i < s->present.n; i++)
		mc_grey_add(&s->before, s->present.value[i]);
	s->foreign |= mc_image_tar_is_foreign(s->tar);
	s->bad += mc_image_tar_bad(s->tar);
	if (s->next < s->end)
		return;
	if (!s->foreign)
		mc_sha256_bytes(s->digests.data, s->digests.len, s->sha256);
	name_all(s);
}

/* --- Rows ------------------------------------------------------------------- */

/* An id names one image, in one tar and in several. */
static enum mc_status
check_id(struct mc_series *s, struct mc_err *err)
{
	size_t n = mc_names_count(s->ids);
	const char *id = mc_image_tar_id(s->tar);

	return mc_names_copy(s->ids, id) == n ? MC_OK : mc_err_set(err, MC_EDATA,
	    "%s: the id \"%s\" was read before: each image needs an id of its "
	    "own", mc_image_tar_name(s->tar), id);
}

/*
 * Compare how the grey levels of the present image were made with those of the
 * tars before it.
 */
static enum mc_status
check_grey(struct mc_series *s, struct mc_err *err)
{
	int column = mc_image_tar_find(s->tar, MC_GREY_COLUMN);
	const char *field = column < 0 ? "" :
	    mc_image_tar_get(s->tar, (size_t)column), *other;
	struct mc_buf option = { 0 };

	if (!mc_grey_is(field))
		return MC_OK;
	mc_grey_add(&s->present, field);
	other = s->mixes || mc_grey_has(&s->before, field) ? NULL :
	    mc_grey_other(&s->before, field);
	if (other == NULL)
		return MC_OK;
	mc_grey_option(other, &option);
	mc_err_set(err, MC_EDATA, "%s: id \"%s\": its grey levels are made by "
	    "%s, those of a tar before it by %s: pack this tar with mc-pack %s, "
	    "or give --allow-other-levels", mc_image_tar_name(s->tar),
	    mc_image_tar_id(s->tar), field, other, option.data);
	mc_buf_free(&option);
	return MC_EDATA;
}

/* Keep the ids without an image on the way to the present row. */
static void
keep_missed(struct mc_series *s)
{
	const char *id;

	while ((id = mc_image_tar_missed(s->tar)) != NULL)
		mc_buf_add(&s->missed, id, strlen(id) + 1);
}

const char *
mc_series_missed(struct mc_series *s)
{
	const char *id;

	if (s->told == s->missed.len)
		return NULL;
	id = s->missed.data + s->told;
	s->told += strlen(id) + 1;
	return id;
}

enum mc_status
mc_series_next(struct mc_series *s, struct mc_err *err)
{
	enum mc_status status;

	if (s->all != NULL)
		return MC_END;
	s->told = s->missed.len = 0;
	if (s->before_first && (status = open_next(s, err)) != MC_OK)
		return status;
	for (;;) {
		status = mc_image_tar_next(s->tar, err);
		keep_missed(s);
		if (status == MC_END)
			count_unlabelled(s);
		if (status != MC_END || s->n == 1)
			break;
		end_tar(s);
		if (s->all != NULL)
			return MC_END;
		status = open_next(s, err);
		if (status != MC_OK)
			return status;
	}
	if (status == MC_OK && s->n > 1)
		status = check_grey(s, err);
	return status == MC_OK && s->ids != NULL ? check_id(s, err) : status;
}
