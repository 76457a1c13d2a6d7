/*
 * audit.h - make tables of how a study's data were chosen and divided.
 */
#ifndef MC_AUDIT_H
#define MC_AUDIT_H

#include "base/err.h"
#include "report/facts.h"
#include "report/grid.h"
#include "table/schemas.h"

/*
 * Make the grid *G of the audit A, as mc-split --check writes it; free it with
 * mc_grid_free.  A line is a label in a split, and a fold where there are any:
 * images, groups (in the words of STYLE), the label's share of the images of this
 * part, and the deviation from its share of all images, in percentage points.  Without
 * groups there is no such column.  The caption is that of STYLE.  MC_EDATA: no row.
 */
enum mc_status	mc_audit_grid(struct mc_rows *a,
		    const struct mc_table_style *style, struct mc_grid **g,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * The same of the flow table F of mc-describe --left-out: for what was found, and
 * for each cause, in their order, what it left out and what remained, in images and
 * groups.  MC_EDATA: no row.
 */
enum mc_status	mc_flow_grid(struct mc_rows *f,
		    const struct mc_table_style *style, struct mc_grid **g,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
