"""Responses out of other writers' WARCs, whatever they look like; damage is named and passed."""

from __future__ import annotations

import gzip
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.foreign import Passed, Response, responses

URL = "https://dantri.com.vn/xa-hoi/bai-bao-20221223144734383.htm"


def warc(*records: tuple[str, str, bytes], packed: bool = True) -> bytes:
    """Write records (type, address, body) as another program does: WARC 1.0, warcio's own form."""
    file = BytesIO()
    writer = WARCWriter(file, gzip=packed)
    for number, (kind, url, body) in enumerate(records):
        http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        dated = {"WARC-Date": f"2019-03-01T12:00:{number:02}Z"}
        head = {"http_headers": http} if kind == "response" else {}
        content = {"payload": BytesIO(body), "length": len(body)}
        writer.write_record(writer.create_warc_record(url, kind, warc_headers_dict=dated, **content, **head))
    return file.getvalue()


def read(path: Path, data: bytes) -> list[Response | Passed]:
    path.write_bytes(data)
    return list(responses(path))


THREE = (("response", URL, b"<p>1"), ("resource", URL, b"other"), ("response", f"{URL}?2", b"<p>2"))


@pytest.mark.parametrize("form", ["members", "plain", "one member"])
def test_every_form_of_file_is_read(tmp_path: Path, form: str) -> None:
    data = warc(*THREE, packed=form == "members")
    found = read(tmp_path / "a.warc.gz", gzip.compress(data) if form == "one member" else data)
    bodies = [one.body if isinstance(one, Response) else one.kind for one in found]
    assert bodies == [b"<p>1", "resource", b"<p>2"]
    first = found[0]
    assert isinstance(first, Response)
    assert (first.url, first.status, first.headers) == (URL, 200, (("Content-Type", "text/html"),))
    assert first.fetched_at.isoformat() == "2019-03-01T12:00:00+00:00"


def test_a_damaged_member_costs_itself_only(tmp_path: Path) -> None:
    one, two = warc(THREE[0]), warc(THREE[2])
    broken = bytearray(one)
    broken[-12] ^= 1
    found = read(tmp_path / "a.warc.gz", bytes(broken) + two)
    assert [type(each) for each in found] == [Passed, Response]
    assert isinstance(found[0], Passed)
    assert (found[0].kind, found[0].where) == ("damaged", "a.warc.gz:0")


def test_a_segment_is_no_whole_answer(tmp_path: Path) -> None:
    part = warc(THREE[0], packed=False).replace(b"WARC-Type:", b"WARC-Segment-Number: 1\r\nWARC-Type:")
    (found,) = read(tmp_path / "a.warc", part)
    assert isinstance(found, Response)
    assert found.truncated


def test_a_plain_record_whose_body_changed_is_damaged(tmp_path: Path) -> None:
    data = warc(THREE[0], packed=False).replace(b"<p>1", b"<p>7")
    assert [getattr(one, "kind", "") for one in read(tmp_path / "a.warc", data)] == ["damaged"]


def test_header_values_are_the_bytes_that_were_received(tmp_path: Path) -> None:
    head = "HTTP/1.1 301 Moved\r\nLocation: /tìm\r\nX-Folded: a\r\n  b\r\n".encode() + b"X-Old: caf\xe9\r\n\r\n"
    [one] = read(tmp_path / "a.warc", plain_response(head + b"<p>"))
    assert isinstance(one, Response)
    assert (one.status, one.body) == (301, b"<p>")
    assert {name: value.encode("latin-1") for name, value in one.headers} == {
        "Location": "/tìm".encode(),
        "X-Folded": b"a b",
        "X-Old": b"caf\xe9",
    }


def plain_response(block: bytes) -> bytes:
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {URL}\r\nWARC-Date: 2019-03-01T12:00:00Z\r\n"
    named = f"{head}WARC-Record-ID: <urn:x>\r\nContent-Type: application/http\r\nContent-Length: {len(block)}\r\n\r\n"
    return named.encode() + block + b"\r\n\r\n"


def test_a_cut_file_gives_all_that_is_whole(tmp_path: Path) -> None:
    data = warc(*THREE)
    assert [getattr(one, "kind", "") for one in read(tmp_path / "a.warc.gz", data[:-9])] == ["", "resource", "damaged"]


def test_a_stand_in_server_is_told(tmp_path: Path) -> None:
    file = BytesIO()
    writer = WARCWriter(file, gzip=True)
    writer.write_record(writer.create_warcinfo_record("a", {"software": "luuchieu", "via": "http://127.0.0.1:80"}))
    found = read(tmp_path / "a.warc.gz", file.getvalue() + warc(THREE[0]))
    assert [one.via for one in found if isinstance(one, Response)] == ["http://127.0.0.1:80"]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 255), st.booleans())
def test_no_byte_breaks_the_reader(tmp_path_factory: pytest.TempPathFactory, at: int, value: int, packed: bool) -> None:
    data = bytearray(warc(*THREE, packed=packed))
    data[at % len(data)] = value
    found = read(tmp_path_factory.mktemp("warc") / "a.warc.gz", bytes(data))
    assert sum(isinstance(one, Response) for one in found) <= 2
