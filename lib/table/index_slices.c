/* index_slices.c - choose the slices of NIfTI volumes that become rows. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/names.h"
#include "base/num.h"
#include "base/opt.h"
#include "base/parallel.h"
#include "table/index_internal.h"

#define MIDDLE "middle:"

/* --- What is asked for ------------------------------------------------------- */

static bool
parse_slices(struct index_choice *c, const char *text)
{
	const char *colon = strchr(text, ':'), *what;
	struct mc_err err;

	if (colon == NULL)
		return false;
	c->axis = mc_axis_of(text, (size_t)(colon - text));
	if (c->axis == MC_AXES)
		return false;
	what = colon + 1;
	c->which = SLICES_MASK;
	if (strcmp(what, "mask") == 0)
		return true;
	c->which = SLICES_MIDDLE;
	if (strncmp(what, MIDDLE, strlen(MIDDLE)) == 0)
		return mc_parse_i64(what + strlen(MIDDLE), 1, INT32_MAX, &c->n,
		    &err) == MC_OK;
	c->which = SLICE_AT;
	return mc_parse_i64(what, 0, INT32_MAX, &c->n, &err) == MC_OK;
}

/* Split LIST at its commas; false: these are not MC_CHANNELS globs. */
static bool
parse_channels(struct index_choice *c, const char *list)
{
	size_t n;
	int i;

	for (i = 0; i < MC_CHANNELS; i++) {
		n = strcspn(list, ",");
		c->channel[i] = mc_xstrndup(list, n);
		list += n;
		if (n == 0 || (*list == ',') != (i < MC_CHANNELS - 1))
			return false;
		list += *list == ',';
	}
	return true;
}

enum mc_status
mc_index_choose_slices(struct mc_index *x, struct mc_err *err)
{
	const struct mc_index_options *o = x->o;

	if (o->slices != NULL && !parse_slices(&x->choice, o->slices))
		return mc_err_set(err, MC_EUSAGE, "--slices: \"%s\" is not "
		    "AXIS:N, AXIS:middle:N or AXIS:mask, such as "
		    "axial:middle:3; AXIS is axial, coronal or sagittal",
		    o->slices);
	if (o->slices != NULL && x->choice.which == SLICES_MASK &&
	    o->mask == NULL)
		return mc_err_set(err, MC_EUSAGE, "--slices %s needs --mask, "
		    "such as --mask '*seg*'", o->slices);
	if (o->channels != NULL && !parse_channels(&x->choice, o->channels))
		return mc_err_set(err, MC_EUSAGE, "--channels: \"%s\": give "
		    "three patterns with commas between them, such as "
		    "'*_t1ce*,*_t2*,*_flair*'", o->channels);
	return MC_OK;
}

void
mc_index_free_choice(struct mc_index *x)
{
	int i;

	for (i = 0; i < MC_CHANNELS; i++)
		free(x->choice.channel[i]);
}

/* --- Folders ------------------------------------------------------------------ */

/* A folder with volumes: its mask, and its channels. */
struct place {
	const struct mc_skipped_file *mask;	/* NULL: none */
	struct index_scan *channel[MC_CHANNELS];
	enum mc_status status;	/* of the mask, and */
	struct mc_err err;
	int64_t size[MC_AXES];	/* its size, and */
	bool *marked;		/* its slices that are not empty */
};

struct places {
	struct mc_index *x;
	struct mc_names *names;	/* the folders' paths */
	struct place *at;
	size_t cap;
};

/* The folder of PATH in P, until the next is found. */
static struct place *
find_place(struct places *p, const char *path)
{
	size_t known = mc_names_count(p->names), i;
	char *dir = mc_xstrndup(path, (size_t)(strrchr(path, '/') - path));

	i = mc_names_copy(p->names, dir);
	free(dir);
	if (i == known) {
		p->at = mc_xgrow(p->at, i, &p->cap, sizeof(*p->at));
		memset(&p->at[i], 0, sizeof(p->at[i]));
	}
	return &p->at[i];
}

static enum mc_status
add_mask(struct places *p, const struct mc_skipped_file *mask,
    struct mc_err *err)
{
	struct place *place = find_place(p, mask->path);

	if (place->mask != NULL)
		return mc_err_set(err, MC_EDATA, "%s and %s are two masks in "
		    "one folder: choose one with a more precise --mask",
		    place->mask->path, mask->path);
	place->mask = mask;
	return MC_OK;
}

/* Put the volume S where --channels says. */
static enum mc_status
add_channel(struct places *p, struct index_scan *s, struct mc_err *err)
{
	struct place *place = find_place(p, s->file->path);
	const char *glob;
	bool found = false;
	int c;

	for (c = 0; c < MC_CHANNELS; c++) {
		glob = p->x->choice.channel[c];
		if (!mc_folder_matches(glob, s->file->path + s->file->base))
			continue;
		if (place->channel[c] != NULL)
			return mc_err_set(err, MC_EDATA, "%s and %s both match "
			    "\"%s\" of --channels: make the pattern more "
			    "precise, or give each patient a folder",
			    place->channel[c]->file->path, s->file->path, glob);
		place->channel[c] = s;
		found = true;
	}
	if (!found && s->lost == NULL)
		s->lost = "not in --channels";
	return MC_OK;
}

/* --- Channels ----------------------------------------------------------------- */

/* No row is made of CHANNEL, because of WHY. */
static void
lose(struct index_scan *const *channel, int channels, const char *why)
{
	int c;

	for (c = 0; c < channels; c++) {
		if (channel[c] != NULL && channel[c]->lost == NULL)
			channel[c]->lost = why;
	}
}

/* Make one picture of the channels of PLACE. */
static void
join_channels(struct place *place)
{
	struct index_scan **channel = place->channel;
	const char *why = NULL;
	int c;

	for (c = 0; c < MC_CHANNELS; c++) {
		if (channel[c] == NULL || channel[c]->status != MC_OK)
			why = "another channel is missing or damaged";
	}
	for (c = 1; c < MC_CHANNELS && why == NULL; c++) {
		if (memcmp(channel[c]->volume.size, channel[0]->volume.size,
		    sizeof(channel[0]->volume.size)) != 0)
			why = "channels of different sizes";
	}
	if (why != NULL) {
		lose(channel, MC_CHANNELS, why);
		return;
	}
	channel[0]->channels = MC_CHANNELS;
	memcpy(channel[0]->channel, channel, sizeof(place->channel));
}

/* Find the folders of all volumes and masks, and what makes a picture. */
static enum mc_status
find_pictures(struct places *p, struct mc_err *err)
{
	const struct mc_folder *f = &p->x->folder;
	enum mc_status status = MC_OK;
	size_t i;

	for (i = 0; i < f->n && status == MC_OK; i++) {
		struct index_scan *s = &p->x->scan[i];

		if (!s->file->volume)
			continue;
		s->lost = s->status != MC_OK ? "unreadable" : NULL;
		if (p->x->o->channels != NULL) {
			status = add_channel(p, s, err);
		} else if (s->status == MC_OK) {
			s->channel[0] = s;
			s->channels = 1;
		}
	}
	for (i = 0; i < f->n_skipped && status == MC_OK &&
	    p->x->choice.which == SLICES_MASK; i++) {
		if (f->skipped[i].why == MC_SKIP_MASK)
			status = add_mask(p, &f->skipped[i], err);
	}
	for (i = 0; status == MC_OK && p->x->o->channels != NULL &&
	    i < mc_names_count(p->names); i++)
		join_channels(&p->at[i]);
	return status;
}

/* --- Masks -------------------------------------------------------------------- */

/* Find the slices of the mask of the I-th place that are not empty. */
static void
read_mask(void *arg, size_t i)
{
	struct places *p = arg;
	struct place *place = &p->at[i];
	enum mc_axis axis = p->x->choice.axis;
	struct mc_volume v = { 0 };
	struct mc_nifti n;
	int64_t k;

	if (place->mask == NULL)
		return;
	place->status = mc_nifti_open(&n, place->mask->path, &place->err);
	if (place->status == MC_OK)
		place->status = mc_volume_read(&v, &n, 0, &place->err);
	else
		mc_nifti_clear(&n);
	if (place->status == MC_OK) {
		memcpy(place->size, v.nifti.size, sizeof(place->size));
		place->marked = mc_xcalloc((size_t)place->size[axis],
		    sizeof(*place->marked));
		for (k = 0; k < place->size[axis]; k++)
			place->marked[k] = mc_slice_is_marked(&v, axis, k);
	}
	mc_volume_clear(&v);
}

/* Why the mask of PLACE says nothing of S; NULL: it does. */
static const char *
check_mask(const struct place *place, struct index_scan *s)
{
	int c;

	if (place->mask == NULL)
		return "no mask in its folder";
	if (place->status != MC_OK) {
		for (c = 0; c < s->channels; c++) {
			s->channel[c]->status = place->status;
			s->channel[c]->err = place->err;
		}
		return "unreadable mask";
	}
	return memcmp(place->size, s->volume.size, sizeof(place->size)) != 0 ?
	    "its mask has another size" : NULL;
}

/* --- Slices ------------------------------------------------------------------- */

/* Whether slice I of SIZE is asked for. */
static bool
is_chosen(const struct index_choice *c, const struct place *place,
    int64_t size, int64_t i)
{
	int64_t first = size / 2 - c->n / 2;

	if (c->which == SLICES_MASK)
		return place->marked[i];
	if (c->which == SLICES_MIDDLE)
		return i >= first && i < first + c->n;
	return i == c->n;
}

/* Mark the slices of S, in PLACE, that become rows. */
static void
mark(const struct index_choice *c, const struct place *place,
    struct index_scan *s)
{
	int64_t size = s->volume.size[c->axis], i;
	const char *why = NULL;
	bool any = false;

	if (c->which == SLICES_MASK)
		why = check_mask(place, s);
	if (why == NULL) {
		s->marked = mc_xcalloc((size_t)size, sizeof(*s->marked));
		for (i = 0; i < size; i++) {
			s->marked[i] = is_chosen(c, place, size, i);
			any = any || s->marked[i];
		}
		if (!any)
			why = c->which == SLICES_MASK ? "its mask is empty" :
			    "it has no slice of this index";
	}
	if (why != NULL)
		lose(s->channel, s->channels, why);
}

/* Warn of files of several volumes. */
static void
warn_series(const struct mc_index *x)
{
	const struct index_scan *first = NULL;
	size_t i, n = 0;

	for (i = x->folder.n; i-- > 0;) {
		if (x->scan[i].lost == NULL && x->scan[i].volume.volumes > 1) {
			first = &x->scan[i];
			n++;
		}
	}
	if (n > 0)
		mc_say(x->o->warn, "%zu NIfTI file%s several volumes, of which "
		    "the first is taken: %s%s: a path with ,volume=N takes "
		    "another (mctools(5), Slices)", n, n == 1 ? " has" :
		    "s have", first->file->path, n == 1 ? "" : " and others");
}

enum mc_status
mc_index_mark_slices(struct mc_index *x, struct mc_err *err)
{
	struct places p = { .x = x, .names = mc_names_alloc() };
	enum mc_status status = find_pictures(&p, err);
	size_t i;

	if (status == MC_OK && x->choice.which == SLICES_MASK)
		mc_parallel(mc_names_count(p.names), mc_cpus(), read_mask, &p);
	for (i = 0; i < x->folder.n && status == MC_OK; i++) {
		struct index_scan *s = &x->scan[i];

		if (s->channels > 0)
			mark(&x->choice, find_place(&p, s->file->path), s);
	}
	if (status == MC_OK)
		warn_series(x);
	for (i = 0; i < mc_names_count(p.names); i++)
		free(p.at[i].marked);
	free(p.at);
	mc_names_free(p.names);
	return status;
}

enum mc_status
mc_index_digest_slices(const struct index_scan *s, char hex[MC_SHA256_HEX],
    struct mc_err *err)
{
	char own[MC_CHANNELS][MC_SHA256_HEX];
	enum mc_status status = MC_OK;
	int c;

	for (c = 0; c < s->channels && status == MC_OK; c++)
		status = mc_nifti_digest(&s->channel[c]->volume, own[c], err);
	if (status == MC_OK)
		mc_digest_join(own, s->channels, hex);
	return status;
}
