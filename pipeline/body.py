"""The body as the page shows it: noise cut, every block with its kind, in page order, pictures beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from archive.text import squash
from archive.values import Block, Image, Kind
from pipeline.caption import BREAK, PICTURE, Setting, is_caption, is_lone_caption, lines_of, looks, unmarked
from pipeline.credit import credit_of
from pipeline.grid import holds_table, in_pairs, rows_of, sets_captions, sets_picture, told_in
from pipeline.live import PARTING
from pipeline.noise import SILENT, is_noise_box, is_noise_line
from pipeline.picture import captioned, picture_of, said_of, without_repeats
from pipeline.selector import text_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = _HEADINGS | frozenset(
    "p div section article main aside header footer figure figcaption blockquote ul ol li dl dt dd table tbody "  # noqa: SIM905 - so many names read best as words
    "tr td th pre center hr address details summary fieldset".split()
)
#: What stays a block of its own within a live blog's entry.
_APART = (Kind.CAPTION, Kind.TABLE)
#: Nested deeper than this, an element counts as running text (`page.DEEPEST` keeps pages above it).
_DEEPEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a body shows: its blocks and pictures in page order; an editor's note that stands beside them."""

    blocks: tuple[Block, ...]
    images: tuple[Image, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Elements that a template knows: left out (noise, fields), captions, subheads, those whose text is the article's
    own whatever they are called; a live blog's entries with their times; and the page's address."""

    skipped: frozenset[HtmlElement] = frozenset()
    captions: frozenset[HtmlElement] = frozenset()
    subheads: frozenset[HtmlElement] = frozenset()
    unwrapped: frozenset[HtmlElement] = frozenset()
    entries: Mapping[HtmlElement, str] = field(default_factory=dict)
    base: str = ""


def read_body(roots: Iterable[HtmlElement], marks: Marks) -> Shown:
    """Walk the body's parts in page order and give what they show; parts inside other parts are walked once."""
    walk = _Walk(marks=marks)
    seen: set[HtmlElement] = set()
    for root in roots:
        if root in marks.skipped or any(above in seen for above in root.iterancestors()):
            continue
        seen.add(root)
        walk.below = False
        walk.element(root, Kind.PARAGRAPH, 0)
        walk.flush(Kind.PARAGRAPH)
    kept = without_repeats(walk.blocks, walk.pictures_before, walk.images)
    images = (captioned(image, said) for image, said in zip(walk.images, walk.said, strict=True))
    return Shown(blocks=tuple(kept), images=tuple(images))


@dataclass(slots=True, kw_only=True)
class _Walk:
    """One walk over a body: loose text waits in `loose` until a block begins or ends."""

    marks: Marks
    blocks: list[Block] = field(default_factory=list)
    pictures_before: list[int] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)
    setting: Setting = field(default_factory=Setting)
    below: bool = False
    framed: bool = False

    def element(self, node: HtmlElement, kind: Kind, depth: int) -> None:
        """Walk one block element."""
        tag = node.tag
        if tag == "figcaption" or (node in self.marks.captions and not self._holds_captions(node)):
            self.whole(node, Kind.CAPTION)
        elif node in self.marks.entries:
            self.entry(node, depth)
        elif tag == "table":
            self.table(node, kind, depth)
        else:
            self.children(node, self._kind(node, kind), depth)

    def _kind(self, node: HtmlElement, kind: Kind) -> Kind:
        tag = node.tag
        if tag in _HEADINGS or node in self.marks.subheads:
            return Kind.SUBHEAD
        if node in self.marks.captions or (tag == "figure" and not _frames_table(node)):
            return Kind.CAPTION
        if tag == "blockquote" or node.get("type") == "quote":
            return Kind.QUOTE
        return Kind.LIST_ITEM if tag in ("li", "dt", "dd") else kind

    def _marked(self, node: HtmlElement) -> bool:
        return node in self.marks.captions or node in self.marks.entries

    def _holds_captions(self, node: HtmlElement) -> bool:
        return any(below in self.marks.captions or below.tag == "figcaption" for below in node.iterdescendants())

    def children(self, node: HtmlElement, kind: Kind, depth: int) -> None:
        """Walk what an element holds: its blocks as blocks, its loose text in between as blocks of `kind`."""
        around, self.setting = self.setting, self.setting.within(node)
        self.loose.append(node.text or "")
        for child in node:
            if not isinstance(child.tag, str) or child in self.marks.skipped or self._is_noise(child):
                pass
            elif child.tag == "br":
                self.loose.append(BREAK)
            elif depth < _DEEPEST and (child.tag in _BLOCKS or _holds_blocks(child) or self._marked(child)):
                self.flush(kind)
                self.element(child, kind, depth + 1)
                self.flush(self._kind(child, kind))
            else:
                self.inline(child)
            self.loose.append(child.tail or "")
        if node.tag in _BLOCKS:
            self.flush(kind)
        self.setting = around

    def _is_noise(self, node: HtmlElement) -> bool:
        marks = self.marks
        known = node in marks.unwrapped or node in marks.entries or (node.tag == "p" and node in marks.captions)
        return not known and is_noise_box(node, marks.base)

    def entry(self, node: HtmlElement, depth: int) -> None:
        """Walk a live blog's entry: its running text is one block with the entry's time, before its captions."""
        begin, pictures = len(self.blocks), len(self.images)
        self.children(node, Kind.ENTRY, depth)
        walked = self.blocks[begin:]
        text = " ".join(block.text for block in walked if block.kind not in _APART)
        if self.marks.entries[node]:
            text = text.lstrip(PARTING)
        rest = [pair for pair in zip(walked, self.pictures_before[begin:], strict=True) if pair[0].kind in _APART]
        del self.blocks[begin:], self.pictures_before[begin:]
        if text:
            self.blocks.append(Block(kind=Kind.ENTRY, text=text, time=self.marks.entries[node]))
            self.pictures_before.append(pictures)
        self.blocks += [block for block, _ in rest]
        self.pictures_before += [before for _, before in rest]

    def inline(self, node: HtmlElement) -> None:
        """Take an inline element's text; line breaks, pictures and how the text looks are noted in it."""
        if node.tag == "img":
            self.picture(node)
            return
        before, behind = looks(node)
        self.loose.append(before + (node.text or ""))
        for child in node:
            if isinstance(child.tag, str) and child not in self.marks.skipped and child.tag not in SILENT:
                if child.tag == "br":
                    self.loose.append(BREAK)
                else:
                    parted = " " if child.tag in _BLOCKS else ""
                    self.loose.append(parted)
                    self.inline(child)
                    self.loose.append(parted)
            self.loose.append(child.tail or "")
        self.loose.append(behind)

    def whole(self, node: HtmlElement, kind: Kind) -> None:
        """Take all text of an element as one block."""
        self.flush(kind)
        self.inline(node)
        text, self.loose = unmarked("".join(self.loose)), []
        self.add(kind, squash(text))

    def table(self, node: HtmlElement, kind: Kind, depth: int) -> None:
        """Take a table: one block of rows, unless it only lays out pictures or a box."""
        if holds_table(node):
            self.children(node, Kind.CAPTION if sets_picture(node) else kind, depth)
            return
        rows = rows_of(node)
        filled = sum(1 for row in rows for cell in row if text_of(cell))
        pictures = [img for row in rows for cell in row for img in cell.iter("img")]
        if filled <= (2 if pictures else 1):
            self.children(node, Kind.CAPTION if pictures else kind, depth)
        elif sets_captions(rows):
            for cell in in_pairs(rows):
                self.element(cell, Kind.CAPTION, depth + 1)
        else:
            for named in node.iterchildren("caption"):
                self.whole(named, kind)
            for img in pictures:
                self.picture(img)
            self.loose = []
            self.add(Kind.TABLE, told_in(rows))

    def picture(self, node: HtmlElement) -> None:
        """Note a picture with its real address; placeholders and tracking dots are none."""
        if found := picture_of(node, self.marks.base):
            self.images.append(found)
            self.said.append(said_of(node))
            self.loose.append(PICTURE)
            self.framed = next(node.iterancestors("figure"), None) is not None

    def flush(self, kind: Kind) -> None:
        """End the loose text gathered so far: a block for each part between double line breaks, and for captions."""
        if not self.loose:
            return
        text, self.loose = "".join(self.loose), []
        if not text or (text.isspace() and PICTURE not in text):
            return
        earlier = len(self.images) - text.count(PICTURE)
        for line in lines_of(text):
            self.below = self.below or line.below
            if told := squash(unmarked(line.text)):
                self.add(self._told(kind, line.text, text), told, earlier + line.pictures)

    def _told(self, kind: Kind, line: str, text: str) -> Kind:
        if not self.below or kind not in (Kind.PARAGRAPH, Kind.ENTRY):
            return kind
        captioned = is_caption(line, self.setting, framed=self.framed) or is_lone_caption(text, line)
        return Kind.CAPTION if captioned else kind

    def add(self, kind: Kind, text: str, pictures: int | None = None) -> None:
        """Add a block after so many pictures (all so far), empty ones and the page's labels left out."""
        if not text or is_noise_line(text):
            return
        before = len(self.images) if pictures is None else pictures
        credit = credit_of(text) if kind is Kind.CAPTION else ""
        self.blocks.append(Block(kind=kind, text=text, credit=credit))
        self.pictures_before.append(before)
        self.below = False
        if kind is Kind.CAPTION and before and not self.images[before - 1].caption:
            self.images[before - 1] = replace(self.images[before - 1], caption=text, credit=credit)


def _holds_blocks(node: HtmlElement) -> bool:
    return len(node) > 0 and next(node.iterdescendants(*_BLOCKS), None) is not None


def _frames_table(figure: HtmlElement) -> bool:
    return next(figure.iter("table"), None) is not None and next(figure.iter("img"), None) is None
