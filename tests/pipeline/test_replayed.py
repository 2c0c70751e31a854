"""Bodies as other archivers left them: chunked, encoded or not, whatever their headers say."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.values import Capture, Outcome, Reading
from pipeline.replayed import InOrder, bare, dechunked, is_html
from tests.pipeline.making import capture

PAGE = b"<!-- a comment first --><html><body>Tin</body></html>"


def chunked(body: bytes, size: int = 7) -> bytes:
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


@given(st.binary(max_size=60), st.integers(1, 20))
def test_chunks_come_off_as_they_went_on(body: bytes, size: int) -> None:
    assert dechunked(chunked(body, size)) == (body, "")


@given(st.binary(max_size=60))
def test_dechunking_never_raises(body: bytes) -> None:
    dechunked(body)


def test_a_chunked_body_that_was_cut_says_so() -> None:
    assert dechunked(chunked(PAGE)[:-20])[1]


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "deflate", "br", "zstd"])
def test_an_encoding_that_was_undone_is_not_claimed(coding: str) -> None:
    headers, body, cut = bare((("Content-Encoding", coding), ("Content-Length", "999")), PAGE)
    assert (headers, body, cut) == (
        (("X-Orig-Content-Encoding", coding), ("X-Orig-Content-Length", "999")),
        PAGE,
        "",
    )


@pytest.mark.parametrize(
    ("coding", "packed"), [("gzip", gzip.compress(PAGE, mtime=0)), ("deflate", zlib.compress(PAGE))]
)
def test_an_encoding_that_stands_stays(coding: str, packed: bytes) -> None:
    headers = (("Content-Encoding", coding), ("Transfer-Encoding", "chunked"))
    kept, body, _ = bare(headers, chunked(packed))
    assert (kept[0], body) == (headers[0], packed)


def test_brotli_stays_brotli() -> None:
    brotli = pytest.importorskip("brotli")
    packed = brotli.compress(PAGE * 50)
    assert bare((("content-encoding", "br"),), packed) == ((("content-encoding", "br"),), packed, "")


def test_pages_are_told_from_other_files() -> None:
    assert is_html((), b"  <!doctype html>")
    assert not is_html((), b"<?xml version='1.0'?><rss/>")
    assert not is_html((("content-type", "application/rss+xml"),), b"<rss/>")


class Slow:
    """Reads the first capture slowest."""

    async def read(self, capture: Capture, outlet_name: str) -> Reading:
        await asyncio.sleep(float(capture.reason))
        return Reading(outcome=Outcome.OK, identity=capture.reason)


def test_readings_come_in_order_though_the_first_is_slowest() -> None:
    done: list[str] = []

    async def one(reason: str, before: asyncio.Task[None] | None) -> None:
        done.append((await InOrder(Slow(), before).read(replace(capture(""), reason=reason), "dantri")).identity)

    async def all_of_them() -> None:
        before = None
        for reason in ("0.05", "0.0", "0.02"):
            before = asyncio.create_task(one(reason, before))
        assert before is not None
        await before

    asyncio.run(all_of_them())
    assert done == ["0.05", "0.0", "0.02"]
