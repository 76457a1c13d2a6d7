/*
 * caption.h - draw lines of text on an image, with Pango and FreeType.
 *
 * Letters are antialiased in grey and not hinted, whatever fontconfig's settings
 * are, so that the pixels depend only on the text, the font's file and the versions
 * of these libraries.
 */
#ifndef MC_CAPTION_H
#define MC_CAPTION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "image/decode.h"

/* A font in one size, and what it has drawn. */
struct mc_lettering;

/*
 * Open the font FAMILY, of which a line is about 1.2 SIZE pixels high; once in a
 * process, since GLib's log is set up.  Where the font is not installed, fontconfig
 * chooses another.  *L is freed with mc_lettering_free and is NULL on error:
 * MC_EIO where no font is installed that has Latin letters.
 */
enum mc_status	 mc_lettering_alloc(struct mc_lettering **l,
		    const char *family, double size, struct mc_err *err)
		    MC_MUST_CHECK;
void		 mc_lettering_free(struct mc_lettering *l);

/* The family that was found. */
const char	*mc_lettering_family(const struct mc_lettering *l);

/* The height of a line, in pixels. */
int		 mc_lettering_height(const struct mc_lettering *l);

/* The width of TEXT in one line, in pixels. */
int		 mc_caption_width(struct mc_lettering *l, const char *text,
		    bool bold);

/* The height of its lines where they have WIDTH pixels, and the width of the last of
   them. */
int		 mc_caption_height(struct mc_lettering *l, const char *text,
		    bool bold, int width);
int		 mc_caption_last(struct mc_lettering *l, const char *text,
		    bool bold, int width);

/*
 * Draw TEXT on IMAGE in WIDTH pixels from column X and row Y on, in as many lines as
 * it needs, its first word on the left; what is outside of IMAGE is not drawn.  An
 * ASCII control character is drawn as a blank; a name that may be Hebrew or Arabic
 * is put into TEXT by mc_bidi_put.
 */
void		 mc_caption_draw(struct mc_lettering *l, struct mc_image *image,
		    int x, int y, int width, const char *text, bool bold);

/*
 * The first text drawn with characters that no installed font has, which are
 * drawn as boxes; NULL: there is none.  It lives as long as L.
 */
const char	*mc_lettering_missing(const struct mc_lettering *l);

/* Return MC_EMACHINE if Pango has complained, of a font file that it cannot read. */
enum mc_status	 mc_lettering_check(const struct mc_lettering *l,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
