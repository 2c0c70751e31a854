"""Links: found once, due when they should be, visited with what came of it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, select

from archive import links
from archive.tables import links as table
from archive.times import from_us
from archive.values import Capture, Link, Outcome, Purpose
from archive.visits import LADDER, next_visit, retry_after

pytestmark = pytest.mark.usefixtures("database")

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
PAGE = Link(outlet="bao", url="https://bao.vn/a-1.htm")
FEED = Link(outlet="bao", url="https://bao.vn/rss/home.rss", purpose=Purpose.FEED)


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        yield connection


def capture(link: Link, outcome: Outcome = Outcome.OK, status: int | None = 200, **headers: str) -> Capture:
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Capture(
        outlet="bao", url=link.url, fetched_at=NOON, outcome=outcome, purpose=link.purpose, status=status, headers=pairs
    )


def then(connection: Connection, link: Link) -> datetime | None:
    value = connection.execute(select(table.c.next_visit).where(table.c.url == link.url)).scalar_one()
    return None if value is None else from_us(value)


def test_an_address_of_more_bytes_than_an_index_takes_is_no_link(connection: Connection) -> None:
    chance = random.Random(7)
    pages = ["https://a.vn/" + "".join(chr(chance.randrange(0x4E00, 0x9FFF)) for _ in range(n)) for n in (600, 1500)]
    assert links.add(connection, [Link(outlet="a", url=url) for url in pages], NOON) == 1


def test_a_link_is_new_once(connection: Connection) -> None:
    assert links.add(connection, [PAGE, PAGE], NOON) == 1
    assert links.add(connection, [PAGE], NOON) == 0


def test_other_schemes_user_names_and_traps_are_left_out(connection: Connection) -> None:
    bad = ["file:///etc/passwd", "ftp://a.vn/x", "data:text/html,x", "https://u:p@a.vn/", "https://", "http://[", "x"]
    bad += [
        "https://a.vn/" + "a" * 3000,
        "https://a.vn/\x00",
        "http://in\\@out.vn/",
        "https://a.vn:99999/",
        "http://../x",
        "http://a..vn/",
    ]
    assert links.add(connection, [replace(PAGE, url=url) for url in bad], NOON) == 0


def test_a_thousand_links_are_added_at_once(connection: Connection) -> None:
    many = [replace(PAGE, url=f"https://bao.vn/a-{number}.htm") for number in range(1000)]
    assert links.add(connection, many, NOON) == 1000
    assert links.add(connection, many, NOON) == 0
    assert many == links.due(connection, "bao", NOON, 2000)


def test_lists_come_first_then_pages_never_seen(connection: Connection) -> None:
    other = replace(PAGE, url="https://bao.vn/b-2.htm")
    links.add(connection, [PAGE, other], NOON)
    links.add(connection, [FEED], NOON)
    links.visited(connection, PAGE, capture(PAGE, Outcome.TIMEOUT, None), changed=None, now=NOON)
    found = [link.url for link in links.due(connection, "bao", NOON, 9)]
    assert [FEED.url, other.url, PAGE.url] == found


def test_a_page_climbs_the_ladder_from_its_last_change(connection: Connection) -> None:
    links.add(connection, [PAGE], NOON)
    links.visited(connection, PAGE, capture(PAGE), changed=True, now=NOON)
    seen = NOON
    for step in LADDER:
        assert NOON + step == then(connection, PAGE)
        seen = NOON + step
        links.visited(connection, PAGE, capture(PAGE, Outcome.NOT_MODIFIED, 304), changed=False, now=seen)
    assert seen + LADDER[-1] == then(connection, PAGE)
    links.visited(connection, PAGE, capture(PAGE), changed=True, now=seen)
    assert seen + LADDER[0] == then(connection, PAGE)


def test_a_network_fault_is_tried_by_the_next_crawl_then_backs_off_linearly(connection: Connection) -> None:
    links.add(connection, [PAGE], NOON)
    waits = []
    for _ in range(4):
        links.visited(connection, PAGE, capture(PAGE, Outcome.TRUNCATED), changed=None, now=NOON)
        waits.append((then(connection, PAGE) or NOON) - NOON)
    assert [timedelta(minutes=15 * n) for n in range(4)] == waits


def test_a_removed_page_is_looked_at_again(connection: Connection) -> None:
    links.add(connection, [PAGE], NOON)
    links.visited(connection, PAGE, capture(PAGE, Outcome.GONE, 404), changed=None, now=NOON)
    assert NOON + timedelta(days=1) == then(connection, PAGE)


def test_an_interrupted_link_is_still_due(connection: Connection) -> None:
    links.add(connection, [PAGE], NOON)
    links.visited(connection, PAGE, capture(PAGE, Outcome.INTERRUPTED, None), changed=None, now=NOON)
    assert links.due(connection, "bao", NOON, 9) == [PAGE]


def test_a_feed_is_polled_by_every_crawl_but_when_asked_to_wait(connection: Connection) -> None:
    links.poll(connection, "bao", [FEED], NOON)
    links.visited(connection, FEED, capture(FEED, Outcome.ERROR, 500), changed=None, now=NOON)
    links.poll(connection, "bao", [FEED], NOON)
    assert len(links.due(connection, "bao", NOON, 9)) == 1
    busy = capture(FEED, Outcome.ERROR, 503, Retry_After="600")
    links.visited(connection, FEED, busy, changed=None, now=NOON)
    links.poll(connection, "bao", [FEED], NOON)
    assert links.due(connection, "bao", NOON, 9) == []
    assert len(links.due(connection, "bao", NOON + timedelta(minutes=10), 9)) == 1


def test_a_feed_no_longer_named_is_put_to_rest_and_comes_back(connection: Connection) -> None:
    links.poll(connection, "bao", [FEED], NOON)
    links.poll(connection, "bao", [], NOON)
    assert links.due(connection, "bao", NOON, 9) == []
    links.poll(connection, "bao", [FEED], NOON)
    assert links.due(connection, "bao", NOON, 9) == [FEED]


def test_validators_are_kept_only_of_content_we_hold(connection: Connection) -> None:
    links.add(connection, [PAGE], NOON)
    links.visited(connection, PAGE, capture(PAGE, ETag='"1"', Last_Modified="yesterday"), changed=True, now=NOON)
    links.visited(connection, PAGE, capture(PAGE, Outcome.TRUNCATED, ETag='"2"'), changed=None, now=NOON)
    (known,) = links.due(connection, "bao", NOON + timedelta(days=1), 9)
    assert (known.etag, known.last_modified) == ('"1"', "yesterday")


def test_a_doubtful_page_that_we_hold_climbs_the_ladder_and_keeps_its_validators(connection: Connection) -> None:
    links.add(connection, [PAGE], NOON)
    doubtful = capture(PAGE, Outcome.SUSPECT, ETag='"1"', Last_Modified="yesterday")
    links.visited(connection, PAGE, doubtful, changed=None, now=NOON)
    assert NOON + timedelta(minutes=15) == then(connection, PAGE)
    assert links.due(connection, "bao", NOON + timedelta(days=1), 9)[0].etag == ""
    links.visited(connection, PAGE, doubtful, changed=True, held=True, now=NOON)
    later = NOON + timedelta(hours=2)
    links.visited(connection, PAGE, doubtful, changed=False, held=True, now=later)
    assert NOON + timedelta(hours=3) == then(connection, PAGE)
    (known,) = links.due(connection, "bao", NOON + timedelta(days=1), 9)
    assert (known.etag, known.last_modified) == ('"1"', "yesterday")


@pytest.mark.parametrize("known_as", [replace(FEED, purpose=Purpose.PAGE), replace(FEED, found_in="https://bao.vn/x")])
def test_a_list_that_was_fetched_as_something_else_is_polled_as_the_list_it_is(
    connection: Connection, known_as: Link
) -> None:
    links.add(connection, [known_as], NOON)
    links.visited(connection, known_as, capture(known_as, ETag='"1"'), changed=True, now=NOON)
    links.poll(connection, "bao", [FEED], NOON)
    assert links.due(connection, "bao", NOON, 9) == [FEED]
    links.visited(connection, FEED, capture(FEED), changed=None, now=NOON)
    links.poll(connection, "bao", [FEED], NOON)
    assert links.due(connection, "bao", NOON, 9) == [FEED]


def test_a_list_fetched_as_a_page_keeps_no_validators_of_it(connection: Connection) -> None:
    links.poll(connection, "bao", [FEED], NOON)
    as_page = replace(FEED, purpose=Purpose.PAGE)
    links.visited(connection, as_page, capture(as_page, ETag='"1"'), changed=True, now=NOON)
    assert links.due(connection, "bao", NOON, 9) == [FEED]


def test_a_held_host_leaves_other_hosts_alone(connection: Connection) -> None:
    other = replace(PAGE, url="https://bao.vn.example/a.htm")
    links.add(connection, [PAGE, other], NOON)
    links.hold(connection, "bao", "bao.vn", NOON + timedelta(hours=1))
    assert [other] == links.due(connection, "bao", NOON, 9)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7),
        ("1000000000", 3600),
        ("Fri, 20 Nov 2026 12:00:07 GMT", 7),
        ("soon", None),
        ("-3", None),
        ("٣", None),
        ("Fri, 20 Nov 99999999999999999999 12:00:07 GMT", None),
        ("Fri, 20 Nov 2026 99999999999999999999:00:07 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 -2359", 3600),
        ("Mon, 01 Jan 0001 00:00:00 +2359", 0),
        ("Fri,", None),
    ],
)
def test_retry_after_is_read_in_both_forms_and_capped(value: str, seconds: int | None) -> None:
    wait = retry_after(capture(PAGE, Outcome.BLOCKED, 429, Retry_After=value))
    assert (None if seconds is None else timedelta(seconds=seconds)) == wait


@given(st.sampled_from(Outcome), st.integers(0, 10_000), st.integers(0, 10**6))
def test_nothing_is_given_up_and_nothing_is_hammered(outcome: Outcome, failures: int, hours: int) -> None:
    again = next_visit(outcome, NOON, last_change=NOON - timedelta(hours=hours), failures=failures)
    assert NOON <= again <= NOON + LADDER[-1]
