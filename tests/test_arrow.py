"""The import arrow is the data arrow: crawler → pipeline → archive, and never back; each library stays in its house."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "archive": {"archive"},
    "pipeline": {"archive", "pipeline"},
    "crawler": {"archive", "pipeline", "crawler"},
}
ONLY_IN = {
    "sqlalchemy": "archive",
    "alembic": "archive",
    "tantivy": "archive",
    "warcio": "archive",
    "trafilatura": "pipeline",
    "lxml": "pipeline",
    "feedparser": "pipeline",
    "scrapy": "crawler",
    "twisted": "crawler",
    "apscheduler": "crawler",
}


def imported(path: Path) -> set[str]:
    """Give the top-level names that the file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").split(".")[0])
    return found


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_imports_only_what_lies_before_it(package: str) -> None:
    assert modules(package)
    wrong = {
        str(path.relative_to(ROOT)): bad
        for path in modules(package)
        if (bad := (imported(path) & {*MAY_IMPORT, "tests", "benchmarks"}) - MAY_IMPORT[package])
    }
    assert wrong == {}


@pytest.mark.parametrize(("library", "package"), ONLY_IN.items())
def test_a_library_is_known_in_one_package_only(library: str, package: str) -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for other in MAY_IMPORT
        if other != package
        for path in modules(other)
        if library in imported(path)
    ]
    assert wrong == []


def test_no_relative_import_hides_an_arrow() -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for package in MAY_IMPORT
        for path in modules(package)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert wrong == []
