/* facts.c - what config.json says of a network. */
#include "config.h"

#include <sys/stat.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/file.h"
#include "base/mem.h"
#include "weights/facts.h"

#define OPEN_CLIP "open_clip"
#define LARGEST (16 << 20)	/* bytes of JSON; transformers writes a few KiB */

static bool
begins(const char *s, const char *with)
{
	return s != NULL && strncmp(s, with, strlen(with)) == 0;
}

/* The JSON in F, which has the name PATH; NULL, and C's fault: none. */
static json_t *
parse(struct mc_facts *c, FILE *f, const char *path)
{
	json_error_t fault;
	json_t *json;
	struct stat st;

	if (fstat(fileno(f), &st) != 0 || st.st_size > LARGEST) {
		c->fault = mc_xasprintf("%s: larger than 16 MiB", path);
		return NULL;
	}
	json_set_alloc_funcs(mc_xmalloc, free);
	json = json_loadf(f, 0, &fault);
	if (json == NULL)
		c->fault = mc_xasprintf("%s:%d: not JSON: %s", path,
		    fault.line, fault.text);
	return json;
}

/* The JSON in NAME beside the file BASE of PATH; NULL: none that is read. */
static json_t *
load(struct mc_facts *c, const char *path, const char *base, const char *name)
{
	char *beside = mc_xasprintf("%.*s%s", (int)(base - path), path, name);
	json_t *json = NULL;
	struct mc_err err;
	struct stat st;
	FILE *f;

	if (lstat(beside, &st) == 0) {
		f = mc_file_open(beside, &err);
		if (f == NULL) {
			c->fault = mc_xstrdup(err.text);
		} else {
			json = parse(c, f, beside);
			fclose(f);
		}
	}
	free(beside);
	return json;
}

static char *
copy(const char *text)
{
	return text == NULL ? NULL : mc_xstrdup(text);
}

/* transformers' CLIPVisionConfig leaves out what is its default. */
static const char *
find_activation(const json_t *json, const json_t *vision)
{
	const char *given = json_string_value(json_object_get(vision,
	    "hidden_act"));

	return given == NULL && begins(json_string_value(json_object_get(json,
	    "model_type")), "clip") ? "quick_gelu" : given;
}

/* The activation is in timm's names of CLIP's towers. */
static const char *
activation_of(const char *architecture)
{
	if (architecture == NULL || strstr(architecture, "_clip_") == NULL)
		return NULL;
	return strstr(architecture, "quickgelu") != NULL ? "quick_gelu" :
	    "gelu";
}

/* SIZE, a list that ends with a height and a width; one number is a square. */
static void
read_size(struct mc_facts *c, const json_t *size)
{
	size_t n = json_array_size(size);

	if (n < 2)
		return;
	c->height = json_integer_value(json_array_get(size, n - 2));
	c->width = json_integer_value(json_array_get(size, n - 1));
}

/* config.json of transformers and of timm */
static void
read_config(struct mc_facts *c, const json_t *json)
{
	const json_t *vision = json_object_get(json, "vision_config");
	const char *activation;

	if (vision == NULL)
		vision = json;
	c->heads = json_integer_value(json_object_get(vision,
	    "num_attention_heads"));
	c->architecture = copy(json_string_value(json_object_get(json,
	    "architecture")));
	read_size(c, json_object_get(json_object_get(json, "pretrained_cfg"),
	    "input_size"));
	read_size(c, json_object_get(json_object_get(json, "model_args"),
	    "img_size"));
	read_size(c, json_object_get(vision, "image_size"));
	activation = find_activation(json, vision);
	c->activation = copy(activation != NULL ? activation :
	    activation_of(c->architecture));
}

/* model_cfg of open_clip_config.json */
static void
read_open_clip(struct mc_facts *c, const json_t *model)
{
	if (!json_is_object(model))
		return;
	c->activation = mc_xstrdup(json_is_true(json_object_get(model,
	    "quick_gelu")) ? "quick_gelu" : "gelu");
	read_size(c, json_object_get(json_object_get(model, "vision_cfg"),
	    "image_size"));
}

void
mc_facts_read(struct mc_facts *c, const char *file)
{
	const char *slash = strrchr(file, '/');
	const char *base = slash == NULL ? file : slash + 1;
	json_t *json;

	if (begins(base, OPEN_CLIP)) {
		json = load(c, file, base, "open_clip_config.json");
		read_open_clip(c, json_object_get(json, "model_cfg"));
	} else if (begins(base, "model.safetensors") ||
	    begins(base, "pytorch_model.bin")) {
		json = load(c, file, base, "config.json");
		read_config(c, json);
	} else {
		return;
	}
	json_decref(json);
}

void
mc_facts_clear(struct mc_facts *c)
{
	free(c->activation);
	free(c->architecture);
	free(c->fault);
	*c = (struct mc_facts){ 0 };
}
