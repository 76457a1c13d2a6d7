/*
 * file_names.h - name files by the end of their paths that tells them apart.
 *
 * A report names each file as a browser would save it: without folders.  Where two
 * files would get one name, or two that differ in case only, folders are put in
 * front, as many as are needed: chest-metrics.tsv and skin-metrics.tsv of
 * chest/metrics.tsv and skin/metrics.tsv.
 */
#ifndef MC_FILE_NAMES_H
#define MC_FILE_NAMES_H

struct mc_file_names;

struct mc_file_names *mc_file_names_alloc(void);
void		 mc_file_names_free(struct mc_file_names *f);

/*
 * Add the file at PATH, whose name begins with TASK and a hyphen unless that is
 * NULL; both are copied.  The same TASK and PATH again are the same file.  To be
 * called for all files before the first mc_file_names_get.
 */
void		 mc_file_names_add(struct mc_file_names *f, const char *task,
		    const char *path);

/*
 * The name of a file that was added, with no slash in it, which is F's.  Files that
 * no folder tells apart, m.tsv and ../m.tsv, are numbered in their order: m.tsv,
 * m-2.tsv.
 */
const char	*mc_file_names_get(struct mc_file_names *f, const char *task,
		    const char *path);

#endif
