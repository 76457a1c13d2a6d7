/* part.c - divide a list among several runs of a program. */
#include "config.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/part.h"

#define MOST 1000000

enum mc_status
mc_part_parse(const char *text, int64_t *i, int64_t *n, struct mc_err *err)
{
	const char *slash = strchr(text, '/');
	char *number = slash != NULL ?
	    mc_xstrndup(text, (size_t)(slash - text)) : NULL;
	struct mc_err why;
	bool numbers = number != NULL &&
	    mc_parse_i64(number, 0, MOST, i, &why) == MC_OK &&
	    mc_parse_i64(slash + 1, 1, MOST, n, &why) == MC_OK;

	free(number);
	if (!numbers)
		return mc_err_set(err, MC_EDATA, "\"%s\" is not a part and "
		    "the number of parts, such as 3/64", text);
	return *i >= 1 && *i <= *n ? MC_OK : mc_err_set(err, MC_EDATA,
	    "\"%s\": parts are numbered from 1 to %lld", text,
	    (long long)*n);
}

void
mc_part_range(int64_t i, int64_t n, size_t items, size_t *first,
    size_t *count)
{
	size_t parts = (size_t)n, before = (size_t)i - 1;

	*first = before * items / parts;
	*count = (before + 1) * items / parts - *first;
}
