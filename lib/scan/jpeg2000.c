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

/* Why the decoded IMAGE is no picture as expected; NULL: it is one. */
static const char *
find_fault(const opj_image_t *image, int width, int height, int channels)
{
	if (!fits(image, width, height, channels) ||
	    image->comps[0].data == NULL ||
	    image->comps[channels - 1].data == NULL)
		return "with a palette, or damaged";
	/* OpenJPEG says so only now. */
	if (image->color_space == OPJ_CLRSPC_SYCC ||
	    image->color_space == OPJ_CLRSPC_EYCC ||
	    image->color_space == OPJ_CLRSPC_CMYK)
		return "of colours that are neither grey nor RGB";
	return NULL;
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

/* A decoder, and what it has read of the header. */
struct decoder {
	struct source source;
	opj_codec_t *codec;
	opj_stream_t *stream;
	opj_image_t *image;
};

/* Begin to read the N BYTES; end_decoder ends it in every case. */
static enum mc_status
start_decoder(struct decoder *d, const void *bytes, size_t n, const char *name,
    struct mc_err *err)
{
	static const unsigned char start[2] = { 0xFF, 0x4F };
	bool bare = n >= 2 && memcmp(bytes, start, 2) == 0;
	opj_dparameters_t how;

	*d = (struct decoder){ .source = { bytes, n, 0 } };
	d->codec = opj_create_decompress(bare ? OPJ_CODEC_J2K : OPJ_CODEC_JP2);
	d->stream = open_stream(&d->source);
	opj_set_default_decoder_parameters(&how);
	if (d->codec == NULL)
		mc_out_of_memory();
	if (opj_setup_decoder(d->codec, &how) &&
	    opj_read_header(d->stream, d->codec, &d->image) &&
	    d->image->numcomps > 0)
		return MC_OK;
	return mc_err_set(err, MC_EDATA, "%s: damaged JPEG 2000", name);
}

static void
end_decoder(struct decoder *d)
{
	opj_image_destroy(d->image);
	opj_stream_destroy(d->stream);
	opj_destroy_codec(d->codec);
}

enum mc_status
mc_jpeg2000_header(struct mc_jpeg2000 *h, const void *bytes, size_t n,
    const char *name, struct mc_err *err)
{
	struct decoder d;
	enum mc_status status = start_decoder(&d, bytes, n, name, err);
	const opj_image_t *image = d.image;
	OPJ_UINT32 c;

	memset(h, 0, sizeof(*h));
	if (status == MC_OK) {
		h->width = image->comps[0].w;
		h->height = image->comps[0].h;
		h->channels = (int)image->numcomps;
		h->precision = (int)image->comps[0].prec;
		for (c = 0; c < image->numcomps; c++)
			h->is_signed |= image->comps[c].sgnd != 0;
	}
	end_decoder(&d);
	return status;
}

enum mc_status
mc_jpeg2000_decode(int32_t **numbers, int *precision, const void *bytes,
    size_t n, int width, int height, int channels, const char *name,
    struct mc_err *err)
{
	struct decoder d;
	enum mc_status status = start_decoder(&d, bytes, n, name, err);
	const opj_image_t *image = d.image;
	const char *why;

	*numbers = NULL;
	if (status == MC_OK && !fits(image, width, height, channels))
		status = mc_err_set(err, MC_EDATA, "%s: its JPEG 2000 is not "
		    "of %d x %d pixels and %d samples each", name, width,
		    height, channels);
	if (status == MC_OK && (!opj_decode(d.codec, d.stream, d.image) ||
	    !opj_end_decompress(d.codec, d.stream)))
		status = mc_err_set(err, MC_EDATA, "%s: damaged JPEG 2000",
		    name);
	if (status == MC_OK &&
	    (why = find_fault(image, width, height, channels)) != NULL)
		status = mc_err_set(err, MC_EDATA, "%s: JPEG 2000 %s: convert "
		    "it to PNG", name, why);
	if (status == MC_OK) {
		*numbers = interleave(image, (size_t)width * (size_t)height);
		*precision = (int)image->comps[0].prec;
	}
	end_decoder(&d);
	return status;
}
