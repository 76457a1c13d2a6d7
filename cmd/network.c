/* network.c - start libtorch and a backbone. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "network.h"
#include "weights/registry.h"

void
network_check(const struct network_opts *o, struct mc_preprocess *pre)
{
	const struct mc_backbone_info *info;
	struct mc_err err;

	network_reads_cache();
	*pre = mc_preprocess_imagenet;
	pre->resize = (int)o->resize;
	pre->crop = (int)o->crop;
	pre->filter = (enum mc_filter)o->filter;
	if (o->from.backbone == NULL)
		tool_usage("--backbone is needed");
	info = mc_backbone_find(o->from.backbone, &err);
	if (info == NULL ||
	    mc_features_find(info, o->from.features, &err) == NULL)
		tool_usage("%s", err.text);
	if (pre->crop % info->multiple != 0 || pre->crop < info->smallest)
		tool_usage("--crop: %s takes multiples of %d, at least %d",
		    info->name, info->multiple, info->smallest);
}

void
network_reads_cache(void)
{
	const struct mc_weights *w;
	char *path;
	size_t i;

	for (i = 0; (w = mc_weights_at(i)) != NULL; i++) {
		path = mc_weights_cached(w);
		if (path != NULL)
			tool_reads(path);
		free(path);
	}
}

enum mc_status
network_start(struct mc_torch **t, const char *device, int64_t threads,
    uint64_t seed, struct mc_err *err)
{
	enum mc_status status = mc_torch_alloc(t, device != NULL ? device :
	    "cpu", (int)threads, seed, err);
	const char *warning;

	if (status != MC_OK)
		return status;
	warning = mc_torch_blas_warning(*t);
	if (warning != NULL)
		tool_warn("%s", warning);
	tool_say("%s, %d threads, device %s", mc_torch_version(*t),
	    mc_torch_threads(*t), mc_torch_device(*t));
	return MC_OK;
}

size_t
network_ahead(const struct mc_torch *t)
{
	return strcmp(mc_torch_device(t), "cpu") == 0 ? 0 : 2;
}

void
network_bad_image(const char *id, const char *why, void *arg)
{
	(void)id;	/* stands in front of WHY */
	(void)arg;
	tool_warn("left out: %s", why);
}
