"""compressing.py PORT PORT_OF_THE_PORTAL: stands where the front server does, and compresses as `.ci/nginx.conf` does.

For measuring pages of a demo, which has no front server.
"""

from __future__ import annotations

import gzip
import http.client
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COMPRESSED = ("text/html", "text/css", "image/svg+xml", "application/json")
OF_ONE_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}


class Compressing(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    portal: int

    def do_GET(self) -> None:
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        portal = http.client.HTTPConnection("127.0.0.1", self.portal, timeout=60)
        portal.request(self.command, self.path, sent or None, dict(self.headers))
        answer = portal.getresponse()
        body = answer.read()
        told = [pair for pair in answer.getheaders() if pair[0].lower() not in OF_ONE_HOP]
        is_plain = not answer.getheader("Content-Encoding") and "gzip" in self.headers.get(
            "Accept-Encoding", ""
        )
        if is_plain and body and answer.getheader("Content-Type", "").startswith(COMPRESSED):
            body = gzip.compress(body, 1)
            told.append(("Content-Encoding", "gzip"))
        self.send_response_only(answer.status)
        for name, value in (*told, ("Content-Length", str(len(body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body if self.command != "HEAD" else b"")
        portal.close()

    do_POST = do_HEAD = do_GET

    def log_message(self, *_words: object) -> None:
        pass


def in_front_of(portal: int, port: int = 0) -> ThreadingHTTPServer:
    """Not yet serving; its own port is `server_port`."""
    return ThreadingHTTPServer(("127.0.0.1", port), type("Here", (Compressing,), {"portal": portal}))


if __name__ == "__main__":
    in_front_of(int(sys.argv[2]), int(sys.argv[1])).serve_forever()
