"""All versions that the full-text index finds for a query, without ranking them: what an export is chosen by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import tantivy
from tantivy import Occur

from archive.ask import ask
from archive.index import BrokenIndex, open_index
from archive.query import parse
from archive.search import filters_of, times_of
from archive.variants import widen


def matching(
    index_dir: Path,
    query: str,
    *,
    outlets: Sequence[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[tuple[int, int]]:
    """Give the document's row id and the number of each version that matches; an empty query matches all.

    Raises UsageProblem when there is no index, BrokenIndex when it cannot be read.
    """
    index = open_index(index_dir)
    try:
        parsed = widen(parse(query), query).query
        filters = [*filters_of(index.schema, outlets, since, until), *times_of(index.schema, parsed)]
        wanted = _all(filters) if parsed.is_empty else ask(index.schema, parsed, filters).match
        return _found(index.searcher(), wanted)
    except ValueError as error:
        raise BrokenIndex(index_dir, error) from error


def _all(filters: list[tantivy.Query]) -> tantivy.Query:
    every = tantivy.Query.all_query()
    return tantivy.Query.boolean_query([(Occur.Must, one) for one in [every, *filters]])


def _found(searcher: tantivy.Searcher, wanted: tantivy.Query) -> list[tuple[int, int]]:
    hits = searcher.search(wanted, max(searcher.num_docs, 1), count=False).hits
    addresses = [address for _, address in hits]
    documents = searcher.fast_field_values("document", addresses)
    numbers = searcher.fast_field_values("version", addresses)
    pairs = zip(documents, numbers, strict=True)
    # The one document that says how far the index has come names none.
    return sorted((int(document), int(number)) for document, number in pairs if document is not None and number)
