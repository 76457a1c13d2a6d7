/* transfer.c - one request, with libcurl. */
#include "config.h"

#include "fetch/transfer.h"

#ifdef HAVE_LIBCURL

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>

#include "base/mem.h"
#include "base/usage.h"
#include "fetch/content_range.h"

#define REDIRECTS 10L
#define POLL_MS 100		/* between two looks at the clock and at signals */

struct request {
	struct mc_transfer *t;
	struct mc_part *part;
	CURL *curl;
	struct curl_slist *headers;
	char text[CURL_ERROR_SIZE];
	double moved;		/* when the last byte came */
	bool judged, stalled;	/* judged: the status and headers */
	enum mc_status status;	/* of judging and writing */
	struct mc_err *err;
};

/* Refuse the reply for a reason that this side has found. */
static enum mc_status
refuse(struct request *r, bool again, const char *fmt, ...) MC_PRINTF(3, 4);

static enum mc_status
refuse(struct request *r, bool again, const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	text = mc_xvasprintf(fmt, ap);
	va_end(ap);
	mc_err_set(r->err, MC_EIO, "%s: %s", r->t->shown, text);
	free(text);
	r->t->again = again;
	return MC_EIO;
}

/* The value of a header of the last reply; NULL: it has none. */
static const char *
header(const struct request *r, const char *name)
{
	struct curl_header *h;

	return curl_easy_header(r->curl, name, 0, CURLH_HEADER, -1, &h) ==
	    CURLHE_OK ? h->value : NULL;
}

/* What a whole reply (FIRST 0) or a partial one says of the file's size. */
static enum mc_status
judge_size(struct request *r, int64_t total)
{
	if (r->t->bytes > 0 && total > 0 && total != r->t->bytes)
		return refuse(r, false, "the file there has %lld bytes, but "
		    "the published one %lld: give --from another source",
		    (long long)total, (long long)r->t->bytes);
	r->t->total = total;
	return MC_OK;
}

/* A reply with status 200: the whole file. */
static enum mc_status
judge_whole(struct request *r)
{
	curl_off_t length = -1;

	curl_easy_getinfo(r->curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
	if (mc_part_size(r->part) > 0 &&
	    mc_part_empty(r->part, r->err) != MC_OK)
		return r->err->status;
	return judge_size(r, length > 0 ? length : 0);
}

/* A reply with status 206: it must begin where the part ends. */
static enum mc_status
judge_range(struct request *r)
{
	int64_t first, total, size = mc_part_size(r->part);

	if (size > 0 && mc_content_range_parse(header(r, "Content-Range"),
	    &first, &total) && first == size && (r->t->total == 0 ||
	    total == 0 || total == r->t->total))
		return judge_size(r, total > 0 ? total : r->t->total);
	if (mc_part_empty(r->part, r->err) != MC_OK)
		return r->err->status;
	return refuse(r, size > 0, "the server answers with another range "
	    "than the one asked for");
}

/* A reply with any other status. */
static enum mc_status
judge_failure(struct request *r, long code)
{
	static const long passing[] = { 408, 425, 429, 500, 502, 503, 504 };
	size_t i;

	for (i = 0; i < sizeof(passing) / sizeof(passing[0]); i++) {
		if (code == passing[i])
			return refuse(r, true, "the server answers with "
			    "status %ld", code);
	}
	if (code == 416 && mc_part_size(r->part) > 0) {
		/* The part is longer than the file, or of another one. */
		if (mc_part_empty(r->part, r->err) != MC_OK)
			return r->err->status;
		return refuse(r, true, "the server does not have the bytes "
		    "that are missing");
	}
	if (code == 401 || code == 403 || code == 407)
		return refuse(r, false, "the server answers with status %ld: "
		    "download the file with a browser, logged in where that "
		    "is needed, and give --from FILE", code);
	return refuse(r, false, "the server answers with status %ld: give "
	    "--from another address, or a file", code);
}

/* Remember which version of the file this is. */
static void
keep_validator(struct request *r)
{
	const char *value = header(r, "ETag");

	if (value == NULL || strncmp(value, "W/", 2) == 0)
		value = header(r, "Last-Modified");
	free(r->t->validator);
	r->t->validator = value == NULL ? NULL : mc_xstrdup(value);
}

/* Look at the status and headers before the first byte is taken. */
static enum mc_status
judge(struct request *r)
{
	const char *type = header(r, "Content-Type");
	enum mc_status status;
	long code = 0;

	r->judged = true;
	curl_easy_getinfo(r->curl, CURLINFO_RESPONSE_CODE, &code);
	if ((code == 200 || code == 206) && type != NULL &&
	    strncasecmp(type, "text/html", 9) == 0)
		return refuse(r, false, "the server sends a web page, not the "
		    "file: open the address with a browser to see what it "
		    "asks for, and give --from FILE");
	if (code == 200)
		status = judge_whole(r);
	else if (code == 206)
		status = judge_range(r);
	else
		status = judge_failure(r, code);
	if (status == MC_OK) {
		r->t->reached = true;
		keep_validator(r);
	}
	return status;
}

/* Append N bytes of the reply. */
static enum mc_status
take(struct request *r, const char *bytes, size_t n)
{
	int64_t limit = r->t->total > 0 ? r->t->total : r->t->bytes;

	r->moved = mc_seconds();
	if (!r->judged && judge(r) != MC_OK)
		return r->err->status;
	if (limit > 0 && (int64_t)n > limit - mc_part_size(r->part))
		return refuse(r, false, "the server sends more than %lld "
		    "bytes: give --from another source", (long long)limit);
	return mc_part_add(r->part, bytes, n, r->err);
}

static size_t
on_body(char *bytes, size_t size, size_t n, void *arg)
{
	struct request *r = arg;

	r->status = take(r, bytes, size * n);
	/* Less than was given makes libcurl end the request. */
	return r->status == MC_OK ? size * n : 0;
}

static void
add_header(struct request *r, const char *name, const char *value)
{
	char *line = mc_xasprintf("%s: %s", name, value);

	r->headers = curl_slist_append(r->headers, line);
	free(line);
	if (r->headers == NULL)
		mc_out_of_memory();
}

/* Ask for the bytes behind those that are there, of the same version. */
static void
set_range(struct request *r)
{
	char *range = mc_xasprintf("%lld-",
	    (long long)mc_part_size(r->part));

	curl_easy_setopt(r->curl, CURLOPT_RANGE, range);
	free(range);
	if (r->t->validator != NULL)
		add_header(r, "If-Range", r->t->validator);
}

static void
set_options(struct request *r)
{
	const char *address = r->t->address;
	bool https = strncasecmp(address, "https:", 6) == 0;

	curl_easy_setopt(r->curl, CURLOPT_URL, address);
	curl_easy_setopt(r->curl, CURLOPT_USERAGENT, "mctools/"
	    PACKAGE_VERSION);
	curl_easy_setopt(r->curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(r->curl, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(r->curl, CURLOPT_MAXREDIRS, REDIRECTS);
	curl_easy_setopt(r->curl, CURLOPT_REDIR_PROTOCOLS_STR,
	    https ? "https" : "http,https");
	curl_easy_setopt(r->curl, CURLOPT_ERRORBUFFER, r->text);
	curl_easy_setopt(r->curl, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(r->curl, CURLOPT_WRITEDATA, r);
	if (mc_part_size(r->part) > 0)
		set_range(r);
	curl_easy_setopt(r->curl, CURLOPT_HTTPHEADER, r->headers);
}

/* Whether to go on waiting for bytes. */
static bool
go_on(struct request *r)
{
	struct mc_transfer *t = r->t;

	t->stopped = t->asked(mc_part_size(r->part), t->total > 0 ? t->total :
	    t->bytes, t->arg);
	r->stalled = mc_seconds() - r->moved > t->timeout;
	return !t->stopped && !r->stalled;
}

/* Run the request to its end, or to where it stalls or is stopped. */
static CURLcode
perform(struct request *r)
{
	CURLM *multi = curl_multi_init();
	CURLcode code = CURLE_RECV_ERROR;
	CURLMcode failed;
	int running = 1, left;
	CURLMsg *message;

	if (multi == NULL)
		mc_out_of_memory();
	r->moved = mc_seconds();
	failed = curl_multi_add_handle(multi, r->curl);
	while (failed == CURLM_OK && go_on(r)) {
		failed = curl_multi_perform(multi, &running);
		if (running == 0)
			break;
		if (failed == CURLM_OK)
			failed = curl_multi_poll(multi, NULL, 0, POLL_MS,
			    NULL);
	}
	message = curl_multi_info_read(multi, &left);
	if (message != NULL && message->msg == CURLMSG_DONE)
		code = message->data.result;
	curl_multi_remove_handle(multi, r->curl);
	curl_multi_cleanup(multi);
	return code;
}

/* Whether the connection broke, which another request may mend. */
static bool
is_broken(CURLcode code)
{
	return code == CURLE_PARTIAL_FILE || code == CURLE_GOT_NOTHING ||
	    code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR ||
	    code == CURLE_HTTP2 || code == CURLE_HTTP2_STREAM ||
	    code == CURLE_OPERATION_TIMEDOUT;
}

/* Say why libcurl has ended the request with CODE. */
static enum mc_status
explain(struct request *r, CURLcode code)
{
	const char *text = r->text[0] != '\0' ? r->text :
	    curl_easy_strerror(code);
	long answer = 0;

	if (code == CURLE_TOO_MANY_REDIRECTS)
		return refuse(r, false, "more than %ld redirects: give --from "
		    "another address, or a file", REDIRECTS);
	curl_easy_getinfo(r->curl, CURLINFO_RESPONSE_CODE, &answer);
	/* libcurl's code for a reply without a status (HTTP/0.9). */
	if (code == CURLE_UNSUPPORTED_PROTOCOL && answer == 0)
		return refuse(r, false, "the server does not answer in HTTP: "
		    "give --from another address, or a file");
	if (code == CURLE_UNSUPPORTED_PROTOCOL)
		return refuse(r, false, "redirects to what is not %s: give "
		    "--from another address, or a file", strncasecmp(
		    r->t->address, "https:", 6) == 0 ? "https" :
		    "http or https");
	if (is_broken(code))
		return refuse(r, true, "the connection broke (%s)", text);
	return refuse(r, r->t->reached, "%s: check the network and the proxy "
	    "variables, or give --from FILE", text);
}

/* Say how the request has ended. */
static enum mc_status
conclude(struct request *r, CURLcode code)
{
	int64_t size;

	if (r->t->stopped)
		return mc_err_set(r->err, MC_EIO, "interrupted");
	if (r->status != MC_OK)
		return r->status;
	if (r->stalled)
		return refuse(r, true, "nothing came for %g s",
		    r->t->timeout);
	if (code == CURLE_OK && !r->judged)
		r->status = judge(r);
	size = mc_part_size(r->part);
	if (r->status != MC_OK)
		return r->status;
	if ((code == CURLE_OK || code == CURLE_PARTIAL_FILE) &&
	    size < r->t->total)
		return refuse(r, true, "the connection ended after %lld of "
		    "%lld bytes", (long long)size, (long long)r->t->total);
	return code == CURLE_OK ? MC_OK : explain(r, code);
}

enum mc_status
mc_transfer(struct mc_transfer *t, struct mc_part *part, struct mc_err *err)
{
	struct request r = { .t = t, .part = part, .err = err };
	enum mc_status status;

	t->again = t->stopped = false;
	curl_global_init(CURL_GLOBAL_DEFAULT);
	r.curl = curl_easy_init();
	if (r.curl == NULL)
		mc_out_of_memory();
	set_options(&r);
	status = conclude(&r, perform(&r));
	curl_easy_cleanup(r.curl);
	curl_slist_free_all(r.headers);
	curl_global_cleanup();
	return status;
}

#else

enum mc_status
mc_transfer(struct mc_transfer *t, struct mc_part *part, struct mc_err *err)
{
	(void)part;
	t->again = t->stopped = false;
	return mc_err_set(err, MC_EUSAGE, "mctools was built without libcurl: "
	    "download %s with another program, and give --from FILE",
	    t->shown);
}

#endif
