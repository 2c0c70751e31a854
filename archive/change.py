"""The values of a diff: changes, the rows of sentences they stand in, and the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

from archive.changetype import whole_types


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change: what was (`old`) and what is (`new`), in which sentences.

    `op` is replaced, added, removed, moved (the sentence stands elsewhere), split or joined (a paragraph begins here
    now, or no longer), recast (the block is of another kind). `where` is title, byline, lead, caption, body or
    source_line. `known` are its types; of a whole sentence, None: they are looked for when somebody asks.
    """

    op: str
    where: str
    old: str
    new: str
    old_sentence: str
    new_sentence: str
    known: tuple[str, ...] | None = None
    is_quoted: bool = False

    @property
    def types(self) -> tuple[str, ...]:
        """Its types, the most telling first."""
        return whole_types(self.where, self.new or self.old, self.is_quoted) if self.known is None else self.known

    @property
    def type(self) -> str:
        """The most telling type."""
        return self.types[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One sentence of the two articles side by side.

    `op` is equal, changed, added, removed, moved (it stands here now) or moved_away (it stood here). `segments` are
    (old, new, is_equal) runs of text; one side's runs joined are that side. `is_first` marks the first of a part.
    """

    op: str
    where: str
    old: str
    new: str
    segments: tuple[tuple[str, str, bool], ...] = ()
    changes: tuple[Change, ...] = ()
    is_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """Two articles side by side, in the order of the new one."""

    rows: tuple[Row, ...]

    @property
    def changes(self) -> tuple[Change, ...]:
        """Every change, in the order of the rows."""
        return tuple(change for row in self.rows for change in row.changes)

    def counts(self) -> dict[str, int]:
        """Count the changes by their first type."""
        return dict(Counter(change.type for change in self.changes))


def only(diff: Diff, wanted: AbstractSet[str]) -> Diff:
    """Give the diff with the changes of these types alone; a sentence without one counts as equal, or is left out."""
    rows = []
    for row in diff.rows:
        kept = tuple(change for change in row.changes if not wanted.isdisjoint(change.types))
        if kept:
            rows.append(replace(row, changes=kept))
        elif row.op in ("equal", "changed", "moved"):
            rows.append(replace(row, op="equal", changes=(), segments=()))
    return Diff(rows=tuple(rows))


def to_json(diff: Diff) -> dict[str, Any]:
    """Give a diff as plain JSON values: `changes`, and the counts of types and of sentences."""
    sentences = Counter(row.op for row in diff.rows if row.op != "moved_away")
    return {
        "changed": bool(diff.changes),
        "types": diff.counts(),
        "sentences": {op: sentences[op] for op in ("equal", "changed", "added", "removed", "moved")},
        "changes": [_change_json(change) for change in diff.changes],
    }


def _change_json(change: Change) -> dict[str, Any]:
    return {
        "op": change.op,
        "where": change.where,
        "type": change.type,
        "types": list(change.types),
        "old": change.old,
        "new": change.new,
        "old_sentence": change.old_sentence,
        "new_sentence": change.new_sentence,
    }
