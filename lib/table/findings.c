/* findings.c - read the findings in the labels of multi-label data. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/names.h"
#include "base/spelling.h"
#include "table/findings.h"
#include "table/tsv.h"

const char *const mc_label_names[MC_LABELS] = {
	[MC_NO] = "no", [MC_YES] = "yes"
};

const char *const mc_uncertain_names[] = {
	[MC_UNCERTAIN_IGNORE] = "ignore", [MC_UNCERTAIN_ZERO] = "zero",
	[MC_UNCERTAIN_ONE] = "one", NULL
};

struct mc_findings {
	const char *no_finding;
	bool given, seen;	/* that word: by the user, and in a label */
	struct mc_names *names;
	bool declared;		/* and no other is accepted */
	const char *remedy;	/* for another; NULL: none */
	struct mc_finding *list;	/* of all images, one after another */
	size_t listed, list_cap;
	size_t *end;		/* of each image: where its findings end */
	bool *labelled;
	size_t images;
	size_t end_cap, labelled_cap;
};

struct mc_findings *
mc_findings_alloc(const char *no_finding)
{
	struct mc_findings *f = mc_xcalloc(1, sizeof(*f));

	f->no_finding = no_finding != NULL ? no_finding : MC_NO_FINDING;
	f->given = no_finding != NULL;
	f->names = mc_names_alloc();
	return f;
}

void
mc_findings_free(struct mc_findings *f)
{
	if (f == NULL)
		return;
	mc_names_free(f->names);
	free(f->list);
	free(f->end);
	free(f->labelled);
	free(f);
}

/* --- Names ---------------------------------------------------------------- */

enum mc_status
mc_findings_check_none(const char *word, struct mc_err *err)
{
	size_t n = strlen(word), i;

	for (i = 0; i < n && (unsigned char)word[i] >= ' ' &&
	    word[i] != '|' && word[i] != 0x7F; i++)
		;
	return n > 0 && i == n && word[n - 1] != '?' && mc_tsv_field_ok(word) ?
	    MC_OK : mc_err_set(err, MC_EUSAGE, "--no-finding: the word must "
	    "be UTF-8 without control bytes and \"|\", not empty, and not end "
	    "in \"?\"");
}

/* Why NAME cannot be a finding, or NULL. */
static const char *
fault(const char *name)
{
	size_t n = strlen(name);

	if (n == 0)
		return "a finding has no name";
	if (strchr(name, ':') != NULL)
		return "the name of a finding holds \":\"";
	if (strchr(name, '|') != NULL)
		return "the name of a finding holds \"|\"";
	if (name[n - 1] == '?')
		return "the name of a finding ends in \"?\"";
	if (name[0] == ' ' || name[n - 1] == ' ')
		return "a blank beside \"|\", or at an end";
	return NULL;
}

enum mc_status
mc_findings_declare(struct mc_findings *f, const char *const *name, size_t n,
    const char *remedy, struct mc_err *err)
{
	const char *why;
	size_t i;

	f->declared = true;
	f->remedy = remedy;
	for (i = 0; i < n; i++) {
		why = strcmp(name[i], f->no_finding) == 0 ?
		    "this word means that there is no finding" :
		    fault(name[i]);
		if (why != NULL)
			return mc_err_set(err, MC_EUSAGE, "finding \"%s\": %s",
			    name[i], why);
		if (mc_names_copy(f->names, name[i]) != i)
			return mc_err_set(err, MC_EUSAGE, "finding \"%s\" is "
			    "given twice", name[i]);
	}
	return MC_OK;
}

/* --- Labels --------------------------------------------------------------- */

/* A label, and where it is. */
struct label {
	const char *text, *file;
	int64_t line;
};

static enum mc_status
refuse(const struct label *l, const char *why, struct mc_err *err)
{
	return mc_err_at(err, MC_EDATA, l->file, l->line, "label \"%s\": %s",
	    l->text, why);
}

/* Refuse the finding NAME of L, which was not declared. */
static enum mc_status
refuse_undeclared(const struct mc_findings *f, const char *name,
    const struct label *l, struct mc_err *err)
{
	struct mc_buf list = { 0 };
	size_t i;

	for (i = 0; i < mc_names_count(f->names); i++)
		mc_buf_printf(&list, "%s%s", i > 0 ? ", " : "",
		    mc_names_at(f->names, i));
	mc_err_at(err, MC_EDATA, l->file, l->line, "label \"%s\": \"%s\" is "
	    "not one of the findings: %s: take it out of the label%s%s",
	    l->text, name, list.data != NULL ? list.data : "",
	    f->remedy != NULL ? ", or " : "",
	    f->remedy != NULL ? f->remedy : "");
	mc_buf_free(&list);
	return MC_EDATA;
}

/* Add the finding NAME to the last image, whose findings begin at FIRST. */
static enum mc_status
add_finding(struct mc_findings *f, size_t first, const char *name,
    enum mc_finding_state state, const struct label *l, struct mc_err *err)
{
	size_t number = f->declared ? mc_names_find(f->names, name) :
	    mc_names_copy(f->names, name), i;

	if (number == MC_NO_NAME)
		return refuse_undeclared(f, name, l, err);
	for (i = first; i < f->listed; i++) {
		if (f->list[i].number == number)
			return mc_err_at(err, MC_EDATA, l->file, l->line,
			    "label \"%s\": \"%s\" is given twice", l->text,
			    name);
	}
	f->list = mc_xgrow(f->list, f->listed, &f->list_cap, sizeof(*f->list));
	f->list[f->listed++] = (struct mc_finding){ (uint32_t)number, state };
	return MC_OK;
}

/* Add PART, which is changed, of a label. */
static enum mc_status
add_part(struct mc_findings *f, size_t first, char *part,
    const struct label *l, struct mc_err *err)
{
	size_t n = strlen(part);
	bool uncertain = n > 1 && part[n - 1] == '?';
	const char *why;

	if (uncertain)
		part[n - 1] = '\0';
	if (strcmp(part, f->no_finding) == 0) {
		f->seen = true;
		return uncertain ? refuse(l, "the word for no finding cannot "
		    "be uncertain", err) : MC_OK;
	}
	why = fault(part);
	return why != NULL ? refuse(l, why, err) : add_finding(f, first, part,
	    uncertain ? MC_FINDING_UNCERTAIN : MC_FINDING_YES, l, err);
}

enum mc_status
mc_findings_add(struct mc_findings *f, const char *text, const char *file,
    int64_t line, struct mc_err *err)
{
	const struct label l = { text, file, line };
	char *copy = mc_xstrdup(text), *part = copy, *bar = copy;
	enum mc_status status = MC_OK;
	size_t first = f->listed;

	while (*text != '\0' && bar != NULL && status == MC_OK) {
		bar = strchr(part, '|');
		if (bar != NULL)
			*bar = '\0';
		status = add_part(f, first, part, &l, err);
		part = bar != NULL ? bar + 1 : part;
	}
	free(copy);
	if (status != MC_OK)
		return status;
	f->end = mc_xgrow(f->end, f->images, &f->end_cap, sizeof(*f->end));
	f->labelled = mc_xgrow(f->labelled, f->images, &f->labelled_cap,
	    sizeof(*f->labelled));
	f->end[f->images] = f->listed;
	f->labelled[f->images++] = *text != '\0';
	return MC_OK;
}

/* --- The end -------------------------------------------------------------- */

/* One finding spelled in two ways would become two tasks. */
static enum mc_status
check_spellings(const struct mc_findings *f, const char *file,
    struct mc_err *err)
{
	size_t n = mc_names_count(f->names), i, a, b;
	const char **text = mc_xcalloc(n + 1, sizeof(*text));
	enum mc_status status = MC_OK;

	text[0] = f->no_finding;
	for (i = 0; i < n; i++)
		text[i + 1] = mc_names_at(f->names, i);
	if (mc_two_spellings(text, n + 1, &a, &b))
		status = a == 0 ? mc_err_set(err, MC_EDATA, "%s: the label "
		    "\"%s\" is another spelling of \"%s\": give --no-finding "
		    "\"%s\" if it means that there is no finding", file,
		    text[b], text[a], text[b]) : mc_err_set(err, MC_EDATA,
		    "%s: \"%s\" and \"%s\" are two spellings of one finding: "
		    "write one of them", file, text[a], text[b]);
	free(text);
	return status;
}

enum mc_status
mc_findings_end(struct mc_findings *f, const char *file, struct mc_err *err)
{
	uint32_t *number;
	size_t i;

	if (!f->declared) {
		number = mc_names_renumber(f->names);
		for (i = 0; i < f->listed; i++)
			f->list[i].number = number[f->list[i].number];
		free(number);
	}
	return check_spellings(f, file, err);
}

enum mc_status
mc_findings_read(struct mc_findings **result, const struct mc_manifest *m,
    int column, const char *no_finding, struct mc_err *err)
{
	struct mc_findings *f = *result = mc_findings_alloc(no_finding);
	const char *name = mc_table_name(m->table);
	size_t rows = mc_table_rows(m->table), row;
	enum mc_status status = MC_OK;

	for (row = 0; row < rows && status == MC_OK; row++)
		status = mc_findings_add(f, mc_manifest_get(m, row, column),
		    name, mc_table_line(m->table, row), err);
	if (status == MC_OK)
		status = mc_findings_end(f, name, err);
	if (status != MC_OK) {
		mc_findings_free(f);
		*result = NULL;
	}
	return status;
}

/* --- What is known -------------------------------------------------------- */

const char *
mc_findings_none(const struct mc_findings *f)
{
	return f->no_finding;
}

bool
mc_findings_say_unused(const struct mc_findings *f, const char *file,
    void (*say)(const char *line))
{
	bool unused = f->given && !f->seen;

	if (unused)
		mc_say(say, "%s%s--no-finding \"%s\": no label has this word",
		    file != NULL ? file : "", file != NULL ? ": " : "",
		    f->no_finding);
	return unused;
}

size_t
mc_findings_count(const struct mc_findings *f)
{
	return mc_names_count(f->names);
}

const char *
mc_findings_name(const struct mc_findings *f, size_t finding)
{
	return mc_names_at(f->names, finding);
}

bool
mc_findings_labelled(const struct mc_findings *f, size_t image)
{
	return f->labelled[image];
}

const struct mc_finding *
mc_findings_of(const struct mc_findings *f, size_t image, size_t *n)
{
	size_t first = image > 0 ? f->end[image - 1] : 0;

	*n = f->end[image] - first;
	return *n > 0 ? f->list + first : NULL;
}

enum mc_finding_state
mc_findings_state(const struct mc_findings *f, size_t image, size_t finding)
{
	size_t n, i;
	const struct mc_finding *list = mc_findings_of(f, image, &n);

	for (i = 0; i < n; i++) {
		if (list[i].number == finding)
			return list[i].state;
	}
	return MC_FINDING_NO;
}
