"""The archive checked: what is missing, orphan or damaged is named apart, and nothing that was filed may differ."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select

from archive import index, readings, refile
from archive.dump import dump_digest
from archive.errors import Damaged, UsageProblem
from archive.folder import Folder
from archive.holders import held
from archive.rebuild import rebuild
from archive.tables import captures
from archive.verified import Verified
from archive.verify import Asked, Report, open_unchanged, verify
from tests.archive.builds import NOON, article, file, filing
from tests.archive.manipulate import manipulated

pytestmark = pytest.mark.usefixtures("database")

MINUTE = timedelta(minutes=1)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Give an archive of eight documents, two of them edited, one read by a later extractor."""
    with filing(tmp_path) as at:
        for number in range(8):
            file(at, text(number), after=number * MINUTE, **named(number))
        for number in (1, 2):
            file(at, text(number, "sửa"), after=(20 + number) * MINUTE, **named(number))
        file(at, text(3), after=30 * MINUTE, identity="two", **named(3))
    return tmp_path


def text(number: int, more: str = "") -> object:
    return article(f"Đoạn {number} {more} một hai ba|Đoạn nữa", section="Thế giới", tags=("a", "b"))


def named(number: int) -> dict[str, str]:
    return {"document": f"dantri:{number}", "url": f"https://dantri.com.vn/a-{number}.htm"}


def check(path: Path, **asked: object) -> Report:
    with open_unchanged(path) as folder:
        return verify(folder, Asked(**asked))  # type: ignore[arg-type]  # fields by name


def kinds(path: Path, **asked: object) -> list[str]:
    return [problem.kind for problem in check(path, **asked).problems]


def change(path: Path, statement: str) -> None:
    """Change the database behind the archive's back, its rules put aside."""
    if url := os.environ.get("ARCHIVE_DATABASE_URL"):
        with psycopg.connect(url) as server:
            server.execute("SET session_replication_role = replica")
            server.execute(
                statement.replace("boring = 1", "boring = true").replace("confirmed = 1", "confirmed = true")
            )
        return
    with closing(sqlite3.connect(path / "archive.db")) as raw, raw:
        raw.execute(statement)


def warc(path: Path) -> Path:
    return next((path / "warc" / "dantri").glob("*.warc.gz"))


def places(path: Path) -> Iterator[tuple[int, int]]:
    with Folder.open(path) as folder, folder.read() as connection:
        query = select(captures.c.warc_offset, captures.c.warc_length).order_by(captures.c.warc_offset)
        yield from [(row[0], row[1]) for row in connection.execute(query)]


def test_a_sound_archive_is_clean_in_every_way(archive: Path) -> None:
    for asked in ({}, {"quick": True}, {"since": NOON}, {"seconds": 60}):
        report = check(archive, **asked)
        assert (report.problems, report.complete, report.captures) == ([], True, 11)


CHANGES = [
    *(
        f"UPDATE captures SET {column} = 'other' WHERE id = 4"
        for column in ("url", "purpose", "outcome", "reason", "via")
    ),
    *(f"UPDATE captures SET {column} = 7 WHERE id = 4" for column in ("fetched_at", "status", "blocks", "characters")),
    *(f"UPDATE captures SET {column} = 'x' WHERE id = 4" for column in ("reading_digest", "template", "fields")),
    "UPDATE captures SET payload_sha256 = 'x' WHERE id = 4",
    "UPDATE captures SET payload_bytes = 1 WHERE id = 4",
    "UPDATE captures SET payload_kept = NOT payload_kept WHERE id = 4",
    "UPDATE captures SET warc_sha256 = 'x' WHERE id = 4",
    "UPDATE captures SET chain = 'x' WHERE id = 4",
    "UPDATE captures SET document_id = 1 WHERE id = 4",
    "UPDATE captures SET version_id = 1 WHERE id = 4",
    "UPDATE captures SET version_id = NULL WHERE id = 11",
    "UPDATE documents SET name = 'dantri:other' WHERE id = 4",
    "UPDATE documents SET url = 'other' WHERE id = 4",
    "UPDATE documents SET first_capture_at = 1 WHERE id = 4",
    "UPDATE versions SET number = 3 WHERE id = 4",
    "UPDATE versions SET captured_at = 1 WHERE id = 4",
    "UPDATE versions SET boring = 1 WHERE id = 4",
    "UPDATE versions SET confirmed = 1 WHERE id = 4",
    "UPDATE versions SET content = replace(content, 'Thế giới', 'Thế giói') WHERE id = 4",
    "UPDATE versions SET digest = 'x' WHERE id = 4",
    "UPDATE extractions SET digest = 'x' WHERE id = 4",
    "UPDATE extractions SET template = 'x' WHERE id = 4",
    "UPDATE extractions SET identity = 'x' WHERE id = 4",
    "DELETE FROM extractions WHERE id = 4",
    "UPDATE observations SET fields = replace(fields, 'Thế giới', 'Thế giói') WHERE capture_id = 4",
    "UPDATE observations SET digest = 'x' WHERE capture_id = 4",
    "UPDATE observations SET document_id = 1 WHERE capture_id = 4",
    "DELETE FROM observations WHERE capture_id = 4",
    "INSERT INTO documents (name, outlet, url, first_capture_at) VALUES ('a:1', 'a', 'u', 1)",
]


@pytest.mark.parametrize("statement", CHANGES)
@pytest.mark.sqlite_only
def test_every_change_of_a_row_is_found(statement: str, archive: Path) -> None:
    with Folder.open(archive) as folder, folder.read() as connection:
        before = dump_digest(connection)
    change(archive, statement)
    with Folder.open(archive) as folder, folder.read() as connection:
        assert dump_digest(connection) != before
    assert set(kinds(archive)) & {"row", "chain", "digest"}


@pytest.mark.sqlite_only
@pytest.mark.parametrize("kind", ["payload", "sum", "header", "date"])
def test_a_record_that_is_not_what_the_facts_cover_is_found(archive: Path, kind: str) -> None:
    manipulated(warc(archive), kind, 3, careless=kind != "sum")
    for database in archive.glob("archive.db*"):
        database.unlink()
    rebuild(archive, now=NOON, keep_going=True)
    assert set(kinds(archive)) == {"digest"}


def test_a_row_that_was_deleted_leaves_an_orphan(archive: Path) -> None:
    change(archive, "DELETE FROM observations WHERE capture_id = 5")
    change(archive, "DELETE FROM captures WHERE id = 5")
    problems = check(archive).problems
    [orphan] = [problem for problem in problems if problem.kind == "orphan"]
    assert (orphan.offset, orphan.target) == ([*places(archive)][3][0] + [*places(archive)][3][1], named(4)["url"])
    assert "missing" not in {problem.kind for problem in problems}


def test_bytes_that_were_deleted_are_missing_and_what_follows_is_whole(archive: Path) -> None:
    offset, length = [*places(archive)][4]
    data = warc(archive).read_bytes()
    warc(archive).write_bytes(data[:offset] + data[offset + length :])
    problems = check(archive).problems
    assert [(problem.kind, problem.offset) for problem in problems] == [("missing", offset)]


def test_bytes_put_in_are_orphans_and_what_follows_is_whole(archive: Path) -> None:
    offset, length = [*places(archive)][4]
    data = warc(archive).read_bytes()
    warc(archive).write_bytes(data[:offset] + data[offset : offset + length] + data[offset:])
    assert kinds(archive) == ["orphan"]


def test_a_cut_file_tells_how_much_is_missing(archive: Path) -> None:
    offset, length = [*places(archive)][-2]
    os.truncate(warc(archive), offset + 10)
    problems = check(archive).problems
    assert (problems[0].kind, problems[0].offset) == ("missing", offset)
    assert f"{length - 10} of {length} bytes" in problems[0].what
    assert "missing" in kinds(archive, quick=True)


def test_a_file_that_is_gone_and_one_that_nothing_names(archive: Path) -> None:
    warc(archive).rename(warc(archive).with_name("20200101-000.warc.gz"))
    assert sorted(kinds(archive, quick=True)) == ["missing", "orphan"]


def test_a_lost_file_is_told_once_and_strange_places_too(archive: Path) -> None:
    (warc(archive).parent / "deep").mkdir()
    for name in ("deep/a.warc.gz", "a.warc", "20201231-000.warc.gz.bak"):
        (warc(archive).parent / name).write_bytes(b"WARC/1.1")
    warc(archive).unlink()
    (archive / "warc" / "dantri" / "20201231-000.warc.gz").symlink_to("/nowhere")
    assert sorted(kinds(archive)) == ["missing", *["orphan"] * 4]
    with filing(archive) as at:
        file(at, text(9), **named(9))


def test_a_flipped_bit_in_what_was_passed_begins_anew(archive: Path) -> None:
    for _ in range(6):
        check(archive, seconds=1e-9)
    assert Verified(archive).under_way("data", since="")
    kept = archive / "verified.json"
    kept.write_text(kept.read_text().replace('"passed": ', '"passed": 9'))
    assert Verified(archive).under_way("data", since="") is None


def test_quick_finds_structure_and_data_finds_bits(archive: Path) -> None:
    data = bytearray(warc(archive).read_bytes())
    data[-40] ^= 1
    warc(archive).write_bytes(data)
    assert (kinds(archive, quick=True), kinds(archive)) == ([], ["damaged"])


def test_only_what_was_filed_since_is_read(archive: Path) -> None:
    data = bytearray(warc(archive).read_bytes())
    data[[*places(archive)][1][0] + 400] ^= 1
    warc(archive).write_bytes(data)
    change(archive, "UPDATE crawls SET started_at = 0")
    assert (kinds(archive, since=NOON + 3 * MINUTE), kinds(archive, since=NOON)) == ([], ["damaged"])


def flip(path: Path, at: int) -> None:
    data = bytearray(warc(path).read_bytes())
    data[at] ^= 1
    warc(path).write_bytes(data)


def cut_out(path: Path, number: int) -> None:
    offset, length = [*places(path)][number]
    data = warc(path).read_bytes()
    warc(path).write_bytes(data[:offset] + data[offset + length :])


DAMAGES: dict[str, Callable[[Path], object]] = {
    "nothing": lambda path: None,
    "bits and rows": lambda path: (
        flip(path, [*places(path)][2][0] + 30),
        change(path, "UPDATE extractions SET digest = 'x' WHERE id = 5"),
        change(path, "DELETE FROM extractions WHERE id = 7"),
        change(path, "UPDATE captures SET warc_length = warc_length + 9 WHERE id = 6"),
        change(path, "UPDATE captures SET warc_offset = -1 WHERE id = 9"),
    ),
    "bytes lost in the middle": lambda path: cut_out(path, 3),
    "a file gone and a strange one": lambda path: warc(path).rename(warc(path).with_name("20200101-000.warc.gz")),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_pass_in_many_runs_finds_what_one_run_finds(damage: str, archive: Path) -> None:
    with filing(archive, outlet="laodong") as at:
        file(at, text(1), document="laodong:1", url="https://laodong.vn/1")
    DAMAGES[damage](archive)
    whole, runs = check(archive), 1
    while not (part := check(archive, seconds=1e-9)).complete:
        runs += 1
        assert any("time ran out" in note for note in part.notes)
    assert (part.problems, part.captures, part.files) == (whole.problems, whole.captures, whole.files)
    assert (part.records, part.versions, part.bytes) == (whole.records, whole.versions, whole.bytes)
    assert runs > whole.captures
    assert bool(whole.problems) == (damage != "nothing")


def test_a_limited_check_of_the_newest_says_nothing_of_the_whole(archive: Path) -> None:
    flip(archive, [*places(archive)][1][0] + 30)
    change(archive, "UPDATE crawls SET started_at = 0")
    for _ in range(9):
        assert not check(archive, since=NOON + 3 * MINUTE, seconds=1e-9).problems
    assert [problem.kind for problem in check(archive, seconds=60).problems] == ["damaged"]


def test_a_pass_is_of_what_was_filed_when_it_began(archive: Path) -> None:
    for _ in range(6):
        check(archive, seconds=1e-9)
    with filing(archive) as at:
        file(at, text(9), after=MINUTE * 60, **named(9))
    done = check(archive, seconds=60)
    assert (done.complete, done.problems, done.captures) == (True, [], 11)
    assert check(archive, seconds=60).captures == 12


@pytest.mark.sqlite_only
def test_a_pass_begins_anew_on_another_database(archive: Path, tmp_path: Path) -> None:
    for _ in range(6):
        check(archive, seconds=1e-9)
    (archive / "archive.db").rename(archive / "old")
    shutil.copy(archive / "old", archive / "archive.db")
    assert not any("goes on" in note for note in check(archive, seconds=60).notes)
    (archive / "verified.json").write_text('{"format": 2, "passes": {"data": {"bound": 1}}}')
    assert check(archive, seconds=60).complete


@pytest.mark.sqlite_only
def test_a_database_that_cannot_be_opened_is_one_error(archive: Path, tmp_path: Path) -> None:
    (archive / "archive.db").write_bytes(b"no database at all " * 999)
    with pytest.raises(Damaged, match="cannot be read"):
        check(archive)
    (archive / "archive.db").unlink()
    with pytest.raises(Damaged, match="gone"):
        check(archive)
    with pytest.raises(UsageProblem):
        check(tmp_path / "nothing")


def test_the_index_is_held_against_the_change_log(archive: Path) -> None:
    with Folder.open(archive) as folder:
        index.catch_up(folder)
    assert kinds(archive) == []
    (archive / "changes.seq").write_text("3\n")
    assert kinds(archive, quick=True) == ["index"]
    (archive / "changes.seq").write_text("10\n")
    with Folder.open(archive) as folder, folder.write() as connection:
        connection.exec_driver_sql("INSERT INTO changes (document_id) VALUES (1)")
    behind = check(archive)
    assert (behind.problems, any("behind" in note for note in behind.notes)) == ([], True)
    change(archive, "DELETE FROM changes WHERE seq > 5")
    assert "index" in kinds(archive, quick=True)


def test_a_flipped_bit_in_the_index_is_found(archive: Path) -> None:
    with Folder.open(archive) as folder:
        index.catch_up(folder)
    stored = next((archive / "index").glob("*.store"))
    data = bytearray(stored.read_bytes())
    data[10] ^= 1
    stored.write_bytes(data)
    assert kinds(archive) == ["index"]


def test_bytes_that_a_running_crawl_is_filing_are_no_damage(archive: Path) -> None:
    with warc(archive).open("ab") as tail:
        tail.write(b"half a member")
    assert kinds(archive) == ["orphan"]
    with Folder.open(archive) as folder, folder.lock_outlet("dantri"):
        holder = held(archive / "locks" / "outlet-dantri.lock")
        assert holder is not None
        assert (holder.pid, holder.alive) == (str(os.getpid()), True)
        assert kinds(archive) == []
    assert held(archive / "locks" / "outlet-dantri.lock") is None


def test_an_accepted_reading_is_stated_by_its_own_file(archive: Path) -> None:
    known = {"document": "dantri:4", "number": 1, "identity": "three", "template": "dantri/2026", "digest": "d" * 64}
    one = readings.Accepted(**known)  # type: ignore[arg-type]  # fields by name
    with Folder.open(archive, create=True) as folder, folder.write() as connection:
        assert refile.read_again(connection, [one]) == 1
    assert kinds(archive) == ["row"]
    path = readings.write(archive, "dantri", [one], after="", identities=["three"], now=NOON)
    assert kinds(archive) == []
    data = bytearray(path.read_bytes())
    data[-30] ^= 1
    path.write_bytes(data)
    assert set(kinds(archive)) == {"damaged", "row"}


def test_equal_archives_have_equal_dumps(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    with Folder.open(archive) as folder, folder.read() as connection:
        once, again = dump_digest(connection), dump_digest(connection)
    assert once == again
