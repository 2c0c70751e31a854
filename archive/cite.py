"""Citations of a version: by its permanent id, capture time and digest, in the forms that others read.

Formats: plain text, BibTeX (`@online`, biblatex 3), CSL-JSON 1.0.2, and the Wikipedias' templates: `{{cite news}}` and
the Vietnamese `{{chú thích báo}}`.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archive.options import VIETNAM
from archive.values import Article

_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    '"': "''",
}
# A parameter ends at `|`, a template at `}}`; `[` and `<` begin links and tags, `~~~` a signature, `''` italics.
_WIKI = {
    "|": "{{!}}",
    "{": "&#123;",
    "}": "&#125;",
    "[": "&#91;",
    "]": "&#93;",
    "<": "&lt;",
    ">": "&gt;",
    "=": "&#61;",
    "~": "&#126;",
    "'": "&#39;",
    "&": "&amp;",
}
_URL_WIKI = {"|": "%7C", "{": "%7B", "}": "%7D", "[": "%5B", "]": "%5D", "<": "%3C", ">": "%3E", "'": "%27", " ": "%20"}
_URL_TEX = {"\\": "%5C", "{": "%7B", "}": "%7D", " ": "%20", '"': "%22", "%": r"\%", "#": r"\#"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """What a citation says of a version; times are aware, `outlet` is the newspaper's name."""

    permanent_id: str
    document: str
    number: int
    outlet: str
    url: str
    article: Article
    captured_at: datetime
    digest: str
    via: str | None = None


def text(cited: Cited) -> str:
    """Give the citation in plain words, in one line."""
    article = cited.article
    when = f" ({_day(article.published):%d/%m/%Y})" if article.published else ""
    parts = [
        f"{', '.join(article.byline)}{when}." if article.byline or when else "",
        f"“{_title(cited)}”.",
        f"{cited.outlet}.",
        f"{cited.url}.",
        f"Version {cited.number}, captured {_day(cited.captured_at):%d/%m/%Y %H:%M:%S} (UTC+7){_by(cited)},",
        f"{cited.permanent_id}, sha256 {cited.digest}.",
    ]
    return " ".join(part.strip() for part in parts if part.strip())


def bibtex(cited: Cited) -> str:
    """Give the citation as a BibTeX entry: braces balanced, TeX's own characters escaped, names whole."""
    article = cited.article
    fields = {
        "author": " and ".join(f"{{{_tex(name)}}}" for name in article.byline),
        "title": f"{{{_tex(_title(cited))}}}",
        "organization": _tex(cited.outlet),
        "date": f"{_day(article.published):%Y-%m-%d}" if article.published else "",
        "year": f"{_day(article.published):%Y}" if article.published else "",
        "url": _mapped(cited.url, _URL_TEX),
        "urldate": f"{_day(cited.captured_at):%Y-%m-%d}",
        "langid": "vietnamese",
        "note": _tex(_note(cited)),
    }
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@online{{{cited.permanent_id},\n{body}\n}}"


def csl_json(cited: Cited) -> str:
    """Give the citation as CSL-JSON: a list of one item."""
    article = cited.article
    item: dict[str, Any] = {
        "id": cited.permanent_id,
        "type": "article-newspaper",
        "title": _title(cited),
        "container-title": cited.outlet,
        "URL": cited.url,
        "language": "vi",
        "accessed": _date(cited.captured_at),
        "version": str(cited.number),
        "note": _note(cited),
    }
    item |= {"author": [{"literal": name} for name in article.byline]} if article.byline else {}
    item |= {"issued": _date(article.published)} if article.published else {}
    return json.dumps([item], ensure_ascii=False, indent=2)


def wikipedia(cited: Cited) -> str:
    """Give the citation as both Wikipedias' templates for newspapers."""
    return f"{_template('cite news', cited, _ENGLISH)}\n{_template('chú thích báo', cited, _VIETNAMESE)}"


STYLES: dict[str, Callable[[Cited], str]] = {
    "text": text,
    "bibtex": bibtex,
    "csl-json": csl_json,
    "wikipedia": wikipedia,
}
_ENGLISH = {"author": "author", "title": "title", "work": "newspaper", "url": "url", "date": "date"}
_ENGLISH |= {"access": "access-date", "language": "language", "id": "id"}
_VIETNAMESE = {"author": "tác giả", "title": "tiêu đề", "work": "báo", "url": "url", "date": "ngày"}
_VIETNAMESE |= {"access": "ngày truy cập", "language": "ngôn ngữ", "id": "id"}


def _template(name: str, cited: Cited, words: dict[str, str]) -> str:
    article = cited.article
    authors = article.byline
    said = {f"{words['author']}{at}": _wiki(author) for at, author in enumerate(authors, 1)}
    if len(authors) == 1:
        said = {words["author"]: _wiki(authors[0])}
    said |= {
        words["title"]: _wiki(_title(cited)),
        words["work"]: _wiki(cited.outlet),
        words["url"]: _mapped(cited.url, _URL_WIKI),
        words["date"]: f"{_day(article.published):%Y-%m-%d}" if article.published else "",
        words["access"]: f"{_day(cited.captured_at):%Y-%m-%d}",
        words["language"]: "vi",
        words["id"]: _wiki(_note(cited)),
    }
    body = " ".join(f"|{key}={value}" for key, value in said.items() if value)
    return f"{{{{{name} {body}}}}}"


def _note(cited: Cited) -> str:
    at = f"{cited.captured_at:%Y-%m-%dT%H:%M:%SZ}"
    return f"{cited.permanent_id}, version {cited.number}, captured {at}{_by(cited)}, sha256 {cited.digest}"


def _by(cited: Cited) -> str:
    return f" via {cited.via}" if cited.via else ""


def _title(cited: Cited) -> str:
    """Give the title, or what stands for one, in one line and without characters that nobody sees."""
    said = (_line(part) for part in (cited.article.title, cited.article.lead))
    return next(filter(None, said), cited.document)


def _line(said: str) -> str:
    shown = (" " if letter.isspace() else letter for letter in said)
    return " ".join("".join(one for one in shown if unicodedata.category(one) not in ("Cc", "Cf", "Cs")).split())


def _day(time: datetime) -> datetime:
    return time.astimezone(VIETNAM)


def _date(time: datetime) -> dict[str, list[list[int]]]:
    day = _day(time)
    return {"date-parts": [[day.year, day.month, day.day]]}


def _tex(said: str) -> str:
    r"""Escape what TeX would obey.

    >>> _tex("50% & {Mỹ}_x")
    '50\\% \\& \\{Mỹ\\}\\_x'
    """
    return _mapped(_line(said), _TEX)


def _wiki(said: str) -> str:
    """Escape what would end a template's parameter, or be read as markup.

    >>> _wiki("A | B}} [[C]]")
    'A {{!}} B&#125;&#125; &#91;&#91;C&#93;&#93;'
    """
    return _mapped(_line(said), _WIKI)


def _mapped(said: str, table: dict[str, str]) -> str:
    return "".join(table.get(letter, letter) for letter in said)
