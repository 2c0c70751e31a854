"""Duplicates: recall on made pairs, pairs found among real stories, cost per document.

The baseline of the same run is comparing token 5-shingles of every pair exactly (stories), and making the tokens of a
text (cost). ARCHIVE_REAL_CORPUS names the folder of the real texts.
"""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Callable
from itertools import combinations

from _texts import article, real, texts
from sqlalchemy import Connection, create_engine, insert

from archive import related
from archive.articlejson import to_json
from archive.fingerprint import shingles
from archive.tables import documents, metadata, versions
from archive.tokens import words
from archive.values import Article

PAIRS = 100
Change = Callable[[list[str], list[str], random.Random], list[str]]


def put(connection: Connection, number: int, content: Article) -> list[related.Relation]:
    row = {"id": number, "name": f"x:{number}", "outlet": "x", "url": "", "first_capture_at": 0}
    connection.execute(insert(documents).values(**row))
    text = json.dumps(to_json(content), ensure_ascii=False)
    known = {"document_id": number, "number": 1, "digest": str(number), "captured_at": 0, "permanent_id": str(number)}
    connection.execute(insert(versions).values(content=text, **known))
    return related.update(connection, number, content)


def replaced(share: float) -> Change:
    """Put another text's sentences in place of some."""

    def change(own: list[str], other: list[str], chance: random.Random) -> list[str]:
        at = set(chance.sample(range(len(own)), max(1, round(share * len(own)))))
        return [other[place % len(other)] if place in at else sentence for place, sentence in enumerate(own)]

    return change


def reworded(share: float) -> Change:
    """Change single syllables."""

    def change(own: list[str], _other: list[str], chance: random.Random) -> list[str]:
        return [" ".join("khác" if chance.random() < share else word for word in s.split()) for s in own]

    return change


def excerpt(share: float) -> Change:
    """Keep a run of sentences."""

    def change(own: list[str], _other: list[str], chance: random.Random) -> list[str]:
        size = max(1, round(share * len(own)))
        begin = chance.randint(0, len(own) - size)
        return own[begin : begin + size]

    return change


def renumbered(own: list[str], _other: list[str], _chance: random.Random) -> list[str]:
    return [sentence.translate(str.maketrans("0123456789", "1234567890")) for sentence in own]


CHANGES: dict[str, Change] = {
    **{f"{share:.0%} of sentences replaced": replaced(share) for share in (0.05, 0.1, 0.2, 0.3)},
    **{f"{share:.0%} of syllables changed": reworded(share) for share in (0.02, 0.05, 0.1)},
    "boilerplate of 60 syllables added": lambda own, other, _: [*own, " ".join(" ".join(other).split()[:60])],
    **{f"{share:.0%} excerpt": excerpt(share) for share in (0.3, 0.5)},
    "short copy inside a long page": lambda own, other, _: [*other, *own[: max(1, len(own) // 3)], *other[::-1]],
    "sentences reordered": lambda own, _, chance: chance.sample(own, len(own)),
    "numbers changed": renumbered,
}


def made_pairs(pool: list[str]) -> None:
    chance = random.Random(3)
    print(f"\n{'made pairs':36} {'recall':>7} {'run>=75':>8}  kinds")
    for name, change in CHANGES.items():
        found, long, kinds = [], [], Counter[str]()
        engine = create_engine("sqlite://")
        metadata.create_all(engine)
        with engine.begin() as connection:
            for number in range(PAIRS):
                own, other = (text.split(". ") for text in chance.sample(pool, 2))
                changed = ". ".join(change(own, other, chance))
                put(connection, 2 * number + 1, article(". ".join(own)))
                hits = [r for r in put(connection, 2 * number + 2, article(changed)) if r.b == 2 * number + 1]
                found.append(bool(hits))
                kinds.update(hit.kind for hit in hits)
                if longest_run(words(". ".join(own)), words(changed)) >= 75:
                    long.append(bool(hits))
        engine.dispose()
        share = f"{sum(long) / len(long):8.3f}" if long else "       –"
        print(f"{name:36} {sum(found) / len(found):7.3f} {share}  {dict(kinds)}")


def longest_run(ours: list[str], theirs: list[str]) -> int:
    both = shingles(ours) & shingles(theirs)
    longest = run = 0
    for at in range(len(ours) - 4):
        run = run + 1 if tuple(ours[at : at + 5]) in both else 0
        longest = max(longest, run)
    return longest + 4 if longest else 0


def stories() -> None:
    rows = real("stories-80.jsonl.gz")
    if rows is None:
        print("\nstories: skipped, ARCHIVE_REAL_CORPUS is not set")
        return
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.begin() as connection:
        found = [r for n, row in enumerate(rows) for r in put(connection, n + 1, article(row["text"], parts=4))]
    engine.dispose()
    sets = [shingles(words(row["text"])) for row in rows]
    wanted = {
        (a, b)
        for a, b in combinations(range(len(rows)), 2)
        if min(len(sets[a]), len(sets[b])) and len(sets[a] & sets[b]) >= 0.3 * min(len(sets[a]), len(sets[b]))
    }
    pairs = {(r.b - 1, r.a - 1) for r in found}
    close = {(r.b - 1, r.a - 1) for r in found if max(r.containment_a_in_b, r.containment_b_in_a) >= 0.3}
    across = [pair for pair in close if rows[pair[0]]["story"] != rows[pair[1]]["story"]]
    print(f"\nstories: of {len(wanted)} pairs with >= .3 of the smaller shared exactly, {len(wanted & pairs)} found")
    print(f"  pairs found in all {len(pairs)}; with >= .3 across stories {len(across)}")


def cost(pool: list[str]) -> None:
    begun = time.process_time()
    for text in pool:
        words(text)
    baseline = time.process_time() - begun
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    times, found = [], 0
    with engine.begin() as connection:
        for number, text in enumerate(pool, 1):
            content = article(text)
            begun = time.process_time()
            found += len(put(connection, number, content))
            times.append(time.process_time() - begun)
        size = connection.exec_driver_sql("SELECT sum(length(hash) + 8) FROM shingles").scalar_one()
    engine.dispose()
    third = len(pool) // 3
    print(f"\ncost over {len(pool):,} texts: {sum(times) / baseline:.1f} x making their tokens", end="; ")
    print(
        "thirds of the run",
        ", ".join(f"{sum(times[n * third : (n + 1) * third]) / third * 1e3:.2f} ms" for n in range(3)),
    )
    print(
        f"  {found} relations; at most {max(times) * 1e3:.0f} ms; {size / len(pool):.0f} bytes of shingles a document"
    )


def main() -> None:
    pool, line = texts(shortest=100)
    settings = f"common > {related.COMMON}, rare <= {related.RARE}, confirmed <= {related.CONFIRMED}"
    print(f"{line}; FracMinHash 1/16 of 5-shingles, {settings}; {PAIRS} pairs a kind")
    made_pairs(pool)
    stories()
    cost(pool[:4000])


if __name__ == "__main__":
    main()
