"""Duplicates: recall on made pairs, pairs found among real stories, cost per document.

The baseline of the same run is comparing token 5-shingles of every pair exactly (stories), and making the tokens of a
text (cost). ARCHIVE_REAL_CORPUS names the folder of the real texts.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations

from _dedup import Finder, finders
from _texts import article, real, texts
from sqlalchemy import Connection, create_engine, insert

from archive import events, related
from archive.articlejson import to_json
from archive.clusters import grouped
from archive.fingerprint import shingles
from archive.tables import documents, metadata, versions
from archive.tokens import words
from archive.values import Article

PAIRS = 60
# Texts up to which the others are run too.
PEERS = 100_000
Change = Callable[[list[str], list[str], random.Random], list[str]]


def put(connection: Connection, number: int, content: Article) -> list[related.Relation]:
    known(connection, number, content)
    return related.update(connection, number, content)


def known(connection: Connection, number: int, content: Article) -> None:
    """Make a document with one version."""
    row = {"id": number, "name": f"x:{number}", "outlet": "x", "url": "", "first_capture_at": 0}
    connection.execute(insert(documents).values(**row))
    text = json.dumps(to_json(content), ensure_ascii=False)
    more = {"document_id": number, "number": 1, "digest": str(number), "captured_at": 0, "permanent_id": str(number)}
    connection.execute(insert(versions).values(content=text, **more))


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


def ours() -> Finder:
    """Give our own way: an archive's database in memory, each text filed as a document."""
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    connection = engine.connect()

    def near(number: int, text: str) -> set[int]:
        return {one.b for one in put(connection, number, article(text))}

    return near


def made_pairs(pool: list[str], peers: dict[str, Callable[[], Finder]]) -> None:
    """Print recall and precision of each finder by kind; a hit is right when a fifth of either text is shared."""
    chance = random.Random(3)
    finders = {"ours": ours, **peers}
    print(f"\n{'made pairs':36}" + "".join(f"{name:>26}" for name in finders))
    print(f"{'':36}" + f"{'recall  run>=75  precise':>26}" * len(finders))
    for name, change in CHANGES.items():
        pairs = []
        for own, other in (chance.sample(pool, 2) for _ in range(PAIRS)):
            pairs.append((own, ". ".join(change(own.split(". "), other.split(". "), chance))))
        long = [longest_run(words(own), words(changed)) >= 75 for own, changed in pairs]
        print(f"{name:36}" + "".join(scored(make(), pairs, long) for make in finders.values()))


def scored(near: Finder, pairs: list[tuple[str, str]], long: list[bool]) -> str:
    """Put all pairs into one index; give recall, recall where at least 75 syllables are shared in a row, precision."""
    texts: dict[int, str] = {}
    found, hits, right = [], 0, 0
    for at, pair in enumerate(pairs):
        for number, text in enumerate(pair, 2 * at + 1):
            near_it = near(number, text)
            hits += len(near_it)
            right += sum(shares_a_fifth(text, texts[other]) for other in near_it)
            texts[number] = text
        found.append(2 * at + 1 in near_it)
    far = [hit for hit, is_long in zip(found, long, strict=True) if is_long]
    share = f"{sum(far) / len(far):8.3f}" if far else f"{'–':>8}"
    return f"{sum(found) / len(found):9.3f} {share} {right / hits if hits else 1:7.3f}"


def shares_a_fifth(one: str, other: str) -> bool:
    """Tell whether two texts share a fifth of either's shingles, or 25 syllables in a row: a passage."""
    a, b = words(one), words(other)
    ours, theirs = shingles(a), shingles(b)
    both = len(ours & theirs)
    return both >= 0.2 * min(len(ours), len(theirs)) or longest_run(a, b) >= 25


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
    same_event(rows)


def same_event(rows: list[dict[str, str]]) -> None:
    """Print B³ (Bagga & Baldwin 1998) of the grouping by event, with its likeness as it is set and around it."""
    at = {n: datetime.strptime(row["time"], "%d/%m/%Y %H:%M").replace(tzinfo=UTC) for n, row in enumerate(rows)}
    told = [replace(article(row["text"], parts=4), title=row["title"]) for row in rows]
    weighed = events.weighed({n: events.signs(one) for n, one in enumerate(told)})
    order = sorted(at, key=lambda n: (at[n], n))
    for likeness in (0.1, events.ALIKE, 0.2):
        groups = grouped(order, events.alike(weighed, at, likeness))
        print(f"  same event at {likeness}: B³ {b_cubed(groups, [row['story'] for row in rows])}")


def b_cubed(groups: list[list[int]], true: list[str]) -> str:
    having = Counter(true)
    same = defaultdict(int, {n: sum(true[n] == true[m] for m in group) for group in groups for n in group})
    precision = sum(same[n] / len(group) for group in groups for n in group) / len(true)
    recall = sum(same[n] / having[true[n]] for n in range(len(true))) / len(true)
    return f"precision {precision:.3f}, recall {recall:.3f}, F {2 * precision * recall / (precision + recall):.3f}"


def padded(pool: list[str], count: int) -> list[str]:
    """Give so many texts: the real ones, then these with their pairs of syllables in another order."""
    chance = random.Random(5)
    texts = pool[:count]
    while len(texts) < count:
        row = pool[len(texts) % len(pool)].split()
        twos = [" ".join(row[at : at + 2]) for at in range(0, len(row), 2)]
        texts.append(" ".join(chance.sample(twos, len(twos))))
    return texts


def cost(texts: list[str], *, sample: int = 0) -> None:
    """Print what a document costs, by thirds of the run, beside making its tokens; `sample` pairs found, to be read."""
    begun = time.process_time()
    for text in texts[:2000]:
        words(text)
    baseline = (time.process_time() - begun) / len(texts[:2000])
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    times: list[float] = []
    pairs: list[related.Relation] = []
    with engine.begin() as connection:
        for number, text in enumerate(texts, 1):
            content = article(text)
            known(connection, number, content)
            begun = time.process_time()
            pairs += related.update(connection, number, content)
            times.append(time.process_time() - begun)
        sizes = "SELECT (SELECT sum(length(hash) + 8) FROM shingles) + (SELECT sum(length(sketch) + 8) FROM sketches)"
        size = connection.exec_driver_sql(sizes).scalar_one()
    engine.dispose()
    third = len(texts) // 3
    parts = [sum(times[n * third : (n + 1) * third]) / third * 1e6 for n in range(3)]
    print(f"\nours, {len(texts):,} texts: {sum(times) / len(times) / baseline:.1f} x making their tokens", end="; ")
    print(f"thirds of the run {', '.join(f'{part:,.0f} µs' for part in parts)} a document, at most {max(times):.2f} s")
    right = sum(shares_a_fifth(texts[one.a - 1], texts[one.b - 1]) for one in pairs)
    told = f"{len(pairs)} relations, {right} of them exactly a fifth or a passage"
    print(f"  {size / len(texts):.0f} bytes a document; {told}")
    for one in random.Random(7).sample(pairs, min(sample, len(pairs))):
        print(f"  {one.kind} {one.containment_a_in_b:.2f} {one.containment_b_in_a:.2f}")
        print(f"    {texts[one.a - 1][:300]}\n    {texts[one.b - 1][:300]}")


def peers_cost(texts: list[str], peers: dict[str, Callable[[], Finder]]) -> None:
    """Print what a document costs the others, by thirds of the run."""
    for name, make in peers.items():
        near, times = make(), []
        for number, text in enumerate(texts, 1):
            begun = time.process_time()
            near(number, text)
            times.append(time.process_time() - begun)
        third = len(texts) // 3
        parts = [sum(times[n * third : (n + 1) * third]) / third * 1e6 for n in range(3)]
        print(f"{name}, {len(texts):,} texts: thirds {', '.join(f'{part:,.0f} µs' for part in parts)} a document")


def main() -> None:
    asked = argparse.ArgumentParser(description="Duplicates: recall, precision and cost, beside other finders.")
    asked.add_argument("sizes", type=int, nargs="*", default=[20_000, 100_000], help="texts in the runs for cost")
    asked.add_argument("--sample", type=int, default=0, help="pairs found among the real texts to print, to be read")
    asked.add_argument("--only", choices=["pairs", "stories", "cost"], help="one part alone")
    wanted = asked.parse_args()
    pool, line = texts(shortest=50)
    settings = f"common > {related.COMMON}, rare <= {related.RARE}, confirmed <= {related.CONFIRMED}"
    print(f"{line}; FracMinHash 1/16 of 5-shingles, {settings}; {PAIRS} pairs a kind")
    peers = finders()
    if wanted.only in (None, "pairs"):
        made_pairs([text for text in pool if len(text.split()) >= 100], peers)
    if wanted.only in (None, "stories"):
        stories()
    if wanted.only in (None, "cost"):
        sizes = [*wanted.sizes, 1_000_000] if os.environ.get("BATTERY") == "full" else wanted.sizes
        for size in sizes:
            cost(padded(pool, size), sample=wanted.sample if size == sizes[0] else 0)
            if size <= PEERS:
                peers_cost(padded(pool, size), peers)


if __name__ == "__main__":
    main()
