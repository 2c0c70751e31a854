"""What many tests share: a crawl of the replica, made once a session."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from tests.postgres import Databases, Unavailable, databases
from tests.replica.crawled import make

BOTH = ("sqlite", "postgresql")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test that uses `database` or `module_database` on SQLite and on PostgreSQL."""
    for name in {"database", "module_database"} & set(metafunc.fixturenames):
        only = metafunc.definition.get_closest_marker("sqlite_only")
        metafunc.parametrize(name, BOTH[:1] if only else BOTH, indirect=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Databases]:
    """Give a PostgreSQL server; skip, with the reason, when there is none, unless ARCHIVE_NEED_POSTGRES is set."""
    with ExitStack() as held:
        try:
            server = held.enter_context(databases())
        except Unavailable as why:
            if os.environ.get("ARCHIVE_NEED_POSTGRES"):
                raise
            pytest.skip(f"no PostgreSQL: {why}")
        yield server


def _database(request: pytest.FixtureRequest) -> Iterator[str]:
    """Give the address of a fresh PostgreSQL database that every archive of the test uses, or "" for SQLite."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "sqlite":
            patch.delenv("ARCHIVE_DATABASE_URL", raising=False)
            yield ""
            return
        server: Databases = request.getfixturevalue("postgres")
        with server.fresh() as url:
            patch.setenv("ARCHIVE_DATABASE_URL", url)
            yield url


database = pytest.fixture(_database, name="database")
module_database = pytest.fixture(_database, name="module_database", scope="module")


@pytest.fixture
def copied(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """Give a function that copies an archive, also what a server has of it; the test then uses the copy.

    Without its database the copy has the files alone.
    """
    url = os.environ.get("ARCHIVE_DATABASE_URL")
    with ExitStack() as held:
        patch = held.enter_context(pytest.MonkeyPatch.context())

        def copy(path: Path, *, alone: bool = False) -> Path:
            if url:
                server: Databases = request.getfixturevalue("postgres")
                fresh = server.fresh(empty=True) if alone else server.fresh(of=url)
                patch.setenv("ARCHIVE_DATABASE_URL", held.enter_context(fresh))
            left_out = shutil.ignore_patterns(*(["archive.db*"] if alone else []))
            return Path(shutil.copytree(path, tmp_path / "copied", ignore=left_out))

        yield copy


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    """Give an engine on an empty database with the archive's tables."""
    from archive.postgres import url_of
    from archive.tables import metadata

    made = create_engine(url_of(database) if database else "sqlite://")
    if not database:
        metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an archive as `make demo` leaves it: three outlets crawled twice, hours apart. Made once for all workers."""
    own = tmp_path_factory.mktemp("demo") / f"archive-{os.getpid()}"
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if os.environ.get("PYTEST_XDIST_WORKER") else shared
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "demo-made").exists():
            make(shared / "demo-archive")
            (shared / "demo-made").touch()
    shutil.copytree(shared / "demo-archive", own)
    return own
