/* zip.c - fuzz lib/weights/zip.c. */
#include "config.h"

#include <stdlib.h>

#include "fuzz.h"
#include "weights/zip.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	const unsigned char *data;
	struct mc_zip *zip;
	struct mc_err err;
	char *folder;
	size_t size;

	if (mc_zip_open(&zip, bytes, n, "input", &err) != MC_OK)
		return 0;
	folder = mc_zip_folder(zip, "data.pkl");
	free(folder);
	if (mc_zip_member(zip, "archive/data.pkl", &data, &size, &err) ==
	    MC_OK)
		fuzz_read(data, size);
	(void)!mc_zip_check(zip, &err);
	mc_zip_free(zip);
	return 0;
}
