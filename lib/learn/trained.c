/* trained.c - load a model tar, ready to predict with. */
#include "config.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "backbone/torchscript.h"
#include "base/num.h"
#include "learn/adapter.h"
#include "learn/embedding.h"
#include "learn/pretrained.h"
#include "learn/trained.h"

#define NOT_WRITTEN "is not a number that mc-train writes"

/* The value of KEY, which every model has. */
static enum mc_status
must_have(const struct mc_model *m, const char *key, const char **value,
    struct mc_err *err)
{
	*value = mc_keyvalue_get(m->about, key, 0);
	if (*value == NULL)
		return mc_err_set(err, MC_EDATA,
		    "the model's __model__ has no key \"%s\"", key);
	return MC_OK;
}

/* KEY's value is not what it can be. */
static enum mc_status
bad_key(const char *key, const char *value, const char *why,
    struct mc_err *err)
{
	return mc_err_set(err, MC_EDATA, "the model's __model__: %s \"%s\" %s",
	    key, value, why);
}

/* WHY is wrong with the model's MEMBER. */
static enum mc_status
bad_member(const char *member, const struct mc_err *why, struct mc_err *err)
{
	return mc_err_set(err, why->status == MC_EUSAGE ? MC_EDATA :
	    why->status, "the model's %s: %s", member, why->text);
}

/* A name that goes into predictions: no control bytes. */
static enum mc_status
check_name(const char *key, const char *name, struct mc_err *err)
{
	const unsigned char *c = (const unsigned char *)name;

	while (*c >= ' ' && *c != 0x7F)
		c++;
	return *c == '\0' ? MC_OK : bad_key(key, name,
	    "holds a control byte", err);
}

/* The number of KEY, MIN to 9e15; 0 where there is no such key. */
static enum mc_status
read_number(const struct mc_model *m, const char *key, int64_t min,
    int64_t *number, struct mc_err *err)
{
	const char *value = mc_keyvalue_get(m->about, key, 0);
	struct mc_err why;

	*number = 0;
	if (value == NULL || mc_parse_i64(value, min,
	    INT64_C(9000000000000000), number, &why) == MC_OK)
		return MC_OK;
	return bad_key(key, value, NOT_WRITTEN, err);
}

/* The share of the training images, where there is one. */
static enum mc_status
check_share(const struct mc_model *m, struct mc_err *err)
{
	const char *value = mc_keyvalue_get(m->about, "share", 0);
	struct mc_err why;
	double share;

	if (value == NULL || mc_parse_f64(value, DBL_MIN, 100, &share, &why) ==
	    MC_OK)
		return MC_OK;
	return bad_key("share", value, "is not a share that mc-train writes",
	    err);
}

/* A fine-tuned backbone is in the model, or the matrices of LoRA are. */
static enum mc_status
check_members(const struct mc_model *m, const char *regime,
    struct mc_err *err)
{
	bool tuned = strcmp(regime, "finetune") == 0;

	if (m->backbone != NULL && m->adapter != NULL)
		return mc_err_set(err, MC_EDATA, "the model has both "
		    "backbone.safetensors and adapter_model.safetensors");
	if (m->adapter != NULL && !tuned)
		return bad_key("regime", regime,
		    "and an adapter_model.safetensors beside it", err);
	if (tuned == (m->backbone != NULL || m->adapter != NULL))
		return MC_OK;
	return bad_key("regime", regime, tuned ?
	    "and no backbone.safetensors beside it" :
	    "and a backbone.safetensors beside it", err);
}

/* A fine-tuned TorchScript module is in the model, and no other is. */
static enum mc_status
check_module(const struct mc_model *m, struct mc_err *err)
{
	bool wanted = mc_pretrained_is_torchscript(m->about) &&
	    m->backbone != NULL;

	if (wanted == (m->module != NULL))
		return MC_OK;
	return mc_err_set(err, MC_EDATA, wanted ? "the model has no module.pt, "
	    "the TorchScript module that was fine-tuned" :
	    "the model has a module.pt, which it does not need");
}

/* What goes into predictions as it stands. */
static enum mc_status
check_about(struct mc_trained *tr, const struct mc_model *m,
    struct mc_err *err)
{
	const char *task, *arm = NULL, *regime = NULL, *seed;
	enum mc_status status = must_have(m, "task", &task, err);
	int64_t number;

	if (status == MC_OK)
		status = must_have(m, "arm", &arm, err);
	if (status == MC_OK)
		status = must_have(m, "regime", &regime, err);
	if (status == MC_OK)
		status = must_have(m, "seed", &seed, err);
	if (status == MC_OK)
		status = check_name("task", task, err);
	if (status == MC_OK)
		status = *arm == '\0' ? bad_key("arm", arm, "is not a valid "
		    "name",
		    err) : check_name("arm", arm, err);
	if (status == MC_OK && strcmp(regime, "frozen") != 0 &&
	    strcmp(regime, "finetune") != 0)
		status = bad_key("regime", regime,
		    "is neither frozen nor finetune", err);
	if (status == MC_OK)
		status = check_members(m, regime, err);
	if (status == MC_OK)
		status = check_module(m, err);
	if (status == MC_OK)
		status = read_number(m, "seed", 0, &number, err);
	if (status == MC_OK)
		status = read_number(m, "fold", 1, &tr->fold, err);
	if (status == MC_OK)
		status = check_share(m, err);
	if (status == MC_OK)
		status = read_number(m, "images_train", 1, &number, err);
	return status;
}

/* The precision NAME; NULL: that of the training. */
static enum mc_status
read_precision(struct mc_trained *tr, const struct mc_model *m,
    const char *name, struct mc_err *err)
{
	int i;

	if (name != NULL && mc_pretrained_is_torchscript(m->about) &&
	    strcmp(name, mc_precision_names[MC_FLOAT32]) != 0)
		return mc_err_set(err, MC_EUSAGE, "--precision %s: the model's "
		    "TorchScript module computes in types of its own", name);
	if (name == NULL)
		name = mc_embedding_precision(m->about);
	for (i = 0; mc_precision_names[i] != NULL; i++) {
		if (strcmp(mc_precision_names[i], name) == 0) {
			tr->precision = (enum mc_elem)i;
			return MC_OK;
		}
	}
	return bad_key("precision", name, "is neither float32 nor bf16", err);
}

/* The classes, or the findings: the values of KEY. */
static enum mc_status
read_names(struct mc_trained *tr, const struct mc_model *m, const char *key,
    struct mc_err *err)
{
	const char *name;
	size_t cap = 0, i;

	while ((name = mc_keyvalue_get(m->about, key, tr->n_classes)) !=
	    NULL) {
		tr->classes = mc_xgrow(tr->classes, tr->n_classes, &cap,
		    sizeof(*tr->classes));
		for (i = 0; i < tr->n_classes; i++) {
			if (strcmp(tr->classes[i], name) == 0)
				return bad_key(key, name, "is given twice",
				    err);
		}
		tr->classes[tr->n_classes++] = name;
	}
	return MC_OK;
}

static enum mc_status
read_classes(struct mc_trained *tr, const struct mc_model *m,
    struct mc_err *err)
{
	enum mc_status status;
	struct mc_err why;

	tr->multilabel.on = mc_keyvalue_get(m->about, "finding", 0) != NULL;
	status = read_names(tr, m, tr->multilabel.on ? "finding" : "class",
	    err);
	if (status == MC_OK && tr->multilabel.on &&
	    mc_multilabel_find(&tr->multilabel, m->about, &why) != MC_OK)
		return bad_member("__model__", &why, err);
	if (status == MC_OK && !tr->multilabel.on && tr->n_classes < 2)
		return mc_err_set(err, MC_EDATA,
		    "the model's __model__ names fewer than two classes");
	return status;
}

/* How the grey levels of the images were made that it was trained on. */
static void
read_grey(struct mc_trained *tr, const struct mc_model *m)
{
	const char *value;
	size_t i;

	for (i = 0; (value = mc_keyvalue_get(m->about, "grey_levels", i)) !=
	    NULL; i++)
		mc_grey_add(&tr->grey, value);
}

/* A backbone that was fine-tuned: its weights are in the model. */
static enum mc_status
open_own(struct mc_trained *tr, struct mc_torch *t, const struct mc_model *m,
    const struct mc_pretrained *from, struct mc_err *err)
{
	struct mc_statedict *sd = NULL;
	enum mc_status status;

	if (from->weights != NULL)
		return mc_err_set(err, MC_EUSAGE, "--weights is for models "
		    "without their pretrained backbone; this one holds its "
		    "own weights");
	status = mc_statedict_from_spool(&sd, m->backbone,
	    "the model's backbone.safetensors", err);
	if (status == MC_OK && from->torchscript)
		status = mc_torchscript_make(&tr->backbone, t, m->module,
		    "the model's module.pt", from->crop, err);
	else if (status == MC_OK)
		status = mc_backbone_alloc(&tr->backbone, t, from->backbone,
		    from->features, from->precision, err);
	if (status == MC_OK)
		status = mc_backbone_load(tr->backbone, sd, NULL, err);
	mc_statedict_free(sd);
	return status;
}

/*
 * Whether the file that RECORD names under KEY has the digest that the model
 * recorded for it; a model that used no such file recorded none.
 */
static enum mc_status
check_digest(const struct mc_model *m, const struct mc_keyvalue *record,
    const char *key, struct mc_err *err)
{
	char *digest = mc_xasprintf("%s_sha256", key);
	const char *recorded = mc_keyvalue_get(m->about, digest, 0);
	const char *found = mc_keyvalue_get(record, digest, 0);

	free(digest);
	if (recorded == NULL || (found != NULL && strcmp(found, recorded) == 0))
		return MC_OK;
	return mc_err_set(err, MC_EDATA, "%s: not the weights that the model "
	    "was trained on: their SHA-256 is %s, the model's %s%s",
	    found != NULL ? mc_keyvalue_get(record, key, 0) : key,
	    found != NULL ? found : "unknown", recorded,
	    strcmp(key, "weights") == 0 ? ": give their file with --weights" :
	    "");
}

/* Take the file that FROM names as weights, a TorchScript module, for it. */
static enum mc_status
take_module(struct mc_pretrained *from, struct mc_err *err)
{
	if (from->weights == NULL)
		return mc_err_set(err, MC_EUSAGE, "the model was trained on the "
		    "TorchScript module %s, which it does not hold: give that "
		    "file with --weights", from->backbone);
	from->backbone = from->weights;
	from->weights = NULL;
	return MC_OK;
}

/* One that is not: drawn again, or read from the file whose digest is known. */
static enum mc_status
open_outside(struct mc_trained *tr, struct mc_torch *t,
    const struct mc_model *m, struct mc_pretrained *from, struct mc_err *err)
{
	const char *seed = mc_keyvalue_get(m->about, "init_seed", 0);
	const char *recorded = mc_keyvalue_get(m->about, "weights_sha256", 0);
	struct mc_keyvalue *record = NULL;
	enum mc_status status = MC_OK;

	if (seed != NULL) {
		if (from->weights != NULL)
			return mc_err_set(err, MC_EUSAGE, "--weights is for "
			    "models without their pretrained backbone; this "
			    "one's weights are random");
		from->weights = "random";
		status = read_number(m, "init_seed", 0, &from->init_seed,
		    err);
	} else if (recorded == NULL) {
		status = mc_err_set(err, MC_EDATA, "the model's __model__ "
		    "does not say which weights it was trained on");
	} else if (from->weights != NULL &&
	    strcmp(from->weights, "random") == 0) {
		status = mc_err_set(err, MC_EUSAGE, "--weights: the model was "
		    "trained on pretrained weights: give their file");
	} else if (from->torchscript) {
		status = take_module(from, err);
	}
	if (status != MC_OK)
		return status;
	from->excerpt = mc_pretrained_excerpt(m->about);
	record = mc_keyvalue_alloc();
	status = mc_pretrained_open(&tr->backbone, t, from, record, err);
	if (status == MC_OK)
		status = check_digest(m, record, "weights", err);
	if (status == MC_OK)
		status = check_digest(m, record, "lc_weights", err);
	mc_keyvalue_free(record);
	return status;
}

/* The rank and the alpha of LoRA. */
static enum mc_status
read_adapter(const struct mc_model *m, struct mc_adapter *a,
    struct mc_err *err)
{
	const char *text, *colon;
	enum mc_status status = must_have(m, "lora", &text, err);
	struct mc_err why;
	char *rank;

	if (status != MC_OK)
		return status;
	colon = strchr(text, ':');
	rank = mc_xstrndup(text, strcspn(text, ":"));
	if (colon == NULL || mc_parse_i64(rank, 1, 1024, &a->rank, &why) !=
	    MC_OK || mc_parse_f64(colon + 1, DBL_MIN, 1e6, &a->alpha, &why) !=
	    MC_OK)
		status = bad_key("lora", text, "is not RANK:ALPHA", err);
	free(rank);
	return status;
}

/* A backbone outside the model, and the matrices of LoRA in it. */
static enum mc_status
open_adapted(struct mc_trained *tr, struct mc_torch *t,
    const struct mc_model *m, struct mc_pretrained *from, struct mc_err *err)
{
	struct mc_statedict *sd = NULL;
	struct mc_adapter adapter;
	enum mc_status status = read_adapter(m, &adapter, err);

	if (status == MC_OK)
		status = mc_statedict_from_spool(&sd, m->adapter,
		    "the model's adapter_model.safetensors", err);
	if (status == MC_OK)
		status = open_outside(tr, t, m, from, err);
	if (status == MC_OK)
		status = mc_adapter_merge(t, tr->backbone, &adapter, sd, err);
	mc_statedict_free(sd);
	return status;
}

/* The backbone of M, as FROM says. */
static enum mc_status
open_backbone(struct mc_trained *tr, struct mc_torch *t,
    const struct mc_model *m, struct mc_pretrained *from, struct mc_err *err)
{
	if (m->backbone != NULL)
		return open_own(tr, t, m, from, err);
	return m->adapter != NULL ? open_adapted(tr, t, m, from, err) :
	    open_outside(tr, t, m, from, err);
}

/* Let as many training images vote as the model says. */
static enum mc_status
set_votes(struct mc_trained *tr, const struct mc_model *m, struct mc_err *err)
{
	const char *k, *temperature;
	enum mc_status status = must_have(m, "k", &k, err);
	struct mc_err why;
	double value;
	int64_t n;

	if (status == MC_OK)
		status = must_have(m, "temperature", &temperature, err);
	if (status == MC_OK)
		status = read_number(m, "k", 1, &n, err);
	if (status != MC_OK)
		return status;
	if (mc_parse_f64(temperature, DBL_MIN, DBL_MAX, &value, &why) != MC_OK)
		return bad_key("temperature", temperature, NOT_WRITTEN, err);
	if (mc_head_set_votes(tr->head, (size_t)n, value, &why) != MC_OK)
		return bad_key("k", k, why.text, err);
	return MC_OK;
}

static enum mc_status
open_head(struct mc_trained *tr, struct mc_torch *t, const struct mc_model *m,
    const char *spec, size_t dim, struct mc_err *err)
{
	struct mc_statedict *sd = NULL;
	struct mc_err why;
	enum mc_status status;

	status = mc_head_alloc(&tr->head, t, spec, dim > 0 ? (int64_t)dim :
	    mc_backbone_features(tr->backbone)->dim, (int64_t)tr->n_classes, 0,
	    &why);
	if (status != MC_OK)
		return bad_member("__model__", &why, err);
	status = mc_statedict_from_spool(&sd, m->head,
	    "the model's head.safetensors", err);
	if (status == MC_OK && mc_head_load(tr->head, sd, &why) != MC_OK)
		status = bad_member("head.safetensors", &why, err);
	mc_statedict_free(sd);
	if (status == MC_OK && mc_head_fit(spec) == MC_FIT_KNN)
		status = set_votes(tr, m, err);
	return status;
}

/* Check that mctools has the network that FROM names. */
static enum mc_status
check_network(const struct mc_pretrained *from, struct mc_err *err)
{
	const struct mc_backbone_info *info;
	struct mc_err why;

	info = mc_backbone_find(from->backbone, &why);
	if (info != NULL &&
	    mc_features_find(info, from->features, &why) != NULL)
		return MC_OK;
	return bad_member("__model__", &why, err);
}

enum mc_status
mc_trained_open(struct mc_trained *tr, struct mc_torch *t,
    const struct mc_model *m, const char *weights, const char *precision,
    size_t dim, struct mc_err *err)
{
	struct mc_pretrained from = { .weights = weights };
	const char *preprocess, *head;
	enum mc_status status;
	struct mc_err why;

	memset(tr, 0, sizeof(*tr));
	status = must_have(m, "backbone", &from.backbone, err);
	if (status == MC_OK)
		status = must_have(m, "features", &from.features, err);
	if (status == MC_OK)
		status = must_have(m, "preprocess", &preprocess, err);
	if (status == MC_OK)
		status = must_have(m, "head", &head, err);
	if (status == MC_OK &&
	    mc_preprocess_parse(&tr->preprocess, preprocess, &why) != MC_OK)
		status = bad_member("__model__", &why, err);
	if (status == MC_OK)
		status = check_about(tr, m, err);
	if (status == MC_OK)
		status = read_classes(tr, m, err);
	if (status == MC_OK) {
		read_grey(tr, m);
		status = mc_seen_read(&tr->seen, &m->images,
		    "the model's images.tsv", err);
	}
	from.torchscript = mc_pretrained_is_torchscript(m->about);
	from.crop = tr->preprocess.crop;
	if (status == MC_OK && dim == 0 && !from.torchscript)
		status = check_network(&from, err);
	if (status == MC_OK && dim == 0)
		status = read_precision(tr, m, precision, err);
	from.precision = tr->precision;
	if (status == MC_OK && dim == 0)
		status = open_backbone(tr, t, m, &from, err);
	if (status == MC_OK)
		status = open_head(tr, t, m, head, dim, err);
	if (status != MC_OK)
		mc_trained_clear(tr);
	return status;
}

void
mc_trained_clear(struct mc_trained *tr)
{
	mc_head_free(tr->head);
	mc_backbone_free(tr->backbone);
	mc_seen_free(tr->seen);
	mc_grey_clear(&tr->grey);
	free(tr->classes);
	memset(tr, 0, sizeof(*tr));
}
