/* sources.c - find the files of which the images of a manifest are made. */
#include "config.h"

#include <errno.h>
#include <unistd.h>

#include "base/mem.h"
#include "scan/address.h"
#include "scan/slices.h"
#include "sources.h"
#include "tool.h"

char *
sources_join(const char *base, const char *path)
{
	struct mc_slice slice;
	struct mc_err err;
	char *joined;

	if (mc_slice_is(path) && mc_slice_parse(&slice, base, path, &err) ==
	    MC_OK) {
		joined = mc_slice_print(&slice);
		mc_slice_clear(&slice);
		return joined;
	}
	if (base == NULL || path[0] == '/')
		return mc_xstrdup(path);
	return mc_xasprintf("%s/%s", base, path);
}

static void
declare_slice(const char *path)
{
	struct mc_slice slice;
	struct mc_err err;
	int i;

	if (mc_slice_parse(&slice, NULL, path, &err) != MC_OK)
		return;
	for (i = 0; i < slice.paths; i++)
		tool_reads(slice.path[i]);
	mc_slice_clear(&slice);
}

void
sources_declare(const char *path)
{
	struct mc_address a;
	struct mc_err err;

	if (mc_slice_is(path)) {
		declare_slice(path);
		return;
	}
	if (mc_address_parse(&a, path, &err) == MC_OK)
		tool_reads(a.path);
	mc_address_clear(&a);
}

bool
sources_lost(const char *path)
{
	return path[0] != '/' && access(path, F_OK) != 0 && errno == ENOENT;
}
