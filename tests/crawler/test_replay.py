"""`crawl replay` as a user calls it: other writers' files, and the archive's own captures."""

from __future__ import annotations

import gzip
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.documents import resolve
from archive.dump import canonical_dump
from archive.errors import UsageProblem
from archive.folder import Folder
from archive.history import history
from archive.tables import captures, extractions, versions
from crawler.commands.replay import command
from pipeline.outlet import BUILT_IN
from tests.archive.builds import problems_of
from tests.pipeline.making import TEXT, URL, page
from tests.pipeline.test_replayed import chunked

OTHER = "https://dantri.com.vn/the-gioi/bai-khac-20221224144734383.htm"


def text(words: str) -> bytes:
    return page(f"<p>{TEXT} {words}</p><p>{TEXT}</p>").encode()


def answer(url: str, body: bytes, *, at: str, status: str = "200 OK", **headers: str) -> dict[str, Any]:
    said = {"Content-Type": "text/html; charset=utf-8"} | {name.replace("_", "-"): v for name, v in headers.items()}
    return {"url": url, "body": body, "at": at, "status": status, "headers": list(said.items())}


def write(path: Path, *answers: dict[str, Any], packed: bool = True) -> Path:
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=packed)
        for one in answers:
            http = StatusAndHeaders(one["status"], one["headers"], protocol="HTTP/1.1")
            dated = {"WARC-Date": one["at"]}
            content = {"payload": BytesIO(one["body"]), "length": len(one["body"]), "http_headers": http}
            record = writer.create_warc_record(one["url"], "response", warc_headers_dict=dated, **content)
            writer.write_record(record)
    return path


def replay(folder: Path, *words: str, code: int = 0) -> dict[str, Any]:
    command = [sys.executable, "-m", "crawler", "replay", *words, "--archive", str(folder), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    told: dict[str, Any] = json.loads(done.stdout or "{}")
    return told


def rows(folder: Path, *columns: Any) -> list[tuple[Any, ...]]:
    with Folder.open(folder) as opened, opened.read() as connection:
        return [tuple(row) for row in connection.execute(select(*columns).order_by(columns[0]))]


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A file as an archive of the web writes it: newest first, chunks and encodings left in place, much else beside."""
    return write(
        tmp_path / "NEWS 1.warc.gz",
        answer(URL, text("hai"), at="2019-03-02T12:00:00Z"),
        answer(URL, chunked(gzip.compress(text("một"))), at="2019-03-01T12:00:00Z", Content_Encoding="gzip",
               Transfer_Encoding="chunked"),
        answer(OTHER, text("khác"), at="2019-03-01T13:00:00Z", Content_Encoding="gzip"),  # undone by its writer
        answer(URL, b"{}", at="2019-03-04T12:00:00Z", status="410 Gone", Content_Type="application/json"),
        answer(OTHER, text("mai sau"), at="2999-03-04T12:00:00Z"),
        answer(OTHER, b"%PDF", at="2019-03-01T13:00:00Z", Content_Type="application/pdf"),
        answer("https://example.org/", text("nơi khác"), at="2019-03-01T12:00:00Z"),
        answer(OTHER, chunked(text("cụt"))[:-40], at="2019-03-03T13:00:00Z", Transfer_Encoding="chunked"),
    )  # fmt: skip


def test_a_foreign_file_is_filed_by_its_own_times(news: Path, tmp_path: Path) -> None:
    told = replay(tmp_path / "archive", str(news))
    assert (told["filed"], told["passed"]) == (5, {"not html": 1, "of another host": 1, "dated in the future": 1})
    assert told["outlets"][0]["captures"] == {"gone": 1, "ok": 3, "truncated": 1}
    with Folder.open(tmp_path / "archive") as opened, opened.read() as connection:
        story = history(connection, resolve(connection, URL))
    shown = [(state.number, state.outcome.value, state.first_seen.day) for state in story.states]
    assert shown == [(2, "ok", 1), (1, "ok", 2), (None, "gone", 4)]
    assert {via for (via,) in rows(tmp_path / "archive", captures.c.via)} == {"warc:NEWS_1.warc.gz"}
    assert problems_of(tmp_path / "archive") == []
    opened.close()


def test_a_file_replayed_twice_is_filed_once(news: Path, tmp_path: Path) -> None:
    replay(tmp_path / "archive", str(news))
    with closing(sqlite3.connect(tmp_path / "archive" / "archive.db")) as raw, raw:  # as a kill before its commit
        raw.execute("DELETE FROM captures WHERE id = (SELECT max(id) FROM captures)")
    again = replay(tmp_path / "archive", str(news))
    assert (again["filed"], again["passed"]["filed before"]) == (0, 5)
    assert (len(rows(tmp_path / "archive", captures.c.id)), problems_of(tmp_path / "archive")) == (5, [])


def test_a_plain_file_of_any_host_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "a.warc", answer("https://example.org/a", text("nơi khác"), at="2019"), packed=False)
    told = replay(tmp_path / "archive", str(path), "--all-hosts")
    assert [outlet["outlet"] for outlet in told["outlets"]] == ["example.org"]
    assert rows(tmp_path / "archive", captures.c.fetched_at) == [(1546300800000000,)]


def test_a_page_that_is_too_large_is_told_so(tmp_path: Path) -> None:
    path = write(tmp_path / "a.warc.gz", answer(URL, b"<p>" + b"x" * 2**24, at="2019-03-01T12:00:00Z"))
    assert replay(tmp_path / "archive", str(path))["outlets"][0]["captures"] == {"too_large": 1}


def test_a_damaged_record_costs_itself_and_exit_4(tmp_path: Path) -> None:
    one = write(tmp_path / "1", answer(URL, text("một"), at="2019-03-01T12:00:00Z")).read_bytes()
    two = write(tmp_path / "2", answer(OTHER, text("hai"), at="2019-03-01T12:00:00Z")).read_bytes()
    path = tmp_path / "a.warc.gz"
    path.write_bytes(one[:-20] + b"\0" * 20 + two)
    told = replay(tmp_path / "archive", str(path), code=4)
    assert (told["filed"], len(told["damaged"])) == (1, 1)


@pytest.mark.parametrize("words", [(), ("--own", "nofile"), ("--own", "--accept", "--reject"), ("--accept", ".")])
def test_what_cannot_be_meant_is_refused(tmp_path: Path, words: tuple[str, ...]) -> None:
    replay(tmp_path, *words, code=2)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "an empty one"),
        (b"%PDF-1.7", "a PDF"),
        (b"<html>Tin", "a page or XML"),
        (gzip.compress(b"Mot bai"), "text that begins 'Mot bai'"),
        (b"PK\x03\x04", "a ZIP file: unzip it first (a WACZ has its WARC files in archive/)"),
    ],
)
def test_what_is_no_warc_file_gets_one_clear_line(tmp_path: Path, data: bytes, what: str) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_bytes(data)
    done = CliRunner().invoke(command, [str(wrong), "--archive", str(tmp_path / "archive")])
    assert isinstance(done.exception, UsageProblem)
    assert str(done.exception) == f"{wrong} is no WARC file but {what}"
    assert not (tmp_path / "archive").exists()


@pytest.fixture
def outlets(tmp_path: Path) -> Path:
    """A folder of the user's own with Dân trí's file, whose templates now drop the last paragraph."""
    folder = tmp_path / "outlets"
    folder.mkdir()
    said = (BUILT_IN / "dantri.toml").read_text(encoding="utf-8")
    changed = said.replace("strip = [", 'strip = ["p:last-child",')
    (folder / "dantri.toml").write_text(changed, encoding="utf-8")
    return folder


def test_a_new_extraction_is_told_accepted_and_no_edit(news: Path, tmp_path: Path, outlets: Path) -> None:
    archive = tmp_path / "archive"
    replay(archive, str(news))
    (same,) = replay(archive, "--own")["outlets"]
    assert (same["kept"], same["same"], same["new"], same["differ"]) == (3, 3, 0, [])
    before = rows(archive, versions.c.id, versions.c.content)
    (told,) = replay(archive, "--own", "--outlets", str(outlets))["outlets"]
    assert (told["same"], len(told["differ"]), told["new"], told["decided"]) == (0, 3, 3, 0)
    assert len(rows(archive, extractions.c.id)) == 3
    (kept,) = replay(archive, "--own", "--outlets", str(outlets), "--accept")["outlets"]
    assert kept["decided"] == 3
    assert len(rows(archive, extractions.c.id)) == 6
    (known,) = replay(archive, "--own", "--outlets", str(outlets))["outlets"]
    assert (known["same"], known["new"]) == (3, 0)
    assert rows(archive, versions.c.id, versions.c.content) == before
    assert_rebuilt_equal(archive)


def assert_rebuilt_equal(archive: Path) -> None:
    lines = dump(archive)
    done = subprocess.run([sys.executable, "-m", "archive", "rebuild", "--archive", str(archive)], check=False)
    assert done.returncode == 0
    assert dump(archive) == lines


def dump(archive: Path) -> list[str]:
    with Folder.open(archive) as opened, opened.read() as connection:
        return list(canonical_dump(connection))


def test_a_rejected_extraction_is_not_asked_about_again(news: Path, tmp_path: Path, outlets: Path) -> None:
    archive = tmp_path / "archive"
    replay(archive, str(news))
    (told,) = replay(archive, "--own", "--outlets", str(outlets), "--reject")["outlets"]
    assert told["decided"] == 3
    (again,) = replay(archive, "--own", "--outlets", str(outlets), "--accept")["outlets"]
    assert (again["rejected"], again["decided"], again["differ"]) == (3, 0, [])
    assert len(rows(archive, extractions.c.id)) == 3


def test_a_rejected_extraction_never_becomes_the_current_one(tmp_path: Path, outlets: Path) -> None:
    archive = tmp_path / "archive"
    first = write(tmp_path / "1.warc.gz", answer(URL, text("một"), at="2019-03-01T12:00:00Z"))
    later = write(tmp_path / "2.warc.gz", answer(URL, text("một"), at="2019-03-02T12:00:00Z"))
    replay(archive, str(first))
    (identity,) = rows(archive, extractions.c.identity)
    replay(archive, "--own", "--outlets", str(outlets), "--reject")
    told = replay(archive, str(later), "--outlets", str(outlets))
    assert (told["outlets"][0]["seen"], told["outlets"][0]["revised"]) == (1, 0)
    assert rows(archive, extractions.c.identity) == [identity]
    assert problems_of(archive) == []
    assert_rebuilt_equal(archive)
    assert rows(archive, extractions.c.identity) == [identity]
