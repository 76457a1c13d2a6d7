/* dataset_labels.c - the classes or findings of the images of a training. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "base/num.h"
#include "base/spelling.h"
#include "learn/dataset_internal.h"

/* --- Classes --------------------------------------------------------------- */

/* The classes in order: those declared, or the labels in byte order. */
static void
find_classes(struct reading *r)
{
	struct mc_dataset *d = r->d;
	char **declared;
	size_t *order, i;

	if (r->o->classes != NULL) {
		d->n_classes = mc_split_commas(r->o->classes, &declared);
		d->classes = (const char **)declared;
		return;
	}
	d->n_classes = d->n_texts;
	d->classes = mc_xcalloc(d->n_classes, sizeof(*d->classes));
	order = mc_names_sorted(r->labels);
	for (i = 0; i < d->n_classes; i++)
		d->classes[i] = d->texts[order[i]];
	free(order);
}

/* The class index of each distinct label, to be freed; NULL: it has none. */
static int *
match_labels(struct reading *r, struct mc_err *err)
{
	const struct mc_dataset *d = r->d;
	int *class_of = mc_xcalloc(d->n_texts, sizeof(*class_of));
	struct mc_names *names = mc_names_alloc();
	size_t i, k;

	for (k = 0; k < d->n_classes; k++)
		mc_names_add(names, d->classes[k]);
	for (i = 0; i < d->n_texts && class_of != NULL; i++) {
		k = mc_names_find(names, d->texts[i]);
		if (k != MC_NO_NAME) {
			class_of[i] = (int)k;
			continue;
		}
		mc_err_set(err, MC_EDATA, "%s: the label \"%s\" is not one of "
		    "--classes",
		    mc_images_manifest_name(r->images), d->texts[i]);
		free(class_of);
		class_of = NULL;
	}
	mc_names_free(names);
	return class_of;
}

/* Set the class index of each image. */
static enum mc_status
index_labels(struct reading *r, struct mc_err *err)
{
	struct mc_dataset *d = r->d;
	int *class_of = match_labels(r, err);
	size_t i;

	if (class_of == NULL)
		return MC_EDATA;
	d->labels = 1;
	d->label = mc_xcalloc(d->n, sizeof(*d->label));
	for (i = 0; i < d->n; i++)
		d->label[i] = class_of[d->text[i]];
	free(class_of);
	return MC_OK;
}

static enum mc_status
no_image(const struct reading *r, struct mc_err *err)
{
	return mc_err_set(err, MC_EDATA, "%s: no image outside the test split "
	    "to train on", mc_images_manifest_name(r->images));
}

static enum mc_status
check_classes(struct reading *r, struct mc_err *err)
{
	const struct mc_dataset *d = r->d;
	struct mc_names *distinct = mc_names_alloc();
	size_t k, a, b;

	for (k = 0; k < d->n_classes; k++)
		mc_names_add(distinct, d->classes[k]);
	k = mc_names_count(distinct);
	mc_names_free(distinct);
	if (k < d->n_classes)
		return mc_err_set(err, MC_EUSAGE,
		    "--classes: a class is given twice");
	if (d->n == 0)
		return no_image(r, err);
	if (k < 2 && r->o->classes != NULL)
		return mc_err_set(err, MC_EUSAGE,
		    "--classes: at least two classes are needed");
	if (k < 2)
		return mc_err_set(err, MC_EDATA, "%s: every image outside the "
		    "test split has the label \"%s\": at least two classes are "
		    "needed",
		    mc_images_manifest_name(r->images), d->classes[0]);
	if (mc_two_spellings(d->classes, d->n_classes, &a, &b))
		return mc_err_set(err, MC_EDATA, "%s: the labels \"%s\" and "
		    "\"%s\" are two spellings of one class: write one of them",
		    mc_images_manifest_name(r->images),
		    d->classes[a], d->classes[b]);
	return MC_OK;
}

/* --- Findings -------------------------------------------------------------- */

/* The findings of all labels: those declared, or all in byte order. */
static enum mc_status
find_findings(struct reading *r, struct mc_err *err)
{
	struct mc_dataset *d = r->d;
	const char *name = mc_images_manifest_name(r->images);
	enum mc_status status = MC_OK;
	char **declared = NULL;
	struct mc_err why;
	size_t n, i;

	d->findings = mc_findings_alloc(r->o->multilabel.no_finding);
	if (r->o->classes != NULL) {
		n = mc_split_commas(r->o->classes, &declared);
		if (mc_findings_declare(d->findings,
		    (const char *const *)declared, n, "add it to "
		    "--classes", &why) != MC_OK)
			status = mc_err_set(err, MC_EUSAGE, "--classes: %s",
			    why.text);
		free(declared);
	}
	for (i = 0; i < d->n_texts && status == MC_OK; i++)
		status = mc_findings_add(d->findings, d->texts[i], name, 0,
		    err);
	return status == MC_OK ? mc_findings_end(d->findings, name, err) :
	    status;
}

/* Name the findings, and set the labels of each image. */
static enum mc_status
label_findings(struct reading *r, struct mc_err *err)
{
	struct mc_dataset *d = r->d;
	enum mc_status status = find_findings(r, err);
	size_t i;

	if (status != MC_OK)
		return status;
	if (d->n == 0)
		return no_image(r, err);
	d->labels = d->n_classes = mc_findings_count(d->findings);
	if (d->n_classes == 0)
		return mc_err_set(err, MC_EDATA, "%s: no image outside the "
		    "test split has a finding",
		    mc_images_manifest_name(r->images));
	d->classes = mc_xcalloc(d->n_classes, sizeof(*d->classes));
	for (i = 0; i < d->n_classes; i++)
		d->classes[i] = mc_findings_name(d->findings, i);
	d->label = mc_xcalloc(d->n * d->labels, sizeof(*d->label));
	for (i = 0; i < d->n; i++)
		mc_multilabel_of(&d->multilabel, d->findings, d->text[i],
		    d->label + i * d->labels);
	return MC_OK;
}

enum mc_status
dataset_label_images(struct reading *r, struct mc_err *err)
{
	enum mc_status status;

	if (r->o->multilabel.on)
		return label_findings(r, err);
	find_classes(r);
	status = check_classes(r, err);
	return status == MC_OK ? index_labels(r, err) : status;
}

/* --- What the labels are -------------------------------------------------- */

void
mc_dataset_labels(const struct mc_dataset *d, size_t i, int64_t *label)
{
	size_t k;

	for (k = 0; k < d->labels; k++)
		label[k] = d->label[i * d->labels + k];
}

void
mc_dataset_count(const struct mc_dataset *d, const size_t *index, size_t n,
    size_t *with, size_t *without)
{
	size_t i, k;

	for (k = 0; k < d->n_classes; k++)
		with[k] = without[k] = 0;
	for (i = 0; i < n; i++) {
		const int *label = d->label + index[i] * d->labels;

		for (k = 0; k < d->n_classes; k++) {
			int one = d->multilabel.on ? label[k] :
			    label[0] == (int)k;

			with[k] += one == MC_YES;
			without[k] += one == MC_NO;
		}
	}
}

/*
 * The policy by which uncertain training images would count for finding K as
 * WANTED, yes or no, while others remain for the other; NULL: none.
 */
static const char *
policy_for(const struct mc_dataset *d, size_t k, enum mc_label wanted)
{
	size_t count[] = { 0, 0, 0 }, i;

	for (i = 0; i < d->n_train; i++)
		count[mc_findings_state(d->findings, d->text[d->train[i]],
		    k)]++;
	if (count[MC_FINDING_UNCERTAIN] == 0 || count[wanted == MC_YES ?
	    MC_FINDING_NO : MC_FINDING_YES] == 0)
		return NULL;
	return wanted == MC_YES ? "one" : "zero";
}

/* Refuse class or finding K, of which no training image is WANTED, yes or no. */
static enum mc_status
refuse_class(const struct reading *r, size_t k, enum mc_label wanted,
    struct mc_err *err)
{
	const struct mc_dataset *d = r->d;
	const char *policy = d->multilabel.on ? policy_for(d, k, wanted) : NULL;
	struct mc_buf text = { 0 };

	mc_buf_printf(&text, "%s: no training image %s \"%s\"",
	    mc_images_manifest_name(r->images),
	    !d->multilabel.on ? "of the class" :
	    wanted == MC_YES ? "with the finding" : "without the finding",
	    d->classes[k]);
	if (r->o->share > 0)
		mc_buf_puts(&text, " in the share: give a larger --share");
	else if (policy != NULL)
		mc_buf_printf(&text, ": --uncertain %s counts those where it "
		    "is uncertain", policy);
	else
		mc_buf_printf(&text, ": divide the images with mc-split%s, or "
		    "leave it out of %s", d->multilabel.on ? " --multilabel" :
		    "", r->o->classes != NULL ? "--classes" : "the labels");
	mc_err_set(err, MC_EDATA, "%s", text.data);
	mc_buf_free(&text);
	return MC_EDATA;
}

enum mc_status
dataset_check_training(const struct reading *r, struct mc_err *err)
{
	const struct mc_dataset *d = r->d;
	size_t *with = mc_xcalloc(2 * d->n_classes, sizeof(*with));
	size_t *without = with + d->n_classes, k;
	enum mc_status status = MC_OK;

	mc_dataset_count(d, d->train, d->n_train, with, without);
	for (k = 0; k < d->n_classes && status == MC_OK; k++) {
		if (with[k] == 0)
			status = refuse_class(r, k, MC_YES, err);
		else if (d->multilabel.on && without[k] == 0)
			status = refuse_class(r, k, MC_NO, err);
	}
	free(with);
	return status;
}
