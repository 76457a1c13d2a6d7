/* store.c - keep items of bytes, of which many take no memory. */
#include "config.h"

#include <sys/mman.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/out.h"
#include "base/store.h"

#define CHUNK ((size_t)64 << 20)
#define LEAST 4096		/* of the first chunk, which grows */
#define ALIGN 4

struct chunk {
	char *data;
	size_t mapped;		/* bytes of a mapping; 0: it is allocated */
};

struct mc_store {
	struct chunk *chunk;
	size_t n, cap;		/* chunks; the last one is being filled */
	size_t len, room;	/* bytes in that one, and allocated */
	FILE *spool;		/* NULL: there is none yet */
	off_t end;		/* of what was written to it */
	bool stays;		/* chunks stay in memory */
};

struct mc_store *
mc_store_alloc(void)
{
	return mc_xcalloc(1, sizeof(struct mc_store));
}

void
mc_store_free(struct mc_store *s)
{
	size_t i;

	if (s == NULL)
		return;
	for (i = 0; i < s->n; i++) {
		if (s->chunk[i].mapped > 0)
			munmap(s->chunk[i].data, s->chunk[i].mapped);
		else
			free(s->chunk[i].data);
	}
	if (s->spool != NULL)
		fclose(s->spool);
	free(s->chunk);
	free(s);
}

/* Write N BYTES at the end of the file; whether that was possible. */
static bool
write_all(struct mc_store *s, const char *bytes, size_t n)
{
	size_t done = 0;
	ssize_t more;

	while (done < n) {
		more = pwrite(fileno(s->spool), bytes + done, n - done,
		    s->end + (off_t)done);
		if (more <= 0)
			return false;
		done += (size_t)more;
	}
	return true;
}

/*
 * Move the last chunk, which is full, to the file.  Returns its memory, which is
 * free for the next one; NULL: it stays.
 */
static char *
settle(struct mc_store *s)
{
	struct chunk *c = &s->chunk[s->n - 1];
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct mc_err unsaid;
	void *map = MAP_FAILED;
	char *memory;

	if (s->spool == NULL && !s->stays)
		s->spool = mc_spool_open(&unsaid);
	if (s->spool != NULL && !s->stays && write_all(s, c->data, s->len))
		map = mmap(NULL, s->len, PROT_READ | PROT_WRITE, MAP_SHARED,
		    fileno(s->spool), s->end);
	if (map == MAP_FAILED) {
		s->stays = true;
		return NULL;
	}
	s->end += (off_t)((s->len + page - 1) / page * page);
	memory = c->data;
	*c = (struct chunk){ map, s->len };
	return memory;
}

/* Begin a chunk, behind the one that is full, if there is one. */
static void
begin_chunk(struct mc_store *s)
{
	char *memory = s->n > 0 ? settle(s) : NULL;

	if (memory == NULL)
		s->room = 0;
	s->chunk = mc_xgrow(s->chunk, s->n, &s->cap, sizeof(*s->chunk));
	s->chunk[s->n++] = (struct chunk){ memory, 0 };
	s->len = 0;
}

/* Let N more bytes have room in the last chunk. */
static void
make_room(struct mc_store *s, size_t n)
{
	struct chunk *c = &s->chunk[s->n - 1];
	size_t room = s->room > 0 ? s->room : LEAST;

	while (room < s->len + n)
		room *= 2;
	if (room == s->room)
		return;
	c->data = mc_xreallocarray(c->data, room, 1);
	s->room = room;
}

uint64_t
mc_store_add(struct mc_store *s, const void *bytes, size_t n)
{
	size_t all = (n + ALIGN - 1) / ALIGN * ALIGN;
	uint64_t place;

	if (s->n == 0 || (s->len > 0 && s->len + all > CHUNK))
		begin_chunk(s);
	make_room(s, all);
	place = (uint64_t)(s->n - 1) << 32 | s->len;
	memcpy(s->chunk[s->n - 1].data + s->len, bytes, n);
	s->len += all;
	return place;
}

void *
mc_store_at(const struct mc_store *s, uint64_t place)
{
	return s->chunk[place >> 32].data + (uint32_t)place;
}
