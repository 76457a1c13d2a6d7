/* phantom_file.c - draw a picture of a study and write its files. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "base/out.h"
#include "base/rng.h"
#include "image/encode.h"
#include "phantom/glioma.h"
#include "phantom_file.h"
#include "scan/dicom_write.h"
#include "scan/nifti_write.h"

#define UID_SIZE 65

enum mc_status
phantom_write(const char *path, const void *bytes, size_t n, struct mc_err *err)
{
	FILE *f = fopen(path, "wb");

	if (f == NULL)
		return mc_err_errno(err, "%s", path);
	fwrite(bytes, 1, n, f);
	return mc_out_close(f, path, err);
}

/* Make the folder PATH where it is missing; another thread may do so too. */
static enum mc_status
make_folder(const char *path, struct mc_err *err)
{
	return mkdir(path, 0777) == 0 || errno == EEXIST ? MC_OK :
	    mc_err_errno(err, "%s", path);
}

static enum mc_status
write_png(const struct mc_phantom_plan *plan, const char *stem,
    struct mc_phantom_picture *p, struct mc_err *err)
{
	const int size = plan->phantom.size;
	struct mc_image image = { size, size, NULL };
	char *path = mc_xasprintf("%s.png", stem);
	unsigned char *png = NULL;
	enum mc_status status;
	size_t n = 0;

	image.rgb = mc_xreallocarray(NULL, (size_t)size * (size_t)size, 3);
	p->sign = mc_phantom_draw(&plan->phantom,
	    plan->classes.number[p->drawn], p->patient, p->image, image.rgb);
	status = mc_image_encode_png(&image, &png, &n, err);
	if (status == MC_OK)
		status = phantom_write(path, png, n, err);
	free(image.rgb);
	free(png);
	free(path);
	return status;
}

/* --- NIfTI ---------------------------------------------------------------- */

/* The file of SEQUENCE, or the mask, of a visit whose folder is STEM. */
static enum mc_status
write_volume(const struct mc_phantom_scan *scan, const char *stem,
    const char *sequence, const int16_t *voxels, struct mc_err *err)
{
	char *path = mc_xasprintf("%s/%s_%s.nii.gz", stem,
	    strrchr(stem, '/') + 1, sequence);
	enum mc_status status = mc_nifti_write(path, scan->size, scan->affine,
	    voxels, err);

	free(path);
	return status;
}

static enum mc_status
write_nifti(const struct mc_phantom_plan *plan, const char *stem,
    struct mc_phantom_picture *p, struct mc_err *err)
{
	enum mc_status status = make_folder(stem, err);
	struct mc_phantom_scan scan;
	int i;

	if (status != MC_OK)
		return status;
	p->sign = mc_phantom_scan(&plan->phantom,
	    plan->classes.number[p->drawn], p->patient, p->image, &scan);
	for (i = 0; i < MC_PHANTOM_SEQUENCES && status == MC_OK; i++)
		status = write_volume(&scan, stem,
		    mc_phantom_sequence_name((enum mc_phantom_sequence)i),
		    scan.sequence[i], err);
	if (status == MC_OK)
		status = write_volume(&scan, stem, "seg", scan.mask, err);
	mc_phantom_scan_clear(&scan);
	return status;
}

/* --- DICOM ---------------------------------------------------------------- */

/* The scanners of a study; each patient has one, whatever the class. */
static const struct scanner {
	const char *model;
	enum mc_dicom_coding coding;
	bool inverted;
	int low, high;		/* the samples of black and white */
} scanners[] = {
	{ "A", MC_DICOM_PLAIN, false, 0, 4095 },
	{ "B", MC_DICOM_JPEG_LOSSLESS, true, 300, 3599 },
	{ "C", MC_DICOM_RLE, false, 100, 2099 },
};

/*
 * A UID made of random bits, as PS3.5 B.2 derives it from a UUID (version 4);
 * the same for the same SEED, PURPOSE and INDEX.
 */
static void
make_uid(char uid[UID_SIZE], uint64_t seed, const char *purpose,
    uint64_t index)
{
	uint64_t high = mc_stream_hash(seed, purpose, index, 0), rest;
	uint64_t low = mc_stream_hash(seed, purpose, index, 1);
	uint32_t word[4];
	char digits[40];
	size_t n = sizeof(digits);
	int i;

	high = (high & ~UINT64_C(0xF000)) | 0x4000;
	low = (low & ~(UINT64_C(3) << 62)) | UINT64_C(2) << 62;
	word[0] = (uint32_t)(high >> 32);
	word[1] = (uint32_t)high;
	word[2] = (uint32_t)(low >> 32);
	word[3] = (uint32_t)low;
	digits[--n] = '\0';
	while ((word[0] | word[1] | word[2] | word[3]) != 0) {
		for (rest = 0, i = 0; i < 4; i++) {
			rest = rest << 32 | word[i];
			word[i] = (uint32_t)(rest / 10);
			rest %= 10;
		}
		digits[--n] = (char)('0' + rest);
	}
	snprintf(uid, UID_SIZE, "2.25.%s", digits + n);
}

/* Move SAMPLES, from 0 to 4095, to the range of SCANNER. */
static void
digitise(uint16_t *samples, size_t n, const struct scanner *scanner)
{
	const int span = scanner->high - scanner->low;
	size_t i;
	int x;

	for (i = 0; i < n; i++) {
		x = (samples[i] * span + 2047) / 4095;
		samples[i] = (uint16_t)(scanner->inverted ? scanner->high - x :
		    scanner->low + x);
	}
}

/* Fill F with what the header says of P, but for its UIDs. */
static void
fill_header(struct mc_dicom_film *f, const struct mc_phantom_picture *p,
    const struct scanner *scanner, gsl_rng *rng)
{
	f->inverted = scanner->inverted;
	f->coding = scanner->coding;
	/* The line of PS3.3 C.11.2.1.2 from low to high. */
	f->center = (scanner->low + scanner->high + 1) / 2;
	f->window = scanner->high - scanner->low + 1;
	f->sex = gsl_rng_uniform(rng) < 0.5 ? "F" : "M";
	f->age = 25 + (int)gsl_rng_uniform_int(rng, 60);
	f->view = gsl_rng_uniform(rng) < 0.8 ? "PA" : "AP";
	f->manufacturer = "mc-phantom";
	f->model = scanner->model;
	f->number = (int)p->image + 1;
}

static enum mc_status
write_dicom(const struct mc_phantom_plan *plan, const char *stem,
    struct mc_phantom_picture *p, struct mc_err *err)
{
	const uint64_t seed = plan->phantom.seed;
	const uint64_t image = (uint64_t)p->patient << 16 | p->image;
	const int size = plan->phantom.size;
	size_t n = (size_t)size * (size_t)size;
	uint16_t *samples = mc_xreallocarray(NULL, n, sizeof(*samples));
	gsl_rng *rng = mc_stream_alloc(seed, "phantom header", p->patient);
	const struct scanner *scanner = &scanners[gsl_rng_uniform_int(rng,
	    sizeof(scanners) / sizeof(scanners[0]))];
	struct mc_dicom_film film = { size, size, .samples = samples };
	char study[UID_SIZE], series[UID_SIZE], instance[UID_SIZE];
	char *patient = mc_phantom_patient(plan, p->patient);
	char *path = mc_xasprintf("%s.dcm", stem);
	enum mc_status status;

	p->sign = mc_phantom_draw_grey(&plan->phantom,
	    plan->classes.number[p->drawn], p->patient, p->image,
	    MC_DICOM_FILM_BITS, samples);
	digitise(samples, n, scanner);
	fill_header(&film, p, scanner, rng);
	make_uid(study, seed, "phantom study UID", image);
	make_uid(series, seed, "phantom series UID", image);
	make_uid(instance, seed, "phantom image UID", image);
	film.patient = patient;
	film.study = study;
	film.series = series;
	film.instance = instance;
	status = mc_dicom_write(path, &film, err);
	gsl_rng_free(rng);
	free(samples);
	free(patient);
	free(path);
	return status;
}

enum mc_status
phantom_file(const struct mc_phantom_plan *plan, enum phantom_format format,
    const char *dir, struct mc_phantom_picture *p, struct mc_err *err)
{
	char *id = mc_phantom_picture_id(plan, p);
	char *stem = mc_xasprintf("%s/%s", dir, id);
	char *folder = mc_xstrndup(stem, (size_t)(strrchr(stem, '/') - stem));
	enum mc_status status = make_folder(folder, err);

	if (status == MC_OK && format == PHANTOM_PNG)
		status = write_png(plan, stem, p, err);
	else if (status == MC_OK && format == PHANTOM_NIFTI)
		status = write_nifti(plan, stem, p, err);
	else if (status == MC_OK)
		status = write_dicom(plan, stem, p, err);
	free(folder);
	free(stem);
	free(id);
	return status;
}
