/* child.c - run another program and keep what it writes. */
#include "config.h"

#include <sys/types.h>
#include <sys/wait.h>

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/out.h"
#include "report/child.h"

extern char **environ;

/* Its standard input, output and error. */
struct streams {
	FILE *f[3];
};

static enum mc_status
open_streams(struct streams *s, const struct mc_buf *input,
    struct mc_err *err)
{
	size_t i;

	for (i = 0; i < 3; i++) {
		if ((s->f[i] = mc_spool_open(err)) == NULL)
			return err->status;
	}
	if (input->len > 0)
		fwrite(input->data, 1, input->len, s->f[0]);
	return mc_spool_rewind(s->f[0], err);
}

static void
close_streams(struct streams *s)
{
	size_t i;

	for (i = 0; i < 3; i++) {
		if (s->f[i] != NULL)
			fclose(s->f[i]);
	}
}

/* Start the program; returns 0, or what is wrong as errno has it. */
static int
start(const struct streams *s, char *const *argv, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	int rc, i;

	if ((rc = posix_spawn_file_actions_init(&actions)) != 0)
		return rc;
	for (i = 0; i < 3 && rc == 0; i++)
		rc = posix_spawn_file_actions_adddup2(&actions,
		    fileno(s->f[i]), i);
	if (rc == 0)
		rc = posix_spawnp(pid, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return rc;
}

/* Append all that F holds, which the program has written. */
static enum mc_status
read_stream(FILE *f, const char *name, struct mc_buf *text,
    struct mc_err *err)
{
	size_t n;

	if (mc_spool_rewind(f, err) != MC_OK)
		return err->status;
	do {
		n = fread(mc_buf_room(text, 65536), 1, 65536, f);
		text->len += n;
	} while (n > 0);
	mc_buf_add(text, "", 0);	/* ends it with a NUL */
	return ferror(f) ? mc_err_errno(err, "%s: its output", name) : MC_OK;
}

static enum mc_status
run(const struct streams *s, char *const *argv, int *ended,
    struct mc_err *err)
{
	pid_t pid;
	int rc = start(s, argv, &pid);

	if (rc == ENOENT) {
		*ended = 127 << 8;
		return MC_OK;
	}
	if (rc != 0) {
		errno = rc;
		return mc_err_errno(err, "%s: cannot start it", argv[0]);
	}
	while (waitpid(pid, ended, 0) < 0) {
		if (errno != EINTR)
			return mc_err_errno(err, "%s: its end", argv[0]);
	}
	return MC_OK;
}

enum mc_status
mc_child_run(char *const *argv, const struct mc_buf *input,
    struct mc_buf *output, struct mc_buf *said, int *ended,
    struct mc_err *err)
{
	struct streams s = { { NULL, NULL, NULL } };
	enum mc_status status;

	if ((status = open_streams(&s, input, err)) == MC_OK)
		status = run(&s, argv, ended, err);
	if (status == MC_OK)
		status = read_stream(s.f[1], argv[0], output, err);
	if (status == MC_OK)
		status = read_stream(s.f[2], argv[0], said, err);
	close_streams(&s);
	return status;
}
