/* index_slices.c - choose the slices of NIfTI volumes that become rows. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/names.h"
#include "table/glob.h"
#include "table/index_internal.h"

/* --- Folders ------------------------------------------------------------------ */

/* Files that may become one picture: those of a folder, or of a folder and name. */
struct place {
	struct index_scan *channel[MC_CHANNELS];
	bool several;		/* two files are for one channel */
};

struct places {
	struct mc_index *x;
	struct mc_names *names;	/* the folders, or the folders and names */
	struct place *at;
	size_t cap;
};

/* The place KEY in P, until the next is found. */
static struct place *
find_place(struct places *p, const char *key)
{
	size_t known = mc_names_count(p->names), i;

	i = mc_names_copy(p->names, key);
	if (i == known) {
		p->at = mc_xgrow(p->at, i, &p->cap, sizeof(*p->at));
		memset(&p->at[i], 0, sizeof(p->at[i]));
	}
	return &p->at[i];
}

/* The place of S in P: its folder and, with GLOB, what * stands for in it. */
static struct place *
place_of(struct places *p, const struct index_scan *s, const char *glob)
{
	char *star = glob == NULL ? mc_xstrdup("") : mc_glob_star(glob,
	    s->file->path + s->file->base);
	char *key = mc_xasprintf("%.*s\t%s", (int)s->file->base,
	    s->file->path, star);
	struct place *place = find_place(p, key);

	free(star);
	free(key);
	return place;
}

/*
 * Put the volume S where --channels says: in its folder; in one that has several
 * files for a channel, with the files of its name, for which NAMED is.
 */
static enum mc_status
add_channel(struct places *folders, struct places *named,
    struct index_scan *s, struct mc_err *err)
{
	bool several = place_of(folders, s, NULL)->several, found = false;
	struct place *place;
	const char *glob;
	int c;

	for (c = 0; c < MC_CHANNELS; c++) {
		glob = folders->x->choice.channel[c];
		if (!mc_glob_matches(glob, s->file->path + s->file->base))
			continue;
		found = true;
		place = named == NULL || !several ?
		    place_of(folders, s, NULL) : place_of(named, s, glob);
		if (place->channel[c] != NULL && place->channel[c] != s) {
			place->several = true;
			if (named != NULL)
				return mc_err_set(err, MC_EDATA, "%s and %s "
				    "both match \"%s\" of --channels: make the "
				    "pattern more precise, or give each "
				    "patient a folder",
				    place->channel[c]->file->path,
				    s->file->path, glob);
		}
		place->channel[c] = s;
	}
	if (!found && s->lost == NULL)
		s->lost = "not in --channels";
	return MC_OK;
}

/* --- Channels ----------------------------------------------------------------- */

/* No row is made of the files CHANNEL, because of WHY and DETAIL, or NULL. */
static void
lose(struct index_scan *const *channel, int channels, const char *why,
    const char *detail)
{
	int c;

	for (c = 0; c < channels; c++) {
		if (channel[c] == NULL || channel[c]->lost != NULL)
			continue;
		channel[c]->lost = why;
		if (detail == NULL || channel[c]->detail == detail)
			continue;
		free(channel[c]->detail);
		channel[c]->detail = mc_xstrdup(detail);
	}
}

/* Make one picture of the channels of PLACE. */
static void
join_channels(struct mc_index *x, struct place *place)
{
	struct index_scan **channel = place->channel;
	const char *why = NULL;
	int c;

	for (c = 0; c < MC_CHANNELS; c++) {
		if (channel[c] == NULL || channel[c]->status != MC_OK)
			why = "another channel is missing or damaged";
	}
	for (c = 1; c < MC_CHANNELS && why == NULL; c++) {
		if (channel[c] != channel[0] && !mc_index_same_grid(x,
		    channel[c], &channel[0]->volume))
			why = "channels on different grids";
		else if (channel[c]->mask != channel[0]->mask)
			why = "channels with different masks";
	}
	if (why != NULL) {
		lose(channel, MC_CHANNELS, why, c > 1 ?
		    channel[c - 1]->detail : NULL);
		return;
	}
	channel[0]->channels = MC_CHANNELS;
	memcpy(channel[0]->channel, channel, sizeof(place->channel));
}

/* Make pictures of the files that --channels joins. */
static enum mc_status
find_pictures(struct mc_index *x, struct mc_err *err)
{
	struct places folders = { .x = x, .names = mc_names_alloc() };
	struct places named = { .x = x, .names = mc_names_alloc() };
	enum mc_status status = MC_OK;
	size_t i, pass;

	for (pass = 0; pass < 2; pass++) {
		for (i = 0; i < x->folder.n && status == MC_OK; i++) {
			if (x->scan[i].file->volume)
				status = add_channel(&folders, pass == 0 ?
				    NULL : &named, &x->scan[i], err);
		}
	}
	for (i = 0; i < mc_names_count(folders.names); i++) {
		if (status == MC_OK && !folders.at[i].several)
			join_channels(x, &folders.at[i]);
	}
	for (i = 0; i < mc_names_count(named.names); i++) {
		if (status == MC_OK)
			join_channels(x, &named.at[i]);
	}
	mc_names_free(folders.names);
	mc_names_free(named.names);
	free(folders.at);
	free(named.at);
	return status;
}

/* --- Slices ------------------------------------------------------------------- */

/* Whether slice I of SIZE of the volume S is asked for. */
static bool
is_chosen(const struct index_choice *c, const struct index_scan *s,
    int64_t size, int64_t i)
{
	int64_t first = size / 2 - c->n / 2;

	if (c->which == SLICES_MASK)
		return s->mask->marked[i] > 0;
	if (c->which == SLICES_MIDDLE)
		return i >= first && i < first + c->n;
	if (c->which == SLICES_EVERY)
		return i % c->n == 0;
	return i == c->n;
}

/* Mark the slices of S that become rows. */
static void
mark(const struct index_choice *c, struct index_scan *s)
{
	const char *why = c->which == SLICES_MASK ? s->no_mask : NULL;
	int64_t size = s->volume.size[c->axis], i;
	bool any = false;

	if (why == NULL) {
		s->marked = mc_xcalloc((size_t)size, sizeof(*s->marked));
		for (i = 0; i < size; i++) {
			s->marked[i] = is_chosen(c, s, size, i);
			any = any || s->marked[i];
		}
		if (!any)
			why = c->which == SLICES_MASK ? "its mask is empty" :
			    "it has no slice of this index";
	}
	if (why != NULL)
		lose(s->channel, s->channels, why, s->detail);
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

/* Warn of grids that differ by less than half a voxel. */
static void
warn_beside(const struct mc_index *x)
{
	if (x->beside > 0)
		mc_say(x->o->warn, "the voxels of %zu pair%s of NIfTI files "
		    "differ in place by less than half a voxel, and are taken "
		    "as the same: %s%s", x->beside, MC_PLURAL(x->beside),
		    x->first_beside, x->beside == 1 ? "" : " and others");
}

enum mc_status
mc_index_mark_slices(struct mc_index *x, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	struct index_scan *s;
	size_t i;

	for (i = 0; i < x->folder.n; i++) {
		s = &x->scan[i];
		if (!s->file->volume)
			continue;
		if (s->status != MC_OK) {
			s->lost = "unreadable";
			s->detail = mc_xstrdup(s->err.text);
		} else if (x->o->channels == NULL) {
			s->channel[0] = s;
			s->channels = 1;
		}
	}
	if (x->o->mask != NULL)
		status = mc_index_find_masks(x, err);
	if (status == MC_OK && x->o->channels != NULL)
		status = find_pictures(x, err);
	for (i = 0; i < x->folder.n && status == MC_OK; i++) {
		if (x->scan[i].channels > 0)
			mark(&x->choice, &x->scan[i]);
	}
	if (status == MC_OK) {
		warn_series(x);
		warn_beside(x);
	}
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

void
mc_index_label_slices(struct mc_index *x)
{
	size_t i;

	for (i = 0; i < x->n; i++) {
		struct index_image *image = &x->image[i];
		const struct index_scan *s = image->volume;

		free(image->text[LABEL]);
		image->text[LABEL] = mc_xstrdup(s == NULL ||
		    s->no_mask != NULL ? "" :
		    x->mask_label[s->mask->marked[image->slice] == 0]);
	}
	for (i = 0; i < x->n_left; i++) {
		free(x->left[i]->image.text[LABEL]);
		x->left[i]->image.text[LABEL] = NULL;
	}
}

void
mc_index_write_slice(const struct mc_index *x, const struct index_image *image,
    FILE *f)
{
	const struct index_scan *s = image != NULL ? image->volume : NULL;
	int64_t width, height;

	if (x->o->mask == NULL)
		return;
	putc('\t', f);
	if (image == NULL) {
		fputs(MC_MASK_SHARE, f);
	} else if (s != NULL && s->no_mask == NULL) {
		mc_slice_size(&s->volume, x->choice.axis, &width, &height);
		fprintf(f, "%.6g", (double)s->mask->marked[image->slice] /
		    (double)(width * height));
	}
}
