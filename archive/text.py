"""Vietnamese text rules: NFC, white space, folding, tone placement.

What is stored and shown is what the outlet printed; these forms are for matching.
"""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256

#: Control characters, lone surrogates, non-characters.
_UNWANTED = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff"
_DROPPED = re.compile(f"[{_UNWANTED}]")
#: Those, and marks without width: a soft hyphen or a joiner inside a word parts nothing.
_UNSEEN = re.compile(f"[{_UNWANTED}\u00ad\u200b\u2060\ufeff]")
_ASCII = re.compile("[\x00-\x7f]")
_PIECE, _BEYOND = 512, 64
_LONGEST_NAME = 512


def clean(text: str) -> str:
    """Drop what no database and no reader wants: control characters, NUL, lone surrogates, non-characters.

    >>> clean("a\\x00b\\x1b[31m\\ud800c")
    'ab[31mc'
    """
    return _DROPPED.sub("", text)


def short_name(name: str) -> str:
    """Give a document's name as it is stored: clean, and never longer than a database's index takes.

    Of a name longer than 512 bytes its first 128 characters stay, with a digest of the whole.

    >>> short_name("dantri:1"), len(short_name("dantri:" + "9" * 5000))
    ('dantri:1', 153)
    """
    name = clean(name)
    if len(name.encode()) <= _LONGEST_NAME:
        return name
    return f"{name[:128]}~{sha256(name.encode()).hexdigest()[:24]}"


def nfc(text: str) -> str:
    """Give the text in NFC, in time that grows with its length: a run of marks without end is composed in pieces.

    >>> nfc("Vie\u0302\u0323t")
    'Việt'
    """
    if len(text) <= _PIECE:
        return unicodedata.normalize("NFC", text)
    pieces: list[str] = []
    begin = 0
    while begin < len(text):
        # Nothing composes with an ASCII character before which the text is cut; Python sorts marks by insertion.
        found = _ASCII.search(text, begin + _PIECE, begin + _PIECE + _BEYOND)
        end = found.start() if found else begin + _PIECE + _BEYOND
        pieces.append(unicodedata.normalize("NFC", text[begin:end]))
        begin = end
    return "".join(pieces)


def squash(text: str) -> str:
    """Give the text in NFC, control characters dropped, white space runs as one space, ends trimmed.

    >>> squash("  Việt\\u00a0 Nam\\n\\t "), squash("Ukra\\u00adina")
    ('Việt Nam', 'Ukraina')
    """
    if text.isprintable():  # nothing to drop, and of white space only the plain one: most texts
        plain = nfc(text)
        return " ".join(plain.split()) if "  " in plain else plain.strip()
    return " ".join(nfc(_UNSEEN.sub("", text)).split())


def fold(text: str) -> str:
    """Drop tone and letter marks, map đ to d, lower the case: the form that a search without tone marks matches.

    >>> fold("Điện Biên Phủ")
    'dien bien phu'
    """
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return unicodedata.normalize("NFC", "".join(c for c in plain if not unicodedata.combining(c))).lower()


# Tone on the first vowel of oa, oe, uy at a syllable's end (old placement) moved to the second (new placement).
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_OLD_PLACEMENT = re.compile(
    f"(?i)(?<![a-z])((?:[^\\W\\d_]*[^\\W\\d_q])?)(o[{_TONES}][ae]|u[{_TONES}]y)(?![a-z\u0300-\u036f])"
)


def place_tone(syllable: str) -> str:
    """Give a syllable its tone mark in one placement, so that hoà and hòa, thuý and thúy match; others unchanged.

    >>> place_tone("hoà"), place_tone("hòa"), place_tone("thúy"), place_tone("quý")
    ('hoà', 'hoà', 'thuý', 'quý')
    """
    apart = unicodedata.normalize("NFD", syllable)
    moved = _OLD_PLACEMENT.sub(lambda m: m[1] + m[2][0] + m[2][2] + m[2][1], apart)
    return unicodedata.normalize("NFC", moved)
