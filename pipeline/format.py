"""What kind of article a page is: article, photo, emagazine, video, live, infographic or quiz."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archive.values import Article, Kind
from pipeline.address import path_of
from pipeline.quiz import is_quiz
from pipeline.selector import elements

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from pipeline.jsonld import Said
    from pipeline.outlet import Template

_NAMED = {
    "live": r"live-?blogs?|tuong-thuat(?:-truc-tiep)?|truc-tiep",
    "photo": r"photo-?story|photo-?news|photos?|phong-su-anh|chum-anh|anh|image-gallery|gallery-photo|album",
    "emagazine": r"e-?magazine|d-?magazine|mega-?story|long-?form|emag|e-magazine",
    "infographic": r"info-?graphics?|do-hoa",
    "video": r"videos?|clip|truyen-hinh|video-clip|tv",
    "quiz": r"quiz|trac-nghiem|do-vui",
}
_SAID = {
    "live": r"tường thuật(?: trực tiếp)?|trực tiếp|live",
    "photo": r"ảnh|photo|chùm ảnh|phóng sự ảnh|photo story|photo news|tin ảnh",
    "emagazine": r"e-?magazine|d-?magazine|mega ?story|long-?form",
    "infographic": r"info-?graphics?|đồ họa|đồ hoạ",
    "video": r"video|clip|truyền hình",
    "quiz": r"quiz|trắc nghiệm|đố vui",
}
_TYPES = {"LiveBlogPosting": "live", "ImageGallery": "photo", "Quiz": "quiz", "VideoObject": "video"}
_CLASSES = {
    name: re.compile(rf"(?:^|[\s_-])(?:{pattern})(?:[\s_-]|$)", re.IGNORECASE)
    for name, pattern in _NAMED.items()
    if name not in ("photo", "video")
} | {
    "photo": re.compile(r"photo-?story|phong-su-anh|photo-?news|gallery-detail", re.IGNORECASE),
    "video": re.compile(r"(?:detail|article|page|news)[-_]+video|video[-_]+(?:detail|article|page)", re.IGNORECASE),
}
#: Fewer pictures than this, or more running text (characters), is an article with pictures.
_PICTURES = 4
#: Pictures without any running text are a photo story when there are so many.
_ALONE = 2
_SHORT = 400


def format_of(root: HtmlElement, article: Article, template: Template, said: Said, *, url: str) -> str:
    """Tell what kind of article this is: by its template, its own word, its address, its names, else by its shape."""
    for told in template.formats:
        name, _, selector = told.partition(": ")
        if elements(root, (selector,)):
            return name
    entries = sum(1 for block in article.blocks if block.kind is Kind.ENTRY)
    if entries > 1:
        return "live"
    body = next(iter(elements(root, template.body)), None)
    found = _typed(said) or _addressed(url) or _called(article, said) or _classed(body)
    return found or _shaped(article, root if body is None else body)


def _typed(said: Said) -> str:
    kinds = said.article.get("@type")
    told = kinds if isinstance(kinds, list) else [kinds]
    return next((_TYPES[kind] for kind in told if isinstance(kind, str) and kind in _TYPES), "")


def _addressed(url: str) -> str:
    folders = path_of(url).lower().split("/")[1:-1]
    return _first(_NAMED, folders)


def _called(article: Article, said: Said) -> str:
    label = re.match(
        r"[\[(](?P<label>[^\])]{3,20})[\])]|(?P<plain>Infographics?|E-?magazine|Video)\s*:", article.title, re.I
    )
    labels = [label["label"] or label["plain"]] if label else []
    video = ["video"] if said.first("og:type").lower().startswith("video") else []
    return _first(_SAID, [*labels, article.section, *video])


def _first(patterns: dict[str, str], words: list[str]) -> str:
    for word in words:
        for name, pattern in patterns.items():
            if re.fullmatch(pattern, word.strip(), re.IGNORECASE):
                return name
    return ""


def _classed(body: HtmlElement | None) -> str:
    if body is None:
        return ""
    names = " ".join(node.get("class") or "" for node in (body, *body.iterancestors()))
    return next((name for name, pattern in _CLASSES.items() if pattern.search(names)), "")


def _shaped(article: Article, body: HtmlElement) -> str:
    """Tell a quiz by its choices, a photo story by its pictures with hardly a word between, a video by its player."""
    if is_quiz(body):
        return "quiz"
    running = sum(len(block.text) for block in article.blocks if block.kind is not Kind.CAPTION)
    captions = sum(len(block.text) for block in article.blocks if block.kind is Kind.CAPTION)
    fewest = _PICTURES if running else _ALONE
    if len(article.images) >= fewest and (running < _SHORT or running < captions):
        return "photo"
    if not article.images and running < _SHORT and next(body.iter("video"), None) is not None:
        return "video"
    return "article"


def needs_text(article: Article) -> bool:
    """Tell whether a page of this format is incomplete without a body: a video or a drawing needs only its lead."""
    return article.format not in ("video", "photo", "infographic") or not (article.lead or article.images)
