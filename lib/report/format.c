/* format.c - list the formats of tables. */
#include "config.h"

#include "report/format.h"

#define ADDRESS(name)	&mc_format_##name,
#define NAME(name)	#name,

const struct mc_format *const mc_formats[] = { MC_FORMATS(ADDRESS) NULL };
const char *const mc_format_names[] = { MC_FORMATS(NAME) NULL };
