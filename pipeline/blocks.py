"""Trafilatura on the prepared body, held against what the page shows: nothing shown is lost, nothing else enters."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from typing import Any

from archive.values import Block, BlockCounts

_MARK = re.compile(r"⟦(\d{1,6})⟧")
#: Beyond this many blocks a page is no article for trafilatura, whose time grows faster than the text.
_MOST = 2000


def prepared(blocks: tuple[Block, ...]) -> str:
    """Give the flat page for trafilatura: one numbered paragraph for each block shown.

    >>> from archive.values import Kind
    >>> prepared((Block(kind=Kind.PARAGRAPH, text="A & B"),))
    '<html><body><article><p>⟦0⟧ A &amp; B</p></article></body></html>'
    """
    lines = "".join(f"<p>⟦{n}⟧ {escape(block.text, quote=False)}</p>" for n, block in enumerate(blocks))
    return f"<html><body><article>{lines}</article></body></html>"


def held(blocks: tuple[Block, ...]) -> BlockCounts:
    """Run trafilatura on the prepared body; count the blocks it kept, those restored, the lines refused."""
    if not blocks or len(blocks) > _MOST:
        return BlockCounts(restored=len(blocks))
    lines = extracted(prepared(blocks)).splitlines()
    numbers = {int(number) for line in lines for number in _MARK.findall(line)}
    kept = len(numbers & set(range(len(blocks))))
    foreign = sum(1 for line in lines if line.strip() and not _is_shown(line, blocks))
    return BlockCounts(trafilatura=kept, restored=len(blocks) - kept, refused=foreign)


def _is_shown(line: str, blocks: tuple[Block, ...]) -> bool:
    found = _MARK.search(line)
    if found:
        return int(found[1]) < len(blocks)
    return any(line.strip() in block.text for block in blocks)


@cache
def _options() -> Any:
    # Made once: to read its own configuration takes trafilatura longer than many a page.
    from trafilatura.settings import Extractor

    return Extractor(
        output_format="python",
        fast=True,
        comments=False,
        tables=True,
        links=False,
        images=False,
        formatting=False,
        dedup=False,
    )


def extracted(html: str) -> str:
    """Give the text that trafilatura finds in a page, a line for each block; nothing where it fails."""
    from trafilatura import bare_extraction

    try:
        found = bare_extraction(html, options=_options())
    except Exception:  # trafilatura raises AssertionError and others on odd pages: our own walk stands
        return ""
    return str(getattr(found, "text", None) or "")
