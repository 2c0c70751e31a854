"""What is known of an outlet: its hosts, feeds, addresses and templates by era. Data only; read from one file each."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from pathlib import Path

from archive.values import Purpose
from pipeline.address import canonical_address, host_of, path_of

BUILT_IN = Path(__file__).parent / "outlets"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A page that lists links, with the bounds of its poll interval in minutes."""

    url: str
    purpose: Purpose
    min_minutes: int = 10
    max_minutes: int = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """How an outlet's pages of one era are built. Every selector field is a list of alternatives, the best first.

    `media` are parts outside the body that belong to it (the lead picture); `signoff` tells how a writer's name closes
    the body: `repeated` from the byline, or `bold` (a last bold line that is a name). Patterns match whole lines.
    `note` is an editor's box; `entry` a live blog's entry and `entry_time` its time within it. `formats` tells what
    kind of article a page is: `photo: .photo-story`, a format and a selector that matches such pages. `strip_also` is
    what the outlet's other eras strip: boxes outlive the template that brought them.
    """

    outlet: str
    era: str
    match: tuple[str, ...]
    body: tuple[str, ...]
    title: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    byline: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    event: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    source_line: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    subheads: tuple[str, ...] = ()
    strip: tuple[str, ...] = ()
    strip_also: tuple[str, ...] = ()
    unwrap: tuple[str, ...] = ()
    lead_stamp: tuple[str, ...] = ()
    contained: tuple[str, ...] = ()
    note: tuple[str, ...] = ()
    entry: tuple[str, ...] = ()
    entry_time: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    strip_text: tuple[str, ...] = ()
    lead_prefix: str = ""
    source_pattern: str = ""
    signoff: str = "repeated"
    promised: tuple[str, ...] = ("title", "body")
    valid_from: date | None = None
    valid_until: date | None = None

    @property
    def name(self) -> str:
        """Give `outlet/era`."""
        return f"{self.outlet}/{self.era}"

    def digest(self) -> str:
        """Give the sha256 of all that decides what this template extracts."""
        return _digest_of(self)


@cache
def _digest_of(template: Template) -> str:
    return hashlib.sha256(json.dumps(asdict(template), sort_keys=True, default=str).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """A newspaper's site: where its articles live, how they are listed and how they are built (newest era first)."""

    name: str
    display: str
    hosts: tuple[str, ...]
    article: str
    agency: str = ""
    languages: tuple[str, ...] = ("vi",)
    own_names: tuple[str, ...] = ()
    feeds: tuple[Feed, ...] = ()
    templates: tuple[Template, ...] = ()
    time_in_id: str = ""
    delay_seconds: float = 2.0
    verify_tls: bool = True
    fetch: str = "plain"
    unverified: bool = False
    aggregator: bool = False
    generic: bool = False

    def article_id(self, url: str) -> str | None:
        """Give the outlet's own id of the article at this address, or None when no article lives there."""
        found = re.search(self.article, path_of(url)) if self.article and host_of(url) in self.hosts else None
        return next((group for group in found.groupdict().values() if group), None) if found else None

    def document_name(self, url: str) -> str | None:
        """Give `outlet:article-id` for an article's address, else None.

        For an outlet without a file the id is the first 12 hex digits of the canonical address's sha256.
        """
        if self.generic:
            known = host_of(url) in self.hosts
            digest = hashlib.sha256(canonical_address(url).encode("utf-8", "surrogatepass")).hexdigest()
            return f"{self.name}:{digest[:12]}" if known else None
        number = self.article_id(url)
        return f"{self.name}:{number}" if number else None


def generic_outlet(host: str) -> Outlet:
    """Give an outlet for a host that has no file: no feeds, no templates, generic extraction.

    >>> generic_outlet("www.example.vn").document_name("https://example.vn/a")
    'example.vn:16e8215f955e'
    """
    bare = host.lower().removeprefix("www.")
    return Outlet(name=bare, display=bare, hosts=(bare, f"www.{bare}"), article="", languages=(), generic=True)


def outlet_for(url: str, outlets: Mapping[str, Outlet]) -> Outlet | None:
    """Find the outlet whose hosts hold this address."""
    host = host_of(url)
    return next((outlet for outlet in outlets.values() if host in outlet.hosts), None) if host else None


def load_outlets(extra: Path | None = None) -> dict[str, Outlet]:
    """Read the built-in outlet files, then the user's own in `extra`, which replace those of the same name.

    Raises OutletProblem, one line naming file, key and reason, for a file that cannot be used.
    """
    from pipeline.outletfile import read_folder

    found = dict(_built_in())
    if extra is not None:
        own = read_folder(extra, check=True)
        found.update(own)
        _check_hosts(found, own, extra)
    return found


def _check_hosts(all_of_them: dict[str, Outlet], own: dict[str, Outlet], folder: Path) -> None:
    from pipeline.outletfile import OutletProblem

    for outlet in own.values():
        for other in all_of_them.values():
            if other is not outlet and (shared := set(other.hosts) & set(outlet.hosts)):
                why = f"{min(shared)} is a host of {other.name} already; to replace that outlet name yours {other.name}"
                raise OutletProblem(folder / f"{outlet.name}.toml", "hosts", why)


@cache
def _built_in() -> dict[str, Outlet]:
    # The built-in files are checked by the tests; compiling each selector here would cost every command.
    from pipeline.outletfile import read_folder

    return read_folder(BUILT_IN, check=False)
