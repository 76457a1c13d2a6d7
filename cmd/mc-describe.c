/* mc-describe - describe the images and patients of a study. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include "base/mem.h"
#include "base/num.h"
#include "table/findings.h"
#include "table/population_parts.h"
#include "table/schemas.h"
#include "table/variable.h"
#include "tool.h"

struct options {
	struct mc_common common;
	const char *columns, *join, *key, *missing, *text, *total;
	const char *no_finding;
	bool multilabel;
	int unit;		/* enum mc_unit_kind */
};
#define AT(member) offsetof(struct options, member)

static const struct mc_opt option_table[] = {
	{ "columns", 0, "LIST", "columns to describe besides the counts",
	    MC_STRING, AT(columns), 0, 0, NULL },
	{ "join", 0, "FILE", "read further columns for --columns from FILE",
	    MC_INPUT, AT(join), 0, 0, NULL },
	{ "key", 0, "COLUMN[=OTHER]", "join on COLUMN (called OTHER in FILE; "
	    "default: id)", MC_STRING, AT(key), 0, 0, NULL },
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
	struct mc_parts parts;
	double *values;		/* room for one of each image */
};

/* --- Rows ----------------------------------------------------------------- */

/* The split or class NUMBER, or the name of all of them. */
static const char *
part_name(const struct study *s, const struct mc_names *names, size_t number)
{
	return number < mc_names_count(names) ? mc_names_at(names, number) :
	    s->opts->total;
}

/* An empty row of the present part. */
static struct mc_population_row
part_row(const struct study *s)
{
	return (struct mc_population_row){
		.split = part_name(s, s->p.split.names, s->parts.split),
		.label = part_name(s, s->p.label.names, s->parts.label),
		.n = -1, .missing = -1, .share = NAN, .median = NAN,
		.q1 = NAN, .q3 = NAN
	};
}

static double
share_of(size_t n, size_t whole)
{
	return whole > 0 ? (double)n / (double)whole : NAN;
}

/* The shares are of so many IMAGES and GROUPS. */
static void
write_counts(FILE *f, const struct study *s, size_t images, size_t groups)
{
	struct mc_population_row row = part_row(s);

	row.unit = "image";
	row.n = (int64_t)s->parts.n_images;
	row.share = share_of(s->parts.n_images, images);
	mc_rows_write(f, &mc_population_schema, &row);
	if (s->p.group.names == NULL)
		return;
	row.unit = "group";
	row.n = (int64_t)s->parts.n_groups;
	row.share = share_of(s->parts.n_groups, groups);
	mc_rows_write(f, &mc_population_schema, &row);
}

/* The row of a column of numbers, of which N are at s->values. */
static void
write_quartiles(FILE *f, const struct study *s, struct mc_population_row *row,
    size_t n)
{
	gsl_sort(s->values, 1, n);
	row->n = (int64_t)n;
	if (n > 0) {
		row->median = gsl_stats_quantile_from_sorted_data(s->values,
		    1, n, 0.5);
		row->q1 = gsl_stats_quantile_from_sorted_data(s->values, 1, n,
		    0.25);
		row->q3 = gsl_stats_quantile_from_sorted_data(s->values, 1, n,
		    0.75);
	}
	mc_rows_write(f, &mc_population_schema, row);
}

/* The rows of a column of TEXTS: the numbers of N are at s->values. */
static void
write_shares(FILE *f, const struct study *s, struct mc_population_row *row,
    const struct mc_names *texts, size_t n)
{
	size_t count = mc_names_count(texts), i;
	size_t *times = mc_xcalloc(count, sizeof(*times));

	for (i = 0; i < n; i++)
		times[(size_t)s->values[i]]++;
	for (i = 0; i < count; i++) {
		row->value = mc_names_at(texts, i);
		row->n = (int64_t)times[i];
		row->share = share_of(times[i], n);
		mc_rows_write(f, &mc_population_schema, row);
	}
	free(times);
}

static void
write_variable(FILE *f, const struct study *s, size_t number)
{
	const struct mc_variable *v = &s->variables[number];
	const size_t *member = v->by_group ? s->parts.groups : s->parts.images;
	size_t members = v->by_group ? s->parts.n_groups : s->parts.n_images;
	struct mc_population_row row = part_row(s);
	size_t n = 0, i;

	for (i = 0; i < members; i++) {
		if (!isnan(v->value[member[i]]))
			s->values[n++] = v->value[member[i]];
	}
	row.column = s->columns[number];
	row.unit = v->by_group ? "group" : "image";
	row.missing = (int64_t)(members - n);
	if (v->texts == NULL)
		write_quartiles(f, s, &row, n);
	else
		write_shares(f, s, &row, v->texts, n);
}

/* --- Parts ---------------------------------------------------------------- */

/* Whether nothing is known but the empty text. */
static bool
is_unknown(const struct mc_names *names)
{
	return mc_names_count(names) == 1 && *mc_names_at(names, 0) == '\0';
}

static void
write_part(FILE *f, struct study *s, size_t split, size_t label, size_t images,
    size_t groups)
{
	size_t v;

	mc_parts_go_to(&s->parts, split, label);
	write_counts(f, s, images, groups);
	for (v = 0; v < s->p.further.n; v++)
		write_variable(f, s, v);
}

/* Counts are shares: those of a label of its split, those of a split of all. */
static void
write_split(FILE *f, struct study *s, size_t split)
{
	size_t labels = s->parts.labels, label, images, groups;

	mc_parts_go_to(&s->parts, split, labels);
	images = s->parts.n_images;
	groups = s->parts.n_groups;
	for (label = is_unknown(s->p.label.names); label < labels; label++)
		write_part(f, s, split, label, images, groups);
	mc_parts_go_to(&s->parts, s->parts.splits, labels);
	write_part(f, s, split, labels, s->parts.n_images, s->parts.n_groups);
}

static enum mc_status
write_output(FILE *f, void *arg, struct mc_err *err)
{
	struct study *s = arg;
	size_t split;

	(void)err;
	mc_rows_write_header(f, &mc_population_schema);
	for (split = is_unknown(s->p.split.names); split <= s->parts.splits; split++)
		write_split(f, s, split);
	return MC_OK;
}

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

/* No split or label may be called as the rows on all are. */
static enum mc_status
check_total(const struct study *s, const struct mc_names *names,
    const char *column, struct mc_err *err)
{
	const char *total = s->opts->total;

	if (is_unknown(names) || mc_names_find(names, total) == MC_NO_NAME)
		return MC_OK;
	return mc_err_set(err, MC_EDATA, "%s: column \"%s\": \"%s\" is the "
	    "name of the rows over all images: rename those with --total",
	    mc_table_name(s->p.table), column, total);
}

/* A column of numbers has a value that is none; say what can be done. */
static void
remark_text(const struct study *s, size_t number)
{
	size_t image = s->variables[number].first_text;
	const char *text = mc_population_get(&s->p, image, number);
	char *remedy;

	/* A list is cut at commas; a shell changes the others. */
	if (strpbrk(text, "\"$`\\,") == NULL)
		remedy = mc_xasprintf("--missing \"%s\" leaves it out", text);
	else if (text[strspn(text, "+-0123456789,")] == '\0')
		remedy = mc_xstrdup("write numbers with a decimal point, not a "
		    "comma");
	else
		remedy = mc_xstrdup("empty the field if it is missing");
	tool_warn("%s:%lld: column \"%s\": \"%s\" is not a number, though "
	    "others are: treated as categories; %s, --text %s confirms",
	    mc_table_name(s->p.table), mc_population_line(&s->p, image),
	    s->columns[number], text, remedy, s->columns[number]);
	free(remedy);
}

/* Say what a reader might not expect of column NUMBER. */
static void
remark(const struct study *s, size_t number, bool as_text)
{
	const struct mc_variable *v = &s->variables[number];
	const char *name = mc_table_name(s->p.table);
	const char *column = s->columns[number];

	if (!as_text && v->texts != NULL && v->first_number != MC_NO_NAME)
		remark_text(s, number);
	if (v->torn != MC_NO_NAME)
		tool_say("%s:%lld: column \"%s\": \"%s\", but \"%s\" in line "
		    "%lld for the same group: images are counted", name,
		    mc_population_line(&s->p, v->torn), column,
		    mc_population_get(&s->p, v->torn, number),
		    mc_population_get(&s->p, v->other, number),
		    mc_population_line(&s->p, v->other));
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
			o->no_finding
		};

		status = mc_population_read(&s->p, path, &options, err);
	}
	if (status == MC_OK)
		status = check_total(s, s->p.split.names, "split", err);
	if (status == MC_OK)
		status = check_total(s, s->p.label.names, "label", err);
	if (status == MC_OK)
		status = mc_parts_make(&s->parts, &s->p, err);
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
	mc_parts_clear(&s->parts);
	mc_population_clear(&s->p);
	free(s->columns);
	free(s->values);
}

/* --- The program ---------------------------------------------------------- */

static void
check_options(const struct options *o)
{
	struct mc_err err;

	if (o->key != NULL && o->join == NULL)
		tool_usage("--key joins the table of --join, which is not "
		    "given");
	if (o->columns == NULL && (o->join != NULL || o->missing != NULL ||
	    o->text != NULL))
		tool_usage("--join, --missing and --text are for --columns, "
		    "which is not given");
	if (o->no_finding != NULL && !o->multilabel)
		tool_usage("--no-finding is for --multilabel, which is not "
		    "given");
	if (o->no_finding != NULL &&
	    mc_findings_check_none(o->no_finding, &err) != MC_OK)
		tool_usage("%s", err.text);
	if (!mc_tsv_field_ok(o->total))
		tool_usage("--total: a TSV cannot hold this name");
}

static enum mc_status
run_program(struct study *s, const char *path, struct mc_err *err)
{
	enum mc_status status = read_study(s, path, err);

	if (status != MC_OK)
		return status;
	s->values = mc_xcalloc(s->p.n, sizeof(*s->values));
	return tool_write(s->opts->common.output, write_output, s, err);
}

int
main(int argc, char **argv)
{
	struct options opts = { .total = "all", .unit = MC_UNIT_DEFAULT };
	struct study s = { .opts = &opts };
	enum mc_status status;
	struct mc_err err;
	int first;

	first = tool_start(&prog, argc, argv, &opts);
	if (argc - first > 1)
		tool_usage("%s: one table at a time", argv[first + 1]);
	check_options(&opts);
	status = run_program(&s, argv[first], &err);
	free_study(&s);
	return tool_end(status, &err);
}
