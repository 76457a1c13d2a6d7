/*
 * evaluate.c - a driver for tests/stats: what lib/stats makes of numbers.
 *
 * Each line of standard input is a function and its numbers; each line of
 * standard output holds its results.  The table at the end says which numbers.
 */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_errno.h>

#include "base/mem.h"
#include "stats/friedman.h"
#include "stats/interval.h"
#include "stats/mcnemar.h"
#include "stats/multiplicity.h"
#include "stats/proportion.h"
#include "stats/seed_variance.h"

static void
show(const double *v, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (isnan(v[i]))
			printf(" nan");
		else
			printf(" %.17g", v[i]);
	}
}

static void
show_interval(double lo, double hi)
{
	show(&lo, 1);
	show(&hi, 1);
}

static void
show_t(struct mc_t_interval t)
{
	const double v[] = { t.difference, t.variance, t.df, t.lo, t.hi, t.p };

	show(v, 6);
}

static void
clopper_pearson(const double *v, size_t n)
{
	double lo, hi;

	(void)n;
	mc_clopper_pearson(v[0], v[1], v[2], &lo, &hi);
	show_interval(lo, hi);
}

static void
wilson(const double *v, size_t n)
{
	double lo, hi;

	(void)n;
	mc_wilson(v[0], v[1], v[2], &lo, &hi);
	show_interval(lo, hi);
}

static void
ratio(const double *v, size_t n)
{
	size_t units = (n - 1) / 2;
	struct mc_ratio r = mc_ratio_of(v + 1, v + 1 + units, units);
	double lo, hi;

	show(&r.value, 1);
	show(&r.variance, 1);
	show(&r.effective, 1);
	mc_ratio_wilson(&r, v[0], &lo, &hi);
	show_interval(lo, hi);
	mc_ratio_clopper_pearson(&r, v[0], &lo, &hi);
	show_interval(lo, hi);
}

static void
mcnemar(const double *v, size_t n)
{
	double p = mc_mcnemar((unsigned)v[0], (unsigned)v[1]);

	(void)n;
	show(&p, 1);
}

static void
tango(const double *v, size_t n)
{
	double lo, hi;

	(void)n;
	mc_tango((unsigned)v[0], (unsigned)v[1], (unsigned)v[2], v[3], &lo,
	    &hi);
	show_interval(lo, hi);
}

static void
tango_p(const double *v, size_t n)
{
	double p = mc_tango_p((unsigned)v[0], (unsigned)v[1], (unsigned)v[2],
	    v[3]);

	(void)n;
	show(&p, 1);
}

static void
adjust(const double *v, size_t n)
{
	double *adjusted = mc_xcalloc(n, sizeof(*adjusted));

	mc_adjust(MC_ADJUST_HOLM, v, n, adjusted);
	show(adjusted, n);
	mc_adjust(MC_ADJUST_BH, v, n, adjusted);
	show(adjusted, n);
	free(adjusted);
}

static void
max_t(const double *v, size_t n)
{
	size_t m = (size_t)v[0], b = (n - 1) / m - 1;
	double *adjusted = mc_xcalloc(m, sizeof(*adjusted));

	mc_max_t(v + 1, v + 1 + m, m, b, adjusted);
	show(adjusted, m);
	free(adjusted);
}

static void
friedman(const double *v, size_t n)
{
	size_t arms = (size_t)v[0], tasks = (n - 1) / arms;
	double *ranks = mc_xcalloc(arms, sizeof(*ranks));
	struct mc_friedman f;

	if (mc_friedman(v + 1, tasks, arms, &f, ranks) == MC_OK) {
		show(&f.chi_squared, 1);
		show(&f.f, 1);
		show(&f.p, 1);
		show(ranks, arms);
	}
	free(ranks);
}

static void
nemenyi_p(const double *v, size_t n)
{
	double p = mc_nemenyi_p(v[0], (size_t)v[1], (size_t)v[2]);

	(void)n;
	show(&p, 1);
}

static void
nemenyi_critical(const double *v, size_t n)
{
	double d = mc_nemenyi_critical(v[0], (size_t)v[1], (size_t)v[2]);

	(void)n;
	show(&d, 1);
}

static void
seeds(const double *v, size_t n)
{
	size_t n_a = (size_t)v[3];

	show_t(mc_seeds_difference(v + 4, n_a, v + 4 + n_a, n - 4 - n_a, v[1],
	    v[2], v[0]));
}

static void
resampled(const double *v, size_t n)
{
	show_t(mc_resampled_difference(v + 2, n - 2, v[1], v[0]));
}

static void
bootstrap_p(const double *v, size_t n)
{
	double p = mc_bootstrap_p(v + 1, n - 1, v[0]);

	show(&p, 1);
}

static const struct function {
	const char *name;
	size_t least;		/* numbers */
	void (*evaluate)(const double *v, size_t n);
} functions[] = {
	{ "adjust", 1, adjust },			/* p... */
	{ "bootstrap_p", 2, bootstrap_p },		/* null replicate... */
	{ "clopper_pearson", 3, clopper_pearson },	/* x n level */
	{ "friedman", 4, friedman },			/* arms value... */
	{ "max_t", 2, max_t },				/* m t... T*... */
	{ "mcnemar", 2, mcnemar },			/* b c */
	{ "nemenyi_critical", 3, nemenyi_critical },	/* alpha tasks arms */
	{ "nemenyi_p", 3, nemenyi_p },		/* difference tasks arms */
	{ "ratio", 3, ratio },				/* level hits... size... */
	{ "resampled", 3, resampled },		/* level ratio difference... */
	/* level variance units n_a a... b... */
	{ "seeds", 6, seeds },
	{ "tango", 4, tango },				/* b c n level */
	{ "tango_p", 4, tango_p },			/* b c n bound */
	{ "wilson", 3, wilson },			/* x n quantile */
};

static const struct function *
find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(functions) / sizeof(*functions); i++) {
		if (name != NULL && strcmp(name, functions[i].name) == 0)
			return &functions[i];
	}
	return NULL;
}

int
main(void)
{
	char *line = NULL, *word, *rest;
	size_t room = 0, cap = 0, n;
	double *v = NULL;

	gsl_set_error_handler_off();
	while (getline(&line, &room, stdin) > 0) {
		const struct function *f = find(strtok_r(line, " \n", &rest));

		for (n = 0; (word = strtok_r(NULL, " \n", &rest)) != NULL; ) {
			v = mc_xgrow(v, n, &cap, sizeof(*v));
			v[n++] = strtod(word, NULL);
		}
		if (f == NULL || n < f->least) {
			fprintf(stderr, "evaluate: no such function, or too "
			    "few numbers\n");
			return 2;
		}
		f->evaluate(v, n);
		putchar('\n');
	}
	free(line);
	free(v);
	return ferror(stdout) || fclose(stdout) != 0;
}
