"""What a search finds, in which order, and what the command prints of it."""

from __future__ import annotations

import doctest
import json
import os
import pty
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import index
from archive.folder import Folder
from archive.housestyle import house_styles
from archive.search import Hits, Manner, search
from tests.archive.builds import article, file, filing

pytestmark = pytest.mark.usefixtures("module_database")

HOUR = timedelta(hours=1)
HOSTILE = "\x1b]52;c;ZXZpbA==\x07Tin\u202e [bold]lạ[/bold] [link=http://evil.example]x[/link]"
# outlet, id, title, lead, text
ARTICLES = [
    ("dantri", "1", "Nga và Ukraine đàm phán", "(Dân trí) - Hai bên gặp nhau.", "Cuộc gặp kéo dài.|Kết quả chưa rõ."),
    ("dantri", "2", "Giá đạm tăng", "Phân bón đắt lên.", "Nhà nông nói đến phân đạm, không ai đàm luận gì."),
    ("laodong", "3", "Nghị trường họp", "Nhiều ý kiến.", "Các đại biểu đảm bảo rằng cuộc đàm phán sẽ mở lại."),
    ("laodong", "4", "Lũ ở miền Trung", "Mưa lớn.", "Nước dâng 12,5% ở Hòa Vang; 1.500.000 người ở TP.HCM ủng hộ."),
    ("tuoitre.vn", "5", "Covid-19 ngày 12/1/2022", "Số ca giảm.", "Tp. HCM ghi nhận 21 ca, Thuý nói."),
    ("vov", "6", HOSTILE, "Bài có tên lạ.", "Một đoạn bình thường về đường sắt."),
]


@pytest.fixture(scope="module")
def folder(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive")
    for at, (outlet, number, title, lead, text) in enumerate(ARTICLES):
        with filing(path, outlet) as filer:
            published = datetime(2026, 11, 1 + at, 3, tzinfo=UTC)
            content = article(text, title=title, lead=lead, published=published)
            address = f"https://{outlet}/{number}.htm"
            file(filer, content, document=f"{outlet}:{number}", url=address, after=at * HOUR)
            if number == "2":
                later = article("Nhà nông chỉ nói về giá.", title=title, lead=lead, published=published)
                file(filer, later, document=f"{outlet}:{number}", url=address, after=30 * HOUR)
    with Folder.open(path) as opened:
        index.catch_up(opened)
    return path


def names(found: Hits) -> list[str]:
    return [hit.document.split(":")[1] for hit in found.hits]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("đàm phán", "1 3"),
        ("dam phan", "1 2 3"),
        ('"dam phan"', "1 3"),
        ('"đàm phan"', "1 3"),
        ('"đạm phan"', "1 3"),
        ("đạm", "2"),
        ("đảm*", "3"),
        ("dam*", "1 2 3"),
        ("title:dam", "1 2"),
        ("dam -title:gia", "1 3"),
        ("-dam", "4 5 6"),
        ("lũ OR covid", "4 5"),
        ("outlet:laodong", "3 4"),
        ('outlet:"Lao động" đàm', "3"),
        ("outlet:tuoitre", "5"),
        ("outlet:tuoitre.vn", "5"),
        ("tphcm", "4 5"),
        ("TP.HCM -ca", "4"),
        ("12,5%", "4"),
        ("12,5", "4"),
        ("1.500.000", "4"),
        ("1500000", ""),
        ("12/1", "5"),
        ("12/01/2022", "5"),
        ("12/2/2022", ""),
        ("covid-19", "5"),
        ("hoà vang thúy OR 12,5%", "4"),
        ("Đươ\u0300ng să\u0301t", "6"),
        ("duong sat", "6"),
        ('"rõ hai"', ""),
        ('"keo dai ket qua"', ""),
        ("", ""),
        ("xyz", ""),
        ("-", ""),
    ],
)
def test_a_query_finds_these(folder: Path, query: str, expected: str) -> None:
    assert sorted(names(search(folder / "index", query))) == expected.split()
    assert search(folder / "index", query, limit=1).total == len(expected.split())


def test_title_counts_more_than_text_and_words_side_by_side_more_than_apart(folder: Path) -> None:
    assert names(search(folder / "index", "dam phan")) == ["1", "3", "2"]
    assert names(search(folder / "index", "dam phan", limit=1)) == ["1"]


def test_one_hit_per_document_in_its_latest_version_that_matches(folder: Path) -> None:
    both = search(folder / "index", "nha nong")
    assert [(hit.document, hit.version) for hit in both.hits] == [("dantri:2", 2)]
    old = search(folder / "index", "luận")
    assert [(hit.version, old.total) for hit in old.hits] == [(1, 1)]


def test_times_and_outlets_narrow(folder: Path) -> None:
    since, until = datetime(2026, 11, 2, tzinfo=UTC), datetime(2026, 11, 4, tzinfo=UTC)
    assert sorted(names(search(folder / "index", "-xyz", since=since, until=until))) == ["2", "3"]
    assert names(search(folder / "index", "đàm", until=since)) == ["1"]
    assert sorted(names(search(folder / "index", "dam", outlets=["dantri", "vov"]))) == ["1", "2"]
    assert search(folder / "index", "dam", outlets=["xyz"]).total == 0


def test_a_hit_shows_what_was_filed(folder: Path) -> None:
    hit = search(folder / "index", "keo dai").hits[0]
    assert (hit.document, hit.version, hit.outlet) == ("dantri:1", 1, "dantri")
    assert (hit.url, hit.title) == ("https://dantri/1.htm", "Nga và Ukraine đàm phán")
    assert hit.published == datetime(2026, 11, 1, 3, tzinfo=UTC)
    assert [hit.snippet[start:end] for start, end in hit.marks] == ["kéo", "dài"]


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=60), st.text(alphabet='đaàm ph"-*:()OR|.,/%1 title', max_size=40)))
def test_no_query_is_an_error(folder: Path, query: str) -> None:
    found = search(folder / "index", query)
    assert len(found.hits) == found.total


def archive(folder: Path, *words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "archive", "search", *words, "--archive", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


def test_the_command_prints_title_outlet_date_and_the_words_marked(folder: Path) -> None:
    printed = archive(folder, "dai", "bieu").stdout.splitlines()
    assert printed[0] == "Nghị trường họp"
    assert printed[1] == "    laodong · 03/11/2026 10:00 · laodong:3@1"
    assert "Các «đại biểu» đảm bảo" in printed[2]


def test_the_command_prints_json_with_these_keys(folder: Path) -> None:
    answer = json.loads(archive(folder, "dam phan", "--json", "--limit", "1").stdout)
    assert (answer["query"], answer["total"]) == ("dam phan", 3)
    keys = {"document", "version", "outlet", "url", "title", "published", "captured_at", "score", "snippet", "marks"}
    assert keys <= answer["hits"][0].keys()
    assert answer["hits"][0]["published"] == "2026-11-01T03:00:00+00:00"


def test_nothing_found_is_exit_1(folder: Path) -> None:
    assert "nothing found for 'xyz'" in archive(folder, "xyz", code=1).stderr
    answer = json.loads(archive(folder, "xyz", "--json", code=1).stdout)
    assert answer == {"query": "xyz", "total": 0, "folded": False, "variants": [], "hits": []}


def test_what_is_spelled_nowhere_is_found_without_marks_and_said(folder: Path) -> None:
    found = search(folder / "index", "dát", manner=Manner(exact=True))
    assert (found.folded, names(found)) == (True, ["2"])
    assert not search(folder / "index", "đắt").folded
    assert "nothing is spelled 'dát'" in archive(folder, "dát").stderr


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('"gặp ra"~8', ""),
        ('"gặp dài"~1', "1"),
        ('"gap dai"~0', ""),
        ('"dài gặp"~3', "1"),
        ("lead:gặp", "1"),
        ("lead:cuộc", ""),
        ("2022", "5"),
        ("2021", ""),
        ("lũ since:4/11/2026", "4"),
        ("lũ until:4/11/2026", ""),
        ("since:2026-11-05", "5 6"),
        ("since:hôm", ""),
        ("Ucraina", "1"),
        ('"Nga và U-crai-na"', "1"),
        ("Thành phố Hồ Chí Minh", "4 5"),
        ("mien trung lu", "4"),
    ],
)
def test_fields_nearness_times_and_names(folder: Path, query: str, expected: str) -> None:
    assert sorted(names(search(folder / "index", query))) == expected.split()


def test_the_answer_tells_which_names_were_searched_too(folder: Path) -> None:
    found = search(folder / "index", "Ucraina")
    assert found.variants[0][:2] == ("Ucraina", "Ukraina")
    assert found.hits[0].title_marks == ((7, 14),)
    assert search(folder / "index", "Ucraina", manner=Manner(exact=True)).total == 0
    assert "also searched for Ucraina" in archive(folder, "Ucraina").stderr


def test_newest_first_when_sorted_by_date(folder: Path) -> None:
    assert names(search(folder / "index", "dam", manner=Manner(sort="date"))) == ["3", "2", "1"]


def test_every_version_when_asked(folder: Path) -> None:
    found = search(folder / "index", "nhà nông", manner=Manner(every=True))
    assert (found.total, sorted(hit.version for hit in found.hits)) == (2, [1, 2])


def test_words_with_a_dash_are_not_taken_for_options(folder: Path) -> None:
    assert "laodong:3@1" in archive(folder, "dam", "-hai", "-title:gia", "--outlet", "laodong").stdout
    assert "Usage" in archive(folder, "-h").stdout


@pytest.mark.sqlite_only
def test_bad_options_are_exit_2(folder: Path) -> None:
    assert "is no time" in archive(folder, "x", "--since", "hôm qua", code=2).stderr
    archive(folder, "x", "--limit", "0", code=2)
    assert "no archive" in archive(folder / "none", "x", code=2).stderr


def test_a_search_catches_up_with_what_was_filed_since(folder: Path) -> None:
    with filing(folder, "nhandan") as filer:
        file(filer, article("Cầu vượt biển."), document="nhandan:9", url="https://nhandan/9", after=60 * HOUR)
    assert "nhandan:9@1" in archive(folder, "vượt biển").stdout


@pytest.mark.sqlite_only
def test_a_current_search_imports_no_database(folder: Path) -> None:
    archive(folder, "dam")
    program = (
        "import sys; from archive.cli import archive\n"
        f"try: archive(['search', 'dam', '--archive', {str(folder)!r}])\n"
        "except SystemExit: pass\n"
        "print([m for m in ('sqlalchemy', 'scrapy', 'trafilatura', 'numpy', 'rich', 'lxml') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_terminal_gets_bold_words_and_nothing_foreign(folder: Path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "archive", "search", "duong sat", "--archive", str(folder)]
    environment = {**os.environ, "TERM": "xterm-256color"}
    environment.pop("NO_COLOR", None)
    with subprocess.Popen(command, stdout=theirs, stderr=subprocess.DEVNULL, env=environment) as child:
        os.close(theirs)
        printed = b""
        try:
            while part := os.read(ours, 65536):
                printed += part
        except OSError:
            pass
        finally:
            os.close(ours)
    assert child.returncode == 0
    text = printed.decode()
    assert "\x1b[1;33mđường sắt\x1b[0m" in text
    assert "[link=http://evil.example]" in text
    assert not any(sign in text for sign in ("\x1b]", "\x07", "\u202e"))


def test_the_page_on_search_is_true() -> None:
    page = Path(__file__).parents[2] / "docs" / "search.md"
    done = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert done.attempted > 12
    assert done.failed == 0


def test_variants_by_outlet_counts_what_each_prints(folder: Path) -> None:
    found = house_styles(folder / "index", [["Ukraina", "Ukraine"]], ["dantri", "laodong"])
    assert found == [{"dantri": {"Ukraine": 1}}]
