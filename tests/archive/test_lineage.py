"""Lineage: the replica's wire story, cell by cell as its script says, its credits, and the page of it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.cli import archive
from archive.passage import kept_as, styled
from tests.archive.builds import NOON, article, file, filing
from tests.archive.told import tell

FIRST, SAME, SHORT, WORDS, MOVED, GONE, NONE = "first", "verbatim", "shortened", "reworded", "moved", "dropped", ""

# Beginning of the paragraph; then baotintuc, vietnamplus, dantri, laodong, vietgiaitri, nhandan, in order of time.
QUAKE = {
    "Tâm chấn trận động đất": [NONE, FIRST, NONE, NONE, NONE, NONE],
    "Sáng 17/11, một trận": [FIRST, SHORT, WORDS, WORDS, SAME, WORDS],
    "Một ngôi trường bị sập": [FIRST, GONE, WORDS, GONE, SAME, GONE],
    "Theo Viện Núi lửa": [FIRST, SAME, WORDS, SAME, SAME, SAME],
    "Thống đốc tỉnh Cotabato": [FIRST, SAME, SAME, SAME, SAME, MOVED],
    "Chính quyền địa phương": [FIRST, SAME, MOVED, SAME, SAME, GONE],
    "Chuyên gia địa chấn": [NONE, NONE, FIRST, NONE, NONE, NONE],
    "Bà Luz Abrenica": [FIRST, GONE, MOVED, GONE, SAME, GONE],
    "Tuyến quốc lộ nối": [FIRST, SAME, SAME, GONE, SAME, SHORT],
    "Bộ Ngoại giao Việt Nam": [NONE, NONE, NONE, NONE, NONE, FIRST],
    "Đại sứ quán Việt Nam": [FIRST, SAME, GONE, WORDS, SAME, SAME],
    "Philippines nằm trên": [FIRST, SAME, GONE, SAME, SAME, GONE],
    "Chiều 17/11, Tổng thư ký": [FIRST, NONE, NONE, NONE, NONE, NONE],
}
# The grain story: vietnamplus, laodong, nhandan, vietgiaitri.
GRAIN = {
    "Sau hơn bảy tháng": [FIRST, WORDS, WORDS, SAME],
    "Theo phóng viên TTXVN": [FIRST, SHORT, SAME, SAME],
    "Trưởng phái đoàn Nga": [FIRST, WORDS, SHORT, SAME],
    "Tàu chở ngũ cốc neo": [FIRST, WORDS, GONE, MOVED],
    "Về phần mình": [FIRST, WORDS, WORDS, SAME],
    "Theo một nhà ngoại giao": [FIRST, GONE, SHORT, GONE],
    "Trước đó, Tổng Thư ký": [NONE, NONE, FIRST, NONE],
    "Liên hợp quốc ước tính": [FIRST, SAME, WORDS, SAME],
    "Ông Cao Minh Khoa": [NONE, FIRST, NONE, NONE],
    "Tuy vậy, ông Khoa": [NONE, FIRST, NONE, NONE],
    "Chuyên gia Levent Aksoy": [FIRST, GONE, GONE, SAME],
    "Vòng đàm phán tiếp theo": [FIRST, SAME, SAME, SAME],
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("told")
    tell(folder, "dong-dat-mindanao", "thoa-thuan-hanh-lang-ngu-coc", "gao-xuat-khau")
    return folder


def ask(folder: Path, *words: str, code: int = 0) -> str:
    done = CliRunner().invoke(archive, [*words, "--archive", str(folder)])
    assert done.exit_code == code, done.output
    return done.stdout


@pytest.mark.parametrize(("of", "wanted"), [("mindanao", QUAKE), ("nga-ukraina", GRAIN)])
def test_the_matrix_is_what_the_story_s_script_says(told: Path, of: str, wanted: dict[str, list[str]]) -> None:
    found = json.loads(ask(told, "lineage", of if of != "mindanao" else "baotintuc", "--json"))
    matrix = {line["text"]: [cell["how"] for cell in line["cells"]] for line in found["paragraphs"]}
    shown = {begin: next((row for text, row in matrix.items() if text.startswith(begin)), None) for begin in wanted}
    assert shown == wanted
    assert len(matrix) == len(wanted)


def test_a_changed_figure_is_named_in_its_cell(told: Path) -> None:
    found = json.loads(ask(told, "lineage", "nga-ukraina", "--json"))
    line = next(line for line in found["paragraphs"] if line["text"].startswith("Về phần mình"))
    assert "number" in line["cells"][1]["changes"]


def test_credits_are_kept_changed_or_lost_and_held_against_the_texts(told: Path) -> None:
    quake, rice = (
        json.loads(ask(told, "lineage", name, "--json"))["documents"] for name in ("baotintuc", "gao-viet-rong")
    )
    assert [(one["outlet"], one["credit"]["verdict"]) for one in quake] == [
        ("baotintuc", "first"),
        ("vietnamplus", "kept"),
        ("dantri", "kept"),
        ("laodong", "lost"),
        ("vietgiaitri", "lost"),
        ("nhandan", "kept"),
    ]
    assert [one["credit"]["verdict"] for one in rice] == ["first", "kept", "kept", "changed", "lost"]
    assert rice[3]["credit"]["claim"].startswith("says Dân trí; 100% of it is in dantri:")
    assert quake[1]["claimed"] == {
        "document": "baotintuc:dong-dat-manh-o-mien-nam-philippines",
        "share": pytest.approx(0.87, abs=0.02),
        "minutes_earlier": 45,
    }


@pytest.mark.usefixtures("database")
def test_first_is_who_published_first_and_no_later_than_captured(tmp_path: Path) -> None:
    text = "Sáng nay tại Hà Nội một trận mưa lớn đã làm ngập nhiều tuyến phố ở quận Cầu Giấy. " * 2
    late = {"published": NOON + timedelta(days=2)}
    for outlet, after, more in (("dantri", timedelta(0), late), ("laodong", timedelta(hours=1), {})):
        with filing(tmp_path, outlet) as at:
            file(at, article(text, **more), after=after, document=f"{outlet}:1", url=f"https://{outlet}.vn/1")
    [line] = json.loads(ask(tmp_path, "lineage", "dantri:1", "--json"))["paragraphs"]
    assert (line["first"]["document"], line["first"]["at_by"]) == ("dantri:1", "captured")
    assert line["first"]["at"] == NOON.isoformat()


def test_a_paragraph_added_by_an_edit_counts_from_its_capture(told: Path) -> None:
    lines = json.loads(ask(told, "lineage", "baotintuc", "--json"))["paragraphs"]
    added = next(line for line in lines if line["text"].startswith("Chiều 17/11"))
    assert (added["first"]["version"], added["first"]["at_by"]) == (3, "captured")


def test_the_page_escapes_what_the_outlets_wrote_and_loads_nothing(tmp_path: Path) -> None:
    text = "<script>alert(1)</script> Sáng nay tại Hà Nội một trận mưa lớn đã làm ngập nhiều tuyến phố ở quận Cầu Giấy."
    for outlet, url in (("dantri", "javascript:alert(1)"), ("laodong", "https://laodong.vn/1")):
        with filing(tmp_path, outlet) as at:
            file(at, article(text, title="<img src=x onerror=alert(1)>"), document=f"{outlet}:1", url=url)
    ask(tmp_path, "lineage", "dantri:1", "--html", str(tmp_path / "page.html"))
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<script" not in page and "<img" not in page and 'href="javascript' not in page
    assert "&lt;script&gt;" in page and "src=" not in page.replace("src=x", "")


def test_the_terminal_s_matrix_has_a_row_for_each_paragraph(told: Path) -> None:
    shown = ask(told, "lineage", "nga-ukraina")
    assert "11   ●  -  -  =" in shown and "credit lost: names no source" in shown


def test_house_style_of_dates_and_names_is_verbatim() -> None:
    assert kept_as(styled("Ngày 17.11 ở Mátxcơva, hồi tháng Chín"), styled("ngày 17/11 ở Moskva hồi tháng 9")) == SAME
    assert kept_as(styled("Có 12 người"), styled("Có 21 người")) == WORDS
