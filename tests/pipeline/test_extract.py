import html
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.values import Block, Kind, Outcome
from pipeline.extract import extract, identity
from pipeline.outlet import generic_outlet, load_outlets
from tests.pipeline.making import TEXT, URL, capture, page

DANTRI, VNEXPRESS = load_outlets()["dantri"], load_outlets()["vnexpress"]
PARAGRAPHS = ["Đoạn thứ nhất kể chuyện đầu làng.", "Đoạn thứ hai kể chuyện cuối làng.", "Đoạn thứ ba khép lại bài."]


def printed(*extra: str) -> str:
    """Give the three paragraphs with extra markup before the second one."""
    first, *rest = (f"<p>{text}</p>" for text in PARAGRAPHS)
    return page("".join([first, *extra, *rest]))


def blocks(inside: str) -> list[tuple[str, str]]:
    article = extract(capture(page(inside)), DANTRI).article
    assert article is not None
    return [(block.kind.value, block.text) for block in article.blocks]


BOXES = [
    '<aside class="article-related"><p>ồn ào</p></aside>',
    '<article class="article-related"><h3><a href="/x">ồn ào và nhiều chữ khác nữa</a></h3></article>',
    '<div class="article-event">Dòng sự kiện: <a href="/e">ồn ào</a> 1 giờ trước</div>',
    '<div id="dta-1-container"><p>ồn ào</p></div>',
    '<section data-module="article-audio"><p>ồn ào</p></section>',
    '<div class="rennab"><p>ồn ào</p></div>',
    '<div style="display:none"><p>ồn ào</p></div>',
    '<ul><li><a href="/a">Một bài báo khác ồn ào lắm</a></li><li><a href="/b">Một bài báo khác nữa</a></li></ul>',
    "<div>Video đang HOT</div>",
    "<p>Quảng cáo</p>",
    '<p>&gt;&gt;&gt; <a href="/x">ồn ào</a></p>',
    '<p><a href="/x">[ồn ào ở đâu đó]</a></p>',
    "<script>ồn ào</script><style>p{}</style><noscript>ồn ào</noscript><iframe>ồn ào</iframe>",
    "<form><label>ồn ào</label><button>ồn ào</button></form>",
    '<nav><a href="/">ồn ào</a></nav><svg><text>ồn ào</text></svg>',
]


@pytest.mark.parametrize("box", BOXES)
def test_a_noise_box_between_paragraphs_does_not_enter(box: str) -> None:
    article = extract(capture(printed(box)), DANTRI).article
    assert article is not None
    assert [block.text for block in article.blocks] == PARAGRAPHS


HOSTILE = {
    "control entities": "".join(f"&#{code};" for code in (1, 8, 14, 27, 31, 127, 65534, 65535, 55357)),
    "260 deep": "<div>" * 260 + "</div>" * 260,
    "10,000 deep": "<b>" * 10_000 + "</b>" * 10_000,
    "a huge script": "<script>" + "x" * 11_000_000 + "</script>",
    "a huge picture": '<img src="data:image/png;base64,' + "A" * 11_000_000 + '">',
    "a huge comment": "<!--" + "x" * 3_000_000 + "-->",
    "200,000 breaks": "<br>" * 200_000,
    "raw control characters": "\x00\x01\x1f\ud800",
    "100,000 attributes": "<div " + " ".join(f'a{n}="x"' for n in range(100_000)) + "></div>",
    "100,000 bare attributes": "<hr " + " ".join(f"a{n}" for n in range(100_000)) + ">",
    "attributes that hold signs": "<div " + " ".join(f"a{n}='>'" for n in range(100_000)) + "></div>",
    "20,000 attributes that open tags": "<div " + " ".join(f'a{n}="<b"' for n in range(20_000)) + "></div>",
    "100,000 open tags": "<b " * 100_000 + ">",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_markup_costs_no_text_and_little_time(name: str) -> None:
    reading = extract(capture(printed(HOSTILE[name])), DANTRI)
    assert reading.article is not None
    assert reading.elapsed_ms < 10_000
    assert [block.text for block in reading.article.blocks] == PARAGRAPHS


def test_text_within_ten_thousand_wrappers_is_found() -> None:
    inside = "<div>" * 10_000 + "".join(f"<p>{text}</p>" for text in PARAGRAPHS) + "</div>" * 10_000
    assert [("paragraph", text) for text in PARAGRAPHS] == blocks(inside)


def test_kinds_come_from_the_tags() -> None:
    given = (
        "<h3>Đề mục</h3><p>Đoạn <a href='/x'>có</a> <b>chữ</b>.</p><blockquote><p>Lời nói.</p></blockquote>"
        "<ul><li>Một</li><li>Hai</li></ul><figure><img src='a.jpg'><figcaption><p>Ảnh: A</p></figcaption></figure>"
        "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>"
    )
    expected = [
        ("subhead", "Đề mục"),
        ("paragraph", "Đoạn có chữ."),
        ("quote", "Lời nói."),
        ("list_item", "Một"),
        ("list_item", "Hai"),
        ("caption", "Ảnh: A"),
        ("table", "a | b\n1 | 2"),
    ]
    assert expected == blocks(given)


def test_loose_text_is_parted_at_double_breaks() -> None:
    given = "Câu một.<br>Vẫn câu một.<br /> <br/>Câu <i>hai</i>.<div>Câu ba.</div>Câu bốn."
    assert [text for _, text in blocks(given)] == ["Câu một. Vẫn câu một.", "Câu hai.", "Câu ba.", "Câu bốn."]


def test_a_pictures_alternative_text_is_no_block_but_the_titles_words_may_begin_a_sentence() -> None:
    title = "Một tiêu đề đủ dài"
    sentence = f"{title} 2 ngày sau lại được nhắc đến."
    inside = (
        f"<p>{title} - 1</p><p>{title} ảnh 2</p><p>{sentence}</p><figure><img src='a.jpg'>{title} ảnh 3Xe.</figure>"
    )
    assert blocks(inside) == [("paragraph", sentence), ("caption", "Xe.")]


def test_words_that_the_markup_parts_stay_apart() -> None:
    caption = "<figure><img src='a.jpg'><figcaption><p>Xe.</p><p>Ảnh: A</p></figcaption></figure>"
    table = "<table><tr><td>a<br>b</td><td><p>c</p><p>d</p></td></tr><tr><td>1</td><td>2</td></tr></table>"
    assert blocks(caption + table) == [("caption", "Xe. Ảnh: A"), ("table", "a b | c d\n1 | 2")]
    lead = printed().replace("Một đoạn mở đầu.", "Một đoạn<br>mở đầu.").replace("tiêu đề đủ", "tiêu đề<br/>đủ")
    article = extract(capture(lead), DANTRI).article
    assert article is not None
    assert (article.title, article.lead) == ("Một tiêu đề đủ dài", "(Dân trí) - Một đoạn mở đầu.")


def test_a_table_that_lays_out_a_picture_is_its_caption() -> None:
    given = "<table><tr><td><img src='a.jpg'></td></tr><tr><td>Xe qua cầu. Ảnh: A</td></tr></table><p>Đoạn.</p>"
    assert blocks(given) == [("caption", "Xe qua cầu. Ảnh: A"), ("paragraph", "Đoạn.")]


def test_a_caption_printed_twice_for_one_picture_is_kept_once() -> None:
    twice = "<figure><img src='a.jpg'><figcaption>Xe.</figcaption></figure><p>Xe.</p><p>Đoạn.</p>"
    assert blocks(twice) == [("caption", "Xe."), ("paragraph", "Đoạn.")]
    two = "<figure><img src='a.jpg'><figcaption>Xe.</figcaption></figure>" * 2
    assert blocks(two) == [("caption", "Xe.")]
    other = two.replace("a.jpg", "b.jpg", 1)
    assert blocks(other) == [("caption", "Xe."), ("caption", "Xe.")]


def test_what_the_template_promises_and_the_page_lacks_makes_it_suspect() -> None:
    lost = printed().replace("singular-sapo", "other")
    reading = extract(capture(lost), DANTRI)
    assert (reading.outcome, reading.missing) == (Outcome.SUSPECT, ("lead",))
    assert reading.article is not None


def test_a_writers_name_repeated_at_the_end_is_no_block_and_a_last_theo_is_the_source() -> None:
    signed = printed().replace("<h2", '<div class="author-wrap"><b class="author-name">Hà Vy</b></div><h2', 1)
    signed = signed.replace("</div></article>", "<p>Theo <b>RT</b></p><p>Hà Vy</p></div></article>")
    article = extract(capture(signed), DANTRI).article
    assert article is not None
    assert (article.byline, article.source_line) == (("Hà Vy",), "Theo RT")
    assert [block.text for block in article.blocks] == PARAGRAPHS


def test_inline_markup_in_fields_costs_no_text() -> None:
    marked = printed().replace("Một tiêu đề đủ dài", "Một <em>tiêu đề</em> đủ dài")
    marked = marked.replace("Một đoạn mở đầu.", "Một <a href='/x'>đoạn</a> mở đầu.")
    article = extract(capture(marked), DANTRI).article
    assert article is not None
    assert (article.title, article.lead) == ("Một tiêu đề đủ dài", "(Dân trí) - Một đoạn mở đầu.")


RIGHT = '<p class="Normal" style="text-align:right;">'


@pytest.mark.parametrize(
    ("foot", "byline", "source"),
    [
        (f"{RIGHT}<strong>Lê Phương</strong></p>", ("Lê Phương",), ""),
        (f"{RIGHT}<strong>Lê Phương</strong> - <strong>Huyền Lê</strong></p>", ("Lê Phương", "Huyền Lê"), ""),
        (f"{RIGHT}<strong>Huyền Lê</strong> (Theo <em>AFP, Reuters</em>)</p>", ("Huyền Lê",), "(Theo AFP, Reuters)"),
        ('<p class="Normal"><strong>Huyền Lê</strong> (Theo <em>AFP</em>)</p>', ("Huyền Lê",), "(Theo AFP)"),
        ('<p class="Normal"><strong>Huyền Lê</strong></p>', ("Huyền Lê",), ""),
        ('<p class="author_mail"><strong>Thu Hằng</strong></p>', ("Thu Hằng",), ""),
        ('<p class="Normal">Cảnh sát đang điều tra</p>', (), ""),
    ],
)
def test_vnexpress_writers_sign_at_the_foot(foot: str, byline: tuple[str, ...], source: str) -> None:
    body = '<h1 class="title-detail">Tít</h1><p class="description">Mở.</p><article class="fck_detail"><p>Đoạn.</p>'
    reading = extract(capture(f"{body}{foot}</article>", url="https://vnexpress.net/a-4954454.html"), VNEXPRESS)
    assert reading.article is not None
    assert (reading.article.byline, reading.article.source_line) == (byline, source)
    assert [block.text for block in reading.article.blocks][:1] == ["Đoạn."]
    assert len(reading.article.blocks) == (1 if byline else 2)


def test_truncated_and_corrupt_bodies_keep_their_outcome() -> None:
    assert extract(capture(b"\x1f\x8b\x08", Content_Encoding="gzip"), DANTRI).outcome is Outcome.TRUNCATED
    assert extract(capture(b"xx", Content_Encoding="gzip"), DANTRI).outcome is Outcome.CORRUPT


NOT_ARTICLES = {
    "empty": ("", Outcome.NOT_ARTICLE),
    "shell": ("<html><body><div id='root'></div></body></html>", Outcome.NOT_ARTICLE),
    "soft 404": ("<h1>404</h1><p>Không tìm thấy trang bạn yêu cầu ở địa chỉ này.</p>", Outcome.NOT_ARTICLE),
    "maintenance": ("<h1>Hệ thống đang bảo trì</h1><p>Mời bạn đọc quay lại sau ít phút nữa.</p>", Outcome.NOT_ARTICLE),
    "login": ("<h1>Đăng nhập</h1><form>Mời đăng nhập để đọc tiếp<input type=password></form>", Outcome.NOT_ARTICLE),
    "challenge": ("<title>Just a moment...</title><p>Checking your browser</p>", Outcome.GATED),
    "no page": ("<title>Không tìm thấy trang</title><p>" + "Xem tin khác. " * 200 + "</p>", Outcome.NOT_ARTICLE),
    "gate": ('<script>document.cookie="D1N=1; path=/";window.location.reload(true);</script>', Outcome.GATED),
}


def in_place(text: str, title: str = "Thông báo") -> str:
    """Give a page of the outlet's own template that says this where an article stands."""
    return page(f"<p>{text}</p>", title=title).replace("(Dân trí) - Một đoạn mở đầu.", "")


HEADLINE = "Một tiêu đề dài của một bài báo khác ở trang này"
NOT_ARTICLES |= {
    "a soft 404 in the template": (in_place("Bài viết này không tồn tại hoặc đã bị xóa."), Outcome.NOT_ARTICLE),
    "a soft 404 by its title": (in_place("Mời xem tin khác.", "Không tìm thấy trang"), Outcome.NOT_ARTICLE),
    "maintenance in the template": (in_place("Hệ thống đang bảo trì, mời quay lại sau."), Outcome.NOT_ARTICLE),
    "a listing at an article's address": (
        "<title>Xã hội</title>" + "".join(f'<h3><a href="/{n}">{HEADLINE} {n}</a></h3>' for n in range(60)),
        Outcome.NOT_ARTICLE,
    ),
    "a home that calls itself so": (
        '<link rel="canonical" href="https://dantri.com.vn/">' + page("<p>Đoạn.</p>"),
        Outcome.NOT_ARTICLE,
    ),
    "another challenge": ("<p>Xác minh bạn không phải là robot</p><script src=/cdn></script>", Outcome.GATED),
}


@pytest.mark.parametrize("name", NOT_ARTICLES)
def test_a_page_that_is_no_article_says_so(name: str) -> None:
    body, outcome = NOT_ARTICLES[name]
    reading = extract(capture(body), DANTRI)
    assert (outcome, None) == (reading.outcome, reading.article)
    assert reading.reason


def test_news_of_missing_people_and_closed_bridges_is_news() -> None:
    text = "Một đoạn văn đủ dài để được nhận ra là văn bản của bài báo, kể lại một câu chuyện có đầu có cuối. " * 8
    for title in ("Vẫn không tìm thấy nạn nhân vụ lở đất", "Cầu Long Biên đóng cửa để bảo trì trong 3 tháng"):
        short = extract(capture(page("<p>Nhà chức trách đang tìm.</p>", title=title)), DANTRI)
        assert short.outcome is Outcome.OK
    gone = extract(capture(page("<p>Bài viết này đã bị xóa sau ít phút.</p>")), DANTRI)
    assert gone.outcome is Outcome.OK
    for title in ("Vẫn không tìm thấy nạn nhân vụ lở đất", "Cầu Long Biên đóng cửa để bảo trì trong 3 tháng"):
        body = f"<title>{title}</title><h1>{title}</h1><div><p>{text}</p><p>{text}</p></div>"
        reading = extract(capture(body, url="https://example.vn/bai"), generic_outlet("example.vn"))
        assert (reading.outcome, reading.template) == (Outcome.OK, "generic")


def test_another_language_edition_is_no_article() -> None:
    english = printed().replace('lang="vi"', 'lang="en"').replace("Một tiêu đề đủ dài", "A headline in English here")
    english = english.replace("(Dân trí) - Một đoạn mở đầu.", "The first lines of an English text stand here.")
    assert extract(capture(english), DANTRI).outcome is Outcome.NOT_ARTICLE


def test_another_script_is_seen_in_few_letters() -> None:
    russian = page("<p>Река поднялась рано, и лодки вернулись.</p>", title="Река поднялась")
    reading = extract(capture(russian.replace("(Dân trí) - Một đoạn mở đầu.", "Вода прибыла.")), DANTRI)
    assert (reading.outcome, "another language" in reading.reason) == (Outcome.NOT_ARTICLE, True)


def test_a_listing_that_calls_itself_an_article_is_none() -> None:
    cards = f'<h3><a href="/xa-hoi/bai-20221223144734384.htm">{TEXT}</a></h3>' * 30
    html = f'<html lang="vi"><head><meta property="og:type" content="article"></head><body>{cards}</body></html>'
    assert extract(capture(html), DANTRI).outcome is Outcome.NOT_ARTICLE


def test_another_language_is_seen_whatever_the_page_calls_itself() -> None:
    text = "The river rose early this year and the boats came back before noon, the fishermen said. " * 3
    english = page(f"<p>{text}</p>", title="A flood season").replace("(Dân trí) - Một đoạn mở đầu.", "The river rose.")
    for said in ('lang="vi"', "", 'lang="en-US"'):
        reading = extract(capture(english.replace('lang="vi"', said)), DANTRI)
        assert (reading.outcome, "another language" in reading.reason) == (Outcome.NOT_ARTICLE, True), said


def test_a_home_page_is_no_article_whatever_it_holds() -> None:
    assert extract(capture(printed(), url="https://dantri.com.vn/"), DANTRI).outcome is Outcome.NOT_ARTICLE


def test_an_unknown_host_is_read_generically_with_captions() -> None:
    text = "Một đoạn văn đủ dài để được nhận ra là văn bản của bài báo, kể lại một câu chuyện có đầu có cuối. "
    body = f"<h1>Tít bài</h1><div><p>{text * 2}</p><figure><img src='a.jpg'><figcaption>Ảnh: A</figcaption></figure>"
    body += f"<p>{text * 3}</p></div><ul><li><a href='/b'>Bài khác rất đáng đọc</a></li></ul>"
    reading = extract(capture(body, url="https://example.vn/bai"), generic_outlet("example.vn"))
    assert (reading.outcome, reading.template) == (Outcome.OK, "generic")
    assert reading.article is not None
    assert [block.kind for block in reading.article.blocks] == [Kind.PARAGRAPH, Kind.CAPTION, Kind.PARAGRAPH]


def test_ten_readings_of_one_page_are_equal() -> None:
    first, *rest = (replace(extract(capture(printed()), DANTRI), elapsed_ms=0) for _ in range(10))
    assert [first] * 9 == rest


def test_the_identity_follows_what_decides_the_text_and_nothing_else() -> None:
    template = DANTRI.templates[0]
    assert identity(template) == identity(replace(template))
    assert identity(template) != identity(replace(template, strip=()))
    assert identity(template) != identity(None)


@settings(deadline=None)  # the first example loads libraries
@given(st.binary(max_size=600))
def test_no_bytes_raise(body: bytes) -> None:
    assert extract(capture(body), DANTRI).outcome is not None


@settings(deadline=None)  # the first example loads libraries
@given(st.text(max_size=300))
def test_no_text_inside_a_body_raises_or_loses_the_rest(text: str) -> None:
    article = extract(capture(printed(f"<p>{html.escape(text)}</p>")), DANTRI).article
    assert article is not None
    assert {PARAGRAPHS[0], PARAGRAPHS[2]} <= {block.text for block in article.blocks}


@settings(deadline=None)  # the first example loads libraries
@given(st.lists(st.sampled_from(["<div>", "</div>", "<p>", "</p>", "<table>", "<td>", "<ul>", "<li>", "chữ ", "<br>"])))
def test_no_order_of_tags_raises(tags: list[str]) -> None:
    assert extract(capture(page("".join(tags))), DANTRI).outcome is not Outcome.EXTRACT_FAILED


def test_every_block_is_squashed_nfc_and_not_empty() -> None:
    given = "<p>\u00a0</p><p> a\u0300\n\tb </p><p>\u200b</p>"
    assert [Block(kind=Kind.PARAGRAPH, text="à b")] == [Block(kind=Kind(k), text=t) for k, t in blocks(given)]


def test_the_address_is_resolved_for_pictures() -> None:
    article = extract(capture(printed('<img data-src="/anh/a.jpg" src="data:image/gif;base64,R0">')), DANTRI).article
    assert article is not None
    assert [image.url for image in article.images] == ["https://dantri.com.vn/anh/a.jpg"]
    assert URL.startswith("https://dantri.com.vn/")
