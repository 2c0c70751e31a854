"""What many tests share: a crawl of the replica, made once a session."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.replica.crawled import make


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an archive as `make demo` leaves it: three outlets crawled twice, hours apart."""
    return make(tmp_path_factory.mktemp("demo") / f"archive-{os.getpid()}")
