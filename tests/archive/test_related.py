"""Documents that share text: found at filing, from both sides, by exact judgement."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, insert, select

from archive import related
from archive.articlejson import to_json
from archive.tables import documents, paragraphs, shingles, versions
from archive.tables import relations as table
from archive.values import Article, Block, Kind

pytestmark = pytest.mark.usefixtures("database")

STARTS = ["b", "c", "d", "đ", "g", "h", "kh", "l", "m", "n", "ng", "ph", "s", "t", "th", "tr", "v", "x"]
ENDS = ["a", "ác", "ai", "an", "àng", "ên", "inh", "ó", "ốt", "ương", "ụ"]
SYLLABLES = [first + rest for first in STARTS for rest in ENDS]


def sentences(seed: int, count: int, length: int = 18) -> list[str]:
    """Make sentences of a story of its own."""
    chance = random.Random(seed)
    return [" ".join(chance.choices(SYLLABLES, k=length)).capitalize() + "." for _ in range(count)]


def article(parts: list[str]) -> Article:
    return Article(title="Tin", blocks=tuple(Block(kind=Kind.PARAGRAPH, text=part) for part in parts))


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as opened:
        yield opened


def put(connection: Connection, number: int, parts: list[str], *, version: int = 1) -> list[related.Relation]:
    """File a text as a document's version, as the filing does."""
    made = article(parts)
    if version == 1:
        row = {"id": number, "name": f"x:{number}", "outlet": "x", "url": f"https://x/{number}", "first_capture_at": 0}
        connection.execute(insert(documents).values(**row))
    content = json.dumps(to_json(made), ensure_ascii=False)
    known = {"document_id": number, "number": version, "digest": f"{number}@{version}", "captured_at": version}
    known["permanent_id"] = known["digest"]
    connection.execute(insert(versions).values(content=content, **known))
    return related.update(connection, number, made)


def kinds(found: list[related.Relation]) -> list[tuple[int, str]]:
    return sorted((relation.b, relation.kind) for relation in found)


def test_a_reprint_is_the_same_text_however_it_is_broken_up(connection: Connection) -> None:
    wire = sentences(1, 8)
    put(connection, 1, wire)
    assert kinds(put(connection, 2, [" ".join(wire)])) == [(1, "same_text")]
    assert related.of(connection, 1)[0].containment_a_in_b == 1.0


def test_a_reprint_with_cuts_is_contained_and_says_so_from_both_sides(connection: Connection) -> None:
    wire = sentences(1, 12)
    put(connection, 1, wire)
    found = put(connection, 2, wire[:5])
    assert kinds(found) == [(1, "contained_in")]
    assert found[0].shared_blocks == 5
    back = related.of(connection, 1)
    assert kinds(back) == [(2, "contains")]
    assert (back[0].containment_b_in_a, back[0].containment_a_in_b) == (1.0, pytest.approx(0.4, abs=0.05))


def test_a_third_of_the_sentences_changed_is_a_near_duplicate(connection: Connection) -> None:
    wire, other = sentences(1, 20), sentences(2, 20)
    put(connection, 1, wire)
    mixed = [other[at] if at % 10 < 3 else sentence for at, sentence in enumerate(wire)]
    found = put(connection, 2, mixed)
    assert kinds(found) == [(1, "near_duplicate")]
    assert 0.6 < found[0].containment_a_in_b < 0.75


def test_boilerplate_below_a_text_leaves_it_a_near_duplicate(connection: Connection) -> None:
    wire = sentences(1, 10)
    put(connection, 1, wire)
    assert kinds(put(connection, 2, [*wire, *sentences(3, 3)])) == [(1, "near_duplicate")]


def test_only_numbers_changed_is_a_near_duplicate_and_never_the_same(connection: Connection) -> None:
    wire = sentences(1, 6)
    put(connection, 1, [*wire, "Vụ việc làm 12 người bị thương, trong đó có 3 trẻ em."])
    assert kinds(put(connection, 2, [*wire, "Vụ việc làm 21 người bị thương, trong đó có 3 trẻ em."])) == [
        (1, "near_duplicate")
    ]


def test_one_paragraph_taken_over_is_a_shared_passage(connection: Connection) -> None:
    wire = sentences(1, 10, length=40)
    put(connection, 1, wire)
    assert kinds(put(connection, 2, [*sentences(2, 12), wire[4]])) == [(1, "shares_passages")]


def test_paragraphs_in_another_order_are_a_near_duplicate(connection: Connection) -> None:
    wire = sentences(1, 10)
    put(connection, 1, wire)
    assert kinds(put(connection, 2, wire[::-1])) == [(1, "near_duplicate")]


def test_other_stories_are_not_related(connection: Connection) -> None:
    for number in range(1, 30):
        assert put(connection, number, sentences(number, 10)) == []
    assert connection.execute(select(table)).all() == []


def test_very_short_texts_are_only_ever_the_same(connection: Connection) -> None:
    short = sentences(1, 1, length=15)
    put(connection, 1, short)
    assert kinds(put(connection, 2, short)) == [(1, "same_text")]
    assert put(connection, 3, [short[0] + " Thêm vài chữ."]) == []
    put(connection, 4, ["Ảnh: TTXVN"])
    assert put(connection, 5, ["Ảnh: TTXVN"]) == []


def test_an_edit_replaces_what_was_known(connection: Connection) -> None:
    wire = sentences(1, 8)
    put(connection, 1, wire)
    put(connection, 2, wire)
    assert put(connection, 2, sentences(2, 8), version=2) == []
    assert related.of(connection, 1) == []
    assert kinds(put(connection, 3, sentences(2, 8))) == [(2, "same_text")]
    for kept in (shingles, paragraphs):
        assert set(connection.execute(select(kept.c.document_id)).scalars()) == {1, 2, 3}


def test_filing_the_same_again_changes_nothing(connection: Connection) -> None:
    wire = sentences(1, 8)
    put(connection, 1, wire)
    first = put(connection, 2, wire[:7])
    assert related.update(connection, 2, article(wire[:7])) == first == related.of(connection, 2)


def test_what_stands_under_every_article_relates_none_and_costs_the_same(connection: Connection) -> None:
    foot = "Mọi ý kiến đóng góp xin bạn đọc gửi về địa chỉ thư điện tử của toà soạn theo mẫu ở cuối trang này nhé."
    for number in range(1, related.COMMON + 30):
        put(connection, number, [*sentences(number, 3), foot])
    last = put(connection, 999, [*sentences(999, 3), foot])
    assert last == []


def test_relations_are_stored_once_a_pair_the_smaller_id_first(connection: Connection, tmp_path: Path) -> None:
    wire = sentences(1, 12)
    put(connection, 5, wire)
    put(connection, 3, wire[:5])
    row = connection.execute(select(table)).one()
    assert (row.a, row.b, row.kind, row.containment_a_in_b) == (3, 5, "contained_in", 1_000_000)
