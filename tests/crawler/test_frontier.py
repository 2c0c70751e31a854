"""The frontier: robots.txt first, one request at a time per host, nothing twice, an end in every case."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from time import monotonic
from types import SimpleNamespace
from typing import TypeVar

from archive.errors import Unreachable
from archive.values import Capture, Link, Outcome, Purpose
from crawler.frontier import Frontier
from crawler.host import Host
from crawler.settings import BREAK_AFTER
from crawler.spider import OutletSpider
from crawler.stop import Stop

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOST = "bao.vn"
T = TypeVar("T")


def page(number: int, host: str = HOST) -> Link:
    return Link(outlet="bao", url=f"https://{host}/{number}.htm")


def answer(link: Link, status: int | None = 200, **more: object) -> Capture:
    plain = Capture(
        outlet="bao", url=link.url, fetched_at=NOON, outcome=Outcome.OK, purpose=link.purpose, status=status
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def no_robots(link: Link) -> Capture:
    return answer(link, 404, outcome=Outcome.GONE)


def frontier(links: list[Link], *, delay: float = 0, limit: int | None = None) -> Frontier:
    return Frontier(
        lambda given: links,
        hosts=(HOST,),
        new_host=lambda: Host(delay=delay, fixed=True),
        stop=Stop(),
        limit=limit,
    )


def drain(
    front: Frontier,
    answering: Callable[[Link], Capture] = answer,
    robots: Callable[[Link], Capture] = no_robots,
) -> list[str]:
    """Take every link until the frontier ends; give their paths."""

    async def all_of_them() -> list[str]:
        paths = []
        while (link := await front.next()) is not None:
            paths.append(link.url.removeprefix(f"https://{HOST}"))
            front.landed(link, robots(link) if link.purpose is Purpose.ROBOTS else answering(link))
            front.filed(link)
        return paths

    return within(all_of_them())


def within(work: Awaitable[T], seconds: float = 10) -> T:
    async def limited() -> T:
        return await asyncio.wait_for(work, seconds)  # type: ignore[arg-type]

    return asyncio.run(limited())


def test_robots_txt_comes_first_and_nothing_twice() -> None:
    assert drain(frontier([page(1), page(2), page(1)])) == ["/robots.txt", "/1.htm", "/2.htm"]


def test_robots_txt_is_asked_once_more_when_its_connection_broke() -> None:
    tries: list[Link] = []

    def drop_first(link: Link) -> Capture:
        tries.append(link)
        return answer(link, None, outcome=Outcome.ERROR) if len(tries) == 1 else no_robots(link)

    assert drain(frontier([page(1)]), robots=drop_first) == ["/robots.txt", "/robots.txt", "/1.htm"]


def test_nothing_to_do_ends_at_once() -> None:
    assert drain(frontier([])) == []


def test_the_limit_counts_pages_only() -> None:
    feed = Link(outlet="bao", url=f"https://{HOST}/rss", purpose=Purpose.FEED)
    assert drain(frontier([feed, page(1), page(2)], limit=1)) == ["/robots.txt", "/rss", "/1.htm"]


def test_links_found_on_the_way_are_fetched() -> None:
    links = [Link(outlet="bao", url=f"https://{HOST}/rss", purpose=Purpose.FEED)]

    def find(link: Link) -> Capture:
        if link.purpose is Purpose.FEED:
            links.append(page(1))
        return answer(link)

    assert drain(frontier(links), find) == ["/robots.txt", "/rss", "/1.htm"]


def test_a_host_has_one_request_out_while_others_go_on() -> None:
    async def take() -> None:
        front = frontier([page(1), page(2, "khac.vn")])
        first, second = await front.next(), await front.next()
        assert first is not None
        assert second is not None
        assert {first.url, second.url} == {f"https://{HOST}/robots.txt", "https://khac.vn/robots.txt"}
        third = asyncio.ensure_future(front.next())
        await asyncio.sleep(0.05)
        assert not third.done()
        front.landed(first, no_robots(first))
        link = await third
        assert link == page(1)

    within(take())


def test_a_host_waits_its_delay_between_requests() -> None:
    began = monotonic()
    drain(frontier([page(1), page(2)], delay=0.2))
    assert 0.4 <= monotonic() - began < 5


def test_a_silent_host_is_left_alone_after_some_tries() -> None:
    front = frontier([page(number) for number in range(20)])
    taken = drain(front, lambda link: answer(link, None, outcome=Outcome.TIMEOUT))
    assert len(taken) == 1 + BREAK_AFTER
    assert "no answer" in front.left[HOST]


def test_a_long_retry_after_ends_the_hosts_turns_and_is_told() -> None:
    async def take() -> None:
        front = frontier([page(1), page(2)])
        robots = await front.next()
        assert robots is not None
        front.landed(robots, no_robots(robots))
        front.filed(robots)
        link = await front.next()
        assert link is not None
        busy = answer(link, 503, outcome=Outcome.ERROR, headers=(("Retry-After", "900"),))
        assert front.landed(link, busy) == 900
        front.filed(link)
        assert await front.next() is None

    within(take())


def test_a_wish_to_stop_ends_the_waiting() -> None:
    async def take() -> None:
        front = frontier([page(1)], delay=60)
        robots = await front.next()
        assert robots is not None
        front.landed(robots, no_robots(robots))
        front.filed(robots)
        waiting = asyncio.ensure_future(front.next())
        await asyncio.sleep(0.05)
        front.stop.ask()
        assert await waiting is None

    within(take())


def test_a_database_that_goes_away_ends_the_crawl_with_its_own_error() -> None:
    lost = Unreachable("postgresql://db.example.org/press", "connection refused")

    def pull(given: int) -> list[Link]:
        raise lost

    stop = Stop()
    front = Frontier(pull, hosts=(HOST,), new_host=lambda: Host(delay=0, fixed=True), stop=stop)
    spider = OutletSpider(SimpleNamespace(frontier=front, stop=stop, clock=None, via=None))  # type: ignore[arg-type]  # an errand that has nothing else

    async def asked() -> list[object]:
        return [request async for request in spider.start()]

    assert asyncio.run(asked()) == []
    assert spider.problem is lost
    assert stop.asked.is_set()
