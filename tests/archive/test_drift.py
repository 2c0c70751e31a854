"""Drift: what was read of each template, now against before, and when that is an alarm."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from archive import crawls
from archive.alarm import alarms
from archive.chance import Share, by_chance, fell, jumped
from archive.decide import decide
from archive.drift import LEFT, Page, Window, _cuts, windows
from archive.entry import Entry
from archive.filing import Filing
from archive.folder import Folder
from archive.values import Article, Block, Capture, Kind, Outcome, Reading
from crawler.cli import crawl

pytestmark = pytest.mark.usefixtures("database")

MORNING = datetime.fromisoformat("2026-11-20T08:00:00+07:00")
PROMISED = {"dantri/2026": ("title", "lead", "body")}
TEXT = "Một đoạn văn của bài báo, dài bằng những đoạn khác."


def page(number: int, *, template: str = "dantri/2026", lead: str = "Sapo.", blocks: int = 8, **more: str) -> Entry:
    """One page as it is filed: number, template, lead and blocks as told, `outcome` when it gave no article."""
    url = f"https://dantri.com.vn/xa-hoi/tin-2026112008{number:08d}1.htm"
    outcome = Outcome(more.get("outcome", "ok"))
    body = tuple(Block(kind=Kind.PARAGRAPH, text=f"{TEXT} {number}-{part}") for part in range(blocks))
    article = Article(title=f"Tin {number}", lead=lead, blocks=body) if outcome in ("ok", "suspect") else None
    reading = Reading(outcome=outcome, identity="i", template=template, article=article)
    via = more.get("via")
    capture = Capture(outlet="dantri", url=url, fetched_at=MORNING, outcome=outcome, status=200, body=b"<p>", via=via)
    return Entry(capture=capture, now=MORNING, reading=reading, document=f"dantri:{number}", url=url)


def file_crawl(folder: Folder, pages: list[Entry], *, hours: int = 0) -> None:
    """File one crawl that read these pages, so many hours after the morning."""
    at = MORNING + timedelta(hours=hours)
    with folder.lock_outlet("dantri"):
        with folder.write() as connection:
            crawl_id = crawls.begin(connection, "dantri", batch=f"{hours}", via=None, now=at)
        filing = Filing(folder, outlet="dantri", crawl_id=crawl_id)
        for entry in pages:
            assert entry.reading
            known = filing.known(entry.document or "", url=entry.capture.url, identity="i")
            decision = decide(known, entry.reading, now=at)
            capture = replace(entry.capture, fetched_at=at)
            filing.file(replace(entry, capture=capture, now=at, decision=decision))
        with folder.write() as connection:
            crawls.end(connection, crawl_id, now=at, summary={"failed": False})


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    with Folder.open(tmp_path, create=True) as opened:
        yield opened


def status(folder: Folder, *words: str) -> Result:
    return CliRunner().invoke(crawl, ["status", *words, "--archive", str(folder.path)])


def told(folder: Folder, *words: str) -> tuple[list[tuple[str, str]], int]:
    """Give kind and field of each alarm, and the exit code."""
    result = status(folder, *words, "--json", "--exit-code")
    outlets = json.loads(result.stdout)["outlets"]
    return [(alarm["kind"], alarm["what"]) for outlet in outlets for alarm in outlet["alarms"]], result.exit_code


def test_a_steady_outlet_gives_no_alarm(folder: Folder) -> None:
    file_crawl(folder, [page(n) for n in range(30)])
    file_crawl(folder, [page(n) for n in range(25, 40)], hours=1)
    assert told(folder) == ([], 0)


def test_a_template_that_stops_matching_is_an_alarm_with_three_addresses(folder: Folder) -> None:
    file_crawl(folder, [page(n) for n in range(20)])
    file_crawl(folder, [page(n, template="generic", outcome="suspect") for n in range(20, 26)], hours=1)
    assert told(folder) == ([("template", "")], 8)
    alarm = json.loads(status(folder, "--json").stdout)["outlets"][0]["alarms"][0]
    assert (alarm["now"], alarm["before"], len(alarm["examples"])) == (1.0, 0.0, 3)
    assert alarm["examples"][0] == page(25).capture.url


def test_known_pages_that_no_template_reads_any_more_are_an_alarm(folder: Folder) -> None:
    old = [page(n, template="dantri/2021") for n in range(4)]
    file_crawl(folder, [*old, *(page(n) for n in range(4, 40))])
    again = [page(n, template="generic", outcome="suspect") for n in range(4)]
    file_crawl(folder, [*again, *(page(n) for n in range(40, 70))], hours=1)
    assert told(folder) == ([("template", "")], 8)
    assert "dantri/2021: no template reads 4 of 4 pages that this one read before" in status(folder).stdout


@pytest.mark.parametrize("outcome", ["extract_failed", "not_article"])
def test_pages_that_are_no_longer_read_at_all_are_an_alarm(folder: Folder, outcome: str) -> None:
    file_crawl(folder, [page(n) for n in range(20)])
    file_crawl(folder, [page(n, template="", outcome=outcome) for n in range(20, 26)], hours=1)
    assert told(folder) == ([("template", "")], 8)


def test_a_promised_field_that_disappears_is_an_alarm(folder: Folder) -> None:
    file_crawl(folder, [page(n) for n in range(20)])
    file_crawl(folder, [page(n, lead="", outcome="suspect") for n in range(20, 26)], hours=1)
    assert told(folder) == ([("field", "lead")], 8)
    shown = status(folder).stdout
    assert "DRIFT       dantri/2026: lead stands on 0 of 6 pages, before 20 of 20" in shown
    assert "lead 0% (before 100%)" in shown


def test_articles_that_shrink_are_an_alarm(folder: Folder) -> None:
    file_crawl(folder, [page(n) for n in range(20)])
    file_crawl(folder, [page(n, blocks=2) for n in range(20, 30)], hours=1)
    assert told(folder) == ([("length", "characters")], 8)


def test_since_says_what_is_now(folder: Folder) -> None:
    file_crawl(folder, [page(n) for n in range(20)])
    file_crawl(folder, [page(n, lead="", outcome="suspect") for n in range(20, 26)], hours=1)
    file_crawl(folder, [page(n) for n in range(26, 60)], hours=2)
    assert told(folder) == ([], 0)
    assert told(folder, "--since", "2026-11-20T08:30") == ([], 0)
    counted = json.loads(status(folder, "--json", "--since", "2026-11-20T09:30").stdout)["outlets"][0]
    assert counted["captures"] == {"ok": 34}
    assert (counted["pages"]["now"]["pages"], counted["pages"]["before"]["pages"]) == (34, 26)


def test_an_address_seen_often_counts_once(folder: Folder) -> None:
    for hours in range(9):
        file_crawl(folder, [page(1, lead="", outcome="suspect"), page(hours + 10)], hours=hours)
    with folder.read() as connection:
        (seen, _) = windows(connection, "dantri")
    assert len({one.url for one in seen.now}) == len(seen.now)
    assert told(folder) == ([], 0)


def test_a_first_crawl_that_no_template_reads_is_an_alarm(folder: Folder) -> None:
    file_crawl(folder, [page(n, template="generic", outcome="suspect") for n in range(6)])
    assert told(folder) == ([("template", "")], 8)


def test_gates_from_the_first_are_an_outlets_way(folder: Folder) -> None:
    file_crawl(folder, [page(n, template="", outcome="gated") for n in range(9)])
    assert told(folder) == ([], 0)


def test_a_host_without_templates_does_not_drift() -> None:
    generic = [
        Page(
            url=f"https://a.vn/{n}",
            fetched_at=MORNING,
            outcome=Outcome.OK,
            template="generic",
            fields=frozenset(),
            blocks=1,
            characters=9,
        )
        for n in range(30)
    ]
    assert alarms(Window(now=tuple(generic[:15]), before=tuple(generic[15:])), {}) == []


def page_read(chance: Random, number: int, *, kind: str = "", **more: Any) -> Page:
    """One page of an outlet as it always is, read by its template: its length by chance, its format mostly article."""
    kind = kind or chance.choices(["article", "photo", "video"], [0.88, 0.07, 0.05])[0]
    blocks = {"article": int(3 + chance.lognormvariate(2.5, 0.5)), "photo": chance.randint(6, 25), "video": 0}[kind]
    each = chance.randint(60, 120) if kind == "photo" else chance.randint(150, 300)
    usual = {"byline": 0.9, "lead": 0.97, "tags": 0.8, "section": 0.6, "event": 0.2, "captions": 0.7, "images": 0.8}
    fields = {"title", "published", *(name for name, share in usual.items() if chance.random() < share)}
    fields |= {"body"} if blocks else set()
    fields |= {f"format:{kind}"} if kind != "article" else set()
    found = Page(
        url=f"https://dantri.com.vn/{number}",
        fetched_at=MORNING,
        outcome=Outcome.OK,
        template="dantri/2026",
        fields=frozenset(fields),
        blocks=blocks,
        characters=blocks * each,
    )
    return replace(found, **more)


def sides_of(seed: int, *, now: int, before: int, **more: Any) -> Window:
    """Give a window whose pages of now are otherwise as `more` says."""
    chance = Random(seed)
    older = tuple(page_read(chance, number) for number in range(before))
    return Window(now=tuple(page_read(chance, before + number, **more) for number in range(now)), before=older)


def test_at_most_one_of_a_hundred_steady_histories_gives_an_alarm() -> None:
    sizes = [(now, before) for now in (3, 5, 8, 20, 60) for before in (5, 20, 80, 300)]
    falsely = [seed for seed in range(100) if alarms(sides_of(seed, **_sized(*sizes[seed % 20])), PROMISED)]
    assert len(falsely) <= 1, falsely


def _sized(now: int, before: int) -> dict[str, int]:
    return {"now": now, "before": before}


@pytest.mark.parametrize("kind", ["photo", "video"])
@pytest.mark.parametrize("now", [5, 20, 60])
def test_a_day_of_photo_stories_or_videos_alone_is_no_drift(kind: str, now: int) -> None:
    assert [alarms(sides_of(seed, now=now, before=200, kind=kind), PROMISED) for seed in range(2)] == [[], []]


def test_an_outlet_of_five_captures_gives_no_alarm() -> None:
    assert alarms(sides_of(1, now=5, before=0), PROMISED) == []
    assert alarms(sides_of(1, now=2, before=3), PROMISED) == []


@pytest.mark.parametrize(("now", "before"), [(8, 20), (20, 60), (40, 400)])
def test_a_body_of_which_only_a_piece_is_read_is_an_alarm_for_small_and_big_outlets(now: int, before: int) -> None:
    for seed in range(5):
        found = alarms(sides_of(seed, now=now, before=before, kind="article", blocks=1, characters=150), PROMISED)
        assert [alarm.what for alarm in found if alarm.kind == "length"] == ["characters"]


def test_a_small_crawl_that_drifts_does_not_hide_behind_the_one_before(folder: Folder) -> None:
    file_crawl(folder, [page(n) for n in range(10)])
    file_crawl(folder, [page(n) for n in range(10, 20)], hours=1)
    file_crawl(folder, [page(n, lead="", outcome="suspect") for n in range(20, 25)], hours=2)
    assert told(folder) == ([("field", "lead")], 8)


def test_what_was_replayed_out_of_a_warc_says_nothing_of_the_site_now(folder: Folder) -> None:
    file_crawl(folder, [page(n) for n in range(20)])
    file_crawl(folder, [page(n) for n in range(20, 40)], hours=1)
    file_crawl(folder, [page(n, lead="", outcome="suspect", via="warc:2016.warc.gz") for n in range(40, 60)], hours=2)
    assert told(folder) == ([], 0)


def test_what_is_unknown_is_told_with_exit_2(folder: Folder) -> None:
    nearly = status(folder, "dantry")
    assert (nearly.exit_code, str(nearly.exception)) == (1, "no outlet 'dantry': did you mean dantri?")
    assert "last crawl  never" in status(folder, "dantri").stdout


@given(st.lists(st.integers(1, 6), max_size=200).map(lambda ids: sorted(ids, reverse=True)))
def test_now_is_whole_crawls_and_leaves_enough_before(ids: list[int | None]) -> None:
    newest = ids.count(ids[0]) if ids else 0
    for cut in _cuts(ids):
        assert not 0 < cut < len(ids) or ids[cut] != ids[cut - 1]
        assert cut == newest or len(ids) - cut >= LEFT


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_a_share_that_rose_never_fell(now: int, lacking: int, before: int, lacking_before: int) -> None:
    a, b = Share(hits=now, of=now + lacking), Share(hits=before, of=before + lacking_before)
    assert 0 <= by_chance(a, b) <= 1
    assert not (b.of >= 5 and a.value >= b.value and fell(a, b))


@given(st.lists(st.integers(0, 5000), max_size=40), st.lists(st.integers(0, 5000), max_size=40))
def test_a_jump_is_seen_from_both_sides(now: list[int], before: list[int]) -> None:
    assert jumped(now, before) == jumped(before, now)
    assert not jumped(now, now)
