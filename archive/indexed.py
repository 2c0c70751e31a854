"""What the full-text index holds of a version: its fields, their tokens, and the part that a search shows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import tantivy

from archive.text import fold
from archive.times import to_us
from archive.tokens import Token, tokens, year_of

#: Raised whenever fields or tokens change: an index of another format is built anew.
FORMAT = 3
#: Folded forms carry this character, which no token contains, so that `ban` and `bán` never meet by accident.
FOLDED = "_"
#: Parts of an article that a query may name, each a field of the index with positions.
FIELDS = ("title", "lead", "caption", "author", "source", "section", "tag")
#: Positions left free between two parts of an article, so that no phrase reaches over a paragraph's end.
_GAP = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A version as the index takes it; `parts` are lead, blocks, byline and source line, in that order.

    Stored is only what a list of hits needs: the parts are the archive's (`texts`), and most of an index's size. What
    may be asked for alone is in `fields`. `last_seen` is the newest capture that shows it: it orders a document's
    versions in time.
    """

    document: str
    version: int
    outlet: str
    url: str
    title: str
    published: datetime | None
    captured_at: datetime
    lead: str = ""
    parts: tuple[str, ...] = ()
    fields: tuple[tuple[str, tuple[str, ...]], ...] = ()
    last_seen: datetime | None = None


def schema() -> tantivy.Schema:
    """Give the index's schema.

    `text` is the whole article; `FIELDS` stand again in fields of their own, to be asked for, title and lead to weigh
    more. `plain` holds the syllables printed without marks, which come first when so typed. `when` is the published
    time, else the first capture's, `seen` the last capture's, in UTC microseconds. `meta` marks the one document that
    says how far the index has come.
    """
    builder = tantivy.SchemaBuilder()
    for name in ("text", *FIELDS):
        builder.add_text_field(name, tokenizer_name="raw", index_option="position")
    for name in ("outlet", "meta", "plain"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    # Not unsigned: the binding makes signed terms, which delete nothing from an unsigned field, without a word.
    builder.add_integer_field("document", indexed=True, fast=True)
    builder.add_integer_field("version", fast=True)
    builder.add_integer_field("versions", indexed=True, fast=True)
    builder.add_integer_field("when", indexed=True, fast=True)
    builder.add_integer_field("seen", fast=True)
    builder.add_bytes_field("entry", stored=True)
    return builder.build()


def key(token: Token) -> str:
    """Give the term that a typed token looks up: its exact form when it has marks, else the form that fits all.

    >>> [key(token) for token in tokens("đàm phan")]
    ['đàm', '_phan']
    """
    return FOLDED + token.folded if token.text == token.folded else token.text


def is_plain(token: Token) -> bool:
    """Tell whether it is a word printed without any mark.

    >>> [token.text for token in tokens("Nam và năm 2022") if is_plain(token)]
    ['nam']
    """
    return token.text == token.folded and token.text.isalpha()


def outlet_keys(outlet: str) -> list[str]:
    """Give the names under which an outlet is found: its id, and for a host its first label too.

    >>> outlet_keys("dantri"), outlet_keys("Dân trí"), outlet_keys("www.tuoitre.vn")
    (['dantri'], ['dantri'], ['tuoitrevn', 'tuoitre'])
    """
    labels = fold(outlet).removeprefix("www.").split(".")
    names = ["".join(filter(str.isalnum, name)) for name in ("".join(labels), labels[0])]
    return [name for name in dict.fromkeys(names) if name]


def entry_of(content: dict[str, Any], **known: Any) -> Entry:
    """Make the entry of a content (`articlejson`); `known` are document, version, outlet, url and captured_at."""
    published = content.get("published")
    return Entry(
        title=content.get("title") or "",
        lead=content.get("lead") or "",
        published=datetime.fromisoformat(published) if published else None,
        parts=parts_of(content),
        fields=tuple((name, texts) for name, texts in _fields(content).items() if texts),
        **known,
    )


def parts_of(content: dict[str, Any]) -> tuple[str, ...]:
    """Give the parts of a content below its title, in the order in which they are indexed; none is empty."""
    contained = [part for article in content.get("contained") or () for part in (article["title"], *_parts(article))]
    return tuple(part for part in [*_parts(content), *contained] if part)


def _parts(content: dict[str, Any]) -> list[str]:
    blocks = [block["text"] for block in content.get("blocks") or ()]
    byline = ", ".join(content.get("byline") or ())
    return [content.get("lead") or "", *blocks, byline, content.get("source_line") or ""]


def _fields(content: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """Give the texts of the fields beside title and lead; a picture's credit names its author too."""
    blocks = content.get("blocks") or ()
    source = (content.get("source_line") or "", content.get("agency") or "")
    return {
        "caption": tuple(block["text"] for block in blocks if block.get("kind") == "caption"),
        "author": tuple(content.get("byline") or ()),
        "source": tuple(dict.fromkeys(part for part in source if part)),
        "section": tuple(filter(None, [content.get("section") or ""])),
        "tag": tuple(content.get("tags") or ()),
    }


def document_of(entry: Entry, *, document_id: int, versions: int) -> tantivy.Document:
    """Make the index's document of an entry; `versions` is how many its document has."""
    made = tantivy.Document()
    made.add_integer("document", document_id)
    made.add_integer("version", entry.version)
    made.add_integer("versions", versions)
    made.add_integer("when", to_us(entry.published or entry.captured_at))
    made.add_integer("seen", to_us(entry.last_seen or entry.captured_at))
    rows = [tokens(part) for part in (entry.title, *entry.parts)]
    made.add_pre_tokenized_text("text", _tokenised(rows))
    for word in {token.text for row in rows for token in row if is_plain(token)}:
        made.add_text("plain", word)
    for field, texts in (("title", (entry.title,)), ("lead", (entry.lead,)), *entry.fields):
        made.add_pre_tokenized_text(field, _tokenised([tokens(text) for text in texts]))
    for name in outlet_keys(entry.outlet):
        made.add_text("outlet", name)
    made.add_bytes("entry", _stored(entry))
    return made


def _tokenised(rows: Sequence[list[Token]]) -> tantivy.PreTokenizedString:
    """Place the tokens: each one's folded form and, at the same position, its exact one if it differs."""
    made: list[tantivy.Token] = []
    position, new = 0, tantivy.Token
    for row in rows:
        for token in row:
            text, folded, start, end = token
            if text != folded:
                made.append(new(text, position, start, end))
                if "/" in text and (year := year_of(token)):
                    made.append(new(FOLDED + year, position, start, end))
            made.append(new(FOLDED + folded, position, start, end))
            position += 1
        position += _GAP
    return tantivy.PreTokenizedString("", made)


def _stored(entry: Entry) -> bytes:
    values = [entry.document, entry.version, entry.outlet, entry.url, entry.title]
    times = [entry.published.isoformat() if entry.published else None, entry.captured_at.isoformat()]
    return json.dumps([*values, *times], ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def read_entry(stored: bytes) -> Entry:
    """Give the entry that the index stored, without its text."""
    document, version, outlet, url, title, published, captured = json.loads(stored)
    return Entry(
        document=document,
        version=version,
        outlet=outlet,
        url=url,
        title=title,
        published=datetime.fromisoformat(published) if published else None,
        captured_at=datetime.fromisoformat(captured),
    )
