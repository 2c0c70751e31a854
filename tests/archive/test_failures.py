"""Whatever is wrong, verify, rebuild and doctor say it in one clear line, with the right exit code and no traceback."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from archive.cli import archive as command
from archive.folder import Folder
from archive.locks import hold
from archive.terminal import run
from tests.archive.builds import article, file, filing

Ruin = Callable[[Path], object]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "archive"
    with filing(path) as at:
        file(at, article("một"))
    with closing(sqlite3.connect(path / "archive.db")) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


def warc(path: Path) -> Path:
    return next((path / "warc" / "dantri").glob("*.warc.gz"))


def database(path: Path, data: bytes) -> None:
    for beside in path.glob("archive.db*"):
        beside.unlink()
    (path / "archive.db").write_bytes(data)


def change(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path / "archive.db")) as raw, raw:
        raw.execute(statement)


def half(path: Path) -> None:
    data = (path / "archive.db").read_bytes()
    database(path, data[: len(data) // 3])


def foreign(path: Path) -> None:
    database(path, b"")
    change(path, "CREATE TABLE songs (name TEXT)")


def without_files(path: Path) -> None:
    shutil.rmtree(path / "warc")


def shut(path: Path) -> None:
    warc(path).unlink()
    warc_name = path / "warc" / "dantri" / "20261120-000.warc.gz"
    warc_name.mkdir()


RUINS: dict[str, Ruin] = {
    "nothing there": shutil.rmtree,
    "no database": lambda path: (path / "archive.db").unlink(),
    "no database file": lambda path: database(path, b"no database " * 999),
    "an empty file": lambda path: database(path, b""),
    "half of it": half,
    "another program's": foreign,
    "no table of captures": lambda path: change(path, "DROP TABLE captures"),
    "a newer one": lambda path: change(path, "UPDATE alembic_version SET version_num = '0099'"),
    "an older one": lambda path: change(path, "UPDATE alembic_version SET version_num = '0000'"),
    "no files": without_files,
    "a folder for a file": shut,
    "an empty WARC": lambda path: warc(path).write_bytes(b""),
    "a WARC of text": lambda path: warc(path).write_bytes(b"text\n" * 999),
}

# What of it verify, rebuild and doctor each say, by their exit codes.
CODES = {
    "nothing there": (2, 2, 0),
    "no database": (4, 0, 4),
    "no database file": (4, 0, 4),
    "an empty file": (4, 0, 4),
    "half of it": (4, 0, 4),
    "another program's": (2, 2, 4),
    "no table of captures": (4, 0, 4),
    "a newer one": (2, 2, 4),
    "an older one": (4, 0, 4),
    "no files": (4, 2, 0),
    "a folder for a file": (4, 4, 0),
    "an empty WARC": (4, 4, 0),
    "a WARC of text": (4, 4, 0),
}


def called(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str
) -> tuple[int, list[str], list[str]]:
    """Run the command as its script does; give its exit code, and the lines on stdout and stderr."""
    monkeypatch.setattr(sys, "argv", ["archive", *words])
    with pytest.raises(SystemExit) as ended:
        run(command)
    said = capsys.readouterr()
    assert isinstance(ended.value.code, int)
    return ended.value.code, said.out.splitlines(), said.err.splitlines()


@pytest.mark.parametrize("ruin", RUINS)
@pytest.mark.parametrize("name", ["verify", "verify --quick", "verify --max-duration 5", "rebuild", "doctor"])
def test_a_ruined_archive_is_told_in_a_line(
    ruin: str,
    name: str,
    sound: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "archive"
    shutil.copytree(sound, path)
    RUINS[ruin](path)
    words = name.split()
    code, out, err = called(monkeypatch, capsys, *words, "--archive", str(path))
    wanted = CODES[ruin][("verify", "rebuild", "doctor").index(words[0])]
    assert code == wanted, (out, err)
    assert not any("Traceback" in line or "sqlalche.me" in line for line in out + err)
    errors = [line for line in err if line.startswith("error:")]
    problems = [line for line in out if line.split(":")[0] in ("missing", "orphan", "damaged", "database", "row")]
    bad = [line for line in out if line.startswith("bad ")]
    if code:
        assert len(errors) == 1 or problems or bad
        assert len(errors) + len(bad) < 2


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("verify", "nothing.warc.gz"), 2, "nothing.warc.gz"),
        (("verify", "."), 2, "directory"),
        (("verify", "--quick", "--data"), 2, "--data"),
        (("verify", "--since", "soon"), 2, "no time"),
        (("verify", "--max-duration", "0"), 2, "max-duration"),
        (("rebuild", "--index", "--keep-going"), 2, "--index"),
        (("doctor", "--frob"), 2, "--frob"),
    ],
)
def test_a_wrong_call_is_told_in_a_line(
    words: tuple[str, ...], code: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found, _, err = called(monkeypatch, capsys, *words)
    assert (found, len(err)) == (code, 1)
    assert said in err[0].lower()


def test_a_rebuild_beside_a_crawl_says_who_runs(
    sound: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Folder.open(sound) as folder, folder.lock_outlet("dantri"):
        code, _, err = called(monkeypatch, capsys, "rebuild", "--archive", str(sound))
    assert (code, len(err)) == (6, 1)
    assert str(os.getpid()) in err[0]


def test_a_rebuild_waits_for_a_writer_and_names_it(
    sound: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ARCHIVE_WRITE_WAIT", "0.05")
    with hold(sound / "locks" / "write.lock", wait=0, busy=lambda pid: AssertionError(pid)):
        code, _, err = called(monkeypatch, capsys, "rebuild", "--archive", str(sound))
    assert (code, len(err)) == (5, 1)
    assert str(os.getpid()) in err[0]
