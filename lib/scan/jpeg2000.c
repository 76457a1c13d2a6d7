/* jpeg2000.c - decode JPEG 2000 with OpenJPEG. */
#include "config.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <openjpeg.h>

#include "base/mem.h"
#include "scan/jpeg2000.h"

/* The bytes, as OpenJPEG's stream. */
struct source {
	const unsigned char *bytes;
	size_t n, at;
};

static OPJ_SIZE_T
read_some(void *to, OPJ_SIZE_T n, void *arg)
{
	struct source *s = arg;

	if (s->at == s->n)
		return (OPJ_SIZE_T)-1;
	n = n < s->n - s->at ? n : s->n - s->at;
	memcpy(to, s->bytes + s->at, n);
	s->at += n;
	return n;
}

static OPJ_OFF_T
skip(OPJ_OFF_T n, void *arg)
{
	struct source *s = arg;

	if (n < 0 || (size_t)n > s->n - s->at)
		n = (OPJ_OFF_T)(s->n - s->at);
	s->at += (size_t)n;
	return n;
}

static OPJ_BOOL
seek(OPJ_OFF_T to, void *arg)
{
	struct source *s = arg;

	if (to < 0 || (size_t)to > s->n)
		return OPJ_FALSE;
	s->at = (size_t)to;
	return OPJ_TRUE;
}

static opj_stream_t *
open_stream(struct source *s)
{
	opj_stream_t *stream = opj_stream_default_create(OPJ_TRUE);

	if (stream == NULL)
		mc_out_of_memory();
	opj_stream_set_user_data(stream, s, NULL);
	opj_stream_set_user_data_length(stream, s->n);
	opj_stream_set_read_function(stream, read_some);
	opj_stream_set_skip_function(stream, skip);
	opj_stream_set_seek_function(stream, seek);
	return stream;
}

/* Whether IMAGE has the size that the caller expects, each component too. */
static bool
fits(const opj_image_t *image, int width, int height, int channels)
{
	OPJ_UINT32 c;

	if (image->numcomps != (OPJ_UINT32)channels)
		return false;
	for (c = 0; c < image->numcomps; c++) {
		if (image->comps[c].w != (OPJ_UINT32)width ||
		    image->comps[c].h != (OPJ_UINT32)height ||
		    image->comps[c].prec < 1 || image->comps[c].prec > 32 ||
		    image->comps[c].prec != image->comps[0].prec)
			return false;
	}
	return true;
}

static int32_t *
interleave(const opj_image_t *image, size_t n)
{
	size_t channels = image->numcomps, i, c;
	int32_t *to = mc_xreallocarray(NULL, n * channels, sizeof(*to));

	for (c = 0; c < channels; c++)
		for (i = 0; i < n; i++)
			to[i * channels + c] = image->comps[c].data[i];
	return to;
}

enum mc_status
mc_jpeg2000_decode(int32_t **numbers, int *precision, const void *bytes,
    size_t n, int width, int height, int channels, const char *name,
    struct mc_err *err)
{
	static const unsigned char start[2] = { 0xFF, 0x4F };
	struct source source = { bytes, n, 0 };
	bool bare = n >= 2 && memcmp(bytes, start, 2) == 0;
	opj_codec_t *codec = opj_create_decompress(bare ? OPJ_CODEC_J2K :
	    OPJ_CODEC_JP2);
	opj_stream_t *stream = open_stream(&source);
	enum mc_status status = MC_OK;
	opj_image_t *image = NULL;
	opj_dparameters_t how;

	*numbers = NULL;
	opj_set_default_decoder_parameters(&how);
	if (codec == NULL)
		mc_out_of_memory();
	if (!opj_setup_decoder(codec, &how) ||
	    !opj_read_header(stream, codec, &image))
		status = mc_err_set(err, MC_EDATA, "%s: damaged JPEG 2000",
		    name);
	else if (!fits(image, width, height, channels))
		status = mc_err_set(err, MC_EDATA, "%s: its JPEG 2000 is not "
		    "of %d x %d pixels and %d samples each", name, width,
		    height, channels);
	else if (!opj_decode(codec, stream, image) ||
	    !opj_end_decompress(codec, stream) ||
	    !fits(image, width, height, channels) ||
	    image->comps[0].data == NULL ||
	    image->comps[channels - 1].data == NULL)
		status = mc_err_set(err, MC_EDATA, "%s: damaged JPEG 2000",
		    name);
	if (status == MC_OK) {
		*numbers = interleave(image, (size_t)width * (size_t)height);
		*precision = (int)image->comps[0].prec;
	}
	opj_image_destroy(image);
	opj_stream_destroy(stream);
	opj_destroy_codec(codec);
	return status;
}
