"""Edits of all sizes, from page to version: each makes exactly one; and a long life told as it was."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from archive.commit import Filed
from archive.documents import resolve, version, versions_of
from archive.filing import Filing
from archive.history import history
from archive.historyjson import to_json
from archive.historyview import lines
from archive.states import NOT_FOUND
from archive.values import Capture, Reading, Verdict
from crawler.outcome import by_status
from pipeline.extract import extract
from pipeline.ingest import ingest
from pipeline.outlet import load_outlets
from tests.archive.builds import NOON, capture, filing, problems_of
from tests.pipeline.making import TEXT, URL

MINUTE = timedelta(minutes=1)
MOVED = URL.replace("/xa-hoi/bai-bao-", "/the-gioi/ten-moi-")
PAGE = (
    '<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"></head><body><article class="singular-container">'
    '<h1 class="title-page detail">Lũ về trên sông Hoà Bình</h1>'
    '<div class="author-wrap"><div class="author-name"><a><b>Minh Hà</b></a></div></div>'
    '<h2 class="singular-sapo">(Dân trí) - Nước lên 12 cm trong đêm qua.</h2><div class="singular-content">'
    f"<p>{TEXT}</p><p>Mực nước ở trạm đo là 215 cm, cao hơn báo động hai, theo trạm khí tượng thuỷ văn tỉnh.</p>"
    '<figure class="image"><img src="https://cdn.dantri.com.vn/lu-1.jpg"><figcaption>Nước ngập bãi (Ảnh: Lan).'
    "</figcaption></figure><p>Người dân ven sông đã dời đồ đạc lên cao từ chiều hôm trước, không ai bị thương.</p>"
    f"</div></article></body></html>"
)
EDITS = {
    "one digit": ("215 cm", "216 cm"),
    "one tone mark": ("không ai bị thương", "không ai bị thưởng"),
    "a letter's mark": ("dời đồ đạc", "dơi đồ đạc"),
    "a comma": ("lên cao từ chiều", "lên cao, từ chiều"),
    "the case of a letter": ("trạm đo là", "Trạm đo là"),
    "the title only": ("Lũ về trên", "Lũ lớn trên"),
    "the caption only": ("Nước ngập bãi", "Nước ngập bến"),
    "the caption's credit": ("(Ảnh: Lan)", "(Ảnh: Mai)"),
    "the author": ("Minh Hà", "Minh Hạ"),
    "the lead": ("trong đêm qua", "trong đêm nay"),
    "a paragraph moved": (f"<p>{TEXT}</p>", ""),
    "a paragraph gone": (f"<p>{TEXT}</p>", ""),
    "a paragraph added": ("</div></article>", "<p>Tin đang được cập nhật.</p></div></article>"),
    "a paragraph parted": ("215 cm, cao hơn", "215 cm,</p><p>cao hơn"),
    "a paragraph made a subhead": (f"<p>{TEXT}</p>", f"<h3>{TEXT}</h3>"),
    "the picture swapped": ("lu-1.jpg\"><figcaption>Nước ngập bãi", "lu-2.jpg\"><figcaption>Thuyền ở bến"),
    "the picture gone": ('<img src="https://cdn.dantri.com.vn/lu-1.jpg"><figcaption>Nước ngập bãi (Ảnh: Lan).'
                         "</figcaption>", ""),
}  # fmt: skip


class Today:
    """Reads pages with today's extraction, in this process."""

    async def read(self, taken: Capture, outlet: str) -> Reading:
        return extract(taken, load_outlets()[outlet])


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Filing]:
    with filing(tmp_path) as open_filing:
        yield open_filing


def take(at: Filing, minutes: int, page: str = "", *, status: int = 200, to: str = "", url: str = URL) -> Filed:
    """Ingest what a server answered so many minutes after noon."""
    outcome, reason = by_status(status, location=to or None)
    said = {"status": status, "outcome": outcome, "reason": reason, "url": url}
    if to:
        said["headers"] = (("Location", to),)  # type: ignore[assignment]  # fields by name
    taken = capture(NOON + minutes * MINUTE, page.encode(), **said)
    outlet = load_outlets()["dantri"]
    return asyncio.run(ingest(taken, outlet=outlet, link=None, filing=at, pool=Today(), now=taken.fetched_at))  # type: ignore[arg-type]  # no lists here


def edited(name: str) -> str:
    old, new = EDITS[name]
    assert PAGE.count(old) == 1
    changed = PAGE.replace(old, new)
    return changed.replace("</div></article>", f"<p>{TEXT}</p></div></article>") if "moved" in name else changed


@pytest.mark.parametrize("name", EDITS)
def test_a_real_edit_makes_exactly_one_version(at: Filing, name: str) -> None:
    filed = [take(at, minutes, page) for minutes, page in enumerate((PAGE, PAGE, edited(name), edited(name)))]
    assert [one.verdict for one in filed] == [Verdict.NEW, Verdict.SEEN, Verdict.REVISED, Verdict.SEEN]
    assert [one.number for one in filed] == [1, 1, 2, 2]
    with at.folder.read() as connection:
        told = history(connection, resolve(connection, URL))
    assert [(edit.from_version, edit.to_version, edit.boring) for edit in told.edits] == [(1, 2, False)]


@pytest.mark.parametrize("swap", [("Hoà", "Hòa"), ("lu-1.jpg", "lu-2.jpg"), ("không ai", "không  ai")])
def test_what_is_no_edit_is_not_counted_as_one(at: Filing, swap: tuple[str, str]) -> None:
    take(at, 0, PAGE)
    filed = take(at, 1, PAGE.replace(*swap))
    with at.folder.read() as connection:
        told = history(connection, resolve(connection, URL))
        assert len(versions_of(connection, told.document)) == filed.number
    assert all(edit.boring for edit in told.edits)


MISSING = "<html><body><h1>Không tìm thấy trang</h1><p>Trang này không tồn tại hoặc đã bị xóa.</p></body></html>"
SHORT = PAGE.replace(TEXT, "").replace("Người dân ven sông đã dời đồ đạc lên cao từ chiều hôm trước, ", "").replace(
    "Mực nước ở trạm đo là 215 cm, cao hơn báo động hai, theo trạm khí tượng thuỷ văn tỉnh.", "")  # fmt: skip


def live(at: Filing) -> None:
    """Twelve things happen to one article, each seen by a capture: the last is filed first, the first last."""
    take(at, 300, PAGE.replace("215", "219"))  # 12: a last edit, filed before all else
    take(at, 10, PAGE)  # 1: published
    take(at, 20, PAGE.replace("Hoà", "Hòa"))  # 2: typography
    take(at, 30, PAGE.replace("215", "216"))  # 3: an edit
    take(at, 40, PAGE)  # 4: undone
    take(at, 50, status=404)  # 5: removed
    take(at, 60, status=302, to="/")  # 6: still, by another answer
    take(at, 70, PAGE)  # 7: returned
    take(at, 80, SHORT)  # 8: cut to a fraction, not believed at once
    take(at, 95, SHORT)  # 9: confirmed
    take(at, 100, status=301, to=MOVED)  # 10: at a new address
    take(at, 101, PAGE, url=MOVED)
    take(at, 110, MISSING, url=MOVED)  # 11: removed by a page that says so, twice
    take(at, 140, MISSING, url=MOVED)
    take(at, 150, status=503, url=MOVED)


def test_a_life_of_twelve_events_is_told_in_plain_words(at: Filing) -> None:
    live(at)
    with at.folder.read() as connection:
        told = history(connection, resolve(connection, URL))
        assert version(connection, told.document).number == 1  # by time the newest, though filed first
    text = list(lines(told))
    for said in (
        "5 versions, 15 captures, 3 edits (and 1 of typography only, 2 back to an earlier text);"
        " times in Vietnam (UTC+7)",
        "first seen 20/11/2026 12:10:00, last seen 20/11/2026 17:00:00 as @1",
        "numbers are the order of filing, which is not that of time: first seen in the order @2, @3, @4, @5, @1",
        "  changed in typography only to @3 between 20/11/2026 12:10:00 and 20/11/2026 12:20:00",
        "  edited to @4 between 20/11/2026 12:20:00 and 20/11/2026 12:30:00",
        "  went back to @2 between 20/11/2026 12:30:00 and 20/11/2026 12:40:00",
        "  removed: present at 20/11/2026 12:40:00, absent at 20/11/2026 12:50:00"
        " (the address answers 404, sent to the front page)",
        "  returned: still absent at 20/11/2026 13:00:00, present at 20/11/2026 13:10:00",
        "  edited to @5 between 20/11/2026 13:10:00 and 20/11/2026 13:20:00",
        "  20/11/2026 13:20:00 to 20/11/2026 13:35:00  @5 Lũ về trên sông Hoà Bình (seen 2 times);"
        " a suspect text at first, confirmed by a second fetch at 20/11/2026 13:35:00",
        f"  20/11/2026 13:40:00  moved: {URL} leads to the article's new address {MOVED}",
        "  removed: present at 20/11/2026 13:41:00, absent at 20/11/2026 13:50:00 (a page that says so, seen again)",
        f"  20/11/2026 13:50:00 to 20/11/2026 14:20:00  a page that is no article: {NOT_FOUND} (seen 2 times)",
        "  returned: still absent at 20/11/2026 14:20:00, present at 20/11/2026 17:00:00",
        "  edited to @1 between 20/11/2026 13:41:00 and 20/11/2026 17:00:00",
    ):
        assert said in text
    assert problems_of(at.folder.path) == []


def test_the_json_of_a_life_is_whole(at: Filing) -> None:
    live(at)
    with at.folder.read() as connection:
        said = to_json(history(connection, resolve(connection, URL)))
    assert (said["captures"], said["order"], said["filed_in_order"]) == (15, [2, 3, 4, 5, 1], False)
    assert [state["version"] for state in said["states"]] == [2, 3, 4, 2, None, None, 2, 5, 2, None, None, 1]
    assert [version["boring"] for version in said["versions"]] == [False, False, True, False, False]
    assert [away["how"] for away in said["absences"]] == [["404", "front page"], ["says not found"]]
    assert [(move["from"], move["to"]) for move in said["moves"]] == [(URL, MOVED)]
    assert sum(state["captures"] for state in said["states"]) + 1 == said["captures"]


def test_one_page_that_says_it_is_missing_is_no_removal_yet(at: Filing) -> None:
    take(at, 0, PAGE)
    take(at, 10, MISSING)
    take(at, 15, MISSING)
    with at.folder.read() as connection:
        told = history(connection, resolve(connection, URL))
    assert (told.absences, told.states[-1].removed, told.states[-1].reason) == ((), False, NOT_FOUND)
