"""What came of one request: exactly one outcome, with a reason a person can read. Pure."""

from __future__ import annotations

from dataclasses import replace

from scrapy import exceptions as scrapy

from archive.values import Capture, Outcome
from pipeline.payload import verify_body

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BLOCKED = frozenset({401, 403, 407, 428, 429, 451})
_GONE = frozenset({404, 410})


def by_status(status: int, *, conditional: bool = False, location: str | None = None) -> tuple[Outcome, str]:
    """Give the outcome of an answer with this status, its body not yet looked at, and why.

    >>> by_status(200), by_status(429)
    ((<Outcome.OK: 'ok'>, ''), (<Outcome.BLOCKED: 'blocked'>, 'the server answered 429'))
    >>> by_status(304)
    (<Outcome.ERROR: 'error'>, 'the server answered 304 to a request without conditions')
    """
    if status == 200:
        return Outcome.OK, ""
    if status == 304:
        if conditional:
            return Outcome.NOT_MODIFIED, ""
        return Outcome.ERROR, "the server answered 304 to a request without conditions"
    if status in _REDIRECTS and location:
        return Outcome.REDIRECT, f"to {location}"
    answer = f"the server answered {status}"
    if status in _GONE:
        return Outcome.GONE, answer
    return (Outcome.BLOCKED if status in _BLOCKED else Outcome.ERROR), answer


def by_body(capture: Capture, *, cut: bool) -> Capture:
    """Doubt an `ok` capture's body: cut on the way, empty, or a broken encoding never looks like ok."""
    if capture.outcome is not Outcome.OK:
        return capture
    if cut:
        return replace(capture, outcome=Outcome.TRUNCATED, reason="the connection ended before the body did")
    if not capture.body:
        return replace(capture, outcome=Outcome.TRUNCATED, reason="the body is empty")
    payload = verify_body(capture)
    if payload.outcome is not Outcome.OK:
        return replace(capture, outcome=payload.outcome, reason=payload.reason)
    return capture


def by_error(error: Exception) -> tuple[Outcome, str]:
    """Give the outcome of an attempt that ended without an answer, and why."""
    if isinstance(error, scrapy.DownloadTimeoutError):
        return Outcome.TIMEOUT, "no complete answer in time"
    if isinstance(error, scrapy.DownloadCancelledError):
        return Outcome.TOO_LARGE, "the answer is larger than we take"
    if isinstance(error, scrapy.CannotResolveHostError):
        return Outcome.ERROR, "the host has no address"
    if isinstance(error, scrapy.DownloadConnectionRefusedError):
        return Outcome.ERROR, "the connection was refused"
    return Outcome.ERROR, _cause(error)


def _cause(error: BaseException) -> str:
    """Name the innermost reasons of Twisted's nested failures, in one line."""
    inner = error.__cause__ or error
    reasons = getattr(inner, "reasons", None) or getattr(inner, "args", None) or ()
    names = [_one_line(getattr(reason, "value", reason)) for reason in reasons]
    return "; ".join(name for name in names if name)[:300] or type(inner).__name__


def _one_line(reason: object) -> str:
    text = " ".join(str(reason).split())
    return f"{type(reason).__name__}: {text}" if isinstance(reason, BaseException) else text
