"""Who we say we are comes from the machine's configuration, and cannot break a header."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.errors import UsageProblem
from crawler.contact import contact, user_agent


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ARCHIVE_CONTACT", raising=False)
    return tmp_path


def test_without_a_contact_none_is_made_up(here: Path) -> None:
    assert contact() == ""
    assert user_agent("").startswith("luuchieu/")
    assert "(" not in user_agent("")


def test_it_comes_from_the_file_and_the_environment_goes_first(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "archive.toml").write_text('contact = "https://bao.example/bot"\n', encoding="utf-8")
    assert contact() == "https://bao.example/bot"
    monkeypatch.setenv("ARCHIVE_CONTACT", "me@bao.example")
    assert contact() == "me@bao.example"


def test_it_cannot_add_a_header(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHIVE_CONTACT", "me@bao.example\r\nX-Evil: 1\u202e")
    assert contact() == "me@bao.example X-Evil: 1"


@pytest.mark.parametrize("text", ["contact = ", "contact = 3\n"])
def test_a_file_that_cannot_be_read_is_named(here: Path, text: str) -> None:
    (here / "archive.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageProblem, match=r"archive\.toml"):
        contact()
