/*
 * schedule.h - compute the learning rate of each step.
 *
 * The rate is a function of the step alone, so that a training that is resumed
 * has the rates of one that was never interrupted.  With peak the largest rate,
 * T the steps of the training, W those of the warm-up, and step t from 0:
 *
 *	t < W		peak (t + 1) / W
 *	constant	peak
 *	cosine		peak (1 + cos(pi (t - W) / (T - W))) / 2: Loshchilov and
 *			Hutter 2017, without restarts; 0 would be step T
 *	step:N:F	peak F^k, where k is the number of times that N epochs
 *			have ended since the warm-up
 *	one-cycle	Smith and Topin 2018 as torch's OneCycleLR has it: from
 *			peak / 25 to peak in 30 % of the steps, then down to
 *			peak / 250000, along halves of a cosine; no warm-up
 */
#ifndef MC_SCHEDULE_H
#define MC_SCHEDULE_H

#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

enum mc_schedule_kind { MC_CONSTANT, MC_COSINE, MC_STEPWISE, MC_ONE_CYCLE };

struct mc_schedule {
	enum mc_schedule_kind kind;
	int64_t every;		/* MC_STEPWISE: epochs between two changes, */
	double factor;		/* and what the rate is multiplied by */
	double warmup;		/* epochs; rounded to the nearest step */
};

/* How long a training is. */
struct mc_length {
	int64_t epochs, steps;	/* the steps of one epoch */
};

/*
 * Set the kind in S, and every and factor, by SPEC: "constant", "cosine",
 * "step", "step:EPOCHS", "step:EPOCHS:FACTOR" or "one-cycle".  Without them the
 * rate is divided by 10 every 30 epochs.  MC_EUSAGE: SPEC is another text.
 */
enum mc_status	mc_schedule_parse(struct mc_schedule *s, const char *spec,
		    struct mc_err *err) MC_MUST_CHECK;

/* Append such a SPEC to TEXT. */
void		mc_schedule_format(const struct mc_schedule *s,
		    struct mc_buf *text);

/*
 * Return the learning rate of step STEP, from 0, of a training of LENGTH whose
 * largest rate is PEAK.
 */
double		mc_schedule_rate(const struct mc_schedule *s, double peak,
		    const struct mc_length *length, int64_t step);

#endif
