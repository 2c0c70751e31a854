"""The doctor: each line says what, how it is, and what to do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from archive.doctor import Check, State, examine, sqlite_check, wal_reset_safe
from archive.folder import Folder
from tests.archive.builds import NOON, article, file, filing


def checks(path: Path, *, after: timedelta = timedelta(hours=1)) -> dict[str, Check]:
    return {check.name: check for check in examine(path, NOON + after)}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    with filing(tmp_path) as at:
        file(at, article("một"))
    return tmp_path


def test_a_sound_archive_has_nothing_bad(archive: Path) -> None:
    found = checks(archive)
    assert {name for name, check in found.items() if check.state is State.BAD} == set()
    assert {"sqlite", "dependencies", "zone", "contact", "rights", "locks", "schema", "journal"} <= found.keys()
    assert {"clock", "disk", "index"} <= found.keys()


def test_every_line_that_is_not_ok_says_what_to_do(archive: Path) -> None:
    assert all(check.todo for check in checks(archive).values() if check.state is not State.OK)


@pytest.mark.parametrize(("version", "safe"), [("3.6.23", True), ("3.7.0", False), ("3.44.5", False), ("3.50.8", True)])
def test_the_wal_reset_bug_is_known_by_version(version: str, safe: bool) -> None:
    assert wal_reset_safe(version) is safe
    assert sqlite_check(version).state is (State.OK if safe else State.WARN)


def test_a_clock_before_the_last_capture_is_bad(archive: Path) -> None:
    assert checks(archive, after=-timedelta(hours=1))["clock"].state is State.BAD
    assert checks(archive, after=-timedelta(minutes=1))["clock"].state is State.OK


def test_a_held_lock_is_named_with_its_holder(archive: Path) -> None:
    with Folder.open(archive) as folder, folder.lock_outlet("dantri"):
        assert checks(archive)["locks"].facts["held"] == [
            {"lock": "outlet-dantri.lock", "pid": str(os.getpid()), "alive": True}
        ]


def test_a_contact_that_is_set_is_ok(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHIVE_CONTACT", "an@example.org")
    assert checks(archive)["contact"].state is State.OK


def doctor(path: Path, *more: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "archive", "doctor", "--archive", str(path), *more]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def test_the_command_speaks_json_and_needs_no_archive(tmp_path: Path) -> None:
    done = doctor(tmp_path / "none", "--json")
    said = json.loads(done.stdout)
    assert done.returncode == 0
    assert said["sqlite"]["wal_reset_safe"] in (True, False)
    assert {check["state"] for check in said["checks"]} <= {"ok", "warn", "bad"}


def test_a_broken_database_is_bad_and_exits_4(archive: Path) -> None:
    (archive / "archive.db").write_bytes(b"broken" * 999)
    done = doctor(archive)
    assert (done.returncode, "Traceback" in done.stderr) == (4, False)
    assert "bad   archive" in done.stdout
