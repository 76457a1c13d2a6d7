/*
 * unit_name.h - the options --unit-name and --names of programs that print for
 * readers.
 */
#ifndef UNIT_NAME_H
#define UNIT_NAME_H

#include <stddef.h>

#include "report/printed.h"
#include "tool.h"

/* The entry of an option table for the MEMBER of the struct O. */
#define UNIT_NAME(o, member) \
	{ "unit-name", 0, "ONE[,MANY]", "name of a group: patient, or " \
	    "biopsy,biopsies (default: group)", MC_STRING, \
	    offsetof(o, member), 0, 0, NULL }

/* The same of --names, whose MEMBER is the path that mc_printed_read takes. */
#define PRINTED_NAMES(o, member) \
	{ "names", 0, "FILE", "what to print for names: columns key and " \
	    "name", MC_INPUT, offsetof(o, member), 0, 0, NULL }

/*
 * Set *ONE and *MANY, which the caller frees, to the two forms of NAME: "biopsy"
 * and "biopsies" of "biopsy,biopsies", "patient" and "patients" of "patient", both
 * NULL of NULL.  Any other list is a usage error.
 */
void	unit_name_parse(const char *name, char **one, char **many);

/* Warn of keys of --names that are in no table. */
void	warn_unused_names(const struct mc_printed *printed);

#endif
