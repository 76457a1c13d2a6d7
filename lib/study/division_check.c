/* division_check.c - check that a division keeps together what belongs so. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/spelling.h"
#include "study/division_internal.h"

/* --- What stands where it must not ---------------------------------------- */

/* Whose clashes are said: the column of texts, and that of the parts. */
struct clashes {
	const struct mc_division *s;
	int of, column;
};

static void
say_clash(size_t row, size_t other, void *arg)
{
	const struct clashes *c = arg;
	const struct mc_division *s = c->s;
	bool bytes = c->of == s->columns.same;

	mc_say(s->o->detail, "%s:%lld: %s \"%s\" is in %s \"%s\", but %s%s%sin "
	    "\"%s\" in line %lld", mc_table_name(s->t),
	    (long long)mc_table_line(s->t, row), bytes ? "image" :
	    mc_table_column(s->t, (size_t)c->of), div_field(s, row, bytes ?
	    s->m.id : c->of), mc_table_column(s->t, (size_t)c->column),
	    div_field(s, row, c->column), bytes ? "the same bytes (\"" : "",
	    bytes ? div_field(s, other, s->m.id) : "", bytes ? "\") " : "",
	    div_field(s, other, c->column),
	    (long long)mc_table_line(s->t, other));
}

/* Refuse a text of OF, a group's or a unit's, in more than one of PART. */
static enum mc_status
check_texts(const struct mc_division *s, int of, const uint32_t *part,
    int column, const char *remedy, struct mc_err *err)
{
	struct clashes all = { s, of, column };
	struct mc_clash c = mc_units_clash(&s->m, of, part, say_clash, &all);

	if (c.n == 0)
		return MC_OK;
	return mc_err_at(err, MC_EDATA, mc_table_name(s->t),
	    mc_table_line(s->t, c.row), "%s \"%s\" is in %s \"%s\", but in "
	    "\"%s\" in line %lld (%zu such %s): %s",
	    mc_table_column(s->t, (size_t)of), div_field(s, c.row, of),
	    mc_table_column(s->t, (size_t)column), div_field(s, c.row, column),
	    div_field(s, c.other, column),
	    (long long)mc_table_line(s->t, c.other), c.n,
	    c.n == 1 ? "case" : "cases", remedy);
}

enum mc_status
div_apart(const struct mc_division *s, const uint32_t *part, int column,
    const char *remedy, struct mc_err *err)
{
	struct clashes all = { s, s->columns.same, column };
	enum mc_status status;
	struct mc_clash c;

	status = check_texts(s, s->columns.group, part, column, remedy, err);
	if (status == MC_OK && column != s->columns.unit)
		status = check_texts(s, s->columns.unit, part, column, remedy,
		    err);
	if (status != MC_OK)
		return status;
	c = mc_units_clash(&s->m, s->columns.same, part, say_clash, &all);
	if (c.n == 0)
		return MC_OK;
	return mc_err_at(err, MC_EDATA, mc_table_name(s->t),
	    mc_table_line(s->t, c.row), "image \"%s\" is in %s \"%s\", but "
	    "the same bytes (\"%s\", line %lld) in \"%s\" (%zu such %s): "
	    "%s", div_field(s, c.row, s->m.id),
	    mc_table_column(s->t, (size_t)column), div_field(s, c.row, column),
	    div_field(s, c.other, s->m.id),
	    (long long)mc_table_line(s->t, c.other),
	    div_field(s, c.other, column), c.n,
	    c.n == 1 ? "case" : "cases", remedy);
}

/* Labels that mc-train and the readers of predictions will refuse. */
static void
warn_of_spellings(const struct mc_division *s, const struct mc_labels *l)
{
	size_t n = mc_names_count(l->names), i, a, b;
	const char **text = mc_xcalloc(n, sizeof(*text));

	for (i = 0; i < n; i++)
		text[i] = mc_names_at(l->names, i);
	if (mc_two_spellings(text, n, &a, &b))
		mc_say(s->o->warn, "%s: the labels \"%s\" and \"%s\" are two "
		    "spellings of one class, which mc-train refuses: write "
		    "one of them",
		    mc_table_name(s->t), text[a], text[b]);
	free(text);
}

/* Warn where identical images have two of the LABELS of rows. */
static void
warn_of_copies_labels(const struct mc_division *s, const uint32_t *labels)
{
	struct mc_clash c = mc_pictures_clash(&s->m, labels);

	if (c.n > 0)
		mc_say(s->o->warn, "%s:%lld: image \"%s\" is labelled \"%s\", "
		    "but the same bytes (\"%s\") are labelled \"%s\" (%zu "
		    "such %s)",
		    mc_table_name(s->t), (long long)mc_table_line(s->t, c.row),
		    div_field(s, c.row, s->m.id), div_field(s, c.row,
		    s->m.label),
		    div_field(s, c.other, s->m.id),
		    div_field(s, c.other, s->m.label), c.n,
		    c.n == 1 ? "case" : "cases");
}

/*
 * Identical images have one truth; no program can say which.  Where labels are
 * read as findings, their order does not matter, and their spelling has been
 * checked.
 */
void
div_warn_labels(const struct mc_division *s)
{
	bool findings = s->o->multilabel && s->stratify == s->m.label;
	const char **text = div_texts(s, s->m.label);
	struct mc_labels texts;
	uint32_t *sets;

	mc_labels_of_texts(&texts, text, s->rows);
	if (!findings)
		warn_of_spellings(s, &texts);
	free(text);
	sets = mc_labels_sets(findings ? &s->labels : &texts);
	warn_of_copies_labels(s, sets);
	mc_labels_clear(&texts);
	free(sets);
}

/* --- Checking ------------------------------------------------------------- */

enum mc_status
div_check_column(const struct mc_division *s, int column, const char *remedy,
    struct mc_err *err)
{
	struct mc_units parts;
	enum mc_status status;

	if (column < 0)
		return MC_OK;
	mc_units_of_texts(&parts, &s->m, column);
	status = div_apart(s, parts.of_row, column, remedy, err);
	free(parts.of_row);
	return status;
}

/* Say that copies are no unit yet to the programs that resample. */
static void
warn_of_copies(const struct mc_division *s)
{
	struct mc_units units;
	size_t joined = mc_units_find(&units, &s->m, s->columns);

	free(units.of_row);
	if (joined > 0 && s->m.unit < 0)
		mc_say(s->o->warn, "%s: copies join %zu %s to others, and no "
		    "column \"unit\" says so: mc-split --keep all writes it",
		    mc_table_name(s->t), joined,
		    joined == 1 ? "group or image" : "groups or images");
}

enum mc_status
div_check(struct mc_division *s, FILE *f, struct mc_err *err)
{
	struct mc_unit_columns columns = s->columns;
	enum mc_status status;

	div_say_leaks(s);
	status = s->o->against != NULL ? div_against(s, err) : MC_OK;
	if (status == MC_OK)
		status = div_check_column(s, s->m.split, "divide the manifest "
		    "with mc-split", err);
	if (status == MC_OK)
		status = div_check_column(s, s->m.fold, "divide the manifest "
		    "with mc-split", err);
	if (status == MC_OK)
		status = div_check_column(s, s->m.share, "divide the manifest "
		    "with mc-split --shares", err);
	if (status == MC_OK)
		status = div_check_column(s, s->columns.unit, "write the units "
		    "again with mc-split --keep all", err);
	if (status == MC_OK && s->o->near >= 0)
		return div_near(s, f, err);
	if (status == MC_OK)
		status = div_read_labels(s, err);
	if (status != MC_OK)
		return status;
	warn_of_copies(s);
	columns.same = -1;	/* as the programs that resample count them */
	mc_units_find(&s->units, &s->m, columns);
	div_warn_labels(s);
	div_audit(s, f);
	return MC_OK;
}
