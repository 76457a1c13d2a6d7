/* explain.c - map the parts of an image that a trained model relies on. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "backbone/watch.h"
#include "base/mem.h"
#include "base/softmax.h"
#include "image/overlay.h"
#include "learn/attention.h"
#include "learn/explain.h"
#include "learn/gradcam.h"
#include "learn/occlusion.h"

const char *const mc_explain_methods[] = { "attention", "gradcam", "occlusion",
    "rollout", NULL };

/* What the sides of the squares are of the crop's where that is not given. */
#define PATCHES 7

struct mc_explainer {
	struct mc_torch *t;
	const struct mc_trained *trained;
	struct mc_explain_options o;
	struct mc_occlusion squares;	/* of MC_OCCLUSION */
	struct mc_watch watch;		/* of the others */
	/* Of the images taken: */
	size_t n;
	struct mc_tensor *logits;	/* of MC_GRADCAM, recorded */
	double *drop;	/* of MC_OCCLUSION: n x squares x classes */
};

bool
mc_explain_has_class(enum mc_explain_method method)
{
	return method == MC_GRADCAM || method == MC_OCCLUSION;
}

/* --- Making --------------------------------------------------------------- */

/* Check that METHOD suits TR. */
static enum mc_status
check_method(const struct mc_trained *tr, enum mc_explain_method method,
    struct mc_err *err)
{
	const struct mc_backbone_info *info = mc_backbone_info(tr->backbone);
	const struct mc_family *family = info->family;
	const char *name = mc_explain_methods[method];

	if (method == MC_GRADCAM && mc_head_images(tr->head) != NULL)
		return mc_err_set(err, MC_EUSAGE, "--method gradcam: the head "
		    "knn has no gradient: use occlusion");
	if (method == MC_OCCLUSION || (method == MC_GRADCAM &&
	    family->map != NULL) || (method != MC_GRADCAM &&
	    family->attention))
		return MC_OK;
	if (method == MC_GRADCAM)
		return mc_err_set(err, MC_EUSAGE, "--method gradcam: %s is a "
		    "TorchScript module, whose layers are not known: use "
		    "occlusion", info->name);
	return mc_err_set(err, MC_EUSAGE, "--method %s: %s (%s) is no vision "
	    "transformer whose tokens all attend to each other: use "
	    "%socclusion", name, info->name, family->name,
	    family->map != NULL ? "gradcam or " : "");
}

/* Place the squares of E. */
static enum mc_status
place_squares(struct mc_explainer *e, struct mc_err *err)
{
	struct mc_occlusion *s = &e->squares;

	s->size = e->trained->preprocess.crop;
	s->patch = e->o.patch;
	if (s->patch == 0)
		s->patch = s->size < PATCHES ? 1 : s->size / PATCHES;
	s->stride = e->o.stride > 0 ? e->o.stride : (s->patch + 1) / 2;
	if (s->patch > s->size)
		return mc_err_set(err, MC_EUSAGE, "--patch %d: larger than the "
		    "network's images, of %d pixels per side", s->patch, s->size);
	if (s->stride > s->patch)
		return mc_err_set(err, MC_EUSAGE, "--stride %d: squares of %d "
		    "pixels would leave gaps: give at most %d", s->stride,
		    s->patch, s->patch);
	return MC_OK;
}

enum mc_status
mc_explainer_alloc(struct mc_explainer **out, struct mc_torch *t,
    const struct mc_trained *tr, const struct mc_explain_options *o,
    struct mc_err *err)
{
	struct mc_explainer *e;
	enum mc_status status;

	*out = NULL;
	status = check_method(tr, o->method, err);
	if (status != MC_OK)
		return status;
	e = mc_xcalloc(1, sizeof(*e));
	e->t = t;
	e->trained = tr;
	e->o = *o;
	if (o->method == MC_OCCLUSION) {
		status = place_squares(e, err);
		if (status != MC_OK) {
			free(e);
			return status;
		}
	} else {
		e->watch.wanted = o->method == MC_GRADCAM ? MC_WATCH_MAP :
		    o->method == MC_ROLLOUT ? MC_WATCH_ATTENTION :
		    MC_WATCH_LAST_ATTENTION;
		mc_backbone_watch(tr->backbone, &e->watch);
		if (o->method == MC_GRADCAM)
			mc_backbone_mode(tr->backbone, MC_RECORD);
	}
	*out = e;
	return MC_OK;
}

void
mc_explainer_forget(struct mc_explainer *e)
{
	mc_watch_clear(&e->watch);
	mc_tensor_free(e->logits);
	e->logits = NULL;
	free(e->drop);
	e->drop = NULL;
}

void
mc_explainer_free(struct mc_explainer *e)
{
	if (e == NULL)
		return;
	mc_explainer_forget(e);
	mc_backbone_watch(e->trained->backbone, NULL);
	free(e);
}

int
mc_explainer_patch(const struct mc_explainer *e)
{
	return e->squares.patch;
}

int
mc_explainer_stride(const struct mc_explainer *e)
{
	return e->squares.stride;
}

/* The squares of an image. */
static size_t
squares(const struct mc_explainer *e)
{
	size_t side = (size_t)mc_occlusion_side(&e->squares);

	return side * side;
}

size_t
mc_explainer_cost(const struct mc_explainer *e)
{
	return e->o.method == MC_OCCLUSION ? 1 + squares(e) : 1;
}

/* --- Taking images -------------------------------------------------------- */

/* Make probabilities of the logits X of an image. */
static void
to_probabilities(const struct mc_trained *tr, double *x)
{
	size_t k;

	if (!tr->multilabel.on)
		mc_softmax_f64(x, tr->n_classes);
	for (k = 0; tr->multilabel.on && k < tr->n_classes; k++) {
		/* The sigmoid is the softmax of 0 and the logit. */
		double two[] = { 0, x[k] };

		mc_softmax_f64(two, 2);
		x[k] = two[1];
	}
}

/* Whether the N logits X give probabilities; of votes they may be -INFINITY. */
static bool
are_logits(const struct mc_trained *tr, const double *x)
{
	bool votes = mc_head_images(tr->head) != NULL;
	size_t k;

	for (k = 0; k < tr->n_classes; k++) {
		if (!isfinite(x[k]) && !(votes && x[k] == -INFINITY))
			return false;
	}
	return true;
}

/*
 * Set P to the probabilities of the images X, and keep their logits if
 * gradients are wanted.  *BAD is the image that has none, or their number.
 */
static enum mc_status
predict(struct mc_explainer *e, const struct mc_tensor *x, double *p,
    size_t *bad, struct mc_err *err)
{
	const struct mc_trained *tr = e->trained;
	bool records = e->o.method == MC_GRADCAM;
	size_t n = (size_t)mc_size(x, 0), i;
	struct mc_tensor *y;
	enum mc_status status;

	*bad = n;
	mc_scope_open(e->t);
	mc_torch_grad(e->t, records);
	y = mc_backbone_forward(tr->backbone, x);
	if (records) {
		y = mc_head_forward(tr->head, y);
		e->logits = mc_tensor_keep(e->t, y);
		mc_to_f64(e->t, y, p, n * tr->n_classes);
	} else {
		mc_head_predict(tr->head, y, p);
	}
	mc_torch_grad(e->t, false);
	mc_scope_close(e->t, NULL);
	status = mc_torch_check(e->t, err);
	for (i = 0; i < n && status == MC_OK; i++) {
		if (!are_logits(tr, p + i * tr->n_classes)) {
			*bad = i;
			return mc_err_set(err, MC_EDATA, "the network's output "
			    "is not finite");
		}
		to_probabilities(tr, p + i * tr->n_classes);
	}
	return status;
}

/*
 * Fill DROP, squares x classes, with what the probabilities P of the image at
 * PLANES lose by each square.  BUF has room for a batch of images.
 */
static enum mc_status
hide_squares(struct mc_explainer *e, const float *planes, const double *p,
    float *buf, double *drop, bool *is_bad, struct mc_err *err)
{
	int side = e->squares.size;
	size_t each = 3 * (size_t)side * (size_t)side, all = squares(e), i, k;
	size_t classes = e->trained->n_classes, done, n, bad;
	enum mc_status status = MC_OK;

	for (done = 0; done < all && status == MC_OK; done += n) {
		n = all - done < e->o.batch ? all - done : e->o.batch;
		for (i = 0; i < n; i++) {
			memcpy(buf + i * each, planes, each * sizeof(*buf));
			mc_occlusion_hide(&e->squares, done + i, 3,
			    buf + i * each);
		}
		mc_scope_open(e->t);
		status = predict(e, mc_from_f32(e->t, buf, n * each,
		    (int64_t[]){ (int64_t)n, 3, side, side }, 4),
		    drop + done * classes, &bad, err);
		mc_scope_close(e->t, NULL);
		*is_bad = bad < n;
	}
	for (i = 0; i < all && status == MC_OK; i++) {
		for (k = 0; k < classes; k++)
			drop[i * classes + k] = p[k] - drop[i * classes + k];
	}
	return status;
}

/* Hide each square of the images X, whose probabilities are P. */
static enum mc_status
hide(struct mc_explainer *e, const struct mc_tensor *x, const double *p,
    size_t *bad, struct mc_err *err)
{
	size_t pixels = (size_t)e->squares.size * (size_t)e->squares.size;
	size_t classes = e->trained->n_classes, each = 3 * pixels, i;
	float *planes = mc_xreallocarray(NULL, e->n * each, sizeof(*planes));
	float *buf = mc_xreallocarray(NULL, e->o.batch * each, sizeof(*buf));
	enum mc_status status;
	bool is_bad = false;

	e->drop = mc_xcalloc(e->n * squares(e) * classes, sizeof(*e->drop));
	mc_to_f32(e->t, x, planes, e->n * each);
	status = mc_torch_check(e->t, err);
	for (i = 0; i < e->n && status == MC_OK; i++) {
		status = hide_squares(e, planes + i * each, p + i * classes,
		    buf, e->drop + i * squares(e) * classes, &is_bad, err);
		if (is_bad)
			*bad = i;
	}
	free(buf);
	free(planes);
	return status;
}

enum mc_status
mc_explainer_take(struct mc_explainer *e, const struct mc_tensor *x, double *p,
    size_t *bad, struct mc_err *err)
{
	enum mc_status status;

	mc_explainer_forget(e);
	e->n = (size_t)mc_size(x, 0);
	status = predict(e, x, p, bad, err);
	if (status == MC_OK && e->o.method == MC_OCCLUSION)
		status = hide(e, x, p, bad, err);
	return status;
}

/* --- Maps ----------------------------------------------------------------- */

int
mc_explainer_rows(const struct mc_explainer *e)
{
	return e->o.method == MC_OCCLUSION ? mc_occlusion_side(&e->squares) :
	    (int)e->watch.rows;
}

int
mc_explainer_columns(const struct mc_explainer *e)
{
	return e->o.method == MC_OCCLUSION ? mc_occlusion_side(&e->squares) :
	    (int)e->watch.columns;
}

/* What CLASS loses by each square. */
static void
map_drops(const struct mc_explainer *e, const size_t *class, float *map)
{
	size_t all = squares(e), classes = e->trained->n_classes, i, k;

	for (i = 0; i < e->n; i++)
		for (k = 0; k < all; k++)
			map[i * all + k] = (float)e->drop[(i * all + k) *
			    classes + class[i]];
}

enum mc_status
mc_explainer_map(struct mc_explainer *e, const size_t *class, float *map,
    struct mc_err *err)
{
	switch (e->o.method) {
	case MC_GRADCAM:
		mc_gradcam(e->t, &e->watch, e->logits, e->n,
		    e->trained->n_classes, class, map);
		return mc_torch_check(e->t, err);
	case MC_OCCLUSION:
		map_drops(e, class, map);
		return MC_OK;
	default:
		mc_attention_maps(e->t, &e->watch, e->n,
		    e->o.method == MC_ROLLOUT, map);
		return mc_torch_check(e->t, err);
	}
}

void
mc_explainer_spread(const struct mc_explainer *e, const float *map,
    float *pixel)
{
	if (e->o.method == MC_OCCLUSION)
		mc_occlusion_spread(&e->squares, map, pixel);
	else
		mc_enlarge(map, mc_explainer_rows(e), mc_explainer_columns(e),
		    e->trained->preprocess.crop, pixel);
}
