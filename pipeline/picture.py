"""Pictures: the real address behind a lazy one, and whether two are the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from archive.text import squash
from archive.values import Image

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


def same_picture(images: Sequence[Image]) -> bool:
    """Tell whether the last two pictures are one, whatever size was asked for."""
    return len(images) > 1 and images[-1].url.split("?")[0] == images[-2].url.split("?")[0]
