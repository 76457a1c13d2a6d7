/* bidi.c - put names, which may be Hebrew or Arabic, into sentences. */
#include "config.h"

#include <stdbool.h>
#include <string.h>

#include "base/bidi.h"

#define ISOLATE		"\xe2\x81\xa8"	/* U+2068 */
#define POP		"\xe2\x81\xa9"	/* U+2069 */

/*
 * The bytes of the control at TEXT; 0: it has none.  These are U+0085, U+2028 to
 * U+202E (separators, embeddings, overrides) and U+2066 to U+2069 (isolates).
 */
static size_t
control(const char *text)
{
	const unsigned char *c = (const unsigned char *)text;

	if (c[0] == 0xc2 && c[1] == 0x85)
		return 2;
	if (c[0] != 0xe2)
		return 0;
	if (c[1] == 0x80 && c[2] >= 0xa8 && c[2] <= 0xae)
		return 3;
	return c[1] == 0x81 && c[2] >= 0xa6 && c[2] <= 0xa9 ? 3 : 0;
}

static bool
is_ascii(const char *text)
{
	while (*text != '\0' && (unsigned char)*text < 128)
		text++;
	return *text == '\0';
}

void
mc_bidi_put(struct mc_buf *text, const char *name)
{
	size_t n;

	if (is_ascii(name)) {
		mc_buf_puts(text, name);
		return;
	}
	mc_buf_puts(text, ISOLATE);
	while (*name != '\0') {
		n = control(name);
		mc_buf_add(text, n > 0 ? " " : name, 1);
		name += n > 0 ? n : 1;
	}
	mc_buf_puts(text, POP);
}

char *
mc_bidi_isolate(const char *name)
{
	struct mc_buf text = { 0 };

	mc_bidi_put(&text, name);
	return text.data;
}
