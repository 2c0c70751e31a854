"""What the template's selectors, the JSON-LD and the meta tags say of an article, in that order of what is printed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from html import unescape
from typing import TYPE_CHECKING

from archive.text import squash
from pipeline.byline import Byline, agency_in, is_name, read_byline
from pipeline.selector import all_elements, elements, first_value, split_attribute, text_of, value, values
from pipeline.stamps import Stamps, read_stamps

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from pipeline.jsonld import Said
    from pipeline.outlet import Outlet, Template


#: Related links that stand in the lead's own element: `>> Bài khác`.
_RELATED = re.compile(r"\s*(?:>{2,}|»).*$")


#: What sets a writer's name apart from the next; where nothing stands between two, each is a byline.
_NAMED = ("a", "b", "strong")
_BESIDE = re.compile(r"\x03[\x03\s]*\x02")
_UNMARKED = {2: None, 3: None}
#: A paragraph longer than this (characters) goes on with the article.
_SENTENCE = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """All of an article but its body."""

    title: str
    byline: Byline
    lead: str
    lead_prefix: str
    stamps: Stamps
    section: str
    event: str
    tags: tuple[str, ...]
    source_line: str
    agency: str
    own_names: tuple[str, ...]


def read_fields(root: HtmlElement, said: Said, template: Template, outlet: Outlet, *, url: str) -> Fields:
    """Read the fields that a template's selectors find, those of the head where the page prints none."""
    byline = read_byline(_byline_texts(root, template), outlet.own_names)
    # A page that prints only its source has no writer: the head then names who put it online.
    if not byline.authors and not byline.source and (told := read_byline(said.authors(), outlet.own_names)).authors:
        byline = replace(byline, authors=told.authors, raw=byline.raw or told.raw, printed=False)
    source_line = _source_line(first_value(root, template.source_line), byline, outlet)
    lead, prefix = read_lead(root, template)
    return Fields(
        title=read_title(root, said, template),
        byline=byline,
        lead=lead,
        lead_prefix=prefix,
        stamps=read_stamps(root, said, template, outlet, url=url),
        section=first_value(root, template.section) or section_said(said),
        event=first_value(root, template.event),
        tags=split_tags(values(root, template.tags)) or tags_said(said),
        source_line=source_line,
        agency=byline.agency or agency_in(source_line),
        own_names=outlet.own_names,
    )


def read_title(root: HtmlElement, said: Said, template: Template) -> str:
    """Give the printed title; where it is only a picture, what the head says."""
    return first_value(root, template.title) or unescape(said.text("headline") or said.first("og:title", "title"))


def read_lead(root: HtmlElement, template: Template) -> tuple[str, str]:
    """Give the printed lead and its prefix; a place stamp in an element of its own is parted by ` - `."""
    node = next(iter(elements(root, template.lead)), None)
    if node is None:
        return "", ""
    text = _RELATED.sub("", text_of(node))
    place = first_value(node, template.lead_stamp) if template.lead_stamp else ""
    if place and text.startswith(place):
        stamp = f"{place.rstrip(' -–—')} - "
        return stamp + text.removeprefix(place).lstrip(" -–—"), stamp
    return text, prefix_of(text, template.lead_prefix)


def prefix_of(lead: str, pattern: str) -> str:
    """Give the printed prefix of a lead, with the space behind it.

    >>> prefix_of("(Dân trí) - Nga sẵn sàng", r"\\(Dân trí\\)\\s*[-–—]\\s*")
    '(Dân trí) - '
    """
    found = re.match(pattern, lead) if pattern else None
    return found[0] if found else ""


def _source_line(printed: str, byline: Byline, outlet: Outlet) -> str:
    """Give the source line: what its element prints, without the outlet's own name; else the source in the byline."""
    if byline.source and (not printed or byline.source in printed):
        return byline.source
    bare = printed.lstrip(" /|-–—")
    return "" if bare.casefold() in {name.casefold() for name in outlet.own_names} else bare


def _byline_texts(root: HtmlElement, template: Template) -> list[str]:
    return [text for _, text in _bylines(root, template)]


def byline_elements(root: HtmlElement, template: Template) -> list[HtmlElement]:
    """Give the elements that the byline was read from."""
    return [node for node, _ in _bylines(root, template)]


def _bylines(root: HtmlElement, template: Template) -> list[tuple[HtmlElement, str]]:
    """Give the elements and texts of the first byline selector that prints any."""
    foot = template.signoff == "bold"
    bodies = set(elements(root, template.body)) if foot else set()
    for selector in template.byline:
        css, attribute = split_attribute(selector)
        printed = [(node, text) for node in elements(root, (css,)) for text in _printed(node, attribute)]
        # A writer's name at the foot is the last of what may stand to the right.
        signed = [pair for pair in printed if bodies.intersection(pair[0].iterancestors())]
        found = [pair for pair in printed if pair not in signed]
        found += _last_signed([pair for pair in signed if not _stands_within(root, pair[0], template)])
        if found:
            return found
    return []


def _last_signed(signed: list[tuple[HtmlElement, str]]) -> list[tuple[HtmlElement, str]]:
    """Give the last line, or the one above it when that is a name and the last tells what its bearer is."""
    if len(signed) < 2 or is_name(signed[-1][1]) or signed[-2][0].getnext() is not signed[-1][0]:
        return signed[-1:]
    return signed[-2:-1] if is_name(signed[-2][1]) else signed[-1:]


def _printed(node: HtmlElement, attribute: str) -> list[str]:
    """Give the bylines that an element prints: one for each name that is a link or bold and stands right by another."""
    if attribute or next(node.iterdescendants(*_NAMED), None) is None:
        return [text] if (text := value(node, attribute)) else []
    marked = "".join(_with_names_marked(node))
    return [text for part in _BESIDE.split(marked) if (text := squash(part.translate(_UNMARKED)))]


def _with_names_marked(node: HtmlElement) -> Iterator[str]:
    named = node.tag in _NAMED
    yield "\x02" if named else (" " if node.tag in ("div", "p", "br") else "")
    yield node.text or ""
    for child in node:
        if isinstance(child.tag, str):
            yield from _with_names_marked(child)
        yield child.tail or ""
    yield "\x03" if named else (" " if node.tag in ("div", "p") else "")


def _stands_within(root: HtmlElement, node: HtmlElement, template: Template) -> bool:
    """Tell whether what may be a signature stands in a box, or amid the body: then it signs a quotation."""
    around = {node, *node.iterancestors()}
    if any(box in around for box in all_elements(root, template.strip)):
        return True
    body = next((part for part in elements(root, template.body) if part in around and part is not node), None)
    while body is not None and node is not body:
        if any(len(text_of(later)) > _SENTENCE and later.tag == "p" for later in node.itersiblings()):
            return True
        node = node.getparent()
    return False


def section_said(said: Said) -> str:
    """Give the section that the head tells: the first of a comma list."""
    return (said.text("articleSection") or said.first("article:section", "articlesection")).split(",")[0].strip()


def tags_said(said: Said) -> tuple[str, ...]:
    """Give the tags that the head tells, comma lists split; the keywords when they hold all tags and more."""
    tags, news = split_tags(said.meta.get("article:tag", [])), split_tags(said.meta.get("news_keywords", []))
    keywords = news or (split_tags(said.meta.get("keywords", [])) if tags else ())
    fuller = {tag.casefold() for tag in tags} <= {word.casefold() for word in keywords}
    return keywords if fuller else tags


def split_tags(texts: Iterable[str]) -> tuple[str, ...]:
    """Split comma lists, drop marks and repeats.

    >>> split_tags(["#bóng đá,World Cup", "Ukraine,"])
    ('bóng đá', 'World Cup', 'Ukraine')
    """
    parts = (squash(unescape(part)).strip(" #,;") for text in texts for part in re.split("[,;]", text))
    return tuple(dict.fromkeys(part for part in parts if part))


def field_elements(root: HtmlElement, template: Template) -> list[HtmlElement]:
    """Give the elements whose text went into fields, so that none of it is read again as a block."""
    found = byline_elements(root, template)
    for selectors in (template.title, template.lead, template.source_line):
        found += elements(root, selectors)[:1]
    for selectors in (template.published, template.tags):
        for selector in selectors:
            css, attribute = split_attribute(selector)
            found += [] if attribute else elements(root, (css,))
    return found
