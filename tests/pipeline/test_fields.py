"""Fields beside the content: times told and their rules, credits, notes, prefixes, lists of names and tags."""

from datetime import UTC, datetime

import pytest

from archive.articlejson import from_json, to_json
from archive.digest import content_digest
from archive.values import Article
from pipeline.credit import credit_of
from pipeline.extract import extract
from pipeline.outlet import load_outlets
from tests.pipeline.eras import ERAS, INSIDE, PARAGRAPHS, era_page
from tests.pipeline.making import capture

OUTLETS = load_outlets()


def article(era: str, page: str, url: str = "") -> Article:
    read = extract(capture(page, url=url or ERAS[era][0]), OUTLETS[era.split("/")[0]]).article
    assert read is not None
    return read


def json_ld(**said: object) -> str:
    import json

    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **said})}</script>'


def test_every_time_told_is_kept_with_its_rule_and_whether_it_agrees() -> None:
    head = json_ld(datePublished="2026-07-21T00:00:00+07:00", dateModified="2026-07-20T23:01:01+07:00")
    head += '<meta property="article:published_time" content="2026-07-21T00:05:00">'
    read = article("dantri/2026", era_page("dantri/2026", head=head))
    told = [(one.what, one.rule, one.raw, one.agrees) for one in read.dates]
    assert told == [
        ("published", "json-ld", "2026-07-21T00:00:00+07:00", True),
        ("published", "meta", "2026-07-21T00:05:00", False),
        ("published", "selector", "2026-07-21 00:00", True),
        ("published", "address", "20260720215519144", False),
        ("modified", "json-ld", "2026-07-20T23:01:01+07:00", True),
    ]
    assert (read.published, read.published_rule) == (datetime(2026, 7, 20, 17, tzinfo=UTC), "json-ld")
    # An outlet may tell a change before the publication: it is kept as told.
    assert read.modified == datetime(2026, 7, 20, 16, 1, 1, tzinfo=UTC)
    assert (read.modified_rule, read.modified_raw) == ("json-ld", "2026-07-20T23:01:01+07:00")


def test_a_day_without_a_clock_agrees_with_any_time_of_that_day() -> None:
    head = json_ld(datePublished="2026-07-21")
    read = article("dantri/2026", era_page("dantri/2026", head=head).replace("2026-07-21 00:00", "2026-07-21 09:30"))
    assert [(one.rule, one.agrees) for one in read.dates][:2] == [("json-ld", True), ("selector", True)]
    assert read.published_rule == "selector"


def test_an_editors_box_is_a_note_and_no_block() -> None:
    box = '<div class="notebox align-center cms-note"><p>Đội hình ra sân</p><p>Thủ môn: Tô Lan</p></div>'
    read = article("nhandan/2023", era_page("nhandan/2023", INSIDE + box))
    assert read.note == "Đội hình ra sân\nThủ môn: Tô Lan"
    assert [block.text for block in read.blocks if block.kind.value == "paragraph"] == list(PARAGRAPHS)


@pytest.mark.parametrize(
    ("caption", "credit"),
    [
        ("Xe qua cầu (Ảnh: Khánh Linh/Vietnam+).", "Khánh Linh/Vietnam+"),
        ("Xe qua cầu. (Nguồn: AFP/TTXVN)", "AFP/TTXVN"),
        ("Xe qua cầu. Nguồn: aninews.in", "aninews.in"),
        ("Xe qua cầu [Ảnh minh họa: Internet]", "Internet"),
        ("Xe qua cầu (ảnh: T. Hà)", "T. Hà"),
        ("Bản đồ vùng lũ (Đồ họa: BBC).", "BBC"),
        ("Xe qua cầu. Ảnh tư liệu: Reuters", "Reuters"),
        ("Trong ảnh: ông Nam và bà Lan.", ""),
        ("Ảnh chụp màn hình", ""),
        ("Xe qua cầu.", ""),
    ],
)
def test_a_caption_names_its_credit(caption: str, credit: str) -> None:
    assert credit == credit_of(caption)


def test_credits_stand_on_blocks_and_pictures_and_survive_json() -> None:
    read = article("dantri/2021", era_page("dantri/2021"))
    assert [block.credit for block in read.blocks] == ["", "Tô Lan", "", ""]
    assert read.images[0].url == "https://dantri.com.vn/anh.jpg"
    again = from_json(to_json(read))
    assert again == read
    assert [block.credit for block in again.blocks] == [block.credit for block in read.blocks]


def test_nothing_beside_the_content_changes_its_digest() -> None:
    plain = article("nhandan/2023", era_page("nhandan/2023"))
    head = json_ld(datePublished="2026-07-21T00:00:00+07:00") + '<meta property="article:tag" content="sông, nước">'
    box = '<div class="cms-note"><p>Một hộp của tòa soạn</p></div>'
    more = article("nhandan/2023", era_page("nhandan/2023", INSIDE + box, head=head))
    assert (more.note, more.tags) == ("Một hộp của tòa soạn", ("sông", "nước"))
    assert content_digest(plain) == content_digest(more)


def test_writers_are_a_list_without_outlet_and_agency() -> None:
    page = era_page("vietnamplus/2023", f"{INSIDE}<p>(TTXVN/Vietnam+)</p>")
    page = page.replace("</time>", '</time><span class="author cms-author">TÔ LAN - HÀ VY (TTXVN/VIETNAM+)</span>', 1)
    read = article("vietnamplus/2023", page)
    assert (read.byline, read.agency) == (("TÔ LAN", "HÀ VY"), "TTXVN")
    assert (read.byline_raw, read.source_line) == ("TÔ LAN - HÀ VY (TTXVN/VIETNAM+)", "(TTXVN/Vietnam+)")


@pytest.mark.parametrize("era", ["dantri/2014", "dantri/2020", "nhandan/2020", "thanhnien/2020", "vov/2020"])
def test_where_no_byline_is_printed_the_signature_is_the_writer(era: str) -> None:
    read = article(era, era_page(era, f"{INSIDE}<p align='right'><strong>Tô Lan</strong><br>Theo Reuters</p>"))
    assert (read.byline, read.source_line) == (("Tô Lan",), "Theo Reuters")
    assert [block.text for block in read.blocks if block.kind.value == "paragraph"] == list(PARAGRAPHS)


def test_related_links_in_the_leads_element_are_none_of_it() -> None:
    lead = '(Dân trí) - Nước về sớm.<br>&gt;&gt; <a href="/x">Một bài khác</a>'
    read = article("dantri/2014", era_page("dantri/2014", lead=lead))
    assert (read.lead, read.lead_prefix) == ("(Dân trí) - Nước về sớm.", "(Dân trí) - ")


def test_where_only_a_source_is_printed_the_heads_name_is_no_writer() -> None:
    foot = '<div class="article__author"><p class="name">Theo TTXVN</p></div>'
    head = json_ld(author={"@type": "Person", "name": "TP"})
    read = article("nhandan/2023", era_page("nhandan/2023", f"{INSIDE}{foot}", head=head))
    assert (read.byline, read.source_line, read.byline_raw) == ((), "Theo TTXVN", "Theo TTXVN")


@pytest.mark.parametrize(
    "behind", ['<div data-component-type="tin_xemthem"><p style="text-align:right">Tin khác</p></div>', ""]
)
def test_what_stands_to_the_right_in_a_box_signs_nothing(behind: str) -> None:
    foot = f'<p style="text-align:right;"><strong>Hà Thu</strong></p>{behind}'
    assert article("vnexpress/2020", era_page("vnexpress/2020", INSIDE + foot)).byline == ("Hà Thu",)


def test_what_stands_to_the_right_amid_the_text_signs_a_quotation() -> None:
    inside = f'<p>{PARAGRAPHS[0]}</p><p style="text-align:right;">Ông Lê Văn A</p><p>{PARAGRAPHS[1]}</p>'
    read = article("vnexpress/2020", era_page("vnexpress/2020", inside))
    assert (read.byline, [block.text for block in read.blocks][1]) == ((), "Ông Lê Văn A")


def test_all_writers_named_outside_the_body_are_kept_where_bylines_sign_at_the_foot() -> None:
    named = "".join(f'<p class="article-detail-author__info"><span class="name">{n}</span></p>' for n in ("An", "Bình"))
    page = era_page("vietnamnet/2022").replace("<h1", f"{named}<h1")
    assert article("vietnamnet/2022", page).byline == ("An", "Bình")


def test_a_quotation_set_by_the_editor_is_a_quote() -> None:
    inside = f'{INSIDE}<div class="VCSortableInPreviewMode" type="quote"><div><p>Nước lên thì mừng.</p></div></div>'
    assert article("tuoitre/2022", era_page("tuoitre/2022", inside)).blocks[-1].kind.value == "quote"


@pytest.mark.parametrize(
    "photo", ['<div class="article-photo"><img src="/b.jpg">{}</div>', '<div class="fig-caption">{}</div>']
)
def test_bare_captions_of_the_shared_system_are_captions(photo: str) -> None:
    read = article("nhandan/2023", era_page("nhandan/2023", INSIDE + photo.format("Đò sang sông. (Ảnh: Hà Vy)")))
    assert [(block.kind.value, block.credit) for block in read.blocks][-1] == ("caption", "Hà Vy")


def test_a_foot_of_name_and_title_is_signed_by_the_name() -> None:
    lines = ("<strong>Hà Thu</strong>", "<em>Tiến sĩ thủy lợi</em>")
    foot = "".join(f'<p style="text-align:right;">{line}</p>' for line in lines)
    assert article("vnexpress/2020", era_page("vnexpress/2020", INSIDE + foot)).byline == ("Hà Thu",)
