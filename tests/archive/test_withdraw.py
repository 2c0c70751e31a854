"""Withdrawal: the content leaves every file, the chain and all that is checked by it holds."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from archive import index
from archive.documents import resolve
from archive.dump import dump_digest
from archive.errors import ArchiveError, UsageProblem, Withdrawn
from archive.folder import Folder
from archive.keeper import give_up
from archive.migratedb import migrate
from archive.rebuild import rebuild
from archive.search import search
from archive.values import Outcome
from archive.withdraw import Plan, pending, plan, withdraw
from tests.archive.builds import NAME, NOON, URL, article, capture, file, filing, opened, problems_of
from tests.postgres import Databases

HOUR = timedelta(hours=1)
SECRET = "Bị cáo Trần Văn Kín khai rằng mình chưa từng có mặt ở hiện trường hôm đó."
OTHER = {"document": "dantri:2", "url": "https://dantri.com.vn/the-gioi/khac-2.htm"}
ELSEWHERE = "Một bài khác hẳn, không nhắc gì đến người kia, dài vừa đủ để tìm lại được."


@pytest.fixture
def path(database: str, tmp_path: Path) -> Path:
    path = tmp_path / "archive"
    with filing(path) as at:
        body = f"<p>{SECRET}</p>".encode()
        file(at, article(SECRET, title="Vụ án ở thành phố nọ", section="Pháp luật"), body=body)
        file(at, article(ELSEWHERE), body=b"<p>khac</p>", **OTHER)
        file(at, article(SECRET + " Sửa lại."), after=HOUR, body=body + b"!")
        file(at, article(SECRET + " Sửa lại."), after=2 * HOUR, body=body + b"?")
    with Folder.open(path) as folder:
        index.catch_up(folder)
    return path


def withdrawn(path: Path) -> list[str]:
    with Folder.open(path) as folder:
        with folder.read() as connection:
            found = resolve(connection, NAME)
        return withdraw(folder, plan(folder, [found], "án lệnh 12"), now=NOON + 3 * HOUR)


def members(data: bytes) -> Iterator[bytes]:
    """Give the bytes as they lie, and what is packed in them."""
    yield data
    if data[:2] == b"\x1f\x8b":
        yield gzip.decompress(data)


def files_with(path: Path, needle: str) -> list[str]:
    wanted = [needle.encode(), json.dumps(needle)[1:-1].encode()]
    return [
        str(one.relative_to(path))
        for one in sorted(path.rglob("*"))
        if one.is_file() and any(each in part for part in members(one.read_bytes()) for each in wanted)
    ]


def test_no_file_holds_the_text_any_more_and_all_checks_are_clean(path: Path) -> None:
    assert files_with(path, "Trần Văn Kín")
    withdrawn(path)
    assert files_with(path, "Trần Văn Kín") == files_with(path, "Vụ án ở thành phố nọ") == []
    assert files_with(path, "không nhắc gì")
    assert problems_of(path) == []
    assert search(path / "index", '"Trần Văn Kín"').total == 0
    assert search(path / "index", '"không nhắc gì"').total == 1


def test_a_rebuild_gives_the_same_tombstone(path: Path, tmp_path: Path) -> None:
    withdrawn(path)
    assert rebuild(path, now=NOON, into=tmp_path / "again").lost == []
    again = tmp_path / "again"
    with Folder.open(path) as one, opened(again) as two, one.read() as first, two.read() as second:
        assert dump_digest(first) == dump_digest(second)
        assert resolve(second, NAME).withdrawn_reason == "án lệnh 12"
    assert problems_of(tmp_path / "again") == []


def test_a_later_crawl_does_not_bring_it_back(path: Path) -> None:
    withdrawn(path)
    with filing(path, now=NOON + 4 * HOUR) as at:
        filed = file(at, article(SECRET), after=4 * HOUR, body=f"<p>{SECRET}</p>".encode())
    assert (filed.outcome, filed.number, filed.verdict) == (Outcome.WITHDRAWN, None, None)
    assert files_with(path, "Trần Văn Kín") == []
    assert problems_of(path) == []


def test_other_pages_that_print_the_text_lose_their_payload_and_keep_their_article(
    database: str, tmp_path: Path
) -> None:
    with filing(tmp_path) as at:
        file(at, article(SECRET))
        file(
            at,
            article(ELSEWHERE),
            body=gzip.compress(f"<aside>{SECRET}</aside>".encode()),
            headers=(("Content-Encoding", "gzip"),),
            **OTHER,
        )
    withdrawn(tmp_path)
    warc = b"".join(one.read_bytes() for one in tmp_path.glob("warc/*/*.gz"))
    assert b"Content-Encoding" not in gzip.decompress(warc)
    with Folder.open(tmp_path) as folder, folder.read() as connection:
        assert resolve(connection, "dantri:2").withdrawn_at is None
    assert problems_of(tmp_path) == []


def test_a_document_that_shares_the_text_is_named_and_stays(database: str, tmp_path: Path) -> None:
    with filing(tmp_path) as at:
        file(at, article(SECRET))
        file(at, article(SECRET, title="Chép lại"), body=f"<p>{SECRET}</p>".encode(), **OTHER)
    with Folder.open(tmp_path) as folder, folder.read() as connection:
        planned = plan(folder, [resolve(connection, NAME)], "x")
    assert (planned.copies, planned.mentions) == (["dantri:2"], [])


def test_what_is_left_is_told_and_what_is_gone_is_refused(path: Path) -> None:
    from archive.documents import number_of, version, versions_of

    with Folder.open(path) as folder, folder.read() as connection:
        cited = versions_of(connection, resolve(connection, NAME))[1].permanent_id[:18]
    withdrawn(path)
    with Folder.open(path) as folder, folder.read() as connection:
        left = resolve(connection, cited)
        assert (left.name, number_of(connection, cited)) == (NAME, 2)
        with pytest.raises(Withdrawn, match="án lệnh 12"):
            version(connection, left)


class Killed(BaseException):
    """Stands for a kill: nothing behind it is done."""


@pytest.mark.parametrize("step", ["_file", "rewrite", "remains.clear"])
def test_one_that_was_killed_goes_on(path: Path, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(f"archive.withdraw.{step}", killed)
        with pytest.raises(Killed):
            withdrawn(path)
    with Folder.open(path) as folder:
        begun = pending(folder)
        assert isinstance(begun, Plan)
        assert SECRET not in (folder.path / "withdrawing.json").read_text("utf-8")
        withdraw(folder, begun, now=NOON + 5 * HOUR)
        assert pending(folder) is None
    assert files_with(path, "Trần Văn Kín") == []
    assert problems_of(path) == []


def test_a_rewriting_killed_before_the_database_knew_is_mended(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:

    real, name = Path.replace, "20261120-000.warc.gz"

    def killed(self: Path, target: Path) -> Path:
        moved = real(self, target)
        if Path(target).name == name:
            raise Killed
        return moved

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", killed)
        with pytest.raises(Killed):
            withdrawn(path)
    assert problems_of(path)
    with filing(path):
        pass
    assert problems_of(path) == []


def test_an_outlet_that_is_crawled_is_left_alone(path: Path) -> None:
    with filing(path), pytest.raises(ArchiveError, match="already running"):
        withdrawn(path)


def test_old_states_set_aside_are_deleted(path: Path) -> None:
    (path / "archive.db.before-rebuild").write_text(SECRET)
    assert any("before-rebuild" in one for one in withdrawn(path))
    assert files_with(path, "Trần Văn Kín") == []


def test_files_that_are_elsewhere_are_needed_and_files_that_are_lost_are_not(
    database: str, path: Path, tmp_path: Path
) -> None:
    if database:
        with filing(tmp_path / "other", outlet="laodong"), pytest.raises(UsageProblem, match="are in"):
            withdrawn(tmp_path / "other")
        with Folder.open(path) as folder:
            give_up(folder, "laodong")
    with Folder.open(path) as folder, folder.read() as connection:
        planned = plan(folder, [resolve(connection, NAME)], "x")
    shutil.rmtree(path / "warc" / "dantri")
    with Folder.open(path) as folder:
        told = withdraw(folder, planned, now=NOON + 3 * HOUR)
    assert any("should it turn up" in one for one in told)
    assert files_with(path, "Trần Văn Kín") == []


def test_a_database_that_was_copied_to_a_server_is_deleted_with_it(postgres: Databases, tmp_path: Path) -> None:
    path = tmp_path / "archive"
    with filing(path) as at:
        file(at, article(SECRET))
    with postgres.fresh(empty=True) as url, pytest.MonkeyPatch.context() as patch:
        with Folder.open(path, url="") as old, Folder(path, url=url) as new:
            migrate(old, new)
        patch.setenv("ARCHIVE_DATABASE_URL", url)
        assert any("archive.db" in one for one in withdrawn(path))
        assert files_with(path, "Trần Văn Kín") == []


def test_an_address_of_it_that_was_never_named_is_cleaned_too(path: Path) -> None:
    with filing(path) as at:
        taken = capture(NOON + HOUR, body=SECRET.encode(), outcome=Outcome.SUSPECT, url=URL)
        from archive.entry import Entry

        at.file(Entry(capture=taken, now=NOON + HOUR))
    withdrawn(path)
    assert files_with(path, "Trần Văn Kín") == []
