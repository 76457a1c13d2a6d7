/*
 * slices.h - name a slice of a volume, and draw it in grey or in colour.
 *
 * The column path of a manifest holds addresses.  That of a slice is
 *
 *	PATH[|PATH|PATH]#slice=AXIS:INDEX[,volume=N]
 *
 * AXIS is axial, coronal or sagittal, and INDEX is counted from 0 in the order of
 * nifti.h.  With three paths the slices become the red, green and blue channel of
 * one picture; the volumes are on one grid.  volume is one of a file of several,
 * counted from 0, which is the default.
 */
#ifndef MC_SLICES_H
#define MC_SLICES_H

#include "base/err.h"
#include "base/hash.h"
#include "scan/volume.h"

#define MC_CHANNELS 3

struct mc_slice {
	char *path[MC_CHANNELS];
	int paths;		/* 1 or MC_CHANNELS */
	enum mc_axis axis;
	int64_t index, volume;
};

/* Whether TEXT is the address of a slice, well-formed or not. */
bool		 mc_slice_is(const char *text);

/*
 * Parse TEXT into *S, which mc_slice_clear ends.  Paths that are relative are
 * taken as below BASE unless that is NULL.  MC_EDATA: TEXT is no such address; *S
 * is then empty.
 */
enum mc_status	 mc_slice_parse(struct mc_slice *s, const char *base,
		    const char *text, struct mc_err *err) MC_MUST_CHECK;
void		 mc_slice_clear(struct mc_slice *s);

/* The address of S, to be freed. */
char		*mc_slice_print(const struct mc_slice *s);

/*
 * The digest of what N says: the SHA-256 of its file; of a pair that of the two
 * files' SHA-256 in hexadecimal, one behind the other.
 */
enum mc_status	 mc_nifti_digest(const struct mc_nifti *n,
		    char hex[MC_SHA256_HEX], struct mc_err *err) MC_MUST_CHECK;

/* Fold the N digests HEX into the one of a picture made of all, as above. */
void		 mc_digest_join(char (*hex)[MC_SHA256_HEX], int n,
		    char joined[MC_SHA256_HEX]);

/*
 * Volumes that slices are drawn of, each read once while it is in use.  LOW and
 * HIGH are the percentiles of mc_volume_percentiles that become black and white.
 * Up to two pictures' volumes are kept beside those in use.
 */
struct mc_volumes;
struct mc_volumes *mc_volumes_alloc(double low, double high);
void		 mc_volumes_free(struct mc_volumes *v);

struct mc_picture {
	int width, height;
	unsigned char *rgb;	/* rows from the top; grey is R = G = B */
	char sha256[MC_SHA256_HEX];	/* of the files, by mc_digest_join */
	bool flat;		/* both percentiles of a volume are equal, so that
				   its channel is black and white, or black */
};

/*
 * Draw S into *P, whose rgb the caller frees; NULL on error.  Threads may do so
 * at the same time.  MC_EDATA: what mc_nifti_open and mc_volume_read refuse, a
 * slice that the volume does not have, channels of different sizes or grids
 * (mc_nifti_same_grid).
 */
enum mc_status	 mc_slice_draw(struct mc_picture *p, struct mc_volumes *v,
		    const struct mc_slice *s, struct mc_err *err) MC_MUST_CHECK;

#endif
