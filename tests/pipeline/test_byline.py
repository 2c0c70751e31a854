import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.byline import read_byline

OWN = ["Dân trí", "Báo Nhân Dân điện tử", "VietnamPlus", "LDO"]


@pytest.mark.parametrize(
    ("printed", "authors", "agency"),
    [
        ("Bạch An", ("Bạch An",), ""),
        ("MINH NGUYỆT (TTXVN/VIETNAM+)", ("MINH NGUYỆT",), "TTXVN"),
        ("(TTXVN/Vietnam+)", (), "TTXVN"),
        ("Tâm HằngTTXVN", ("Tâm Hằng",), "TTXVN"),
        ("Khánh Minh LDO | 13/01/2022 07:53", ("Khánh Minh",), ""),
        ("Ngọc Vân |", ("Ngọc Vân",), ""),
        ("Minh Phương - Đức Hoàng", ("Minh Phương", "Đức Hoàng"), ""),
        ("Hà Vy, Bảo Kỳ và Lê Vũ", ("Hà Vy", "Bảo Kỳ", "Lê Vũ"), ""),
        ("Hà Vy & Bảo Kỳ", ("Hà Vy", "Bảo Kỳ"), ""),
        ("Tác giả: Hà Vy", ("Hà Vy",), ""),
        ("Dân trí", (), ""),
        ("Báo Nhân Dân điện tử", (), ""),
        ("Lê Phương (Theo Reuters)", ("Lê Phương",), ""),
        ("TP", ("TP",), ""),
        ("", (), ""),
    ],
)
def test_writers_are_named_without_outlet_agency_and_time(printed: str, authors: tuple[str, ...], agency: str) -> None:
    byline = read_byline([printed], OWN)
    assert (authors, agency) == (byline.authors, byline.agency)
    assert byline.raw == printed


def test_repeated_writers_are_named_once() -> None:
    assert read_byline(["", "Bạch An", "Bạch An"]).authors == ("Bạch An",)


@settings(deadline=None)  # the first example loads libraries
@given(st.lists(st.text(max_size=60), max_size=4))
def test_no_byline_raises(printed: list[str]) -> None:
    assert all(read_byline(printed, OWN).authors)


@pytest.mark.parametrize(
    ("printed", "authors", "source"),
    [
        ("Theo TTXVN", (), "Theo TTXVN"),
        ("THEO TTXVN", (), "THEO TTXVN"),
        ("Tin, ảnh: Đức Hạnh", ("Đức Hạnh",), ""),
        ("Tin và ảnh: Đức Hạnh", ("Đức Hạnh",), ""),
        ("Bài: HÀ AN; Ảnh: MINH DUY", ("HÀ AN", "MINH DUY"), ""),
        ("Vũ Thanh/Báo Tin tức (Theo RT)", ("Vũ Thanh",), "(Theo RT)"),
        ("Tâm Hằng (TTXVN)", ("Tâm Hằng",), ""),
        ("Hải Yên/Báo Tin tức và Dân tộc", ("Hải Yên",), ""),
        ("Tin, ảnh, clip: Đức Hạnh", ("Đức Hạnh",), ""),
        ("Tổng hợp: Đức Hạnh", ("Đức Hạnh",), ""),
        ("Minh Thu-Hồng Điệp/Báo Tin tức-Moskva", ("Minh Thu", "Hồng Điệp"), ""),
        ("PV TTXVN tại Kiev", (), ""),
        ("Đức Hạnh - PV TTXVN tại Liên bang Nga", ("Đức Hạnh",), ""),
    ],
)
def test_labels_and_sources_are_no_writers(printed: str, authors: tuple[str, ...], source: str) -> None:
    found = read_byline([printed], ["Báo Tin tức", "Báo Tin tức và Dân tộc"])
    assert (found.authors, found.source) == (authors, source)
