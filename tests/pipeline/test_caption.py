"""Captions that stand under a picture without an element of their own, and what stands there and is none."""

import pytest

from archive.values import Kind
from tests.pipeline.test_body import shown

IMG = "<img src='/a.jpg'>"
CAPTION, PROSE = "Cầu nhìn từ trên cao.", "Sau lễ thông xe, người dân hai bờ cùng đi bộ qua cầu."
NEXT = f"<p>{PROSE}</p>"


@pytest.mark.parametrize(
    "inside",
    [
        f"<p>{IMG}</p><p><em>{CAPTION}</em></p>",
        f"<p>{IMG}</p><p align='center'>{CAPTION}</p>",
        f"<p style='TEXT-ALIGN: center'>{IMG}<br><span>{CAPTION}</span></p>",
        f"<div style='text-align: center'><b>{IMG}</b><br>&nbsp;</div><div style='text-align: center'>{CAPTION}</div>",
        f"<div align='center'><div>{IMG}</div><div>{CAPTION}</div></div>",
        f"{IMG}<br><br><i>{CAPTION}</i><br><br>",
        f"<p>{IMG}<br>{CAPTION}</p>",
        f"<figure>{IMG}</figure><p style='font-style:italic'>{CAPTION}</p>",
        f"<p>{IMG}</p><div class='ads'><p>Mua</p></div><p><i>{CAPTION}</i></p>",
        f"<em><p>{IMG}</p><p>{CAPTION}</p></em>",
    ],
)
def test_an_italic_or_centred_line_under_a_picture_is_its_caption(inside: str) -> None:
    read = shown(inside + NEXT)
    assert [(block.kind, block.text) for block in read.blocks] == [(Kind.CAPTION, CAPTION), (Kind.PARAGRAPH, PROSE)]
    assert [image.caption for image in read.images] == [CAPTION]


def test_a_line_that_credits_a_picture_is_its_caption_but_not_under_a_figure() -> None:
    line = "<p>Cầu mới trong sương (Ảnh: Nam Anh).</p>"
    assert [(block.kind, block.credit) for block in shown(f"<p>{IMG}</p>{line}").blocks] == [(Kind.CAPTION, "Nam Anh")]
    assert [block.kind for block in shown(f"<figure>{IMG}</figure>{line}").blocks] == [Kind.PARAGRAPH]


@pytest.mark.parametrize(
    "line",
    [
        f"<p>{PROSE}</p>",
        "<p align='center'><b>Chương một</b></p>",
        "<p align='center'>***</p>",
        f"<div align='center'><p style='text-align:justify'>{PROSE}</p></div>",
        f"<p><i>{PROSE * 10}</i></p>",
        "<h3><i>Một mục mới</i></h3>",
        "<p><i>Thưa bà, vì sao bến đò còn khách?</i></p>",
        "<p align='center'><i>- Tôi ở đây từ bé, bà kể.</i></p>",
    ],
)
def test_other_lines_under_a_picture_are_no_captions(line: str) -> None:
    assert Kind.CAPTION not in [block.kind for block in shown(f"<p>{IMG}</p>{line}").blocks]


def test_italics_are_prose_where_no_picture_stands_right_above() -> None:
    kinds = [block.kind for block in shown(f"<p>{IMG}</p>{NEXT}<p><i>{CAPTION}</i></p>").blocks]
    assert kinds == [Kind.PARAGRAPH, Kind.PARAGRAPH]


def test_pictures_and_captions_in_one_paragraph_are_paired_in_order() -> None:
    read = shown(f"<p>{PROSE}<br>{IMG}<br><i>Một.</i><br><img src='/b.jpg'><br><i>Hai.</i><br>{CAPTION}</p>")
    assert [block.text for block in read.blocks] == [PROSE, "Một.", "Hai.", CAPTION]
    assert [(image.url[-6:], image.caption) for image in read.images] == [("/a.jpg", "Một."), ("/b.jpg", "Hai.")]


def test_a_caption_that_only_an_attribute_tells_is_the_pictures_but_no_text() -> None:
    read = shown(f"<p><img src='/a.jpg' cms-photo-caption='Cầu mới (Ảnh: Nam Anh)'></p>{NEXT}")
    assert [block.text for block in read.blocks] == [PROSE]
    assert [(image.caption, image.credit) for image in read.images] == [("Cầu mới (Ảnh: Nam Anh)", "Nam Anh")]
