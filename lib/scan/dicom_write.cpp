/* dicom_write.cpp - write a grey film as a DICOM file with DCMTK. */
#include "config.h"

#include <cstdio>
#include <mutex>
#include <new>

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcrleerg.h>
#include <dcmtk/dcmdata/dcrlerp.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmjpeg/djencode.h>
#include <dcmtk/dcmjpeg/djrplol.h>

#include "scan/dicom_internal.h"
#include "scan/dicom_write.h"

/* Once in a process: the encoders, which leave the UIDs of an image alone. */
static void
start()
{
	static std::once_flag once;

	mc_dicom_start();
	std::call_once(once, [] {
		DcmRLEEncoderRegistration::registerCodecs(OFFalse);
		DJEncoderRegistration::registerCodecs(ECC_lossyYCbCr,
		    EUC_never);
	});
}

struct text {
	DcmTagKey tag;
	const char *value;
};

/* Who, what and when: there is no name and no date. */
static OFCondition
put_texts(DcmDataset *set, const struct mc_dicom_film *f)
{
	char age[8], number[12], center[12], window[12];
	const struct text texts[] = {
		{ DCM_SOPClassUID, UID_ComputedRadiographyImageStorage },
		{ DCM_SOPInstanceUID, f->instance },
		{ DCM_ImageType, "ORIGINAL\\PRIMARY" },
		{ DCM_StudyDate, "" },
		{ DCM_StudyTime, "" },
		{ DCM_AccessionNumber, "" },
		{ DCM_ReferringPhysicianName, "" },
		{ DCM_Modality, "CR" },
		{ DCM_Manufacturer, f->manufacturer },
		{ DCM_ManufacturerModelName, f->model },
		{ DCM_PatientName, "" },
		{ DCM_PatientID, f->patient },
		{ DCM_PatientBirthDate, "" },
		{ DCM_PatientSex, f->sex },
		{ DCM_PatientAge, age },
		{ DCM_BodyPartExamined, "CHEST" },
		{ DCM_ViewPosition, f->view },
		{ DCM_StudyInstanceUID, f->study },
		{ DCM_SeriesInstanceUID, f->series },
		{ DCM_StudyID, "" },
		{ DCM_SeriesNumber, "1" },
		{ DCM_InstanceNumber, number },
		{ DCM_PatientOrientation, "L\\F" },
		{ DCM_BurnedInAnnotation, "NO" },
		{ DCM_WindowCenter, center },
		{ DCM_WindowWidth, window },
		{ DCM_PhotometricInterpretation, f->inverted ? "MONOCHROME1" :
		    "MONOCHROME2" },
	};
	OFCondition c = EC_Normal;

	snprintf(age, sizeof(age), "%03dY", f->age);
	snprintf(number, sizeof(number), "%d", f->number);
	snprintf(center, sizeof(center), "%d", f->center);
	snprintf(window, sizeof(window), "%d", f->window);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]) && c.good();
	    i++)
		c = set->putAndInsertString(texts[i].tag, texts[i].value);
	return c;
}

static OFCondition
put_pixels(DcmDataset *set, const struct mc_dicom_film *f)
{
	const struct {
		DcmTagKey tag;
		int value;
	} numbers[] = {
		{ DCM_SamplesPerPixel, 1 },
		{ DCM_Rows, f->height },
		{ DCM_Columns, f->width },
		{ DCM_BitsAllocated, 16 },
		{ DCM_BitsStored, MC_DICOM_FILM_BITS },
		{ DCM_HighBit, MC_DICOM_FILM_BITS - 1 },
		{ DCM_PixelRepresentation, 0 },
	};
	OFCondition c = EC_Normal;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]) && c.good();
	    i++)
		c = set->putAndInsertUint16(numbers[i].tag,
		    (Uint16)numbers[i].value);
	return c.bad() ? c : set->putAndInsertUint16Array(DCM_PixelData,
	    f->samples, (unsigned long)f->width * (unsigned long)f->height);
}

/* Compress the pixels of SET; *SYNTAX is what it is to be written as. */
static OFCondition
encode(DcmDataset *set, enum mc_dicom_coding coding, E_TransferSyntax *syntax)
{
	DJ_RPLossless jpeg;
	DcmRLERepresentationParameter rle;
	const DcmRepresentationParameter *how = NULL;

	*syntax = EXS_LittleEndianExplicit;
	if (coding == MC_DICOM_JPEG_LOSSLESS) {
		*syntax = EXS_JPEGProcess14SV1;
		how = &jpeg;
	} else if (coding == MC_DICOM_RLE) {
		*syntax = EXS_RLELossless;
		how = &rle;
	}
	return set->chooseRepresentation(*syntax, how);
}

enum mc_status
mc_dicom_write(const char *path, const struct mc_dicom_film *film,
    struct mc_err *err)
{
	start();
	try {
		DcmFileFormat file;
		DcmDataset *set = file.getDataset();
		E_TransferSyntax syntax;
		OFCondition c = put_texts(set, film);

		if (c.good())
			c = put_pixels(set, film);
		if (c.good())
			c = encode(set, film->coding, &syntax);
		if (c.good())
			c = file.saveFile(path, syntax);
		if (c.bad())
			return mc_err_set(err, MC_EIO, "%s: %s", path,
			    c.text());
	} catch (const std::bad_alloc &) {
		return mc_err_set(err, MC_EMACHINE, "%s: needs more memory than "
		    "there is", path);
	}
	return MC_OK;
}
