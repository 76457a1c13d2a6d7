/* characteristics.c - make the table of a study's population. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "report/characteristics.h"

#define SMD_DECIMALS	2
#define MOST_DECIMALS	9

struct characteristics {
	struct mc_wide w;
	const struct mc_table_style *style;
	struct mc_grid *g;
	bool *median;		/* [row]: its numbers are described by that */
};

/* --- Numbers in print ----------------------------------------------------- */

/* V as a paper prints it; the caller frees it. */
static char *
number(double v, int decimals)
{
	char *digits, *text;

	if (isnan(v))
		return mc_xstrdup(MC_MISSING);
	digits = mc_xasprintf("%.*f", decimals, fabs(v));
	/* What is printed as 0 has no sign. */
	text = mc_xasprintf("%s%s", v < 0 && digits[strspn(digits, "0.")] !=
	    '\0' ? MC_MINUS : "", digits);
	free(digits);
	return text;
}

/* N (%) of a whole of which N is SHARE. */
static char *
count_and_share(const struct characteristics *c, int64_t n, double share)
{
	char *percent = number(100 * share, c->style->percent), *text;

	text = mc_xasprintf("%lld (%s)", (long long)n, percent);
	free(percent);
	return text;
}

/*
 * The decimals of a variable whose standard deviation over all is SD: it has
 * three digits, 11.4 or 0.0114.  1 where nothing varies.
 */
static int
decimals_of(double sd)
{
	return sd > 0 ? (int)fmin(MOST_DECIMALS, fmax(0,
	    2 - floor(log10(sd)))) : 1;
}

static char *
mean_and_sd(const struct mc_population_row *row, int decimals)
{
	char *mean = number(row->mean, decimals);
	char *sd = number(row->sd, decimals);
	char *text = mc_xasprintf("%s (%s)", mean, sd);

	free(mean);
	free(sd);
	return text;
}

static char *
median_and_quartiles(const struct mc_population_row *row, int decimals)
{
	char *median = number(row->median, decimals);
	char *q1 = number(row->q1, decimals), *q3 = number(row->q3, decimals);
	char *text = mc_xasprintf("%s [%s, %s]", median, q1, q3);

	free(median);
	free(q1);
	free(q3);
	return text;
}

/* --- Lines ---------------------------------------------------------------- */

enum what { COUNT, SHARE_OF_PART, SHARE, MEAN, MEDIAN, MISSING };

/* What is printed of ROW, a row of PART; the caller frees it. */
static char *
cell_text(const struct characteristics *c, enum what what, const char *part,
    const struct mc_population_row *row, int decimals)
{
	struct mc_population_row whole = { .column = "", .value = "",
	    .unit = "image", .split = c->w.total, .label = c->w.total };
	const struct mc_population_row *of;

	if (row == NULL)
		return mc_xstrdup(MC_MISSING);
	switch (what) {
	case COUNT:
		return mc_xasprintf("%lld", (long long)row->n);
	case MISSING:
		return mc_xasprintf("%lld", (long long)row->missing);
	case SHARE:
		return count_and_share(c, row->n, row->share);
	case MEAN:
		return mean_and_sd(row, decimals);
	case MEDIAN:
		return median_and_quartiles(row, decimals);
	default:
		of = mc_wide_find(&c->w, part, &whole);
		return count_and_share(c, row->n, of != NULL && of->n > 0 ?
		    (double)row->n / (double)of->n : NAN);
	}
}

/* Append the line of what LINE, a row of the total, says. */
static void
add_line(struct characteristics *c, enum what what, const char *name,
    const char *value, const struct mc_population_row *line)
{
	const struct mc_wide *w = &c->w;
	struct mc_grid_line *last = c->g->n_lines > 0 ?
	    &c->g->lines[c->g->n_lines - 1] : NULL;
	bool repeats = last != NULL && strcmp(last->cells[0].text, name) == 0;
	struct mc_grid_cell *cell = mc_grid_add_line(c->g, last == NULL ||
	    repeats || what == COUNT ? MC_NO_RULE : MC_SPACE), *smd;
	size_t i;

	cell->text = mc_xstrdup(name);
	cell++->repeats = repeats;
	cell++->text = mc_xstrdup(value);
	smd = cell + w->n_parts + 1;
	for (i = 0; i <= w->n_parts; i++) {
		const struct mc_population_row *row = mc_wide_find(w,
		    mc_wide_part(w, i), line);

		cell++->text = cell_text(c, what, mc_wide_part(w, i), row,
		    decimals_of(line->sd));
		if (i == w->n_parts || !w->compared[i])
			continue;
		if (row != NULL && what != MISSING && !isnan(mc_wide_smd(w,
		    row)))
			smd->text = number(mc_wide_smd(w, row), SMD_DECIMALS);
		smd++;
	}
}

/* Append what is missing of the column of LINE, if anything is anywhere. */
static void
add_missing(struct characteristics *c, const char *name,
    const struct mc_population_row *line)
{
	const struct mc_wide *w = &c->w;
	size_t i;

	for (i = 0; i <= w->n_parts; i++) {
		const struct mc_population_row *row = mc_wide_find(w,
		    mc_wide_part(w, i), line);

		if (row != NULL && row->missing > 0) {
			add_line(c, MISSING, name, "missing", line);
			return;
		}
	}
}

static const char *
unit_name(const struct characteristics *c, const char *unit)
{
	if (strcmp(unit, "group") != 0)
		return "images";
	return c->style->units != NULL ? c->style->units : "groups";
}

/* "Images": TEXT with a capital, where it begins with a small ASCII letter. */
static char *
capital(const char *text)
{
	char *copy = mc_xstrdup(text);

	if (*copy >= 'a' && *copy <= 'z')
		*copy = (char)(*copy - 'a' + 'A');
	return copy;
}

/* Append the counts of the total, then those of what divides the columns. */
static void
add_counts(struct characteristics *c)
{
	const struct mc_wide *w = &c->w;
	size_t n = mc_rows_count(w->pop), i, place;
	const struct mc_population_row *row;
	const char *other;
	char *name;

	for (i = 0; i < n; i++) {
		row = mc_wide_row(w, i);
		if (*row->column != '\0' || !mc_wide_is_whole(w, row))
			continue;
		name = capital(unit_name(c, row->unit));
		add_line(c, COUNT, name, "n", row);
		free(name);
	}
	name = mc_xasprintf("%s, %s (%%)", w->by_label ? "split" : "label",
	    w->has_groups ? "images" : "n");
	for (i = 0; i < (MC_USUAL_PARTS + 1) * n; i++) {
		row = mc_wide_row(w, i % n);
		place = i / n;
		other = mc_wide_other(w, row);
		if (*row->column == '\0' && mc_wide_is_total(w,
		    mc_wide_own(w, row)) && !mc_wide_is_total(w, other) &&
		    mc_wide_rank(other) == place && strcmp(row->unit,
		    "group") != 0)
			add_line(c, SHARE_OF_PART, name, other, row);
	}
	free(name);
}

/* Append the lines of one column, whose rows of the total begin at *I. */
static void
add_variable(struct characteristics *c, size_t *i)
{
	const struct mc_wide *w = &c->w;
	const struct mc_population_row *first = mc_wide_row(w, *i), *row;
	size_t n = mc_rows_count(w->pop);
	bool median = c->median[*i];
	char *name;

	if (*first->value == '\0') {
		add_line(c, median ? MEDIAN : MEAN, first->column,
		    median ? "median [Q1, Q3]" : "mean (SD)", first);
		add_missing(c, first->column, first);
		++*i;
		return;
	}
	name = mc_xasprintf("%s, %s (%%)", first->column, w->has_groups ?
	    unit_name(c, first->unit) : "n");
	for (; *i < n; ++*i) {
		row = mc_wide_row(w, *i);
		if (!mc_wide_is_whole(w, row) || strcmp(row->column,
		    first->column) != 0)
			break;
		add_line(c, SHARE, name, row->value, row);
	}
	add_missing(c, name, first);
	free(name);
}

static void
add_variables(struct characteristics *c)
{
	const struct mc_wide *w = &c->w;
	size_t n = mc_rows_count(w->pop), i = 0;

	while (i < n) {
		const struct mc_population_row *row = mc_wide_row(w, i);

		if (*row->column != '\0' && mc_wide_is_whole(w, row))
			add_variable(c, &i);
		else
			i++;
	}
}

/* --- The table ------------------------------------------------------------ */

static void
add_columns(struct characteristics *c)
{
	const struct mc_wide *w = &c->w;
	size_t n = 0, i;

	mc_grid_add_column(c->g, "Characteristic", false);
	mc_grid_add_column(c->g, "Value", false);
	for (i = 0; i <= w->n_parts; i++)
		mc_grid_add_column(c->g, mc_wide_part(w, i), true);
	for (i = 0; i < w->n_parts; i++)
		n += w->compared[i];
	for (i = 0; i < w->n_parts; i++) {
		char *heading = n == 1 ? mc_xstrdup("SMD") :
		    mc_xasprintf("SMD %s", mc_wide_part(w, i));

		if (w->compared[i])
			mc_grid_add_column(c->g, heading, true);
		free(heading);
	}
}

/* List the columns of numbers that are described by UNIT. */
static void
list_numbers(const struct characteristics *c, const char *unit,
    struct mc_buf *list)
{
	const struct mc_wide *w = &c->w;
	size_t n = mc_rows_count(w->pop), i;

	for (i = 0; i < n; i++) {
		const struct mc_population_row *row = mc_wide_row(w, i);

		if (*row->column != '\0' && *row->value == '\0' &&
		    mc_wide_is_whole(w, row) && strcmp(row->unit, unit) == 0)
			mc_buf_printf(list, "%s%s", list->len > 0 ? ", " : "",
			    row->column);
	}
}

/* Say whose the numbers are, which no heading says. */
static void
say_units(struct characteristics *c)
{
	struct mc_buf groups = { 0 }, images = { 0 };

	list_numbers(c, "group", &groups);
	list_numbers(c, "image", &images);
	if (groups.len > 0)
		mc_grid_say(c->g, "One value per %s: %s.", c->style->unit !=
		    NULL ? c->style->unit : "group", groups.data);
	if (images.len > 0)
		mc_grid_say(c->g, "One value per image: %s.", images.data);
	mc_buf_free(&groups);
	mc_buf_free(&images);
}

/* Say what the standardized differences are from. */
static void
say_compared(struct characteristics *c)
{
	const struct mc_wide *w = &c->w;
	const char *reference = NULL;
	size_t n = 0, i;

	for (i = 0; i < w->n_parts; i++) {
		n += w->compared[i];
		if (!w->compared[i])
			reference = mc_wide_part(w, i);
	}
	if (n > 0 && n + 1 == w->n_parts)
		mc_grid_say(c->g, "SMD: standardized difference of "
		    "means or shares from %s.", reference);
	else if (n > 0)
		mc_grid_say(c->g, "SMD: standardized difference of means or "
		    "shares.");
}

static void
fill(struct characteristics *c)
{
	c->g = mc_grid_alloc(c->style->caption, c->style->label);
	add_columns(c);
	add_counts(c);
	add_variables(c);
	if (c->w.has_groups)
		say_units(c);
	say_compared(c);
	mc_grid_finish(c->g);
}

/* Mark the rows of POP that NAME, a column of numbers or "*", is the name of. */
static bool
mark_medians(struct characteristics *c, struct mc_rows *pop, const char *name)
{
	bool found = false;
	size_t n = mc_rows_count(pop), i;

	for (i = 0; i < n; i++) {
		const struct mc_population_row *row = mc_rows_get(pop, i);

		if (*row->column != '\0' && *row->value == '\0' &&
		    (strcmp(name, "*") == 0 || strcmp(name, row->column) == 0))
			found = c->median[i] = true;
	}
	return found;
}

/* Find the columns of MEDIANS, a list, while they have the names of POP. */
static enum mc_status
find_medians(struct characteristics *c, struct mc_rows *pop,
    const char *medians, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	size_t n, i;
	char **name;

	c->median = mc_xcalloc(mc_rows_count(pop), sizeof(*c->median));
	if (medians == NULL)
		return MC_OK;
	n = mc_split_commas(medians, &name);
	for (i = 0; status == MC_OK && i < n; i++) {
		if (!mark_medians(c, pop, name[i]))
			status = mc_err_set(err, MC_EUSAGE, "--medians: %s has "
			    "no column of numbers \"%s\"",
			    mc_rows_name(pop, 0), name[i]);
	}
	free(name);
	return status;
}

enum mc_status
mc_characteristics_grid(struct mc_rows *pop, enum mc_across across,
    const char *medians, struct mc_printed *printed,
    const struct mc_table_style *style, struct mc_grid **g,
    struct mc_err *err)
{
	struct characteristics c = { .style = style };
	enum mc_status status;

	*g = NULL;
	status = find_medians(&c, pop, medians, err);
	if (status == MC_OK)
		status = mc_printed_apply(printed, pop, err);
	if (status == MC_OK)
		status = mc_wide_read(&c.w, pop, across, err);
	if (status == MC_OK)
		fill(&c);
	*g = c.g;
	mc_wide_clear(&c.w);
	free(c.median);
	return status;
}
