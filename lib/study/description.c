/* description.c - describe the images and patients of a study. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include "base/mem.h"
#include "study/description.h"
#include "table/schemas.h"

struct writer {
	const struct mc_description *d;
	struct mc_parts parts;
	size_t reference;	/* the number of the reference */
	double *values;		/* room for one of each image */
	FILE *f;
};

/* What one variable is in one part. */
struct summary {
	size_t n, missing;
	double median, q1, q3, mean, sd;	/* of numbers */
	size_t *times;				/* of each text; to be freed */
};

/* --- Options -------------------------------------------------------------- */

enum mc_status
mc_description_parse_against(struct mc_description *d, const char *text,
    struct mc_err *err)
{
	if (strncmp(text, "split=", 6) == 0)
		d->against = MC_AGAINST_SPLIT;
	else if (strncmp(text, "label=", 6) == 0)
		d->against = MC_AGAINST_LABEL;
	else
		return mc_err_set(err, MC_EUSAGE, "\"%s\" is not split=NAME or "
		    "label=NAME", text);
	d->reference = text + 6;
	return MC_OK;
}

/* Whether nothing is known but the empty text. */
static bool
is_unknown(const struct mc_names *names)
{
	return mc_names_count(names) == 1 && *mc_names_at(names, 0) == '\0';
}

/* No split or label may be called as the rows on all are. */
static enum mc_status
check_total(const struct mc_description *d, const struct mc_names *names,
    const char *column, struct mc_err *err)
{
	if (is_unknown(names) || mc_names_find(names, d->total) == MC_NO_NAME)
		return MC_OK;
	return mc_err_set(err, MC_EDATA, "%s: column \"%s\": \"%s\" is the "
	    "name of the rows over all images: rename those with --total",
	    mc_table_name(d->p->table), column, d->total);
}

static const struct mc_names *
reference_names(const struct mc_description *d)
{
	return d->against == MC_AGAINST_SPLIT ? d->p->split.names :
	    d->p->label.names;
}

enum mc_status
mc_description_check(const struct mc_description *d, struct mc_err *err)
{
	enum mc_status status;

	status = check_total(d, d->p->split.names, "split", err);
	if (status == MC_OK)
		status = check_total(d, d->p->label.names, "label", err);
	if (status == MC_OK && d->against != MC_AGAINST_NONE &&
	    mc_names_find(reference_names(d), d->reference) == MC_NO_NAME)
		status = mc_err_set(err, MC_EDATA, "%s: no image has %s \"%s\", "
		    "with which the others are to be compared",
		    mc_table_name(d->p->table), d->against == MC_AGAINST_SPLIT ?
		    "split" : "label", d->reference);
	return status;
}

/* --- Standardized differences ---------------------------------------------- */

/* NAN where a value is NAN or neither side varies. */
static double
standardized_means(double mean, double sd, double reference_mean,
    double reference_sd)
{
	double scale = sqrt((sd * sd + reference_sd * reference_sd) / 2);

	return scale > 0 ? (mean - reference_mean) / scale : NAN;
}

static double
standardized_shares(double share, double reference_share)
{
	return standardized_means(share, sqrt(share * (1 - share)),
	    reference_share, sqrt(reference_share * (1 - reference_share)));
}

/*
 * Go to the part that SPLIT and LABEL are compared with, if there is one.  A
 * total is compared with the reference's total, and the reference with nothing.
 */
static bool
go_to_reference(struct writer *w, size_t split, size_t label)
{
	switch (w->d->against) {
	case MC_AGAINST_SPLIT:
		if (split == w->reference || split == w->parts.splits)
			return false;
		mc_parts_go_to(&w->parts, w->reference, label);
		return true;
	case MC_AGAINST_LABEL:
		if (label == w->reference || label == w->parts.labels)
			return false;
		mc_parts_go_to(&w->parts, split, w->reference);
		return true;
	default:
		return false;
	}
}

/* --- Summaries ------------------------------------------------------------- */

static void
summarize_numbers(struct summary *s, double *values)
{
	gsl_sort(values, 1, s->n);
	if (s->n > 0) {
		s->median = gsl_stats_quantile_from_sorted_data(values, 1,
		    s->n, 0.5);
		s->q1 = gsl_stats_quantile_from_sorted_data(values, 1, s->n,
		    0.25);
		s->q3 = gsl_stats_quantile_from_sorted_data(values, 1, s->n,
		    0.75);
		s->mean = gsl_stats_mean(values, 1, s->n);
	}
	if (s->n > 1)
		s->sd = gsl_stats_sd(values, 1, s->n);
}

/* What variable V is in the part at hand. */
static struct summary
summarize(struct writer *w, const struct mc_variable *v)
{
	const size_t *member = v->by_group ? w->parts.groups : w->parts.images;
	size_t members = v->by_group ? w->parts.n_groups : w->parts.n_images;
	struct summary s = { .median = NAN, .q1 = NAN, .q3 = NAN, .mean = NAN,
	    .sd = NAN };
	size_t i;

	for (i = 0; i < members; i++) {
		if (!isnan(v->value[member[i]]))
			w->values[s.n++] = v->value[member[i]];
	}
	s.missing = members - s.n;
	if (v->texts == NULL) {
		summarize_numbers(&s, w->values);
		return s;
	}
	s.times = mc_xcalloc(mc_names_count(v->texts), sizeof(*s.times));
	for (i = 0; i < s.n; i++)
		s.times[(size_t)w->values[i]]++;
	return s;
}

static double
share_of(size_t n, size_t whole)
{
	return whole > 0 ? (double)n / (double)whole : NAN;
}

/* --- Rows ----------------------------------------------------------------- */

/* The split or label NUMBER, or the name of all of them. */
static const char *
part_name(const struct writer *w, const struct mc_names *names, size_t number)
{
	return number < mc_names_count(names) ? mc_names_at(names, number) :
	    w->d->total;
}

/* An empty row of a part. */
static struct mc_population_row
part_row(const struct writer *w, size_t split, size_t label)
{
	return (struct mc_population_row){
		.split = part_name(w, w->d->p->split.names, split),
		.label = part_name(w, w->d->p->label.names, label),
		.n = -1, .missing = -1, .share = NAN, .median = NAN,
		.q1 = NAN, .q3 = NAN, .mean = NAN, .sd = NAN, .smd = NAN
	};
}

/* The images or groups of a part. */
static size_t
count(struct writer *w, size_t split, size_t label, bool groups)
{
	mc_parts_go_to(&w->parts, split, label);
	return groups ? w->parts.n_groups : w->parts.n_images;
}

/* The share of a label in its split, or of a split in all. */
static double
part_share(struct writer *w, size_t split, size_t label, bool groups)
{
	size_t n = count(w, split, label, groups), all = w->parts.labels;

	return share_of(n, count(w, label == all ? w->parts.splits : split, all,
	    groups));
}

static void
write_count(struct writer *w, size_t split, size_t label, bool groups)
{
	struct mc_population_row row = part_row(w, split, label);

	row.unit = groups ? "group" : "image";
	row.n = (int64_t)count(w, split, label, groups);
	row.share = part_share(w, split, label, groups);
	/* The share of a label can be another in another split. */
	if (w->d->against == MC_AGAINST_SPLIT && split != w->reference &&
	    split != w->parts.splits && label != w->parts.labels)
		row.smd = standardized_shares(row.share, part_share(w,
		    w->reference, label, groups));
	mc_rows_write(w->f, &mc_population_schema, &row);
}

static void
write_numbers(struct writer *w, struct mc_population_row *row,
    const struct summary *s, const struct summary *reference)
{
	row->n = (int64_t)s->n;
	row->median = s->median;
	row->q1 = s->q1;
	row->q3 = s->q3;
	row->mean = s->mean;
	row->sd = s->sd;
	if (reference != NULL)
		row->smd = standardized_means(s->mean, s->sd,
		    reference->mean, reference->sd);
	mc_rows_write(w->f, &mc_population_schema, row);
}

static void
write_shares(struct writer *w, struct mc_population_row *row,
    const struct mc_names *texts, const struct summary *s,
    const struct summary *reference)
{
	size_t i;

	for (i = 0; i < mc_names_count(texts); i++) {
		row->value = mc_names_at(texts, i);
		row->n = (int64_t)s->times[i];
		row->share = share_of(s->times[i], s->n);
		if (reference != NULL)
			row->smd = standardized_shares(row->share,
			    share_of(reference->times[i], reference->n));
		mc_rows_write(w->f, &mc_population_schema, row);
	}
}

static void
write_variable(struct writer *w, size_t split, size_t label, size_t number)
{
	const struct mc_variable *v = &w->d->variables[number];
	struct mc_population_row row = part_row(w, split, label);
	struct summary s, of_reference = { 0 };
	const struct summary *reference = NULL;

	mc_parts_go_to(&w->parts, split, label);
	s = summarize(w, v);
	if (go_to_reference(w, split, label)) {
		of_reference = summarize(w, v);
		reference = &of_reference;
	}
	row.column = w->d->columns[number];
	row.unit = v->by_group ? "group" : "image";
	row.missing = (int64_t)s.missing;
	if (v->texts == NULL)
		write_numbers(w, &row, &s, reference);
	else
		write_shares(w, &row, v->texts, &s, reference);
	free(s.times);
	free(of_reference.times);
}

static void
write_part(struct writer *w, size_t split, size_t label)
{
	size_t v;

	write_count(w, split, label, false);
	if (w->d->p->group.names != NULL)
		write_count(w, split, label, true);
	for (v = 0; v < w->d->p->further.n; v++)
		write_variable(w, split, label, v);
}

enum mc_status
mc_description_write(const struct mc_description *d, FILE *f,
    struct mc_err *err)
{
	struct writer w = { .d = d, .f = f };
	enum mc_status status = mc_parts_make(&w.parts, d->p, err);
	size_t split, label;

	if (status != MC_OK)
		return status;
	if (d->against != MC_AGAINST_NONE)
		w.reference = mc_names_find(reference_names(d), d->reference);
	w.values = mc_xcalloc(d->p->n, sizeof(*w.values));
	mc_rows_write_header(f, &mc_population_schema);
	for (split = is_unknown(d->p->split.names); split <= w.parts.splits;
	    split++) {
		for (label = is_unknown(d->p->label.names);
		    label <= w.parts.labels; label++)
			write_part(&w, split, label);
	}
	free(w.values);
	mc_parts_clear(&w.parts);
	return MC_OK;
}
