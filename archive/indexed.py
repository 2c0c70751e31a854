"""What the full-text index holds of a version: its fields, their tokens, and the part that a search shows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import tantivy

from archive.text import fold
from archive.times import to_us
from archive.tokens import Token, tokens

#: Raised whenever fields or tokens change: an index of another format is built anew.
FORMAT = 2
#: Folded forms carry this character, which no token contains, so that `ban` and `bán` never meet by accident.
FOLDED = "_"
#: Positions left free between two parts of an article, so that no phrase reaches over a paragraph's end.
_GAP = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A version as the index stores and shows it; `parts` are lead, blocks, byline and source line, in that order.

    `last_seen` is the newest capture that shows it; it orders a document's versions in time, and is not stored.
    """

    document: str
    version: int
    outlet: str
    url: str
    title: str
    published: datetime | None
    captured_at: datetime
    lead: str
    parts: tuple[str, ...]
    last_seen: datetime | None = None


def schema() -> tantivy.Schema:
    """Give the index's schema.

    `text` is the whole article; `title` and `lead` stand again in fields of their own, to be asked for and to weigh
    more. `when` is the published time, else the first capture's, `seen` the last capture's, in UTC microseconds. `meta`
    marks the one document that says how far the index has come.
    """
    builder = tantivy.SchemaBuilder()
    for name in ("text", "title", "lead"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="position")
    for name in ("outlet", "meta"):
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
    contained = [part for article in content.get("contained") or () for part in (article["title"], *_parts(article))]
    parts = [*_parts(content), *contained]
    return Entry(
        title=content.get("title") or "",
        lead=content.get("lead") or "",
        published=datetime.fromisoformat(published) if published else None,
        parts=tuple(part for part in parts if part),
        **known,
    )


def _parts(content: dict[str, Any]) -> list[str]:
    blocks = [block["text"] for block in content.get("blocks") or ()]
    byline = ", ".join(content.get("byline") or ())
    return [content.get("lead") or "", *blocks, byline, content.get("source_line") or ""]


def document_of(entry: Entry, *, document_id: int, versions: int) -> tantivy.Document:
    """Make the index's document of an entry; `versions` is how many its document has."""
    made = tantivy.Document()
    made.add_integer("document", document_id)
    made.add_integer("version", entry.version)
    made.add_integer("versions", versions)
    made.add_integer("when", to_us(entry.published or entry.captured_at))
    made.add_integer("seen", to_us(entry.last_seen or entry.captured_at))
    made.add_pre_tokenized_text("text", _tokenised([entry.title, *entry.parts]))
    made.add_pre_tokenized_text("title", _tokenised([entry.title]))
    made.add_pre_tokenized_text("lead", _tokenised([entry.lead]))
    for name in outlet_keys(entry.outlet):
        made.add_text("outlet", name)
    made.add_bytes("entry", _stored(entry))
    return made


def _tokenised(parts: list[str]) -> tantivy.PreTokenizedString:
    """Give the tokens of the parts: each one's folded form and, at the same position, its exact one if it differs."""
    made: list[tantivy.Token] = []
    position, new = 0, tantivy.Token
    for part in parts:
        for text, folded, start, end in tokens(part):
            if text != folded:
                made.append(new(text, position, start, end))
            made.append(new(FOLDED + folded, position, start, end))
            position += 1
        position += _GAP
    return tantivy.PreTokenizedString("", made)


def _stored(entry: Entry) -> bytes:
    values = [entry.document, entry.version, entry.outlet, entry.url, entry.title, entry.lead, list(entry.parts)]
    times = [entry.published.isoformat() if entry.published else None, entry.captured_at.isoformat()]
    return json.dumps([*values, *times], ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def read_entry(stored: bytes) -> Entry:
    """Give the entry that the index stored."""
    document, version, outlet, url, title, lead, parts, published, captured = json.loads(stored)
    return Entry(
        document=document,
        version=version,
        outlet=outlet,
        url=url,
        title=title,
        lead=lead,
        parts=tuple(parts),
        published=datetime.fromisoformat(published) if published else None,
        captured_at=datetime.fromisoformat(captured),
    )
