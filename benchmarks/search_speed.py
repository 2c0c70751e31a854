"""Search speed: our index beside SQLite FTS5 (bm25) on the same texts in the same run.

FTS5 is asked for the same best ten; ours also counts and makes the snippets' text ready. ARCHIVE_REAL_CORPUS names the
folder of the real texts; BENCHMARK_TEXTS how many to index (default 100,000; a million with BATTERY=full).
"""

from __future__ import annotations

import json
import os
import random
import re
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from statistics import median, quantiles

from _texts import article, texts
from sqlalchemy import insert

from archive import index
from archive.articlejson import to_json
from archive.ask import ask
from archive.folder import Folder
from archive.query import parse
from archive.ranking import ranked
from archive.search import search
from archive.tables import changes, documents, versions
from archive.text import fold
from archive.tokens import tokens

FULL = os.environ.get("BATTERY") == "full"
COUNT = int(os.environ.get("BENCHMARK_TEXTS", "1000000" if FULL else "100000"))
SQL = "SELECT rowid FROM t WHERE t MATCH ? ORDER BY bm25(t) LIMIT 10"
# Ours, and the same for FTS5.
QUERIES = {
    "common word": ("người", "người"),
    "rare word": ("khinh khí cầu", "khinh khí cầu"),
    "two words": ("đàm phán", "đàm AND phán"),
    "two, no marks": ("dam phan", "dam AND phan"),
    "four words": ("kinh tế thế giới", "kinh AND tế AND thế AND giới"),
    "phrase": ('"thành phố"', '"thành phố"'),
    "commonest phrase": ('"của các"', '"của các"'),
    "commonest, no marks": ('"cua cac"', '"cua các"'),
    "near": ('"đàm phán kinh tế"~8', "NEAR(đàm phán kinh tế, 8)"),
    "commonest near": ('"của người"~5', "NEAR(của người, 5)"),
    "prefix": ("đảm*", "đảm*"),
    "short prefix": ("th*", "th*"),
    "by date": ("người", "người"),
}
#: Words ranked, of which FTS5 is the baseline; the rest of the classes have bounds in milliseconds.
RANKED = ("common word", "two words", "four words")


def fill(path: Path, pool: list[str]) -> Folder:
    folder = Folder.open(path, create=True)
    for first in range(0, len(pool), 5000):
        numbers = range(first + 1, min(first + 5000, len(pool)) + 1)
        with folder.write() as connection:
            connection.execute(insert(documents), [_document(number) for number in numbers])
            connection.execute(insert(versions), [_version(number, pool[number - 1]) for number in numbers])
            connection.execute(insert(changes), [{"document_id": number} for number in numbers])
    return folder


def _document(number: int) -> dict[str, object]:
    address = f"https://x/{number}"
    return {"id": number, "name": f"x:{number}", "outlet": "x", "url": address, "first_capture_at": 0}


def _version(number: int, text: str) -> dict[str, object]:
    content = json.dumps(to_json(article(text, parts=8)), ensure_ascii=False)
    told = {"digest": str(number), "captured_at": number * 10**9, "permanent_id": str(number), "content": content}
    return {"document_id": number, "number": 1, **told}


def fts(path: Path, pool: list[str]) -> sqlite3.Connection:
    """Make FTS5's index; it folds all marks, for queries with and without, but not đ."""
    connection = sqlite3.connect(path)
    connection.execute("CREATE VIRTUAL TABLE t USING fts5(text, tokenize='unicode61 remove_diacritics 2')")
    connection.executemany("INSERT INTO t VALUES (?)", [(text,) for text in pool])
    connection.commit()
    return connection


def timed(run: object, times: int = 15) -> list[float]:
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        run()  # type: ignore[operator]  # any call
        taken.append((time.perf_counter() - begun) * 1e3)
    return taken


def row(name: str, ours: list[float], whole: list[float], theirs: list[float]) -> None:
    def p95(taken: list[float]) -> float:
        return quantiles(taken, n=20)[-1]

    figures = [median(ours), p95(ours), median(whole), median(theirs), p95(theirs)]
    bound = f"{p95(theirs) / p95(ours):12.1f}" + (" (wanted >= 20)" if name in RANKED else "")
    print(f"{name:20}" + "".join(f"{figure:9.2f} " for figure in figures) + bound)


def varied(found: list[str]) -> list[str]:
    """Repeat the texts, each time with one syllable in thirty of another text in its place."""
    chance = random.Random(1)
    made = list(found[:COUNT])
    while len(made) < COUNT:
        words, others = chance.choice(found).split(), chance.choice(found).split()
        for at in range(0, len(words), 30):
            words[at] = chance.choice(others)
        made.append(" ".join(words))
    return made


def sizes(index_dir: Path, size: int) -> str:
    """Give the index's files by kind, as shares of the text."""
    kinds: Counter[str] = Counter()
    for part in index_dir.iterdir():
        kinds[part.suffix.lstrip(".")] += part.stat().st_size
    return ", ".join(f"{kind} {held / size:.3f}" for kind, held in kinds.most_common() if held / size > 0.001)


def build(path: Path, pool: list[str]) -> Folder:
    """Index the texts and tell what that cost beside making tokens, and beside FTS5."""
    folder = fill(path / "archive", pool)
    size = sum(len(text.encode()) for text in pool)
    begun = time.process_time()
    for text in pool[:5000]:
        tokens(text)
    baseline = (time.process_time() - begun) * len(pool) / len(pool[:5000])
    begun = time.process_time()
    index.catch_up(folder)
    ours = time.process_time() - begun
    held = sum(part.stat().st_size for part in folder.index_dir.iterdir())
    print(f"CPU of indexing: {ours / baseline:.1f} x making the tokens alone, {len(pool) / ours:,.0f} texts/s")
    print(f"index {held / size:.3f} of the text (wanted < 0.65): {sizes(folder.index_dir, size)}")
    return folder


def command_cpu(path: Path) -> float:
    """Give the seconds of CPU of the whole command on a current index, the least of five."""
    taken = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        words = [sys.executable, "-m", "archive", "search", "đàm phán", "--archive", str(path)]
        subprocess.run(words, check=False, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(taken)


def main() -> None:
    found, line = texts(shortest=100)
    pool = varied(found)
    print(f"{line}; {COUNT:,} indexed; FTS5 of SQLite {sqlite3.sqlite_version}, unicode61 remove_diacritics 2, bm25")
    with tempfile.TemporaryDirectory() as name:
        path = Path(name)
        folder = build(path, pool)
        theirs = fts(path / "fts.db", pool)
        print(f"whole command on a current index: {command_cpu(folder.path) * 1e3:.0f} ms CPU (wanted < 200)")
        print(f"{'ms':20}{'p50':>9}{'p95':>9}{'whole p50':>10}{'FTS5 p50':>10}{'FTS5 p95':>10}{'FTS5/ours':>12}")
        opened = index.open_index(folder.index_dir)
        searcher = opened.searcher()
        for kind, (query, theirs_query) in QUERIES.items():
            asked = ask(opened.schema, parse(query), [])
            date = kind == "by date"
            best = timed(
                lambda asked=asked, date=date: ranked(
                    searcher, asked, 10, by_date=date, every=False, alike=lambda _: {}
                )
            )
            whole = timed(lambda query=query: search(folder.index_dir, query, limit=10))
            words = re.sub(r"\b(and|near)\b", lambda word: word[0].upper(), fold(theirs_query))
            row(kind, best, whole, timed(lambda words=words: theirs.execute(SQL, (words,)).fetchall(), times=5))
        theirs.close()
        folder.close()


if __name__ == "__main__":
    main()
