"""What changed between two articles: sentences paired first, then words inside a pair, each change typed.

Syllables, numbers and dates are never split. A sentence that stands elsewhere is moved, not removed and added.
"""

from __future__ import annotations

from collections.abc import Iterator

from archive.align import Pair, align
from archive.atoms import Atom, side_by_side
from archive.change import Change, Diff, Row
from archive.changetype import change_types
from archive.runs import runs
from archive.sentences import Word
from archive.side import Side
from archive.units import Unit, units
from archive.values import Article


def diff(old: Article, new: Article) -> Diff:
    """Compare two articles.

    >>> old = Article(title="Tin", lead="Có 12 người tới. Ông Nam về.")
    >>> [(c.type, c.old, c.new) for c in diff(old, Article(title="Tin", lead="Có 21 người tới. Ông Nam về.")).changes]
    [('number', '12', '21')]
    """
    left, right = units(old), units(new)
    rows: list[Row] = []
    for fields in ({"title"}, {"byline"}, {"lead", "caption", "body"}, {"source_line"}):
        one = [unit for unit in left if unit.where in fields]
        two = [unit for unit in right if unit.where in fields]
        rows += _field(one, two) if fields.isdisjoint({"body"}) else _flow(one, two)
    return Diff(rows=tuple(rows))


def _field(old: list[Unit], new: list[Unit]) -> list[Row]:
    """Compare a part that an article has once at most."""
    if old and new:
        return [_pair("changed", old[0], new[0])]
    return [_lone("removed", unit) for unit in old] + [_lone("added", unit) for unit in new]


def _flow(old: list[Unit], new: list[Unit]) -> list[Row]:
    """Compare lead and blocks, whose sentences may come, go and move."""
    found = align([unit.text for unit in old], [unit.text for unit in new])
    away, here = dict(found.moved), {j: i for i, j in found.moved}
    kept = set(found.kept)
    rows: list[Row] = []
    i = j = 0
    for x, y in [*found.kept, (len(old), len(new))]:
        rows += [_gone(old, at, new, away) for at in range(i, x)]
        rows += [_come(new, at, old, here) for at in range(j, y)]
        if x < len(old):
            rows.append(_kept(old, new, (x, y), follows=(x - 1, y - 1) in kept))
        i, j = x + 1, y + 1
    return rows


def _gone(old: list[Unit], at: int, new: list[Unit], away: dict[int, int]) -> Row:
    if at not in away:
        return _lone("removed", old[at])
    return Row(op="moved_away", where=old[at].where, old=old[at].text, new="", is_first=old[at].is_first)


def _come(new: list[Unit], at: int, old: list[Unit], here: dict[int, int]) -> Row:
    if at not in here:
        return _lone("added", new[at])
    was = old[here[at]]
    return _pair("moved", was, new[at], first=_whole("moved", was, new[at]))


def _kept(old: list[Unit], new: list[Unit], pair: Pair, *, follows: bool) -> Row:
    """Compare two units at the same place, and what became of the paragraph that they begin or go on."""
    was, now = old[pair[0]], new[pair[1]]
    op = ""
    if was.where != now.where:
        op = "moved"
    elif was.kind != now.kind:
        op = "recast"
    elif was.is_first != now.is_first and follows:
        op = "split" if now.is_first else "joined"
    return _pair("changed", was, now, first=_whole(op, was, now) if op else None)


def _lone(op: str, unit: Unit) -> Row:
    is_new = op == "added"
    old, new = ("", unit.text) if is_new else (unit.text, "")
    change = _whole(op, None, unit) if is_new else _whole(op, unit, None)
    return Row(op=op, where=unit.where, old=old, new=new, changes=(change,), is_first=unit.is_first)


def _whole(op: str, old: Unit | None, new: Unit | None) -> Change:
    """Give the change of a whole unit: its figures and names come after what it is."""
    unit = new or old
    assert unit is not None  # one side is always there
    is_quoted = any(start == 0 and end >= len(unit.text.rstrip(".")) for start, end in unit.quoted)
    said = old.text if old else "", new.text if new else ""
    return Change(
        op=op,
        where=unit.where,
        known=("typography",) if op in {"split", "joined", "recast"} else None,
        is_quoted=is_quoted,
        old=said[0],
        new=said[1],
        old_sentence=said[0],
        new_sentence=said[1],
    )


def _pair(op: str, old: Unit, new: Unit, *, first: Change | None = None) -> Row:
    """Compare two paired units word by word."""
    changes = [first] if first else []
    segments: tuple[tuple[str, str, bool], ...] = ((old.text, new.text, True),)
    if old.text != new.text:
        segments, found = _inside(old, new)
        changes += found
    elif op == "changed" and not changes:
        op = "equal"
    return Row(
        op=op,
        where=new.where,
        old=old.text,
        new=new.text,
        segments=segments,
        changes=tuple(changes),
        is_first=new.is_first,
    )


def _inside(old: Unit, new: Unit) -> tuple[tuple[tuple[str, str, bool], ...], list[Change]]:
    """Give the runs of text that make up two sentences, and the changes between them."""
    left, right = old.words(), new.words()
    one, two = side_by_side(left, right)
    segments, changes = [], []
    a = b = 0
    for i, x, j, y, is_equal in _runs(left, right, one, two):
        c, d = (left[one[x - 1].end - 1].end if x else 0), (right[two[y - 1].end - 1].end if y else 0)
        segments.append((old.text[a:c], new.text[b:d], is_equal))
        if not is_equal:
            was = Side(line=left, atoms=one, start=i, end=x, quoted=old.quoted)
            now = Side(line=right, atoms=two, start=j, end=y, quoted=new.quoted)
            changes.append(_replaced(old, new, segments[-1], change_types(new.where, was, now)))
        a, b = c, d
    if not changes:
        changes.append(_replaced(old, new, _spaced(left, right, old.text, new.text), ("typography",)))
    return tuple(segments), changes


def _runs(
    left: list[Word], right: list[Word], one: list[Atom], two: list[Atom]
) -> Iterator[tuple[int, int, int, int, bool]]:
    """Give the runs of atoms; what says the same in another spelling is a run of its own that is not equal."""
    for i, x, j, y, is_equal in runs([atom.key for atom in one], [atom.key for atom in two]):
        if not is_equal:
            yield i, x, j, y, False
            continue
        same = [_printed(left, one[i + at]) == _printed(right, two[j + at]) for at in range(x - i)]
        begin = 0
        for at in range(1, x - i + 1):
            if at == x - i or same[at] != same[begin] or not same[at]:
                yield i + begin, i + at, j + begin, j + at, same[begin]
                begin = at


def _printed(line: list[Word], atom: Atom) -> list[str]:
    return [word.text for word in line[atom.start : atom.end]]


def _spaced(left: list[Word], right: list[Word], old: str, new: str) -> tuple[str, str, bool]:
    """Give the first place where the same words stand at another distance (`Nga-NATO`, `Nga - NATO`)."""
    for at in range(1, min(len(left), len(right))):
        was, now = (line[at].start - line[at - 1].end for line in (left, right))
        if was != now:
            return old[left[at - 1].start : left[at].end], new[right[at - 1].start : right[at].end], False
    return old, new, False


def _replaced(old: Unit, new: Unit, run: tuple[str, str, bool], types: tuple[str, ...]) -> Change:
    was, now = run[0].strip(), run[1].strip()
    return Change(
        op="replaced" if was and now else "removed" if was else "added",
        where=new.where,
        known=types,
        old=was,
        new=now,
        old_sentence=old.text,
        new_sentence=new.text,
    )
