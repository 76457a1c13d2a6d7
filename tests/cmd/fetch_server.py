"""A server of one file that does what its address says, well or badly.

usage: fetch_server.py FILE OTHER LOG PORT

FILE is served under any name: http://127.0.0.1:N/KIND/NAME, where KIND is a
key of KINDS.  OTHER is another version of it.  Each request adds a line to LOG.
The number of the port is written to PORT when the server is ready.
"""

import http.server
import os
import sys

content = open(sys.argv[1], "rb").read()
other = open(sys.argv[2], "rb").read()
half = len(content) // 2
seen = {}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def reply(self, code, body=b"", length=None, **headers):
        """Send BODY, and end the connection where it is not LENGTH bytes."""
        length = len(body) if length is None else length
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(length))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
        self.close_connection = True

    def start(self):
        """The first byte that is asked for."""
        asked = self.headers.get("Range")
        return int(asked[len("bytes="):-1]) if asked else 0

    def good(self, whole=content, tag='"one"', **headers):
        """A server as it should be."""
        at = self.start()
        if tag:
            headers["ETag"] = tag
        if at == 0 or self.headers.get("If-Range", tag) != tag:
            return self.reply(200, whole, **headers)
        if at >= len(whole):
            return self.reply(416)
        self.reply(206, whole[at:], Content_Range="bytes %d-%d/%d" % (
            at, len(whole) - 1, len(whole)), **headers)

    def once(self, first, then):
        """FIRST for the first request of an address, THEN for the others."""
        n = seen[self.path] = seen.get(self.path, 0) + 1
        return first() if n == 1 else then()

    def cut(self, tag='"one"'):
        headers = {"ETag": tag} if tag else {}
        self.reply(200, content[:half], len(content), **headers)

    def drip(self):
        """A fifth more with each request."""
        at, fifth = self.start(), len(content) // 5
        part = content[at:at + fifth]
        if at == 0:
            return self.reply(200, part, len(content), ETag='"one"')
        self.reply(206, part, len(content) - at, Content_Range=
                   "bytes %d-%d/%d" % (at, len(content) - 1, len(content)),
                   ETag='"one"')

    def hang_up(self):
        """No reply at all."""
        self.close_connection = True

    def stall(self):
        """Half of it, then nothing until the other side has gone."""
        self.send_response(200)
        self.send_header("ETag", '"one"')
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[:half])
        self.wfile.flush()
        self.close_connection = True
        self.rfile.read(1)

    def wrong_range(self):
        """206, but from the first byte on."""
        if self.start() == 0:
            return self.reply(200, content)
        self.reply(206, content, Content_Range="bytes 0-%d/%d" % (
            len(content) - 1, len(content)))

    def starry(self):
        """A rest of a file whose size is not told."""
        at = self.start()
        if at == 0:
            return self.cut()
        self.reply(206, content[at:], ETag='"one"', Content_Range=
                   "bytes %d-%d/*" % (at, len(content) - 1))

    def no_http(self):
        """The greeting of another protocol."""
        self.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n")
        self.close_connection = True

    def private(self):
        """The file for user "me" with password "g@heim"."""
        said = self.headers.get("Authorization")
        if said != "Basic bWU6Z0BoZWlt":
            return self.reply(401, b"who")
        self.good()

    def no_range(self):
        """416 to what asks for a range."""
        self.reply(416) if self.start() > 0 else self.reply(200, content)

    def redirect(self, to):
        self.reply(302, b"gone", Location=to)

    def page(self, kind):
        self.reply(200, b"<!DOCTYPE html><title>Log in</title>",
                   Content_Type=kind)

    def chunks(self):
        """All of it, and no word of how much it is."""
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(content), content))

    KINDS = {
        "good": good,
        "plain": lambda s: s.reply(200, content),
        "chunks": chunks,
        "cut": lambda s: s.once(s.cut, s.good),
        "untagged": lambda s: s.once(lambda: s.cut(None),
                                     lambda: s.good(tag=None)),
        "always-cut": cut,
        "weak": lambda s: s.once(lambda: s.cut('W/"one"'), s.good),
        "drip": drip,
        "hang-up": lambda s: s.once(s.hang_up, s.good),
        "hurry": lambda s: s.once(lambda: s.reply(429, b"slowly"), s.good),
        "changed": lambda s: s.once(lambda: s.cut('"zero"'), s.good),
        "mixed": lambda s: s.once(s.cut, lambda: s.good(other)),
        "wrong-range": lambda s: s.once(s.cut, s.wrong_range),
        "unasked-range": lambda s: s.reply(
            206, content[10:], Content_Range="bytes 10-%d/%d" % (
                len(content) - 1, len(content))),
        "starry": starry,
        "no-http": no_http,
        "private": private,
        "no-range": lambda s: s.once(s.cut, s.no_range),
        "stall": lambda s: s.once(s.stall, s.good),
        "always-stall": stall,
        "too-long": lambda s: s.reply(200, content + b"more"),
        "too-short": lambda s: s.reply(200, content, len(content) - 1),
        "other": lambda s: s.reply(200, other),
        "empty": lambda s: s.reply(200),
        "moved": lambda s: s.redirect(s.path.replace("moved", "good")),
        "loop": lambda s: s.redirect(s.path),
        "to-file": lambda s: s.redirect("file:///etc/passwd"),
        "401": lambda s: s.reply(401, b"who"),
        "403": lambda s: s.reply(403, b"no"),
        "404": lambda s: s.reply(404, b"<!DOCTYPE html>none",
                                 Content_Type="text/html"),
        "416": lambda s: s.reply(416),
        "500": lambda s: s.reply(500, b"oops"),
        "busy": lambda s: s.once(lambda: s.reply(503, b"later"), s.good),
        "page": lambda s: s.page("text/html; charset=utf-8"),
        "odd-page": lambda s: s.page("application/octet-stream"),
    }

    def do_GET(self):
        with open(sys.argv[3], "a") as log:
            log.write("%s range=%s if-range=%s\n" % (
                self.path, self.headers.get("Range", ""),
                self.headers.get("If-Range", "")))
        path = self.path.replace("http://weights.invalid", "/good")
        kind = path.strip("/").split("/")[0]
        self.KINDS.get(kind, lambda s: s.reply(404))(self)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
with open(sys.argv[4] + ".new", "w") as port:
    port.write("%d\n" % server.server_port)
os.rename(sys.argv[4] + ".new", sys.argv[4])
server.serve_forever()
