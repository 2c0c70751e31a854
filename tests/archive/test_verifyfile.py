"""One WARC file by itself: every cut and every flipped bit of a compressed one is found."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.errors import UsageProblem
from archive.report import Problem, Report
from archive.verifyfile import verify_file

ADDRESS = "http://example.org/"
CHUNKED = b"5\r\nxin c\r\n4\r\nh\xc3\xa0o\r\n0\r\n\r\n"


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


def test_a_payload_digest_may_be_of_the_payload_without_chunks(tmp_path: Path) -> None:
    made = BytesIO()
    writer = WARCWriter(made, gzip=False)
    http = StatusAndHeaders("200 OK", [("Transfer-Encoding", "chunked")], protocol="HTTP/1.1")
    whole = {"payload": BytesIO(CHUNKED), "length": len(CHUNKED)}
    record = writer.create_warc_record(ADDRESS, "response", http_headers=http, **whole)
    record.rec_headers.add_header("WARC-Payload-Digest", "sha256:" + _sha256("xin chào".encode()))
    writer.write_record(record)
    assert found(tmp_path / "a.warc", made.getvalue()) == []


def _sha256(data: bytes) -> str:
    from hashlib import sha256

    return sha256(data).hexdigest()


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
