"""Outlet files read and checked: one line naming file, key and reason for what cannot be used."""

from __future__ import annotations

import re
import tomllib
from dataclasses import MISSING, fields, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from archive.errors import ArchiveError
from archive.values import Purpose
from pipeline.outlet import Feed, Outlet, Template

#: What an article can be, as `Article.format` says it.
FORMATS = ("article", "photo", "emagazine", "video", "live", "infographic", "quiz")
_PARTS = ("title", "lead", "byline", "published", "section", "tags", "source_line", "body")
_SELECTORS = tuple(
    field.name
    for field in fields(Template)
    if "tuple" in str(field.type) and field.name not in ("promised", "strip_text", "formats")
)
_CHOICES = {"fetch": ("plain", "browser"), "signoff": ("repeated", "bold", "none")}
_SHORT = {"str": "text", "bool": "true or false", "int": "a whole number", "float": "a number", "date": "a date"}


class OutletProblem(ArchiveError, ValueError):
    """An outlet file that cannot be used; the message names file, key and reason."""

    def __init__(self, path: Path | str, key: str, reason: str) -> None:
        super().__init__(" ".join(f"{path}: {key}: {reason}".split()))


def read_folder(folder: Path, *, check: bool) -> dict[str, Outlet]:
    """Read each `*.toml` of a folder, by outlet name. Raises OutletProblem."""
    if not folder.is_dir():
        raise OutletProblem(folder, "folder", "no such folder: give one that holds outlet files (*.toml)")
    found = (read_outlet(path, check=check) for path in sorted(folder.glob("*.toml")))
    return {outlet.name: outlet for outlet in found}


def read_outlet(path: Path, *, check: bool = True) -> Outlet:
    """Read one outlet file; with `check`, compile every selector and pattern. Raises OutletProblem."""
    try:
        data = tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise OutletProblem(path, "file", str(error)) from None
    templates, feeds = _tables(path, data, "templates"), _tables(path, data, "feeds")
    if data.setdefault("name", path.stem) != path.stem:
        raise OutletProblem(path, "name", f"{data['name']!r} is not the file's name, {path.stem!r}: leave the key out")
    plain = _typed(path, Outlet, {k: v for k, v in data.items() if k not in ("templates", "feeds")}, "")
    outlet = Outlet(
        **plain,
        feeds=tuple(_feed(path, table, f"feeds[{n}]") for n, table in enumerate(feeds, 1)),
        templates=_sharing(
            [_template(path, table, f"templates[{n}]", plain["name"]) for n, table in enumerate(templates, 1)]
        ),
    )
    _check_outlet(path, outlet)
    if check:
        _check_compiles(path, outlet)
    return outlet


def _tables(path: Path, data: dict[str, Any], key: str) -> list[dict[str, Any]]:
    tables = data.get(key, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise OutletProblem(path, key, f"write it as [[{key}]] tables")
    return tables


def _feed(path: Path, table: dict[str, Any], where: str) -> Feed:
    purpose = table.get("purpose", "feed")
    listing = [Purpose.FEED.value, Purpose.SITEMAP.value, Purpose.SECTION.value]
    if purpose not in listing:
        raise OutletProblem(path, f"{where}.purpose", f"{purpose!r} is none of {', '.join(listing)}")
    feed = Feed(
        **_typed(path, Feed, {k: v for k, v in table.items() if k != "purpose"}, where), purpose=Purpose(purpose)
    )
    if not re.match(r"https?://[^/]+/", feed.url):
        raise OutletProblem(path, f"{where}.url", f"{feed.url!r} is no http address")
    if not 0 < feed.min_minutes <= feed.max_minutes:
        raise OutletProblem(path, f"{where}.min_minutes", "must be above 0 and not above max_minutes")
    return feed


def _template(path: Path, table: dict[str, Any], where: str, outlet: str) -> Template:
    template = Template(outlet=outlet, **_typed(path, Template, table, where))
    for part in template.promised:
        if part not in _PARTS:
            raise OutletProblem(path, f"{where}.promised", f"{part!r} is none of {', '.join(_PARTS)}")
        # A title may come from the page's head; all else is promised by a selector.
        if part not in ("title", "published") and not getattr(template, part):
            raise OutletProblem(path, f"{where}.{part}", "promised, but no selector is given for it")
    return template


def _sharing(templates: list[Template]) -> tuple[Template, ...]:
    """Give each template what the others strip."""
    every = dict.fromkeys(selector for template in templates for selector in template.strip)
    return tuple(replace(one, strip_also=tuple(s for s in every if s not in one.strip)) for one in templates)


def _typed(path: Path, kind: type, table: dict[str, Any], where: str) -> dict[str, Any]:
    known = {f.name: f for f in fields(kind)}
    given: dict[str, Any] = {}
    hidden = {"outlet", "feeds", "templates", "generic", "purpose", "strip_also"}
    for key, value in table.items():
        if key not in known or key in hidden:
            near = get_close_matches(key, set(known) - hidden, n=1)
            raise OutletProblem(path, _at(where, key), f"unknown key{f' (did you mean {near[0]}?)' if near else ''}")
        given[key] = _value(path, str(known[key].type), value, _at(where, key))
    for name, field in known.items():
        if name not in given and name not in hidden and field.default is MISSING and field.default_factory is MISSING:
            raise OutletProblem(path, _at(where, name), "missing")
    return given


def _at(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key


def _value(path: Path, kind: str, value: Any, where: str) -> Any:
    if kind.startswith("tuple[str"):
        parts = [value] if isinstance(value, str) else value
        if not isinstance(parts, list) or not all(isinstance(part, str) and part.strip() for part in parts):
            raise OutletProblem(path, where, "must be text or a list of texts, none empty")
        return tuple(parts)
    name = kind.split(" ")[0]
    if name == "float" and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    wanted = {"str": str, "bool": bool, "int": int, "float": float, "date": date}[name]
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        raise OutletProblem(path, where, f"must be {_SHORT[name]}")
    return value


def _check_outlet(path: Path, outlet: Outlet) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_.-]{1,39}", outlet.name):
        raise OutletProblem(path, "name", f"{outlet.name!r}: use 2 to 40 of a-z, 0-9, dot, dash, underscore")
    if not outlet.hosts:
        raise OutletProblem(path, "hosts", "missing")
    if not outlet.delay_seconds >= 0.5:
        raise OutletProblem(path, "delay_seconds", "must be at least 0.5: be polite")
    if not outlet.templates:
        raise OutletProblem(path, "templates", "missing: give at least one [[templates]] table")
    eras = [template.era for template in outlet.templates]
    if len(set(eras)) < len(eras):
        raise OutletProblem(path, "templates", "two templates have the same era")
    for key, choices in _CHOICES.items():
        for part in (outlet, *outlet.templates):
            if getattr(part, key, choices[0]) not in choices:
                raise OutletProblem(path, key, f"{getattr(part, key)!r} is none of {', '.join(choices)}")


def _check_compiles(path: Path, outlet: Outlet) -> None:
    if not any(name.startswith("id") for name in _pattern(path, "article", outlet.article).groupindex):
        raise OutletProblem(path, "article", "the pattern needs a group (?P<id>…) for the article's id")
    for n, template in enumerate(outlet.templates, 1):
        for key in _SELECTORS:
            for selector in getattr(template, key):
                _selector(path, f"templates[{n}].{key}", selector)
        for told in template.formats:
            name, _, selector = told.partition(": ")
            if name not in FORMATS:
                raise OutletProblem(path, f"templates[{n}].formats", f"{name!r} is none of {', '.join(FORMATS)}")
            _selector(path, f"templates[{n}].formats", selector)
        for key in ("lead_prefix", "source_pattern"):
            _pattern(path, f"templates[{n}].{key}", getattr(template, key))
        for text in template.strip_text:
            _pattern(path, f"templates[{n}].strip_text", text)


def _pattern(path: Path, key: str, pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise OutletProblem(path, key, f"bad pattern {pattern!r}: {error}") from None


def _selector(path: Path, key: str, selector: str) -> None:
    from pipeline.selector import compiled, split_attribute

    try:
        compiled(split_attribute(selector)[0])
    except ValueError as error:
        raise OutletProblem(path, key, str(error)) from None
