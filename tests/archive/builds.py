"""What several tests of the archive build: captures, readings, a filing in a fresh folder."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from archive import crawls
from archive.commit import Filed
from archive.decide import decide
from archive.entry import Entry
from archive.filing import Filing
from archive.folder import Folder
from archive.values import Article, Block, Capture, Kind, Outcome, Reading
from archive.verify import Problem, verify

NOON = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
URL = "https://dantri.com.vn/the-gioi/tin-20261120113000123.htm"
NAME = "dantri:20261120113000123"


def article(text: str = "Một đoạn văn đủ dài để còn nhớ.", *, title: str = "Tin thử", **more: object) -> Article:
    blocks = tuple(Block(kind=Kind.PARAGRAPH, text=part) for part in text.split("|"))
    return Article(title=title, byline=("An",), blocks=blocks, **more)  # type: ignore[arg-type]  # fields by name


def capture(at: datetime = NOON, body: bytes = b"<p>tin</p>", **more: object) -> Capture:
    known = {"outlet": "dantri", "url": URL, "fetched_at": at, "outcome": Outcome.OK, "status": 200, "body": body}
    headers = {"headers": (("Content-Type", "text/html"),), "request_headers": (("User-Agent", "luuchieu"),)}
    return Capture(**(known | headers | more))  # type: ignore[arg-type]  # fields by name


def reading(content: Article, *, outcome: Outcome = Outcome.OK, identity: str = "one") -> Reading:
    return Reading(outcome=outcome, identity=identity, template="dantri/2026", article=content)


@contextmanager
def filing(path: Path, outlet: str = "dantri", now: datetime = NOON) -> Iterator[Filing]:
    with opened(path, create=True) as folder, folder.lock_outlet(outlet):
        with folder.write() as connection:
            crawl = crawls.begin(connection, outlet, batch=now.isoformat(), via=None, now=now)
        yield Filing(folder, outlet=outlet, crawl_id=crawl, batch=now.isoformat())


def opened(path: Path, *, create: bool = False) -> Folder:
    """Open the archive of this folder: with a database of its own, as a backup has, or the one that is configured."""
    alone = (path / "archive.db").exists() and not (path / "database.txt").exists()
    return Folder.open(path, create=create, url="" if alone else None)


def problems_of(path: Path) -> list[Problem]:
    """Verify the archive of this folder."""
    with opened(path) as folder:
        return verify(folder).problems


def change_row(path: Path, change: str) -> None:
    """Change rows behind the archive's back, foreign keys put aside."""
    url = os.environ.get("ARCHIVE_DATABASE_URL")
    if url and not (path / "archive.db").exists():
        with psycopg.connect(url) as server:
            server.execute("SET session_replication_role = replica")
            assert server.execute(change.replace("%", "%%").encode()).rowcount
    else:
        with closing(sqlite3.connect(path / "archive.db")) as raw, raw:
            assert raw.execute(change).rowcount


def file(at: Filing, content: Article, *, after: timedelta = timedelta(0), **more: object) -> Filed:
    """File a page as `ingest` does, its reading given."""
    names = {"document": NAME, "url": URL}
    known_as = {key: str(more.pop(key)) for key in list(more) if key in names}
    names |= known_as
    read = reading(content, **{k: more.pop(k) for k in list(more) if k in ("outcome", "identity")})  # type: ignore[arg-type]
    taken = capture(NOON + after, url=names["url"], **more)
    known = at.known(names["document"], url=taken.url, identity=read.identity, at=taken.fetched_at)
    decision = decide(known, read, now=taken.fetched_at)
    outcome = Outcome.SUSPECT if decision is None else read.outcome
    taken = replace(taken, outcome=outcome, outlet=at.outlet)
    return at.file(Entry(capture=taken, now=taken.fetched_at, reading=read, decision=decision, **names))
