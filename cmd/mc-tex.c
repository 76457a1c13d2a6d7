/* mc-tex - print the tables of a paper. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/characteristics.h"
#include "report/columns.h"
#include "report/comparisons.h"
#include "report/format.h"
#include "report/printed.h"
#include "report/results.h"
#include "tool.h"
#include "unit_name.h"

struct options {
	struct mc_common common;
	struct mc_table_style style;
	struct mc_layout layout;
	const char *columns, *rows;
	const char *differences, *medians, *names, *population, *unit_name;
	int across;		/* enum mc_across */
	int64_t decimals;
	double alpha;		/* -1: not given */
	int format;		/* of mc_formats */
	int order;		/* enum mc_line_order */
	bool standalone;
};
#define AT(member) offsetof(struct options, member)

static const struct mc_opt option_table[] = {
	{ "across", 0, NULL, "columns of --population (default: the splits, if "
	    "there are any)", MC_CHOICE, AT(across), 0, 0,
	    MC_WORDS("split", "label") },
	{ "alpha", 0, "X", "mark results whose p, adjusted where it is, is at most "
	    "X in --differences; 0: none (default 0.05)", MC_REAL, AT(alpha), 0,
	    1, NULL },
	{ "caption", 0, "TEXT", "caption of the table (default: none)",
	    MC_STRING, AT(style.caption), 0, 0, NULL },
	{ "columns", 0, "LIST", "keys of the columns of METRICS, the outermost "
	    "first (default metric)", MC_STRING, AT(columns), 0, 0, NULL },
	{ "decimals", 0, "N", "decimals of percentages; other metrics have "
	    "one more (default: by the widths of the intervals; of --population "
	    "1)", MC_INTEGER, AT(decimals),
	    0, 9, NULL },
	{ "differences", 0, "FILE",
	    "also print this table of differences (default: none)",
	    MC_INPUT, AT(differences), 0, 0, NULL },
	{ "format", 0, NULL, "output format (default latex)", MC_CHOICE,
	    AT(format), 0, 0, mc_format_names },
	{ "label", 0, "NAME",
	    "label of the table in LaTeX, id in HTML (default: none)",
	    MC_STRING, AT(style.label), 0, 0, NULL },
	{ "medians", 0, "LIST", "columns of --population shown as median and "
	    "quartiles; * is all", MC_STRING, AT(medians), 0, 0, NULL },
	{ "metrics", 0, "LIST",
	    "metrics (default: all but those of several classes)",
	    MC_STRING, AT(style.metrics), 0, 0, NULL },
	PRINTED_NAMES(struct options, names),
	{ "order", 0, NULL, "order of the lines: their names, the order "
	    "given, the best first, or as in --names (default name)",
	    MC_CHOICE, AT(order), 0, 0,
	    MC_WORDS("name", "given", "estimate", "names") },
	{ "population", 0, "FILE", "print this table of mc-describe instead, as "
	    "characteristics of the study", MC_INPUT, AT(population), 0, 0,
	    NULL },
	{ "rows", 0, "LIST", "keys of the rows of METRICS (default: task, model, "
	    "regime, and what else tells rows apart)", MC_STRING, AT(rows), 0,
	    0, NULL },
	{ "standalone", 0, NULL,
	    "print a whole LaTeX or HTML document (default: only the table)",
	    MC_FLAG, AT(standalone), 0, 0, NULL },
	UNIT_NAME(struct options, unit_name),
	{ 0 }
};

static const struct mc_prog prog = {
	"mc-tex",
	"[OPTION]... [METRICS]...",
	"Print metrics, and differences between arms, as tables for a paper.",
	option_table, true
};

static char standard_input[] = "-";

/* A usage error where TEXT, the argument of OPTION, cannot be printed. */
static void
check_text(const char *option, const char *text)
{
	const char *s = text;

	while (*s != '\0') {
		size_t n = mc_printable(s);

		/* Control characters are printed as blanks. */
		if (n == 0 && (unsigned char)*s >= 0x80)
			tool_usage("--%s: bytes that are not UTF-8: convert "
			    "the text, as with iconv -f latin1 -t utf8",
			    option);
		s += n > 0 ? n : 1;
	}
}

/* What goes with --population, and what does not. */
static void
check_population(const struct options *opts, size_t n)
{
	if (opts->population == NULL && (opts->medians != NULL ||
	    opts->across != MC_NOT_GIVEN))
		tool_usage("--across and --medians are for --population, which "
		    "is not given");
	if (opts->population != NULL && (n > 0 || opts->differences != NULL ||
	    opts->style.metrics != NULL))
		tool_usage("--population prints another table: METRICS, "
		    "--differences and --metrics have no effect on it");
}

/* --rows and --columns are of METRICS. */
static void
check_layout(struct options *opts, size_t n)
{
	struct mc_err err;

	if (opts->rows == NULL && opts->columns == NULL)
		return;
	if (opts->population != NULL || (n == 0 && opts->differences != NULL))
		tool_usage("--rows and --columns are of the table of METRICS, "
		    "which is not printed");
	if (mc_layout_read(&opts->layout, opts->rows, opts->columns, &err) !=
	    MC_OK)
		tool_usage("%s", err.text);
	opts->style.layout = &opts->layout;
}

/* --order is of the lines of METRICS and of --differences. */
static void
check_order(const struct options *opts)
{
	if (opts->order == MC_NOT_GIVEN)
		return;
	if (opts->population != NULL)
		tool_usage("--order has no effect on --population");
	if (opts->order == MC_ORDER_NAMES && opts->names == NULL)
		tool_usage("--order names is the order of the keys of --names, "
		    "which is not given");
}

static void
check_args(struct options *opts, char *const *paths, size_t n)
{
	const struct mc_format *format = mc_formats[opts->format];
	const char *label = opts->style.label;
	size_t i;

	check_population(opts, n);
	check_order(opts);
	check_layout(opts, n);
	if (opts->alpha < 0)
		opts->alpha = 0.05;
	else if (n == 0 || opts->differences == NULL)
		tool_usage("--alpha marks METRICS by --differences, which are not "
		    "both given");
	if (opts->style.caption != NULL) {
		check_text("caption", opts->style.caption);
		if (opts->style.caption[strspn(opts->style.caption, " \t\n")]
		    == '\0')
			tool_usage("--caption: empty: leave the option out for "
			    "a table without a caption");
	}
	if (opts->names != NULL && strcmp(opts->names, standard_input) == 0)
		tool_usage("--names: give a file: standard input is for tables");
	if (opts->unit_name != NULL)
		check_text("unit-name", opts->unit_name);
	/* It is printed as it is, so it may hold nothing that acts. */
	if (label != NULL && (*label == '\0' || label[strspn(label,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789:.-")] != '\0'))
		tool_usage("--label: \"%s\": only letters, digits, and : . -",
		    label);
	if (label != NULL && opts->style.caption == NULL &&
	    format == &mc_format_latex)
		tool_warn("--label: without --caption, \\ref gives the number "
		    "of the section, not of the table");
	if (label != NULL && !format->has_labels)
		tool_usage("--label: a table in %s has none",
		    mc_format_names[opts->format]);
	if (opts->standalone && !format->has_pages)
		tool_usage("--standalone: %s has no frame around its tables",
		    mc_format_names[opts->format]);
	for (i = 0; i < n && opts->differences != NULL; i++) {
		if (strcmp(opts->differences, standard_input) == 0 &&
		    strcmp(paths[i], standard_input) == 0)
			tool_usage("standard input can be METRICS or "
			    "--differences, not both");
	}
}

/* Append a table, which is freed. */
static void
print_grid(const struct options *opts, struct mc_grid *g,
    struct mc_buf *text)
{
	if (g != NULL)
		mc_formats[opts->format]->table(g, text);
	mc_grid_free(g);
}

/* Read the tables of SCHEMA at the N paths, whose names become those of print;
   WHAT they are is said. */
static enum mc_status
read_tables(struct mc_rows **r, const struct mc_schema *schema,
    const char *what, char *const *paths, size_t n,
    struct mc_printed *printed, struct mc_err *err)
{
	enum mc_status status = mc_rows_read(r, schema, paths, n, err);

	if (status != MC_OK)
		return status;
	tool_say("rows of %s: %zu", what, mc_rows_count(*r));
	return mc_printed_apply(printed, *r, err);
}

/* Append the table of results of M, marked by the differences D, if any. */
static enum mc_status
add_results(const struct options *opts, struct mc_printed *printed,
    struct mc_rows *m, struct mc_rows *d, struct mc_buf *text,
    struct mc_err *err)
{
	struct mc_table_style style = opts->style;
	struct mc_grid *g = NULL;
	enum mc_status status;

	style.names = printed;
	if (opts->alpha != 0)
		style.differences = d;
	status = mc_results_grid(m, &style, &g, err);
	print_grid(opts, g, text);
	return status;
}

/*
 * Append the table of the differences D.  Where it is the second it may lack
 * metrics of the first, and takes its caption and label from it.
 */
static enum mc_status
add_differences(const struct options *opts, struct mc_printed *printed,
    struct mc_rows *d, bool second, struct mc_buf *text, struct mc_err *err)
{
	struct mc_table_style style = opts->style;
	char *caption = NULL, *label = NULL;
	struct mc_grid *g = NULL;
	enum mc_status status;

	style.names = printed;
	if (second && style.caption != NULL)
		style.caption = caption = mc_xasprintf("%s (differences)",
		    style.caption);
	if (second && style.label != NULL)
		style.label = label = mc_xasprintf("%s-differences",
		    style.label);
	status = mc_comparisons_grid(d, &style, second, &g, err);
	print_grid(opts, g, text);
	free(caption);
	free(label);
	return status;
}

/* Append the tables of the N files of metrics at PATHS and of --differences. */
static enum mc_status
add_tables(const struct options *opts, struct mc_printed *printed,
    char *const *paths, size_t n, struct mc_buf *text, struct mc_err *err)
{
	char *path = opts->differences != NULL ?
	    mc_xstrdup(opts->differences) : NULL;
	struct mc_rows *m = NULL, *d = NULL;
	enum mc_status status = MC_OK;

	if (n > 0)
		status = read_tables(&m, &mc_metrics_schema, "metrics", paths,
		    n, printed, err);
	if (status == MC_OK && path != NULL)
		status = read_tables(&d, &mc_differences_schema,
		    "differences", &path, 1, printed, err);
	if (status == MC_OK && n > 0)
		status = add_results(opts, printed, m, d, text, err);
	if (status == MC_OK && d != NULL)
		status = add_differences(opts, printed, d, n > 0, text, err);
	mc_rows_free(m);
	mc_rows_free(d);
	free(path);
	return status;
}

/* Append the table of --population. */
static enum mc_status
add_population(const struct options *opts, struct mc_printed *printed,
    struct mc_buf *text, struct mc_err *err)
{
	char *path = mc_xstrdup(opts->population);
	struct mc_rows *p = NULL;
	struct mc_grid *g = NULL;
	enum mc_status status;

	status = mc_rows_read(&p, &mc_population_schema, &path, 1, err);
	if (status == MC_OK) {
		tool_say("rows of the population: %zu", mc_rows_count(p));
		status = mc_characteristics_grid(p, opts->across ==
		    MC_NOT_GIVEN ? MC_ACROSS_DEFAULT : opts->across == 0 ?
		    MC_ACROSS_SPLIT : MC_ACROSS_LABEL, opts->medians, printed,
		    &opts->style, &g, err);
	}
	print_grid(opts, g, text);
	mc_rows_free(p);
	free(path);
	return status;
}

static enum mc_status
run(const struct options *opts, char *const *paths, size_t n,
    struct mc_err *err)
{
	const struct mc_format *format = mc_formats[opts->format];
	char *const standard_paths[] = { standard_input };
	struct mc_printed *printed = NULL;
	struct mc_buf text = { 0 };
	enum mc_status status;

	status = mc_printed_read(&printed, opts->names, !format->is_data, err);
	if (status != MC_OK)
		return status;
	if (n == 0 && opts->differences == NULL && opts->population == NULL) {
		paths = standard_paths;
		n = 1;
	}
	if (format->begin != NULL)
		format->begin(opts->standalone, opts->style.caption, &text);
	if (opts->population != NULL)
		status = add_population(opts, printed, &text, err);
	else
		status = add_tables(opts, printed, paths, n, &text, err);
	if (format->end != NULL)
		format->end(opts->standalone, &text);
	if (status == MC_OK)
		status = tool_write_text(opts->common.output, &text, err);
	if (status == MC_OK)
		warn_unused_names(printed);
	mc_printed_free(printed);
	mc_buf_free(&text);
	return status;
}

int
main(int argc, char **argv)
{
	struct options opts = { .across = MC_NOT_GIVEN, .decimals = -1,
	    .order = MC_NOT_GIVEN, .alpha = -1 };
	char *one, *many;
	enum mc_status status;
	struct mc_err err;
	char *const *paths;
	int operands;
	size_t n;

	operands = tool_start(&prog, argc, argv, &opts);
	paths = argv + operands;
	n = (size_t)(argc - operands);
	check_args(&opts, paths, n);
	opts.style.order = opts.order == MC_NOT_GIVEN ? MC_ORDER_NAME :
	    (enum mc_line_order)opts.order;
	opts.style.alpha = opts.alpha;
	opts.style.bold = mc_formats[opts.format]->has_bold;
	opts.style.percent = opts.decimals >= 0 ? (int)opts.decimals :
	    opts.population != NULL ? 1 : MC_BY_WIDTH;
	unit_name_parse(opts.unit_name, &one, &many);
	opts.style.unit = one;
	opts.style.units = many;
	status = run(&opts, paths, n, &err);
	free(one);
	free(many);
	return tool_end(status, &err);
}
