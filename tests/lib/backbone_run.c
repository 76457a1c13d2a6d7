/*
 * backbone_run - a backbone with the formula's parameters and images, for
 * tests/lib/backbone.py to compare with the reference implementation.
 *
 *	backbone_run features NAME FEATURES IMAGES SIDE >values
 *	backbone_run dropped NAME FEATURES IMAGES SIDE >values
 *	backbone_run train NAME FEATURES IMAGES SIDE >values
 *	backbone_run bfloat16 NAME FEATURES IMAGES SIDE >values
 *	backbone_run watched NAME FEATURES IMAGES SIDE >values
 *	backbone_run threads NAME FEATURES IMAGES SIDE
 *	backbone_run bfloat16-threads NAME FEATURES IMAGES SIDE
 *	backbone_run shapes
 *
 * features: in float32; standard output is the entry "features".
 * dropped: the same with dropout and stochastic depth, of the seed 1.
 * train: three steps of SGD (rate 0.01, momentum 0.9) in float64 on the
 * cross-entropy of the features, taken as logits, with the labels 0, 1, 2
 * ..., and without dropout; standard output is one entry for each parameter and buffer.
 * bfloat16: in bfloat16; the entries are "features", and the gradient of each
 * parameter in the first of these steps.
 * watched: in float64, what watch.h shows of a vision transformer: the attention of
 * each block, "attention.0" ..., and of the pool, "pool"; "map"; and "gradient", that
 * of the sum of the features times -3, -2 ... 3, -3 ..., with respect to the map.
 * threads: features and training in float32, on 1, 2 and 3 threads; an error
 * where these do not give the same bits, and exit code 77 where the build does
 * not promise it (mc_torch_any_threads); bfloat16-threads: in bfloat16.
 * shapes: of each network of the registry, a line "NAME REFERENCE", and for each
 * parameter and buffer of its last features a line "name size size ...".  It is
 * an error if the smallest image does not give features of the length that the
 * registry says.
 * SIDE may be ROWSxCOLUMNS.
 * An entry is a line "NAME COUNT" and the values as raw float64.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backbone/backbone.h"
#include "backbone/watch.h"
#include "base/mem.h"
#include "base/opt.h"
#include "device.h"
#include "formula.h"
#include "one_hot.h"
#include "small.h"

/* What is to be written is kept instead, one after the other. */
struct kept {
	double *v;
	size_t n, cap;
};

static struct kept *keep;

static void
keep_entry(const double *v, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		keep->v = mc_xgrow(keep->v, keep->n, &keep->cap, sizeof(*v));
		keep->v[keep->n++] = v[i];
	}
}

static void
write_entry(struct mc_torch *t, const char *name, const struct mc_tensor *x)
{
	size_t n = mc_count(x);
	double *v = mc_xreallocarray(NULL, n, sizeof(*v));

	mc_to_f64(t, x, v, n);
	if (keep != NULL)
		keep_entry(v, n);
	else {
		printf("%s %zu\n", name, n);
		fwrite(v, sizeof(*v), n, stdout);
	}
	free(v);
}

static struct mc_optim *
optimiser(struct mc_torch *t, struct mc_backbone *b)
{
	const struct mc_optim_options options = { .kind = MC_SGD,
	    .rate = 0.01, .momentum = 0.9 };
	struct mc_tensor **trained;
	struct mc_optim *o;
	size_t i, n = 0;

	trained = mc_xreallocarray(NULL, mc_backbone_count(b),
	    sizeof(struct mc_tensor *));
	for (i = 0; i < mc_backbone_count(b); i++)
		if (!mc_backbone_param(b, i)->buffer) {
			trained[n] = mc_backbone_param(b, i)->tensor;
			mc_set_trainable(t, trained[n++], true);
		}
	o = mc_optim_alloc(t, trained, NULL, NULL, n, &options);
	free(trained);
	return o;
}

/* STEPS steps; 1: write the gradients, which the momentum then is. */
static void
train(struct mc_torch *t, struct mc_backbone *b, const struct mc_tensor *x,
    int steps)
{
	int64_t n = mc_size(x, 0);
	struct mc_tensor *y;
	int labels[64];
	struct mc_optim *o = optimiser(t, b);
	size_t i, k = 0;
	int step;

	for (i = 0; i < (size_t)n; i++)
		labels[i] = (int)i;
	mc_torch_grad(t, true);
	for (step = 0; step < steps && !mc_torch_failed(t); step++) {
		mc_scope_open(t);
		mc_optim_zero(t, o);
		y = mc_backbone_forward(b, x);
		if (!mc_torch_failed(t))
			mc_backward(t, mc_cross_entropy(t, y, one_hot(t, labels,
		    (size_t)n, (size_t)mc_size(y, 1)), 0));
		mc_optim_step(t, o);
		mc_scope_close(t, NULL);
	}
	mc_torch_grad(t, false);
	for (i = 0; i < mc_backbone_count(b); i++) {
		const struct mc_param *p = mc_backbone_param(b, i);

		if (steps > 1)
			write_entry(t, p->name, p->tensor);
		else if (!p->buffer)
			write_entry(t, p->name, mc_optim_slot(o, k++, 0));
	}
	mc_optim_free(o);
}

/* The network NAME of small.h, or of the registry. */
static const struct mc_backbone_info *
network(const char *name, struct mc_err *err)
{
	const struct mc_backbone_info *info = small_network(name);

	return info != NULL ? info : mc_backbone_find(name, err);
}

/*
 * The formula's images, N of SIZE: "64", or "64x32" for 64 rows of 32 pixels, the
 * first ones of 64 x 64.
 */
static struct mc_tensor *
images(struct mc_torch *t, const char *n, const char *size)
{
	const char *times = strchr(size, 'x');
	int rows = atoi(size), columns = times != NULL ? atoi(times + 1) : rows;
	struct mc_tensor *x = formula_input(t, atoi(n),
	    rows > columns ? rows : columns);

	return mc_narrow(t, mc_narrow(t, x, 2, 0, rows), 3, 0, columns);
}

/* The mode for what ARGV asks for, in STEPS steps. */
static unsigned
mode(char **argv, int steps)
{
	return steps > 0 ? MC_TRAINING & ~MC_DROPOUT :
	    strcmp(argv[1], "dropped") == 0 ? MC_DROPOUT : 0u;
}

/* -3, -2 ... 3, -3 ... in the shape of X. */
static struct mc_tensor *
alternating(struct mc_torch *t, const struct mc_tensor *x)
{
	const int64_t shape[] = { mc_size(x, 0), mc_size(x, 1) };
	size_t n = mc_count(x), i;
	double *v = mc_xreallocarray(NULL, n, sizeof(*v));
	struct mc_tensor *y;

	for (i = 0; i < n; i++)
		v[i] = (double)(i % 7) - 3;
	y = mc_from_f64(t, v, n, shape, 2);
	free(v);
	return y;
}

/* Write what forward of B shows for the images X. */
static void
watch(struct mc_torch *t, struct mc_backbone *b, const struct mc_tensor *x)
{
	struct mc_watch w = { .wanted = MC_WATCH_MAP | MC_WATCH_ATTENTION };
	struct mc_tensor *y;
	char name[32];
	size_t i;

	mc_backbone_watch(b, &w);
	mc_backbone_mode(b, MC_RECORD);
	mc_torch_grad(t, true);
	y = mc_backbone_forward(b, x);
	for (i = 0; i < w.n_attention; i++) {
		snprintf(name, sizeof(name), "attention.%zu", i);
		write_entry(t, name, w.attention[i]);
	}
	if (w.pool != NULL)
		write_entry(t, "pool", w.pool);
	write_entry(t, "map", mc_watch_places(t, &w, w.map));
	write_entry(t, "gradient", mc_watch_places(t, &w,
	    mc_gradient(t, y, alternating(t, y), w.map)));
	mc_torch_grad(t, false);
	mc_backbone_watch(b, NULL);
	mc_watch_clear(&w);
}

/* Compute on THREADS threads: the features, or where STEPS is not 0 train. */
static enum mc_status
compute(char **argv, int steps, enum mc_elem elem, int threads,
    struct mc_err *err)
{
	struct mc_torch *t = NULL;
	const struct mc_backbone_info *info = network(argv[2], err);
	struct mc_backbone *b = NULL;
	enum mc_status status;
	struct mc_tensor *x;

	if (info == NULL)
		return err->status;
	status = mc_torch_alloc(&t, test_device(), threads, 1, err);
	if (status == MC_OK)
		status = mc_backbone_make(&b, t, info, argv[3], elem, err);
	if (status == MC_OK)
		status = formula_fill(t, b, err);
	if (status == MC_OK) {
		mc_backbone_mode(b, mode(argv, steps));
		mc_scope_open(t);
		x = images(t, argv[4], argv[5]);
		if (steps > 0)
			train(t, b, x, steps);
		else if (strcmp(argv[1], "watched") == 0)
			watch(t, b, x);
		else
			write_entry(t, "features", mc_backbone_forward(b, x));
		mc_scope_close(t, NULL);
		status = mc_torch_check(t, err);
	}
	mc_backbone_free(b);
	mc_torch_free(t);
	return status;
}

/* Whether any number of threads is to give the same bits. */
static bool
any_threads(struct mc_err *err)
{
	struct mc_torch *t = NULL;
	bool any = mc_torch_alloc(&t, test_device(), 1, 1, err) != MC_OK ||
	    mc_torch_any_threads(t);

	mc_torch_free(t);
	return any;
}

/* Whether 1, 2 and 3 threads give the same bits. */
static enum mc_status
compare(char **argv, int steps, enum mc_elem elem, struct mc_err *err)
{
	struct kept kept[3] = { 0 };
	enum mc_status status = MC_OK;
	int i;

	for (i = 0; i < 3 && status == MC_OK; i++) {
		keep = &kept[i];
		status = compute(argv, steps, elem, i + 1, err);
		if (status == MC_OK && (kept[i].n != kept[0].n ||
		    memcmp(kept[i].v, kept[0].v, kept[0].n *
		    sizeof(*kept[0].v)) != 0))
			status = mc_err_set(err, MC_EDATA, "%s in %s: %d "
			    "threads do not give the bits that 1 gives",
			    steps > 0 ? "training" : "features",
			    elem == MC_BFLOAT16 ? "bfloat16" : "float32",
			    i + 1);
	}
	for (i = 0; i < 3; i++)
		free(kept[i].v);
	return status;
}

/* Whether F of INFO has the length that the registry says. */
static enum mc_status
check_length(struct mc_torch *t, const struct mc_backbone_info *info,
    const struct mc_features *f, bool print, struct mc_err *err)
{
	int64_t shape[] = { 1, 3, info->smallest, info->smallest }, length = 0;
	struct mc_backbone *b = NULL;
	enum mc_status status;
	size_t i;
	int d;

	status = mc_backbone_alloc(&b, t, info->name, f->name, MC_FLOAT32,
	    err);
	for (i = 0; print && status == MC_OK && i < mc_backbone_count(b); i++) {
		const struct mc_param *p = mc_backbone_param(b, i);

		printf("%s", p->name);
		for (d = 0; d < p->ndim; d++)
			printf(" %lld", (long long)p->shape[d]);
		putchar('\n');
	}
	if (status == MC_OK) {
		mc_scope_open(t);
		length = mc_size(mc_backbone_forward(b, mc_full(t, MC_FLOAT32,
		    0, shape, 4)), 1);
		mc_scope_close(t, NULL);
		status = mc_torch_check(t, err);
	}
	if (status == MC_OK && length != f->dim)
		status = mc_err_set(err, MC_EDATA, "%s: features %s have %lld "
		    "values, and the registry says %d", info->name, f->name,
		    (long long)length, f->dim);
	mc_backbone_free(b);
	return status;
}

static enum mc_status
shapes(struct mc_err *err)
{
	const struct mc_backbone_info *info;
	struct mc_torch *t = NULL;
	enum mc_status status;
	size_t n;
	int i;

	status = mc_torch_alloc(&t, test_device(), mc_cpus(), 1, err);
	for (n = 0; (info = mc_backbone_at(n)) != NULL; n++) {
		/* Larger ViTs are made as those of small. */
		if (info->family == &net_vit && info->features[0].dim > 384)
			continue;
		printf("%s %s\n", info->name, info->reference);
		for (i = 0; status == MC_OK && i < MC_MAX_FEATURES &&
		    info->features[i].name != NULL; i++)
			status = check_length(t, info, &info->features[i],
			    i == MC_MAX_FEATURES - 1 ||
			    info->features[i + 1].name == NULL, err);
	}
	mc_torch_free(t);
	return status;
}

/* Do what argv[1] says. */
static enum mc_status
run(char **argv, struct mc_err *err)
{
	const char *what = argv[1];
	enum mc_status status = MC_OK;
	enum mc_elem elem;
	int n = mc_cpus();

	if (strcmp(what, "shapes") == 0)
		return shapes(err);
	if (strcmp(what, "features") == 0 || strcmp(what, "dropped") == 0)
		return compute(argv, 0, MC_FLOAT32, n, err);
	if (strcmp(what, "train") == 0)
		return compute(argv, 3, MC_FLOAT64, n, err);
	if (strcmp(what, "watched") == 0)
		return compute(argv, 0, MC_FLOAT64, n, err);
	if (strcmp(what, "bfloat16") == 0) {
		status = compute(argv, 0, MC_BFLOAT16, n, err);
		return status != MC_OK ? status :
		    compute(argv, 1, MC_BFLOAT16, n, err);
	}
	elem = strcmp(what, "threads") == 0 ? MC_FLOAT32 : MC_BFLOAT16;
	status = compare(argv, 0, elem, err);
	return status != MC_OK ? status : compare(argv, 3, elem, err);
}

int
main(int argc, char **argv)
{
	struct mc_err err = { 0 };

	if (argc != 6 && (argc != 2 || strcmp(argv[1], "shapes") != 0)) {
		fprintf(stderr, "usage: backbone_run "
		    "features|dropped|train|bfloat16|watched|threads|"
		    "bfloat16-threads NAME FEATURES IMAGES SIDE\n"
		    "       backbone_run shapes\n");
		return 2;
	}
	if (strstr(argv[1], "threads") != NULL && !any_threads(&err))
		return 77;
	if (run(argv, &err) == MC_OK && fflush(stdout) != 0)
		mc_err_errno(&err, "standard output");
	if (err.status != MC_OK)
		fprintf(stderr, "backbone_run: %s\n", err.text);
	return err.status != MC_OK;
}
