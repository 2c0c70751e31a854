"""Spellings of names: the data file, and queries widened by it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.cli import archive
from archive.query import parse
from archive.variants import groups, widen


def applied(typed: str) -> list[str]:
    """Give the names of a query that are widened, as listed."""
    return [names[0] for names in widen(parse(typed), typed).applied]


def test_there_are_at_least_200_groups_of_different_spellings_and_none_is_in_two() -> None:
    rows = [{tuple(token.text for token in name.row) for name in group} for group in groups()]
    assert len(rows) >= 200
    assert all(len(group) > 1 for group in rows)
    assert max(Counter(row for group in rows for row in group).values()) == 1


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("Matxcova", ["Mátxcơva"]),
        ("đàm phán ở Mát-xcơ-va", ["Mát-xcơ-va"]),
        ("thông tấn xã việt nam đưa tin", ["Thông tấn xã Việt Nam"]),
        ("thẩm mỹ", []),
        ("Mỹ", ["Mỹ"]),
        ("is", []),
        ('"ở Kiev"', ["Kiev"]),
        ("-Ukraine", ["Ukraine"]),
        ("outlet:Kiev", []),
        ("title:Kiev", ["Kiev"]),
        ("Kie*", []),
        ("", []),
    ],
)
def test_names_in_a_query_are_known(typed: str, names: list[str]) -> None:
    assert applied(typed) == names


def test_a_phrase_is_asked_in_every_spelling_of_its_names() -> None:
    (group,) = widen(parse('"từ Kiev về"'), '"từ Kiev về"').query.groups
    assert "từ kyiv về" in {" ".join(token.text for token in term.tokens) for term in group}


def test_the_command_lists_groups_and_exits_1_without_any(tmp_path: Path) -> None:
    done = CliRunner().invoke(archive, ["variants", "kiev", "--archive", str(tmp_path)])
    assert (done.exit_code, done.stdout) == (0, "Kiev · Kyiv · Ki-ép · Kiép\n")
    assert CliRunner().invoke(archive, ["variants", "xyz", "--archive", str(tmp_path)]).exit_code == 1
