"""Repair: what the database lost is filed again from the WARC files; what does not follow is kept aside."""

from __future__ import annotations

import logging
import os
import re
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive import readings
from archive.dump import dump_digest
from archive.errors import Damaged
from archive.readings import Accepted
from archive.report import Report
from archive.unfiled import unfiled
from archive.values import Outcome
from archive.verify import open_unchanged
from archive.verifyfile import verify_file
from tests.archive.builds import NAME, NOON, article, file, filing, problems_of

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def dumped(path: Path) -> str:
    with open_unchanged(path) as folder, folder.read() as connection:
        return dump_digest(connection)


def kinds(path: Path) -> list[str]:
    return [problem.kind for problem in problems_of(path)]


def settled(path: Path) -> bytes:
    """Bring the log into the database; give its bytes."""
    with closing(sqlite3.connect(path / "archive.db")) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return (path / "archive.db").read_bytes()


def put_back(path: Path, database: bytes) -> None:
    for newer in path.glob("archive.db*"):
        newer.unlink()
    (path / "archive.db").write_bytes(database)


def story(path: Path) -> bytes:
    """File some captures of two outlets on three days; give the database as it was after the first of each."""
    for outlet in ("dantri", "laodong"):
        with filing(path, outlet=outlet) as at:
            file(at, article("một"), document=f"{outlet}:1", url=f"https://{outlet}.vn/1.htm")
    before = settled(path)
    for outlet in ("laodong", "dantri"):
        with filing(path, outlet=outlet) as at:
            for number in range(4):
                known = {"document": f"{outlet}:{number}", "url": f"https://{outlet}.vn/{number}.htm"}
                file(at, article(f"hai {number}"), after=number * DAY + MINUTE, **known)
                file(at, article(f"hai {number}"), after=number * DAY + 2 * MINUTE, identity="two", **known)
            file(at, article("cụt"), after=5 * DAY, outcome=Outcome.SUSPECT, **known)
    return before


def test_an_older_database_takes_again_what_the_warcs_hold(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    older = story(tmp_path)
    whole = dumped(tmp_path)
    put_back(tmp_path, older)
    assert dumped(tmp_path) != whole
    for outlet in ("dantri", "laodong"):
        with filing(tmp_path, outlet=outlet) as at:
            assert (at.repaired.again, at.repaired.cut) == (9, 0)
        assert f"9 captures of {outlet} that the database did not know were filed again" in caplog.text
    assert (dumped(tmp_path), kinds(tmp_path)) == (whole, [])
    with filing(tmp_path) as at:
        assert at.repaired.again == 0
        file(at, article("ba"), after=6 * DAY)
    assert kinds(tmp_path) == []


def test_a_lost_log_takes_again_what_it_held(tmp_path: Path) -> None:
    with filing(tmp_path) as at:
        file(at, article("một"))
        settled(tmp_path)
        for number in range(5):
            file(at, article(f"hai {number}"), after=number * MINUTE)
        shutil.copytree(tmp_path, tmp_path / "killed")
    (tmp_path / "killed" / "archive.db-wal").unlink()
    with filing(tmp_path / "killed") as at:
        assert at.repaired.again == 5
    assert dumped(tmp_path / "killed") == dumped(tmp_path)


def test_what_a_kill_left_uncommitted_is_filed_as_it_was_decided(tmp_path: Path) -> None:
    with filing(tmp_path) as at:
        file(at, article("một"))
        settled(tmp_path)
        (path,) = (tmp_path / "warc" / "dantri").glob("*.warc.gz")
        before = (tmp_path / "archive.db").read_bytes()
    with filing(tmp_path) as at:
        file(at, article("hai"), after=MINUTE)
    put_back(tmp_path, before)
    with path.open("ab") as torn:
        torn.write(b"\x1f\x8b\x08 half a member")
    with filing(tmp_path) as at:
        assert (at.repaired.again, at.repaired.cut) == (1, 17)
        again = file(at, article("hai"), after=2 * MINUTE)
    assert (again.number, kinds(tmp_path), unfiled(tmp_path / "warc")) == (2, [], [])


def test_decisions_on_readings_come_back_with_the_captures(tmp_path: Path) -> None:
    with filing(tmp_path) as at:
        file(at, article("một"))
    older = settled(tmp_path)
    with open_unchanged(tmp_path) as folder, folder.read() as connection:
        last = str(connection.exec_driver_sql("SELECT chain FROM captures").scalar())
    one = Accepted(document=NAME, number=1, identity="three", template="dantri/2026", digest="d")
    readings.write(tmp_path, "dantri", [one], after=last, identities=["three"], now=datetime.now(UTC))
    put_back(tmp_path, older)
    with filing(tmp_path) as at, at.folder.read() as connection:
        read_as = connection.exec_driver_sql("SELECT identity FROM extractions ORDER BY id").scalars().all()
    assert read_as == ["one", "three"]


def test_a_lost_crawls_number_is_not_taken_for_a_later_one(tmp_path: Path) -> None:
    for outlet in ("dantri", "laodong"):
        with filing(tmp_path, outlet=outlet, now=NOON) as at:
            file(at, article("một"), document=f"{outlet}:1", url=f"https://{outlet}.vn/1.htm")
    older = settled(tmp_path)
    for outlet in ("laodong", "dantri"):
        with filing(tmp_path, outlet=outlet, now=NOON + DAY) as at:
            file(at, article("hai"), after=DAY, document=f"{outlet}:1", url=f"https://{outlet}.vn/1.htm")
    put_back(tmp_path, older)
    for outlet in ("dantri", "laodong"):
        with filing(tmp_path, outlet=outlet, now=NOON + 2 * DAY) as at:
            file(at, article("ba"), after=2 * DAY, document=f"{outlet}:1", url=f"https://{outlet}.vn/1.htm")
    assert kinds(tmp_path) == []
    query = "SELECT captures.outlet, crawls.outlet, batch FROM captures JOIN crawls ON crawls.id = crawl_id"
    with open_unchanged(tmp_path) as folder, folder.read() as connection:
        rows = connection.exec_driver_sql(query + " ORDER BY 1, 3").all()
    days = [(NOON + day * DAY).isoformat() for day in range(3)]
    assert rows == [(outlet, outlet, day) for outlet in ("dantri", "laodong") for day in days]


def test_an_index_ahead_of_the_database_is_made_anew(tmp_path: Path) -> None:
    from archive import index

    older = story(tmp_path)
    with open_unchanged(tmp_path) as folder:
        index.catch_up(folder)
    put_back(tmp_path, older)
    for outlet in ("dantri", "laodong"):
        with filing(tmp_path, outlet=outlet) as at:
            file(at, article("mới"), after=9 * DAY, document=f"{outlet}:9", url=f"https://{outlet}.vn/9.htm")
    with open_unchanged(tmp_path) as folder:
        index.catch_up(folder)
    assert kinds(tmp_path) == []


def test_bytes_that_are_no_capture_are_cut_and_no_more(tmp_path: Path) -> None:
    with filing(tmp_path) as at:
        file(at, article("một"))
    (path,) = (tmp_path / "warc" / "dantri").glob("*.warc.gz")
    before = path.read_bytes()
    path.write_bytes(before + before[before.index(b"\x1f\x8b", 10) :][:300])
    with filing(tmp_path) as at:
        assert at.repaired.cut == 300
    assert (path.read_bytes(), unfiled(tmp_path / "warc")) == (before, [])


@pytest.mark.parametrize("left", [-1, -30, 0])
def test_a_capture_that_a_kill_left_half_written_is_cut_and_none_is_missed(tmp_path: Path, left: int) -> None:
    with filing(tmp_path) as at:
        file(at, article("một"))
    older = settled(tmp_path)
    (path,) = (tmp_path / "warc" / "dantri").glob("*.warc.gz")
    before = path.read_bytes()
    with filing(tmp_path) as at:
        file(at, article("hai"), after=MINUTE)
    whole = path.read_bytes()
    end = len(whole) if left else whole.rindex(b"\x1f\x8b\x08")
    put_back(tmp_path, older)
    path.write_bytes(whole[: end + left])
    with filing(tmp_path) as at:
        assert at.repaired.again == 0
    assert (path.read_bytes(), unfiled(tmp_path / "warc"), kinds(tmp_path)) == (before, [], [])


def test_what_does_not_follow_is_set_aside_named_and_never_overwritten(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with filing(tmp_path) as at:
        file(at, article("một"))
    (path,) = (tmp_path / "warc" / "dantri").glob("*.warc.gz")
    before = path.read_bytes()
    double = before[before.index(b"\x1f\x8b", 10) :]
    for _ in range(2):
        path.write_bytes(before + b"damaged" + double)
        with filing(tmp_path):
            pass
        assert path.read_bytes() == before
    aside = unfiled(tmp_path / "warc")
    assert [one.read_bytes() for one in aside] == [b"damaged" + double] * 2
    assert (
        f"1 captures of dantri/{path.name} that do not follow those of the database are kept in {aside[0]}"
        in caplog.text
    )
    found = problems_of(tmp_path)
    assert [(one.kind, one.file) for one in found] == [("unfiled", f"dantri/unfiled/{one.name}") for one in aside]
    report = Report()
    verify_file(aside[0], report)
    assert report.problems


def test_damage_behind_the_database_keeps_what_follows_it_aside(tmp_path: Path) -> None:
    older = story(tmp_path)
    path = sorted((tmp_path / "warc" / "dantri").glob("*.warc.gz"))[2]
    sound = path.read_bytes()
    metadata = [found.start() for found in re.finditer(b"\x1f\x8b\x08", sound)][3] + 20
    path.write_bytes(sound[:metadata] + b"damage!" + sound[metadata + 7 :])
    put_back(tmp_path, older)
    with filing(tmp_path) as at:
        assert at.repaired.again == 4
        file(at, article("ba"), after=6 * DAY)
    assert len(unfiled(tmp_path / "warc")) == 3
    assert set(kinds(tmp_path)) == {"unfiled", "orphan"}


def test_a_database_of_another_archive_is_refused_and_nothing_touched(tmp_path: Path) -> None:
    with filing(tmp_path / "other") as at:
        file(at, article("khác"))
    with filing(tmp_path / "mine") as at:
        for number in range(3):
            file(at, article(f"bài {number}"), after=number * MINUTE)
    before = {path: path.read_bytes() for path in (tmp_path / "mine").rglob("*.warc.gz")}
    put_back(tmp_path / "mine", settled(tmp_path / "other"))
    with pytest.raises(Damaged, match="older or another"), filing(tmp_path / "mine"):
        pass
    assert {path: path.read_bytes() for path in before} == before


def test_a_file_cut_inside_what_was_acknowledged_is_left_and_the_next_begun(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with filing(tmp_path) as at:
        file(at, article("một"))
        file(at, article("hai"), after=MINUTE)
    (path,) = (tmp_path / "warc" / "dantri").glob("*.warc.gz")
    os.truncate(path, path.stat().st_size - 9)
    short = path.read_bytes()
    for number in range(2):
        with filing(tmp_path) as at:
            file(at, article(f"ba {number}"), after=(2 + number) * MINUTE)
    assert caplog.text.count("were acknowledged: it is left as it is, the next capture goes into a new file") == 2
    assert path.read_bytes() == short
    assert sorted(one.name for one in path.parent.iterdir()) == [path.name, path.name.replace("-000", "-001")]
    assert [(one.kind, one.file) for one in problems_of(tmp_path)] == [("missing", f"dantri/{path.name}")]


def test_a_file_that_is_gone_is_not_begun_again(tmp_path: Path) -> None:
    with filing(tmp_path) as at:
        file(at, article("một"))
    (path,) = (tmp_path / "warc" / "dantri").glob("*.warc.gz")
    path.unlink()
    with filing(tmp_path) as at:
        file(at, article("hai"), after=MINUTE)
    assert [one.name for one in path.parent.iterdir()] == [path.name.replace("-000", "-001")]
    assert kinds(tmp_path)[0] == "missing"


@pytest.mark.parametrize("data", [b"no WARC", b""])
def test_a_damaged_readings_file_does_not_stop_the_outlet(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, data: bytes
) -> None:
    with filing(tmp_path) as at:
        file(at, article("một"))
    broken = tmp_path / "readings" / "dantri" / "000001.warc.gz"
    broken.parent.mkdir(parents=True)
    broken.write_bytes(data)
    with filing(tmp_path) as at:
        file(at, article("hai"), after=MINUTE)
    assert f"{broken} " in caplog.text
    assert caplog.records[0].levelno == logging.WARNING
