/* sizes.c - the size of each network, and what has it. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "weights/dict_internal.h"
#include "weights/names.h"
#include "weights/parts.h"
#include "weights/sizes.h"

/* MC_REGENERATE=1 make check TESTS=tests/lib/test_networks prints the rows. */
static const struct {
	const char *backbone;
	struct mc_size size;
} sizes[] = {
	{ "vgg11",
	    { 16, 9220480, "6051c2bde634b856" } },
	{ "vgg13",
	    { 20, 9404992, "cc18c6ad7e6785b4" } },
	{ "vgg16",
	    { 26, 14714688, "511f97f63f28cf82" } },
	{ "vgg19",
	    { 32, 20024384, "5f59a23634434062" } },
	{ "vgg11_bn",
	    { 48, 9231488, "9274883923ea285a" } },
	{ "vgg13_bn",
	    { 60, 9416768, "855e0bfade47cee6" } },
	{ "vgg16_bn",
	    { 78, 14731584, "49f11cdbafcdffa6" } },
	{ "vgg19_bn",
	    { 96, 20046400, "2e3e452bae509824" } },
	{ "resnet18",
	    { 100, 11186112, "7fedd37d2be0dcf6" } },
	{ "resnet34",
	    { 180, 21301696, "db624174e125d15e" } },
	{ "resnet50",
	    { 265, 23561152, "dfe58388923c2293" } },
	{ "resnet101",
	    { 520, 42605504, "580f1311025111af" } },
	{ "resnet152",
	    { 775, 58295232, "22df7ed359394ca3" } },
	{ "wide_resnet50_2",
	    { 265, 66902464, "a9d2bcb22c92d2da" } },
	{ "wide_resnet101_2",
	    { 520, 124975552, "e821d637db8f1810" } },
	{ "resnext50_32x4d",
	    { 265, 23048128, "f7c217451386b195" } },
	{ "resnext101_32x8d",
	    { 520, 86945216, "be546f243f754c8f" } },
	{ "resnext101_64x4d",
	    { 520, 81609152, "e9f2d3066238379a" } },
	{ "densenet121",
	    { 604, 7037504, "cfc725ea48cb1f3d" } },
	{ "densenet161",
	    { 804, 26691936, "799f44c7e10fad53" } },
	{ "densenet169",
	    { 844, 12642880, "ab622f9fd49224a2" } },
	{ "densenet201",
	    { 1004, 18321984, "25f976725450127e" } },
	{ "convnext_tiny",
	    { 178, 27818592, "73a38e949226f029" } },
	{ "convnext_small",
	    { 340, 49453152, "d4634c9a42e1a2bd" } },
	{ "convnext_base",
	    { 340, 87564416, "9d518fad6140d7af" } },
	{ "convnext_large",
	    { 340, 196227264, "76842ae9e0ddf346" } },
	{ "efficientnet_b0",
	    { 309, 4049564, "3ac9d3ed9aee3561" } },
	{ "efficientnet_b1",
	    { 437, 6575232, "01350416aecce1dd" } },
	{ "efficientnet_b2",
	    { 437, 7768562, "3e3d7c4ee08523f7" } },
	{ "efficientnet_b3",
	    { 494, 10783528, "331ea4d85411695c" } },
	{ "efficientnet_b4",
	    { 608, 17673816, "5e55ddba85c1158e" } },
	{ "efficientnet_v2_s",
	    { 670, 20331360, "94a555f23308d223" } },
	{ "efficientnet_v2_m",
	    { 961, 53150388, "27468c8cafc507d5" } },
	{ "mobilenet_v3_large",
	    { 262, 2996352, "9ffe18876eb792a6" } },
	{ "swin_t",
	    { 169, 27517818, "167adcd82babb281" } },
	{ "swin_s",
	    { 325, 48835722, "fd1658f8f205c3de" } },
	{ "swin_b",
	    { 325, 86741176, "13c69955b7b07cd6" } },
	{ "dinov2_vits14",
	    { 171, 21529344, "68be5145e1d7f8ce" } },
	{ "dinov2_vits14_reg",
	    { 172, 21530880, "abc3c82eba2c15fc" } },
	{ "dinov2_vitb14",
	    { 171, 85526016, "db637808789132e9" } },
	{ "dinov2_vitb14_reg",
	    { 172, 85529088, "62ed1a10d1d93055" } },
	{ "dinov2_vitl14",
	    { 339, 302962688, "eaaf27038afe9089" } },
	{ "dinov2_vitl14_reg",
	    { 340, 302966784, "8d350563d973e5e5" } },
	{ "dinov2_vitg14",
	    { 563, 1134371840, "50f1e8dac13fbaf5" } },
	{ "dinov2_vitg14_reg",
	    { 564, 1134377984, "39e6fcf072cf5165" } },
	{ "vit_tiny_patch16_224",
	    { 147, 5486208, "c0f9fb25cc04e3c4" } },
	{ "vit_small_patch16_224",
	    { 147, 21589248, "0f28e1c690335475" } },
	{ "vit_base_patch16_224",
	    { 147, 85645824, "78527d4501c2c9cb" } },
	{ "vit_large_patch16_224",
	    { 291, 303097856, "18b0d84a5857377c" } },
	{ "deit_tiny_patch16_224",
	    { 147, 5486208, "c0f9fb25cc04e3c4" } },
	{ "deit_small_patch16_224",
	    { 147, 21589248, "0f28e1c690335475" } },
	{ "deit_base_patch16_224",
	    { 147, 85645824, "78527d4501c2c9cb" } },
	{ "mae_vit_base_patch16",
	    { 147, 85645824, "78527d4501c2c9cb" } },
	{ "mae_vit_large_patch16",
	    { 291, 303097856, "18b0d84a5857377c" } },
	{ "mae_vit_huge_patch14",
	    { 387, 630433280, "15a6d23771c0834d" } },
	{ "dinov3_vits16",
	    { 172, 21600000, "6803ff8b2cc8d4f3" } },
	{ "dinov3_vits16plus",
	    { 196, 28696320, "7a924d17adf3ea10" } },
	{ "dinov3_vitb16",
	    { 172, 85667328, "6a04d709aeafdb45" } },
	{ "dinov3_vitl16",
	    { 340, 303151104, "188721ec44417c66" } },
	{ "dinov3_vitl16plus",
	    { 388, 403912704, "c431939805d46223" } },
	{ "dinov3_vith16plus",
	    { 516, 840629760, "ddcead08e58ff165" } },
	{ "dinov3_convnext_tiny",
	    { 178, 27818592, "dc18ad15d62e3f75" } },
	{ "dinov3_convnext_small",
	    { 340, 49453152, "64406a4023a9cd30" } },
	{ "dinov3_convnext_base",
	    { 340, 87564416, "924574fb9a2f2436" } },
	{ "dinov3_convnext_large",
	    { 340, 196227264, "41793532a1d574b4" } },
	{ "vit_base_patch32_clip_224",
	    { 148, 87416064, "08f8e67b91cdba0f" } },
	{ "vit_base_patch16_clip_224",
	    { 148, 85646592, "d548d7a29005bd35" } },
	{ "vit_large_patch14_clip_224",
	    { 292, 302914560, "3c29154363b2e058" } },
	{ "vit_base_patch32_clip_quickgelu_224",
	    { 148, 87416064, "08f8e67b91cdba0f" } },
	{ "vit_base_patch16_clip_quickgelu_224",
	    { 148, 85646592, "d548d7a29005bd35" } },
	{ "vit_large_patch14_clip_quickgelu_224",
	    { 292, 302914560, "3c29154363b2e058" } },
	{ "vit_base_patch16_siglip_224",
	    { 146, 85645056, "4d649751aca3a3b7" } },
	{ "vit_large_patch16_siglip_256",
	    { 290, 303096832, "dc5d842144be3f93" } },
	{ "rad-dino",
	    { 171, 85526016, "db637808789132e9" } },
	{ "radimagenet-resnet50",
	    { 265, 23561152, "dfe58388923c2293" } },
	{ "radimagenet-densenet121",
	    { 604, 7037504, "cfc725ea48cb1f3d" } },
	{ "torchxrayvision-densenet121",
	    { 604, 7037504, "cfc725ea48cb1f3d" } },
	{ "retfound_mae_naturecfp",
	    { 291, 303097856, "18b0d84a5857377c" } },
	{ "retfound_mae_natureoct",
	    { 291, 303097856, "18b0d84a5857377c" } },
	{ "dinobloom-s",
	    { 171, 21529344, "68be5145e1d7f8ce" } },
	{ "dinobloom-b",
	    { 171, 85526016, "db637808789132e9" } },
	{ "dinobloom-l",
	    { 339, 302962688, "eaaf27038afe9089" } },
	{ "dinobloom-g",
	    { 563, 1134371840, "50f1e8dac13fbaf5" } },
	{ "uni",
	    { 339, 303147008, "2574e0485fbe807d" } },
	{ "uni2-h",
	    { 340, 680997888, "f9fdfd961e4102aa" } },
	{ "virchow2",
	    { 452, 630902784, "89d4e556856c6067" } },
	{ "phikon",
	    { 147, 85645824, "78527d4501c2c9cb" } },
	{ "phikon-v2",
	    { 339, 303147008, "2574e0485fbe807d" } },
	{ "plip",
	    { 148, 87416064, "08f8e67b91cdba0f" } },
	{ "biomedclip",
	    { 147, 85645824, "78527d4501c2c9cb" } },
	{ "medsiglip-448",
	    { 326, 412145136, "b3bcdf9ca948d924" } },
};

#define N_SIZES (sizeof(sizes) / sizeof(sizes[0]))

const struct mc_size *
mc_size_of(const char *backbone)
{
	size_t i;

	for (i = 0; i < N_SIZES; i++)
		if (strcmp(sizes[i].backbone, backbone) == 0)
			return &sizes[i].size;
	return NULL;
}

/* What is not counted: names that end, or begin, so. */
static const char *const endings[] = {
	".num_batches_tracked", ".bias_mask", ".relative_position_index",
	".attn_mask"
};
static const char *const beginnings[] = {
	"norm.", "norms.", "fc_norm.", "attn_pool.", "pos_embed",
	"rope_embed."
};

bool
mc_size_counts(const char *name)
{
	size_t i, n, len = strlen(name);

	for (i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		n = strlen(endings[i]);
		if (len > n && strcmp(name + len - n, endings[i]) == 0)
			return false;
	}
	for (i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++)
		if (strncmp(name, beginnings[i], strlen(beginnings[i])) == 0)
			return false;
	return mc_part_of(name) == MC_PARTS;
}

static int
compare_arrays(const void *a, const void *b)
{
	const struct mc_array *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

struct mc_size
mc_size_sum(const struct mc_array *arrays, size_t n)
{
	const struct mc_array **counted = mc_xreallocarray(NULL, n + 1,
	    sizeof(*counted));
	struct mc_size size = { 0 };
	struct mc_buf text = { 0 };
	char sha256[MC_SHA256_HEX];
	size_t i;
	int d;

	for (i = 0; i < n; i++)
		if (mc_size_counts(arrays[i].name)) {
			counted[size.arrays++] = &arrays[i];
			size.elements += arrays[i].n;
		}
	qsort(counted, size.arrays, sizeof(*counted), compare_arrays);
	for (i = 0; i < size.arrays; i++) {
		mc_buf_puts(&text, counted[i]->name);
		for (d = 0; d < counted[i]->ndim; d++)
			mc_buf_printf(&text, " %lld",
			    (long long)counted[i]->shape[d]);
		mc_buf_puts(&text, "\n");
	}
	mc_sha256_bytes(text.data, text.len, sha256);
	memcpy(size.layout, sha256, MC_LAYOUT_HEX - 1);
	mc_buf_free(&text);
	free(counted);
	return size;
}

/* The size of SD as BACKBONE; MC_EDATA: it cannot be renamed. */
static enum mc_status
measure(const struct mc_statedict *sd, const char *backbone, const char *allow,
    struct mc_size *size, struct mc_err *err)
{
	struct mc_statedict *same = mc_statedict_alias(sd);
	enum mc_status status = mc_statedict_rename(same, backbone, err);

	if (status == MC_OK && allow != NULL)
		status = mc_statedict_leave_out(same, NULL, NULL, allow, err);
	if (status == MC_OK)
		*size = mc_size_sum(same->arrays, same->n);
	mc_statedict_free(same);
	return status;
}

static bool
is_same(const struct mc_size *a, const struct mc_size *b)
{
	return a->arrays == b->arrays && a->elements == b->elements &&
	    strcmp(a->layout, b->layout) == 0;
}

/*
 * Whether SD can have the SIZE of BACKBONE, by its names alone: renaming adds
 * few elements, biases of 0 and two more channels, and copies many.
 */
static bool
is_near(const struct mc_statedict *sd, const char *backbone,
    const struct mc_size *size, const char *allow)
{
	struct mc_statedict *same = mc_statedict_alias(sd);
	struct mc_err err;
	size_t i, n = 0, slack = size->elements / 64;

	if (mc_statedict_rename_arrays(same, backbone, &err) == MC_OK &&
	    (allow == NULL || mc_statedict_leave_out(same, NULL, NULL, allow,
	    &err) == MC_OK)) {
		for (i = 0; i < same->n; i++)
			if (mc_size_counts(same->arrays[i].name))
				n += same->arrays[i].n;
	}
	mc_statedict_free(same);
	return n + slack >= size->elements && n <= size->elements + slack;
}

bool
mc_size_like(const struct mc_statedict *sd, const char *allow,
    struct mc_buf *text)
{
	struct mc_size found;
	struct mc_err err;
	size_t i;
	bool any = false;

	for (i = 0; i < N_SIZES; i++) {
		if (!is_near(sd, sizes[i].backbone, &sizes[i].size, allow) ||
		    measure(sd, sizes[i].backbone, allow, &found, &err) !=
		    MC_OK || !is_same(&found, &sizes[i].size))
			continue;
		mc_buf_printf(text, "%s%s", any ? ", " : "",
		    sizes[i].backbone);
		any = true;
	}
	return any;
}

enum mc_status
mc_size_check(const struct mc_statedict *sd, const char *backbone,
    const char *allow, struct mc_err *err)
{
	const struct mc_size *wanted = mc_size_of(backbone);
	struct mc_size found = { 0 };
	struct mc_buf text = { 0 };
	enum mc_status status = measure(sd, backbone, allow, &found, err);

	if (status != MC_OK || wanted == NULL || found.arrays == 0 ||
	    is_same(&found, wanted))
		return status;
	if (found.arrays == wanted->arrays &&
	    found.elements == wanted->elements)
		mc_buf_puts(&text, "its arrays have other names or shapes");
	else
		mc_buf_printf(&text, "besides heads it has %zu array%s with "
		    "%zu element%s, not %zu with %zu", found.arrays,
		    MC_PLURAL(found.arrays), found.elements,
		    MC_PLURAL(found.elements), wanted->arrays,
		    wanted->elements);
	mc_buf_puts(&text, "; it fills ");
	if (!mc_size_like(sd, allow, &text))
		mc_buf_puts(&text, "no backbone of mc-embed --list");
	mc_err_at(err, MC_EDATA, sd->name, 0, "not the weights of %s: %s",
	    backbone, text.data);
	mc_buf_free(&text);
	return MC_EDATA;
}
