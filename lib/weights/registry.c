/* registry.c - list and find the published weights. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "weights/registry.h"

/*
 * torchvision puts the first eight digits of a file's SHA-256 into its name,
 * and publishes no more.  Where it has two files, the first row is what
 * pretrained=True loads, and the second was evaluated with --resize 232.  The
 * digests of the DINOv2 files are those on which several public repositories
 * agree; of the heads none is known.  DINOv3 and DeiT name their files as
 * torchvision does.  Where no digest is published none is given.  Sizes are
 * those that public repositories state for these files; 0: none was found.
 */
#define NATURAL "natural images"
#define TORCHVISION(backbone, digits, format, bytes) \
	{ backbone "-" digits ".pth", backbone, false, \
	    "https://download.pytorch.org/models/" backbone "-" digits ".pth", \
	    digits, bytes, "torch.save" format, "BSD-3-Clause", "open", \
	    false, NATURAL, false }
/* NAME: that of the file, before the digits. */
#define TORCHVISION_FILE(backbone, name, digits) \
	{ name "-" digits ".pth", backbone, false, \
	    "https://download.pytorch.org/models/" name "-" digits ".pth", \
	    digits, 0, "torch.save", "BSD-3-Clause", "open", \
	    false, NATURAL, false }
#define FACEBOOK(name, ending, backbone, head, sha256, bytes) \
	{ name ending, backbone, head, \
	    "https://dl.fbaipublicfiles.com/dinov2/" name "/" name ending, \
	    sha256, bytes, "torch.save zip", "Apache-2.0", "open", \
	    false, NATURAL, false }
#define DINOV2(name, sha256, bytes) \
	FACEBOOK(name, "_pretrain.pth", name, false, sha256, bytes)
#define DINOV2_REG(name, sha256, bytes) \
	FACEBOOK(name, "_reg4_pretrain.pth", name "_reg", false, sha256, bytes)
#define DINOV2_HEAD(name) \
	FACEBOOK(name, "_linear4_head.pth", name, true, "", 0)

/* Meta gives the addresses of these files to those who ask. */
#define DINOV3(name, digits) \
	{ name "_pretrain_lvd1689m-" digits ".pth", name, false, \
	    "https://ai.meta.com/resources/models-and-libraries/" \
	    "dinov3-downloads/", digits, 0, "torch.save", \
	    "LicenseRef-DINOv3", "request", false, NATURAL, false }
#define DEIT(name, digits) \
	{ name "-" digits ".pth", name, false, \
	    "https://dl.fbaipublicfiles.com/deit/" name "-" digits ".pth", \
	    digits, 0, "torch.save", "Apache-2.0", "open", \
	    false, NATURAL, false }
#define MAE(size, backbone) \
	{ "mae_pretrain_vit_" size ".pth", backbone, false, \
	    "https://dl.fbaipublicfiles.com/mae/pretrain/mae_pretrain_vit_" \
	    size ".pth", "", 0, "torch.save", "CC-BY-NC-4.0", "open", \
	    false, NATURAL, false }
/* timm has its weights NAME.TAG in a repository of that name. */
#define TIMM(name, tag) \
	{ name "." tag ".safetensors", name, false, \
	    "https://huggingface.co/timm/" name "." tag \
	    "/resolve/main/model.safetensors", "", 0, "safetensors", \
	    "Apache-2.0", "open", false, NATURAL, false }
/* OpenAI's own files are TorchScript; these are the same weights. */
#define OPENAI(repo, backbone) \
	{ repo ".bin", backbone, false, "https://huggingface.co/openai/" \
	    repo "/resolve/main/pytorch_model.bin", "", 0, "torch.save", \
	    "MIT", "open", false, NATURAL, false }
/* Hugging Face's repository REPO has the file as NAME. */
#define HUB(file, backbone, repo, name, format, licence, access, domain) \
	{ file, backbone, false, "https://huggingface.co/" repo \
	    "/resolve/main/" name, "", 0, format, licence, access, true, \
	    domain, false }
/* The same; its authors' code of the preprocessing was not at hand. */
#define HUB_ASSUMED(file, backbone, repo, name, format, licence, access, \
    domain) \
	{ file, backbone, false, "https://huggingface.co/" repo \
	    "/resolve/main/" name, "", 0, format, licence, access, true, \
	    domain, true }
#define BLOOM(size, backbone) \
	{ "DinoBloom-" size ".pth", backbone, false, \
	    "https://zenodo.org/records/10908163/files/DinoBloom-" size \
	    ".pth", "", 0, "torch.save", "Apache-2.0", "open", true, \
	    "blood cells", false }
#define RETFOUND(name, backbone, domain) \
	HUB(name ".pth", backbone, "YukunZhou/" name, name ".pth", \
	    "torch.save", "CC-BY-NC-4.0", "request", domain)
#define BY_HAND(file, backbone, url, licence, domain) \
	{ file, backbone, false, url, "", 0, "torch.save", licence, \
	    "by hand", true, domain, false }

static const struct mc_weights table[] = {
	TORCHVISION("vgg16", "397923af", " legacy", 553433881),
	TORCHVISION("resnet50", "0676ba61", " zip", 102530333),
	TORCHVISION("resnet50", "11ad3fa6", " zip", 102540417),
	TORCHVISION("densenet121", "a639ec97", " legacy", 32342954),
	TORCHVISION("resnet18", "f37072fd", " zip", 46830571),
	TORCHVISION("vgg11", "8a719046", "", 0),
	TORCHVISION("vgg13", "19584684", "", 0),
	TORCHVISION("vgg19", "dcbb9e9d", "", 574673361),
	TORCHVISION("vgg11_bn", "6002323d", "", 0),
	TORCHVISION("vgg13_bn", "abd245e5", "", 0),
	TORCHVISION("vgg16_bn", "6c64b313", "", 553507836),
	TORCHVISION("vgg19_bn", "c79401a0", "", 574769405),
	TORCHVISION("resnet34", "b627a593", "", 87319819),
	TORCHVISION("resnet101", "63fe2227", "", 0),
	TORCHVISION("resnet101", "cd907fc2", "", 0),
	TORCHVISION("resnet152", "394f9c45", "", 0),
	TORCHVISION("resnet152", "f82ba261", "", 0),
	TORCHVISION("wide_resnet50_2", "95faca4d", "", 138223492),
	TORCHVISION("wide_resnet50_2", "9ba9bcbe", "", 0),
	TORCHVISION("wide_resnet101_2", "32ee1156", "", 254695146),
	TORCHVISION("wide_resnet101_2", "d733dc28", "", 0),
	TORCHVISION("resnext50_32x4d", "7cdf4587", "", 100441675),
	TORCHVISION("resnext50_32x4d", "1a0047aa", "", 0),
	TORCHVISION("resnext101_32x8d", "8ba56ff5", "", 356082095),
	TORCHVISION("resnext101_32x8d", "110c445d", "", 0),
	TORCHVISION("resnext101_64x4d", "173b62eb", "", 0),
	TORCHVISION("densenet161", "8d451a50", "", 115730790),
	TORCHVISION("densenet169", "b2777c0a", "", 57365526),
	TORCHVISION("densenet201", "c1103571", "", 81131730),
	TORCHVISION("convnext_tiny", "983f1562", "", 0),
	TORCHVISION("convnext_small", "0c510722", "", 0),
	TORCHVISION("convnext_base", "6075fbad", "", 0),
	TORCHVISION("convnext_large", "ea097f82", "", 0),
	TORCHVISION("mobilenet_v3_large", "8738ca79", "", 22139423),
	TORCHVISION("mobilenet_v3_large", "5c1a4163", "", 22132113),
	TORCHVISION_FILE("efficientnet_b0", "efficientnet_b0_rwightman",
	    "3dd342df"),
	TORCHVISION_FILE("efficientnet_b1", "efficientnet_b1_rwightman",
	    "533bc792"),
	TORCHVISION("efficientnet_b1", "c27df63c", "", 0),
	TORCHVISION_FILE("efficientnet_b2", "efficientnet_b2_rwightman",
	    "bcdf34b7"),
	TORCHVISION_FILE("efficientnet_b3", "efficientnet_b3_rwightman",
	    "cf984f9c"),
	TORCHVISION_FILE("efficientnet_b4", "efficientnet_b4_rwightman",
	    "7eb33cd5"),
	TORCHVISION("efficientnet_v2_s", "dd5fe13b", "", 0),
	TORCHVISION("efficientnet_v2_m", "dc08266a", "", 0),
	TORCHVISION("swin_t", "704ceda3", "", 0),
	TORCHVISION("swin_s", "5e29d889", "", 0),
	TORCHVISION("swin_b", "68c6b09e", "", 0),
	DINOV2("dinov2_vits14",
	    "b938bf1bc15cd2ec0feacfe3a1bb553fe8ea9ca46a7e1d8d00217f29aef60cd9",
	    88283115),
	DINOV2("dinov2_vitb14",
	    "0b8b82f85de91b424aded121c7e1dcc2b7bc6d0adeea651bf73a13307fad8c73",
	    346378731),
	DINOV2("dinov2_vitl14",
	    "d5383ea8f4877b2472eb973e0fd72d557c7da5d3611bd527ceeb1d7162cbf428",
	    1217586395),
	DINOV2("dinov2_vitg14",
	    "baf8467e50af277596bbbafa06887c177ee899ab46033649c383577d7e9309d3",
	    4546108579),
	DINOV2_REG("dinov2_vits14",
	    "f433177089a681826f849f194ece3bb48f4d63fb38d32fc837e3dc7a4e5641fb",
	    0),
	DINOV2_REG("dinov2_vitb14",
	    "73182a088cf94833c94b1666d1c99e02fe87e2007bff57b564fb6206e25dba71",
	    346393545),
	DINOV2_REG("dinov2_vitl14",
	    "36e4deffbaef061a2576705b0c36f93621e2ae20bf6274694821b0b492551b51",
	    1217607321),
	DINOV2_HEAD("dinov2_vits14"),
	DINOV2_HEAD("dinov2_vitb14"),
	DINOV2_HEAD("dinov2_vitl14"),
	DINOV3("dinov3_vits16", "08c60483"),
	DINOV3("dinov3_vits16plus", "4057cbaa"),
	DINOV3("dinov3_vitb16", "73cec8be"),
	DINOV3("dinov3_vitl16", "8aa4cbdd"),
	DINOV3("dinov3_vitl16plus", "46503df0"),
	DINOV3("dinov3_vith16plus", "7c1da9a5"),
	DINOV3("dinov3_convnext_tiny", "21b726bb"),
	DINOV3("dinov3_convnext_small", "296db49d"),
	DINOV3("dinov3_convnext_base", "801f2ba9"),
	DINOV3("dinov3_convnext_large", "61fa432d"),
	TIMM("vit_tiny_patch16_224", "augreg_in21k_ft_in1k"),
	TIMM("vit_small_patch16_224", "augreg_in21k_ft_in1k"),
	TIMM("vit_base_patch16_224", "augreg2_in21k_ft_in1k"),
	TIMM("vit_base_patch16_224", "augreg_in21k_ft_in1k"),
	TIMM("vit_large_patch16_224", "augreg_in21k_ft_in1k"),
	DEIT("deit_tiny_patch16_224", "a1311bcf"),
	DEIT("deit_small_patch16_224", "cd65a155"),
	DEIT("deit_base_patch16_224", "b5f2ef4d"),
	MAE("base", "mae_vit_base_patch16"),
	MAE("large", "mae_vit_large_patch16"),
	MAE("huge", "mae_vit_huge_patch14"),
	TIMM("vit_base_patch32_clip_224", "laion2b"),
	TIMM("vit_base_patch16_clip_224", "laion2b"),
	OPENAI("clip-vit-base-patch32", "vit_base_patch32_clip_quickgelu_224"),
	OPENAI("clip-vit-base-patch16", "vit_base_patch16_clip_quickgelu_224"),
	OPENAI("clip-vit-large-patch14",
	    "vit_large_patch14_clip_quickgelu_224"),
	TIMM("vit_base_patch16_siglip_224", "webli"),
	TIMM("vit_large_patch16_siglip_256", "webli"),

	/*
	 * Medical models.  LicenseRef: terms of their own; NOASSERTION: their
	 * authors state none.
	 */
	HUB_ASSUMED("rad-dino.safetensors", "rad-dino", "microsoft/rad-dino",
	    "model.safetensors", "safetensors", "MIT", "open", "chest X-ray"),
	BLOOM("S", "dinobloom-s"),
	BLOOM("B", "dinobloom-b"),
	BLOOM("L", "dinobloom-l"),
	BLOOM("G", "dinobloom-g"),
	RETFOUND("RETFound_mae_natureCFP", "retfound_mae_naturecfp", "fundus"),
	RETFOUND("RETFound_mae_natureOCT", "retfound_mae_natureoct", "OCT"),
	HUB("uni.bin", "uni", "MahmoodLab/UNI", "pytorch_model.bin",
	    "torch.save", "CC-BY-NC-ND-4.0", "request", "histology"),
	HUB("uni2-h.bin", "uni2-h", "MahmoodLab/UNI2-h", "pytorch_model.bin",
	    "torch.save", "CC-BY-NC-ND-4.0", "request", "histology"),
	HUB("phikon.safetensors", "phikon", "owkin/phikon",
	    "model.safetensors", "safetensors", "LicenseRef-Owkin", "open",
	    "histology"),
	HUB_ASSUMED("phikon-v2.safetensors", "phikon-v2", "owkin/phikon-v2",
	    "model.safetensors", "safetensors", "LicenseRef-Owkin", "open",
	    "histology"),
	HUB_ASSUMED("virchow2.bin", "virchow2", "paige-ai/Virchow2",
	    "pytorch_model.bin", "torch.save", "CC-BY-NC-ND-4.0", "request",
	    "histology"),
	HUB_ASSUMED("plip.bin", "plip", "vinid/plip", "pytorch_model.bin",
	    "torch.save", "NOASSERTION", "open", "histology"),
	HUB_ASSUMED("biomedclip.bin", "biomedclip",
	    "microsoft/BiomedCLIP-PubMedBERT_256-vit_base_patch16_224",
	    "open_clip_pytorch_model.bin", "torch.save", "MIT", "open",
	    "biomedical figures"),
	HUB_ASSUMED("medsiglip-448.safetensors", "medsiglip-448",
	    "google/medsiglip-448", "model.safetensors", "safetensors",
	    "LicenseRef-HAI-DEF", "request", "several modalities"),
	/* ResNet50.pt and DenseNet121.pt of an archive. */
	BY_HAND("radimagenet-resnet50.pt", "radimagenet-resnet50",
	    "https://github.com/BMEII-AI/RadImageNet", "NOASSERTION",
	    "CT, MRI, ultrasound"),
	BY_HAND("radimagenet-densenet121.pt", "radimagenet-densenet121",
	    "https://github.com/BMEII-AI/RadImageNet", "NOASSERTION",
	    "CT, MRI, ultrasound"),
	/* A pickled module, of which its state_dict() must be saved. */
	BY_HAND("torchxrayvision-densenet121.pt",
	    "torchxrayvision-densenet121",
	    "https://github.com/mlmed/torchxrayvision/releases/download/v1/"
	    "nih-pc-chex-mimic_ch-google-openi-kaggle-densenet121-d121-tw-"
	    "lr001-rot45-tr15-sc15-seed0-best.pt", "Apache-2.0", "chest X-ray"),
};

const struct mc_weights *
mc_weights_at(size_t i)
{
	return i < sizeof(table) / sizeof(table[0]) ? &table[i] : NULL;
}

const struct mc_weights *
mc_weights_named(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash == NULL ? path : slash + 1;
	const struct mc_weights *w;
	size_t i;

	for (i = 0; (w = mc_weights_at(i)) != NULL; i++) {
		if (strcmp(w->file, name) == 0)
			return w;
	}
	return NULL;
}

const struct mc_weights *
mc_weights_default(const char *backbone, bool head)
{
	const struct mc_weights *w;
	size_t i;

	for (i = 0; (w = mc_weights_at(i)) != NULL; i++) {
		if (w->head == head && strcmp(w->backbone, backbone) == 0)
			return w;
	}
	return NULL;
}

const struct mc_weights *
mc_weights_find(const char *name)
{
	const struct mc_weights *w = strchr(name, '/') == NULL ?
	    mc_weights_named(name) : NULL;

	return w != NULL ? w : mc_weights_default(name, false);
}

/* An environment variable's value; NULL where it is unset or empty. */
static const char *
variable(const char *name)
{
	const char *value = getenv(name);

	return value == NULL || *value == '\0' ? NULL : value;
}

/* Cache folder I = 0 or 1 into DIR; false where the variables are not set. */
static bool
cache_folder(int i, struct mc_buf *dir)
{
	const char *torch = variable("TORCH_HOME"), *home = variable("HOME");
	const char *xdg = variable("XDG_CACHE_HOME");

	dir->len = 0;
	if (i == 0 && torch != NULL)
		mc_buf_printf(dir, "%s/hub/checkpoints", torch);
	else if (i == 1 && xdg != NULL)
		mc_buf_printf(dir, "%s/torch/hub/checkpoints", xdg);
	else if (i == 1 && home != NULL)
		mc_buf_printf(dir, "%s/.cache/torch/hub/checkpoints", home);
	return dir->len > 0;
}

char *
mc_weights_cached(const struct mc_weights *w)
{
	struct mc_buf path = { 0 };
	int i;

	for (i = 0; i < 2; i++) {
		if (!cache_folder(i, &path))
			continue;
		mc_buf_printf(&path, "/%s", w->file);
		if (access(path.data, F_OK) == 0)
			return path.data;
	}
	mc_buf_free(&path);
	return NULL;
}

char *
mc_weights_place(const struct mc_weights *w)
{
	struct mc_buf path = { 0 };

	if (!cache_folder(0, &path) && !cache_folder(1, &path))
		return NULL;
	mc_buf_printf(&path, "/%s", w->file);
	return path.data;
}

/* The shorter name that mc-weights fetch takes for W. */
static const char *
short_name(const struct mc_weights *w)
{
	return w == mc_weights_default(w->backbone, false) ? w->backbone :
	    w->file;
}

char *
mc_weights_command(const struct mc_weights *w)
{
	return mc_xasprintf("mc-weights%s%s fetch %s", w->sha256[0] == '\0' ?
	    " --allow-unverified" : "", strcmp(w->access, "open") != 0 ?
	    " --from FILE" : "", short_name(w));
}

/* Access is granted on the page of a model, not at the address of a file. */
char *
mc_weights_page(const struct mc_weights *w)
{
	const char *file = strstr(w->url, "/resolve/");

	return file == NULL || strcmp(w->access, "request") != 0 ?
	    mc_xstrdup(w->url) : mc_xasprintf("%.*s", (int)(file - w->url),
	    w->url);
}

static enum mc_status
not_cached(const struct mc_weights *w, struct mc_err *err)
{
	char *command = mc_weights_command(w), *page = mc_weights_page(w);
	bool open = strcmp(w->access, "open") == 0;

	mc_err_set(err, MC_EIO, "the weights %s are missing: %s%s%srun %s, or "
	    "give --weights FILE, or --weights random", w->file,
	    open ? "" : "get them from ", open ? "" : page,
	    open ? "" : " and ", command);
	free(command);
	free(page);
	return MC_EIO;
}

static enum mc_status
locate(const char *backbone, bool head, char **path, struct mc_err *err)
{
	const struct mc_weights *w = mc_weights_default(backbone, head);

	*path = NULL;
	if (w == NULL)
		return mc_err_set(err, MC_EUSAGE, "no published %s of %s is "
		    "known: give --weights FILE, or --weights random",
		    head ? "ImageNet head" : "weights file", backbone);
	*path = mc_weights_cached(w);
	return *path == NULL ? not_cached(w, err) : MC_OK;
}

enum mc_status
mc_weights_locate(const char *backbone, char **path, struct mc_err *err)
{
	return locate(backbone, false, path, err);
}

enum mc_status
mc_weights_locate_head(const char *backbone, char **path, struct mc_err *err)
{
	return locate(backbone, true, path, err);
}

enum mc_status
mc_weights_verify(const char *path, const char *sha256, struct mc_err *err)
{
	const struct mc_weights *w = mc_weights_named(path);
	size_t n = w == NULL ? 0 : strlen(w->sha256);
	char *command;

	if (n == 0)
		return MC_END;
	if (strncmp(sha256, w->sha256, n) == 0)
		return MC_OK;
	command = mc_weights_command(w);
	mc_err_at(err, MC_EDATA, path, 0, "not the published file: its "
	    "SHA-256 is %s, not %s%s: remove it and run %s", sha256,
	    w->sha256, n < 64 ? "..." : "", command);
	free(command);
	return MC_EDATA;
}
