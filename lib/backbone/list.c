/* list.c - write the registry as a table. */
#include <string.h>

#include "backbone/backbone.h"
#include "base/mem.h"
#include "base/num.h"
#include "table/schemas.h"
#include "weights/registry.h"

static void
add_part(struct mc_buf *text, const char *part)
{
	mc_buf_printf(text, "%s%s", text->len > 0 ? "," : "", part);
}

/* The names and lengths of the features of INFO, each joined by commas. */
static void
join_features(const struct mc_backbone_info *info, struct mc_buf *names,
    struct mc_buf *dims)
{
	char number[MC_NUM_SIZE];
	int i;

	for (i = 0; i < MC_MAX_FEATURES && info->features[i].name != NULL;
	    i++) {
		add_part(names, info->features[i].name);
		snprintf(number, sizeof(number), "%d", info->features[i].dim);
		add_part(dims, number);
	}
}

static void
join_channels(const float value[3], struct mc_buf *text)
{
	char number[MC_NUM_SIZE];
	int i;

	for (i = 0; i < 3; i++)
		add_part(text, mc_format_f32(number, value[i]));
}

static void
write_row(FILE *f, const struct mc_backbone_info *info)
{
	const struct mc_weights *w = mc_weights_default(info->name, false);
	const struct mc_preprocess *pre = &info->preprocess;
	struct mc_buf names = { 0 }, dims = { 0 }, mean = { 0 }, std = { 0 };
	struct mc_backbones_row row = { .backbone = info->name,
	    .family = info->family->name, .resize = pre->resize,
	    .crop = pre->crop, .multiple = info->multiple,
	    .smallest = info->smallest,
	    .filter = pre->filter == MC_BICUBIC ? "bicubic" : "bilinear",
	    .weights = w != NULL ? w->file : "",
	    .licence = w != NULL ? w->licence : "",
	    .access = w != NULL ? w->access : "",
	    .domain = w != NULL ? w->domain : "",
	    .reference = info->reference };

	join_features(info, &names, &dims);
	join_channels(pre->mean, &mean);
	join_channels(pre->std, &std);
	row.features = names.data;
	row.dims = dims.data;
	row.mean = mean.data;
	row.std = std.data;
	mc_rows_write(f, &mc_backbones_schema, &row);
	mc_buf_free(&names);
	mc_buf_free(&dims);
	mc_buf_free(&mean);
	mc_buf_free(&std);
}

void
mc_backbone_list(FILE *f)
{
	const struct mc_backbone_info *info;
	size_t i;

	mc_rows_write_header(f, &mc_backbones_schema);
	for (i = 0; (info = mc_backbone_at(i)) != NULL; i++)
		write_row(f, info);
}
