"""Each case: page in, expected article out (CONTRIBUTING.md tells how to add one)."""

import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive.articlejson import to_json
from archive.values import Capture, Outcome
from pipeline.extract import extract
from pipeline.outlet import load_outlets

CASES = sorted(path.parent for path in Path(__file__).parent.glob("*/*/case.toml"))


def read_case(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "case.toml").read_text("utf-8"))


def capture_of(folder: Path) -> Capture:
    case = read_case(folder)
    return Capture(
        outlet=case["outlet"],
        url=case["url"],
        fetched_at=datetime(2026, 11, 20, tzinfo=UTC),
        outcome=Outcome.OK,
        status=200,
        body=(folder / "page.html").read_bytes(),
    )


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_a_page_gives_exactly_its_article(folder: Path) -> None:
    case = read_case(folder)
    reading = extract(capture_of(folder), load_outlets()[case["outlet"]])
    assert (case["outcome"], case["template"]) == (reading.outcome.value, reading.template), reading.reason
    assert tuple(case.get("missing", ())) == reading.missing
    expected = folder / "article.json"
    given = json.loads(json.dumps(to_json(reading.article))) if reading.article else None
    assert (json.loads(expected.read_text("utf-8")) if expected.exists() else None) == given


def test_every_era_of_every_outlet_has_a_case() -> None:
    eras = {template.name for outlet in load_outlets().values() for template in outlet.templates}
    assert eras <= {read_case(folder)["template"] for folder in CASES}
