"""Rebuild: the database out of the WARC files alone, equal to what it was; what is lost is named."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from archive import links, readings, rebuild, reextract, refile
from archive.dump import canonical_dump
from archive.entry import Entry
from archive.errors import AlreadyRunning, UsageProblem
from archive.folder import Folder
from archive.index import behind, catch_up
from archive.members import Record, records
from archive.readings import Accepted
from archive.tables import captures, documents, relations
from archive.values import Capture, Outcome, Purpose
from tests.archive.builds import NAME, NOON, URL, article, file, filing, problems_of

pytestmark = pytest.mark.usefixtures("database")

MINUTE = timedelta(minutes=1)
LATER = datetime(2026, 12, 1, tzinfo=UTC)
LONG = "Một câu dài để hai bài có chung một đoạn văn mà ai cũng đọc được. " * 6


def build(path: Path) -> None:
    """Make an archive with an edit, a return, a confirmed suspect, a page gone, a feed, and two outlets that share."""
    with filing(path) as at:
        file(at, article(f"một|{LONG}"))
        file(at, article(f"hai|{LONG}", section="xã hội", tags=("b", "a")), after=2 * MINUTE)
        file(at, article(f"một|{LONG}"), after=3 * MINUTE)
        other = {"document": "dantri:20261120113000999", "url": "https://dantri.com.vn/b-20261120113000999.htm"}
        file(at, article("ngờ"), after=4 * MINUTE, outcome=Outcome.SUSPECT, **other)
        file(at, article("ngờ"), after=15 * MINUTE, outcome=Outcome.SUSPECT, **other)
        seen = {"outlet": "dantri", "fetched_at": NOON + 20 * MINUTE}
        gone = Capture(url=URL, outcome=Outcome.GONE, status=410, reason="the server answered 410", **seen)  # type: ignore[arg-type]
        at.file(Entry(capture=gone, now=gone.fetched_at, document=NAME, url=URL))
        feed = Capture(url="https://dantri.com.vn/rss", outcome=Outcome.OK, status=200, purpose=Purpose.FEED, **seen)  # type: ignore[arg-type]
        at.file(Entry(capture=feed, now=feed.fetched_at))
    with filing(path, "laodong") as at:
        lent = {"document": "laodong:1", "url": "https://laodong.vn/bai-1.ldo"}
        file(at, article(f"ba|{LONG}"), after=MINUTE, **lent)


def dump(path: Path) -> list[str]:
    with Folder.open(path) as folder, folder.read() as connection:
        lines = list(canonical_dump(connection))
        names = {row.id: row.name for row in connection.execute(select(documents))}
        shared = connection.execute(select(relations)).all()
        lines += sorted(f"{sorted((names[row.a], names[row.b]))} {row.kind} {row.shared_blocks}" for row in shared)
    return lines


@pytest.fixture
def built(tmp_path: Path) -> Path:
    build(tmp_path / "archive")
    return tmp_path / "archive"


def warc_of(path: Path, outlet: str = "dantri") -> Path:
    return next((path / "warc" / outlet).glob("*.warc.gz"))


def test_a_rebuilt_archive_says_what_it_said(built: Path) -> None:
    before = dump(built)
    done = rebuild.rebuild(built, now=LATER)
    assert (done.lost, done.placed, done.resumed) == ([], True, False)
    assert dump(built) == before
    assert problems_of(built) == []
    assert (built / "archive.db.before-rebuild").exists()
    assert not (built / "archive.db.new").exists()


def test_the_files_alone_are_enough(built: Path) -> None:
    before = dump(built)
    for path in built.glob("archive.db*"):
        path.unlink()
    rebuild.rebuild(built, now=LATER)
    assert dump(built) == before


def test_a_rebuilt_archive_takes_captures_and_searches_as_before(built: Path) -> None:
    with Folder.open(built) as folder:
        catch_up(folder)
    rebuild.rebuild(built, now=LATER)
    assert behind(built) != 0
    with filing(built, now=LATER) as at:
        same = file(at, article(f"hai|{LONG}"), after=60 * MINUTE)
    assert same.number == 2
    assert problems_of(built) == []


def test_addresses_and_lists_are_due_again(built: Path) -> None:
    done = rebuild.rebuild(built, now=LATER)
    with Folder.open(built) as opened, opened.read() as connection:
        due = [link.url for link in links.due(connection, "dantri", LATER, 10)]
    assert done.links == 4
    assert due == ["https://dantri.com.vn/rss", URL, "https://dantri.com.vn/b-20261120113000999.htm"]


@pytest.mark.sqlite_only
def test_an_archive_of_its_own_leaves_the_old_one_alone(built: Path, tmp_path: Path) -> None:
    old = (built / "archive.db").read_bytes()
    rebuild.rebuild(built, now=LATER, into=tmp_path / "other")
    assert dump(tmp_path / "other") == dump(built)
    assert problems_of(tmp_path / "other") == []
    assert (built / "archive.db").read_bytes() == old
    with pytest.raises(UsageProblem):
        rebuild.rebuild(built, now=LATER, into=tmp_path / "other")


def test_a_rebuild_waits_for_no_crawl(built: Path) -> None:
    with Folder.open(built) as folder, folder.lock_outlet("laodong"), pytest.raises(AlreadyRunning):
        rebuild.rebuild(built, now=LATER)


def test_without_files_there_is_nothing_to_rebuild(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem):
        rebuild.rebuild(tmp_path, now=LATER)


@pytest.mark.sqlite_only
def test_an_article_that_is_damaged_keeps_the_old_database_in_place(built: Path) -> None:
    before = (built / "archive.db").read_bytes()
    path = warc_of(built, "laodong")
    data = bytearray(path.read_bytes())
    data[-20] ^= 4  # the last member is the article
    path.write_bytes(data)
    done = rebuild.rebuild(built, now=LATER)
    assert not done.placed
    assert {one.kind for one in done.lost} == {"damaged"}
    assert all(one.where.startswith(f"laodong/{path.name}:") for one in done.lost)
    assert (built / "archive.db").read_bytes() == before
    assert not (built / "archive.db.new").exists()


def test_what_is_left_is_put_in_place_when_told_so(built: Path) -> None:
    before = [line for line in dump(built) if "laodong" not in line and not line.startswith("['")]
    warc_of(built, "laodong").write_bytes(b"\x1f\x8b\x08 nothing of it is left")
    done = rebuild.rebuild(built, now=LATER, keep_going=True)
    assert done.placed
    assert done.lost
    assert [line for line in dump(built) if not line.startswith("['")] == before


def test_a_capture_outlives_its_payload(built: Path) -> None:
    path = warc_of(built)
    with path.open("rb") as opened:
        response = next(one for one in records(opened) if isinstance(one, Record) and one.kind == "response")
    data = bytearray(path.read_bytes())
    data[response.offset + 30] ^= 1
    path.write_bytes(data)
    done = rebuild.rebuild(built, now=LATER, keep_going=True)
    assert (done.captures, done.versions) == (8, 4)
    assert [one.kind for one in done.lost] == ["damaged"]
    with filing(built) as at_filing:
        assert at_filing.kept(NAME, 1) is None


def first_run(path: Path, outlet: str = "dantri") -> bytes:
    """Give the run of members of the outlet's first capture."""
    with Folder.open(path) as folder, folder.read() as connection:
        query = select(captures.c.warc_offset, captures.c.warc_length).where(captures.c.outlet == outlet)
        offset, length = connection.execute(query.order_by(captures.c.id)).first()  # type: ignore[misc]  # there is one
    return warc_of(path, outlet).read_bytes()[offset : offset + length]


@pytest.mark.parametrize("left", ["cut in its first member", "cut in its last", "zeros"])
@pytest.mark.sqlite_only
def test_what_a_killed_crawl_left_is_no_loss_while_the_old_database_tells(left: str, built: Path) -> None:
    before, run = dump(built), first_run(built)
    tail = {"cut in its first member": run[:60], "cut in its last": run[:-9], "zeros": bytes(512)}[left]
    with warc_of(built).open("ab") as torn:
        torn.write(tail)
    assert rebuild.rebuild(built, now=LATER).lost == []
    assert dump(built) == before
    (built / "archive.db").unlink()
    assert {one.kind for one in rebuild.rebuild(built, now=LATER).lost} == {"damaged"}


@pytest.mark.sqlite_only
def test_an_old_database_hides_no_damage_that_it_does_not_know(built: Path) -> None:
    with Folder.open(built, create=True) as folder:
        folder.close()
    for beside in built.glob("archive.db-*"):
        beside.unlink()
    shutil.copy(built / "archive.db", built / "kept.db")
    with filing(built, now=NOON + timedelta(days=1)) as at:
        for number in range(4):
            named = {"document": f"dantri:{number}", "url": f"https://dantri.com.vn/c-{number}.htm"}
            file(at, article(f"sau {number}"), after=timedelta(days=1, minutes=number), **named)
    newer = built / "warc" / "dantri" / "20261121-000.warc.gz"
    data = newer.read_bytes()
    shutil.copy(built / "kept.db", built / "archive.db")
    for at_byte in (40, len(data) // 2, len(data) - 12):
        newer.write_bytes(data[:at_byte] + bytes([data[at_byte] ^ 4]) + data[at_byte + 1 :])
        lost = rebuild.rebuild(built, now=LATER).lost
        if at_byte == 40:  # the file's own first record: no capture
            continue
        assert lost, at_byte
        assert all(one.where.startswith("dantri/20261121-000.warc.gz:") for one in lost)


def test_a_missing_file_is_named(built: Path) -> None:
    with filing(built, now=NOON + timedelta(days=1)) as at:
        file(at, article("mai"), after=timedelta(days=1))
        file(at, article("kia"), after=timedelta(days=2))
    (built / "warc" / "dantri" / "20261121-000.warc.gz").unlink()
    done = rebuild.rebuild(built, now=LATER)
    gone = ("missing", "dantri/20261121-000.warc.gz")
    assert [(one.kind, one.where) for one in done.lost][1:] == [gone]
    assert done.lost[0].kind == "chain"
    (built / "warc" / "dantri" / "20261122-000.warc.gz").unlink()
    assert [one.kind for one in rebuild.rebuild(built, now=LATER).lost] == ["missing", "missing"]


def test_a_clock_that_went_back_changes_nothing(built: Path) -> None:
    for days, text in ((2, "mai"), (1, "kia"), (2, "nay")):
        with filing(built, now=NOON + timedelta(days=days)) as at:
            file(at, article(text), after=timedelta(days=days))
    before = dump(built)
    assert rebuild.rebuild(built, now=LATER).lost == []
    assert dump(built) == before


class Killed(Exception):
    """Stands for the end of the process."""


def kill(told: int) -> None:
    raise Killed


def test_a_rebuild_that_was_killed_goes_on(built: Path) -> None:
    with filing(built) as at, ThreadPoolExecutor(16) as threads:
        names = [(f"dantri:{number}", f"https://dantri.com.vn/a-{number}.htm") for number in range(rebuild.BATCH)]
        for job in [threads.submit(file, at, article(url), document=name, url=url) for name, url in names]:
            job.result()
    before = dump(built)
    with pytest.raises(Killed):
        rebuild.rebuild(built, now=LATER, report=kill)
    done = rebuild.rebuild(built, now=LATER)
    assert (done.resumed, done.lost) == (True, [])
    assert dump(built) == before


def test_relations_are_of_what_each_document_says_now(built: Path) -> None:
    with filing(built, now=NOON + timedelta(days=1)) as at:
        file(at, article("nay không còn chung đoạn nào cả"), after=timedelta(days=1))
    before = dump(built)
    rebuild.rebuild(built, now=LATER)
    assert dump(built) == before
    with filing(built, now=NOON + timedelta(days=2)) as at:
        file(at, article(f"một|{LONG}"), after=timedelta(days=2))
    again = dump(built)
    assert sum("laodong:1" in line and line.startswith("['") for line in again) == 1
    rebuild.rebuild(built, now=LATER)
    assert dump(built) == again


def test_a_rebuild_of_files_that_changed_meanwhile_begins_anew(built: Path) -> None:
    before = dump(built)
    with pytest.raises(Killed):
        rebuild.rebuild(built, now=LATER, report=kill)
    shutil.copy(warc_of(built), built / "whole")
    warc_of(built).write_bytes(b"")
    with pytest.raises(Killed):
        rebuild.rebuild(built, now=LATER, report=kill)
    shutil.copy(built / "whole", warc_of(built))
    assert rebuild.rebuild(built, now=LATER).captures == 8
    assert dump(built) == before


@pytest.mark.parametrize("data", [b"", b"no WARC"])
def test_a_decision_that_cannot_be_read_is_a_loss_of_its_own(built: Path, data: bytes) -> None:
    (built / "readings" / "dantri").mkdir(parents=True)
    (built / "readings" / "dantri" / "000001.warc.gz").write_bytes(data)
    done = rebuild.rebuild(built, now=LATER, keep_going=True)
    assert [(one.kind, one.where) for one in done.lost] == [("damaged", "readings/dantri")]
    assert done.placed


def test_readings_that_were_accepted_are_told_again(built: Path) -> None:
    row = Accepted(document=NAME, number=2, identity="two", template="dantri/2027", digest="d" * 64)
    with Folder.open(built) as folder:
        with folder.read() as connection:
            after = reextract.last_chain(connection, "dantri")
        readings.write(built, "dantri", [row], after=after, identities=["two"], now=NOON)
        readings.write(built, "dantri", [], after=after, identities=["three"], now=NOON)
        with folder.write() as connection:
            refile.read_again(connection, [row])
            refile.reject(connection, "dantri", ["three"], NOON.isoformat())
    before = dump(built)
    assert any("dantri/2027" in line for line in before)
    rebuild.rebuild(built, now=LATER)
    assert dump(built) == before
    with Folder.open(built) as opened, opened.read() as connection:
        assert reextract.rejected(connection, "dantri") == {"three"}
