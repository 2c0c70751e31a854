"""A quiz's questions and answers stand in a form's labels: made text of the body before it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

#: A poll asks one thing and is furniture; a quiz asks several.
_FEWEST = 2


def open_quiz(parts: list[HtmlElement]) -> bool:
    """Make a quiz's answers list items of the body; False, and nothing touched, when the parts hold none."""
    asked = {node.get("name") for part in parts for node in part.iter("input") if _is_choice(node)}
    if len(asked - {None}) < _FEWEST:
        return False
    for part in parts:
        for form in list(part.iter("form")):
            form.tag = "div"
        for label in list(part.iter("label")):
            label.tag = "li"
    return True


def _is_choice(node: HtmlElement) -> bool:
    return (node.get("type") or "").lower() in ("radio", "checkbox")
