"""A diff as a page for reading: two texts side by side, words marked, types named. No scripts."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from archive.change import Diff, Row
from archive.diffview import remarks, summary
from archive.terminal import safe

STYLE = """
:root{--ink:#1c2024;--soft:#646b73;--line:#dfe3e6}*{box-sizing:border-box}
body{margin:0 auto;padding:2rem 1.5rem 4rem;max-width:1400px;color:var(--ink);background:#fff;
font:16px/1.55 "Segoe UI","Noto Sans",Roboto,"Helvetica Neue",Arial,sans-serif}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .3rem}h2{font-size:1.1rem;margin:2rem 0 .6rem}
p.about{color:var(--soft);margin:.2rem 0 1.2rem}a{color:#0b57a4}
table{border-collapse:collapse;width:100%;table-layout:fixed}
td,th{vertical-align:top;text-align:left;padding:.3rem .7rem;overflow-wrap:anywhere}
th{border-bottom:2px solid var(--line);font-size:.85rem;color:var(--soft)}
col.mid{width:9.5rem}td.mid{padding:.35rem .2rem}tr.first td{border-top:1px solid var(--line)}
tr.place td{font-weight:600;font-size:.8rem;color:var(--soft);text-transform:uppercase;letter-spacing:.04em;
padding-top:1rem}
tr.equal{color:#70777e}tr.away td{color:var(--soft);font-style:italic}
del{background:#fbdada;color:#8c1515;text-decoration:line-through}ins{background:#d6f2db;color:#0f5420;text-decoration:none}
.tag{display:inline-block;border-radius:3px;padding:0 .45em;margin:0 .25em .2em 0;font-size:.76rem;
background:#e8ecf7;color:#2a2f7c}
.tag.number,.tag.date,.tag.negation{background:#fbdcc4;color:#6d2c00}.tag.name,.tag.place,.tag.attribution,.tag.quotation{background:#fdedbd;color:#5c4300}
.tag.spelling,.tag.typography{background:#f1f2f3;color:#626a71}.tag.correction{background:#a01c1c;color:#fff}
details summary{cursor:pointer;color:var(--soft)}
@media(max-width:760px){col.mid{width:5rem}body{padding:1rem .5rem;font-size:14px}}
@media print{body{max-width:none;font-size:11px}}
"""


def tag(name: str) -> str:
    """Give a type of change as a small mark."""
    return f'<span class="tag {_e(name.split()[0])}">{_e(name)}</span>'


def _e(text: str) -> str:
    return escape(safe(text))


def head(title: str) -> str:
    """Give a page's beginning with its heading."""
    return (
        f'<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{_e(title)}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<style>{STYLE}</style></head><body><h1>{_e(title)}</h1>"
    )


def page(diff: Diff, title: str, old: str, new: str) -> str:
    """Give the whole page: every sentence, what changed marked; whatever the outlets wrote is escaped."""
    about = f'<p class="about" lang="en">{_e(summary(diff))}</p>'
    return f"{head(title)}{about}{table(diff, old, new)}</body></html>\n"


def table(diff: Diff, old: str, new: str) -> str:
    """Give the two texts as one table, a row a sentence."""
    begin = (
        '<table><colgroup><col><col class="mid"><col></colgroup><thead><tr>'
        f"<th>{_e(old)}</th><th></th><th>{_e(new)}</th></tr></thead><tbody>"
    )
    return begin + "".join(_rows(diff)) + "</tbody></table>"


def _rows(diff: Diff) -> Iterator[str]:
    place = ""
    for row in diff.rows:
        if row.where != place:
            place = row.where
            yield f'<tr class="place" lang="en"><td colspan="3">{_e(place.replace("_", " "))}</td></tr>'
        how = {"equal": "equal", "moved_away": "away"}.get(row.op, "changed")
        first = " first" if row.is_first else ""
        marks = "".join(tag(name) for name in remarks(row))
        left, right = _side(row, is_new=False), _side(row, is_new=True)
        yield f'<tr class="{how}{first}"><td>{left}</td><td class="mid" lang="en">{marks}</td><td>{right}</td></tr>'


def _side(row: Row, *, is_new: bool) -> str:
    if (row.op == "moved_away" and is_new) or (row.op == "moved" and not is_new and row.old == row.new):
        return ""
    text = row.new if is_new else row.old
    if row.op in ("equal", "moved_away"):
        return _e(text)
    name = "ins" if is_new else "del"
    if not row.segments:
        return f"<{name}>{_e(text)}</{name}>" if text else ""
    parts = ((new if is_new else old, is_equal) for old, new, is_equal in row.segments)
    return "".join(_e(part) if is_equal else _marked(part, name) for part, is_equal in parts)


def _marked(part: str, name: str) -> str:
    """Mark a run of words, the white space before it left out."""
    said = part.lstrip()
    return f"{part[: len(part) - len(said)]}<{name}>{_e(said)}</{name}>" if said else part
