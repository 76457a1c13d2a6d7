/*
 * glioma.c - a brain of cortex, white matter, ventricles and a glioma, whose
 * enhancement and necrosis are its sign.
 *
 * Places are in the head: x to the patient's right, y to the front, z to the
 * top, in units of HEAD millimetres from the centre.  The extent of the tumour
 * and of its oedema does not depend on the sign.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_randist.h>

#include "base/mem.h"
#include "phantom/phantom_internal.h"
#include "phantom/glioma.h"

#define HEAD 68.0		/* mm */
#define FIELD 210.0		/* mm from left to right, about */

/* What a place consists of: shares, which sum to 1. */
enum { CSF, GREY, WHITE, OEDEMA, SOLID, NECROSIS, TISSUES };

/* How bright each is in each sequence, and what contrast agent adds. */
static const struct {
	const char *name;
	double tissue[TISSUES];
	double contrast;
} sequences[MC_PHANTOM_SEQUENCES] = {
	[MC_PHANTOM_T1] =
	    { "t1", { 0.18, 0.52, 0.74, 0.50, 0.46, 0.28 }, 0.05 },
	[MC_PHANTOM_T1CE] =
	    { "t1ce", { 0.18, 0.54, 0.74, 0.50, 0.48, 0.28 }, 0.75 },
	[MC_PHANTOM_T2] =
	    { "t2", { 0.95, 0.56, 0.38, 0.75, 0.78, 0.88 }, -0.15 },
	[MC_PHANTOM_FLAIR] =
	    { "flair", { 0.10, 0.56, 0.44, 0.88, 0.84, 0.55 }, -0.05 },
};

/* An ellipsoid, and its mirror image if x is not 0. */
struct part {
	double x, y, z, rx, ry, rz;
};

static const struct part parts[] = {
	{ 0, 0, 0.12, 0.94, 1.18, 0.84 },		/* cerebrum */
	{ 0.48, 0.20, -0.36, 0.36, 0.60, 0.34 },	/* temporal lobes */
	{ 0.30, -0.62, -0.58, 0.44, 0.40, 0.30 },	/* cerebellum */
	{ 0, -0.22, -0.66, 0.19, 0.22, 0.46 },		/* brain stem */
};

static const struct part nuclei[] = {
	{ 0.16, -0.08, 0.06, 0.13, 0.24, 0.15 },	/* thalamus */
	{ 0.38, 0.14, 0.06, 0.09, 0.28, 0.17 },		/* putamen */
};

struct glioma {
	double width, length;	/* of the head, beside the mean */
	double ventricles, cortex;
	uint32_t gyri, texture, border, rim;	/* seeds of noise */
	double x, y, z;		/* of the tumour */
	double core, oedema;	/* radii */
	double sign;
	double gain[MC_PHANTOM_SEQUENCES], noise[MC_PHANTOM_SEQUENCES];
	double bias[3];		/* of the coil's sensitivity */
};

const char *
mc_phantom_sequence_name(enum mc_phantom_sequence sequence)
{
	return sequences[sequence].name;
}

static void
choose_glioma(struct glioma *g, struct subject *s)
{
	double side = gsl_rng_uniform(s->patient) < 0.5 ? -1 : 1;
	int i;

	g->width = mc_vary(s, 1, 0.03, 0);
	g->length = mc_vary(s, 1, 0.03, 0);
	g->ventricles = exp(mc_vary(s, 0, 0.25, 0.03));
	g->cortex = mc_vary(s, 0.085, 0.006, 0);
	g->gyri = (uint32_t)gsl_rng_get(s->patient);
	g->texture = (uint32_t)gsl_rng_get(s->patient);
	g->border = (uint32_t)gsl_rng_get(s->patient);
	g->rim = (uint32_t)gsl_rng_get(s->patient);
	g->x = side * mc_patient_uniform(s, 0.34, 0.52);
	g->y = mc_patient_uniform(s, -0.55, 0.6);
	g->z = mc_patient_uniform(s, -0.05, 0.45);
	g->core = mc_vary(s, 0.34, 0.03, 0.01);
	g->oedema = g->core + fabs(mc_vary(s, 0.13, 0.04, 0.02));
	g->sign = s->sign[0];
	for (i = 0; i < MC_PHANTOM_SEQUENCES; i++) {
		g->gain[i] = 900 * exp(mc_vary(s, 0, 0.25, 0.1));
		g->noise[i] = mc_patient_uniform(s, 0.015, 0.035);
	}
	for (i = 0; i < 3; i++)
		g->bias[i] = mc_vary(s, 0, 0.03, 0.04);
}

/* --- Anatomy -------------------------------------------------------------- */

/* Smooth noise in three dimensions, on [0, 1]. */
static double
solid_noise(uint32_t seed, const double at[3], double scale, int octaves)
{
	double sum = 0, weight = 1, all = 0, z, share;
	uint32_t k;

	for (; octaves > 0; octaves--) {
		z = floor(scale * at[2]);
		share = mc_step(0, 1, scale * at[2] - z);
		k = (uint32_t)(int32_t)z;
		sum += weight * ((1 - share) * mc_noise(seed ^ k * 0xC2B2AE3Du,
		    scale * at[0], scale * at[1]) + share * mc_noise(seed ^
		    (k + 1) * 0xC2B2AE3Du, scale * at[0], scale * at[1]));
		all += weight;
		weight /= 2;
		scale *= 2;
		seed++;
	}
	return sum / all;
}

/* How deep AT lies in the nearest of N parts; below 0 outside of all. */
static double
depth_in(const struct part *part, size_t n, const double at[3])
{
	double best = -1, x, y, z, r, depth;
	size_t i;

	for (i = 0; i < n; i++, part++) {
		x = (part->x > 0 ? fabs(at[0]) : at[0]) - part->x;
		y = at[1] - part->y;
		z = at[2] - part->z;
		r = sqrt(x * x / (part->rx * part->rx) +
		    y * y / (part->ry * part->ry) +
		    z * z / (part->rz * part->rz));
		depth = (1 - r) * fmin(part->rx, fmin(part->ry, part->rz));
		best = fmax(best, depth);
	}
	return best;
}

/* The lateral ventricles, two arches, and the third between them. */
static double
ventricles(const struct glioma *g, const double at[3])
{
	double x = fabs(at[0]), y = at[1], z = at[2], w = g->ventricles, r, t;

	r = hypot((x - 0.075 - 0.30 * y * y) / (0.055 * w),
	    (z - 0.20 + 0.35 * y * y) / (0.085 * sqrt(w)));
	t = mc_step(1.25, 0.85, r) * mc_step(0.50, 0.42, fabs(y + 0.04));
	r = hypot((y + 0.02) / 0.16, (z - 0.02) / 0.12);
	return fmax(t, mc_step(0.022 * w + 0.012, 0.022 * w - 0.012, x) *
	    mc_step(1.2, 0.8, r));
}

/* The shares of a healthy brain at AT, whose depth is DEPTH. */
static void
healthy(const struct glioma *g, const double at[3], double depth,
    double share[TISSUES])
{
	/* The two hemispheres are apart but for the corpus callosum. */
	double middle = fabs(at[0]) + mc_step(0.62, 0.48,
	    hypot(at[1] / 1.25, at[2])) + mc_step(-0.15, -0.3, at[2]);
	double e = fmin(depth, middle), scale = at[2] < -0.3 ? 8 : 5.5;
	double fold, csf, grey;

	fold = fabs(2 * solid_noise(g->gyri, at, scale, 2) - 1);
	csf = mc_step(0.15, 0.05, fold) * mc_step(0.34, 0.14, e);
	csf = fmax(csf, mc_step(0.030, 0.012, middle));
	csf = fmax(csf, ventricles(g, at));
	grey = g->cortex + 0.16 * mc_step(0.40, 0.08, fold);
	grey = mc_step(grey + 0.035, grey - 0.035, e);
	grey = fmax(grey, 0.8 * mc_step(-0.02, 0.03, depth_in(nuclei,
	    sizeof(nuclei) / sizeof(nuclei[0]), at)));
	share[CSF] = csf;
	share[GREY] = (1 - csf) * grey;
	share[WHITE] = (1 - csf) * (1 - grey);
}

/*
 * Put the tumour over the shares of AT.  Returns how much of it takes up
 * contrast agent; *MASK receives what a reader would mark.
 */
static double
diseased(const struct glioma *g, const double at[3], double share[TISSUES],
    int16_t *mask)
{
	double x = at[0] - g->x, y = at[1] - g->y, z = at[2] - g->z;
	double r = sqrt(x * x + y * y + z * z), core, oedema, rim, dead, sign;
	int i;

	if (r > g->oedema + 0.25)
		return 0;
	sign = fmin(g->sign, 1.2);
	r += 0.22 * (solid_noise(g->border, at, 4, 3) - 0.5);
	core = mc_step(g->core + 0.03, g->core - 0.03, r);
	oedema = (1 - core) * mc_step(g->oedema + 0.05, g->oedema - 0.05, r +
	    0.35 * (solid_noise(g->border + 50, at, 6, 2) - 0.5));
	oedema *= share[WHITE] + 0.3 * share[GREY];
	rim = mc_bump(r - g->core + 0.045, 0, 0.035) *
	    (0.45 + 1.1 * solid_noise(g->rim, at, 7, 2));
	dead = fmin(1, sign) * mc_step(g->core - 0.06, g->core - 0.14, r);
	for (i = CSF; i <= WHITE; i++)
		share[i] *= 1 - core - oedema;
	share[OEDEMA] = oedema;
	share[SOLID] = core * (1 - dead);
	share[NECROSIS] = core * dead;
	rim *= core * sign;
	*mask = core > 0.5 ? rim > 0.15 ? MC_PHANTOM_ENHANCING :
	    MC_PHANTOM_CORE : oedema > 0.5 ? MC_PHANTOM_OEDEMA : 0;
	return rim + 0.15 * core * (1 - dead) * sign;
}

/* --- The grid ------------------------------------------------------------- */

/* The axes of grids: where each runs, as nibabel's aff2axcodes names it. */
static const char *const grids[] = { "LPS", "LAS", "RAS", "PSR", "LSP" };

/* COLUMN, a unit vector, after small turns about the three axes. */
static void
turn(double column[3], const double angle[3])
{
	int i, a, b;
	double c, s, t;

	for (i = 0; i < 3; i++) {
		a = (i + 1) % 3;
		b = (i + 2) % 3;
		c = cos(angle[i]);
		s = sin(angle[i]);
		t = c * column[a] - s * column[b];
		column[b] = s * column[a] + c * column[b];
		column[a] = t;
	}
}

/* Choose the grid of SCAN: the centre of the head is near its own. */
static void
choose_grid(struct mc_phantom_scan *scan, struct subject *s, int size)
{
	const char *code = grids[gsl_rng_uniform_int(s->image,
	    sizeof(grids) / sizeof(grids[0]))];
	int high = (2 * size + 1) / 3, i, k;
	double flat = FIELD / size * mc_vary(s, 1, 0, 0.02);
	double tall = FIELD / size * mc_vary(s, 1, 0, 0.02), angle[3];

	for (i = 0; i < 3; i++) {
		angle[i] = mc_vary(s, 0, 0, 0.05);
		scan->affine[i][3] = mc_vary(s, 0, 0, 2);
	}
	for (k = 0; k < 3; k++) {
		int axis = strchr("LR", code[k]) != NULL ? 0 :
		    strchr("PA", code[k]) != NULL ? 1 : 2;
		double column[3] = { 0 };

		column[axis] = strchr("RAS", code[k]) != NULL ? 1 : -1;
		turn(column, angle);
		scan->size[k] = axis == 2 ? high : size;
		for (i = 0; i < 3; i++) {
			scan->affine[i][k] = column[i] *
			    (axis == 2 ? tall : flat);
			scan->affine[i][3] -= scan->affine[i][k] *
			    (scan->size[k] - 1) / 2;
		}
	}
}

/* The place of voxel (I, J, K) in the head of G. */
static void
place(const struct glioma *g, const struct mc_phantom_scan *scan, int i, int j,
    int k, double at[3])
{
	int a;

	for (a = 0; a < 3; a++)
		at[a] = (scan->affine[a][0] * i + scan->affine[a][1] * j +
		    scan->affine[a][2] * k + scan->affine[a][3]) / HEAD;
	at[0] /= g->width;
	at[1] /= g->length;
}

/* --- The voxels ----------------------------------------------------------- */

/* Draw voxel N, which lies at AT, in all sequences and the mask. */
static void
draw_voxel(const struct glioma *g, struct subject *s, const double at[3],
    struct mc_phantom_scan *scan, size_t n)
{
	double share[TISSUES] = { 0 }, contrast, texture, v;
	double depth = depth_in(parts, sizeof(parts) / sizeof(parts[0]), at);
	int i, t;

	if (depth <= 0)
		return;
	healthy(g, at, depth, share);
	contrast = diseased(g, at, share, &scan->mask[n]);
	texture = 1 + 0.10 * (solid_noise(g->texture, at, 12, 2) - 0.5) +
	    g->bias[0] * at[0] + g->bias[1] * at[1] + g->bias[2] * at[2];
	for (i = 0; i < MC_PHANTOM_SEQUENCES; i++) {
		v = sequences[i].contrast * contrast;
		for (t = 0; t < TISSUES; t++)
			v += share[t] * sequences[i].tissue[t];
		v = v * texture + gsl_ran_gaussian_ziggurat(s->image,
		    g->noise[i]);
		v *= g->gain[i];
		scan->sequence[i][n] = (int16_t)(v < 1 ? 1 : v > 32767 ?
		    32767 : v + 0.5);
	}
}

double
mc_phantom_scan(const struct mc_phantom *p, size_t class, size_t patient,
    size_t image, struct mc_phantom_scan *scan)
{
	struct subject s = { 0 };
	struct glioma g = { 0 };
	double x = mc_subject_begin(&s, p, class, patient, image), at[3];
	size_t n = 0;
	int i, j, k;

	memset(scan, 0, sizeof(*scan));
	choose_glioma(&g, &s);
	choose_grid(scan, &s, p->size);
	for (i = 0; i < 3; i++)
		n = (n == 0 ? 1 : n) * (size_t)scan->size[i];
	for (i = 0; i < MC_PHANTOM_SEQUENCES; i++)
		scan->sequence[i] = mc_xcalloc(n, sizeof(int16_t));
	scan->mask = mc_xcalloc(n, sizeof(int16_t));
	n = 0;
	for (k = 0; k < scan->size[2]; k++) {
		for (j = 0; j < scan->size[1]; j++) {
			for (i = 0; i < scan->size[0]; i++) {
				place(&g, scan, i, j, k, at);
				draw_voxel(&g, &s, at, scan, n++);
			}
		}
	}
	mc_subject_end(&s);
	return x;
}

void
mc_phantom_scan_clear(struct mc_phantom_scan *scan)
{
	int i;

	for (i = 0; i < MC_PHANTOM_SEQUENCES; i++)
		free(scan->sequence[i]);
	free(scan->mask);
	memset(scan, 0, sizeof(*scan));
}
