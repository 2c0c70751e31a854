"""An archive on PostgreSQL: what it promises where SQLite could not show it. The store's own tests run on both."""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import String, func, inspect, select, update

from archive import leases, links
from archive.beforehand import keep_before
from archive.cli import archive
from archive.dump import canonical_dump
from archive.errors import AlreadyRunning, ArchiveError, Busy, Unreachable, UsageProblem
from archive.folder import Folder
from archive.keeper import elsewhere
from archive.migratedb import migrate
from archive.tables import captures, documents, facts, versions
from archive.tables import leases as table
from archive.values import Link
from tests.archive.builds import NAME, article, file, filing, problems_of
from tests.postgres import Databases, running

MINUTE = timedelta(minutes=1)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOSTILE = "".join(map(chr, [*range(0x20), *range(0x7F, 0xA0), 0xD800, 0xDFFF, 0xFFFE, 0xFFFF, 0x1F600]))


@pytest.fixture
def url(postgres: Databases, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Give the address of a database that every archive of the test uses."""
    with postgres.fresh() as fresh:
        monkeypatch.setenv("ARCHIVE_DATABASE_URL", fresh)
        yield fresh


def dump(path: Path, url: str) -> list[str]:
    with Folder.open(path, url=url) as folder, folder.read() as connection:
        return list(canonical_dump(connection))


def fill(path: Path) -> None:
    with filing(path) as at:
        file(at, article("một"))
        file(at, article("hai"), after=MINUTE)
        file(at, article(f"ba {HOSTILE}"), after=2 * MINUTE, document="dantri:2", url="https://dantri.com.vn/b-2.htm")


def terminate(url: str) -> None:
    """End all other connections to the database, as a restart of its server would."""
    with psycopg.connect(url) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_text_is_ordered_byte_by_byte_in_every_column(url: str, tmp_path: Path) -> None:
    with Folder.open(tmp_path) as folder, folder.read() as connection:
        inspector = inspect(connection)
        loose = [
            (name, column["name"])
            for name in inspector.get_table_names()
            for column in inspector.get_columns(name)
            if isinstance(column["type"], String) and column["type"].collation != "C" and name != "alembic_version"
        ]
    assert loose == []


def _but_place(line: list[object]) -> list[object]:
    """Leave out where in the WARC it lies and what digests that: record ids are made anew each time."""
    if line[0] == "observations":
        return [line[0], *line[3:]]
    return [*line[:12], *line[17:]] if line[0] == "captures" else line


@settings(max_examples=4, deadline=None)
@given(texts=st.lists(st.text(min_size=1, max_size=40), min_size=8, max_size=12))
def test_any_text_is_stored_alike_on_both(
    postgres: Databases, tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    stored = []
    with postgres.fresh() as fresh, pytest.MonkeyPatch.context() as patch:
        for address in ("", fresh):
            patch.setenv("ARCHIVE_DATABASE_URL", address)
            path = tmp_path_factory.mktemp("alike")
            with filing(path) as at:
                for number, text in enumerate([HOSTILE, *texts]):
                    content = article(f"thân {text}", title=f"Tin {text}", tags=(text, HOSTILE), lead=HOSTILE + text)
                    file(at, content, document=f"dantri:{number}", url=f"https://dantri.com.vn/{number}{text}")
            stored.append([_but_place(json.loads(line)) for line in dump(path, address)])
    assert stored[0] == stored[1]
    assert len(stored[0]) > 4 * len(texts)


def test_a_database_goes_to_the_server_and_back_and_says_the_same(
    postgres: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "first")
    with postgres.fresh(empty=True) as url:
        with Folder.open(tmp_path / "first") as old, Folder(tmp_path / "first", url=url) as new:
            there = migrate(old, new)
        with Folder.open(tmp_path / "first", url=url) as old, Folder(tmp_path / "back", url="") as new:
            back = migrate(old, new)
        assert there == back
        assert there.rows["captures"] == 3
        assert dump(tmp_path / "first", "") == dump(tmp_path / "first", url) == dump(tmp_path / "back", "")
        monkeypatch.setenv("ARCHIVE_DATABASE_URL", url)
        with filing(tmp_path / "first") as at:
            assert file(at, article("bốn"), after=9 * MINUTE).number == 3
        assert problems_of(tmp_path / "first") == []


def test_a_copy_that_ends_half_way_leaves_the_target_as_it_was(postgres: Databases, tmp_path: Path) -> None:
    fill(tmp_path)

    def die(name: str, rows: int) -> None:
        if name == "captures":
            raise ZeroDivisionError

    with postgres.fresh(empty=True) as url:
        with Folder.open(tmp_path) as old, Folder(tmp_path, url=url) as new:
            with pytest.raises(ZeroDivisionError):
                migrate(old, new, report=die)
            assert new.is_empty()
            migrate(old, new)
        with Folder.open(tmp_path, url=url) as old, Folder(tmp_path / "back", url="") as new:
            with pytest.raises(ZeroDivisionError):
                migrate(old, new, report=die)
            assert not new.database.exists()
            migrate(old, new)


def test_a_target_that_is_not_empty_and_a_source_that_is_crawled_are_refused(url: str, tmp_path: Path) -> None:
    fill(tmp_path)
    with Folder.open(tmp_path) as old, Folder(tmp_path, url=url) as new, pytest.raises(UsageProblem, match="not empty"):
        migrate(old, new)
    with (
        Folder.open(tmp_path) as old,
        Folder.open(tmp_path) as crawled,
        crawled.lock_outlet("dantri"),
        Folder(tmp_path / "other", url="") as new,
        pytest.raises(AlreadyRunning),
    ):
        migrate(old, new)


def test_an_outlet_and_a_turn_to_write_are_held_by_one_process_which_is_named(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARCHIVE_WRITE_WAIT", "0.1")
    with Folder.open(tmp_path / "a") as one, Folder.open(tmp_path / "b") as other, one.lock_outlet("dantri"):
        with pytest.raises(AlreadyRunning, match=socket.gethostname()), other.lock_outlet("dantri"):
            pass
        with other.lock_outlet("laodong"), other.write() as connection:
            connection.execute(facts.insert().values(key="k", value="v"))
        with one.lock_writes(), pytest.raises(Busy, match=socket.gethostname()), other.write():
            pass


def test_a_lost_connection_ends_the_filing_and_costs_nothing_acknowledged(url: str, tmp_path: Path) -> None:
    with filing(tmp_path) as at:
        file(at, article("một"))
        terminate(url)
        with pytest.raises(Unreachable):
            file(at, article("hai"), after=MINUTE)
        with pytest.raises(Unreachable):  # the outlet may be another machine's by now
            file(at, article("ba"), after=2 * MINUTE)
    with filing(tmp_path) as at:
        file(at, article("bốn"), after=3 * MINUTE)
    assert problems_of(tmp_path) == []
    with Folder.open(tmp_path) as folder, folder.read() as connection:
        numbers = connection.execute(select(versions.c.number)).scalars().all()
    assert len(numbers) >= 2


def test_readers_go_on_after_the_server_came_back(url: str, tmp_path: Path) -> None:
    with Folder.open(tmp_path) as folder:
        assert folder.fact("none") is None
        terminate(url)
        assert folder.fact("none") is None


def free_port() -> int:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def test_a_wrong_password_and_a_server_that_is_away_are_told_without_the_password(
    tmp_path: Path, postgres: Databases
) -> None:
    port = free_port()
    with running(port=port) as server:
        server.stop()
        server.allow("host all all 127.0.0.1/32 scram-sha-256", "local all all trust")
        told: dict[str, ArchiveError] = {}
        for what in ("away", "there"):
            with pytest.raises(ArchiveError) as error:
                Folder.open(tmp_path, create=True, url=f"postgresql://postgres:geheim@127.0.0.1:{port}/postgres")
            told[what] = error.value
            if what == "away":
                server.start()
    assert (told["away"].exit_code, told["there"].exit_code) == (5, 2)
    assert not any("geheim" in str(error) for error in told.values())


def test_a_host_is_one_crawls_until_it_ends_or_says_no_more(url: str, tmp_path: Path) -> None:
    pages = [Link(outlet=name, url=f"https://a.vn/{name}-{n}.htm") for name in ("mot", "hai") for n in range(3)]
    with Folder.open(tmp_path) as folder:
        with folder.write() as connection:
            links.add(connection, pages, NOW)
        server = folder.server
        with server.claim() as one, server.claim() as other:
            found, ours = leases.claim(one, "mot", "first", now=NOW, limit=10)
            assert (len(found), ours) == (3, {"a.vn"})
            assert links.due(other, "mot", NOW, 10, claiming=True) == []  # passed over while another claims them
        with server.claim() as other:
            assert leases.take(other, ["a.vn", "b.vn"], "second") == {"b.vn"}
            assert leases.held(other) == {"a.vn": "first", "b.vn": "second"}
            other.execute(update(table).where(table.c.host == "a.vn").values(until=1))
        with server.claim() as other:
            assert leases.renew(other, "first") == set()  # too late: it may be another's
            assert leases.take(other, ["a.vn"], "second") == {"a.vn"}
            leases.give_back(other, "second")
            assert leases.held(other) == {}


def test_an_outlets_files_stay_in_one_folder_until_all_are_copied(url: str, tmp_path: Path) -> None:
    fill(tmp_path / "a")
    with pytest.raises(UsageProblem, match=f"{socket.gethostname()}:{tmp_path}/a"), filing(tmp_path / "b"):
        pass
    with filing(tmp_path / "b", "laodong") as at:
        file(at, article("khác"), document="laodong:1", url="https://laodong.vn/1.ldo")
        assert set(elsewhere(at.folder)) == {"dantri"}
    assert problems_of(tmp_path / "a") == problems_of(tmp_path / "b") == []
    shutil.copytree(tmp_path / "a" / "warc" / "dantri", tmp_path / "b" / "warc" / "dantri")
    with filing(tmp_path / "b") as at:
        file(at, article("bốn"), after=9 * MINUTE)
    with pytest.raises(UsageProblem), filing(tmp_path / "a"):
        pass
    assert problems_of(tmp_path / "b") == []


def test_files_of_a_lost_machine_are_given_up_aloud_and_the_outlet_goes_on(url: str, tmp_path: Path) -> None:
    fill(tmp_path / "a")
    shutil.rmtree(tmp_path / "a")
    path = tmp_path / "b"
    with filing(path, "laodong") as at:
        file(at, article("khác"), document="laodong:1", url="https://laodong.vn/1.ldo")
    words = ["doctor", "--give-up", "dantri", "--archive", str(path)]
    asked, done, again = (CliRunner().invoke(archive, [*words, *more]) for more in ([], ["--yes"], ["--yes"]))
    assert (asked.exit_code, "3 captures of dantri in 1 WARC files are gone" in asked.stderr) == (2, True)
    assert "files of dantri were given up with" in done.stdout
    assert isinstance(again.exception, UsageProblem)
    with filing(path) as at:
        assert file(at, article("bốn"), after=9 * MINUTE).number == 3
    assert {(problem.kind, problem.file) for problem in problems_of(path)} == {
        ("missing", "dantri/20261120-000.warc.gz")
    }


def test_every_change_of_a_row_is_found(url: str, tmp_path: Path) -> None:
    fill(tmp_path)
    found = len(problems_of(tmp_path))
    for change in (
        "UPDATE captures SET reason = 'other' WHERE id = 1",
        "UPDATE versions SET boring = NOT boring WHERE id = 2",
        "UPDATE observations SET digest = 'x' WHERE capture_id = 3",
        "UPDATE extractions SET template = 'x' WHERE id = 3",
        "UPDATE documents SET name = 'dantri:other' WHERE id = 2",
        "DELETE FROM captures WHERE id = 2",
    ):
        with psycopg.connect(url) as server:
            server.execute("SET session_replication_role = replica")  # puts foreign keys aside
            server.execute(change)
        found, before = len(problems_of(tmp_path)), found
        assert found > before, change


def test_a_copy_is_kept_before_the_schema_is_brought_up(url: str, tmp_path: Path) -> None:
    fill(tmp_path)
    with Folder.open(tmp_path) as folder:
        kept = keep_before(folder, "0000")
        with folder.read() as connection:
            wanted = connection.execute(select(captures.c.chain).order_by(captures.c.id)).scalars().all()
    shutil.copy(kept, tmp_path / "archive.db")
    with Folder(tmp_path, url="") as copy, copy.read() as connection:
        assert connection.execute(select(captures.c.chain).order_by(captures.c.id)).scalars().all() == wanted
        assert connection.execute(select(func.count(documents.c.id))).scalar_one() == 2
        assert NAME in connection.execute(select(documents.c.name)).scalars().all()


def test_a_folder_says_which_server_has_its_database(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with filing(tmp_path):
        pass
    monkeypatch.delenv("ARCHIVE_DATABASE_URL")
    for create in (False, True):
        with pytest.raises(UsageProblem, match="set ARCHIVE_DATABASE_URL"):
            Folder.open(tmp_path, create=create)
