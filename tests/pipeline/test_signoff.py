"""How articles are signed at their foot, and last lines that are no signature."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.values import Block, Kind
from pipeline.byline import Byline
from pipeline.closing import Closed, close, with_signed
from pipeline.signoff import parted, signature

PROSE = "Cây cầu sẽ thay bến đò ngang đã chở người hai bờ từ bao đời nay."
SOURCES = r"\(?Theo [A-ZĐ][^.()]{1,40}\)?"


def closed(*lines: str, byline: Byline | None = None, kind: Kind = Kind.PARAGRAPH) -> Closed:
    blocks = (Block(kind=Kind.PARAGRAPH, text=PROSE), *(Block(kind=kind, text=line) for line in lines))
    return close(blocks, byline=byline or Byline(), source_line="", source_pattern=SOURCES, signoff="repeated")


@pytest.mark.parametrize(
    ("lines", "authors", "raw", "source"),
    [
        (["Hữu Khoa"], ("Hữu Khoa",), "Hữu Khoa", ""),
        (["Hữu Khoa - Hải Long"], ("Hữu Khoa", "Hải Long"), "Hữu Khoa - Hải Long", ""),
        (["Bài: Hữu Khoa", "Ảnh: Hải Long"], ("Hữu Khoa", "Hải Long"), "Bài: Hữu Khoa; Ảnh: Hải Long", ""),
        (["Bài, ảnh: HỮU KHOA"], ("HỮU KHOA",), "Bài, ảnh: HỮU KHOA", ""),
        (["Hữu Khoa Video: Hải Long"], ("Hữu Khoa", "Hải Long"), "Hữu Khoa Video: Hải Long", ""),
        (["Thực hiện: Hữu Khoa, Q.Huy và N.V"], ("Hữu Khoa", "Q.Huy", "N.V"), None, ""),
        (["Hữu Khoa (tổng hợp)"], ("Hữu Khoa",), "Hữu Khoa (tổng hợp)", ""),
        (["Nội dung: Hữu Khoa", "Thiết kế: Hải Long", "24/12/2022"], ("Hữu Khoa", "Hải Long"), None, ""),
        (["Tổng hợp"], (), "Tổng hợp", ""),
        (["Hữu Khoa", "Email: khoa@bao.example"], ("Hữu Khoa",), "Hữu Khoa; Email: khoa@bao.example", ""),
        (["PV (Theo Reuters)"], ("PV",), "PV (Theo Reuters)", "(Theo Reuters)"),
        (["Hữu Khoa", "(Theo AFP, Reuters)"], ("Hữu Khoa",), "Hữu Khoa", "(Theo AFP, Reuters)"),
        (["Hữu Khoa Theo BBC"], ("Hữu Khoa",), "Hữu Khoa Theo BBC", "Theo BBC"),
        (["Ảnh: Nhân vật cung cấp"], (), "Ảnh: Nhân vật cung cấp", ""),
        (["Ảnh: Reuters"], (), "Ảnh: Reuters", ""),
        (["Hữu Khoa/Báo Tin tức"], ("Hữu Khoa",), "Hữu Khoa/Báo Tin tức", ""),
        (["Hữu Khoa/TTXVN"], ("Hữu Khoa",), "Hữu Khoa/TTXVN", ""),
    ],
)
def test_a_sign_off_gives_the_writers_and_is_no_prose(
    lines: list[str], authors: tuple[str, ...], raw: str | None, source: str
) -> None:
    found = closed(*lines)
    assert ([block.text for block in found.blocks], found.source_line) == ([PROSE], source)
    byline = with_signed(Byline(), found.signed)
    assert (byline.authors, byline.raw) == (authors, byline.raw if raw is None else raw)


@pytest.mark.parametrize(
    "line",
    [
        "Theo kế hoạch, tàu chạy từ tháng ba",
        "Ảnh: cầu mới trong sương",
        "Nội dung: cầu mới, đường mới và những phận người",
        "Lưu ý: Bài viết có tính tham khảo",
        "Hà Vy nói",
    ],
)
def test_other_last_lines_stay(line: str) -> None:
    assert closed(line).blocks[-1].text == line


def test_names_under_a_quotation_stay_with_it() -> None:
    assert closed("Nguyễn Duy", kind=Kind.QUOTE).blocks[-1].text == "Nguyễn Duy"


def test_a_printed_byline_leaves_other_names_but_takes_labelled_ones() -> None:
    byline = Byline(authors=("Hữu Khoa",), raw="Hữu Khoa")
    assert closed("Nguyễn Duy", byline=byline).blocks[-1].text == "Nguyễn Duy"
    found = closed("Ảnh: Hải Long", byline=byline)
    assert with_signed(byline, found.signed) == Byline(authors=("Hữu Khoa", "Hải Long"), raw="Hữu Khoa; Ảnh: Hải Long")
    for repeated in ("Thực hiện: Hữu Khoa", "HỮU KHOA/TTXVN", "Hữu Khoa (tổng hợp)"):
        again = closed(repeated, byline=byline)
        assert ([block.text for block in again.blocks], with_signed(byline, again.signed)) == ([PROSE], byline)


def test_a_signature_takes_the_place_of_whom_only_the_head_names() -> None:
    head = Byline(authors=("Ban Biên Tập",), raw="Ban Biên Tập", printed=False)
    byline = with_signed(head, closed("Hữu Khoa", "Lao Động", byline=head).signed, ("Lao Động",))
    assert (byline.authors, byline.raw) == (("Hữu Khoa",), "Hữu Khoa; Lao Động")


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (f"{PROSE} Hữu Khoa", "Hữu Khoa"),
        (f"{PROSE[:-1]}./. Hữu Khoa - Hải Long", "Hữu Khoa - Hải Long"),
        (f"“{PROSE}” Hữu Khoa", "Hữu Khoa"),
        (f"{PROSE} Ông tên Nguyễn Văn A", ""),
        ("Hội chợ sách mùa hè năm nay mở đến hết tháng tại TP. Hồ Chí Minh", ""),
        ("Hội chợ mở cửa đến hết tháng này", ""),
    ],
)
def test_a_signature_on_the_last_sentences_own_line_is_parted_off(line: str, name: str) -> None:
    assert parted(line)[1] == name
    assert closed(line).blocks[-1].text == (line.removesuffix(name).rstrip() if name else line)


@settings(deadline=None)
@given(st.text(max_size=80))
def test_no_last_line_raises_or_loses_words(text: str) -> None:
    told = signature(text)
    assert told is None or told.raw == text
    kept, name = parted(text)
    assert text.startswith(kept) and text.endswith(name)
