"""History says what was seen, bounded by captures: edits, flapping, removal and return."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from archive.documents import resolve
from archive.entry import Entry
from archive.filing import Filing
from archive.folder import Folder
from archive.history import History, history, to_json
from archive.historyview import lines
from archive.values import Outcome
from tests.archive.builds import NAME, NOON, URL, article, capture, file, filing

MINUTE = timedelta(minutes=1)


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Filing]:
    with filing(tmp_path) as open_filing:
        yield open_filing


def answer(at: Filing, outcome: Outcome, minutes: int, status: int, reason: str = "") -> None:
    """File a capture that showed no text."""
    taken = capture(NOON + minutes * MINUTE, b"x", outcome=outcome, status=status, reason=reason)
    at.file(Entry(capture=taken, now=taken.fetched_at, document=NAME, url=URL))


def told(folder: Folder) -> History:
    with folder.read() as connection:
        return history(connection, resolve(connection, NAME))


def test_a_removal_and_a_return_are_bounded_by_captures(at: Filing) -> None:
    file(at, article("một"))
    answer(at, Outcome.GONE, 10, 404)
    answer(at, Outcome.TIMEOUT, 15, 0)
    answer(at, Outcome.REDIRECT, 20, 302, "to https://dantri.com.vn/")
    file(at, article("một"), after=30 * MINUTE)
    (away,) = told(at.folder).absences
    bounds = (away.present_at, away.absent_at, away.still_absent_at, away.back_at)
    assert bounds == (NOON, NOON + 10 * MINUTE, NOON + 20 * MINUTE, NOON + 30 * MINUTE)
    text = "\n".join(lines(told(at.folder)))
    assert "removed: present at 20/11/2026 12:00:00, absent at 20/11/2026 12:10:00" in text
    assert "returned: still absent at 20/11/2026 12:20:00, present at 20/11/2026 12:30:00" in text


def test_a_redirect_to_another_article_is_no_removal(at: Filing) -> None:
    file(at, article("một"))
    answer(at, Outcome.REDIRECT, 10, 301, "to /the-gioi/tin-moi-20261120113000123.htm")
    assert told(at.folder).absences == ()


def test_flapping_is_told_twice_and_then_counted(at: Filing) -> None:
    for number in range(8):
        file(at, article("một" if number % 2 == 0 else "hai"), after=number * MINUTE)
    text = list(lines(told(at.folder)))
    assert sum("edited to" in line or "went back" in line for line in text) == 2
    assert text[-1] == "  … to and fro between @1 and @2, 5 more times"
    assert len(told(at.folder).edits) == 7
    assert "2 versions, 1 edit, 8 captures" in text[3]


def test_a_change_of_typography_is_said_to_be_one(at: Filing) -> None:
    file(at, article('ông nói "hòa bình"'))
    file(at, article("ông nói “hoà bình”"), after=MINUTE)
    text = "\n".join(lines(told(at.folder)))
    assert "changed in typography only to @2" in text
    assert "0 edits" in text


def test_history_goes_by_the_time_of_capture_not_of_filing(at: Filing) -> None:
    file(at, article("hai"), after=10 * MINUTE)
    file(at, article("một"))
    (edit,) = told(at.folder).edits
    assert (edit.from_version, edit.to_version) == (2, 1)
    assert not edit.is_return


def test_json_holds_all_of_it(at: Filing) -> None:
    file(at, article("một"))
    answer(at, Outcome.GONE, 10, 410)
    said = to_json(told(at.folder))
    assert said["absences"][0]["back_at"] is None
    assert said["states"][1]["removed"] is True
