"""How an article ends: source line, signature and page furniture taken off the last blocks; noise lines dropped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from archive.values import Block, Kind
from pipeline.byline import Byline
from pipeline.signoff import is_date, is_labelled, parted, signature

_THEO = re.compile(r"\(?Theo:? (?!dõi|đó|ông|bà|anh|chị|lời)[^.?!\"“”:]{2,60}\)?\.?")
_PAPERS = frozenset(["báo", "trang", "tạp", "tờ", "hãng", "đài", "kênh", "tin", "tổng", "nguồn", "cổng", "thông"])
_ALT = re.compile(r"\s*(?:[-–—]\s*(?:ảnh|hình)?|(?:ảnh|hình))\s*\d{1,3}\.?", re.IGNORECASE)
#: A sign-off, its source and a date have no more lines than this.
_LINES = 8
#: Longer titles are none.
_LONGEST_TITLE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Blocks with the source line that the last of them printed, and the sign-off, line by line."""

    blocks: tuple[Block, ...]
    source_line: str = ""
    signed: tuple[Byline, ...] = ()


def without_noise(blocks: Iterable[Block], *, title: str, patterns: tuple[str, ...] = ()) -> tuple[Block, ...]:
    """Drop blocks that an outlet's patterns call noise, and alternative texts printed alone or glued to a caption."""
    noise = re.compile("|".join(f"(?:{pattern})" for pattern in patterns)) if patterns else None
    kept: list[Block] = []
    for block in blocks:
        text = without_alt(block.text, title)
        # Only a caption has an alternative text glued to it: a sentence may begin with the title's words.
        text = text if block.kind is Kind.CAPTION or not text else block.text
        if text and not (noise and noise.fullmatch(text)):
            kept.append(block if text == block.text else replace(block, text=text))
    return tuple(kept)


def without_alt(text: str, title: str) -> str:
    """Cut the alternative text of a picture, the title with a number, off the beginning of a text.

    >>> without_alt("Cầu mới thông xe ảnh 1Xe qua cầu. (Ảnh: TTXVN)", "Cầu mới thông xe")
    'Xe qua cầu. (Ảnh: TTXVN)'
    """
    if not 10 < len(title) < _LONGEST_TITLE or text[: len(title)].lower() != title.lower():
        return text
    glued = _ALT.match(text, len(title))
    return text[glued.end() :].strip() if glued else text


def close(blocks: tuple[Block, ...], *, byline: Byline, source_line: str, source_pattern: str, signoff: str) -> Closed:
    """Take source line and sign-off off the end of the body, in whatever order they stand there."""
    rest, signed = list(blocks), list[Byline]()
    for _ in range(_LINES):
        if not rest or rest[-1].kind not in (Kind.PARAGRAPH, Kind.QUOTE, Kind.SUBHEAD):
            break
        last = rest[-1].text
        if told := _signed(rest[-1], byline, signoff):
            signed, source_line = [told, *signed], source_line or told.source
            rest.pop()
        elif (line := _source(last, source_pattern)) and (not source_line or line == last):
            source_line = source_line or line
            rest = _cut(rest, line)
        elif len(rest) > 1 and is_date(last) and _signed(rest[-2], byline, signoff):
            rest.pop()
        else:
            break
    if not signed and rest and rest[-1].kind is Kind.PARAGRAPH:
        kept, name = parted(rest[-1].text)
        if told := _signed(replace(rest[-1], text=name), byline, signoff) if name else None:
            rest[-1], signed = replace(rest[-1], text=kept), [told]
    return Closed(blocks=tuple(rest), source_line=source_line, signed=tuple(signed))


def _signed(block: Block, byline: Byline, signoff: str) -> Byline | None:
    """Read a block that is a sign-off: it names whom the byline names, or someone else where none is printed."""
    if signoff == "none":
        return None
    if _signs(block.text, byline):
        return Byline()
    told = signature(block.text) if block.kind is not Kind.QUOTE else None
    known = {name.casefold() for name in byline.authors}
    if told and told.authors and byline.printed and {name.casefold() for name in told.authors} <= known:
        return Byline(source=told.source)
    alone = not (byline.authors and byline.printed)
    return told if told and (alone or is_labelled(block.text)) else None


def with_signed(byline: Byline, signed: tuple[Byline, ...], own_names: tuple[str, ...] = ()) -> Byline:
    """Give a byline with those whom the sign-off names: beside printed ones, instead of those of the head alone."""
    own = {name.casefold() for name in own_names}
    signed = tuple(replace(line, authors=tuple(n for n in line.authors if n.casefold() not in own)) for line in signed)
    if not byline.printed:
        names = [name for line in signed for name in line.authors]
        lines = [line.raw for line in signed if line.raw]
        authors = tuple(dict.fromkeys(names)) or byline.authors
        return replace(byline, authors=authors, raw="; ".join(lines) or byline.raw)
    told = [line for line in signed if line.raw and (not byline.raw or set(line.authors) - set(byline.authors))]
    authors = tuple(dict.fromkeys([*byline.authors, *(name for line in told for name in line.authors)]))
    return replace(byline, authors=authors, raw="; ".join(filter(None, [byline.raw, *(line.raw for line in told)])))


def _source(text: str, pattern: str) -> str:
    if _THEO.fullmatch(text) and len(text.split()) <= 10 and _names_sources(text):
        return text
    found = re.search(f"(?:{pattern})\\s*$", text) if pattern else None
    return found[0].strip() if found else ""


def _names_sources(text: str) -> bool:
    """Tell a source line from a short last sentence: names after `Theo` and each comma, or what kind of paper it is.

    >>> [_names_sources(text) for text in ("Theo Reuters, AFP", "Theo báo Đồng Khởi", "Theo kế hoạch, tàu chạy")]
    [True, True, False]
    """
    named = text.strip("(). ").removeprefix("Theo").lstrip(": ").split(",")
    words = [name.split()[0] if name.split() else "" for name in named]
    return all(word.lower() in _PAPERS or not word[:1].islower() for word in words)


def _cut(blocks: list[Block], line: str) -> list[Block]:
    kept = blocks[-1].text[: -len(line)].rstrip()
    return [*blocks[:-1], replace(blocks[-1], text=kept)] if kept else blocks[:-1]


def _signs(text: str, byline: Byline) -> bool:
    said = text.casefold().strip(" .-–—|/")
    forms = {byline.raw.casefold(), *(name.casefold() for name in byline.authors)}
    forms |= {sep.join(byline.authors).casefold() for sep in (" - ", ", ", " và ", "; ", " – ")}
    return bool(said) and said in forms
