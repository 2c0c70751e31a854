"""Mojibake: UTF-8 that was read as a one-byte charset, once or more often, undone; letters that are lost, counted."""

from __future__ import annotations

import codecs
import re
from itertools import islice

#: Signs that UTF-8 bytes were read as a one-byte charset: lead bytes of Vietnamese letters followed by a high sign.
_MOJIBAKE = re.compile(
    "(?:á[\u00ba\u00bb]|Ã[\u0080-\u00bf]|Ä[\u0091\u2018\u0192\u0083]|Æ[\u00b0\u00a1]|Â[\u00a0-\u00bf]|Ă[\u0080-\u00bf])"
)
#: What mojibake holds, behind a sign of it that is found faster.
_LEADS = (("»", "á»"), ("º", "áº"), ("Ã", "Ã"), ("Ä", "Ä"), ("Æ", "Æ"))
_HIGH_RUN = re.compile(r"[^\x00-\x7f]+")
#: Fewer signs than this may be a name or a formula.
_FEWEST = 5
#: So often a page may have been encoded once too much.
_TIMES = 3


def _latin_fallback(error: UnicodeError) -> tuple[bytes, int]:
    # The five bytes that windows-1252 leaves open travel as the control characters of their number.
    if isinstance(error, UnicodeEncodeError) and all(ord(c) < 256 for c in error.object[error.start : error.end]):
        return error.object[error.start : error.end].encode("latin-1"), error.end
    raise error


codecs.register_error("latin_fallback", _latin_fallback)


def repair_mojibake(text: str) -> str:
    """Undo UTF-8 that was read as windows-1252 or windows-1258, up to three times, where the evidence is clear.

    >>> repair_mojibake("Tiáº¿ng Viá»‡t cá»§a chÃºng tÃ´i, Ä‘Ã£ Ä‘Æ°á»£c sá»­a")
    'Tiếng Việt của chúng tôi, đã được sửa'
    """
    for _ in range(_TIMES):
        if _signs(text, _FEWEST) < _FEWEST:
            break
        before, text = text, _HIGH_RUN.sub(lambda run: _again(run[0]), text)
        if before == text:
            break
    return text


def _signs(text: str, most: int) -> int:
    if not any(sign in text and lead in text for sign, lead in _LEADS):
        return 0
    return sum(1 for _ in islice(_MOJIBAKE.finditer(text), most))


def letters_lost(text: str) -> tuple[int, bool]:
    """Count the letters that decoding lost, and tell whether so many words are unreadable that it is no text.

    >>> letters_lost("Hà Nội"), letters_lost("H\ufffd Nội mở cầu, tàu chạy lại"), letters_lost("H\ufffd N\ufffd\ufffdi")
    ((0, False), (1, False), (3, True))
    """
    lost = text.count("\ufffd")
    wrong = lost + _signs(text, 1000)
    return lost, wrong > 2 and wrong * 10 > len(text.split())


def _again(run: str) -> str:
    # A run of rightly read letters is hardly ever valid UTF-8 again: it stays.
    for charset in ("cp1252", "cp1258"):
        try:
            return run.encode(charset, "latin_fallback").decode("utf-8")
        except UnicodeError:
            continue
    return run
