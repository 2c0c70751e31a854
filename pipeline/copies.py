"""What a page asks of those who keep copies: `noarchive`, in X-Robots-Tag or in a robots meta tag."""

from __future__ import annotations

import re
from collections.abc import Iterable

from archive.values import Capture
from pipeline.jsonld import Said

_WORD = re.compile(r"[a-z-]+")


def is_private(capture: Capture, said: Said) -> bool:
    """Tell whether the answer or its page asks for no copy to be shown, whichever robot it speaks to."""
    headers = [value for name, value in capture.headers if name.lower() == "x-robots-tag"]
    metas = [
        value for name, values in said.meta.items() if name == "robots" or name.endswith("bot") for value in values
    ]
    return asks_noarchive([*headers, *metas])


def asks_noarchive(said: Iterable[str]) -> bool:
    """Tell whether a robots directive (X-Robots-Tag, meta robots) asks for no copy to be shown, to whichever robot.

    >>> asks_noarchive(["index, NOARCHIVE"]), asks_noarchive(["googlebot: noarchive"]), asks_noarchive(["noindex"])
    (True, True, False)
    """
    return any("noarchive" in _WORD.findall(value.lower()) for value in said)
