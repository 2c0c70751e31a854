"""How an article ends: source line, signature and page furniture taken off the last blocks; noise lines dropped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from archive.values import Block, Kind
from pipeline.byline import Byline, is_name

_THEO = re.compile(r"\(?Theo:? (?!dõi|đó|ông|bà|anh|chị|lời)[^.?!\"“”:]{2,60}\)?\.?")
_PAPERS = frozenset(["báo", "trang", "tạp", "tờ", "hãng", "đài", "kênh", "tin", "tổng", "nguồn", "cổng", "thông"])
_SIGNED = re.compile(r"(?P<name>[^()]{4,60}?)\s*(?P<source>\(Theo [^()]{2,60}\)|(?<= )Theo [A-ZĐ][^()]{1,50})?")
_ALT = re.compile(r"\s*(?:[-–—]\s*(?:ảnh|hình)?|(?:ảnh|hình))\s*\d{1,3}\.?", re.IGNORECASE)
#: Longer titles are none.
_LONGEST_TITLE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Blocks with the source line and the writer that the last of them printed."""

    blocks: tuple[Block, ...]
    source_line: str = ""
    signed: str = ""


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
    rest, signed = list(blocks), ""
    for _ in range(3):
        if not rest or rest[-1].kind not in (Kind.PARAGRAPH, Kind.QUOTE, Kind.SUBHEAD):
            break
        last = rest[-1].text
        if (line := _source(last, source_pattern)) and (not source_line or line == last):
            source_line = source_line or line
            rest = _cut(rest, line)
        elif signoff != "none" and _signs(last, byline):
            rest.pop()
        elif signoff == "bold" and not byline.authors and not signed and (told := _signed(last)):
            signed, source_line = told["name"], source_line or (told["source"] or "")
            rest.pop()
        else:
            break
    return Closed(blocks=tuple(rest), source_line=source_line, signed=signed)


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


def _signed(text: str) -> re.Match[str] | None:
    """Match a line that is a writer's name, with the source that may follow in brackets."""
    found = _SIGNED.fullmatch(text)
    return found if found and is_name(found["name"]) else None


def _cut(blocks: list[Block], line: str) -> list[Block]:
    kept = blocks[-1].text[: -len(line)].rstrip()
    return [*blocks[:-1], replace(blocks[-1], text=kept)] if kept else blocks[:-1]


def _signs(text: str, byline: Byline) -> bool:
    said = text.casefold().strip(" .-–—|/")
    forms = {byline.raw.casefold(), *(name.casefold() for name in byline.authors)}
    forms |= {sep.join(byline.authors).casefold() for sep in (" - ", ", ", " và ", "; ", " – ")}
    return bool(said) and said in forms
