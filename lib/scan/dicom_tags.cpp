/* dicom_tags.cpp - read what the header of a DICOM file says. */
#include "config.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>

#include "scan/dicom.h"
#include "scan/dicom_internal.h"
#include "scan/dicom_nesting.h"
#include "scan/levels.h"

/* DCMTK's code of a file that it cannot open. */
#define NOT_OPENED 18

/* What a file of a storage class holds instead of a picture. */
static const struct {
	const char *prefix;	/* of the UID of its class */
	const char *holds;
} classes[] = {
	{ "1.2.840.10008.1.3.10", "a directory (DICOMDIR)" },
	{ "1.2.840.10008.5.1.4.1.1.9.", "a waveform" },
	{ "1.2.840.10008.5.1.4.1.1.11.", "a presentation state" },
	{ "1.2.840.10008.5.1.4.1.1.66.4", "a segmentation" },
	{ "1.2.840.10008.5.1.4.1.1.66.5", "a segmentation" },
	{ "1.2.840.10008.5.1.4.1.1.66", "raw data or a registration" },
	{ "1.2.840.10008.5.1.4.1.1.88.", "a structured report" },
	{ "1.2.840.10008.5.1.4.1.1.104.", "a document" },
	{ "1.2.840.10008.5.1.4.1.1.481.1", NULL },	/* RT Image */
	{ "1.2.840.10008.5.1.4.1.1.481.2", "a dose (RT)" },
	{ "1.2.840.10008.5.1.4.1.1.481.3", "structures (RT)" },
	{ "1.2.840.10008.5.1.4.1.1.481.", "a plan or record (RT)" },
};

/* The class of SET; in damaged files that of the meta header. */
static std::string
class_of(DcmFileFormat *file)
{
	std::string uid = mc_dicom_text(file->getDataset(), DCM_SOPClassUID);

	return !uid.empty() ? uid : mc_dicom_text(file->getMetaInfo(),
	    DCM_MediaStorageSOPClassUID);
}

static const char *
no_image(DcmFileFormat *file)
{
	std::string uid = class_of(file);
	Uint16 rows = 0, columns = 0;

	for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++) {
		if (uid.compare(0, strlen(classes[i].prefix),
		    classes[i].prefix) == 0 && classes[i].holds != NULL)
			return classes[i].holds;
		if (uid == classes[i].prefix)
			break;
	}
	file->getDataset()->findAndGetUint16(DCM_Rows, rows);
	file->getDataset()->findAndGetUint16(DCM_Columns, columns);
	return rows > 0 && columns > 0 ? NULL : "no pixels";
}

/*
 * TEXT without the blanks around it, to be freed.  What is not printable ASCII
 * becomes %XX, so that two texts stay two.
 */
static char *
clean(const std::string &text)
{
	static const char blanks[] = " \t\r\n";
	size_t first = text.find_first_not_of(blanks), i;
	std::string to;
	char code[4], *copy;

	for (i = first; first != std::string::npos &&
	    i <= text.find_last_not_of(blanks); i++) {
		unsigned char c = (unsigned char)text[i];

		snprintf(code, sizeof(code), c >= ' ' && c < 0x7F && c != '%' ?
		    "%c" : "%%%02X", c);
		to += code;
	}
	copy = strdup(to.c_str());
	if (copy == NULL)
		throw std::bad_alloc();
	return copy;
}

/* The age in years as text: "045Y" is 45, "018M" is 1.5. */
static std::string
age(DcmItem *set)
{
	std::string text = mc_dicom_text(set, DCM_PatientAge);
	char buffer[32], unit = 0;
	int n = 0;

	if (sscanf(text.c_str(), "%3d%c", &n, &unit) != 2 || n < 0)
		return "";
	switch (unit) {
	case 'Y':
		snprintf(buffer, sizeof(buffer), "%d", n);
		break;
	case 'M':
		snprintf(buffer, sizeof(buffer), "%.2f", n / 12.0);
		break;
	case 'W':
		snprintf(buffer, sizeof(buffer), "%.2f", n / 52.1775);
		break;
	case 'D':
		snprintf(buffer, sizeof(buffer), "%.2f", n / 365.2425);
		break;
	default:
		return "";
	}
	return buffer;
}

/* The meaning of the first item of the view's code, or the view position. */
static std::string
view(DcmItem *set)
{
	std::string text = mc_dicom_text(set, DCM_ViewPosition);
	DcmItem *code;

	if (text.empty() && set->findAndGetSequenceItem(DCM_ViewCodeSequence,
	    code).good())
		text = mc_dicom_text(code, DCM_CodeMeaning);
	return text;
}

static std::string
either(DcmItem *set, const DcmTagKey &a, const DcmTagKey &b)
{
	std::string text = mc_dicom_text(set, a);

	return text.empty() ? mc_dicom_text(set, b) : text;
}

static bool
is_lossy(DcmDataset *set)
{
	switch (set->getOriginalXfer()) {
	case EXS_JPEGProcess1:
	case EXS_JPEGProcess2_4:
	case EXS_JPEGLSLossy:
		return true;
	default:
		return mc_dicom_text(set, DCM_LossyImageCompression) == "01";
	}
}

static void
fill(struct mc_scan_tags *tags, DcmFileFormat *file, int64_t frame)
{
	DcmDataset *set = file->getDataset();
	std::string scanner = mc_dicom_text(set, DCM_Manufacturer), model =
	    mc_dicom_text(set, DCM_ManufacturerModelName);
	struct mc_samples s = {};

	tags->no_image = no_image(file);
	tags->text[MC_SCAN_PATIENT] = clean(mc_dicom_text(set, DCM_PatientID));
	tags->text[MC_SCAN_STUDY] = clean(mc_dicom_text(set,
	    DCM_StudyInstanceUID));
	tags->text[MC_SCAN_SERIES] = clean(mc_dicom_text(set,
	    DCM_SeriesInstanceUID));
	tags->text[MC_SCAN_LATERALITY] = clean(either(set,
	    DCM_ImageLaterality, DCM_Laterality));
	tags->text[MC_SCAN_VIEW] = clean(view(set));
	tags->text[MC_SCAN_MODALITY] = clean(mc_dicom_text(set, DCM_Modality));
	tags->text[MC_SCAN_SCANNER] = clean(scanner + (scanner.empty() ||
	    model.empty() ? "" : " ") + model);
	tags->text[MC_SCAN_SEX] = clean(mc_dicom_text(set, DCM_PatientSex));
	tags->text[MC_SCAN_AGE] = clean(age(set));
	tags->frames = mc_dicom_frames(set);
	tags->burned_in = mc_dicom_text(set, DCM_BurnedInAnnotation) == "YES";
	tags->lossy = is_lossy(set);
	mc_dicom_line(&s, set, frame > 0 ? (long)frame - 1 : 0);
	tags->bits = s.bits;
	tags->channels = s.channels;
	mc_levels_line(&s, &tags->slope, &tags->intercept);
	mc_samples_clear(&s);
}

enum mc_status
mc_dicom_read_tags(struct mc_scan_tags *tags, const char *path, int64_t frame,
    struct mc_err *err)
{
	enum mc_status status = mc_dicom_check_nesting_of(path, err);

	memset(tags, 0, sizeof(*tags));
	if (status != MC_OK)
		return status;
	mc_dicom_start();
	try {
		DcmFileFormat file;
		OFCondition c = file.loadFileUntilTag(path, EXS_Unknown,
		    EGL_noChange, DCM_MaxReadLength, ERM_autoDetect,
		    DcmTagKey(0x7FE0, 0));

		if (c == EC_MemoryExhausted)
			throw std::bad_alloc();
		if (c.module() == OFM_dcmdata && c.code() == NOT_OPENED)
			return mc_err_set(err, MC_EMACHINE, "%s: %s", path,
			    c.text());
		if (c.bad())
			return mc_err_set(err, MC_EDATA, "%s: damaged DICOM: "
			    "%s", path, c.text());
		fill(tags, &file, frame);
	} catch (const std::bad_alloc &) {
		return mc_err_set(err, MC_EMACHINE, "%s: needs more memory than "
		    "there is", path);
	} catch (...) {
		return mc_err_set(err, MC_EDATA, "%s: damaged DICOM", path);
	}
	return MC_OK;
}
