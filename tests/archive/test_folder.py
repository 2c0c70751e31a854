"""An archive's folder: what its connections promise, and that it leaves none open."""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from archive import migrations
from archive.errors import ArchiveError, Busy, Damaged, UsageProblem
from archive.folder import Folder
from archive.tables import captures, facts
from tests.archive.builds import article, file, filing, problems_of

MINUTE = timedelta(minutes=1)
needs_proc = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="names of open files need /proc")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("filled") / "archive"
    with filing(path) as at:
        for number in range(4):
            file(at, article("một"), after=number * MINUTE)
    return path


@pytest.fixture
def path(filled: Path, tmp_path: Path) -> Path:
    shutil.copytree(filled, tmp_path / "archive")
    return tmp_path / "archive"


@contextmanager
def behind_its_back(path: Path) -> Iterator[sqlite3.Connection]:
    """Give the database as another program has it: no foreign keys, no lock, no log left behind."""
    with closing(sqlite3.connect(path / "archive.db", isolation_level=None)) as connection:
        yield connection
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def write_lock_held(path: Path) -> Iterator[None]:
    """Hold the write lock by a descriptor of its own, as another process would."""
    with (path / "locks" / "write.lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def kinds(path: Path) -> list[str]:
    return sorted({problem.kind for problem in problems_of(path)})


def test_a_commit_waits_for_the_disk(path: Path) -> None:
    with Folder.open(path) as folder, folder.write() as connection:
        said = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("synchronous", "journal_mode")]
        assert said == [2, "wal"]  # 2 is FULL
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_nothing_is_written_but_under_the_write_lock(path: Path) -> None:
    with Folder.open(path) as folder:
        with folder.write():
            assert (path / "locks" / "write.lock").read_text() == f"{os.getpid()}\n"
            with pytest.raises(BlockingIOError), write_lock_held(path):
                pass
        with write_lock_held(path):
            pass


def test_who_cannot_have_the_write_lock_is_told_who_has_it(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHIVE_WRITE_WAIT", "0.1")
    with Folder.open(path) as folder, write_lock_held(path):
        with pytest.raises(Busy, match=str(os.getpid())), folder.write():
            pass
        with folder.read() as connection:
            assert len(connection.execute(select(captures.c.id)).all()) == 4


def test_the_last_checkpoint_waits_for_the_write_lock(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHIVE_WRITE_WAIT", "0.1")
    folder = Folder.open(path)
    with folder.write() as connection:
        connection.execute(facts.insert().values(key="k", value="v"))
    log = (path / "archive.db-wal").stat().st_size
    with write_lock_held(path), pytest.raises(Busy):
        folder.close()
    assert (path / "archive.db-wal").stat().st_size == log > 0
    folder.close()
    assert not (path / "archive.db-wal").exists()


def test_a_reader_changes_nothing_and_moves_nothing_out_of_the_log(path: Path) -> None:
    with Folder.open(path) as folder:
        with folder.read() as connection:
            said = [connection.exec_driver_sql(f"PRAGMA {n}").scalar() for n in ("query_only", "wal_autocheckpoint")]
            assert said == [1, 0]
        for statement in ("DELETE FROM facts", "CREATE TABLE mine (x)", "PRAGMA user_version = 7"):
            with pytest.raises(ArchiveError), folder.read() as connection:
                connection.exec_driver_sql(statement)


def test_reading_leaves_the_database_file_as_it_is_while_a_log_waits(path: Path) -> None:
    with Folder.open(path) as writer, Folder.open(path) as reader:
        with writer.write() as connection:
            connection.execute(facts.insert().values(key="k", value="v" * 100_000))
        before = (path / "archive.db").read_bytes()
        assert reader.fact("k") == "v" * 100_000
        reader.close()
        assert (path / "archive.db").read_bytes() == before
        assert (path / "archive.db-wal").stat().st_size > 100_000


def test_a_write_that_fails_leaves_nothing(path: Path) -> None:
    with Folder.open(path) as folder:
        with pytest.raises(ZeroDivisionError), folder.write() as connection:
            connection.execute(facts.insert().values(key="k", value="v"))
            raise ZeroDivisionError
        assert folder.fact("k") is None


def test_a_row_taken_out_of_the_middle_breaks_the_chain(path: Path) -> None:
    with behind_its_back(path) as connection:
        connection.execute("DELETE FROM captures WHERE id = 2")
    assert "chain" in kinds(path)


def test_two_rows_in_each_others_place_break_the_chain(path: Path) -> None:
    with behind_its_back(path) as connection:
        for old, new in ((2, 99), (3, 2), (99, 3)):
            connection.execute("UPDATE captures SET id = ? WHERE id = ?", (new, old))
    assert kinds(path) == ["chain"]


def test_an_index_of_the_database_that_lost_a_row_is_found(path: Path) -> None:
    assert problems_of(path) == []
    page = index_page(path, b"dantri.com.vn")
    data = bytearray((path / "archive.db").read_bytes())
    at = data.index(b"dantri.com.vn", page)
    data[at] ^= 1
    (path / "archive.db").write_bytes(data)
    assert kinds(path) == ["database"]


def index_page(path: Path, needle: bytes) -> int:
    """Give where the first leaf page of an index (SQLite file format §1.6: type 0x0a) that holds this begins."""
    with behind_its_back(path) as connection:
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    data = (path / "archive.db").read_bytes()
    pages = range(size, len(data), size)
    return next(at for at in pages if data[at] == 0x0A and needle in data[at : at + size])


def still_open(path: Path) -> list[str]:
    """Give the files in this folder that this process has open."""
    held = []
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            held.append(str(descriptor.readlink()))
        except OSError:
            continue
    return sorted(name for name in held if name.startswith(str(path)))


def use(folder: Folder) -> None:
    """Read in several threads at once and write, as a crawl does."""
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(folder.fact, ["none"] * 8)) == [None] * 8
    with folder.write() as connection:
        connection.execute(facts.insert().values(key="k", value="v"))


@needs_proc
def test_a_folder_leaves_no_file_open(path: Path) -> None:
    with Folder.open(path) as folder:
        use(folder)
        assert still_open(path)
    assert still_open(path) == []
    gc.collect()  # Python 3.13 warns here of every connection that was not closed


@needs_proc
def test_an_error_inside_closes_it_too(path: Path) -> None:
    with pytest.raises(ZeroDivisionError), Folder.open(path) as folder:
        use(folder)
        raise ZeroDivisionError
    assert still_open(path) == []


def test_closing_again_does_nothing_and_an_unused_folder_can_be_closed(tmp_path: Path) -> None:
    folder = Folder.open(tmp_path, create=True)
    folder.close()
    folder.close()
    with Folder(tmp_path / "nowhere") as unused:
        unused.close()
    assert not (tmp_path / "nowhere").exists()


def no_database(path: Path) -> None:
    (path / "archive.db").write_bytes(b"not a database, though long enough to be looked at " * 100)


def of_another_program(path: Path) -> None:
    (path / "archive.db").unlink()
    with behind_its_back(path) as connection:
        connection.execute("CREATE TABLE t (x)")


def of_a_newer_version(path: Path) -> None:
    with behind_its_back(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")


@needs_proc
@pytest.mark.parametrize(
    ("harm", "told"),
    [(no_database, Damaged), (of_another_program, UsageProblem), (of_a_newer_version, UsageProblem)],
)
def test_what_cannot_be_opened_is_closed_again(
    harm: Callable[[Path], None], told: type[ArchiveError], path: Path
) -> None:
    harm(path)
    for create in (False, True):
        with pytest.raises(told) as error:
            Folder.open(path, create=create)
        assert error.value.__traceback__  # which holds on to all that the failed call had
        assert still_open(path) == []
    gc.collect()


@needs_proc
def test_a_connection_that_cannot_be_prepared_is_closed_at_once(path: Path) -> None:
    no_database(path)
    with Folder(path) as folder:
        with pytest.raises(Damaged) as error, folder.write():
            pass
        assert error.value.__traceback__
        assert [name for name in still_open(path) if "archive.db" in name] == []


@needs_proc
def test_a_schema_that_cannot_be_made_is_closed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "__file__", str(tmp_path / "nothing" / "here"))
    with pytest.raises(Exception, match="nothing") as error:
        Folder.open(tmp_path / "archive", create=True)
    assert error.value.__traceback__
    assert still_open(tmp_path) == []
