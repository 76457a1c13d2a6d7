/* maps.c - write the maps of images and their overlays as a tar, and read them. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/names.h"
#include "base/num.h"
#include "base/out.h"
#include "stream/end_member.h"
#include "stream/own_tar.h"
#include "stream/maps.h"
#include "stream/npy.h"
#include "stream/tar.h"
#include "table/tsv.h"

#define FORMAT	"1"
#define FIRST	"__maps__"
#define TABLE	"maps.tsv"

/* --- Writing --------------------------------------------------------------- */

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
		status = mc_tar_add_spool(w->tar, TABLE, w->table,
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

/* --- Reading --------------------------------------------------------------- */

/* Read the present member, the table, into *ROWS. */
static enum mc_status
read_table(struct mc_tar_reader *tar, struct mc_rows **rows,
    struct mc_sha256 *digest, struct mc_err *err)
{
	char *name = mc_xasprintf("%s: " TABLE, mc_tar_name(tar));
	FILE *spool = mc_spool_open(err);
	struct mc_table *table = NULL;
	struct mc_tsv *tsv = NULL;
	enum mc_status status = spool == NULL ? err->status :
	    mc_tar_read_spool(tar, spool, digest, err);

	if (status == MC_OK)
		status = mc_tsv_from_stream(&tsv, spool, name, err);
	if (status == MC_OK)
		status = mc_table_from_tsv(&table, tsv, err);
	if (status == MC_OK)
		status = mc_rows_of_table(rows, &mc_maps_schema, table, err);
	mc_tsv_close(tsv);
	if (spool != NULL)
		fclose(spool);
	free(name);
	return status;
}

/* Check the present member, the end, against DIGEST, which is freed, and ROWS. */
static enum mc_status
read_end(struct mc_tar_reader *tar, const struct mc_rows *rows,
    struct mc_sha256 *digest, struct mc_err *err)
{
	struct mc_keyvalue *end = NULL;
	enum mc_status status = mc_end_read(tar, &end, err);
	char maps[MC_NUM_SIZE];

	if (status != MC_OK) {
		mc_sha256_free(digest);
		return status;
	}
	status = mc_end_check(tar, end, digest, err);
	snprintf(maps, sizeof(maps), "%zu", rows == NULL ? 0 :
	    mc_rows_count(rows));
	if (status == MC_OK && (rows == NULL ||
	    !mc_end_says(end, "maps", maps)))
		status = mc_err_at(err, MC_EDATA, mc_tar_name(tar), 0, "damaged: "
		    TABLE " does not have the maps that __end__ counts: make it again");
	mc_keyvalue_free(end);
	return status;
}

/* Go to the first member of TAR, which tells what it is. */
static enum mc_status
read_first(struct mc_tar_reader *tar, struct mc_buf *bytes, struct mc_err *err)
{
	const char *member;
	enum mc_status status = mc_tar_next(tar, &member, err);

	if (status == MC_END || (status == MC_OK && strcmp(member, FIRST) != 0))
		return mc_err_at(err, MC_EDATA, mc_tar_name(tar), 0, "not a tar of "
		    "mc-explain: its first member is not " FIRST);
	return status == MC_OK ? mc_tar_read(tar, MC_MAPS_MAX, bytes, err) :
	    status;
}

/* Read the members behind the first one, up to the end. */
static enum mc_status
read_members(struct mc_tar_reader *tar, struct mc_rows **rows,
    struct mc_sha256 *digest, struct mc_buf *bytes, struct mc_err *err)
{
	enum mc_status status;
	const char *member;

	while ((status = mc_tar_next(tar, &member, err)) == MC_OK) {
		if (strcmp(member, MC_END_MEMBER) == 0)
			return read_end(tar, *rows, digest, err);
		if (strcmp(member, TABLE) == 0 && *rows == NULL) {
			status = read_table(tar, rows, digest, err);
		} else {
			status = mc_tar_read(tar, MC_MAPS_MAX, bytes, err);
			if (status == MC_OK)
				mc_sha256_add(digest, bytes->data,
				    bytes->len);
		}
		if (status != MC_OK)
			break;
	}
	mc_sha256_free(digest);
	return status == MC_END ? mc_end_missing(tar, err) : status;
}

enum mc_status
mc_maps_read(struct mc_rows **rows, const char *path, struct mc_err *err)
{
	struct mc_sha256 *digest = NULL;
	struct mc_tar_reader *tar;
	struct mc_buf bytes = { 0 };
	enum mc_status status = mc_tar_open(&tar, path, err);

	*rows = NULL;
	if (status != MC_OK)
		return status;
	status = read_first(tar, &bytes, err);
	if (status == MC_OK) {
		digest = mc_sha256_alloc();
		mc_sha256_add(digest, bytes.data, bytes.len);
		status = read_members(tar, rows, digest, &bytes, err);
	}
	if (status != MC_OK) {
		mc_rows_free(*rows);
		*rows = NULL;
	}
	mc_buf_free(&bytes);
	mc_tar_close(tar);
	return status;
}

enum mc_status
mc_maps_overlays(const char *path, const char *const *names, size_t n,
    enum mc_status (*each)(size_t i, const struct mc_buf *bytes, void *arg,
    struct mc_err *err), void *arg, struct mc_err *err)
{
	struct mc_names *wanted = mc_names_alloc();
	struct mc_tar_reader *tar = NULL;
	struct mc_buf bytes = { 0 };
	enum mc_status status;
	const char *member;
	size_t found = 0, i;

	for (i = 0; i < n; i++)
		mc_names_add(wanted, names[i]);
	status = mc_tar_open(&tar, path, err);
	while (status == MC_OK &&
	    (status = mc_tar_next(tar, &member, err)) == MC_OK) {
		i = mc_names_find(wanted, member);
		if (i == MC_NO_NAME)
			continue;
		status = mc_tar_read(tar, MC_MAPS_MAX, &bytes, err);
		if (status == MC_OK)
			status = each(i, &bytes, arg, err);
		found++;
	}
	if (status == MC_END)
		status = found == mc_names_count(wanted) ? MC_OK :
		    mc_err_at(err, MC_EDATA, path, 0, "lacks %zu of the overlays "
		    "that its " TABLE " names", mc_names_count(wanted) - found);
	mc_names_free(wanted);
	mc_buf_free(&bytes);
	mc_tar_close(tar);
	return status;
}
