"""`make demo`: the whole way on loopback, by the commands a user types, each shown before its output."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.replica.crawled import HOURS, OUTLETS, TIME, edited
from tests.replica.server import Replica

FOLDER = Path("var/demo")
QUERY = "dam phan dam bao an ninh"
BIN = Path(sys.executable).parent


def main() -> None:
    """Play the demo; the archive stays in var/demo."""
    began = time.monotonic()
    shutil.rmtree(FOLDER, ignore_errors=True)
    with Replica(time=TIME) as replica:
        say(f"The replica plays the outlets on {replica.url}; it is {TIME:%d/%m/%Y %H:%M} (UTC+7) there.")
        crawl = ("crawl", "run", *OUTLETS, "--via", replica.url, "--delay", "0", "--archive", str(FOLDER))
        show("The first crawl: every article is new.", *crawl)
        say(f"The replica's clock moves {HOURS}: articles are edited, new ones appear, others vanish.")
        replica.clock.advance(HOURS)
        show("The second crawl: only what changed becomes a version.", *crawl)
    on = ("--archive", str(FOLDER))
    show(
        "A search without tone marks finds what is printed with them.", "archive", "search", QUERY, *on, "--limit", "3"
    )
    edited = most_telling()
    show("One article's history: an edit lies between two captures.", "archive", "history", edited, *on)
    show("What that edit changed.", "archive", "diff", edited, *on)
    seed = seed_of("dantri")
    show("One article held against the nearest of the five seeds.", "archive", "compare", seed, *on, codes=(0, 1))
    changed = (
        shlex.join(["archive", "show", seed, *on])
        + " | sed -e 's|6/12|9/12|' -e '/^Mỹ là quốc gia/d' | archive compare -"
    )
    pipe("The same text with a date changed and a sentence cut, from standard input: what differs is named.", changed)
    show("Files, database and index agree.", "archive", "verify", *on)
    say(f"Done in {time.monotonic() - began:.0f} s. The archive is in {FOLDER}: try `.venv/bin/archive search --help`.")


def say(text: str) -> None:
    """Print a remark of the demo's own."""
    print(f"\n\033[1m{text}\033[0m" if sys.stdout.isatty() else f"\n{text}", flush=True)


def show(why: str, *words: str, codes: tuple[int, ...] = (0,)) -> None:
    """Say why, show the command, run it as a user would; stop the demo when it fails."""
    say(why)
    print(f"$ {shlex.join(words)}", flush=True)
    done = subprocess.run([str(BIN / words[0]), *words[1:]], check=False)
    if done.returncode not in codes:
        sys.exit(f"the demo failed: {shlex.join(words)} ended with exit code {done.returncode}")


def pipe(why: str, line: str) -> None:
    """Say why, show a line of shell, run it."""
    say(why)
    print(f"$ {line}", flush=True)
    path = os.pathsep.join([str(BIN), os.environ.get("PATH", "")])
    if subprocess.run(["sh", "-c", line], check=False, env=os.environ | {"PATH": path}).returncode:
        sys.exit(f"the demo failed: {line}")


def ask(*words: str) -> object:
    """Run a command for its JSON."""
    done = subprocess.run([str(BIN / words[0]), *words[1:], "--json"], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def most_telling() -> str:
    """Give the document whose second version is nearest to its first: an edit that is easy to read."""
    names = edited(FOLDER)
    if not names:
        sys.exit("the demo failed: the second crawl found no edit")
    return names[0]


def seed_of(outlet: str) -> str:
    """Give the archived document of this outlet that a seed was taken from."""
    found = ask(
        "archive", "search", "phản ứng của Nga về đề xuất đảm bảo an ninh", "--outlet", outlet, "--archive", str(FOLDER)
    )
    return str(found["hits"][0]["document"])  # type: ignore[index]  # plain JSON


if __name__ == "__main__":
    os.environ.setdefault("COLUMNS", "110")
    main()
