"""The whole way: replica → HTTP → spider → extraction → archive → search, history, diff, compare."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from archive import seeds
from archive.documents import resolve, version
from archive.folder import Folder
from archive.seedtext import parts
from tests.archive.builds import problems_of
from tests.replica.crawled import crawl, edited
from tests.replica.newsroom import seed_pieces
from tests.replica.server import Replica

SEEDS = tuple(zip(seeds.load(), seed_pieces(), strict=True))


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an archive of one crawl of every outlet that a seed is from."""
    folder = tmp_path_factory.mktemp("seeds") / "archive"
    with Replica() as replica:
        command = ["-m", "crawler", "run", "dantri", "laodong", "vietgiaitri", "vietnamplus"]
        more = ["--via", replica.url, "--delay", "0", "--archive", str(folder)]
        done = subprocess.run([sys.executable, *command, *more], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def command(*words: str) -> str:
    done = subprocess.run([sys.executable, "-m", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(("seed", "piece"), SEEDS, ids=[f"seed {seed.number}" for seed, _ in SEEDS])
def test_a_seed_comes_through_exact(seed: seeds.Seed, piece: object, everything: Path) -> None:
    with Folder.open(everything) as opened, opened.read() as connection:
        article = version(connection, resolve(connection, piece.url)).article  # type: ignore[attr-defined]  # a Piece
    assert parts(article) == parts(seed.article)
    assert article.byline == seed.article.byline
    assert [block.kind for block in article.blocks] == [block.kind for block in seed.article.blocks]
    assert len(article.contained) >= len(seed.article.contained)


def test_compare_new_names_the_right_seed_for_each(everything: Path) -> None:
    said = json.loads(command("archive", "compare", "--new", "--json", "--archive", str(everything)))
    nearest = {each["document"]: each["seed"]["number"] for each in said if each["verdict"] == "same text"}
    with Folder.open(everything) as opened, opened.read() as connection:
        wanted = {resolve(connection, piece.url).name: seed.number for seed, piece in SEEDS}
    assert nearest == wanted


def test_search_finds_it_with_and_without_tone_marks(demo_folder: Path) -> None:
    on = ("--json", "--archive", str(demo_folder))
    marked = json.loads(command("archive", "search", "đàm phán đảm bảo an ninh", *on))
    plain = json.loads(command("archive", "search", "dam phan dam bao an ninh", *on))
    assert marked["hits"][0]["url"] == plain["hits"][0]["url"]
    assert set(marked) >= {"query", "total", "hits"}
    assert {"document", "version", "outlet", "url", "title", "published", "captured_at", "score", "snippet"} <= set(
        marked["hits"][0]
    )


def test_an_edit_is_a_version_and_unchanged_pages_are_not(demo_folder: Path) -> None:
    names = edited(demo_folder)
    assert names
    told = json.loads(command("archive", "history", names[0], "--json", "--archive", str(demo_folder)))
    assert told["edits"]
    assert all(edit["after"] < edit["before"] for edit in told["edits"])


def test_the_demo_archive_verifies(demo_folder: Path) -> None:
    assert problems_of(demo_folder) == []


def test_a_crawl_again_at_the_same_minute_files_nothing_new(tmp_path: Path) -> None:
    with Replica() as replica:
        crawl(replica, tmp_path)
        again = json.loads(crawl(replica, tmp_path, "--json").stdout)
    assert sum(outlet["new"] + outlet["revised"] for outlet in again["outlets"]) == 0


def test_live_and_via_captures_are_never_mixed(demo_folder: Path) -> None:
    words = ["run", "dantri", "--archive", str(demo_folder)]
    done = subprocess.run([sys.executable, "-m", "crawler", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "stand-in" in done.stderr


def test_today_s_extraction_reads_every_kept_page_of_three_outlets_the_same(demo_folder: Path) -> None:
    told = json.loads(command("crawler", "replay", "--own", "--json", "--archive", str(demo_folder)))
    assert {one["outlet"] for one in told["outlets"]} == {"dantri", "laodong", "vietnamplus"}
    assert all(one["kept"] == one["same"] > 0 for one in told["outlets"])
