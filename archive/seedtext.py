"""The seed format: an article as text that a person reads, and back (docs/seed-format.md).

Parts stand one a line, separated by one blank line, absent parts left out: title; byline; lead; blocks in page order;
source line. The promise: `render(parse(text)) == text` for every rendered text. What a part was is guessed when text is
read, so kinds, dates, section and tags travel in JSON only (`articlejson`).
"""

from __future__ import annotations

import re

from archive.text import squash
from archive.values import Article, Block, Kind

# A credit that closes a caption: "Ảnh: Sputnik", "(Nguồn: aninews.in)", "Ảnh tư liệu: AFP/TTXVN".
_CREDIT = re.compile(r"(?:Ảnh|Nguồn|Đồ họa|Đồ hoạ|Video|Clip)(?: [^\W\d_]+){0,3}\s?:\s?[^:.!?]{1,60}(?:\.\w+)*\)?\.?$")
_SOURCE = re.compile(r"(?:(?:Theo|Nguồn:?|Tổng hợp)\s\S.{0,70}|\([^()]{2,70}\)|TTXVN\S{0,20}|[\w.]+/Vietnam\+)$")
_PREFIX = re.compile(r"(?:\([^()]{2,30}\)|[A-ZĐ]{2,8}O)\s?[-–—]\s?")
_SENTENCE_END = (".", "!", "?", "…", ":", ";", ",", '"', "”", "»")
# A writer as printed: up to six syllables, the first with a capital, then perhaps an agency in brackets.
_WRITER = re.compile(r"(?:[^\W\d_][\w.'’/+-]*)(?: (?:[-–&|/]|[\w.'’/+-]+|\([^()]{2,30}\))){0,7}$")
_SMALL = {"và", "tổng", "hợp", "dịch", "theo", "ghi", "thực", "hiện", "bài", "ảnh", "từ"}


def byline_line(names: tuple[str, ...]) -> str:
    """Give the writers as one line, empty names left out.

    >>> byline_line(("Minh Phương", " ", "Khánh  Minh"))
    'Minh Phương, Khánh Minh'
    """
    return ", ".join(name for name in (squash(part) for part in ", ".join(names).split(", ")) if name)


def parts(article: Article) -> tuple[tuple[str, str], ...]:
    """Give the comparable parts in seed-format order as (kind, squashed text), absent ones left out.

    Two articles are exactly alike when their parts are equal.

    >>> parts(Article(title="Tin ", lead="", blocks=(Block(kind=Kind.CAPTION, text="Ảnh:  AFP"),)))
    (('title', 'Tin'), ('caption', 'Ảnh: AFP'))
    """
    rows = [("title", article.title), ("byline", byline_line(article.byline)), ("lead", article.lead)]
    rows += [(block.kind.value, block.text) for block in article.blocks]
    rows.append(("source_line", article.source_line))
    return tuple((kind, text) for kind, text in ((kind, squash(text)) for kind, text in rows) if text)


def render(article: Article) -> str:
    r"""Give an article as seed text: NFC, one blank line between parts, one newline at the end, or "".

    >>> render(Article(title="Tin", byline=("Lan", "Hoa"), source_line="Theo RT"))
    'Tin\n\nLan, Hoa\n\nTheo RT\n'
    """
    texts = [text for _, text in parts(article)]
    return "\n\n".join(texts) + "\n" if texts else ""


def _pieces(text: str) -> list[str]:
    """Cut at blank lines; a text without any has one part a line."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    while lines and not squash(lines[0]):
        lines.pop(0)
    while lines and not squash(lines[-1]):
        lines.pop()
    if all(squash(line) for line in lines):
        return [squash(line) for line in lines]
    pieces = [squash(piece) for piece in re.split(r"\n[^\S\n]*\n", "\n".join(lines))]
    return [piece for piece in pieces if piece]


def is_byline(text: str) -> bool:
    """Tell whether a part right below the title looks like the writers' names: capitals, short, no sentence.

    >>> is_byline("Tâm Hằng (TTXVN)"), is_byline("MINH QUÂN"), is_byline("Nga sẵn sàng đàm phán với phương Tây.")
    (True, True, False)
    """
    if len(text) > 90 or text.endswith(_SENTENCE_END):
        return False
    return all(_is_writer(name) for name in text.split(", "))


def _is_writer(name: str) -> bool:
    words = [word for word in re.split(r"[\s()/&|+-]+", name) if word]
    small = [word for word in words if word[0].islower() and word.lower() not in _SMALL]
    return bool(_WRITER.match(name)) and name[0].isupper() and len(words) <= 8 and not small


def is_caption(text: str) -> bool:
    """Tell whether a part closes with a picture's credit.

    >>> is_caption("Tổng thư ký NATO ngày 12.1. Ảnh: Sputnik"), is_caption("Ông Gavrilov. (Nguồn: aninews.in)")
    (True, True)
    >>> is_caption("Nga bác bỏ cáo buộc.")
    False
    """
    return len(text) <= 500 and bool(_CREDIT.search(text))


def is_source_line(text: str) -> bool:
    """Tell whether the last part is a credit to another outlet or agency.

    >>> [is_source_line(line) for line in ("Theo RT", "(TTXVN/Vietnam+)", "Theo ông, Nga sẽ đáp trả.")]
    [True, True, False]
    """
    return len(text) <= 80 and not text.endswith((".", "!", "?", "…")) and bool(_SOURCE.match(text))


def _kind(text: str, *, is_last: bool) -> Kind:
    if is_caption(text):
        return Kind.CAPTION
    if text.startswith(("- ", "• ", "+ ", "* ")):
        return Kind.LIST_ITEM
    is_short = len(text) <= 90 and not text.endswith(_SENTENCE_END)
    return Kind.SUBHEAD if is_short and not is_last and text[0].isupper() else Kind.PARAGRAPH


def parse(text: str) -> Article:
    r"""Read seed text, guessing what each part is.

    The first part is the title. The next is the byline when it looks like names; the next the lead, unless it closes
    with a picture's credit. The last is the source line when it looks like a credit. Between them: a part with a
    picture's credit is a caption, one that begins with a dash or bullet a list item, a short one without a sentence's
    end a subhead, every other a paragraph. A text without blank lines is read as one part a line.

    >>> parse("Tin\n\nMinh Phương\n\n(Dân trí) - Mở đầu.\n\nThân bài.\n\nTheo RT\n").source_line
    'Theo RT'
    """
    rest = _pieces(text)
    title = rest.pop(0) if rest else ""
    byline = rest.pop(0) if len(rest) > 1 and is_byline(rest[0]) else ""
    source = rest.pop() if rest and is_source_line(rest[-1]) else ""
    lead = rest.pop(0) if rest and not is_caption(rest[0]) else ""
    prefix = _PREFIX.match(lead)
    return Article(
        title=title,
        byline=tuple(byline.split(", ")) if byline else (),
        lead=lead,
        lead_prefix=prefix[0] if prefix else "",
        blocks=tuple(Block(kind=_kind(part, is_last=at == len(rest)), text=part) for at, part in enumerate(rest, 1)),
        source_line=source,
    )
