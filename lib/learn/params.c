/* params.c - hold what is trained in one table. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "learn/ema.h"
#include "learn/params.h"
#include "weights/safetensors.h"

#define NO_SLOTS ((size_t)-1)

struct mc_params {
	struct mc_torch *t;
	struct mc_backbone *backbone;	/* or NULL */
	struct mc_optim_options options;
	struct mc_optim *optim;		/* NULL before mc_params_optimise */
	double decay;			/* of the average; 0: none is kept */
	struct mc_ema *ema;		/* or NULL */
	struct mc_row *row;
	size_t *trained;		/* of each row: its place in optim */
	size_t n;
};

static void
add_row(struct mc_params *p, const struct mc_param *param, int depth)
{
	p->trained[p->n] = NO_SLOTS;
	p->row[p->n++] = (struct mc_row){ .param = param, .depth = depth,
	    .trainable = !param->buffer,
	    .weight_decay = p->options.weight_decay, .rate_scale = 1 };
}

struct mc_params *
mc_params_alloc(struct mc_torch *t, struct mc_backbone *b, struct mc_head *h,
    const struct mc_optim_options *options)
{
	struct mc_params *p = mc_xcalloc(1, sizeof(*p));
	size_t n_b = b != NULL ? mc_backbone_count(b) : 0;
	size_t n_h = h != NULL ? mc_head_count(h) : 0, i;
	int depth = b != NULL ? mc_backbone_depth(b) + 1 : 0;

	p->t = t;
	p->backbone = b;
	p->options = *options;
	p->row = mc_xcalloc(n_b + n_h, sizeof(*p->row));
	p->trained = mc_xcalloc(n_b + n_h, sizeof(*p->trained));
	for (i = 0; i < n_b; i++)
		add_row(p, mc_backbone_param(b, i),
		    mc_backbone_param(b, i)->depth);
	for (i = 0; i < n_h; i++)
		add_row(p, mc_head_param(h, i), depth);
	return p;
}

void
mc_params_free(struct mc_params *p)
{
	if (p == NULL)
		return;
	mc_optim_free(p->optim);
	mc_ema_free(p->ema);
	free(p->row);
	free(p->trained);
	free(p);
}

/* Whether HOW trains ROW of P. */
static bool
is_tuned(const struct mc_params *p, const struct mc_row *row,
    const struct mc_tuning *how)
{
	const struct mc_backbone *b = p->backbone;

	if (b == NULL || row->depth > mc_backbone_depth(b))
		return true;	/* the head */
	if (how->lora_rank > 0)
		return row->param->adapter;
	return how->unfreeze == 0 ||
	    row->depth > mc_backbone_blocks(b) - how->unfreeze;
}

void
mc_params_tune(struct mc_params *p, const struct mc_tuning *how)
{
	int last = p->backbone != NULL ? mc_backbone_blocks(p->backbone) + 1 :
	    0;
	int first = how->unfreeze > 0 ? last - (int)how->unfreeze : 0;
	size_t i;

	if (p->backbone != NULL)
		mc_backbone_freeze(p->backbone, first);
	for (i = 0; i < p->n; i++) {
		struct mc_row *row = &p->row[i];

		if (!is_tuned(p, row, how))
			row->trainable = false;
		if (how->decay_weights && !row->param->weight)
			row->weight_decay = 0;
		if (row->depth < last)
			row->rate_scale = pow(how->layer_decay,
			    last - row->depth);
	}
}

size_t
mc_params_count(const struct mc_params *p)
{
	return p->n;
}

struct mc_row *
mc_params_row(struct mc_params *p, size_t i)
{
	return &p->row[i];
}

/* --- Steps ----------------------------------------------------------------- */

void
mc_params_average(struct mc_params *p, double decay)
{
	p->decay = decay;
}

bool
mc_params_moves(const struct mc_params *p, size_t i)
{
	size_t k;

	if (!p->row[i].param->buffer)
		return false;
	for (k = 0; k < p->n; k++) {
		if (p->row[k].trainable && p->row[k].depth <= p->row[i].depth)
			return true;
	}
	return false;
}

/* Make the average of what training changes. */
static void
make_average(struct mc_params *p)
{
	struct mc_tensor **x = mc_xcalloc(p->n, sizeof(*x));
	size_t i;

	for (i = 0; i < p->n; i++) {
		if (p->row[i].trainable || mc_params_moves(p, i))
			x[i] = p->row[i].param->tensor;
	}
	p->ema = mc_ema_alloc(p->t, x, p->n, p->decay);
	free(x);
}

enum mc_status
mc_params_optimise(struct mc_params *p, struct mc_err *err)
{
	struct mc_tensor **tensor = mc_xcalloc(p->n, sizeof(*tensor));
	double *decay = mc_xcalloc(p->n, sizeof(*decay));
	double *scale = mc_xcalloc(p->n, sizeof(*scale));
	size_t i, n = 0;

	for (i = 0; i < p->n; i++) {
		const struct mc_row *row = &p->row[i];

		mc_set_trainable(p->t, row->param->tensor, row->trainable);
		if (!row->trainable)
			continue;
		tensor[n] = row->param->tensor;
		decay[n] = row->weight_decay;
		scale[n] = row->rate_scale;
		p->trained[i] = n++;
	}
	p->optim = mc_optim_alloc(p->t, tensor, decay, scale, n,
	    &p->options);
	free(tensor);
	free(decay);
	free(scale);
	if (p->decay > 0)
		make_average(p);
	return mc_torch_check(p->t, err);
}

/* Values have been written. */
static void
changed(const struct mc_params *p)
{
	if (p->backbone != NULL)
		mc_backbone_changed(p->backbone);
}

void
mc_params_gradient(struct mc_params *p, const struct mc_tensor *loss)
{
	mc_backward(p->t, loss);
}

size_t
mc_params_gradients(const struct mc_params *p)
{
	size_t i, n = 0;

	for (i = 0; i < p->n; i++)
		n += p->row[i].trainable ? p->row[i].param->n + 1 : 0;
	return n;
}

void
mc_params_take(struct mc_params *p, double *sum)
{
	mc_optim_take(p->t, p->optim, sum);
}

void
mc_params_put(struct mc_params *p, const double *sum)
{
	mc_optim_put(p->t, p->optim, sum);
}

void
mc_params_clip(struct mc_params *p, double most)
{
	mc_optim_clip(p->t, p->optim, most);
}

void
mc_params_step(struct mc_params *p, double rate)
{
	mc_optim_rate(p->t, p->optim, rate);
	mc_optim_step(p->t, p->optim);
	/* Here, so that until the next step gradients take no memory. */
	mc_optim_zero(p->t, p->optim);
	if (p->ema != NULL)
		mc_ema_step(p->ema);
	changed(p);
}

bool
mc_params_use_average(struct mc_params *p, bool on)
{
	bool was = p->ema != NULL && mc_ema_use(p->ema, on);

	changed(p);
	return was;
}

/* --- Columns --------------------------------------------------------------- */

const char *
mc_params_column(const struct mc_params *p, size_t k)
{
	if (k-- == 0)
		return MC_VALUES;
	if (p->ema != NULL && k-- == 0)
		return MC_AVERAGE;
	return p->optim != NULL ? mc_optim_slot_name(p->optim, k) : NULL;
}

/* The tensor of row I in COLUMN; NULL: the row has none. */
static struct mc_tensor *
cell(const struct mc_params *p, const char *column, size_t i)
{
	size_t k;

	if (strcmp(column, MC_VALUES) == 0)
		return p->row[i].param->tensor;
	if (strcmp(column, MC_AVERAGE) == 0)
		return p->ema != NULL ? mc_ema_average(p->ema, i) : NULL;
	for (k = 0; p->trained[i] != NO_SLOTS && mc_optim_slot_name(p->optim,
	    k) != NULL; k++) {
		if (strcmp(mc_optim_slot_name(p->optim, k), column) == 0)
			return mc_optim_slot(p->optim, p->trained[i], k);
	}
	return NULL;
}

/*
 * Describe X, the cell of PARAM, as an array without data where X has no
 * memory of its own.
 */
static struct mc_array
describe(const struct mc_param *param, struct mc_tensor *x)
{
	static const enum mc_dtype dtypes[] = { [MC_FLOAT32] = MC_F32,
	    [MC_FLOAT64] = MC_F64, [MC_BFLOAT16] = MC_BF16,
	    [MC_INT64] = MC_I64 };
	struct mc_array a = { .name = param->name,
	    .dtype = dtypes[mc_type(x)], .ndim = mc_ndim(x),
	    .data = mc_memory(x), .n = mc_count(x) };
	int d;

	for (d = 0; d < a.ndim; d++)
		a.shape[d] = mc_size(x, d);
	return a;
}

/* What brings the data of a cell that has no memory of its own. */
struct fetching {
	struct mc_torch *t;
	struct mc_tensor **cell;
	float *buf;
};

static const void *
fetch(size_t i, void *arg)
{
	struct fetching *f = arg;
	size_t n = mc_count(f->cell[i]);

	f->buf = mc_xreallocarray(f->buf, n, sizeof(*f->buf));
	mc_to_f32(f->t, f->cell[i], f->buf, n);
	return f->buf;
}

enum mc_status
mc_params_write(const struct mc_params *p, const char *column, FILE *f,
    struct mc_err *err)
{
	struct mc_array *arrays = mc_xcalloc(p->n, sizeof(*arrays));
	struct fetching fetching = { .t = p->t };
	enum mc_status status, failed;
	size_t i, n = 0;

	fetching.cell = mc_xcalloc(p->n, sizeof(*fetching.cell));
	for (i = 0; i < p->n; i++) {
		struct mc_tensor *x = cell(p, column, i);

		if (x == NULL)
			continue;
		fetching.cell[n] = x;
		arrays[n++] = describe(p->row[i].param, x);
	}
	status = mc_safetensors_stream(f, arrays, n, fetch, &fetching, err);
	failed = mc_torch_check(p->t, status == MC_OK ? err : NULL);
	free(fetching.cell);
	free(fetching.buf);
	free(arrays);
	return status != MC_OK ? status : failed;
}

/* Whether SD holds exactly the cells of COLUMN. */
static enum mc_status
check_cells(const struct mc_params *p, const char *column,
    const struct mc_statedict *sd, struct mc_err *err)
{
	size_t i, n = 0;

	for (i = 0; i < p->n; i++) {
		const char *name = p->row[i].param->name;
		struct mc_tensor *x = cell(p, column, i);
		const struct mc_array *a = mc_statedict_find(sd, name);
		struct mc_array wanted;

		if (x == NULL)
			continue;
		n++;
		wanted = describe(p->row[i].param, x);
		if (a == NULL || a->dtype != wanted.dtype ||
		    a->ndim != wanted.ndim || memcmp(a->shape, wanted.shape,
		    sizeof(a->shape)) != 0)
			return mc_err_at(err, MC_EDATA, mc_statedict_name(sd),
			    0, "no tensor \"%s\" of the right shape and type",
			    name);
	}
	if (n != mc_statedict_count(sd))
		return mc_err_at(err, MC_EDATA, mc_statedict_name(sd), 0,
		    "%zu tensors, where %zu are trained",
		    mc_statedict_count(sd), n);
	return MC_OK;
}

/* Overwrite X, without memory of its own, by the array A of floats. */
static void
send(struct mc_torch *t, struct mc_tensor *x, const struct mc_array *a)
{
	float *buf = mc_xreallocarray(NULL, a->n, sizeof(*buf));

	mc_array_to_f32(a, buf);
	mc_fill_f32(t, x, buf, a->n);
	free(buf);
}

enum mc_status
mc_params_read(struct mc_params *p, const char *column,
    const struct mc_statedict *sd, struct mc_err *err)
{
	enum mc_status status = check_cells(p, column, sd, err);
	size_t i;

	for (i = 0; i < p->n && status == MC_OK; i++) {
		struct mc_tensor *x = cell(p, column, i);
		const struct mc_array *a;
		void *own;

		if (x == NULL)
			continue;
		a = mc_statedict_find(sd, p->row[i].param->name);
		own = mc_memory(x);
		if (own == NULL)
			send(p->t, x, a);
		else if (a->n > 0)
			memcpy(own, a->data, a->n * mc_dtype_size(a->dtype));
		mc_statedict_release(sd, a);
	}
	if (status == MC_OK && strcmp(column, MC_AVERAGE) == 0)
		mc_ema_continue(p->ema);
	changed(p);
	return status == MC_OK ? mc_torch_check(p->t, err) : status;
}

/* Whether the N elements of X are finite. */
static bool
is_finite(const float *x, size_t n)
{
	size_t i;

	for (i = 0; i < n && isfinite(x[i]); i++)
		;
	return i == n;
}

const char *
mc_params_not_finite(const struct mc_params *p)
{
	struct fetching fetching = { .t = p->t };
	const char *name = NULL;
	size_t i;

	for (i = 0; i < p->n && name == NULL; i++) {
		struct mc_tensor *x = p->row[i].param->tensor;
		const float *own = mc_type(x) == MC_FLOAT32 ? mc_memory(x) :
		    NULL;

		fetching.cell = &x;
		if (!is_finite(own != NULL ? own : fetch(0, &fetching),
		    mc_count(x)))
			name = p->row[i].param->name;
	}
	free(fetching.buf);
	return name;
}
