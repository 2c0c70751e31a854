"""Faults that tests order: what an outlet does wrong, where and how often."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

GATE = (
    b'<html><body><script>\n  document.cookie="D1N=0123456789abcdef0123456789abcdef"+"; expires=Fri, 31 Dec 2099'
    b' 23:59:59 GMT; path=/";\n  window.location.reload(true);\n</script></body></html>'
)


@dataclass(slots=True, kw_only=True)
class Fault:
    """One rule: requests of this host and path prefix are answered wrongly, the first `count` of them (0: all).

    Empty fields do nothing. `status` answers with it and `body`; `slow` waits so many seconds first; `drip` sends so
    many bytes a second; `truncate` sends only this share (0 to 1) of the encoded body, the length saying so; `short`
    sends only this share of the length announced and closes; `corrupt` flips a bit in the middle of the encoded body;
    `close` closes without an answer; `gate` answers with Lao Động's D1N page; `retry_after` goes into the header;
    `redirect` answers 302 to this address; `type` is the Content-Type of `body`; `header` overrides reply headers.
    """

    host: str = ""
    path: str = "/"
    count: int = 0
    status: int = 0
    body: str | None = None
    type: str = ""
    slow: float = 0.0
    drip: int = 0
    truncate: float | None = None
    short: float | None = None
    corrupt: bool = False
    close: bool = False
    gate: bool = False
    retry_after: str = ""
    redirect: str = ""
    header: dict[str, str] | None = None
    met: int = 0

    def fits(self, host: str, path: str) -> bool:
        """Tell whether this rule is still to be met by a request."""
        return self.host in ("", host) and path.startswith(self.path) and (not self.count or self.met < self.count)


class Faults:
    """The rules in force; the newest that fits wins."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[Fault] = []

    def add(self, rule: Fault) -> Fault:
        """Put a rule in force."""
        with self._lock:
            self._rules.insert(0, rule)
        return rule

    def clear(self) -> None:
        """Drop all rules."""
        with self._lock:
            self._rules.clear()

    def meet(self, host: str, path: str) -> Fault | None:
        """Give the rule that a request meets, counted, or None."""
        with self._lock:
            rule = next((rule for rule in self._rules if rule.fits(host, path)), None)
            if rule:
                rule.met += 1
            return rule

    def command(self, data: Any) -> int:
        """Obey what was posted: one rule, a list of rules, or an empty list to drop all; give how many are in force."""
        rules = data if isinstance(data, list) else [data]
        if not rules:
            self.clear()
        for rule in rules:
            self.add(read(rule))
        return len(self._rules)


def read(data: dict[str, Any]) -> Fault:
    """Read a rule; raise ValueError naming an unknown key."""
    known = {field.name for field in fields(Fault)} - {"met"}
    unknown = _sorted(set(data) - known)
    if unknown:
        raise ValueError(f"unknown keys of a fault: {', '.join(unknown)}; known are {', '.join(_sorted(known))}")
    return Fault(**data)


def _sorted(names: Iterable[str]) -> list[str]:
    return sorted(names)
