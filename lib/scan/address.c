/* address.c - name one picture of a file that holds several. */
#include "config.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/num.h"
#include "scan/address.h"

#define FRAME "#frame="

/* Where the last FRAME of TEXT begins; NULL: it has none. */
static const char *
find_frame(const char *text)
{
	const char *hash = strrchr(text, '#');

	return hash != NULL && hash != text &&
	    strncmp(hash, FRAME, strlen(FRAME)) == 0 ? hash : NULL;
}

enum mc_status
mc_address_parse(struct mc_address *a, const char *text, struct mc_err *err)
{
	const char *hash = find_frame(text);
	bool whole = hash != NULL && access(text, F_OK) == 0;
	enum mc_status status = MC_OK;
	struct mc_err why;

	memset(a, 0, sizeof(*a));
	a->path = hash == NULL ? mc_xstrdup(text) :
	    mc_xstrndup(text, (size_t)(hash - text));
	if (whole && access(a->path, F_OK) != 0) {
		free(a->path);
		a->path = mc_xstrdup(text);
		return MC_OK;
	}
	if (whole)
		status = mc_err_set(err, MC_EDATA, "%s: the name of a file, "
		    "and also a frame of %s: rename one of them", text,
		    a->path);
	else if (hash != NULL && mc_parse_i64(hash + strlen(FRAME), 1,
	    INT32_MAX, &a->frame, &why) != MC_OK)
		status = mc_err_set(err, MC_EDATA, "%s: after \"" FRAME "\" "
		    "%s: frames are counted from 1", text, why.text);
	if (status != MC_OK)
		mc_address_clear(a);
	return status;
}

void
mc_address_clear(struct mc_address *a)
{
	free(a->path);
	memset(a, 0, sizeof(*a));
}

char *
mc_address_print(const char *path, int64_t frame)
{
	if (frame == 0)
		return mc_xstrdup(path);
	return mc_xasprintf("%s" FRAME "%lld", path, (long long)frame);
}
