"""Where a document's text comes from: the nearest earlier one, and whether what its credit claims agrees with that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from archive.credit import credit_line, credited, outlets_of
from archive.lineage import State
from archive.named import Named
from archive.relation import Words, words_of

#: From this share on a text is taken from another.
TAKEN = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """How much of a text (0 to 1) stood in an earlier document, and how long before."""

    document: Named
    share: float
    earlier: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A document's credit held against its text.

    `credit` is as printed, `names` the sources it names. `verdict` is first (nothing of it was anywhere before), kept
    (it names a source that the nearest earlier document's credit names, or that document's outlet), changed (it names
    others only), lost (it names none), or own (less than 30 % was anywhere before, and it names none). `nearest` is
    the earlier document that has most of it; `claimed` the one of the credited outlets that has.
    """

    state: State
    credit: str
    names: tuple[str, ...]
    verdict: str
    nearest: Found | None
    claimed: Found | None


def origins(states: Sequence[State]) -> list[Origin]:
    """Give the origin of each document, by its first state; `states` in order of time."""
    texts = [words_of(state.article) for state in states]
    found, seen = [], set[int]()
    for at, state in enumerate(states):
        if state.document.id not in seen:
            seen.add(state.document.id)
            before = [
                (other, texts[i]) for i, other in enumerate(states[:at]) if other.document.id != state.document.id
            ]
            found.append(_origin(state, texts[at], before))
    return found


def _origin(state: State, text: Words, before: list[tuple[State, Words]]) -> Origin:
    line = credit_line(state.article)
    names = credited(line)
    shares = [_found(state, text, other, words) for other, words in before]
    nearest = max(shares, key=_most, default=None)
    claimed = max((one for one in shares if one.document.outlet in outlets_of(names)), key=_most, default=None)
    source = next((other for other, _ in before if nearest and other.document.id == nearest.document.id), None)
    verdict = _verdict(names, nearest, source)
    return Origin(state=state, credit=line, names=names, verdict=verdict, nearest=nearest, claimed=claimed)


def _found(state: State, text: Words, other: State, words: Words) -> Found:
    share = len(text.shingles & words.shingles) / len(text.shingles) if text.shingles else 0.0
    return Found(document=other.document, share=share, earlier=state.at - other.at)


def _most(found: Found) -> tuple[float, timedelta]:
    return round(found.share, 3), found.earlier


def _verdict(names: tuple[str, ...], nearest: Found | None, source: State | None) -> str:
    if nearest is None or source is None or nearest.share == 0:
        return "first"
    theirs = credited(credit_line(source.article))
    is_named = bool(set(names) & set(theirs)) or source.document.outlet in outlets_of(names)
    if names:
        return "kept" if is_named and set(names) & set(theirs or names) else "changed"
    return "lost" if nearest.share >= TAKEN else "own"


def claim(origin: Origin) -> str:
    """Say in a sentence what the credit claims and what the texts show."""
    says = f"says {', '.join(origin.names)}" if origin.names else "names no source"
    shown = origin.claimed or origin.nearest
    if origin.nearest is None:
        return f"{says}; nothing of the story is in the archive before it"
    if origin.names and origin.claimed is None:
        says += ", of whom the archive has nothing of the story before it"
    told = _share(shown)
    better = origin.nearest
    if shown is not better and shown and better.share > shown.share + 0.05:
        told += f", {_share(better)}"
    return f"{says}; {told}"


def _share(found: Found | None) -> str:
    if found is None:
        return ""
    minutes = int(found.earlier.total_seconds() // 60)
    days, hours = divmod(minutes // 60, 24)
    long = f"{days} d {hours} h" if days else f"{hours} h {minutes % 60} min" if hours else f"{minutes} minutes"
    return f"{found.share:.0%} of it is in {found.document.name} {long} earlier"
