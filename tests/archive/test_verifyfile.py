"""One WARC file by itself: every cut and every flipped bit of a compressed one is found."""

from __future__ import annotations

import gzip
import random
import re
import zlib
from base64 import b32encode
from collections.abc import Iterator
from hashlib import sha1, sha256
from io import BytesIO
from pathlib import Path

import brotli
import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.errors import UsageProblem
from archive.report import Problem, Report
from archive.verifyfile import verify_file

ADDRESS = "http://example.org/"


def written(*, gzip: bool, records: int = 6, **headers: str) -> bytes:
    """Write a WARC with warcio: requests that name their response, as other writers do."""
    made = BytesIO()
    writer = WARCWriter(made, gzip=gzip)
    for number in range(records):
        http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        body = f"tin số {number} ".encode() * 9
        whole = {"payload": BytesIO(body), "length": len(body)}
        response = writer.create_warc_record(f"{ADDRESS}{number}", "response", http_headers=http, **whole)
        asked = StatusAndHeaders(f"GET /{number} HTTP/1.1", [("Host", "example.org")], is_http_request=True)
        request = writer.create_warc_record(f"{ADDRESS}{number}", "request", http_headers=asked)
        request.rec_headers.add_header("WARC-Concurrent-To", response.rec_headers.get_header("WARC-Record-ID"))
        for name, value in headers.items():
            response.rec_headers.replace_header(name.replace("_", "-"), value)
        writer.write_record(response)
        writer.write_record(request)
    return made.getvalue()


def found(path: Path, data: bytes) -> list[Problem]:
    path.write_bytes(data)
    report = Report()
    verify_file(path, report)
    return report.problems


def member_offsets(data: bytes) -> Iterator[int]:
    at = 0
    while at < len(data):
        yield at
        member = zlib.decompressobj(31)
        member.decompress(data[at:])
        at = len(data) - len(member.unused_data)


def is_another_spelling(data: bytes, broken: bytes, at: int) -> bool:
    """Tell whether compressed data (no header, no end of a member) were changed and still give the same bytes."""
    begin = max(offset for offset in member_offsets(data) if offset <= at)
    member = zlib.decompressobj(31)
    member.decompress(data[begin:])
    end = len(data) - len(member.unused_data)
    same = zlib.decompressobj(31)
    return begin + 10 <= at < end - 9 and same.decompress(broken[begin:end]) == zlib.decompress(data[begin:end], 31)


@pytest.mark.parametrize("gzip", [True, False])
def test_a_whole_file_of_another_writer_is_clean(gzip: bool, tmp_path: Path) -> None:
    assert found(tmp_path / "a.warc", written(gzip=gzip)) == []


def test_every_cut_is_found_but_one_between_two_records(tmp_path: Path) -> None:
    data = written(gzip=True, records=3)
    ends = [*member_offsets(data)]
    missed = [size for size in range(len(data)) if not found(tmp_path / "a.warc.gz", data[:size])]
    assert set(missed) <= set(ends) - {0}


def test_every_flipped_bit_is_found_and_named_once(tmp_path: Path) -> None:
    data, chance = written(gzip=True), random.Random(20261121)
    second = [*member_offsets(data)][1]
    bits = [*range(second * 8, second * 8 + 100), *(chance.randrange(len(data) * 8) for _ in range(150))]
    for bit in bits:
        broken = bytearray(data)
        broken[bit // 8] ^= 1 << bit % 8
        problems = found(tmp_path / "a.warc.gz", bytes(broken))
        if not problems and is_another_spelling(data, bytes(broken), bit // 8):
            continue
        assert {problem.kind for problem in problems} - {"missing"} == {"damaged"}, bit
        assert max(at for at in member_offsets(data) if at <= bit // 8) in [problem.offset for problem in problems]


def test_a_damaged_record_is_named_with_id_and_address_and_the_rest_is_read(tmp_path: Path) -> None:
    data = written(gzip=True)
    third = [*member_offsets(data)][2]
    broken = data[: third + 300] + bytes([data[third + 300] ^ 4]) + data[third + 301 :]
    report = Report()
    (tmp_path / "a.warc.gz").write_bytes(broken)
    verify_file(tmp_path / "a.warc.gz", report)
    [problem] = report.problems
    assert (problem.kind, problem.offset, problem.target) == ("damaged", third, f"{ADDRESS}1")
    assert (problem.record or "").startswith("urn:uuid:")
    assert report.records == 12


def test_a_plain_file_is_held_against_lengths_and_digests(tmp_path: Path) -> None:
    data = written(gzip=False, records=3)
    path = tmp_path / "a.warc"
    cuts = [size for size in range(1, len(data), 5) if not found(path, data[:size])]
    assert all(data[:size].endswith(b"\r\n\r\n") for size in cuts)
    at = data.index("tin số".encode())
    assert [problem.kind for problem in found(path, data[:at] + b"T" + data[at + 1 :])] == ["damaged"]


@pytest.mark.parametrize(
    "stated", ["sha256:00", "md5:1B2M2Y8AsgTpgAmY7PhCfg==", "SHA-1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"]
)
def test_a_wrong_digest_of_any_algorithm_is_found(stated: str, tmp_path: Path) -> None:
    data = written(gzip=False, records=1, WARC_Payload_Digest=stated)
    [problem] = found(tmp_path / "a.warc", data)
    assert "WARC-Payload-Digest" in problem.what


PAGE = "<p>xin chào</p>".encode() * 60
PACKED = {"gzip": gzip.compress(PAGE, mtime=0), "deflate": zlib.compress(PAGE), "br": brotli.compress(PAGE)}


def in_chunks(body: bytes) -> bytes:
    parts = [body[at : at + 70] for at in range(0, len(body), 70)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def stating(body: bytes, digest: str, **headers: str) -> bytes:
    """Write one response that states this payload digest."""
    made = BytesIO()
    writer = WARCWriter(made, gzip=False)
    named = [(name.replace("_", "-"), value) for name, value in headers.items()]
    http = StatusAndHeaders("200 OK", named, protocol="HTTP/1.1")
    whole = {"payload": BytesIO(body), "length": len(body)}
    record = writer.create_warc_record(ADDRESS, "response", http_headers=http, **whole)
    record.rec_headers.add_header("WARC-Payload-Digest", digest)
    writer.write_record(record)
    return made.getvalue()


@pytest.mark.parametrize("coding", ["", *PACKED])
@pytest.mark.parametrize("chunked", [True, False])
def test_a_payload_digest_may_be_of_any_form_of_the_payload(coding: str, chunked: bool, tmp_path: Path) -> None:
    entity = PACKED.get(coding, PAGE)
    stored = in_chunks(entity) if chunked else entity
    headers = {"Transfer_Encoding": "chunked"} if chunked else {}
    headers |= {"Content_Encoding": coding} if coding else {}
    for form in (PAGE, entity, stored):
        for digest in ("sha256:" + sha256(form).hexdigest(), "sha1:" + b32encode(sha1(form).digest()).decode()):
            assert found(tmp_path / "a.warc", stating(stored, digest, **headers)) == []
    [problem] = found(tmp_path / "a.warc", stating(stored, "sha256:" + sha256(b"other").hexdigest(), **headers))
    assert "WARC-Payload-Digest" in problem.what


def test_what_a_writer_cut_may_state_the_whole_payload(tmp_path: Path) -> None:
    data = written(gzip=True, records=1, WARC_Truncated="length", WARC_Payload_Digest="sha1:" + "A" * 32)
    assert found(tmp_path / "a.warc.gz", data) == []


@pytest.mark.parametrize("at", ["between", "behind"])
@pytest.mark.parametrize("packed", [True, False])
def test_garbage_is_named_where_it_stands_and_the_rest_is_read(at: str, packed: bool, tmp_path: Path) -> None:
    data = written(gzip=packed, records=3)
    begin = {"between": [*record_offsets(data, packed=packed)][2], "behind": len(data)}[at]
    report = Report()
    (tmp_path / "a.warc").write_bytes(data[:begin] + b"not a record\r\n" + data[begin:])
    verify_file(tmp_path / "a.warc", report)
    assert [(problem.kind, problem.offset) for problem in report.problems] == [("damaged", begin)]
    assert report.records == 7


def record_offsets(data: bytes, *, packed: bool) -> Iterator[int]:
    if packed:
        return member_offsets(data)
    return (found.start() for found in re.finditer(rb"WARC/1\.\d\r\n", data))


@pytest.mark.parametrize("off", [-7, -2, 3, 10**9])
@pytest.mark.parametrize("packed", [True, False])
def test_a_wrong_content_length_is_named(off: int, packed: bool, tmp_path: Path) -> None:
    first = written(gzip=False, records=1, WARC_Block_Digest="")
    length = int(first.partition(b"Content-Length: ")[2].partition(b"\r\n")[0])
    wrong = first.replace(b"Content-Length: %d" % length, b"Content-Length: %d" % (length + off), 1)
    data = (gzip.compress(wrong, mtime=0) if packed else wrong) + written(gzip=packed, records=2)
    problems = found(tmp_path / "a.warc", data)
    assert (problems[0].offset, problems[0].target) == (0, f"{ADDRESS}0")


def test_a_head_that_cannot_be_and_a_name_given_twice_are_damage(tmp_path: Path) -> None:
    data = written(gzip=False, records=1)
    assert "WARC-Date" in found(tmp_path / "a.warc", data.replace(b"WARC-Date: 2", b"WARC-Date: x"))[0].what
    assert "version" in found(tmp_path / "a.warc", data.replace(b"WARC/1.0", b"WARC/1x0", 1))[0].what
    assert "two lengths" in found(tmp_path / "a.warc", data.replace(b"\r\n", b"\r\nContent-Length: 5\r\n", 1))[0].what
    twice = found(tmp_path / "a.warc", data + data)
    assert [problem.what for problem in twice] == ["its WARC-Record-ID is also another record's"] * 2


OTHERS = {
    "a ZIP file": b"PK\x03\x04\x14\x00 and so on",
    "a page or XML": b"\n<!DOCTYPE html><html>",
    "an ARC file": b"filedesc://a.arc 0.0.0.0 2006 text/plain 76\n",
    "text that begins 'hello": b"hello world\n" * 99,
}


@pytest.mark.parametrize("what", OTHERS)
@pytest.mark.parametrize("packed", [True, False])
def test_what_is_no_warc_is_told_in_one_line(what: str, packed: bool, tmp_path: Path) -> None:
    data = gzip.compress(OTHERS[what]) if packed else OTHERS[what]
    [problem] = found(tmp_path / "a.warc.gz", data)
    assert problem.what.startswith(f"it is no WARC file but {what}")


def test_a_plain_file_without_digests_says_what_stays_unseen(tmp_path: Path) -> None:
    data = re.sub(rb"WARC-(Block|Payload)-Digest: [^\r]*\r\n", b"", written(gzip=False, records=2))
    report = Report()
    (tmp_path / "a.warc").write_bytes(data)
    verify_file(tmp_path / "a.warc", report)
    assert (report.problems, "4 record(s) state no digest" in report.notes[0]) == ([], True)


def test_a_lost_concurrent_record_is_missing(tmp_path: Path) -> None:
    data = written(gzip=True, records=3)
    second = [*member_offsets(data)][2:4]
    [problem] = found(tmp_path / "a.warc.gz", data[: second[0]] + data[second[1] :])
    assert (problem.kind, problem.target) == ("missing", f"{ADDRESS}1")


def test_a_file_without_records_is_damaged_and_zstd_is_refused(tmp_path: Path) -> None:
    for data in (b"", b"<html>", b"\x1f\x8b\x08" + bytes(20), b"\0" * 999):
        assert [problem.kind for problem in found(tmp_path / "a.warc.gz", data)] == ["damaged"], data[:9]
    with pytest.raises(UsageProblem, match="zstd"):
        found(tmp_path / "a.warc.zst", b"\x28\xb5\x2f\xfd rest")


def test_memory_is_flat_for_a_large_record(tmp_path: Path) -> None:
    import tracemalloc

    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    head = b"WARC/1.1\r\nWARC-Type: resource\r\nWARC-Record-ID: <urn:x>\r\nWARC-Date: 2026-11-20T00:00:00Z\r\n"
    size = 60 * 2**20
    with (tmp_path / "a.warc.gz").open("wb") as file:
        file.write(packer.compress(head + b"Content-Length: %d\r\n\r\n" % size))
        for _ in range(60):
            file.write(packer.compress(b"x" * 2**20))
        file.write(packer.compress(b"\r\n\r\n") + packer.flush())
    report = Report()
    tracemalloc.start()
    verify_file(tmp_path / "a.warc.gz", report)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (report.problems, report.records) == ([], 1)
    assert peak < 10 * 2**20
