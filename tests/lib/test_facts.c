/* test_facts.c - what is read of config.json and open_clip_config.json. */
#include <sys/stat.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "tap.h"
#include "weights/facts.h"

static void
write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (f == NULL || fputs(text, f) == EOF || fclose(f) != 0)
		exit(99);
}

/* C in one line: heads, activation, architecture, height x width, fault. */
static char *
as_text(const struct mc_facts *c)
{
	return mc_xasprintf("%lld %s %s %lldx%lld %s", (long long)c->heads,
	    c->activation != NULL ? c->activation : "-",
	    c->architecture != NULL ? c->architecture : "-",
	    (long long)c->height, (long long)c->width,
	    c->fault != NULL ? c->fault : "-");
}

/* Check what is said of the weights FILE. */
static void
is_said(const char *file, const char *wanted, const char *what)
{
	struct mc_facts c = { 0 };
	char *text;

	mc_facts_read(&c, file);
	text = as_text(&c);
	tap_str(text, wanted, "%s", what);
	free(text);
	mc_facts_clear(&c);
	tap_ok(c.heads == 0 && c.activation == NULL && c.architecture == NULL &&
	    c.height == 0 && c.width == 0 && c.fault == NULL, "and cleared");
}

/* What JSON beside model.safetensors says. */
static void
config(const char *json, const char *wanted)
{
	write_file("config.json", json);
	is_said("model.safetensors", wanted, json);
}

/* What JSON beside weights of open_clip says. */
static void
open_clip(const char *json, const char *wanted)
{
	write_file("open_clip_config.json", json);
	is_said("open_clip_model.safetensors", wanted, json);
}

static void
test_transformers(void)
{
	config("{}", "0 - - 0x0 -");
	config("[1]", "0 - - 0x0 -");
	config("{\"num_attention_heads\": 12, \"hidden_act\": \"gelu\"}",
	    "12 gelu - 0x0 -");
	config("{\"num_attention_heads\": 8, \"hidden_act\": \"gelu\", "
	    "\"vision_config\": {\"num_attention_heads\": 12, "
	    "\"hidden_act\": \"quick_gelu\", \"image_size\": [336, 224]}}",
	    "12 quick_gelu - 336x224 -");
	/* A single number is a square, of which nothing is asked. */
	config("{\"image_size\": 224}", "0 - - 0x0 -");
	config("{\"image_size\": [224]}", "0 - - 0x0 -");
	config("{\"image_size\": [3, 192, 224]}", "0 - - 192x224 -");
	config("{\"model_type\": \"clip\", \"vision_config\": {}}",
	    "0 quick_gelu - 0x0 -");
	config("{\"model_type\": \"clip_vision_model\"}",
	    "0 quick_gelu - 0x0 -");
	config("{\"model_type\": \"clip\", \"vision_config\": {\"hidden_act\": "
	    "\"gelu\"}}", "0 gelu - 0x0 -");
	config("{\"model_type\": \"siglip\"}", "0 - - 0x0 -");
}

static void
test_timm(void)
{
	config("{\"architecture\": \"vit_base_patch16_224\", "
	    "\"pretrained_cfg\": {\"input_size\": [3, 224, 160]}}",
	    "0 - vit_base_patch16_224 224x160 -");
	config("{\"architecture\": \"vit_base_patch16_clip_224\"}",
	    "0 gelu vit_base_patch16_clip_224 0x0 -");
	config("{\"architecture\": \"naflexclip_base\"}",
	    "0 - naflexclip_base 0x0 -");
	config("{\"architecture\": \"vit_base_patch32_clip_quickgelu_224\"}",
	    "0 quick_gelu vit_base_patch32_clip_quickgelu_224 0x0 -");
	config("{\"pretrained_cfg\": {\"input_size\": [3, 224, 224]}, "
	    "\"model_args\": {\"img_size\": [128, 288]}}",
	    "0 - - 128x288 -");
	config("{\"architecture\": \"vit_base_patch16_clip_224\", "
	    "\"hidden_act\": \"quick_gelu\"}",
	    "0 quick_gelu vit_base_patch16_clip_224 0x0 -");
}

static void
test_open_clip(void)
{
	open_clip("{}", "0 - - 0x0 -");
	open_clip("{\"model_cfg\": 3}", "0 - - 0x0 -");
	open_clip("{\"model_cfg\": {}}", "0 gelu - 0x0 -");
	open_clip("{\"model_cfg\": {\"quick_gelu\": false}}", "0 gelu - 0x0 -");
	open_clip("{\"model_cfg\": {\"quick_gelu\": true, \"vision_cfg\": "
	    "{\"image_size\": [240, 320]}}}", "0 quick_gelu - 240x320 -");
}

/* Which names have a configuration beside them, and where that is. */
static void
test_places(void)
{
	const char *json = "{\"num_attention_heads\": 7}";

	if (mkdir("folder", 0777) != 0)
		exit(99);
	write_file("config.json", "{}");
	write_file("folder/config.json", json);
	is_said("folder/model.safetensors", "7 - - 0x0 -", "in its folder");
	is_said("folder/model.safetensors.index.json", "7 - - 0x0 -",
	    "an index");
	is_said("folder/pytorch_model.bin", "7 - - 0x0 -", "PyTorch's name");
	is_said("folder/pytorch_model.bin.index.json", "7 - - 0x0 -",
	    "its index");
	is_said("folder/weights.safetensors", "0 - - 0x0 -", "another name");
	is_said("folder/open_clip_pytorch_model.bin", "0 - - 0x0 -",
	    "open_clip's, which has another file");
	is_said("absent/model.safetensors", "0 - - 0x0 -", "no such file");
}

static void
test_faults(void)
{
	char *blanks;

	write_file("config.json", "{\n\"a\": }");
	is_said("model.safetensors", "0 - - 0x0 config.json:2: not JSON: "
	    "unexpected token near '}'", "no JSON");
	blanks = mc_xasprintf("{\"num_attention_heads\": 1}%*s",
	    (16 << 20) - 26, "");
	write_file("config.json", blanks);
	is_said("model.safetensors", "1 - - 0x0 -", "16 MiB are read");
	free(blanks);
	if (truncate("config.json", (16 << 20) + 1) != 0)
		exit(99);
	is_said("model.safetensors", "0 - - 0x0 config.json: larger than "
	    "16 MiB", "and no more");
	if (unlink("config.json") != 0 || symlink("nowhere", "config.json") != 0)
		exit(99);
	is_said("model.safetensors", "0 - - 0x0 config.json: No such file or "
	    "directory", "a link to nothing");
}

int
main(void)
{
	test_transformers();
	test_timm();
	test_open_clip();
	test_places();
	test_faults();
	return tap_done();
}
