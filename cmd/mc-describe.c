/* mc-describe - describe the images and patients of a study. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/spelling.h"
#include "study/description.h"
#include "study/flow.h"
#include "table/decimal_comma.h"
#include "table/findings.h"
#include "tool.h"

struct options {
	struct mc_common common;
	const char *against, *columns, *join, *key, *missing, *text, *total;
	const char *no_finding;
	const char **left_out;
	bool multilabel;
	int unit;		/* enum mc_unit_kind */
};
#define AT(member) offsetof(struct options, member)

static const struct mc_opt option_table[] = {
	{ "against", 0, "COLUMN=NAME", "compare the other splits, or labels, "
	    "with this one (split=train)", MC_STRING, AT(against), 0, 0, NULL },
	{ "columns", 0, "LIST", "columns to describe besides the counts",
	    MC_STRING, AT(columns), 0, 0, NULL },
	{ "join", 0, "FILE", "read further columns for --columns from FILE",
	    MC_INPUT, AT(join), 0, 0, NULL },
	{ "key", 0, "COLUMN[=OTHER]", "join on COLUMN (called OTHER in FILE; "
	    "default: id)", MC_STRING, AT(key), 0, 0, NULL },
	{ "left-out", 0, "FILE", "write the flow of exclusions instead: what "
	    "programs left out, in their order", MC_INPUTS, AT(left_out), 0, 0,
	    NULL },
	{ "missing", 0, "LIST", "treat these values as missing, like empty "
	    "fields", MC_STRING, AT(missing), 0, 0, NULL },
	{ "multilabel", 0, NULL, "labels hold several findings, joined by |",
	    MC_FLAG, AT(multilabel), 0, 0, NULL },
	{ "no-finding", 0, "NAME", "word for no finding in a label (default: "
	    MC_NO_FINDING ")", MC_STRING, AT(no_finding), 0, 0, NULL },
	{ "text", 0, "LIST", "treat these numeric-looking columns as "
	    "categories", MC_STRING, AT(text), 0, 0, NULL },
	{ "total", 0, "NAME", "name of the total in split and label (default: "
	    "all)", MC_STRING, AT(total), 0, 0, NULL },
	{ "unit", 0, "NAME", "unit counted besides images (default: group if "
	    "present)", MC_CHOICE, AT(unit), 0, 0,
	    MC_WORDS("group", "image") },
	{ 0 }
};

static const struct mc_prog prog = {
	"mc-describe",
	"[OPTION]... [MANIFEST|PREDICTIONS]",
	"Describe the images and patients of a study, by split and class.",
	option_table, false
};

struct study {
	const struct options *opts;
	char **columns;		/* NULL: none */
	struct mc_population p;
	struct mc_variable *variables;
	struct mc_description description;
};

/* --- Reading -------------------------------------------------------------- */

/* The items of LIST as names, which hold on to ITEMS; NULL: none. */
static struct mc_names *
parse_list(const char *list, char ***items)
{
	struct mc_names *names = mc_names_alloc();
	size_t n = list == NULL ? 0 : mc_split_commas(list, items), i;

	for (i = 0; i < n; i++)
		mc_names_add(names, (*items)[i]);
	return names;
}

/* The columns of --columns; those of --text must be among them. */
static enum mc_status
parse_columns(struct study *s, const struct mc_names *text,
    struct mc_err *err)
{
	const struct options *o = s->opts;
	enum mc_status status = MC_OK;
	struct mc_names *names;
	size_t n, i;

	names = parse_list(o->columns, &s->columns);
	n = mc_names_count(names);
	for (i = 0; i < n && status == MC_OK; i++) {
		if (*mc_names_at(names, i) == '\0')
			status = mc_err_set(err, MC_EUSAGE,
			    "--columns: an empty name");
	}
	if (status == MC_OK && s->columns != NULL && s->columns[n] != NULL)
		status = mc_err_set(err, MC_EUSAGE,
		    "--columns: a name is given twice");
	for (i = 0; i < mc_names_count(text) && status == MC_OK; i++) {
		const char *name = mc_names_at(text, i);

		if (mc_names_find(names, name) == MC_NO_NAME)
			status = mc_err_set(err, MC_EUSAGE,
			    "--text: \"%s\" is not one of --columns", name);
	}
	mc_names_free(names);
	return status;
}

/* A column of numbers has a value that is none; say what can be done. */
static void
remark_text(const struct study *s, size_t number)
{
	const struct mc_variable *v = &s->variables[number];
	size_t image = v->first_text;
	const char *text = mc_population_get(&s->p, image, number);
	char *remedy;

	/* A list is cut at commas; a shell changes the others. */
	if (strpbrk(text, "\"$`\\,") == NULL)
		remedy = mc_xasprintf("--missing \"%s\" leaves it out", text);
	else if (mc_decimal_comma(text))
		remedy = mc_xstrdup("write numbers with a decimal point, not a "
		    "comma");
	else
		remedy = mc_xstrdup("empty the field if it is missing");
	tool_warn("%s:%lld: column \"%s\": \"%s\" is not a number%s: treated "
	    "as categories; %s, --text %s confirms", mc_table_name(s->p.table),
	    mc_population_line(&s->p, image), s->columns[number], text,
	    v->first_number != MC_NO_NAME ? ", though others are" : "", remedy,
	    s->columns[number]);
	free(remedy);
}

/* Two categories of column NUMBER differ in nothing but case or blanks. */
static void
remark_spellings(const struct study *s, size_t number)
{
	const struct mc_names *texts = s->variables[number].texts;
	size_t n = mc_names_count(texts), i, a, b;
	const char **text = mc_xcalloc(n, sizeof(*text));

	for (i = 0; i < n; i++)
		text[i] = mc_names_at(texts, i);
	if (mc_two_spellings(text, n, &a, &b))
		tool_warn("%s: column \"%s\": \"%s\" and \"%s\" are two "
		    "spellings of one value, and are counted apart: write one "
		    "of them in the table", mc_table_name(s->p.table),
		    s->columns[number], text[a], text[b]);
	free(text);
}

/* Say what a reader might not expect of column NUMBER. */
static void
remark(const struct study *s, size_t number, bool as_text)
{
	const struct mc_variable *v = &s->variables[number];
	const char *name = mc_table_name(s->p.table);
	const char *column = s->columns[number];

	if (!as_text && v->texts != NULL && (v->first_number != MC_NO_NAME ||
	    mc_decimal_comma(mc_population_get(&s->p, v->first_text, number))))
		remark_text(s, number);
	if (v->texts != NULL)
		remark_spellings(s, number);
	if (v->torn != MC_NO_NAME)
		tool_say("%s:%lld: column \"%s\": \"%s\", but \"%s\" in line "
		    "%lld for the same group: images are counted", name,
		    mc_population_line(&s->p, v->torn), column,
		    mc_population_get(&s->p, v->torn, number),
		    mc_population_get(&s->p, v->other, number),
		    mc_population_line(&s->p, v->other));
}

/* Whether a column of F is the join's. */
static bool
takes_any(const struct mc_further *f)
{
	size_t i;

	for (i = 0; i < f->n && f->joined[i] < 0; i++)
		;
	return i < f->n;
}

static void
warn(const char *line)
{
	tool_warn("%s", line);
}

static enum mc_status
read_study(struct study *s, const char *path, struct mc_err *err)
{
	const struct options *o = s->opts;
	char **text_items = NULL, **missing_items = NULL;
	struct mc_names *text = parse_list(o->text, &text_items);
	struct mc_names *missing = parse_list(o->missing, &missing_items);
	enum mc_status status = parse_columns(s, text, err);
	size_t v;

	if (status == MC_OK) {
		const struct mc_population_options options = {
			s->columns, o->join, o->key,
			(enum mc_unit_kind)o->unit, o->multilabel,
			o->no_finding, o->left_out != NULL, warn
		};

		status = mc_population_read(&s->p, path, &options, err);
	}
	if (status == MC_OK && s->p.no_group > 0)
		tool_warn("%s: images without a group: %zu: groups are not "
		    "counted", mc_table_name(s->p.table), s->p.no_group);
	if (status == MC_OK && s->p.further.join != NULL &&
	    mc_join_note(s->p.further.join) != NULL)
		tool_warn("%s", mc_join_note(s->p.further.join));
	if (status == MC_OK && s->p.further.join != NULL &&
	    !takes_any(&s->p.further))
		tool_warn("--join: no column of --columns is taken from %s, so "
		    "it does nothing", mc_join_name(s->p.further.join));
	if (status == MC_OK)
		status = mc_description_check(&s->description, err);
	s->variables = mc_xcalloc(s->p.further.n, sizeof(*s->variables));
	for (v = 0; v < s->p.further.n && status == MC_OK; v++) {
		bool as_text = mc_names_find(text, s->columns[v]) !=
		    MC_NO_NAME;

		mc_variable_make(&s->variables[v], &s->p, v, as_text, missing);
		remark(s, v, as_text);
	}
	mc_names_free(text);
	mc_names_free(missing);
	free(text_items);
	free(missing_items);
	return status;
}

static void
free_study(struct study *s)
{
	size_t v;

	for (v = 0; v < s->p.further.n; v++)
		mc_variable_clear(&s->variables[v]);
	free(s->variables);
	mc_population_clear(&s->p);
	free(s->columns);
}

/* --- The program ---------------------------------------------------------- */

static void
check_options(const struct options *o, struct mc_description *d)
{
	struct mc_err err;

	if (o->against != NULL && mc_description_parse_against(d, o->against,
	    &err) != MC_OK)
		tool_usage("--against: %s", err.text);
	if (o->key != NULL && o->join == NULL)
		tool_usage("--key joins the table of --join, which is not "
		    "given");
	if (o->columns == NULL && (o->join != NULL || o->missing != NULL ||
	    o->text != NULL))
		tool_usage("--join, --missing and --text are for --columns, "
		    "which is not given");
	if (o->left_out != NULL && (o->columns != NULL || o->against != NULL ||
	    o->total != NULL || o->multilabel))
		tool_usage("--left-out writes another table: --columns, "
		    "--against, --total and --multilabel have no effect on it");
	if (o->no_finding != NULL && !o->multilabel)
		tool_usage("--no-finding is for --multilabel, which is not "
		    "given");
	if (o->no_finding != NULL &&
	    mc_findings_check_none(o->no_finding, &err) != MC_OK)
		tool_usage("%s", err.text);
	if (o->total != NULL && !mc_tsv_field_ok(o->total))
		tool_usage("--total: a TSV cannot hold this name");
}

static enum mc_status
write_output(FILE *f, void *arg, struct mc_err *err)
{
	const struct study *s = arg;
	const char **left_out = s->opts->left_out;
	size_t n = 0;

	if (left_out == NULL)
		return mc_description_write(&s->description, f, err);
	while (left_out[n] != NULL)
		n++;
	return mc_flow_write(f, &s->p, (char *const *)left_out, n, err);
}

static enum mc_status
run_program(struct study *s, const char *path, struct mc_err *err)
{
	enum mc_status status = read_study(s, path, err);

	if (status != MC_OK)
		return status;
	s->description.columns = s->columns;
	s->description.variables = s->variables;
	return tool_write(s->opts->common.output, write_output, s, err);
}

int
main(int argc, char **argv)
{
	struct options opts = { .unit = MC_UNIT_DEFAULT };
	struct study s = { .opts = &opts };
	enum mc_status status;
	struct mc_err err;
	int first;

	first = tool_start(&prog, argc, argv, &opts);
	if (argc - first > 1)
		tool_usage("%s: one table at a time", argv[first + 1]);
	s.description.p = &s.p;
	s.description.total = opts.total != NULL ? opts.total : "all";
	check_options(&opts, &s.description);
	status = run_program(&s, argv[first], &err);
	free_study(&s);
	free((void *)opts.left_out);
	return tool_end(status, &err);
}
