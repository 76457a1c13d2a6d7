/* report_figures.c - the figures of mc-report. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/bidi.h"
#include "base/names.h"
#include "report.h"
#include "report/figure.h"
#include "report/gnuplot.h"
#include "table/tsv.h"

/* What a figure shows, for who cannot see it. */
static const struct {
	const char *figure, *title, *shows;
} kinds[] = {
	{ "roc", "ROC curves",
	    "sensitivity against 1 - specificity, one curve per arm" },
	{ "pr", "Precision-recall curves",
	    "precision against recall, one curve per arm" },
	{ "calibration", "Calibration",
	    "observed share against predicted probability, with the diagonal "
	    "of perfect calibration" },
	{ "decision", "Decision curves",
	    "net benefit against the threshold probability" },
	{ "distribution", "Predicted probabilities",
	    "how the probabilities are distributed, by label" },
	{ "confusion", "Confusion matrices",
	    "counts of images by label and prediction" },
	{ "power", "Power", "power, or width of the interval, against the sample size" },
	{ "differences", "Differences between arms",
	    "each difference with its interval, and a line at no difference" },
	{ "ranks", "Ranks of the arms",
	    "the mean rank of each arm; bars join arms that do not differ "
	    "significantly" },
	{ "forest", "Metrics of each arm",
	    "each estimate with its interval, one row per arm" },
	{ "subgroups", "Metrics in subgroups",
	    "each estimate with its interval, one row per subgroup" },
	{ "shares", "Learning curves",
	    "metrics against the number of training images" },
	{ "training", "Training", "loss and metrics by epoch" },
	{ "flow", "Flow of the images",
	    "the images found, those that each step left out, and those that "
	    "remained" },
};
#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

const struct mc_figure *
report_figure(const char *given, const char **table)
{
	const char *equals = strchr(given, '=');
	char *name;
	int i;

	*table = given;
	if (equals == NULL)
		return NULL;
	name = mc_xstrndup(given, (size_t)(equals - given));
	i = mc_opt_choice(mc_figure_names, name);
	if (i == MC_NOT_GIVEN)
		tool_usage("--figure: \"%s\" is no figure (see mc-plot "
		    "--help); a table whose name contains = needs its figure "
		    "in front", name);
	free(name);
	*table = equals + 1;
	return mc_figures[i];
}

/* --- What a table is about --------------------------------------------------- */

/* Append "; 3 tasks" or "; task Chest", of the COLUMN of T, read from PATH, if it has
   any. */
static enum mc_status
put_about(struct report *r, const struct mc_table *t, const char *path,
    const char *column, struct mc_buf *text, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	struct mc_buf unused = { 0 };
	int c = mc_table_find(t, column);
	struct mc_names *names = mc_names_alloc();
	size_t i;

	for (i = 0; c >= 0 && i < mc_table_rows(t); i++) {
		if (*mc_table_get(t, i, (size_t)c) != '\0')
			mc_names_add(names, mc_table_get(t, i, (size_t)c));
	}
	if (mc_names_count(names) == 1)
		mc_buf_printf(text, "; %s ", column);
	else if (mc_names_count(names) > 1)
		mc_buf_printf(text, "; %zu %ss", mc_names_count(names), column);
	for (i = 0; status == MC_OK && i < mc_names_count(names); i++)
		status = report_put_name(r, path, column, mc_names_at(names, i),
		    mc_names_count(names) == 1 ? text : &unused, err);
	mc_names_free(names);
	mc_buf_free(&unused);
	return status;
}

enum mc_status
report_describe(struct report *r, const struct mc_table *t, const char *path,
    const char *picture, struct mc_buf *text, struct mc_err *err)
{
	enum mc_status status;

	mc_buf_printf(text, "%zu %s%s%s", mc_table_rows(t),
	    picture != NULL ? picture : "row", MC_PLURAL(mc_table_rows(t)),
	    picture != NULL ? " (listed in " : " of ");
	mc_bidi_put_file(text, report_name(r, NULL, path));
	mc_buf_puts(text, picture != NULL ? ")" : "");
	status = put_about(r, t, path, "task", text, err);
	return status == MC_OK ? put_about(r, t, path, "arm", text, err) :
	    status;
}

/* --- Figures ----------------------------------------------------------------- */

/* Say what of the figure of PATH was left out for want of room: a line each. */
static void
warn_of_room(const char *path, const char *advice)
{
	size_t n;

	for (; *advice != '\0'; advice += n + (advice[n] == '\n')) {
		n = strcspn(advice, "\n");
		tool_warn("%s: %.*s: draw parts of the table", path, (int)n,
		    advice);
	}
}

/* Draw the table at PATH as mc-plot does; *FIGURE is chosen where it is NULL. */
static enum mc_status
draw(struct report *r, const struct mc_figure **figure, const char *path,
    struct mc_buf *svg, struct mc_buf *notes, struct mc_err *err)
{
	const struct mc_figure_style style = { .plot = {
	    .format = MC_PLOT_SVG, .width = 178, .font = "Helvetica",
	    .size = 8 }, .table = { .unit = r->style.unit,
	    .units = r->style.units, .percent = r->opts->decimals >= 0 ?
	    (int)r->opts->decimals : MC_FIGURE_DECIMALS } };
	struct mc_buf script = { 0 }, remarks = { 0 }, advice = { 0 };
	char *copy = mc_xstrdup(path);
	struct mc_rows *rows = NULL;
	enum mc_status status;
	double height;

	status = mc_figure_read(figure, &rows, &copy, 1, err);
	if (status == MC_OK)
		status = mc_printed_apply(r->printed, rows, err);
	if (status == MC_OK)
		status = mc_figure_draw(*figure, rows, &style, false, &script,
		    notes, &advice, &height, err);
	if (status == MC_OK && advice.len > 0)
		warn_of_room(path, advice.data);
	if (status == MC_OK)
		status = mc_gnuplot_run(&script, MC_PLOT_SVG, 300, svg,
		    &remarks, err);
	mc_rows_free(rows);
	mc_buf_free(&script);
	mc_buf_free(&remarks);
	mc_buf_free(&advice);
	free(copy);
	return status;
}

static enum mc_status
put_figure(struct report *r, const char *given, size_t number,
    struct mc_err *err)
{
	struct mc_buf svg = { 0 }, notes = { 0 }, words = { 0 };
	char *alt, *caption, *id;
	const struct mc_figure *figure;
	struct mc_table *table = NULL;
	enum mc_status status;
	const char *path;
	size_t file, k = 0;

	figure = report_figure(given, &path);
	mc_buf_puts(&notes, "");
	status = draw(r, &figure, path, &svg, &notes, err);
	if (status == MC_OK)
		status = mc_table_read(&table, path, err);
	if (status == MC_OK)
		status = report_take(r, NULL, path,
		    "table of a figure (mc-plot)", &file, err);
	if (status == MC_OK)
		status = report_describe(r, table, path, NULL, &words, err);
	if (status == MC_OK) {
		while (k < N_KINDS - 1 && strcmp(kinds[k].figure,
		    figure->name) != 0)
			k++;
		alt = mc_xasprintf("%s: %s. %s.", kinds[k].title,
		    kinds[k].shows, words.data);
		caption = mc_xasprintf("Figure %zu.  %s: %s.", number,
		    kinds[k].title, kinds[k].shows);
		id = mc_xasprintf("figure-%zu", number);
		mc_page_picture(r->page, id, MC_PAGE_SVG, svg.data, svg.len,
		    alt, caption, notes.data);
		mc_page_download(r->page, file);
		free(alt);
		free(caption);
		free(id);
	}
	mc_table_free(table);
	mc_buf_free(&svg);
	mc_buf_free(&notes);
	mc_buf_free(&words);
	return status;
}

enum mc_status
report_figures(struct report *r, struct mc_err *err)
{
	const char **given = r->opts->figures;
	enum mc_status status = MC_OK;
	size_t n = 0;

	if (given == NULL)
		return MC_OK;
	mc_page_section(r->page, "figures", "Figures");
	r->shown |= MC_SHOWS_FIGURES;
	for (; *given != NULL && status == MC_OK; given++)
		status = put_figure(r, *given, ++n, err);
	return status;
}
