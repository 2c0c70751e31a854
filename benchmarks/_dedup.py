"""The near-duplicate finders that the benchmark holds beside ours: each indexes texts and names those near another."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from archive.fingerprint import in_order
from archive.tokens import words

#: Give a text its number: what is near among those given before.
Finder = Callable[[int, str], set[int]]
SIMILAR = 0.5


def finders() -> dict[str, Callable[[], Finder]]:
    """Give the peers that are installed, settings printed; tell of each that is not."""
    wanted: dict[str, tuple[str, Callable[[], Finder]]] = {
        "datasketch LSH": ("datasketch", _datasketch),
        "text-dedup settings": ("datasketch", _text_dedup),
        "rensa": ("rensa", _rensa),
    }
    found = {}
    for name, (package, make) in wanted.items():
        try:
            print(f"  {name:20} {package} {version(package)}: {make.__doc__}")
            make()
            found[name] = make
        except (PackageNotFoundError, ImportError) as error:
            print(f"  {name:20} skipped, it is not installed ({error})")
    return found


def _shingles(text: str) -> list[str]:
    return [" ".join(shingle) for shingle in in_order(words(text))]


def _minhash(permutations: int, threshold: float) -> Finder:
    from datasketch import MinHash, MinHashLSH  # type: ignore[import-not-found]  # optional

    index = MinHashLSH(threshold=threshold, num_perm=permutations)

    def near(number: int, text: str) -> set[int]:
        sketch = MinHash(num_perm=permutations)
        sketch.update_batch([shingle.encode() for shingle in _shingles(text)])
        return _then(index.query(sketch), lambda: index.insert(number, sketch))

    return near


def _then(found: Iterable[Any], insert: Callable[[], Any]) -> set[int]:
    numbers = set(found)
    insert()
    return numbers


def _datasketch() -> Finder:
    """128 permutations, threshold .5, 5-syllable shingles"""
    return _minhash(128, SIMILAR)


def _text_dedup() -> Finder:
    """its minhash defaults: 256 permutations, threshold .7, bands by optimal_param; 5-syllable shingles"""
    return _minhash(256, 0.7)


def _rensa() -> Finder:
    """RMinHash 128 permutations, 32 bands, threshold .5, 5-syllable shingles"""
    from rensa import RMinHash, RMinHashLSH  # type: ignore[import-not-found]  # optional

    index = RMinHashLSH(threshold=SIMILAR, num_perm=128, num_bands=32)

    def near(number: int, text: str) -> set[int]:
        sketch = RMinHash(num_perm=128, seed=42)
        sketch.update(_shingles(text))
        return _then(index.query(sketch), lambda: index.insert(number, sketch))

    return near
