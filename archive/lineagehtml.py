"""A story's lineage as a page: paragraphs down, outlets across, the words of each cell on opening it. No scripts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from urllib.parse import urlsplit

from archive.lineage import Cell, Line
from archive.lineageview import MARKS, when
from archive.origin import Origin, claim
from archive.runs import runs
from archive.sentences import words
from archive.terminal import safe

_STYLE = """
:root{--ink:#1c2024;--soft:#646b73;--line:#dfe3e6;--ground:#fff;--head:#f7f8f9}
*{box-sizing:border-box}body{margin:0 auto;padding:2rem 1.5rem 4rem;max-width:1500px;color:var(--ink);
background:var(--ground);font:15px/1.5 "Segoe UI","Noto Sans",Roboto,"Helvetica Neue",Arial,sans-serif}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .3rem}h2{font-size:1.1rem;margin:2.2rem 0 .6rem}
p.about{color:var(--soft);margin:.2rem 0 1.2rem}a{color:#0b57a4;text-decoration:none}a:hover{text-decoration:underline}
.legend span,.how{display:inline-block;border-radius:3px;padding:0 .5em;font-size:.82rem;white-space:nowrap}
.legend span{margin:0 .4em .4em 0}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:6px}
table{border-collapse:collapse;width:100%}th,td{border-bottom:1px solid var(--line);padding:.55rem .65rem;
vertical-align:top;text-align:left}thead th{background:var(--head);font-weight:600;min-width:8.2rem}
tbody tr:last-child>*{border-bottom:0}thead .at{display:block;font-weight:400;color:var(--soft);font-size:.82rem}
th.text{font-weight:400;min-width:22rem;max-width:34rem}th.text small{color:var(--soft);display:block}
details summary{cursor:pointer;list-style:none}details summary::-webkit-details-marker{display:none}
details[open] div{margin-top:.4rem;font-size:.86rem;min-width:15rem}
.first{background:#20446b;color:#fff}.verbatim{background:#d6ecd9;color:#124a1d}.shortened{background:#fdedbd;color:#5c4300}
.reworded{background:#fbdcc4;color:#6d2c00}.moved{background:#dfe2fb;color:#2a2f7c}.dropped{background:#f1f2f3;color:#626a71}
.changes{display:block;color:#a01c1c;font-size:.8rem}ins{background:#d6f2db;text-decoration:none}
del{background:#fbdada;text-decoration:line-through}
ol.credits{padding-left:1.3rem}ol.credits li{margin:.35rem 0}.v-lost,.v-changed{color:#a01c1c;font-weight:600}
.v-kept{color:#12651f;font-weight:600}.v-first,.v-own{font-weight:600}
@media print{.scroll{overflow:visible;border:0}body{max-width:none;font-size:11px}}
"""


def page(lines: Sequence[Line], origins: Sequence[Origin]) -> str:
    """Give the whole page; whatever the outlets wrote is escaped, and an address leads on only when it is http(s)."""
    first = origins[0].state
    title = _e(first.article.title)
    parts = [
        f'<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{title}</title>',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<style>{_STYLE}</style></head><body><h1>{title}</h1>",
        f'<p class="about" lang="en">{len(origins)} documents, {len(lines)} paragraphs; first in '
        f"{_e(first.document.outlet)}, {when(first)}. Times in Vietnam, as published and no later than captured. "
        "Open a cell to read its words.</p>",
        _legend(),
        '<div class="scroll"><table><thead><tr><th lang="en">Paragraph, as first printed</th>',
        *(_head(one) for one in origins),
        "</tr></thead><tbody>",
        *(part for line in lines for part in _row(line, origins)),
        '</tbody></table></div><h2 lang="en">Who is credited</h2><ol class="credits" lang="en">',
        *(_credit(one) for one in origins),
        "</ol></body></html>\n",
    ]
    return "".join(parts)


def _e(text: str) -> str:
    return escape(safe(text))


def _legend() -> str:
    named = ((how, sign) for how, sign in MARKS.items() if how)
    return '<p class="legend" lang="en">' + "".join(
        f'<span class="{how}">{_e(sign)} {how}</span>' for how, sign in named
    )


def _link(url: str, text: str) -> str:
    try:
        is_web = urlsplit(url).scheme in ("http", "https")
    except ValueError:
        is_web = False
    return f'<a href="{_e(url)}" rel="noreferrer">{_e(text)}</a>' if is_web else _e(text)


def _head(one: Origin) -> str:
    document = one.state.document
    edits = len(document.versions)
    more = f", {edits} versions" if edits > 1 else ""
    by = "" if one.state.by == "published" else " (captured)"
    return f'<th>{_link(document.url, document.outlet)}<span class="at">{when(one.state)}{by}{more}</span></th>'


def _row(line: Line, origins: Sequence[Origin]) -> Iterator[str]:
    kind = "" if line.kind == "paragraph" else f"<small>{_e(line.kind.replace('_', ' '))}</small>"
    yield f'<tr><th class="text" scope="row">{kind}{_e(line.text)}</th>'
    for one in origins:
        yield f"<td>{_cell(line.text, line.cells[one.state.document.id])}</td>"
    yield "</tr>"


def _cell(text: str, cell: Cell) -> str:
    if not cell.how:
        return ""
    beside = ", moved" if cell.is_moved and cell.how != "moved" else ""
    told = f'<span class="how {cell.how}">{_e(MARKS[cell.how])} {cell.how}{beside}</span>'
    if cell.changes:
        told += f'<span class="changes" lang="en">{_e(", ".join(cell.changes))} changed</span>'
    if cell.how not in ("shortened", "reworded"):
        return told
    return f"<details><summary>{told}</summary><div>{''.join(_compared(text, cell.text))}</div></details>"


def _compared(old: str, new: str) -> Iterator[str]:
    """Give the two texts as one, what was taken out and put in marked."""
    left, right = words(old), words(new)
    a = b = 0
    for _, x, _, y, is_equal in runs([word.text for word in left], [word.text for word in right]):
        c, d = (left[x - 1].end if x else 0), (right[y - 1].end if y else 0)
        was, now = old[a:c], new[b:d]
        if is_equal:
            yield _e(now)
        else:
            yield (f"<del>{_e(was)}</del>" if was.strip() else "") + (f"<ins>{_e(now)}</ins>" if now.strip() else "")
        a, b = c, d


def _credit(one: Origin) -> str:
    credit = f" “{_e(one.credit)}”" if one.credit else ""
    told = f'<span class="v-{one.verdict}">{one.verdict}</span>{credit}'
    return f"<li><b>{_e(one.state.document.outlet)}</b>: {told}; {_e(claim(one))}.</li>"
