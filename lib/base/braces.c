/* braces.c - expand the braces of shard patterns. */
#include "config.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/braces.h"
#include "base/mem.h"
#include "base/num.h"

struct expansion {
	const char *pattern;
	char **name;
	size_t n, cap;
	struct mc_err *err;
};

static enum mc_status expand(struct expansion *x, const char *done,
    const char *rest);

/* Expand DONE, then the N bytes at ITEM, then REST. */
static enum mc_status
expand_item(struct expansion *x, const char *done, const char *item, size_t n,
    const char *rest)
{
	char *longer = mc_xasprintf("%s%.*s", done, (int)n, item);
	enum mc_status status = expand(x, longer, rest);

	free(longer);
	return status;
}

/* The whole number between START and END into *V; its length, or 0. */
static size_t
read_number(const char *start, const char *end, int64_t *v)
{
	size_t n = (size_t)(end - start);
	struct mc_err why;
	char *text;
	bool good;

	if (n == 0 || n > 18 || strspn(start, "0123456789") < n)
		return 0;
	text = mc_xstrndup(start, n);
	good = mc_parse_i64(text, 0, INT64_MAX, v, &why) == MC_OK;
	free(text);
	return good ? n : 0;
}

/* Expand the range from START to END, "1..3"; MC_END: it is none. */
static enum mc_status
expand_range(struct expansion *x, const char *done, const char *start,
    const char *end, const char *rest)
{
	const char *dots = strstr(start, "..");
	enum mc_status status = MC_OK;
	int64_t from, to, v;
	size_t n, m, width;
	char text[24];

	if (dots == NULL || dots >= end)
		return MC_END;
	n = read_number(start, dots, &from);
	m = read_number(dots + 2, end, &to);
	if (n == 0 || m == 0)
		return MC_END;
	width = (n > 1 && start[0] == '0') || (m > 1 && dots[2] == '0') ?
	    (n > m ? n : m) : 1;
	for (v = from; status == MC_OK; v += from < to ? 1 : -1) {
		snprintf(text, sizeof(text), "%0*lld", (int)width,
		    (long long)v);
		status = expand_item(x, done, text, strlen(text), rest);
		if (v == to)
			break;
	}
	return status;
}

/* Expand the list from START to END, "a,b"; MC_END: it is none. */
static enum mc_status
expand_list(struct expansion *x, const char *done, const char *start,
    const char *end, const char *rest)
{
	enum mc_status status = MC_OK;
	const char *comma;

	if (memchr(start, ',', (size_t)(end - start)) == NULL)
		return MC_END;
	while (status == MC_OK && start <= end) {
		comma = memchr(start, ',', (size_t)(end - start));
		if (comma == NULL)
			comma = end;
		status = expand_item(x, done, start, (size_t)(comma - start),
		    rest);
		start = comma + 1;
	}
	return status;
}

/* Add DONE with every expansion of REST behind it. */
static enum mc_status
expand(struct expansion *x, const char *done, const char *rest)
{
	const char *open = strchr(rest, '{');
	const char *close = open != NULL ? strchr(open, '}') : NULL;
	enum mc_status status;
	char *head;

	if (close == NULL) {
		if (x->n == MC_BRACES_MAX)
			return mc_err_set(x->err, MC_EDATA, "%s: stands for "
			    "more than %d names", x->pattern, MC_BRACES_MAX);
		x->name = mc_xgrow(x->name, x->n, &x->cap, sizeof(*x->name));
		x->name[x->n++] = mc_xasprintf("%s%s", done, rest);
		return MC_OK;
	}
	if (memchr(open + 1, '{', (size_t)(close - open - 1)) != NULL)
		return mc_err_set(x->err, MC_EDATA, "%s: braces within braces: "
		    "write them one behind the other, or have the shell expand "
		    "them", x->pattern);
	head = mc_xasprintf("%s%.*s", done, (int)(open - rest), rest);
	status = expand_list(x, head, open + 1, close, close + 1);
	if (status == MC_END)
		status = expand_range(x, head, open + 1, close, close + 1);
	if (status == MC_END)
		status = expand_item(x, head, open, (size_t)(close + 1 - open),
		    close + 1);
	free(head);
	return status;
}

enum mc_status
mc_braces_expand(const char *pattern, char ***names, size_t *n,
    struct mc_err *err)
{
	struct expansion x = { .pattern = pattern, .err = err };
	enum mc_status status = expand(&x, "", pattern);
	size_t i;

	if (status == MC_OK) {
		*names = x.name;
		*n = x.n;
		return MC_OK;
	}
	for (i = 0; i < x.n; i++)
		free(x.name[i]);
	free(x.name);
	*names = NULL;
	*n = 0;
	return status;
}
