/* shards.c - an index of arrays, and the files that hold them. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/file.h"
#include "base/mem.h"
#include "weights/dict_internal.h"
#include "weights/shards.h"

/* The folder of PATH, with its slash, joined with NAME. */
static char *
beside(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? mc_xstrdup(name) : mc_xasprintf("%.*s%s",
	    (int)(slash + 1 - path), path, name);
}

/* Whether FILE is the name of a file in the index's own folder. */
static bool
is_name(const char *file)
{
	return file != NULL && *file != '\0' && strchr(file, '/') == NULL;
}

/* The shard of FILE, opened with the first array of it. */
static enum mc_status
find_shard(struct mc_statedict *sd, const char *file,
    struct mc_statedict **found,
    enum mc_status (*open)(struct mc_statedict **, const char *,
    struct mc_err *), struct mc_err *err)
{
	char *path = beside(sd->name, file);
	enum mc_status status = MC_OK;
	struct mc_err why;
	size_t i;

	for (i = 0; i < sd->n_shards; i++)
		if (strcmp(sd->shards[i]->name, path) == 0)
			break;
	if (i == sd->n_shards) {
		status = open(found, path, &why);
		if (status == MC_OK) {
			sd->shards = mc_xgrow(sd->shards, sd->n_shards,
			    &sd->shards_cap, sizeof(*sd->shards));
			sd->shards[sd->n_shards++] = *found;
		} else {
			mc_err_at(err, status, sd->name, 0, "a shard that it "
			    "names: %s", why.text);
		}
	} else {
		*found = sd->shards[i];
	}
	free(path);
	return status;
}

/* Add the array NAME of the shard FILE. */
static enum mc_status
add_array(struct mc_statedict *sd, const char *name, const char *file,
    enum mc_status (*open)(struct mc_statedict **, const char *,
    struct mc_err *), struct mc_err *err)
{
	struct mc_statedict *shard = NULL;
	const struct mc_array *a;
	enum mc_status status;

	if (!is_name(file))
		return mc_err_at(err, MC_EDATA, sd->name, 0,
		    "array \"%s\": no name of a file", name);
	status = find_shard(sd, file, &shard, open, err);
	if (status != MC_OK)
		return status;
	a = mc_statedict_find(shard, name);
	if (a == NULL)
		return mc_err_at(err, MC_EDATA, sd->name, 0,
		    "array \"%s\": not in %s", name, shard->name);
	mc_statedict_add(sd, a);
	return MC_OK;
}

/* Count the arrays in the shards of SD that it has not taken. */
static void
count_others(struct mc_statedict *sd)
{
	size_t i, n = 0;

	for (i = 0; i < sd->n_shards; i++)
		n += mc_statedict_count(sd->shards[i]);
	sd->left[MC_PART_UNNAMED] = n - sd->n;
}

enum mc_status
mc_shards_read(struct mc_statedict *sd, enum mc_status (*open)(
    struct mc_statedict **, const char *, struct mc_err *), struct mc_err *err)
{
	enum mc_status status = MC_OK;
	json_t *index, *map, *file;
	json_error_t fault;
	const char *name;

	json_set_alloc_funcs(mc_xmalloc, free);
	sd->format = "safetensors in shards";
	index = json_loadb((const char *)sd->file, sd->size,
	    JSON_REJECT_DUPLICATES, &fault);
	if (index == NULL)
		return mc_err_at(err, MC_EDATA, sd->name, 0,
		    "not an index of shards: byte %d: %s", fault.position,
		    fault.text);
	map = json_object_get(index, "weight_map");
	if (!json_is_object(map))
		status = mc_err_at(err, MC_EDATA, sd->name, 0,
		    "JSON without a weight_map: not an index of shards");
	else
		json_object_foreach(map, name, file) {
			status = add_array(sd, name, json_string_value(file),
			    open, err);
			if (status != MC_OK)
				break;
		}
	json_decref(index);
	if (status == MC_OK)
		count_others(sd);
	return status;
}

void
mc_shards_files(const char *path, void (*visit)(const char *file))
{
	json_t *index, *file;
	json_error_t fault;
	struct mc_err err;
	const char *name;
	char *shard;
	FILE *f;

	json_set_alloc_funcs(mc_xmalloc, free);
	f = mc_file_open(path, &err);
	index = f == NULL ? NULL : json_loadf(f, 0, &fault);
	if (f != NULL)
		fclose(f);
	json_object_foreach(json_object_get(index, "weight_map"), name, file) {
		if (!is_name(json_string_value(file)))
			continue;
		shard = beside(path, json_string_value(file));
		visit(shard);
		free(shard);
	}
	json_decref(index);
}
