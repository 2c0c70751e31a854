"""Alarms: how each template reads an outlet's pages, and what of that is no longer as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from archive.chance import FEW, Share, Spread, fell, jumped, spread
from archive.drift import Page, Window
from archive.entry import MEASURED
from archive.values import Outcome

#: The name under which pages stand that no template matched.
GENERIC = "generic"
#: Every field that is measured: those of `MEASURED`, and whether a picture has a caption.
FIELDS = (*MEASURED, "captions")
#: Of a field that the template does not promise: it stood on half of the pages, and now on a quarter of those.
_USUAL, _LEFT = 0.5, 0.25
_EXAMPLES = 3
_UNREAD = (Outcome.EXTRACT_FAILED, Outcome.NOT_ARTICLE, Outcome.GATED)

_Test = Callable[[Page], bool]


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


def alarms(window: Window, promised: Mapping[str, tuple[str, ...]]) -> list[Alarm]:
    """Give what is no longer as it was. An outlet without templates (`promised` empty) is read generically always."""
    found = list(_unread(window)) if promised else []
    for read in reads(window, promised):
        if read.template != GENERIC:
            found += [*_fields(window, read), *_lengths(window, read)]
    if not found and promised:
        found += _suspect(window)
    return found


def _read(window: Window, template: str, promised: tuple[str, ...]) -> Read:
    now, before = _sides(window, template)
    return Read(
        template=template,
        pages=(len(now), len(before)),
        promised=promised,
        fields={name: (_share(now, _has(name)), _share(before, _has(name))) for name in FIELDS},
        blocks=(spread([page.blocks for page in now]), spread([page.blocks for page in before])),
        characters=(spread([page.characters for page in now]), spread([page.characters for page in before])),
    )


def _sides(window: Window, template: str) -> tuple[list[Page], list[Page]]:
    now, before = ([page for page in side if page.template == template] for side in (window.now, window.before))
    return now, before


def _share(pages: Sequence[Page], has: _Test) -> Share:
    return Share(hits=sum(map(has, pages)), of=len(pages))


def _has(name: str) -> _Test:
    return lambda page: name in page.fields


def _examples(pages: Sequence[Page], shows: _Test) -> tuple[str, ...]:
    return tuple(page.url for page in pages if shows(page))[:_EXAMPLES]


def _unread(window: Window) -> Iterator[Alarm]:
    """Tell when templates stop matching: pages read generically, or no longer at all.

    Gates and pages that are no articles count only when there were fewer of them before: they may be an outlet's way.
    """

    def failed(page: Page) -> bool:
        return page.template == GENERIC or page.outcome in (_UNREAD if len(window.before) >= FEW else _UNREAD[:1])

    now, before = (_share(side, failed) for side in (window.now, window.before))
    if fell(_rest(now), _rest(before)):
        text = f"no template reads {_of(now)}{_than(before)}"
        examples = _examples(window.now, failed)
        yield Alarm(kind="template", text=text, now=now.value, before=before.value, examples=examples)


def _suspect(window: Window) -> Iterator[Alarm]:
    def suspect(page: Page) -> bool:
        return page.outcome is Outcome.SUSPECT

    now, before = (_share(side, suspect) for side in (window.now, window.before))
    if fell(_rest(now), _rest(before)):
        text = f"suspect: {_of(now)}{_than(before)}"
        examples = _examples(window.now, suspect)
        yield Alarm(kind="suspect", text=text, now=now.value, before=before.value, examples=examples)


def _fields(window: Window, read: Read) -> Iterator[Alarm]:
    pages = _sides(window, read.template)[0]
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
    now, before = _sides(window, read.template)
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
