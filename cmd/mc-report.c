/* mc-report - write a study as one page of HTML. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "report.h"
#include "report/columns.h"
#include "stream/model.h"
#include "unit_name.h"

#define AT(member) offsetof(struct report_options, member)

static const struct mc_opt option_table[] = {
	{ "commands", 0, "FILE", "text of the commands that made the study",
	    MC_INPUT, AT(commands), 0, 0, NULL },
	{ "date", 0, "TEXT", "date at the end of the page (default: none)",
	    MC_STRING, AT(date), 0, 0, NULL },
	{ "decimals", 0, "N", "decimals of percentages in results; other "
	    "metrics have one more (default 2)", MC_INTEGER, AT(decimals), 0,
	    9, NULL },
	{ "differences", 0, "FILE", "differences of mc-compare", MC_INPUT,
	    AT(differences), 0, 0, NULL },
	{ "explanations", 0, "FILE[=TABLE]", "picture that explains "
	    "predictions, and its table", MC_STRINGS, AT(explanations), 0, 0,
	    NULL },
	{ "figure", 0, "[FIGURE=]TABLE", "draw TABLE as mc-plot does",
	    MC_STRINGS, AT(figures), 0, 0, NULL },
	{ "flow", 0, "[TASK=]FILE", "flow table of mc-describe --left-out",
	    MC_STRINGS, AT(flows), 0, 0, NULL },
	{ "manifest", 0, "[TASK=]FILE", "manifest to check, as mc-split "
	    "--check does", MC_STRINGS, AT(manifests), 0, 0, NULL },
	{ "medians", 0, "LIST", "columns of --population shown as median and "
	    "quartiles; * is all", MC_STRING, AT(medians), 0, 0, NULL },
	{ "metrics", 0, "FILE", "metrics of mc-bootstrap", MC_INPUTS,
	    AT(metrics), 0, 0, NULL },
	{ "mistakes", 0, "FILE[=TABLE]", "picture of images predicted wrongly, "
	    "and its table", MC_STRINGS, AT(mistakes), 0, 0, NULL },
	{ "multilabel", 0, NULL, "labels of the manifests hold several "
	    "findings, joined by |", MC_FLAG, AT(multilabel), 0, 0, NULL },
	PRINTED_NAMES(struct report_options, names),
	{ "no-finding", 0, "NAME", "word for no finding in a label (default: "
	    "No Finding)", MC_STRING, AT(no_finding), 0, 0, NULL },
	{ "population", 0, "[TASK=]FILE", "population table of mc-describe",
	    MC_STRINGS, AT(populations), 0, 0, NULL },
	{ "question", 0, "FILE", "text of what the study asks", MC_INPUT,
	    AT(question), 0, 0, NULL },
	{ "title", 0, "TEXT", "title of the page (default: Study report)",
	    MC_STRING, AT(title), 0, 0, NULL },
	UNIT_NAME(struct report_options, unit_name),
	{ 0 }
};

static const struct mc_prog prog = {
	"mc-report",
	"[OPTION]...\n[OPTION]... MODEL...",
	"Write a study as one page of HTML, with checklists and model cards.",
	option_table, true
};

/* --- Arguments --------------------------------------------------------------- */

/* A usage error where TEXT, the argument of OPTION, cannot be printed. */
static void
check_text(const char *option, const char *text)
{
	if (text == NULL)
		return;
	if (!report_is_text(text, strlen(text)))
		tool_usage("--%s: bytes that are not UTF-8: convert the text, "
		    "as with iconv -f latin1 -t utf8", option);
	if (text[strspn(text, " \t\n")] == '\0')
		tool_usage("--%s: empty: leave the option out", option);
}

/* A file is read for what it says, and again for its bytes. */
static void
check_stdin(const char *what, const char *path)
{
	if (path != NULL && strcmp(path, "-") == 0)
		tool_usage("%s%s: standard input cannot be read twice: give a "
		    "file", *what == 'M' ? "" : "--", what);
}

/* The files in GIVEN, each TASK=FILE or FILE. */
static void
check_files(const char *option, const char *const *given)
{
	for (; given != NULL && *given != NULL; given++) {
		struct report_file f = report_file(*given);

		if (*f.path == '\0' || (f.task != NULL && *f.task == '\0'))
			tool_usage("--%s: \"%s\": give FILE or TASK=FILE",
			    option, *given);
		if (f.task != NULL)
			check_text(option, f.task);
		check_stdin(option, f.path);
		tool_reads(f.path);
		free(f.task);
	}
}

/* The pictures in GIVEN, each FILE or FILE=TABLE. */
static void
check_pictures(const char *option, const char *const *given)
{
	for (; given != NULL && *given != NULL; given++) {
		const char *equals = strchr(*given, '=');
		char *path = mc_xstrndup(*given, strcspn(*given, "="));

		if (*path == '\0' || (equals != NULL && equals[1] == '\0'))
			tool_usage("--%s: \"%s\": give FILE or FILE=TABLE",
			    option, *given);
		check_stdin(option, path);
		tool_reads(path);
		if (equals != NULL) {
			check_stdin(option, equals + 1);
			tool_reads(equals + 1);
		}
		free(path);
	}
}

static void
check_args(const struct report_options *o, char *const *models, int n)
{
	const char **metrics = o->metrics;
	int i;

	for (i = 0; i < n; i++)
		check_stdin("MODEL", models[i]);
	for (; metrics != NULL && *metrics != NULL; metrics++)
		check_stdin("metrics", *metrics);
	check_stdin("differences", o->differences);
	check_stdin("question", o->question);
	check_stdin("commands", o->commands);
	check_stdin("names", o->names);
	check_text("title", o->title);
	check_text("date", o->date);
	check_text("unit-name", o->unit_name);
	check_files("flow", o->flows);
	check_files("manifest", o->manifests);
	check_files("population", o->populations);
	check_pictures("explanations", o->explanations);
	check_pictures("mistakes", o->mistakes);
	report_check_figures(o);
	if (o->medians != NULL && o->populations == NULL)
		tool_usage("--medians is for --population, which is not given");
	if ((o->multilabel || o->no_finding != NULL) && o->manifests == NULL)
		tool_usage("--multilabel and --no-finding are for --manifest, "
		    "which is not given");
	if (o->no_finding != NULL && !o->multilabel)
		tool_usage("--no-finding is for --multilabel, which is not "
		    "given");
	if (n == 0 && o->commands == NULL && o->differences == NULL &&
	    o->explanations == NULL && o->figures == NULL && o->flows == NULL &&
	    o->manifests == NULL && o->metrics == NULL && o->mistakes == NULL &&
	    o->populations == NULL && o->question == NULL)
		tool_usage("nothing to report: give models, --metrics, or "
		    "other files");
}

/* --- Models ------------------------------------------------------------------ */

static enum mc_status
read_model(struct report *r, const char *path, struct mc_err *err)
{
	struct mc_model m = { 0 };
	char sha256[MC_SHA256_HEX];
	enum mc_status status = mc_model_read_texts(&m, path, err);

	if (status == MC_OK)
		status = mc_sha256_file(path, sha256, err);
	if (status == MC_OK) {
		mc_cards_add(r->cards, report_base(path), sha256, m.about);
		m.about = NULL;
		r->shown |= MC_SHOWS_MODELS;
	}
	mc_model_clear(&m);
	return status;
}

static enum mc_status
read_models(struct report *r, char *const *paths, size_t n, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	size_t i;

	for (i = 0; i < n && status == MC_OK; i++) {
		status = read_model(r, paths[i], err);
		tool_progress("model", (int64_t)i + 1, (int64_t)n);
	}
	return status;
}

static void
put_models(struct report *r)
{
	if (mc_cards_models(r->cards) == 0)
		return;
	mc_page_section(r->page, "models", "Models");
	mc_cards_overview(r->cards, r->metrics, r->metrics_printed, r->page);
	mc_buf_puts(mc_page_body(r->page), "<p>All that the model files record "
	    "is in the <a href=\"#cards\">model cards</a>.</p>\n");
}

static void
put_cards(struct report *r)
{
	if (mc_cards_models(r->cards) == 0)
		return;
	mc_page_section(r->page, "cards", "Model cards");
	mc_page_say(r->page, "A card per task and arm; models that differ in "
	    "training seed or fold share one.");
	mc_cards_print(r->cards, r->metrics, r->metrics_printed, &r->style,
	    r->page);
}

/* --- The other sections ------------------------------------------------------ */

static enum mc_status
put_question(struct report *r, struct mc_err *err)
{
	struct mc_buf text = { 0 };
	enum mc_status status;

	if (r->opts->question == NULL)
		return MC_OK;
	status = report_read_text(&text, r->opts->question, err);
	if (status == MC_OK) {
		mc_page_section(r->page, "question", "Question");
		mc_page_text(r->page, text.data);
		r->shown |= MC_SHOWS_QUESTION;
	}
	mc_buf_free(&text);
	return status;
}

/* A fact: the values of KEY in all models. */
static void
put_version(struct report *r, const char *key, const char *name)
{
	char *values = mc_cards_values(r->cards, key);

	if (*values != '\0')
		mc_page_fact(r->page, name, values);
	free(values);
}

static enum mc_status
put_commands(struct report *r, struct mc_err *err)
{
	struct mc_buf text = { 0 };
	enum mc_status status = MC_OK;

	mc_page_section(r->page, "commands", "Commands and versions");
	mc_page_facts_begin(r->page);
	mc_page_fact(r->page, "This report", PACKAGE_STRING);
	put_version(r, "version", "Models: mctools");
	put_version(r, "libraries", "Models: libraries");
	put_version(r, "device", "Models: device");
	put_version(r, "threads", "Models: threads");
	mc_page_facts_end(r->page);
	if (r->opts->commands == NULL)
		return MC_OK;
	status = report_read_text(&text, r->opts->commands, err);
	if (status == MC_OK) {
		mc_page_part(r->page, "command-lines", "Commands");
		mc_page_code(r->page, text.data);
		r->shown |= MC_SHOWS_COMMANDS;
	}
	mc_buf_free(&text);
	return status;
}

static void
put_checklists(struct report *r)
{
	mc_page_section(r->page, "checklists", "Checklists");
	mc_page_say(r->page, "An item is answered in this report where a file "
	    "of the study shows it.  Whether the answer is good, no program "
	    "can say.");
	mc_checklist_print(&mc_checklist_claim, r->shown, r->page);
	mc_checklist_print(&mc_checklist_tripod, r->shown, r->page);
}

/* All sections, in the order of CLAIM. */
static enum mc_status
put_sections(struct report *r, struct mc_err *err)
{
	enum mc_status status = put_question(r, err);

	if (status == MC_OK)
		status = report_division(r, err);
	if (status == MC_OK) {
		put_models(r);
		status = report_population(r, err);
	}
	if (status == MC_OK)
		status = report_results(r, err);
	if (status == MC_OK)
		status = report_figures(r, err);
	if (status == MC_OK)
		status = report_pictures(r, err);
	if (status == MC_OK) {
		report_limitations(r);
		status = put_commands(r, err);
	}
	if (status == MC_OK) {
		put_cards(r);
		mc_page_section(r->page, "downloads", "Files");
		mc_page_files(r->page);
		put_checklists(r);
	}
	return status;
}

/* --- The program ------------------------------------------------------------- */

static enum mc_status
write_output(FILE *f, void *arg, struct mc_err *err)
{
	const struct mc_buf *text = arg;

	(void)err;
	fwrite(text->data, 1, text->len, f);
	return MC_OK;
}

static enum mc_status
run(struct report *r, char *const *models, size_t n, struct mc_err *err)
{
	struct mc_buf text = { 0 };
	enum mc_status status;

	status = mc_printed_read(&r->printed, r->opts->names, true, err);
	if (status == MC_OK)
		status = report_read_results(r, err);
	if (status == MC_OK)
		status = read_models(r, models, n, err);
	if (status == MC_OK)
		status = put_sections(r, err);
	if (status == MC_OK) {
		mc_page_write(r->page, r->opts->date, &text);
		status = tool_write(r->opts->common.output, write_output,
		    &text, err);
	}
	if (status == MC_OK)
		warn_unused_names(r->printed);
	mc_buf_free(&text);
	return status;
}

static void
free_options(struct report_options *o)
{
	free((void *)o->metrics);
	free((void *)o->manifests);
	free((void *)o->populations);
	free((void *)o->flows);
	free((void *)o->figures);
	free((void *)o->mistakes);
	free((void *)o->explanations);
}

int
main(int argc, char **argv)
{
	struct report_options opts = { .title = "Study report",
	    .decimals = MC_PERCENT_DECIMALS };
	struct report r = { .opts = &opts };
	char *one, *many;
	enum mc_status status;
	struct mc_err err;
	int operands;

	operands = tool_start(&prog, argc, argv, &opts);
	check_args(&opts, argv + operands, argc - operands);
	unit_name_parse(opts.unit_name, &one, &many);
	r.style.unit = one;
	r.style.units = many;
	r.style.percent = (int)opts.decimals;
	r.page = mc_page_alloc(opts.title);
	r.cards = mc_cards_alloc();
	r.manifests = mc_names_alloc();
	status = run(&r, argv + operands, (size_t)(argc - operands), &err);
	mc_page_free(r.page);
	mc_cards_free(r.cards);
	mc_names_free(r.manifests);
	mc_rows_free(r.metrics);
	mc_rows_free(r.metrics_printed);
	mc_rows_free(r.differences);
	mc_printed_free(r.printed);
	free_options(&opts);
	free(one);
	free(many);
	return tool_end(status, &err);
}
