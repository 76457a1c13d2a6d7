/* base64.c - encode bytes in base64, with nettle. */
#include "config.h"

#include <nettle/base64.h>

#include "base/base64.h"

void
mc_base64(const void *bytes, size_t n, struct mc_buf *text)
{
	size_t length = BASE64_ENCODE_RAW_LENGTH(n);

	if (n == 0)
		return;
	base64_encode_raw(mc_buf_room(text, length), n, bytes);
	text->len += length;
	text->data[text->len] = '\0';
}
