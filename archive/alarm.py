"""Alarms: what of the way in which an outlet's pages are read is no longer as it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

from archive.chance import FEW, LEAST, Share, by_chance, fell, jumped
from archive.drift import Page, Window
from archive.reads import FIELDS, GENERIC, Test, having, share, sides
from archive.values import Outcome

#: Of a field that the template does not promise: it stood on half of the pages, and now on a quarter of those.
_USUAL, _LEFT = 0.5, 0.25
#: Its alarm needs more than chance explains so often: there are many such fields, and no page owes them.
_UNLIKELY = 0.002
_EXAMPLES = 3
_USUAL_KIND = "article"
_UNREAD = (Outcome.EXTRACT_FAILED, Outcome.NOT_ARTICLE, Outcome.GATED)


class Side(NamedTuple):
    """The pages of one format that one template read, now and before: only like is held against like."""

    template: str
    kind: str
    now: list[Page]
    before: list[Page]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """What changed: `kind` is template, suspect, field or length; `now` and `before` are shares, of lengths medians."""

    kind: str
    text: str
    template: str = ""
    what: str = ""
    now: float
    before: float
    examples: tuple[str, ...]


def alarms(window: Window, promised: Mapping[str, tuple[str, ...]]) -> list[Alarm]:
    """Give what is no longer as it was. An outlet without templates (`promised` empty) is read generically always."""
    found = (list(_unread(window)) or list(_left(window))) if promised else []
    for template in sorted({page.template for page in window.now} - {"", GENERIC}):
        for kind in sorted({page.format for page in window.now if page.template == template}):
            side = Side(template, kind, *sides(window, template, kind))
            if kind == _USUAL_KIND or len(side.before) >= FEW:
                found += [*_fields(side, promised.get(template, ())), *_lengths(side)]
    if not found and promised:
        found += _suspect(window)
    return found


def _examples(pages: Sequence[Page], shows: Test) -> tuple[str, ...]:
    return tuple(page.url for page in pages if shows(page))[:_EXAMPLES]


def _unread(window: Window) -> Iterator[Alarm]:
    """Tell when templates stop matching: pages read generically, or no longer at all.

    Gates and pages that are no articles count only when there were fewer of them before: they may be an outlet's way.
    """

    def failed(page: Page) -> bool:
        return page.template == GENERIC or page.outcome in (_UNREAD if len(window.before) >= FEW else _UNREAD[:1])

    now, before = (share(side, failed) for side in (window.now, window.before))
    if fell(_rest(now), _rest(before)):
        text = f"no template reads {_of(now)}{_than(before)}"
        examples = _examples(window.now, failed)
        yield Alarm(kind="template", text=text, now=now.value, before=before.value, examples=examples)


def _left(window: Window) -> Iterator[Alarm]:
    """Tell each template that no longer reads most of the addresses which it read before: the same articles."""
    before = {page.url: page.template for page in window.before}
    for template in sorted({*before.values()} - {"", GENERIC}):
        again = [page for page in window.now if before.get(page.url) == template]
        lost = share(again, _is_unread)
        if lost.hits >= LEAST and lost.value > 0.5:
            text = f"no template reads {_of(lost)} that this one read before"
            examples = _examples(again, _is_unread)
            yield Alarm(kind="template", text=text, template=template, now=lost.value, before=0.0, examples=examples)


def _is_unread(page: Page) -> bool:
    return page.template == GENERIC or page.outcome in _UNREAD


def _suspect(window: Window) -> Iterator[Alarm]:
    def suspect(page: Page) -> bool:
        return page.outcome is Outcome.SUSPECT

    now, before = (share(side, suspect) for side in (window.now, window.before))
    if fell(_rest(now), _rest(before)):
        text = f"suspect: {_of(now)}{_than(before)}"
        examples = _examples(window.now, suspect)
        yield Alarm(kind="suspect", text=text, now=now.value, before=before.value, examples=examples)


def _fields(side: Side, promised: Sequence[str]) -> Iterator[Alarm]:
    for name in FIELDS:
        has = having(name)
        now, before = share(side.now, has), share(side.before, has)
        if fell(now, before) if name in promised else _lost(now, before):
            yield Alarm(
                kind="field",
                text=f"{name} stands on {_of(now, side.kind)}{_than(before)}",
                template=side.template,
                what=name,
                now=now.value,
                before=before.value,
                examples=_examples(side.now, lambda page, has=has: not has(page)),  # type: ignore[misc]
            )


def _lost(now: Share, before: Share) -> bool:
    usual = before.of >= FEW and before.value >= _USUAL
    return usual and now.value <= before.value * _LEFT and fell(now, before) and by_chance(now, before) < _UNLIKELY


def _lengths(side: Side) -> Iterator[Alarm]:
    """Tell the first of characters and blocks whose median jumped: both mostly jump together."""
    for what in ("characters", "blocks"):
        now, before = ([getattr(page, what) for page in pages] for pages in (side.now, side.before))
        if jumped(now, before):
            middle, usual = round(median(now)), round(median(before))
            yield Alarm(
                kind="length",
                text=f"half of the {_pages(side.kind)} have under {middle:,} {what}, before under {usual:,}",
                template=side.template,
                what=what,
                now=middle,
                before=usual,
                examples=_farthest(side.now, what, usual),
            )
            return


def _farthest(pages: Sequence[Page], what: str, usual: int) -> tuple[str, ...]:
    apart = sorted(pages, key=lambda page: -abs(getattr(page, what) - usual))
    return tuple(page.url for page in apart)[:_EXAMPLES]


def _rest(share: Share) -> Share:
    return Share(hits=share.of - share.hits, of=share.of)


def _of(share: Share, kind: str = _USUAL_KIND) -> str:
    return f"{share.hits} of {share.of} {'pages' if kind == _USUAL_KIND else _pages(kind)}"


def _pages(kind: str) -> str:
    return "articles" if kind == _USUAL_KIND else f"{kind} pages"


def _than(before: Share) -> str:
    return f", before {before.hits} of {before.of}" if before.of else " (nothing before to compare with)"
