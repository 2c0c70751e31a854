"""Times as Vietnamese pages print them: ISO, dd/mm/yyyy with or without a clock; without a zone it is Vietnam's."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))
_ISO = re.compile(
    r"(?P<y>(?:19|20)\d{2})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"
    r"(?:[T ]+(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:[.,]\d+)?)?)?\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?"
)
_DAY = re.compile(
    r"(?P<d>\d{1,2})\s*(?:[/.-]|\s*tháng\s*)\s*(?P<m>\d{1,2})\s*(?:[/.-]|,?\s*năm\s*)\s*(?P<y>(?:19|20)\d{2})",
    re.IGNORECASE,
)
# A year of two digits is believed only between two strokes: 11/07/14.
_SHORT_DAY = re.compile(r"(?<![\d/])(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{2})(?![\d/])")
_CLOCK = re.compile(
    r"(?<!\d)(?P<H>[01]?\d|2[0-3])\s*(?::|h|giờ|g)\s*(?P<M>[0-5]\d)(?:\s*(?::|phút|')\s*(?P<S>[0-5]\d))?"
    r"\s*(?P<half>SA|CH|AM|PM)?(?![\d/])",
    re.IGNORECASE,
)
_ZONE = re.compile(
    r"(?:GMT|UTC)\s*(?P<sign>[+-])\s*(?P<h>\d{1,2})(?::?(?P<m>\d{2}))?|(?P<zulu>\bUTC\b|\bGMT\b)(?!\s*[+-])"
)


def read_time(text: str) -> datetime | None:
    """Read a printed or machine time as aware UTC; None when it holds no day. Days come before months.

    >>> read_time("2026-07-21 00:00").isoformat()
    '2026-07-20T17:00:00+00:00'
    >>> read_time("Thứ Hai, 03/02/2025 - 08:15").isoformat()
    '2025-02-03T01:15:00+00:00'
    >>> read_time("Thứ tư, 22/10/2025, 19:25 (GMT+7)").isoformat()
    '2025-10-22T12:25:00+00:00'
    >>> read_time("9:05 CH, ngày 4 tháng 12 năm 2017").isoformat()
    '2017-12-04T14:05:00+00:00'
    >>> read_time("lúc : 11/07/14 11:35").isoformat()
    '2014-07-11T04:35:00+00:00'
    >>> read_time("5/21/2024 3:00:00 PM").isoformat()
    '2024-05-21T08:00:00+00:00'
    >>> read_time("vừa xong")
    """
    if iso := _ISO.search(text):
        return _made(iso, iso, _iso_zone(iso["zone"]))
    day = _DAY.search(text) or _SHORT_DAY.search(text)
    if not day:
        return None
    rest = f"{text[: day.start()]} | {text[day.end() :]}"
    clock = _CLOCK.search(text, day.end()) or _CLOCK.search(rest)
    return _made(day, clock, _printed_zone(rest))


def has_clock(text: str) -> bool:
    """Tell whether a time says the time of day.

    >>> has_clock("2026-07-21"), has_clock("21/07/2026 00:00")
    (False, True)
    """
    return bool(re.search(r"\d[:hg]\s*\d\d|giờ", text))


def _made(day: re.Match[str], clock: re.Match[str] | None, zone: timezone) -> datetime | None:
    hour, minute, second = (int((clock[part] if clock else None) or 0) for part in ("H", "M", "S"))
    half = (clock.groupdict().get("half") or "").upper() if clock else ""
    if half in ("CH", "PM") and hour < 12:
        hour += 12
    if half in ("SA", "AM") and hour == 12:
        hour = 0
    try:
        year = int(day["y"]) + (2000 if len(day["y"]) == 2 else 0)
        number, month = int(day["d"]), int(day["m"])
        if number <= 12 < month and day.re is not _ISO:  # `5/21/2024` can only be American.
            number, month = month, number
        return datetime(year, month, number, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _iso_zone(zone: str | None) -> timezone:
    if not zone:
        return VIETNAM
    if zone == "Z":
        return UTC
    return _offset(zone[0], zone[1:3], zone[-2:])


def _printed_zone(text: str) -> timezone:
    found = _ZONE.search(text)
    if not found:
        return VIETNAM
    return UTC if found["zulu"] else _offset(found["sign"], found["h"], found["m"] or "0")


def _offset(sign: str, hours: str, minutes: str) -> timezone:
    length = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-length if sign == "-" else length) if length < timedelta(hours=24) else VIETNAM


def time_in_id(number: str, form: str) -> datetime | None:
    """Read the time in an article's id, Vietnam's clock: a creation stamp, not the publication.

    `form` is one or more strptime formats, parted by `|`; digits behind what the format reads are milliseconds.

    >>> time_in_id("20221223144734383", "%Y%m%d%H%M%S").isoformat()
    '2022-12-23T07:47:34+00:00'
    >>> time_in_id("1394960894", "%Y%m%d%H%M%S").isoformat()
    '2014-03-16T09:08:14+00:00'
    >>> time_in_id("198260716225912345", "198%y%m%d%H%M%S|%Y%m%d%H%M%S").isoformat()
    '2026-07-16T15:59:12+00:00'
    """
    if not form or not number.isdigit():
        return None
    if len(number) == 10:
        return datetime.fromtimestamp(int(number), UTC)
    return next((time for one in form.split("|") if (time := _stamp(number, one))), None)


def _stamp(number: str, form: str) -> datetime | None:
    length = len(datetime(2000, 1, 1).strftime(form))
    try:
        return datetime.strptime(number[:length], form).replace(tzinfo=VIETNAM).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
