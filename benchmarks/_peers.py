"""The extractors that the benchmark holds beside ours: each gives text and what it tells of title and lead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from _pages import Case

from archive.text import squash
from archive.values import Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an extractor gave: its text line by line, a lead of its own, and the article when it is ours."""

    lines: tuple[str, ...]
    lead: str = ""
    article: Article | None = None


Extractor = Callable[[Case], Told]
_PART = "¶¶"
OURS, BASE = "ours, all fields", "trafilatura"


def extractors() -> dict[str, Extractor]:
    """Give the extractors that are installed; tell of each that is not."""
    wanted = {
        OURS: ("lxml", _ours),
        BASE: ("trafilatura", _trafilatura),
        "trafilatura fast": ("trafilatura", _fast),
        "readability-lxml": ("readability-lxml", _readability),
        "resiliparse": ("resiliparse", _resiliparse),
        "newspaper4k": ("newspaper4k", _newspaper),
        "news-please": ("news-please", _news_please),
    }
    found: dict[str, Extractor] = {}
    for name, (package, make) in wanted.items():
        try:
            print(f"  {name:18} {package} {version(package)}: {make.__doc__}")
            found[name] = make()
        except (PackageNotFoundError, ImportError) as error:
            print(f"  {name:18} skipped, it is not installed ({error})")
    return found


def _lines(text: str | None) -> tuple[str, ...]:
    return tuple(line for line in (text or "").splitlines() if line.strip())


def _ours() -> Extractor:
    """from the bytes received; title, lead, byline, blocks with kind, source line, dates, tags, images"""
    from pipeline.extract import extract
    from pipeline.outlet import generic_outlet, load_outlets

    outlets = load_outlets()

    def run(case: Case) -> Told:
        outlet = outlets.get(case.capture.outlet) or generic_outlet(case.capture.outlet)
        article = extract(case.capture, outlet).article
        if article is None:
            return Told(lines=())
        texts = [article.lead, *(block.text for block in article.blocks), article.source_line]
        return Told(lines=tuple(filter(None, texts)), lead=article.lead, article=article)

    return run


def _trafilatura() -> Extractor:
    """bare_extraction(with_metadata=True), all else default: the baseline"""
    from trafilatura import bare_extraction

    def run(case: Case) -> Told:
        document: Any = bare_extraction(case.html, with_metadata=True)
        return Told(lines=_lines(document.text), lead=document.description or "") if document else Told(lines=())

    return run


def _fast() -> Extractor:
    """extract(fast=True, include_comments=False), text only"""
    from trafilatura import extract

    return lambda case: Told(lines=_lines(extract(case.html, fast=True, include_comments=False)))


def _readability() -> Extractor:
    """Document(html).summary(), its blocks read as lines"""
    from readability import Document  # type: ignore[import-not-found]  # optional

    return lambda case: Told(lines=_blocks(Document(case.html).summary(html_partial=True)))


def _blocks(html: str) -> tuple[str, ...]:
    """Give the text of markup, a line for each innermost block."""
    from lxml import html as markup

    if not html.strip():
        return ()
    blocks = ("p", "div", "li", "h1", "h2", "h3", "h4", "figure", "figcaption", "td", "blockquote", "article", "ul")
    root = markup.fragment_fromstring(html, create_parent=True)
    for node in root.iter(*blocks):
        node.text = _PART + (node.text or "")
        node.tail = _PART + (node.tail or "")
    return tuple(line for part in root.text_content().split(_PART) if (line := squash(part)))


def _resiliparse() -> Extractor:
    """extract_plain_text(main_content=True, list_bullets=False, links=False, alt_texts=False)"""
    from resiliparse.extract.html2text import extract_plain_text  # type: ignore[import-not-found]  # optional

    how = {"main_content": True, "list_bullets": False, "links": False, "alt_texts": False, "comments": False}
    return lambda case: Told(lines=_lines(extract_plain_text(case.html, **how)))


def _newspaper() -> Extractor:
    """Article(language="vi").parse() of the page, nothing fetched"""
    from newspaper import Article as Newspaper  # type: ignore[import-not-found]  # optional

    def run(case: Case) -> Told:
        article = Newspaper(case.capture.url or "https://example.vn/a", language="vi", fetch_images=False)
        article.download(input_html=case.html)
        article.parse()
        return Told(lines=_lines(article.text), lead=article.meta_description or "")

    return run


def _news_please() -> Extractor:
    """NewsPlease.from_html(fetch_images=False)"""
    from newsplease import NewsPlease  # type: ignore[import-not-found]  # optional

    def run(case: Case) -> Told:
        found = NewsPlease.from_html(case.html, url=case.capture.url or "https://example.vn/a", fetch_images=False)
        return Told(lines=_lines(found.maintext), lead=found.description or "")

    return run
