/* seen.c - record the images that a model has seen. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "learn/seen.h"
#include "table/tsv.h"

struct image {
	char sha256[MC_SHA256_HEX];
	enum mc_role role;
};

struct mc_seen {
	struct image *image;
	size_t n, cap;
};

static const char *const role_names[] = {
	[MC_VALIDATED] = "val",
	[MC_TRAINED] = "train",
};

struct mc_seen *
mc_seen_alloc(void)
{
	return mc_xcalloc(1, sizeof(struct mc_seen));
}

void
mc_seen_free(struct mc_seen *s)
{
	if (s == NULL)
		return;
	free(s->image);
	free(s);
}

void
mc_seen_add(struct mc_seen *s, const char *sha256, enum mc_role role)
{
	struct image *image;

	s->image = mc_xgrow(s->image, s->n, &s->cap, sizeof(*s->image));
	image = &s->image[s->n++];
	snprintf(image->sha256, sizeof(image->sha256), "%s", sha256);
	image->role = role;
}

/* By digest; among equal ones the larger role first. */
static int
compare(const void *a, const void *b)
{
	const struct image *x = a, *y = b;
	int order = strcmp(x->sha256, y->sha256);

	return order != 0 ? order : (int)y->role - (int)x->role;
}

void
mc_seen_sort(struct mc_seen *s)
{
	size_t i, n = 0;

	if (s->n > 0)
		qsort(s->image, s->n, sizeof(*s->image), compare);
	for (i = 0; i < s->n; i++) {
		if (n == 0 || strcmp(s->image[n - 1].sha256,
		    s->image[i].sha256) != 0)
			s->image[n++] = s->image[i];
	}
	s->n = n;
}

enum mc_role
mc_seen_find(const struct mc_seen *s, const char *sha256)
{
	size_t low = 0, high = s->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(s->image[middle].sha256, sha256);

		if (order == 0)
			return s->image[middle].role;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return MC_UNSEEN;
}

size_t
mc_seen_common(const struct mc_seen *a, const struct mc_seen *b)
{
	size_t i, n = 0;

	for (i = 0; i < a->n; i++)
		n += mc_seen_find(b, a->image[i].sha256) != MC_UNSEEN;
	return n;
}

void
mc_seen_print(const struct mc_seen *s, struct mc_buf *text)
{
	size_t i;

	mc_buf_puts(text, "sha256\trole\n");
	for (i = 0; i < s->n; i++)
		mc_buf_printf(text, "%s\t%s\n", s->image[i].sha256,
		    role_names[s->image[i].role]);
}

/* Add the row on which T stands. */
static enum mc_status
read_row(struct mc_seen *s, const struct mc_tsv *t, size_t sha256, size_t role,
    struct mc_err *err)
{
	const char *digest = mc_tsv_get(t, sha256);
	const char *name = mc_tsv_get(t, role);
	enum mc_role r = MC_VALIDATED;

	if (strlen(digest) != MC_SHA256_HEX - 1 ||
	    strspn(digest, "0123456789abcdef") != MC_SHA256_HEX - 1)
		return mc_err_at(err, MC_EDATA, mc_tsv_name(t), mc_tsv_line(t),
		    "sha256: \"%s\" is not a SHA-256", digest);
	while (r <= MC_TRAINED && strcmp(name, role_names[r]) != 0)
		r++;
	if (r > MC_TRAINED)
		return mc_err_at(err, MC_EDATA, mc_tsv_name(t), mc_tsv_line(t),
		    "role: \"%s\" is neither train nor val", name);
	mc_seen_add(s, digest, r);
	return MC_OK;
}

enum mc_status
mc_seen_read(struct mc_seen **result, const struct mc_buf *text,
    const char *name, struct mc_err *err)
{
	struct mc_seen *s = mc_seen_alloc();
	struct mc_tsv *t = NULL;
	enum mc_status status;
	int sha256, role;
	FILE *f = NULL;

	*result = NULL;
	if (text->len == 0)
		status = mc_err_set(err, MC_EDATA, "%s: empty", name);
	else if ((f = fmemopen(text->data, text->len, "rb")) == NULL)
		status = mc_err_errno(err, "%s", name);
	else
		status = mc_tsv_from_stream(&t, f, name, err);
	if (status != MC_OK)
		goto out;
	sha256 = mc_tsv_find(t, "sha256");
	role = mc_tsv_find(t, "role");
	if (sha256 < 0 || role < 0)
		status = mc_err_at(err, MC_EDATA, name, 1,
		    "needs the columns \"sha256\" and \"role\"");
	while (status == MC_OK && (status = mc_tsv_next(t, err)) == MC_OK)
		status = read_row(s, t, (size_t)sha256, (size_t)role, err);
	if (status == MC_END) {
		mc_seen_sort(s);
		*result = s;
		s = NULL;
		status = MC_OK;
	}
out:
	mc_tsv_close(t);
	if (f != NULL)
		fclose(f);
	mc_seen_free(s);
	return status;
}
