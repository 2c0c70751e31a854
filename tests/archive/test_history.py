"""History says what was seen, bounded by captures: edits, flapping, removal and return."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from archive.documents import current, resolve, shown, version
from archive.entry import Entry
from archive.filing import Filing
from archive.folder import Folder
from archive.history import History, history
from archive.historyjson import to_json
from archive.historyview import lines
from archive.index import catch_up
from archive.search import search
from archive.tables import paragraphs
from archive.values import Outcome
from tests.archive.builds import NAME, NOON, URL, article, capture, file, filing

pytestmark = pytest.mark.usefixtures("database")

MINUTE = timedelta(minutes=1)


WORDS = " bờ sông nước lên cao quá báo động hai trong đêm qua ở nhiều nơi"


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


def test_a_former_address_that_dies_is_no_removal(at: Filing) -> None:
    new = "https://dantri.com.vn/the-gioi/tin-moi-20261120113000123.htm"
    file(at, article())
    answer(at, Outcome.REDIRECT, 10, 301, f"to {new}")
    file(at, article(), after=11 * MINUTE, url=new)
    answer(at, Outcome.GONE, 100, 404)
    file(at, article(), after=110 * MINUTE, url=new)
    assert told(at.folder).absences == ()
    assert any(f"its former address {URL} shows nothing any more" in line for line in lines(told(at.folder)))


def test_flapping_is_told_twice_and_then_counted(at: Filing) -> None:
    for number in range(8):
        file(at, article("một" if number % 2 == 0 else "hai"), after=number * MINUTE)
    text = list(lines(told(at.folder)))
    assert sum("edited to" in line or "went back" in line for line in text) == 2
    assert text[-2:] == [
        "  … to and fro between @1 and @2, and 5 more times until 20/11/2026 12:07:00; at last:",
        "  20/11/2026 12:07:00  @2 Tin thử (seen once)",
    ]
    assert len(told(at.folder).edits) == 7
    assert "2 versions, 8 captures, 1 edit (and 6 back to an earlier text)" in text[3]


def test_removals_and_errors_that_flap_are_counted_too(at: Filing) -> None:
    for number in range(6):
        file(at, article("một"), after=20 * number * MINUTE)
        answer(at, *((Outcome.GONE, 20 * number + 10, 404) if number < 4 else (Outcome.TIMEOUT, 20 * number + 10, 0)))
    text = list(lines(told(at.folder)))
    assert sum("removed:" in line for line in text) == 2
    assert sum("returned:" in line for line in text) == 2
    (counted,) = [line for line in text if "more times" in line]
    assert counted.endswith("between @1 and removed, and 4 more times until 20/11/2026 13:20:00; at last:")
    assert text[-1] == "  20/11/2026 13:50:00  no text: timeout (seen once)"
    assert len(told(at.folder).absences) == 4


def test_a_new_state_among_flapping_is_never_left_out(at: Filing) -> None:
    for number in range(7):
        file(at, article("một"), after=20 * number * MINUTE)
        answer(at, Outcome.TIMEOUT, 20 * number + 10, 0)
    file(at, article("hai"), after=200 * MINUTE)
    text = list(lines(told(at.folder)))
    assert text[-2] == "  edited to @2 between 20/11/2026 14:00:00 and 20/11/2026 15:20:00"


def test_late_filed_neighbours_are_held_against_each_other(at: Filing) -> None:
    file(at, article("ông nói: bốn"))
    file(at, article("ông nói “hoà bình”"), after=20 * MINUTE)
    file(at, article('ông nói "hòa bình"'), after=10 * MINUTE)  # between the two, filed last
    assert [(edit.to_version, edit.boring) for edit in told(at.folder).edits] == [(3, False), (2, True)]
    text = list(lines(told(at.folder)))
    assert "numbers are the order of filing, which is not that of time: first seen in the order @1, @3, @2" in text


def test_the_latest_is_what_the_newest_capture_shows(at: Filing) -> None:
    file(at, article("mới"), after=20 * MINUTE)
    file(at, article("cũ"))
    file(at, article("giữa"), after=10 * MINUTE)
    with at.folder.read() as connection:
        document = resolve(connection, NAME)
        assert version(connection, document).number == 1
        assert shown(connection, document) == [2, 3, 1]
        (newest,) = current(connection, [document.id]).values()
        assert newest == version(connection, document).id


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


def test_search_shows_the_version_that_was_seen_last(at: Filing) -> None:
    def found() -> int:
        catch_up(at.folder)
        return search(at.folder.index_dir, "bờ sông").hits[0].version

    file(at, article(f"hai{WORDS}"), after=20 * MINUTE)
    file(at, article(f"một{WORDS}"))
    assert found() == 1
    file(at, article(f"một{WORDS}"), after=40 * MINUTE)
    assert found() == 2


def test_fingerprints_follow_the_text_that_stands(at: Filing) -> None:
    def kept() -> set[int]:
        with at.folder.read() as connection:
            return set(connection.execute(select(paragraphs.c.digest)).scalars())

    file(at, article(f"hai{WORDS}"), after=20 * MINUTE)
    standing = kept()
    file(at, article(f"một{WORDS}"))
    assert kept() == standing
    file(at, article(f"một{WORDS}"), after=40 * MINUTE)
    assert not kept() & standing
    file(at, article(f"hai{WORDS}"), after=60 * MINUTE)
    assert kept() == standing
