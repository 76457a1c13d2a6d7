/* records.c - keep records of one size in an unlinked temporary file. */
#include "config.h"

#include <sys/mman.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/out.h"
#include "base/records.h"

struct mc_records {
	size_t size, n;		/* size: of each record, or 0 */
	size_t *end, end_cap;	/* where record i ends, if size is 0 */
	FILE *spool;
	const char *map;	/* NULL until mapped, or where there is none */
};

struct mc_records *
mc_records_alloc(size_t size, struct mc_err *err)
{
	struct mc_records *r;
	FILE *spool = mc_spool_open(err);

	if (spool == NULL)
		return NULL;
	r = mc_xcalloc(1, sizeof(*r));
	r->size = size;
	r->spool = spool;
	return r;
}

/* Where record I starts in the file. */
static size_t
start_of(const struct mc_records *r, size_t i)
{
	return r->size > 0 ? i * r->size : i > 0 ? r->end[i - 1] : 0;
}

void
mc_records_free(struct mc_records *r)
{
	if (r == NULL)
		return;
	if (r->map != NULL)
		munmap((void *)r->map, start_of(r, r->n));
	fclose(r->spool);
	free(r->end);
	free(r);
}

enum mc_status
mc_records_add(struct mc_records *r, const void *bytes, size_t n,
    struct mc_err *err)
{
	if (fwrite(bytes, r->size > 0 ? r->size : 1, n, r->spool) != n)
		return mc_err_errno(err, "temporary file (set TMPDIR to where "
		    "there is room)");
	if (r->size == 0) {
		r->end = mc_xgrow(r->end, r->n, &r->end_cap, sizeof(*r->end));
		r->end[r->n] = start_of(r, r->n) + n;
	}
	r->n += r->size > 0 ? n : 1;
	return MC_OK;
}

enum mc_status
mc_records_map(struct mc_records *r, struct mc_err *err)
{
	enum mc_status status = mc_spool_rewind(r->spool, err);
	void *map;

	if (status != MC_OK || start_of(r, r->n) == 0)
		return status;
	map = mmap(NULL, start_of(r, r->n), PROT_READ, MAP_SHARED,
	    fileno(r->spool), 0);
	if (map == MAP_FAILED)
		return mc_err_errno(err, "temporary file");
	r->map = map;
	return MC_OK;
}

size_t
mc_records_count(const struct mc_records *r)
{
	return r->n;
}

const void *
mc_records_at(const struct mc_records *r, size_t i)
{
	return r->map + start_of(r, i);
}

size_t
mc_records_size(const struct mc_records *r, size_t i)
{
	return start_of(r, i + 1) - start_of(r, i);
}
