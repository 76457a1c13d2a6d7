/* recode.c - convert encoded images. */
#include "config.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/kind.h"
#include "base/num.h"
#include "image/encode.h"
#include "image/recode.h"

enum mc_status
mc_recode_parse(struct mc_recode *how, const char *text, struct mc_err *err)
{
	struct mc_err why;
	int64_t quality = 0;

	if (strcmp(text, "keep") == 0) {
		how->encoding = MC_KEEP;
	} else if (strcmp(text, "png") == 0) {
		how->encoding = MC_PNG;
	} else if (strncmp(text, "jpeg:", 5) == 0 &&
	    mc_parse_i64(text + 5, 1, 100, &quality, &why) == MC_OK) {
		how->encoding = MC_JPEG;
		how->quality = (int)quality;
	} else {
		return mc_err_set(err, MC_EDATA, "\"%s\" is not keep, png or "
		    "jpeg:Q, with a quality Q from 1 to 100", text);
	}
	return MC_OK;
}

bool
mc_recode_changes(const struct mc_recode *how)
{
	return how->encoding != MC_KEEP;
}

/* Resize IMAGE, then crop it. */
static enum mc_status
change_pixels(const struct mc_recode *how, struct mc_image *image,
    const char *name, struct mc_err *err)
{
	struct mc_image changed;
	enum mc_status status;

	if (how->resize > 0 && how->crop == 0) {
		status = mc_resize(&changed, image, how->resize, how->filter,
		    name, err);
		if (status != MC_OK)
			return status;
	} else if (how->crop > 0) {
		changed.width = changed.height = how->crop;
		changed.rgb = mc_xreallocarray(NULL, (size_t)how->crop *
		    (size_t)how->crop, 3);
		if (how->resize > 0)
			mc_resize_crop(image, how->resize, how->crop,
			    how->filter, changed.rgb);
		else
			mc_center_crop(image, how->crop, changed.rgb);
	} else {
		return MC_OK;
	}
	mc_image_free(image);
	*image = changed;
	return MC_OK;
}

/* Replace BYTES by the pixels of IMAGE. */
static enum mc_status
encode(const struct mc_recode *how, const struct mc_image *image,
    struct mc_buf *bytes, const char *name, struct mc_err *err)
{
	enum mc_status status;
	unsigned char *encoded;
	struct mc_err why;
	size_t n;

	status = mc_image_encode(image, how->encoding == MC_JPEG ?
	    how->quality : MC_LOSSLESS, &encoded, &n, &why);
	if (status != MC_OK)
		return mc_err_at(err, status, name, 0, "%s", why.text);
	bytes->len = 0;
	mc_buf_add(bytes, encoded, n);
	free(encoded);
	return MC_OK;
}

enum mc_status
mc_recode_pixels(const struct mc_recode *how, struct mc_image *image,
    struct mc_buf *bytes, const char **extension, const char *name,
    struct mc_err *err)
{
	enum mc_status status = change_pixels(how, image, name, err);

	*extension = how->encoding == MC_JPEG ? "jpg" : "png";
	return status == MC_OK ? encode(how, image, bytes, name, err) : status;
}

enum mc_status
mc_recode_image(const struct mc_recode *how, struct mc_buf *bytes, int bits,
    const char **extension, struct mc_image_facts *facts, const char *name,
    struct mc_err *err)
{
	struct mc_image image;
	enum mc_status status;

	assert(mc_recode_changes(how) ||
	    (how->resize == 0 && how->crop == 0));
	status = mc_image_decode_bits(&image, facts, bytes->data, bytes->len,
	    bits, name, err);
	if (status == MC_OK && !mc_recode_changes(how)) {
		*extension = mc_kind_of(bytes->data, bytes->len,
		    name)->extension;
	} else if (status == MC_OK) {
		status = mc_recode_pixels(how, &image, bytes, extension, name,
		    err);
	}
	mc_image_free(&image);
	return status;
}
