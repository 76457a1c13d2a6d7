/* save.c - write what has been trained as a model tar. */
#include "config.h"

#include <stdio.h>

#include "base/hash.h"
#include "base/num.h"
#include "base/out.h"
#include "image/decode.h"
#include "learn/adapter.h"
#include "learn/embedding.h"
#include "learn/params.h"
#include "learn/save.h"
#include "stream/model.h"

/* What was trained on. */
static void
describe_data(const struct mc_training *g, const struct mc_training_record *r)
{
	const struct mc_dataset *d = g->data;
	struct mc_keyvalue *kv = r->about;
	size_t i;

	for (i = 0; i < d->n_classes; i++) {
		if (d->multilabel.on)
			mc_keyvalue_add(kv, "finding", "%s", d->classes[i]);
		else
			mc_keyvalue_add(kv, "class", "%s", d->classes[i]);
	}
	if (d->multilabel.on)
		mc_multilabel_record(&d->multilabel, kv);
	for (i = 0; i < d->grey.n; i++)
		mc_keyvalue_add(kv, "grey_levels", "%s", d->grey.value[i]);
	if (d->grey.n > 0 && d->grey.none)
		mc_keyvalue_add(kv, "grey_levels", MC_GREY_NONE);
	for (i = 0; i < d->n_classes; i++)
		if (g->recipe.loss.class_weights != NULL)
			mc_keyvalue_add_real(kv, "class_weight",
			    g->loss->weight[i]);
	if (r->fold > 0) {
		mc_keyvalue_add_integer(kv, "fold", r->fold);
		mc_keyvalue_add_integer(kv, "images_fold_left", d->n_held);
	}
	if (r->val_fold > 0)
		mc_keyvalue_add_integer(kv, "val_fold", r->val_fold);
	if (r->share > 0) {
		mc_keyvalue_add_real(kv, "share", r->share);
		mc_keyvalue_add_integer(kv, "images_share_left", d->n_outside);
		mc_keyvalue_add_integer(kv, "units_train", d->n_units_train);
	}
	mc_keyvalue_add_integer(kv, "images_bad", d->n_bad);
	mc_keyvalue_add_integer(kv, "images_test_left", d->n_test);
	mc_keyvalue_add_integer(kv, "images_train", (int64_t)d->n_train);
	mc_keyvalue_add_integer(kv, "images_val", (int64_t)d->n_val);
	mc_keyvalue_add(kv, "manifest_sha256", "%s", r->manifest_sha256);
}

/* What was trained, and how. */
static void
describe_training(const struct mc_training *g,
    const struct mc_training_record *r)
{
	const char *regime = mc_regime_names[g->backbone != NULL ?
	    MC_FINETUNE : MC_FROZEN];
	struct mc_keyvalue *kv = r->about;
	struct mc_buf pre = { 0 };

	if (r->arm != NULL)
		mc_keyvalue_add(kv, "arm", "%s", r->arm);
	else
		mc_keyvalue_add(kv, "arm", "%s/%s",
		    mc_keyvalue_get(kv, "backbone", 0), regime);
	mc_preprocess_format(g->preprocess, &pre);
	mc_keyvalue_add(kv, "preprocess", "%s", pre.data);
	mc_buf_free(&pre);
	mc_keyvalue_add(kv, "regime", "%s", regime);
	mc_keyvalue_add(kv, "task", "%s", r->task);
	mc_keyvalue_add(kv, "head", "%s", r->head);
	mc_recipe_record(&g->recipe, kv);
	mc_keyvalue_add_integer(kv, "threads", r->threads);
	if (mc_ranks_count(g->ranks) > 1)
		mc_keyvalue_add_integer(kv, "ranks", mc_ranks_count(g->ranks));
	mc_keyvalue_add(kv, "device", "%s", mc_torch_device(g->t));
	mc_keyvalue_add(kv, "libraries", "%s", mc_torch_version(g->t));
	if (!mc_torch_is_deterministic(g->t))
		mc_keyvalue_add(kv, "deterministic", "no");
	if (r->features != NULL)
		mc_embedding_record(r->features, kv);
	mc_keyvalue_add(kv, "version", "%s", PACKAGE_VERSION);
}

/* Write the parameters of B or of H, or H's images, to *SPOOL, which is made. */
static enum mc_status
spool_params(const struct mc_training *g, struct mc_backbone *b,
    struct mc_head *h, FILE **spool, struct mc_err *err)
{
	struct mc_params *p;
	enum mc_status status;

	*spool = mc_spool_open(err);
	if (*spool == NULL)
		return err->status;
	if (h != NULL && mc_head_images(h) != NULL)
		return mc_knn_write(mc_head_images(h), *spool, err);
	p = mc_params_alloc(g->t, b, h, &g->recipe.optim);
	status = mc_params_write(p, MC_VALUES, *spool, err);
	mc_params_free(p);
	return status;
}

/*
 * Write what the training has changed of the backbone to a spool of M: all of
 * it, or the matrices of LoRA.
 */
static enum mc_status
spool_backbone(const struct mc_training *g, struct mc_model *m,
    struct mc_err *err)
{
	if (!g->recipe.tuning.lora_apart)
		return spool_params(g, g->backbone, NULL, &m->backbone, err);
	m->adapter = mc_spool_open(err);
	return m->adapter == NULL ? err->status :
	    mc_adapter_write(g->t, g->backbone, m->adapter, err);
}

/* Add the digest of the features, which depend on how they were computed. */
static void
describe_features(const struct mc_kept *kept, struct mc_buf *identity)
{
	struct mc_sha256 *digest = mc_sha256_alloc();
	size_t n = mc_records_count(kept->records), i;
	char hex[MC_SHA256_HEX];

	for (i = 0; i < n; i++)
		mc_sha256_add(digest, mc_records_at(kept->records, i),
		    kept->dim * sizeof(float));
	mc_sha256_hex(digest, hex);
	mc_buf_printf(identity, "features_sha256\t%s\n", hex);
}

void
mc_training_describe(const struct mc_training *g,
    const struct mc_training_record *r, struct mc_buf *identity)
{
	struct mc_buf images = { 0 };
	char hex[MC_SHA256_HEX];

	describe_data(g, r);
	describe_training(g, r);
	mc_keyvalue_print(r->about, identity);
	mc_seen_print(g->data->seen, &images);
	mc_sha256_bytes(images.data, images.len, hex);
	mc_buf_printf(identity, "images_sha256\t%s\n", hex);
	mc_buf_printf(identity, "image_libraries\t%s\n",
	    mc_image_libraries());
	mc_buf_free(&images);
	if (g->data->kept.form == MC_KEEP_FEATURES && g->checkpoint != NULL)
		describe_features(&g->data->kept, identity);
}

enum mc_status
mc_training_save(const struct mc_training *g,
    const struct mc_training_record *r, int64_t epoch, FILE *f,
    const char *name, struct mc_err *err)
{
	struct mc_model model = { .about = r->about, .log = *r->log,
	    .module = g->backbone != NULL ? r->module : NULL };
	enum mc_status status = spool_params(g, NULL, g->head, &model.head,
	    err);

	mc_keyvalue_add_integer(r->about, "epoch", epoch);
	mc_seen_print(g->data->seen, &model.images);
	if (status == MC_OK && g->backbone != NULL)
		status = spool_backbone(g, &model, err);
	if (status == MC_OK)
		status = mc_model_write(f, name, &model, err);
	if (model.head != NULL)
		fclose(model.head);
	if (model.backbone != NULL)
		fclose(model.backbone);
	if (model.adapter != NULL)
		fclose(model.adapter);
	mc_buf_free(&model.images);
	return status;
}
