"""Exports: chosen by a search, read back by others, whole or not there."""

from __future__ import annotations

import csv
import hashlib
import json
import random
import resource
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from fastwarc.warc import ArchiveIterator as FastIterator
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from archive import exports, index
from archive.articlejson import from_json
from archive.cli import archive
from archive.documents import resolve
from archive.entry import Entry
from archive.errors import DiskFull, UsageProblem
from archive.export import Target, export
from archive.exportform import harmless
from archive.folder import Folder
from archive.seedtext import render
from archive.selection import Selection, Wanted, select_versions
from archive.values import Decision, Verdict
from archive.withdraw import plan, withdraw
from tests.archive.builds import NAME, NOON, article, capture, file, filing, reading

HOUR = timedelta(hours=1)
WORDS = ("mưa", "nắng", "gió", "bão", "lũ", "hạn", "rét", "sương")


def sentence(number: int) -> str:
    """Give a sentence of its own for each number, that no other one shares a passage with."""
    chance = random.Random(number)
    some = " ".join(
        f"{chance.choice('bcdghklmnrtv')}{chance.choice('aeiouâê')}{chance.choice('ntc')}" for _ in range(24)
    )
    return f"Chuyện {WORDS[number]}: {some}."


SENTENCES = [sentence(number) for number in range(len(WORDS))]


def page(number: int) -> dict[str, str]:
    return {"document": f"dantri:{number}", "url": f"https://dantri.com.vn/the-gioi/bai-{number}.htm"}


@pytest.fixture(scope="module")
def made(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an archive of eight stories, two of them copied by another document, one edited, one private."""
    path = tmp_path_factory.mktemp("export") / "archive"
    with filing(path) as at:
        for number, text in enumerate(SENTENCES):
            said = article(text, title=f'=Tin số {number}, "hay"')
            file(at, said, after=number * HOUR, body=f"<p>{number}</p>".encode(), **page(number))
        for number in (0, 1):
            file(
                at,
                article(SENTENCES[number], title="Chép lại"),
                after=20 * HOUR,
                body=b"<p>chep</p>",
                **page(number + 10),
            )
        file(at, article(SENTENCES[2] + " Đã sửa."), after=21 * HOUR, body=b"<p>sua</p>", **page(2))
        private = reading(article("Bài này xin đừng cho ai xem bản lưu của nó nữa."))
        taken = capture(NOON + 22 * HOUR, url=page(20)["url"])
        decision = Decision(verdict=Verdict.NEW, number=1, digest="d" * 64)
        asked = replace(private, noarchive=True)
        at.file(Entry(capture=taken, now=taken.fetched_at, reading=asked, decision=decision, **page(20)))
    with Folder.open(path) as folder:
        index.catch_up(folder)
    return path


def select(path: Path, **wanted: object) -> Selection:
    with Folder.open(path) as folder:
        return select_versions(folder, Wanted(**wanted))  # type: ignore[arg-type]  # by name


def write(path: Path, to: Path, form: str, *, raw: bool = False, **wanted: object) -> Path:
    asked = Wanted(**wanted)  # type: ignore[arg-type]  # by name
    with Folder.open(path) as folder:
        export(folder, select_versions(folder, asked), asked, Target(path=to, form=form, raw=raw), now=NOON)
    assert [one.name for one in to.parent.glob("*.part*")] == []
    return to


def names(selected: Selection) -> list[str]:
    return [f"{one.document}@{one.number}" for one in selected.chosen]


def test_a_search_chooses_each_articles_current_version_if_it_matches(made: Path) -> None:
    assert names(select(made, query="sửa")) == ["dantri:2@2"]
    assert names(select(made, query='"chuyện gió"')) == ["dantri:2@2"]
    assert names(select(made, query='"chuyện gió"', every_version=True)) == ["dantri:2@1", "dantri:2@2"]
    assert names(select(made, query="chuyện", outlets=("laodong",))) == []
    assert len(select(made).chosen) == 10


def test_pages_that_ask_for_no_copy_are_left_out_unless_asked_for(made: Path) -> None:
    assert select(made).withheld == 1
    assert "dantri:20@1" not in names(select(made))
    assert "dantri:20@1" in names(select(made, private=True))
    alone = ["export", '"xin đừng cho ai xem"', "--archive", str(made), "--to", str(made / "private.csv")]
    done = CliRunner().invoke(archive, alone)
    assert done.exit_code == 1
    assert "left out 1 documents" in done.stderr
    assert "--include-noarchive" in done.stderr


def test_one_text_of_each_cluster_is_the_one_captured_first(made: Path) -> None:
    assert names(select(made, unique=True)) == [f"dantri:{n}@{2 if n == 2 else 1}" for n in range(8)]


@pytest.mark.parametrize("seed", range(5))
def test_no_cluster_stands_in_two_parts_and_shares_are_kept(made: Path, seed: int) -> None:
    selected = select(made, parts=(("train", 0.8), ("test", 0.2)), seed=seed)
    parts = defaultdict(set)
    for one in selected.chosen:
        parts[one.cluster].add(one.part)
    assert {len(some) for some in parts.values()} == {1}
    assert abs(Counter(one.part for one in selected.chosen)["train"] - 8) <= 1
    assert selected == select(made, parts=(("train", 0.8), ("test", 0.2)), seed=seed)


def test_jsonl_holds_the_whole_article(made: Path, tmp_path: Path) -> None:
    lines = write(made, tmp_path / "all.jsonl", "jsonl").read_text("utf-8").splitlines()
    told = [json.loads(line) for line in lines]
    assert len(told) == 10
    for one in told:
        assert render(from_json(one["article"])) == one["text"]
        assert one["document"].startswith("dantri:")


def test_csv_is_read_back_and_holds_no_formula(made: Path, tmp_path: Path) -> None:
    path = write(made, tmp_path / "all.csv", "csv")
    assert path.read_bytes().count(b"\r\n") >= 11
    with path.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened, strict=True))
    assert {row["title"][:2] for row in rows} == {"'=", "Ch", "Ti"}
    assert all(row["version"] in "12" for row in rows)
    with write(made, tmp_path / "raw.csv", "csv", raw=True).open(encoding="utf-8", newline="") as opened:
        assert {row["title"][0] for row in csv.DictReader(opened)} == {"=", "C", "T"}


@given(st.text(max_size=20))
def test_no_text_is_a_formula_to_a_spreadsheet(text: str) -> None:
    assert harmless(text).lstrip(" ")[:1] not in set("=+-@\t\r\n＝＋－＠") - {""}
    assert harmless(text).removeprefix("'") == text.removeprefix("'")


def test_seed_texts_have_a_manifest_with_their_digests(made: Path, tmp_path: Path) -> None:
    folder = write(made, tmp_path / "seeds", "seeds")
    lines = [json.loads(line) for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines()]
    assert {line["file"] for line in lines} == {one.name for one in folder.glob("*.txt")}
    for line in lines:
        assert hashlib.sha256((folder / line["file"]).read_bytes()).hexdigest() == line["sha256"]


def test_warc_is_read_by_two_readers(made: Path, tmp_path: Path) -> None:
    path = write(made, tmp_path / "all.warc.gz", "warc", query="Chép")
    with path.open("rb") as opened:
        kinds = Counter(record.rec_type for record in ArchiveIterator(opened, check_digests=True))
    with path.open("rb") as opened:
        seen = sum(record.verify_block_digest() for record in FastIterator(opened, parse_http=False))
    assert kinds == Counter(warcinfo=1, request=2, response=2, metadata=2, conversion=2)
    assert seen == 9


def test_parts_are_files_of_one_folder_that_says_how_it_was_made(made: Path, tmp_path: Path) -> None:
    folder = write(made, tmp_path / "corpus", "jsonl", parts=(("train", 0.8), ("test", 0.2)), seed=3, unique=True)
    told = json.loads((folder / "export.json").read_text("utf-8"))
    counts = {part: len((folder / f"{part}.jsonl").read_text("utf-8").splitlines()) for part in ("train", "test")}
    assert (told["texts"], told["seed"], sum(counts.values())) == (counts, 3, 8)


class Killed(BaseException):
    """Stands for a kill."""


@pytest.mark.parametrize("form", ["jsonl", "csv", "seeds", "warc"])
def test_what_was_killed_goes_on_and_ends_equal(
    made: Path, tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.export.BATCH", 3)
    whole, asked, seen = write(made, tmp_path / "whole", form), Wanted(), []

    def killed(done: int) -> None:
        seen.append(done)
        raise Killed

    with Folder.open(made) as folder:
        selected = select_versions(folder, asked)
        target = Target(path=tmp_path / "again", form=form)
        with pytest.raises(Killed):
            export(folder, selected, asked, target, now=NOON, report=killed)
        assert not target.path.exists()
        assert export(folder, selected, asked, target, now=NOON) == 3
    if form == "seeds":
        assert {p.name: p.read_bytes() for p in target.path.iterdir()} == {
            p.name: p.read_bytes() for p in whole.iterdir()
        }
    else:
        assert _plain(target.path) == _plain(whole)


def _plain(path: Path) -> bytes:
    """Give the bytes without the warcinfo, whose id is of its own."""
    data = path.read_bytes()
    return data[data.find(b"\x1f\x8b", 1) :] if data[:2] == b"\x1f\x8b" else data


def test_what_is_there_already_is_never_overwritten(made: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("mine")
    with pytest.raises(UsageProblem, match="there already"):
        write(made, tmp_path / "mine.csv", "csv")


def test_a_full_disk_leaves_nothing_at_the_final_name(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, asked, target = resource.getrlimit(resource.RLIMIT_FSIZE), Wanted(), tmp_path / "all.jsonl"

    def cramped(_: int) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (target.with_name("all.jsonl.part").stat().st_size, before[1]))

    with Folder.open(made) as folder:
        selected = select_versions(folder, asked)
        monkeypatch.setattr("archive.export.BATCH", 3)
        try:
            with pytest.raises(DiskFull, match=r"all\.jsonl\.part"):
                export(folder, selected, asked, Target(path=target, form="jsonl"), now=NOON, report=cramped)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert not target.exists()
        assert export(folder, selected, asked, Target(path=target, form="jsonl"), now=NOON) == 3


@pytest.mark.parametrize("form", ["jsonl", "csv", "seeds", "warc"])
def test_a_withdrawal_reaches_exports_made_before(database: str, tmp_path: Path, form: str) -> None:
    with filing(tmp_path / "a") as at:
        file(at, article("Người này xin được quên đi cho yên chuyện đã qua."))
        file(at, article("Một bài khác hẳn, chẳng liên quan gì đến ai."), body=b"<p>khac</p>", **page(5))
    with Folder.open(tmp_path / "a") as folder:
        index.catch_up(folder)
    to = write(tmp_path / "a", tmp_path / {"warc": "x.warc.gz", "seeds": "x"}.get(form, f"x.{form}"), form)
    with Folder.open(tmp_path / "a") as folder:
        assert exports.known(folder.path) == [to]
        with folder.read() as connection:
            document = resolve(connection, NAME)
        withdraw(folder, plan(folder, [document], "xin quên"), now=NOON)
    files = [to] if to.is_file() else list(to.iterdir())
    data = b"".join(_unpacked(one.read_bytes()) for one in files)
    assert "xin được quên".encode() not in data
    assert "khác hẳn".encode() in data


def _unpacked(data: bytes) -> bytes:
    import gzip

    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
