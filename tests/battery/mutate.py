"""Pages broken in every way that editors, servers and lines break them; the same for the same seed."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

_TAG = re.compile(r"<[a-zA-Z][^<>]{0,300}>")
_END = re.compile(r"</[a-zA-Z0-9]+>")
_ENTITIES = (
    "&#0;",
    "&#1;",
    "&#55357;",
    "&#65535;",
    "&#x1F;",
    "&#150;",
    "&amp;amp;",
    "&",
    "&#",
    "&nbsp",
    "&zzz;",
    "&#9999999999;",
)
_GARBAGE = (
    '"',
    "'",
    "<",
    "=",
    ' style="',
    " x='>'",
    " \x00=1",
    ' class="related',
    " onclick=>",
    ' hidden=""',
    " =",
    "/",
)
_TAGS = ("div", "b", "p", "table", "tr", "ul", "li", "blockquote", "figure", "span", "font", "a", "h2", "svg", "select")
_OPENERS = (
    "<script>",
    "<!--",
    "<style>",
    "<textarea>",
    "<plaintext>",
    "<title>",
    "<![CDATA[",
    "<table><tr>",
    "<noscript>",
)
_CHARSETS = ("utf-16", "utf-16-le", "cp1258", "cp1252", "latin-1", "utf-8-sig", "utf-32", "utf-7")
_SAID = ("utf-8", "windows-1258", "utf-16", "iso-8859-1", "big5", "viscii", "x-unknown", "idna", "rot13", "")
#: A page grows no larger than this (characters): what is larger is refused before it is read.
LARGEST = 2_000_000


def _range(text: str, chance: Random, longest: int = 3000) -> tuple[int, int]:
    begin = chance.randrange(len(text) + 1)
    return begin, min(len(text), begin + chance.randint(1, longest))


def _insert(text: str, chance: Random, what: str) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + what + text[at:]


def cut(text: str, chance: Random) -> str:
    begin, end = _range(text, chance)
    return text[:begin] + text[end:]


def cut_short(text: str, chance: Random) -> str:
    return text[: chance.randint(len(text) // 3, len(text))]


def duplicate(text: str, chance: Random) -> str:
    begin, end = _range(text, chance)
    return _insert(text, chance, text[begin:end] * chance.randint(1, 5))


def swap(text: str, chance: Random) -> str:
    begin, middle = _range(text, chance)
    end = min(len(text), middle + chance.randint(1, 3000))
    return text[:begin] + text[middle:end] + text[begin:middle] + text[end:]


def nest(text: str, chance: Random) -> str:
    tag, deep = chance.choice(_TAGS), chance.choice((5, 60, 300, 5000))
    return _insert(text, chance, f"<{tag}>" * deep + f"</{tag}>" * chance.choice((0, deep // 2, deep)))


def open_only(text: str, chance: Random) -> str:
    return _insert(text, chance, chance.choice(_OPENERS))


def drop_ends(text: str, chance: Random) -> str:
    share = chance.choice((0.01, 0.1, 0.5))
    return _END.sub(lambda found: "" if chance.random() < share else found[0], text)


def garble_attributes(text: str, chance: Random) -> str:
    share = chance.choice((0.005, 0.05))

    def garbled(found: re.Match[str]) -> str:
        return found[0][:-1] + chance.choice(_GARBAGE) + ">" if chance.random() < share else found[0]

    return _TAG.sub(garbled, text)


def entities(text: str, chance: Random) -> str:
    for _ in range(chance.randint(1, 30)):
        text = _insert(text, chance, chance.choice(_ENTITIES))
    return text


def repeat(text: str, chance: Random) -> str:
    begin, end = _range(text, chance, chance.choice((10, 200, 2000)))
    times = chance.choice((50, 500, 20_000))
    return _insert(text, chance, text[begin:end] * min(times, max(1, (LARGEST - len(text)) // max(1, end - begin))))


def many_attributes(text: str, chance: Random) -> str:
    found = _TAG.search(text, chance.randrange(len(text) + 1))
    if not found:
        return text
    added = "".join(f" a{number}={number}" for number in range(chance.choice((20, 300, 3000))))
    return text[: found.end() - 1] + added + text[found.end() - 1 :]


MUTATIONS: tuple[Callable[[str, Random], str], ...] = (
    cut,
    cut,
    cut_short,
    duplicate,
    duplicate,
    swap,
    nest,
    open_only,
    drop_ends,
    garble_attributes,
    entities,
    repeat,
    many_attributes,
)


def mutated(page: bytes, chance: Random) -> tuple[bytes, str]:
    """Break a page one to eight times, then perhaps its bytes; give it with the Content-Type that a server says."""
    text = page.decode("utf-8", "replace")
    for _ in range(chance.randint(1, 8)):
        text = chance.choice(MUTATIONS)(text, chance)[:LARGEST]
    lies = chance.random() < 0.1
    body = text.encode(chance.choice(_CHARSETS) if lies else "utf-8", "replace")
    if chance.random() < 0.2:
        body = flipped(body, chance)
    said = chance.choice(_SAID) if chance.random() < 0.2 else "utf-8"
    return body, f"text/html; charset={said}"


def flipped(body: bytes, chance: Random) -> bytes:
    """Give bytes with some of them changed."""
    changed = bytearray(body)
    for _ in range(chance.choice((1, 30, 1000))):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)
