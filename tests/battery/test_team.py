"""What a team relies on, at length: proof against forgers, withdrawal to the last byte, backups, exports opened.

Seeds and figures are printed.
"""

from __future__ import annotations

import csv
import gzip
import json
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from sqlalchemy import select
from warcio.archiveiterator import ArchiveIterator

from archive import index
from archive.backup import backup
from archive.documents import resolve, versions_of
from archive.export import Target, export
from archive.folder import Folder
from archive.heads import Head, head_of
from archive.mentions import passages
from archive.proofcheck import check
from archive.rebuild import rebuild
from archive.restore import restore
from archive.search import search
from archive.selection import Wanted, select_versions
from archive.tables import documents
from archive.withdraw import plan, withdraw
from tests.archive.builds import NOON, article, file, filing, problems_of
from tests.archive.manipulate import KINDS, manipulated

pytestmark = pytest.mark.battery

SEED = 20261121
FORGED = 100
BACKUPS = 20
WITHDRAWN = 5
CAPTURES = 40


def fill(path: Path) -> Path:
    """File forty captures of ten documents: new, edited, seen again, gone back."""
    chance = random.Random(SEED)
    with filing(path) as at:
        for number in range(CAPTURES):
            which, state = number % 10, chance.randrange(3)
            names = {"document": f"dantri:{which}", "url": f"https://dantri.com.vn/tin/bai-{which}.htm"}
            text = f"Câu chuyện thứ {which} dài vừa đủ để mà nhớ, lần viết thứ {state}."
            body = f"<p>{which} {state} {number}</p>".encode()
            file(at, article(text), after=timedelta(minutes=20 * number), body=body, **names)
    return path


def head_now(path: Path) -> Head:
    with Folder.open(path) as folder, folder.read() as connection:
        return head_of(connection, (NOON + timedelta(days=2)).date())


def test_a_hundred_forgeries_are_found_against_yesterdays_head(tmp_path: Path) -> None:
    path, chance, found = fill(tmp_path / "a"), random.Random(SEED), Counter[str]()
    head = head_now(path)
    warcs = sorted(path.glob("warc/*/*.gz"))
    assert len(warcs) == 1
    for number in range(FORGED):
        kind, at = KINDS[number % len(KINDS)], chance.randrange(1, CAPTURES)
        forged = tmp_path / "forged"
        shutil.rmtree(forged, ignore_errors=True)
        shutil.copytree(path / "warc", forged / "warc")
        manipulated(forged / "warc" / "dantri" / warcs[0].name, kind, at)
        rebuild(forged, now=NOON, keep_going=True)
        with Folder.open(forged) as folder:
            found[kind] += bool(check(folder, head).problems)
    print("\n" + json.dumps({"forged": FORGED, "found": sum(found.values()), "by kind": found, "seed": SEED}))
    assert sum(found.values()) == FORGED
    with Folder.open(path) as folder:
        assert check(folder, head).problems == []


def holds(path: Path, needles: set[bytes]) -> Iterator[str]:
    for one in sorted(path.rglob("*")):
        if one.is_file():
            data = one.read_bytes()
            both = data + (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else b"")
            if any(needle in both for needle in needles):
                yield str(one.relative_to(path))


def test_a_withdrawn_text_is_in_no_file_and_all_is_clean(demo_folder: Path, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    with Folder.open(demo_folder) as folder, folder.read() as connection:
        names = sorted(connection.execute(select(documents.c.name)).scalars())
    for number, name in enumerate(chance.sample(names, WITHDRAWN)):
        path = tmp_path / f"{number}"
        shutil.copytree(demo_folder, path)
        with Folder.open(path) as folder:
            index.catch_up(folder)
            with folder.read() as connection:
                wanted = [resolve(connection, name)]
            while copies := plan(folder, wanted, "x").copies:
                with folder.read() as connection:
                    wanted += [resolve(connection, copy) for copy in copies]
            with folder.read() as connection:
                texts = [version.article for one in wanted for version in versions_of(connection, one)]
            needles = {one.encode() for one in passages(texts)}
            needles |= {json.dumps(one, ensure_ascii=False)[1:-1].encode() for one in passages(texts)}
            before = list(holds(path, needles))
            withdraw(folder, plan(folder, wanted, "án lệnh"), now=datetime.now(UTC))
        left = list(holds(path, needles))
        title = next(one.title for one in texts if one.title)
        total = search(path / "index", f'"{title}"').total
        print("\n" + json.dumps({"withdrawn": len(wanted), "files before": len(before), "left": left, "found": total}))
        assert before
        assert (left, total) == ([], 0)
        assert problems_of(path) == []
        assert rebuild(path, now=NOON, into=tmp_path / f"{number}-again").lost == []
        assert problems_of(tmp_path / f"{number}-again") == []


WRITER = """
import sys
from datetime import timedelta
from pathlib import Path
from tests.archive.builds import article, file, filing
with filing(Path(sys.argv[1])) as at:
    for number in range(10**6):
        names = {"document": f"dantri:{number % 50}", "url": f"https://dantri.com.vn/tin/bai-{number % 50}.htm"}
        text = f"Câu chuyện {number % 50} viết lần {number // 50} trong khi sao lưu đang chạy."
        file(at, article(text), after=timedelta(seconds=number), body=b"<p>%d</p>" % number, **names)
"""


def test_backups_taken_while_captures_are_filed_restore_and_verify(tmp_path: Path) -> None:
    path, sizes = fill(tmp_path / "a"), []
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)])
    try:
        for number in range(BACKUPS):
            with Folder.open(path) as folder:
                done = backup(folder, tmp_path / "b", now=datetime.now(UTC))
            sizes.append(done.captures)
            restore(done.path, tmp_path / f"c{number}")
            assert problems_of(tmp_path / f"c{number}") == []
            shutil.rmtree(tmp_path / f"c{number}")
            time.sleep(0.2)
        assert writer.poll() is None
    finally:
        writer.kill()
        writer.wait()
    print("\n" + json.dumps({"backups": BACKUPS, "captures in them": sizes}))
    assert sizes == sorted(sizes)
    assert sizes[-1] > sizes[0]
    with filing(path):
        pass
    assert problems_of(path) == []


@pytest.fixture(scope="module")
def exported(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    place, made = tmp_path_factory.mktemp("exported"), {}
    asked = Wanted(private=True, every_version=True)
    with Folder.open(demo_folder) as folder:
        index.catch_up(folder)
        selected = select_versions(folder, asked)
        for form, suffix in (("jsonl", "jsonl"), ("csv", "csv"), ("warc", "warc.gz")):
            made[form] = place / f"all.{suffix}"
            export(folder, selected, asked, Target(path=made[form], form=form), now=datetime.now(UTC))
    return made


def test_pandas_reads_jsonl_and_csv_alike(exported: dict[str, Path]) -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed: pip install pandas to open exports with it")
    lines = pandas.read_json(exported["jsonl"], lines=True)
    table = pandas.read_csv(exported["csv"])
    assert len(lines) == len(table) > 20
    assert list(lines["title"]) == [title.removeprefix("'") for title in table["title"]]


def test_libreoffice_reads_csv_without_a_formula(exported: dict[str, Path], tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: apt-get install libreoffice-calc to open CSV with it")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    words = ["--headless", "--infilter=CSV:44,34,76,1", "--convert-to", "fods", "--outdir", str(tmp_path)]
    subprocess.run([office, profile, *words, str(exported["csv"])], check=True, capture_output=True, timeout=300)
    sheet = (tmp_path / "all.fods").read_text("utf-8")
    with exported["csv"].open(encoding="utf-8", newline="") as opened:
        rows = list(csv.reader(opened))
    assert "table:formula" not in sheet
    assert sheet.count("dantri:") >= sum(row[1].startswith("dantri:") for row in rows)


def test_warcio_and_fastwarc_read_the_same_records(exported: dict[str, Path]) -> None:
    with exported["warc"].open("rb") as opened:
        one = Counter(record.rec_type for record in ArchiveIterator(opened, check_digests="raise"))
    with exported["warc"].open("rb") as opened:
        two = Counter(record.headers["WARC-Type"] for record in FastIterator(opened, parse_http=False))
    print("\n" + json.dumps(one))
    assert one == two
    assert one["conversion"] == one["metadata"] > 20
