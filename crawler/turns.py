"""Whose turn a host is, on an archive that several machines fill: leased, renewed while the crawl lives, given back."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Iterable
from datetime import datetime
from math import inf
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING

from archive import leases
from archive.errors import ArchiveError
from archive.values import Link

if TYPE_CHECKING:
    from archive.server import Server

log = logging.getLogger(__name__)
#: Seconds between two renewals, and before a lease's end at which it is trusted no more.
_BEAT = leases.SECONDS / 3
_MARGIN = leases.SECONDS / 6
#: A host that another crawl visits is asked for again after so many seconds, and left to it after so many.
_AGAIN = 1.0
_PATIENCE = 2.0 * leases.SECONDS


class Turns:
    """The hosts leased to one crawl of one outlet. A thread of its own renews them."""

    def __init__(self, server: Server, outlet: str) -> None:
        self.server = server
        self.outlet = outlet
        self.holder = f"{outlet} {server.who} {secrets.token_hex(4)}"
        self._until: dict[str, float] = {}
        self._refused: dict[str, float] = {}
        self._ended = threading.Event()
        self._beat = threading.Thread(target=self._renew, name="leases", daemon=True)

    def __enter__(self) -> Turns:
        self._beat.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ended.set()
        self._beat.join()
        try:
            with self.server.claim() as connection:
                leases.give_back(connection, self.holder)
        except ArchiveError as problem:
            log.debug("leases end by themselves: %s", problem)

    def claim(self, now: datetime, limit: int) -> list[Link]:
        """Give the links due now; of their hosts those that are free become ours."""
        asked = monotonic()
        with self.server.claim() as connection:
            found, ours = leases.claim(connection, self.outlet, self.holder, now=now, limit=limit)
        self._note(ours, asked)
        return found

    def wait(self, host: str) -> float:
        """Give the seconds after which to ask again for this host: 0 when it is ours, infinity when we leave it."""
        if self._is_ours(host):
            return 0.0
        asked = monotonic()
        try:
            with self.server.claim() as connection:
                self._note(leases.take(connection, [host], self.holder), asked)
        except ArchiveError as problem:
            log.warning("%s cannot be leased: %s", host, problem)
        if self._is_ours(host):
            self._refused.pop(host, None)
            return 0.0
        return _AGAIN if asked - self._refused.setdefault(host, asked) < _PATIENCE else inf

    def _is_ours(self, host: str) -> bool:
        return monotonic() < self._until.get(host, -inf) - _MARGIN

    def _note(self, hosts: Iterable[str], asked: float) -> None:
        # From before we asked: the database counts from later on.
        self._until |= dict.fromkeys(hosts, asked + leases.SECONDS)

    def _renew(self) -> None:
        while not self._ended.wait(_BEAT):
            asked = monotonic()
            try:
                with self.server.claim() as connection:
                    self._note(leases.renew(connection, self.holder), asked)
            except ArchiveError as problem:
                log.debug("leases are not renewed: %s", problem)
