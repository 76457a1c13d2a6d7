/* nesting.c - fuzz lib/scan/dicom_nesting.c. */
#include "config.h"

#include "fuzz.h"
#include "scan/dicom_nesting.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct mc_err err;

	(void)!mc_dicom_check_nesting(bytes, n, "input", &err);
	return 0;
}
