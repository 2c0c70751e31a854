"""The lists of Vietnamese words (`words.toml`) that the rules of language look up: one editable data file."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources


@lru_cache(maxsize=1)
def _lists() -> dict[str, frozenset[str]]:
    text = (resources.files("archive") / "words.toml").read_text(encoding="utf-8")
    found: dict[str, str] = tomllib.loads(text)
    return {name: frozenset(" ".join(word.split()) for word in said.split(",")) for name, said in found.items()}


def wordlist(name: str) -> frozenset[str]:
    """Give a list of the data file by its name. Raises KeyError when there is none.

    >>> "cho biết" in wordlist("saying")
    True
    """
    return _lists()[name]
