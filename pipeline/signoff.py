"""Sign-offs: the lines at the foot of an article that name who made it, told from its last sentence."""

from __future__ import annotations

import re

from pipeline.byline import LABEL, Byline, apart, is_name

_SOURCE = re.compile(
    r"\s*(?P<source>\(\s*(?:(?:Theo|Nguồn:?) |TTXVN|VNA|Vietnam\+)[^()]{0,60}\)|(?<= )Theo [A-ZĐ][^()]{1,50})\s*\.?$"
)
_ROLE = re.compile(
    r"\s*[-–,]?\s*\(?(?<!\w)(?:(?:tổng hợp|lược (?:dịch|ghi|thuật)|biên (?:dịch|soạn)|ghi|dịch|thực hiện)"
    r"(?: và (?:tổng hợp|ghi|dịch))?)\)?$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:[,;|&•·/+]|\s[-–—]|[-–—]\s|\s+và\s+)\s*")
_SHORT = re.compile(
    r"(?:[A-ZĐ]\.\s?){1,3}(?:[A-ZĐ]\w{0,7})?\.?|(?:Nhóm )?(?:PV|P\.V|BTV|CTV)s?\.?|Nhóm (?:phóng viên|Phóng viên)"
)
_ALONE = re.compile(r"\(?tổng hợp\)?\.?|(?:e-?mail\s*:\s*)?\S+@\S+\.\S+", re.IGNORECASE)
_DATE = re.compile(r"(?:ngày\s*)?\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)\d{2}\.?", re.IGNORECASE)
_AGENCIES = frozenset({"TTXVN", "VNA", "VIETNAM+"})
_HOUSE = re.compile(r"(?:Báo|Tạp chí|Đài|Kênh|Truyền hình) \w.{1,40}", re.IGNORECASE)
_GIVEN = re.compile(r"(?:.{0,30} )?cung cấp|nvcc|(?:ảnh )?tư liệu|internet", re.IGNORECASE)
#: A sign-off of all who made a long piece is shorter than this (characters).
_LONGEST = 240
_TAIL = re.compile(r"(?P<rest>.{15,}[.!?…”\"’)])\s*(?P<name>[^.!?…”\"]{4,60})$", re.DOTALL)


def signature(text: str) -> Byline | None:
    """Read a line that is a sign-off and nothing else: names, each after what its bearer did, and a source behind.

    >>> signature("Hữu Khoa - Hải Long").authors, signature("Nội dung: Hữu Khoa Ảnh: Hải Long").authors
    (('Hữu Khoa', 'Hải Long'), ('Hữu Khoa', 'Hải Long'))
    >>> signature("PV (Theo Reuters)").source, signature("Tổng hợp").authors
    ('(Theo Reuters)', ())
    >>> signature("Cầu đã thông xe"), signature("Theo Reuters"), signature("Ảnh: cầu mới trong sương")
    (None, None, None)
    """
    if len(text) > _LONGEST or not text:
        return None
    if _ALONE.fullmatch(text):
        return Byline(raw=text)
    found = _SOURCE.search(text)
    names = text[: found.start()] if found else text
    pieces = LABEL.split(names)
    labelled = [piece for piece in pieces[1:] if not _names(piece, alone=False)]
    if labelled or (pieces[0].strip(" /|;-–") and not _names(pieces[0], alone=True)) or not names.strip():
        return None
    authors = [name for n, piece in enumerate(pieces) for name in _names(piece, alone=n == 0) if _is_person(name)]
    return Byline(authors=tuple(dict.fromkeys(authors)), source=found["source"] if found else "", raw=text)


def is_labelled(text: str) -> bool:
    """Tell whether a line says what those whom it names did."""
    return bool(LABEL.match(text)) or bool(_ALONE.fullmatch(text))


def is_date(text: str) -> bool:
    """Tell whether a line is a day and nothing else: it may stand under the sign-off of a long piece."""
    return bool(_DATE.fullmatch(text))


def parted(text: str) -> tuple[str, str]:
    """Part a signature off the end of a sentence on whose line it stands; it is empty where there is none.

    >>> parted("Cây cầu sẽ thay bến đò ngang bao đời nay. Hữu Khoa")
    ('Cây cầu sẽ thay bến đò ngang bao đời nay.', 'Hữu Khoa')
    >>> parted("Hội chợ sách mùa hè sẽ mở đến hết tháng này tại TP. Hồ Chí Minh")[1]
    ''
    """
    found = _TAIL.fullmatch(text, max(len(text) - _LONGEST, 0))
    if not found:
        return text, ""
    last = found["rest"].rstrip(' .!?…”"’)/').rsplit(" ", 1)[-1].lstrip('“"‘(')
    told = signature(found["name"].strip())
    named = told is not None and all(is_name(name) for name in told.authors) and bool(told.authors)
    return (text[: found.end("rest")], found["name"].strip()) if named and not last[:1].isupper() else (text, "")


def _names(piece: str, *, alone: bool) -> list[str]:
    """Give the names of a list of names; none when any part of it is something else.

    `alone` is a list without a label before it: there a single word is no name.
    """
    parts = [_bare(part) for part in _BETWEEN.split(_bare(piece)) if part]
    named = [
        name for part in parts for name in apart(part) if part.upper() not in _AGENCIES and not _HOUSE.fullmatch(part)
    ]
    return named if all(map(_is_person if alone else _is_somebody, named)) else []


def _bare(piece: str) -> str:
    return _ROLE.sub("", piece.strip(" .,;:|/–-")).strip(" .,;:|/–-")


def _is_person(name: str) -> bool:
    return is_name(name) or bool(_SHORT.fullmatch(name))


def _is_somebody(name: str) -> bool:
    words = name.split(" ")
    capital = 1 < len(name) < 30 and len(words) < 6 and all(word[:1].isupper() for word in words)
    return capital or _is_person(name) or bool(_GIVEN.fullmatch(name))
