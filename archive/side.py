"""One side of a change between two sentences: the atoms changed, of what kind each is, whether they are quoted."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from archive.atoms import Atom
from archive.places import is_direction, is_place
from archive.sentences import Word
from archive.wordkinds import is_date, is_initial, is_name, is_titled
from archive.wordlists import wordlist

#: Atoms of a change that are looked at.
LOOK = 300
_SOURCES = wordlist("beside_attribution") - {"nói"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of a change: atoms `start` to `end` (not included) of a line, and which characters are quoted."""

    line: Sequence[Word]
    atoms: Sequence[Atom]
    start: int
    end: int
    quoted: Sequence[tuple[int, int]] = field(default=())

    @property
    def said(self) -> Sequence[Atom]:
        """The atoms changed, the first LOOK of them: a longer change is not typed by its last words."""
        return self.atoms[self.start : min(self.end, self.start + LOOK)]

    def kinds(self) -> list[str]:
        """Give the kind of each of these atoms: one of the facts, mark, or "" for any other."""
        return [self.kind(atom) for atom in self.said]

    def kind(self, atom: Atom) -> str:
        """Give the kind of one atom of the line."""
        at = atom.start
        text = self.line[at].text
        if not text[0].isalnum():
            return atom.kind or "mark"
        if atom.kind == "attribution" and atom.key == "theo":
            return "attribution" if is_initial(self.line, at) or self._before(at) in {",", "-", "("} else ""
        if atom.kind and not (atom.kind == "place" and is_titled(self.line, at)):
            return atom.kind
        if is_date(self.line, at):
            return "date"
        if is_name(self.line, at):
            start, end = _run(self.line, at)
            return "place" if is_place(self.line, start, end, titled=is_titled(self.line, start)) else "name"
        return "place" if is_direction(self.line, at) else ""

    def _before(self, at: int) -> str:
        return self.line[at - 1].text.lower() if at else ""

    def follows_source(self) -> bool:
        """Tell whether the words before name a source (`theo`, `hãng tin`, `báo`)."""
        at = self.atoms[self.start].start if self.start < len(self.atoms) else len(self.line)
        return any(self.line[at - back].text.lower() in _SOURCES for back in (1, 2) if at >= back)

    def text(self) -> str:
        """Give the words changed as one text, for rules that read phrases."""
        said = self.said
        return " ".join(word.text for word in self.line[said[0].start : said[-1].end]) if said else ""

    def is_quoted(self) -> bool:
        """Tell whether all that changed stands inside one quotation."""
        if not self.quoted or self.start == self.end:
            return False
        first, last = self.line[self.atoms[self.start].start], self.line[self.atoms[self.end - 1].end - 1]
        at = bisect_right(self.quoted, (first.start, len(self.line) + last.end)) - 1
        return at >= 0 and last.end <= self.quoted[at][1]


def _run(line: Sequence[Word], at: int) -> tuple[int, int]:
    """Give where the name stands that the word at this place belongs to."""
    start, end = at, at + 1
    while start > 0 and at - start < 8 and is_name(line, start - 1):
        start -= 1
    while end < len(line) and end - at < 8 and is_name(line, end):
        end += 1
    return start, end
