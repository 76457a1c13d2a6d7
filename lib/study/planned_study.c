/* planned_study.c - tabulate what studies of other sizes would find. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/num.h"
#include "stats/remarks.h"
#include "study/planned_study.h"
#include "table/schemas.h"

/* What the rows of a study have in common. */
struct table {
	const struct mc_planned_study *study;
	const struct mc_planned_study_options *options;
	FILE *f;
	struct mc_contrast *contrasts;	/* arms, then pairs of them */
	size_t n_contrasts;
};

/* List each arm alone, then the pairs of arms. */
static void
make_contrasts(struct table *t)
{
	size_t n = t->study->source.n_sides, reference = t->study->reference;
	struct mc_contrast *c = mc_xcalloc(n + n * n, sizeof(*c));
	size_t a, b;

	t->contrasts = c;
	for (a = 0; a < n; a++)
		*c++ = (struct mc_contrast){ a, MC_ALONE };
	for (a = 0; a < n; a++) {
		if (reference < n && a != reference)
			*c++ = (struct mc_contrast){ a, reference };
		for (b = a + 1; reference == n && b < n; b++)
			*c++ = (struct mc_contrast){ a, b };
	}
	t->n_contrasts = (size_t)(c - t->contrasts);
}

static void
write_row(const struct table *t, const struct mc_contrast *x,
    const struct mc_metric_spec *m, const char *goal,
    const struct mc_planned_result *p)
{
	const struct mc_planned_study *s = t->study;
	const struct mc_power_options *power = &t->options->power;
	struct mc_buf name = { 0 };
	struct mc_power_row row = {
	    .task = s->task, .fold = s->fold, .split = s->split,
	    .average = mc_average_name(m->average), .class_name = "",
	    .arm_a = s->arm[x->a], .arm_b = "", .goal = goal,
	    .unit = s->unit, .n_units = (int64_t)p->n_units,
	    .n_images = p->n_images, .estimate = p->estimate, .se = p->se,
	    .lo = p->lo, .hi = p->hi, .width = p->hi - p->lo,
	    .level = power->level, .detectable = p->detectable,
	    .at_power = NAN, .power = p->power,
	    .replicates = power->how.replicates,
	    .resample_seed = t->options->seed, .note = p->note.data };

	mc_metric_spec_name(m, &name);
	row.metric = name.data;
	if (m->average == MC_EACH_CLASS)
		row.class_name = s->classes[m->class_index];
	if (x->b != MC_ALONE) {
		row.arm_b = s->arm[x->b];
		row.at_power = power->power;
	}
	mc_rows_write(t->f, &mc_power_schema, &row);
	mc_buf_free(&name);
}

/* Write the rows of the smallest studies that reach GOAL, of arms or PAIRS. */
static void
write_goal(const struct table *t, bool pairs, double goal)
{
	const struct mc_power_source *source = &t->study->source;
	char *text, number[MC_NUM_SIZE];
	size_t x, i;
	bool reached;

	text = mc_xasprintf("%s %s", pairs ? "detect" : "width",
	    mc_format_f64(number, goal));
	for (x = 0; x < t->n_contrasts; x++) {
		const struct mc_contrast *own = &t->contrasts[x];

		if ((own->b != MC_ALONE) != pairs)
			continue;
		for (i = 0; i < source->n; i++) {
			struct mc_planned_result *p;

			p = mc_planned_result_reaching(source, own, i, goal,
			    &t->options->power, &reached);
			if (!reached)
				mc_remark(&p->note, "the goal is not reached "
				    "with %d units, the most that are tried",
				    MC_MOST_UNITS);
			write_row(t, own, &source->specs[i], text, p);
			mc_planned_results_free(p, 1);
		}
	}
	free(text);
}

/* Write the rows of a study of N_UNITS patients. */
static void
write_size(const struct table *t, size_t n_units)
{
	const struct mc_power_source *source = &t->study->source;
	size_t n = t->n_contrasts * source->n, i;
	struct mc_planned_result *p = mc_planned_results(source, t->contrasts,
	    t->n_contrasts, n_units, &t->options->power);

	for (i = 0; i < n; i++)
		write_row(t, &t->contrasts[i / source->n],
		    &source->specs[i % source->n], "", &p[i]);
	mc_planned_results_free(p, n);
}

void
mc_planned_study_write(const struct mc_planned_study *s,
    const struct mc_planned_study_options *options, FILE *f)
{
	struct table t = { .study = s, .options = options, .f = f };
	size_t k;

	make_contrasts(&t);
	for (k = 0; k < options->n_patients; k++)
		write_size(&t, options->patients[k]);
	if (!isnan(options->width))
		write_goal(&t, false, options->width);
	if (!isnan(options->detect))
		write_goal(&t, true, options->detect);
	free(t.contrasts);
}
