/* records.c - keep records of one size in an unlinked temporary file. */
#include "config.h"

#include <sys/mman.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/out.h"
#include "base/records.h"

struct mc_records {
	size_t size, n;
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

void
mc_records_free(struct mc_records *r)
{
	if (r == NULL)
		return;
	if (r->map != NULL)
		munmap((void *)r->map, r->n * r->size);
	fclose(r->spool);
	free(r);
}

enum mc_status
mc_records_add(struct mc_records *r, const void *bytes, size_t n,
    struct mc_err *err)
{
	if (fwrite(bytes, r->size, n, r->spool) != n)
		return mc_err_errno(err, "temporary file (set TMPDIR to where "
		    "there is room)");
	r->n += n;
	return MC_OK;
}

enum mc_status
mc_records_map(struct mc_records *r, struct mc_err *err)
{
	enum mc_status status = mc_spool_rewind(r->spool, err);
	void *map;

	if (status != MC_OK || r->n == 0)
		return status;
	map = mmap(NULL, r->n * r->size, PROT_READ, MAP_SHARED,
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
	return r->map + i * r->size;
}
