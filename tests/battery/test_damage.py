"""Damage found: flipped bits in WARC files and database, a torn WARC continued. Seeded; the figures are printed."""

from __future__ import annotations

import json
import random
import sqlite3
import zlib
from collections import Counter
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from sqlalchemy.exc import DatabaseError
from warcio.archiveiterator import ArchiveIterator

from archive.dump import dump_digest
from archive.errors import ArchiveError
from archive.folder import Folder
from archive.report import Report
from archive.unfiled import unfiled
from archive.values import Article, Outcome
from archive.verify import open_unchanged, verify
from archive.verifyfile import verify_file
from tests.archive.builds import article, file, filing

pytestmark = pytest.mark.battery

SEED = 20261121
FLIPS = 1_000
#: The rest of the flips fall in WARC files.
IN_DATABASE = 600
CUTS = 4_096
APPENDED = 5
#: Of one capture: request, response, metadata and the article.
RECORDS = 4
MINUTE = timedelta(minutes=1)


def story(number: int, edit: str = "", section: str = "Thế giới") -> Article:
    chance = random.Random(f"{SEED} {number}")
    words = " ".join(chance.choice(["một", "hai", "ba", "bốn", "mưa", "nắng", "sông", "núi"]) for _ in range(90))
    return article(f"Chuyện số {number} {edit}|{words}|{words[::-1]}", section=section, tags=("tin", str(number)))


def build(path: Path) -> Path:
    """Make an archive with every kind of row: new, edited, returned, unchanged, read anew, gone, suspect."""
    for outlet in ("dantri", "laodong"):
        with filing(path, outlet=outlet) as at:
            for number in range(24):
                known = {"document": f"{outlet}:{number}", "url": f"https://{outlet}.vn/a-{number}.htm"}
                body = random.Random(number).randbytes(400 + 40 * number)
                file(at, story(number), after=number * MINUTE, body=body, **known)
                if number % 3 == 0:
                    file(at, story(number, "sửa"), after=(100 + number) * MINUTE, body=body[::-1], **known)
                if number % 6 == 0:
                    file(at, story(number), after=(200 + number) * MINUTE, **known)
                if number % 4 == 0:
                    file(at, story(number, section="Xã hội"), after=(300 + number) * MINUTE, identity="two", **known)
                if number % 8 == 0:
                    file(at, article("cụt"), after=(400 + number) * MINUTE, outcome=Outcome.SUSPECT, **known)
    settle(path)
    return path


def settle(path: Path) -> None:
    """Bring the log into the database."""
    with closing(sqlite3.connect(path / "archive.db")) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def put_back(path: Path, database: bytes) -> None:
    for newer in path.glob("archive.db*"):
        newer.unlink()
    (path / "archive.db").write_bytes(database)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("damage") / "archive")


def flip(path: Path, sound: bytes, bit: int) -> None:
    broken = bytearray(sound)
    broken[bit // 8] ^= 1 << bit % 8
    path.write_bytes(broken)


def found(path: Path) -> list[str]:
    """Give the kinds of problems that verify tells of; 'opened' when it cannot even open the archive."""
    try:
        with open_unchanged(path) as folder:
            return sorted({problem.kind for problem in verify(folder).problems})
    except ArchiveError as error:
        assert error.exit_code == 4
        return ["opened"]


def dumped(path: Path) -> str:
    """Give the canonical dump's digest, or what keeps it from being read."""
    try:
        with Folder(path) as folder, folder.read() as connection:
            return dump_digest(connection)
    except (ArchiveError, DatabaseError, ValueError, TypeError) as error:
        return f"unreadable: {type(error).__name__}"


def test_every_flipped_bit_of_a_warc_is_found_and_named(small: Path) -> None:
    chance, kinds, alone, harmless = random.Random(SEED), Counter[str](), 0, 0
    files = sorted((small / "warc").glob("*/*.warc.gz"))
    for _ in range(FLIPS - IN_DATABASE):
        path = chance.choice(files)
        sound = path.read_bytes()
        flip(path, sound, chance.randrange(len(sound) * 8))
        with open_unchanged(small) as folder:
            problems = verify(folder).problems
        report = Report()
        verify_file(path, report)
        harmless += not report.problems and inflated(path.read_bytes()) == inflated(sound)
        path.write_bytes(sound)
        kinds[problems[0].kind if problems else "missed"] += 1
        assert all(problem.file == f"{path.parent.name}/{path.name}" for problem in problems)
        alone += bool(report.problems)
    by_itself = {"found in the file by itself": alone, "another spelling of the same bytes": harmless}
    print("\nWARC " + json.dumps({"flips": FLIPS - IN_DATABASE, "seed": SEED, "found as": kinds} | by_itself))
    assert kinds["missed"] == 0
    assert alone + harmless == FLIPS - IN_DATABASE
    assert harmless < FLIPS // 100


def test_every_flipped_bit_of_the_database_that_changes_what_it_says_is_found(small: Path) -> None:
    chance, kinds = random.Random(SEED), Counter[str]()
    database = small / "archive.db"
    sound, before = database.read_bytes(), dumped(small)
    assert found(small) == []
    missed = []
    for _ in range(IN_DATABASE):
        bit = chance.randrange(len(sound) * 8)
        flip(database, sound, bit)
        changed, problems = dumped(small) != before, found(small)
        kinds[f"{'changed' if changed else 'equal'} dump, {'found' if problems else 'not found'}"] += 1
        missed += [bit] if changed and not problems else []
        for beside in small.glob("archive.db-*"):
            beside.unlink()
    database.write_bytes(sound)
    print("\ndatabase " + json.dumps({"flips": IN_DATABASE, "seed": SEED} | kinds))
    assert missed == []
    assert kinds["changed dump, found"] > IN_DATABASE // 20


def inflated(run: bytes) -> list[bytes]:
    """Inflate every member."""
    found = []
    while run:
        member = zlib.decompressobj(31)
        found.append(member.decompress(run))
        run = member.unused_data
    return found


def ids_by_both(path: Path) -> tuple[list[str], list[str]]:
    with path.open("rb") as file:
        by_warcio = [record.rec_headers.get_header("WARC-Record-ID") for record in ArchiveIterator(file)]
    with path.open("rb") as file:
        by_fastwarc = [record.headers["WARC-Record-ID"] for record in FastIterator(file)]
    return by_warcio, by_fastwarc


def grown(path: Path, captures: int) -> list[tuple[int, bytes]]:
    """File so many captures; give where the WARC file ended and the database as it was after each."""
    states = []
    for number in range(captures):
        with filing(path) as at:
            known = {"document": f"dantri:{number}", "url": f"https://dantri.vn/a-{number}.htm"}
            file(at, story(number), after=number * MINUTE, body=random.Random(number).randbytes(300), **known)
        settle(path)
        (warc,) = (path / "warc" / "dantri").glob("*.warc.gz")
        states.append((warc.stat().st_size, (path / "archive.db").read_bytes()))
    return states


def test_a_torn_warc_is_continued_at_each_of_its_last_bytes(tmp_path: Path) -> None:
    """A crash leaves any part of what was written, and a database that knows it or has lost its last capture.

    Whatever is whole is there afterwards, and five captures more: for warcio, for fastwarc and for `archive verify`.
    """
    work = tmp_path / "archive"
    states = grown(work, 8)
    (torn,) = (work / "warc" / "dantri").glob("*.warc.gz")
    data, readable, clean, again, checked = torn.read_bytes(), 0, 0, 0, 0
    ids, _ = ids_by_both(torn)
    for size in range(len(data) - CUTS, len(data)):
        whole = max(number for number, (end, _) in enumerate(states) if end <= size)
        known = whole - size % 2
        torn.write_bytes(data[:size])
        put_back(work, states[known][1])
        with filing(work) as at:
            again += at.repaired.again
            assert (at.repaired.again, at.repaired.cut) == (whole - known, size - states[whole][0])
            for number in range(APPENDED):
                new = {"document": f"dantri:new-{number}", "url": f"https://dantri.vn/new-{number}.htm"}
                file(at, story(1000 + number), after=(500 + number) * MINUTE, **new)
        by_warcio, by_fastwarc = ids_by_both(torn)
        kept = 1 + RECORDS * (whole + 1)
        readable += (
            by_warcio == by_fastwarc and by_warcio[:kept] == ids[:kept] and len(by_warcio) == kept + APPENDED * RECORDS
        )
        if size % 64 == 0:
            checked, clean = checked + 1, clean + (found(work) == [])
    told = {"cuts": CUTS, "all intact and the new ones read by both": readable, "filed again": again}
    print(
        "\ntorn WARC "
        + json.dumps(told | {"verified": checked, "clean": clean, "set aside": len(unfiled(work / "warc"))})
    )
    assert (readable, clean) == (CUTS, checked)
