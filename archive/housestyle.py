"""House styles: how many articles of each outlet spell a name so, asked of the full-text index."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import tantivy

from archive.ask import ask
from archive.index import BrokenIndex, open_index
from archive.query import Query, Term
from archive.search import filters_of, total
from archive.tokens import tokens


def house_styles(
    index_dir: Path, groups: Sequence[Sequence[str]], outlets: Sequence[str]
) -> list[dict[str, dict[str, int]]]:
    """Give for each group of spellings, by outlet, how many articles have each; most used first, unused left out.

    A spelling that stands within a longer one of its group counts there too. Raises UsageProblem when there is no
    index, BrokenIndex when it cannot be read.
    """
    index = open_index(index_dir)
    try:
        return [_styles(index, group, outlets) for group in groups]
    except ValueError as error:
        raise BrokenIndex(index_dir, error) from error


def _styles(index: tantivy.Index, group: Sequence[str], outlets: Sequence[str]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for name in group:
        if _count(index, name, []):
            for outlet in outlets:
                if count := _count(index, name, [outlet]):
                    found.setdefault(outlet, {})[name] = count
    ordered = {outlet: dict(sorted(spelled.items(), key=lambda one: -one[1])) for outlet, spelled in found.items()}
    return dict(sorted(ordered.items(), key=lambda one: (-sum(one[1].values()), one[0])))


def _count(index: tantivy.Index, name: str, outlets: list[str]) -> int:
    query = Query(groups=((Term(tokens=tuple(tokens(name))),),))
    asked = ask(index.schema, query, filters_of(index.schema, outlets, None, None))
    return total(index, index.searcher(), asked, every=False)
