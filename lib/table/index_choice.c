/* index_choice.c - read which slices are asked for: --slices and --channels. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "table/index_internal.h"

#define MIDDLE "middle:"
#define EVERY "every:"
#define LARGEST "mask:"

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
	c->n = INT32_MAX;
	if (strcmp(what, "mask") == 0)
		return true;
	if (strncmp(what, LARGEST, strlen(LARGEST)) == 0)
		return mc_parse_i64(what + strlen(LARGEST), 1, INT32_MAX,
		    &c->n, &err) == MC_OK;
	c->which = SLICES_MIDDLE;
	if (strncmp(what, MIDDLE, strlen(MIDDLE)) == 0)
		return mc_parse_i64(what + strlen(MIDDLE), 1, INT32_MAX, &c->n,
		    &err) == MC_OK;
	c->which = SLICES_EVERY;
	c->n = 1;
	if (strcmp(what, "all") == 0)
		return true;
	if (strncmp(what, EVERY, strlen(EVERY)) == 0)
		return mc_parse_i64(what + strlen(EVERY), 1, INT32_MAX, &c->n,
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

/* Split LIST into the two labels of slices; false: it has others. */
static bool
parse_labels(struct mc_index *x, const char *list)
{
	size_t n = mc_split_commas(list, &x->mask_label);
	char *const *label = x->mask_label;

	return n == 2 && *label[0] != '\0' && *label[1] != '\0' &&
	    strcmp(label[0], label[1]) != 0 && mc_tsv_field_ok(list);
}

enum mc_status
mc_index_choose_slices(struct mc_index *x, struct mc_err *err)
{
	const struct mc_index_options *o = x->o;

	if (o->slices != NULL && !parse_slices(&x->choice, o->slices))
		return mc_err_set(err, MC_EUSAGE, "--slices: \"%s\" is not "
		    "AXIS:N, AXIS:middle:N, AXIS:every:N, AXIS:all, "
		    "AXIS:mask or AXIS:mask:N, such as axial:middle:3; AXIS is "
		    "axial, coronal or sagittal",
		    o->slices);
	if (o->slices != NULL && x->choice.which == SLICES_MASK &&
	    o->mask == NULL)
		return mc_err_set(err, MC_EUSAGE, "--slices %s needs --mask, "
		    "such as --mask '*seg*'", o->slices);
	if (o->channels != NULL && !parse_channels(&x->choice, o->channels))
		return mc_err_set(err, MC_EUSAGE, "--channels: \"%s\": give "
		    "three patterns with commas between them, such as "
		    "'*_t1ce*,*_t2*,*_flair*'", o->channels);
	if (o->mask_label != NULL && !parse_labels(x, o->mask_label))
		return mc_err_set(err, MC_EUSAGE, "--mask-label: \"%s\": give "
		    "two labels with a comma between them, such as "
		    "tumour,normal", o->mask_label);
	return MC_OK;
}

void
mc_index_free_choice(struct mc_index *x)
{
	int i;

	for (i = 0; i < MC_CHANNELS; i++)
		free(x->choice.channel[i]);
	free(x->mask_label);
}
