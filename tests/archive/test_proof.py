"""Proofs: a version's place in the chain, a day's head, and what is found when the archive was changed since."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from archive.documents import resolve
from archive.errors import UsageProblem
from archive.folder import Folder
from archive.heads import Head, head_of, parse, read_head
from archive.proof import Proof, prove
from archive.proofcheck import check
from archive.proofview import lines, to_json
from archive.rebuild import rebuild
from tests.archive.builds import NAME, NOON, article, change_row, file, filing
from tests.archive.manipulate import KINDS, manipulated

HOUR = timedelta(hours=1)


def fill(path: Path) -> Path:
    with filing(path) as at:
        for number in range(6):
            text = f"Câu chuyện thứ {number} dài vừa đủ để mà nhớ."
            file(at, article(text), after=number * HOUR, body=f"<p>{number}</p>".encode())
    return path


@pytest.fixture(scope="module")
def made(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("proof") / "archive")


def proof_of(path: Path, number: int | None = None) -> Proof:
    with Folder.open(path) as folder:
        with folder.read() as connection:
            document = resolve(connection, NAME)
        return prove(folder, document, number)


def head_now(path: Path) -> Head:
    with Folder.open(path) as folder, folder.read() as connection:
        return head_of(connection, NOON.date())


def found(path: Path, head: Head) -> list[str]:
    with Folder.open(path) as folder:
        return [problem.kind for problem in check(folder, head).problems]


def test_anyone_can_compute_the_chain_from_the_proof_to_the_head(made: Path) -> None:
    said = to_json(proof_of(made, 3))
    own = {name: value for name, value in said["facts"].items() if name != "previous"}
    digest = hashlib.sha256(
        json.dumps(own, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()
    chain = said["facts"]["previous"]
    assert digest == said["chain"][0]["facts"]
    for link in said["chain"]:
        chain = hashlib.sha256(f"{chain} {link['facts']}".encode()).hexdigest()
        assert chain == link["chain"]
    assert f"dantri 6 {chain}\n" in said["head"]["text"]
    assert hashlib.sha256(said["head"]["text"].encode()).hexdigest() == said["head"]["sha256"]


def test_the_words_say_what_is_not_proven(made: Path) -> None:
    told = "\n".join(lines(proof_of(made, 1)))
    assert "Not proven:" in told
    assert "outlets do not sign their pages" in told
    assert "this archive's own clock" in told


def test_a_head_is_read_back_as_it_was_written_and_nothing_else_is(made: Path, tmp_path: Path) -> None:
    head = head_now(made)
    assert parse(head.text) == head
    (tmp_path / "head.txt").write_text(head.text + " ", "ascii")
    for name in ("head.txt", "none.txt", "."):
        with pytest.raises(UsageProblem):
            read_head(tmp_path / name)


def test_an_archive_that_only_grew_holds_against_yesterdays_head(database: str, tmp_path: Path) -> None:
    head = head_now(fill(tmp_path))
    with filing(tmp_path, now=NOON + 24 * HOUR) as at:
        file(at, article("Ngày hôm sau có thêm một câu chuyện nữa để kể."), after=24 * HOUR)
    assert found(tmp_path, head) == []
    with Folder.open(tmp_path) as folder, folder.read() as connection:
        assert [one.captures for one in head_of(connection, NOON.date()).outlets] == [6]
        assert [one.captures for one in head_of(connection, (NOON + 24 * HOUR).date()).outlets] == [7]


@pytest.mark.parametrize("kind", KINDS)
def test_a_forger_who_computes_all_digests_anew_is_found(made: Path, copied: Callable[..., Path], kind: str) -> None:
    head, forged = head_now(made), copied(made, alone=True)
    manipulated(forged / "warc" / "dantri" / "20261120-000.warc.gz", kind, 3)
    assert rebuild(forged, now=NOON).lost == []
    assert found(forged, head)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE captures SET outcome = 'gone' WHERE id = 2",
        "UPDATE captures SET fetched_at = fetched_at - 1 WHERE id = 2",
        "UPDATE versions SET content = replace(content, 'thứ 2', 'thứ 9') WHERE number = 3",
        "UPDATE versions SET captured_at = captured_at - 1 WHERE number = 3",
        "DELETE FROM captures WHERE id = 6",
        "UPDATE observations SET fields = '{}' WHERE capture_id = 1",
    ],
)
def test_a_changed_row_is_found(made: Path, copied: Callable[..., Path], change: str) -> None:
    head, copy = head_now(made), copied(made)
    change_row(copy, change)
    assert found(copy, head)


def flipped(data: bytes) -> bytes:
    return data[:-60] + bytes([data[-60] ^ 1]) + data[-59:]


@pytest.mark.parametrize("spoil", [flipped, lambda data: data[:-400], lambda data: b""])
def test_damaged_files_are_told_not_raised(
    made: Path, copied: Callable[..., Path], spoil: Callable[[bytes], bytes]
) -> None:
    head, copy = head_now(made), copied(made)
    warc = next(copy.glob("warc/*/*.gz"))
    warc.write_bytes(spoil(warc.read_bytes()))
    assert found(copy, head)
