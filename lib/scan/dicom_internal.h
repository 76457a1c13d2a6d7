/*
 * dicom_internal.h - share the data set among lib/scan/dicom*.cpp alone.
 */
#ifndef MC_DICOM_INTERNAL_H
#define MC_DICOM_INTERNAL_H

#include <cstdint>
#include <string>

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include "scan/samples.h"

/*
 * Silence DCMTK, have it read elements of VR UN by its data dictionary, and register
 * its decoders: before anything else.
 */
void		mc_dicom_start();

/* The first value of TAG in SET as text, without padding; "": not there. */
std::string	mc_dicom_text(DcmItem *set, const DcmTagKey &tag);

/* How many frames the header of SET announces, 1 or more. */
int64_t		mc_dicom_frames(DcmItem *set);

/* Fill what SET says of the values and the display of FRAME, from 0, into S. */
void		mc_dicom_display(struct mc_samples *s, DcmItem *set, long frame);

/*
 * Fill the line of the values of FRAME, from 0, in SET into S, and what
 * mc_levels_line needs of its samples: bits, channels, low, high and inverted.
 * More than 16 bits are 0.
 */
void		mc_dicom_line(struct mc_samples *s, DcmItem *set, long frame);

#endif
