/*
 * predictions_internal.h - share a predictions table while it is read, among
 * lib/table/predictions*.c alone.
 *
 * First every row goes to its run as it comes, its texts by the numbers in
 * which they came (predictions_rows.c).  Then the texts are numbered in byte
 * order, and the runs and their rows are sorted (predictions.c).  Then the
 * classes of each task are known, and labels become classes
 * (predictions_classes.c).
 */
#ifndef MC_PREDICTIONS_INTERNAL_H
#define MC_PREDICTIONS_INTERNAL_H

#include "base/names.h"
#include "table/predictions.h"

struct mc_predictions_file {
	char *name;		/* in messages */
	bool has_group;		/* it has that column */
};

struct mc_predictions_task {
	struct mc_names *columns;	/* the classes of its p: columns; NULL:
					   there are none, or classes given */
	size_t checked;		/* the last file whose p: columns agree */
	const char **classes;	/* their order; P's texts */
	size_t n_classes;
};

/* A run that grows: row I is rows[I] and I of the arrays behind it. */
struct mc_predictions_run {
	struct mc_run shown;	/* its key and n are true from the first */
	char *key;		/* the texts of the key */
	size_t task;
	struct mc_prediction *rows;	/* label, predicted: numbers among the
					   labels until the classes are known;
					   predicted: -1 where it is empty */
	size_t n_p;		/* p: columns; 0: none */
	double *p;		/* n x n_p */
	int decimals;		/* the most that a p has, or enough of them */
	bool has_o;
	double *o;		/* n x n_p; NULL unless has_o */
	uint32_t *further;	/* n x n_further */
	size_t cap;		/* rows that there is room for */
};

struct mc_predictions {
	size_t n_files;
	struct mc_predictions_file *files;
	struct mc_names *declared;	/* the caller's classes, or NULL */
	struct mc_names *ids, *groups, *labels, *further;
	size_t n_further;
	size_t n_rows;			/* in all runs */
	size_t n_tasks, tasks_cap;
	struct mc_predictions_task *tasks;
	size_t n_runs, runs_cap;
	struct mc_predictions_run **runs;
	char *note;			/* see mc_predictions_note */
};

/* Read the files' rows into the runs of P, which has no file yet. */
enum mc_status	 mc_predictions_gather(struct mc_predictions *p,
		    char *const *paths, size_t n,
		    const struct mc_predictions_options *options,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * Choose the classes of each task, turn labels and predictions into classes, and
 * check the scores against them.  The runs of P are sorted, so that those of a
 * task are neighbours.
 */
enum mc_status	 mc_predictions_classify(struct mc_predictions *p,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * Sort N numbers below 2^32 that are in the upper halves of KEYS; equal ones
 * stay in the order of the lower halves if those ascend.
 */
void		 mc_predictions_sort(uint64_t *keys, size_t n);

#endif
