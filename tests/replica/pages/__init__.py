"""The outlets' templates, era by era: a page as a value in, its HTML out."""

from __future__ import annotations

from collections.abc import Callable

from tests.replica.pages import (
    baotintuc,
    cms,
    dantri_2021,
    dantri_2026,
    dantri_emagazine,
    laodong,
    vietgiaitri,
    vietnamplus_old,
    vnexpress,
)
from tests.replica.pages.parts import Page

TEMPLATES: dict[tuple[str, str], Callable[[Page], str]] = {
    ("dantri", "2021"): dantri_2021.render,
    ("dantri", "emagazine"): dantri_emagazine.render,
    ("dantri", "2026"): dantri_2026.render,
    ("laodong", "2021"): laodong.render_2021,
    ("laodong", "2022"): laodong.render_2022,
    ("vietnamplus", "2017"): vietnamplus_old.render_2017,
    ("vietnamplus", "2021"): vietnamplus_old.render_2021,
    ("vietnamplus", "2023"): cms.render_vietnamplus,
    ("baotintuc", "2020"): baotintuc.render,
    ("nhandan", "2023"): cms.render_nhandan,
    ("vnexpress", "2020"): vnexpress.render,
    ("vietgiaitri", "2021"): vietgiaitri.render,
}


def render(page: Page) -> str:
    """Print an article's page in its outlet's template of its era."""
    return TEMPLATES[page.outlet, page.era](page)
