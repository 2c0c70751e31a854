"""Pages for the extraction benchmark, each with the article that it truly holds, where that is known."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from archive.articlejson import from_json
from archive.values import Article, Capture, Outcome

EVENING = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
LISTS = re.compile(r"home|sec_|section_|d1n")
_ADDRESS = re.compile(r"""(?:rel="canonical"\s+href|property="og:url"\s+content)="(https?://[^"]+)\"""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One page: as received, as text for extractors that want it so, and its true article or None."""

    name: str
    capture: Capture
    html: str
    truth: Article | None


def replica() -> list[Case]:
    """Give the article pages that the tests' replica prints, with the stories' articles as truth."""
    from tests.replica.sites import SITES
    from tests.replica.stories import load
    from tests.replica.world import World

    world, cases = World(load(), {}), []
    for piece in world.pieces:
        told = piece.shown(EVENING)
        if told is not None:
            body = world.answer(SITES[piece.outlet], piece.path, EVENING).body
            names = tuple(name.removeprefix("Ảnh: ") for name in told.byline)
            cases.append(_case(piece.outlet, piece.url, piece.url, body, replace(told, byline=names)))
    return cases


def saved(folder: Path, truth: Path | None) -> list[Case]:
    """Give the saved article pages of a folder `<outlet>/<name>.html`; truth is `<outlet>/<name>.json`.

    Where a folder of truth is given, only pages that it holds count.
    """
    return list(_saved(folder, truth))


def _saved(folder: Path, truth: Path | None) -> Iterator[Case]:
    for file in sorted(folder.glob("*/*.html")):
        known = truth / file.parent.name / f"{file.stem}.json" if truth else None
        if LISTS.search(file.name) or (known and not known.exists()):
            continue
        article = from_json(json.loads(known.read_text("utf-8"))) if known else None
        body = file.read_bytes()
        found = _ADDRESS.search(body.decode("utf-8", "replace"))
        yield _case(file.parent.name, f"{file.parent.name}/{file.stem}", found[1] if found else "", body, article)


def _case(outlet: str, name: str, url: str, body: bytes, truth: Article | None) -> Case:
    capture = Capture(
        outlet=outlet,
        url=url,
        fetched_at=EVENING,
        outcome=Outcome.OK,
        status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"),),
        body=body,
    )
    return Case(name=name, capture=capture, html=body.decode("utf-8", "replace"), truth=truth)
