import gzip
import random
import time
import unicodedata
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.values import Outcome
from pipeline.charset import _TABLES, decode_text
from pipeline.extract import extract
from pipeline.outlet import load_outlets
from pipeline.payload import decode_body, verify_body
from tests.pipeline.making import TEXT, capture, page

RAW = (TEXT * 400).encode()


def raw_deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    return stream.compress(data) + stream.flush()


ENCODED = {
    "gzip": gzip.compress(RAW),
    "deflate": zlib.compress(RAW),
    "br": brotli.compress(RAW),
    "zstd": zstandard.ZstdCompressor(write_checksum=True).compress(RAW),
}


@pytest.mark.parametrize("encoding", ENCODED)
def test_an_encoded_body_is_decoded(encoding: str) -> None:
    payload = decode_body(capture(ENCODED[encoding], Content_Encoding=encoding))
    assert (Outcome.OK, RAW, RAW.decode()) == (payload.outcome, payload.body, payload.text)


def test_deflate_without_its_header_and_stacked_encodings_are_decoded() -> None:
    assert decode_body(capture(raw_deflate(RAW), Content_Encoding="deflate")).body == RAW
    assert decode_body(capture(gzip.compress(ENCODED["br"]), Content_Encoding="br, gzip")).body == RAW


@pytest.mark.parametrize("encoding", ENCODED)
@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 0.99])
def test_a_cut_stream_is_truncated_and_gives_no_text(encoding: str, share: float) -> None:
    cut = ENCODED[encoding][: int(len(ENCODED[encoding]) * share)]
    payload = decode_body(capture(cut, Content_Encoding=encoding))
    assert (payload.outcome, payload.body, payload.text) == (Outcome.TRUNCATED, b"", "")


@pytest.mark.parametrize("encoding", ENCODED)
def test_a_stream_without_its_last_byte_is_truncated(encoding: str) -> None:
    assert decode_body(capture(ENCODED[encoding][:-1], Content_Encoding=encoding)).outcome is Outcome.TRUNCATED


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "zstd"])
def test_a_wrong_checksum_is_corrupt(encoding: str) -> None:
    flipped = bytearray(ENCODED[encoding])
    flipped[-6 if encoding == "gzip" else -2] ^= 1
    assert decode_body(capture(bytes(flipped), Content_Encoding=encoding)).outcome is Outcome.CORRUPT


def test_a_body_shorter_than_promised_is_truncated() -> None:
    assert decode_body(capture(RAW[:-5], Content_Length=str(len(RAW)))).outcome is Outcome.TRUNCATED


@pytest.mark.parametrize("bomb", ["gzip", "br", "zstd"])
def test_a_bomb_is_too_large(bomb: str) -> None:
    zeros = bytes(40 * 2**20)
    packed = {
        "gzip": lambda: gzip.compress(zeros),
        "br": lambda: brotli.compress(zeros, quality=4),
        "zstd": lambda: zstandard.compress(zeros),
    }[bomb]()
    assert decode_body(capture(packed, Content_Encoding=bomb)).outcome is Outcome.TOO_LARGE


MANY = {
    "gzip members": ("gzip", gzip.compress(b"", mtime=0)),
    "zstd frames": ("zstd", zstandard.ZstdCompressor().compress(b"")),
}
MEMBERS_JOINED = {"gzip": gzip.compress, "zstd": zstandard.ZstdCompressor(write_checksum=True).compress}


@pytest.mark.parametrize("name", MANY)
def test_a_body_of_countless_empty_members_is_corrupt_and_soon(name: str) -> None:
    encoding, one = MANY[name]
    began = time.monotonic()
    payload = decode_body(capture(one * (2**24 // len(one)), Content_Encoding=encoding))
    assert payload.outcome is Outcome.CORRUPT
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("encoding", MEMBERS_JOINED)
def test_some_members_are_one_body_and_what_follows_them_is_left_out(encoding: str) -> None:
    pieces = [RAW[start : start + 5000] for start in range(0, len(RAW), 5000)]
    joined = b"".join(MEMBERS_JOINED[encoding](piece) for piece in pieces)
    assert decode_body(capture(joined, Content_Encoding=encoding)).body == RAW
    assert decode_body(capture(joined + b"\0rest", Content_Encoding=encoding)).body == RAW
    assert decode_body(capture(joined[:-1], Content_Encoding=encoding)).outcome is Outcome.TRUNCATED


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_sixteen_mebibytes_that_compress_to_nothing_less_are_read_soon(encoding: str) -> None:
    noise = random.Random(1).randbytes(2**24 - 2**16)
    packed = {
        "gzip": lambda: gzip.compress(noise, 1),
        "deflate": lambda: zlib.compress(noise, 1),
        "br": lambda: brotli.compress(noise, quality=0),
        "zstd": lambda: zstandard.compress(noise, 1),
    }[encoding]()
    began = time.monotonic()
    assert verify_body(capture(packed, Content_Encoding=encoding)).body == noise
    assert time.monotonic() - began < 2


def test_an_unknown_or_endless_list_of_encodings_is_corrupt() -> None:
    assert decode_body(capture(RAW, Content_Encoding="lzma")).outcome is Outcome.CORRUPT
    assert decode_body(capture(RAW, Content_Encoding=", ".join(["gzip"] * 9))).outcome is Outcome.CORRUPT


@settings(deadline=None)  # the first example loads libraries
@given(st.binary(max_size=400), st.sampled_from(["", *ENCODED]), st.text(max_size=40))
def test_no_body_raises(body: bytes, encoding: str, content_type: str) -> None:
    decode_body(capture(body, Content_Encoding=encoding, Content_Type=content_type))


def old(charset: str) -> bytes:
    inverse = {character: code for code, character in _TABLES[charset].items()}
    return bytes(inverse[character] for character in TEXT)


def windows_1258() -> bytes:
    parts = []
    for character in TEXT:
        apart = unicodedata.normalize("NFD", character)
        tones = "".join(c for c in apart if c in "\u0300\u0301\u0303\u0309\u0323")
        parts.append(unicodedata.normalize("NFC", "".join(c for c in apart if c not in tones)) + tones)
    return "".join(parts).encode("cp1258")


def sloppy(charset: str) -> bytes:
    return "".join(_one(byte, charset) for byte in TEXT.encode()).encode()


def _one(byte: int, charset: str) -> str:
    try:
        return bytes([byte]).decode(charset)
    except UnicodeDecodeError:
        return chr(byte)


SAME_TEXT = {
    "utf-8": (TEXT.encode(), ""),
    "header lies": (TEXT.encode(), "text/html; charset=windows-1258"),
    "meta lies": (b'<meta charset="windows-1252">' + TEXT.encode(), ""),
    "bom": (b"\xef\xbb\xbf" + TEXT.encode(), ""),
    "utf-16 with bom": (TEXT.encode("utf-16"), ""),
    "utf-16 without": (TEXT.encode("utf-16-le"), ""),
    "nfd": (unicodedata.normalize("NFD", TEXT).encode(), ""),
    "tcvn3": (old("tcvn3"), "text/html; charset=utf-8"),
    "viscii": (old("viscii"), ""),
    "windows-1258": (windows_1258(), "text/html; charset=utf-8"),
    "tcvn3 sent as utf-8": (old("tcvn3").decode("latin-1").encode(), "text/html; charset=utf-8"),
    "utf-8 read as windows-1252": (sloppy("cp1252"), "text/html; charset=utf-8"),
    "utf-8 read as latin-1": (TEXT.encode().decode("latin-1").encode(), ""),
    "utf-8 read as windows-1258": (sloppy("cp1258"), ""),
}


@pytest.mark.parametrize("name", SAME_TEXT)
def test_the_text_is_the_same_in_whatever_charset_it_came(name: str) -> None:
    data, content_type = SAME_TEXT[name]
    assert decode_text(data, content_type).text.removeprefix('<meta charset="windows-1252">') == TEXT


@settings(deadline=None)  # the first example loads libraries
@given(st.text())
def test_valid_utf8_of_any_kind_is_never_refused(text: str) -> None:
    decode_text(text.encode("utf-8", "surrogatepass"))


def test_french_and_english_stay_what_they_are() -> None:
    for text in ("Élysée: la délégation a été reçue à Paris, où l'été fut très doux", "«Đổi mới» ± 5 €"):
        assert text == decode_text(text.encode()).text


@pytest.mark.parametrize("name", SAME_TEXT)
def test_an_article_is_the_same_in_whatever_charset_its_page_came(name: str) -> None:
    data, content_type = SAME_TEXT[name]
    # All but the text is ASCII, which is the same in every charset of one byte.
    around = page("<p>TEXT</p>", title="Tin").replace("(Dân trí) - Một đoạn mở đầu.", "Lead")
    if "utf-16" in name:
        whole = around.replace("TEXT", TEXT).encode("utf-16" if "with bom" in name else "utf-16-le")
    else:
        whole = around.encode().replace(b"TEXT", data.removeprefix(b"\xef\xbb\xbf"))
    reading = extract(capture(whole, Content_Type=content_type), load_outlets()["dantri"])
    assert reading.article is not None
    assert [block.text for block in reading.article.blocks] == [TEXT]
