/* gradcam.c - weigh the last map of a network by gradients. */
#include "config.h"

#include <stdlib.h>

#include "base/mem.h"
#include "learn/gradcam.h"

/*
 * Set MAP, one value for each of N places, from the features A of an image and
 * their gradients G, both N x CHANNELS.
 */
static void
weigh_channels(const float *a, const float *g, size_t n, size_t channels,
    float *map)
{
	double *weight = mc_xcalloc(channels, sizeof(*weight)), sum;
	size_t i, k;

	for (i = 0; i < n; i++)
		for (k = 0; k < channels; k++)
			weight[k] += (double)g[i * channels + k];
	for (i = 0; i < n; i++) {
		sum = 0;
		for (k = 0; k < channels; k++)
			sum += weight[k] / (double)n *
			    (double)a[i * channels + k];
		map[i] = sum > 0 ? (float)sum : 0;
	}
	free(weight);
}

/* A one for the class of each image, IMAGES x CLASSES. */
static struct mc_tensor *
choose(struct mc_torch *t, size_t images, size_t classes, const size_t *class)
{
	float *chosen = mc_xcalloc(images * classes, sizeof(*chosen));
	struct mc_tensor *x;
	size_t i;

	for (i = 0; i < images; i++)
		chosen[i * classes + class[i]] = 1;
	x = mc_from_f32(t, chosen, images * classes, (int64_t[]){
	    (int64_t)images, (int64_t)classes }, 2);
	free(chosen);
	return x;
}

void
mc_gradcam(struct mc_torch *t, const struct mc_watch *w,
    const struct mc_tensor *logits, size_t images, size_t classes,
    const size_t *class, float *map)
{
	size_t places = (size_t)(w->rows * w->columns), each, i;
	struct mc_tensor *a, *g;
	float *values, *slopes;

	mc_scope_open(t);
	a = mc_watch_places(t, w, w->map);
	g = mc_watch_places(t, w, mc_gradient(t, logits, choose(t, images,
	    classes, class), w->map));
	each = mc_count(a) / images;
	values = mc_xreallocarray(NULL, images * each + 1, sizeof(*values));
	slopes = mc_xreallocarray(NULL, images * each + 1, sizeof(*slopes));
	mc_to_f32(t, a, values, images * each);
	mc_to_f32(t, g, slopes, images * each);
	for (i = 0; i < images && places > 0; i++)
		weigh_channels(values + i * each, slopes + i * each, places,
		    each / places, map + i * places);
	free(values);
	free(slopes);
	mc_scope_close(t, NULL);
}
