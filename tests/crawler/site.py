"""A small site on loopback with a page for each way a server can misbehave; it plays whatever host it is asked for."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

PAGE = b"<!doctype html><html><title>Tin</title><body>" + b"<p>Mot doan tin tuc.</p>" * 200 + b"</body></html>"


class Answer(BaseHTTPRequestHandler):
    """Answers by path; every request is kept in `site.log` as (host, path, headers)."""

    protocol_version = "HTTP/1.1"
    server: Site

    def do_HEAD(self) -> None:
        self.give(200, b"")

    def do_GET(self) -> None:
        host = self.headers["Host"]
        self.server.log.append((time.monotonic(), host, self.path, dict(self.headers)))
        special = self.server.special.get((host, self.path)) or self.server.special.get(("", self.path))
        if special:
            special(self)
        elif self.path == "/robots.txt":
            self.give(404, b"none")
        else:
            self.give(200, PAGE)

    def give(self, status: int, body: bytes, *, declared: int | None = None, **headers: str) -> None:
        self.send_response_only(status)
        self.send_header("Date", self.date_time_string(1_795_000_000))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body) if declared is None else declared))
        self.end_headers()
        self.wfile.write(body)
        if declared is not None and declared != len(body):
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        pass


class Site(ThreadingHTTPServer):
    """The server; `special` maps (host or "", path) to what answers there."""

    daemon_threads = True
    special: ClassVar[dict[tuple[str, str], Callable[[Answer], None]]] = {}

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.log: list[tuple[float, str, str, dict[str, str]]] = []
        self.special = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def paths(self, host: str) -> list[str]:
        return [path for _, asked, path, _ in self.log if asked == host]

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients hang up here by design."""


@contextmanager
def running() -> Iterator[Site]:
    site = Site()
    thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield site
    finally:
        site.shutdown()
        thread.join()
        site.server_close()


def reset(answer: Answer) -> None:
    """Cut the connection without an answer."""
    answer.connection.shutdown(socket.SHUT_RDWR)
    answer.close_connection = True


def slow(seconds: float) -> Callable[[Answer], None]:
    def wait(answer: Answer) -> None:
        time.sleep(seconds)
        answer.give(200, PAGE)

    return wait


def status(number: int, body: bytes = b"x", **headers: str) -> Callable[[Answer], None]:
    return lambda answer: answer.give(number, body, **headers)


def cut_gzip(answer: Answer) -> None:
    whole = gzip.compress(PAGE * 50)
    answer.give(200, whole[: len(whole) // 2], Content_Encoding="gzip", Content_Type="text/html")
