/* hub.c - Hugging Face's cache: models--ORG--NAME/snapshots/COMMIT/FILE. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "weights/hub.h"

#define SCHEME "hf:"
#define COMMIT_MOST 64

bool
mc_hub_names(const char *path)
{
	return strncmp(path, SCHEME, strlen(SCHEME)) == 0;
}

/* The folder of all models, or NULL: no variable says where. */
static char *
cache(void)
{
	static const struct {
		const char *variable, *below;
	} places[] = {
		{ "HF_HUB_CACHE", "" }, { "HUGGINGFACE_HUB_CACHE", "" },
		{ "HF_HOME", "/hub" },
		{ "XDG_CACHE_HOME", "/huggingface/hub" },
		{ "HOME", "/.cache/huggingface/hub" }
	};
	const char *value;
	size_t i;

	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		value = getenv(places[i].variable);
		if (value != NULL && *value != '\0')
			return mc_xasprintf("%s%s", value, places[i].below);
	}
	return NULL;
}

/* Whether NAME is "org/name" or "name" of letters that the hub allows. */
static bool
allowed(const char *name)
{
	const char *slash = strchr(name, '/');
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/");

	return name[n] == '\0' && n > 0 && strstr(name, "..") == NULL &&
	    (slash == NULL || (slash > name && slash[1] != '\0' &&
	    strchr(slash + 1, '/') == NULL));
}

/* CACHE/models--ORG--NAME */
static char *
model_folder(const char *in, const char *name)
{
	const char *slash = strchr(name, '/');

	return slash == NULL ? mc_xasprintf("%s/models--%s", in, name) :
	    mc_xasprintf("%s/models--%.*s--%s", in, (int)(slash - name), name,
	    slash + 1);
}

/* The commit that the file REF holds, into COMMIT. */
static enum mc_status
read_commit(const char *ref, char commit[COMMIT_MOST + 1], struct mc_err *err)
{
	FILE *f = mc_file_open(ref, err);
	size_t n;

	if (f == NULL)
		return MC_EIO;
	n = fread(commit, 1, COMMIT_MOST, f);
	fclose(f);
	commit[n] = '\0';
	n = strspn(commit, "0123456789abcdef");
	if (n == 0 || (commit[n] != '\0' && commit[n] != '\n'))
		return mc_err_at(err, MC_EDATA, ref, 0, "holds no commit");
	commit[n] = '\0';
	return MC_OK;
}

enum mc_status
mc_hub_locate(const char *path, char **folder, struct mc_err *err)
{
	const char *name = path + strlen(SCHEME);
	char commit[COMMIT_MOST + 1], *in = cache(), *model, *ref;
	enum mc_status status;
	struct mc_err why;

	*folder = NULL;
	if (in == NULL || !allowed(name)) {
		free(in);
		return mc_err_set(err, MC_EUSAGE, allowed(name) ? "%s: neither "
		    "HF_HOME nor HOME is set" : "%s: a model of Hugging Face "
		    "is named hf:ORGANISATION/NAME", path);
	}
	model = model_folder(in, name);
	ref = mc_xasprintf("%s/refs/main", model);
	status = read_commit(ref, commit, &why);
	if (status == MC_OK)
		*folder = mc_xasprintf("%s/snapshots/%s", model, commit);
	else
		mc_err_set(err, status, "%s is not in Hugging Face's cache: "
		    "%s: download it first", path, why.text);
	free(ref);
	free(model);
	free(in);
	return status;
}

enum mc_status
mc_hub_weights(const char *folder, char **path, struct mc_err *err)
{
	static const char *const files[] = {
		"model.safetensors", "model.safetensors.index.json",
		"pytorch_model.bin"
	};
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		*path = mc_xasprintf("%s/%s", folder, files[i]);
		if (access(*path, F_OK) == 0)
			return MC_OK;
		free(*path);
	}
	*path = NULL;
	return mc_err_at(err, MC_EIO, folder, 0, "a folder without "
	    "model.safetensors, model.safetensors.index.json and "
	    "pytorch_model.bin: give the file of weights");
}
