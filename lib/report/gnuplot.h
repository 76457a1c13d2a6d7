/*
 * gnuplot.h - have gnuplot draw a script.
 */
#ifndef MC_GNUPLOT_H
#define MC_GNUPLOT_H

#include "base/err.h"
#include "report/plot.h"

/*
 * Run gnuplot, which is looked for in $PATH, on SCRIPT and append to FIGURE
 * what it has written.  No shell is between them, and the user's own settings
 * of gnuplot are not read.  Then what differs from run to run, or from the size
 * that was asked for, is put right:
 *
 *	SVG	the size is in points, so that it prints as laid out; fonts are
 *		named so that browsers find them
 *	PDF	the time of its creation is 2000-01-01
 *	PNG	has its resolution, DPI
 *
 * What gnuplot says although it succeeds is appended to REMARKS.
 *
 * PNG and PDF need a font for each character (glyphs.h), SVG has its reader's.
 *
 * Returns MC_EDATA where there is none; MC_EIO, with a line that says what to do, where gnuplot is not
 * there, fails, says that it fails, is killed or writes nothing.
 */
enum mc_status	mc_gnuplot_run(const struct mc_buf *script,
		    enum mc_plot_format format, int64_t dpi,
		    struct mc_buf *figure, struct mc_buf *remarks,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
