"""Bylines: the writers' names out of what is printed, without outlet, agency, date and place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from archive.text import squash

_AGENCIES = ("TTXVN", "VNA")
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]?")
_TIME = re.compile(r"\s*(?:[|•·-]\s*)?(?:(?:thứ \w+|chủ nhật),?\s*)?\d{1,2}[/.-]\d{1,2}[/.-]\d{4}.*$", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:[,;|&•·/]|\s[-–—]\s|\s+và\s+)\s*", re.IGNORECASE)
#: What someone did for an article. Who took the pictures is named among the authors; the raw byline keeps the label.
WORK = (
    r"(?:bài(?: viết)?|(?:hình )?ảnh|tin|nội dung|(?:nhóm )?thực hiện|(?:nhóm )?tác giả|video|clip|đồ h(?:ọa|oạ)"
    r"|infographics?|thiết kế|trình bày|biên (?:tập|soạn|dịch)|lược (?:dịch|ghi|thuật)|dịch|tổng hợp|k[ỹĩ] thuật"
    r"|dựng(?: phim)?|quay phim|đạo diễn|minh h(?:ọa|oạ)|giọng đọc|sản xuất|kịch bản|người viết|text|photo|design|by)"
)
#: Labels with the names after them: `Bài và ảnh: Hà Vy`.
LABEL = re.compile(rf"(?<!\w){WORK}(?:\s*(?:,|và|[-–&/+])\s*{WORK})*\s*:\s*", re.IGNORECASE)
# A part that only says what was done: `Hà Vy, thực hiện`.
_WORKED = re.compile(WORK, re.IGNORECASE)
# Reporters whom only their agency names: `PV TTXVN tại Kiev`.
_REPORTERS = re.compile(
    r"(?<!\w)(?:nhóm )?(?:P\.?V|phóng viên)s? (?:của )?(?:TTXVN|VNA)(?:\s+tại\s+[^,;|/()–—-]+)?", re.IGNORECASE
)
#: A longer line (characters) names no writers.
_LONGEST = 1000
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
    >>> read_byline(["Lan Anh, thực hiện"]).authors
    ('Lan Anh',)
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
    return fits and all(word[:1].isupper() and word.replace(".", "").replace("-", "").isalpha() for word in words)


def _source(line: str) -> str:
    found = next((piece for piece in _BRACKETS.finditer(line) if _SOURCE.match(piece[1].strip())), None)
    if found:
        return found[0]
    return line if _SOURCE.match(line) else ""


def _parts(line: str) -> list[str]:
    if "://" in line or len(line) > _LONGEST:
        return []
    bare = _REPORTERS.sub(" ", _TIME.sub("", _BRACKETS.sub(" ", line))).strip()
    named = (part for piece in LABEL.split(bare) for part in _BETWEEN.split(piece) if part)
    return [name for part in named for name in apart(part)]


def apart(names: str) -> list[str]:
    """Part two full names that only a hyphen parts; one name with a hyphen stays whole.

    >>> apart("Minh Thu-Hồng Điệp"), apart("Jean-Paul Nguyễn")
    (['Minh Thu', 'Hồng Điệp'], ['Jean-Paul Nguyễn'])
    """
    found = names.split("-")
    return found if all(map(is_name, found)) else [names]


def _without_own(line: str, own_names: list[str]) -> str:
    """Cut own names of several words, which may hold what parts writers (`Báo Tin tức và Dân tộc`)."""
    for own in own_names:
        if " " in own:
            line = re.sub(rf"(?<!\w){re.escape(own)}(?:-\w+)?(?!\w)", " ", line, flags=re.IGNORECASE)
    return line


def _name(part: str, own_names: list[str]) -> str:
    text = _ROLE.sub("", part.strip(" .,:;|-–—/"))
    if _SOURCE.match(text):
        return ""
    for own in own_names:
        if text.casefold() == own.casefold() or text.startswith(f"{own}-"):
            return ""
        if text.endswith(own) and len(text) > len(own) and (own.isupper() or text[-len(own) - 1] == " "):
            text = text[: -len(own)].strip(" .,:;|-–—/")
    if not text or _WORKED.fullmatch(text) or len(text) > 60 or "@" in text or "http" in text.lower() or text.isdigit():
        return ""
    return text
