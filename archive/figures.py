"""Numbers, dates and times as values: `1.500` and `1500`, `21/1` and `21 tháng 1` are one each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

#: Number words of one syllable.
ONES = {"không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "sáu": 6, "bảy": 7}
ONES |= {"bẩy": 7, "tám": 8, "chín": 9}
_SCALES = {"nghìn": 1000, "ngàn": 1000, "vạn": 10_000, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9}
_TENS = {"mươi": 10, "chục": 10, "trăm": 100}
#: Words that make a number with those beside them.
SCALES = frozenset(_SCALES)
_BIG = frozenset({*_SCALES, "mươi", "mười", "trăm"})
_THREE = re.compile(r"[.,](?=\d{3}(?!\d))")
_DIGITS = re.compile(r"\d{3,4}$")
_VALUE = re.compile(r"\d{1,15}(?:\.\d{1,15})?$")
# Groups of digits set apart by spaces that make one number, at most.
_GROUPS = 6
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?$")
_MONTH = re.compile(r"(\d{1,2})[/.-](\d{4})$")
_CLOCK = re.compile(r"(\d{1,2})[hg:](\d{2})?$")


def number(text: str) -> str:
    """Give a figure's value as text: no dots of thousands, a point before decimals.

    >>> [number(text) for text in ("1.500", "12,5%", "1.500.000", "1,500", "007")]
    ['1500', '12.5%', '1500000', '1500', '7']
    """
    plain = _THREE.sub("", text).replace(",", ".").replace(" ", "")
    return plain.lstrip("0") or "0" if plain.isdigit() else plain


def date(text: str) -> str:
    """Give a date or time in figures as a value; other text as it is.

    >>> [date(text) for text in ("21/01/2022", "21.1", "7-9", "12/2021", "7h30", "07:30", "8h")]
    ['21/1/2022', '21/1', '7/9', 'tháng 12/2021', '7:30', '7:30', '8:00']
    """
    if month := _MONTH.match(text):
        return f"tháng {int(month[1])}/{month[2]}"
    if clock := _CLOCK.match(text):
        return f"{int(clock[1])}:{clock[2] or '00'}"
    day = _DAY.match(text)
    if not day:
        return text
    year = day[3] and (day[3] if len(day[3]) == 4 else f"20{day[3]}")
    return "/".join([str(int(day[1])), str(int(day[2])), *([year] if year else [])])


def spoken(line: Sequence[str], at: int) -> tuple[int, int] | None:
    """Give the value and the count of words of a number in words that begins here; one of a single word is none.

    `năm` is five only before or after a word of scale: `hai mươi năm` are twenty years.

    >>> spoken("hai mươi lăm người".split(), 0), spoken("ba triệu đồng".split(), 0), spoken("mười năm".split(), 0)
    ((25, 3), (3000000, 2), None)
    """
    total = part = 0
    last, end, is_big = -1, at, False
    while end < len(line):
        word = line[end]
        after = line[end + 1] if end + 1 < len(line) else ""
        if word in {"linh", "lẻ"} and last >= 0 and after in ONES:
            end += 1
            continue
        if word in ONES and (word != "năm" or after in _TENS or after in _SCALES):
            if last >= 0 and line[end - 1] in ONES:
                break
            last = ONES[word]
            part += last
        elif word == "mười" and last < 0:
            last, part = 10, part + 10
        elif word in _TENS and last >= 0 and (word != "chục"):
            part += last * (_TENS[word] - 1)
        elif word in _SCALES and last >= 0 and part:
            total, part = total + part * _SCALES[word], 0
        else:
            break
        is_big = is_big or word in _BIG
        end += 1
    return (total + part, end - at) if is_big and end - at > 1 else None


def figure_at(line: Sequence[str], at: int) -> tuple[str, int]:
    """Give the value and the count of words of the number in figures that begins here, with its scale.

    >>> figure_at("1,5 triệu người".split(), 0), figure_at("1 500 000".split(), 0), figure_at("5 phần trăm".split(), 0)
    (('1500000', 2), ('1500000', 3), ('5%', 3))
    """
    end = at + 1
    text = line[at]
    if len(text) <= 4 and text.isdigit():
        while end < min(len(line), at + _GROUPS) and _DIGITS.match(line[end]) and (len(line[at]) < 4 or text[0] == "0"):
            text += line[end]
            end += 1
    value = number(text)
    while end < len(line) and line[end] in _SCALES and _VALUE.match(value):
        value = _plain(Decimal(value) * _SCALES[line[end]])
        end += 1
    if line[end : end + 2] == ["phần", "trăm"]:
        value, end = f"{value}%", end + 2
    return value, end - at


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def date_at(line: Sequence[str], at: int) -> tuple[str, int] | None:
    """Give the value and the count of words of a date or time that begins here and takes several words.

    >>> date_at("21 tháng 1 năm 2022".split(), 0), date_at("8 giờ 30 phút".split(), 0), date_at("21 người".split(), 0)
    (('21/1/2022', 5), ('8:30', 4), None)
    """
    after = line[at + 1 : at + 5]
    if len(after) < 2 or len(line[at]) > 2 or not line[at].isdigit():
        return None
    if after[0] == "tháng" and after[1].isdigit() and len(after[1]) <= 2:
        value = f"{int(line[at])}/{int(after[1])}"
        if len(after) == 4 and after[2] == "năm" and after[3].isdigit():
            return f"{value}/{after[3]}", 5
        return value, 3
    if after[0] == "tháng" and _MONTH.match(after[1]):
        return f"{int(line[at])}/{date(after[1]).removeprefix('tháng ')}", 3
    if after[0] == "giờ" and after[1].isdigit() and len(after[1]) <= 2:
        return f"{int(line[at])}:{int(after[1]):02}", 4 if after[2:3] == ["phút"] else 3
    return None
