/* preprocess.c - preprocess an image for a backbone. */
#include "config.h"

#include <float.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "image/preprocess.h"

const struct mc_preprocess mc_preprocess_imagenet = {
	256, 224, MC_BILINEAR,
	{ 0.485f, 0.456f, 0.406f }, { 0.229f, 0.224f, 0.225f }
};

const char *const mc_filter_names[] = {
	[MC_BILINEAR] = "bilinear",
	[MC_BICUBIC] = "bicubic",
	NULL
};

enum word { RESIZE, CROP, FILTER, MEAN, STD, WORDS };
static const char *const words[WORDS] = {
	"resize", "crop", "filter", "mean", "std"
};

void
mc_preprocess_format_three(const float v[3], struct mc_buf *text)
{
	char a[MC_NUM_SIZE], b[MC_NUM_SIZE], c[MC_NUM_SIZE];

	mc_buf_printf(text, "%s,%s,%s", mc_format_f32(a, v[0]),
	    mc_format_f32(b, v[1]), mc_format_f32(c, v[2]));
}

void
mc_preprocess_format(const struct mc_preprocess *pre, struct mc_buf *text)
{
	mc_buf_printf(text, "resize=%d crop=%d filter=%s mean=", pre->resize,
	    pre->crop, mc_filter_names[pre->filter]);
	mc_preprocess_format_three(pre->mean, text);
	mc_buf_puts(text, " std=");
	mc_preprocess_format_three(pre->std, text);
}

static enum mc_status
parse_size(int *size, const char *value, struct mc_err *err)
{
	int64_t v;
	enum mc_status status = mc_parse_i64(value, 1, MC_RESIZE_MAX, &v, err);

	if (status == MC_OK)
		*size = (int)v;
	return status;
}

static enum mc_status
parse_filter(enum mc_filter *filter, const char *value, struct mc_err *err)
{
	int i;

	for (i = MC_BILINEAR; i <= MC_BICUBIC; i++)
		if (strcmp(value, mc_filter_names[i]) == 0) {
			*filter = (enum mc_filter)i;
			return MC_OK;
		}
	return mc_err_set(err, MC_EDATA,
	    "\"%s\" is neither bilinear nor bicubic", value);
}

static enum mc_status
parse_three(float three[3], const char *value, double min, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	double v[3];
	char **items;
	int i;

	if (mc_split_commas(value, &items) != 3)
		status = mc_err_set(err, MC_EDATA,
		    "\"%s\" is not three numbers A,B,C", value);
	for (i = 0; i < 3 && status == MC_OK; i++)
		status = mc_parse_f64(items[i], min, 1e6, &v[i], err);
	for (i = 0; i < 3 && status == MC_OK; i++)
		three[i] = (float)v[i];
	free(items);
	return status;
}

/* The value of WORD, one of words, into *PRE. */
static enum mc_status
set_word(struct mc_preprocess *pre, enum word word, const char *value,
    struct mc_err *err)
{
	switch (word) {
	case RESIZE:
		return parse_size(&pre->resize, value, err);
	case CROP:
		return parse_size(&pre->crop, value, err);
	case FILTER:
		return parse_filter(&pre->filter, value, err);
	case MEAN:
		return parse_three(pre->mean, value, -1e6, err);
	default:
		return parse_three(pre->std, value, FLT_MIN, err);
	}
}

enum mc_status
mc_preprocess_set_mean(struct mc_preprocess *pre, const char *mean,
    struct mc_err *err)
{
	return set_word(pre, MEAN, mean, err);
}

enum mc_status
mc_preprocess_set_std(struct mc_preprocess *pre, const char *std,
    struct mc_err *err)
{
	return set_word(pre, STD, std, err);
}

/* Take "word=value" apart and into *PRE; the bits of *SEEN are the words. */
static enum mc_status
parse_word(struct mc_preprocess *pre, char *text, unsigned *seen,
    struct mc_err *err)
{
	char *value = strchr(text, '=');
	unsigned word = 0;

	if (value != NULL)
		*value++ = '\0';
	while (word < WORDS && strcmp(text, words[word]) != 0)
		word++;
	if (value == NULL || word == WORDS || (*seen & 1u << word) != 0)
		return mc_err_set(err, MC_EDATA, "\"%s\" is unexpected", text);
	*seen |= 1u << word;
	return set_word(pre, (enum word)word, value, err);
}

enum mc_status
mc_preprocess_parse(struct mc_preprocess *pre, const char *text,
    struct mc_err *err)
{
	struct mc_preprocess parsed = mc_preprocess_imagenet;
	struct mc_err why = { MC_OK, "" };
	enum mc_status status = MC_OK;
	char *copy = mc_xstrdup(text), *rest = copy, *word;
	unsigned seen = 0, i;

	while (status == MC_OK && (word = strsep(&rest, " ")) != NULL)
		status = parse_word(&parsed, word, &seen, &why);
	for (i = 0; i < WORDS && status == MC_OK; i++)
		if ((seen & 1u << i) == 0)
			status = mc_err_set(&why, MC_EDATA, "no \"%s=\"",
			    words[i]);
	if (status == MC_OK)
		*pre = parsed;
	else
		status = mc_err_set(err, MC_EDATA,
		    "preprocessing \"%s\": %s", text, why.text);
	free(copy);
	return status;
}

size_t
mc_preprocess_size(const struct mc_preprocess *pre)
{
	return 3 * (size_t)pre->crop * (size_t)pre->crop;
}

void
mc_preprocess_normalize(const struct mc_preprocess *pre,
    const unsigned char *rgb, float *out)
{
	size_t n = (size_t)pre->crop * (size_t)pre->crop, i;
	float value[256];	/* of each byte, in one channel */
	int c, byte;

	for (c = 0; c < 3; c++, out += n) {
		for (byte = 0; byte < 256; byte++)
			value[byte] = ((float)byte / 255.0f - pre->mean[c]) /
			    pre->std[c];
		for (i = 0; i < n; i++)
			out[i] = value[rgb[3 * i + (size_t)c]];
	}
}

void
mc_preprocess_image(const struct mc_preprocess *pre,
    const struct mc_image *image, float *out)
{
	unsigned char *rgb = mc_xmalloc(mc_preprocess_size(pre));

	mc_resize_crop(image, pre->resize, pre->crop, pre->filter, rgb);
	mc_preprocess_normalize(pre, rgb, out);
	free(rgb);
}
