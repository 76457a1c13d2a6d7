/* lone.c - see whether a backbone can be trained on a batch of one image. */
#include "config.h"

#include "learn/lone.h"
#include "learn/snapshot.h"

/* One image cannot be trained on: say which batches have none of one. */
static enum mc_status
refuse(const struct mc_training *g, size_t batch, struct mc_err *err)
{
	size_t n = g->data->n_train, other = batch + 1;
	int crop = g->preprocess->crop;

	while (n % other == 1)
		other++;
	return mc_err_set(err, MC_EDATA, "one image of %d x %d pixels, which "
	    "is left of %zu training images in batches of %zu, gives batch "
	    "norm one value per channel: give --batch %zu, or a larger --crop",
	    crop, crop, n, batch, other);
}

enum mc_status
mc_lone_check(const struct mc_training *g, size_t batch, struct mc_feed *f,
    struct mc_params *p, struct mc_err *err)
{
	FILE *values = NULL;
	enum mc_status status;
	struct mc_err why;

	if (g->backbone == NULL || (batch > 1 && g->data->n_train % batch != 1))
		return MC_OK;
	status = mc_snapshot_take(&values, p, err);
	mc_feed_start(f, g->data->train, 1, NULL);
	if (status == MC_OK)
		status = mc_feed_next(f, err);
	if (status == MC_OK) {
		mc_backbone_mode(g->backbone, MC_BATCH_STATISTICS);
		mc_scope_open(g->t);
		mc_backbone_forward(g->backbone, mc_feed_tensor(f, g->t));
		mc_scope_close(g->t, NULL);
		status = mc_torch_check(g->t, &why) == MC_OK ?
		    mc_snapshot_restore(&values, p, err) :
		    refuse(g, batch, err);
	}
	if (values != NULL)
		fclose(values);
	return status;
}
