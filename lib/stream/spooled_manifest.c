/* spooled_manifest.c - read the manifest of a tar row by row. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/out.h"
#include "stream/spooled_manifest.h"
#include "table/tsv.h"

struct mc_spooled {
	FILE *spool;
	struct mc_tsv *tsv;
	size_t id;		/* the column */
	int64_t rows;
	bool *filled;		/* which columns are not empty in every row */
};

/* Read all rows, then go back to the first. */
static enum mc_status
count_rows(struct mc_spooled *m, const char *name, struct mc_err *err)
{
	size_t columns = mc_tsv_columns(m->tsv), c;
	enum mc_status status;

	m->filled = mc_xcalloc(columns, sizeof(*m->filled));
	while ((status = mc_tsv_next(m->tsv, err)) == MC_OK) {
		m->rows++;
		for (c = 0; c < columns; c++)
			m->filled[c] |= *mc_tsv_get(m->tsv, c) != '\0';
	}
	mc_tsv_close(m->tsv);
	m->tsv = NULL;
	if (status == MC_END)
		status = mc_spool_rewind(m->spool, err);
	if (status == MC_OK)
		status = mc_tsv_from_stream(&m->tsv, m->spool, name, err);
	return status;
}

/* Read the header of what has been spooled, and count its rows. */
static enum mc_status
start(struct mc_spooled *m, const char *name, struct mc_err *err)
{
	enum mc_status status = mc_tsv_from_stream(&m->tsv, m->spool, name,
	    err);
	int id;

	if (status != MC_OK)
		return status;
	id = mc_tsv_find(m->tsv, "id");
	if (id < 0)
		return mc_err_at(err, MC_EDATA, name, 1, "no column \"id\"");
	m->id = (size_t)id;
	return count_rows(m, name, err);
}

enum mc_status
mc_spooled_open(struct mc_spooled **result, struct mc_tar_reader *tar,
    struct mc_sha256 *digest, struct mc_err *err)
{
	struct mc_spooled *m = mc_xcalloc(1, sizeof(*m));
	char *name = mc_xasprintf("%s: " MC_MANIFEST_MEMBER, mc_tar_name(tar));
	enum mc_status status;

	m->spool = mc_spool_open(err);
	status = m->spool == NULL ? MC_EIO :
	    mc_tar_read_spool(tar, m->spool, digest, err);
	if (status == MC_OK)
		status = start(m, name, err);
	if (status != MC_OK) {
		mc_spooled_close(m);
		m = NULL;
	}
	*result = m;
	free(name);
	return status;
}

void
mc_spooled_close(struct mc_spooled *m)
{
	if (m == NULL)
		return;
	mc_tsv_close(m->tsv);
	if (m->spool != NULL)
		fclose(m->spool);
	free(m->filled);
	free(m);
}

enum mc_status
mc_spooled_next(struct mc_spooled *m, struct mc_err *err)
{
	return mc_tsv_next(m->tsv, err);
}

size_t
mc_spooled_columns(const struct mc_spooled *m)
{
	return mc_tsv_columns(m->tsv);
}

const char *
mc_spooled_column(const struct mc_spooled *m, size_t column)
{
	return mc_tsv_column(m->tsv, column);
}

int
mc_spooled_find(const struct mc_spooled *m, const char *name)
{
	return mc_tsv_find(m->tsv, name);
}

const char *
mc_spooled_get(const struct mc_spooled *m, size_t column)
{
	return mc_tsv_get(m->tsv, column);
}

const char *
mc_spooled_id(const struct mc_spooled *m)
{
	return mc_tsv_get(m->tsv, m->id);
}

int64_t
mc_spooled_rows(const struct mc_spooled *m)
{
	return m->rows;
}

bool
mc_spooled_empty(const struct mc_spooled *m, size_t column)
{
	return !m->filled[column];
}
