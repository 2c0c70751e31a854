"""What stands in the heads of all outlets: structured data, Open Graph, the document around head and body."""

from __future__ import annotations

import json
from typing import Any

from tests.replica import filler
from tests.replica.pages.parts import Page, a, iso


def ld(*entries: dict[str, Any]) -> str:
    """Print structured data, several as a list; nobody may read an article's body from it, so there is none."""
    data = [{"@context": "http://schema.org", **entry} for entry in entries]
    text = json.dumps(data if len(data) > 1 else data[0], ensure_ascii=False, separators=(",", ":"))
    text = text.replace("</", "<\\/")
    return f'<script type="application/ld+json">{text}</script>'


def news_article(page: Page, *, author: object, publisher: str, **more: object) -> str:
    """Print the NewsArticle that outlets put in the head."""
    return ld(
        {
            "@type": "NewsArticle",
            "mainEntityOfPage": {"@type": "WebPage", "@id": page.url},
            "headline": page.article.title,
            "description": page.article.lead,
            "datePublished": iso(page.published),
            "dateModified": iso(page.modified),
            "author": author,
            "publisher": {"@type": "Organization", "name": publisher},
            **more,
        }
    )


def meta(kind: str, name: str, content: str) -> str:
    """Print a meta element; `kind` is name, property or http-equiv."""
    return f'<meta {kind}="{name}" content="{a(content)}">'


def graph(page: Page, site: str, picture: str) -> str:
    """Print the Open Graph of an article."""
    pairs = {"type": "article", "site_name": site, "title": page.article.title, "url": page.url, "image": picture}
    pairs["description"] = page.article.lead
    return "".join(meta("property", f"og:{name}", content) for name, content in pairs.items())


def document(page: Page, head: str, body: str, *, weight: int, body_tag: str = "<body>", top: str = "") -> str:
    """Put a page together and give it its weight."""
    head, body = filler.padded(head, body, name=page.outlet, url=page.url, weight=weight)
    return (top or '<!DOCTYPE html>\n<html lang="vi">\n') + f"<head>{head}</head>\n{body_tag}{body}</body>\n</html>\n"
