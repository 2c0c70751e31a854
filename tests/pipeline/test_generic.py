"""Pages of sites without an outlet file: where the text stands, and what is no part of it."""

import pytest

from archive.values import Article, Outcome
from pipeline.extract import extract
from pipeline.outlet import generic_outlet
from tests.pipeline.making import capture

URL = "https://www.bao-la.example/xa-hoi/mo-lai-tuyen-tau-123456.html"
TITLE = "Mở lại tuyến tàu ven sông"
LEAD = "Tuyến tàu dừng bảy năm sắp chạy lại."
TEXTS = (
    "Ngày 21/7, lãnh đạo hai bên đã hội đàm tại trụ sở mới về các vấn đề liên quan đến đường tàu trong khu vực.",
    "Theo ông Nam, việc mở lại tuyến tàu sẽ giúp người dân đi lại thuận tiện hơn, nhất là vào mùa nước nổi.",
    "Dự kiến đoàn sẽ làm việc với các địa phương trong ba ngày tới trước khi báo cáo phương án cuối cùng.",
)
P = "".join(f"<p>{text}</p>" for text in TEXTS)
TOP = '<div id="header"><a href="/">Trang chủ</a><span class="date">Thứ Hai, 23/11/2026 10:05</span></div>'
SIDE = '<div class="col-2">' + "".join(
    f'<div class="card"><h4><a href="/bai-{n}-12345{n}.html">Một bài đọc nhiều thứ {n} rất hấp dẫn hôm nay</a></h4>'
    f"<p>Lời dẫn của bài đọc nhiều thứ {n}, kể chuyện này chuyện nọ ở nơi xa xôi cách trở.</p></div>"
    for n in range(8)
)
SIDE += "</div>"
HEAD = f'<meta property="og:title" content="{TITLE} - Báo Lạ"><meta property="og:site_name" content="Báo Lạ">'
FIGURE = '<figure><img src="/a.jpg"><figcaption>Ga cũ. (Ảnh: T.L)</figcaption></figure>'


def read(inside: str, head: str = HEAD) -> Article:
    page = f'<html lang="vi"><head><meta charset="utf-8">{head}</head><body>{TOP}{inside}{SIDE}</body></html>'
    found = extract(capture(page, url=URL), generic_outlet("bao-la.example")).article
    assert found is not None
    return found


def texts(article: Article) -> list[str]:
    return [block.text for block in article.blocks]


@pytest.mark.parametrize(
    "body",
    [
        f'<article><h1>{TITLE}</h1><div class="entry-content">{P}</div></article>',
        f"<div><h1>{TITLE}</h1><div>{''.join(f'<div>{text}</div>' for text in TEXTS)}</div></div>",
        f'<table><tr><td><div class="t1">{TITLE}</div><div>{"<br><br>".join(TEXTS)}</div></td></tr></table>',
        f"<main><h2>{TITLE}</h2><section>{P}</section></main>",
    ],
)
def test_the_text_under_the_headline_is_read_and_no_teasers_beside_it(body: str) -> None:
    article = read(body, f"{HEAD}<title>{TITLE} | Báo Lạ</title>")
    assert (article.title, texts(article)) == (TITLE, list(TEXTS))


def test_a_short_story_outweighs_a_long_column_of_teasers() -> None:
    head = f'{HEAD}<meta property="og:type" content="article">'
    assert texts(read(f"<div><h1>{TITLE}</h1><div><p>{TEXTS[0]}</p></div></div>", head)) == [TEXTS[0]]


@pytest.mark.parametrize(
    "printed",
    [
        "<span>21/07/2026, 07:17</span>",
        "<div><b>An</b> - 21/07/2026 07:17</div>",
        '<div class="kbwc-time">07:17 21/07/2026</div>',
    ],
)
def test_the_time_is_the_one_by_the_headline_not_the_sites_clock(printed: str) -> None:
    article = read(f"<div><h1>{TITLE}</h1>{printed}<div>{P}</div></div>")
    assert article.published is not None
    assert article.published.isoformat() == "2026-07-21T00:17:00+00:00"


def test_without_a_time_of_its_own_a_story_has_none() -> None:
    assert read(f"<div><h1>{TITLE}</h1><div>{P}</div></div>").published is None


def test_a_picture_between_headline_and_text_keeps_its_caption() -> None:
    article = read(f"<main><h1>{TITLE}</h1>{FIGURE}<div>{P}</div></main>")
    assert texts(article) == ["Ga cũ. (Ảnh: T.L)", *TEXTS]


def test_the_first_paragraph_is_the_lead_where_the_head_says_the_same() -> None:
    head = f'{HEAD}<meta property="og:description" content="{LEAD}">'
    article = read(f"<main><h1>{TITLE}</h1><div><p><strong>{LEAD}</strong></p>{P}</div></main>", head)
    assert (article.lead, texts(article)) == (LEAD, list(TEXTS))


def test_the_site_is_no_writer_of_its_stories() -> None:
    head = HEAD + (
        '<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "author": [{"name": "Báo Lạ"},'
        '{"name": "Lê Thị Na"}], "publisher": {"name": "Báo Lạ"}}]}</script>'
    )
    assert read(f"<main><h1>{TITLE}</h1><div>{P}</div></main>", head).byline == ("Lê Thị Na",)


def test_a_source_beside_the_headline_is_the_source_line() -> None:
    article = read(f'<div><h1>{TITLE}</h1><span class="kbwcm-source">Theo Báo Kia</span><div>{P}</div></div>')
    assert (article.source_line, texts(article)) == ("Theo Báo Kia", list(TEXTS))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<h1>Thời sự</h1>", "a listing page"),
        (f"<h1>#đường tàu</h1><p>{TEXTS[0]}</p>", "a listing page"),
        (f'<div class="author"><h1>Lê Thị Na</h1><p>Phóng viên, {TEXTS[1]}</p></div>', "a listing page"),
        ("<div><p>Rất tiếc, trang bạn tìm kiếm không tồn tại</p></div>", "a listing page"),
    ],
)
def test_a_page_of_teasers_is_no_story(body: str, reason: str) -> None:
    page = f'<html lang="vi"><head><meta charset="utf-8"></head><body>{TOP}{body}{SIDE}</body></html>'
    reading = extract(capture(page, url=URL), generic_outlet("bao-la.example"))
    assert (reading.outcome, reading.article) == (Outcome.NOT_ARTICLE, None)
    assert reason in reading.reason or "not found" in reading.reason


@pytest.mark.parametrize(
    ("page", "outcome"),
    [
        (f"<title>Báo Lạ</title>{TOP}<div><h2>Rất tiếc, trang bạn tìm không có</h2></div>", Outcome.NOT_ARTICLE),
        (f"<title>Báo Lạ</title>{TOP}<div id=app></div><noscript>Hãy bật JavaScript.</noscript>", Outcome.NOT_ARTICLE),
        ("<title>Báo Lạ</title><p>Đăng nhập bằng số điện thoại để đọc tiếp</p>", Outcome.NOT_ARTICLE),
        ("<h2>Object moved to <a href=/x>here</a>.</h2>", Outcome.NOT_ARTICLE),
        ("<h1>Server Error in '/' Application.</h1><p>An error occurred on the server.</p>", Outcome.NOT_ARTICLE),
        ("<h1>Access Denied</h1>You have no permission to access this. Reference #18.ab", Outcome.GATED),
        ("<p>Truy cập của bạn bị từ chối bởi tường lửa. Mã sự kiện: 123</p>", Outcome.GATED),
    ],
)
def test_a_notice_shell_or_refusal_is_no_story(page: str, outcome: Outcome) -> None:
    assert extract(capture(page, url=URL), generic_outlet("bao-la.example")).outcome is outcome
