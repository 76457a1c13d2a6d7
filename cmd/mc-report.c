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
#define MOST_LINES	30	/* of commands, for which a screen has room */

static const struct mc_opt option_table[] = {
	{ "alpha", 0, "X", "mark metrics whose p, adjusted where it is, is at most "
	    "X in --differences; 0: none (default 0.05)", MC_REAL, AT(alpha), 0,
	    1, NULL },
	{ "commands", 0, "FILE", "text file with the commands of the study",
	    MC_INPUT, AT(commands), 0, 0, NULL },
	{ "date", 0, "TEXT", "date at the end of the page (default: none)",
	    MC_STRING, AT(date), 0, 0, NULL },
	{ "decimals", 0, "N", "decimals of percentages in results; other "
	    "metrics have one more (default: by the widths of the intervals; "
	    "of figures 1)", MC_INTEGER, AT(decimals), 0, 9, NULL },
	{ "differences", 0, "FILE", "differences of mc-compare", MC_INPUT,
	    AT(differences), 0, 0, NULL },
	{ "explanations", 0, "FILE[=TABLE]", "picture that explains "
	    "predictions, and the list of what it shows", MC_STRINGS, AT(explanations), 0, 0,
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
	    "and the list of what it shows", MC_STRINGS, AT(mistakes), 0, 0, NULL },
	{ "multilabel", 0, NULL, "labels of the manifests hold several "
	    "findings, joined by |", MC_FLAG, AT(multilabel), 0, 0, NULL },
	PRINTED_NAMES(struct report_options, names),
	{ "no-finding", 0, "NAME", "word for no finding in a label (default: "
	    "No Finding)", MC_STRING, AT(no_finding), 0, 0, NULL },
	{ "population", 0, "[TASK=]FILE", "population table of mc-describe",
	    MC_STRINGS, AT(populations), 0, 0, NULL },
	{ "question", 0, "FILE", "text file with the question of the study", MC_INPUT,
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

/* --- Models ------------------------------------------------------------------ */

static enum mc_status
read_model(struct report *r, const char *path, struct mc_err *err)
{
	struct mc_model m = { 0 };
	struct mc_err why;
	char sha256[MC_SHA256_HEX];
	enum mc_status status = mc_model_read_texts(&m, path, err);

	if (status == MC_OK)
		status = mc_sha256_file(path, sha256, err);
	if (status == MC_OK)
		status = report_once(r->models, sha256, path, err);
	if (status == MC_OK) {
		status = mc_cards_add(r->cards, report_base(path), sha256,
		    m.about, &why);
		if (status != MC_OK)
			mc_err_at(err, status, path, 0, "%s", why.text);
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
	mc_cards_overview(r->cards, r->page);
	mc_buf_puts(mc_page_body(r->page), "<p>The <a href=\"#cards\">model "
	    "cards</a> list everything that the model files record.</p>\n");
}

static void
put_cards(struct report *r)
{
	if (mc_cards_models(r->cards) == 0)
		return;
	mc_page_section(r->page, "cards", "Model cards");
	mc_page_say(r->page, "One card per task and arm: models that differ only "
	    "in training seed, fold and the like share a card.");
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

/* The lines of TEXT. */
static size_t
count_lines(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; n++) {
		text += strcspn(text, "\n");
		text += *text != '\0';
	}
	return n;
}

/* Put the commands TEXT: many of them are folded, since they are screens long. */
static void
put_command_lines(struct report *r, const char *text)
{
	size_t n = count_lines(text);
	char *summary = n > MOST_LINES ? mc_xasprintf("Show all %zu lines", n) :
	    NULL;

	mc_page_part(r->page, "command-lines", "Commands");
	if (summary != NULL)
		mc_page_fold_begin(r->page, summary);
	mc_page_code(r->page, text);
	if (summary != NULL)
		mc_page_fold_end(r->page);
	free(summary);
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
		put_command_lines(r, text.data);
		r->shown |= MC_SHOWS_COMMANDS;
	}
	mc_buf_free(&text);
	return status;
}

static void
put_checklists(struct report *r)
{
	mc_page_section(r->page, "checklists", "Checklists");
	mc_page_say(r->page, "An item counts as answered if a file of the "
	    "study shows it.  No program can judge whether the answer is "
	    "good.");
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
run(struct report *r, char *const *models, size_t n, struct mc_err *err)
{
	struct mc_buf text = { 0 };
	enum mc_status status;

	status = mc_printed_read(&r->printed, r->opts->names, true, err);
	if (status == MC_OK) {
		r->cards = mc_cards_alloc(r->printed);
		status = report_read_results(r, err);
	}
	if (status == MC_OK)
		status = read_models(r, models, n, err);
	if (status == MC_OK)
		status = put_sections(r, err);
	if (status == MC_OK) {
		mc_page_write(r->page, r->opts->date, &text);
		status = tool_write_text(r->opts->common.output, &text, err);
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
	    .decimals = -1, .alpha = -1 };
	struct report r = { .opts = &opts };
	char *one, *many;
	enum mc_status status;
	struct mc_err err;
	int operands;

	operands = tool_start(&prog, argc, argv, &opts);
	report_check(&opts, argv + operands, (size_t)(argc - operands));
	unit_name_parse(opts.unit_name, &one, &many);
	r.style.unit = one;
	r.style.units = many;
	r.style.percent = opts.decimals >= 0 ? (int)opts.decimals :
	    MC_BY_WIDTH;
	r.style.alpha = opts.alpha < 0 ? 0.05 : opts.alpha;
	r.page = mc_page_alloc(opts.title);
	r.manifests = mc_names_alloc();
	r.models = mc_names_alloc();
	r.files = mc_file_names_alloc();
	report_name_files(&r);
	status = run(&r, argv + operands, (size_t)(argc - operands), &err);
	mc_page_free(r.page);
	mc_cards_free(r.cards);
	mc_names_free(r.manifests);
	mc_names_free(r.models);
	mc_file_names_free(r.files);
	mc_rows_free(r.metrics);
	mc_rows_free(r.metrics_printed);
	mc_rows_free(r.differences);
	mc_printed_free(r.printed);
	free_options(&opts);
	free(one);
	free(many);
	return tool_end(status, &err);
}
