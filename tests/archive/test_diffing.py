"""`archive diff` of any two texts, and what of it is shown; `archive compare` with any references."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from archive.change import only
from archive.commands import compare, diff
from archive.diff import diff as compared
from archive.diffhtml import page
from archive.diffside import side_by_side
from archive.seeds import Seed, load
from archive.seedtext import parse, render
from archive.values import Article
from tests.archive.builds import NAME, article, file, filing

OLD = "Tin bão\n\nLê Minh\n\nCó 12 người bị thương ở Huế ngày 5/1.\n\nÔng Nam nói vậy. Đường sắt vẫn chạy suốt đêm.\n"
NEW = OLD.replace("12 người", "21 người").replace("5/1", "6/1").replace("Ông Nam nói", "Ông Nam khẳng định")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("texts")
    (path / "old.txt").write_text(OLD, encoding="utf-8")
    (path / "new.txt").write_text(NEW, encoding="utf-8")
    with filing(path / "archive") as at:
        file(at, article("Bão số 9 mạnh cấp 12.|Có 12 người bị thương ở Huế."))
        file(at, article("Bão số 9 mạnh cấp 12.|Có 21 người bị thương ở Huế."), after=timedelta(minutes=20))
    return path


def run(commands: ModuleType, place: Path, *words: str) -> Result:
    said = [str(place / word) if word.endswith((".txt", ".html")) else word for word in words]
    return CliRunner().invoke(commands.command, [*said, "--archive", str(place / "archive")])


def test_two_files_are_compared_and_each_change_typed(place: Path) -> None:
    told = json.loads(run(diff, place, "old.txt", "new.txt", "--json").stdout)
    assert [(c["type"], c["old"], c["new"]) for c in told["changes"]] == [
        ("number", "12", "21"),
        ("date", "5/1", "6/1"),
        ("attribution", "nói", "khẳng định"),
    ]
    assert told["old"]["file"].endswith("old.txt")


def test_only_some_types_are_shown_and_a_type_that_is_none_is_refused(place: Path) -> None:
    told = json.loads(run(diff, place, "old.txt", "new.txt", "--json", "--only", "number,name").stdout)
    assert told["types"] == {"number": 1}
    refused = run(diff, place, "old.txt", "new.txt", "--only", "numbers")
    assert refused.exit_code == 2
    assert "no type of change is called numbers" in refused.output


def test_the_counts_alone(place: Path) -> None:
    assert run(diff, place, "old.txt", "new.txt", "--stat").stdout.splitlines() == [
        "3 changes: number 1, date 1, attribution 1",
        "sentences: 3 equal, 2 changed",
    ]


def test_a_version_is_compared_with_another_document_or_file(place: Path) -> None:
    told = json.loads(run(diff, place, f"{NAME}@1", "old.txt", "--json").stdout)
    assert (told["old"]["document"], told["old"]["version"]) == (NAME, 1)
    told = json.loads(run(diff, place, f"{NAME}@1", f"{NAME}@2", "--json").stdout)
    assert [(c["type"], c["old"], c["new"]) for c in told["changes"]] == [("number", "12", "21")]


def test_one_file_alone_is_refused_with_what_is_missing(place: Path) -> None:
    refused = run(diff, place, "old.txt")
    assert refused.exit_code == 2
    assert "name a second text" in refused.output


def test_the_page_shows_both_sides_and_obeys_no_markup_of_the_texts(place: Path) -> None:
    done = run(diff, place, "old.txt", "new.txt", "--html", "diff.html")
    assert (done.exit_code, done.stdout) == (0, "")
    text = (place / "diff.html").read_text(encoding="utf-8")
    assert "<del>12</del>" in text and "<ins>21</ins>" in text and "number</span>" in text
    hostile = "<script>alert(1)</script>\u202e"
    assert "<script" not in page(compared(Article(title=hostile), Article(title="Tin")), hostile, hostile, hostile)


def test_two_columns_hold_both_texts() -> None:
    screen = Console(width=140, record=True, file=StringIO())
    screen.print(side_by_side(compared(parse(OLD), parse(NEW)), "cũ", "mới\x1b[2J"))
    shown = screen.export_text()
    line = next(line for line in shown.splitlines() if "Có 12 người" in line)
    assert "number" in line and "Có 21 người" in line
    assert "\x1b" not in shown


def test_only_leaves_no_sentence_half_told() -> None:
    found = only(compared(parse(OLD), parse(NEW)), {"date"})
    assert [change.type for change in found.changes] == ["date"]
    assert {row.op for row in found.rows} == {"equal", "changed"}


def test_a_folder_of_texts_stands_in_for_the_seeds(place: Path, tmp_path: Path) -> None:
    (tmp_path / "bão.txt").write_text(OLD, encoding="utf-8")
    told = json.loads(run(compare, place, "new.txt", "--json", "--reference", str(tmp_path)).stdout)
    assert (told["verdict"], told["seed"]["name"]) == ("same story", "bão")
    assert [(row["kind"], row["seed"], row["article"]) for row in told["facts"]["conflict"]] == [
        ("number", "12", "21"),
        ("date", "5/1", "6/1"),
    ]
    (tmp_path / "bão.txt").unlink()
    refused = run(compare, place, "new.txt", "--reference", str(tmp_path))
    assert isinstance(refused.exception, ValueError | SystemExit | Exception)
    assert "holds no *.txt file" in str(refused.exception)


def test_new_documents_since_a_time_are_a_report(place: Path) -> None:
    done = run(compare, place, "--new", "--since", "01/01/2020", "--html", "report.html")
    assert (done.exit_code, done.stdout) == (0, "")
    assert NAME in (place / "report.html").read_text(encoding="utf-8")
    assert run(compare, place, "--new", "--since", "01/01/2100").exit_code == 1
    assert run(compare, place, "old.txt", "--since", "1d").exit_code == 2


@pytest.mark.parametrize("seed", load(), ids=lambda seed: seed.name)
def test_house_style_is_no_conflict_and_is_told(seed: Seed, place: Path) -> None:
    text = render(seed.article)
    pairs = [("Ukraine", "Ukraina"), ("Ukraina", "Ukraine"), ("Moscow", "Mátxcơva"), ("Moskva", "Moscow")]
    was, now = next(pair for pair in pairs if pair[0] in text)
    (place / "styled.txt").write_text(text.replace(was, now), encoding="utf-8")
    told = json.loads(run(compare, place, "styled.txt", "--json").stdout)
    assert (told["verdict"], told["facts"]["conflict"], told["facts"]["new"]) == ("same text", [], [])
    assert {"seed": was, "article": now} in told["style"]
