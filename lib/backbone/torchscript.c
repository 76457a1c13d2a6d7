/* torchscript.c - make a backbone of a TorchScript module. */
#include "config.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "backbone/net.h"
#include "backbone/torchscript.h"
#include "base/mem.h"
#include "base/out.h"
#include "weights/statedict.h"
#include "weights/zip.h"

/* The one network of the family, and the configuration that its info has. */
struct torchscript {
	struct mc_backbone_info info;
	char *name;
	struct mc_module *module;
};

/* --- The family ------------------------------------------------------------ */

/* Whether NAME ends in "weight". */
static bool
names_weight(const char *name)
{
	size_t n = strlen(name);

	return n >= 6 && strcmp(name + n - 6, "weight") == 0;
}

static void
declare(struct mc_backbone *b, struct mc_tensor *x, const char *name,
    bool buffer)
{
	struct net_param *p;
	int64_t shape[4];
	int d;

	for (d = 0; d < mc_ndim(x); d++)
		shape[d] = mc_size(x, d);
	p = net_param(b, net_constant(0), d, shape, "%s", name);
	p->p.tensor = mc_tensor_keep(b->t, x);
	p->p.buffer = buffer;
	p->p.weight = !buffer && d >= 2 && names_weight(name);
}

/* Apply S to X, and name its file where that fails. */
static struct mc_tensor *
apply(const struct torchscript *s, struct mc_torch *t,
    const struct mc_tensor *x, bool training)
{
	bool failed = mc_torch_failed(t);
	struct mc_tensor *y = mc_module_forward(t, s->module, x, training);
	int dim = s->info.features[0].dim;
	enum mc_status status;
	struct mc_err why;

	if (!failed && !mc_torch_failed(t) && mc_size(y, 1) != dim)
		mc_torch_fail(t, MC_EDATA, "it returns %lld features for these "
		    "images, and %d for others", (long long)mc_size(y, 1),
		    dim);
	if (failed || !mc_torch_failed(t))
		return y;
	status = mc_torch_check(t, &why);
	if (status != MC_OK)
		mc_torch_fail(t, status, "%s: for %lld images of %lld x %lld, "
		    "%s", s->name, (long long)mc_size(x, 0),
		    (long long)mc_size(x, 2), (long long)mc_size(x, 3),
		    why.text);
	return y;
}

static struct mc_tensor *
forward(struct mc_backbone *b, struct mc_tensor *x)
{
	return apply(b->model, b->t, x,
	    (b->mode & (MC_BATCH_STATISTICS | MC_DROPOUT)) != 0);
}

/* Free what S holds. */
static void
clear(void *model)
{
	struct torchscript *s = model;

	mc_module_free(s->module);
	free(s->name);
}

static void
build(struct mc_backbone *b)
{
	/* Made by mc_torchscript_make, and freed by clear. */
	struct torchscript *s = (struct torchscript *)(uintptr_t)
	    b->info->config;
	struct mc_tensor *x;
	const char *name;
	bool buffer;
	size_t i;

	b->model = s;
	b->clear = clear;
	for (i = 0; (x = mc_module_tensor(s->module, i, &name, &buffer)) !=
	    NULL; i++)
		declare(b, x, name, buffer);
}

static const struct mc_family torchscript = {
	.name = "TorchScript", .build = build, .forward = forward
};

/* --- The file -------------------------------------------------------------- */

#define MAKE_ONE "load it in Python, and make one with torch.jit.trace or " \
	"torch.jit.script and its method save"

bool
mc_torchscript_names(const char *backbone)
{
	size_t n = strlen(backbone);

	return n > 3 && strcmp(backbone + n - 3, ".pt") == 0;
}

/* FILE, which is not TorchScript, is what Python's torch.save has written. */
static enum mc_status
refuse_saved(FILE *file, const char *name, struct mc_err *err)
{
	struct mc_statedict *sd;
	struct mc_err why;
	bool weights = mc_statedict_from_spool(&sd, file, name, &why) ==
	    MC_OK;

	mc_statedict_free(sd);
	if (weights)
		return mc_err_at(err, MC_EDATA, name, 0, "weights, not a "
		    "TorchScript module: give the name of their network with "
		    "--backbone, and this file with --weights; or " MAKE_ONE);
	return mc_err_at(err, MC_EDATA, name, 0, "what Python's pickle wrote, "
	    "not a TorchScript module: " MAKE_ONE);
}

/* Whether ZIP has the member LEAF. */
static bool
has(const struct mc_zip *zip, const char *leaf)
{
	char *folder = mc_zip_folder(zip, leaf);

	free(folder);
	return folder != NULL;
}

/* Check that the N BYTES of FILE, a zip archive, are TorchScript, undamaged. */
static enum mc_status
check_zip(const unsigned char *bytes, size_t n, FILE *file, const char *name,
    struct mc_err *err)
{
	struct mc_zip *zip;
	enum mc_status status = mc_zip_open(&zip, bytes, n, name, err);

	if (status != MC_OK)
		return status;
	if (has(zip, "constants.pkl") && has(zip, "data.pkl"))
		status = mc_zip_check(zip, err);
	else if (has(zip, "data.pkl"))
		status = refuse_saved(file, name, err);
	else if (has(zip, "serialized_exported_program.json") ||
	    has(zip, "models/model.json"))
		status = mc_err_at(err, MC_EDATA, name, 0, "an archive of "
		    "torch.export, not a TorchScript module: " MAKE_ONE);
	else
		status = mc_err_at(err, MC_EDATA, name, 0, "a zip archive, but "
		    "not a TorchScript module");
	mc_zip_free(zip);
	return status;
}

/* Check that the N BYTES of FILE are TorchScript. */
static enum mc_status
check_kind(const unsigned char *bytes, size_t n, FILE *file, const char *name,
    struct mc_err *err)
{
	if (n > 3 && memcmp(bytes, "PK\3\4", 4) == 0)
		return check_zip(bytes, n, file, name, err);
	if ((n > 1 && bytes[0] == 0x80 && bytes[1] >= 2 && bytes[1] <= 5) ||
	    (n > 8 && bytes[8] == '{'))
		return refuse_saved(file, name, err);
	return mc_err_at(err, MC_EDATA, name, 0, "not a TorchScript module: "
	    "one is made in Python with torch.jit.trace or torch.jit.script "
	    "and its method save");
}

/* Load the module of S from FILE. */
static enum mc_status
load(struct torchscript *s, struct mc_torch *t, FILE *file,
    struct mc_err *err)
{
	enum mc_status status = mc_spool_rewind(file, err);
	struct mc_err why;
	struct stat st;
	void *bytes;

	if (status != MC_OK)
		return status;
	if (fstat(fileno(file), &st) != 0)
		return mc_err_errno(err, "%s", s->name);
	if (st.st_size == 0)
		return mc_err_at(err, MC_EDATA, s->name, 0, "the file is empty");
	bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE,
	    fileno(file), 0);
	if (bytes == MAP_FAILED)
		return mc_err_errno(err, "%s", s->name);
	status = check_kind(bytes, (size_t)st.st_size, file, s->name, err);
	if (status == MC_OK) {
		s->module = mc_module_load(t, bytes, (size_t)st.st_size);
		status = mc_torch_check(t, &why);
		if (status != MC_OK)
			mc_err_at(err, status, s->name, 0, "%s", why.text);
	}
	munmap(bytes, (size_t)st.st_size);
	return status;
}

/* --- The network ----------------------------------------------------------- */

/* Check that the table of parameters can hold the tensors of S. */
static enum mc_status
check_tensors(const struct torchscript *s, struct mc_err *err)
{
	const struct mc_tensor *x;
	const char *name;
	bool buffer;
	size_t i;

	for (i = 0; (x = mc_module_tensor(s->module, i, &name, &buffer)) !=
	    NULL; i++) {
		if (mc_ndim(x) > 4)
			return mc_err_at(err, MC_EDATA, s->name, 0, "its tensor "
			    "%s has %d dimensions: mctools holds at most 4",
			    name, mc_ndim(x));
	}
	return MC_OK;
}

/* N images of SIDE x SIDE, the first of which is image number FIRST. */
static struct mc_tensor *
make_images(struct mc_torch *t, int n, int first, int side)
{
	const int64_t shape[] = { n, 3, side, side };
	size_t each = 3 * (size_t)side * (size_t)side, i;
	float *pixels = mc_xreallocarray(NULL, (size_t)n * each,
	    sizeof(*pixels));
	struct mc_tensor *x;

	for (i = 0; i < (size_t)n * each; i++)
		pixels[i] = (float)((i + (size_t)first * each) * 7919 % 1009) /
		    504 - 1;
	x = mc_from_f32(t, pixels, (size_t)n * each, shape, 4);
	free(pixels);
	return x;
}

/* What to do about a module that fails for the reason WHY. */
static const char *
remedy(const char *why)
{
	static const char returns[] = "forward: it returns ";

	if (strncmp(why, returns, sizeof(returns) - 1) == 0)
		return ": wrap it in a module that returns one row of numbers "
		    "per image";
	return ": if it wants another size, give that with --crop; if it was "
	    "made on a GPU or in half or double precision, make it after "
	    "net.cpu().float()";
}

/* Whether the N numbers of A and B differ by more than rounding does. */
static bool
differ(const float *a, const float *b, size_t n)
{
	float difference = 0, largest = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		difference = fmaxf(difference, fabsf(a[i] - b[i]));
		largest = fmaxf(largest, fabsf(a[i]));
	}
	return difference > 0.001f * largest;
}

/*
 * Ask S how many features it has for images of SIDE x SIDE, and check that those
 * of an image are the same beside another image and alone.
 */
static enum mc_status
measure(struct torchscript *s, struct mc_torch *t, int side,
    struct mc_err *err)
{
	struct mc_tensor *pair, *alone;
	enum mc_status status;
	struct mc_err why;
	float *x = NULL;
	size_t n;

	mc_scope_open(t);
	pair = mc_module_forward(t, s->module, make_images(t, 2, 0, side),
	    false);
	alone = mc_module_forward(t, s->module, make_images(t, 1, 1, side),
	    false);
	status = mc_torch_check(t, &why);
	if (status == MC_OK && mc_size(pair, 1) == mc_size(alone, 1)) {
		n = (size_t)mc_size(pair, 1);
		x = mc_xreallocarray(NULL, 3 * n, sizeof(*x));
		mc_to_f32(t, pair, x, 2 * n);
		mc_to_f32(t, alone, x + 2 * n, n);
		s->info.features[0].dim = (int)n;
		status = mc_torch_check(t, &why);
	}
	mc_scope_close(t, NULL);
	if (status != MC_OK)
		mc_err_at(err, status, s->name, 0, "for images of %d x %d, %s%s",
		    side, side, why.text, remedy(why.text));
	else if (x == NULL || differ(x + n, x + 2 * n, n))
		status = mc_err_at(err, MC_EDATA, s->name, 0, "the features of "
		    "an image depend on chance, on the images before or on "
		    "those beside it: trace the network after net.eval()");
	free(x);
	return status;
}

enum mc_status
mc_torchscript_make(struct mc_backbone **b, struct mc_torch *t, FILE *file,
    const char *name, int crop, struct mc_err *err)
{
	struct torchscript *s = mc_xcalloc(1, sizeof(*s));
	enum mc_status status;

	*b = NULL;
	s->name = mc_xstrdup(name);
	s->info = (struct mc_backbone_info){ .name = s->name,
	    .reference = "", .family = &torchscript, .config = s,
	    .preprocess = mc_preprocess_imagenet, .multiple = 1,
	    .smallest = 1, .features = { { "forward", 0 } } };
	status = load(s, t, file, err);
	if (status == MC_OK)
		status = check_tensors(s, err);
	if (status == MC_OK)
		status = measure(s, t, crop, err);
	if (status == MC_OK)
		return mc_backbone_make(b, t, &s->info, NULL, MC_FLOAT32, err);
	clear(s);
	free(s);
	return status;
}
