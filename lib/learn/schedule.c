/* schedule.c - compute the learning rate of each step. */
#include "config.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "learn/schedule.h"

static const char *const names[] = {
	[MC_CONSTANT] = "constant", [MC_COSINE] = "cosine",
	[MC_STEPWISE] = "step", [MC_ONE_CYCLE] = "one-cycle"
};
#define N_NAMES (sizeof(names) / sizeof(names[0]))

/* Set every and factor by PARAMETERS: "EPOCHS" or "EPOCHS:FACTOR". */
static bool
parse_parameters(struct mc_schedule *s, const char *parameters)
{
	const char *colon = strchr(parameters, ':');
	size_t n = colon != NULL ? (size_t)(colon - parameters) :
	    strlen(parameters);
	char *epochs = mc_xstrndup(parameters, n);
	struct mc_err why;
	bool ok = mc_parse_i64(epochs, 1, 1000000, &s->every, &why) == MC_OK &&
	    (colon == NULL || (mc_parse_f64(colon + 1, 0, 1, &s->factor, &why)
	    == MC_OK && s->factor > 0));

	free(epochs);
	return ok;
}

enum mc_status
mc_schedule_parse(struct mc_schedule *s, const char *spec, struct mc_err *err)
{
	size_t k;

	s->every = 30;
	s->factor = 0.1;
	for (k = 0; k < N_NAMES; k++) {
		s->kind = (enum mc_schedule_kind)k;
		if (strcmp(spec, names[k]) == 0)
			return MC_OK;
	}
	s->kind = MC_STEPWISE;
	if (strncmp(spec, "step:", 5) == 0 && parse_parameters(s, spec + 5))
		return MC_OK;
	return mc_err_set(err, MC_EUSAGE, "\"%s\" is not one of constant, "
	    "cosine, step, step:EPOCHS, step:EPOCHS:FACTOR (EPOCHS at least 1, "
	    "0 < FACTOR <= 1), one-cycle", spec);
}

void
mc_schedule_format(const struct mc_schedule *s, struct mc_buf *text)
{
	char number[MC_NUM_SIZE];

	mc_buf_puts(text, names[s->kind]);
	if (s->kind == MC_STEPWISE)
		mc_buf_printf(text, ":%lld:%s", (long long)s->every,
		    mc_format_f64(number, s->factor));
}

/* From A to B along half a cosine; X in 0..1 is how far. */
static double
ease(double a, double b, double x)
{
	return b + (a - b) * (1 + cos(M_PI * x)) / 2;
}

/* OneCycleLR; its first part ends one step early. */
static double
one_cycle(double peak, double steps, double t)
{
	double top = 0.3 * steps - 1, last = steps - 1;

	if (t < top)
		return ease(peak / 25, peak, t / top);
	return ease(peak, peak / 25e4, (t - top) / (last - top));
}

double
mc_schedule_rate(const struct mc_schedule *s, double peak,
    const struct mc_length *length, int64_t step)
{
	double steps = (double)length->epochs * (double)length->steps;
	double warmup = rint(s->warmup * (double)length->steps);
	double t = (double)step;

	if (t < warmup)
		return peak * (t + 1) / warmup;
	switch (s->kind) {
	case MC_COSINE:
		return ease(peak, 0, (t - warmup) / (steps - warmup));
	case MC_STEPWISE:
		return peak * pow(s->factor, floor((t - warmup) /
		    ((double)length->steps * (double)s->every)));
	case MC_ONE_CYCLE:
		return one_cycle(peak, steps, t);
	default:
		return peak;
	}
}
