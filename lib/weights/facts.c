/* facts.c - what config.json says of a network. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/mem.h"
#include "weights/facts.h"

#define OPEN_CLIP "open_clip"

static bool
begins(const char *s, const char *with)
{
	return s != NULL && strncmp(s, with, strlen(with)) == 0;
}

/* The JSON in NAME beside the file BASE of PATH; NULL: none that is read. */
static json_t *
load(const char *path, const char *base, const char *name)
{
	char *beside = mc_xasprintf("%.*s%s", (int)(base - path), path, name);
	json_error_t fault;
	json_t *json;

	json_set_alloc_funcs(mc_xmalloc, free);
	json = json_load_file(beside, 0, &fault);
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
	activation = find_activation(json, vision);
	c->activation = copy(activation != NULL ? activation :
	    activation_of(c->architecture));
}

void
mc_facts_read(struct mc_facts *c, const char *file)
{
	const char *slash = strrchr(file, '/');
	const char *base = slash == NULL ? file : slash + 1;
	json_t *json;

	if (begins(base, OPEN_CLIP)) {
		json = load(file, base, "open_clip_config.json");
		if (json_is_object(json_object_get(json, "model_cfg")))
			c->activation = mc_xstrdup(json_is_true(
			    json_object_get(json_object_get(json, "model_cfg"),
			    "quick_gelu")) ? "quick_gelu" : "gelu");
	} else if (begins(base, "model.safetensors") ||
	    begins(base, "pytorch_model.bin")) {
		json = load(file, base, "config.json");
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
	*c = (struct mc_facts){ 0 };
}
