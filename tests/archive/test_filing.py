"""Filing: WARC, fsync, one transaction; states are versions, captures say when."""

from __future__ import annotations

import json
import random
import re
import resource
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.documents import resolve, version, versions_of
from archive.entry import Entry
from archive.errors import AlreadyRunning, AmbiguousDocument, Busy, Damaged, DiskFull, UnknownDocument
from archive.folder import Folder
from archive.history import history
from archive.values import Outcome, Verdict
from archive.warc import warc_date
from tests.archive.builds import NAME, NOON, URL, article, capture, file, filing, problems_of

pytestmark = pytest.mark.usefixtures("database")

MINUTE = timedelta(minutes=1)


def test_a_new_an_edited_and_a_returned_text_give_two_versions(tmp_path: Path) -> None:
    with filing(tmp_path) as at:
        first = file(at, article("một"))
        same = file(at, article("một"), after=MINUTE)
        edited = file(at, article("hai"), after=2 * MINUTE)
        back = file(at, article("một"), after=3 * MINUTE)
    verdicts = [filed.verdict for filed in (first, same, edited, back)]
    assert verdicts == [Verdict.NEW, Verdict.SEEN, Verdict.REVISED, Verdict.SEEN]
    assert [filed.number for filed in (first, same, edited, back)] == [1, 1, 2, 1]
    assert problems_of(tmp_path) == []


def test_history_bounds_an_edit_by_the_captures_around_it(tmp_path: Path) -> None:
    with filing(tmp_path) as at:
        file(at, article("một"))
        file(at, article("một"), after=5 * MINUTE)
        file(at, article("hai"), after=20 * MINUTE)
    with Folder.open(tmp_path) as opened, opened.read() as connection:
        told = history(connection, resolve(connection, NAME))
    assert [(edit.after, edit.before) for edit in told.edits] == [(NOON + 5 * MINUTE, NOON + 20 * MINUTE)]
    assert [state.captures for state in told.states] == [2, 1]


def test_a_suspect_text_is_filed_when_a_later_fetch_says_the_same(tmp_path: Path) -> None:
    with filing(tmp_path) as at:
        once = file(at, article("một"), outcome=Outcome.SUSPECT)
        soon = file(at, article("một"), after=9 * MINUTE, outcome=Outcome.SUSPECT)
        later = file(at, article("một"), after=10 * MINUTE, outcome=Outcome.SUSPECT)
    assert (once.verdict, soon.verdict, later.verdict) == (None, None, Verdict.NEW)
    with Folder.open(tmp_path) as opened, opened.read() as connection:
        assert version(connection, resolve(connection, NAME)).confirmed


def test_a_text_that_shrank_to_a_fraction_is_suspect(tmp_path: Path) -> None:
    with filing(tmp_path) as at:
        file(at, article("dài " * 100))
        cut = file(at, article("dài"), after=MINUTE)
    assert (cut.verdict, cut.outcome) == (None, Outcome.SUSPECT)


def test_every_member_is_read_back_by_warcio_and_holds_the_payload_as_received(tmp_path: Path) -> None:
    with filing(tmp_path) as at:
        file(at, article("một"), body=b"\x1f\x8bnot really gzip")
    path = next((tmp_path / "warc" / "dantri").glob("*.warc.gz"))
    with path.open("rb") as stream:
        records = [(record.rec_type, record.raw_stream.read()) for record in ArchiveIterator(stream)]
    assert [kind for kind, _ in records] == ["warcinfo", "request", "response", "metadata", "conversion"]
    assert records[2][1] == b"\x1f\x8bnot really gzip"
    assert json.loads(records[3][1])["document"] == NAME


def test_both_readers_see_all_records(tmp_path: Path) -> None:
    fastwarc = pytest.importorskip("fastwarc.warc")
    with filing(tmp_path) as at:
        for number in range(5):
            file(at, article(f"đoạn {number} " * 30), after=number * MINUTE, body=b"x" * (number + 1))
    path = next((tmp_path / "warc" / "dantri").glob("*.warc.gz"))
    with path.open("rb") as stream:
        by_warcio = sum(1 for _ in ArchiveIterator(stream))
    with path.open("rb") as stream:
        by_fastwarc = sum(1 for _ in fastwarc.ArchiveIterator(stream))
    assert by_warcio == by_fastwarc == 1 + 5 * 4


def test_a_torn_tail_is_cut_back_before_the_next_capture(tmp_path: Path) -> None:
    with filing(tmp_path) as at:
        file(at, article("một"))
    path = next((tmp_path / "warc" / "dantri").glob("*.warc.gz"))
    with path.open("ab") as torn:
        torn.write(b"\x1f\x8b\x08 half a member")
    assert [problem.kind for problem in problems_of(tmp_path)] == ["orphan"]
    with filing(tmp_path) as at:
        assert at.repaired.cut == 17
        file(at, article("hai"), after=MINUTE)
    assert problems_of(tmp_path) == []


def test_a_flipped_bit_is_found_and_named(tmp_path: Path) -> None:
    with filing(tmp_path) as at:
        file(at, article("một"))
    path = next((tmp_path / "warc" / "dantri").glob("*.warc.gz"))
    data = bytearray(path.read_bytes())
    data[-40] ^= 1
    path.write_bytes(data)
    problems = problems_of(tmp_path)
    assert [problem.kind for problem in problems] == ["damaged"]
    assert path.name in problems[0].where


def test_a_changed_row_breaks_with_its_record(tmp_path: Path) -> None:
    with filing(tmp_path) as at:
        file(at, article("một"))
    with Folder.open(tmp_path) as folder, folder.write() as connection:
        connection.exec_driver_sql("UPDATE captures SET fetched_at = fetched_at + 1")
    assert [problem.kind for problem in problems_of(tmp_path)] == ["row"]


def test_a_new_extractor_makes_no_edit(tmp_path: Path) -> None:
    with filing(tmp_path) as at:
        file(at, article("một"), identity="one")
        kept = at.kept(NAME, 1)
        assert kept is not None
        assert kept.body == b"<p>tin</p>"
        known = at.known(NAME, url=URL, identity="two")
    assert known is not None
    assert (known.identity, known.current_number) == ("one", 1)


def test_two_crawls_of_one_outlet_cannot_run(tmp_path: Path) -> None:
    with filing(tmp_path), Folder.open(tmp_path) as other, pytest.raises(AlreadyRunning):
        other.lock_outlet("dantri").__enter__()


def test_documents_are_found_by_id_part_and_address(tmp_path: Path) -> None:
    other = "https://dantri.com.vn/xa-hoi/khac-20261120990000123.htm"
    with filing(tmp_path) as at:
        file(at, article("một"))
        file(at, article("khác"), document="dantri:20261120990000123", url=other)
    with Folder.open(tmp_path) as opened, opened.read() as connection:
        for reference in (NAME, f"{NAME}@1", "20261120113000123", "11300012", URL, URL.replace("https", "http")):
            assert resolve(connection, reference).name == NAME
        assert len(versions_of(connection, resolve(connection, NAME))) == 1
        with pytest.raises(AmbiguousDocument):
            resolve(connection, "dantri")
        with pytest.raises(UnknownDocument):
            resolve(connection, "laodong:1")


def test_a_payload_seen_before_is_a_revisit(tmp_path: Path) -> None:
    with filing(tmp_path) as at:
        file(at, article("một"))
        file(at, article("một"), after=MINUTE)
    path = next((tmp_path / "warc" / "dantri").glob("*.warc.gz"))
    with path.open("rb") as stream:
        kinds = [record.rec_type for record in ArchiveIterator(stream)]
    assert kinds[-3:] == ["request", "revisit", "metadata"]


@pytest.mark.parametrize("keep_all", [False, True])
def test_payloads_are_kept_as_the_setting_says(tmp_path: Path, keep_all: bool) -> None:
    with filing(tmp_path) as at:
        at.keep_all = keep_all
        file(at, article("một"), body=b"first")
        file(at, article("một"), after=MINUTE, body=b"other ads")
        file(at, article("một"), after=2 * MINUTE, body=b"other ads")
        file(at, article("hai"), after=3 * MINUTE, body=b"edited")
        for number in range(2):
            gone = capture(NOON + (4 + number) * MINUTE, outcome=Outcome.GONE, status=404, body=b"gone")
            at.file(Entry(capture=gone, now=gone.fetched_at))
    path = next((tmp_path / "warc" / "dantri").glob("*.warc.gz"))
    with path.open("rb") as stream:
        records = [(one.rec_type, one.raw_stream.read()) for one in ArchiveIterator(stream)]
    kept = [block for kind, block in records if kind == "response"]
    ads = [b"other ads"] if keep_all else []
    assert kept == [b"first", *ads, b"edited", b"gone"]
    assert [kind for kind, _ in records].count("revisit") == (2 if keep_all else 1)
    assert problems_of(tmp_path) == []


def test_a_revisit_names_the_record_that_holds_its_payload(tmp_path: Path) -> None:
    with filing(tmp_path) as at:
        file(at, article("một"))
        file(at, article("một"), after=MINUTE)
        unmodified = capture(NOON + 2 * MINUTE, outcome=Outcome.NOT_MODIFIED, status=304, body=b"")
        at.file(Entry(capture=unmodified, now=unmodified.fetched_at))
    path = next((tmp_path / "warc" / "dantri").glob("*.warc.gz"))
    with path.open("rb") as stream:
        heads = [(one.rec_type, one.rec_headers) for one in ArchiveIterator(stream)]
    ids = [head.get_header("WARC-Record-ID") for _, head in heads]
    (response,) = [head.get_header("WARC-Record-ID") for kind, head in heads if kind == "response"]
    refers = [head.get_header("WARC-Refers-To") for kind, head in heads if kind == "revisit"]
    dates = [head.get_header("WARC-Refers-To-Date") for kind, head in heads if kind == "revisit"]
    assert len(set(ids)) == len(ids)
    # The 304 speaks of the capture before it, whose payload lies elsewhere: it is named by time and address only.
    assert refers == [response, None]
    assert dates == [warc_date(NOON), warc_date(NOON + MINUTE)]
    assert problems_of(tmp_path) == []


def test_a_failed_commit_leaves_nothing_behind(tmp_path: Path) -> None:
    with filing(tmp_path) as at:
        file(at, article("một"))
        size = next((tmp_path / "warc" / "dantri").glob("*.warc.gz")).stat().st_size
        at.crawl["crawl_id"] = 999  # no such crawl: the transaction fails at the end
        with pytest.raises(Exception, match=r"999|FOREIGN|foreign"):
            file(at, article("hai"), after=MINUTE)
        assert next((tmp_path / "warc" / "dantri").glob("*.warc.gz")).stat().st_size == size


def test_control_characters_are_stored_alike_everywhere(tmp_path: Path) -> None:
    with filing(tmp_path) as at:
        file(at, article("a\x00b\x1b\ud800c", title="t\x07"), reason="\ud800\x00")
    assert problems_of(tmp_path) == []
    assert capture().header("content-type") == "text/html"


def test_a_name_longer_than_an_index_takes_names_one_document(tmp_path: Path) -> None:
    chance = random.Random(7)
    name = "dantri:" + "".join(chr(chance.randrange(0x4E00, 0x9FFF)) for _ in range(3000))
    with filing(tmp_path) as at:
        assert file(at, article("một"), document=name).number == 1
        assert file(at, article("hai"), after=MINUTE, document=name).number == 2
        assert file(at, article("khác"), document=name + "2", url=f"{URL}?{'x' * 9000}").number == 1
    assert problems_of(tmp_path) == []


def test_captures_that_wait_together_are_filed_in_order_and_verify(tmp_path: Path) -> None:
    with filing(tmp_path) as at, ThreadPoolExecutor(16) as threads:
        names = [(f"dantri:{number}", f"https://dantri.com.vn/a-{number}.htm") for number in range(100)]
        jobs = [threads.submit(file, at, article(url), document=name, url=url) for name, url in names]
        filed = [job.result() for job in jobs]
    assert len({one.capture_id for one in filed}) == 100
    assert problems_of(tmp_path) == []


def warc_bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*.warc.gz")}


@pytest.mark.sqlite_only
def test_a_lost_database_is_named_and_nothing_is_touched(tmp_path: Path) -> None:
    with filing(tmp_path) as at:
        file(at, article("một"))
    before = warc_bytes(tmp_path)
    for lost in tmp_path.glob("archive.db*"):
        lost.unlink()
    with pytest.raises(Damaged, match="rebuild"), filing(tmp_path):
        pass
    assert warc_bytes(tmp_path) == before


def test_after_a_failed_append_all_is_refused_until_the_filing_is_opened_anew(tmp_path: Path) -> None:
    with filing(tmp_path) as at:
        file(at, article("một"))
        path = next((tmp_path / "warc" / "dantri").glob("*.warc.gz"))
        size = path.stat().st_size
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 900, before[1]))
        try:
            with pytest.raises(DiskFull) as told:
                file(at, article("hai"), after=MINUTE)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
            signal.signal(signal.SIGXFSZ, ignored)
        assert path.stat().st_size == size
        with pytest.raises(DiskFull, match=re.escape(str(told.value))):
            file(at, article("ba"), after=2 * MINUTE)
    with filing(tmp_path) as at:
        assert file(at, article("ba"), after=2 * MINUTE).number == 2
    assert problems_of(tmp_path) == []


def test_a_busy_database_refuses_one_capture_and_takes_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARCHIVE_WRITE_WAIT", "0.1")
    with filing(tmp_path) as at:
        file(at, article("một"))
        with Folder.open(tmp_path) as other, other.lock_writes(), pytest.raises(Busy):
            file(at, article("hai"), after=MINUTE)
        assert file(at, article("hai"), after=2 * MINUTE).number == 2
    assert problems_of(tmp_path) == []
