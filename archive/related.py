"""SQL of relations: which documents share text, found when one is filed, confirmed exactly, kept from both sides.

Candidates share a sampled shingle or a paragraph digest; those that share the rarest come first. A finer sample tells
those that share a name or a phrase only; of the others each one's current text is held against the new one
(`relation.relate`).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

import numpy as np
from sqlalchemy import BindParameter, Connection, TextClause, bindparam, delete, insert, or_, select, text

from archive.articlejson import from_json
from archive.documents import current
from archive.fingerprint import Fingerprint, Sketch, blocks_of, fingerprint_of, sketched
from archive.relation import Relation, Words, relate, words_in, words_of
from archive.tables import captures, changes, paragraphs, relations, sketches, versions
from archive.tables import shingles as sampled
from archive.tombstone import digest_kept
from archive.values import Article

__all__ = ["Relation", "every", "follow", "of", "relation", "update"]

# Rows fetched at once.
_ROWS = 500

#: A hash in more documents than this says nothing (a credit line, a phone number under every article).
COMMON = 200
#: Candidates confirmed for one document, those that share the rarest hashes first: the cost per document is flat.
CONFIRMED = 64
#: A single shared hash counts when at most this many documents have it; two may be in twice as many, and so on.
RARE = 12

#: Of the finer sample (a quarter of the shingles), so many shared, or this share of the smaller one, are no phrase: a
#: passage of 75 syllables has 18 on average, and as few as two once in a million.
FEW, LITTLE = 3, 0.15

# The whole text's digest stands among the paragraphs' at this place.
_WHOLE = -1


def update(connection: Connection, document_id: int, article: Article) -> list[Relation]:
    """Make a document's fingerprint and relations those of this article; give the relations, seen from it.

    Runs in the caller's transaction, after the version that holds the article was inserted or before it.
    """
    blocks = blocks_of(article)
    found = fingerprint_of(blocks)
    _forget(connection, document_id)
    _insert(connection, document_id, found)
    near = _alike(connection, found, _candidates(connection, document_id, found))
    words = words_in(blocks) if near else None
    made = [relate(document_id, words, other, theirs) for other, theirs in _texts(connection, near)] if words else []
    kept = [relation for relation in made if relation is not None]
    if kept:
        connection.execute(insert(relations), [_row(relation) for relation in kept])
    return sorted(kept, key=_closest)


def follow(connection: Connection, document_id: int, capture_id: int, article: Article | None) -> list[Relation]:
    """Make a document's fingerprint and relations follow a capture just filed, whose new text is `article`, if any.

    The text of a document is what its newest capture shows: one filed late changes nothing, one that shows an earlier
    version again brings that one's text back. Gives the relations of the text, when it changed.
    """
    shown = captures.c.document_id == document_id, captures.c.version_id.is_not(None)
    newest = select(captures.c.id, captures.c.version_id).where(*shown)
    last = connection.execute(newest.order_by(captures.c.fetched_at.desc(), captures.c.id.desc()).limit(2)).all()
    if last[0].id != capture_id or (last[1:] and last[1].version_id == last[0].version_id):
        return []
    if article is None:
        content = connection.execute(select(versions.c.content).where(versions.c.id == last[0].version_id)).scalar_one()
        if digest_kept(json.loads(content)):
            return []
        article = from_json(json.loads(content))
        connection.execute(insert(changes).values(document_id=document_id))
    return update(connection, document_id, article)


def of(connection: Connection, document_id: int) -> list[Relation]:
    """Give a document's relations, seen from it, the closest first."""
    chosen = select(relations).where(or_(relations.c.a == document_id, relations.c.b == document_id))
    found = [relation(row) for row in connection.execute(chosen).mappings()]
    return sorted((r if r.a == document_id else r.mirrored() for r in found), key=_closest)


_OLD: BindParameter[int] = bindparam("document")
_FORGET = (
    *(delete(table).where(table.c.document_id == _OLD) for table in (sampled, sketches, paragraphs)),
    delete(relations).where(or_(relations.c.a == _OLD, relations.c.b == _OLD)),
)
_ADD = insert(sampled), insert(sketches), insert(paragraphs)


def every(connection: Connection) -> Iterator[Relation]:
    """Give all relations, each pair once, in the order of filing."""
    query = select(relations).order_by(relations.c.a, relations.c.b)
    for row in connection.execution_options(yield_per=_ROWS).execute(query).mappings():
        yield relation(row)


def _forget(connection: Connection, document_id: int) -> None:
    for statement in _FORGET:
        connection.execute(statement, {"document": document_id})


def _insert(connection: Connection, document_id: int, found: Fingerprint) -> None:
    digests = [(place, digest) for place, digest in enumerate(found.paragraphs)]
    if found.whole is not None:
        digests.append((_WHOLE, found.whole))
    rows: tuple[list[dict[str, object]], ...] = (
        [{"hash": value, "document_id": document_id} for value in found.shingles],
        [{"document_id": document_id, "sketch": found.sketch}],
        [{"digest": digest, "document_id": document_id, "ordinal": place} for place, digest in digests],
    )
    for statement, values in zip(_ADD, rows, strict=True):
        if values:
            connection.execute(statement, values)


def _candidates(connection: Connection, document_id: int, found: Fingerprint) -> list[int]:
    """Give the documents worth confirming: those that share several hashes, or one that few have; the rarest first."""
    weights: dict[int, float] = defaultdict(float)
    whole = () if found.whole is None else (found.whole,)
    for statement, hashes in ((_SHINGLES, found.shingles), (_PARAGRAPHS, {*found.paragraphs, *whole})):
        for sharing in _sharing(connection, statement, hashes):
            for other in sharing - {document_id}:
                weights[other] += 1 / len(sharing)
    worth = [other for other, weight in weights.items() if weight >= 1 / RARE]
    return sorted(worth, key=lambda other: (-weights[other], other))[:CONFIRMED]


def _alike(connection: Connection, found: Fingerprint, near: list[int]) -> list[int]:
    """Give those of the candidates whose finer sample shares more with ours than a name or a phrase."""
    if not near:
        return []
    ours = sketched(found.sketch)
    rows = connection.execute(select(sketches).where(sketches.c.document_id.in_(near)))
    return sorted(document for document, sketch in rows if _shares(ours, sketched(sketch)))


def _shares(ours: Sketch, theirs: Sketch) -> bool:
    shared = np.intersect1d(ours, theirs, assume_unique=True).size
    return bool(shared >= min(FEW, LITTLE * min(ours.size, theirs.size)))


# Each hash is looked up by itself and only so far, in one statement: a hash that stands under every article costs no
# more than COMMON rows, however large the archive.
_TOGETHER = 40


def _lookup(table: str, column: str) -> TextClause:
    one = "SELECT * FROM (SELECT DISTINCT {c}, document_id FROM {t} WHERE {c} = :h{n} LIMIT {limit}) AS part{n}"
    parts = [one.format(c=column, t=table, n=n, limit=COMMON + 1) for n in range(_TOGETHER)]
    return text(" UNION ALL ".join(parts))


_SHINGLES = _lookup("shingles", "hash")
_PARAGRAPHS = _lookup("paragraphs", "digest")


def _sharing(connection: Connection, statement: TextClause, hashes: Iterable[int]) -> Iterable[set[int]]:
    """Give for each hash that is not common the documents that have it."""
    wanted = list(hashes)
    for begin in range(0, len(wanted), _TOGETHER):
        part = wanted[begin : begin + _TOGETHER]
        padded = part + part[-1:] * (_TOGETHER - len(part))
        documents: dict[int, set[int]] = defaultdict(set)
        for value, document in connection.execute(statement, {f"h{n}": h for n, h in enumerate(padded)}):
            documents[value].add(document)
        yield from (sharing for sharing in documents.values() if len(sharing) <= COMMON)


def _texts(connection: Connection, wanted: list[int]) -> Iterable[tuple[int, Words]]:
    """Give the current text of each document: that of the version which its newest capture shows."""
    shown = select(versions.c.document_id, versions.c.content)
    for document, content in connection.execute(shown.where(versions.c.id.in_(current(connection, wanted).values()))):
        yield document, _words(content)


@lru_cache(maxsize=128)
def _words(content: str) -> Words:
    """Read a version's content; the news of one day is held against each other many times."""
    return words_of(from_json(json.loads(content)))


_MILLION = 1_000_000


def _row(relation: Relation) -> dict[str, object]:
    seen = relation if relation.a < relation.b else relation.mirrored()
    return {
        "a": seen.a,
        "b": seen.b,
        "kind": seen.kind,
        "containment_a_in_b": round(seen.containment_a_in_b * _MILLION),
        "containment_b_in_a": round(seen.containment_b_in_a * _MILLION),
        "shared_blocks": seen.shared_blocks,
    }


def relation(row: object) -> Relation:
    """Give the relation that a row of the table holds."""
    values = dict(row)  # type: ignore[call-overload]  # a RowMapping is a mapping; its stubs do not say so
    for name in ("containment_a_in_b", "containment_b_in_a"):
        values[name] /= _MILLION
    return Relation(**values)


def _closest(relation: Relation) -> tuple[float, int]:
    return -max(relation.containment_a_in_b, relation.containment_b_in_a), relation.b
