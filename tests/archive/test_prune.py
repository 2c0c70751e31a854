"""Pruning and budget: payloads go, nothing else does."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from archive.budget import budget
from archive.documents import resolve, versions_of
from archive.dump import canonical_dump
from archive.entry import Entry
from archive.folder import Folder
from archive.prune import Pruned, prunable, prune
from archive.rebuild import rebuild
from archive.values import Outcome
from tests.archive.builds import NAME, NOON, URL, article, capture, file, filing, opened, problems_of

HOUR = timedelta(hours=1)
BIG = b"<p>dai</p>" * 20_000


@pytest.fixture
def path(database: str, tmp_path: Path) -> Path:
    path = tmp_path / "archive"
    with filing(path) as at:
        for number in range(3):
            body = BIG + b"%d" % number
            file(at, article(f"Câu chuyện thứ {number} dài vừa đủ để mà nhớ."), after=number * HOUR, body=body)
        gone = capture(NOON + 3 * HOUR, body=BIG + b"x", outcome=Outcome.GONE, status=404)
        at.file(Entry(capture=gone, now=gone.fetched_at, document=NAME, url=URL))
        file(at, article("Câu chuyện thứ 2 dài vừa đủ để mà nhớ."), after=4 * HOUR, body=BIG + b"2")
    return path


def pruned(path: Path, *rules: str, before: timedelta = 24 * HOUR) -> tuple[int, Pruned]:
    with Folder.open(path) as folder:
        chosen = prunable(folder, rules, before=NOON + before)
        return len(chosen), prune(folder, chosen)


def texts(path: Path) -> list[str]:
    with Folder.open(path) as folder, folder.read() as connection:
        return [one.digest for one in versions_of(connection, resolve(connection, NAME))]


@pytest.mark.parametrize(
    ("rules", "count"), [(("failures",), 1), (("superseded",), 2), (("failures", "superseded"), 3), (("all",), 4)]
)
def test_rules_drop_payloads_and_all_checks_are_clean(path: Path, rules: tuple[str, ...], count: int) -> None:
    before, held = texts(path), sum(one.stat().st_size for one in path.glob("warc/*/*"))
    chosen, done = pruned(path, *rules)
    assert (chosen, done.payloads, texts(path)) == (count, count, before)
    assert held - sum(one.stat().st_size for one in path.glob("warc/*/*")) == done.bytes > 0
    assert problems_of(path) == []
    assert pruned(path, *rules)[0] == 0


def test_only_what_is_older_goes(path: Path) -> None:
    assert pruned(path, "superseded", before=HOUR)[0] == 1


def test_a_rebuild_after_pruning_is_equal(path: Path, tmp_path: Path) -> None:
    pruned(path, "all")
    assert rebuild(path, now=NOON, into=tmp_path / "again").lost == []
    with Folder.open(path) as one, opened(tmp_path / "again") as two, one.read() as a, two.read() as b:
        assert list(canonical_dump(a)) == list(canonical_dump(b))
    with filing(path) as at:
        filed = file(at, article("Câu chuyện thứ 2 dài vừa đủ để mà nhớ."), after=5 * HOUR, body=BIG + b"2")
    assert filed.number == 3
    assert problems_of(path) == []


def test_an_outlet_that_is_crawled_is_left_alone(path: Path) -> None:
    with filing(path):
        assert pruned(path, "all")[1] == Pruned(payloads=0, bytes=0, busy=("dantri",))


def test_a_budget_counts_by_outlet_and_by_vietnams_day(path: Path) -> None:
    with filing(path) as at:
        file(at, article("Sang ngày hôm sau rồi thì có thêm chuyện."), after=13 * HOUR, body=b"<p>mai</p>")
    with Folder.open(path) as folder:
        told = budget(folder, now=NOON + 14 * HOUR, days=2)
    counts = [(one.outlet, one.day, one.captures, one.versions) for one in told.days]
    assert counts == [("dantri", date(2026, 11, 20), 5, 3), ("dantri", date(2026, 11, 21), 1, 1)]
    assert told.days[0].payloads == 4
    assert told.bytes_a_day > 0
    assert told.days_left is not None
    assert told.parts["warc"] > sum(one.warc_bytes for one in told.days) > 0
