"""Pictures: the real address behind a lazy one; a caption printed twice for one picture kept once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from archive.text import squash
from archive.values import Block, Image, Kind
from pipeline.credit import credit_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LAZY = ("data-original", "data-src", "data-lazy-src", "data-lazy", "data-image", "src")
_SOURCES = ("data-srcset", "srcset")


def picture_of(node: HtmlElement, base: str) -> Image | None:
    """Give an img element's picture with its real address; None for placeholders and tracking dots."""
    candidates = [node.get(name) or "" for name in _LAZY]
    candidates += [(node.get(name) or "").split(",")[0].split(" ")[0] for name in _SOURCES]
    found = next((url.strip() for url in candidates if url.strip() and not url.strip().startswith("data:")), "")
    try:
        url = urljoin(base, found) if found else ""
    except ValueError:
        return None
    return Image(url=url, alt=squash(node.get("alt") or "")) if url else None


def captioned(image: Image, said: str) -> Image:
    """Give a picture the caption that only its attribute tells, where none is printed."""
    return image if image.caption or not said else replace(image, caption=said, credit=credit_of(said))


def said_of(node: HtmlElement) -> str:
    """Give the caption that an img element tells in an attribute, for a page's script to show."""
    return squash(node.get("cms-photo-caption") or node.get("data-caption") or "")


def without_repeats(blocks: list[Block], pictures_before: list[int], images: list[Image]) -> list[Block]:
    """Drop a caption printed twice for one picture; the caption stays, whatever the second printing is.

    `pictures_before` tells for each block how many of the pictures stand before it.
    """
    kept: list[Block] = []
    pictures = 0
    for block, before in zip(blocks, pictures_before, strict=True):
        last = kept[-1] if kept else None
        again = last is not None and last.text == block.text and Kind.CAPTION in (last.kind, block.kind)
        if again and (before == pictures or block.kind is not Kind.CAPTION or _same_picture(images[:before])):
            kept[-1] = Block(kind=Kind.CAPTION, text=block.text, credit=credit_of(block.text))
        else:
            kept.append(block)
        pictures = before
    return kept


def _same_picture(images: Sequence[Image]) -> bool:
    """Tell whether the last two pictures are one, whatever size was asked for."""
    return len(images) > 1 and images[-1].url.split("?")[0] == images[-2].url.split("?")[0]
