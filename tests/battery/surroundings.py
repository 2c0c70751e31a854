"""What outlets change around an article that stays as it is: each page fetched again is another, its text the same.

Every change is made by regular expressions on the page's source, apart from what reads it; `MADE` counts them by name.
"""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Callable
from html.entities import codepoint2name
from random import Random
from typing import Any

#: How often each change was made to something.
MADE: Counter[str] = Counter()

_RAW = re.compile(r"(?is)<!--.*?-->|<!doctype[^>]*>|<(script|style|textarea|title|noscript|pre)\b.*?</\1\s*>")
_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9-]*)((?:\s[^<>]*)?)>")
_ATTRIBUTE = re.compile(r"""([^\s=/"'<>]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'<>]+))?""")
_TEXT = re.compile(r"(?<=>)[^<>]+(?=<)")
_LD = re.compile(r"(?is)(<script[^>]*ld\+json[^>]*>)(.*?)(</script>)")
_PARAGRAPH = re.compile(r"(?i)</p>\s*(?=<p[\s>])")
_PLACEHOLDER = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


def changed(page: str, chance: Random) -> str:
    """Give the page with everything around its text changed."""
    page = _LD.sub(lambda found: found[1] + _reordered(found[2], chance) + found[3], page)
    page = _between(page, chance)
    parts, last = [], 0
    for raw in _RAW.finditer(page):
        parts += [_outside(page[last : raw.start()], chance), raw[0]]
        last = raw.end()
    return "".join([*parts, _outside(page[last:], chance), _made("a comment", f"<!-- cached {chance.random()} -->")])


def _made(name: str, text: str) -> str:
    MADE[name] += 1
    return text


def _outside(part: str, chance: Random) -> str:
    part = _TEXT.sub(lambda found: _respelled(found[0], chance), part)
    return _TAG.sub(lambda found: _retagged(found, chance), part)


def _reordered(text: str, chance: Random) -> str:
    def shuffled(value: Any) -> Any:
        if isinstance(value, dict):
            keys = list(value)
            chance.shuffle(keys)
            return {key: shuffled(value[key]) for key in keys}
        return [shuffled(one) for one in value] if isinstance(value, list) else value

    try:
        return _made("JSON-LD keys", json.dumps(shuffled(json.loads(text)), indent=chance.choice((None, 1, 4))))
    except ValueError:
        return text


def _between(page: str, chance: Random) -> str:
    """Put boxes, advertisements, scripts and counters between paragraphs."""
    number = chance.randint(1, 10**6)
    boxes = {
        "a script": f"<script>window.ad{number}=1;</script>",
        "an advertisement": f'<div class="ads-{number % 9}"><ins class="adsbygoogle" data-ad="{number}"></ins></div>',
        "an iframe": f'<iframe src="https://ads.example/{number}"></iframe>',
        "a related box": f'<div class="box-related" id="r{number}"><ul><li><a href="/tin-khac-{number}.htm" '
        f'title="Tin khác {number}">Tin khác số {number} trong ngày</a></li></ul></div>',
    }

    def put(found: re.Match[str]) -> str:
        if chance.random() > 0.3:
            return found[0]
        name = chance.choice([*boxes])
        return found[0] + _made(name, boxes[name])

    page = _PARAGRAPH.sub(put, page)
    counter = f'<div class="comment-count"><span data-count="{number}">{number} bình luận</span></div>'
    return page.replace("</body>", _made("a comment count", counter) + "</body>")


def _respelled(text: str, chance: Random) -> str:
    if not text.strip():
        return _made("space between tags", "\n" * chance.randint(0, 2) + " " * chance.randint(1, 5))
    lead, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    words = re.sub(" ", lambda _: _made("white space", chance.choice((" ", " ", " ", "  ", "\n\t"))), text.strip())
    return lead + "".join(_letter(one, chance) for one in words) + tail


def _letter(one: str, chance: Random) -> str:
    if ord(one) < 0xA0 or chance.random() > 0.05:
        return one
    name = codepoint2name.get(ord(one))
    forms: list[str] = [f"&#{ord(one)};", f"&#x{ord(one):X};", *([f"&{name};"] if name else [])]
    return _made("entities", chance.choice(forms))


def _retagged(found: re.Match[str], chance: Random) -> str:
    tag, said = found[1], found[2]
    closed = said.rstrip().endswith("/")
    pairs = [(pair[1], _value(pair[2])) for pair in _ATTRIBUTE.finditer(said.rstrip().rstrip("/"))]
    if len({name.lower() for name, _ in pairs}) < len(pairs):
        return found[0]
    pairs = [(name, _CHANGES.get(name.lower(), _same)(value, chance)) for name, value in pairs]
    names = {name.lower() for name, _ in pairs}
    if tag.lower() == "img":
        pairs = _lazy(pairs, names)
    if tag.lower() in ("div", "p", "span", "figure", "ul") and "id" not in names and chance.random() < 0.3:
        pairs.append(("id", _made("hashed ids", f"x{chance.getrandbits(32):08x}")))
        pairs.append((f"data-v-{chance.getrandbits(32):08x}", ""))
    if len(pairs) > 1:
        before = list(pairs)
        chance.shuffle(pairs)
        MADE["order of attributes"] += pairs != before
    shown = "".join(f" {name}" if value is None else f" {name}={_quoted(value, chance)}" for name, value in pairs)
    return f"<{tag}{shown}{' /' if closed else ''}>"


def _value(text: str | None) -> str | None:
    if text is None:
        return None
    return text[1:-1] if text[:1] in "\"'" else text


def _quoted(value: str, chance: Random) -> str:
    if '"' not in value and "'" not in value and chance.random() < 0.2:
        return _made("quotes of attributes", f"'{value}'")
    return f'"{value}"' if '"' not in value else f"'{value}'"


def _classes(value: str | None, chance: Random) -> str | None:
    words = (value or "").split()
    before = list(words)
    chance.shuffle(words)
    MADE["order of classes"] += words != before
    if words and chance.random() < 0.2:
        words.append(_made("hashed classes", f"css-{chance.getrandbits(24):06x}"))
    return " ".join(words)


def _tracked(value: str | None, chance: Random) -> str | None:
    if not value or not html.unescape(value).startswith(("http", "//")) or "," in value:
        return value
    return _made("image addresses", f"{value}{'&amp;' if '?' in value else '?'}t={chance.randint(1, 10**9)}")


def _same(value: str | None, chance: Random) -> str | None:
    return value


_CHANGES: dict[str, Callable[[str | None, Random], str | None]] = {
    "class": _classes,
    "data-src": _tracked,
    "data-original": _tracked,
}


def _lazy(pairs: list[tuple[str, str | None]], names: set[str]) -> list[tuple[str, str | None]]:
    if "src" not in names or names & {"data-src", "data-original"}:
        return pairs
    MADE["lazy pictures"] += 1
    moved = [("data-src" if name.lower() == "src" else name, value) for name, value in pairs]
    return [*moved, ("src", _PLACEHOLDER), ("loading", "lazy")] if "loading" not in names else pairs
