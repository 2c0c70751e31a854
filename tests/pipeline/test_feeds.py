import gzip
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.values import Outcome, Purpose
from pipeline.feeds import MOST_BYTES, MOST_FEED_BYTES, MOST_LINKS, read_feed, read_list
from pipeline.outlet import load_outlets
from tests.pipeline.making import capture

URL = "https://dantri.com.vn/rss/home.rss"
ITEM = "<item><title>{title}</title><link>{link}</link><pubDate>{date}</pubDate></item>"
LINK = "https://dantri.com.vn/xa-hoi/tin-20261120073000111.htm"
TIME = datetime(2026, 11, 20, 0, 30, tzinfo=UTC)


def rss(title: str = "Tin mới", link: str = LINK, date: str = "Fri, 20 Nov 2026 07:30:00 +0700") -> str:
    item = ITEM.format(title=title, link=link, date=date)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>Báo</title>{item}</channel></rss>'
    )


QUIRKS = {
    "plain": rss().encode(),
    "bom": b"\xef\xbb\xbf" + rss().encode(),
    "blank lines first": b"\n\n  " + rss().encode(),
    "no declaration": rss().split("\n", 1)[1].encode(),
    "utf-16": rss().replace("UTF-8", "UTF-16").encode("utf-16"),
    "utf-16 without bom, said to be utf-8": rss().encode("utf-16-le"),
    "colon in the zone": rss(date="Fri, 20 Nov 2026 07:30:00 +07:00").encode(),
    "two-digit year": rss(date="Fri, 20 Nov 26 07:30:00 +0700").encode(),
    "iso": rss(date="2026-11-20T07:30:00+07:00").encode(),
    "vietnamese": rss(date="20/11/2026 07:30").encode(),
    "cdata": rss(title="<![CDATA[Tin mới]]>").encode(),
    "entities encoded twice": rss(title="Tin m&amp;#7899;i").encode(),
    "html in the title": rss(title="&lt;b&gt;Tin&lt;/b&gt; mới").encode(),
    "glued link": rss(link="https://dantri.com.vn" + LINK).encode(),
    "link with spaces": rss(link=f"\n  {LINK}\t").encode(),
    "relative link": rss(link="/xa-hoi/tin-20261120073000111.htm").encode(),
    "a tail missing": rss().encode()[:-12],
}


@pytest.mark.parametrize("name", QUIRKS)
def test_a_feed_is_read_whatever_the_outlet_gets_wrong(name: str) -> None:
    reading = read_feed(QUIRKS[name], URL, Purpose.FEED)
    assert [(entry.url, entry.title, entry.published) for entry in reading.links] == [(LINK, "Tin mới", TIME)]
    assert reading.problem == ""


def test_atom_is_read() -> None:
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Tin mới</title>'
        f'<link href="{LINK}"/><updated>2026-11-20T00:30:00Z</updated></entry></feed>'
    )
    assert read_feed(body.encode(), URL, Purpose.FEED).links[0].published == TIME


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "", "http://"])
def test_only_http_links_are_taken(link: str) -> None:
    assert read_feed(rss(link=link).encode(), URL, Purpose.FEED).urls == ()


def test_what_is_no_feed_says_so(tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_text(rss(), "utf-8")
    for body in (b"", b"<html><body>x</body></html>", b"{}", str(secret).encode(), b" " + b"x" * MOST_FEED_BYTES):
        reading = read_feed(body, URL, Purpose.FEED)
        assert (reading.links, bool(reading.problem)) == ((), True)


def test_a_feed_is_read_though_one_of_its_dates_is_out_of_time() -> None:
    for date in ("Fri, 31 Dec 9999 23:59:59 -2359", "Fri, 20 Nov 99999999999999999999 07:30:00 +0700", "9" * 5000):
        assert read_feed(rss(date=date).encode(), URL, Purpose.FEED).urls == (LINK,)


def test_a_sitemap_may_be_large_and_gives_so_many_links() -> None:
    urls = "".join(f"<url><loc>https://dantri.com.vn/{n}.htm</loc></url>" for n in range(MOST_LINKS + 9))
    body = f"<urlset>{urls}<!--{'x' * MOST_FEED_BYTES}--></urlset>".encode()
    assert len(read_feed(body, URL, Purpose.SITEMAP).links) == MOST_LINKS
    assert read_feed(bytes(MOST_BYTES) + b"x", URL, Purpose.SITEMAP).problem == f"over {MOST_BYTES} bytes"


def test_an_address_longer_than_any_article_is_left_out() -> None:
    assert read_feed(rss(link=LINK + "?" + "a" * 3000).encode(), URL, Purpose.FEED).urls == ()


GATE = '<script>document.cookie="D1N=0123"+"; path=/"; window.location.reload(true);</script>'


@pytest.mark.parametrize(
    ("body", "headers", "outcome"),
    [
        (rss(), {}, Outcome.OK),
        (rss(), {"Content_Length": "999999"}, Outcome.TRUNCATED),
        (rss(), {"Content_Encoding": "gzip"}, Outcome.OK),
        (gzip.compress(rss().encode())[:-1], {"Content_Encoding": "gzip"}, Outcome.TRUNCATED),
        (GATE, {}, Outcome.GATED),
    ],
)
def test_a_capture_of_a_list_is_judged_by_its_body(body: bytes | str, headers: dict[str, str], outcome: str) -> None:
    taken = replace(capture(body, url=URL, **headers), purpose=Purpose.FEED)
    reading = read_list(taken, load_outlets()["dantri"])
    assert (reading.outcome, bool(reading.links)) == (outcome, outcome == Outcome.OK)


def test_a_list_repeats_no_link() -> None:
    body = rss().replace("</channel>", ITEM.format(title="x", link=LINK + "?utm_source=rss", date="") + "</channel>")
    assert len(read_feed(body.encode(), URL, Purpose.FEED).links) == 1


SITEMAP = f"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>{LINK}</loc><news:news><news:publication_date>2026-11-20T07:30:00+07:00</news:publication_date>
<news:title>Tin mới</news:title></news:news></url></urlset>"""


def test_a_news_sitemap_is_read() -> None:
    entry = read_feed(SITEMAP.encode(), "https://dantri.com.vn/sitemap.xml", Purpose.SITEMAP).links[0]
    assert (entry.url, entry.title, entry.published, entry.purpose) == (LINK, "Tin mới", TIME, Purpose.PAGE)


def test_a_sitemap_index_gives_sitemaps_and_never_itself() -> None:
    here = "https://dantri.com.vn/sitemap.xml"
    body = f"<sitemapindex><sitemap><loc>{here}</loc></sitemap><sitemap><loc>/s/1.xml</loc></sitemap></sitemapindex>"
    reading = read_feed(body.encode(), here, Purpose.SITEMAP)
    assert [(e.url, e.purpose) for e in reading.links] == [("https://dantri.com.vn/s/1.xml", Purpose.SITEMAP)]
    assert reading.urls == ()


def test_entities_in_a_sitemap_are_refused() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>'
    assert read_feed(bomb.encode(), URL, Purpose.SITEMAP).problem == "declares entities"


def test_a_section_page_gives_the_outlets_articles_alone() -> None:
    body = f'<a href="{LINK}">Tin mới</a><a href="/the-gioi.htm">Thế giới</a><a href="https://other.vn/a-1.htm">x</a>'
    reading = read_feed(body.encode(), "https://dantri.com.vn/xa-hoi.htm", Purpose.SECTION)
    assert [(entry.url, entry.title) for entry in reading.links] == [(LINK, "Tin mới")]


@settings(deadline=None)  # the first example loads libraries
@given(st.binary(max_size=300), st.sampled_from([Purpose.FEED, Purpose.SITEMAP, Purpose.SECTION]))
def test_no_list_raises(body: bytes, purpose: Purpose) -> None:
    read_feed(body, URL, purpose)
