/*
 * decode.c - time lib/image's JPEG decoder and libjpeg-turbo's bare loop.
 *
 * usage: decode ROUNDS FILE...
 *
 * Both decode all files in turn, ROUNDS times.  Prints one line per round: the
 * CPU time per image in milliseconds of lib/image and of the bare loop.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <jpeglib.h>

#include "base/file.h"
#include "base/mem.h"
#include "image/decode.h"

static double
cpu_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void
ours(const struct mc_buf *file)
{
	struct mc_image image;
	struct mc_err err;

	if (mc_image_decode(&image, file->data, file->len, "file",
	    &err) != MC_OK) {
		fprintf(stderr, "%s\n", err.text);
		exit(1);
	}
	mc_image_free(&image);
}

/* As libjpeg-turbo's example.c, row by row. */
static void
bare(const struct mc_buf *file)
{
	struct jpeg_decompress_struct jpeg;
	struct jpeg_error_mgr errors;
	JSAMPROW row;
	unsigned char *rgb;
	size_t width;

	jpeg.err = jpeg_std_error(&errors);
	jpeg_create_decompress(&jpeg);
	jpeg_mem_src(&jpeg, (unsigned char *)file->data, file->len);
	(void)jpeg_read_header(&jpeg, TRUE);
	jpeg.out_color_space = JCS_RGB;
	(void)jpeg_start_decompress(&jpeg);
	width = jpeg.output_width;
	rgb = mc_xreallocarray(NULL, width * jpeg.output_height, 3);
	while (jpeg.output_scanline < jpeg.output_height) {
		row = rgb + 3 * width * jpeg.output_scanline;
		(void)jpeg_read_scanlines(&jpeg, &row, 1);
	}
	(void)jpeg_finish_decompress(&jpeg);
	jpeg_destroy_decompress(&jpeg);
	free(rgb);
}

/* Milliseconds per image. */
static double
timed(void (*decode)(const struct mc_buf *), const struct mc_buf *files, int n)
{
	double start = cpu_ms();
	int i;

	for (i = 0; i < n; i++)
		decode(&files[i]);
	return (cpu_ms() - start) / n;
}

static void
read_file(const char *path, struct mc_buf *file)
{
	struct mc_err err;
	FILE *f = mc_file_open(path, &err);
	size_t n;

	if (f == NULL) {
		fprintf(stderr, "%s\n", err.text);
		exit(1);
	}
	while ((n = fread(mc_buf_room(file, 65536), 1, 65536, f)) > 0)
		file->len += n;
	fclose(f);
}

int
main(int argc, char **argv)
{
	int rounds = argc > 2 ? atoi(argv[1]) : 0, n = argc - 2, i;
	struct mc_buf *files;
	double first;

	if (rounds < 1) {
		fputs("usage: decode ROUNDS FILE...\n", stderr);
		return 2;
	}
	files = mc_xcalloc((size_t)n, sizeof(*files));
	for (i = 0; i < n; i++)
		read_file(argv[2 + i], &files[i]);
	(void)timed(ours, files, n);
	for (i = 0; i < rounds; i++) {
		first = timed(ours, files, n);
		printf("%.6f %.6f\n", first, timed(bare, files, n));
	}
	return 0;
}
