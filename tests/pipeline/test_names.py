"""Elements by their names: the same answers as XPath gives, on every selector of the outlet files."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from lxml.html import HtmlElement, document_fromstring

from pipeline.generic import TEMPLATE
from pipeline.names import Names
from pipeline.outlet import load_outlets
from pipeline.outletfile import _SELECTORS
from pipeline.selector import compiled, split_attribute
from tests.replica.sites import SITES
from tests.replica.stories import load
from tests.replica.world import World

EVENING = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
TAGS, CLASSES = ("div", "p", "a", "h1"), ("a", "b", "a b", " b\ta ", "ab", "a\u00a0b", "")
PIECES = st.sampled_from(
    ["div", ".a", "p.b", "#a", "[id]", "[id=a]", "[id^=a]", "[id*=b]", "div[class*=a]", "*", ".a.b", "[class=a]", "h1"]
)
SELECTORS = st.tuples(PIECES, st.sampled_from([" ", " > ", " + ", ", "]), PIECES).map("".join) | PIECES


def selectors() -> set[str]:
    templates = [TEMPLATE, *(template for outlet in load_outlets().values() for template in outlet.templates)]
    return {split_attribute(css)[0] for one in templates for name in _SELECTORS for css in getattr(one, name)}


@st.composite
def pages(draw: st.DrawFn) -> HtmlElement:
    opened = draw(st.lists(st.tuples(st.sampled_from(TAGS), st.sampled_from(CLASSES), st.booleans()), max_size=12))
    told = "".join(f'<{tag} class="{names}" id="{names}">x{f"</{tag}>" * closed}' for tag, names, closed in opened)
    return document_fromstring(f"<html><body>{told}</body></html>")


@given(pages(), SELECTORS)
def test_names_find_what_xpath_finds(root: HtmlElement, css: str) -> None:
    names, expected = Names(root), tuple(compiled(css)(root))
    assert names.find(css) in (None, expected)
    assert names.may_match(css) or not expected


def test_the_outlets_selectors_find_the_same_in_the_replicas_pages() -> None:
    asked, by_name = selectors(), 0
    world = World(load(), {})
    for piece in world.pieces[::3]:
        root = document_fromstring(world.answer(SITES[piece.outlet], piece.path, EVENING).body)
        names = Names(root)
        for css in asked:
            found = names.find(css)
            by_name += found is not None
            assert found in (None, tuple(compiled(css)(root))), css
    # Nearly all are answered without XPath; else there were no point in it.
    assert by_name > 0.8 * len(asked) * len(world.pieces[::3])


def test_a_selector_that_needs_more_is_left_to_xpath() -> None:
    root = document_fromstring("<html><body><h1 class=a>x</h1><p class=b>y</p></body></html>")
    assert [Names(root).find(css) for css in ("h1 + .b", ".a:not(.b)", ".a, .b", "*")] == [None] * 4
