"""A PostgreSQL server for tests: the one that ARCHIVE_TEST_POSTGRES names, else one of our own out of pgserver's wheel.

Each test gets a database of its own, made from a template that holds the schema.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import stat
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from archive.folder import Folder
from archive.postgres import url_of


class Unavailable(Exception):
    """There is no server to test with; the message says why."""


class Databases:
    """A server on which databases may be made."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._template = self._create("template0")
        with tempfile.TemporaryDirectory() as folder:
            Folder.open(Path(folder), create=True, url=self.url_of(self._template)).close()

    def url_of(self, name: str) -> str:
        """Give the address of one of its databases."""
        return url_of(self.url).set(database=name, drivername="postgresql").render_as_string(hide_password=False)

    @contextmanager
    def fresh(self, *, empty: bool = False, of: str = "") -> Iterator[str]:
        """Give the address of a new database, dropped at the end: with the schema, empty, or a copy of another one."""
        template = str(url_of(of).database) if of else self._template
        name = self._create("template0" if empty else template)
        try:
            yield self.url_of(name)
        finally:
            self.drop(name)

    def drop(self, name: str) -> None:
        """Drop a database, whoever is connected."""
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def close(self) -> None:
        """Drop the template."""
        self.drop(self._template)

    def _create(self, template: str) -> str:
        name = f"luuchieu_test_{secrets.token_hex(6)}"
        command = sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'")
        self._run(command.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def _run(self, command: sql.Composed) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(command)


class OwnServer:
    """A server of our own: a child process that listens on a socket in its folder, or at a port of loopback."""

    def __init__(self, data: Path, *, port: int | None = None) -> None:
        """Make its files. Raises Unavailable."""
        self.data = data
        self.port = port
        self._process: subprocess.Popen[bytes] | None = None
        self._bin, self._user = _programs(data)
        words = ["-D", str(data / "db"), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C"]
        self._call("initdb", *words, "--no-sync")

    @property
    def url(self) -> str:
        """Give the address of its first database."""
        if self.port is not None:
            return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        return f"postgresql://postgres@/postgres?host={self.data}"

    @property
    def _local(self) -> str:
        return f"postgresql://postgres@/postgres?host={self.data}&port={self.port or 5432}"

    def start(self, **settings: str) -> None:
        """Start it, and wait until it answers."""
        said = {"fsync": "off", "full_page_writes": "off", "shared_buffers": "32MB", **settings}
        said |= {"listen_addresses": "127.0.0.1" if self.port else "", "unix_socket_directories": str(self.data)}
        if self.port is not None:
            said["port"] = str(self.port)
        words = [word for name, value in said.items() for word in ("-c", f"{name}={value}")]
        log = (self.data / "log").open("ab")
        with log:
            self._process = subprocess.Popen(
                [self._bin / "postgres", "-D", self.data / "db", *words], stdout=log, stderr=log, user=self._user
            )
        deadline = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self._local).close()
                return
            except psycopg.OperationalError as error:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise Unavailable(f"PostgreSQL did not start: {(self.data / 'log').read_text()[-300:]}") from error
            time.sleep(0.05)

    def stop(self, *, at_once: bool = False) -> None:
        """End it: in good order though clients are connected, or at once, as a crash would."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT if at_once else signal.SIGINT)
            self._process.wait(30)
            self._process = None

    def allow(self, *lines: str) -> None:
        """Say who may connect and how (pg_hba.conf); heard at the next start."""
        (self.data / "db" / "pg_hba.conf").write_text("\n".join(lines) + "\n")

    def _call(self, program: str, *words: str) -> None:
        done = subprocess.run(
            [self._bin / program, *words], capture_output=True, text=True, user=self._user, check=False
        )
        if done.returncode:
            raise Unavailable(f"{program} failed: {done.stderr.strip()[-300:]}")


def _programs(data: Path) -> tuple[Path, str | None]:
    """Give where the wheel's programs are, and the user to run them as: the server refuses to be root."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            from pgserver import _commands, utils
        except ImportError:
            raise Unavailable(
                "pgserver is not installed (Python 3.13?), and ARCHIVE_TEST_POSTGRES is not set"
            ) from None
    programs: Path = _commands.POSTGRES_BIN_PATH
    if os.geteuid():
        return programs, None
    try:
        utils.ensure_user_exists("pgserver")
        utils.ensure_prefix_permissions(programs)
        utils.ensure_folder_permissions(programs, stat.S_IRGRP | stat.S_IROTH | stat.S_IXGRP | stat.S_IXOTH)
        utils.ensure_folder_permissions(programs.parent / "lib", stat.S_IRGRP | stat.S_IROTH)
        data.chmod(0o755)
        shutil.chown(data, "pgserver")
    except (OSError, LookupError, subprocess.SubprocessError) as error:
        raise Unavailable(f"no user to run PostgreSQL as: {error}") from None
    return programs, "pgserver"


@contextmanager
def running(port: int | None = None) -> Iterator[OwnServer]:
    """Give a started server of our own; its files go with it. Raises Unavailable."""
    data = Path(tempfile.mkdtemp(prefix="luuchieu-pg-"))
    try:
        server = OwnServer(data, port=port)
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(data, ignore_errors=True)


@contextmanager
def databases() -> Iterator[Databases]:
    """Give a server to make databases on. Raises Unavailable."""
    with ExitStack() as held:
        url = os.environ.get("ARCHIVE_TEST_POSTGRES") or held.enter_context(running()).url
        made = Databases(url)
        yield made
        made.close()
