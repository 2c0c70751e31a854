"""Bylines: the writers' names out of what is printed, without outlet, agency, date and place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from archive.text import squash

_AGENCIES = ("TTXVN", "VNA")
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]?")
_TIME = re.compile(r"\s*[|•·-]?\s*(?:(?:thứ \w+|chủ nhật),?\s*)?\d{1,2}[/.-]\d{1,2}[/.-]\d{4}.*$", re.IGNORECASE)
_BETWEEN = re.compile(
    r"\s*(?:[,;|&•·/]|\s[-–—]\s|\s+và\s+)\s*|\s+(?=(?:ảnh|video|clip|thiết kế|đồ h[oọ]a|bài|nội dung|kỹ thuật)\s*:)",
    re.IGNORECASE,
)
# Who took the pictures is named among the authors, without the label, which the raw byline keeps.
_OTHERS = re.compile(r"^(?:ảnh|video|clip|thiết kế|đồ h[oọ][aạ]|đồ hoạ|kỹ thuật|infographics?)\s*:", re.IGNORECASE)
_LABEL = re.compile(
    r"^(?:(?:tác giả|(?:tin|bài(?: viết)?)(?:\s*(?:,|và|-)\s*(?:ảnh|bài|video))*"
    r"|thực hiện|nội dung|người viết|biên dịch|by)\s*:\s*)+",
    re.IGNORECASE,
)
_SOURCE = re.compile(r"^(?:theo|nguồn)\s+", re.IGNORECASE)
# What a writer did, behind the name: `Hà Vy tổng hợp`.
_ROLE = re.compile(
    r"\s+(?:(?:tổng hợp|lược (?:ghi|dịch|thuật)|biên (?:dịch|soạn)|thực hiện|ghi|dịch)|TỔNG HỢP|(?:Tổng|TỔNG) hợp)$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Byline:
    """Writers, the agency they wrote for, a source named beside them, and all of it as printed.

    `printed` is false where only the page's head names the writers.
    """

    authors: tuple[str, ...] = ()
    agency: str = ""
    source: str = ""
    raw: str = ""
    printed: bool = field(default=True, repr=False)


def read_byline(printed: Iterable[str], own_names: Iterable[str] = ()) -> Byline:
    """Read the printed bylines of one page; `own_names` are the outlet's names, which are no writers.

    >>> read_byline(["MINH NGUYỆT (TTXVN/VIETNAM+)"])
    Byline(authors=('MINH NGUYỆT',), agency='TTXVN', source='', raw='MINH NGUYỆT (TTXVN/VIETNAM+)')
    >>> read_byline(["Khánh Minh LDO | 13/01/2022 07:53"], ["LDO"]).authors
    ('Khánh Minh',)
    >>> read_byline(["Tâm HằngTTXVN"]).authors, read_byline(["Lan Anh và Hà Vy (Theo RT)"]).authors
    (('Tâm Hằng',), ('Lan Anh', 'Hà Vy'))
    >>> read_byline(["Nội dung: Lan Anh Ảnh: Hà Vy"]).authors, read_byline(["Theo Reuters, AFP"]).authors
    (('Lan Anh', 'Hà Vy'), ())
    """
    names = sorted({*own_names, *_AGENCIES, "Vietnam+", "VIETNAM+"}, key=len, reverse=True)
    lines = list(dict.fromkeys(squash(line) for line in printed if squash(line)))
    authors: list[str] = []
    agency = source = ""
    for line in lines:
        agency = agency or agency_in(line)
        source = source or _source(line)
        # A line that begins with its source lists no writers behind its commas.
        parts = [] if _SOURCE.match(line) else _parts(_without_own(line, names))
        authors += [name for part in parts if (name := _name(part, names))]
    return Byline(authors=tuple(dict.fromkeys(authors)), agency=agency, source=source, raw="; ".join(lines))


def agency_in(text: str) -> str:
    """Give the agency named in a byline or source line, or an empty string.

    >>> agency_in("(TTXVN/Vietnam+)")
    'TTXVN'
    """
    return next((agency for agency in _AGENCIES if agency in text.upper()), "")


def is_name(text: str) -> bool:
    """Tell whether a line can be a writer's name and nothing else.

    >>> is_name("Lê Phương"), is_name("Lá chắn Patriot"), is_name("Theo Reuters")
    (True, False, False)
    """
    words = text.split(" ")
    fits = 4 <= len(text) <= 40 and 2 <= len(words) <= 6 and not _SOURCE.match(text)
    return fits and all(word[0].isupper() and word.replace(".", "").replace("-", "").isalpha() for word in words)


def _source(line: str) -> str:
    found = next((piece for piece in _BRACKETS.finditer(line) if _SOURCE.match(piece[1].strip())), None)
    if found:
        return found[0]
    return line if _SOURCE.match(line) else ""


def _parts(line: str) -> list[str]:
    if "://" in line:
        return []
    bare = _LABEL.sub("", _TIME.sub("", _BRACKETS.sub(" ", line)).strip())
    return [part for part in _BETWEEN.split(bare) if part]


def _without_own(line: str, own_names: list[str]) -> str:
    """Cut own names of several words, which may hold what parts writers (`Báo Tin tức và Dân tộc`)."""
    for own in own_names:
        if " " in own:
            line = re.sub(rf"(?<!\w){re.escape(own)}(?!\w)", " ", line, flags=re.IGNORECASE)
    return line


def _name(part: str, own_names: list[str]) -> str:
    text = _ROLE.sub("", _OTHERS.sub("", _LABEL.sub("", part)).strip(" .,:;|-–—/"))
    if _SOURCE.match(text):
        return ""
    for own in own_names:
        if text.casefold() == own.casefold():
            return ""
        if text.endswith(own) and len(text) > len(own) and (own.isupper() or text[-len(own) - 1] == " "):
            text = text[: -len(own)].strip(" .,:;|-–—/")
    if not text or len(text) > 60 or "@" in text or "http" in text.lower() or text.isdigit():
        return ""
    return text
