"""JSON-LD as outlets write it, broken too."""

import pytest
from lxml import html

from pipeline.jsonld import Said, read_head

ARTICLE = '{"@type": "NewsArticle", "headline": "Cầu mới", "datePublished": "2023-12-03T09:10:00+07:00"%s}'


def said(text: str) -> Said:
    return read_head(html.document_fromstring("<p>x</p>"), (text,))


@pytest.mark.parametrize(
    "text",
    [
        ARTICLE % "",
        "[" + ARTICLE % "" + "]",
        '{"@graph": [{"@type": "WebSite"}, ' + ARTICLE % "" + "]}",
        ARTICLE % ", ",
        ARTICLE % "" + ";",
        "//<![CDATA[\n" + ARTICLE % "" + "\n//]]>",
        "<!-- " + ARTICLE % "" + " -->",
        (ARTICLE % "").replace("Cầu mới", 'Cầu "mới"'),
    ],
)
def test_the_articles_time_is_read_however_its_object_is_written(text: str) -> None:
    assert said(text).text("datePublished") == "2023-12-03T09:10:00+07:00"


@pytest.mark.parametrize("text", ["", "x", "{", '{"@type": "WebSite" "datePublished": "2023-12-03T09:10"}', "[[]]"])
def test_what_is_no_article_says_nothing(text: str) -> None:
    assert said(text).article == {}


def test_an_address_is_no_writers_name() -> None:
    from pipeline.byline import read_byline

    assert read_byline(["https://bao.example/tac-gia/ha-vy.htm"]).authors == ()
