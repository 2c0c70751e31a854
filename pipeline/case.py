"""Cases: a page in, the article that must come out; a folder of page.html, case.toml and article.json.

A case states what is true of its page: parts that article.json leaves out are not compared.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from archive.articlejson import to_json
from archive.errors import UsageProblem
from archive.values import Capture, Outcome, Reading

#: When a case's page counts as fetched: nothing in a case depends on the day it is run.
_FETCHED = datetime(2026, 11, 20, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A page and what must come of it; `article` is plain JSON, None when the page gives none."""

    outlet: str
    url: str
    outcome: str
    template: str
    missing: tuple[str, ...] = ()
    content_type: str = ""
    page: bytes
    article: dict[str, Any] | None

    @property
    def capture(self) -> Capture:
        """Give the page as if it had just been fetched."""
        return Capture(
            outlet=self.outlet,
            url=self.url,
            fetched_at=_FETCHED,
            outcome=Outcome.OK,
            status=200,
            headers=(("Content-Type", self.content_type),) if self.content_type else (),
            body=self.page,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One part that is not as the case says: `part` is a field or `block N`; None where one side has nothing."""

    part: str
    expected: Any
    found: Any


def load_case(folder: Path) -> Case:
    """Read a case's folder. Raises UsageProblem naming the file that is missing or wrong."""
    try:
        said = tomllib.loads((folder / "case.toml").read_text("utf-8"))
        article = folder / "article.json"
        return Case(
            **{name: str(said[name]) for name in ("outlet", "url", "outcome", "template")},
            missing=tuple(said.get("missing", ())),
            content_type=str(said.get("content_type", "")),
            page=(folder / "page.html").read_bytes(),
            article=json.loads(article.read_text("utf-8")) if article.exists() else None,
        )
    except OSError as error:
        raise UsageProblem(f"{folder} is no case: cannot read {error.filename}: {error.strerror}") from None
    except (ValueError, KeyError) as error:
        raise UsageProblem(f"{folder} is no case: {error} (case.toml has outlet, url, outcome and template)") from None


def save_case(folder: Path, capture: Capture, outlet: str, reading: Reading) -> None:
    """Write a case of this page as it is read now, to be read for truth. Raises UsageProblem when one is there."""
    from pipeline.payload import verify_body

    if (folder / "case.toml").exists():
        raise UsageProblem(f"there is a case in {folder} already: name another folder, or remove it first")
    folder.mkdir(parents=True, exist_ok=True)
    body = verify_body(capture).body or capture.body
    (folder / "page.html").write_bytes(body)
    said = {"outlet": outlet, "url": capture.url, "outcome": reading.outcome.value, "template": reading.template}
    kind = capture.header("content-type")
    said |= {"content_type": kind} if kind else {}
    # A JSON string is a TOML basic string.
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in said.items()]
    lines += [f"missing = {json.dumps(list(reading.missing))}"] if reading.missing else []
    (folder / "case.toml").write_text("\n".join(lines) + "\n", "utf-8")
    if reading.article:
        text = json.dumps(to_json(reading.article), ensure_ascii=False, indent=2)
        (folder / "article.json").write_text(text + "\n", "utf-8")


def differences(case: Case, reading: Reading) -> list[Difference]:
    """Give what the reading says otherwise than the case: outcome, template, missing fields, then each part."""
    found = {"outcome": reading.outcome.value, "template": reading.template, "missing": list(reading.missing)}
    expected = {"outcome": case.outcome, "template": case.template, "missing": list(case.missing)}
    return [*_unlike(expected, found), *_articles(case.article, reading)]


def _articles(expected: dict[str, Any] | None, reading: Reading) -> Iterator[Difference]:
    found = json.loads(json.dumps(to_json(reading.article))) if reading.article else None
    if expected is None or found is None:
        if expected is not found:
            titles = [side.get("title", "") if side else None for side in (expected, found)]
            yield Difference(part="article", expected=titles[0], found=titles[1])
        return
    yield from _unlike({name: value for name, value in expected.items() if name != "blocks"}, found)
    yield from _blocks(expected.get("blocks", []), found["blocks"])


def _unlike(expected: dict[str, Any], found: dict[str, Any]) -> Iterator[Difference]:
    for name, value in expected.items():
        got = _stated(value, found.get(name))
        if got != value:
            yield Difference(part=name, expected=value, found=got)


def _stated(expected: Any, found: Any) -> Any:
    """Give of what was found the parts that the case states, so that a newer field is no difference."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return {name: _stated(value, found.get(name)) for name, value in expected.items()}
    if isinstance(expected, list) and isinstance(found, list):
        pairs = [_stated(one, other) for one, other in zip(expected, found, strict=False)]
        return [*pairs, *found[len(pairs) :]]
    return found


def _blocks(expected: list[Any], found: list[Any]) -> Iterator[Difference]:
    """Pair the blocks by kind and text; within a run of unlike ones, one by one."""
    keys = [[f"{block['kind']} {block['text']}" for block in side] for side in (expected, found)]
    for _, start, end, start_found, end_found in SequenceMatcher(a=keys[0], b=keys[1], autojunk=False).get_opcodes():
        for at in range(max(end - start, end_found - start_found)):
            old = expected[start + at] if start + at < end else None
            new = found[start_found + at] if start_found + at < end_found else None
            new = _stated(old, new) if old and new else new
            if old != new:
                yield Difference(part=f"block {(start if old else start_found) + at + 1}", expected=old, found=new)
