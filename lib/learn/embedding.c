/* embedding.c - compare how features were computed with what a model wants. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "backbone/backbone.h"
#include "learn/embedding.h"
#include "learn/pretrained.h"

/* What mc_pretrained_open records. */
static const char *const network_keys[] = {
	"backbone", "features", "weights", "weights_sha256", "init_seed",
	"weights_from", "weights_prefix", "weights_allow_extra",
	"lc_weights", "lc_weights_sha256", "family"
};

/* What can change the last digits of features. */
static const char *const how_keys[] = { "device", "libraries" };

#define N(array) (sizeof(array) / sizeof((array)[0]))

static const char *
get(const struct mc_keyvalue *about, const char *key)
{
	return mc_keyvalue_get(about, key, 0);
}

/* The value of KEY, or of KEY with "features_" before it if ABOUT has that. */
static const char *
of_features(const struct mc_keyvalue *about, const char *key)
{
	char *longer = mc_xasprintf("features_%s", key);
	const char *value = get(about, longer);

	free(longer);
	return value != NULL ? value : get(about, key);
}

static bool
same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static enum mc_status
missing(const struct mc_images *images, const char *key, struct mc_err *err)
{
	return mc_err_set(err, MC_EDATA, "%s: its __features__ has no key %s",
	    mc_images_name(images), key);
}

static enum mc_status
read_preprocess(const struct mc_images *images, struct mc_preprocess *pre,
    struct mc_err *err)
{
	const char *text = get(mc_images_about(images), "preprocess");
	struct mc_err why;

	if (text == NULL)
		return missing(images, "\"preprocess\"", err);
	if (mc_preprocess_parse(pre, text, &why) == MC_OK)
		return MC_OK;
	return mc_err_set(err, MC_EDATA, "%s: its __features__: %s",
	    mc_images_name(images), why.text);
}

const char *
mc_embedding_precision(const struct mc_keyvalue *about)
{
	const char *precision = get(about, "precision");

	return precision != NULL ? precision : "float32";
}

/* Check how many features IMAGES has, if mctools knows the network. */
static enum mc_status
check_dim(const struct mc_images *images, struct mc_err *err)
{
	const struct mc_keyvalue *about = mc_images_about(images);
	const struct mc_backbone_info *info;
	const struct mc_features *f = NULL;
	struct mc_err unknown;

	info = mc_backbone_find(get(about, "backbone"), &unknown);
	if (info != NULL)
		f = mc_features_find(info, get(about, "features"), &unknown);
	if (f == NULL || (size_t)f->dim == mc_images_dim(images))
		return MC_OK;
	return mc_err_set(err, MC_EDATA, "%s: its __features__: the features "
	    "\"%s\" of %s are %d numbers per image, not %zu",
	    mc_images_name(images), f->name, info->name, f->dim,
	    mc_images_dim(images));
}

enum mc_status
mc_embedding_read(const struct mc_images *images, struct mc_keyvalue *record,
    struct mc_preprocess *pre, struct mc_err *err)
{
	const struct mc_keyvalue *about = mc_images_about(images);
	enum mc_status status;
	size_t i;

	if (get(about, "backbone") == NULL)
		return missing(images, "\"backbone\"", err);
	if (get(about, "features") == NULL)
		return missing(images, "\"features\"", err);
	if (get(about, "weights_sha256") == NULL &&
	    get(about, "init_seed") == NULL)
		return missing(images, "\"weights_sha256\" or \"init_seed\"",
		    err);
	status = check_dim(images, err);
	if (status != MC_OK)
		return status;
	for (i = 0; i < N(network_keys); i++) {
		const char *value = get(about, network_keys[i]);

		if (value != NULL)
			mc_keyvalue_add(record, network_keys[i], "%s", value);
	}
	mc_keyvalue_add(record, "precision", "%s",
	    mc_embedding_precision(about));
	return read_preprocess(images, pre, err);
}

void
mc_embedding_record(const struct mc_keyvalue *about,
    struct mc_keyvalue *record)
{
	size_t i;

	for (i = 0; i < N(how_keys); i++) {
		const char *value = get(about, how_keys[i]);
		char *key;

		if (value == NULL || same(value, get(record, how_keys[i])))
			continue;
		key = mc_xasprintf("features_%s", how_keys[i]);
		mc_keyvalue_add(record, key, "%s", value);
		free(key);
	}
}

/*
 * Whether KEY is the name of a file, which may have another name: its digest is
 * compared.
 */
static bool
names_file(const struct mc_keyvalue *about, const char *key)
{
	return strcmp(key, "weights") == 0 || strcmp(key, "lc_weights") == 0 ||
	    (strcmp(key, "backbone") == 0 &&
	    mc_pretrained_is_torchscript(about));
}

/* Compare the value FOUND of a KEY with what the model has. */
static enum mc_status
compare(const struct mc_images *images, const char *key, const char *found,
    const char *wanted, struct mc_err *err)
{
	return same(found, wanted) ? MC_OK : mc_err_set(err, MC_EDATA,
	    "%s: its %s is \"%s\", the model's \"%s\": run mc-embed with what "
	    "the model was trained with", mc_images_name(images), key,
	    found != NULL ? found : "", wanted != NULL ? wanted : "");
}

enum mc_status
mc_embedding_check(const struct mc_images *images,
    const struct mc_keyvalue *about, const char *precision,
    struct mc_err *err)
{
	const struct mc_keyvalue *made = mc_images_about(images);
	const char *regime = get(about, "regime");
	struct mc_buf text = { 0 };
	struct mc_preprocess pre;
	enum mc_status status;
	size_t i;

	if (regime != NULL && strcmp(regime, "finetune") == 0)
		return mc_err_set(err, MC_EUSAGE, "%s: has features, and the "
		    "model's backbone was fine-tuned: give the image tar",
		    mc_images_name(images));
	status = read_preprocess(images, &pre, err);
	for (i = 0; i < N(network_keys) && status == MC_OK; i++) {
		if (!names_file(about, network_keys[i]))
			status = compare(images, network_keys[i],
			    get(made, network_keys[i]),
			    get(about, network_keys[i]), err);
	}
	if (status == MC_OK && precision != NULL &&
	    strcmp(mc_embedding_precision(made), precision) != 0)
		status = mc_err_set(err, MC_EDATA, "%s: its precision is "
		    "\"%s\", not that of --precision %s: leave the option "
		    "out, or run mc-embed with it", mc_images_name(images),
		    mc_embedding_precision(made), precision);
	else if (status == MC_OK && precision == NULL)
		status = compare(images, "precision",
		    mc_embedding_precision(made),
		    mc_embedding_precision(about), err);
	if (status != MC_OK)
		return status;
	mc_preprocess_format(&pre, &text);
	status = compare(images, "preprocess", text.data,
	    get(about, "preprocess"), err);
	mc_buf_free(&text);
	return status;
}

bool
mc_embedding_differs(const struct mc_images *images,
    const struct mc_keyvalue *about, struct mc_buf *text)
{
	const struct mc_keyvalue *made = mc_images_about(images);
	size_t i;

	for (i = 0; i < N(how_keys); i++) {
		const char *found = get(made, how_keys[i]);
		const char *wanted = of_features(about, how_keys[i]);

		if (found == NULL || wanted == NULL || same(found, wanted))
			continue;
		if (text->len == 0)
			mc_buf_printf(text, "%s: the last digits may differ: ",
			    mc_images_name(images));
		else
			mc_buf_puts(text, "; ");
		mc_buf_printf(text, "its %s: %s, the model's: %s",
		    how_keys[i], found, wanted);
	}
	return text->len > 0;
}
