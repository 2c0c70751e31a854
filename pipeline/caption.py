"""Captions that no element calls one: the italic, centred or credited line right under a picture."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pipeline.credit import credit_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

#: What a walk over a body notes in the text that it gathers; `squash` and `str.split` take the first two for spaces.
BREAK, PICTURE = "\x1d", "\x1e"
_SLANTED, _UPRIGHT, _BOLD, _LIGHT = "\x02", "\x03", "\x0e", "\x0f"
_LOOKS = {"em": (_SLANTED, _UPRIGHT), "i": (_SLANTED, _UPRIGHT), "b": (_BOLD, _LIGHT), "strong": (_BOLD, _LIGHT)}
_LOOK = re.compile(f"[{_SLANTED}{_UPRIGHT}{_BOLD}{_LIGHT}]")
_PARTED = re.compile(f"{BREAK}\\s*{BREAK}[\\s{BREAK}]*")
_MARKS = _SLANTED + _UPRIGHT + _BOLD + _LIGHT
_SPACE = f"[^\\S{PICTURE}{BREAK}]|[{_MARKS}]"
#: A picture on a line of its own, and the line breaks around it.
_PICTURED = re.compile(f"(?:^|{BREAK})(?:{_SPACE})*{PICTURE}\\s*|{PICTURE}(?=(?:{_SPACE})*(?:{BREAK}|$))\\s*")
#: No caption is longer than this (characters): a paragraph set in italics may be.
_LONGEST = 500
#: Nor without italics, centring or credit longer than this.
_PLAIN = 200
_LONE = re.compile(
    f"(?:{_SPACE})*{PICTURE}[^\\S{PICTURE}{BREAK}]*{BREAK}[^\\S{BREAK}]*[^\\s{BREAK}][^{BREAK}]*{BREAK}?\\s*$"
)
_SPOKEN = re.compile(r"[-–—“\"].*|.*\?[”\"]?$", re.DOTALL)
_ALIGNED = re.compile(r"text-align\s*:\s*(?P<side>\w+)", re.IGNORECASE)
_ITALIC = re.compile(r"font-style\s*:\s*italic", re.IGNORECASE)
_CENTRED = re.compile(r"(?:^|\s)(?:align-center|text-center|center|aligncenter)(?:\s|$)", re.IGNORECASE)


def looks(node: HtmlElement) -> tuple[str, str]:
    """Give the marks that stand before and behind an element's text: italic, bold, or none."""
    found = _LOOKS.get(node.tag, ("", ""))
    style = node.get("style")
    return _LOOKS["em"] if style and not found[0] and _ITALIC.search(style) else found


def unmarked(text: str) -> str:
    """Take the marks off a text: spaces for line breaks and pictures.

    >>> unmarked("Cầu \\x02mới\\x03")
    'Cầu mới'
    """
    return _LOOK.sub("", text).replace(BREAK, " ").replace(PICTURE, " ")


class Setting(NamedTuple):
    """How the lines of an element are set, by its own word or by what it stands in."""

    centred: bool = False
    slanted: bool = False

    def within(self, node: HtmlElement) -> Setting:
        """Give how an element's own lines are set."""
        style = node.get("style") or ""
        said = _ALIGNED.search(style)
        side = said["side"].lower() if said else (node.get("align") or "").lower()
        centred = self.centred or node.tag == "center" or bool(_CENTRED.search(node.get("class") or ""))
        return Setting(side == "center" if side else centred, self.slanted or looks(node) == _LOOKS["em"])


class Line(NamedTuple):
    """A part of a gathered text, how many of its pictures stand before it, and whether the last is right above."""

    text: str
    pictures: int = 0
    below: bool = False


def lines_of(text: str) -> list[Line]:
    """Part a gathered text at double line breaks, and around a picture on a line of its own at every one.

    >>> [tuple(line) for line in lines_of("Một.\\x1d\\x1dHai,\\x1dba.")]
    [('Một.', 0, False), ('Hai,\\x1dba.', 0, False)]
    >>> [tuple(line) for line in lines_of("Một.\\x1d\\x1e\\x1dHai.\\x1dBa.")]
    [('Một.', 0, False), ('Hai.', 1, True), ('Ba.', 1, False)]
    """
    if PICTURE not in text:
        return [Line(part) for part in (_PARTED.split(text) if BREAK in text else (text,))]
    found: list[Line] = []
    begin = seen = 0
    for picture in [*_PICTURED.finditer(text), None]:
        piece = text[begin : picture.start() if picture else None]
        if begin:
            line, _, piece = piece.strip().partition(BREAK)
            found.append(Line(line, seen, True))
        found += [Line(part, seen) for part in _PARTED.split(piece)]
        if picture:
            begin, seen = picture.end(), seen + text.count(PICTURE, begin, picture.end())
    return found


def is_caption(line: str, setting: Setting, *, framed: bool) -> bool:
    """Tell whether the line right under a picture is its caption, by how it is set and whom it credits.

    `framed` is a picture in a figure, whose caption has an element of its own: under it only italics tell, and what is
    centred and credited. A question or a speech in italics is an interview's.
    """
    text = unmarked(line).strip()
    if not 2 < len(text) < _LONGEST or not any(map(str.isalpha, text)):
        return False
    slanted = setting.slanted or _is_all(line, _SLANTED, _UPRIGHT)
    bold = _is_all(line, _BOLD, _LIGHT)
    credited = bool(credit_of(text))
    if slanted and (credited or not _SPOKEN.match(text)):
        return True
    return (setting.centred and not bold and not slanted and not framed) or (
        credited and (setting.centred or not framed)
    )


def _is_all(line: str, begin: str, end: str) -> bool:
    """Tell whether all words stand between two marks; one of a pair may stand in the line before or behind."""
    missing = line.count(end) - line.count(begin)
    line = begin * max(missing, 0) + line + end * max(-missing, 0)
    return not any(map(str.isalnum, unmarked(re.sub(f"{begin}[^{end}]*{end}", "", line))))


def is_lone_caption(text: str, line: str) -> bool:
    """Tell whether a paragraph is a picture and, on the next line, nothing but few words: its caption."""
    return len(unmarked(line)) < _PLAIN and bool(_LONE.match(text)) and any(map(str.isalpha, line))
