"""Digests as WARCs state them, `algorithm:value`, in every spelling that is met: base32, hex or base64."""

from __future__ import annotations

import hashlib
from base64 import b32encode, b64encode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

_KNOWN = ("md5", "sha1", "sha256", "sha384", "sha512")


@dataclass(slots=True, kw_only=True)
class Digest:
    """A stated digest, and the hash that is fed with what it is of."""

    algorithm: str
    value: str
    _hash: Any = field(init=False)

    def __post_init__(self) -> None:
        self._hash = hashlib.new(self.algorithm, usedforsecurity=False)

    def update(self, piece: bytes) -> None:
        """Feed the next bytes."""
        self._hash.update(piece)

    def another(self) -> Digest:
        """Give the same stated digest, of something else yet to be fed."""
        return Digest(algorithm=self.algorithm, value=self.value)

    def agrees(self) -> bool:
        """Tell whether what was fed gives the stated value."""
        made: bytes = self._hash.digest()
        if self.value.lower() == made.hex():
            return True
        stated = self.value.rstrip("=")
        spelled = {b64encode(made), urlsafe_b64encode(made)}
        return stated.upper() == _bare(b32encode(made)) or stated in {_bare(one) for one in spelled}


def digest_of(stated: str) -> Digest | None:
    """Read a stated digest; None when there is none or its algorithm is not known.

    >>> empty = digest_of("sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ")
    >>> empty is not None and empty.agrees()
    True
    >>> digest_of("blake3:aa")
    """
    algorithm, _, value = stated.strip().partition(":")
    name = algorithm.strip().lower().replace("-", "")
    return Digest(algorithm=name, value=value.strip()) if name in _KNOWN and value.strip() else None


def _bare(spelled: bytes) -> str:
    return spelled.decode("ascii").rstrip("=")
