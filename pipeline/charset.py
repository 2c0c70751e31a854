"""Bytes to text: which charset a page is really in, whatever its header and its meta say; mojibake repaired.

Old Vietnamese encodings beside UTF-8: windows-1258 (Python's cp1258, combining marks), VISCII (RFC 1456) and TCVN3
(TCVN 5712:1993, the ABC fonts). Which one it is, is told by how many words become Vietnamese syllables.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from itertools import islice

from archive.text import nfc
from pipeline.mojibake import repair_mojibake

_VISCII_LOW = {0x02: "Ẳ", 0x05: "Ẵ", 0x06: "Ẫ", 0x14: "Ỷ", 0x19: "Ỹ", 0x1E: "Ỵ"}
_VISCII_HIGH = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ"
    "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
)
_TCVN_HIGH = (
    "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ\u00a0ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴẮẦẨẪẤỀ"
    "ặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"
)
_TABLES = {
    "viscii": {i: _VISCII_LOW.get(i, chr(i)) for i in range(128)} | {i + 128: c for i, c in enumerate(_VISCII_HIGH)},
    "tcvn3": {i: chr(i) for i in range(128)} | {i + 128: c for i, c in enumerate(_TCVN_HIGH)},
}
_OLD = ("cp1258", "tcvn3", "viscii", "cp1252")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(
    rb"""(?i)(?:<meta[^>]{0,200}?charset\s*=\s*["']?|<\?xml[^>]{0,99}encoding\s*=\s*["'])([\w.:-]{2,40})"""
)
_HEADER = re.compile(r"""(?i)charset\s*=\s*["']?([\w.:-]{2,40})""")
_SURROGATE = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
_WORD = re.compile(r"[^\W\d_]+")
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?"
    r"(?:uye|uya|uoi|uou|ieu|yeu|oai|oay|oeo|uay|uyu|[iuy]e|ia|ua|uo|uu|ui|uy|ai|ao|au|ay|eo|eu|iu|oa|oe|oi|oo|[aeiouy])"
    r"(?:ng|nh|ch|[cmnpt])?"
)
#: Letters that only Vietnamese has, three of them: the text was read rightly.
_LETTERS = re.compile("[\u1ea0-\u1ef9](?:[^\u1ea0-\u1ef9]*[\u1ea0-\u1ef9]){2}")
_HIGH_RUN = re.compile(r"[^\x00-\x7f]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """Text with the charset that gave it and how that was found (bom, utf-8, header, meta, words; `+mojibake`)."""

    text: str
    charset: str
    how: str


def decode_text(data: bytes, content_type: str = "") -> Decoded:
    r"""Decode a page: BOM, then UTF-8 when valid, then what header, meta and the words themselves say; NFC.

    >>> decode_text("Tiếng Việt".encode("utf-8"), "text/html; charset=windows-1258")
    Decoded(text='Tiếng Việt', charset='utf-8', how='utf-8')
    >>> decode_text(b"H\xb5 N\xe9i, Vi\xd6t Nam").text
    'Hà Nội, Việt Nam'
    """
    found = _raw(data, content_type)
    repaired = repair_mojibake(found.text)
    how = found.how if repaired == found.text else f"{found.how}+mojibake"
    return Decoded(text=nfc(repaired), charset=found.charset, how=how)


def _raw(data: bytes, content_type: str) -> Decoded:
    for bom, charset in _BOMS:
        if data.startswith(bom):
            return Decoded(text=data[len(bom) :].decode(charset, "replace"), charset=charset, how="bom")
    if wide := _wide(data):
        return Decoded(text=data.decode(wide, "replace"), charset=wide, how="zero bytes")
    try:
        text = _SURROGATE.sub(b"", data).decode("utf-8")
    except UnicodeDecodeError:
        return _not_utf8(data, content_type)
    if (old := _old_read_as_utf8(text)) is not None:
        return old
    return Decoded(text=text, charset="utf-8", how="utf-8")


def _wide(data: bytes) -> str:
    sample = data[:2000]
    if len(sample) < 8 or sample.count(0) < len(sample) // 5:
        return ""
    return "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"


def _not_utf8(data: bytes, content_type: str) -> Decoded:
    lenient = data.decode("utf-8", "replace")
    high = sum(1 for _ in _HIGH_RUN.finditer(lenient)) or 1
    # A few broken bytes in a UTF-8 page are damage, not another charset.
    if lenient.count("\ufffd") * 20 < high:
        return Decoded(text=lenient, charset="utf-8", how="utf-8, damaged")
    said = _said(data, content_type)
    candidates = list(dict.fromkeys([name for name, _ in said] + list(_OLD)))
    texts = {name: text for name in candidates if (text := _decode(data, name)) is not None}
    if not texts:
        return Decoded(text=lenient, charset="utf-8", how="utf-8, damaged")
    best = max(texts, key=lambda name: (round(vietnamese_share(texts[name]), 2), -candidates.index(name)))
    how = next((source for name, source in said if name == best), "words")
    return Decoded(text=texts[best], charset=best, how=how)


def _said(data: bytes, content_type: str) -> list[tuple[str, str]]:
    header, meta = _HEADER.search(content_type), _META.search(data[:4096])
    said = [(header[1], "header")] if header else []
    said += [(meta[1].decode("ascii"), "meta")] if meta else []
    return [(codecs.lookup(name).name, source) for name, source in said if _known(name)]


def _known(name: str) -> bool:
    try:
        return codecs.lookup(name).name not in ("utf-8", "ascii") and codecs.lookup(name)._is_text_encoding
    except LookupError:
        return False


def _decode(data: bytes, charset: str) -> str | None:
    if table := _TABLES.get(charset):
        return data.decode("latin-1").translate(table)
    try:
        return nfc(data.decode(charset, "replace"))
    except (LookupError, ValueError):
        return None


def _old_read_as_utf8(text: str) -> Decoded | None:
    """Undo an old one-byte charset that a server re-encoded to UTF-8 as if it were Latin."""
    if text.isascii() or _LETTERS.search(text) or (share := vietnamese_share(text[:40_000])) > 0.5:
        return None
    for charset in ("tcvn3", "viscii"):
        try:
            data = text.encode("cp1252", "latin_fallback")
        except UnicodeEncodeError:
            return None
        again = _decode(data, charset)
        if again is not None and vietnamese_share(again[:40_000]) > max(0.8, share + 0.3):
            return Decoded(text=again, charset=charset, how="words")
    return None


def vietnamese_share(text: str) -> float:
    """Give the share of words with a letter beyond ASCII that are Vietnamese syllables; 0.0 when there are under 3.

    >>> vietnamese_share("Nga và Mỹ đàm phán"), vietnamese_share("Ngõ Ã Ýë øÿ")
    (1.0, 0.5)
    """
    beyond = (found[0] for found in _WORD.finditer(text) if not found[0].isascii())
    words = list(islice(beyond, 4000))
    if len(words) < 3:
        return 0.0
    return sum(1 for word in words if _is_syllable(word)) / len(words)


def _is_syllable(word: str) -> bool:
    # Capitals inside a word are the mark of a wrong charset: ViÖt.
    if not (word.islower() or word.isupper() or word[1:].islower()):
        return False
    apart = unicodedata.normalize("NFD", word.lower().replace("đ", "d"))
    marks = [c for c in apart if unicodedata.combining(c)]
    plain = "".join(c for c in apart if not unicodedata.combining(c))
    known = all(c in "\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b" for c in marks)
    return known and len(marks) <= 3 and bool(_SYLLABLE.fullmatch(plain))
