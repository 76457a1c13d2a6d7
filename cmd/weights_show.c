/* weights_show.c - write the table of the arrays of a file of weights. */
#include "config.h"

#include <math.h>
#include <stdio.h>

#include "base/hash.h"
#include "base/num.h"
#include "table/tsv.h"
#include "weights_show.h"

struct summary {
	double sum, min, max;		/* of the finite elements */
	size_t finite;
};

static struct summary
summarize(const struct mc_array *a)
{
	struct summary s = { 0, INFINITY, -INFINITY, 0 };
	size_t i;

	for (i = 0; i < a->n; i++) {
		double v = mc_array_get(a, i);

		if (!isfinite(v))
			continue;
		s.finite++;
		s.sum += v;
		if (v < s.min)
			s.min = v;
		if (v > s.max)
			s.max = v;
	}
	return s;
}

/* As short as V's precision allows; empty where a sum has overflowed. */
static void
format_value(char text[MC_NUM_SIZE], double v)
{
	if (!isfinite(v))
		text[0] = '\0';
	else if ((double)(float)v == v)
		mc_format_f32(text, (float)v);
	else
		mc_format_f64(text, v);
}

static void
format_shape(char *text, size_t size, const struct mc_array *a)
{
	size_t n = (size_t)snprintf(text, size, "[");
	int i;

	for (i = 0; i < a->ndim; i++)
		n += (size_t)snprintf(text + n, size - n, "%s%lld",
		    i > 0 ? "," : "", (long long)a->shape[i]);
	snprintf(text + n, size - n, "]");
}

static void
show_array(const struct mc_array *a, FILE *out)
{
	char shape[MC_MAX_DIMS * 21 + 3], n[MC_NUM_SIZE], odd[MC_NUM_SIZE];
	char mean[MC_NUM_SIZE] = "", min[MC_NUM_SIZE] = "";
	char max[MC_NUM_SIZE] = "", sha256[MC_SHA256_HEX];
	const char *fields[] = { a->name, mc_dtype_name(a->dtype), shape, n,
	    mean, min, max, odd, sha256 };
	struct summary s = summarize(a);

	format_shape(shape, sizeof(shape), a);
	snprintf(n, sizeof(n), "%zu", a->n);
	snprintf(odd, sizeof(odd), "%zu", a->n - s.finite);
	if (s.finite > 0) {
		format_value(mean, s.sum / (double)s.finite);
		format_value(min, s.min);
		format_value(max, s.max);
	}
	mc_sha256_bytes(a->data, a->n * mc_dtype_size(a->dtype), sha256);
	mc_tsv_write(out, fields, 9);
}

enum mc_status
weights_show(const struct mc_statedict *sd, const char *file, FILE *out,
    struct mc_err *err)
{
	static const char *const header[] = { "name", "dtype", "shape", "n",
	    "mean", "min", "max", "nonfinite", "sha256" };
	size_t i;

	mc_tsv_write(out, header, 9);
	for (i = 0; i < mc_statedict_count(sd); i++) {
		const struct mc_array *a = mc_statedict_at(sd, i);

		if (!mc_tsv_field_ok(a->name))
			return mc_err_at(err, MC_EDATA, file, 0,
			    "array \"%s\": the name is not UTF-8", a->name);
		show_array(a, out);
	}
	return MC_OK;
}
