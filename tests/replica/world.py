"""All outlets at one time: what each address answers, before conditions, codings and faults. Pure, but for caches."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from archive.articlejson import to_json
from archive.values import Article
from tests.replica import feeds, lists, newsroom
from tests.replica.answer import MAP, XML, Answer, digest, missing
from tests.replica.filler import rng
from tests.replica.newsroom import Piece
from tests.replica.pages import render
from tests.replica.pages.parts import Noise, Page, Teaser, local
from tests.replica.saved import SavedPage
from tests.replica.site import HOME, NAMES, Site
from tests.replica.sites import SITES
from tests.replica.stories import Story

FEED_LENGTH, LIST_LENGTH = 30, 15


class World:
    """The outlets with all that they have to print."""

    def __init__(self, stories: Iterable[Story], saved: Mapping[tuple[str, str], SavedPage]) -> None:
        self.pieces = newsroom.pieces(stories) + newsroom.seed_pieces()
        self.saved = saved
        self.hosts = {host: site for site in SITES.values() for host in (site.host, *site.aliases)}
        self._by_path = {(piece.outlet, piece.path): piece for piece in self.pieces}
        self._by_number = {(piece.outlet, piece.number): piece for piece in self.pieces}
        self._routes = {site.name: self._fixed(site) for site in SITES.values()}
        self._cache: dict[tuple[str, str, datetime], Answer] = {}

    def answer(self, site: Site, path: str, now: datetime) -> Answer:
        """Give what a path of an outlet answers at a time: within a minute it is always the same."""
        now = now.replace(second=0, microsecond=0)
        key = (site.name, path, now)
        if key not in self._cache:
            if len(self._cache) > 400:
                self._cache.clear()
            self._cache[key] = self._answer(site, path, now)
        return self._cache[key]

    def _answer(self, site: Site, path: str, now: datetime) -> Answer:
        plain = path.partition("?")[0]
        piece = self._by_path.get((site.name, plain))
        if piece and piece.told.at(now) is not None:
            return self._article(piece, now)
        saved = self.saved.get((site.host, plain))
        if saved:
            return Answer(body=saved.body, tag=digest(saved.body))
        route = self._routes[site.name].get(plain) or self._paged(site, path)
        if route:
            return route(now)
        return self._month(site, plain, now) or self._elsewhere(site, plain, now)

    def _elsewhere(self, site: Site, path: str, now: datetime) -> Answer:
        """Send an article's other addresses to its own; nothing else lives here."""
        number = re.findall(r"\d{5,}", path)
        piece = self._by_number.get((site.name, number[-1])) if number else None
        if piece and piece.path != path and piece.shown(now):
            return Answer(status=301, location=piece.url)
        return missing(site, 404)

    def _article(self, piece: Piece, now: datetime) -> Answer:
        site, article = SITES[piece.outlet], piece.shown(now)
        if article is None:
            return missing(site, site.gone)
        body = render(self.page(piece, now)).encode()
        own = digest(repr(to_json(article)).encode())
        return Answer(body=body, tag=digest(body) if site.tag == "page" else own, changed=piece.changed(now))

    def page(self, piece: Piece, now: datetime) -> Page:
        """Give a piece as its template wants it, with the articles that the boxes beside it show at this time."""
        site, article = SITES[piece.outlet], piece.shown(now)
        if article is None:
            raise LookupError(f"{piece.url} is not there at {now}")
        others = [other for other in self._printed(site, now) if other is not piece and not other.old]
        rng(piece.url, "others").shuffle(others)
        return Page(
            outlet=piece.outlet,
            era=piece.era,
            url=piece.url,
            number=piece.number,
            article=article,
            section=NAMES[piece.section],
            section_url=site.home + site.section(piece.section),
            published=piece.told.published,
            modified=piece.told.modified_at(now),
            now=now,
            teasers=tuple(_teaser(other, now) for other in others[:8]),
            further=newsroom.further(piece, self.pieces) if site.name == "vietgiaitri" else (),
            noise=piece.noise if piece.old else _noise(piece, article),
        )

    def _printed(self, site: Site, now: datetime, section: str = HOME) -> list[Piece]:
        """Give an outlet's pieces that are there at a time, newest first, the old ones last."""
        fits = [p for p in self.pieces if p.outlet == site.name and section in (HOME, p.section) and p.shown(now)]
        return sorted(fits, key=lambda piece: (piece.old, -piece.told.published.timestamp()))

    def _teasers(self, site: Site, now: datetime, section: str = HOME, limit: int = FEED_LENGTH) -> list[Teaser]:
        printed = self._printed(site, now, section)
        new = [_teaser(piece, now) for piece in printed if not piece.old][:limit]
        old = [_teaser(piece, now) for piece in printed if piece.old]
        return new + old + [page.teaser for page in self.saved.values() if page.site is site]

    def _fixed(self, site: Site) -> dict[str, Callable[[datetime], Answer]]:
        """Give what lives at an outlet's paths that are no articles."""
        robots = Answer(body=site.robots().encode(), type="text/plain")
        routes: dict[str, Callable[[datetime], Answer]] = {"/robots.txt": lambda now: robots}
        routes["/"] = lambda now: self._list(site, HOME, "/", 1, now)
        for key in NAMES:
            routes[site.section(key)] = self._section(site, key)
        for path, (key, style) in site.feeds.items():
            routes[path] = self._feed(site, path, key, style)
        for path in (*site.sitemaps, "/google-news-sitemap.xml"):
            routes[path] = lambda now: self._sitemap(site, now)
        return routes | (
            {"/sitemap.xml": lambda now: self._index(site, now)} if "/sitemap.xml" in site.sitemaps else {}
        )

    def _section(self, site: Site, key: str) -> Callable[[datetime], Answer]:
        return lambda now: self._list(site, key, site.section(key), 1, now)

    def _feed(self, site: Site, path: str, key: str, style: str) -> Callable[[datetime], Answer]:
        def answer(now: datetime) -> Answer:
            teasers = self._teasers(site, now, key)
            body = feeds.rss(style, NAMES.get(key, site.display), site.home + path, teasers)
            newest = max((teaser.published for teaser in teasers), default=None)
            return Answer(body=body, type=XML, tag=digest(body), changed=newest)

        return answer

    def _sitemap(self, site: Site, now: datetime) -> Answer:
        """Print what was published in the last two days, as news sitemaps do."""
        new = [_teaser(piece, now) for piece in self._printed(site, now) if not piece.old]
        body = feeds.sitemap(site, [teaser for teaser in new if now - teaser.published < timedelta(days=2)])
        return Answer(body=body, type=MAP, tag=digest(body))

    def _index(self, site: Site, now: datetime) -> Answer:
        body = feeds.index(site, [*self._months(site, now), "/google-news-sitemap.xml"])
        return Answer(body=body, type=MAP, tag=digest(body))

    def _months(self, site: Site, now: datetime) -> dict[str, list[Teaser]]:
        """Give the paths of the monthly sitemaps that an outlet keeps, newest first, each with its articles."""
        months: dict[str, list[Teaser]] = {}
        for piece in self._printed(site, now) if site.months else ():
            months.setdefault(site.months.format(local(piece.told.published)), []).append(_teaser(piece, now))
        return months

    def _month(self, site: Site, path: str, now: datetime) -> Answer | None:
        teasers = self._months(site, now).get(path)
        return Answer(body=feeds.sitemap(site, teasers), type=MAP) if teasers else None

    def _paged(self, site: Site, path: str) -> Callable[[datetime], Answer] | None:
        """Find the list page that a path with a page's number means."""
        for key in NAMES:
            pattern = re.escape(_page_path(site, key, 7777)).replace("7777", r"(\d{1,3})")
            match = re.fullmatch(pattern, path)
            if match:
                number = int(match[1])
                return lambda now, key=key: self._list(site, key, path, number, now)  # type: ignore[misc]
        return None

    def _list(self, site: Site, key: str, path: str, number: int, now: datetime) -> Answer:
        teasers = self._teasers(site, now, key, limit=1000)
        shown = teasers[(number - 1) * LIST_LENGTH : number * LIST_LENGTH]
        following = _page_path(site, key, number + 1) if key and len(teasers) > number * LIST_LENGTH else ""
        title = f"{NAMES.get(key, 'Trang chủ')} - {site.display}"
        return Answer(body=lists.page(site, title, path, shown, now=now, following=following).encode())


def _noise(piece: Piece, article: Article) -> Noise:
    """Say which event an article belongs to: every second one belongs to one, named by its first tag."""
    belongs = article.tags and rng(piece.url, "event").random() < 0.5
    return Noise(event=article.tags[0] if belongs else "")


def _page_path(site: Site, key: str, number: int) -> str:
    path = site.section(key)
    return site.page_path.format(path=path, stem=path.removesuffix(".htm"), number=number)


def _teaser(piece: Piece, now: datetime) -> Teaser:
    article = piece.shown(now)
    if article is None:
        raise LookupError(f"{piece.url} is not there at {now}")
    return Teaser(
        url=piece.url,
        title=article.title,
        lead=article.lead,
        published=piece.told.published,
        number=piece.number,
    )
