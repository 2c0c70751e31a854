"""Withdrawals and exports killed at random moments: the same command, given again, makes them whole; no file holds a
byte of a withdrawn text then. The figures are printed.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive import index
from archive.documents import resolve, versions_of
from archive.folder import Folder
from archive.mentions import passages
from archive.search import search
from tests.archive.builds import article, file, filing, problems_of
from tests.battery.large import fill

pytestmark = pytest.mark.battery

KILLS = int(os.environ.get("BATTERY_ENDED_KILLS", "20"))
SEED = 20261121
FORMS = {"jsonl": "all.jsonl", "csv": "all.csv", "warc": "all.warc.gz", "seeds": "all"}


def archive(*words: str) -> subprocess.Popen[str]:
    """Begin a command in a process of its own."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([sys.executable, "-m", "archive", *words], **quiet)  # type: ignore[call-overload,no-any-return]  # as a mapping


def ended(begun: subprocess.Popen[str], seconds: float | None = None) -> tuple[int, str]:
    """Wait for a command, kill it after so many seconds; give exit code and what it said."""
    try:
        said = begun.communicate(timeout=seconds)[1]
    except subprocess.TimeoutExpired:
        begun.kill()
        said = begun.communicate()[1]
    return begun.returncode, said


def holds(path: Path, needles: set[bytes]) -> Iterator[str]:
    for one in sorted(each for each in path.rglob("*") if each.is_file()):
        data = one.read_bytes()
        both = data + (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else b"")
        if any(needle in both for needle in needles):
            yield str(one.relative_to(path))


@pytest.fixture
def told(database: str, tmp_path: Path) -> Path:
    """Give an archive of forty documents, each edited once, indexed."""
    path = tmp_path / "archive"
    with filing(path) as at:
        for number in range(80):
            names = {"document": f"dantri:{number % 40}", "url": f"https://dantri.com.vn/tin/bai-{number % 40}.htm"}
            text = f"Người tên số {number % 40} xin được quên đi, lần viết thứ {number // 40} cho yên chuyện đã qua."
            file(at, article(text, title=f"Chuyện riêng {number % 40}"), body=f"<p>{text}</p>".encode(), **names)
    with Folder.open(path) as folder:
        index.catch_up(folder)
    return path


def test_a_killed_withdrawal_goes_on_and_leaves_no_byte(
    told: Path, copied: Callable[..., Path], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    chance, ends, longest = random.Random(SEED), Counter[str](), 0.0
    for number in range(KILLS + 1):
        name = f"dantri:{chance.randrange(40)}"
        path = copied(told)
        with Folder.open(path) as folder, folder.read() as connection:
            texts = [version.article for version in versions_of(connection, resolve(connection, name))]
        needles = {form for one in passages(texts) for form in (one.encode(), json.dumps(one)[1:-1].encode())}
        assert list(holds(path, needles)) or request.node.callspec.params["database"] == "postgresql"
        words = ["withdraw", name, "--reason", "án lệnh", "--yes", "--archive", str(path)]
        began = time.monotonic()
        code, said = ended(archive(*words), chance.uniform(0.2, longest) if number else None)
        longest = longest or time.monotonic() - began
        ends["killed" if code < 0 else "done"] += 1
        if code < 0:
            code, said = ended(archive(*words))
            assert code == 0 or "withdrawn already" in said, said
        else:
            assert code == 0, said
        assert list(holds(path, needles)) == []
        with Folder.open(path) as folder:
            index.catch_up(folder)
        assert search(path / "index", f'"{texts[0].title}"').total == 0
        assert problems_of(path) == []
        shutil.rmtree(path)
    print("\n" + json.dumps({"kills": KILLS, "seed": SEED, "longest": round(longest, 1), **ends}))
    assert ends["killed"] >= KILLS // 2


def plain(path: Path) -> dict[str, bytes]:
    """Give the files of an export; of WARC all but the first member, whose id is of its own."""
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    files = [one for one in files if one.name != "export.json"]  # it says when it was made
    data = {one.name: one.read_bytes() for one in files}
    return {name: one[one.find(b"\x1f\x8b", 1) :] if one[:2] == b"\x1f\x8b" else one for name, one in data.items()}


def test_a_killed_export_goes_on_and_ends_equal(tmp_path: Path) -> None:
    path, chance, ends = fill(tmp_path / "archive", 1500), random.Random(SEED), Counter[str]()
    longest: dict[str, float] = {}
    for form, name in FORMS.items():
        began = time.monotonic()
        to = tmp_path / "whole" / name
        to.parent.mkdir(exist_ok=True)
        assert ended(archive("export", "--to", str(to), "--format", form, "--archive", str(path)))[0] == 0
        longest[form] = time.monotonic() - began
    for number in range(KILLS):
        form, name = list(FORMS.items())[number % len(FORMS)]
        to = tmp_path / f"{number}" / name
        to.parent.mkdir()
        words = ["export", "--to", str(to), "--format", form, "--archive", str(path)]
        code, said = ended(archive(*words), chance.uniform(0.5, longest[form]))
        while code < 0:
            ends["killed"] += 1
            assert not to.exists() or plain(to) == plain(tmp_path / "whole" / name)
            code, said = ended(archive(*words), None if number % 3 else chance.uniform(0.5, longest[form]))
        assert code == 0 or "there already" in said, said
        ends["gone on with" if "before it was interrupted" in said else "done"] += 1
        assert plain(to) == plain(tmp_path / "whole" / name)
        assert [one.name for one in to.parent.iterdir()] == [name]
    print("\n" + json.dumps({"kills": ends.pop("killed"), "seed": SEED, **ends}))
    assert ends["gone on with"] >= 1
