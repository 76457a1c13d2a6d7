/* grid.c - list the values of a parameter that are tried. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "learn/grid.h"

static int
compare_values(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Add the N bytes at WORD to G. */
static enum mc_status
add_value(struct mc_grid *g, const char *word, size_t n, double min,
    double max, struct mc_err *err)
{
	char *text = mc_xstrndup(word, n);
	enum mc_status status = g->n == MC_GRID_MOST ?
	    mc_err_set(err, MC_EDATA, "more than %d values", MC_GRID_MOST) :
	    mc_parse_f64(text, min, max, &g->value[g->n], err);

	free(text);
	if (status == MC_OK && g->value[g->n] == 0)
		g->value[g->n] = 0;	/* also where it was -0 */
	if (status == MC_OK)
		g->n++;
	return status;
}

enum mc_status
mc_grid_parse(struct mc_grid *g, const char *text, double min, double max,
    struct mc_err *err)
{
	enum mc_status status;
	char number[MC_NUM_SIZE];
	size_t n, i;

	g->n = 0;
	for (;;) {
		n = strcspn(text, ",");
		status = add_value(g, text, n, min, max, err);
		if (status != MC_OK)
			return status;
		if (text[n] == '\0')
			break;
		text += n + 1;
	}
	qsort(g->value, g->n, sizeof(*g->value), compare_values);
	for (i = 1; i < g->n; i++) {
		if (g->value[i] == g->value[i - 1])
			return mc_err_set(err, MC_EDATA, "%s is given twice",
			    mc_format_f64(number, g->value[i]));
	}
	return MC_OK;
}

void
mc_grid_logistic(struct mc_grid *g)
{
	for (g->n = 0; g->n < 45; g->n++)
		g->value[g->n] = pow(10, -6 + (double)g->n / 4);
}

void
mc_grid_knn(struct mc_grid *g)
{
	*g = (struct mc_grid){ { 10, 20, 100, 200 }, 4 };
}

enum mc_status
mc_grid_check_whole(const struct mc_grid *g, struct mc_err *err)
{
	char number[MC_NUM_SIZE];
	size_t i;

	for (i = 0; i < g->n; i++) {
		if (g->value[i] != floor(g->value[i]))
			return mc_err_set(err, MC_EDATA, "%s is not a whole "
			    "number", mc_format_f64(number, g->value[i]));
	}
	return MC_OK;
}

void
mc_grid_format(const struct mc_grid *g, struct mc_buf *text)
{
	char number[MC_NUM_SIZE];
	size_t i;

	for (i = 0; i < g->n; i++)
		mc_buf_printf(text, "%s%s", i > 0 ? "," : "",
		    mc_format_f64(number, g->value[i]));
}
