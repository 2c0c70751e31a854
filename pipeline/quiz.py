"""A quiz's questions and answers stand in a form's labels: made text of the body before it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

#: A poll asks one thing and is furniture; a quiz asks several.
_FEWEST = 2


def open_quiz(parts: list[HtmlElement]) -> bool:
    """Make a quiz's answers list items of the body; False, and nothing touched, when the parts hold none."""
    if not any(is_quiz(part) for part in parts):
        return False
    for part in parts:
        for form in list(part.iter("form")):
            form.tag = "div"
        for label in list(part.iter("label")):
            label.tag = "li"
    return True


def is_quiz(part: HtmlElement) -> bool:
    """Tell whether a part of a page asks several questions with answers to choose from."""
    return len({node.get("name") for node in part.iter("input") if _is_choice(node)} - {None}) >= _FEWEST


def _is_choice(node: HtmlElement) -> bool:
    return (node.get("type") or "").lower() in ("radio", "checkbox")
