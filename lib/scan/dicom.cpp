/* dicom.cpp - read DICOM with DCMTK: the data set, and the bytes of a frame. */
#include "config.h"

#include <climits>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>
#include <string>
#include <vector>

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dccodec.h>
#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmdata/dcrledrg.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpls/djdecode.h>

#include "base/limits.h"
#include "scan/dicom.h"
#include "scan/dicom_internal.h"
#include "scan/dicom_nesting.h"
#include "scan/dicom_pixels.h"
#include "scan/jpeg2000.h"

/* Once in a process: silence, VRs by the dictionary, and the decoders. */
void
mc_dicom_start()
{
	static std::once_flag once;

	std::call_once(once, [] {
		OFLog::configure(OFLogger::OFF_LOG_LEVEL);
		/* Files that GDCM converted may have VR UN throughout. */
		dcmEnableUnknownVRConversion.set(OFTrue);
		DcmRLEDecoderRegistration::registerCodecs();
		DJDecoderRegistration::registerCodecs(
		    EDC_photometricInterpretation, EUC_never, EPC_colorByPixel);
		DJLSDecoderRegistration::registerCodecs(EJLSUC_never,
		    EJLSPC_colorByPixel);
	});
}

/* --- DCMTK 3.6.7 and 3.6.9 -------------------------------------------------- */

/* Find the bytes of a frame once it is decompressed. */
static OFCondition
frame_size(const DcmPixelData *pixels, DcmItem *set, Uint32 &size)
{
#if PACKAGE_VERSION_NUMBER >= 369
	return pixels->getUncompressedFrameSize(set, size, OFFalse);
#else
	return pixels->getUncompressedFrameSize(set, size);
#endif
}

static bool
is_compressed(const DcmXfer &syntax)
{
#if PACKAGE_VERSION_NUMBER >= 369
	return syntax.usesEncapsulatedFormat() &&
	    syntax.isPixelDataCompressed();
#else
	return syntax.isEncapsulated();
#endif
}

/* --- Attributes ------------------------------------------------------------ */

/*
 * The item that has TAG for FRAME, from 0: the data set, or in files of the
 * enhanced kinds the group MACRO, of all frames or of this one.
 */
static DcmItem *
item_of(DcmItem *set, const DcmTagKey &tag, const DcmTagKey &macro, long frame)
{
	static const DcmTagKey groups[2] = {
		DCM_SharedFunctionalGroupsSequence,
		DCM_PerFrameFunctionalGroupsSequence
	};
	DcmItem *group, *item;

	if (set->tagExistsWithValue(tag))
		return set;
	for (int i = 0; i < 2; i++) {
		if (set->findAndGetSequenceItem(groups[i], group, i == 0 ? 0 :
		    frame).good() && group->findAndGetSequenceItem(macro, item)
		    .good() && item->tagExistsWithValue(tag))
			return item;
	}
	return NULL;
}

static int
get_int(DcmItem *set, const DcmTagKey &tag, int otherwise)
{
	Uint16 x;

	return set->findAndGetUint16(tag, x).good() ? x : otherwise;
}

static bool
get_double(DcmItem *set, const DcmTagKey &tag, double *x)
{
	Float64 found;

	if (set == NULL || set->findAndGetFloat64(tag, found).bad() ||
	    !std::isfinite(found))
		return false;
	*x = found;
	return true;
}

std::string
mc_dicom_text(DcmItem *set, const DcmTagKey &tag)
{
	OFString found;

	if (set->findAndGetOFString(tag, found).bad())
		return "";
	return std::string(found.c_str());
}

int64_t
mc_dicom_frames(DcmItem *set)
{
	Sint32 n;

	return set->findAndGetSint32(DCM_NumberOfFrames, n).good() && n > 1 ?
	    n : 1;
}

/* Number AT of the descriptor TAG, whose VR is US or SS, as 16 bits. */
static bool
get_entry(DcmItem *item, const DcmTagKey &tag, unsigned long at, Uint16 *x)
{
	Sint16 below;

	if (item->findAndGetUint16(tag, *x, at).good())
		return true;
	if (item->findAndGetSint16(tag, below, at).bad())
		return false;
	*x = (Uint16)below;
	return true;
}

/* Read the DESCRIPTOR of a table in ITEM; false: there is none. */
static bool
get_descriptor(struct mc_lut *lut, DcmItem *item,
    const DcmTagKey &descriptor, bool is_signed)
{
	Uint16 n, first, bits;
	DcmElement *e;

	if (item->findAndGetElement(descriptor, e).bad() ||
	    !get_entry(item, descriptor, 0, &n) ||
	    !get_entry(item, descriptor, 1, &first) ||
	    !get_entry(item, descriptor, 2, &bits) || bits < 1 || bits > 16)
		return false;
	lut->n = n == 0 ? 65536 : n;
	lut->first = e->ident() == EVR_SS || (is_signed && e->ident() !=
	    EVR_US) ? (Sint16)first : first;
	lut->bits = bits;
	return true;
}

/* Read the table that DESCRIPTOR and DATA describe in ITEM; false: none. */
static bool
get_lut(struct mc_lut *lut, DcmItem *item, const DcmTagKey &descriptor,
    const DcmTagKey &data, bool is_signed)
{
	const Uint16 *words = NULL;
	unsigned long count = 0, i;

	if (!get_descriptor(lut, item, descriptor, is_signed) ||
	    item->findAndGetUint16Array(data, words, &count).bad() ||
	    words == NULL)
		return false;
	/* Entries of 8 bits may lie two in a word. */
	bool bytes = count < lut->n && count * 2 >= lut->n;

	if (count < lut->n && !bytes)
		return false;
	lut->level = (uint16_t *)malloc(lut->n * sizeof(*lut->level));
	if (lut->level == NULL)
		throw std::bad_alloc();
	for (i = 0; i < lut->n; i++)
		lut->level[i] = !bytes ? words[i] :
		    i % 2 == 0 ? words[i / 2] & 0xFF : words[i / 2] >> 8;
	return true;
}

/* Read the table of which DATA has segments; false: none, or damaged. */
static bool
get_segmented(struct mc_lut *lut, DcmItem *item,
    const DcmTagKey &descriptor, const DcmTagKey &data, bool is_signed)
{
	const Uint16 *words = NULL;
	unsigned long count = 0;

	if (!get_descriptor(lut, item, descriptor, is_signed) ||
	    item->findAndGetUint16Array(data, words, &count).bad() ||
	    words == NULL || (lut->bits != 8 && lut->bits != 16))
		return false;
	lut->level = (uint16_t *)malloc(lut->n * sizeof(*lut->level));
	if (lut->level == NULL)
		throw std::bad_alloc();
	return mc_dicom_expand(lut->level, lut->n, words, count,
	    lut->bits == 8);
}

/* The palette; entries of 16 bits are of 16, whatever is written there. */
static bool
get_palette(struct mc_dicom_layout *l, DcmItem *set)
{
	static const DcmTagKey tags[3][3] = {
		{ DCM_RedPaletteColorLookupTableDescriptor,
		    DCM_RedPaletteColorLookupTableData,
		    DCM_SegmentedRedPaletteColorLookupTableData },
		{ DCM_GreenPaletteColorLookupTableDescriptor,
		    DCM_GreenPaletteColorLookupTableData,
		    DCM_SegmentedGreenPaletteColorLookupTableData },
		{ DCM_BluePaletteColorLookupTableDescriptor,
		    DCM_BluePaletteColorLookupTableData,
		    DCM_SegmentedBluePaletteColorLookupTableData }
	};
	bool wide = false;

	for (int c = 0; c < 3; c++) {
		bool segmented = set->tagExistsWithValue(tags[c][2]);

		if (segmented ? !get_segmented(&l->palette[c], set, tags[c][0],
		    tags[c][2], l->is_signed) : !get_lut(&l->palette[c], set,
		    tags[c][0], tags[c][1], l->is_signed))
			return false;
		wide = wide || (segmented && l->palette[c].bits == 16);
		for (size_t i = 0; i < l->palette[c].n; i++)
			wide = wide || l->palette[c].level[i] > 255;
	}
	for (int c = 0; c < 3; c++)
		l->palette[c].bits = wide ? 16 : 8;
	return true;
}

static enum mc_status
get_layout(struct mc_dicom_layout *l, DcmItem *set, const char *name,
    struct mc_err *err)
{
	static const struct { const char *name; enum mc_photometric p; } known[] =
	{
		{ "MONOCHROME1", MC_MONOCHROME1 },
		{ "MONOCHROME2", MC_MONOCHROME2 },
		{ "PALETTE COLOR", MC_PALETTE },
		{ "RGB", MC_RGB }, { "YBR_RCT", MC_RGB }, { "YBR_ICT", MC_RGB },
		{ "YBR_FULL", MC_YBR_FULL }, { "YBR_FULL_422", MC_YBR_FULL_422 },
		{ "YBR_PARTIAL_422", MC_YBR_PARTIAL_422 }
	};
	std::string p = mc_dicom_text(set, DCM_PhotometricInterpretation);
	size_t i, n = sizeof(known) / sizeof(*known);

	l->rows = get_int(set, DCM_Rows, 0);
	l->columns = get_int(set, DCM_Columns, 0);
	l->channels = get_int(set, DCM_SamplesPerPixel, 1);
	l->allocated = get_int(set, DCM_BitsAllocated, 0);
	l->stored = get_int(set, DCM_BitsStored, l->allocated);
	l->high_bit = get_int(set, DCM_HighBit, l->stored - 1);
	l->is_signed = get_int(set, DCM_PixelRepresentation, 0) == 1;
	l->planar = get_int(set, DCM_PlanarConfiguration, 0) == 1;
	for (i = 0; i < n && p != known[i].name; i++)
		;
	if (i == n)
		return mc_err_set(err, MC_EDATA, "%s: pixels of the kind "
		    "\"%s\" (photometric interpretation) are not read", name,
		    p.c_str());
	l->photometric = known[i].p;
	if (l->photometric == MC_PALETTE && !get_palette(l, set))
		return mc_err_set(err, MC_EDATA, "%s: its palette is missing "
		    "or damaged", name);
	return mc_dicom_check(l, name, err);
}

/* --- Display ----------------------------------------------------------------- */

static void
get_line(struct mc_samples *s, DcmItem *set, long frame)
{
	DcmItem *item = item_of(set, DCM_RescaleSlope,
	    DCM_PixelValueTransformationSequence, frame);
	double slope, intercept;

	s->slope = 1;
	s->intercept = 0;
	if (get_double(item, DCM_RescaleSlope, &slope) && slope != 0 &&
	    get_double(item, DCM_RescaleIntercept, &intercept)) {
		s->slope = slope;
		s->intercept = intercept;
	}
}

static void
get_window(struct mc_samples *s, DcmItem *set, bool is_signed, long frame)
{
	DcmItem *item = item_of(set, DCM_WindowCenter,
	    DCM_FrameVOILUTSequence, frame), *table;
	std::string curve;

	if (set->findAndGetSequenceItem(DCM_VOILUTSequence, table).good())
		get_lut(&s->lut, table, DCM_LUTDescriptor, DCM_LUTData,
		    is_signed || s->intercept < 0);
	s->windowed = get_double(item, DCM_WindowCenter, &s->center) &&
	    get_double(item, DCM_WindowWidth, &s->extent);
	if (!s->windowed)
		return;
	curve = mc_dicom_text(item, DCM_VOILUTFunction);
	s->curve = curve == "SIGMOID" ? MC_SIGMOID :
	    curve == "LINEAR_EXACT" ? MC_LINEAR_EXACT : MC_LINEAR;
}

static void
get_padding(struct mc_samples *s, DcmItem *set, bool is_signed)
{
	static const DcmTagKey tags[2] = {
		DCM_PixelPaddingValue, DCM_PixelPaddingRangeLimit
	};
	int32_t found[2];
	int n = 0;

	for (; n < 2; n++) {
		Uint16 u;
		Sint16 i;

		if (set->findAndGetUint16(tags[n], u).good())
			found[n] = is_signed ? (Sint16)u : u;
		else if (set->findAndGetSint16(tags[n], i).good())
			found[n] = i;
		else
			break;
	}
	if (n == 0)
		return;
	if (n == 1)
		found[1] = found[0];
	s->padded = true;
	s->padding[0] = found[0] < found[1] ? found[0] : found[1];
	s->padding[1] = found[0] < found[1] ? found[1] : found[0];
}

void
mc_dicom_display(struct mc_samples *s, DcmItem *set, long frame)
{
	bool is_signed = get_int(set, DCM_PixelRepresentation, 0) == 1;

	get_line(s, set, frame);
	get_window(s, set, is_signed, frame);
	get_padding(s, set, is_signed);
}

void
mc_dicom_line(struct mc_samples *s, DcmItem *set, long frame)
{
	bool is_signed = get_int(set, DCM_PixelRepresentation, 0) == 1;
	int bits = get_int(set, DCM_BitsStored, 0);
	DcmItem *table;
	Uint16 entry;

	get_line(s, set, frame);
	if (set->findAndGetSequenceItem(DCM_ModalityLUTSequence, table).good()
	    && table->findAndGetUint16(DCM_LUTDescriptor, entry, 2).good()) {
		bits = entry;
		is_signed = false;
		s->slope = 1;
		s->intercept = 0;
	}
	std::string p = mc_dicom_text(set, DCM_PhotometricInterpretation);
	s->channels = p == "MONOCHROME1" || p == "MONOCHROME2" ? 1 : 3;
	s->inverted = p == "MONOCHROME1";
	if (bits >= 1 && bits <= 16) {
		s->bits = bits;
		s->low = is_signed ? -(1 << (bits - 1)) : 0;
		s->high = (1 << (is_signed ? bits - 1 : bits)) - 1;
	}
}

/* --- The bytes of a frame ------------------------------------------------------ */

/* What is read now. */
struct reading {
	DcmDataset *set;
	DcmPixelData *pixels;
	struct mc_dicom_layout layout;
	long frame;		/* from 0 */
	int64_t frames;
	const char *name;
	struct mc_err *err;
};

static enum mc_status
damaged(const struct reading *r, const char *what)
{
	return mc_err_set(r->err, MC_EDATA, "%s: %s", r->name, what);
}

static bool
is_jpeg2000(E_TransferSyntax syntax)
{
	return syntax == EXS_JPEG2000LosslessOnly || syntax == EXS_JPEG2000;
}

/* The fragments of the frame, one after another. */
static enum mc_status
join_fragments(std::vector<unsigned char> &to, const struct reading *r,
    DcmPixelSequence *sequence)
{
	unsigned long n = sequence->card(), i;
	long frame = -1;

	for (i = 1; i < n; i++) {	/* 0: the offset table */
		DcmPixelItem *item;
		Uint8 *bytes;

		if (sequence->getItem(item, i).bad() ||
		    item->getUint8Array(bytes).bad() || bytes == NULL)
			return damaged(r, "a damaged fragment");
		Uint32 length = item->getLength();

		if (length >= 4 && ((bytes[0] == 0xFF && bytes[1] == 0x4F &&
		    bytes[2] == 0xFF && bytes[3] == 0x51) || (length >= 12 &&
		    memcmp(bytes + 4, "jP  ", 4) == 0)))
			frame++;
		if ((r->frames == 1 ? 0 : frame) == r->frame)
			to.insert(to.end(), bytes, bytes + length);
	}
	return to.empty() ? damaged(r, "that frame is not in it") : MC_OK;
}

static enum mc_status
decode_jpeg2000(struct mc_samples *s, struct reading *r,
    E_TransferSyntax syntax)
{
	DcmPixelSequence *sequence = NULL;
	std::vector<unsigned char> bytes;
	enum mc_status status;
	int32_t *numbers;
	int precision;

	if (r->pixels->getEncapsulatedRepresentation(syntax, NULL, sequence)
	    .bad() || sequence == NULL)
		return damaged(r, "no JPEG 2000 in it");
	status = join_fragments(bytes, r, sequence);
	if (status == MC_OK)
		status = mc_jpeg2000_decode(&numbers, &precision, bytes.data(),
		    bytes.size(), r->layout.columns, r->layout.rows,
		    r->layout.channels, r->name, r->err);
	if (status != MC_OK)
		return status;
	if (r->layout.photometric >= MC_RGB)
		r->layout.photometric = MC_RGB;
	/* A codestream of fewer bits than are stored has its sign there. */
	if (precision < r->layout.stored)
		r->layout.stored = precision;
	mc_dicom_take(s, &r->layout, numbers);
	return MC_OK;
}

static enum mc_status
decode_native(struct mc_samples *s, const struct reading *r,
    E_TransferSyntax syntax)
{
	uint64_t bits = mc_dicom_frame_bits(&r->layout);
	uint64_t offset = bits * (uint64_t)r->frame;
	const unsigned char *bytes = NULL;
	std::vector<uint16_t> swapped;
	Uint8 *octets = NULL;
	Uint16 *words = NULL;

	if (r->layout.photometric >= MC_YBR_FULL_422 &&
	    r->layout.columns % 2 == 1)
		return damaged(r, "an odd number of columns, of which two "
		    "share their colour (YCbCr 4:2:2)");
	if ((offset + bits + 7) / 8 > r->pixels->getLength(syntax))
		return damaged(r, "truncated: fewer pixels than the picture "
		    "has");
	if (r->pixels->getUint16Array(words).good() && words != NULL)
		bytes = (const unsigned char *)words;
	else if (r->pixels->getUint8Array(octets).good())
		bytes = octets;
	if (bytes == NULL)
		return damaged(r, "its pixels cannot be read");
	/* DCMTK brings words of 16 bits into order, not those of 32. */
	if (r->layout.allocated == 32 && words != NULL &&
	    syntax == EXS_BigEndianExplicit) {
		size_t n = (size_t)(bits / 16), i;

		swapped.resize(n);
		for (i = 0; i < n; i++)
			swapped[i] = words[(size_t)(offset / 16) + (i ^ 1)];
		bytes = (const unsigned char *)swapped.data();
		offset = 0;
	}
	mc_dicom_unpack(s, &r->layout, bytes, offset);
	return MC_OK;
}

static enum mc_status
decode_compressed(struct mc_samples *s, struct reading *r,
    E_TransferSyntax syntax)
{
	std::vector<unsigned char> buffer;
	Uint32 start = 0, size = 0;
	OFString model;
	OFCondition c;

	if (frame_size(r->pixels, r->set, size).bad() ||
	    (uint64_t)size * 8 < mc_dicom_frame_bits(&r->layout) ||
	    size / 12 > mc_max_pixels())
		return damaged(r, "its attributes contradict each other");
	buffer.resize(size + size % 2);
	c = r->pixels->getUncompressedFrame(r->set, (Uint32)r->frame, start,
	    buffer.data(), (Uint32)buffer.size(), model);
	if (c.bad())
		return mc_err_set(r->err, MC_EDATA, "%s: %s: %s", r->name,
		    DcmXfer(syntax).getXferName(), c.text());
	/* The JPEG decoders write one pixel after another; RLE keeps planes. */
	if (syntax != EXS_RLELossless)
		r->layout.planar = false;
	if (r->layout.channels == 3)
		r->layout.photometric = model == "YBR_FULL" ? MC_YBR_FULL :
		    MC_RGB;
	mc_dicom_unpack(s, &r->layout, buffer.data(), 0);
	return MC_OK;
}

/* Samples that are real numbers, which have an element of their own. */
static enum mc_status
decode_real(struct mc_samples *s, const struct reading *r, size_t rows,
    size_t columns)
{
	size_t n = rows * columns, first = n * (size_t)r->frame, i;
	unsigned long count = 0, more = 0;
	const Float32 *single = NULL;
	const Float64 *twice = NULL;

	r->set->findAndGetFloat32Array(DCM_FloatPixelData, single, &count);
	if (single == NULL)
		r->set->findAndGetFloat64Array(DCM_DoubleFloatPixelData,
		    twice, &more);
	if (n == 0 || n > (size_t)mc_max_pixels() || first + n > count + more)
		return damaged(r, "no pixels in it, or not all of them");
	s->real = (float *)malloc(n * sizeof(*s->real));
	if (s->real == NULL)
		throw std::bad_alloc();
	for (i = 0; i < n; i++)
		s->real[i] = single != NULL ? single[first + i] :
		    (float)twice[first + i];
	s->width = (int)columns;
	s->height = (int)rows;
	s->channels = 1;
	return MC_OK;
}

static enum mc_status
decode_pixels(struct mc_samples *s, struct reading *r)
{
	enum mc_status status = get_layout(&r->layout, r->set, r->name, r->err);
	E_TransferSyntax syntax = EXS_Unknown;
	const DcmRepresentationParameter *parameter = NULL;
	struct mc_lut lut = {};
	DcmItem *table;

	if (status != MC_OK)
		return status;
	r->pixels->getOriginalRepresentationKey(syntax, parameter);
	if (is_jpeg2000(syntax))
		status = decode_jpeg2000(s, r, syntax);
	else if (is_compressed(DcmXfer(syntax)))
		status = decode_compressed(s, r, syntax);
	else
		status = decode_native(s, r, r->set->getOriginalXfer());
	if (status == MC_OK && s->channels == 1 &&
	    r->set->findAndGetSequenceItem(DCM_ModalityLUTSequence, table)
	    .good() && get_lut(&lut, table, DCM_LUTDescriptor, DCM_LUTData,
	    r->layout.is_signed)) {
		mc_dicom_apply(s, &lut);
		free(lut.level);
	}
	return status;
}

/* --- Files ------------------------------------------------------------------- */

static enum mc_status
decode(struct mc_samples *s, struct reading *r)
{
	DcmElement *e = NULL;
	enum mc_status status;
	int i;

	r->frames = mc_dicom_frames(r->set);
	if (r->frame >= r->frames)
		return mc_err_set(r->err, MC_EDATA, "%s: no frame %ld: it has "
		    "%lld", r->name, r->frame + 1, (long long)r->frames);
	mc_dicom_display(s, r->set, r->frame);
	if (r->set->findAndGetElement(DCM_PixelData, e).bad() ||
	    (r->pixels = dynamic_cast<DcmPixelData *>(e)) == NULL)
		status = decode_real(s, r, (size_t)get_int(r->set, DCM_Rows, 0),
		    (size_t)get_int(r->set, DCM_Columns, 0));
	else
		status = decode_pixels(s, r);
	for (i = 0; i < 3; i++)
		free(r->layout.palette[i].level);
	return status;
}

enum mc_status
mc_dicom_decode(struct mc_samples *s, int64_t *frames, const void *bytes,
    size_t n, int64_t frame, const char *name, struct mc_err *err)
{
	struct reading r = {};
	enum mc_status status;

	memset(s, 0, sizeof(*s));
	*frames = 0;
	status = mc_dicom_check_nesting(bytes, n, name, err);
	if (status != MC_OK)
		return status;
	mc_dicom_start();
	try {
		DcmFileFormat file;
		DcmInputBufferStream stream;

		stream.setBuffer(bytes, (offile_off_t)n);
		stream.setEos();
		file.transferInit();
		OFCondition c = file.read(stream, EXS_Unknown, EGL_noChange);
		file.transferEnd();
		r.set = file.getDataset();
		r.frame = frame > 0 ? (long)frame - 1 : 0;
		r.name = name;
		r.err = err;
		if (c == EC_MemoryExhausted)
			throw std::bad_alloc();
		if (c.bad() && c != EC_EndOfStream)
			status = mc_err_set(err, MC_EDATA, "%s: damaged DICOM: "
			    "%s", name, c.text());
		else
			status = decode(s, &r);
		*frames = r.frames;
	} catch (const std::bad_alloc &) {
		status = mc_err_set(err, MC_EMACHINE, "%s: needs more memory "
		    "than there is", name);
	} catch (...) {
		status = mc_err_set(err, MC_EDATA, "%s: damaged DICOM", name);
	}
	if (status != MC_OK)
		mc_samples_clear(s);
	return status;
}
