/* index_slices.c - choose the slices of NIfTI volumes that become rows. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "table/index_internal.h"

/* --- Slices ------------------------------------------------------------------- */

static int
compare_counts(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Mark those of SIZE slices whose COUNT is among the N largest, and above 0. */
static void
mark_largest(const int64_t *count, int64_t size, int64_t n, bool *marked)
{
	int64_t *sorted = mc_xreallocarray(NULL, (size_t)size,
	    sizeof(*sorted)), least = 0, left = n, i;

	memcpy(sorted, count, (size_t)size * sizeof(*sorted));
	qsort(sorted, (size_t)size, sizeof(*sorted), compare_counts);
	if (n < size)
		least = sorted[size - n];
	for (i = size; i-- > 0 && sorted[i] > least;)
		left--;
	/* Of slices that are equal to the least one, the first are taken. */
	for (i = 0; i < size; i++)
		marked[i] = count[i] > least || (count[i] == least &&
		    count[i] > 0 && left-- > 0);
	free(sorted);
}

/* Whether slice I of SIZE is asked for, whatever the mask. */
static bool
is_chosen(const struct index_choice *c, int64_t size, int64_t i)
{
	int64_t first = size / 2 - c->n / 2;

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
		if (c->which == SLICES_MASK)
			mark_largest(s->mask->marked, size, c->n, s->marked);
		for (i = 0; i < size; i++) {
			if (c->which != SLICES_MASK)
				s->marked[i] = is_chosen(c, size, i);
			any = any || s->marked[i];
		}
		if (!any)
			why = c->which == SLICES_MASK ? "its mask is empty" :
			    "it has no slice of this index";
	}
	if (why != NULL)
		mc_index_lose(s->channel, s->channels, why, s->detail);
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
		status = mc_index_join_channels(x, err);
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
