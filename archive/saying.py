"""Words that say who says so, and words that deny: phrases of several syllables that a diff never cuts.

`cho biết`, `khẳng định`, `theo` before a source: attribution. `không`, `chưa`, `chẳng hề`, `không phải`: negation, but
for the words in which `không` means air, space or zero (`không quân`, `hàng không`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from archive.wordlists import wordlist

# In these `không` denies nothing: what follows it, what stands before it.
_AIR_AFTER, _AIR_BEFORE = wordlist("air_after"), wordlist("air_before")
# `theo` tells the source at a clause's beginning or before such words, and means "follow" elsewhere.
_NOT_SOURCE = wordlist("follow_after")
#: A source that is named as one: an exchange of it is attribution.
AGENCIES = wordlist("agencies")
_NOTE = re.compile(
    r"(?i)đính chính|cáo lỗi|xin lỗi (?:bạn|quý|độc) ?\w*|hiệu chỉnh|sửa lại cho đúng|cải chính"
    r"|(?:bài(?: viết| báo)?|bản tin|tin|thông tin|nội dung|tiêu đề|tít|phiên bản)(?: \S+){0,4} (?:đã )?được "
    r"(?:cập nhật|sửa|chỉnh|điều chỉnh|thay đổi|bổ sung)|(?:toà|tòa) soạn|ban biên tập|phiên bản trước"
    r"|^\W*(?:\(?(?:tiếp tục |đã |tin )?cập nhật)(?! \w+ \w+ \w+ \w+ \w+ \w+ \w+ \w+)"
    r"|[(\[](?:[^)\]]{0,30})cập nhật[^)\]]{0,40}[)\]]|cập nhật(?: lúc| lần cuối|:)"
)


def _phrases(phrases: Iterable[str]) -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        row = tuple(phrase.split())
        found.setdefault(row[0], []).append(row)
    return {first: sorted(rows, key=len, reverse=True) for first, rows in found.items()}


_FIRST = {word: ("attribution", rows) for word, rows in _phrases(wordlist("saying")).items()}
_FIRST |= {word: ("negation", rows) for word, rows in _phrases(wordlist("denying")).items()}


def said_at(line: Sequence[str], at: int) -> tuple[str, int] | None:
    """Give the kind (attribution, negation) of the phrase that begins here, and its words; `line` is in lower case.

    >>> said_at("ông cho biết thêm".split(), 1), said_at("chưa hề có".split(), 0), said_at("hàng không".split(), 1)
    (('attribution', 3), ('negation', 2), None)
    """
    known = _FIRST.get(line[at])
    if known is None:
        return None
    kind, rows = known
    before, after = line[at - 1] if at else "", line[at + 1] if at + 1 < len(line) else ""
    if line[at] == "không" and (after in _AIR_AFTER or before in _AIR_BEFORE):
        return None
    if line[at] == "theo" and (after in _NOT_SOURCE or before in {"tiếp", "kèm", "đi", "chạy", "mang", "dẫn", "nối"}):
        return None
    for row in rows:
        if tuple(line[at : at + len(row)]) == row:
            return kind, len(row)
    return None


def is_note(text: str) -> bool:
    """Tell whether a text is a note of correction or update, not one that tells of somebody's.

    >>> is_note("Đính chính: có 12 người."), is_note("Bài viết đã được cập nhật."), is_note("Bộ Y tế cập nhật số ca.")
    (True, True, False)
    """
    return _NOTE.search(text[:2000]) is not None
