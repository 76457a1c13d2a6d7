/* report_figures.c - the figures and pictures of mc-report. */
#include "config.h"

#include <ctype.h>
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
	    "sensitivity over 1 - specificity, a curve per arm" },
	{ "pr", "Precision-recall curves",
	    "precision over recall, a curve per arm" },
	{ "calibration", "Calibration",
	    "observed share over predicted probability, with the diagonal of "
	    "perfect calibration" },
	{ "decision", "Decision curves",
	    "net benefit over the threshold probability" },
	{ "distribution", "Predicted probabilities",
	    "how the probabilities are distributed, by label" },
	{ "confusion", "Confusion matrices",
	    "counts of images by label and prediction" },
	{ "power", "Power", "power or width over the sample size" },
	{ "differences", "Differences between arms",
	    "each difference with its interval, beside the line of no "
	    "difference" },
	{ "ranks", "Ranks of the arms",
	    "the mean rank of each arm, and which do not differ" },
	{ "forest", "Metrics of each arm",
	    "each estimate with its interval, a row per arm" },
	{ "subgroups", "Metrics in subgroups",
	    "each estimate with its interval, a row per subgroup" },
	{ "shares", "Learning curves",
	    "metrics over the number of training images" },
	{ "training", "Training", "loss and metrics over the epochs" },
	{ "flow", "Flow of the images",
	    "what was found, what each step left out, and what remained" },
};
#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* FIGURE=TABLE or TABLE; *PATH is in GIVEN; NULL: the first that it suits. */
static const struct mc_figure *
parse_figure(const char *given, const char **path)
{
	const char *equals = strchr(given, '=');
	char *name;
	int i;

	*path = given;
	if (equals == NULL)
		return NULL;
	name = mc_xstrndup(given, (size_t)(equals - given));
	i = mc_opt_choice(mc_figure_names, name);
	if (i == MC_NOT_GIVEN)
		tool_usage("--figure: \"%s\" is no figure (see mc-plot "
		    "--help); a table whose name contains = needs its figure "
		    "in front", name);
	free(name);
	*path = equals + 1;
	return mc_figures[i];
}

void
report_check_figures(const struct report_options *opts)
{
	const char **given = opts->figures, *path;

	for (; given != NULL && *given != NULL; given++) {
		parse_figure(*given, &path);
		if (strcmp(path, "-") == 0)
			tool_usage("--figure: standard input cannot be read "
			    "twice: give a file");
		tool_reads(path);
	}
}

/* --- What a table is about --------------------------------------------------- */

/* Append ", 3 tasks" or ", task chest", of the COLUMN of T, if it has any. */
static void
put_about(const struct mc_table *t, const char *column, const char *word,
    struct mc_buf *text)
{
	int c = mc_table_find(t, column);
	struct mc_names *names = mc_names_alloc();
	size_t i;

	for (i = 0; c >= 0 && i < mc_table_rows(t); i++) {
		if (*mc_table_get(t, i, (size_t)c) != '\0')
			mc_names_add(names, mc_table_get(t, i, (size_t)c));
	}
	if (mc_names_count(names) == 1) {
		mc_buf_printf(text, ", %s ", word);
		mc_bidi_put(text, mc_names_at(names, 0));
	} else if (mc_names_count(names) > 1) {
		mc_buf_printf(text, ", %zu %ss", mc_names_count(names), word);
	}
	mc_names_free(names);
}

/* The list of a sheet of mc-montage, or the table of the maps of mc-explain. */
static bool
is_of_pictures(const struct mc_table *t)
{
	return (mc_table_find(t, "sheet") >= 0 &&
	    mc_table_find(t, "show") >= 0) ||
	    (mc_table_find(t, "map") >= 0 && mc_table_find(t, "overlay") >= 0);
}

/* Check that T, read from PATH, is of pictures, and of MISTAKES alone. */
static enum mc_status
check_pictures(const struct mc_table *t, const char *path, bool mistakes,
    struct mc_err *err)
{
	int c = mc_table_find(t, "show");
	size_t i;

	if (!is_of_pictures(t))
		return mc_err_at(err, MC_EDATA, path, 1, "no table of "
		    "pictures: give --list of mc-montage, or maps.tsv of "
		    "mc-explain");
	for (i = 0; mistakes && c >= 0 && i < mc_table_rows(t); i++) {
		if (strcmp(mc_table_get(t, i, (size_t)c), "mistakes") != 0)
			return mc_err_at(err, MC_EDATA, path,
			    mc_table_line(t, i), "column \"show\": \"%s\": "
			    "not an image that was shown as a mistake: give a "
			    "sheet of mc-montage --show mistakes",
			    mc_table_get(t, i, (size_t)c));
	}
	return MC_OK;
}

/* What the table of a picture must be. */
enum table_kind { OF_FIGURE, OF_MISTAKES, OF_EXPLANATIONS };

/* "75 rows of metrics.tsv, 3 tasks, 5 arms"; the caller frees it. */
static enum mc_status
describe_table(const char *path, enum table_kind kind, char **words,
    struct mc_err *err)
{
	struct mc_table *t = NULL;
	struct mc_buf text = { 0 };
	enum mc_status status = mc_table_read(&t, path, err);

	*words = NULL;
	if (status == MC_OK && kind != OF_FIGURE)
		status = check_pictures(t, path, kind == OF_MISTAKES, err);
	if (status != MC_OK) {
		mc_table_free(t);
		return status;
	}
	mc_buf_printf(&text, "%zu row%s of ", mc_table_rows(t),
	    MC_PLURAL(mc_table_rows(t)));
	mc_bidi_put(&text, report_base(path));
	put_about(t, "task", "task", &text);
	put_about(t, "arm", "arm", &text);
	put_about(t, "show", "kind", &text);
	put_about(t, "method", "method", &text);
	mc_table_free(t);
	*words = text.data;
	return MC_OK;
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
	    .units = r->style.units, .percent = r->style.percent } };
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
	struct mc_buf svg = { 0 }, notes = { 0 };
	char *words = NULL, *alt, *caption, *id;
	const struct mc_figure *figure;
	enum mc_status status;
	const char *path;
	size_t file, k = 0;

	figure = parse_figure(given, &path);
	mc_buf_puts(&notes, "");
	status = draw(r, &figure, path, &svg, &notes, err);
	if (status == MC_OK)
		status = describe_table(path, OF_FIGURE, &words, err);
	if (status == MC_OK)
		status = report_take(r, NULL, path,
		    "table of a figure (mc-plot)", &file, err);
	if (status == MC_OK) {
		while (k < N_KINDS - 1 && strcmp(kinds[k].figure,
		    figure->name) != 0)
			k++;
		alt = mc_xasprintf("%s: %s. %s.", kinds[k].title,
		    kinds[k].shows, words);
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
	free(words);
	mc_buf_free(&svg);
	mc_buf_free(&notes);
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

/* --- Pictures ---------------------------------------------------------------- */

#define PROLOGUE ((size_t)65536)	/* bytes of an SVG before its element */

/* Whether BYTES begin with BEGIN. */
static bool
begins(const struct mc_buf *bytes, const char *begin)
{
	return bytes->len > strlen(begin) &&
	    memcmp(bytes->data, begin, strlen(begin)) == 0;
}

/* Whether WORD is among the first N BYTES. */
static bool
has_word(const struct mc_buf *bytes, size_t n, const char *word)
{
	size_t length = strlen(word), i;

	for (i = 0; i + length <= bytes->len && i < n; i++) {
		if (memcmp(bytes->data + i, word, length) == 0)
			return true;
	}
	return false;
}

/* The kind of the picture in BYTES, read from PATH. */
static enum mc_status
picture_kind(const struct mc_buf *bytes, const char *path,
    enum mc_page_image *kind, struct mc_err *err)
{
	size_t mark = begins(bytes, "\xef\xbb\xbf") ? 3 : 0;

	if (begins(bytes, "\x89PNG\r\n\x1a\n")) {
		*kind = MC_PAGE_PNG;
		return has_word(bytes, bytes->len, "IEND") ? MC_OK :
		    mc_err_at(err, MC_EDATA, path, 0, "a PNG without an end: "
		    "was the file cut?");
	}
	if (begins(bytes, "\xff\xd8\xff")) {
		*kind = MC_PAGE_JPEG;
		return MC_OK;
	}
	while (mark < bytes->len && isspace((unsigned char)bytes->data[mark]))
		mark++;
	*kind = MC_PAGE_SVG;
	if (mark < bytes->len && bytes->data[mark] == '<' &&
	    has_word(bytes, PROLOGUE, "<svg"))
		return MC_OK;
	return mc_err_at(err, MC_EDATA, path, 0, "neither PNG, JPEG nor SVG: "
	    "convert the picture");
}

/* The picture that GIVEN names, FILE or FILE=TABLE; WHAT is it of? */
static enum mc_status
put_picture(struct report *r, const char *given, const char *what,
    const char *id, struct mc_err *err)
{
	const char *equals = strchr(given, '=');
	char *path = mc_xstrndup(given, strcspn(given, "="));
	char *words = NULL, *caption, *alt;
	struct mc_buf bytes = { 0 };
	enum mc_page_image kind = MC_PAGE_PNG;
	enum mc_status status;
	size_t file = 0;

	status = report_read(&bytes, path, err);
	if (status == MC_OK)
		status = picture_kind(&bytes, path, &kind, err);
	if (status == MC_OK && equals != NULL)
		status = describe_table(equals + 1, *what == 'M' ?
		    OF_MISTAKES : OF_EXPLANATIONS, &words, err);
	if (status == MC_OK && equals != NULL)
		status = report_take(r, NULL, equals + 1, what, &file, err);
	if (status == MC_OK) {
		caption = words != NULL ? mc_xasprintf("%s: %s.", what, words) :
		    mc_xasprintf("%s (%s).", what, report_base(path));
		alt = mc_xasprintf("Sheet of images. %s", caption);
		mc_page_picture(r->page, id, kind, bytes.data, bytes.len, alt,
		    caption, "");
		if (equals != NULL)
			mc_page_download(r->page, file);
		free(alt);
		free(caption);
	}
	mc_buf_free(&bytes);
	free(words);
	free(path);
	return status;
}

static enum mc_status
put_pictures(struct report *r, const char *const *given, const char *section,
    const char *heading, const char *what, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	size_t n = 0;
	char *id;

	if (given == NULL)
		return MC_OK;
	mc_page_section(r->page, section, heading);
	for (; *given != NULL && status == MC_OK; given++) {
		id = mc_xasprintf("%s-%zu", section, ++n);
		status = put_picture(r, *given, what, id, err);
		free(id);
	}
	return status;
}

enum mc_status
report_pictures(struct report *r, struct mc_err *err)
{
	enum mc_status status;

	status = put_pictures(r, r->opts->mistakes, "mistakes",
	    "Images predicted wrongly", "Mistakes", err);
	if (status == MC_OK)
		status = put_pictures(r, r->opts->explanations,
		    "explanations", "Explanations of predictions",
		    "Explanations", err);
	if (r->opts->mistakes != NULL)
		r->shown |= MC_SHOWS_MISTAKES;
	if (r->opts->explanations != NULL)
		r->shown |= MC_SHOWS_EXPLANATIONS;
	return status;
}
