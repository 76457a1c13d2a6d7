/* shard.c - read WebDataset shards. */
#include "config.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <jansson.h>

#include "base/kind.h"
#include "base/limits.h"
#include "base/names.h"
#include "stream/shard.h"
#include "table/tsv.h"

struct mc_shard {
	struct mc_tar_reader *tar;
	char *pending;			/* the member read ahead, or NULL */
	struct mc_buf pending_bytes;
	struct mc_names *keys;		/* of all samples so far */
	size_t samples;
	size_t unlabelled;		/* samples with a member, but no label */
	char *unread;			/* the first such member, or NULL */

	/* The present sample. */
	char *key, *label;
	char *image;			/* the image's member, or NULL */
	char *source;			/* the label's, or NULL */
	char *other;			/* one that is neither, or NULL */
	struct mc_buf source_bytes;
	int rank;			/* of source */
};

/* --- Names ----------------------------------------------------------------- */

/*
 * The length of MEMBER's key; 0: it has none.  The dot that ends it follows.
 */
static size_t
key_length(const char *member)
{
	const char *base = strrchr(member, '/'), *dot;

	base = base != NULL ? base + 1 : member;
	dot = strchr(base, '.');
	return dot == NULL || dot == base ? 0 : (size_t)(dot - member);
}

/* How much MEMBER is preferred as a label; 0: it is none. */
static int
label_rank(const char *member)
{
	static const struct {
		const char *extension;
		int rank;
	} known[] = {
		{ "text", 1 }, { "txt", 2 }, { "jsn", 3 }, { "json", 4 },
		{ "inx", 5 }, { "index", 6 }, { "class", 7 }, { "cls", 8 }
	};
	const char *extension = strrchr(member, '.') + 1;
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcasecmp(extension, known[i].extension) == 0)
			return known[i].rank;
	}
	return 0;
}

static bool
is_json(int rank)
{
	return rank == 3 || rank == 4;
}

/* --- Labels ---------------------------------------------------------------- */

static enum mc_status
wrong_label(const struct mc_shard *s, const char *why, struct mc_err *err)
{
	return mc_err_set(err, MC_EDATA, "%s: member \"%s\": %s, and so no "
	    "label: rename it, or write the label to %s.cls",
	    mc_tar_name(s->tar), s->source, why, s->key);
}

/* The text of the N BYTES without white space at both ends; to be freed. */
static char *
trim(const char *bytes, size_t n)
{
	static const char blank[] = " \t\r\n";

	while (n > 0 && memchr(blank, bytes[n - 1], 4) != NULL)
		n--;
	while (n > 0 && memchr(blank, *bytes, 4) != NULL) {
		bytes++;
		n--;
	}
	return n > 0 && memchr(bytes, '\0', n) != NULL ? NULL :
	    mc_xstrndup(n > 0 ? bytes : "", n);
}

/* The text of a JSON value, to be freed; NULL: it is neither number nor text */
static char *
json_text(const json_t *value)
{
	char *dumped, *text;

	if (json_is_null(value))
		return mc_xstrdup("");
	if (json_is_string(value))
		return trim(json_string_value(value),
		    json_string_length(value));
	if (json_is_object(value) || json_is_array(value))
		return NULL;
	dumped = json_dumps(value, JSON_ENCODE_ANY);
	text = dumped != NULL ? mc_xstrdup(dumped) : NULL;
	free(dumped);
	return text;
}

/* Note that the present sample has MEMBER, but no label. */
static void
note_unread(struct mc_shard *s, const char *member)
{
	if (s->unlabelled++ == 0)
		s->unread = mc_xstrdup(member);
}

/* The label in the JSON text of the sample. */
static enum mc_status
read_json(struct mc_shard *s, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	const json_t *value;
	json_error_t why;
	json_t *all = json_loadb(s->source_bytes.data, s->source_bytes.len,
	    JSON_DECODE_ANY, &why);

	if (all == NULL)
		return wrong_label(s, "not JSON", err);
	value = json_is_object(all) ? json_object_get(all, "label") : all;
	s->label = value == NULL ? mc_xstrdup("") : json_text(value);
	if (value == NULL)
		note_unread(s, s->source);
	if (s->label == NULL)
		status = wrong_label(s, "not a number or a string", err);
	json_decref(all);
	return status;
}

/* The sample is complete: find its label. */
static enum mc_status
read_label(struct mc_shard *s, struct mc_err *err)
{
	enum mc_status status = MC_OK;

	if (s->source == NULL) {
		s->label = mc_xstrdup("");
		if (s->other != NULL)
			note_unread(s, s->other);
	} else if (is_json(s->rank))
		status = read_json(s, err);
	else
		s->label = trim(s->source_bytes.data, s->source_bytes.len);
	if (status == MC_OK && (s->label == NULL ||
	    !mc_tsv_field_ok(s->label)))
		status = wrong_label(s, "not one line of text", err);
	return status;
}

/* --- Samples --------------------------------------------------------------- */

/* Read the next member that is not special; at the end, pending is NULL. */
static enum mc_status
read_ahead(struct mc_shard *s, const char *member, struct mc_err *err)
{
	enum mc_status status = MC_OK;

	free(s->pending);
	s->pending = NULL;
	while (status == MC_OK && (member == NULL || mc_tar_is_special(member)))
		status = mc_tar_next(s->tar, &member, err);
	if (status != MC_OK)
		return status == MC_END ? MC_OK : status;
	s->pending = mc_xstrdup(member);
	return mc_tar_read(s->tar, mc_max_image_bytes(), &s->pending_bytes, err);
}

/* Exchange the bytes read ahead with those in BYTES. */
static void
take_bytes(struct mc_shard *s, struct mc_buf *bytes)
{
	struct mc_buf taken = s->pending_bytes;

	s->pending_bytes = *bytes;
	*bytes = taken;
}

static bool
is_image(const struct mc_shard *s)
{
	const struct mc_kind *kind = mc_kind_of(s->pending_bytes.data,
	    s->pending_bytes.len, s->pending);

	return (kind != NULL && kind->image) ||
	    mc_kind_extension(s->pending) != NULL;
}

static enum mc_status
two(const struct mc_shard *s, const char *what, const char *first,
    struct mc_err *err)
{
	return mc_err_set(err, MC_EDATA, "%s: two %s for the key \"%s\", "
	    "members \"%s\" and \"%s\": a key ends at the first dot: rename "
	    "them, or leave one out", mc_tar_name(s->tar), what, s->key, first,
	    s->pending);
}

/* Take the member read ahead into the present sample. */
static enum mc_status
take_member(struct mc_shard *s, struct mc_buf *image, struct mc_err *err)
{
	int rank = label_rank(s->pending);

	if (rank > 0 && rank == s->rank)
		return two(s, "labels", s->source, err);
	if (rank > s->rank) {
		free(s->source);
		s->source = mc_xstrdup(s->pending);
		s->rank = rank;
		take_bytes(s, &s->source_bytes);
	} else if (rank == 0 && is_image(s)) {
		if (s->image != NULL)
			return two(s, "images", s->image, err);
		s->image = mc_xstrdup(s->pending);
		take_bytes(s, image);
	} else if (rank == 0 && s->other == NULL) {
		s->other = mc_xstrdup(s->pending);
	}
	return MC_OK;
}

/* Pass over members without a key; none of them may be an image. */
static enum mc_status
find_key(struct mc_shard *s, struct mc_err *err)
{
	enum mc_status status = MC_OK;

	while (status == MC_OK && s->pending != NULL &&
	    key_length(s->pending) == 0) {
		const char *slash = strrchr(s->pending, '/');

		if ((slash != NULL ? slash[1] : s->pending[0]) != '.' &&
		    is_image(s))
			return mc_err_set(err, MC_EDATA, "%s: member \"%s\": "
			    "an image whose name has no extension: add one",
			    mc_tar_name(s->tar), s->pending);
		status = read_ahead(s, NULL, err);
	}
	return status;
}

/* Begin the sample of the member read ahead. */
static enum mc_status
begin_sample(struct mc_shard *s, struct mc_err *err)
{
	free(s->key);
	free(s->label);
	free(s->image);
	free(s->source);
	free(s->other);
	s->label = s->image = s->source = s->other = NULL;
	s->rank = 0;
	s->key = mc_xstrndup(s->pending, key_length(s->pending));
	if (!mc_tsv_field_ok(s->key))
		return mc_err_set(err, MC_EDATA, "%s: the key \"%s\" has bytes "
		    "that a TSV cannot hold: rename it", mc_tar_name(s->tar),
		    s->key);
	if (mc_names_copy(s->keys, s->key) != s->samples)
		return mc_err_set(err, MC_EDATA, "%s: member \"%s\": the key "
		    "\"%s\" was there before: the members of a key must be "
		    "adjacent (tar --sort=name)", mc_tar_name(s->tar),
		    s->pending, s->key);
	s->samples++;
	return MC_OK;
}

enum mc_status
mc_shard_next(struct mc_shard *s, struct mc_buf *image, struct mc_err *err)
{
	enum mc_status status = find_key(s, err);
	char *last = NULL;
	size_t n;

	if (status == MC_OK && s->pending == NULL)
		return MC_END;
	if (status == MC_OK)
		status = begin_sample(s, err);
	n = status == MC_OK ? strlen(s->key) : 0;
	while (status == MC_OK && s->pending != NULL &&
	    key_length(s->pending) == n &&
	    memcmp(s->pending, s->key, n) == 0) {
		free(last);
		last = mc_xstrdup(s->pending);
		status = take_member(s, image, err);
		if (status == MC_OK)
			status = read_ahead(s, NULL, err);
		if (status == MC_OK)
			status = find_key(s, err);
	}
	if (status == MC_OK && s->image == NULL)
		status = mc_err_set(err, MC_EDATA, "%s: member \"%s\": no "
		    "image has the key \"%s\": leave it out", mc_tar_name(
		    s->tar), last, s->key);
	free(last);
	return status == MC_OK ? read_label(s, err) : status;
}

enum mc_status
mc_shard_open(struct mc_shard **result, struct mc_tar_reader *tar,
    const char *member, struct mc_err *err)
{
	struct mc_shard *s = mc_xcalloc(1, sizeof(*s));
	enum mc_status status;

	s->tar = tar;
	s->keys = mc_names_alloc();
	status = read_ahead(s, member, err);
	if (status != MC_OK) {
		mc_shard_close(s);
		s = NULL;
	}
	*result = s;
	return status;
}

void
mc_shard_close(struct mc_shard *s)
{
	if (s == NULL)
		return;
	mc_names_free(s->keys);
	mc_buf_free(&s->pending_bytes);
	mc_buf_free(&s->source_bytes);
	free(s->pending);
	free(s->key);
	free(s->label);
	free(s->image);
	free(s->source);
	free(s->other);
	free(s->unread);
	free(s);
}

const char *
mc_shard_key(const struct mc_shard *s)
{
	return s->key;
}

const char *
mc_shard_label(const struct mc_shard *s)
{
	return s->label;
}

size_t
mc_shard_unlabelled(const struct mc_shard *s, const char **member)
{
	*member = s->unread;
	return s->unlabelled;
}
