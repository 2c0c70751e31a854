"""The whole system in one function: what a capture means for its document, and what it never means."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive.commit import Filed
from archive.documents import resolve, versions_of
from archive.filing import Filing
from archive.history import history
from archive.values import Article, Capture, Outcome, Reading, Verdict
from pipeline.ingest import LONGEST, ingest
from pipeline.outlet import load_outlets
from tests.archive.builds import NOON, article, capture, filing, problems_of, reading

A = "https://dantri.com.vn/the-gioi/a-20261120113000111.htm"
B = "https://dantri.com.vn/the-gioi/b-20261120113000222.htm"
HOUR = timedelta(hours=1)


class Given:
    """Reads what a test says a page says: extraction has tests of its own."""

    def __init__(self) -> None:
        self.says: dict[bytes, Reading] = {}

    async def read(self, taken: Capture, outlet: str) -> Reading:
        return self.says[taken.body]


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Filing]:
    with filing(tmp_path) as open_filing:
        yield open_filing


@pytest.fixture
def pages() -> Given:
    return Given()


def take(at: Filing, pages: Given, url: str, hours: int, said: Reading | None, **more: object) -> Filed:
    """Ingest one capture; `said` is what its page reads as."""
    body = f"{url} {hours}".encode() if said else b""
    if said:
        pages.says[body] = said
    taken = capture(NOON + hours * HOUR, body, url=url, **more)
    outlet = load_outlets()["dantri"]
    return asyncio.run(ingest(taken, outlet=outlet, link=None, filing=at, pool=pages, now=taken.fetched_at))


def told(text: str, **more: object) -> Reading:
    content: Article = replace(article(text), **more)  # type: ignore[arg-type]  # fields by name
    return reading(content)


def test_a_page_whose_canonical_names_another_article_is_no_edit_of_it(at: Filing, pages: Given) -> None:
    take(at, pages, A, 0, told("bài a", canonical=A))
    filed = take(at, pages, B, 1, told("bài b", title="Bài B", canonical=A))
    assert (filed.document, filed.verdict) == ("dantri:20261120113000222", Verdict.NEW)


def test_a_304_speaks_of_what_its_address_showed_last(at: Filing, pages: Given) -> None:
    take(at, pages, A, 0, told("bài a"))
    take(at, pages, B, 1, told("bài b"))
    filed = take(at, pages, B, 2, None, outcome=Outcome.NOT_MODIFIED, status=304)
    assert (filed.document, filed.verdict, filed.number) == ("dantri:20261120113000222", Verdict.SEEN, 1)


def test_history_never_tells_of_another_document(at: Filing, pages: Given) -> None:
    take(at, pages, A, 0, told("bài a"))
    take(at, pages, B, 1, told("bài b"))
    take(at, pages, B, 2, told("bài b, sửa"))
    with at.folder.read() as connection:
        assert history(connection, resolve(connection, A)).edits == ()
        assert len(history(connection, resolve(connection, B)).edits) == 1


def test_a_recurring_soft_error_never_becomes_a_version(at: Filing, pages: Given) -> None:
    whole, error = told("dài " * 200), told("Trang đang bảo trì")
    said = [whole, error, whole, whole, error, whole, error]
    filed = [take(at, pages, A, 24 * day, page) for day, page in enumerate(said)]
    assert [one.verdict for one in filed if one.verdict is Verdict.REVISED] == []
    with at.folder.read() as connection:
        assert len(versions_of(connection, resolve(connection, A))) == 1


def test_a_new_extractor_alone_makes_no_version_an_edit_beside_it_does(at: Filing, pages: Given) -> None:
    take(at, pages, A, 0, told("bài a"))
    better = replace(told("bài a có chú thích"), identity="two")
    pages.says[f"{A} 0".encode()] = better
    assert take(at, pages, A, 1, better).verdict is Verdict.SEEN
    edited = replace(told("bài a đã sửa, có chú thích"), identity="two")
    assert take(at, pages, A, 2, edited).verdict is Verdict.REVISED


def test_without_a_reading_of_the_kept_page_nothing_is_called_an_edit(at: Filing, pages: Given) -> None:
    take(at, pages, A, 0, told("bài a"))
    pages.says[f"{A} 0".encode()] = Reading(outcome=Outcome.EXTRACT_FAILED, identity="two", reason="time limit")
    filed = take(at, pages, A, 1, replace(told("bài a có chú thích"), identity="two"))
    assert (filed.verdict, filed.outcome) == (None, Outcome.SUSPECT)


def test_an_endless_article_is_too_large_and_kept_raw(at: Filing, pages: Given) -> None:
    filed = take(at, pages, A, 0, told("x" * (LONGEST + 1)))
    assert (filed.outcome, filed.document) == (Outcome.TOO_LARGE, None)
    assert problems_of(at.folder.path) == []
