"""An aggregator's page: its first article is the article, those below it are contained parts."""

import pytest

from archive.values import Article
from pipeline.extract import extract
from pipeline.outlet import load_outlets
from tests.pipeline.eras import ERAS, INSIDE, PARAGRAPHS, TITLE, era_page
from tests.pipeline.making import capture

SECOND = "Bài thứ hai trên cùng một trang"
OTHER = [text.replace("sông", "đồi") for text in PARAGRAPHS]
BELOW = "".join(f"<p>{text}</p>" for text in OTHER)
HEAD = f"<h2>{SECOND}</h2>"
LABEL = "<div>Video đang HOT</div>"
END = '</div><div class="entry clearfix">'


def read(inside: str) -> Article:
    era = "vietgiaitri/2021"
    article = extract(capture(era_page(era, inside), url=ERAS[era][0]), load_outlets()["vietgiaitri"]).article
    assert article is not None
    return article


PRINTED = {
    "under a heading": f"{INSIDE}{LABEL}{HEAD}{BELOW}",
    "in boxes": f"<div>{INSIDE}</div><div>{HEAD}{BELOW}</div>",
    "in one box with the first": f"<div>{INSIDE}{HEAD}{BELOW}</div>",
    "in a body of its own": f"{INSIDE}</div>{LABEL}{HEAD}<div class='entry clearfix'>{BELOW}",
    "headed inside a body of its own": f"{INSIDE}{END}{HEAD}{BELOW}",
    "under a linked heading": f"{INSIDE}<h3><a href='/khac-20220121i6282018'>{SECOND}</a></h3>{BELOW}",
}


@pytest.mark.parametrize("way", PRINTED)
def test_the_first_article_is_the_article_and_the_second_is_contained(way: str) -> None:
    article = read(PRINTED[way])
    assert article.title == TITLE
    assert [block.text for block in article.blocks if block.kind.value == "paragraph"] == list(PARAGRAPHS)
    assert [part.title for part in article.contained] == [SECOND]
    assert [block.text for part in article.contained for block in part.blocks] == OTHER


def test_a_headline_in_a_box_of_related_links_begins_no_article() -> None:
    box = '<div class="related"><h3><a href="/x">Một bài khác</a></h3></div>'
    article = read(INSIDE.replace("</figure>", f"</figure>{box}"))
    assert article.contained == ()
    assert [block.text for block in article.blocks if block.kind.value == "paragraph"] == list(PARAGRAPHS)
