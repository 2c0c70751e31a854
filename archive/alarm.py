"""Alarms: what of the way in which an outlet's pages are read is no longer as it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from archive.chance import FEW, LEAST, Share, fell, jumped
from archive.drift import Page, Window
from archive.reads import GENERIC, Read, Test, reads, share, sides
from archive.values import Outcome

#: Of a field that the template does not promise: it stood on half of the pages, and now on a quarter of those.
_USUAL, _LEFT = 0.5, 0.25
_EXAMPLES = 3
_UNREAD = (Outcome.EXTRACT_FAILED, Outcome.NOT_ARTICLE, Outcome.GATED)


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
    for read in reads(window, promised):
        if read.template != GENERIC:
            found += [*_fields(window, read), *_lengths(window, read)]
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


def _fields(window: Window, read: Read) -> Iterator[Alarm]:
    pages = sides(window, read.template)[0]
    for name, (now, before) in read.fields.items():
        if _lost(now, before) if name not in read.promised else fell(now, before):
            text = f"{name} stands on {_of(now)}{_than(before)}"
            examples = _examples(pages, lambda page, name=name: name not in page.fields)  # type: ignore[misc]
            yield Alarm(
                kind="field",
                text=text,
                template=read.template,
                what=name,
                now=now.value,
                before=before.value,
                examples=examples,
            )


def _lost(now: Share, before: Share) -> bool:
    usual = before.of >= FEW and before.value >= _USUAL
    return usual and now.value <= before.value * _LEFT and fell(now, before)


def _lengths(window: Window, read: Read) -> Iterator[Alarm]:
    """Tell the first of characters and blocks whose median jumped: both mostly jump together."""
    now, before = sides(window, read.template)
    for what in ("characters", "blocks"):
        lengths = [getattr(page, what) for page in now], [getattr(page, what) for page in before]
        if jumped(*lengths):
            middle, middle_before = (side.median if side else 0 for side in getattr(read, what))
            text = f"half of the articles have under {middle:,} {what}, before under {middle_before:,}"
            examples = _farthest(now, what, middle_before)
            yield Alarm(
                kind="length",
                text=text,
                template=read.template,
                what=what,
                now=middle,
                before=middle_before,
                examples=examples,
            )
            return


def _farthest(pages: Sequence[Page], what: str, usual: int) -> tuple[str, ...]:
    apart = sorted(pages, key=lambda page: -abs(getattr(page, what) - usual))
    return tuple(page.url for page in apart)[:_EXAMPLES]


def _rest(share: Share) -> Share:
    return Share(hits=share.of - share.hits, of=share.of)


def _of(share: Share) -> str:
    return f"{share.hits} of {share.of} pages"


def _than(before: Share) -> str:
    return f", before {before.hits} of {before.of}" if before.of else " (nothing before to compare with)"
