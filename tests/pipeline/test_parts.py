"""What a template of one era leaves out of its body, and what of the outlet's other eras; who is printed as writer."""

import pytest
from lxml import html

from archive.values import Kind
from pipeline.fields import byline_elements, read_fields
from pipeline.jsonld import Said
from pipeline.outlet import Template, load_outlets
from pipeline.parts import body_elements, read_parts

DANTRI = load_outlets()["dantri"]
PROSE = "Sáng nay, người dân hai bờ cùng đi bộ qua cầu mới sau lễ thông xe, dài ba trăm mét."
ERAS = {template.era: template for template in DANTRI.templates}


def texts(template: Template, inside: str) -> list[str]:
    root = html.document_fromstring(f"<body><div class='singular-content'>{inside}</div></body>")
    return [block.text for block in read_parts(root, body_elements(root, template), template, "").blocks]


def test_a_box_of_another_era_stays_out_though_it_speaks() -> None:
    box = f"<div class='news-tag'><p>{PROSE} Một hộp kể dài như văn xuôi của bài.</p></div>"
    assert texts(ERAS["2021"], f"<p>{PROSE}</p>{box}<p>{PROSE}</p>") == [PROSE, PROSE]


def test_what_another_era_calls_a_box_stays_where_it_is_the_article() -> None:
    assert texts(ERAS["2021"], f"<div class='news-tag'><p>{PROSE}</p><p>{PROSE}</p></div>") == [PROSE, PROSE]


def test_a_video_players_words_are_no_caption() -> None:
    player = (
        "<div class='vplayer-container'><span>Trình phát Video is loading.</span><p>Bắt đầu cửa sổ hộp thoại.</p></div>"
    )
    assert texts(ERAS["2021"], f"<figure class='video'>{player}<figcaption>Cầu mới.</figcaption></figure>") == [
        "Cầu mới."
    ]


@pytest.mark.parametrize(
    ("printed", "authors", "raw"),
    [
        ("<a href='/1'><b>Lê Hoàng</b></a><b>Vi Thảo</b>", ("Lê Hoàng", "Vi Thảo"), "Lê Hoàng; Vi Thảo"),
        ("<a href='/1'><b>Lê Hoàng</b></a> - Vi Thảo", ("Lê Hoàng", "Vi Thảo"), "Lê Hoàng - Vi Thảo"),
        ("<b>Lê Hoàng</b><i> (tổng hợp)</i>", ("Lê Hoàng",), "Lê Hoàng (tổng hợp)"),
        ("Lê Hoàng", ("Lê Hoàng",), "Lê Hoàng"),
    ],
)
def test_writers_are_read_whether_linked_or_not(printed: str, authors: tuple[str, ...], raw: str) -> None:
    root = html.document_fromstring(
        f"<body><div class='author-wrap'><div class='author-name'>{printed}</div></div></body>"
    )
    byline = read_fields(root, Said(), ERAS["2021"], DANTRI, url="").byline
    assert (byline.authors, byline.raw) == (authors, raw)
    assert [node.get("class") for node in dict.fromkeys(byline_elements(root, ERAS["2021"]))] == ["author-name"]


def test_captions_are_known_by_the_names_that_content_systems_give_them() -> None:
    template = ERAS["2021"]
    inside = (
        f"<p>{PROSE}</p><div class='article-photo'><img src='/a.jpg'><span class='fig-caption'>Cầu mới.</span></div>"
    )
    root = html.document_fromstring(f"<body><div class='singular-content'>{inside}</div></body>")
    blocks = read_parts(root, body_elements(root, template), template, "").blocks
    assert [(block.kind, block.text) for block in blocks] == [(Kind.PARAGRAPH, PROSE), (Kind.CAPTION, "Cầu mới.")]
