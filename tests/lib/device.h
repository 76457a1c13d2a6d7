/* device.h - the device that the tests of tensors run on. */
#ifndef TEST_DEVICE_H
#define TEST_DEVICE_H

#include <stdlib.h>

/* $MC_DEVICE ("make check-device" sets it), or the CPU. */
static inline const char *
test_device(void)
{
	const char *device = getenv("MC_DEVICE");

	return device != NULL ? device : "cpu";
}

#endif
