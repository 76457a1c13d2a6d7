/* end_member.c - write and check __end__, the last member of a tar. */
#include "config.h"

#include <string.h>

#include "stream/end_member.h"

/* Room for the ids of a hundred million images that were skipped. */
#define MAX_END ((size_t)1 << 30)

enum mc_status
mc_end_write(struct mc_tar_writer *w, struct mc_keyvalue *end,
    const char *format, struct mc_sha256 *digest, struct mc_err *err)
{
	struct mc_buf text = { 0 };
	char hex[MC_SHA256_HEX];
	enum mc_status status;

	mc_sha256_hex(digest, hex);
	mc_keyvalue_add(end, "format", "%s", format);
	mc_keyvalue_add(end, "sha256", "%s", hex);
	mc_keyvalue_print(end, &text);
	status = mc_tar_add(w, MC_END_MEMBER, text.data, text.len, NULL, err);
	mc_buf_free(&text);
	return status;
}

enum mc_status
mc_end_read(struct mc_tar_reader *r, struct mc_keyvalue **end,
    struct mc_err *err)
{
	static const char *const repeats[] = { "skipped", NULL };
	struct mc_buf bytes = { 0 };
	enum mc_status status = mc_tar_read(r, MAX_END, &bytes, err);
	const char *member;

	*end = NULL;
	if (status == MC_OK)
		status = mc_keyvalue_read(end, bytes.data, bytes.len,
		    mc_tar_name(r), MC_END_MEMBER, repeats, err);
	if (status == MC_OK)
		status = mc_tar_next(r, &member, err);
	if (status == MC_OK)
		status = mc_err_set(err, MC_EDATA, "%s: member \"%s\" after "
		    MC_END_MEMBER, mc_tar_name(r), member);
	if (status != MC_END) {
		mc_keyvalue_free(*end);
		*end = NULL;
	}
	mc_buf_free(&bytes);
	return status == MC_END ? MC_OK : status;
}

bool
mc_end_says(const struct mc_keyvalue *end, const char *key, const char *value)
{
	const char *found = mc_keyvalue_get(end, key, 0);

	return found != NULL && strcmp(found, value) == 0;
}

enum mc_status
mc_end_check(const struct mc_tar_reader *r, const struct mc_keyvalue *end,
    struct mc_sha256 *digest, struct mc_err *err)
{
	char hex[MC_SHA256_HEX];

	mc_sha256_hex(digest, hex);
	return mc_end_says(end, "sha256", hex) ? MC_OK : mc_err_set(err,
	    MC_EDATA, "%s: damaged: its content does not match the digest at "
	    "its end", mc_tar_name(r));
}

enum mc_status
mc_end_missing(const struct mc_tar_reader *r, struct mc_err *err)
{
	return mc_err_set(err, MC_EDATA, "%s: ends without its " MC_END_MEMBER
	    " member: was it cut?", mc_tar_name(r));
}
