/* metric_list.c - parse a list of metrics, and expand it for some classes. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "stats/metric.h"
#include "stats/metric_hint.h"
#include "stats/metric_list.h"

static const enum mc_average averages[MC_AVERAGES] = {
	MC_NO_AVERAGE, MC_WEIGHTED, MC_MACRO, MC_OVO, MC_EACH_CLASS
};

/* --- Parsing -------------------------------------------------------------- */

/* Every average of every metric. */
static void
all_specs(struct mc_metric_spec **specs, size_t *n)
{
	const struct mc_metric *m;
	size_t cap = 0, a;

	for (m = mc_metric_table; m->name != NULL; m++) {
		for (a = 0; a < MC_AVERAGES; a++) {
			if ((m->averages & averages[a]) == 0)
				continue;
			*specs = mc_xgrow(*specs, *n, &cap,
			    sizeof(**specs));
			(*specs)[(*n)++] = (struct mc_metric_spec){ m,
			    averages[a], MC_ALL_CLASSES, m->at, false, true };
		}
	}
}

/* The average that the word after the colon means; 0: none. */
static enum mc_average
parse_average(const char *how)
{
	static const struct {
		const char *word;
		enum mc_average average;
	} words[] = {
		{ "weighted", MC_WEIGHTED }, { "macro", MC_MACRO },
		{ "ovo", MC_OVO }, { "class", MC_EACH_CLASS },
		{ "positive", MC_EACH_CLASS }
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (strcmp(words[i].word, how) == 0)
			return words[i].average;
	}
	return 0;
}

/* Parse "X" after the @ of the metric M into m->at. */
static enum mc_status
parse_at(const char *text, const char *option, struct mc_metric_spec *m,
    struct mc_err *err)
{
	const char *name = m->metric->name;
	struct mc_err why;

	if (isnan(m->metric->at))
		return mc_err_set(err, MC_EUSAGE,
		    "%s: \"%s\" takes no @X", option, name);
	if (mc_parse_f64(text, 0, 1, &m->at, &why) != MC_OK)
		return mc_err_set(err, MC_EUSAGE, "%s: \"%s@%s\": %s", option,
		    name, text, why.text);
	if (m->at == 0 || m->at == 1)
		return mc_err_set(err, MC_EUSAGE, "%s: \"%s@%s\": give a "
		    "number between 0 and 1", option, name, text);
	return MC_OK;
}

/* The error that no metric is called NAME. */
static enum mc_status
unknown(const char *name, const char *option, struct mc_err *err)
{
	struct mc_buf hint = { 0 };

	mc_metric_hint(&hint, name);
	mc_err_set(err, MC_EUSAGE, "%s: unknown metric \"%s\"%s: mc-bootstrap "
	    "--list-metrics lists them", option, name, hint.data != NULL ?
	    hint.data : "");
	mc_buf_free(&hint);
	return MC_EUSAGE;
}

/* Parse "NAME", "NAME:HOW", "NAME@X" or "NAME@X:HOW", cutting the text. */
static enum mc_status
parse_spec(char *text, const char *option, bool has_positive,
    struct mc_metric_spec *spec, struct mc_err *err)
{
	char *how = strchr(text, ':'), *at = strchr(text, '@');
	const struct mc_metric *m;
	enum mc_status status;

	if (how != NULL)
		*how++ = '\0';
	if (at != NULL && (how == NULL || at < how))
		*at++ = '\0';
	m = mc_metric_find(text);
	if (m == NULL)
		return unknown(text, option, err);
	*spec = (struct mc_metric_spec){ m, m->standard, MC_ALL_CLASSES, m->at,
	    how == NULL, false };
	if (at != NULL &&
	    (status = parse_at(at, option, spec, err)) != MC_OK)
		return status;
	if (how == NULL) {
		if (has_positive && (m->needs & MC_NEED_P) != 0 &&
		    (m->averages & MC_EACH_CLASS) != 0) {
			spec->average = MC_EACH_CLASS;
			spec->class_index = MC_POSITIVE;
		}
		return MC_OK;
	}
	spec->average = parse_average(how);
	if ((m->averages & spec->average) == 0)
		return mc_err_set(err, MC_EUSAGE, "%s: \"%s\" has no \"%s\": "
		    "mc-bootstrap --list-metrics lists what it has", option,
		    text, how);
	if (strcmp(how, "positive") == 0) {
		if (!has_positive)
			return mc_err_set(err, MC_EUSAGE, "%s: "
			    "\"%s:positive\" needs --positive CLASS", option,
			    text);
		spec->class_index = MC_POSITIVE;
	}
	return MC_OK;
}

enum mc_status
mc_metric_spec_parse(const char *text, const char *option, bool has_positive,
    struct mc_metric_spec *spec, struct mc_err *err)
{
	char *copy = mc_xstrdup(text);
	enum mc_status status = parse_spec(copy, option, has_positive, spec,
	    err);

	free(copy);
	return status;
}

enum mc_status
mc_metric_specs_parse(const char *list, bool has_positive,
    struct mc_metric_spec **specs, size_t *n, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	char **items;
	size_t i;

	*specs = NULL;
	*n = 0;
	if (strcmp(list, "all") == 0) {
		all_specs(specs, n);
		return MC_OK;
	}
	*n = mc_split_commas(list, &items);
	*specs = mc_xcalloc(*n, sizeof(**specs));
	for (i = 0; i < *n && status == MC_OK; i++)
		status = parse_spec(items[i], "--metrics", has_positive,
		    &(*specs)[i], err);
	free(items);
	if (status != MC_OK) {
		free(*specs);
		*specs = NULL;
		*n = 0;
	}
	return status;
}

const char *
mc_metric_specs_weighted(const struct mc_metric_spec *specs, size_t n,
    struct mc_buf *names)
{
	const char *first = NULL;
	size_t i;

	for (i = 0; i < n; i++) {
		const struct mc_metric *m = specs[i].metric;

		if (!specs[i].bare || specs[i].average != MC_WEIGHTED ||
		    (m->averages & MC_EACH_CLASS) == 0)
			continue;
		mc_buf_printf(names, "%s%s", first != NULL ? ", " : "",
		    m->name);
		first = first != NULL ? first : m->name;
	}
	return first;
}

/* --- Expansion ------------------------------------------------------------ */

static void
add_spec(struct mc_metric_spec **list, size_t *n, size_t *cap,
    struct mc_metric_spec m, int class_index)
{
	size_t i;

	m.class_index = class_index;
	for (i = 0; i < *n; i++) {
		const struct mc_metric_spec *known = &(*list)[i];

		if (known->metric == m.metric &&
		    known->average == m.average &&
		    known->class_index == class_index &&
		    (known->at == m.at || isnan(m.at)))
			return;
	}
	*list = mc_xgrow(*list, *n, cap, sizeof(**list));
	(*list)[(*n)++] = m;
}

/* What a metric needs must have been declared, unless "all" brought it. */
static enum mc_status
check_needs(const struct mc_metric_spec *m, size_t n_classes, bool ordered,
    int positive, struct mc_err *err)
{
	if (m->all)
		return MC_OK;
	if ((m->metric->needs & MC_NEED_ORDER) != 0 && !ordered)
		return mc_err_set(err, MC_EUSAGE, "--metrics: \"%s\" depends "
		    "on the distance between classes: give their order with "
		    "--classes", m->metric->name);
	if ((m->metric->needs & MC_NEED_POSITIVE) != 0 && m->bare &&
	    n_classes == 2 && positive < 0)
		return mc_err_set(err, MC_EUSAGE, "--metrics: \"%s\" depends "
		    "on which class is positive: give --positive CLASS",
		    m->metric->name);
	return MC_OK;
}

enum mc_status
mc_metric_specs_expand(const struct mc_metric_spec *specs, size_t n,
    size_t n_classes, bool ordered, int positive,
    struct mc_metric_spec **expanded, size_t *n_expanded, struct mc_err *err)
{
	size_t cap = 0, i, k;

	*expanded = NULL;
	*n_expanded = 0;
	for (i = 0; i < n; i++) {
		enum mc_status status = check_needs(&specs[i], n_classes,
		    ordered, positive, err);

		if (status != MC_OK) {
			free(*expanded);
			*expanded = NULL;
			return status;
		}
		if (specs[i].average != MC_EACH_CLASS)
			add_spec(expanded, n_expanded, &cap, specs[i],
			    0);
		else if (specs[i].class_index == MC_POSITIVE)
			add_spec(expanded, n_expanded, &cap, specs[i],
			    positive);
		else for (k = 0; k < n_classes; k++)
			add_spec(expanded, n_expanded, &cap, specs[i],
			    (int)k);
	}
	return MC_OK;
}
