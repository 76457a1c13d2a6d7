/* bidi.c - put names, which may be Hebrew or Arabic, into sentences. */
#include "config.h"

#include <stdbool.h>

#include "base/bidi.h"
#include "base/err.h"

/*
 * Blocks whose letters and digits have the bidirectional classes R, AL and AN,
 * assigned or not (Unicode's DerivedBidiClass.txt), and the mark of that direction.
 */
static const struct {
	unsigned long first, last;
} from_right[] = {
	{ 0x0590, 0x08FF }, { 0x200F, 0x200F }, { 0xFB1D, 0xFDFF },
	{ 0xFE70, 0xFEFE }, { 0x10800, 0x10FFF }, { 0x1E800, 0x1EFFF },
};

static bool
is_from_right(unsigned long code)
{
	size_t i;

	for (i = 0; i < sizeof(from_right) / sizeof(*from_right); i++) {
		if (code >= from_right[i].first && code <= from_right[i].last)
			return true;
	}
	return false;
}

/*
 * Whether CODE acts on what is behind the text that it is in: the separators of
 * lines and paragraphs (U+0085, U+2028, U+2029), embeddings and overrides (to
 * U+202E), isolates.
 */
static bool
is_control(unsigned long code)
{
	return code == 0x85 || (code >= 0x2028 && code <= 0x202E) ||
	    (code >= 0x2066 && code <= 0x2069);
}

/* The character at S, in *CODE, and its length; 1 and 0: a byte that is none. */
static size_t
next_code(const char *s, unsigned long *code)
{
	const unsigned char *c = (const unsigned char *)s;
	size_t n = mc_printable(s), i;

	*code = 0;
	if (c[0] == 0xC2 && c[1] == 0x85) {
		*code = 0x85;
		return 2;
	}
	if (n == 0)
		return 1;
	*code = n == 1 ? c[0] : c[0] & (0x7Fu >> n);
	for (i = 1; i < n; i++)
		*code = *code << 6 | (c[i] & 0x3F);
	return n;
}

/* Append NAME without its controls; returns whether it must be isolated. */
static bool
put_plain(const char *name, struct mc_buf *text)
{
	bool turns = false;
	unsigned long code;
	size_t n;

	mc_buf_puts(text, "");
	for (; *name != '\0'; name += n) {
		n = next_code(name, &code);
		turns = turns || is_from_right(code);
		if (is_control(code))
			mc_buf_puts(text, " ");
		else
			mc_buf_add(text, name, n);
	}
	return turns;
}

char *
mc_bidi_plain(const char *name)
{
	struct mc_buf text = { 0 };

	put_plain(name, &text);
	return text.data;
}

/* Append NAME, behind BEGIN where it must be isolated. */
static void
put(struct mc_buf *text, const char *begin, const char *name)
{
	struct mc_buf plain = { 0 };
	bool turns = put_plain(name, &plain);

	mc_buf_printf(text, "%s%s%s", turns ? begin : "", plain.data,
	    turns ? MC_ISOLATE_END : "");
	mc_buf_free(&plain);
}

void
mc_bidi_put(struct mc_buf *text, const char *name)
{
	put(text, MC_ISOLATE, name);
}

void
mc_bidi_put_file(struct mc_buf *text, const char *name)
{
	put(text, MC_ISOLATE_FILE, name);
}

char *
mc_bidi_isolate(const char *name)
{
	struct mc_buf text = { 0 };

	mc_bidi_put(&text, name);
	return text.data;
}

char *
mc_bidi_isolate_file(const char *name)
{
	struct mc_buf text = { 0 };

	mc_bidi_put_file(&text, name);
	return text.data;
}
