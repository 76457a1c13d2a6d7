/* montage_maps.c - read the maps of mc-explain for the images of a sheet. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/names.h"
#include "montage.h"
#include "stream/maps.h"

void
montage_map_clear(struct montage_map *map)
{
	int i;

	free(map->method);
	free(map->class_name);
	for (i = 0; i < MONTAGE_SIZES; i++)
		mc_image_free(&map->picture[i]);
	memset(map, 0, sizeof(*map));
}

/* The maps of one tar that are wanted. */
struct wanted {
	const char *path;
	const struct montage_gallery *g;
	const char **overlay;		/* n members */
	struct montage_map **map;	/* of each */
	size_t n;
};

/* Take what the ROW of a map says into MAP. */
static void
take_row(struct montage_map *map, const struct mc_maps_row *row)
{
	map->method = mc_xstrdup(row->method);
	map->class_name = mc_xstrdup(row->class_name);
	map->p = row->p;
	map->min = row->min;
	map->max = row->max;
}

/* Find the images of G that the N ROWS are of. */
static enum mc_status
find_rows(struct montage_gallery *g, const struct mc_maps_row *rows, size_t n,
    struct wanted *w, struct mc_err *err)
{
	struct montage_map *map;
	size_t k, i;

	w->overlay = mc_xcalloc(n, sizeof(*w->overlay));
	w->map = mc_xcalloc(n, sizeof(*w->map));
	for (k = 0; k < n; k++) {
		i = mc_names_find(g->ids, rows[k].id);
		if (i == MC_NO_NAME)
			continue;
		map = &g->image[i].map;
		if (map->method != NULL)
			return mc_err_set(err, MC_EDATA, "%s: --maps: \"%s\" has "
			    "a second map: make one for each image (mc-explain "
			    "with one --class, or none)", w->path, rows[k].id);
		take_row(map, &rows[k]);
		w->overlay[w->n] = rows[k].overlay;
		w->map[w->n++] = map;
	}
	return MC_OK;
}

/* Decode overlay I, and scale it: for mc_maps_overlays. */
static enum mc_status
take_overlay(size_t i, const struct mc_buf *bytes, void *arg,
    struct mc_err *err)
{
	struct wanted *w = arg;
	struct mc_image whole = { 0 };
	char *name = mc_xasprintf("%s: %s", w->path, w->overlay[i]);
	enum mc_status status = mc_image_decode(&whole, bytes->data,
	    bytes->len, name, err);

	if (status == MC_OK)
		montage_scale(w->g, &whole, w->map[i]->picture);
	free(name);
	return status;
}

/* Take the maps of the tar at PATH. */
static enum mc_status
read_maps(struct montage_gallery *g, const char *path, struct mc_err *err)
{
	struct wanted w = { .path = path, .g = g };
	struct mc_rows *rows = NULL;
	enum mc_status status = mc_maps_read(&rows, path, err);

	if (status == MC_OK)
		status = find_rows(g, mc_rows_get(rows, 0),
		    mc_rows_count(rows), &w, err);
	if (status == MC_OK && w.n > 0)
		status = mc_maps_overlays(path, w.overlay, w.n, take_overlay,
		    &w, err);
	free((void *)w.overlay);
	free((void *)w.map);
	mc_rows_free(rows);
	return status;
}

enum mc_status
montage_read_maps(struct montage_gallery *g, const char *const *paths,
    struct mc_err *err)
{
	enum mc_status status = MC_OK;
	const char *const *path;

	for (path = paths; *path != NULL && status == MC_OK; path++)
		status = read_maps(g, *path, err);
	return status;
}
