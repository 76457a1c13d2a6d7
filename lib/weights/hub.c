/* hub.c - Hugging Face's cache: models--ORG--NAME/snapshots/COMMIT/FILE. */
#include "config.h"

#include <sys/stat.h>

#include <dirent.h>
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
		return err->status;
	n = fread(commit, 1, COMMIT_MOST, f);
	fclose(f);
	commit[n] = '\0';
	n = strspn(commit, "0123456789abcdef");
	if (n == 0 || (commit[n] != '\0' && commit[n] != '\n'))
		return mc_err_at(err, MC_EDATA, ref, 0, "holds no commit");
	commit[n] = '\0';
	return MC_OK;
}

/*
 * The only commit in the folder SNAPSHOTS, into COMMIT.  A download of a certain
 * revision leaves no refs/main.  False: there is none, or several.
 */
static bool
only_commit(const char *snapshots, char commit[COMMIT_MOST + 1])
{
	DIR *d = opendir(snapshots);
	const struct dirent *entry;
	size_t n = 0, length;

	if (d == NULL)
		return false;
	while ((entry = readdir(d)) != NULL) {
		length = strlen(entry->d_name);
		if (entry->d_name[0] == '.' || length > COMMIT_MOST)
			continue;
		n++;
		memcpy(commit, entry->d_name, length + 1);
	}
	closedir(d);
	return n == 1;
}

/* The commit of MODEL to read: that of refs/main, or the only one. */
static enum mc_status
find_commit(const char *model, char commit[COMMIT_MOST + 1],
    struct mc_err *err)
{
	char *ref = mc_xasprintf("%s/refs/main", model);
	char *snapshots = mc_xasprintf("%s/snapshots", model);
	enum mc_status status = read_commit(ref, commit, err);

	if (status == MC_EIO && access(ref, F_OK) != 0 &&
	    only_commit(snapshots, commit))
		status = MC_OK;
	free(snapshots);
	free(ref);
	return status;
}

enum mc_status
mc_hub_locate(const char *path, char **folder, struct mc_err *err)
{
	const char *name = path + strlen(SCHEME);
	char commit[COMMIT_MOST + 1], *in = cache(), *model;
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
	status = find_commit(model, commit, &why);
	if (status == MC_OK)
		*folder = mc_xasprintf("%s/snapshots/%s", model, commit);
	else
		mc_err_set(err, status, "%s is not in Hugging Face's cache: "
		    "%s: download it first, or give the folder of one of its "
		    "snapshots", path, why.text);
	free(model);
	free(in);
	return status;
}

enum mc_status
mc_hub_weights(const char *folder, char **path, struct mc_err *err)
{
	static const char *const files[] = {
		"model.safetensors", "model.safetensors.index.json",
		"open_clip_model.safetensors", "pytorch_model.bin",
		"pytorch_model.bin.index.json", "open_clip_pytorch_model.bin"
	};
	enum mc_status status;
	struct stat st;
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		*path = mc_xasprintf("%s/%s", folder, files[i]);
		if (access(*path, F_OK) == 0)
			return MC_OK;
		/* Not the next one: it may be another version. */
		if (lstat(*path, &st) == 0) {
			status = mc_err_errno(err, "%s: a link to what cannot "
			    "be read (download the model again)", *path);
			free(*path);
			*path = NULL;
			return status;
		}
		free(*path);
	}
	*path = NULL;
	return mc_err_at(err, MC_EIO, folder, 0, "a folder without "
	    "model.safetensors, pytorch_model.bin or another name that "
	    "Hugging Face's repositories have for weights: give the file");
}
