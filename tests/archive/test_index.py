"""The index follows the change log, whatever happens to it."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import tantivy
from sqlalchemy import func, select

from archive import index, locks
from archive.errors import AlreadyRunning, UsageProblem
from archive.folder import Folder
from archive.indexed import parts_of, read_entry
from archive.search import search
from archive.tables import documents, versions
from tests.archive.builds import article, file, filing

COUNT = 60


def fill(path: Path, count: int = COUNT, *, first: int = 0, text: str = "nội dung ban đầu") -> None:
    with filing(path) as at:
        for number in range(first, first + count):
            address = f"https://dantri.com.vn/tin-{number}.htm"
            content = article(f"Bài số {number} có {text} để tìm.")
            after = timedelta(minutes=number + len(text))
            file(at, content, document=f"dantri:{number}", url=address, after=after)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("filled") / "archive"
    fill(path)
    return path


@pytest.fixture
def folder(filled: Path, tmp_path: Path) -> Iterator[Folder]:
    path = tmp_path / "archive"
    shutil.copytree(filled, path)
    with Folder.open(path) as opened:
        yield opened


def held(folder: Folder) -> list[tuple[str, int, str]]:
    """Give all versions in the index, by what a search shows of them, and their texts."""
    found = index.open_index(folder.index_dir)
    searcher = found.searcher()
    hits = searcher.search(tantivy.Query.exists_query("when"), 100_000).hits
    entries = [read_entry(searcher.doc(address)["entry"][0]) for _, address in hits]
    assert search(folder.index_dir, "-zzzz", limit=10_000).total == len({entry.document for entry in entries})
    with folder.read() as connection:
        known = select(documents.c.name, versions.c.number, versions.c.content).join_from(documents, versions)
        text = {
            (name, number): " ".join(parts_of(json.loads(content)))
            for name, number, content in connection.execute(known)
        }
    return sorted((entry.document, entry.version, text[entry.document, entry.version]) for entry in entries)


def stored(folder: Folder) -> int:
    with folder.read() as connection:
        return connection.execute(select(func.count()).select_from(versions)).scalar_one()


def test_it_catches_up_once_and_is_then_current(folder: Folder) -> None:
    assert index.behind(folder.path) is None
    assert index.catch_up(folder).documents == COUNT
    assert index.behind(folder.path) == 0
    again = index.catch_up(folder)
    assert (again.documents, again.complete) == (0, True)
    assert len(held(folder)) == stored(folder) == COUNT


def test_a_new_version_joins_the_old_one_without_doubling_any(folder: Folder) -> None:
    index.catch_up(folder)
    fill(folder.path, 5, text="nội dung đã sửa")
    assert index.behind(folder.path) == 5
    index.catch_up(folder)
    assert len(held(folder)) == stored(folder) == COUNT + 5
    assert search(folder.index_dir, '"đã sửa"').total == 5
    before = held(folder)
    index.rebuild(folder)
    assert held(folder) == before


def test_a_batch_at_a_time_comes_to_the_same(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    index.catch_up(folder)
    whole = held(folder)
    fill(folder.path, 4, text="nội dung đã sửa")
    monkeypatch.setattr(index, "BATCH", 3)
    index.rebuild(folder)
    assert [entry for entry in held(folder) if entry[1] == 1] == whole


def test_when_time_is_up_it_says_so_and_goes_on_later(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "BATCH", 10)
    done = index.catch_up(folder, seconds=0)
    assert (done.documents, done.complete) == (0, False)
    assert index.catch_up(folder, seconds=600).documents == COUNT


def test_a_second_writer_leaves_at_once_and_a_search_still_answers(folder: Folder) -> None:
    index.catch_up(folder)
    fill(folder.path, 1, first=COUNT)
    lock = folder.path / "locks" / "index.lock"
    with locks.hold(lock, wait=0, busy=lambda _: AssertionError("free before")):
        began = time.monotonic()
        assert not index.catch_up(folder).complete
        with pytest.raises(AlreadyRunning):
            index.rebuild(folder, wait=0)
        assert time.monotonic() - began < 1
        assert search(folder.index_dir, "noi dung").total == COUNT


@pytest.mark.parametrize("harm", ["meta", "cut", "empty", "format", "future"])
def test_a_broken_or_foreign_index_is_made_anew(folder: Folder, harm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if harm == "format":
        monkeypatch.setattr(index, "FORMAT", -1)
    index.catch_up(folder)
    monkeypatch.undo()
    if harm == "meta":
        (folder.index_dir / "meta.json").write_text("{")
    if harm == "cut":
        for part in folder.index_dir.glob("*.idx"):
            os.truncate(part, 10)
    if harm == "empty":
        shutil.rmtree(folder.index_dir)
        folder.index_dir.mkdir()
    if harm == "future":
        # the archive was put back from a backup: its change log is shorter than the index's
        with folder.write() as connection:
            connection.exec_driver_sql("DELETE FROM changes WHERE seq > 20")
        (folder.path / "changes.seq").write_text("20\n")
        assert index.behind(folder.path) is None
        assert index.catch_up(folder).documents == 20
        return
    assert index.behind(folder.path) is None
    assert index.catch_up(folder).documents == COUNT
    assert len(held(folder)) == COUNT


def test_no_index_is_a_clear_message(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="no full-text index"):
        search(tmp_path / "index", "bão")


_KILLED = """
import sys
from pathlib import Path
from archive import index
from archive.folder import Folder
index.BATCH = 2
commit = index._commit
def told(*words):
    commit(*words)
    print(flush=True)
index._commit = told
index.catch_up(Folder.open(Path(sys.argv[1])))
"""


def test_killed_at_any_moment_it_catches_up_to_the_same(folder: Folder) -> None:
    """SIGKILL soon after the third commit of each run, some documents changed twice; then whole again."""
    fill(folder.path, 20, text="nội dung đã sửa")
    chance = random.Random(7)
    reached = [0]
    for _ in range(5):
        with subprocess.Popen([sys.executable, "-c", _KILLED, str(folder.path)], stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            for _ in range(3):
                child.stdout.readline()
            time.sleep(chance.uniform(0, 0.03))
            child.send_signal(signal.SIGKILL)
        reached.append(index._sequence(index.open_index(folder.index_dir)))
    assert reached == sorted(reached)
    assert 0 < reached[1] < COUNT + 20
    index.catch_up(folder)
    assert index.behind(folder.path) == 0
    mended = held(folder)
    index.rebuild(folder)
    assert held(folder) == mended
    assert len(mended) == stored(folder) == COUNT + 20


def test_a_document_taken_away_leaves_the_index(folder: Folder) -> None:
    index.catch_up(folder)
    with folder.write() as connection:
        number = connection.execute(select(documents.c.id).where(documents.c.name == "dantri:7")).scalar_one()
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        for table in ("extractions WHERE version_id IN (SELECT id FROM versions WHERE document_id = ?)",):
            connection.exec_driver_sql(f"DELETE FROM {table}", (number,))
        connection.exec_driver_sql("UPDATE captures SET version_id = NULL WHERE document_id = ?", (number,))
        connection.exec_driver_sql("DELETE FROM versions WHERE document_id = ?", (number,))
        connection.exec_driver_sql("INSERT INTO changes (document_id) VALUES (?)", (number,))
    index.catch_up(folder)
    assert len(held(folder)) == COUNT - 1
