"""One request: which outlet, what it answers, under which conditions and in which coding; faults as ordered."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any, cast

from tests.replica import coding
from tests.replica.answer import Answer
from tests.replica.faults import GATE, Fault
from tests.replica.site import Site

if TYPE_CHECKING:
    from tests.replica.server import Replica

LOOPBACK = ("127.0.0.1", "localhost")


class Connection(BaseHTTPRequestHandler):
    """Answers one connection's requests, one after another."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    @property
    def replica(self) -> Replica:
        """Give the replica that this request came to."""
        return cast("Replica", getattr(self.server, "replica"))  # noqa: B009 (the server's type is the library's)

    def do_GET(self) -> None:
        """Answer a GET."""
        self._serve()

    def do_HEAD(self) -> None:
        """Answer a HEAD."""
        self._serve()

    def do_POST(self) -> None:
        """Obey a command; outlets take no POST."""
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("utf-8", "replace")
        if self._host() in LOOPBACK:
            self._control(data.strip())
        else:
            self._send(Answer(status=405, type="text/plain"), {})

    def log_message(self, format: str, *args: Any) -> None:
        """Write nothing: the log is a list."""

    def _host(self) -> str:
        return (self.headers.get("Host") or "").rpartition(":")[0] or (self.headers.get("Host") or "")

    def _serve(self) -> None:
        host, now = self._host(), self.replica.clock.now()
        if host in LOOPBACK:
            self._control("")
            return
        site = self.replica.world.hosts.get(host)
        fault = self.replica.faults.meet(host, self.path)
        answer = self._wrong(fault) or self._right(site, host, now)
        if fault and fault.slow:
            time.sleep(fault.slow)
        if fault and fault.close:
            self._note(0)
            self.close_connection = True
            return
        self._reply(site, answer, fault)

    def _right(self, site: Site | None, host: str, now: datetime) -> Answer:
        if site is None:
            return Answer(status=421, body=b"no outlet of this name is played here\n", type="text/plain")
        if host != site.host or self.headers.get("X-Forwarded-Proto") == "http":
            return Answer(status=301, location=site.home + self.path)
        return self.replica.world.answer(site, self.path, now)

    def _wrong(self, fault: Fault | None) -> Answer | None:
        """Give the answer that a fault puts in the place of the right one."""
        if fault is None:
            return None
        if fault.gate:
            return Answer(body=GATE, type="text/html")
        if fault.redirect:
            return Answer(status=302, location=fault.redirect)
        if fault.status or fault.body is not None:
            body = (fault.body or "").encode()
            return Answer(status=fault.status or 200, body=body, type=fault.type or "text/html; charset=utf-8")
        return None

    def _reply(self, site: Site | None, answer: Answer, fault: Fault | None) -> None:
        """Send an answer under the request's conditions; it is in the log before the client has it."""
        headers = self._validators(site, answer)
        if fault and fault.retry_after:
            headers["Retry-After"] = fault.retry_after
        if answer.status == 200 and self._known(headers):
            answer = replace(answer, status=304, body=b"")
        if answer.location:
            headers["Location"] = answer.location
        offered = site.codings if site and len(answer.body) > 400 else ()
        chosen = coding.chosen(self.headers.get("Accept-Encoding", ""), offered)
        if chosen != "identity":
            headers["Content-Encoding"] = chosen
            answer = replace(answer, body=self.replica.encoded(answer.body, chosen))
        self._note(answer.status)
        self._send(answer, headers, fault, site=site)

    def _validators(self, site: Site | None, answer: Answer) -> dict[str, str]:
        headers = {"Vary": "Accept-Encoding"} if site else {}
        if site is None or answer.status != 200:
            return headers
        page = answer.type.startswith("text/html")
        if answer.tag and (site.tag or not page):
            headers["ETag"] = f'W/"{answer.tag}"' if site.tag == "page" else f'"{answer.tag}"'
        if answer.changed and (site.last_modified or not page):
            headers["Last-Modified"] = format_datetime(answer.changed.astimezone(UTC), usegmt=True)
        return headers

    def _known(self, headers: dict[str, str]) -> bool:
        """Tell whether the client has this answer already (RFC 9110 §13.2.2: ETags go before dates)."""
        asked = self.headers.get("If-None-Match")
        if asked is not None:
            tags = [tag.strip().removeprefix("W/") for tag in asked.split(",")]
            return "ETag" in headers and headers["ETag"].removeprefix("W/") in tags
        since = self.headers.get("If-Modified-Since")
        if since is None or "Last-Modified" not in headers:
            return False
        try:
            return parsedate_to_datetime(headers["Last-Modified"]) <= parsedate_to_datetime(since)
        except (ValueError, TypeError):
            return False

    def _send(
        self, answer: Answer, headers: dict[str, str], fault: Fault | None = None, *, site: Site | None = None
    ) -> None:
        body, length = _damaged(answer.body, fault)
        chunked = site is not None and site.chunked and len(body) == length and bool(body)
        self.send_response_only(answer.status)
        self.send_header("Server", "nginx")
        self.send_header("Date", format_datetime(self.replica.clock.now().replace(microsecond=0), usegmt=True))
        if answer.status != 304:
            self.send_header("Content-Type", answer.type)
            self.send_header(*(("Transfer-Encoding", "chunked") if chunked else ("Content-Length", str(length))))
        for cookie in site.cookies if site else ():
            self.send_header("Set-Cookie", cookie)
        for name, value in (headers | ((fault and fault.header) or {})).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD" and answer.status != 304:
            self._write(body, fault.drip if fault else 0, chunked=chunked)
        self.wfile.flush()
        self.close_connection = self.close_connection or len(body) != length

    def _write(self, body: bytes, drip: int, *, chunked: bool) -> None:
        """Write a body: in chunks, or slowly, so many bytes a second."""
        step = max(1, drip // 10) if drip else 40_000 if chunked else len(body) or 1
        for at in range(0, len(body), step):
            part = body[at : at + step]
            self.wfile.write(b"%x\r\n%b\r\n" % (len(part), part) if chunked else part)
            if drip:
                self.wfile.flush()
                time.sleep(0.1)
        if chunked:
            self.wfile.write(b"0\r\n\r\n")

    def _control(self, data: str) -> None:
        status, reply = self.replica.control(self.path, data)
        body = (json.dumps(reply, ensure_ascii=False) + "\n").encode()
        self._send(Answer(status=status, body=body, type="application/json"), {})

    def _note(self, status: int) -> None:
        entry = {
            "time": self.replica.clock.now().isoformat(),
            "host": self._host(),
            "path": self.path,
            "status": status,
        }
        entry |= {"method": self.command, "user_agent": self.headers.get("User-Agent", "")}
        entry["cookie"] = self.headers.get("Cookie", "")
        entry["conditional"] = bool(self.headers.get("If-None-Match") or self.headers.get("If-Modified-Since"))
        self.replica.log.append(entry)


def _damaged(body: bytes, fault: Fault | None) -> tuple[bytes, int]:
    """Give the bytes to send and the length to announce."""
    if fault and fault.corrupt and body:
        middle = len(body) // 2
        body = body[:middle] + bytes([body[middle] ^ 0x10]) + body[middle + 1 :]
    if fault and fault.truncate is not None:
        body = body[: int(len(body) * fault.truncate)]
    length = len(body)
    if fault and fault.short is not None:
        body = body[: int(length * fault.short)]
    return body, length
