/* mc-plot - draw tables as figures for a paper. */
#include "config.h"

#include <sys/ioctl.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/num.h"
#include "report/figure.h"
#include "report/gnuplot.h"
#include "report/printed.h"
#include "only.h"
#include "tool.h"
#include "unit_name.h"

#define COLUMN		86.0	/* of a page of two columns, in millimetres */
#define PAGE		178.0	/* both of them */
#define HIGHEST		240.0	/* what a page has room for */
#define MOST_DOTS	32767	/* of a side of what cairo draws */
#define TERMINAL	80	/* columns of a terminal of unknown width */

struct options {
	struct mc_common common;
	const char *font, *metrics, *names, *unit_name, *width;
	const char **only;
	double font_size;
	int64_t decimals, dpi;
	int figure, format;
	bool no_notes, script;
};
#define AT(member) offsetof(struct options, member)

static const char *const formats[] = { "svg", "pdf", "png", "text", NULL };

static const struct mc_opt option_table[] = {
	{ "decimals", 0, "N", "decimals of percentages; other metrics have "
	    "one more (default 1)", MC_INTEGER, AT(decimals), 0, 9, NULL },
	{ "dpi", 0, "N", "PNG: dots per inch (default 300)", MC_INTEGER,
	    AT(dpi), 72, 1200, NULL },
	{ "figure", 0, NULL, "figure (default: the first that the table "
	    "suits)", MC_CHOICE, AT(figure), 0, 0, mc_figure_names },
	{ "font", 0, "NAME", "font (default Helvetica)", MC_STRING, AT(font),
	    0, 0, NULL },
	{ "font-size", 0, "POINTS", "size of the text as printed (default 8)",
	    MC_REAL, AT(font_size), 4, 24, NULL },
	{ "format", 0, NULL, "format (default: from the ending of --output; "
	    "text on a terminal, else svg)", MC_CHOICE, AT(format), 0, 0,
	    formats },
	{ "metrics", 0, "LIST",
	    "metrics (default: all but those of several classes)",
	    MC_STRING, AT(metrics), 0, 0, NULL },
	PRINTED_NAMES(struct options, names),
	{ "no-notes", 0, NULL, "print what is below the figure to standard "
	    "error, for the caption", MC_FLAG, AT(no_notes), 0, 0, NULL },
	{ "only", 0, "COLUMN=VALUE", "draw only the rows with this value; may be "
	    "repeated", MC_STRINGS, AT(only), 0, 0, NULL },
	{ "script", 0, NULL, "write the script for gnuplot instead of the "
	    "figure", MC_FLAG, AT(script), 0, 0, NULL },
	UNIT_NAME(struct options, unit_name),
	{ "width", 0, "WIDTH", "width: column (86 mm, the default), page "
	    "(178 mm), or millimetres", MC_STRING, AT(width), 0, 0, NULL },
	{ 0 }
};

static const struct mc_prog prog = {
	"mc-plot",
	"[OPTION]... [TABLE]...",
	"Draw curves, metrics and differences as figures for a paper.",
	option_table, true
};

static char standard_input[] = "-";

/* What run() works with. */
struct program {
	const struct options *opts;
	struct mc_figure_style style;
	struct only *only;	/* n_only */
	size_t n_only;
	struct mc_buf output;
};

/* --- Arguments ------------------------------------------------------------ */

/* Whether the output is a terminal. */
static bool
is_shown(const struct options *opts)
{
	return (opts->common.output == NULL ||
	    strcmp(opts->common.output, "-") == 0) && isatty(STDOUT_FILENO);
}

/* The format that the ending of PATH names, or MC_NOT_GIVEN. */
static int
format_of(const char *path)
{
	const char *dot = path != NULL ? strrchr(path, '.') : NULL;

	if (dot == NULL)
		return MC_NOT_GIVEN;
	if (strcmp(dot, ".txt") == 0)
		return MC_PLOT_TEXT;
	return mc_opt_choice(formats, dot + 1);
}

static enum mc_plot_format
choose_format(const struct options *opts)
{
	const char *output = opts->common.output;
	int ending = format_of(output);

	if (opts->format != MC_NOT_GIVEN)
		return (enum mc_plot_format)opts->format;
	if (ending != MC_NOT_GIVEN)
		return (enum mc_plot_format)ending;
	if (output == NULL || strcmp(output, "-") == 0)
		return is_shown(opts) && !opts->script ? MC_PLOT_TEXT :
		    MC_PLOT_SVG;
	if (!opts->script)
		tool_usage("--output: the ending of \"%s\" names no format: "
		    "give --format, or .svg, .pdf, .png or .txt", output);
	return MC_PLOT_SVG;
}

/* The width of a figure as text. */
static double
terminal_width(void)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO) ||
	    ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 40)
		return TERMINAL;
	return size.ws_col > 160 ? 160 : size.ws_col;
}

/* The width that --width asks for, in millimetres. */
static double
parse_width(const char *text)
{
	struct mc_err why;
	double width;

	if (text == NULL || strcmp(text, "column") == 0)
		return COLUMN;
	if (strcmp(text, "page") == 0)
		return PAGE;
	if (mc_parse_f64(text, 40, 1000, &width, &why) != MC_OK)
		tool_usage("--width: %s: give column, page, or 40 to 1000 "
		    "millimetres", why.text);
	return width;
}

static void
check_args(struct program *program)
{
	const struct options *opts = program->opts;
	struct mc_plot_style *plot = &program->style.plot;

	if (opts->names != NULL && strcmp(opts->names, standard_input) == 0)
		tool_usage("--names: give a file: standard input is for tables");
	plot->format = choose_format(opts);
	plot->font = opts->font != NULL ? opts->font : "Helvetica";
	plot->size = opts->font_size;
	plot->dpi = opts->dpi > 0 ? opts->dpi : 300;
	if (*plot->font == '\0' || plot->font[strcspn(plot->font, ",:")] !=
	    '\0')
		tool_usage("--font: \"%s\": give the name of one font; its "
		    "size is --font-size", plot->font);
	if (opts->dpi > 0 && plot->format != MC_PLOT_PNG)
		tool_usage("--dpi applies only to PNG");
	if (plot->format == MC_PLOT_TEXT && opts->width != NULL)
		tool_usage("--width: text is as wide as the terminal");
	if (plot->format == MC_PLOT_TEXT)
		plot->width = terminal_width();
	else
		plot->width = parse_width(opts->width);
	if ((plot->format == MC_PLOT_PDF || plot->format == MC_PLOT_PNG) &&
	    is_shown(opts) && !opts->script)
		tool_usage("standard output is a terminal: give --output FILE, "
		    "or --format text");
}

/* --- The program ---------------------------------------------------------- */

/* Have SCRIPT drawn, unless it is what was asked for. */
static enum mc_status
draw(struct program *program, struct mc_buf *script, struct mc_err *err)
{
	const struct mc_plot_style *plot = &program->style.plot;
	struct mc_buf remarks = { 0 };
	enum mc_status status;

	if (program->opts->script) {
		mc_buf_add(&program->output, script->data, script->len);
		return MC_OK;
	}
	status = mc_gnuplot_run(script, plot->format, plot->dpi,
	    &program->output, &remarks, err);
	if (status == MC_OK && remarks.len > 0)
		tool_say("gnuplot says: %.*s", (int)strcspn(remarks.data +
		    strspn(remarks.data, "\n "), "\n"), remarks.data +
		    strspn(remarks.data, "\n "));
	mc_buf_free(&remarks);
	return status;
}

/* Warn of what ADVICE, in lines, says is not drawn for want of room. */
static void
warn_of_room(const struct program *program, const char *advice)
{
	const struct mc_plot_style *plot = &program->style.plot;
	const char *remedy = plot->format == MC_PLOT_TEXT ?
	    "widen the terminal" : plot->width < PAGE ? "give --width page" :
	    "give a larger --width or a smaller --font-size";
	size_t n;

	for (; *advice != '\0'; advice += n + 1) {
		n = strcspn(advice, "\n");
		tool_warn("%.*s: %s", (int)n, advice, remedy);
	}
}

/* Warn that FIGURE, which is HEIGHT high, does not fit a page. */
static void
warn_of_height(const struct program *program, const struct mc_figure *figure,
    double height)
{
	bool has_metrics = figure->schema == &mc_metrics_schema ||
	    figure->schema == &mc_differences_schema;

	tool_warn("the figure is %.0f mm high, and a page has room for %.0f "
	    "mm: %sdraw parts of the table (--only)%s", height, HIGHEST, has_metrics ?
	    "choose fewer metrics (--metrics) or " : "",
	    program->style.plot.width < PAGE ? ", or give --width page" : "");
}

/* Check that a PNG of a figure HEIGHT high can be. */
static enum mc_status
check_height(const struct program *program, double height,
    struct mc_err *err)
{
	const struct mc_plot_style *plot = &program->style.plot;

	if (plot->format != MC_PLOT_PNG || program->opts->script ||
	    height / 25.4 * (double)plot->dpi <= MOST_DOTS)
		return MC_OK;
	return mc_err_set(err, MC_EDATA, "the figure is %.0f mm high, more "
	    "than a PNG can be at %lld dots per inch: draw parts of the "
	    "table (--only), or give a smaller --dpi or a PDF", height,
	    (long long)plot->dpi);
}

static enum mc_status
make_figure(struct program *program, const struct mc_figure *figure,
    struct mc_rows *rows, struct mc_err *err)
{
	struct mc_buf script = { 0 }, notes = { 0 }, advice = { 0 };
	enum mc_status status;
	double height = 0;

	tool_say("figure: %s, rows: %zu", figure->name, mc_rows_count(rows));
	status = mc_figure_draw(figure, rows, &program->style,
	    !program->opts->no_notes, &script, &notes, &advice,
	    &height, err);
	if (status == MC_OK)
		status = check_height(program, height, err);
	if (status == MC_OK && advice.len > 0)
		warn_of_room(program, advice.data);
	if (status == MC_OK && height > HIGHEST)
		warn_of_height(program, figure, height);
	if (status == MC_OK)
		status = draw(program, &script, err);
	if (status == MC_OK && program->opts->no_notes && notes.len > 0)
		tool_warn("%s", notes.data);
	mc_buf_free(&script);
	mc_buf_free(&notes);
	mc_buf_free(&advice);
	return status;
}

/* Whether TEXT is as ARG says: for mc_rows_keep. */
static bool
is_only(void *arg, const char *text)
{
	return only_is(arg, text);
}

/* Keep each row, and note its value: for mc_rows_keep. */
static bool
note_only(void *arg, const char *text)
{
	only_is(arg, text);
	return true;
}

/* Leave the rows of ROWS that are as --only says. */
static enum mc_status
keep_only(struct program *program, struct mc_rows *rows, struct mc_err *err)
{
	struct only *only = program->only;
	size_t i;

	/* What is there is asked of all rows, not of those that remain. */
	for (i = 0; i < program->n_only; i++) {
		if (!mc_rows_keep(rows, only[i].column, note_only, &only[i]))
			return mc_err_set(err, MC_EUSAGE, "--only %s=%s: %s has no "
			    "column \"%s\"", only[i].column, only[i].value,
			    mc_rows_name(rows, 0), only[i].column);
	}
	for (i = 0; i < program->n_only; i++)
		mc_rows_keep(rows, only[i].column, is_only, &only[i]);
	return program->n_only == 0 || mc_rows_count(rows) > 0 ? MC_OK :
	    only_none(only, program->n_only, mc_rows_name(rows, 0), "row", err);
}

static enum mc_status
run(struct program *program, char *const *paths, size_t n,
    struct mc_err *err)
{
	const struct mc_figure *figure = NULL;
	char *const standard_paths[] = { standard_input };
	struct mc_printed *printed = NULL;
	struct mc_rows *rows = NULL;
	enum mc_status status;

	if (program->opts->figure != MC_NOT_GIVEN)
		figure = mc_figures[program->opts->figure];
	if (n == 0) {
		paths = standard_paths;
		n = 1;
	}
	status = mc_printed_read(&printed, program->opts->names, true, err);
	if (status == MC_OK)
		status = mc_figure_read(&figure, &rows, paths, n, err);
	if (status == MC_OK)
		status = keep_only(program, rows, err);
	if (status == MC_OK)
		status = mc_printed_apply(printed, rows, err);
	if (status == MC_OK)
		status = make_figure(program, figure, rows, err);
	if (status == MC_OK)
		status = tool_write_text(program->opts->common.output,
		    &program->output, err);
	if (status == MC_OK)
		warn_unused_names(printed);
	mc_rows_free(rows);
	mc_printed_free(printed);
	return status;
}

int
main(int argc, char **argv)
{
	struct options opts = { .figure = MC_NOT_GIVEN,
	    .format = MC_NOT_GIVEN, .font_size = 8,
	    .decimals = MC_FIGURE_DECIMALS };
	struct program program = { .opts = &opts };
	char *one, *many;
	enum mc_status status;
	struct mc_err err;
	int operands;

	operands = tool_start(&prog, argc, argv, &opts);
	check_args(&program);
	while (opts.only != NULL && opts.only[program.n_only] != NULL)
		program.n_only++;
	program.only = only_parse(opts.only, program.n_only, false);
	unit_name_parse(opts.unit_name, &one, &many);
	program.style.table.unit = one;
	program.style.table.units = many;
	program.style.table.metrics = opts.metrics;
	program.style.table.percent = (int)opts.decimals;
	status = run(&program, argv + operands, (size_t)(argc - operands),
	    &err);
	only_free(program.only, program.n_only);
	free(opts.only);
	mc_buf_free(&program.output);
	free(one);
	free(many);
	return tool_end(status, &err);
}
