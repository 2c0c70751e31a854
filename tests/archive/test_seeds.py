import json
import unicodedata
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.commands.seeds import command
from archive.seeds import Seed, load
from archive.values import Kind

SEEDS = Path(__file__).parents[2] / "seeds"
KINDS = {kind.value for kind in Kind}
PARTS = KINDS | {"title", "byline", "agency", "published", "lead", "lead_prefix", "source_line", "event_line", "noise"}

each_seed = pytest.mark.parametrize("seed", load(), ids=lambda seed: seed.name)


def test_the_seeds_are_the_files_in_the_repository_byte_for_byte() -> None:
    files = sorted(SEEDS.glob("*.txt"))
    assert [sha256(path.read_bytes()).hexdigest() for path in files] == [seed.sha256 for seed in load()]
    assert [path.read_bytes() for path in files] == [seed.text.encode() for seed in load()]


@each_seed
def test_the_files_are_nfc_so_that_spans_count_the_same_before_and_after(seed: Seed) -> None:
    assert unicodedata.is_normalized("NFC", seed.text)


@each_seed
def test_every_character_that_is_not_white_space_belongs_to_exactly_one_span(seed: Seed) -> None:
    owners = [0] * len(seed.text)
    for span in seed.spans:
        if span.part != "lead_prefix":
            for at in range(span.start, span.end):
                owners[at] += 1
    astray = [
        (at, character)
        for at, character in enumerate(seed.text)
        if owners[at] > 1 or (owners[at] == 0 and not character.isspace())
    ]
    assert astray == []


@each_seed
def test_spans_are_trimmed_stand_in_the_file_and_name_known_parts(seed: Seed) -> None:
    for span in seed.spans:
        text = seed.text[span.start : span.end]
        assert 0 <= span.start < span.end <= len(seed.text)
        assert span.part in PARTS
        assert text == text.strip() or span.part == "lead_prefix"


@each_seed
def test_the_lead_prefix_begins_the_lead(seed: Seed) -> None:
    assert seed.article.lead.startswith(seed.article.lead_prefix)


def test_titles_bylines_and_source_lines_are_those_of_the_pages() -> None:
    said = [(seed.article.title[:21], seed.article.byline, seed.article.source_line) for seed in load()]
    assert said == [
        ("Phản ứng của Nga về đ", ("Minh Phương",), "Theo RT"),
        ("Kết quả đàm phán căng", ("Khánh Minh",), ""),
        ("Ngoại trưởng Nga, Mỹ ", (), ""),
        ("Nga tiết lộ khả năng ", ("Ngọc Vân",), ""),
        ("Nga nhận định có cơ h", (), "(TTXVN/Vietnam+)"),
    ]


def test_blocks_of_each_kind_are_counted_as_read_by_eye() -> None:
    kinds = [[block.kind for block in seed.article.blocks] for seed in load()]
    counts = [(k.count(Kind.PARAGRAPH), k.count(Kind.CAPTION), k.count(Kind.SUBHEAD)) for k in kinds]
    assert counts == [(9, 1, 0), (15, 2, 2), (7, 1, 0), (18, 1, 0), (9, 1, 0)]


def test_a_caption_above_the_title_is_the_first_block() -> None:
    assert load()[1].article.blocks[0].text == "Nga và NATO đàm phán an ninh hôm 12.1. Ảnh: Sputnik"


def test_glued_alt_text_is_cut_from_the_caption_in_the_same_line() -> None:
    seed = load()[4]
    assert seed.article.blocks[0].text.startswith("Ông Konstantin Gavrilov, trưởng đoàn")
    assert any(line.endswith("ảnh 1") for line in seed.noise)


def test_the_third_seed_holds_a_second_article_and_the_head_of_a_third() -> None:
    second, third = load()[2].article.contained
    assert second.title == "Nga hối thúc phương Tây phản hồi rõ ràng về đề xuất an ninh"
    assert [block.kind for block in second.blocks] == [Kind.CAPTION] + [Kind.PARAGRAPH] * 5
    assert third.title == 'Ông Putin cảnh báo Nga sẽ đáp trả nếu NATO vượt "lằn ranh đỏ"'
    assert third.lead.startswith("Tổng thống Nga Vladimir Putin tuyên bố") and third.lead.endswith('"lằn ranh đỏ".')


def test_noise_holds_menus_sign_offs_repeats_and_boxes() -> None:
    noise = [set(seed.noise) for seed in load()]
    assert {"1. Dòng sự kiện:", "Thông tin doanh nghiệp - sản phẩm"} <= noise[0]
    assert {"MỚI NHẤT", "Tin mới nhất", "Gợi ý dành cho bạn"} <= noise[1]
    assert noise[2] == {"Video đang HOT"}
    assert {"Ngọc Vân", "TIN LIÊN QUAN", "Song Minh |"} <= noise[3]
    assert {"[Lãnh đạo Nga, Mỹ cam kết sẽ tiếp tục đối thoại và gặp lại]", "Tin cùng chuyên mục"} <= noise[4]


def test_only_the_time_that_a_page_prints_is_given_to_the_minute() -> None:
    assert [seed.published for seed in load()] == [None, datetime(2022, 1, 13, 0, 53, tzinfo=UTC), None, None, None]
    assert [seed.date for seed in load()] == ["2022-12", "", "2022-01-21", "2022-10", "2021-12"]


def test_the_command_prints_all_five_as_json() -> None:
    answer = json.loads(CliRunner().invoke(command, ["--json"]).stdout)
    assert [row["outlet"] for row in answer] == [seed.outlet for seed in load()]
    assert answer[1]["published"] == "2022-01-13T00:53:00+00:00"
    assert answer[0]["blocks"][0]["kind"] == "caption"
    assert [part["title"] for part in answer[2]["contained"]] == [part.title for part in load()[2].article.contained]
    assert answer[4]["noise"] == list(load()[4].noise)


def test_the_command_shows_one_seed_and_refuses_a_sixth() -> None:
    shown = CliRunner().invoke(command, ["3"])
    assert shown.exit_code == 0
    assert "Ngọc Vân" in shown.stdout and "TIN LIÊN QUAN" in shown.stdout
    assert CliRunner().invoke(command, ["5"]).exit_code == 2
