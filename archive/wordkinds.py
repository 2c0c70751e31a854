"""Dates, numbers and names in a Vietnamese sentence, recognised word by word.

Dates: `21/1/2022`, `12.1`, `ngày 6`, `tháng 12/2021`, `năm 2015`, `7h30`, `thứ Sáu`, `tuần trước`. Numbers: every other
figure (`1.500`, `12,5%`, `30`), and number words that stand for one (`hai`, `ba triệu`). Names: capitals inside a
sentence, and at its start where the word is no ordinary beginning (`Nga`, `NATO`, `Ryabkov`, not `Theo`, `Ông`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive.sentences import Word
from archive.wordlists import wordlist


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_DAY = re.compile(r"(0?[1-9]|[12]\d|3[01])[/.-](0?[1-9]|1[0-2])(?:[/.-](\d{4}|\d{2}))?$")
_DAYS = re.compile(r"(?:0?[1-9]|[12]\d|3[01])-(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|1[0-2])(?:/\d{4})?$")
_MONTH = re.compile(r"(0?[1-9]|1[0-2])[/.-]((?:19|20)\d{2})$")
_CLOCK = re.compile(r"([01]?\d|2[0-4])(?:[hg:]([0-5]\d)?)$")
_YEAR = re.compile(r"(?:1[89]|20)\d{2}(?:-(?:1[89]|20)?\d{2})?$")
_BEFORE_DATE = _set("ngày tháng năm quý mùng mồng rằm hôm lúc hồi thứ chủ kỷ niên")
_AFTER_NUMBER = _set(
    "tỷ tỉ triệu nghìn ngàn trăm usd euro đồng đô độ điểm km m kg ha tấn lít mét m2 m3 mm cm lần giây phút "
    "người số dân diện tổng lượng %"
)
_WEEK = _set("hai ba tư năm sáu bảy nhật")
_ORDINAL = _set("lần người chiến hạng con trí đợt bàn ngày bậc loại điểm vụ số vợ đứa là của")
_MONTHS = _set("giêng một hai ba tư năm sáu bảy tám chín mười chạp")
_ROMAN = re.compile(r"[ivx]{1,5}$")
_PART = _set("đầu giữa cuối")
_DURATION = _set("trong suốt hơn gần sau mất dài cách tới")
_AFTER_HOUR = _set("sáng trưa chiều tối đêm khuya ngày hôm kém rưỡi gmt cùng (")
_RELATIVE = _set("trước này tới sau qua nay ngoái kia mai sang")
_SPANS = _set("tuần tháng năm hôm ngày quý sáng chiều tối đêm thập thế")
_OF_TIME = _WEEK | _RELATIVE | _SPANS
TIMES_OF_DAY = _set("sáng trưa chiều tối đêm khuya")
NUMBER_WORDS = _set(
    "một hai ba bốn tư năm lăm sáu bảy bẩy tám chín mười mươi mốt rưỡi trăm nghìn ngàn vạn triệu tỷ tỉ chục "
    "tá linh lẻ nửa đôi không"
)
ORGANISATIONS = _set("Bộ Sở Cục Viện Ban Toà Tòa")
COUNTRIES = _set("Nga Mỹ Mĩ Anh Pháp Đức Bỉ Áo Ý Nhật Hàn Lào Thái Ấn Úc Séc Ukraine Ukraina Belarus Iran Israel")
_STARTERS = _set(
    "ông bà anh chị em cô chú bác họ nó tôi chúng ta mình người theo trong ngoài trên dưới tại ở từ đến tới "
    "về với cùng cho bởi do vì để khi nếu dù mặc tuy song nhưng và hoặc hay còn mà thì là sau trước hiện nay "
    "ngày tháng năm tuần hôm sáng trưa chiều tối đêm lúc đầu giữa cuối hồi các những mọi mỗi một hai ba bốn "
    "nhiều cả đây đó điều việc vụ cuộc sự bộ tổng thủ ngoại thứ chủ phó trợ cố đại phát nhà tổ hội liên phía "
    "bên đồng ngay cũng chỉ được bị đã đang sẽ không chưa có tất hầu khoảng hơn gần thông tin ảnh nguồn kết "
    "phản quan lần số vị giới quân chính thực tình bình như vào qua nhân"
)
# Titles of persons: no part of the name that follows.
_TITLES = wordlist("titles")
_ADDRESS = _set("ông bà anh chị em cô chú bác cụ ngài cậu thầy vua chúa tướng bé nàng chàng")
_COMPASS = _set("Đông Tây Nam Bắc Trung")
_SIDES = _set("phương phía hướng miền bờ cực cánh")
# A syllable that Vietnamese does not have: letters f j w z, or a final other than a vowel, c ch m n ng nh p t.
_VOWEL = "[aeiouyăâêôơưáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]"
_FOREIGN = re.compile(
    r"[fjwz]|[bdđklqrsvx]$|(?<![cn])h$|(?<!n)g$|[bcdfghklmnpqrstvx]{3}|[a-z]{7}|(?<=[lmnr])[cpt]$"
    rf"|{_VOWEL}[bcdđghklmnpqrstvx]+{_VOWEL}",
    re.IGNORECASE,
)
_ENDERS = frozenset({".", "!", "?", "…", "./.", "..", "...", ":", "•"})
_OPENERS = frozenset('"“‘«([„')
_ROLES = _set(
    "Tổng Thủ Ngoại Thứ Chủ Trợ Cố Phó Đại Giám Điện Tổ Hiệp Liên Hội Ủy Uỷ Quốc Đảng Nhà Người Ông Bà Cơ "
    "Hãng Phát Thư Chiến Thượng"
)


def _lower(line: Sequence[Word], at: int) -> str:
    return line[at].text.lower() if 0 <= at < len(line) else ""


def is_date(line: Sequence[Word], at: int) -> bool:
    """Tell whether the word at this place of the sentence says when.

    >>> from archive.sentences import words
    >>> line = words("Ngày 21/1, giá tăng 12,5 tỷ so với tháng 6 năm 2021.")
    >>> [word.text for at, word in enumerate(line) if is_date(line, at)]
    ['21/1', '6', '2021']
    """
    word = line[at].text.lower()
    is_figure = word[0].isdigit()
    before, after = _lower(line, at - 1), _lower(line, at + 1)
    if not is_figure:
        return _is_spoken_date(line, at, before, after)
    if before in _BEFORE_DATE and (_DAY.match(word) or _YEAR.match(word)):
        return True
    if word.endswith("%") or after in _AFTER_NUMBER:
        return False
    if after == "giờ":
        is_hour = word.isdigit() and int(word[:3]) <= 24 and before not in _DURATION
        return is_hour and (before in {"lúc", "vào", "khoảng", "từ", "hồi"} or _lower(line, at + 2) in _AFTER_HOUR)
    if before == "thứ":
        return len(word) == 1 and _lower(line, at - 2) not in _ORDINAL
    if _DAYS.match(word) or _MONTH.match(word) or _CLOCK.match(word) or before in _BEFORE_DATE:
        return True
    day = _DAY.match(word)
    # 12.1 and 2-9 are days where the words before say so, else a decimal or a range
    is_day = day and (day[3] or "/" in word or before in TIMES_OF_DAY)
    return bool(is_day or _YEAR.match(word))


def _is_spoken_date(line: Sequence[Word], at: int, before: str, after: str) -> bool:
    word = line[at].text.lower()
    if before == "tháng" and word in _MONTHS:
        return word in {"giêng", "chạp"} or line[at].text[0].isupper() or after not in {"tháng", "nay"}
    if before in {"quý", "kỷ"} and _ROMAN.match(word):
        return True
    if word in _PART:
        return after in {"tháng", "năm", "tuần", "quý", "thập", "thế", "giờ"}
    if word not in _OF_TIME:
        return False
    if before in {"thứ", "chủ"} and word in _WEEK:
        return line[at].text[0].isupper() or before == "chủ" or _lower(line, at - 2) not in _ORDINAL
    return (before in _SPANS and word in _RELATIVE) or (word in _SPANS and after in _RELATIVE)


def is_number(line: Sequence[Word], at: int) -> bool:
    """Tell whether the word at this place is a figure that is no date.

    >>> from archive.sentences import words
    >>> line = words("Có 1.500 người, tăng 12,5% so với ngày 12.1.")
    >>> [word.text for at, word in enumerate(line) if is_number(line, at)]
    ['1.500', '12,5%']
    """
    return line[at].text[0].isdigit() and not is_date(line, at)


def is_initial(line: Sequence[Word], at: int) -> bool:
    """Tell whether a capital is due here anyway: a sentence or quotation begins."""
    while at > 0 and line[at - 1].text in _OPENERS:
        at -= 1
        if line[at].text not in "([":
            return True
    return at == 0 or line[at - 1].text in _ENDERS


def is_name(line: Sequence[Word], at: int) -> bool:
    """Tell whether the word at this place belongs to a name.

    >>> from archive.sentences import words
    >>> line = words("Theo ông Ryabkov, Nga và Phần Lan gặp NATO. Moscow nói rõ.")
    >>> [word.text for at, word in enumerate(line) if is_name(line, at)]
    ['Ryabkov', 'Nga', 'Phần', 'Lan', 'NATO', 'Moscow']
    """
    text = line[at].text
    if not text[0].isupper():
        return False
    follows = line[at + 1].text if at + 1 < len(line) else ""
    is_role = text in _ROLES and follows[:1].islower() and (at == 0 or line[at - 1].text not in ORGANISATIONS)
    is_role = is_role or is_title(line, at) or (at > 0 and is_title(line, at - 1))
    if is_role or (text in {"Ảnh", "Nguồn"} and follows in {":", "tư", "minh"}):
        return False
    if text in _COMPASS and _lower(line, at - 1) in _SIDES and not follows[:1].isupper():
        return False
    if not is_initial(line, at):
        return not _is_beginning(line, at, follows)
    return _is_name_at_start(line, at)


def _is_beginning(line: Sequence[Word], at: int, follows: str) -> bool:
    """Tell whether an ordinary word has its capital because something begins here after all (`a) Theo đó; Các bên`)."""
    text = line[at].text
    is_ordinary = text.lower() in _STARTERS and text not in COUNTRIES and text not in ORGANISATIONS
    is_alone = not line[at - 1].text[0].isupper() and _lower(line, at - 1) not in _ADDRESS
    return is_ordinary and is_alone and follows[:1].islower()


def is_title(line: Sequence[Word], at: int) -> bool:
    """Tell whether a person's title of two syllables begins here, however its letters are written.

    >>> from archive.sentences import words
    >>> line = words("Tổng Bí thư và Phó Thủ tướng tới Tổng cục Thuế")
    >>> [word.text for at, word in enumerate(line) if is_title(line, at)]
    ['Tổng', 'Bí', 'Phó', 'Thủ']
    """
    word, after = _lower(line, at), _lower(line, at + 1)
    if f"{word} {after}" in _TITLES:
        return True
    return word in {"tổng", "phó", "nguyên", "cựu", "cố"} and f"{after} {_lower(line, at + 2)}" in _TITLES


def is_titled(line: Sequence[Word], at: int) -> bool:
    """Tell whether the name that begins here is a person's for what stands before it (`ông Nam`)."""
    if _lower(line, at - 1) in _ADDRESS:
        return True
    # of countries and cities there are presidents and chairmen; one man has given a city his name
    return [_lower(line, at + ahead) for ahead in range(3)] == ["hồ", "chí", "minh"] and (
        at > 1 and f"{_lower(line, at - 2)} {_lower(line, at - 1)}" in _TITLES
    )


def _is_name_at_start(line: Sequence[Word], at: int) -> bool:
    text = line[at].text
    if (text.isupper() and len(text) > 1) or text in COUNTRIES or _FOREIGN.search(text):
        return True
    follows = line[at + 1].text if at + 1 < len(line) else ""
    return text.lower() not in _STARTERS and follows[:1].isupper()
