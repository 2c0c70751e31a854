"""What a body shows: tables and their pictures, and what between paragraphs is furniture and what is the article's."""

import pytest
from lxml import html

from archive.values import Kind
from pipeline.body import Marks, Shown, read_body

BASE = "https://www.bao.com.vn/xa-hoi/tin-20221223144734383.htm"
OWN = "https://bao.vn/xa-hoi/tin-20221223144734999.htm"
LONG = "Một hộp của chính bài báo, có hẳn một đoạn văn dài để người đọc hiểu rõ câu chuyện bên sông."


def shown(inside: str) -> Shown:
    return read_body([html.fragment_fromstring(f"<div>{inside}</div>")], Marks(base=BASE))


def told(inside: str) -> list[tuple[Kind, str]]:
    return [(block.kind, block.text) for block in shown(inside).blocks]


def test_a_figure_that_frames_a_table_makes_no_captions_of_its_text() -> None:
    box = "<figure class='table'><table><tr><td><p>Một dòng.</p><p>Hai dòng.</p></td></tr></table></figure>"
    assert told(box) == [(Kind.PARAGRAPH, "Một dòng."), (Kind.PARAGRAPH, "Hai dòng.")]
    captioned = box.replace("</table>", "</table><figcaption>Nguồn số liệu.</figcaption>")
    assert told(captioned)[2:] == [(Kind.CAPTION, "Nguồn số liệu.")]


@pytest.mark.parametrize("beside", [False, True])
def test_a_table_that_lays_out_pictures_gives_each_its_caption(beside: bool) -> None:
    cells = [(f"<td><img src='/{n}.jpg'></td>", f"<td>Ảnh thứ {n}</td>") for n in (1, 2, 3)]
    pairs = "".join(f"<tr>{picture}{text}</tr>" for picture, text in cells)
    under = f"<tr>{''.join(p for p, _ in cells)}</tr><tr>{''.join(t for _, t in cells)}</tr>"
    read = shown(f"<table>{pairs if beside else under}</table>")
    assert [(block.kind, block.text) for block in read.blocks] == [(Kind.CAPTION, f"Ảnh thứ {n}") for n in (1, 2, 3)]
    assert [(image.url[-6:], image.caption) for image in read.images] == [
        (f"/{n}.jpg", f"Ảnh thứ {n}") for n in (1, 2, 3)
    ]


def test_a_data_table_keeps_its_pictures_and_its_empty_cells() -> None:
    head = "<tr><th></th><th>Mẫu</th><th>Giá</th></tr>"
    read = shown(f"<table>{head}<tr><td><img src='/a.jpg'></td><td></td><td>500</td></tr></table>")
    assert [(block.kind, block.text) for block in read.blocks] == [(Kind.TABLE, "| Mẫu | Giá\n| | 500")]
    assert [image.url[-6:] for image in read.images] == ["/a.jpg"]


@pytest.mark.parametrize(
    "line",
    [
        "<p><b>Xem thêm:</b> <a href='/x.htm'>Một bài khác về sông</a></p>",
        "<p><em>Mời độc giả đọc thêm: <a href='/x.htm'>Một bài khác về sông</a></em></p>",
        f"<p><a href='{OWN}'><b>Một bài khác về sông</b></a></p>",
        "<div>Xem thêm: <a href='/x.htm'>Một bài khác về sông</a></div>",
        f"<h3><a href='{OWN}'>Một bài khác về sông</a></h3>",
        f"<p>• <a href='{OWN}'>Một bài khác về sông</a></p>",
        "<p>Theo dõi Báo Bến Sông trên Google News để cập nhật tin tức mới nhất</p>",
    ],
)
def test_a_line_that_sends_to_another_article_is_none_of_this_one(line: str) -> None:
    assert told(f"<p>Đầu.</p>{line}<p>Cuối.</p>") == [(Kind.PARAGRAPH, "Đầu."), (Kind.PARAGRAPH, "Cuối.")]


@pytest.mark.parametrize(
    "line",
    [
        "<p>Xem thêm một đêm diễn nữa, bà kể, là điều ai ở <a href='/x.htm'>làng</a> cũng mong.</p>",
        "<p><a href='https://luat.example/nghi-dinh-123456.htm'>Nghị định về bến sông</a></p>",
        f"<p>Như <a href='{OWN}'>Một bài khác về sông</a> đã kể.</p>",
        "<p><a href='/lien-he'>Gửi thư cho tòa soạn</a></p>",
        "<p>Theo dõi trận đấu trên YouTube, cả xóm chài bên sông cùng reo vang mỗi lần có bàn thắng.</p>",
    ],
)
def test_a_line_with_a_link_that_tells_something_stays(line: str) -> None:
    assert len(told(line)) == 1


def test_a_list_of_another_sites_documents_stays_and_one_of_own_headlines_goes() -> None:
    links = "".join(f"<li><a href='{{0}}/{n}.htm'>Nghị định số {n} của Chính phủ</a></li>" for n in (10, 20))
    assert len(told(f"<ul>{links.format('https://luat.example')}</ul>")) == 2
    assert told(f"<ul>{links.format('https://m.bao.com.vn')}</ul>") == told(f"<ul>{links.format('')}</ul>") == []


@pytest.mark.parametrize("name", ["bao-widget", "box-tags", "news-sharing"])
def test_a_box_with_running_text_stays_whatever_it_is_called(name: str) -> None:
    assert told(f"<div class='{name}'><p>{LONG}</p></div>") == [(Kind.PARAGRAPH, LONG)]
    assert told(f"<div class='{name}'><p>Một nhãn ngắn.</p></div>") == []
    assert told(f"<div class='{name}'><h3><a href='/x'>Một bài báo khác</a></h3><p>{LONG}</p></div>") == []


def test_comments_are_never_the_articles_text() -> None:
    assert told(f"<div class='comment'><p>{LONG}</p></div>") == []
