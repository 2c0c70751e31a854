"""Clusters: the texts of one story, the same however often they are asked for, and never a chain of strangers."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from archive.cli import archive
from archive.clusters import HALF, Edges, grouped
from archive.documents import by_name
from archive.folder import Folder
from archive.related import Relation
from archive.withdrawn import forget
from tests.archive.told import name_of, story, tell

QUAKE, RICE = "dong-dat-mindanao", "gao-xuat-khau"


def edges(*pairs: tuple[int, int]) -> Edges:
    found: dict[int, dict[int, Relation]] = {}
    for a, b in pairs:
        one = Relation(a=a, b=b, kind="near_duplicate", containment_a_in_b=0.6, containment_b_in_a=0.6, shared_blocks=2)
        found.setdefault(a, {})[b] = one
        found.setdefault(b, {})[a] = one.mirrored()
    return found


def test_a_chain_of_overlaps_makes_no_giant() -> None:
    chain = [(at, at + 1) for at in range(60)]
    assert max(map(len, grouped(range(61), edges(*chain)))) <= 3


def test_a_round_up_does_not_unite_the_stories_that_it_holds() -> None:
    assert len(grouped(range(9), edges(*((at, 8) for at in range(8))))) == 8


def test_two_clusters_that_turn_out_to_be_one_become_one() -> None:
    pairs = [(0, 1), (2, 3), *((at, 4) for at in range(4)), (0, 2), (1, 3), (0, 3)]
    assert grouped(range(5), edges(*pairs)) == [[0, 1, 2, 3, 4]]


@given(st.sets(st.tuples(st.integers(0, 14), st.integers(0, 14)).filter(lambda pair: pair[0] < pair[1])))
def test_what_comes_later_parts_none_who_were_together(pairs: set[tuple[int, int]]) -> None:
    for count in range(1, 15):
        before, after = (grouped(range(size), edges(*pairs)) for size in (count, count + 1))
        assert sorted(one for part in after for one in part) == list(range(count + 1))
        for part in before:
            assert any(set(part) <= set(later) and later[0] <= part[0] for later in after)
    assert HALF == 0.5


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("told")
    tell(folder, QUAKE, RICE)
    return folder


def ask(folder: Path, *words: str, code: int = 0) -> str:
    done = CliRunner().invoke(archive, [*words, "--archive", str(folder)])
    assert done.exit_code == code, done.output
    return done.stdout


@pytest.mark.parametrize("how", [[], ["--events"]])
def test_each_story_is_one_cluster_whose_id_is_its_first_document(told: Path, how: list[str]) -> None:
    found = json.loads(ask(told, "clusters", "--json", *how))
    names = [{member["document"] for member in group["members"]} for group in found]
    assert names == [{name_of(one) for one in story(name).articles} for name in (RICE, QUAKE)]
    assert [group["id"] for group in found] == [group["members"][0]["document"] for group in found]


def test_every_member_has_its_reason_and_all_its_versions(told: Path) -> None:
    [first, *others] = json.loads(ask(told, "clusters", "baotintuc", "--json"))["members"]
    assert (first["because"], first["versions"]) == (None, [1, 2, 3])
    before = {first["document"]}
    for member in others:
        assert member["because"]["document"] in before
        before.add(member["document"])


def test_all_relations_are_a_line_each_and_those_of_one_a_list(told: Path) -> None:
    pairs = [json.loads(line) for line in ask(told, "related", "--all", "--json").splitlines()]
    wanted = {"a", "b", "kind", "containment_a_in_b", "containment_b_in_a", "shared_blocks"}
    assert all(set(pair) == wanted and set(pair["a"]) == {"document", "url", "title"} for pair in pairs)
    name = pairs[0]["b"]["document"]
    own = json.loads(ask(told, "related", name, "--json"))
    assert len(own) == sum(name in (pair["a"]["document"], pair["b"]["document"]) for pair in pairs)
    assert all(pair["a"]["document"] == name for pair in own)


def test_relations_and_clusters_are_the_same_after_a_rebuild(told: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(told, copy)
    before = [sorted(ask(copy, "related", "--all", "--json").splitlines()), ask(copy, "clusters", "--json")]
    (copy / "archive.db").unlink()
    ask(copy, "rebuild")
    after = [sorted(ask(copy, "related", "--all", "--json").splitlines()), ask(copy, "clusters", "--json")]
    assert plain(after[0]) == plain(before[0])
    assert after[1] == before[1]


def plain(lines: list[str]) -> set[tuple[str, ...]]:
    """Give each pair without regard to which side is called a: that is the order of filing."""
    pairs = map(json.loads, lines)
    return {tuple(sorted((pair[side]["document"], str(share(pair, side))) for side in "ab")) for pair in pairs}


def share(pair: dict[str, Any], side: str) -> float:
    found: float = pair["containment_a_in_b" if side == "a" else "containment_b_in_a"]
    return found


def test_a_withdrawn_document_leaves_clusters_and_relations(told: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(told, copy)
    gone = "baotintuc:dong-dat-manh-o-mien-nam-philippines"
    with Folder.open(copy) as folder, folder.write() as connection:
        document = by_name(connection, gone)
        assert document is not None
        forget(connection, document.id, at=0, reason="asked for")
    assert gone not in ask(copy, "related", "--all", "--json") + ask(copy, "clusters", "--json")
    assert gone not in ask(copy, "lineage", "vietnamplus:philippines-dong-dat-68-do-tai-dao-mindanao", "--json")
