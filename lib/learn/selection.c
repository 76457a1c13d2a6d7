/* selection.c - choose the images that a model predicts. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "learn/selection.h"

enum mc_status
mc_selection_bind(struct mc_selection *s, const struct mc_images *im,
    struct mc_err *err)
{
	s->id = mc_images_find(im, "id");
	s->label = mc_images_find(im, "label");
	s->split_column = mc_images_find(im, "split");
	s->fold_column = mc_images_find(im, "fold");
	if (s->fold > 0 && s->fold_column < 0)
		return mc_err_set(err, MC_EDATA, "%s: --fold, but the manifest "
		    "has no column \"fold\" (mc-split --folds makes it)",
		    mc_images_name(im));
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
	    mc_images_name(im), s->split);
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
	char *where = mc_xasprintf("%s: id \"%s\"", mc_images_name(im),
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
	    mc_images_name(im), field(im, s->id), label, tr->n_classes);
}

/* Whether the row's split or fold is the one asked for. */
static bool
is_asked_for(const struct mc_selection *s, const struct mc_images *im)
{
	const char *split = field(im, s->split_column);
	char fold[24];

	if (s->fold == 0)
		return s->wanted == NULL || strcmp(s->wanted, split) == 0;
	snprintf(fold, sizeof(fold), "%lld", (long long)s->fold);
	return strcmp(split, "test") != 0 &&
	    strcmp(fold, field(im, s->fold_column)) == 0;
}

/*
 * What the model was shown of the image on which IM stands; MC_UNSEEN also
 * where images of that role are asked for by name.
 */
static enum mc_role
role_of(const struct mc_selection *s, const struct mc_images *im)
{
	char hex[MC_SHA256_HEX];
	enum mc_role role;

	mc_images_sha256(im, hex);
	role = mc_seen_find(s->trained->seen, hex);
	return s->wanted != NULL && strcmp(s->wanted,
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
		    "predict these tars apart", mc_images_name(im),
		    field(im, s->id));
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
	return *wanted ? check_label(s, im, err) : MC_OK;
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
		return mc_err_set(err, MC_EDATA, "%s: no image to predict: "
		    "none outside the test split has fold %lld", name,
		    (long long)s->fold);
	if (s->wanted == NULL)
		return mc_err_set(err, MC_EDATA, "%s: no image to predict",
		    name);
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
	return n > 0 ? MC_OK : nothing(s, mc_images_name(im), bad, err);
}

void
mc_selection_clear(struct mc_selection *s)
{
	free(s->refused_id);
	s->refused_id = NULL;
}
