/* slices.c - name a slice of a volume, and draw it in grey or in colour. */
#include "config.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "scan/slices.h"

#define SLICE "#slice="
#define VOLUME ",volume="
#define IDLE (2 * MC_CHANNELS)	/* volumes kept that nobody uses */

/* --- Addresses ---------------------------------------------------------------- */

/* Where the last SLICE of TEXT begins; NULL: it has none. */
static const char *
find_slice(const char *text)
{
	const char *hash = strrchr(text, '#');

	return hash != NULL && hash != text &&
	    strncmp(hash, SLICE, strlen(SLICE)) == 0 ? hash : NULL;
}

bool
mc_slice_is(const char *text)
{
	return find_slice(text) != NULL;
}

/* Split the LENGTH bytes of LIST at each "|"; false: neither 1 nor 3 paths. */
static bool
split_paths(struct mc_slice *s, const char *base, const char *list,
    size_t length)
{
	char *all = mc_xstrndup(list, length), *path, *next = all;
	bool good = true;

	while (good && (path = next) != NULL) {
		if ((next = strchr(path, '|')) != NULL)
			*next++ = '\0';
		good = *path != '\0' && s->paths < MC_CHANNELS;
		if (good)
			s->path[s->paths++] = base == NULL || *path == '/' ?
			    mc_xstrdup(path) : mc_xasprintf("%s/%s", base,
			    path);
	}
	free(all);
	return good && (s->paths == 1 || s->paths == MC_CHANNELS);
}

/* Parse "AXIS:INDEX" and, maybe, the volume. */
static bool
parse_place(struct mc_slice *s, const char *text)
{
	const char *colon = strchr(text, ':'), *comma;
	struct mc_err err;
	char *index;
	bool good;

	if (colon == NULL)
		return false;
	s->axis = mc_axis_of(text, (size_t)(colon - text));
	comma = strchr(colon, ',');
	index = comma == NULL ? mc_xstrdup(colon + 1) :
	    mc_xstrndup(colon + 1, (size_t)(comma - colon - 1));
	good = s->axis != MC_AXES && mc_parse_i64(index, 0, INT32_MAX,
	    &s->index, &err) == MC_OK;
	free(index);
	return good && (comma == NULL || (strncmp(comma, VOLUME,
	    strlen(VOLUME)) == 0 && mc_parse_i64(comma + strlen(VOLUME), 0,
	    INT32_MAX, &s->volume, &err) == MC_OK));
}

enum mc_status
mc_slice_parse(struct mc_slice *s, const char *base, const char *text,
    struct mc_err *err)
{
	const char *hash = find_slice(text);

	memset(s, 0, sizeof(*s));
	if (hash == NULL || !parse_place(s, hash + strlen(SLICE))) {
		mc_slice_clear(s);
		return mc_err_set(err, MC_EDATA, "%s: not a slice: after the "
		    "path comes " SLICE "AXIS:INDEX, such as " SLICE
		    "axial:77", text);
	}
	if (!split_paths(s, base, text, (size_t)(hash - text))) {
		mc_slice_clear(s);
		return mc_err_set(err, MC_EDATA, "%s: before " SLICE " comes "
		    "one path, or three with \"|\" between them", text);
	}
	return MC_OK;
}

void
mc_slice_clear(struct mc_slice *s)
{
	int i;

	for (i = 0; i < s->paths; i++)
		free(s->path[i]);
	memset(s, 0, sizeof(*s));
}

char *
mc_slice_print(const struct mc_slice *s)
{
	struct mc_buf text = { 0 };
	int i;

	for (i = 0; i < s->paths; i++)
		mc_buf_printf(&text, "%s%s", i > 0 ? "|" : "", s->path[i]);
	mc_buf_printf(&text, SLICE "%s:%lld", mc_axis_name(s->axis),
	    (long long)s->index);
	if (s->volume > 0)
		mc_buf_printf(&text, VOLUME "%lld", (long long)s->volume);
	return text.data;
}

/* --- Digests ------------------------------------------------------------------ */

void
mc_digest_join(char (*hex)[MC_SHA256_HEX], int n, char joined[MC_SHA256_HEX])
{
	struct mc_sha256 *h;
	int i;

	if (n == 1) {
		memcpy(joined, hex[0], MC_SHA256_HEX);
		return;
	}
	h = mc_sha256_alloc();
	for (i = 0; i < n; i++)
		mc_sha256_add(h, hex[i], MC_SHA256_HEX - 1);
	mc_sha256_hex(h, joined);
}

enum mc_status
mc_nifti_digest(const struct mc_nifti *n, char hex[MC_SHA256_HEX],
    struct mc_err *err)
{
	int files = strcmp(n->path, n->data) == 0 ? 1 : 2;
	char own[2][MC_SHA256_HEX];
	enum mc_status status;

	status = mc_sha256_file(n->path, own[0], err);
	if (status == MC_OK && files == 2)
		status = mc_sha256_file(n->data, own[1], err);
	if (status == MC_OK)
		mc_digest_join(own, files, hex);
	return status;
}

/* --- Volumes ------------------------------------------------------------------ */

/* A volume that was read, or is being read. */
struct entry {
	struct entry *next;	/* the one that was used before it */
	char *path;
	int64_t number;
	size_t users;
	bool ready;
	struct mc_volume volume;
	double range[2];
	char sha256[MC_SHA256_HEX];
	enum mc_status status;
	struct mc_err err;
};

struct mc_volumes {
	double low, high;
	pthread_mutex_t lock;	/* of the list, users and ready */
	pthread_cond_t ready;	/* an entry is */
	struct entry *first;	/* the one that was used last */
};

struct mc_volumes *
mc_volumes_alloc(double low, double high)
{
	struct mc_volumes *v = mc_xcalloc(1, sizeof(*v));

	v->low = low;
	v->high = high;
	pthread_mutex_init(&v->lock, NULL);
	pthread_cond_init(&v->ready, NULL);
	return v;
}

/* Free all but the MOST entries last used of those that nobody uses. */
static void
drop(struct mc_volumes *v, size_t most)
{
	struct entry **at = &v->first, *e;
	size_t idle = 0;

	while ((e = *at) != NULL) {
		if (e->users > 0 || idle++ < most) {
			at = &e->next;
			continue;
		}
		*at = e->next;
		mc_volume_clear(&e->volume);
		free(e->path);
		free(e);
	}
}

void
mc_volumes_free(struct mc_volumes *v)
{
	if (v == NULL)
		return;
	drop(v, 0);
	pthread_cond_destroy(&v->ready);
	pthread_mutex_destroy(&v->lock);
	free(v);
}

static void
load(struct entry *e, double low, double high)
{
	struct mc_nifti n;

	e->status = mc_nifti_open(&n, e->path, &e->err);
	if (e->status == MC_OK)
		e->status = mc_nifti_digest(&n, e->sha256, &e->err);
	if (e->status == MC_OK)
		e->status = mc_volume_read(&e->volume, &n, e->number, &e->err);
	else
		mc_nifti_clear(&n);
	if (e->status == MC_OK)
		mc_volume_percentiles(&e->volume, low, high, e->range);
	else
		mc_volume_clear(&e->volume);
}

/* The entry of volume NUMBER of PATH, in front of the list; v is locked. */
static struct entry *
find(struct mc_volumes *v, const char *path, int64_t number)
{
	struct entry **at = &v->first, *e;

	while ((e = *at) != NULL && (e->number != number ||
	    strcmp(e->path, path) != 0))
		at = &e->next;
	if (e != NULL)
		*at = e->next;
	else {
		e = mc_xcalloc(1, sizeof(*e));
		e->path = mc_xstrdup(path);
		e->number = number;
	}
	e->next = v->first;
	v->first = e;
	return e;
}

/* The volume NUMBER of PATH; it is in use until release. */
static struct entry *
take(struct mc_volumes *v, const char *path, int64_t number)
{
	struct entry *e;

	pthread_mutex_lock(&v->lock);
	e = find(v, path, number);
	if (e->users++ == 0 && !e->ready) {
		drop(v, IDLE);
		pthread_mutex_unlock(&v->lock);
		load(e, v->low, v->high);
		pthread_mutex_lock(&v->lock);
		e->ready = true;
		pthread_cond_broadcast(&v->ready);
	}
	while (!e->ready)
		pthread_cond_wait(&v->ready, &v->lock);
	pthread_mutex_unlock(&v->lock);
	return e;
}

static void
release(struct mc_volumes *v, struct entry *e)
{
	pthread_mutex_lock(&v->lock);
	e->users--;
	drop(v, IDLE);
	pthread_mutex_unlock(&v->lock);
}

/* --- Pictures ----------------------------------------------------------------- */

static enum mc_status
check_slice(const struct mc_slice *s, struct entry *const *e,
    struct mc_err *err)
{
	const struct mc_nifti *n = &e[0]->volume.nifti;
	int i;

	for (i = 1; i < s->paths; i++) {
		if (memcmp(e[i]->volume.nifti.size, n->size, sizeof(n->size)) !=
		    0)
			return mc_err_set(err, MC_EDATA, "%s and %s: volumes "
			    "of different sizes cannot be channels of one "
			    "picture: register them to one grid first",
			    s->path[0], s->path[i]);
		if (!mc_nifti_same_grid(&e[i]->volume.nifti, n))
			return mc_err_set(err, MC_EDATA, "%s and %s: voxels of "
			    "the same indices lie up to %.3g mm apart, so they "
			    "cannot be channels of one picture: register them "
			    "to one grid first", s->path[0], s->path[i],
			    mc_nifti_distance(&e[i]->volume.nifti, n));
	}
	if (s->index >= n->size[s->axis])
		return mc_err_set(err, MC_EDATA, "%s: no slice %s:%lld: they "
		    "are 0 to %lld", s->path[0], mc_axis_name(s->axis),
		    (long long)s->index, (long long)n->size[s->axis] - 1);
	return MC_OK;
}

static void
draw(struct mc_picture *p, const struct mc_slice *s, struct entry *const *e)
{
	char hex[MC_CHANNELS][MC_SHA256_HEX];
	int64_t width, height, i;
	int c;

	mc_slice_size(&e[0]->volume.nifti, s->axis, &width, &height);
	p->width = (int)width;
	p->height = (int)height;
	p->rgb = mc_xreallocarray(NULL, (size_t)(width * height), 3);
	for (c = 0; c < s->paths; c++) {
		mc_slice_levels(&e[c]->volume, s->axis, s->index, e[c]->range,
		    p->rgb + c, 3);
		memcpy(hex[c], e[c]->sha256, MC_SHA256_HEX);
		p->flat = p->flat || e[c]->range[0] == e[c]->range[1];
	}
	for (i = 0; s->paths == 1 && i < width * height; i++)
		p->rgb[3 * i + 1] = p->rgb[3 * i + 2] = p->rgb[3 * i];
	mc_digest_join(hex, s->paths, p->sha256);
}

enum mc_status
mc_slice_draw(struct mc_picture *p, struct mc_volumes *v,
    const struct mc_slice *s, struct mc_err *err)
{
	struct entry *e[MC_CHANNELS] = { NULL };
	enum mc_status status = MC_OK;
	int i;

	memset(p, 0, sizeof(*p));
	for (i = 0; i < s->paths; i++) {
		e[i] = take(v, s->path[i], s->volume);
		if (status == MC_OK && e[i]->status != MC_OK) {
			status = e[i]->status;
			*err = e[i]->err;
		}
	}
	if (status == MC_OK)
		status = check_slice(s, e, err);
	if (status == MC_OK)
		draw(p, s, e);
	for (i = 0; i < s->paths; i++)
		release(v, e[i]);
	return status;
}
