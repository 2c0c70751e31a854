"""An article held against reference texts: the nearest, why, what both say, what only one says, facts that conflict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from archive.change import Change, Diff, Row
from archive.diff import diff
from archive.facts import Fact
from archive.nearness import Nearness, Sketch, nearness, sketch
from archive.seeds import Seed
from archive.seedtext import parts
from archive.values import Article

SAME_TEXT, SAME_STORY, SAME_SUBJECT, DIFFERENT = "same text", "same story", "only same subject", "different"
_TITLES_ALIKE = 0.42
_FACT_KINDS = {"number": "number", "date": "date", "name": "name", "place": "name", "quotation": "quotation"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A fact that a reworded sentence states otherwise: what the seed says, what the article says."""

    kind: str
    seed: str
    article: str
    seed_sentence: str
    article_sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rank:
    """How near one reference is. `part` is 0 for the seed's article, n for the n-th article below it on its page."""

    seed: Seed
    part: int
    near: Nearness
    verdict: str

    @property
    def article(self) -> Article:
        """The reference text itself."""
        return self.seed.article.contained[self.part - 1] if self.part else self.seed.article


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """An article against its nearest seed; `ranking` has every reference, the nearest first.

    `rows` pair the sentences, the seed's as old. Facts are of both texts: `agree`, `missing` (only the seed has them),
    `new` (only the article has them); those in conflict are in neither of these.
    `style` has what both say in another spelling (seed's, article's). `is_exact`: every part is equal.
    """

    ranking: tuple[Rank, ...]
    is_exact: bool
    why: tuple[str, ...]
    rows: tuple[Row, ...]
    conflicts: tuple[Conflict, ...]
    style: tuple[tuple[str, str], ...]
    agree: tuple[Fact, ...]
    missing: tuple[Fact, ...]
    new: tuple[Fact, ...]

    @property
    def nearest(self) -> Rank:
        """The nearest reference."""
        return self.ranking[0]

    @property
    def verdict(self) -> str:
        """What the two are to each other: same text, same story, only same subject, different."""
        return self.ranking[0].verdict

    def sentences(self, *ops: str) -> list[Row]:
        """Give the paired sentences of these kinds, titles, bylines and source lines left out."""
        return [row for row in self.rows if row.op in ops and row.where in {"lead", "caption", "body"}]

    def both(self) -> list[str]:
        """Give the sentences that both say, wherever they stand."""
        return [row.new for row in self.sentences("equal", "changed", "moved") if row.old == row.new]

    def reworded(self) -> list[Row]:
        """Give the pairs of sentences that say the same in other words, or otherwise."""
        return [row for row in self.sentences("changed", "moved") if row.old != row.new]


def verdict(near: Nearness) -> str:
    """Say what two texts are to each other.

    Same text: at least 70 % of the shorter one's 5-syllable runs stand in the other. Same story: 8 % do, or the titles
    are alike, or somewhat alike with half of the names shared. Same subject: several names shared.
    """
    share, names = max(near.of_article, near.of_reference), len(near.shared_names)
    if share >= 0.7 and (near.shingles >= 20 or min(near.of_article, near.of_reference) >= 0.7):
        return SAME_TEXT
    if (share >= 0.08 and near.shingles >= 8) or near.title >= 0.6:
        return SAME_STORY
    if names >= 3 and near.names >= 0.5 and (near.title >= _TITLES_ALIKE or near.shingles >= 60):
        return SAME_STORY
    is_subject = (names >= 4 and near.names >= 0.12) or (names >= 3 and near.names >= 0.25)
    return SAME_SUBJECT if is_subject else DIFFERENT


@lru_cache(maxsize=64)
def _sketch(article: Article) -> Sketch:
    return sketch(article)


def rank(article: Article, seeds: Sequence[Seed]) -> tuple[Rank, ...]:
    """Order the seeds, and the articles below them on their pages, by nearness."""
    ours, found = _sketch(article), []
    for seed in seeds:
        for part, text in enumerate((seed.article, *seed.article.contained)):
            near = nearness(ours, _sketch(text))
            found.append(Rank(seed=seed, part=part, near=near, verdict=verdict(near)))
    return tuple(sorted(found, key=lambda row: (-row.near.score, row.seed.number, row.part)))


def compare(article: Article, seeds: Sequence[Seed]) -> Comparison:
    """Hold an article against the nearest of the seeds. Raises ValueError when there are none."""
    if not seeds:
        raise ValueError("no seeds to compare with")
    ranking = rank(article, seeds)
    nearest = ranking[0]
    found = diff(nearest.article, article)
    conflicts = tuple(_conflict(change) for change in found.changes if _is_conflict(change, nearest.near))
    is_exact = parts(article) == parts(nearest.article)
    theirs, ours = _facts(nearest.article), _facts(article)
    return Comparison(
        ranking=ranking,
        is_exact=is_exact,
        why=_why(nearest, is_exact),
        rows=found.rows,
        conflicts=conflicts,
        style=_style(found, theirs, ours),
        agree=tuple(fact for key, fact in theirs.items() if key in ours),
        missing=tuple(_only(theirs, ours, {row.seed for row in conflicts})),
        new=tuple(_only(ours, theirs, {row.article for row in conflicts})),
    )


def _facts(article: Article) -> dict[tuple[str, str], Fact]:
    return {(fact.kind, fact.key): fact for fact in _sketch(article).facts}


def _only(ours: dict[tuple[str, str], Fact], theirs: dict[tuple[str, str], Fact], said: set[str]) -> list[Fact]:
    """Give the facts that only one side has and no conflict names."""
    return [fact for key, fact in ours.items() if key not in theirs and not _is_said(fact, said)]


def _is_said(fact: Fact, said: set[str]) -> bool:
    return any(text and (text in fact.text or fact.text in text) for text in said)


def _is_conflict(change: Change, near: Nearness) -> bool:
    """Tell whether a change exchanges one fact for another; titles are held against each other only when alike."""
    if change.where == "byline" or (change.where == "title" and near.title < _TITLES_ALIKE):
        return False
    return change.op == "replaced" and _kind(change) != ""


def _kind(change: Change) -> str:
    """Give the kind of fact that a change is about; a source that became another (attribution) is a name."""
    types = change.types[1:] if change.type in ("attribution", "negation", "caption") else change.types
    return _FACT_KINDS.get(types[0], "") if types else ""


def _style(
    found: Diff, theirs: dict[tuple[str, str], Fact], ours: dict[tuple[str, str], Fact]
) -> tuple[tuple[str, str], ...]:
    """Give what both say and spell otherwise: in paired sentences, and names wherever they stand."""
    said = {(change.old, change.new) for change in found.changes if change.known == ("spelling",)}
    both = (key for key in theirs if key in ours and key[0] == "name")
    named = {(theirs[key].text, ours[key].text) for key in both}
    return tuple(sorted(said | {pair for pair in named if pair[0].lower() != pair[1].lower()}))


def _conflict(change: Change) -> Conflict:
    return Conflict(
        kind=_kind(change),
        seed=change.old,
        article=change.new,
        seed_sentence=change.old_sentence,
        article_sentence=change.new_sentence,
    )


def _why(nearest: Rank, is_exact: bool) -> tuple[str, ...]:
    """Say what makes this reference the nearest."""
    if is_exact:
        return ("every part is equal",)
    near, said = nearest.near, []
    if near.shingles:
        said.append(f"{near.of_reference:.0%} of the seed's text and {near.of_article:.0%} of the article's is shared")
    if near.title:
        said.append(f"titles alike by {near.title:.0%}")
    if near.shared_names:
        said.append(f"{len(near.shared_names)} names shared: {', '.join(near.shared_names[:6])}")
    return tuple(said) or ("nothing is shared",)
