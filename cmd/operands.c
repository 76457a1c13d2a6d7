/* operands.c - expand the operands of programs that take several tars. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/braces.h"
#include "base/mem.h"
#include "base/part.h"
#include "operands.h"
#include "tool.h"

const char *const *
operands_tars(char *const *operands, size_t *n)
{
	static char **path;
	size_t count = 0, cap = 0, i, k, more;
	struct mc_err err;
	char **names;

	for (i = 0; i < *n; i++) {
		if (strchr(operands[i], '{') == NULL ||
		    access(operands[i], F_OK) == 0) {
			path = mc_xgrow(path, count, &cap, sizeof(*path));
			path[count++] = operands[i];
			continue;
		}
		if (mc_braces_expand(operands[i], &names, &more, &err) !=
		    MC_OK)
			tool_usage("%s", err.text);
		for (k = 0; k < more; k++) {
			tool_reads(names[k]);
			path = mc_xgrow(path, count, &cap, sizeof(*path));
			path[count++] = names[k];
		}
		free(names);
	}
	*n = count;
	return (const char *const *)path;
}

void
operands_warn_missing(struct mc_images *im)
{
	char *text = mc_images_missing(im);

	if (text != NULL)
		tool_warn("%s", text);
	free(text);
	text = mc_images_unlabelled(im);
	if (text != NULL)
		tool_warn("%s", text);
	free(text);
	text = mc_images_uneven(im);
	if (text != NULL)
		tool_warn("%s", text);
	free(text);
	text = mc_images_not_there(im);
	if (text != NULL)
		tool_warn("%s", text);
	free(text);
	if (mc_images_left(im) > 0)
		tool_say("%s: left out %lld images that are not in %s",
		    mc_images_name(im), (long long)mc_images_left(im),
		    mc_images_manifest_name(im));
}

void
operands_check_shard(const char *shard, const char *const *tars, size_t n)
{
	struct mc_err err;
	int64_t i, parts;

	if (shard == NULL)
		return;
	if (mc_part_parse(shard, &i, &parts, &err) != MC_OK)
		tool_usage("--shard: %s", err.text);
	if (operands_standard_input(tars, n))
		tool_usage("--shard divides the tars that are named: standard "
		    "input cannot be one");
	if ((size_t)parts > n)
		tool_usage("--shard %s: %zu tar%s cannot be divided into %lld "
		    "parts; mc-pack --shards writes several", shard, n,
		    MC_PLURAL(n), (long long)parts);
}

void
operands_narrow(const char *shard, size_t n, struct mc_images *im)
{
	size_t first, count;
	struct mc_err err;
	int64_t i, parts;

	if (shard == NULL || mc_part_parse(shard, &i, &parts, &err) != MC_OK ||
	    parts == 1)
		return;
	mc_part_range(i, parts, n, &first, &count);
	mc_images_narrow(im, first, count);
}

bool
operands_standard_input(const char *const *tars, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (strcmp(tars[i], "-") == 0)
			return true;
	}
	return n == 0;
}

void
operands_check_manifest(const char *manifest, const char *const *tars,
    size_t n)
{
	if (manifest != NULL && strcmp(manifest, "-") == 0 &&
	    operands_standard_input(tars, n))
		tool_usage("--manifest and the images cannot both be standard "
		    "input");
}
