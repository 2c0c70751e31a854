"""Comparisons with the seeds as a page: the daily report, or one text's. No scripts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from html import escape

from archive.change import Diff
from archive.compare import DIFFERENT, Comparison
from archive.compareview import SAYS, against, labels
from archive.diffhtml import head, table, tag
from archive.options import VIETNAM
from archive.terminal import safe

_STYLE = (
    "<style>.v-same{background:#d6ecd9;color:#124a1d}.v-only{background:#fdedbd;color:#5c4300}"
    ".report td:first-child{width:auto}table.facts{margin:.5rem 0 1rem}table.facts td{border-top:1px solid var(--line)}"
    "section{border-top:2px solid var(--line);margin-top:2.2rem}</style>"
)


def page(rows: Sequence[tuple[str, str, Comparison]], *, now: datetime, what: str) -> str:
    """Give the page of (label, title, comparison): an overview, then each text that is near a reference."""
    near = [row for row in rows if row[2].verdict != DIFFERENT]
    count = f"{len(rows)} text{'s' if len(rows) != 1 else ''}, {len(near)} near a reference"
    parts = [
        head(f"{what}, {now.astimezone(VIETNAM):%d/%m/%Y %H:%M}"),
        _STYLE,
        f'<p class="about" lang="en">{count}.</p>',
        *_overview(rows),
        *(part for at, row in enumerate(near) for part in _section(at, *row)),
        "</body></html>\n",
    ]
    return "".join(parts)


def _e(text: str) -> str:
    return escape(safe(text))


def _verdict(found: Comparison) -> str:
    how = found.verdict.split()[0]
    return f'<span class="tag v-{_e(how)}">{_e("exact copy" if found.is_exact else found.verdict)}</span>'


def _overview(rows: Sequence[tuple[str, str, Comparison]]) -> Iterator[str]:
    yield '<table class="report"><thead lang="en"><tr><th>Text</th><th>Verdict</th><th>Nearest</th></tr></thead><tbody>'
    at = 0
    for label, title, found in rows:
        is_near = found.verdict != DIFFERENT
        name = f'<a href="#t{at}">{_e(title)}</a>' if is_near else _e(title)
        at += is_near
        nearest = _e(against(found.nearest)) if is_near else ""
        yield f"<tr><td>{name}<br><small>{_e(label)}</small></td><td>{_verdict(found)}</td><td>{nearest}</td></tr>"
    yield "</tbody></table>"


def _section(at: int, label: str, title: str, found: Comparison) -> Iterator[str]:
    yield f'<section id="t{at}"><h2>{_e(title)}</h2><p class="about" lang="en">{_e(label)}: '
    yield f"{_e('exact copy of' if found.is_exact else SAYS[found.verdict])} {_e(against(found.nearest))}. "
    yield f"{_e('; '.join(found.why))}.</p>"
    if not found.is_exact:
        yield from _facts(found)
        yield '<details><summary lang="en">Sentence by sentence</summary>'
        yield table(Diff(rows=found.rows), "reference", label) + "</details>"
    yield "</section>"


def _facts(found: Comparison) -> Iterator[str]:
    yield '<table class="facts" lang="en"><tbody>'
    for row in found.conflicts:
        sides = f"<td><del>{_e(row.seed)}</del></td><td><ins>{_e(row.article)}</ins></td>"
        yield f"<tr><td>{tag(row.kind)} conflict</td>{sides}</tr>"
    for seed, article in found.style:
        yield f"<tr><td>{tag('spelling')} style</td><td>{_e(seed)}</td><td>{_e(article)}</td></tr>"
    for name, facts in labels(found):
        if facts:
            said = ", ".join(dict.fromkeys(fact.text for fact in facts))
            yield f'<tr><td>{_e(name)}: {len(facts)}</td><td colspan="2">{_e(said)}</td></tr>'
    yield "</tbody></table>"
