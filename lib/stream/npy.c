/* npy.c - write and read the header of a NumPy file. */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "stream/npy.h"

#define MAX_LENGTH ((int64_t)1 << 40)

static const unsigned char magic[] = { 0x93, 'N', 'U', 'M', 'P', 'Y' };

void
mc_npy_header(unsigned char header[MC_NPY_HEADER], int64_t rows, int64_t dim)
{
	char *text = (char *)header + MC_NPY_START;
	size_t length = MC_NPY_HEADER - MC_NPY_START;
	int n;

	memcpy(header, magic, sizeof(magic));
	header[6] = 1;
	header[7] = 0;
	header[8] = (unsigned char)length;
	header[9] = 0;
	n = snprintf(text, length, "{'descr': '<f4', 'fortran_order': False, "
	    "'shape': (%lld, %lld), }", (long long)rows, (long long)dim);
	memset(text + n, ' ', length - (size_t)n);
	text[length - 1] = '\n';
}

enum mc_status
mc_npy_start(const unsigned char start[MC_NPY_START], size_t *before,
    size_t *length, struct mc_err *err)
{
	if (memcmp(start, magic, sizeof(magic)) != 0)
		return mc_err_set(err, MC_EDATA, "not a NumPy file");
	if (start[6] < 1 || start[6] > 3 || start[7] != 0)
		return mc_err_set(err, MC_EDATA, "NumPy format %d.%d, not 1.0, "
		    "2.0 or 3.0: numpy.lib.format.write_array(f, x, (1, 0))",
		    start[6], start[7]);
	/*
	 * The upper half of a length in 32 bits is passed over: a text of 64
	 * kB leaves a file of another size than its shape says.
	 */
	*before = start[6] == 1 ? 0 : 2;
	*length = *before + start[8] + 256U * start[9];
	return MC_OK;
}

static const char *
skip_blanks(const char *p)
{
	while (*p == ' ')
		p++;
	return p;
}

/* The value of KEY, quoted as Python does, in the dictionary; "": none. */
static const char *
value_of(const char *text, const char *key)
{
	const char *p = strstr(text, key);

	p = skip_blanks(p != NULL ? p + strlen(key) : "");
	return *p == ':' ? skip_blanks(p + 1) : "";
}

/* Read a length and the C behind it; returns what follows, or NULL. */
static const char *
read_length(const char *p, char c, int64_t *length)
{
	const char *first = p = skip_blanks(p);

	for (*length = 0; *p >= '0' && *p <= '9' && *length < MAX_LENGTH; p++)
		*length = 10 * *length + (*p - '0');
	if (p == first || *length > MAX_LENGTH)
		return NULL;
	p = skip_blanks(p);
	return *p == c ? p + 1 : NULL;
}

static bool
begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

enum mc_status
mc_npy_shape(const char *text, int64_t *rows, int64_t *dim,
    struct mc_err *err)
{
	const char *shape = value_of(text, "'shape'");

	if (begins(value_of(text, "'descr'"), "'<f4'") &&
	    begins(value_of(text, "'fortran_order'"), "False") &&
	    *shape == '(' &&
	    (shape = read_length(shape + 1, ',', rows)) != NULL &&
	    read_length(shape, ')', dim) != NULL && *dim > 0)
		return MC_OK;
	return mc_err_set(err, MC_EDATA, "%.*s: not float32 in C order with one "
	    "row per image: numpy.ascontiguousarray(x, \"<f4\")",
	    (int)strcspn(text, "}") + 1, text);
}
