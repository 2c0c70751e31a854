"""WARC members hold a capture byte for byte, whoever reads them back."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from archive.values import Capture
from archive.warc import members, response_of
from tests.archive.builds import URL, capture

Pairs = tuple[tuple[str, str], ...]


def received(*values: bytes) -> Pairs:
    """Give headers as the download handler does: the latin-1 characters of the bytes that came."""
    return tuple((f"X-{number}", value.decode("latin-1")) for number, value in enumerate(values))


ODD: dict[str, Pairs] = {
    "latin-1": received(b"caf\xe9", b"/t\xecm?q=\xff\xfe"),
    "utf-8": received("/tìm-kiếm".encode(), 'inline; filename="bản tin.pdf"'.encode(), "Đời sống".encode()),
    "tabs and spaces inside": received(b"a\tb", b"a  b \t c"),
    "empty": received(b"", b"x", b""),
    "8 KB": received(b"k" * 8192, "ố".encode() * 2731),
    "one name often": (("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("Vary", "x"), ("Set-Cookie", "a=1")),
    "what ends a line elsewhere": received(b"a\x0bb\x0cc\x1cd\x85e", b"nul\x00nul", b"colon: more; a=b"),
    "space that is none in latin-1": received(b"\xa0x\x85", "à".encode(), b"x\xa0"),
}


def http_blocks(run: bytes, kind: str) -> list[bytes]:
    """Give the blocks of the records of this kind, as warcio holds them, HTTP head and all."""
    return [
        record.raw_stream.read()
        for record in ArchiveIterator(BytesIO(run), no_record_parse=True)
        if record.rec_type == kind
    ]


def head_of(headers: Pairs) -> bytes:
    """Give the head that these headers came in."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"HTTP/1.1 200 OK\r\n{lines}\r\n".encode("latin-1")


@pytest.mark.parametrize("headers", ODD.values(), ids=list(ODD))
def test_header_values_are_written_as_the_bytes_received(headers: Pairs) -> None:
    taken = capture(headers=headers, body=b"\r\n\r\nbody\r\n\r\n")
    run = members(taken, keep=True, facts={})
    assert http_blocks(run, "response") == [head_of(headers) + taken.body]
    again = response_of(run, outlet="dantri", url=URL)
    assert again is not None
    assert (again.headers, again.body, again.status) == (headers, taken.body, 200)


@pytest.mark.parametrize("headers", ODD.values(), ids=list(ODD))
def test_a_revisit_and_a_request_keep_their_headers_too(headers: Pairs) -> None:
    before = (URL, capture().fetched_at)
    run = members(capture(headers=headers, request_headers=headers), keep=False, facts={}, kept_before=before)
    assert http_blocks(run, "revisit") == [head_of(headers)]
    (request,) = http_blocks(run, "request")
    assert request.endswith(head_of(headers).partition(b"\r\n")[2])


@pytest.mark.parametrize("name", ["latin-1", "utf-8", "tabs and spaces inside", "empty", "8 KB", "one name often"])
def test_fastwarc_and_warcio_parse_the_same_values(name: str) -> None:
    fastwarc = pytest.importorskip("fastwarc.warc")
    run = members(capture(headers=ODD[name]), keep=True, facts={})
    (by_fastwarc,) = fastwarc.ArchiveIterator(BytesIO(run), record_types=fastwarc.WarcRecordType.response)
    by_warcio = next(record for record in ArchiveIterator(BytesIO(run)) if record.rec_type == "response")
    wanted = [(key, value.encode("latin-1")) for key, value in ODD[name]]
    assert by_warcio.http_headers.headers == [(key, as_warcio(value)) for key, value in wanted]
    assert [(key, as_windows(value)) for key, value in by_fastwarc.http_headers] == wanted


def as_warcio(value: bytes) -> str:
    """Decode a value as warcio does: UTF-8 where it is, else latin-1."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def as_windows(value: str) -> bytes:
    """Give the bytes behind a value as fastwarc decodes it: windows-1252, what that leaves out as latin-1."""
    return b"".join(each.encode("cp1252" if ord(each) > 0xFF else "latin-1") for each in value)


@given(st.lists(st.binary(max_size=40), max_size=5), st.binary(max_size=60))
def test_whatever_bytes_come_are_read_back(values: list[bytes], body: bytes) -> None:
    held = [value.replace(b"\r", b" ").replace(b"\n", b" ").strip(b" \t") for value in values]
    run = members(capture(headers=received(*values), body=body), keep=True, facts={})
    again = response_of(run, outlet="dantri", url=URL)
    assert isinstance(again, Capture)
    assert (again.headers, again.body) == (received(*held), body)


def test_a_line_break_in_a_value_makes_no_header_of_its_own() -> None:
    run = members(capture(headers=(("X", "a\r\nEvil: b\r\n\r\nbody"),)), keep=True, facts={})
    again = response_of(run, outlet="dantri", url=URL)
    assert again is not None
    assert again.headers == (("X", "a  Evil: b    body"),)


def test_an_address_with_marks_is_asked_for_in_ascii() -> None:
    run = members(capture(url="https://dantri.com.vn/tìm kiếm?q=bão"), keep=True, facts={})
    (request,) = http_blocks(run, "request")
    assert request.startswith(b"GET /t%C3%ACm%20ki%E1%BA%BFm?q=b%C3%A3o HTTP/1.1\r\nHost: dantri.com.vn\r\n")
