"""Fingerprints: a small, fair sample of a text's 5-syllable shingles, and a digest of each of its paragraphs.

The sample keeps every shingle whose hash falls in the lowest 1/16 (FracMinHash: Irber et al. 2022, "Lightweight
compositional analysis of metagenomes with FracMinHash"), so that whatever two texts share, their samples share in the
same measure. Tokens are the exact forms of `tokens`: lower case, NFC, one tone placement; tones and digits survive.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import xxhash

from archive.tokens import words
from archive.values import Article

#: Syllables in a shingle.
SHINGLE = 5
#: One shingle in so many is kept.
SCALE = 16
#: One shingle in so many is in the sketch, by 32 bits of its hash.
FINE = 4
#: A block of fewer syllables says too little to be told from another's.
SHORTEST_BLOCK = 8

Hashes = npt.NDArray[np.uint64]
Sketch = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What is stored of a text: signed 64-bit numbers, as SQL has them.

    `whole` is the digest of all tokens in order, or None for a text of fewer than 8; `paragraphs` are in page order.
    `sketch` is a finer sample of the shingles, in base64 (`sketched` reads it): not looked up, only held against.
    """

    shingles: tuple[int, ...]
    sketch: str
    paragraphs: tuple[int, ...]
    whole: int | None


def blocks_of(article: Article) -> list[list[str]]:
    """Give the tokens of an article's lead (without the outlet's prefix) and of each block; the title is not text.

    >>> from archive.values import Block, Kind
    >>> article = Article(title="A", lead="(Báo) - Bão số 1", lead_prefix="(Báo) - ", blocks=())
    >>> blocks_of(article)
    [['bão', 'số', '1']]
    """
    texts = [article.lead.removeprefix(article.lead_prefix), *(block.text for block in article.blocks)]
    return [block for block in map(words, texts) if block]


def joined(blocks: list[list[str]]) -> list[str]:
    """Give the tokens of all blocks in one row."""
    return [word for block in blocks for word in block]


def fingerprint(article: Article) -> Fingerprint:
    """Make the fingerprint of an article's text."""
    return fingerprint_of(blocks_of(article))


def fingerprint_of(blocks: list[list[str]]) -> Fingerprint:
    """Make the fingerprint of a text whose blocks were cut into tokens already (`blocks_of`)."""
    whole = joined(blocks)
    hashes = shingle_hashes(whole)
    return Fingerprint(
        shingles=tuple(_sampled(hashes, SCALE).view(np.int64).tolist()),
        sketch=_sketch(hashes),
        paragraphs=tuple(_digest(block) for block in blocks if len(block) >= SHORTEST_BLOCK),
        whole=_digest(["\n", *whole]) if len(whole) >= SHORTEST_BLOCK else None,
    )


def shingle_hashes(row: Sequence[str]) -> Hashes:
    """Give the 64-bit hashes of the shingles in order: xxhash of each token, combined by place, well mixed."""
    if len(row) < SHINGLE:
        return np.empty(0, dtype=np.uint64)
    single = np.fromiter((_token_hash(word) for word in row), dtype=np.uint64, count=len(row))
    count = len(row) - SHINGLE + 1
    combined = np.zeros(count, dtype=np.uint64)
    for place in range(SHINGLE):
        combined = combined * _FACTOR + single[place : place + count]
    return _mixed(combined)


def containment(a: Sequence[str], b: Sequence[str]) -> float:
    """Give the share of a's different shingles that b has too, exactly; 0 when a is shorter than a shingle.

    >>> containment("một hai ba bốn năm sáu".split(), "không một hai ba bốn năm".split())
    0.5
    """
    ours = shingles(a)
    return len(ours & shingles(b)) / len(ours) if ours else 0.0


def shingles(row: Sequence[str]) -> set[tuple[str, ...]]:
    """Give the different shingles of a text."""
    return set(in_order(row))


def in_order(row: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Give the shingles of a text, one after the other."""
    return zip(*(row[place:] for place in range(SHINGLE)), strict=False)


_FACTOR = np.uint64(0x9E3779B97F4A7C15)


def _mixed(values: Hashes) -> Hashes:
    """Mix each number so that its size says nothing of its making (splitmix64's finaliser, Steele et al. 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _sampled(hashes: Hashes, scale: int) -> Hashes:
    return np.unique(hashes[hashes < np.uint64(2**64 // scale)])


def _sketch(hashes: Hashes) -> str:
    low = np.unique(_sampled(hashes, FINE).astype("<u4"))  # the low bits: the high ones are those sampled by
    return b64encode(low.tobytes()).decode("ascii")


def sketched(sketch: str) -> Sketch:
    """Give the sorted 32-bit hashes of a sketch."""
    return np.frombuffer(b64decode(sketch), dtype="<u4")


@lru_cache(maxsize=1 << 17)
def _token_hash(word: str) -> int:
    return xxhash.xxh64_intdigest(word.encode("utf-8"))


def _digest(row: Sequence[str]) -> int:
    """Give a signed 64-bit digest of tokens in order."""
    return int.from_bytes(xxhash.xxh64_digest(" ".join(row).encode("utf-8")), "big", signed=True)
