"""The replica plays the outlets as the outlets are: addresses, feeds, conditions, codings, time, faults."""

from __future__ import annotations

import gzip
import http.client
import json
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import brotli
import lxml.html
import pytest
import zstandard

from archive.text import squash
from archive.values import Article, Kind
from tests.replica.clock import read_time
from tests.replica.newsroom import Piece
from tests.replica.pages import TEMPLATES
from tests.replica.server import Replica
from tests.replica.sites import SITES
from tests.replica.stories import Edit, Story, StoryArticle, load
from tests.replica.world import World

EVENING = read_time("2026-11-20T23:30:00+07:00")


@pytest.fixture(scope="module")
def stories() -> tuple[Story, ...]:
    return load()


@pytest.fixture(scope="module")
def world(stories: tuple[Story, ...]) -> World:
    return World(stories, {})


@pytest.fixture
def replica(stories: tuple[Story, ...]) -> Iterator[Replica]:
    with Replica(stories, EVENING) as running:
        yield running


def get(replica: Replica, url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Fetch an outlet's address from the replica, as `--via` does."""
    parts, target = urlsplit(url), urlsplit(replica.url)
    connection = http.client.HTTPConnection(target.hostname or "", target.port, timeout=20)
    try:
        sent = {"Host": parts.netloc, "X-Forwarded-Proto": parts.scheme}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", parts.path or "/", headers=sent)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def piece_of(replica: Replica, wanted: Any) -> Piece:
    return next(piece for piece in replica.world.pieces if wanted(piece))


def shown(world: World, piece: Piece, now: datetime = EVENING) -> str:
    answer = world.answer(SITES[piece.outlet], piece.path, now)
    return answer.body.decode()


def words(html: str) -> str:
    """Give what a reader sees of a page."""
    tree = lxml.html.fromstring(html)
    for element in tree.xpath("//script | //style"):
        element.drop_tree()
    return squash(" ".join(tree.itertext()))


def standing(world: World) -> list[Piece]:
    return [piece for piece in world.pieces if piece.shown(EVENING)]


def test_every_era_has_pages_and_all_weigh_what_real_pages_weigh(world: World) -> None:
    sizes = {piece.url: len(shown(world, piece).encode()) for piece in standing(world)}
    assert {(piece.outlet, piece.era) for piece in standing(world)} == set(TEMPLATES)
    assert {url: size for url, size in sizes.items() if not 100_000 <= size <= 500_000} == {}


def test_every_page_holds_the_whole_text_of_its_article(world: World) -> None:
    missing = []
    for piece in standing(world):
        article = piece.shown(EVENING)
        assert article
        page = words(shown(world, piece)).replace(" ", "")
        wanted = [block.text for block in article.blocks] + [article.source_line, *article.byline]
        wanted += article.lead.split(" - ", 1) if piece.outlet == "vnexpress" else [article.lead]
        missing += [(piece.url, text) for text in wanted if squash(text).replace(" ", "") not in page]
    assert missing == []


def test_something_that_is_no_article_stands_between_the_paragraphs_of_every_page(world: World) -> None:
    clean = []
    for piece in standing(world):
        article = piece.shown(EVENING)
        assert article
        texts = [block.text for block in article.blocks if block.kind is not Kind.CAPTION] or [article.blocks[0].text]
        page = words(shown(world, piece)).replace(" ", "")
        inner = page[page.find(_tight(texts[0])) : page.rfind(_tight(texts[-1]))]
        for block in article.blocks:
            inner = inner.replace(_tight(block.text), "")
        clean += [] if inner.strip() or len(texts) < 3 or piece.old else [piece.url]
    assert clean == []


def _tight(text: str) -> str:
    return squash(text).replace(" ", "")


#: All names that are known of the two outlets of which no article's page was ever seen.
KNOWN = {
    "laodong": "article-detail art-body gallery-ctt title chappeau time author authors insert-center-image lazyload"
    " tin-lien-quan related lst-tags wrapper-01",
    "vietgiaitri": "entry clearfix",
}


@pytest.mark.parametrize("outlet", sorted(KNOWN))
def test_pages_that_nobody_saw_use_only_the_names_that_are_known(world: World, outlet: str) -> None:
    known = set(KNOWN[outlet].split())
    for piece in standing(world):
        if piece.outlet == outlet:
            tree = lxml.html.fromstring(shown(world, piece))
            used = {name for value in tree.xpath("//body//@class | //body//@id") for name in value.split()}
            assert used <= known


def test_no_structured_data_holds_the_text(world: World) -> None:
    for piece in standing(world):
        for element in lxml.html.fromstring(shown(world, piece)).xpath('//script[@type="application/ld+json"]'):
            assert "articleBody" not in json.dumps(json.loads(element.text or ""))


def test_the_same_time_gives_the_same_bytes_and_another_time_other_counters(stories: tuple[Story, ...]) -> None:
    first, second = World(stories, {}), World(stories, {})
    for piece in standing(first)[:12]:
        assert shown(first, piece) == shown(second, piece)
        assert shown(first, piece, EVENING + timedelta(hours=1)) != shown(first, piece)


def test_the_seeds_live_at_their_addresses_and_close_their_outlets_feeds(replica: Replica) -> None:
    listed = get(replica, "https://www.vietnamplus.vn/rss/home.rss")[2].decode()
    old = [piece for piece in replica.world.pieces if piece.old]
    assert len(old) == 5
    assert get(replica, old[2].url)[0] == 200
    assert old[2].url == "https://vietgiaitri.com/ngoai-truong-nga-my-thao-luan-cac-van-de-an-ninh-20220121i6282017"
    assert listed.rstrip().rfind("762281.vnp") > listed.rfind("post11")
    assert "Mon, 27 Dec 2021" in listed


@pytest.mark.parametrize("number", range(5))
def test_a_seeds_page_shows_its_noise_where_the_seed_has_it(replica: Replica, number: int) -> None:
    piece = piece_of(replica, lambda piece: piece.story == f"seed {number}")
    html = get(replica, piece.url)[2].decode()
    marks = [
        (
            "Dòng sự kiện:",
            "Phản ứng của Nga về đề xuất đảm bảo an ninh của Tổng thống Pháp - 1",
            "Thông tin doanh nghiệp",
        ),
        ("MỚI NHẤT", "CƠ QUAN CỦA TỔNG LIÊN ĐOÀN", "Khánh Minh LDO", "Gợi ý dành cho bạn"),
        ("Video đang HOT", "Nga hối thúc phương Tây phản hồi", "Ông Putin cảnh báo Nga"),
        (
            "Istanbul, Thổ Nhĩ Kỳ, tháng 3.2022. Ảnh: AFP</figcaption><figcaption>",
            "<strong>Ngọc Vân</strong>",
            "TIN LIÊN QUAN",
        ),
        ("ảnh 1", "[Lãnh đạo Nga, Mỹ cam kết sẽ tiếp tục đối thoại và gặp lại]", "Tin cùng chuyên mục"),
    ][number]
    places = [html.find(mark) for mark in marks]
    assert -1 not in places
    assert sorted(places) == places


def test_feeds_have_their_outlets_quirks(replica: Replica) -> None:
    assert get(replica, "https://dantri.com.vn/rss/home.rss")[2].startswith(b"\xef\xbb\xbf<?xml")
    colon = get(replica, "https://nhandan.vn/rss/thegioi-1231.rss")[2].decode()
    assert "<title><![CDATA[" in colon
    assert "+07:00</pubDate>" in colon
    odd = get(replica, "https://vnexpress.net/rss/tin-moi-nhat.rss")[2].decode()
    assert odd.startswith("<rss")
    assert " Nov 26 " in odd
    assert "&amp;agrave;" in odd
    assert "<![CDATA[<a href=" in get(replica, "https://vnexpress.net/rss/kinh-doanh.rss")[2].decode()
    assert get(replica, "https://baotintuc.vn/rss/kinh-te.rss")[0] == 404


def test_lists_maps_and_robots_are_there_for_every_outlet(replica: Replica) -> None:
    for site in SITES.values():
        for path in ("/", site.section("the-gioi"), *site.feeds, *site.sitemaps):
            assert get(replica, site.home + path)[0] == 200, site.home + path
        assert get(replica, f"{site.home}/robots.txt")[2].startswith(b"User-agent: *")
    delays = [site.crawl_delay > 0 for site in SITES.values()]
    assert any(delays)
    assert not all(delays)


def test_sections_go_on_over_pages_and_sitemaps_over_months(replica: Replica) -> None:
    assert get(replica, "https://dantri.com.vn/xa-hoi/trang-2.htm")[0] == 200
    assert get(replica, "https://vnexpress.net/xa-hoi-p3")[0] == 200
    index = get(replica, "https://www.vietnamplus.vn/sitemap.xml")[2].decode()
    assert "https://www.vietnamplus.vn/sitemaps/news-2026-11.xml" in index
    assert b"/762281.vnp" in get(replica, "https://www.vietnamplus.vn/sitemaps/news-2021-12.xml")[2]
    assert get(replica, "https://nhandan.vn/sitemaps/news-2019-1.xml")[0] == 404


def test_every_article_can_be_reached_from_the_lists(replica: Replica) -> None:
    text = ""
    for site in SITES.values():
        for path in (*site.feeds, "/"):
            text += get(replica, site.home + path)[2].decode()
    assert [piece.url for piece in standing(replica.world) if piece.url not in text] == []


@pytest.mark.parametrize(
    ("outlet", "offered", "coding"),
    [("vnexpress", "gzip, br, zstd", "zstd"), ("dantri", "gzip, br, zstd", "br"), ("laodong", "gzip, br", "gzip")],
)
def test_each_coding_is_in_use_and_decodes_to_the_same_page(
    replica: Replica, outlet: str, offered: str, coding: str
) -> None:
    decode = {
        "gzip": gzip.decompress,
        "br": brotli.decompress,
        "zstd": lambda body: zstandard.ZstdDecompressor().decompressobj().decompress(body),
    }[coding]
    url = piece_of(replica, lambda piece: piece.outlet == outlet).url
    plain = get(replica, url)
    status, headers, body = get(replica, url, Accept_Encoding=offered)
    assert (200, coding) == (status, headers["content-encoding"])
    assert "content-encoding" not in plain[1]
    assert plain[2] == decode(body)


def test_a_page_that_did_not_change_answers_304(replica: Replica) -> None:
    url = piece_of(replica, lambda piece: piece.outlet == "nhandan" and not piece.told.removed_at(EVENING)).url
    headers = get(replica, url)[1]
    assert get(replica, url, If_None_Match=headers["etag"])[0] == 304
    replica.clock.advance("2h")
    status, _, body = get(replica, url, If_None_Match=headers["etag"])
    assert (status, body) == (304, b"")
    url = piece_of(replica, lambda piece: piece.outlet == "laodong" and not piece.old).url
    replica.clock.set(EVENING)
    assert get(replica, url, If_Modified_Since=get(replica, url)[1]["last-modified"])[0] == 304


def test_a_page_whose_counters_moved_is_sent_again(replica: Replica) -> None:
    url = piece_of(replica, lambda piece: piece.outlet == "dantri" and piece.old).url
    tag = get(replica, url)[1]["etag"]
    replica.clock.advance("1h")
    assert get(replica, url, If_None_Match=tag)[0] == 200


def _article(**changes: Any) -> StoryArticle:
    from archive.values import Block

    text = Article(title="Tin thử", lead="Mở đầu.", blocks=(Block(kind=Kind.PARAGRAPH, text="Có 12 người."),) * 3)
    known: dict[str, Any] = {"outlet": "nhandan", "era": "2023", "slug": "tin-thu", "section": "xa-hoi"}
    return StoryArticle(**known, published=read_time("2026-11-18T08:00"), first=text, **changes)


def test_time_brings_new_articles_edits_and_removals() -> None:
    edit = Edit(after=timedelta(hours=2), what="number", replace=(("12 người", "21 người"),), touch_modified=False)
    story = Story(name="thu", articles=(_article(edits=(edit,), removed_after=timedelta(hours=26)),))
    with Replica([story], read_time("2026-11-18T07:59")) as replica:
        url = replica.world.pieces[0].url
        assert get(replica, url)[0] == 404
        replica.clock.advance("1m")
        status, first, body = get(replica, url)
        assert (status, "12 người".encode() in body) == (200, True)
        assert url in get(replica, "https://nhandan.vn/rss/home.rss")[2].decode()
        replica.clock.advance("2h")
        status, second, body = get(replica, url, If_None_Match=first["etag"])
        assert (status, "21 người".encode() in body) == (200, True)
        assert b'"dateModified":"2026-11-18T08:00:00+07:00"' in body
        assert first["last-modified"] != second["last-modified"]
        replica.clock.advance("24h")
        assert get(replica, url)[0] == 410
        assert url not in get(replica, "https://nhandan.vn/rss/home.rss")[2].decode()


def test_date_is_the_clocks_and_commands_move_it(replica: Replica) -> None:
    assert get(replica, "https://nhandan.vn/")[1]["date"] == "Fri, 20 Nov 2026 16:30:00 GMT"
    assert command(replica, "clock", "+3h")["now"] == "2026-11-20T19:30:00+00:00"
    assert get(replica, "https://nhandan.vn/")[1]["date"] == "Fri, 20 Nov 2026 19:30:00 GMT"
    assert "error" in command(replica, "clock", "sớm")


def command(replica: Replica, name: str, data: str) -> Any:
    target = urlsplit(replica.url)
    connection = http.client.HTTPConnection(target.hostname or "", target.port, timeout=20)
    try:
        connection.request("POST", f"/__replica__/{name}", body=data.encode())
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()


def test_other_hosts_schemes_and_addresses_lead_to_the_one_address(replica: Replica) -> None:
    url = piece_of(replica, lambda piece: piece.story == "seed 4").url
    assert url == get(replica, url.replace("https", "http"))[1]["location"]
    assert url == get(replica, url.replace("www.", ""))[1]["location"]
    assert url == get(replica, "https://www.vietnamplus.vn/ten-khac-post762281.vnp")[1]["location"]
    assert get(replica, "https://khong-co.example/")[0] == 421


def test_the_log_says_who_asked_for_what(replica: Replica) -> None:
    get(replica, "https://baotintuc.vn/khong-co.htm", User_Agent="thu/1")
    entry = replica.log[-1]
    assert tuple(entry[key] for key in ("host", "path", "status", "user_agent")) == (
        "baotintuc.vn",
        "/khong-co.htm",
        404,
        "thu/1",
    )
    assert entry in command(replica, "log", "")


def test_faults_do_what_is_ordered_as_often_as_ordered(replica: Replica) -> None:
    url = "https://laodong.vn/rss/home.rss"
    replica.fault(host="laodong.vn", path="/rss", status=503, retry_after="7", count=1)
    status, headers, _ = get(replica, url)
    assert (status, headers["retry-after"]) == (503, "7")
    assert get(replica, url)[0] == 200
    assert command(replica, "fault", '{"host": "laodong.vn", "gate": true}') == {"rules": 2}
    assert b"D1N=" in get(replica, url)[2]
    command(replica, "fault", "[]")
    replica.fault(redirect="https://laodong.vn/khac")
    assert (get(replica, url)[0], get(replica, url)[1]["location"]) == (302, "https://laodong.vn/khac")


def test_a_cut_body_keeps_its_framing_and_a_short_one_does_not(replica: Replica) -> None:
    url = "https://laodong.vn/"
    whole = get(replica, url, Accept_Encoding="gzip")[2]
    replica.fault(truncate=0.5, count=1)
    assert whole[: len(whole) // 2] == get(replica, url, Accept_Encoding="gzip")[2]
    replica.fault(corrupt=True, count=1)
    assert whole != get(replica, url, Accept_Encoding="gzip")[2]
    replica.fault(short=0.5, count=1)
    with pytest.raises(http.client.IncompleteRead):
        get(replica, url)
    replica.fault(close=True, count=1)
    with pytest.raises(http.client.RemoteDisconnected):
        get(replica, url)


def test_slow_answers_take_their_time(replica: Replica) -> None:
    replica.fault(path="/robots.txt", slow=0.3, count=1)
    replica.fault(path="/rss", body="x" * 50, drip=100, count=1)
    for path in ("/robots.txt", "/rss/home.rss"):
        started = time.monotonic()
        assert get(replica, f"https://laodong.vn{path}")[0] == 200
        assert time.monotonic() - started >= 0.3


def test_framing_and_cookies_differ_as_they_do_outside(replica: Replica) -> None:
    chunked = get(replica, "https://vnexpress.net/")[1]
    assert (chunked["transfer-encoding"], "content-length" in chunked) == ("chunked", False)
    assert "set-cookie" in get(replica, "https://baotintuc.vn/")[1]


def test_a_folder_of_saved_pages_is_served_at_their_own_addresses(tmp_path: Any) -> None:
    (tmp_path / "dantri").mkdir()
    body = '<html><head><title>Tin cũ</title></head><body data-url-cate="/xa-hoi.htm">…</body></html>'.encode()
    (tmp_path / "dantri" / "2022-12_tin-cu-20221224095943188.html").write_bytes(body)
    with Replica((), EVENING, tmp_path) as replica:
        url = "https://dantri.com.vn/xa-hoi/tin-cu-20221224095943188.htm"
        assert body == get(replica, url)[2]
        assert url in get(replica, "https://dantri.com.vn/rss/home.rss")[2].decode()
