"""A comparison with the seeds, for reading and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from archive.compare import DIFFERENT, SAME_STORY, SAME_TEXT, Comparison, Conflict, Rank
from archive.facts import Fact

#: Sentences and facts of one kind printed; --json has all.
SHOWN = 6
#: Characters of a fact printed.
LONGEST = 60
_KINDS = {"number": "numbers", "date": "dates", "name": "names", "quotation": "quotations"}


def to_json(found: Comparison) -> dict[str, Any]:
    """Give a comparison as plain JSON values."""
    return {
        "verdict": found.verdict,
        "exact": found.is_exact,
        "seed": _rank_json(found.nearest),
        "why": list(found.why),
        "ranking": [_rank_json(row) for row in found.ranking],
        "sentences": {
            "both": found.both(),
            "reworded": [{"seed": row.old, "article": row.new} for row in found.reworded()],
            "only_article": [row.new for row in found.sentences("added")],
            "only_seed": [row.old for row in found.sentences("removed")],
        },
        "facts": {
            "agree": [_fact_json(fact) for fact in found.agree],
            "conflict": [_conflict_json(row) for row in found.conflicts],
            "missing": [_fact_json(fact) for fact in found.missing],
            "new": [_fact_json(fact) for fact in found.new],
        },
        "style": [{"seed": seed, "article": article} for seed, article in found.style],
    }


def _rank_json(row: Rank) -> dict[str, Any]:
    return {
        "number": row.seed.number,
        "name": row.seed.name,
        "outlet": row.seed.outlet,
        "part": row.part,
        "title": row.article.title,
        "verdict": row.verdict,
        "score": round(row.near.score, 4),
        "containment_article_in_seed": round(row.near.of_article, 4),
        "containment_seed_in_article": round(row.near.of_reference, 4),
        "title_likeness": round(row.near.title, 4),
        "shared_names": list(row.near.shared_names),
    }


def _fact_json(fact: Fact) -> dict[str, str]:
    return {"kind": fact.kind, "text": fact.text}


def _conflict_json(row: Conflict) -> dict[str, str]:
    return {
        "kind": row.kind,
        "seed": row.seed,
        "article": row.article,
        "seed_sentence": row.seed_sentence,
        "article_sentence": row.article_sentence,
    }


def lines(found: Comparison, article_title: str) -> Iterator[str]:
    """Tell a comparison in plain lines."""
    nearest = found.nearest
    yield article_title
    if found.verdict == DIFFERENT:
        them = "seeds" if nearest.seed.outlet else "references"
        yield f"  none of the {them} is near (the least far is {against(nearest, title=False)})"
        return
    yield f"  {'exact copy of' if found.is_exact else SAYS[found.verdict]} {against(nearest)}"
    yield f"  why: {'; '.join(found.why)}"
    if found.is_exact:
        return
    yield from _sentences(found)
    yield from _facts(found)


def against(nearest: Rank, *, title: bool = True) -> str:
    """Name a reference: a seed by its number and outlet, another text by its file's name."""
    below = f", article {nearest.part + 1} on its page" if nearest.part else ""
    is_seed = bool(nearest.seed.outlet)
    name = f"seed {nearest.seed.number} ({nearest.seed.outlet}{below})" if is_seed else f"{nearest.seed.name}{below}"
    return f"{name}: {nearest.article.title}" if title else name


def labels(found: Comparison) -> tuple[tuple[str, Sequence[Fact]], ...]:
    """Give the facts not in conflict under the words that name them."""
    return ("agree", found.agree), ("only in the seed", found.missing), ("only in the article", found.new)


SAYS = {
    "same text": "same text as",
    "same story": "same story as",
    "only same subject": "only the same subject as",
}


def _listed(name: str, texts: Sequence[str]) -> Iterator[str]:
    yield f"  {name}: {len(texts)}"
    for text in texts[:SHOWN]:
        yield f"    {text}"
    if len(texts) > SHOWN:
        yield f"    … and {len(texts) - SHOWN} more (--json lists all)"


def _sentences(found: Comparison) -> Iterator[str]:
    yield f"  sentences that both say: {len(found.both())}"
    reworded = found.reworded()
    yield f"  reworded: {len(reworded)}"
    for row in reworded[:SHOWN]:
        yield f"    - {row.old}"
        yield f"    + {row.new}"
    for name, texts in (
        ("only the article", [row.new for row in found.sentences("added")]),
        ("only the seed", [row.old for row in found.sentences("removed")]),
    ):
        # of another story nearly every sentence is: a count says it
        yield from _listed(name, texts) if found.verdict in {SAME_TEXT, SAME_STORY} else (f"  {name}: {len(texts)}",)


def _facts(found: Comparison) -> Iterator[str]:
    yield f"  facts in conflict: {len(found.conflicts)}"
    told = dict.fromkeys(f"{row.kind}: the seed says {row.seed}, the article {row.article}" for row in found.conflicts)
    yield from (f"    {line}" for line in list(told)[:SHOWN])
    if found.style:
        shown = ", ".join(f"{seed} / {article}" for seed, article in found.style[:SHOWN])
        yield f"  spelled otherwise (style): {len(found.style)}: {shown}{', …' if len(found.style) > SHOWN else ''}"
    for name, facts in labels(found):
        yield f"  facts that {name}: {len(facts)}" if name == "agree" else f"  facts {name}: {len(facts)}"
        yield from _by_kind(facts)


def _by_kind(facts: Sequence[Fact]) -> Iterator[str]:
    for kind, plural in _KINDS.items():
        said = [_short(fact.text) for fact in facts if fact.kind == kind]
        if said:
            more = ", …" if len(said) > SHOWN else ""
            yield f"    {plural}: {', '.join(said[:SHOWN])}{more}"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rsplit(' ', 1)[0]} …"
