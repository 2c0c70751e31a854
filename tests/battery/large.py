"""A large archive: real texts where ARCHIVE_REAL_CORPUS names their folder, else made ones, filed as pages are."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import chain, islice
from pathlib import Path

from benchmarks._texts import article, made, real
from tests.archive.builds import file, filing

#: Filed at once, so that they are committed together.
_TOGETHER = 16


def texts(count: int) -> Iterator[str]:
    """Give so many different texts: the corpus, then the halves of its texts, then made ones."""
    whole = [row["text"] for row in real("articles.jsonl.gz") or []]
    halves = (part for text in whole for part in (text[: len(text) // 2], text[len(text) // 2 :]))
    different = dict.fromkeys(islice(chain(whole, halves), 2 * count))
    yield from islice(chain(filter(str.strip, different), made(count)), count)


def fill(path: Path, count: int) -> Path:
    """File the texts, every tenth of them edited a day later."""
    with filing(path) as at, ThreadPoolExecutor(_TOGETHER) as pool:

        def one(number: int, text: str, edits: int = 0) -> None:
            names = {"document": f"dantri:{number}", "url": f"https://dantri.com.vn/tin/bai-{number}.htm"}
            after = timedelta(seconds=number, days=edits)
            content = article(text + " Đã sửa." * edits, parts=5)
            file(at, content, after=after, body=text.encode("utf-8", "replace"), **names)

        numbered = list(enumerate(texts(count)))
        list(pool.map(lambda pair: one(*pair), numbered))
        list(pool.map(lambda pair: one(*pair, 1), numbered[::10]))
    return path
