"""WARC members hold a capture byte for byte, whoever reads them back."""

from __future__ import annotations

import gzip
import os
from datetime import timedelta
from io import BytesIO

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from archive.entry import Before
from archive.values import Capture
from archive.warc import members, record_id, response_of
from tests.archive.builds import NOON, URL, article, capture

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
    before = Before(url=URL, at=capture().fetched_at, chain="ab")
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


FILED = {"filed": {"chain": "abc"}}


def fields_of(run: bytes) -> dict[str, dict[str, list[str]]]:
    """Give each record's WARC fields by its type, as warcio reads them; fastwarc must read the same."""
    by_warcio: dict[str, dict[str, list[str]]] = {}
    for record in ArchiveIterator(BytesIO(run), no_record_parse=True):
        found = by_warcio.setdefault(record.rec_type, {})
        for name, value in record.rec_headers.headers:
            found.setdefault(name, []).append(value)
    by_fastwarc = [dict(record.headers) for record in FastIterator(BytesIO(run), parse_http=False)]
    assert by_fastwarc == [{name: value for name, (value,) in one.items()} for one in by_warcio.values()]
    return by_warcio


def link(fields: dict[str, list[str]], name: str) -> str:
    (value,) = fields[name]
    return value


def test_the_records_of_a_capture_name_each_other() -> None:
    told = fields_of(members(capture(), keep=True, facts=FILED, article=article()))
    ids = {kind: link(one, "WARC-Record-ID") for kind, one in told.items()}
    assert ids["response"] == record_id("abc", "payload")
    assert len(set(ids.values())) == 4
    named = {kind: one.get("WARC-Concurrent-To") for kind, one in told.items()}
    both = {"request": [ids["response"]], "response": [ids["request"]], "metadata": [ids["response"]]}
    assert named == both | {"conversion": None}  # ISO 28500:2017, 5.7: not in a conversion
    assert link(told["conversion"], "WARC-Refers-To") == ids["response"]


def test_a_revisit_names_the_record_the_time_and_the_address_of_its_payload() -> None:
    first = fields_of(members(capture(), keep=True, facts=FILED))
    before = Before(url=URL, at=capture().fetched_at, chain="abc")
    later = capture(NOON + timedelta(hours=1))
    told = fields_of(members(later, keep=False, facts={"filed": {"chain": "d"}}, kept_before=before))["revisit"]
    assert link(told, "WARC-Refers-To") == link(first["response"], "WARC-Record-ID")
    assert link(told, "WARC-Refers-To-Date") == link(first["response"], "WARC-Date")
    assert link(told, "WARC-Refers-To-Target-URI") == URL
    assert link(told, "WARC-Payload-Digest") == link(first["response"], "WARC-Payload-Digest")
    assert link(told, "WARC-Profile").endswith("/1.1/revisit/identical-payload-digest")


@pytest.mark.parametrize("kept", [True, False])
def test_an_unmodified_answer_is_a_revisit_of_what_it_speaks_of(kept: bool) -> None:
    before = Before(url=URL, at=NOON, chain="abc", kept=kept)
    taken = capture(NOON + timedelta(hours=1), status=304, body=b"")
    told = fields_of(members(taken, keep=False, facts=FILED, kept_before=before))["revisit"]
    assert link(told, "WARC-Profile").endswith("/1.1/revisit/server-not-modified")
    assert told.get("WARC-Refers-To") == ([record_id("abc", "payload")] if kept else None)
    assert link(told, "WARC-Refers-To-Target-URI") == URL
    assert "WARC-Payload-Digest" not in told or link(told, "WARC-Payload-Digest").startswith("sha1:")


def test_an_import_is_a_resource_and_its_conversion() -> None:
    body = "\ufeffBài cũ".encode()
    taken = capture(status=None, request_headers=(), headers=(("Content-Type", "text/plain"),), body=body)
    run = members(taken, keep=True, facts=FILED, article=article())
    told = fields_of(run)
    assert list(told) == ["resource", "metadata", "conversion"]
    assert link(told["metadata"], "WARC-Concurrent-To") == link(told["resource"], "WARC-Record-ID")
    assert link(told["conversion"], "WARC-Refers-To") == link(told["resource"], "WARC-Record-ID")
    again = response_of(run, outlet="dantri", url=URL)
    assert again is not None
    assert (again.status, again.body, again.header("content-type")) == (None, body, "text/plain")


PACKED = {
    "gzip by its header": ((("Content-Encoding", "gzip"),), os.urandom(3000)),
    "brotli by its header": ((("content-encoding", "br"),), os.urandom(3000)),
    "a sitemap packed as a file": ((("Content-Type", "application/octet-stream"),), gzip.compress(os.urandom(3000))),
    "a picture": ((("Content-Type", "image/jpeg"),), b"\xff\xd8\xff" + os.urandom(3000)),
}


@pytest.mark.parametrize("name", PACKED)
def test_a_packed_payload_is_not_compressed_twice(name: str) -> None:
    headers, body = PACKED[name]
    run = members(capture(headers=headers, body=body), keep=True, facts={})
    assert body in run  # stored as it is, inside a gzip member of level 0
    again = response_of(run, outlet="dantri", url=URL)
    assert again is not None
    assert again.body == body


def test_a_plain_payload_is_compressed() -> None:
    run = members(capture(body=b"<p>tin</p>" * 1000), keep=True, facts={})
    assert len(run) < 2500
