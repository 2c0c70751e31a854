"""Where else a text stands: kept payloads, of lists and of other pages, in which passages of it are printed."""

from __future__ import annotations

import html
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from archive.folder import Folder
from archive.segment import Place, read
from archive.tables import captures, versions
from archive.text import squash
from archive.values import Article, Capture
from archive.warc import response_of

#: Shorter passages are no one's own.
TITLE, PASSAGE = 16, 40
#: No payload is inflated to more than this.
LARGEST = 64 * 2**20
_TOGETHER = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A capture whose kept payload prints passages of a text that is not its own."""

    outlet: str
    chain: str
    url: str
    document_id: int | None


def passages(articles: Iterable[Article]) -> frozenset[str]:
    """Give the passages by which these articles are known again: titles, leads and blocks that are long enough.

    >>> sorted(passages([Article(title="Bão số 9 vào bờ biển", lead="Ngắn.")]))
    ['Bão số 9 vào bờ biển']
    """
    found = set()
    for article in articles:
        for shortest, text in ((TITLE, article.title), (PASSAGE, article.lead), (PASSAGE, article.note)):
            found.add(squash(text) if len(text) >= shortest else "")
        found.update(squash(block.text) for block in article.blocks if len(block.text) >= PASSAGE)
        found.update(passages(article.contained))
    return frozenset(found - {""})


def mentions(
    folder: Folder, wanted: frozenset[str], *, but: frozenset[int], report: Callable[[int], None]
) -> Iterator[Mention]:
    """Give the captures of the archive that print one of these passages, but for those `but`; all are read."""
    seen = 0
    for rows in _kept(folder):
        for row in rows:
            seen += 1
            if row.id in but:
                continue
            taken = _payload(folder, row)
            if taken is not None and prints(taken, wanted):
                yield Mention(outlet=row.outlet, chain=row.chain, url=row.url, document_id=row.document_id)
        report(seen)


def _payload(folder: Folder, row: Row[Any]) -> Capture | None:
    """Give a kept payload, None where its file is gone. Raises Damaged: nobody knows what a damaged one prints."""
    place = Place(file=row.warc_file, offset=row.warc_offset, length=row.warc_length)
    try:
        return response_of(read(folder.warc_dir, place), outlet=row.outlet, url=row.url)
    except FileNotFoundError:
        return None


def prints(capture: Capture, wanted: frozenset[str]) -> bool:
    """Tell whether a capture's payload prints one of these passages, in whatever encoding it came."""
    body = squash(html.unescape(html.unescape(decoded(capture).decode("utf-8", "replace"))))
    return any(passage in body for passage in wanted)


def says(connection: Connection, document_id: int | None, wanted: frozenset[str]) -> bool:
    """Tell whether an article of the document itself says one of these passages: it shares the text."""
    query = select(versions.c.content).where(versions.c.document_id == document_id)
    written = [json.dumps(passage, ensure_ascii=False)[1:-1] for passage in wanted]
    return any(passage in content for content in connection.execute(query).scalars() for passage in written)


def decoded(capture: Capture) -> bytes:
    """Undo the payload's content encodings, as far as they can be undone; never more than 64 MiB."""
    body = capture.body
    for coding in reversed((capture.header("content-encoding") or "").lower().split(",")):
        try:
            body = _undone(body, coding.strip())
        except Exception:  # four decoders, each with errors of its own; what cannot be undone is looked at as it is
            return body
    return body


def _undone(body: bytes, coding: str) -> bytes:
    if coding in ("gzip", "x-gzip", "deflate"):
        bits = 31 if coding != "deflate" else (15 if body[:1] == b"\x78" else -15)
        return zlib.decompressobj(bits).decompress(body, LARGEST)
    if coding == "br":
        import brotli

        return bytes(brotli.Decompressor().process(body, output_buffer_limit=LARGEST))
    if coding == "zstd":
        import zstandard

        return zstandard.ZstdDecompressor().stream_reader(body).read(LARGEST)
    return body


def _kept(folder: Folder) -> Iterator[list[Row[Any]]]:
    after = 0
    while True:
        query = select(captures).where(captures.c.payload_kept, captures.c.id > after)
        with folder.read() as connection:
            rows = list(connection.execute(query.order_by(captures.c.id).limit(_TOGETHER)))
        if not rows:
            return
        yield rows
        after = rows[-1].id
