/* selection.c - choose the images that a model predicts. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/spelling.h"
#include "learn/selection.h"

enum mc_status
mc_selection_bind(struct mc_selection *s, const struct mc_images *im,
    struct mc_err *err)
{
	s->id = mc_images_find(im, "id");
	s->label = mc_images_find(im, "label");
	s->split_column = mc_images_find(im, "split");
	s->fold_column = mc_images_find(im, "fold");
	s->grey_column = mc_images_find(im, MC_GREY_COLUMN);
	if (s->fold > 0 && s->fold_column < 0)
		return mc_err_set(err, MC_EDATA, "%s: --fold, but the manifest "
		    "has no column \"fold\" (mc-split --folds makes it)",
		    mc_images_manifest_name(im));
	s->wanted = s->split != NULL ? s->split : "test";
	if (strcmp(s->wanted, "all") == 0)
		s->wanted = NULL;
	if (s->fold > 0 || s->wanted == NULL || (s->split_column >= 0 &&
	    !mc_images_empty(im, (size_t)s->split_column)))
		return MC_OK;
	s->wanted = NULL;
	s->no_split = true;
	return s->split == NULL ? MC_OK : mc_err_set(err, MC_EDATA,
	    "%s: --split %s, but no image has a split (mc-split makes them)",
	    mc_images_manifest_name(im), s->split);
}

enum mc_status
mc_selection_begin(struct mc_selection *s, const struct mc_trained *tr,
    struct mc_err *err)
{
	s->trained = tr;
	if (s->fold == 0 || s->fold == tr->fold)
		return MC_OK;
	if (tr->fold == 0)
		return mc_err_set(err, MC_EUSAGE, "--fold: the model was "
		    "trained without --fold, on rows of every fold: train one "
		    "with mc-train --fold %lld", (long long)s->fold);
	return mc_err_set(err, MC_EUSAGE, "--fold %lld: the model was trained "
	    "on all folds but %lld", (long long)s->fold,
	    (long long)tr->fold);
}

/* The row's field in COLUMN; "" where there is no such column. */
static const char *
field(const struct mc_images *im, int column)
{
	return column < 0 ? "" : mc_images_get(im, (size_t)column);
}

/* Check that the model knows the findings of LABEL. */
static enum mc_status
check_findings(const struct mc_selection *s, const struct mc_images *im,
    const char *label, struct mc_err *err)
{
	const struct mc_trained *tr = s->trained;
	int *labels = mc_xcalloc(tr->n_classes, sizeof(*labels));
	char *where = mc_xasprintf("%s: id \"%s\"", mc_images_manifest_name(im),
	    field(im, s->id));
	enum mc_status status = mc_multilabel_read(&tr->multilabel,
	    tr->classes, tr->n_classes, label, where, labels, err);

	free(where);
	free(labels);
	return status;
}

/* A label that the model does not know cannot be scored. */
static enum mc_status
check_label(const struct mc_selection *s, const struct mc_images *im,
    struct mc_err *err)
{
	const struct mc_trained *tr = s->trained;
	const char *label = field(im, s->label);
	size_t i = 0;

	if (*label == '\0')
		return MC_OK;
	if (tr->multilabel.on)
		return check_findings(s, im, label, err);
	while (i < tr->n_classes && strcmp(label, tr->classes[i]) != 0)
		i++;
	if (i < tr->n_classes)
		return MC_OK;
	return mc_err_set(err, MC_EDATA, "%s: id \"%s\": the label \"%s\" is "
	    "not one of the %zu classes that the model was trained on",
	    mc_images_manifest_name(im),
	    field(im, s->id), label, tr->n_classes);
}

/* Count the label of an image that is explained, if the model does not know it. */
static void
note_label(struct mc_selection *s, const struct mc_images *im)
{
	struct mc_err unsaid;

	if (check_label(s, im, &unsaid) != MC_OK && s->n_foreign++ == 0)
		s->foreign_id = mc_xstrdup(field(im, s->id));
}

/* What is done to images. */
static const char *
verb(const struct mc_selection *s)
{
	return s->explains ? "explain" : "predict";
}

/* The row's grey levels, made as FIELD says, are not those of the training. */
static enum mc_status
other_levels(const struct mc_selection *s, const struct mc_images *im,
    const char *made, struct mc_err *err)
{
	const struct mc_grey *model = &s->trained->grey;
	const char *other = mc_grey_other(model, made);
	struct mc_buf text = { 0 };

	mc_buf_printf(&text, "%s: id \"%s\": its grey levels are made by %s, "
	    "those of the training by ", mc_images_name(im), field(im, s->id),
	    made);
	mc_grey_print(model, &text);
	mc_buf_puts(&text, ": ");
	if (other != NULL) {
		mc_buf_puts(&text, "pack the images with mc-pack ");
		mc_grey_option(other, &text);
		mc_buf_puts(&text, ", or ");
	}
	mc_buf_printf(&text, "give --allow-other-levels to %s them as they are",
	    verb(s));
	mc_err_set(err, MC_EDATA, "%s", text.data);
	mc_buf_free(&text);
	return MC_EDATA;
}

/* Compare how the row's grey levels were made with those of the training. */
static enum mc_status
check_levels(struct mc_selection *s, const struct mc_images *im,
    struct mc_err *err)
{
	const struct mc_grey *model = &s->trained->grey;
	const char *made = field(im, s->grey_column);
	bool known = mc_grey_is(made);

	if (known ? mc_grey_has(model, made) : model->n == 0 || model->none)
		return MC_OK;
	if (!known || model->n == 0) {
		s->n_unknown++;
	} else {
		if (!s->any_levels)
			return other_levels(s, im, made, err);
		s->n_other++;
	}
	mc_grey_add(&s->grey, made);
	return MC_OK;
}

/* Whether the row's split or fold is the one asked for. */
static bool
is_asked_for(const struct mc_selection *s, const struct mc_images *im)
{
	const char *split = field(im, s->split_column);
	char fold[MC_NUM_SIZE], number[MC_NUM_SIZE];

	if (s->fold == 0)
		return s->wanted == NULL || strcmp(s->wanted, split) == 0;
	snprintf(fold, sizeof(fold), "%lld", (long long)s->fold);
	return strcmp(split, "test") != 0 &&
	    strcmp(fold, mc_key_number(field(im, s->fold_column), number)) ==
	    0;
}

/*
 * What the model was shown of the image on which IM stands; MC_UNSEEN also
 * where images of that role are asked for by name, and not to be left out.
 */
static enum mc_role
role_of(const struct mc_selection *s, const struct mc_images *im)
{
	char hex[MC_SHA256_HEX];
	enum mc_role role;

	if (s->explains)
		return MC_UNSEEN;
	mc_images_sha256(im, hex);
	role = mc_seen_find(s->trained->seen, hex);
	return !s->skip_seen && s->wanted != NULL && strcmp(s->wanted,
	    role == MC_TRAINED ? "train" : "val") == 0 ? MC_UNSEEN : role;
}

enum mc_status
mc_selection_want(const struct mc_images *im, bool *wanted, void *arg,
    struct mc_err *err)
{
	struct mc_selection *s = arg;
	enum mc_role role;

	*wanted = false;
	if (s->no_split && *field(im, s->split_column) != '\0')
		return mc_err_set(err, MC_EDATA, "%s: id \"%s\" has a split, "
		    "but no image of the first tar has: give --split all, or "
		    "%s these tars apart", mc_images_manifest_name(im),
		    field(im, s->id), verb(s));
	if (!is_asked_for(s, im))
		return MC_OK;
	role = role_of(s, im);
	if (role != MC_UNSEEN && s->skip_seen) {
		s->n_skipped++;
		return MC_OK;
	}
	if (role != MC_UNSEEN) {
		s->refused(field(im, s->id), role);
		if (s->n_refused++ == 0)
			s->refused_id = mc_xstrdup(field(im, s->id));
	}
	*wanted = s->n_refused == 0;
	if (*wanted && check_levels(s, im, err) != MC_OK)
		return MC_EDATA;
	if (*wanted && s->explains)
		note_label(s, im);
	return *wanted && !s->explains ? check_label(s, im, err) : MC_OK;
}

/* Why there is nothing to predict. */
static enum mc_status
nothing(const struct mc_selection *s, const char *name, int64_t bad,
    struct mc_err *err)
{
	int64_t left = s->trained->fold;
	char hint[64] = "";

	if (bad > 0)
		return mc_err_set(err, MC_EDATA, "%s: of %lld image%s wanted, "
		    "none can be decoded", name, (long long)bad,
		    MC_PLURAL(bad));
	if (s->n_skipped > 0)
		return mc_err_set(err, MC_EDATA, "%s: no image to predict: the "
		    "model has seen each of the %lld asked for", name,
		    (long long)s->n_skipped);
	if (s->fold > 0)
		return mc_err_set(err, MC_EDATA, "%s: no image to %s: none "
		    "outside the test split has fold %lld", name, verb(s),
		    (long long)s->fold);
	if (s->wanted == NULL)
		return mc_err_set(err, MC_EDATA, "%s: no image to %s", name,
		    verb(s));
	if (s->explains)
		return mc_err_set(err, MC_EDATA, "%s: no image to explain: none "
		    "has split \"%s\" (--split all explains every image)",
		    name, s->wanted);
	if (left > 0)
		snprintf(hint, sizeof(hint), "--fold %lld predicts the fold "
		    "left out, ", (long long)left);
	return mc_err_set(err, MC_EDATA, "%s: no image to predict: none has "
	    "split \"%s\" (%s--split all%s every image)", name, s->wanted,
	    hint, left > 0 ? "" : " predicts");
}

enum mc_status
mc_selection_end(const struct mc_selection *s, const struct mc_images *im,
    int64_t n, int64_t bad, struct mc_err *err)
{
	if (s->n_refused > 0)
		return mc_err_set(err, MC_EDATA, "%s: the model was trained or "
		    "selected on %lld of the images asked for, first on id "
		    "\"%s\": --skip-seen leaves them out; --split train and "
		    "--split val predict them explicitly", mc_images_name(im),
		    (long long)s->n_refused, s->refused_id);
	return n > 0 || s->part ? MC_OK : nothing(s, mc_images_manifest_name(im),
	    bad, err);
}

void
mc_selection_remark(const struct mc_selection *s,
    const struct mc_images *images, void (*say)(const char *line))
{
	const char *name = mc_images_name(images);
	struct mc_buf model = { 0 }, found = { 0 };

	mc_grey_print(&s->trained->grey, &model);
	mc_grey_print(&s->grey, &found);
	if (s->n_other > 0)
		mc_say(say, "%s: images %sed whose grey levels are made by "
		    "%s, not by %s, as those of the training: %lld", name,
		    verb(s), found.data, model.data, (long long)s->n_other);
	if (s->n_unknown > 0 && model.len > 0)
		mc_say(say, "%s: images %sed that do not say how their "
		    "grey levels are made: %lld; those of the training are made "
		    "by %s", name, verb(s), (long long)s->n_unknown,
		    model.data);
	else if (s->n_unknown > 0)
		mc_say(say, "%s: images %sed whose grey levels are made by "
		    "%s: %lld; the model does not say how those of the training "
		    "are", name, verb(s), found.data,
		    (long long)s->n_unknown);
	if (s->n_foreign > 0)
		mc_say(say, "%s: images explained whose label is not one of "
		    "the model's %s: %lld, first id \"%s\"; is the model of "
		    "another task?", mc_images_manifest_name(images),
		    s->trained->multilabel.on ? "findings" : "classes",
		    (long long)s->n_foreign, s->foreign_id);
	mc_buf_free(&model);
	mc_buf_free(&found);
}

void
mc_selection_clear(struct mc_selection *s)
{
	mc_grey_clear(&s->grey);
	free(s->refused_id);
	s->refused_id = NULL;
	free(s->foreign_id);
	s->foreign_id = NULL;
}
