"""The machine's facts: file, then environment; a mistake is one line naming where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.config import Config, config
from archive.errors import UsageProblem


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("DIR", "CONTACT", "OUTLETS", "KEEP", "TIMEOUT", "WRITE_WAIT"):
        monkeypatch.delenv(f"ARCHIVE_{name}", raising=False)
    return tmp_path


def test_without_file_and_variables_all_have_defaults() -> None:
    assert config() == Config()


def test_the_environment_is_stronger_than_the_file(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "archive.toml").write_text('contact = "a@b.vn"\nkeep = "all"\ntimeout = 30\narchive = "/srv/press"')
    monkeypatch.setenv("ARCHIVE_CONTACT", "c@d.vn")
    monkeypatch.setenv("ARCHIVE_DIR", "elsewhere")
    assert config() == Config(contact="c@d.vn", keep="all", timeout=30, archive=Path("elsewhere"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kontakt = 'x'", "unknown key 'kontakt'"),
        ("keep = 'some'", 'archive.toml: keep must be "new" or "all"'),
        ("timeout = 'soon'", "whole number of seconds"),
        ("write_wait = -1", "a number of seconds"),
        ("contact = [1]", "contact must be text"),
        ("contact = ", "cannot read archive.toml"),
    ],
)
def test_a_mistake_names_file_key_and_reason(here: Path, text: str, said: str) -> None:
    (here / "archive.toml").write_text(text)
    with pytest.raises(UsageProblem, match=said):
        config()


def test_a_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHIVE_KEEP", "some")
    with pytest.raises(UsageProblem, match="ARCHIVE_KEEP must be"):
        config()
