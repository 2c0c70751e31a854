"""The archive's commands, as a user calls them."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tests.archive.builds import NAME, URL, article, file, filing

MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
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


def test_a_folder_without_an_archive_is_named(tmp_path: Path) -> None:
    said = archive("stats", "--archive", str(tmp_path / "none"), code=2).stderr
    assert said.count("\n") == 1
    assert "there is no archive in" in said
