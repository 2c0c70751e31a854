"""Tombstones: what stands in the place of a content that was withdrawn, and keeps its digest.

A version's content and what a capture showed beside it each become `{"withdrawn": DIGEST}`; whatever is computed from
digests (the chain, what `verify` holds against each other) stays as it was.
"""

from __future__ import annotations

from typing import Any

_KEY = "withdrawn"


def tombstone(digest: str) -> dict[str, str]:
    """Give the tombstone of the content that gave this digest.

    >>> tombstone("ab12")
    {'withdrawn': 'ab12'}
    """
    return {_KEY: digest}


def digest_kept(value: Any) -> str:
    """Give the digest that a tombstone keeps, '' when the value is none.

    >>> digest_kept({"withdrawn": "ab12"}), digest_kept({"title": "Tin"})
    ('ab12', '')
    """
    kept = value.get(_KEY, "") if isinstance(value, dict) and len(value) == 1 else ""
    return kept if isinstance(kept, str) else ""
