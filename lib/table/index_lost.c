/* index_lost.c - say which files of scanners give no row, and why. */
#include "config.h"

#include <string.h>

#include "table/index_internal.h"

const char *
mc_index_scan_lost(const struct index_scan *s)
{
	if (s->file->scan && s->status != MC_OK)
		return "damaged";
	return s->file->scan ? s->tags.no_image : s->lost;
}

/* Why the slices of S have no mask; NULL: they have, or it has no slices. */
static const char *
no_mask(const struct index_scan *s)
{
	return s->lost == NULL && s->channels > 0 ? s->no_mask : NULL;
}

/* A line for each file that is left out. */
static void
list_lost(const struct mc_index *x)
{
	const struct index_scan *s;
	const char *why;
	size_t i;

	for (i = 0; i < x->folder.n; i++) {
		s = &x->scan[i];
		why = mc_index_scan_lost(s);
		if (why != NULL && s->status != MC_OK)
			mc_say(x->o->detail, "skipped: %s", s->err.text);
		else if (why != NULL && s->file->volume)
			mc_say(x->o->detail, "skipped: %s: %s%s%s",
			    s->file->path, why, s->detail != NULL ? ": " : "",
			    s->detail != NULL ? s->detail : "");
		else if (why != NULL)
			mc_say(x->o->detail, "skipped: %s: DICOM without an "
			    "image: %s", s->file->path, why);
	}
}

/* Say why N files as S are left out, or N volumes have no mask: WHY. */
static void
warn_reason(const struct mc_index *x, const struct index_scan *s,
    const char *why, size_t n)
{
	const char *others = n == 1 ? "" : " and others";

	if (mc_index_scan_lost(s) == NULL)
		mc_say(x->o->warn, MC_MASK_SHARE " is empty for the slices of "
		    "%zu NIfTI file%s: %s: %s%s", n, MC_PLURAL(n), why,
		    s->detail != NULL ? s->detail : s->file->path, others);
	else if (s->file->volume)
		mc_say(x->o->warn, "%zu NIfTI file%s skipped: %s: %s%s", n,
		    MC_PLURAL(n), why, s->detail != NULL ? s->detail :
		    s->file->path, others);
	else if (s->status != MC_OK)
		mc_say(x->o->warn, "%zu DICOM file%s skipped: %s%s", n,
		    MC_PLURAL(n), s->err.text, others);
	else
		mc_say(x->o->warn, "%zu DICOM file%s skipped: %s, no image: "
		    "%s%s", n, MC_PLURAL(n), why, s->file->path, others);
}

/* A line for each reason that REASON gives. */
static void
warn_reasons(const struct mc_index *x,
    const char *(*reason)(const struct index_scan *))
{
	const char *why;
	size_t i, j, n;

	for (i = 0; i < x->folder.n; i++) {
		why = reason(&x->scan[i]);
		for (j = 0; why != NULL && j < i && reason(&x->scan[j]) != why;
		    j++)
			;
		if (why == NULL || j < i)
			continue;
		for (n = 0; j < x->folder.n; j++)
			n += reason(&x->scan[j]) == why;
		warn_reason(x, &x->scan[i], why, n);
	}
}

void
mc_index_warn_lost(const struct mc_index *x)
{
	list_lost(x);
	warn_reasons(x, mc_index_scan_lost);
	warn_reasons(x, no_mask);
}
