import json
import re
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.change import Diff, to_json
from archive.commands.diff import command, read_range
from archive.diff import diff
from archive.diffview import coloured, unified
from archive.seeds import load
from archive.seedtext import parts
from archive.sentences import sentences, words
from archive.values import Article, Block, Kind
from tests.archive.builds import NAME, article, file, filing

LEAD = "(Thử) - Sáng 20/11, bão số 9 đổ bộ vào Huế khiến 12 người bị thương."
BODY = (
    "Theo ông Trần Văn An, gió giật cấp 12 làm tốc mái 1.500 ngôi nhà. Hai xã ven biển mất điện từ tháng 10.",
    "“Chúng tôi đã sơ tán người dân từ hôm trước”, ông An nói với phóng viên Reuters. Nước rút chậm.",
    "Đường sắt qua đèo Hải Vân vẫn chạy. Trường học đóng cửa đến hết tuần. Chợ họp lại vào chiều nay.",
)
BASE = Article(
    title="Bão số 9 vào Huế",
    byline=("Lê Bình",),
    lead=LEAD,
    blocks=(
        Block(kind=Kind.CAPTION, text="Sóng lớn ở Thuận An. Ảnh: TTXVN"),
        *(Block(kind=Kind.PARAGRAPH, text=text) for text in BODY),
    ),
    source_line="Theo Reuters",
)


def edited(old: str, new: str) -> Article:
    """Give BASE with a text exchanged wherever it stands."""
    blocks = tuple(replace(block, text=block.text.replace(old, new)) for block in BASE.blocks)
    byline = tuple(name.replace(old, new) for name in BASE.byline)
    return replace(
        BASE,
        title=BASE.title.replace(old, new),
        byline=byline,
        lead=BASE.lead.replace(old, new),
        blocks=blocks,
        source_line=BASE.source_line.replace(old, new),
    )


@pytest.mark.parametrize(
    ("old", "new", "kind", "where", "was", "now"),
    [
        ("1.500 ngôi", "15.000 ngôi", "number", "body", "1.500", "15.000"),
        ("12 người", "21 người", "number", "lead", "12", "21"),
        ("Hai xã", "Ba xã", "number", "body", "Hai", "Ba"),
        ("20/11", "21/11", "date", "lead", "20/11", "21/11"),
        ("tháng 10", "tháng 9", "date", "body", "10", "9"),
        ("chiều nay", "sáng mai", "date", "body", "chiều nay", "sáng mai"),
        ("Trần Văn An", "Trần Văn Anh", "name", "body", "An", "Anh"),
        ("viên Reuters", "viên AFP", "name", "body", "Reuters", "AFP"),
        ("sơ tán người dân", "di dời người dân", "quotation", "body", "sơ tán", "di dời"),
        ("Sóng lớn", "Biển động", "caption", "caption", "Sóng lớn", "Biển động"),
        ("Lê Bình", "Lê Minh", "byline", "byline", "Bình", "Minh"),
        ("vào Huế", "đổ bộ ở Huế", "headline", "title", "vào", "đổ bộ ở"),
        ("đổ bộ vào", "quét qua", "lead", "lead", "đổ bộ vào", "quét qua"),
        ("đóng cửa", "nghỉ", "other", "body", "đóng cửa", "nghỉ"),
        ("Nước rút chậm.", "Nước rút, chậm.", "typography", "body", "", ","),
        ("“Chúng", '"Chúng', "typography", "body", "“", '"'),
        ("Huế khiến", "Huế  - khiến", "typography", "lead", "", "-"),
    ],
)
def test_one_edit_is_found_where_it_is_and_typed(old: str, new: str, kind: str, where: str, was: str, now: str) -> None:
    first = diff(BASE, edited(old, new)).changes[0]
    assert (first.type, first.where, first.old, first.new) == (kind, where, was, now)


def test_a_change_of_distance_only_is_typography() -> None:
    found = diff(Article(title="Đàm phán Nga-Mỹ"), Article(title="Đàm phán Nga - Mỹ")).changes
    assert [(change.type, change.old, change.new) for change in found] == [("typography", "Nga-", "Nga -")]


def test_a_moved_sentence_is_moved_and_nothing_else() -> None:
    sentence = "Trường học đóng cửa đến hết tuần."
    there = edited(f" {sentence}", "")
    moved = replace(there, lead=f"{there.lead} {sentence}")
    assert [(c.op, c.where, c.old) for c in diff(BASE, moved).changes] == [("moved", "lead", sentence)]


def test_a_paragraph_moved_up_moves_all_its_sentences_or_those_it_passed() -> None:
    first, *rest = BASE.blocks
    turned = replace(BASE, blocks=(first, rest[2], rest[0], rest[1]))
    assert {change.op for change in diff(BASE, turned).changes} == {"moved"}


def test_what_moves_is_the_shorter_of_two_that_changed_places() -> None:
    first, second, third = BASE.blocks[1:]
    old = replace(BASE, blocks=(replace(first, text="Chợ họp lại."), second, third))
    new = edited("12 người", "21 người")
    new = replace(new, blocks=(second, replace(first, text="Chợ họp lại."), third))
    assert [(c.op, c.new) for c in diff(old, new).changes] == [("replaced", "21"), ("moved", "Chợ họp lại.")]


def test_added_and_removed_sentences_are_whole() -> None:
    added = diff(BASE, edited("Nước rút chậm.", "Nước rút chậm. Không có ai mất tích.")).changes
    assert [(c.op, c.new) for c in added] == [("added", "Không có ai mất tích.")]
    removed = diff(BASE, edited(" Nước rút chậm.", "")).changes
    assert [(c.op, c.old) for c in removed] == [("removed", "Nước rút chậm.")]


def test_a_paragraph_cut_in_two_is_said_though_no_word_changed() -> None:
    halves = (BODY[0], *sentences(BODY[1]), BODY[2])
    blocks = (BASE.blocks[0], *(Block(kind=Kind.PARAGRAPH, text=text) for text in halves))
    assert [(c.op, c.type) for c in diff(BASE, replace(BASE, blocks=blocks)).changes] == [("split", "typography")]


def test_a_block_of_another_kind_is_said() -> None:
    blocks = (*BASE.blocks[:3], replace(BASE.blocks[3], kind=Kind.QUOTE))
    assert {c.op for c in diff(BASE, replace(BASE, blocks=blocks)).changes} == {"recast"}


texts = st.lists(
    st.sampled_from(
        ["Nga nói.", "Có 12,5% người.", "Ngày 21/1/2022, ", "“Không", "có”. ", "1.500", "x", " ", "Mỹ - EU"]
    ),
    max_size=8,
).map(" ".join)
articles = st.builds(
    Article,
    title=texts,
    lead=texts,
    blocks=st.lists(st.builds(Block, kind=st.sampled_from(Kind), text=texts), max_size=4).map(tuple),
    source_line=texts,
)


@given(articles)
def test_an_article_does_not_differ_from_itself(one: Article) -> None:
    assert diff(one, one).changes == ()


@given(articles, articles)
def test_rows_hold_both_texts_whole_and_no_word_is_split(old: Article, new: Article) -> None:
    for row in diff(old, new).rows:
        if row.segments:
            assert "".join(segment[0] for segment in row.segments) == row.old
            assert "".join(segment[1] for segment in row.segments) == row.new
        for change in row.changes:
            for part, whole in ((change.old, change.old_sentence), (change.new, change.new_sentence)):
                said = [word.text for word in words(whole)]
                assert all(word.text in said for word in words(part))


@given(articles, articles)
def test_a_diff_is_empty_exactly_when_the_parts_are_equal(old: Article, new: Article) -> None:
    assert bool(diff(old, new).changes) == (parts(old) != parts(new))


def in_context(found: Diff) -> list[str]:
    return list(unified(found, "a", "b"))


def test_unified_lines_show_the_change_and_count_sentences() -> None:
    lines = in_context(diff(BASE, edited("12 người", "21 người")))
    assert lines[:2] == ["--- a", "+++ b"]
    assert re.match(r"@@ -\d+,3 \+\d+,3 @@ lead$", lines[2])
    assert [line[0] for line in lines[3:]] == [" ", "-", "+", " "]


def test_coloured_lines_strike_what_went_and_keep_no_escape_of_the_page() -> None:
    hostile = replace(BASE, title="Bão\x1b[31m số 9 vào \u202eHuế")
    shown = "\n".join(line.plain for line in coloured(diff(BASE, hostile)))
    assert "\x1b" not in shown and "\u202e" not in shown


def test_json_counts_types_and_sentences() -> None:
    told = to_json(diff(BASE, edited("12 người", "21 người")))
    assert told["types"] == {"number": 1}
    assert told["sentences"]["changed"] == 1
    assert json.loads(json.dumps(told)) == told


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a " * 100_000, "a " * 99_999 + "b"),
        ("A1. " * 50_000, "B1. " * 50_000),
        ('"' * 200_000, "“" * 200_000),
        ("!?" * 100_000, "?!" * 100_000),
        (" ".join(map(str, range(35_000))), " ".join(map(str, range(35_000, 0, -1)))),
        (" ".join(f"Câu {at} nói gì." for at in range(2_900)), " ".join(f"Câu {at} đáp lại." for at in range(2_900))),
    ],
    ids=["one word", "short sentences", "quotes", "marks", "numbers", "alike sentences"],
)
def test_hostile_texts_do_not_hold_up_the_diff(old: str, new: str) -> None:
    began = time.process_time()
    diff(*(Article(title="Tin", blocks=(Block(kind=Kind.PARAGRAPH, text=text),)) for text in (old, new)))
    assert time.process_time() - began < 3, "a second on a quiet machine"


def test_tens_of_thousands_of_tiny_blocks_do_not_hold_up_the_diff() -> None:
    began = time.process_time()
    diff(*(Article(title="T", blocks=(Block(kind=Kind.PARAGRAPH, text=text),) * 50_000) for text in ("Một.", "Hai.")))
    assert time.process_time() - began < 3


@settings(deadline=None)
@given(st.text(alphabet='aA1. ,"“”!?/-\n', max_size=300), st.text(alphabet='aA1. ,"“”!?/-\n', max_size=300))
def test_no_text_makes_the_diff_fail(old: str, new: str) -> None:
    to_json(diff(Article(title=old, lead=new), Article(title=new, lead=old)))


def test_the_seeds_differ_from_each_other_without_shared_sentences() -> None:
    found = diff(load()[0].article, load()[3].article)
    assert [row.where for row in found.rows if row.op in {"equal", "moved"}] == []


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive")
    with filing(path) as at:
        for minute, count in enumerate((12, 21, 25)):
            text = f"Bão số 9 mạnh cấp 12.|Có {count} người bị thương ở Huế."
            file(at, article(text), after=timedelta(minutes=20 * minute))
    return path


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(command, [*words, "--archive", str(folder)])


def test_the_command_compares_the_latest_two_versions_and_exits_0(folder: Path) -> None:
    done = run(folder, NAME)
    assert done.exit_code == 0
    assert f"--- {NAME}@2" in done.stdout and f"+++ {NAME}@3" in done.stdout
    assert "-Có 21 người bị thương ở Huế." in done.stdout


def test_the_command_reads_ranges_and_answers_in_json(folder: Path) -> None:
    told = json.loads(run(folder, NAME, "1..3", "--json").stdout)
    assert (told["document"], told["old"]["version"], told["new"]["version"]) == (NAME, 1, 3)
    assert [(c["type"], c["where"], c["old"], c["new"]) for c in told["changes"]] == [("number", "body", "12", "25")]


def test_exit_code_is_1_for_a_difference_only_when_asked(folder: Path) -> None:
    assert run(folder, NAME, "1..2", "--exit-code").exit_code == 1
    assert run(folder, NAME, "2..2", "--exit-code").exit_code == 0
    assert "no difference" in run(folder, NAME, "2..2").stderr


def test_a_wrong_range_is_refused_with_what_is_accepted(folder: Path) -> None:
    refused = run(folder, NAME, "x..y")
    assert refused.exit_code == 2
    assert "no range of versions" in refused.stderr


def test_ranges_may_be_open() -> None:
    assert [read_range(text, [1]) for text in ("", "1..1")] == [(1, 1), (1, 1)]
