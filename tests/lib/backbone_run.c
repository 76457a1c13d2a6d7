/*
 * backbone_run - a backbone with the formula's parameters and images, for
 * tests/lib/backbone.py to compare with the reference implementation.
 *
 *	backbone_run features NAME FEATURES IMAGES SIDE >values
 *	backbone_run train NAME FEATURES IMAGES SIDE >values
 *	backbone_run threads NAME FEATURES IMAGES SIDE
 *
 * features: in float32; standard output is the entry "features".
 * train: three steps of SGD (rate 0.01, momentum 0.9) in float64 on the
 * cross-entropy of the features, taken as logits, with the labels 0, 1, 2 ...;
 * standard output is one entry for each parameter and buffer.
 * threads: both in float32, on 1, 2 and 3 threads; an error where these do not
 * give the same bits.
 * An entry is a line "NAME COUNT" and the values as raw float64.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backbone/backbone.h"
#include "base/mem.h"
#include "base/opt.h"
#include "device.h"
#include "formula.h"

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
	o = mc_optim_alloc(t, trained, NULL, n, &options);
	free(trained);
	return o;
}

static void
train(struct mc_torch *t, struct mc_backbone *b, const struct mc_tensor *x)
{
	int64_t labels[64], n = mc_size(x, 0);
	struct mc_tensor *loss;
	struct mc_optim *o = optimiser(t, b);
	size_t i;
	int step;

	for (i = 0; i < (size_t)n; i++)
		labels[i] = (int64_t)i;
	mc_torch_grad(t, true);
	for (step = 0; step < 3; step++) {
		mc_scope_open(t);
		mc_optim_zero(t, o);
		loss = mc_cross_entropy(t, mc_backbone_forward(b, x),
		    mc_from_i64(t, labels, (size_t)n, &n, 1));
		mc_backward(t, loss);
		mc_optim_step(t, o);
		mc_scope_close(t, NULL);
	}
	mc_torch_grad(t, false);
	mc_optim_free(o);
	for (i = 0; i < mc_backbone_count(b); i++)
		write_entry(t, mc_backbone_param(b, i)->name,
		    mc_backbone_param(b, i)->tensor);
}

/* Compute on THREADS threads, in training or not. */
static enum mc_status
compute(char **argv, bool training, enum mc_elem elem, int threads,
    struct mc_err *err)
{
	struct mc_torch *t = NULL;
	struct mc_backbone *b = NULL;
	enum mc_status status;
	struct mc_tensor *x;

	status = mc_torch_alloc(&t, test_device(), threads, 1, err);
	if (status == MC_OK)
		status = mc_backbone_alloc(&b, t, argv[2], argv[3], elem, err);
	if (status == MC_OK)
		status = formula_fill(t, b, err);
	if (status == MC_OK)
		status = mc_backbone_mode(b, training ? MC_TRAINING : 0, err);
	if (status == MC_OK) {
		mc_scope_open(t);
		x = formula_input(t, atoi(argv[4]), atoi(argv[5]));
		if (training)
			train(t, b, x);
		else
			write_entry(t, "features", mc_backbone_forward(b, x));
		mc_scope_close(t, NULL);
		status = mc_torch_check(t, err);
	}
	mc_backbone_free(b);
	mc_torch_free(t);
	return status;
}

/* Whether 1, 2 and 3 threads give the same bits, in training or not. */
static enum mc_status
compare(char **argv, bool training, struct mc_err *err)
{
	struct kept kept[3] = { 0 };
	enum mc_status status = MC_OK;
	int i;

	for (i = 0; i < 3 && status == MC_OK; i++) {
		keep = &kept[i];
		status = compute(argv, training, MC_FLOAT32, i + 1, err);
		if (status == MC_OK && (kept[i].n != kept[0].n ||
		    memcmp(kept[i].v, kept[0].v, kept[0].n *
		    sizeof(*kept[0].v)) != 0))
			status = mc_err_set(err, MC_EDATA, "%s: %d threads do "
			    "not give the bits that 1 gives",
			    training ? "training" : "features", i + 1);
	}
	for (i = 0; i < 3; i++)
		free(kept[i].v);
	return status;
}

int
main(int argc, char **argv)
{
	struct mc_err err = { 0 };
	bool training;

	if (argc != 6) {
		fprintf(stderr, "usage: backbone_run features|train|threads "
		    "NAME FEATURES IMAGES SIDE\n");
		return 2;
	}
	training = strcmp(argv[1], "train") == 0;
	if (strcmp(argv[1], "threads") == 0) {
		if (compare(argv, false, &err) == MC_OK)
			compare(argv, true, &err);
	} else if (compute(argv, training, training ? MC_FLOAT64 : MC_FLOAT32,
	    mc_cpus(), &err) == MC_OK && fflush(stdout) != 0)
		mc_err_errno(&err, "standard output");
	if (err.status != MC_OK)
		fprintf(stderr, "backbone_run: %s\n", err.text);
	return err.status != MC_OK;
}
