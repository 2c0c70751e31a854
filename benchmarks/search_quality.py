"""Search quality: queries whose source is known, beside SQLite FTS5 and PostgreSQL on the same texts in the same run.

Of random articles 3 to 6 syllables in a row, and 4 rare ones from anywhere, are asked as typed, without marks, in NFD,
with the other tone placement, and, where a name of several spellings stands among them, with another of these. Told is
how often the source is first, and in the first ten. ARCHIVE_REAL_CORPUS names the folder of the real texts;
BENCHMARK_QUERIES how many queries of each kind (default 1,000); ARCHIVE_TEST_POSTGRES a server to be held beside.
"""

from __future__ import annotations

import os
import random
import re
import sqlite3
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from _texts import texts

from archive import index
from archive.search import Manner, search
from archive.text import fold
from archive.tokens import tokens
from archive.variants import groups, name_at

COUNT = int(os.environ.get("BENCHMARK_QUERIES", "1000"))
Engine = Callable[[str], list[int]]
# The tone mark on the other vowel: what either school prints, the other must find.
_OTHER = {"oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa", "oè": "òe", "oé": "óe", "uý": "úy", "uỷ": "ủy"}
_OTHER |= {new: old for old, new in _OTHER.items()}


def otherwise(query: str) -> str:
    """Place the tones as the other school does."""
    return re.sub("|".join(_OTHER), lambda found: _OTHER[found[0]], query)


def respelled(query: str, chance: random.Random) -> str | None:
    """Spell a name in the query otherwise; None when it has none."""
    row = tokens(query)
    for at, token in enumerate(row):
        name = name_at(row, at, query[token.start : token.end])
        if name is not None:
            other = chance.choice([one.printed for one in groups()[name.group] if one.printed != name.printed])
            return query[: token.start] + other + query[row[at + len(name.row) - 1].end :]
    return None


KINDS: dict[str, Callable[[str], str]] = {
    "as typed": str,
    "without marks": fold,
    "NFD": lambda query: unicodedata.normalize("NFD", query),
    "other tone placement": otherwise,
}


def in_a_row(text: str, chance: random.Random) -> str:
    """Take 3 to 6 syllables in a row."""
    row = tokens(text)
    length = chance.randint(3, 6)
    at = chance.randrange(max(1, len(row) - length))
    return " ".join(text[token.start : token.end] for token in row[at : at + length])


def rare(text: str, chance: random.Random, known: Counter[str]) -> str:
    """Take 4 of the text's 12 rarest syllables, in any order."""
    found = sorted({token.text: token for token in tokens(text)}.values(), key=lambda token: known[token.text])[:12]
    return " ".join(text[token.start : token.end] for token in chance.sample(found, min(4, len(found))))


def ours(path: Path, pool: list[str]) -> Engine:
    from search_speed import fill

    folder = fill(path / "archive", pool)
    index.catch_up(folder)
    folder.close()
    index_dir = folder.index_dir
    plain = Manner(fold=False)
    return lambda query: [int(hit.document[2:]) - 1 for hit in search(index_dir, query, manner=plain).hits]


def fts5(path: Path, pool: list[str]) -> Engine:
    connection = sqlite3.connect(path / "fts.db")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5(text, tokenize='unicode61 remove_diacritics 2')")
    connection.executemany("INSERT INTO t VALUES (?)", [(text,) for text in pool])
    sql = "SELECT rowid FROM t WHERE t MATCH ? ORDER BY bm25(t) LIMIT 10"

    def run(query: str) -> list[int]:
        words = " ".join(f'"{word}"' for word in re.findall(r"[^\W_]+(?:[\u0300-\u036f]+\w*)*", query))
        return [row[0] - 1 for row in connection.execute(sql, (words,))] if words else []

    return run


@contextmanager
def postgres(pool: list[str]) -> Iterator[Engine | None]:
    """Hold PostgreSQL `simple` + `unaccent` beside, when ARCHIVE_TEST_POSTGRES names a server."""
    url = os.environ.get("ARCHIVE_TEST_POSTGRES")
    if not url:
        print("PostgreSQL is left out: ARCHIVE_TEST_POSTGRES names no server")
        yield None
        return
    import psycopg

    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        try:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS unaccent")
        except psycopg.Error as error:
            print(f"PostgreSQL is left out: {error}")
            yield None
            return
        cursor.execute("CREATE TEMP TABLE t (id int, words tsvector)")
        with cursor.copy("COPY t (id) FROM STDIN") as copy:
            for number in range(len(pool)):
                copy.write_row((number,))
        insert = "UPDATE t SET words = to_tsvector('simple', unaccent(%s)) WHERE id = %s"
        cursor.executemany(insert, [(text, number) for number, text in enumerate(pool)])
        cursor.execute("CREATE INDEX ON t USING gin (words)")
        yield lambda query: _asked(cursor, query)


def _asked(cursor: Any, query: str) -> list[int]:
    cursor.execute(
        "SELECT id FROM t, plainto_tsquery('simple', unaccent(%s)) q WHERE words @@ q "
        "ORDER BY ts_rank(words, q) DESC LIMIT 10",
        (query,),
    )
    return [row[0] for row in cursor.fetchall()]


def measure(name: str, asked: list[tuple[int, str]], engines: dict[str, Engine]) -> None:
    """Print of one kind of queries how often each engine has the source first, and in the first ten."""
    figures = []
    for engine in engines.values():
        places = [found.index(source) if source in (found := engine(query)) else None for source, query in asked]
        first, ten = (sum(at == 0 for at in places), sum(at is not None for at in places))
        figures.append(f"{first / len(asked):8.3f}{ten / len(asked):8.3f}" if asked else f"{'-':>8}{'-':>8}")
    print(f"{name:36}{len(asked):6}" + "".join(figures))


def queries(pool: list[str]) -> dict[str, list[tuple[int, str]]]:
    """Draw the queries, the same in every run."""
    chance = random.Random(6)
    sources = [chance.randrange(len(pool)) for _ in range(COUNT)]
    known = Counter(token.text for text in pool for token in tokens(text))
    made: dict[str, list[tuple[int, str]]] = {}
    drawn = {
        "in a row": [(source, in_a_row(pool[source], chance)) for source in sources],
        "4 rare": [(source, rare(pool[source], chance, known)) for source in sources],
    }
    for shape, asked in drawn.items():
        for kind, change in KINDS.items():
            made[f"{shape}, {kind}"] = [(source, change(query)) for source, query in asked]
    made["in a row, a name spelled otherwise"] = list(_with_names(pool, chance))
    return made


def _with_names(pool: list[str], chance: random.Random) -> Iterator[tuple[int, str]]:
    for _ in range(COUNT):
        source = chance.randrange(len(pool))
        for _ in range(20):
            query = respelled(in_a_row(pool[source], chance), chance)
            if query:
                yield source, query
                break


def main() -> None:
    found, line = texts(shortest=100)
    pool = found[: int(os.environ.get("BENCHMARK_TEXTS", str(len(found))))]
    print(f"{line}; {len(pool):,} searched; near-duplicates not folded")
    with tempfile.TemporaryDirectory() as name, postgres(pool) as server:
        path = Path(name)
        engines = {"ours": ours(path, pool), "FTS5": fts5(path, pool)} | ({"PostgreSQL": server} if server else {})
        print(f"{'first, in the first ten':36}{'':6}" + "".join(f"{engine:>16}" for engine in engines))
        for kind, asked in queries(pool).items():
            measure(kind, asked, engines)
    print("wanted: in a row as typed >= .95 in the first ten, without marks within .05 of it")


if __name__ == "__main__":
    main()
