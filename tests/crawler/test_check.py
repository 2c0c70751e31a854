"""`crawl check` and `crawl outlets` as a user runs them."""

import json
from dataclasses import replace
from pathlib import Path

from click.testing import CliRunner, Result

from crawler.cli import crawl
from pipeline.case import load_case
from pipeline.outlet import load_outlets
from tests.outlets.test_cases import CASES

CASE = next(folder for folder in CASES if folder.name == "2026-ca-phe")
PAGE = str(CASE / "page.html")


def run(*words: str, given: bytes | None = None) -> Result:
    return CliRunner().invoke(crawl, ["check", *words], input=given)


def test_json_holds_what_is_documented() -> None:
    result = run("dantri", PAGE, "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == 0
    expected = {"outlet": "dantri", "url": load_case(CASE).url, "outcome": "ok", "template": "dantri/2026"}
    assert {key: told[key] for key in expected} == expected
    stated = load_case(CASE).article or {}
    plain = [name for name in stated if name not in ("blocks", "images")]
    assert {name: told["article"][name] for name in plain} == {name: stated[name] for name in plain}
    assert [(block["kind"], block["text"]) for block in told["article"]["blocks"]] == [
        (block["kind"], block["text"]) for block in stated["blocks"]
    ]
    assert told["text"].startswith(told["article"]["title"] + "\n\nQuốc Huy\n\n(Dân trí) - ")
    assert (told["missing"], type(told["elapsed_ms"])) == ([], int)
    assert sum(told["counts"].values()) == len(told["article"]["blocks"])


def test_a_page_comes_from_stdin_and_finds_its_outlet() -> None:
    result = run("auto", "-", "--json", given=Path(PAGE).read_bytes())
    assert json.loads(result.stdout)["outlet"] == "dantri"


def test_the_report_and_the_text_are_readable() -> None:
    report = run("dantri", PAGE)
    assert "template  dantri/2026" in report.stdout
    assert "byline    Quốc Huy" in report.stdout
    text = run("dantri", PAGE, "--text").stdout
    assert text.splitlines()[0] == "Giá cà phê chạm mốc mới"


def test_the_report_tells_under_which_name_a_page_would_be_archived() -> None:
    def document(*words: str) -> str:
        lines = run("dantri", PAGE, *words).stdout.splitlines()
        return next(line.removeprefix("document  ") for line in lines if line.startswith("document"))

    assert document().startswith("dantri:2026")
    assert document("--url", "https://dantri.com.vn/kinh-doanh.htm").startswith("none: the pattern `article`")
    assert document("--url", "https://songhuong.example.vn/a-1.html").startswith("none: the address is on none")


def test_a_page_that_is_not_ok_exits_8() -> None:
    gate = next(folder for folder in CASES if folder.name == "cua-d1n") / "page.html"
    result = run("laodong", str(gate), "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["outcome"], told["article"]) == (8, "gated", None)


def test_mistakes_are_told_with_exit_2() -> None:
    unknown = run("dantry", PAGE)
    assert (unknown.exit_code, "Did you mean dantri?" in unknown.stderr) == (2, True)
    missing = run("dantri", "nowhere.html")
    assert (missing.exit_code, "cannot read 'nowhere.html'" in missing.stderr) == (2, True)
    unaddressed = run("auto", "-", given=b"<p>x</p>")
    assert (unaddressed.exit_code, "--url" in unaddressed.stderr) == (2, True)


def test_outlets_are_listed_with_feeds_eras_and_the_unverified_mark() -> None:
    shown = CliRunner().invoke(crawl, ["outlets"]).stdout
    listed = json.loads(CliRunner().invoke(crawl, ["outlets", "--json"]).stdout)
    assert [outlet["name"] for outlet in listed] == list(load_outlets())
    assert all(outlet["feeds"] and outlet["eras"] for outlet in listed)
    assert "vietgiaitri" in shown
    assert "unverified" in shown


def test_a_case_is_written_and_then_holds(tmp_path: Path) -> None:
    saved = tmp_path / "dantri" / "moi"
    assert run("dantri", PAGE, "--save-case", str(saved)).exit_code == 0
    assert replace(load_case(saved), article=None) == replace(load_case(CASE), article=None)
    assert (load_case(saved).article or {})["title"] == "Giá cà phê chạm mốc mới"
    result = run("--against", str(saved))
    assert (result.exit_code, result.stdout) == (0, "as the case says\n")
    again = run("dantri", PAGE, "--save-case", str(saved))
    assert (again.exit_code, "there is a case in" in str(again.exception)) == (1, True)


def test_what_is_read_otherwise_than_a_case_says_is_told_with_exit_8() -> None:
    page = Path(PAGE).read_text("utf-8")
    changed = page.replace("<h3>Vì sao tăng nhanh?</h3>", "").replace("Quốc Huy</a>", "Quốc Hưng</a>")
    changed = changed.replace('"name":"Quốc Huy"', '"name":"Quốc Hưng"').replace("không ôm hàng", "không găm hàng")
    result = run("dantri", "-", "--against", str(CASE), "--json", given=changed.encode())
    told = json.loads(result.stdout)["against"]
    assert result.exit_code == 8
    parts = {change["part"]: (change["expected"], change["found"]) for change in told}
    assert parts["byline"] == (["Quốc Huy"], ["Quốc Hưng"])
    assert parts["block 2"] == ({"kind": "subhead", "text": "Vì sao tăng nhanh?"}, None)
    assert "găm hàng" in parts["block 7"][1]["text"]
    assert parts.keys() <= {"byline", "byline_raw", "block 2", "block 7", "images"}
    shown = run("dantri", "-", "--against", str(CASE), given=changed.encode()).stdout
    assert "block 2\n  case  subhead: Vì sao tăng nhanh?\n  now   (nothing)\n" in shown


def test_a_broken_case_is_told_with_the_file(tmp_path: Path) -> None:
    none = run("--against", str(tmp_path / "none"))
    assert "case.toml" in str(none.exception)
    (tmp_path / "case.toml").write_text("outlet = 1", "utf-8")
    assert "is no case" in str(run("--against", str(tmp_path)).exception)
    assert run().exit_code == 2
