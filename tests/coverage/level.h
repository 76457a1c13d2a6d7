/*
 * level.h - how often mc_compare calls alike what is alike: its tests of arms
 * and of subgroups put to many simulated test sets (simulate.h).
 */
#ifndef LEVEL_H
#define LEVEL_H

#include "trial.h"

#define LEVEL_FOLDS	5
#define LEVEL_SEEDS	5	/* of an arm, at most */

enum level_kind {
	LEVEL_ARMS,		/* two arms */
	LEVEL_CROSS,		/* two arms in pooled folds, each fold's model
				   on a scale of its own */
	LEVEL_GAP,		/* one arm: `first` patients and the others */
	LEVEL_SIDES		/* one arm: a patient's first image, his third,
				   ... and the others */
};

struct level_design {
	const char *name;
	enum level_kind kind;
	size_t patients, most_images;
	const double *shares;	/* of two classes */
	double separation[2];	/* of the arms; the first of the one arm */
	double spread;		/* its standard deviation over seeds */
	size_t seeds[2];
	size_t first;		/* LEVEL_GAP */
	double margin;		/* NAN: none; else the claim that the first arm
				   is not inferior is what is counted */
	const struct mc_test *test;
};

struct level {
	size_t none;		/* no p */
	size_t rejected;	/* p <= 0.05 */
};

/* The level of the tests of N metrics, into ROWS. */
void	level_of(const struct trial *t, const struct level_design *d,
	    const struct mc_metric_spec *specs, size_t n, struct level *rows);

#endif
