/* levels.c - make grey levels of samples. */
#include "config.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "scan/levels.h"

/* How a value becomes a level from 0 to 1. */
struct mapping {
	enum { RANGE, CURVE, TABLE } by;
	double low, high;	/* RANGE */
	enum mc_curve curve;
	double center, width;
	const struct mc_lut *lut;
};

enum mc_status
mc_window_parse(struct mc_window *w, const char *text, struct mc_err *err)
{
	enum mc_status status = MC_EDATA;
	struct mc_err why;
	char **part;

	memset(w, 0, sizeof(*w));
	if (strcmp(text, "file") == 0)
		return MC_OK;
	if (strcmp(text, "auto") == 0 || strcmp(text, "bits") == 0) {
		w->choice = text[0] == 'a' ? MC_WINDOW_AUTO : MC_WINDOW_BITS;
		return MC_OK;
	}
	w->choice = MC_WINDOW_GIVEN;
	if (mc_split_commas(text, &part) == 2 &&
	    mc_parse_f64(part[0], -DBL_MAX, DBL_MAX, &w->center, &why) == MC_OK
	    && mc_parse_f64(part[1], 1, DBL_MAX, &w->width, &why) == MC_OK)
		status = MC_OK;
	else
		mc_err_set(err, MC_EDATA, "\"%s\" is not a window: give a "
		    "center and a width of 1 or more, such as 40,400, or auto, "
		    "bits or file", text);
	free(part);
	return status;
}

static size_t
count(const struct mc_samples *s)
{
	return (size_t)s->width * (size_t)s->height * (size_t)s->channels;
}

static bool
is_padding(const struct mc_samples *s, int32_t sample)
{
	return s->padded && sample >= s->padding[0] && sample <= s->padding[1];
}

static double
value(const struct mc_samples *s, double sample)
{
	return s->slope * sample + s->intercept;
}

/* The least and the largest sample, without padding if there is other. */
static void
find_range(const struct mc_samples *s, double *low, double *high)
{
	size_t n = count(s), i;
	bool padding = true;

	*low = DBL_MAX;
	*high = -DBL_MAX;
	for (i = 0; i < n; i++) {
		double x = s->real != NULL ? s->real[i] : s->stored[i];

		if (s->real == NULL && is_padding(s, s->stored[i]))
			continue;
		padding = false;
		*low = x < *low ? x : *low;
		*high = x > *high ? x : *high;
	}
	if (padding)
		*low = *high = 0;
}

/* RANGE from the values of two samples. */
static void
set_range(struct mapping *m, const struct mc_samples *s, double a, double b)
{
	m->by = RANGE;
	m->low = fmin(value(s, a), value(s, b));
	m->high = fmax(value(s, a), value(s, b));
}

static enum mc_status
set_curve(struct mapping *m, enum mc_curve curve, double center, double width,
    const char *name, struct mc_err *err)
{
	m->by = CURVE;
	m->curve = curve;
	m->center = center;
	m->width = width;
	if (!isfinite(center) || !isfinite(width) || width <= 0 ||
	    (curve == MC_LINEAR && width < 1))
		return mc_err_set(err, MC_EDATA, "%s: its window has the width "
		    "%g, which is not possible: give another (--window)", name,
		    width);
	return MC_OK;
}

static enum mc_status
choose(struct mapping *m, const struct mc_samples *s,
    const struct mc_window *w, const char *name, struct mc_err *err)
{
	enum mc_window_choice choice = w->choice;
	double low, high;

	if (s->channels == 3)
		choice = MC_WINDOW_BITS;
	else if (choice == MC_WINDOW_GIVEN)
		return set_curve(m, MC_LINEAR, w->center, w->width, name, err);
	else if (choice == MC_WINDOW_FILE && s->lut.level != NULL) {
		m->by = TABLE;
		m->lut = &s->lut;
		return MC_OK;
	} else if (choice == MC_WINDOW_FILE && s->windowed)
		return set_curve(m, s->curve, s->center, s->extent, name, err);
	if (choice == MC_WINDOW_AUTO) {
		find_range(s, &low, &high);
		set_range(m, s, low, high);
	} else if (s->real != NULL) {
		return mc_err_set(err, MC_EDATA, "%s: real numbers without a "
		    "window: give one (--window C,W or auto)", name);
	} else {
		set_range(m, s, s->low, s->high);
	}
	return MC_OK;
}

static double
on_curve(const struct mapping *m, double v)
{
	double center = m->center, width = m->width;

	if (m->curve == MC_SIGMOID)
		return 1 / (1 + exp(-4 * (v - center) / width));
	if (m->curve == MC_LINEAR) {
		center -= 0.5;
		width -= 1;
	}
	if (v <= center - width / 2)
		return 0;
	if (v > center + width / 2)
		return 1;
	return (v - center) / width + 0.5;
}

static double
in_table(const struct mc_lut *lut, double v)
{
	double i = floor(v - lut->first);
	size_t k = i <= 0 ? 0 : i >= (double)lut->n ? lut->n - 1 : (size_t)i;

	return lut->level[k] / (pow(2, lut->bits) - 1);
}

static unsigned char
level(const struct mapping *m, const struct mc_samples *s, double sample)
{
	double v = value(s, sample), x;

	if (m->by == CURVE)
		x = on_curve(m, v);
	else if (m->by == TABLE)
		x = in_table(m->lut, v);
	else
		x = m->high > m->low ? (v - m->low) / (m->high - m->low) : 0;
	x = x < 0 ? 0 : x > 1 ? 1 : x;
	if (s->inverted && s->channels == 1)
		x = 1 - x;
	return (unsigned char)floor(x * 255 + 0.5);
}

/* Most pictures have few samples: each is mapped once. */
static void
map_stored(unsigned char *to, const struct mc_samples *s,
    const struct mapping *m)
{
	size_t n = count(s), i;
	int32_t low = INT32_MAX, high = INT32_MIN;
	unsigned char *table = NULL;
	uint64_t span, k;

	for (i = 0; i < n; i++) {
		low = s->stored[i] < low ? s->stored[i] : low;
		high = s->stored[i] > high ? s->stored[i] : high;
	}
	span = (uint64_t)((int64_t)high - low) + 1;
	if (span <= n) {
		table = mc_xmalloc(span);
		for (k = 0; k < span; k++)
			table[k] = is_padding(s, (int32_t)(low + (int64_t)k)) ?
			    0 : level(m, s, (double)low + (double)k);
	}
	for (i = 0; i < n; i++) {
		if (table != NULL)
			to[i] = table[(int64_t)s->stored[i] - low];
		else
			to[i] = is_padding(s, s->stored[i]) ? 0 :
			    level(m, s, s->stored[i]);
	}
	free(table);
}

enum mc_status
mc_levels(unsigned char **levels, const struct mc_samples *s,
    const struct mc_window *w, const char *name, struct mc_err *err)
{
	size_t n = count(s), i;
	struct mapping m = { 0 };
	enum mc_status status;

	*levels = NULL;
	for (i = 0; s->real != NULL && i < n; i++) {
		if (!isfinite(s->real[i]))
			return mc_err_set(err, MC_EDATA, "%s: a sample is not "
			    "a finite number", name);
	}
	status = choose(&m, s, w, name, err);
	if (status != MC_OK)
		return status;
	*levels = mc_xmalloc(n);
	if (s->real == NULL)
		map_stored(*levels, s, &m);
	for (i = 0; s->real != NULL && i < n; i++)
		(*levels)[i] = level(&m, s, s->real[i]);
	return MC_OK;
}

enum mc_status
mc_levels_stored(uint16_t **stored, const struct mc_samples *s,
    const char *name, struct mc_err *err)
{
	size_t n = count(s), i;

	*stored = NULL;
	if (s->real != NULL || s->bits > 16)
		return mc_err_set(err, MC_EDATA, "%s: samples of more than 16 "
		    "bits: give --depth 8", name);
	*stored = mc_xreallocarray(NULL, n, sizeof(**stored));
	for (i = 0; i < n; i++) {
		int32_t x = s->stored[i] < s->low ? s->low : s->stored[i];

		(*stored)[i] = (uint16_t)(s->inverted ? s->high - x :
		    x - s->low);
	}
	return MC_OK;
}

void
mc_levels_line(const struct mc_samples *s, double *slope, double *intercept)
{
	*slope = s->inverted ? -s->slope : s->slope;
	*intercept = value(s, s->inverted ? s->high : s->low);
}

double
mc_levels_used(const struct mc_samples *s)
{
	double low, high;

	if (s->real != NULL || s->channels == 3)
		return 1;
	find_range(s, &low, &high);
	return (high - low) / ((double)s->high - s->low);
}
