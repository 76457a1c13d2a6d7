/* report_data.c - the sections of mc-report on the images and patients. */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/bidi.h"
#include "base/hash.h"
#include "base/num.h"
#include "base/out.h"
#include "report.h"
#include "report/audit.h"
#include "report/characteristics.h"
#include "study/division.h"
#include "table/tsv.h"

/* --- How images are divided -------------------------------------------------- */

/* The callbacks of the audit have no argument: the lines that it says wait here. */
static struct mc_buf audit_lines;

static void
warn(const char *line)
{
	tool_warn("%s", line);
	mc_buf_printf(&audit_lines, "%s\n", line);
}

static void
say(const char *line)
{
	tool_say("%s", line);
	mc_buf_printf(&audit_lines, "%s\n", line);
}

/* Write the audit of the manifest at PATH, as mc-split --check does, to SPOOL. */
static enum mc_status
write_audit(const struct report_options *opts, const char *path, FILE *spool,
    struct mc_err *err)
{
	const struct mc_division_options o = { .check = true, .near = -1,
	    .seed = 1, .multilabel = opts->multilabel,
	    .no_finding = opts->no_finding, .warn = warn,
	    .detail = say };
	struct mc_division *d = NULL;
	enum mc_status status = mc_division_read(&d, path, &o, err);

	if (status == MC_OK)
		status = mc_division_write(d, spool, err);
	mc_division_free(d);
	return status == MC_OK ? mc_spool_rewind(spool, err) : status;
}

/* All of SPOOL, which stands at its start, into BYTES. */
static void
slurp(FILE *spool, struct mc_buf *bytes)
{
	size_t n;

	do {
		n = fread(mc_buf_room(bytes, 65536), 1, 65536, spool);
		bytes->len += n;
	} while (n > 0);
	mc_buf_puts(bytes, "");
}

/* The audit of the manifest at PATH as rows, and as the text that they are of. */
static enum mc_status
read_audit(const struct report_options *opts, const char *path,
    struct mc_rows **rows, struct mc_buf *text, struct mc_err *err)
{
	FILE *spool = mc_spool_open(err);
	struct mc_table *table = NULL;
	struct mc_tsv *tsv = NULL;
	enum mc_status status;

	*rows = NULL;
	if (spool == NULL)
		return err->status;
	status = write_audit(opts, path, spool, err);
	if (status == MC_OK) {
		slurp(spool, text);
		status = mc_spool_rewind(spool, err);
	}
	if (status == MC_OK)
		status = mc_tsv_from_stream(&tsv, spool, path, err);
	if (status == MC_OK)
		status = mc_table_from_tsv(&table, tsv, err);
	if (status == MC_OK)
		status = mc_rows_of_table(rows, &mc_audit_schema, table, err);
	mc_tsv_close(tsv);
	fclose(spool);
	return status;
}

/* Whether an image of an audit is in a split or fold. */
static bool
is_divided(const struct mc_rows *audit)
{
	size_t i;

	for (i = 0; i < mc_rows_count(audit); i++) {
		const struct mc_audit_row *row = mc_rows_get(audit, i);

		if (*row->split != '\0' || *row->fold != '\0')
			return true;
	}
	return false;
}

/* Whether an image in the manifest at PATH has a group. */
static enum mc_status
find_groups(const char *path, bool *found, struct mc_err *err)
{
	struct mc_tsv *t = NULL;
	enum mc_status status = mc_tsv_open(&t, path, err);
	int group = status == MC_OK ? mc_tsv_find(t, "group") : -1;
	int unit = status == MC_OK ? mc_tsv_find(t, "unit") : -1;

	*found = false;
	while (status == MC_OK && !*found) {
		status = mc_tsv_next(t, err);
		*found = status == MC_OK &&
		    ((group >= 0 && *mc_tsv_get(t, (size_t)group) != '\0') ||
		    (unit >= 0 && *mc_tsv_get(t, (size_t)unit) != '\0'));
	}
	mc_tsv_close(t);
	return status == MC_END ? MC_OK : status;
}

/* Write "Division of the images: Chest" to CAPTION. */
static enum mc_status
put_caption(struct report *r, const char *what, const struct report_file *f,
    struct mc_buf *caption, struct mc_err *err)
{
	mc_buf_puts(caption, what);
	if (f->task == NULL)
		return MC_OK;
	mc_buf_puts(caption, ": ");
	return report_put_name(r, f->path, "task", f->task, caption, err);
}

/* Append WORDS, of the audit, with what STYLE calls a group for that word. */
static void
put_words(const char *words, const struct mc_table_style *style,
    struct mc_buf *text)
{
	const char *at;
	size_t many;

	while (style->unit != NULL && (at = strstr(words, "group")) != NULL) {
		many = at[strlen("group")] == 's';
		mc_buf_add(text, words, (size_t)(at - words));
		mc_bidi_put(text, many ? style->units : style->unit);
		words = at + strlen("group") + many;
	}
	mc_buf_puts(text, words);
}

/* Append LINE, of the audit, with the names that it quotes isolated. */
static void
put_quoting(const char *line, const struct mc_table_style *style,
    struct mc_buf *text)
{
	char **parts;
	size_t n = mc_split_at(line, '"', &parts), i;

	for (i = 0; i < n; i++) {
		mc_buf_puts(text, i > 0 ? "\"" : "");
		if (i % 2 == 1)
			mc_bidi_put(text, parts[i]);
		else
			put_words(parts[i], style, text);
	}
	free(parts);
}

/* Say below G what the audit of the manifest at PATH said, without its path. */
static void
say_lines(struct mc_grid *g, const struct mc_table_style *style,
    const char *path)
{
	char **lines;
	size_t n = mc_split_at(audit_lines.data, '\n', &lines), length, i;
	struct mc_buf text = { 0 };

	for (i = 0; i < n; i++) {
		length = strlen(path);
		if (strncmp(lines[i], path, length) != 0 ||
		    strncmp(lines[i] + length, ": ", 2) != 0)
			length = 0;
		else
			length += 2;
		if (lines[i][length] == '\0')
			continue;
		lines[i][length] = (char)toupper((unsigned char)
		    lines[i][length]);
		put_quoting(lines[i] + length, style, &text);
		mc_grid_say(g, "%s.", text.data);
		mc_buf_free(&text);
	}
	free(lines);
}

/*
 * Refuse F, whose digest is SHA256, if it is called after a task of some models,
 * and the models that were trained with it are of others.
 */
static enum mc_status
check_task(const struct report *r, const struct report_file *f,
    const char *sha256, struct mc_err *err)
{
	if (f->task == NULL || mc_cards_with(r->cards, "task", f->task) == 0 ||
	    mc_cards_with(r->cards, "manifest_sha256", sha256) == 0 ||
	    mc_cards_with_both(r->cards, "task", f->task, "manifest_sha256",
	    sha256) > 0)
		return MC_OK;
	return mc_err_at(err, MC_EDATA, f->path, 0, "given as the manifest of "
	    "task \"%s\", but the models trained with it are of another "
	    "task: give each manifest with its own task", f->task);
}

static enum mc_status
put_audit(struct report *r, const struct report_file *f, struct mc_rows *rows,
    const struct mc_buf *text, bool has_groups, struct mc_err *err)
{
	char *id = report_next_id(r);
	char *path = report_audit_path(f);
	struct mc_buf caption = { 0 };
	struct mc_table_style style = r->style;
	char sha256[MC_SHA256_HEX];
	struct mc_grid *g = NULL;
	enum mc_status status;

	status = put_caption(r, "Division of the images", f, &caption, err);
	style.caption = caption.data;
	style.percent = 1;
	if (status == MC_OK)
		status = mc_printed_apply(r->printed, rows, err);
	if (status == MC_OK)
		status = mc_sha256_file(f->path, sha256, err);
	/* Two tasks may have the same images and labels. */
	if (status == MC_OK && f->task != NULL)
		mc_names_copy(r->manifests, sha256);
	else if (status == MC_OK)
		status = report_once(r->manifests, sha256, f->path, err);
	if (status == MC_OK)
		status = check_task(r, f, sha256, err);
	if (status == MC_OK)
		status = mc_audit_grid(rows, &style, &g, err);
	if (status == MC_OK) {
		if (!is_divided(rows))
			mc_grid_say(g, "The images are not divided: none has a "
			    "split or fold.");
		else if (has_groups)
			mc_grid_say(g, "No %s is in more than one split or fold.",
			    style.unit != NULL ? style.unit : "group");
		if (audit_lines.len > 0)
			say_lines(g, &style, f->path);
		mc_grid_say(g, "SHA-256 of the manifest: %s.", sha256);
		mc_page_grid(r->page, g, id);
		mc_page_download(r->page, mc_page_file(r->page,
		    report_name(r, f->task, path), "audit of a manifest (mc-split --check)", text->data,
		    text->len));
	}
	mc_grid_free(g);
	mc_buf_free(&caption);
	free(path);
	free(id);
	return status;
}

static enum mc_status
report_manifest(struct report *r, const char *given, struct mc_err *err)
{
	struct report_file f = report_file(given);
	struct mc_rows *rows = NULL;
	struct mc_buf text = { 0 };
	bool has_groups = false;
	enum mc_status status;

	status = read_audit(r->opts, f.path, &rows, &text, err);
	if (status == MC_OK)
		status = find_groups(f.path, &has_groups, err);
	if (status == MC_OK) {
		if (is_divided(rows))
			r->shown |= MC_SHOWS_DIVISION;
		r->by_image = r->by_image || !has_groups;
		status = put_audit(r, &f, rows, &text, has_groups, err);
	}
	mc_rows_free(rows);
	mc_buf_free(&text);
	mc_buf_free(&audit_lines);
	memset(&audit_lines, 0, sizeof(audit_lines));
	free(f.task);
	return status;
}

size_t
report_models_known(const struct report *r)
{
	size_t n = 0, i;

	for (i = 0; i < mc_names_count(r->manifests); i++)
		n += mc_cards_with(r->cards, "manifest_sha256",
		    mc_names_at(r->manifests, i));
	return n;
}

enum mc_status
report_division(struct report *r, struct mc_err *err)
{
	const char **given = r->opts->manifests;
	enum mc_status status = MC_OK;

	if (given == NULL)
		return MC_OK;
	mc_page_section(r->page, "data", "Data and their division");
	mc_page_say(r->page, "The manifests were checked again for this report.  "
	    "They are not included, since they name images and patients; "
	    "their SHA-256 digests identify them.%s",
	    r->opts->mistakes == NULL && r->opts->explanations == NULL ? "" :
	    "  The pictures of images below, and their lists, may name them "
	    "too.");
	for (; *given != NULL && status == MC_OK; given++)
		status = report_manifest(r, *given, err);
	if (status == MC_OK && !r->by_image &&
	    (r->shown & MC_SHOWS_DIVISION) != 0)
		r->shown |= MC_SHOWS_GROUPS;
	if (status == MC_OK && mc_cards_models(r->cards) > 0)
		mc_page_say(r->page, "%zu of %zu models were trained with one "
		    "of these manifests: they record its digest.",
		    report_models_known(r), mc_cards_models(r->cards));
	return status;
}

/* --- Who they are ------------------------------------------------------------ */

/* Whether POP has more than the counts of splits and labels. */
static bool
has_variables(const struct mc_rows *pop)
{
	size_t i;

	for (i = 0; i < mc_rows_count(pop); i++) {
		const struct mc_population_row *row = mc_rows_get(pop, i);

		if (*row->column != '\0')
			return true;
	}
	return false;
}

/* Append the table of the file that GIVEN names, read with SCHEMA. */
static enum mc_status
put_table(struct report *r, const char *given, const struct mc_schema *schema,
    struct mc_err *err)
{
	bool is_flow = schema == &mc_flow_schema;
	struct report_file f = report_file(given);
	char *path = mc_xstrdup(f.path), *id = report_next_id(r);
	struct mc_buf caption = { 0 };
	struct mc_table_style style = r->style;
	struct mc_rows *rows = NULL;
	struct mc_grid *g = NULL;
	enum mc_status status;
	size_t file = 0;

	status = put_caption(r, is_flow ? "Flow of the images" :
	    "Characteristics of the study population", &f, &caption, err);
	style.caption = caption.data;
	style.percent = 1;
	if (status == MC_OK)
		status = mc_rows_read(&rows, schema, &path, 1, err);
	if (status == MC_OK && is_flow)
		status = mc_printed_apply(r->printed, rows, err);
	if (status == MC_OK)
		status = report_take(r, f.task, path, is_flow ?
		    "flow of images (mc-describe --left-out)" :
		    "population (mc-describe)", &file, err);
	if (status == MC_OK) {
		if (!is_flow && has_variables(rows))
			r->shown |= MC_SHOWS_VARIABLES;
		status = is_flow ? mc_flow_grid(rows, &style, &g, err) :
		    mc_characteristics_grid(rows, MC_ACROSS_DEFAULT,
		    r->opts->medians, r->printed, &style, &g, err);
	}
	if (status == MC_OK) {
		mc_page_grid(r->page, g, id);
		mc_page_download(r->page, file);
		r->shown |= is_flow ? MC_SHOWS_FLOW : MC_SHOWS_POPULATION;
	}
	mc_grid_free(g);
	mc_rows_free(rows);
	free(path);
	mc_buf_free(&caption);
	free(id);
	free(f.task);
	return status;
}

enum mc_status
report_population(struct report *r, struct mc_err *err)
{
	const char **flow = r->opts->flows, **pop = r->opts->populations;
	enum mc_status status = MC_OK;

	if (flow == NULL && pop == NULL)
		return MC_OK;
	mc_page_section(r->page, "population", "Cases: flow and "
	    "characteristics");
	for (; flow != NULL && *flow != NULL && status == MC_OK; flow++)
		status = put_table(r, *flow, &mc_flow_schema, err);
	for (; pop != NULL && *pop != NULL && status == MC_OK; pop++)
		status = put_table(r, *pop, &mc_population_schema, err);
	return status;
}
