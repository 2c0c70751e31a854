"""What reaches a terminal carries nothing that it would obey."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.terminal import out_json, safe

HOSTILE = ["\x1b]52;c;ZXZpbA==\x07", "\x1b[2J", "\u202e", "\u2066", "\x9b31m", "\x7f", "\r", "\u200b", "\ufeff", "\x00"]


@pytest.mark.parametrize("payload", HOSTILE)
def test_hostile_characters_are_stripped(payload: str) -> None:
    assert safe(f"a{payload}b").isprintable()


@given(st.text())
def test_nothing_unprintable_but_line_and_tab_survives(text: str) -> None:
    left = [c for c in safe(text) if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t"]
    assert left == []


def test_vietnamese_passes_unchanged() -> None:
    text = "“Điện Biên Phủ” – Ngoại trưởng Nga: 12,5% (TTXVN/Vietnam+)…"
    assert safe(text) == text


def test_json_stays_whole_and_carries_nothing_that_a_terminal_obeys(capsys: pytest.CaptureFixture[str]) -> None:
    value = {"title": "".join(HOSTILE) + "\ud800\U000e0041 Điện Biên Phủ"}
    out_json(value)
    printed = capsys.readouterr().out
    assert json.loads(printed) == value
    assert safe(printed) == printed
    assert "Điện Biên Phủ" in printed


def test_a_terminal_without_vietnamese_letters_gives_no_traceback() -> None:
    command = [sys.executable, "-m", "archive", "seeds", "4"]
    ascii_only = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run(command, capture_output=True, check=False, env=ascii_only)
    assert (done.returncode, done.stderr) == (0, b"")
