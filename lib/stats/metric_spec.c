/* metric_spec.c - test the form of a metric. */
#include "config.h"

#include <math.h>

#include "base/num.h"
#include "stats/metric_spec.h"

const char *
mc_average_name(enum mc_average average)
{
	switch (average) {
	case MC_WEIGHTED:
		return "weighted";
	case MC_MACRO:
		return "macro";
	case MC_OVO:
		return "ovo";
	case MC_NO_AVERAGE:
	case MC_EACH_CLASS:
		break;
	}
	return "";
}

void
mc_metric_spec_name(const struct mc_metric_spec *m, struct mc_buf *text)
{
	char number[MC_NUM_SIZE];

	mc_buf_puts(text, m->metric->name);
	if (!isnan(m->at))
		mc_buf_printf(text, "@%s", mc_format_f64(number, m->at));
}

bool
mc_metric_spec_is_accuracy(const struct mc_metric_spec *m)
{
	return m->metric->denominator == MC_OF_ALL ||
	    (m->metric->denominator == MC_OF_LABEL &&
	    m->average == MC_WEIGHTED);
}

enum mc_denominator
mc_metric_spec_denominator(const struct mc_metric_spec *m)
{
	if (mc_metric_spec_is_accuracy(m))
		return MC_OF_ALL;
	return m->average == MC_EACH_CLASS || m->average == MC_NO_AVERAGE ?
	    m->metric->denominator : MC_NO_RATIO;
}

bool
mc_denominator_is_proportion(enum mc_denominator denominator)
{
	switch (denominator) {
	case MC_OF_ALL:
	case MC_OF_LABEL:
	case MC_OF_PREDICTED:
	case MC_OF_OTHERS:
	case MC_OF_PREDICTED_OTHERS:
		return true;
	case MC_NO_RATIO:
	case MC_OF_EITHER:
	case MC_MEAN_LOSS:
		break;
	}
	return false;
}

bool
mc_metric_spec_possible(const struct mc_sample *s,
    const struct mc_metric_spec *m, const char **why)
{
	const char *missing = NULL;

	if ((m->metric->needs & MC_NEED_P) != 0 && s->p == NULL)
		missing = "it needs probabilities, and only classes are "
		    "predicted";
	else if ((m->metric->needs & MC_NEED_ORDER) != 0 && !s->ordered)
		missing = "it needs the order of the classes (--classes)";
	if (why != NULL)
		*why = missing;
	return missing == NULL;
}
