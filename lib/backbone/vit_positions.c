/* vit_positions.c - resize position embeddings; turn queries and keys. */
#include <math.h>
#include <stdlib.h>

#include "backbone/vit_positions.h"
#include "base/mem.h"

#define ROPE_BASE 100		/* of the periods, in DINOv3 */

/*
 * The scale that DINOv2 without registers was trained with is a little too
 * large, (rows + 0.1) / side; that and the missing antialiasing both matter.
 */
struct mc_tensor *
vit_positions(struct mc_backbone *b, const struct net_param *embedding,
    int64_t rows, int64_t columns, bool offset)
{
	struct mc_tensor *all = net_value(b, embedding), *parts[2], *grid;
	int64_t ahead = embedding->ahead, dim = mc_size(all, 2);
	int64_t side = llround(sqrt((double)(mc_size(all, 1) - ahead)));

	if (rows == side && columns == side)
		return all;
	grid = mc_narrow(b->t, all, 1, ahead, side * side);
	grid = mc_reshape(b->t, grid, (int64_t[]){ 1, side, side, dim }, 4);
	grid = mc_permute(b->t, grid, (int64_t[]){ 0, 3, 1, 2 }, 4);
	grid = mc_bicubic(b->t, grid, rows, columns,
	    offset ? ((double)rows + 0.1) / (double)side : 0,
	    offset ? ((double)columns + 0.1) / (double)side : 0, !offset);
	grid = mc_permute(b->t, grid, (int64_t[]){ 0, 2, 3, 1 }, 4);
	grid = mc_reshape(b->t, grid, (int64_t[]){ 1, rows * columns, dim }, 3);
	if (ahead == 0)
		return grid;
	parts[0] = mc_narrow(b->t, all, 1, 0, ahead);
	parts[1] = grid;
	return mc_cat(b->t, parts, 2, 1);
}

/*
 * The angle by which the elements PAIR and PAIR + E/2 of a query or key are
 * turned for PATCH, of ROWS x COLUMNS: 2 pi y / period in the first half of
 * the pairs and 2 pi x / period in the second, where (x, y) is the middle of
 * the patch in -1 .. 1.
 */
static double
angle(int64_t e, int64_t rows, int64_t columns, int64_t patch, int64_t pair)
{
	int64_t quarter = e / 4, k = pair % quarter;
	double y = 2 * ((double)(patch / columns) + 0.5) / (double)rows - 1;
	double x = 2 * ((double)(patch % columns) + 0.5) / (double)columns - 1;
	double period = pow(ROPE_BASE, (double)k / (double)quarter);

	return 2 * M_PI * (pair < quarter ? y : x) / period;
}

struct vit_rope
vit_rope_tables(struct mc_backbone *b, int64_t e, int64_t first, int64_t rows,
    int64_t columns)
{
	int64_t l = first + rows * columns;
	int64_t i, part, j;		/* part: query, key, value */
	const int64_t shape[] = { l, 3, 1, e };
	size_t n = (size_t)(l * 3 * e), at = 0;
	double *cosines = mc_xreallocarray(NULL, n, sizeof(*cosines));
	double *sines = mc_xreallocarray(NULL, n, sizeof(*sines)), a;
	struct vit_rope rope;

	for (i = 0; i < l; i++)
		for (part = 0; part < 3; part++)
			for (j = 0; j < e; j++) {
				a = i < first || part == 2 ? 0 : angle(e, rows,
				    columns, i - first, j % (e / 2));
				cosines[at] = cos(a);
				sines[at++] = j < e / 2 ? -sin(a) : sin(a);
			}
	rope.cos = mc_cast(b->t, mc_from_f64(b->t, cosines, n, shape, 4),
	    b->wide);
	rope.sin = mc_cast(b->t, mc_from_f64(b->t, sines, n, shape, 4),
	    b->wide);
	free(cosines);
	free(sines);
	return rope;
}

struct mc_tensor *
vit_rotate(struct mc_backbone *b, const struct vit_rope *rope, int64_t heads,
    struct mc_tensor *qkv)
{
	int64_t n = mc_size(qkv, 0), l = mc_size(qkv, 1);
	int64_t e = mc_size(qkv, 2) / 3 / heads;
	const int64_t by_head[] = { n, l, 3, heads, e };
	const int64_t flat[] = { n, l, 3 * heads * e };
	struct mc_tensor *x, *halves[2];

	x = mc_reshape(b->t, net_wide(b, qkv), by_head, 5);
	halves[0] = mc_narrow(b->t, x, 4, e / 2, e / 2);
	halves[1] = mc_narrow(b->t, x, 4, 0, e / 2);
	x = mc_add_scaled(b->t, mc_mul(b->t, x, rope->cos),
	    mc_cat(b->t, halves, 2, 4), rope->sin);
	return mc_cast(b->t, mc_reshape(b->t, x, flat, 3), b->elem);
}
