"""Boxes of noise made from the selectors that outlets strip: an element that the selector finds, with loud text."""

import re

from lxml import html

LOUD = "ồn ào quá"
_STEP = re.compile(
    r"([\w-]+)|#([\w-]+)|\.([\w-]+)|\[([\w-]+)(?:([\^*~|$]?)=\"?'?([^\]\"']+)\"?'?)?\]|:[\w-]+(?:\([^)]*\))?"
)
_VARIANTS = (
    f"<p>{LOUD} một đoạn trong hộp.</p>",
    f'<h3><a href="/x">Một bài báo khác {LOUD}</a></h3><p>{LOUD} lời dẫn của bài ấy.</p>',
    f'<ul><li><a href="/x">Một bài báo {LOUD}</a></li><li><a href="/y">Lại một bài {LOUD}</a> 1 giờ trước</li></ul>',
    f"{LOUD} chữ không có thẻ nào",
    f'<div><figure><img src="/anh.jpg" alt="{LOUD}"><figcaption>{LOUD} chú thích</figcaption></figure></div>',
)


def boxes(selector: str) -> list[html.HtmlElement]:
    """Give elements that the last step of a selector finds, each with other loud content."""
    return [_box(selector.split(" ")[-1], inside) for inside in _VARIANTS]


def _box(step: str, inside: str) -> html.HtmlElement:
    box = html.Element("div")
    for tag, name, part, attribute, _, value in _STEP.findall(step):
        if tag:
            box.tag = tag
        if name:
            box.set("id", name)
        if part:
            box.set("class", f"{box.get('class', '')} {part}".strip())
        if attribute:
            box.set(attribute, f"{box.get(attribute, '')} {value}".strip())
    for node in html.fragments_fromstring(f"<i></i>{inside}")[1:]:
        if isinstance(node, str):
            box.text = node
        else:
            box.append(node)
    if inside and not inside.startswith("<"):
        box.text = inside
    return box
