/* dataset.c - read the images of a training. */
#include "config.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/names.h"
#include "base/num.h"
#include "base/spelling.h"
#include "learn/dataset_internal.h"

/* Images embedded together; bounds the memory. */
#define BATCH 16

/* --- Which rows ------------------------------------------------------------ */

enum use {
	USE_TRAIN, USE_VAL, USE_TEST, USE_HELD, USE_OUTSIDE, USE_UNKNOWN
};

static enum use
use_of(const struct reading *r, const char *split, const char *fold)
{
	char number[MC_NUM_SIZE];

	if (strcmp(split, "test") == 0)
		return USE_TEST;
	fold = mc_key_number(fold, number);
	if (r->o->fold > 0)
		return *fold == '\0' ? USE_UNKNOWN :
		    strcmp(fold, r->fold) == 0 ? USE_HELD :
		    strcmp(fold, r->val_fold) == 0 ? USE_VAL : USE_TRAIN;
	if (strcmp(split, "train") == 0)
		return USE_TRAIN;
	return strcmp(split, "val") == 0 ? USE_VAL : USE_UNKNOWN;
}

static const char *
get(const struct mc_images *im, int column)
{
	return column < 0 ? "" : mc_images_get(im, (size_t)column);
}

/* The digest of the name of a row's unit: UNIT, or GROUP where it is empty. */
static void
name_unit(const char *unit, const char *group, char hex[MC_SHA256_HEX])
{
	const char *name = *unit != '\0' ? unit : group;

	hex[0] = '\0';
	if (*name != '\0')
		mc_sha256_bytes(name, strlen(name), hex);
}

/* Make *USE of a row that trains USE_OUTSIDE if it is outside the share. */
static enum mc_status
apply_share(struct reading *r, const struct mc_images *im, enum use *use,
    struct mc_err *err)
{
	const char *text = get(im, r->share);
	struct mc_err why;
	double share;

	if (*text == '\0')
		return mc_err_set(err, MC_EDATA, "%s: id \"%s\": no share: "
		    "write the shares again with mc-split --shares",
		    mc_images_manifest_name(im), get(im, r->id));
	if (mc_parse_f64(text, DBL_MIN, 100, &share, &why) != MC_OK)
		return mc_err_set(err, MC_EDATA, "%s: id \"%s\": column "
		    "\"share\": %s",
		    mc_images_manifest_name(im), get(im, r->id),
		    why.text);
	r->has_share |= share == r->o->share;
	if (share > r->o->share)
		*use = USE_OUTSIDE;
	return MC_OK;
}

/* Note the digest of an image that is left, to look for copies later. */
static void
leave(struct reading *r, const struct mc_images *im)
{
	char hex[MC_SHA256_HEX];

	mc_images_sha256(im, hex);
	mc_seen_add(r->left, hex, MC_VALIDATED);
	name_unit(get(im, r->unit), get(im, r->group), hex);
	if (hex[0] != '\0')
		mc_seen_add(r->left_units, hex, MC_VALIDATED);
}

static enum mc_status
want(const struct mc_images *im, bool *wanted, void *arg, struct mc_err *err)
{
	struct reading *r = arg;
	const char *split = get(im, r->split);
	enum use use = use_of(r, split, get(im, r->fold_column));

	if (use == USE_TRAIN && r->o->share > 0 &&
	    apply_share(r, im, &use, err) != MC_OK)
		return MC_EDATA;
	*wanted = use != USE_TEST && use != USE_HELD && use != USE_OUTSIDE;
	r->d->n_test += use == USE_TEST;
	r->d->n_held += use == USE_HELD;
	r->d->n_outside += use == USE_OUTSIDE;
	if (use == USE_OUTSIDE)
		return MC_OK;
	if (!*wanted)
		leave(r, im);
	if (use == USE_UNKNOWN && r->o->fold > 0)
		return mc_err_set(err, MC_EDATA, "%s: id \"%s\": no fold, and "
		    "its split is not test", mc_images_manifest_name(im),
		    get(im, r->id));
	if (use == USE_UNKNOWN)
		return mc_err_set(err, MC_EDATA, "%s: id \"%s\": the split "
		    "\"%s\" is not train, val or test: use these names in "
		    "mc-split --ratio",
		    mc_images_manifest_name(im), get(im, r->id), split);
	if (*wanted && *get(im, r->label) == '\0')
		return mc_err_set(err, MC_EDATA, "%s: id \"%s\": no label to "
		    "train on", mc_images_manifest_name(im), get(im, r->id));
	return MC_OK;
}

/* Check that the columns that R needs are there. */
static enum mc_status
check_columns(const struct reading *r, struct mc_err *err)
{
	const struct {
		bool missing;
		const char *column, *maker;
	} all[] = {
		{ r->label < 0, "label", "mc-index" },
		{ r->o->fold > 0 && r->fold_column < 0, "fold",
		    "mc-split --folds" },
		{ r->o->fold == 0 && r->split < 0, "split", "mc-split" },
		{ r->o->share > 0 && r->share < 0, "share",
		    "mc-split --shares" },
	};
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (all[i].missing)
			return mc_err_set(err, MC_EDATA, "%s: the manifest has "
			    "no column \"%s\" (%s makes it)",
			    mc_images_manifest_name(r->images), all[i].column,
			    all[i].maker);
	}
	return MC_OK;
}

static enum mc_status
bind_columns(struct reading *r, struct mc_err *err)
{
	r->id = mc_images_find(r->images, "id");
	r->label = mc_images_find(r->images, "label");
	r->split = mc_images_find(r->images, "split");
	r->fold_column = mc_images_find(r->images, "fold");
	r->share = mc_images_find(r->images, "share");
	r->unit = mc_images_find(r->images, "unit");
	r->group = mc_images_find(r->images, "group");
	r->grey = mc_images_find(r->images, MC_GREY_COLUMN);
	return check_columns(r, err);
}

/* --- Records --------------------------------------------------------------- */

/* The number of LABEL among the distinct labels, to which it is added. */
static size_t
number_label(struct reading *r, const char *label)
{
	struct mc_dataset *d = r->d;
	size_t number = mc_names_find(r->labels, label);

	if (number != MC_NO_NAME)
		return number;
	d->texts = mc_xgrow(d->texts, d->n_texts, &r->texts_cap,
	    sizeof(*d->texts));
	d->texts[d->n_texts] = mc_xstrdup(label);
	return mc_names_add(r->labels, d->texts[d->n_texts++]);
}

/* Note the label and the use of each image of the present batch. */
static void
note_rows(struct reading *r, const struct mc_feed *f)
{
	struct mc_dataset *d = r->d;
	struct row *row;
	size_t i;

	for (i = 0; i < mc_feed_count(f); i++) {
		d->text = mc_xgrow(d->text, d->n, &r->text_cap,
		    sizeof(*d->text));
		d->text[d->n] = number_label(r, mc_feed_get(f, i, r->label));
		r->row = mc_xgrow(r->row, d->n, &r->row_cap, sizeof(*r->row));
		row = &r->row[d->n];
		row->id = mc_xstrdup(mc_feed_get(f, i, r->id));
		memcpy(row->sha256, mc_feed_sha256(f, i), sizeof(row->sha256));
		name_unit(mc_feed_get(f, i, r->unit),
		    mc_feed_get(f, i, r->group), row->unit);
		row->is_val = use_of(r, mc_feed_get(f, i, r->split),
		    mc_feed_get(f, i, r->fold_column)) == USE_VAL;
		row->record = d->n++;
		mc_grey_add(&d->grey, mc_feed_get(f, i, r->grey));
	}
}

static void
bad_image(const char *id, const char *why, void *arg)
{
	const struct reading *r = arg;

	r->o->bad(id, why, r->o->arg);
}

/* Keep the features of the present batch. */
static enum mc_status
keep_features(struct reading *r, struct mc_feed *f, struct mc_err *err)
{
	const struct mc_dataset_options *o = r->o;
	struct mc_kept *kept = &r->d->kept;
	size_t n = mc_feed_count(f);
	float *features = mc_xreallocarray(NULL, n * kept->dim,
	    sizeof(*features));
	enum mc_status status;

	mc_scope_open(o->t);
	mc_to_f32(o->t, mc_backbone_forward(o->backbone,
	    mc_feed_tensor(f, o->t)), features, n * kept->dim);
	mc_scope_close(o->t, NULL);
	status = mc_torch_check(o->t, err);
	if (status == MC_OK)
		status = mc_feed_check_finite(f, features, kept->dim, err);
	if (status == MC_OK)
		status = mc_records_add(kept->records, features, n, err);
	free(features);
	return status;
}

/* Keep image I of the present batch. */
static enum mc_status
keep_image(struct reading *r, struct mc_feed *f, size_t i, struct mc_err *err)
{
	struct mc_kept *kept = &r->d->kept;
	size_t k = mc_records_count(kept->records), size = 1;
	const struct mc_image *resized = mc_feed_resized(f, i);
	const void *bytes = mc_feed_bytes(f, i, &size);

	switch (kept->form) {
	case MC_KEEP_ENCODED:
		kept->bits = mc_xgrow(kept->bits, k, &r->cap,
		    sizeof(*kept->bits));
		kept->bits[k] = (signed char)mc_feed_bits(f, i);
		return mc_records_add(kept->records, bytes, size, err);
	case MC_KEEP_RESIZED:
		kept->width = mc_xgrow(kept->width, k, &r->cap,
		    sizeof(*kept->width));
		kept->width[k] = resized->width;
		return mc_records_add(kept->records, resized->rgb, 3 *
		    (size_t)resized->width * (size_t)resized->height, err);
	case MC_KEEP_PIXELS:
		return mc_records_add(kept->records, mc_feed_pixels(f, i), 1,
		    err);
	default:
		return mc_records_add(kept->records, bytes, 1, err);
	}
}

/* Keep the images of the present batch. */
static enum mc_status
keep_batch(struct reading *r, struct mc_feed *f, struct mc_err *err)
{
	size_t i;
	enum mc_status status = MC_OK;

	if (r->o->backbone != NULL)
		return keep_features(r, f, err);
	for (i = 0; i < mc_feed_count(f) && status == MC_OK; i++)
		status = keep_image(r, f, i, err);
	return status;
}

/* Make ready to keep images as they are asked for. */
static enum mc_status
start_keeping(struct reading *r, struct mc_err *err)
{
	const struct mc_dataset_options *o = r->o;
	struct mc_kept *kept = &r->d->kept;
	size_t size = 0;

	kept->form = o->keep;
	if (o->keep == MC_KEEP_FEATURES) {
		kept->dim = o->backbone == NULL ? mc_images_dim(r->images) :
		    (size_t)mc_backbone_features(o->backbone)->dim;
		size = kept->dim * sizeof(float);
	} else if (o->keep == MC_KEEP_PIXELS) {
		size = mc_preprocess_size(o->preprocess);
	}
	kept->records = mc_records_alloc(size, err);
	return kept->records != NULL ? MC_OK : err->status;
}

static enum mc_status
read_images(struct reading *r, struct mc_err *err)
{
	const struct mc_dataset_options *o = r->o;
	const struct mc_feed_options options = { .preprocess = o->preprocess,
	    .batch = BATCH, .threads = o->threads, .ahead = o->ahead,
	    .digests = true, .resized = o->resized, .want = want,
	    .bad = o->bad != NULL ? bad_image : NULL, .arg = r };
	enum mc_status status = start_keeping(r, err);
	struct mc_feed *f = mc_feed_images(r->images, &options);
	bool stopped = false;

	while (status == MC_OK && !stopped &&
	    (status = mc_feed_next(f, err)) == MC_OK) {
		note_rows(r, f);
		status = keep_batch(r, f, err);
		if (o->progress != NULL)
			o->progress(mc_feed_taken(f),
			    mc_images_rows(r->images), o->arg);
		stopped = o->stop != NULL && o->stop(o->arg);
	}
	if (status == MC_END)
		status = mc_records_map(r->d->kept.records, err);
	else if (status == MC_OK)
		status = MC_END;
	r->d->n_bad = mc_feed_bad(f) + mc_images_skipped(r->images);
	mc_feed_free(f);
	return status;
}

/* --- Who trains and who validates ------------------------------------------ */

/* By id, so that the order in the tar does not matter. */
static int
compare_rows(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int order = strcmp(x->id, y->id);

	if (order == 0)
		order = strcmp(x->sha256, y->sha256);
	return order != 0 ? order : (x->record > y->record) -
	    (x->record < y->record);
}

/* Count the units that train, and those that are in two roles. */
static void
count_units(struct reading *r)
{
	struct mc_seen *trained = mc_seen_alloc(), *used = mc_seen_alloc();
	struct mc_seen *val = mc_seen_alloc();
	size_t i;

	for (i = 0; i < r->d->n; i++) {
		const struct row *row = &r->row[i];

		if (row->unit[0] == '\0') {	/* one of its own */
			r->d->n_units_train += !row->is_val;
			r->d->n_units_validate += row->is_val;
			continue;
		}
		mc_seen_add(row->is_val ? val : trained, row->unit,
		    MC_TRAINED);
		mc_seen_add(used, row->unit, MC_TRAINED);
	}
	mc_seen_sort(trained);
	mc_seen_sort(val);
	mc_seen_sort(used);
	mc_seen_sort(r->left_units);
	r->d->n_units_train += (int64_t)mc_seen_common(trained, trained);
	r->d->n_units_validate += (int64_t)mc_seen_common(val, val);
	r->d->n_units_val = (int64_t)mc_seen_common(val, trained);
	r->d->n_units_left = (int64_t)mc_seen_common(r->left_units, used);
	mc_seen_free(trained);
	mc_seen_free(val);
	mc_seen_free(used);
}

static void
divide(struct reading *r)
{
	struct mc_dataset *d = r->d;
	size_t i;

	d->train = mc_xcalloc(d->n, sizeof(*d->train));
	d->val = mc_xcalloc(d->n, sizeof(*d->val));
	d->key = mc_xcalloc(d->n, sizeof(*d->key));
	d->seen = mc_seen_alloc();
	qsort(r->row, d->n, sizeof(*r->row), compare_rows);
	for (i = 0; i < d->n; i++) {
		const struct row *row = &r->row[i];

		if (!row->is_val && d->n_train < MC_DATASET_NAMED)
			d->train_id[d->n_train] = mc_xstrdup(row->id);
		if (row->is_val)
			d->val[d->n_val++] = row->record;
		else
			d->train[d->n_train++] = row->record;
		d->key[row->record] = mc_fnv1a64(row->id, strlen(row->id));
		mc_seen_add(d->seen, row->sha256, row->is_val ? MC_VALIDATED :
		    MC_TRAINED);
	}
	mc_seen_sort(d->seen);
	mc_seen_sort(r->left);
	d->n_copies_left = (int64_t)mc_seen_common(r->left, d->seen);
	for (i = 0; i < d->n; i++)
		d->n_copies_val += r->row[i].is_val && mc_seen_find(d->seen,
		    r->row[i].sha256) == MC_TRAINED;
}

/* A fold or a share that was asked for and that no row has. */
static enum mc_status
check_parts(const struct reading *r, struct mc_err *err)
{
	const char *none = NULL;

	if (r->o->fold > 0 && r->d->n_held == 0)
		none = r->fold;
	else if (r->o->val_fold > 0 && r->d->n_val == 0)
		none = r->val_fold;
	if (none != NULL)
		return mc_err_set(err, MC_EDATA, "%s: no image outside the "
		    "test split has fold %s",
		    mc_images_manifest_name(r->images), none);
	if (r->o->share > 0 && !r->has_share)
		return mc_err_set(err, MC_EDATA, "%s: no training image has "
		    "the share %g: give one of those of mc-split --shares",
		    mc_images_manifest_name(r->images), r->o->share);
	return MC_OK;
}

enum mc_status
mc_dataset_read(struct mc_dataset *d, struct mc_images *images,
    const struct mc_dataset_options *options, struct mc_err *err)
{
	struct reading r = { .o = options, .d = d, .images = images };
	enum mc_status status;
	size_t i;

	*d = (struct mc_dataset){ .multilabel = options->multilabel };
	snprintf(r.fold, sizeof(r.fold), "%lld", (long long)options->fold);
	snprintf(r.val_fold, sizeof(r.val_fold), "%lld",
	    (long long)options->val_fold);
	r.labels = mc_names_alloc();
	r.left = mc_seen_alloc();
	r.left_units = mc_seen_alloc();
	status = bind_columns(&r, err);
	if (status == MC_OK)
		status = read_images(&r, err);
	if (status == MC_OK)
		status = dataset_label_images(&r, err);
	if (status == MC_OK) {
		divide(&r);
		status = check_parts(&r, err);
	}
	if (status == MC_OK) {
		count_units(&r);
		status = dataset_check_training(&r, err);
	}
	mc_names_free(r.labels);
	mc_seen_free(r.left);
	mc_seen_free(r.left_units);
	for (i = 0; i < d->n; i++)
		free(r.row[i].id);
	free(r.row);
	if (status != MC_OK)
		mc_dataset_clear(d);
	return status;
}

void
mc_dataset_clear(struct mc_dataset *d)
{
	size_t i;

	mc_records_free(d->kept.records);
	free(d->kept.bits);
	free(d->kept.width);
	free(d->label);
	free(d->classes);
	free(d->train);
	free(d->val);
	free(d->key);
	for (i = 0; i < MC_DATASET_NAMED; i++)
		free(d->train_id[i]);
	mc_seen_free(d->seen);
	for (i = 0; i < d->n_texts; i++)
		free(d->texts[i]);
	free(d->texts);
	free(d->text);
	mc_findings_free(d->findings);
	mc_grey_clear(&d->grey);
	memset(d, 0, sizeof(*d));
}
