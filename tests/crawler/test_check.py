"""`crawl check` and `crawl outlets` as a user runs them."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from crawler.cli import crawl
from pipeline.outlet import load_outlets
from tests.outlets.test_cases import CASES, read_case

CASE = next(folder for folder in CASES if folder.name == "2026-ca-phe")
PAGE = str(CASE / "page.html")


def run(*words: str, given: bytes | None = None) -> Result:
    return CliRunner().invoke(crawl, ["check", *words], input=given)


def test_json_holds_what_is_documented() -> None:
    result = run("dantri", PAGE, "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == 0
    expected = {"outlet": "dantri", "url": read_case(CASE)["url"], "outcome": "ok", "template": "dantri/2026"}
    assert {key: told[key] for key in expected} == expected
    assert told["article"] == json.loads((CASE / "article.json").read_text("utf-8"))
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
