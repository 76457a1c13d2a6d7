/* identity.c - see whether two trainings are the same. */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "learn/identity.h"

#define MAX_VALUE 256

/* A line, of which the first KEY bytes are the key; N is 0 behind the last. */
struct line {
	const char *text;
	int n, key;
};

/* The line of TEXT that begins at AT. */
static struct line
line_at(const struct mc_buf *text, size_t at)
{
	struct line l = { .text = "" };
	const char *end;

	if (at >= text->len)
		return l;
	l.text = text->data + at;
	end = memchr(l.text, '\n', text->len - at);
	l.n = (int)(end != NULL ? end - l.text : (long)(text->len - at));
	end = l.n > 0 ? memchr(l.text, '\t', (size_t)l.n) : NULL;
	l.key = end != NULL ? (int)(end - l.text) : l.n;
	return l;
}

static bool
same_key(const struct line *a, const struct line *b)
{
	return a->key == b->key && memcmp(a->text, b->text,
	    (size_t)a->key) == 0;
}

static bool
same_line(const struct line *a, const struct line *b)
{
	return a->n == b->n && memcmp(a->text, b->text, (size_t)a->n) == 0;
}

/* Whether a line of TEXT from AT on has the key of WANTED. */
static bool
has_key(const struct mc_buf *text, size_t at, const struct line *wanted)
{
	struct line l;

	for (; at < text->len; at += (size_t)l.n + 1) {
		l = line_at(text, at);
		if (same_key(&l, wanted))
			return true;
	}
	return false;
}

/* Write the value of L to TEXT; "none" where there is no such line. */
static const char *
value_of(char text[MAX_VALUE], const struct line *l)
{
	if (l == NULL || l->n <= l->key)
		return "none";
	if (l->n == l->key + 1)
		return "\"\"";
	snprintf(text, MAX_VALUE, "%.*s", l->n - l->key - 1,
	    l->text + l->key + 1);
	return text;
}

/* Say how the lines OURS and THEIRS differ; NULL: there is no such line. */
static bool
say(const struct line *ours, const struct line *theirs, struct mc_buf *what)
{
	const struct line *named = ours != NULL ? ours : theirs;
	char was[MAX_VALUE], is[MAX_VALUE];

	mc_buf_printf(what, "%.*s is %s, not %s", named->key, named->text,
	    value_of(was, theirs), value_of(is, ours));
	return true;
}

bool
mc_identity_differs(const struct mc_buf *ours, const struct mc_buf *theirs,
    struct mc_buf *what)
{
	struct line a, b;
	size_t at;

	/* The texts are equal up to AT. */
	for (at = 0; at < ours->len || at < theirs->len; at += (size_t)a.n + 1) {
		a = line_at(ours, at);
		b = line_at(theirs, at);
		if (same_line(&a, &b))
			continue;
		if (same_key(&a, &b))
			return say(&a, &b, what);
		/* A key that only one of them has is what differs. */
		return a.n > 0 && !has_key(theirs, at, &a) ?
		    say(&a, NULL, what) : say(NULL, &b, what);
	}
	return false;
}

enum mc_status
mc_identity_check(const struct mc_buf *ours, const struct mc_buf *theirs,
    const char *path, struct mc_err *err)
{
	struct mc_buf what = { 0 };
	enum mc_status status = MC_OK;

	if (mc_identity_differs(ours, theirs, &what))
		status = mc_err_set(err, MC_EDATA, "%s: the checkpoint of "
		    "another training, whose %s: give the same options and "
		    "images as before, or delete it", path, what.data);
	mc_buf_free(&what);
	return status;
}
