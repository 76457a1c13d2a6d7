/* format.c - the formats of tables. */
#include "config.h"

#include "report/format.h"

const struct mc_format *const mc_formats[] = {
	&mc_format_latex, &mc_format_markdown, &mc_format_html, &mc_format_tsv,
	NULL
};
