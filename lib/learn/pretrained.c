/* pretrained.c - open a backbone with its weights. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "backbone/torchscript.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/out.h"
#include "learn/pretrained.h"
#include "table/tsv.h"
#include "weights/hub.h"
#include "weights/names.h"
#include "weights/registry.h"
#include "weights/statedict.h"

const char *const mc_precision_names[] = {
	[MC_FLOAT32] = "float32", [MC_BFLOAT16] = "bf16", NULL
};

/* The last part of PATH, or all of it where it is a model's in a cache. */
static const char *
last_part(const char *path)
{
	const char *slash = mc_hub_names(path) ? NULL : strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/*
 * What is recorded of the weights that PATH names and which are read from FILE:
 * the last part of FILE, where PATH is a folder behind its last part and "/".
 * To be freed.
 */
static char *
weights_name(const char *path, const char *file)
{
	size_t n = strlen(path);
	const char *part;
	char *folder, *name;

	if (mc_hub_names(path))
		return mc_xstrdup(path);
	while (n > 0 && path[n - 1] == '/')
		n--;
	if (strncmp(path, file, n) != 0 || file[n] != '/')
		return mc_xstrdup(last_part(file));
	folder = mc_xstrndup(path, n);
	part = last_part(folder);
	name = *part == '\0' || strcmp(part, ".") == 0 || strcmp(part, "..") ==
	    0 ? mc_xstrdup(last_part(file)) :
	    mc_xasprintf("%s/%s", part, last_part(file));
	free(folder);
	return name;
}

/* Record NAME and the digest as KEY and KEY_sha256. */
static enum mc_status
record_file(struct mc_keyvalue *record, const char *key, const char *name,
    const char *sha256, struct mc_err *err)
{
	char *key_sha256;

	if (record == NULL)
		return MC_OK;
	if (!mc_tsv_field_ok(name))
		return mc_err_set(err, MC_EIO, "%s: a name with a TAB, a "
		    "line break or bytes that are not UTF-8 cannot be "
		    "recorded: rename the file", name);
	key_sha256 = mc_xasprintf("%s_sha256", key);
	mc_keyvalue_add(record, key, "%s", name);
	mc_keyvalue_add(record, key_sha256, "%s", sha256);
	free(key_sha256);
	return MC_OK;
}

static void
record_excerpt(struct mc_keyvalue *record, const struct mc_excerpt *e)
{
	if (record == NULL)
		return;
	if (e->from != NULL)
		mc_keyvalue_add(record, "weights_from", "%s", e->from);
	if (e->prefix != NULL)
		mc_keyvalue_add(record, "weights_prefix", "%s", e->prefix);
	if (e->allow_extra != NULL)
		mc_keyvalue_add(record, "weights_allow_extra", "%s",
		    e->allow_extra);
}

struct mc_excerpt
mc_pretrained_excerpt(const struct mc_keyvalue *about)
{
	struct mc_excerpt e = {
		.from = mc_keyvalue_get(about, "weights_from", 0),
		.prefix = mc_keyvalue_get(about, "weights_prefix", 0),
		.allow_extra = mc_keyvalue_get(about, "weights_allow_extra", 0)
	};

	return e;
}

static bool
has(const char *name, const void *arg)
{
	return mc_backbone_has(arg, name);
}

/*
 * Read the EXCERPT of PATH under the names of B's reference, after a look at
 * its digest, and leave out what is no part of B.
 */
static enum mc_status
read_weights(struct mc_statedict **sd, const char *path,
    const struct mc_backbone *b, const struct mc_excerpt *excerpt,
    struct mc_err *err)
{
	enum mc_status status = mc_statedict_open(sd, path, excerpt, err);

	/* MC_END: a file of a name that nobody has published. */
	if (status == MC_OK)
		status = mc_weights_verify(path, mc_statedict_sha256(*sd),
		    err);
	if (status >= 0)
		status = mc_statedict_rename(*sd, mc_backbone_info(b)->name,
		    err);
	if (status == MC_OK)
		status = mc_statedict_leave_out(*sd, has, b,
		    excerpt->allow_extra, err);
	return status;
}

static void
say_left(const struct mc_statedict *sd, void (*say)(const char *line))
{
	struct mc_buf left = { 0 };

	if (say != NULL && mc_statedict_left(sd, &left))
		mc_say(say, "%s: left out %s", mc_statedict_name(sd),
		    left.data);
	mc_buf_free(&left);
}

/* The ImageNet head that the features "lc" need, where SD lacks it. */
static enum mc_status
read_head(struct mc_statedict **head, const struct mc_backbone *b,
    const struct mc_pretrained *from, const struct mc_statedict *sd,
    struct mc_keyvalue *record, struct mc_err *err)
{
	const struct mc_excerpt whole = { 0 };
	enum mc_status status;
	char *path = NULL;

	if (from->features == NULL || strcmp(from->features, "lc") != 0 ||
	    mc_statedict_find(sd, "linear_head.weight") != NULL)
		return MC_OK;
	status = mc_weights_locate_head(from->backbone, &path, err);
	if (status == MC_OK)
		status = read_weights(head, path, b, &whole, err);
	if (status == MC_OK)
		status = record_file(record, "lc_weights", last_part(path),
		    mc_statedict_sha256(*head), err);
	free(path);
	return status;
}

static enum mc_status
load_file(struct mc_backbone *b, const struct mc_pretrained *from,
    struct mc_keyvalue *record, struct mc_err *err)
{
	struct mc_statedict *sd = NULL, *head = NULL;
	enum mc_status status = MC_OK;
	char *path = NULL, *name;

	if (from->weights != NULL)
		path = mc_xstrdup(from->weights);
	else
		status = mc_weights_locate(from->backbone, &path, err);
	if (status == MC_OK)
		status = read_weights(&sd, path, b, &from->excerpt, err);
	if (status == MC_OK)
		status = read_head(&head, b, from, sd, record, err);
	if (status == MC_OK) {
		name = weights_name(path, mc_statedict_name(sd));
		status = record_file(record, "weights", name,
		    mc_statedict_sha256(sd), err);
		free(name);
	}
	if (status == MC_OK) {
		record_excerpt(record, &from->excerpt);
		status = mc_backbone_load(b, sd, head, err);
	}
	if (status == MC_OK)
		say_left(sd, from->say);
	mc_statedict_free(head);
	mc_statedict_free(sd);
	free(path);
	return status;
}

/* --- TorchScript modules --------------------------------------------------- */

bool
mc_pretrained_is_torchscript(const struct mc_keyvalue *about)
{
	const char *family = mc_keyvalue_get(about, "family", 0);

	return family != NULL && strcmp(family, MC_TORCHSCRIPT) == 0;
}

/* Copy F, called NAME, to SPOOL, and make its digest. */
static enum mc_status
copy(FILE *f, const char *name, FILE *spool, char sha256[MC_SHA256_HEX],
    struct mc_err *err)
{
	struct mc_sha256 *digest = mc_sha256_alloc();
	char part[1 << 16];
	size_t n;

	while ((n = fread(part, 1, sizeof(part), f)) > 0) {
		mc_sha256_add(digest, part, n);
		if (fwrite(part, 1, n, spool) != n)
			break;
	}
	mc_sha256_hex(digest, sha256);
	return ferror(f) ? mc_err_errno(err, "%s", name) :
	    mc_spool_rewind(spool, err);
}

/* Copy the file PATH to *SPOOL, which is made, and make its digest. */
static enum mc_status
copy_file(const char *path, FILE **spool, char sha256[MC_SHA256_HEX],
    struct mc_err *err)
{
	FILE *f = mc_file_open(path, err);
	enum mc_status status;

	if (f == NULL)
		return err->status;
	*spool = mc_spool_open(err);
	status = *spool == NULL ? err->status :
	    copy(f, path, *spool, sha256, err);
	fclose(f);
	return status;
}

static enum mc_status
record_torchscript(struct mc_keyvalue *record, const char *path,
    const char *sha256, struct mc_err *err)
{
	enum mc_status status = record_file(record, "weights",
	    last_part(path), sha256, err);

	if (status != MC_OK || record == NULL)
		return status;
	mc_keyvalue_add(record, "backbone", "%s", mc_keyvalue_get(record,
	    "weights", 0));
	mc_keyvalue_add(record, "family", MC_TORCHSCRIPT);
	mc_keyvalue_add(record, "features", "forward");
	mc_keyvalue_add(record, "precision", "%s",
	    mc_precision_names[MC_FLOAT32]);
	return MC_OK;
}

static enum mc_status
open_torchscript(struct mc_backbone **b, struct mc_torch *t,
    const struct mc_pretrained *from, struct mc_keyvalue *record,
    struct mc_err *err)
{
	char sha256[MC_SHA256_HEX];
	FILE *spool = NULL;
	enum mc_status status;

	*b = NULL;
	status = copy_file(from->backbone, &spool, sha256, err);
	if (status == MC_OK)
		status = record_torchscript(record, from->backbone, sha256,
		    err);
	if (status == MC_OK)
		status = mc_torchscript_make(b, t, spool, from->backbone,
		    from->crop, err);
	if (status == MC_OK && from->module != NULL)
		*from->module = spool;
	else if (spool != NULL)
		fclose(spool);
	return status;
}

enum mc_status
mc_pretrained_open(struct mc_backbone **b, struct mc_torch *t,
    const struct mc_pretrained *from, struct mc_keyvalue *record,
    struct mc_err *err)
{
	bool random = from->weights != NULL &&
	    strcmp(from->weights, "random") == 0;
	enum mc_status status;

	if (from->torchscript)
		return open_torchscript(b, t, from, record, err);
	status = mc_backbone_alloc(b, t, from->backbone, from->features,
	    from->precision, err);
	if (status != MC_OK)
		return status;
	if (record != NULL) {
		mc_keyvalue_add(record, "backbone", "%s", from->backbone);
		mc_keyvalue_add(record, "features", "%s",
		    mc_backbone_features(*b)->name);
		mc_keyvalue_add(record, "precision", "%s",
		    mc_precision_names[from->precision]);
	}
	if (random) {
		status = mc_backbone_init(*b, (uint64_t)from->init_seed, err);
		if (record != NULL) {
			mc_keyvalue_add(record, "weights", "random");
			mc_keyvalue_add_integer(record, "init_seed",
	    from->init_seed);
		}
	} else {
		status = load_file(*b, from, record, err);
	}
	if (status != MC_OK) {
		mc_backbone_free(*b);
		*b = NULL;
	}
	return status;
}
