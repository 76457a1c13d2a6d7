/* roles.c - check which files the command line names as inputs and outputs. */
#include "config.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/place.h"
#include "roles.h"

#define OUTPUTS 8		/* more than any program has */

/* A file that the command line names, and in which role. */
struct role {
	const char *option;	/* NULL: an operand */
	const char *path;	/* NULL: standard input or output */
	struct mc_place place;
};

static struct role outputs[OUTPUTS];
static size_t n_outputs;

static void
find_role(struct role *role, const char *option, const char *path, int standard)
{
	role->option = option;
	role->path = path;
	if (path == NULL || strcmp(path, "-") == 0) {
		role->path = NULL;
		mc_place_of_descriptor(&role->place, standard);
	} else {
		mc_place_find(&role->place, path);
	}
}

/* What ROLE is called in a message, to be freed. */
static char *
name_role(const struct role *role, const char *standard)
{
	if (role->path == NULL)
		return mc_xstrdup(standard);
	return role->option == NULL ? mc_xstrdup(role->path) :
	    mc_xasprintf("--%s %s", role->option, role->path);
}

/* Set ERR to the names of A and B, which are one file, and SAYING. */
static enum mc_status
refuse(const struct role *a, const struct role *b, const char *standard_b,
    const char *saying, struct mc_err *err)
{
	char *name_a = name_role(a, "standard output");
	char *name_b = name_role(b, standard_b);

	mc_err_set(err, MC_EUSAGE, "%s and %s are the same file: %s", name_a,
	    name_b, saying);
	free(name_a);
	free(name_b);
	return MC_EUSAGE;
}

static enum mc_status
check_input(const struct role *input, struct mc_err *err)
{
	size_t i;

	for (i = 0; i < n_outputs; i++) {
		if (mc_place_same(&input->place, &outputs[i].place))
			return refuse(&outputs[i], input, "standard input",
			    "the output would overwrite the input", err);
	}
	return MC_OK;
}

/* Check that OUTPUT is the file of no other, and remember it. */
static enum mc_status
add_output(const struct role *output, struct mc_err *err)
{
	size_t i;

	for (i = 0; i < n_outputs; i++) {
		if (output->path == NULL && outputs[i].path == NULL)
			return mc_err_set(err, MC_EUSAGE, "--%s and --%s cannot "
			    "both go to standard output", outputs[i].option,
			    output->option);
		if (mc_place_same(&output->place, &outputs[i].place))
			return refuse(&outputs[i], output, "standard output",
			    "each output needs its own", err);
	}
	outputs[n_outputs++] = *output;
	return MC_OK;
}

/* Check that no two of the N INPUTS of one option, or operands, are one file. */
static enum mc_status
check_once(const struct role *inputs, size_t n, struct mc_err *err)
{
	size_t i, k;

	for (i = 1; i < n; i++) {
		for (k = 0; k < i; k++) {
			const struct role *a = &inputs[k], *b = &inputs[i];

			if (!mc_place_same(&a->place, &b->place) &&
			    (a->path != NULL || b->path != NULL))
				continue;
			return mc_err_set(err, MC_EUSAGE, "%s%s%s%s is given "
			    "twice: give each input once",
			    b->option != NULL ? "--" : "",
			    b->option != NULL ? b->option : "",
			    b->option != NULL ? ": " : "",
			    b->path != NULL ? b->path : "standard input");
		}
	}
	return MC_OK;
}

enum mc_status
roles_read(const char *path, struct mc_err *err)
{
	struct role input;
	enum mc_status status;

	find_role(&input, NULL, path, STDIN_FILENO);
	status = check_input(&input, err);
	mc_place_clear(&input.place);
	return status;
}

enum mc_status
roles_read_once(const char *option, const char *const *paths, size_t n,
    struct mc_err *err)
{
	struct role *inputs = mc_xcalloc(n + 1, sizeof(*inputs));
	enum mc_status status = MC_OK;
	size_t found = 0;

	while (found < n && status == MC_OK) {
		const char *path = paths[found];

		if (*path == '\0') {
			status = mc_err_set(err, MC_EUSAGE, "%s%s%sthe name of "
			    "a file cannot be empty", option != NULL ? "--" :
			    "", option != NULL ? option : "", option != NULL ?
			    ": " : "");
			break;
		}
		find_role(&inputs[found], option, path, STDIN_FILENO);
		status = check_input(&inputs[found++], err);
	}
	if (status == MC_OK)
		status = check_once(inputs, n, err);
	while (found > 0)
		mc_place_clear(&inputs[--found].place);
	free(inputs);
	return status;
}

/* The argument of OPT as it has been stored in OPTS. */
static const char *
argument(const struct mc_opt *opt, const void *opts)
{
	const char *path;

	memcpy(&path, (const char *)opts + opt->offset, sizeof(path));
	return path;
}

/* Check the files that OPT, a kind of input, names; it may have words also. */
static enum mc_status
check_option(const struct mc_opt *opt, const void *opts, struct mc_err *err)
{
	const char *one[] = { NULL, NULL };
	const char *const *path = one;
	const char **files = NULL;
	size_t n = 0, cap = 0;
	enum mc_status status;

	if (opt->kind == MC_INPUTS)
		memcpy(&path, (const char *)opts + opt->offset, sizeof(path));
	else
		one[0] = argument(opt, opts);
	for (; path != NULL && *path != NULL; path++) {
		if (mc_opt_choice(opt->choices, *path) != MC_NOT_GIVEN)
			continue;
		files = mc_xgrow(files, n, &cap, sizeof(*files));
		files[n++] = *path;
	}
	status = roles_read_once(opt->name, files, n, err);
	free(files);
	return status;
}

/* Remember the outputs of PROG, standard output being one where none is named. */
static enum mc_status
add_outputs(const struct mc_prog *prog, const void *opts, struct mc_err *err)
{
	const struct mc_opt *opt;
	enum mc_status status = MC_OK;
	struct role role;
	size_t i;

	for (i = 0; status == MC_OK && (opt = mc_opt_at(prog, i)) != NULL;
	    i++) {
		const char *path = opt->kind == MC_OUTPUT ?
		    argument(opt, opts) : NULL;

		if (path == NULL && (opt->kind != MC_OUTPUT ||
		    opt->offset != offsetof(struct mc_common, output)))
			continue;
		find_role(&role, opt->name, path, STDOUT_FILENO);
		status = add_output(&role, err);
	}
	return status;
}

enum mc_status
roles_check(const struct mc_prog *prog, char **operands, const void *opts,
    struct mc_err *err)
{
	enum mc_status status = add_outputs(prog, opts, err);
	const struct mc_opt *opt;
	size_t i, n = 0;

	for (i = 0; status == MC_OK && (opt = mc_opt_at(prog, i)) != NULL;
	    i++) {
		if (opt->kind == MC_INPUT || opt->kind == MC_INPUTS)
			status = check_option(opt, opts, err);
	}
	if (status == MC_OK && *operands == NULL && mc_opt_reads_stdin(prog))
		status = roles_read("-", err);
	while (operands[n] != NULL)
		n++;
	return status != MC_OK ? status : roles_read_once(NULL,
	    (const char *const *)operands, n, err);
}
