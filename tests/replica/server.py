"""The replica: one real HTTP/1.1 server on loopback that plays all the outlets by Host.

with Replica(time=...) as replica:
    replica.clock.advance("3h")
    replica.fault(host="laodong.vn", path="/robots.txt", status=503, count=2)
    ... replica.url, replica.log
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache
from http.server import ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.replica import coding, saved
from tests.replica.clock import Clock, read_time
from tests.replica.connection import Connection
from tests.replica.faults import Fault, Faults
from tests.replica.stories import Story, load
from tests.replica.world import World

START = read_time("2026-11-20T08:00:00+07:00")


class Replica:
    """The outlets on loopback, from `with` to its end. `log` grows by one entry for each request."""

    def __init__(
        self,
        stories: Iterable[Story] | None = None,
        time: datetime = START,
        pages: Path | None = None,
        *,
        port: int = 0,
        rate: float = 0.0,
    ) -> None:
        self.clock = Clock(time, rate=rate)
        self.world = World(load() if stories is None else stories, saved.load(pages) if pages else {})
        self.log: list[dict[str, Any]] = []
        self.faults = Faults()
        self.encoded = lru_cache(maxsize=512)(coding.encoded)
        self._server = _Server(("127.0.0.1", port), self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        """Give the address that `--via` wants."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def fault(self, **rule: Any) -> Fault:
        """Order a fault; the fields are those of `Fault`."""
        return self.faults.add(Fault(**rule))

    def control(self, path: str, data: str) -> tuple[int, Any]:
        """Obey a command posted to `/__replica__/…`; give status and reply."""
        commands: dict[str, Callable[[], Any]] = {
            "/__replica__/clock": lambda: {"now": (self.clock.command(data) if data else self.clock.now()).isoformat()},
            "/__replica__/log": lambda: self.log,
            "/__replica__/fault": lambda: {"rules": self.faults.command(json.loads(data))},
        }
        if path not in commands:
            return 404, {"error": f"no command {path}: there are {', '.join(commands)}"}
        try:
            return 200, commands[path]()
        except (ValueError, TypeError) as error:
            return 400, {"error": str(error)}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.close_all()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    """A threading server that knows its open connections, so that it can end without waiting for clients."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], replica: Replica) -> None:
        self.replica = replica
        self._open: set[socket.socket] = set()
        super().__init__(address, Connection)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing when a client goes away; anything else is shown."""
        import sys

        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)

    def close_all(self) -> None:
        """Close the connections that clients keep open."""
        for request in tuple(self._open):
            try:
                request.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
