/* unit_name.c - the options --unit-name and --names. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "unit_name.h"

void
unit_name_parse(const char *name, char **one, char **many)
{
	const char *comma;

	*one = *many = NULL;
	if (name == NULL)
		return;
	comma = strchr(name, ',');
	if (*name == '\0' || comma == name ||
	    (comma != NULL && (comma[1] == '\0' ||
	    strchr(comma + 1, ',') != NULL)))
		tool_usage("--unit-name: \"%s\" is not a name, or singular and "
		    "plural: biopsy,biopsies", name);
	*one = comma != NULL ? mc_xstrndup(name, (size_t)(comma - name)) :
	    mc_xstrdup(name);
	*many = comma != NULL ? mc_xstrdup(comma + 1) :
	    mc_xasprintf("%ss", name);
}

void
warn_unused_names(const struct mc_printed *printed)
{
	char *unused = mc_printed_unused(printed);

	if (unused != NULL)
		tool_warn("--names: %s", unused);
	free(unused);
}
