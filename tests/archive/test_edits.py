"""Edits: how much changed, of what type, how long after publication, and whether the page admits it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from archive.cli import archive
from tests.archive.builds import NOON, article, file, filing

pytestmark = pytest.mark.usefixtures("database")

OLD = "Vụ việc làm 12 người bị thương ở xã Tả Sín.|Công an đang điều tra nguyên nhân của vụ việc này."
SINCE = ("edits", "--since", "2026-11-01")


def put(folder: Path, document: str, *states: dict[str, Any]) -> None:
    """File states of a document, an hour apart, published half an hour before the first was seen."""
    with filing(folder) as at:
        for hour, state in enumerate(states):
            known = {"published": NOON - timedelta(minutes=30), "modified": NOON - timedelta(minutes=30)}
            text = article(state.pop("text", OLD), **(known | state))
            url = f"https://dantri.com.vn/{document}.htm"
            file(at, text, after=timedelta(hours=hour), document=f"dantri:{document}", url=url)


def ask(folder: Path, *words: str, code: int = 0) -> Any:
    done = CliRunner().invoke(archive, [*SINCE, *words, "--json", "--archive", str(folder)])
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


def test_a_silent_edit_is_told_from_one_that_the_page_admits(tmp_path: Path) -> None:
    changed = OLD.replace("12", "21")
    put(tmp_path, "1", {}, {"text": changed})
    put(tmp_path, "2", {}, {"text": changed, "modified": NOON + timedelta(minutes=40)})
    put(tmp_path, "3", {}, {"text": changed + "|Đính chính: bản trước ghi sai số người bị thương."})
    found = {one["document"]: one for one in ask(tmp_path)}
    assert [found[f"dantri:{n}"]["admitted_by"] for n in (1, 2, 3)] == [None, "modified", "note"]
    assert [one["document"] for one in ask(tmp_path, "--silent")] == ["dantri:1"]
    assert found["dantri:1"]["types"] == {"number": 1}
    assert found["dantri:1"]["minutes_after_publication"] == [30, 90]
    assert 0 < found["dantri:1"]["share"] < 0.1


def test_the_most_telling_come_first(tmp_path: Path) -> None:
    put(tmp_path, "1", {}, {"text": OLD.replace("đang điều tra", "hiện đang làm rõ")})
    put(tmp_path, "2", {}, {"text": OLD.replace("12", "21"), "modified": NOON + timedelta(minutes=40)})
    put(tmp_path, "3", {}, {"text": OLD.replace("12", "21")})
    assert [one["document"] for one in ask(tmp_path)] == ["dantri:3", "dantri:2", "dantri:1"]
    assert [one["document"] for one in ask(tmp_path, "--type", "number")] == ["dantri:3", "dantri:2"]


def test_typography_and_what_was_seen_before_are_left_out(tmp_path: Path) -> None:
    put(tmp_path, "1", {}, {"text": OLD.replace(".|", "|")})
    assert ask(tmp_path, code=1) == []
    put(tmp_path, "2", {}, {"text": OLD.replace("12", "21")})
    assert len(ask(tmp_path, "--outlet", "dantri")) == 1
    assert ask(tmp_path, "--outlet", "laodong", code=1) == []
    assert ask(tmp_path, "--since", "2026-11-21", code=1) == []


def test_an_unknown_type_is_refused_in_one_line(tmp_path: Path) -> None:
    done = CliRunner().invoke(archive, [*SINCE, "--type", "numbr", "--archive", str(tmp_path)])
    assert done.exit_code != 0 and "numbr" in str(done.exception)
