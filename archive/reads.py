"""How an outlet's pages are read: by template, the share of pages with each field, and how long the articles are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from archive.chance import Share, Spread, spread
from archive.drift import Page, Window
from archive.entry import MEASURED

#: The name under which pages stand that no template matched.
GENERIC = "generic"
#: Every field that is measured: those of `MEASURED`, and whether a picture has a caption.
FIELDS = (*MEASURED, "captions")

Test = Callable[[Page], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """How the pages of one template are read, each figure now and before; a spread is None without pages."""

    template: str
    pages: tuple[int, int]
    promised: tuple[str, ...]
    fields: dict[str, tuple[Share, Share]]
    blocks: tuple[Spread | None, Spread | None]
    characters: tuple[Spread | None, Spread | None]


def reads(window: Window, promised: Mapping[str, tuple[str, ...]]) -> list[Read]:
    """Give how each template reads, the most used first; `promised` names the fields that each template promises."""
    names = {page.template for page in (*window.now, *window.before) if page.template}
    found = [_read(window, name, promised.get(name, ())) for name in sorted(names)]
    return sorted(found, key=lambda read: read.pages, reverse=True)


def _read(window: Window, template: str, promised: tuple[str, ...]) -> Read:
    now, before = sides(window, template)
    return Read(
        template=template,
        pages=(len(now), len(before)),
        promised=promised,
        fields={name: (share(now, having(name)), share(before, having(name))) for name in FIELDS},
        blocks=(spread([page.blocks for page in now]), spread([page.blocks for page in before])),
        characters=(spread([page.characters for page in now]), spread([page.characters for page in before])),
    )


def sides(window: Window, template: str, kind: str = "") -> tuple[list[Page], list[Page]]:
    """Give the pages that a template read, now and before; of one format where `kind` names it."""
    now, before = (
        [page for page in side if page.template == template and kind in ("", page.format)]
        for side in (window.now, window.before)
    )
    return now, before


def share(pages: Sequence[Page], test: Test) -> Share:
    """Give of how many pages something is so."""
    return Share(hits=sum(map(test, pages)), of=len(pages))


def having(name: str) -> Test:
    """Give the test whether a page has the field."""
    return lambda page: name in page.fields
