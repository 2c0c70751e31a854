"""Extraction: ours beside the generic extractors, on the same pages in the same run, warm, in turns.

Real pages: `--pages DIR` (or ARCHIVE_REAL_PAGES) names a folder `<outlet>/<page>.html`, `--truth DIR` one of the true
articles `<outlet>/<page>.json` (title, lead, byline, blocks with kind, source_line). Else the replica's pages.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import time
from pathlib import Path
from statistics import median

from _pages import Case, replica, saved
from _peers import BASE, OURS, Extractor, Told, extractors
from _score import Score, score, total


def timed(found: dict[str, Extractor], cases: list[Case], rounds: int) -> dict[str, list[float]]:
    """Give each extractor's CPU milliseconds a page, round by round; they take turns, and the turn's order too."""
    taken: dict[str, list[float]] = {name: [] for name in found}
    names = list(found)
    for number in range(rounds):
        for name in names[number % len(names) :] + names[: number % len(names)]:
            gc.collect()
            begun = time.process_time()
            for case in cases:
                found[name](case)
            taken[name].append((time.process_time() - begun) / len(cases) * 1e3)
    return taken


def given(run: Extractor, case: Case) -> Told:
    """Run a peer once; a page that it dies of gives nothing."""
    try:
        return run(case)
    except Exception as error:
        print(f"  {case.name[:60]}: {type(error).__name__}: {str(error)[:80]}")
        return Told(lines=())


def usable(found: dict[str, Extractor], cases: list[Case]) -> dict[str, Extractor]:
    """Give the extractors that get through all pages (this warms them, too)."""
    kept = {}
    for name, run in found.items():
        try:
            for case in cases:
                run(case)
            kept[name] = run
        except Exception as error:
            print(f"  {name}: not timed, it fails: {type(error).__name__}: {str(error)[:100]}")
    return kept


def row(name: str, ms: list[float], base: list[float], figures: Score | None) -> str:
    """Give one line of the table."""
    # Round by round against the baseline's own turn in it: a busy moment of the machine hits both.
    ratio = median(theirs / ours for ours, theirs in zip(ms, base, strict=True)) if ms else 0.0
    line = f"{name:18}{median(ms) if ms else 0:9.2f}{ratio:8.2f}"
    if figures is None:
        return line
    shares = "".join(f"{f'{hits}/{of}':>10}" for hits, of in (figures.captions, figures.sources, figures.leads))
    exact = f"{figures.exact}/{figures.pages}" if name == OURS else "-"
    return f"{line}{figures.f1:8.4f}{shares}{f'{figures.exact_text}/{figures.pages}':>11}{exact:>10}"


def table(found: dict[str, Extractor], cases: list[Case], rounds: int) -> None:
    """Print times and figures of all extractors."""
    known = [case for case in cases if case.truth]
    figures = {}
    for name, run in found.items():
        scores = [score(given(run, case), case.truth) for case in known if case.truth]
        figures[name] = total(scores) if scores else None
    taken = timed(usable(found, cases), cases, rounds)
    size = sum(len(case.capture.body) for case in cases) / len(cases) / 1024
    print(f"\n{len(cases)} pages of {size:.0f} KB on average, {len(known)} with truth; {rounds} rounds in turns, warm;")
    print(f"CPU ms a page (median), ratio: {BASE}'s ms by its own; F1 of syllables of lead, blocks, source line")
    heads = {
        "ms": 9,
        "ratio": 8,
        "F1": 8,
        "captions": 10,
        "sources": 10,
        "leads": 10,
        "exact text": 11,
        "all exact": 10,
    }
    print(" " * 18 + "".join(f"{head:>{width}}" for head, width in heads.items()))
    base = taken.get(BASE, [])
    for name in found:
        print(row(name, taken.get(name, []), base, figures[name]))


def wrong(found: dict[str, Extractor], cases: list[Case]) -> None:
    """Name the pages that ours does not give exactly."""
    for case in cases:
        if case.truth and not score(found[OURS](case), case.truth).exact:
            print(f"  not exact: {case.name}")


def main() -> None:
    """Run what the command line asks for."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--pages", type=Path, default=os.environ.get("ARCHIVE_REAL_PAGES"), help="folder of saved pages")
    ask.add_argument("--truth", type=Path, help="folder of the true articles of those pages")
    ask.add_argument("--rounds", type=int, default=5, help="rounds of all extractors")
    ask.add_argument("--pool-pages", type=int, default=600, help="pages through the worker pool; 0 leaves it out")
    asked = ask.parse_args()
    cases = saved(Path(asked.pages), asked.truth) if asked.pages else replica()
    if not cases:
        raise SystemExit(f"no article pages under {asked.pages} (wanted <outlet>/<page>.html)")
    print(f"Python {platform.python_version()}; pages: {'saved ones' if asked.pages else 'the replica of the tests'}")
    found = extractors()
    table(found, cases, asked.rounds)
    wrong(found, cases)
    if asked.pool_pages:
        from _workers import workers

        workers(cases, pages=asked.pool_pages, rounds=3)


if __name__ == "__main__":
    main()
