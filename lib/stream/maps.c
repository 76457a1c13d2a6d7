/* maps.c - write the maps of images and their overlays as a tar. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/out.h"
#include "stream/end_member.h"
#include "stream/own_tar.h"
#include "stream/maps.h"
#include "stream/npy.h"

#define FORMAT	"1"
#define FIRST	"__maps__"

struct mc_maps_writer {
	struct mc_tar_writer *tar;
	struct mc_sha256 *digest;
	FILE *table;		/* maps.tsv, until the end */
	int64_t maps;
	char *map, *overlay;	/* the last members */
};

/* Write the member that tells the tar from others. */
static enum mc_status
write_first(struct mc_maps_writer *w, struct mc_err *err)
{
	static const char text[] = "format\t" FORMAT "\n";

	return mc_tar_add(w->tar, FIRST, text, sizeof(text) - 1, w->digest,
	    err);
}

enum mc_status
mc_maps_create(struct mc_maps_writer **result, FILE *f, const char *name,
    struct mc_err *err)
{
	struct mc_maps_writer *w = mc_xcalloc(1, sizeof(*w));
	enum mc_status status = MC_EIO;

	*result = NULL;
	w->digest = mc_sha256_alloc();
	w->table = mc_spool_open(err);
	if (w->table != NULL)
		status = mc_tar_create(&w->tar, f, name, err);
	if (status == MC_OK)
		status = write_first(w, err);
	if (status != MC_OK) {
		mc_maps_abandon(w);
		return status;
	}
	mc_rows_write_header(w->table, &mc_maps_schema);
	*result = w;
	return MC_OK;
}

/* The member of ROW with the extension EXT; to be freed. */
static char *
member(const struct mc_maps_row *row, const char *ext)
{
	struct mc_buf end = { 0 };
	char *class, *c, *name;

	if (*row->class_name == '\0')
		return mc_member_name(row->id, ext);
	class = mc_member_name(row->class_name, ext);
	for (c = class; *c != '\0'; c++) {
		if (*c == '/')
			mc_buf_puts(&end, "%2F");
		else
			mc_buf_add(&end, c, 1);
	}
	name = mc_member_name(row->id, end.data);
	mc_buf_free(&end);
	free(class);
	return name;
}

/* Set the least and the largest of the N VALUES. */
static void
set_range(struct mc_maps_row *row, const float *values, size_t n)
{
	size_t i;

	row->min = row->max = values[0];
	for (i = 1; i < n; i++) {
		if (values[i] < row->min)
			row->min = values[i];
		if (values[i] > row->max)
			row->max = values[i];
	}
}

enum mc_status
mc_maps_add(struct mc_maps_writer *w, struct mc_maps_row *row,
    const float *values, const void *png, size_t n, struct mc_err *err)
{
	unsigned char header[MC_NPY_HEADER];
	size_t count = (size_t)(row->rows * row->columns);
	struct mc_buf npy = { 0 };
	enum mc_status status;

	free(w->map);
	free(w->overlay);
	row->map = w->map = member(row, "npy");
	row->overlay = w->overlay = member(row, "png");
	set_range(row, values, count);
	mc_npy_header(header, row->rows, row->columns);
	mc_buf_add(&npy, header, sizeof(header));
	mc_buf_add(&npy, values, count * sizeof(*values));
	status = mc_tar_add(w->tar, row->map, npy.data, npy.len, w->digest,
	    err);
	mc_buf_free(&npy);
	if (status == MC_OK)
		status = mc_tar_add(w->tar, row->overlay, png, n, w->digest,
		    err);
	mc_rows_write(w->table, &mc_maps_schema, row);
	w->maps++;
	return status;
}

/* Write the table and the end. */
static enum mc_status
write_end(struct mc_maps_writer *w, struct mc_err *err)
{
	struct mc_keyvalue *end;
	enum mc_status status = mc_spool_rewind(w->table, err);

	if (status == MC_OK)
		status = mc_tar_add_spool(w->tar, "maps.tsv", w->table,
		    w->digest, err);
	if (status != MC_OK)
		return status;
	end = mc_keyvalue_alloc();
	mc_keyvalue_add_integer(end, "maps", w->maps);
	status = mc_end_write(w->tar, end, FORMAT, w->digest, err);
	w->digest = NULL;
	mc_keyvalue_free(end);
	return status;
}

enum mc_status
mc_maps_finish(struct mc_maps_writer *w, struct mc_err *err)
{
	enum mc_status status = write_end(w, err);

	if (status == MC_OK) {
		status = mc_tar_finish(w->tar, err);
		w->tar = NULL;
	}
	mc_maps_abandon(w);
	return status;
}

void
mc_maps_abandon(struct mc_maps_writer *w)
{
	if (w == NULL)
		return;
	mc_tar_abandon(w->tar);
	mc_sha256_free(w->digest);
	if (w->table != NULL)
		fclose(w->table);
	free(w->map);
	free(w->overlay);
	free(w);
}
