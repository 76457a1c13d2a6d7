/*
 * grid.h - list the values of a parameter that are tried.
 */
#ifndef MC_GRID_H
#define MC_GRID_H

#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"

#define MC_GRID_MOST 64

struct mc_grid {
	double value[MC_GRID_MOST];	/* increasing */
	size_t n;			/* 0: nothing is tried */
};

/*
 * Read TEXT, "A,B,..", numbers from MIN to MAX, into G, in increasing order.
 * MC_EDATA: TEXT has something else, a number twice, or too many.
 */
enum mc_status	mc_grid_parse(struct mc_grid *g, const char *text, double min,
		    double max, struct mc_err *err) MC_MUST_CHECK;

/*
 * Set G to the 45 values of C in DINOv2's evaluation: 10^-6 to 10^5, each
 * 10^0.25 times the one before (Oquab et al. 2024, and dinov2's
 * eval/log_regression.py).
 */
void		mc_grid_logistic(struct mc_grid *g);

/* Set G to the numbers of neighbours in DINOv2's evaluation (its eval/knn.py). */
void		mc_grid_knn(struct mc_grid *g);

/*
 * Check that the values of G are whole numbers; MC_EDATA says which is not.
 */
enum mc_status	mc_grid_check_whole(const struct mc_grid *g,
		    struct mc_err *err) MC_MUST_CHECK;

/* Append G to TEXT, as it is read. */
void		mc_grid_format(const struct mc_grid *g, struct mc_buf *text);

#endif
