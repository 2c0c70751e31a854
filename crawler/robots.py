"""robots.txt by RFC 9309: fetched once per crawl and host before anything else of it, captured like all else.

What cannot be read forbids for now: a server error, no answer, a gate's page in place of the rules. Only a plain "there
is none" (4xx) allows everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego

from archive.values import Capture, Link, Outcome, Purpose
from crawler.settings import MAX_HOPS
from pipeline.address import host_of
from pipeline.ingest import redirect_target
from pipeline.notarticle import gate
from pipeline.payload import verify_body

#: Our name in robots.txt.
AGENT = "luuchieu"
#: RFC 9309 §2.5: at least 500 KiB of robots.txt are read; we read no more.
CAP = 500 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a host allows us; `refusal` says why nothing is allowed for now.

    `outcome` is what a page that may not be asked for comes to: `robots`, or what kept robots.txt itself from us (a
    gate, no network), which is no rule of the outlet's.
    """

    parsed: Protego | None = None
    refusal: str = ""
    outcome: Outcome = Outcome.ROBOTS

    def forbids(self, url: str) -> str:
        """Say why the address must not be fetched, or give an empty string."""
        if self.refusal:
            return self.refusal
        if self.parsed is None or self.parsed.can_fetch(url, AGENT):
            return ""
        return f"robots.txt of {urlsplit(url).netloc} disallows it"

    @property
    def delay(self) -> float:
        """Give the Crawl-delay asked of us, seconds."""
        return float(self.parsed.crawl_delay(AGENT) or 0) if self.parsed else 0.0


def robots_link(link: Link) -> Link:
    """Give the link to the robots.txt that speaks for this link's host.

    >>> robots_link(Link(outlet="dantri", url="https://dantri.com.vn/the-gioi/a.htm?x")).url
    'https://dantri.com.vn/robots.txt'
    """
    parts = urlsplit(link.url)
    url = f"{parts.scheme}://{parts.netloc}/robots.txt"
    return Link(outlet=link.outlet, url=url, purpose=Purpose.ROBOTS)


def next_hop(capture: Capture, link: Link, hosts: tuple[str, ...]) -> Link | None:
    """Follow robots.txt's redirect, at most five times and only within the outlet's hosts."""
    if capture.outcome is not Outcome.REDIRECT or link.depth >= MAX_HOPS:
        return None
    target = redirect_target(capture)
    if not target or host_of(target) not in hosts or target == capture.url:
        return None
    return Link(outlet=link.outlet, url=target, purpose=Purpose.ROBOTS, found_in=capture.url, depth=link.depth + 1)


def rules_of(capture: Capture) -> Rules:
    """Read the rules that a capture of robots.txt gives (RFC 9309 §2.3.1)."""
    if capture.outcome is Outcome.OK:
        return _parse(capture)
    if capture.outcome is Outcome.REFUSED_ADDRESS:
        # Nothing of this host can be asked for; each page shall say so itself.
        return Rules()
    if capture.status is not None and 400 <= capture.status < 500 and capture.status != 429:
        return Rules()
    # An answer that gives no rules forbids; no answer is the network's doing, not the outlet's.
    outcome = Outcome.ROBOTS if capture.status is not None else capture.outcome
    return _refused(capture, capture.reason or capture.outcome.value, outcome)


def _refused(capture: Capture, why: str, outcome: Outcome = Outcome.ROBOTS) -> Rules:
    said = f"robots.txt of {urlsplit(capture.url).netloc} cannot be read ({why}): nothing for now"
    return Rules(refusal=said, outcome=outcome)


def _parse(capture: Capture) -> Rules:
    payload = verify_body(capture)
    # Of a robots.txt that goes on and on only the beginning was taken; it is not encoded, for we ask so.
    data = payload.body if payload.outcome is Outcome.OK else capture.body
    text = data[:CAP].decode("utf-8-sig", "replace")
    if why := gate(text):
        return _refused(capture, why, Outcome.GATED)
    if _is_page(text):
        return _refused(capture, "a page came in its place")
    return Rules(parsed=Protego.parse(text))


def _is_page(text: str) -> bool:
    """Tell a gate's or an error's page from rules: HTML, or D1N's script, or no text at all."""
    head = text[:2000].lower()
    return head.lstrip().startswith("<") or "<html" in head or "d1n=" in head or "\x00" in head
