/* network.c - start libtorch and a backbone. */
#include "config.h"

#include <sys/stat.h>

#include <stdlib.h>
#include <string.h>

#include "backbone/torchscript.h"
#include "base/hash.h"
#include "base/num.h"
#include "learn/embedding.h"
#include "network.h"
#include "table/tsv.h"
#include "weights/registry.h"
#include "weights/statedict.h"

/* Whether one of the three V is above 1. */
static bool
exceeds_one(const float v[3])
{
	return v[0] > 1 || v[1] > 1 || v[2] > 1;
}

/* Set what --mean and --std give. */
static void
set_statistics(const struct network_opts *o, struct mc_preprocess *pre)
{
	struct mc_err err;

	if (o->mean != NULL &&
	    mc_preprocess_set_mean(pre, o->mean, &err) != MC_OK)
		tool_usage("--mean: %s", err.text);
	if (o->std != NULL &&
	    mc_preprocess_set_std(pre, o->std, &err) != MC_OK)
		tool_usage("--std: %s", err.text);
	if (o->mean != NULL && o->std == NULL)
		tool_warn("--mean without --std: the channels are divided by "
		    "the standard deviations of the backbone");
	if (o->std != NULL && o->mean == NULL)
		tool_warn("--std without --mean: the means of the backbone are "
		    "subtracted");
	if (exceeds_one(pre->mean) || exceeds_one(pre->std))
		tool_warn("--mean, --std: a value is above 1, but channels are "
		    "0 to 1 here: divide what is for 0 to 255 by 255");
}

/* Set what O does not give of the preprocessing, PRE, and PRE to what it does. */
static void
set_preprocess(struct network_opts *o, struct mc_preprocess *pre)
{
	if (o->resize == 0)
		o->resize = pre->resize;
	if (o->crop == 0)
		o->crop = pre->crop;
	if (o->filter == MC_NOT_GIVEN)
		o->filter = pre->filter;
	pre->resize = (int)o->resize;
	pre->crop = (int)o->crop;
	pre->filter = (enum mc_filter)o->filter;
	if (pre->crop > pre->resize)
		tool_warn("--crop %d is larger than --resize %d: the images "
		    "are padded with black", pre->crop, pre->resize);
	set_statistics(o, pre);
}

static bool
has_excerpt(const struct network_opts *o)
{
	const struct mc_excerpt *e = &o->from.excerpt;

	return e->from != NULL || e->prefix != NULL || e->allow_extra != NULL;
}

/* Refuse the options of weights that O gives with a TorchScript module. */
static void
refuse_weights(const struct network_opts *o)
{
	const struct mc_excerpt *e = &o->from.excerpt;
	const char *option = o->from.weights != NULL ? "--weights" :
	    o->from.init_seed >= 0 ? "--init-seed" :
	    e->from != NULL ? "--from" : e->prefix != NULL ? "--prefix" :
	    e->allow_extra != NULL ? "--allow-extra" : NULL;

	if (option != NULL)
		tool_usage("%s: the TorchScript module %s has weights of its "
		    "own: leave the option out", option, o->from.backbone);
}

/* Check the options for a TorchScript module. */
static void
check_torchscript(struct network_opts *o, struct mc_preprocess *pre)
{
	const char *file = o->from.backbone;

	if (o->from.features != NULL)
		tool_usage("--features: the TorchScript module %s has those "
		    "that it returns: leave the option out", file);
	refuse_weights(o);
	if (o->precision != MC_NOT_GIVEN && o->precision != MC_FLOAT32)
		tool_usage("--precision: the TorchScript module %s computes in "
		    "types of its own: leave the option out", file);
	if (o->mean == NULL || o->std == NULL)
		tool_usage("--mean and --std are needed: the TorchScript module "
		    "%s does not say for which it was trained", file);
	o->from.torchscript = true;
	tool_reads(file);
	*pre = mc_preprocess_imagenet;
	set_preprocess(o, pre);
	o->from.crop = pre->crop;
}

/* Refuse a crop that INFO cannot take. */
static void
refuse_crop(const struct mc_backbone_info *info)
{
	if (info->multiple == 1)
		tool_usage("--crop: %s takes %d pixels or more", info->name,
		    info->smallest);
	if (info->smallest <= info->multiple)
		tool_usage("--crop: %s takes multiples of %d", info->name,
		    info->multiple);
	tool_usage("--crop: %s takes multiples of %d, %d or more", info->name,
	    info->multiple, info->smallest);
}

/* Refuse a file of weights that is given as --backbone. */
static void
refuse_file(const char *name)
{
	struct stat st;

	if (stat(name, &st) == 0 && !S_ISDIR(st.st_mode))
		tool_usage("--backbone: %s is a file: give it as --weights "
		    "%s, with --backbone NAME, the network that it is for",
		    name, name);
}

/* So many threads per processor take far longer than one. */
#define MANY 5

void
network_check(struct network_opts *o, struct mc_preprocess *pre)
{
	const struct mc_backbone_info *info;
	struct mc_err err;

	network_reads_weights(o->from.weights);
	if (o->from.backbone == NULL)
		tool_usage("--backbone is needed");
	if (mc_torchscript_names(o->from.backbone)) {
		check_torchscript(o, pre);
		return;
	}
	info = mc_backbone_find(o->from.backbone, &err);
	if (info == NULL)
		refuse_file(o->from.backbone);
	if (info == NULL ||
	    mc_features_find(info, o->from.features, &err) == NULL)
		tool_usage("%s", err.text);
	if (o->from.weights != NULL &&
	    strcmp(o->from.weights, "random") == 0 && has_excerpt(o))
		tool_usage("--from, --prefix and --allow-extra choose arrays "
		    "of a file: with --weights random there is none");
	*pre = info->preprocess;
	if (o->from.init_seed < 0)
		o->from.init_seed = 1;
	if (o->precision != MC_NOT_GIVEN)
		o->from.precision = (enum mc_elem)o->precision;
	set_preprocess(o, pre);
	if (pre->crop % info->multiple != 0 || pre->crop < info->smallest)
		refuse_crop(info);
}

/* Check an option: what is GIVEN is what was MADE; NULL: is not known. */
static enum mc_status
agrees(const struct mc_images *images, const char *option, const char *given,
    const char *made, struct mc_err *err)
{
	if (given == NULL || made == NULL || strcmp(given, made) == 0)
		return MC_OK;
	return mc_err_set(err, MC_EUSAGE, "%s %s: %s was made with %s", option,
	    given, mc_images_name(images), made);
}

/* Check that OPTION gives the file of which IMAGES are features. */
static enum mc_status
file_agrees(const struct mc_images *images, const char *option,
    const char *given, struct mc_err *err)
{
	const struct mc_keyvalue *about = mc_images_about(images);
	const char *made = mc_keyvalue_get(about, "weights_sha256", 0);
	char sha256[MC_SHA256_HEX];
	enum mc_status status;

	if (given == NULL || made == NULL || strcmp(given, "random") == 0)
		return agrees(images, option, given, made == NULL ?
		    "random" : "weights from a file", err);
	status = mc_weights_sha256(given, sha256, err);
	if (status != MC_OK || strcmp(sha256, made) == 0)
		return status;
	return mc_err_set(err, MC_EUSAGE, "%s %s: its SHA-256 is %s, and "
	    "%s was made with %s", option, given, sha256,
	    mc_images_name(images), made);
}

enum mc_status
network_weights_agree(const char *given, const struct mc_images *images,
    struct mc_err *err)
{
	return file_agrees(images, "--weights", given, err);
}

/* The text of a number that was given, else NULL. */
static const char *
text_of(char text[MC_NUM_SIZE], int64_t number, int64_t smallest)
{
	snprintf(text, MC_NUM_SIZE, "%lld", (long long)number);
	return number < smallest ? NULL : text;
}

/* The text of three numbers. */
static const char *
text_of_three(const float v[3], struct mc_buf *text)
{
	mc_preprocess_format_three(v, text);
	return text->data;
}

/*
 * Check --mean and --std against the statistics of PRE.  What is given may
 * spell the same number otherwise.
 */
static enum mc_status
statistics_agree(const struct network_opts *o, const struct mc_images *images,
    const struct mc_preprocess *pre, struct mc_err *err)
{
	struct mc_preprocess given = *pre;
	struct mc_buf text[2] = { { 0 }, { 0 } };
	enum mc_status status = MC_OK;

	if (o->mean != NULL)
		status = mc_preprocess_set_mean(&given, o->mean, err);
	if (status == MC_OK && o->std != NULL)
		status = mc_preprocess_set_std(&given, o->std, err);
	if (status == MC_OK && memcmp(given.mean, pre->mean,
	    sizeof(pre->mean)) != 0)
		status = agrees(images, "--mean", o->mean,
		    text_of_three(pre->mean, &text[0]), err);
	if (status == MC_OK && memcmp(given.std, pre->std,
	    sizeof(pre->std)) != 0)
		status = agrees(images, "--std", o->std,
		    text_of_three(pre->std, &text[1]), err);
	mc_buf_free(&text[0]);
	mc_buf_free(&text[1]);
	return status;
}

static const char *
text_or_none(const char *text)
{
	return text != NULL ? text : "none";
}

enum mc_status
network_agrees(const struct network_opts *o, const struct mc_images *images,
    const struct mc_preprocess *pre, struct mc_err *err)
{
	const struct mc_keyvalue *about = mc_images_about(images);
	const struct mc_excerpt made = mc_pretrained_excerpt(about);
	const struct mc_excerpt *given = &o->from.excerpt;
	char seed[MC_NUM_SIZE], resize[2][MC_NUM_SIZE], crop[2][MC_NUM_SIZE];
	bool file = o->from.backbone != NULL &&
	    mc_torchscript_names(o->from.backbone);
	const struct {
		const char *option, *given, *made;
	} pairs[] = {
		{ "--backbone", file ? NULL : o->from.backbone,
		    mc_keyvalue_get(about, "backbone", 0) },
		{ "--features", o->from.features,
		    mc_keyvalue_get(about, "features", 0) },
		{ "--init-seed", text_of(seed, o->from.init_seed, 0),
		    mc_keyvalue_get(about, "init_seed", 0) },
		{ "--resize", text_of(resize[0], o->resize, 1),
		    text_of(resize[1], pre->resize, 1) },
		{ "--crop", text_of(crop[0], o->crop, 1),
		    text_of(crop[1], pre->crop, 1) },
		{ "--filter", o->filter == MC_NOT_GIVEN ? NULL :
		    mc_filter_names[o->filter], mc_filter_names[pre->filter] },
		{ "--precision", o->precision == MC_NOT_GIVEN ? NULL :
		    mc_precision_names[o->precision],
		    mc_embedding_precision(about) },
		{ "--from", given->from, text_or_none(made.from) },
		{ "--prefix", given->prefix, text_or_none(made.prefix) },
		{ "--allow-extra", given->allow_extra,
		    text_or_none(made.allow_extra) }
	};
	enum mc_status status = MC_OK;
	size_t i;

	for (i = 0; i < sizeof(pairs) / sizeof(*pairs) && status == MC_OK; i++)
		status = agrees(images, pairs[i].option, pairs[i].given,
		    pairs[i].made, err);
	if (status == MC_OK)
		status = statistics_agree(o, images, pre, err);
	if (status == MC_OK && file)
		status = file_agrees(images, "--backbone", o->from.backbone,
		    err);
	return status != MC_OK ? status :
	    network_weights_agree(o->from.weights, images, err);
}

void
network_reads_weights(const char *weights)
{
	const struct mc_weights *w;
	char *path;
	size_t i;

	for (i = 0; (w = mc_weights_at(i)) != NULL; i++) {
		path = mc_weights_cached(w);
		if (path != NULL)
			tool_reads(path);
		free(path);
	}
	if (weights != NULL && strcmp(weights, "random") != 0)
		mc_weights_files(weights, tool_reads);
}

enum mc_status
network_start(struct mc_torch **t, const char *device, int64_t threads,
    uint64_t seed, struct mc_err *err)
{
	enum mc_status status = mc_torch_alloc(t, device != NULL ? device :
	    "cpu", (int)threads, seed, err);
	const char *warning;

	if (status != MC_OK)
		return status;
	if (threads >= (int64_t)MANY * mc_cpus())
		tool_warn("--threads %lld: this process may use %d CPUs, and "
		    "more threads than that make it slower", (long long)threads,
		    mc_cpus());
	warning = mc_torch_blas_warning(*t);
	if (warning != NULL)
		tool_warn("%s", warning);
	tool_say("%s, %d thread%s, device %s", mc_torch_version(*t),
	    mc_torch_threads(*t), MC_PLURAL(mc_torch_threads(*t)),
	    mc_torch_device(*t));
	return MC_OK;
}

void
network_say_precision(const struct mc_torch *t, enum mc_elem precision)
{
	tool_say("precision %s", mc_precision_names[precision]);
	if (precision == MC_BFLOAT16 && !mc_torch_has_bfloat16(t))
		tool_warn("this processor has no AVX512-BF16, so bf16 is "
		    "slower than float32");
}

size_t
network_ahead(const struct mc_torch *t)
{
	return strcmp(mc_torch_device(t), "cpu") == 0 ? 0 : 2;
}

void
network_bad_image(const char *id, const char *why, void *arg)
{
	(void)id;	/* stands in front of WHY */
	(void)arg;
	tool_warn("left out: %s", why);
}

void
network_warn_left_out(int64_t bad, int64_t seen)
{
	if (bad > 0 && seen > 0)
		tool_warn("%lld image%s left out: %lld that could not be read "
		    "or decoded, %lld that the model has seen",
		    (long long)(bad + seen), MC_PLURAL(bad + seen),
		    (long long)bad, (long long)seen);
	else if (bad > 0 || seen > 0)
		tool_warn("%lld image%s left out that %s", (long long)(bad +
		    seen), MC_PLURAL(bad + seen), bad > 0 ? "could not be read "
		    "or decoded" : "the model has seen");
}

bool
network_is_name(const char *s)
{
	const unsigned char *c = (const unsigned char *)s;

	while (*c >= ' ' && *c != 0x7F)
		c++;
	return *c == '\0' && mc_tsv_field_ok(s);
}
