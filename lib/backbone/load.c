/*
 * load.c - parameters from a state dict, or the reason why not.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "backbone/backbone.h"
#include "backbone/families.h"
#include "backbone/net.h"
#include "base/mem.h"
#include "weights/facts.h"

/* Files to load from; the head may be NULL. */
struct source {
	const struct mc_statedict *sd, *head;
};

static const struct mc_array *
lookup(const struct source *s, const char *name)
{
	const struct mc_array *a = mc_statedict_find(s->sd, name);

	if (a == NULL && s->head != NULL)
		a = mc_statedict_find(s->head, name);
	return a;
}

static void
copy(const struct net_param *p, const void *from, float *out)
{
	const struct source *s = from;

	mc_statedict_to_f32(s->sd, lookup(s, p->name), out);
}

/* Names that do not fit: the first few are told, the others counted. */
struct list {
	struct mc_buf text;
	size_t n;
};

static void
list_add(struct list *l, const char *name)
{
	if (l->n++ < 4)
		mc_buf_printf(&l->text, "%s%s", l->n == 1 ? "" : ", ", name);
}

/* "; missing: a, b and 3 more" */
static void
list_tell(struct list *l, const char *what, struct mc_buf *text)
{
	if (l->n > 0)
		mc_buf_printf(text, "; %s: %s", what, l->text.data);
	if (l->n > 4)
		mc_buf_printf(text, " and %zu more", l->n - 4);
	mc_buf_free(&l->text);
}

static bool
same_shape(const struct mc_param *p, const struct mc_array *a)
{
	int i;

	if (a->ndim != p->ndim)
		return false;
	for (i = 0; i < a->ndim; i++)
		if (a->shape[i] != p->shape[i])
			return false;
	return true;
}

/* Whether A is the position embedding P for another grid. */
static bool
other_grid(const struct net_param *p, const struct mc_array *a)
{
	int64_t places, side;

	if (!p->grid || a->ndim != 3 || a->shape[0] != p->p.shape[0] ||
	    a->shape[2] != p->p.shape[2] || a->shape[1] <= p->ahead)
		return false;
	places = a->shape[1] - p->ahead;
	side = llround(sqrt((double)places));
	return side * side == places;
}

bool
mc_backbone_has(const struct mc_backbone *b, const char *name)
{
	static const char tracked[] = ".num_batches_tracked";
	size_t i, len = strlen(name);

	if (len >= sizeof(tracked) &&
	    strcmp(name + len - (sizeof(tracked) - 1), tracked) == 0)
		return true;
	for (i = 0; i < b->n_params; i++)
		if (strcmp(b->params[i]->name, name) == 0)
			return true;
	for (i = 0; i < b->n_spares; i++)
		if (strcmp(b->spares[i], name) == 0)
			return true;
	return false;
}

/* Whether SOURCE is PREFIX, of N characters, a dot and NAME. */
static bool
is_below(const char *source, const char *prefix, size_t n, const char *name)
{
	return strncmp(source, prefix, n) == 0 && source[n] == '.' &&
	    strcmp(source + n + 1, name) == 0;
}

/* Whether S has all parameters of B below PREFIX, of N characters. */
static bool
all_below(const struct mc_backbone *b, const struct source *s,
    const char *prefix, size_t n)
{
	size_t i, j, count = mc_statedict_count(s->sd);

	for (i = 0; i < b->n_params; i++) {
		for (j = 0; j < count; j++)
			if (is_below(mc_statedict_at(s->sd, j)->source, prefix,
			    n, b->params[i]->name))
				break;
		if (j == count)
			return false;
	}
	return true;
}

/*
 * Say below which prefixes of the file's own names all parameters are; false:
 * below none.
 */
static bool
tell_prefixes(const struct mc_backbone *b, const struct source *s,
    struct mc_buf *text)
{
	const char *name = b->params[0]->name, *source, *before = "; all of "
	    "them are below \"";
	size_t i, n, len = strlen(name);
	bool told = false;

	for (i = 0; i < mc_statedict_count(s->sd); i++) {
		source = mc_statedict_at(s->sd, i)->source;
		n = strlen(source);
		if (n < len + 2 || source[n - len - 1] != '.' ||
		    strcmp(source + n - len, name) != 0 ||
		    !all_below(b, s, source, n - len - 1))
			continue;
		mc_buf_printf(text, "%s%.*s\"", before, (int)(n - len - 1),
		    source);
		before = " and below \"";
		told = true;
	}
	if (told)
		mc_buf_puts(text, ": choose with --prefix");
	return told;
}

/* What to do about unexpected names, and what has been left out already. */
static void
tell_rest(const struct mc_statedict *sd, bool unexpected, struct mc_buf *text)
{
	struct mc_buf left = { 0 };

	if (unexpected)
		mc_buf_puts(text, " (--allow-extra GLOB leaves them out)");
	if (text->len > 0 && mc_statedict_left(sd, &left))
		mc_buf_printf(text, "; left out: %s", left.data);
	mc_buf_free(&left);
}

static enum mc_status
check_source(const struct mc_backbone *b, const struct source *s,
    struct mc_err *err)
{
	struct list missing = { 0 }, shape = { 0 }, unexpected = { 0 };
	struct list whole = { 0 };
	struct mc_buf text = { 0 };
	const struct mc_array *a;
	size_t i;

	for (i = 0; i < b->n_params; i++)
		if ((a = lookup(s, b->params[i]->name)) == NULL)
			list_add(&missing, b->params[i]->name);
		else if (!same_shape(&b->params[i]->p, a) &&
		    !other_grid(b->params[i], a))
			list_add(&shape, a->name);
		else if (a->dtype > MC_BF16)
			list_add(&whole, a->name);
	for (i = 0; i < mc_statedict_count(s->sd); i++)
		if (!mc_backbone_has(b, mc_statedict_at(s->sd, i)->name))
			list_add(&unexpected, mc_statedict_at(s->sd, i)->name);
	/* Then all the rest follows from that. */
	if (missing.n > 0 && tell_prefixes(b, s, &text))
		missing.n = shape.n = whole.n = unexpected.n = 0;
	list_tell(&missing, "missing", &text);
	list_tell(&shape, "of another shape", &text);
	list_tell(&whole, "of whole numbers, not of real ones", &text);
	list_tell(&unexpected, "unexpected", &text);
	tell_rest(s->sd, unexpected.n > 0, &text);
	if (text.len == 0)
		return MC_OK;
	mc_err_at(err, MC_EDATA, mc_statedict_name(s->sd), 0, "not the weights "
	    "of %s for features %s%s", b->info->name, b->features->name,
	    text.data);
	mc_buf_free(&text);
	return MC_EDATA;
}

/* Take the grids of position embeddings over. */
static void
take_grids(struct mc_backbone *b, const struct source *s)
{
	struct net_param *p;
	int64_t rows;
	size_t i;

	for (i = 0; i < b->n_params; i++) {
		p = b->params[i];
		if (!p->grid)
			continue;
		rows = lookup(s, p->name)->shape[1];
		if (rows != p->p.shape[1])
			net_resize(b, p, rows);
	}
}

/* Refuse weights whose config.json says what B is not. */
static enum mc_status
contradicts(const struct mc_backbone *b, const struct mc_statedict *sd,
    const char *what, struct mc_err *err)
{
	return mc_err_at(err, MC_EDATA, mc_statedict_name(sd), 0, "the "
	    "configuration beside it says %s, which %s does not have: choose "
	    "another --backbone, or give the file from a folder of its own",
	    what, b->info->name);
}

/*
 * Whether SD has the names of MoCo v3's training and VIT is a ViT-S without its
 * heads.  Its ViT-B has as many as others.
 */
static bool
is_mocov3_small(const struct vit_config *vit, const struct mc_statedict *sd)
{
	size_t i;

	if (vit->dim != 384 || vit->heads == 12)
		return false;
	for (i = 0; i < mc_statedict_count(sd); i++)
		if (strstr(mc_statedict_at(sd, i)->source,
		    "base_encoder.cls_token") != NULL)
			return true;
	return false;
}

/* What arrays do not show must be as the configuration of the file says. */
static enum mc_status
check_config(const struct mc_backbone *b, const struct mc_statedict *sd,
    struct mc_err *err)
{
	const struct mc_facts *c = mc_statedict_facts(sd);
	const struct vit_config *vit = b->info->config;
	char what[96];

	if (c->fault != NULL)
		return mc_err_at(err, MC_EDATA, mc_statedict_name(sd), 0,
		    "the configuration beside it, which can say what arrays "
		    "do not: %s: mend it, or give the file from a folder of "
		    "its own", c->fault);
	/* Convolutions padded as TensorFlow does have the same names. */
	if (c->architecture != NULL && strncmp(c->architecture, "tf_", 3) == 0)
		return contradicts(b, sd, "TensorFlow's padding (tf_)", err);
	if (b->info->family != &net_vit)
		return MC_OK;
	if (c->heads > 0 && c->heads != vit->heads) {
		snprintf(what, sizeof(what), "%lld heads of attention",
		    (long long)c->heads);
		return contradicts(b, sd, what, err);
	}
	/* 8 x 18 patches are as many as 12 x 12. */
	if (c->height != c->width && vit->position != VIT_ROPE) {
		snprintf(what, sizeof(what), "position embeddings for %lld x "
		    "%lld pixels, no square,", (long long)c->height,
		    (long long)c->width);
		return contradicts(b, sd, what, err);
	}
	if (is_mocov3_small(vit, sd))
		return mc_err_at(err, MC_EDATA, mc_statedict_name(sd), 0,
		    "names of MoCo v3, whose ViT-S has 12 heads of attention, "
		    "where %s has %d: no network here has them: give it as a "
		    "TorchScript module (--backbone FILE.pt)", b->info->name,
		    vit->heads);
	if (c->activation == NULL || (strcmp(c->activation, "quick_gelu") ==
	    0) == (vit->mlp == VIT_GELU_QUICK))
		return MC_OK;
	snprintf(what, sizeof(what), "the activation %.40s", c->activation);
	return contradicts(b, sd, what, err);
}

enum mc_status
mc_backbone_load(struct mc_backbone *b, const struct mc_statedict *sd,
    const struct mc_statedict *head, struct mc_err *err)
{
	struct source s = { sd, head };
	enum mc_status status = check_config(b, sd, err);
	struct mc_err why;

	if (status == MC_OK)
		status = check_source(b, &s, err);
	if (status != MC_OK)
		return status;
	take_grids(b, &s);
	if ((status = mc_torch_check(b->t, err)) != MC_OK)
		return status;
	status = net_fill(b, 0, copy, &s, &why);
	if (status != MC_OK)
		mc_err_at(err, status, mc_statedict_name(sd), 0, "%s",
		    why.text);
	return status;
}
