/* ranks.c - compute one thing in several processes. */
#include "config.h"

#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/ranks.h"

/* Where the module lies, from the folder of the program. */
#define MODULE "/../lib/mctools/mc-mpi.so"

/* Numbers that are added up at a time. */
#define AT_ONCE ((size_t)1 << 20)

struct mc_ranks {
	struct mc_transport by;
	double *mine, *got;	/* AT_ONCE numbers, and one for each rank */
	enum mc_status failed;		/* what has been agreed on, or MC_OK */
	struct mc_err err;
};

/* --- Joining and leaving --------------------------------------------------- */

struct mc_ranks *
mc_ranks_alloc(const struct mc_transport *transport)
{
	struct mc_ranks *r = mc_xcalloc(1, sizeof(*r));
	size_t most = AT_ONCE + (size_t)transport->count;

	r->by = *transport;
	r->mine = mc_xcalloc(most, sizeof(*r->mine));
	r->got = mc_xcalloc(most, sizeof(*r->got));
	return r;
}

/* The path of the module; NULL: the system does not say where the program is. */
static char *
module_path(void)
{
	char program[4096], *slash;
	ssize_t n = readlink("/proc/self/exe", program, sizeof(program) - 1);

	if (n < 0)
		return NULL;
	program[n] = '\0';
	slash = strrchr(program, '/');
	if (slash == NULL)
		return NULL;
	*slash = '\0';
	return mc_xasprintf("%s" MODULE, program);
}

enum mc_status
mc_ranks_join(struct mc_ranks **r, struct mc_err *err)
{
	const struct mc_transport *(*join)(void);
	char *path = module_path();
	void *symbol, *module;

	*r = NULL;
	if (path == NULL || access(path, R_OK) != 0) {
		mc_err_set(err, MC_EUSAGE, "%s: no such module: install an MPI "
		    "library with its headers, such as libopenmpi-dev, and "
		    "configure and build mctools anew",
		    path != NULL ? path : "mc-mpi.so");
		free(path);
		return err->status;
	}
	/* What MPI loads must find its own symbols. */
	module = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
	symbol = module != NULL ? dlsym(module, "mc_mpi_join") : NULL;
	free(path);
	if (symbol == NULL)
		return mc_err_set(err, MC_EIO, "%s", dlerror());
	memcpy(&join, &symbol, sizeof(join));
	*r = mc_ranks_alloc(join());
	return MC_OK;
}

void
mc_ranks_leave(struct mc_ranks *r)
{
	if (r == NULL)
		return;
	r->by.leave(r->by.arg);
	free(r->mine);
	free(r->got);
	free(r);
}

int
mc_ranks_own(const struct mc_ranks *r)
{
	return r != NULL ? r->by.own : 0;
}

int
mc_ranks_count(const struct mc_ranks *r)
{
	return r != NULL ? r->by.count : 1;
}

/* --- Agreeing -------------------------------------------------------------- */

/* What a rank tells the others. */
struct word {
	int32_t status, value;
};

/* Fetch the text of the error of rank FIRST, whose status is STATUS. */
static void
fail_all(struct mc_ranks *r, int first, enum mc_status status,
    const struct mc_err *err)
{
	size_t n = sizeof(err->text);
	char *all = mc_xcalloc((size_t)r->by.count, n);
	char none[sizeof(err->text)] = "";
	const char *text = all + (size_t)first * n;

	r->by.gather(r->by.arg, first == r->by.own ? err->text : none, all, n);
	if (first == 0)
		mc_err_set(&r->err, status, "%s", text);
	else
		mc_err_set(&r->err, status, "rank %d: %s", first, text);
	r->failed = status;
	free(all);
}

enum mc_status
mc_ranks_agree(struct mc_ranks *r, enum mc_status status, int *value,
    struct mc_err *err)
{
	struct word mine = { status, value != NULL ? *value : 0 }, *all;
	int i, first = -1, count;

	if (r == NULL)
		return status;
	count = r->by.count;
	all = mc_xcalloc((size_t)count, sizeof(*all));
	if (r->failed == MC_OK)
		r->by.gather(r->by.arg, &mine, all, sizeof(mine));
	for (i = 0; i < count && r->failed == MC_OK; i++) {
		if (all[i].status < 0 && first < 0)
			first = i;
		if (all[i].status == MC_END)
			status = MC_END;
		if (value != NULL && all[i].value > *value)
			*value = all[i].value;
	}
	if (first >= 0)
		fail_all(r, first, (enum mc_status)all[first].status, err);
	free(all);
	if (r->failed == MC_OK)
		return status;
	*err = r->err;
	return r->failed;
}

/* --- Sums ------------------------------------------------------------------ */

/*
 * Add up N numbers at X.  Rank i adds the ith part of them, and all get all of
 * these sums: each number is sent twice, however many ranks there are.
 */
static void
sum_some(struct mc_ranks *r, double *x, size_t n)
{
	size_t count = (size_t)r->by.count, part = (n + count - 1) / count;
	size_t i, k;

	memcpy(r->mine, x, n * sizeof(*x));
	memset(r->mine + n, 0, (part * count - n) * sizeof(*x));
	r->by.exchange(r->by.arg, r->mine, r->got, part * sizeof(*x));
	for (k = 1; k < count; k++) {
		for (i = 0; i < part; i++)
			r->got[i] += r->got[k * part + i];
	}
	r->by.gather(r->by.arg, r->got, r->mine, part * sizeof(*x));
	memcpy(x, r->mine, n * sizeof(*x));
}

void
mc_ranks_sum(struct mc_ranks *r, double *x, size_t n)
{
	size_t at;

	for (at = 0; r != NULL && at < n; at += AT_ONCE)
		sum_some(r, x + at, n - at < AT_ONCE ? n - at : AT_ONCE);
}

/* --- Texts ----------------------------------------------------------------- */

void
mc_ranks_first(struct mc_ranks *r, const struct mc_buf *ours,
    struct mc_buf *first)
{
	int own = mc_ranks_own(r), count = mc_ranks_count(r);
	size_t *length, most;
	char *all, *mine;

	if (r == NULL) {
		mc_buf_add(first, ours->data, ours->len);
		return;
	}
	length = mc_xcalloc((size_t)count, sizeof(*length));
	r->by.gather(r->by.arg, &ours->len, length, sizeof(*length));
	most = length[0];
	free(length);
	mine = mc_xcalloc(most, 1);
	all = mc_xcalloc(most, (size_t)count);
	if (own == 0 && most > 0)
		memcpy(mine, ours->data, most);
	r->by.gather(r->by.arg, mine, all, most);
	mc_buf_add(first, all, most);
	free(mine);
	free(all);
}
