"""Texts for the benchmarks: real ones when ARCHIVE_REAL_CORPUS names their folder, else made ones, which say less."""

from __future__ import annotations

import gzip
import json
import os
import random
from collections.abc import Iterator
from pathlib import Path

from archive.values import Article, Block, Kind


def real(name: str) -> list[dict[str, str]] | None:
    """Give the rows of a file of the corpus, or None when there is no corpus."""
    folder = os.environ.get("ARCHIVE_REAL_CORPUS")
    if not folder:
        return None
    with gzip.open(Path(folder) / name, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def texts(*, shortest: int) -> tuple[list[str], str]:
    """Give different texts of at least so many syllables, and a line that says where they come from."""
    rows = real("articles.jsonl.gz")
    if rows is None:
        return list(made(2000)), "2,000 made texts (set ARCHIVE_REAL_CORPUS for real ones)"
    long = [row["text"] for row in rows if len(row["text"].split()) >= shortest]
    different = list(dict.fromkeys(long))
    repeats = len(long) - len(different)
    line = f"{len(different):,} real texts of at least {shortest} syllables ({repeats} repeats left out)"
    return different, line


def made(count: int) -> Iterator[str]:
    """Make texts of syllables drawn as unevenly as in speech."""
    chance = random.Random(1)
    starts = ["b", "c", "ch", "d", "đ", "g", "h", "kh", "l", "m", "n", "nh", "ng", "ph", "s", "t", "th", "tr", "v", "x"]
    ends = ["a", "ác", "ai", "an", "àng", "ên", "inh", "ó", "ốt", "ương", "ụ", "ập", "ời", "ều", "ư", "oà", "uý", "iệt"]
    syllables = [start + end for start in starts for end in ends]
    weights = [1 / (1 + place) for place in range(len(syllables))]
    for _ in range(count):
        sentences = (" ".join(chance.choices(syllables, weights, k=chance.randint(8, 30))) for _ in range(18))
        yield " ".join(sentence.capitalize() + "." for sentence in sentences)


def article(text: str, *, parts: int = 1) -> Article:
    """Give a text as an article, cut into so many blocks; its first ten syllables are the title."""
    syllables = text.split()
    size = max(1, -(-len(syllables) // parts))
    cut = [" ".join(syllables[at : at + size]) for at in range(0, len(syllables), size)]
    blocks = tuple(Block(kind=Kind.PARAGRAPH, text=part) for part in cut)
    return Article(title=" ".join(syllables[:10]), blocks=blocks)
