"""Real saved pages through the whole way: served by the replica, crawled, filed, found. Skipped without them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from archive.documents import by_name, version
from archive.folder import Folder
from archive.search import search
from archive.text import fold
from pipeline.outlet import load_outlets
from tests.archive.builds import problems_of
from tests.replica import saved
from tests.replica.server import Replica

PAGES = os.environ.get("ARCHIVE_REAL_PAGES")
pytestmark = pytest.mark.skipif(not PAGES, reason="ARCHIVE_REAL_PAGES names no folder of saved pages")

# A cut from the middle of a page: it has no title, so it waits for a second fetch, as it should.
CUT = {"vietnamplus:478059"}


def names() -> dict[str, str]:
    """Give document name and address of each saved article page."""
    outlets = load_outlets()
    found = {}
    for page in saved.load(Path(PAGES or "")).values():
        name = outlets[page.site.name].document_name(page.teaser.url)
        if name:
            found[name] = page.teaser.url
    return found


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("real") / "archive"
    outlets = sorted({name.split(":")[0] for name in names()})
    with Replica(stories=(), pages=Path(PAGES or "")) as replica:
        words = ["run", *outlets, "--via", replica.url, "--delay", "0", "--archive", str(folder)]
        done = subprocess.run([sys.executable, "-m", "crawler", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize("name", names() if PAGES else [])
def test_a_real_page_is_filed_and_found_with_and_without_marks(name: str, crawled: Path) -> None:
    with Folder.open(crawled) as folder, folder.read() as connection:
        document = by_name(connection, name)
        assert (document is None) == (name in CUT)
        if document is None:
            return
        title = version(connection, document).article.title
    for query in (title, fold(title)):
        hits = search(folder.index_dir, query, limit=3).hits
        assert name in [hit.document for hit in hits], query


def test_the_archive_of_real_pages_verifies(crawled: Path) -> None:
    assert problems_of(crawled) == []
