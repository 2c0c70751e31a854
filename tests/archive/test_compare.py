import json
from dataclasses import replace
from datetime import timedelta
from functools import reduce
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.commands.compare import command
from archive.compare import DIFFERENT, SAME_STORY, SAME_SUBJECT, SAME_TEXT, compare
from archive.compareview import lines, to_json
from archive.seeds import Seed, load
from archive.seedtext import render
from archive.values import Article, Block, Kind
from tests.archive.builds import NAME, NOON, URL, article, file, filing

each_seed = pytest.mark.parametrize("seed", load(), ids=lambda seed: seed.name)


def exchanged(whole: Article, *pairs: tuple[str, str]) -> Article:
    """Give an article with texts exchanged in title, lead and blocks."""

    def change(text: str) -> str:
        return reduce(lambda done, pair: done.replace(*pair), pairs, text)

    blocks = tuple(replace(block, text=change(block.text)) for block in whole.blocks)
    return replace(whole, title=change(whole.title), lead=change(whole.lead), blocks=blocks)


@each_seed
def test_a_seed_is_an_exact_copy_of_itself(seed: Seed) -> None:
    found = compare(seed.article, load())
    assert (found.nearest.seed, found.nearest.part, found.is_exact) == (seed, 0, True)
    assert (found.verdict, found.conflicts, found.missing, found.new) == (SAME_TEXT, (), (), ())


@each_seed
def test_each_seed_is_of_the_others_subject_only(seed: Seed) -> None:
    others = [other for other in load() if other is not seed]
    assert compare(seed.article, others).verdict == SAME_SUBJECT


@each_seed
def test_half_of_a_seed_is_still_its_text(seed: Seed) -> None:
    half = replace(seed.article, title="Một tên khác", byline=(), blocks=seed.article.blocks[::2])
    found = compare(half, load())
    assert (found.nearest.seed, found.verdict) == (seed, SAME_TEXT)


def test_the_second_article_on_a_page_is_recognised_as_such() -> None:
    second = load()[2].article.contained[0]
    found = compare(second, load())
    assert (found.nearest.seed.number, found.nearest.part, found.verdict) == (2, 1, SAME_TEXT)


def test_another_subject_is_different() -> None:
    other = article(
        "Đội bóng làng Vân thắng 3-1 trên sân nhà.|Cổ động viên hát suốt đêm ở Quảng Ngãi.", title="Bóng đá"
    )
    assert compare(other, load()).verdict == DIFFERENT


def test_a_story_told_anew_with_some_of_its_sentences_is_the_same_story() -> None:
    kept = load()[3].article.blocks[:2]
    own = [
        Block(kind=Kind.PARAGRAPH, text=f"Câu chuyện thứ {at} do người khác kể, dài và không giống.")
        for at in range(30)
    ]
    told = Article(title="Điện Kremlin nói về cuộc gặp", lead="Một bản tin khác hẳn.", blocks=(*kept, *own))
    found = compare(told, load())
    assert (found.nearest.seed.number, found.verdict) == (3, SAME_STORY)
    assert set(found.both()) >= {kept[0].text}


def test_planted_changes_of_number_name_and_date_are_found_and_typed() -> None:
    planted = [
        ("30 đồng minh", "32 đồng minh"),
        ("8 nhà", "18 nhà"),
        ("tháng 11", "tháng 10"),
        ("Lavrov", "Lavrentiev"),
    ]
    found = compare(exchanged(load()[1].article, *planted), load())
    told = [(row.kind, row.seed, row.article) for row in found.conflicts]
    assert sorted(told) == [
        ("date", "11", "10"),
        ("name", "Lavrov", "Lavrentiev"),
        ("number", "30", "32"),
        ("number", "8", "18"),
    ]
    assert found.verdict == SAME_TEXT


def test_what_only_one_side_says_is_told_with_its_facts() -> None:
    seed = load()[4]
    cut = replace(
        seed.article, blocks=(*seed.article.blocks[:-4], Block(kind=Kind.PARAGRAPH, text="Có 77 người tới Paris."))
    )
    told = to_json(compare(cut, [seed]))
    assert told["sentences"]["only_article"] == ["Có 77 người tới Paris."]
    assert any(text.startswith("Ngày 17/12") for text in told["sentences"]["only_seed"])
    assert {"kind": "number", "text": "77"} in told["facts"]["new"]
    assert {"kind": "date", "text": "ngày 17/12"} in told["facts"]["missing"]
    assert json.loads(json.dumps(told)) == told


def test_an_empty_article_is_different_and_does_not_fail() -> None:
    found = compare(Article(title=""), load())
    assert found.verdict == DIFFERENT
    assert "none of the seeds is near" in "\n".join(lines(found, ""))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an archive of two crawls, the second of which filed seed 4 first."""
    path = tmp_path_factory.mktemp("archive")
    with filing(path) as at:
        file(at, article("Bão số 9 mạnh cấp 12."))
    later = timedelta(hours=1)
    with filing(path, now=NOON + later) as at:
        file(at, article("Bão số 9 mạnh cấp 13."), after=later)
        file(at, load()[4].article, after=later, document="dantri:4", url="https://dantri.com.vn/tin-4.htm")
    return path


def run(folder: Path, *words: str, text: str | bytes = "") -> Result:
    return CliRunner().invoke(command, [*words, "--archive", str(folder)], input=text)


def test_new_compares_what_the_last_crawl_filed_first(folder: Path) -> None:
    told = json.loads(run(folder, "--new", "--json").stdout)
    assert [(row["document"], row["seed"]["number"], row["exact"]) for row in told] == [("dantri:4", 4, True)]
    assert "exact copy of seed 4 (vietnamplus)" in run(folder, "--new").stdout


def test_a_document_is_named_by_id_or_address(folder: Path) -> None:
    told = [json.loads(run(folder, name, "--json").stdout) for name in (NAME, URL)]
    assert [(row["document"], row["version"], row["verdict"]) for row in told] == [(NAME, 2, DIFFERENT)] * 2


def test_seed_text_is_read_from_a_file_and_from_standard_input(folder: Path, tmp_path: Path) -> None:
    text = render(load()[0].article)
    path = tmp_path / "text.txt"
    path.write_text(text, encoding="utf-8")
    for told in (run(folder, str(path), "--json"), run(folder, "-", "--json", text=text)):
        assert json.loads(told.stdout)["seed"]["number"] == 0
    assert json.loads(run(folder, "-", "--json", "--seed", "3", text=text).stdout)["verdict"] == SAME_SUBJECT


def test_exit_code_is_1_for_a_difference_only_when_asked(folder: Path) -> None:
    text = render(load()[0].article)
    assert run(folder, "-", "--exit-code", text=text).exit_code == 0
    assert run(folder, "-", "--exit-code", text=text.replace("Nga", "Mỹ")).exit_code == 1
    assert run(folder, "-", text=text.replace("Nga", "Mỹ")).exit_code == 0


def test_no_text_and_two_texts_are_refused(folder: Path) -> None:
    assert run(folder).exit_code == 2
    assert run(folder, NAME, "--new").exit_code == 2


@pytest.mark.parametrize(("data", "said"), [(b"", "is empty"), (b"\xff\xfe", "is not UTF-8")])
def test_what_is_no_seed_text_is_refused_in_one_line(folder: Path, data: bytes, said: str) -> None:
    assert said in str(run(folder, "-", text=data).exception)


def test_a_crawl_without_new_documents_is_told_and_exits_1(tmp_path: Path) -> None:
    with filing(tmp_path / "archive"):
        pass
    empty = run(tmp_path / "archive", "--new")
    assert empty.exit_code == 1
    assert "no new document" in empty.stderr
