"""Search speed: our index beside SQLite FTS5 (bm25) on the same texts in the same run.

FTS5 is asked for the same best ten; ours also counts and makes the snippets' text ready. ARCHIVE_REAL_CORPUS names the
folder of the real texts; BENCHMARK_TEXTS how many to index (default 6,000).
"""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

from _texts import article, texts
from sqlalchemy import insert

from archive import index
from archive.articlejson import to_json
from archive.ask import ask
from archive.folder import Folder
from archive.query import parse
from archive.search import search
from archive.tables import changes, documents, versions
from archive.text import fold
from archive.tokens import tokens

COUNT = int(os.environ.get("BENCHMARK_TEXTS", "6000"))
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
    "prefix": ("đảm*", "đảm*"),
}


def fill(path: Path, pool: list[str]) -> Folder:
    folder = Folder.open(path, create=True)
    with folder.write() as connection:
        for number, text in enumerate(pool, 1):
            row = {
                "id": number,
                "name": f"x:{number}",
                "outlet": "x",
                "url": f"https://x/{number}",
                "first_capture_at": 0,
            }
            connection.execute(insert(documents).values(**row))
            content = json.dumps(to_json(article(text, parts=8)), ensure_ascii=False)
            known = {
                "document_id": number,
                "number": 1,
                "digest": str(number),
                "captured_at": 0,
                "permanent_id": str(number),
            }
            connection.execute(insert(versions).values(content=content, **known))
            connection.execute(insert(changes).values(document_id=number))
    return folder


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
    print(f"{name:18}" + "".join(f"{figure:10.2f}" for figure in figures) + f"{p95(theirs) / p95(ours):12.1f}")


def main() -> None:
    found, line = texts(shortest=100)
    pool = [found[at % len(found)] + (f" {at}" if at >= len(found) else "") for at in range(COUNT)]
    print(f"{line}; {COUNT:,} indexed; FTS5 of SQLite {sqlite3.sqlite_version}, unicode61 remove_diacritics 2, bm25")
    size = sum(len(text.encode()) for text in pool)
    with tempfile.TemporaryDirectory() as name:
        path = Path(name)
        folder = fill(path / "archive", pool)
        begun = time.process_time()
        for text in pool:
            tokens(text)
        baseline = time.process_time() - begun
        begun = time.process_time()
        index.catch_up(folder)
        ours = time.process_time() - begun
        held = sum(part.stat().st_size for part in folder.index_dir.iterdir())
        begun = time.process_time()
        theirs = fts(path / "fts.db", pool)
        other = time.process_time() - begun
        print(f"CPU of indexing: {ours / baseline:.1f} x making the tokens alone, FTS5 {other / baseline:.1f} x")
        whole_fts = (path / "fts.db").stat().st_size
        print(f"index {held / size:.2f} of the text, which it holds; FTS5 with the text {whole_fts / size:.2f}")
        print(f"{'ms':18}{'p50':>10}{'p95':>10}{'whole p50':>10}{'FTS5 p50':>10}{'FTS5 p95':>10}{'FTS5/ours':>12}")
        opened = index.open_index(folder.index_dir)
        searcher = opened.searcher()
        for kind, (query, theirs_query) in QUERIES.items():
            asked = ask(opened.schema, parse(query), [])
            best = timed(lambda asked=asked: searcher.search(asked.ranked, 10))
            whole = timed(lambda query=query: search(folder.index_dir, query, limit=10))
            words = fold(theirs_query).replace(" and ", " AND ") if "*" not in theirs_query else theirs_query
            row(kind, best, whole, timed(lambda words=words: theirs.execute(SQL, (words,)).fetchall()))
        theirs.close()
        folder.close()


if __name__ == "__main__":
    main()
