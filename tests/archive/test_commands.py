"""The archive's commands, as a user calls them."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.archive.builds import NAME, URL, article, file, filing

pytestmark = pytest.mark.usefixtures("module_database")

MINUTE = timedelta(minutes=1)
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive")
    with filing(path) as at:
        file(at, article("Bão số 9 mạnh cấp 12.|Có 12 người bị thương ở Huế.", lead="(Dân trí) - Bão vào bờ."))
        file(at, article("Bão số 9 mạnh cấp 12.|Có 21 người bị thương ở Huế."), after=5 * MINUTE)
    return path


def archive(*words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, as a user does."""
    done = subprocess.run([sys.executable, "-m", "archive", *words], capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


def test_show_prints_a_version_as_seed_text(folder: Path) -> None:
    assert "12 người" in archive("show", f"{NAME}@1", "--archive", str(folder)).stdout
    shown = json.loads(archive("show", URL, "--json", "--archive", str(folder)).stdout)
    assert (shown["document"], shown["version"]) == (NAME, 2)
    assert shown["article"]["blocks"][1]["text"].startswith("Có 21 người")


def test_history_says_between_which_captures_the_edit_fell(folder: Path) -> None:
    told = archive("history", "20261120113000123", "--archive", str(folder)).stdout
    assert "edited to @2 between 20/11/2026 12:00:00 and 20/11/2026 12:05:00" in told


def test_stats_count(folder: Path) -> None:
    counted = json.loads(archive("stats", "--json", "--archive", str(folder)).stdout)
    assert (counted["documents"], counted["versions"], counted["captures"]) == (1, 2, 2)
    assert "dantri" in archive("stats", "--archive", str(folder)).stdout


def test_verify_is_clean_and_says_so(folder: Path) -> None:
    assert "clean" in archive("verify", "--archive", str(folder)).stderr
    assert json.loads(archive("verify", "--json", "--archive", str(folder)).stdout)["clean"] is True


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("show", "laodong:1"), 1, "no document fits"),
        (("show", f"{NAME}@9"), 2, "no version 9"),
        (("history", ""), 1, "no document fits"),
        (("serach", "x"), 2, "search"),
    ],
)
def test_a_mistake_gets_one_clear_line(folder: Path, words: tuple[str, ...], code: int, said: str) -> None:
    more = () if words[0] == "serach" else ("--archive", str(folder))
    assert said in archive(*words, *more, code=code).stderr


@pytest.mark.sqlite_only
def test_a_folder_without_an_archive_is_named(tmp_path: Path) -> None:
    said = archive("stats", "--archive", str(tmp_path / "none"), code=2).stderr
    assert said.count("\n") == 1
    assert "there is no archive in" in said


@pytest.mark.sqlite_only
def test_another_programs_database_is_never_touched(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "archive.db") as other:
        other.execute("CREATE TABLE t (x)")
    before = (tmp_path / "archive.db").read_bytes()
    for words in (["stats"], ["verify"], ["show", "x"], ["search", "x"]):
        assert "another program's database" in archive(*words, "--archive", str(tmp_path), code=2).stderr
    assert (tmp_path / "archive.db").read_bytes() == before
    assert not (tmp_path / "index").exists()


def test_a_reference_that_is_no_text_and_a_full_disk_give_one_line(folder: Path) -> None:
    words = [sys.executable, "-m", "archive", "show", b"\xff", "--archive", str(folder)]
    done = subprocess.run(words, capture_output=True, check=False)
    assert (done.returncode, done.stderr.count(b"\n")) == (1, 1)
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*words[:3], "stats", *words[5:]], stdout=full, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr.count(b"\n")) == (3, 1)


@pytest.fixture
def open_place() -> Iterator[Path]:
    """Give a folder that another user may enter, as pytest's own are not."""
    place = Path(tempfile.mkdtemp())
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


@pytest.mark.sqlite_only
def test_a_read_only_copy_can_be_read_and_searched(folder: Path, open_place: Path) -> None:
    archive("search", "bão", "--archive", str(folder))
    copy = open_place / "copy"
    shutil.copytree(folder, copy)
    (copy / "archive.db-wal").unlink(missing_ok=True)
    (copy / "archive.db-shm").unlink(missing_ok=True)
    for path in [copy, *copy.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    words = [["stats"], ["search", "bão"], ["verify"], ["history", NAME]]
    # Everything is imported before root's rights are given up: the interpreter may lie where nobody may read.
    program = (
        "import os, archive.cli, archive.search, archive.verify, archive.stats, archive.history, archive.historyview;"
        "import archive.commands.search, archive.commands.verify, archive.commands.stats, archive.commands.history;"
        "import archive.folder, sqlalchemy.dialects.sqlite.pysqlite, rich.table, rich.console, tempfile;"
        "import encodings.ascii, importlib.readers;"
        "os.getuid() or os.setuid(65534); archive.cli.main()"
    )
    for command in words:
        command = [sys.executable, "-c", program, *command, "--archive", str(copy)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
        assert done.returncode == 0, done.stderr
